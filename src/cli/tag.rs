//! `voz tag`: what is found in every comment of a file, without an index.

use super::Shell;
use super::input::{Input, Tagging};
use super::join::Joining;
use super::output::{Destination, Format, Output, failed};
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::record::Record;
use crate::report::{Sheet, Show};
use crate::tag::Tagged;
use clap::Args;
use serde_json::Value;
use std::io::Write;

/// Tag every comment of a file: language, sentiment, emotions, NEV, themes
#[derive(Args, Debug)]
pub struct Tag {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    tagging: Tagging,
    #[command(flatten)]
    joining: Joining,
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
        let form = self.output.checked_form()?;
        let (plans, tagger) = self.tagging.prepare(&self.input)?;
        let mut joins = self.joining.open(&plans, &self.tagging)?;
        let mut out = Destination::open(self.output.output.as_deref())?;
        let mut sheet = columns(&shell.locale);
        if form == Format::Csv {
            sheet.to_csv(&mut out)?;
        }
        let mut sink = |batch: Vec<Tagged>| {
            let records = batch
                .iter()
                .map(|tagged| Record::new(tagged, tagger.taxonomy()));
            if form == Format::Jsonl {
                return lines(records, &mut out);
            }
            // A workbook is written whole.
            if form != Format::Xlsx {
                sheet.rows.clear();
            }
            sheet.rows.extend(records.map(|record| row(&record)));
            match form {
                Format::Table => {
                    let text = sheet.to_table(&shell.locale, super::output::terminal_width());
                    writeln!(out, "{text}").map_err(failed)
                }
                Format::Csv => sheet.to_csv_rows(&mut out),
                Format::Jsonl | Format::Xlsx => Ok(()),
            }
        };
        let ran = self
            .tagging
            .run_joined(&plans, &mut joins, &tagger, shell, &mut sink)?
            .total();
        if form == Format::Xlsx {
            sheet.to_xlsx(&shell.locale, &mut out)?;
        }
        out.finish()?;
        self.tagging.allow(&ran)
    }
}

fn lines<'r>(records: impl Iterator<Item = Record<'r>>, out: &mut Destination) -> Result<()> {
    let mut bytes = Vec::new();
    for record in records {
        bytes.clear();
        line(&record, &mut bytes)?;
        out.write_all(&bytes).map_err(failed)?;
    }
    Ok(())
}

/// Adds a record to `bytes` as a line of JSON: a whole line at a time, for serde writes some bytes at a
/// time.
pub fn line(record: &Record<'_>, bytes: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(&mut *bytes, record)
        .map_err(|error| Error::input("a record has no JSON form").caused_by(error))?;
    bytes.push(b'\n');
    Ok(())
}

/// The first line of the results as CSV.
pub fn header() -> String {
    COLUMNS.map(|(key, _)| key).join(",")
}

/// An empty sheet of comments.
pub fn columns(locale: &Locale) -> Sheet {
    Sheet::new(locale, &COLUMNS)
}

/// The cells of a comment.
pub fn row(record: &Record<'_>) -> Vec<Value> {
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
    let feeling = record.sentiment.as_ref();
    vec![
        Value::from(&*record.id),
        Value::from(&*record.lang.code),
        feeling.map_or(Value::Null, |feeling| feeling.label.name().into()),
        feeling.map_or(Value::Null, |feeling| feeling.score.into()),
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
}
