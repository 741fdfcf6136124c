//! `voz eval gold`: sentiment of texts and clauses, and themes, by labels with ids beside the file.

use super::super::Shell;
use super::super::aggregate::rounded;
use super::super::input::{Input, Tagging};
use super::super::output::Output;
use super::read;
use crate::error::{Error, Result};
use crate::eval::{Confusion, f1};
use crate::report::{Sheet, Show};
use crate::sentiment::Polarity;
use crate::tag::{Tagged, Tagger};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Flags of `voz eval gold`.
#[derive(Args, Debug)]
pub struct Gold {
    #[command(flatten)]
    input: Input,
    /// Labels by id, as corpora/gold.jsonl has them
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    #[command(flatten)]
    tagging: Tagging,
    #[command(flatten)]
    output: Output,
}

/// What is true of one comment.
#[derive(Debug, Deserialize)]
struct Label {
    id: String,
    lang: Option<String>,
    /// None for comments that say nothing or are in another language.
    sentiment: Option<Polarity>,
    clauses: Vec<ClauseLabel>,
}

#[derive(Debug, Deserialize)]
struct ClauseLabel {
    start: usize,
    end: usize,
    sentiment: Polarity,
    themes: Vec<String>,
}

/// What was counted in one language.
#[derive(Default)]
struct Counted {
    texts: Confusion<3>,
    clauses: Confusion<3>,
    right: u64,
    said: u64,
    truth: u64,
}

impl Gold {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let labels = self.labels()?;
        let plans = self.input.plans()?;
        let tagger = self.tagging.tagger()?;
        let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
        let mut sink = |batch: Vec<Tagged>| {
            for tagged in &batch {
                let label = labels.get(&tagged.verbatim.id);
                let label = label.filter(|label| label.sentiment.is_some());
                if let Some((label, lang)) = label.and_then(|one| Some((one, one.lang.clone()?))) {
                    counted
                        .entry(lang)
                        .or_default()
                        .count(label, tagged, &tagger);
                }
            }
            Ok(())
        };
        self.tagging.run(&plans, &tagger, shell, &mut sink)?;
        self.output.sheet(&sheet(&counted, shell), shell)
    }

    fn labels(&self) -> Result<BTreeMap<String, Label>> {
        let text = read(&self.labels)?;
        let label = |(at, line): (usize, &str)| {
            let label: Label = serde_json::from_str(line).map_err(|error| {
                Error::input("not a label")
                    .at(&self.labels)
                    .row(at as u64 + 1)
                    .caused_by(error)
            })?;
            Ok((label.id.clone(), label))
        };
        text.lines().enumerate().map(label).collect()
    }
}

impl Counted {
    fn count(&mut self, label: &Label, tagged: &Tagged, tagger: &Tagger) {
        if let Some(truth) = label.sentiment {
            let said = tagged.sentiment.map(|said| said.label as usize);
            self.texts.add(truth as usize, said, 1);
        }
        for clause in &label.clauses {
            let overlap = |start: usize, end: usize| {
                end.min(clause.end).saturating_sub(start.max(clause.start))
            };
            let nearest = tagged
                .clauses
                .iter()
                .max_by_key(|said| overlap(said.span.start, said.span.end))
                .filter(|said| overlap(said.span.start, said.span.end) > 0);
            let said = nearest.map(|said| said.sentiment.label as usize);
            self.clauses.add(clause.sentiment as usize, said, 1);
        }
        let truth: BTreeSet<&str> = label
            .clauses
            .iter()
            .flat_map(|clause| clause.themes.iter().map(String::as_str))
            .collect();
        let themes = &tagger.taxonomy().themes;
        let said: BTreeSet<&str> = tagged
            .mentions
            .iter()
            .map(|mention| themes[mention.theme as usize].id.as_str())
            .collect();
        self.right += truth.intersection(&said).count() as u64;
        self.said += said.len() as u64;
        self.truth += truth.len() as u64;
    }
}

fn sheet(counted: &BTreeMap<String, Counted>, shell: &Shell) -> Sheet {
    let columns = [
        ("task", Show::Word),
        ("lang", Show::Text),
        ("n", Show::Count),
        ("metric", Show::Text),
        ("value", Show::Percent),
        ("labels", Show::Percent),
    ];
    let mut sheet = Sheet::new(&shell.locale, &columns);
    for (lang, counted) in counted {
        for (task, confusion) in [("sentiment", &counted.texts), ("clauses", &counted.clauses)] {
            let each = Polarity::ALL.into_iter().filter_map(|label| {
                let value = rounded(confusion.f1(label as usize)?);
                Some((label.name().to_owned(), value.into()))
            });
            let value = confusion.macro_f1().map_or(Value::Null, Value::from);
            let texts = confusion.n().into();
            let (task, lang) = (task.into(), lang.as_str().into());
            sheet.rows.push(vec![
                task,
                lang,
                texts,
                "macro-F1".into(),
                value,
                Value::Object(each.collect()),
            ]);
        }
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        let labels = json!({
            "precision": rounded(share(counted.right, counted.said)),
            "recall": rounded(share(counted.right, counted.truth)),
        });
        let value = f1(counted.right, counted.said, counted.truth).into();
        let (task, lang) = ("themes".into(), lang.as_str().into());
        sheet.rows.push(vec![
            task,
            lang,
            counted.truth.into(),
            "micro-F1".into(),
            value,
            labels,
        ]);
    }
    sheet
}
