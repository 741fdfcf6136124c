//! Speed of every stage and of the whole, per language, at the lengths customers write.
//!
//! `cargo bench --bench stages` prints comments per second and bytes per second. The stages and
//! tagging run on one thread; the last two, from a file to JSON and to an index, read on a second
//! one, and indexing writes on a third. Peak memory and the ratios to other programs come from
//! `benches/compare.sh`.

#![allow(
    clippy::unwrap_used,
    reason = "a measurement stops at anything unexpected"
)]

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use std::path::Path;
use std::sync::OnceLock;
use voz::detect::Detector;
use voz::index::{Setup, Writer, WriterOptions};
use voz::lang::Lang;
use voz::model::{Model, Text};
use voz::phrase::Room;
use voz::pii::Redactor;
use voz::record::Record;
use voz::run::run;
use voz::sentiment::Polarity;
use voz::source::{Joins, Mapping, Plan, Rejects, open, peek};
use voz::tag::{Tagged, Tagger, use_threads};
use voz::text::{ClauseSplitter, Tokenizer, Tokens};
use voz::theme::{Look, MentionFinder};
use voz::verbatim::{Scores, Verbatim};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
        .map(|(text, tokens)| Text {
            lang: case.0,
            text,
            tokens,
            clauses: &[],
        })
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
            let whole = Text {
                lang: case.0,
                text,
                tokens: &tokens,
                clauses: &[],
            };
            divan::black_box(model().classifier.sentiments(&[whole]).ok());
        }
    });
}

#[divan::bench(args = CASES)]
fn c_detect_language(bencher: Bencher<'_, '_>, case: Case) {
    let texts = comments(case);
    let tokenizer = Tokenizer::new(model().vocabulary.clone());
    let tokens: Vec<Tokens> = texts.iter().map(|text| tokenizer.tokenize(text)).collect();
    let detector = Detector::new(&model().vocabulary);
    measure(bencher, &texts, || {
        for (text, tokens) in texts.iter().zip(&tokens) {
            divan::black_box(detector.detect(text, tokens, None));
        }
    });
}

/// Clauses, and the themes named in each.
#[divan::bench(args = CASES)]
fn c_clauses_and_mentions(bencher: Bencher<'_, '_>, case: Case) {
    #[derive(serde::Deserialize)]
    struct Words {
        turns: Vec<String>,
        after_comma: Vec<String>,
    }
    let words: Words = toml::from_str(include_str!("../models/text/clauses.toml")).unwrap();
    let vocabulary = &model().vocabulary;
    let splitter = ClauseSplitter::new(vocabulary, &words.turns, &words.after_comma);
    let finder = MentionFinder::new(tagger().taxonomy(), vocabulary).unwrap();
    let texts = comments(case);
    let tokenizer = Tokenizer::new(vocabulary.clone());
    let tokens: Vec<Tokens> = texts.iter().map(|text| tokenizer.tokenize(text)).collect();
    let (mut clauses, mut room, mut mentions) = (Vec::new(), Room::default(), Vec::new());
    measure(bencher, &texts, || {
        for tokens in &tokens {
            splitter.split(tokens, &mut clauses);
            mentions.clear();
            for clause in &clauses {
                let range = clause.tokens.clone();
                let neutral = Polarity::Neutral;
                let look = Look {
                    lang: case.0,
                    tokens,
                    clause: range,
                    sentiment: neutral,
                    asked: None,
                };
                finder.find(&look, &mut room, &mut mentions);
            }
            divan::black_box(&mentions);
        }
    });
}

fn verbatims(texts: &[String]) -> Vec<Verbatim> {
    let verbatim = |(at, text): (usize, &String)| Verbatim {
        id: at.to_string(),
        text: text.clone(),
        stated: None,
        asked: None,
        day: None,
        customer: None,
        scores: Scores::default(),
        fields: Vec::new(),
    };
    texts.iter().enumerate().map(verbatim).collect()
}

#[divan::bench(args = CASES)]
fn d_tag_whole(bencher: Bencher<'_, '_>, case: Case) {
    let texts = comments(case);
    let verbatims = verbatims(&texts);
    measure(bencher, &texts, || {
        divan::black_box(tagger().tag(verbatims.clone()).ok());
    });
}

#[divan::bench(args = CASES)]
fn e_write_json(bencher: Bencher<'_, '_>, case: Case) {
    let texts = comments(case);
    let tagged = tagger().tag(verbatims(&texts)).unwrap();
    let mut line = Vec::new();
    measure(bencher, &texts, || {
        for one in &tagged {
            line.clear();
            let record = Record::new(one, tagger().taxonomy());
            serde_json::to_writer(&mut line, &record).unwrap();
            divan::black_box(&line);
        }
    });
}

/// A CSV file of comments with ids and scores; long enough for what is done once to be little.
fn file(texts: &[String]) -> (tempfile::NamedTempFile, Plan, Vec<String>) {
    const ROWS: usize = 16_384;
    let texts: Vec<String> = texts.iter().cycle().take(ROWS).cloned().collect();
    let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    let mut writer = csv::Writer::from_path(file.path()).unwrap();
    writer.write_record(["id", "nps", "comment"]).unwrap();
    for (at, text) in texts.iter().enumerate() {
        let (id, nps) = (at.to_string(), (at % 11).to_string());
        writer.write_record([&id, &nps, text]).unwrap();
    }
    writer.flush().unwrap();
    let plan = peek(file.path(), &Mapping::default()).unwrap();
    (file, plan, texts)
}

#[divan::bench(args = CASES)]
fn f_read_csv(bencher: Bencher<'_, '_>, case: Case) {
    let (file, plan, texts) = file(&comments(case));
    measure(bencher, &texts, || {
        for row in open(file.path(), &plan).unwrap() {
            divan::black_box(row.unwrap());
        }
    });
}

fn run_over(path: &Path, plan: &Plan, sink: &mut dyn FnMut(Vec<Tagged>) -> voz::error::Result<()>) {
    let mut rejects = Rejects::new(None).unwrap();
    run(
        path,
        plan,
        &mut Joins::default(),
        tagger(),
        &mut rejects,
        &mut |_| {},
        sink,
    )
    .unwrap();
}

/// From a file to lines of JSON.
#[divan::bench(args = CASES, sample_count = 10)]
fn g_file_to_json(bencher: Bencher<'_, '_>, case: Case) {
    let (file, plan, texts) = file(&comments(case));
    measure(bencher, &texts, || {
        let mut out = std::io::sink();
        run_over(file.path(), &plan, &mut |batch| {
            for one in &batch {
                let record = Record::new(one, tagger().taxonomy());
                serde_json::to_writer(&mut out, &record).unwrap();
            }
            Ok(())
        });
    });
}

/// From a file to a committed index.
#[divan::bench(args = CASES, sample_count = 10)]
fn h_file_to_index(bencher: Bencher<'_, '_>, case: Case) {
    let (file, plan, texts) = file(&comments(case));
    let model = tagger().model();
    let setup = Setup {
        model: &model,
        taxonomy: tagger().taxonomy(),
        scales: plan.scales,
        votes: tagger().votes(),
        catalog: "",
        lexicon: "",
    };
    let options = WriterOptions {
        threads: 1,
        ..WriterOptions::default()
    };
    measure(bencher, &texts, || {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(folder.path(), &setup, &options).unwrap();
        run_over(file.path(), &plan, &mut |batch| {
            batch.iter().try_for_each(|one| writer.add(one))
        });
        writer.finish().unwrap();
    });
}
