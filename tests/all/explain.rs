//! `voz explain`: what is told of a class adds up to its logit, and what is shown is all there is.

use super::program::Desk;
use proptest::prelude::*;
use serde_json::Value;
use std::sync::OnceLock;
use voz::emotion::Emotion;
use voz::lang::Lang;
use voz::model::explain::{Contribution, Decision, Feature, by_token};
use voz::model::{Classifier, Fixed, Linear, Logits, Reading, Text, sentiment, vocabulary};
use voz::text::{ClauseSplitter, Tokenizer};

const SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/models/schema/explanation.schema.json"
);

/// How far sums of many contributions may be from the logit.
const NEAR: f32 = 1e-4;

struct Shipped {
    tokenizer: Tokenizer,
    splitter: ClauseSplitter,
    model: Linear,
}

fn shipped() -> &'static Shipped {
    static SHIPPED: OnceLock<Shipped> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let vocabulary = vocabulary(voz::embedding::Embedding::words());
        Shipped {
            model: Linear::shipped(&vocabulary).unwrap(),
            splitter: ClauseSplitter::shipped(&vocabulary).unwrap(),
            tokenizer: Tokenizer::new(vocabulary),
        }
    })
}

const TEXTS: [&str; 12] = [
    "",
    "…",
    "😊",
    "Muy buena atención, gracias 😊",
    "Terrible service. I waited 40 minutes and nobody answered!!!",
    "NO funciona la app desde la actualización, pero el personal de la tienda muy amable",
    "El pedido no llegó nunca. Ojalá fuera más fácil hablar con alguien",
    "muuuuy leeeento, un 2 de 10",
    "I wish the app were not so slow; otherwise it would be a great one",
    "No me ha fallado nunca",
    "Todo bien. Todo bien. Todo bien.",
    "xyzzyplugh qwrtzsdf",
];

fn total<L>(contributions: &[Contribution<L>], of: impl Fn(&L) -> f32) -> f32 {
    let parts = contributions.iter().map(|one| of(&one.adds));
    parts.sum()
}

#[track_caller]
fn near(what: &str, one: f32, other: f32) {
    let room = NEAR * other.abs().max(1.0);
    assert!((one - other).abs() <= room, "{what}: {one} is not {other}");
}

/// What follows from the logits follows as the model says.
#[track_caller]
fn follows(text: &str, decision: &Decision) {
    let read = sentiment(decision.logits, &decision.calibration);
    assert_eq!(read.label, decision.sentiment.label, "{text:?}");
    let powers = decision.scaled.map(f32::exp);
    let sum: f32 = powers.iter().sum();
    for (at, power) in powers.iter().enumerate() {
        near(text, power / sum, decision.sentiment.probabilities[at]);
    }
    let largest = decision.decided.iter().copied().fold(f32::MIN, f32::max);
    near(
        text,
        decision.decided[decision.sentiment.label as usize],
        largest,
    );
}

/// Everything adds up, in the text, in its clauses and over its tokens.
fn adds_up(text: &str, lang: Lang) {
    let shipped = shipped();
    let tokens = shipped.tokenizer.tokenize(text);
    let mut clauses = Vec::new();
    shipped.splitter.split(&tokens, &mut clauses);
    let read = Text {
        lang,
        text,
        tokens: &tokens,
        clauses: &clauses,
    };
    let why = shipped.model.explain(&read).unwrap();
    let logits = shipped.model.logits(&read);
    let reading = &shipped.model.classify(&[read]).unwrap()[0];

    let adds_to = |logit: f32, of: &dyn Fn(&Logits) -> f32| {
        near(text, total(&why.contributions, of), logit);
        let fixed = why.contributions.iter().filter(|one| one.tokens.is_empty());
        let fixed: f32 = fixed.map(|one| of(&one.adds)).sum();
        let tokens = by_token(&why.contributions, tokens.len(), of);
        near(text, fixed + tokens.iter().sum::<f32>(), logit);
    };
    for at in 0..3 {
        adds_to(logits.sentiment[at], &|adds| adds.sentiment[at]);
    }
    for emotion in Emotion::ALL {
        let at = emotion as usize;
        adds_to(logits.emotions[at], &|adds| adds.emotions[at]);
    }
    assert_eq!(
        why.decision.logits.map(f32::to_bits),
        logits.sentiment.map(f32::to_bits)
    );
    assert_eq!(Some(why.decision.sentiment), reading.sentiment);
    follows(text, &why.decision);

    assert_eq!(why.clauses.len(), clauses.len(), "{text:?}");
    for ((clause, own), found) in why.clauses.iter().zip(&clauses).zip(&reading.clauses) {
        assert_eq!(
            (&clause.tokens, clause.decision.sentiment),
            (&own.tokens, *found)
        );
        for at in 0..3 {
            let sum = total(&clause.contributions, |adds| adds[at]);
            near(text, sum, clause.decision.logits[at]);
        }
        follows(text, &clause.decision);
        let mut inside = clause.contributions.iter().flat_map(|one| &one.tokens);
        assert!(inside.all(|at| own.tokens.contains(at)), "{text:?}");
    }
    for one in &why.emotions {
        let known = reading.emotions.probability(one.emotion);
        assert_eq!(known, Some(one.probability));
        assert_eq!(one.expressed, reading.emotions.is_expressed(one.emotion));
        let least = one.phrases.iter().map(|phrase| phrase.probability);
        let alone = one.read.map_or(0.0, |read| read.probability);
        near(text, least.fold(alone, f32::max), one.probability);
    }
}

#[test]
fn contributions_add_up_to_the_logits() {
    for text in TEXTS {
        for lang in Lang::ALL {
            adds_up(text, lang);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn contributions_of_any_text_add_up(text in any::<String>(), other in "([a-zA-ZáéíóúñÑ¡¿!?.,0-9😀-😎]{1,9} ){0,40}") {
        for lang in Lang::ALL {
            adds_up(&text, lang);
            adds_up(&other, lang);
        }
    }
}

#[test]
fn features_name_the_tokens_they_are_made_of() {
    let text = "Zzyzxqq no me ha fallado, MUUUY bueno";
    let shipped = shipped();
    let tokens = shipped.tokenizer.tokenize(text);
    let read = Text {
        lang: Lang::Es,
        text,
        tokens: &tokens,
        clauses: &[],
    };
    let why = shipped.model.explain(&read).unwrap();
    let of = |feature: Feature| -> Vec<&[usize]> {
        let all = why.contributions.iter();
        let own = all.filter(|one| one.feature == feature);
        own.map(|one| &*one.tokens).collect()
    };
    assert_eq!(
        (of(Feature::Bias), of(Feature::Length)),
        (vec![&[][..]], vec![&[][..]])
    );
    assert_eq!(of(Feature::Letters), [[0]]);
    assert_eq!(of(Feature::First), [[0]]);
    assert_eq!(of(Feature::Pair).len(), tokens.len() - 1);
    assert_eq!(of(Feature::Pair)[0], [0, 1]);
    assert_eq!(of(Feature::Triple)[0], [0, 1, 2]);
    // The scope of the negator ends at the comma.
    assert_eq!(of(Feature::Negated), [[2], [3], [4]]);
    assert_eq!(
        (of(Feature::Capitals), of(Feature::Elongated)),
        (vec![&[6][..]], vec![&[6][..]])
    );
    assert!(of(Feature::Shape).iter().all(|tokens| tokens.is_sorted()));
    assert!(why.clauses.is_empty());
}

#[test]
fn a_model_that_cannot_explain_says_so() {
    let shipped = shipped();
    let tokens = shipped.tokenizer.tokenize("bien");
    let text = Text {
        lang: Lang::Es,
        text: "bien",
        tokens: &tokens,
        clauses: &[],
    };
    let error = Fixed::new(Reading::default()).explain(&text).unwrap_err();
    assert!(
        error.to_string().contains("fixed@1 cannot say why"),
        "{error}"
    );
    assert!(error.advice().unwrap().contains("--model"));
}

const MIXED: &str = "El personal muy amable, pero la espera fue eterna y nadie respondió";

fn object(arguments: &[&str]) -> Value {
    let mut all = vec!["explain"];
    all.extend(arguments);
    let told = Desk::new().voz(&all).done();
    let mut objects = told.objects();
    assert_eq!(objects.len(), 1, "{told}");
    objects.remove(0)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[test]
fn json_is_as_the_schema_says_and_adds_up() {
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(SCHEMA).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let texts = [
        MIXED,
        "Nobody answered my calls!!! I am SO angry, thank you for nothing 😡",
        "N/A",
        "O atendimento foi muito ruim e não consegui falar com ninguém",
    ];
    let objects = texts.map(|text| object(&[text]));
    for object in &objects {
        let errors: Vec<String> = validator
            .iter_errors(object)
            .map(|error| format!("{} {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{object}");
    }
    let mut broken = objects[0].clone();
    broken["why"]["decision"]["label"] = "splendid".into();
    assert!(!validator.is_valid(&broken));

    for object in &objects[..2] {
        let why = &object["why"];
        for label in ["negative", "neutral", "positive"] {
            let parts = why["features"].as_array().unwrap().iter();
            let sum: f64 = parts.map(|one| number(&one["sentiment"][label])).sum();
            assert!((sum - number(&why["decision"]["logits"][label])).abs() < 1e-3);
        }
        for emotion in why["emotions"].as_array().unwrap() {
            let name = emotion["emotion"].as_str().unwrap();
            if emotion["model"].is_null() {
                continue;
            }
            let parts = why["features"].as_array().unwrap().iter();
            let sum: f64 = parts.map(|one| number(&one["emotions"][name])).sum();
            assert!(
                (sum - number(&emotion["model"]["logit"])).abs() < 1e-3,
                "{name}"
            );
        }
        assert_eq!(object["sentiment"]["label"], why["decision"]["label"]);
        assert_eq!(
            object["clauses"].as_array(),
            objects_of(&why["clauses"]).as_ref()
        );
    }
}

/// The clauses of a reason, as a record has them.
fn objects_of(clauses: &Value) -> Option<Vec<Value>> {
    let clauses = clauses.as_array()?.iter();
    let plain = clauses.map(|one| {
        serde_json::json!({
            "start": one["start"],
            "end": one["end"],
            "sentiment": one["decision"]["label"],
        })
    });
    Some(plain.collect())
}

#[test]
fn what_is_said_is_what_tag_says() {
    let desk = Desk::with("one.csv", format!("id,comment\n1,\"{MIXED}\"\n"));
    let tagged = desk.voz(&["tag", "one.csv"]).done().objects().remove(0);
    let explained = object(&[MIXED]);
    for member in [
        "text",
        "lang",
        "sentiment",
        "emotions",
        "expressed",
        "nev",
        "clauses",
        "mentions",
    ] {
        assert_eq!(tagged[member], explained[member], "{member}");
    }
    // Several words are one text, and so is standard input.
    let words: Vec<&str> = MIXED.split(' ').collect();
    assert_eq!(object(&words), explained);
    let told = Desk::new()
        .shell(&format!("echo '{MIXED}' | $VOZ explain -"))
        .done();
    assert_eq!(told.objects(), [explained]);
}

/// The numbers at the end of the first line that has these words.
fn cells(table: &str, words: &str) -> Vec<f64> {
    let line = table.lines().find(|line| line.contains(words));
    let line = line.unwrap_or_else(|| panic!("no {words:?} in\n{table}"));
    numbers(line)
}

fn numbers(line: &str) -> Vec<f64> {
    let last = line.split_whitespace().rev();
    let mut cells: Vec<f64> = last.map_while(|cell| cell.parse().ok()).collect();
    cells.reverse();
    cells
}

#[test]
fn the_table_adds_up_as_it_is_printed() {
    let emotion = &*emotions(true)[0];
    for (flags, columns) in [
        (&["--top", "3"][..], 4),
        (&["--top", "500"], 4),
        (&["--class", "positive"], 3),
        (&["--class", emotion, "--top", "0"], 1),
    ] {
        let mut arguments = vec!["explain", MIXED, "--format", "table"];
        arguments.extend(flags);
        let told = Desk::new().voz(&arguments).done();
        assert!(
            told.stdout.starts_with(MIXED) && !told.stdout.contains('\x1b'),
            "{told}"
        );
        let table = told.stdout.split("What adds up").last().unwrap();
        let logit = cells(table, " logit ");
        assert_eq!(logit.len(), columns, "{told}");
        let rows: Vec<&str> = table
            .lines()
            .skip(3)
            .take_while(|line| !line.contains(" logit "))
            .collect();
        for (column, logit) in logit.iter().enumerate() {
            let sum: f64 = rows.iter().map(|row| numbers(row)[column]).sum();
            assert!((sum - logit).abs() < 1e-6, "{sum} is not {logit} in {told}");
        }
        let rest = if flags.contains(&"500") {
            "rounding"
        } else {
            "other features"
        };
        assert!(table.contains("bias") && table.contains(rest), "{table}");
    }
}

#[test]
fn the_table_shows_clauses_themes_and_language() {
    let desk = Desk::new();
    let english = desk.voz(&["explain", MIXED, "--format", "table"]).done();
    for part in [
        "language: Spanish",
        "Clauses",
        "pero la espera fue eterna",
        "Themes",
        "score",
    ] {
        assert!(english.stdout.contains(part), "no {part:?} in {english}");
    }
    let spanish = desk
        .voz(&["--lang", "es", "explain", MIXED, "--format", "table"])
        .done();
    for part in [
        "idioma: español",
        "Cláusulas",
        "Temas",
        "sesgo",
        "puntuación",
    ] {
        assert!(spanish.stdout.contains(part), "no {part:?} in {spanish}");
    }
    let csv = desk.voz(&["explain", MIXED, "--format", "csv"]).done();
    assert!(
        csv.stdout
            .starts_with("words,kind,negative,neutral,positive,joy,"),
        "{csv}"
    );
    assert!(csv.stdout.lines().count() > 30, "{csv}");
}

#[test]
fn personal_data_are_marks() {
    let text = "Muy mal servicio, escriban a ana.perez@example.com";
    for form in ["table", "jsonl", "csv"] {
        let told = Desk::new().voz(&["explain", text, "--format", form]).done();
        assert!(told.stdout.contains("[EMAIL]"), "{told}");
        assert!(
            !told.stdout.contains("ana.perez") && !told.stdout.contains("example.com"),
            "{told}"
        );
    }
}

#[test]
fn what_is_not_analysed_says_why() {
    let desk = Desk::new();
    let portuguese = "O atendimento foi muito ruim e não consegui falar com ninguém";
    for form in ["table", "jsonl"] {
        let told = desk.voz(&["explain", portuguese, "--format", form]).done();
        let all = format!("{}{}", told.stdout, told.stderr);
        assert!(
            all.contains("not analysed: the text is in another language (pt)"),
            "{told}"
        );
    }
    let object = object(&[portuguese]);
    assert!(object["why"].is_null() && object["sentiment"].is_null());
    let told = desk.voz(&["explain", "N/A", "--format", "table"]).done();
    assert!(told.stdout.contains("says nothing"), "{told}");
    let emoji = desk.voz(&["explain", "😡😡", "--format", "table"]).done();
    assert!(
        emoji.stdout.contains("read as English") && emoji.stdout.contains("begins the clause"),
        "{emoji}"
    );
    let spanish = desk
        .voz(&["--lang", "es", "explain", portuguese, "--format", "table"])
        .done();
    assert!(spanish.stdout.contains("sin analizar"), "{spanish}");
}

/// The names of the emotions that the shipped model has weights for, or not.
fn emotions(with_weights: bool) -> Vec<String> {
    let object = object(&[MIXED]);
    let all = object["why"]["emotions"].as_array().unwrap().iter();
    let such = all.filter(|one| one["model"].is_object() == with_weights);
    such.map(|one| one["emotion"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_emotion_that_only_phrases_tell_has_no_table() {
    let read = emotions(true);
    for name in emotions(false) {
        Desk::new()
            .voz(&["explain", MIXED, "--class", &name])
            .refused(2, &format!("no weights for {name} in es"), &read[0]);
    }
}

#[test]
fn wrong_command_lines() {
    let desk = Desk::new();
    desk.voz(&["explain", ""])
        .refused(2, "there is no text to explain", "voz explain '");
    desk.shell("printf ' \\n' | $VOZ explain -").refused(
        2,
        "there is no text to explain",
        "quotes",
    );
    desk.shell("printf '\\377' | $VOZ explain -")
        .refused(3, "not UTF-8", "voz tag");
    desk.shell("head -c 1100000 /dev/zero | tr '\\0' a | $VOZ explain -")
        .refused(3, "larger than 1 MiB", "one comment at a time");
    desk.voz(&["explain", MIXED, "--florb"])
        .refused(2, "unexpected argument '--florb'", "--help");
    desk.voz(&["explain"]).refused(2, "<TEXT>", "voz explain");
    desk.voz(&["explain", MIXED, "--class", "splendid"])
        .refused(
            2,
            "invalid value 'splendid'",
            "negative, neutral, positive, joy",
        );
    desk.voz(&["explain", MIXED, "--model", "gone"]).refused(
        4,
        "there is no such model",
        "voz models add",
    );
}
