//! Learning from and measuring on data sets that are not in this repository.
//!
//! `VOZ_DATA=FOLDER cargo test --lib detect::shared::NAME -- --ignored --nocapture`, where `learn` as
//! NAME rewrites `models/lang/es.txt` and `en.txt`, `measure` the tables of
//! `models/lang/ACCURACY.md`, and `calibrate` prints what the confidence rests on. The sets and
//! their columns are listed in `models/lang/sources.toml`.

use super::{Detector, Known, Learner, accuracy, first_tokens, is_clear, is_western, words};
use crate::lang::Lang;
use crate::text::{Tokenizer, Vocabulary, nfc};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

#[derive(Deserialize)]
struct Sources {
    set: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    lang: Lang,
    name: String,
    file: String,
    #[serde(default = "text_column")]
    column: String,
    #[serde(default = "yes")]
    learn: bool,
    #[serde(default)]
    only: BTreeMap<String, String>,
}

fn text_column() -> String {
    "text".to_owned()
}

fn yes() -> bool {
    true
}

fn sources() -> Vec<Source> {
    let list = include_str!("../../models/lang/sources.toml");
    toml::from_str::<Sources>(list).unwrap().set
}

/// The texts of a set, without repetitions.
fn texts(source: &Source) -> Vec<String> {
    let folder = std::env::var("VOZ_DATA").expect("VOZ_DATA names the folder of the sets");
    let file = File::open(Path::new(&folder).join(&source.file)).unwrap();
    let packed = Path::new(&source.file)
        .extension()
        .is_some_and(|end| end == "gz");
    let reader: Box<dyn Read> = if packed {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let mut texts: Vec<String> = Vec::new();
    for row in rows.deserialize::<BTreeMap<String, String>>() {
        let mut row = row.unwrap();
        let taken = source
            .only
            .iter()
            .all(|(column, value)| row.get(column) == Some(value));
        if let Some(text) = row.remove(&source.column)
            && taken
        {
            texts.push(nfc(text.trim()).into_owned());
        }
    }
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// True for the half of all texts that may be learned from: by FNV-1a of the text.
fn is_learned(text: &str) -> bool {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 32) & 1 == 0
}

fn tokenizer() -> Tokenizer {
    Tokenizer::new(Arc::new(Vocabulary::new(words())))
}

#[test]
#[ignore = "needs the data sets"]
fn learn() {
    let tokenizer = Tokenizer::new(Arc::new(Vocabulary::default()));
    let mut learner = Learner::new();
    for source in sources().iter().filter(|source| source.learn) {
        for text in texts(source).iter().filter(|text| is_learned(text)) {
            learner.read(source.lang, &source.name, text, &tokenizer.tokenize(text));
        }
    }
    for (lang, name) in [(Lang::Es, "Spanish"), (Lang::En, "English")] {
        let list = format!(
            "# {name}: folded words and their weight (see README.md). Learned; do not edit.\n{}",
            learner.list(lang)
        );
        fs::write(format!("models/lang/{}.txt", lang.code()), list).unwrap();
    }
}

/// The texts of every set that have a word, of one half of it.
fn known_texts(tokenizer: &Tokenizer, learned: bool) -> Vec<(Source, Vec<String>)> {
    let mut sets = Vec::new();
    for source in sources() {
        let mut texts = texts(&source);
        texts.retain(|text| is_learned(text) == learned && tokenizer.tokenize(text).words() > 0);
        sets.push((source, texts));
    }
    sets
}

/// Writes the tables of `ACCURACY.md` anew, below the text that stands above them.
#[test]
#[ignore = "needs the data sets"]
fn measure() {
    let tokenizer = tokenizer();
    let detector = Detector::new(tokenizer.vocabulary());
    let sets = known_texts(&tokenizer, false);
    let known = sets.iter().flat_map(|(source, texts)| {
        texts.iter().map(|text| Known {
            set: &source.name,
            code: source.lang.code(),
            text,
        })
    });
    let shared = accuracy(&detector, &tokenizer, known).table();
    let held_out = super::tests::held_out_accuracy().table();
    let path = "models/lang/ACCURACY.md";
    let page = fs::read_to_string(path).unwrap();
    let (above, _) = page.split_once(MARK).unwrap();
    let page = format!("{above}{MARK}\n\n{held_out}\n## Shared sets, held-out halves\n\n{shared}");
    fs::write(path, page).unwrap();
}

const MARK: &str = "## Held-out texts of this repository";

/// Prints how often each lead was right, for `SURE`, and how often the words alone were clear.
#[test]
#[ignore = "needs the data sets"]
fn calibrate() {
    let tokenizer = tokenizer();
    let detector = Detector::new(tokenizer.vocabulary());
    let mut clear = 0;
    let mut all = 0;
    let mut right: BTreeMap<(&str, u32), (u32, u32)> = BTreeMap::new();
    let sets = known_texts(&tokenizer, true).into_iter();
    // Sentences made as examples are cleaner than what customers write.
    for (source, texts) in sets.filter(|(source, _)| !source.name.starts_with("parallel")) {
        for text in &texts {
            let tokens = tokenizer.tokenize(text);
            let (sums, words) = detector.words.sum(&tokens, first_tokens(&tokens));
            clear += u32::from(is_clear(&sums.lead(), words) && is_western(text));
            all += 1;
            let found = detector.detect(text, &tokens, None);
            let length = if words > 3 { "4+ words" } else { "1-3 words" };
            let sure = (found.confidence * 1000.0).round() as u32;
            let (n, k) = right.entry((length, sure)).or_default();
            *n += 1;
            *k += u32::from(found.code == source.lang.code());
        }
    }
    println!("clear from the words alone: {clear} of {all}");
    for ((length, sure), (n, k)) in right {
        println!(
            "{length} said 0.{sure:03}: {:.3} of {n}",
            f64::from(k) / f64::from(n)
        );
    }
}
