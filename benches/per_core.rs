//! Texts per second of one thread, for `benches/compare.sh`: `per_core FILE`.
//!
//! Reads JSON Lines with a member `text` in English, and prints one JSON object: texts per second,
//! the best of [`ROUNDS`] rounds, of the sentiment alone (what VADER does), of the redaction of
//! personal data, and of the whole tagging with it; and the milliseconds that opening takes.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;
use voz::lang::Lang;
use voz::model::{Model, Text};
use voz::pii::Redactor;
use voz::tag::{Tagger, use_threads};
use voz::text::{Tokenizer, Tokens};
use voz::verbatim::{Scores, Verbatim};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Rounds of which the best counts: what else the machine does only ever slows a round down.
const ROUNDS: usize = 5;
/// Texts per round at least: a round takes a quarter of a second or more.
const TEXTS: usize = 200_000;

fn main() -> ExitCode {
    let Some(file) = std::env::args().skip(1).find(|one| !one.starts_with('-')) else {
        println!("per_core FILE: run by benches/compare.sh");
        return ExitCode::SUCCESS;
    };
    match measure(&file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("per_core: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(file: &str) -> Outcome<()> {
    use_threads(1)?;
    let texts = texts(file)?;
    let opening = opening()?;
    let sentiment = sentiment(&texts)?;
    let redaction = redaction(&texts);
    let whole = whole(&texts)?;
    println!(
        "{{\"opening\": {opening:.1}, \"sentiment\": {sentiment:.0}, \"redaction\": {redaction:.0}, \
         \"whole\": {whole:.0}}}"
    );
    Ok(())
}

fn texts(file: &str) -> Outcome<Vec<String>> {
    let mut texts = Vec::new();
    for line in std::fs::read_to_string(file)?.lines() {
        let entry: serde_json::Value = serde_json::from_str(line)?;
        texts.push(entry["text"].as_str().unwrap_or_default().to_owned());
    }
    let times = TEXTS.div_ceil(texts.len().max(1));
    Ok(std::iter::repeat_n(texts, times).flatten().collect())
}

/// The most texts per second of all rounds.
fn best<T>(texts: usize, mut prepare: impl FnMut() -> T, mut work: impl FnMut(T)) -> f64 {
    let mut best = 0.0_f64;
    for _ in 0..ROUNDS {
        let prepared = prepare();
        let begun = Instant::now();
        work(prepared);
        best = best.max(texts as f64 / begun.elapsed().as_secs_f64());
    }
    best
}

/// The fewest milliseconds from nothing to a tagger.
fn opening() -> Outcome<f64> {
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let tagger = Tagger::shipped()?;
        best = best.min(begun.elapsed().as_secs_f64() * 1000.0);
        black_box(tagger);
    }
    Ok(best)
}

fn redaction(texts: &[String]) -> f64 {
    let redactor = Redactor::new();
    let redact = |()| {
        for text in texts {
            black_box(redactor.redact(text));
        }
    };
    best(texts.len(), || (), redact)
}

fn sentiment(texts: &[String]) -> Outcome<f64> {
    let model = Model::shipped()?;
    let tokenizer = Tokenizer::new(model.vocabulary.clone());
    let mut tokens = Tokens::new();
    let rate = best(
        texts.len(),
        || (),
        |()| {
            for text in texts {
                tokenizer.read(text, &mut tokens);
                let whole = Text {
                    lang: Lang::En,
                    text,
                    tokens: &tokens,
                    clauses: &[],
                };
                black_box(model.classifier.sentiments(&[whole]).ok());
            }
        },
    );
    Ok(rate)
}

fn whole(texts: &[String]) -> Outcome<f64> {
    let tagger = Tagger::shipped()?;
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
    let prepare = || -> Vec<Verbatim> { texts.iter().enumerate().map(verbatim).collect() };
    Ok(best(texts.len(), prepare, |verbatims| {
        // In batches as a run hands them on, so that memory is what it is there.
        let mut rest = verbatims.into_iter().peekable();
        while rest.peek().is_some() {
            black_box(tagger.tag(rest.by_ref().take(8192).collect()).ok());
        }
    }))
}
