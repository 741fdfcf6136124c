//! Speed of every stage and of the whole, per language, at the lengths customers write.
//!
//! `cargo bench` prints comments per second and bytes per second on one thread; peak memory and the
//! ratios to other programs come from `benches/compare.sh`.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use std::sync::OnceLock;
use voz::lang::Lang;
use voz::model::{Model, Text};
use voz::pii::Redactor;
use voz::tag::{Tagger, use_threads};
use voz::text::{Tokenizer, Tokens};
use voz::verbatim::{Scores, Verbatim};

fn main() {
    // One thread: rates are per core.
    let _ = use_threads(1);
    divan::main();
}

/// A language and the length of a comment in bytes.
#[derive(Clone, Copy, Debug)]
struct Case(Lang, usize);

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} bytes", self.0.code(), self.1)
    }
}

/// Comments per measured round.
const COMMENTS: usize = 512;
const CASES: [Case; 6] = [
    Case(Lang::Es, 20),
    Case(Lang::Es, 130),
    Case(Lang::Es, 365),
    Case(Lang::En, 20),
    Case(Lang::En, 130),
    Case(Lang::En, 365),
];

fn tagger() -> &'static Tagger {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    TAGGER.get_or_init(|| Tagger::shipped().expect("the shipped models open"))
}

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::shipped().expect("the shipped model opens"))
}

/// Comments of about `bytes` bytes: those of the sample, joined or cut at a word.
fn comments(Case(lang, bytes): Case) -> Vec<String> {
    let source = match lang {
        Lang::Es => include_str!("../corpora/source/es.jsonl"),
        Lang::En => include_str!("../corpora/source/en.jsonl"),
    };
    let texts: Vec<String> = source
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|entry| Some(entry["text"].as_str()?.to_owned()))
        .collect();
    let mut around = texts.iter().cycle();
    let mut one = || {
        let mut text = String::new();
        while text.len() < bytes {
            text.push_str(around.next().map_or("", String::as_str));
            text.push(' ');
        }
        let cut = (0..=bytes + 4)
            .rev()
            .find(|at| text.is_char_boundary(*at) && text[..*at].ends_with(char::is_whitespace));
        text.truncate(cut.unwrap_or(0));
        text.trim().to_owned()
    };
    (0..COMMENTS)
        .map(|_| one())
        .filter(|text| !text.is_empty())
        .collect()
}

fn measure(bencher: Bencher<'_, '_>, texts: &[String], mut work: impl FnMut()) {
    let bytes: usize = texts.iter().map(String::len).sum();
    work();
    bencher
        .counter(ItemsCount::new(texts.len()))
        .counter(BytesCount::new(bytes))
        .bench_local(work);
}

#[divan::bench(args = CASES)]
fn a_redact(bencher: Bencher<'_, '_>, case: Case) {
    let texts = comments(case);
    let redactor = Redactor::new();
    measure(bencher, &texts, || {
        for text in &texts {
            divan::black_box(redactor.redact(text));
        }
    });
}

#[divan::bench(args = CASES)]
fn b_tokenize(bencher: Bencher<'_, '_>, case: Case) {
    let texts = comments(case);
    let tokenizer = Tokenizer::new(model().vocabulary.clone());
    let mut tokens = Tokens::new();
    measure(bencher, &texts, || {
        for text in &texts {
            tokenizer.read(text, &mut tokens);
            divan::black_box(&tokens);
        }
    });
}

#[divan::bench(args = CASES)]
fn c_classify(bencher: Bencher<'_, '_>, case: Case) {
    let texts = comments(case);
    let tokenizer = Tokenizer::new(model().vocabulary.clone());
    let tokens: Vec<Tokens> = texts.iter().map(|text| tokenizer.tokenize(text)).collect();
    let read: Vec<Text<'_>> = texts
        .iter()
        .zip(&tokens)
        .map(|(text, tokens)| Text::new(case.0, text, tokens, 0..tokens.len()))
        .collect();
    measure(bencher, &texts, || {
        divan::black_box(model().classifier.classify(&read).ok());
    });
}

/// What VADER does: sentiment alone, from the characters on.
#[divan::bench(args = CASES)]
fn c_sentiment_alone(bencher: Bencher<'_, '_>, case: Case) {
    let texts = comments(case);
    let tokenizer = Tokenizer::new(model().vocabulary.clone());
    let mut tokens = Tokens::new();
    measure(bencher, &texts, || {
        for text in &texts {
            tokenizer.read(text, &mut tokens);
            let whole = Text::clause(case.0, text, &tokens, 0..tokens.len());
            divan::black_box(model().classifier.classify(&[whole]).ok());
        }
    });
}

#[divan::bench(args = CASES)]
fn d_tag_whole(bencher: Bencher<'_, '_>, case: Case) {
    let texts = comments(case);
    let verbatims: Vec<Verbatim> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| Verbatim {
            id: at.to_string(),
            text: text.clone(),
            stated: None,
            day: None,
            customer: None,
            scores: Scores::default(),
            fields: Vec::new(),
        })
        .collect();
    measure(bencher, &texts, || {
        divan::black_box(tagger().tag(verbatims.clone()).ok());
    });
}
