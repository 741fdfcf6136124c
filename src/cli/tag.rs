//! `voz tag`: what is found in every comment of a file, without an index.

use super::Shell;
use super::input::{Input, Tagging};
use super::output::{Destination, Format, Output, failed};
use crate::error::{Error, Result};
use crate::record::Record;
use crate::report::{Sheet, Show};
use crate::tag::{Tagged, Tagger};
use clap::Args;
use serde_json::Value;
use std::io::Write;

/// Tag every comment of a file: language, sentiment, emotions, NEV, themes
#[derive(Args, Debug)]
pub struct Tag {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    tagging: Tagging,
    #[command(flatten)]
    output: Output,
}

/// The columns of the forms that have columns.
const COLUMNS: [(&str, Show); 12] = [
    ("id", Show::Text),
    ("lang", Show::Text),
    ("sentiment", Show::Word),
    ("score", Show::Points),
    ("nev", Show::Count),
    ("expressed", Show::Word),
    ("themes", Show::Text),
    ("nps", Show::Count),
    ("csat", Show::Count),
    ("ces", Show::Count),
    ("date", Show::Text),
    ("text", Show::Text),
];

impl Tag {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let (plan, tagger) = self.tagging.prepare(&self.input)?;
        let form = self.output.form();
        let mut out = Destination::open(self.output.output.as_deref())?;
        let mut header = true;
        let mut sink = |batch: Vec<Tagged>| {
            if form == Format::Jsonl {
                return lines(&batch, &tagger, &mut out);
            }
            let sheet = sheet(&batch, &tagger, shell);
            if form == Format::Table {
                let text = sheet.to_table(&shell.locale, super::output::terminal_width());
                return writeln!(out, "{text}").map_err(failed);
            }
            let mut csv = Vec::new();
            sheet.to_csv(&mut csv)?;
            let first = csv
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            let from = if std::mem::take(&mut header) {
                0
            } else {
                first
            };
            out.write_all(&csv[from..]).map_err(failed)
        };
        let ran = self
            .tagging
            .run(&self.input, &plan, &tagger, shell, &mut sink)?;
        out.finish()?;
        self.tagging.allow(&ran)
    }
}

fn lines(batch: &[Tagged], tagger: &Tagger, out: &mut Destination) -> Result<()> {
    // A whole line at a time: serde writes some bytes at a time.
    let mut line = Vec::new();
    for tagged in batch {
        line.clear();
        let record = Record::new(tagged, tagger.taxonomy());
        serde_json::to_writer(&mut line, &record)
            .map_err(|error| Error::input("a record has no JSON form").caused_by(error))?;
        line.push(b'\n');
        out.write_all(&line).map_err(failed)?;
    }
    Ok(())
}

fn sheet(batch: &[Tagged], tagger: &Tagger, shell: &Shell) -> Sheet {
    let mut sheet = Sheet::new(&shell.locale, &COLUMNS);
    sheet.rows.extend(batch.iter().map(|tagged| {
        let record = Record::new(tagged, tagger.taxonomy());
        let expressed = record.expressed.iter();
        let expressed: Vec<String> = expressed.map(|one| one.name().to_owned()).collect();
        let mut themes: Vec<String> = Vec::new();
        for mention in &record.mentions {
            let theme = format!("{}:{}", mention.theme, mention.sentiment.name());
            if !themes.contains(&theme) {
                themes.push(theme);
            }
        }
        let listed = |parts: Vec<String>| {
            if parts.is_empty() {
                Value::Null
            } else {
                parts.into()
            }
        };
        vec![
            Value::from(&*record.id),
            Value::from(&*record.lang.code),
            record
                .sentiment
                .map_or(Value::Null, |sentiment| sentiment.label.name().into()),
            record
                .sentiment
                .map_or(Value::Null, |sentiment| sentiment.score.into()),
            record.nev.map_or(Value::Null, Value::from),
            listed(expressed),
            listed(themes),
            record.scores.nps.map_or(Value::Null, Value::from),
            record.scores.csat.map_or(Value::Null, Value::from),
            record.scores.ces.map_or(Value::Null, Value::from),
            record
                .date
                .map_or(Value::Null, |day| day.to_string().into()),
            Value::from(&*record.text),
        ]
    }));
    sheet
}
