//! What must hold for any bytes: the bodies of the fuzz targets, which `tests/all/fuzzed.rs` runs as well.
#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a panic is what they are for"
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use voz::embedding::Embedding;
use voz::index::{Index, Options, Query, Setup, Writer, WriterOptions};
use voz::lang::Lang;
use voz::model::Linear;
use voz::pii::{Pii, Redactor};
use voz::source::{Mapping, Row};
use voz::tag::Tagger;
use voz::text::{Causes, Lexicon, Vocabulary};
use voz::theme::Catalog;
use voz::verbatim::{Scales, Scores, Value, Verbatim};

/// Rows read of a file: more would only make the search slower.
const ROWS: usize = 20_000;

/// Keeps a panic from ending the process before the program could catch it, as it does with those of libraries
/// that read tables and segments. One that is not caught is a finding all the same.
pub fn let_panics_be_caught() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
}

/// A file of any format: it is refused, or read to its end with rejects in order.
pub fn readers(bytes: &[u8]) {
    let path = file(bytes);
    let Ok(plan) = voz::source::peek(path, &Mapping::default()) else {
        return;
    };
    let Ok(reader) = voz::source::open(path, &plan) else {
        return;
    };
    let mut last = 0;
    for row in reader.take(ROWS) {
        match row {
            Ok(Row::Reject(reject)) => {
                assert!(reject.row > last, "rejects out of order");
                last = reject.row;
            }
            Ok(Row::Verbatim(verbatim) | Row::Also(verbatim)) => {
                assert!(!verbatim.id.is_empty(), "a verbatim without an id");
            }
            Err(_) => break,
        }
    }
}

/// A query: it is refused with an example, or finds verbatims, and its negation finds the others.
pub fn query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let query = match Query::parse(text) {
        Ok(query) => query,
        Err(error) => {
            assert!(error.advice().is_some(), "no advice with {error}");
            return;
        }
    };
    let index = index();
    let options = Options::default();
    let Ok(found) = index.search(&query, &options) else {
        return;
    };
    let others = index
        .search(&Query::Not(Box::new(query)), &options)
        .unwrap();
    assert_eq!(found.total + others.total, index.len(), "{text:?}");
    for hit in found.hits {
        let mut end = 0;
        for span in hit.highlights {
            assert!(span.start >= end && hit.record.text.get(span.clone()).is_some());
            end = span.end;
        }
    }
}

/// A comment: clauses and mentions lie on its characters, in order, and causes are words of it.
pub fn clauses(bytes: &[u8]) {
    static CAUSES: OnceLock<Causes> = OnceLock::new();
    let text = String::from_utf8_lossy(bytes);
    let tagged = tagger().tag(vec![verbatim(0, &text)]).unwrap().remove(0);
    let text = &tagged.verbatim.text;
    let mut end = 0;
    for clause in &tagged.clauses {
        assert!(clause.span.start >= end && !clause.span.is_empty());
        assert!(text.get(clause.span.clone()).is_some());
        end = clause.span.end;
    }
    for mention in &tagged.mentions {
        let span = mention.start as usize..mention.end as usize;
        assert!(text.get(span).is_some_and(|words| !words.is_empty()));
    }
    let scored = tagged.sentiment.map(|sentiment| sentiment.score());
    assert!(scored.is_none_or(|score| (-1.0..=1.0).contains(&score)));
    let causes = CAUSES.get_or_init(|| Causes::shipped().unwrap());
    for lang in Lang::ALL {
        for cause in causes.find(text, lang) {
            assert!(text.get(cause.span).is_some());
        }
    }
}

/// A text with personal data: what is redacted once is redacted; the rest comes out as it went in.
pub fn redaction(bytes: &[u8]) {
    static REDACTORS: OnceLock<[Redactor; 2]> = OnceLock::new();
    let text = String::from_utf8_lossy(bytes);
    for redactor in REDACTORS.get_or_init(|| [Redactor::new(), Redactor::with_names()]) {
        for field in [None, Some("telefono"), Some("id")] {
            let run = |text: &str| match field {
                None => redactor.redact(text).text.into_owned(),
                Some(field) => redactor.redact_value(field, text).text.into_owned(),
            };
            let once = run(&text);
            assert_eq!(run(&once), once, "{text:?} twice");
            only_marks_are_new(&text, &once);
        }
    }
}

fn only_marks_are_new(text: &str, redacted: &str) {
    let mut rest = text;
    let mut kept = redacted.to_owned();
    for pii in Pii::ALL {
        kept = kept.replace(pii.mark(), "\u{1}");
    }
    for part in kept.split('\u{1}').flat_map(|part| part.split('\0')) {
        let at = rest.find(part);
        rest = &rest[at.unwrap_or_else(|| panic!("{part:?} is new in {redacted:?} of {text:?}"))
            + part.len()..];
    }
}

/// A file that says what a model, an index, or a user's own words and themes are: it is refused, or taken and
/// then usable. The first byte says which.
pub fn manifests(bytes: &[u8]) {
    let Some((which, bytes)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(bytes);
    match which % 8 {
        0 => index_with("voz.json", bytes),
        1 => index_with("g1/meta.json", bytes),
        2 => index_with("g1/.managed.json", bytes),
        3 => model_with("card.json", bytes),
        4 => model_with("calibration.json", bytes),
        5 => model_with("rules.toml", bytes),
        6 => {
            if let Ok(lexicon) = Lexicon::parse(&text, tagger().tokenizer()) {
                let _ = lexicon.is_empty();
            }
        }
        _ => {
            if let Ok(catalog) = Catalog::parse(&text) {
                let again = Catalog::parse(&catalog.to_toml().unwrap()).unwrap();
                assert_eq!(again.to_toml().unwrap(), catalog.to_toml().unwrap());
                let taxonomy = tagger().taxonomy().clone();
                let _ = catalog.over(taxonomy);
            }
        }
    }
}

fn index_with(name: &str, bytes: &[u8]) {
    static COPY: OnceLock<TempDir> = OnceLock::new();
    let folder = COPY.get_or_init(make_index).path();
    let path = folder.join(name);
    let sound = std::fs::read(&path).unwrap();
    std::fs::write(&path, bytes).unwrap();
    if let Ok(index) = Index::open(folder) {
        let _ = index.check();
        let _ = index.search(&Query::All, &Options::default());
    }
    std::fs::write(&path, sound).unwrap();
}

fn model_with(name: &str, bytes: &[u8]) {
    static COPY: OnceLock<(TempDir, Arc<Vocabulary>)> = OnceLock::new();
    let (folder, vocabulary) =
        COPY.get_or_init(|| (make_model(), voz::model::vocabulary(Embedding::words())));
    let path = folder.path().join(name);
    let sound = std::fs::read(&path).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let _ = Linear::open(folder.path(), vocabulary);
    std::fs::write(&path, sound).unwrap();
}

/// The same place for every file: only what is in it counts.
fn file(bytes: &[u8]) -> &'static Path {
    static PLACE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = PLACE.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("export");
        (folder, path)
    });
    std::fs::write(path, bytes).unwrap();
    path
}

fn tagger() -> &'static Tagger {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    TAGGER.get_or_init(|| Tagger::shipped().unwrap())
}

fn verbatim(number: u32, text: &str) -> Verbatim {
    Verbatim {
        id: format!("v{number}"),
        text: text.to_owned(),
        stated: None,
        asked: None,
        day: None,
        customer: Some(format!("c{}", number % 3)),
        scores: Scores {
            nps: Some((number % 11) as u8),
            ..Scores::default()
        },
        fields: vec![
            (
                "region".into(),
                Value::Text(["North West", "Sur"][number as usize % 2].to_owned()),
            ),
            ("minutes".into(), Value::Number(f64::from(number) * 7.5)),
            ("churned".into(), Value::Bool(number.is_multiple_of(4))),
        ],
    }
}

const COMMENTS: [&str; 8] = [
    "Muy buena atención, el personal muy amable",
    "Terrible, I waited forty minutes on hold",
    "La app se cierra sola y nadie contesta 😡",
    "Great price, but the delivery was late",
    "No funciona el cajero, esperé una hora en la caja",
    "Nothing to complain about",
    "Precio caro porque subieron la cuota sin avisar",
    "ok",
];

/// An index of a few comments.
pub fn make_index() -> TempDir {
    let folder = TempDir::new().unwrap();
    let tagger = tagger();
    let setup = Setup {
        model: &tagger.model(),
        taxonomy: tagger.taxonomy(),
        scales: Scales::default(),
        votes: tagger.votes(),
        catalog: "",
        lexicon: "",
    };
    let options = WriterOptions {
        memory: 15_000_000,
        threads: 1,
        rebuild: false,
    };
    let mut writer = Writer::open(folder.path(), &setup, &options).unwrap();
    let verbatims = (0..)
        .zip(COMMENTS)
        .map(|(number, text)| verbatim(number, text));
    for tagged in tagger.tag(verbatims.collect()).unwrap() {
        writer.add(&tagged).unwrap();
    }
    writer.finish().unwrap();
    folder
}

fn index() -> &'static Index {
    static INDEX: OnceLock<(TempDir, Index)> = OnceLock::new();
    let (_, index) = INDEX.get_or_init(|| {
        let folder = make_index();
        let index = Index::open(folder.path()).unwrap();
        (folder, index)
    });
    index
}

/// A copy of the shipped model's folder.
fn make_model() -> TempDir {
    let folder = TempDir::new().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = [shipped.join("models/fast"), shipped.join("../models/fast")];
    let shipped = shipped.iter().find(|folder| folder.is_dir()).unwrap();
    for name in ["card.json", "calibration.json", "rules.toml", "weights.bin"] {
        std::fs::copy(shipped.join(name), folder.path().join(name)).unwrap();
    }
    folder
}
