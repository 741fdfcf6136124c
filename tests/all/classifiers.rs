//! The four promises of a classifier, on every backend. A new backend adds one line to `backends`.

use proptest::prelude::*;
use std::path::Path;
use std::sync::OnceLock;
use voz::emotion::{Emotion, Emotions};
use voz::lang::Lang;
use voz::model::{Fixed, Model, Reading, Text};
use voz::sentiment::{Polarity, Sentiment};
use voz::text::{Clause, ClauseSplitter, Tokenizer, Tokens};

fn backends() -> &'static [(&'static str, Model)] {
    static MODELS: OnceLock<Vec<(&str, Model)>> = OnceLock::new();
    MODELS.get_or_init(|| {
        let mut emotions = Emotions::new();
        emotions.set(Emotion::Joy, 0.9, true);
        let sentiment = Sentiment {
            label: Polarity::Positive,
            probabilities: [0.1, 0.2, 0.7],
        };
        let fixed = Fixed::new(Reading {
            sentiment: Some(sentiment),
            emotions,
            clauses: Vec::new(),
        });
        let shipped = Model::shipped().unwrap();
        let vocabulary = shipped.vocabulary.clone();
        let mut backends = vec![
            (
                "fixed",
                Model {
                    vocabulary,
                    classifier: Box::new(fixed),
                },
            ),
            ("linear", shipped),
        ];
        if cfg!(feature = "bert") {
            let transformer = |name| {
                let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/transformers");
                (name, Model::open(&Path::new(folder).join(name)).unwrap())
            };
            backends.extend(["xlmr-sentiment", "distilbert-emotions"].map(transformer));
        }
        backends
    })
}

const TEXTS: [&str; 9] = [
    "",
    "…",
    "Muy buena atención, gracias 😊",
    "Terrible service. I waited 40 minutes and nobody answered!!!",
    "NO funciona la app desde la actualización",
    "👍🏽",
    "ok",
    "muuuuy leeeento",
    "\u{0}\u{feff}\u{200d}e\u{301}",
];

fn tokens_of(model: &Model, texts: &[&str]) -> Vec<Tokens> {
    let tokenizer = Tokenizer::new(model.vocabulary.clone());
    texts.iter().map(|text| tokenizer.tokenize(text)).collect()
}

fn read(model: &Model, texts: &[&str]) -> Vec<Reading> {
    let tokens = tokens_of(model, texts);
    let splitter = ClauseSplitter::shipped(&model.vocabulary).unwrap();
    let clauses: Vec<Vec<Clause>> = tokens
        .iter()
        .map(|tokens| {
            let mut clauses = Vec::new();
            splitter.split(tokens, &mut clauses);
            clauses
        })
        .collect();
    let texts: Vec<Text> = texts
        .iter()
        .zip(tokens.iter().zip(&clauses))
        .enumerate()
        .map(|(at, (text, (tokens, clauses)))| Text {
            lang: Lang::ALL[at % 2],
            text,
            tokens,
            clauses,
        })
        .collect();
    let readings = model.classifier.classify(&texts).unwrap();
    let alone = model.classifier.sentiments(&texts).unwrap();
    assert!(
        readings
            .iter()
            .zip(&alone)
            .all(|(reading, alone)| reading.sentiment == *alone),
        "help: the sentiment alone is that of the reading"
    );
    readings
}

#[test]
fn one_reading_per_text_in_order() {
    for (name, model) in backends() {
        let together = read(model, &TEXTS);
        assert_eq!(together.len(), TEXTS.len(), "{name}");
        assert!(read(model, &[]).is_empty(), "{name}");
    }
}

#[test]
fn a_reading_does_not_depend_on_the_batch_or_the_thread() {
    for (name, model) in backends() {
        let mut doubled = TEXTS.to_vec();
        doubled.extend(TEXTS.iter().rev());
        doubled.push("");
        let together = read(model, &doubled);
        std::thread::scope(|scope| {
            for at in 0..doubled.len() {
                let (together, doubled) = (&together, &doubled);
                scope.spawn(move || {
                    // The language goes by position, so the text keeps its parity.
                    let alone = read(model, &["", doubled[at]]);
                    if at % 2 == 1 {
                        assert_eq!(
                            alone[1], together[at],
                            "{name}: {:?}\nhelp: a reading may use its own text only",
                            doubled[at]
                        );
                    }
                });
            }
        });
    }
}

#[test]
fn probabilities_are_probabilities() {
    for (name, model) in backends() {
        for (text, reading) in TEXTS.iter().zip(read(model, &TEXTS)) {
            let sentiment = reading.sentiment.unwrap();
            let sum: f32 = sentiment.probabilities.iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{name}: {text:?} sums to {sum}");
            for (emotion, probability) in reading.emotions.iter() {
                assert!(
                    (0.0..=1.0).contains(&probability),
                    "{name}: {emotion:?} {probability}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn no_text_panics(text in any::<String>(), other in "[a-záéíóúñ¡¿!?.,😀-😎 ]{0,80}") {
        for (_, model) in backends() {
            prop_assert_eq!(read(model, &[&text, &other]).len(), 2);
        }
    }
}
