//! `voz embed`: the vector of every comment of a file, for programs that search or group by likeness.

use super::Shell;
use super::input::{Input, Planned};
use super::output::{Destination, failed};
use super::progress::Progress;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::run::{Ran, run};
use crate::source::{Joins, Rejects};
use crate::tag::{Tagged, Tagger};
use clap::Args;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// Write the vector of every comment of a file, as JSON Lines: comments that mean alike have a high cosine
#[derive(Args, Debug)]
pub struct Embed {
    #[command(flatten)]
    input: Input,
    /// A transformer without a classifier: a name from `voz models list`, or a folder; the shipped vectors
    /// of words unless given
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Write to a file instead of standard output; replaced when complete
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Comments that a model is given at a time.
const BATCH: usize = 256;

impl Embed {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let plans = self.input.plans()?;
        // Tagged first: a comment is read without its personal data, and what says nothing has no vector.
        let tagger = Tagger::shipped()?;
        let model = self.model.as_deref().map(Model::open).transpose()?;
        let mut out = Destination::open(self.output.as_deref())?;
        let mut sink = |batch: Vec<Tagged>| {
            let parts: Result<Vec<Vec<u8>>> = batch
                .par_chunks(BATCH)
                .map(|part| lines(part, &vectors(part, &tagger, model.as_ref())?))
                .collect();
            parts?
                .iter()
                .try_for_each(|part| out.write_all(part).map_err(failed))
        };
        let mut rejects = Rejects::new(None)?;
        for Planned { path, plan } in &plans {
            let progress = Progress::rows(shell);
            let mut watch = |ran: &Ran| progress.at(ran.rows);
            let mut joins = Joins::default();
            let ran = run(
                path,
                plan,
                &mut joins,
                &tagger,
                &mut rejects,
                &mut watch,
                &mut sink,
            );
            progress.clear();
            ran?;
        }
        out.finish()
    }
}

/// The vectors of comments; `None` for those that say nothing, or are in another language.
fn vectors(
    part: &[Tagged],
    tagger: &Tagger,
    model: Option<&Model>,
) -> Result<Vec<Option<Vec<f32>>>> {
    let Some(model) = model else {
        let vector = |tagged: &Tagged| {
            tagged.analysed?;
            let tokens = tagger.tokenizer().tokenize(&tagged.verbatim.text);
            let vector = tagger.embedding().text(&tokens, 0..tokens.len())?;
            Some(vector.to_vec())
        };
        return Ok(part.iter().map(vector).collect());
    };
    let texts: Vec<&str> = part
        .iter()
        .map(|tagged| tagged.verbatim.text.as_str())
        .collect();
    let all = model.classifier.vectors(&texts)?.into_iter().zip(part);
    Ok(all
        .map(|(vector, tagged)| tagged.analysed.is_some().then_some(vector))
        .collect())
}

fn lines(part: &[Tagged], vectors: &[Option<Vec<f32>>]) -> Result<Vec<u8>> {
    /// Digits after the point: a cosine is then right to about five.
    const STEPS: f64 = 1e6;
    let rounded = |number: &f32| Value::from((f64::from(*number) * STEPS).round() / STEPS + 0.0);
    let mut bytes = Vec::new();
    for (tagged, vector) in part.iter().zip(vectors) {
        let vector: Option<Vec<Value>> = vector
            .as_ref()
            .map(|vector| vector.iter().map(rounded).collect());
        let line = json!({ "id": tagged.verbatim.id, "vector": vector });
        serde_json::to_writer(&mut bytes, &line)
            .map_err(|error| Error::input("a vector has no JSON form").caused_by(error))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}
