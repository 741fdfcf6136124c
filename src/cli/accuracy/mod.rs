//! Accuracy as people and programs read it: a block for each set and task, or the summary of a card.

mod block;
mod flat;
mod summary;

use super::Shell;
use super::output::{Destination, Format, Output, failed};
use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::eval::Measured;
use crate::locale::Locale;
use crate::model::{Accuracy, Interval, LabelAccuracy};
use crate::report::Sheet;
use crate::sentiment::Polarity;
use serde::Serialize;
use serde_json::Value;
use std::io::Write;

/// Writes what was measured of `model`: blocks for people, else everything.
pub fn write_measured(
    model: &str,
    measured: &[Measured],
    output: &Output,
    shell: &Shell,
) -> Result<()> {
    let form = output.checked_form()?;
    let mut out = Destination::open(output.output.as_deref())?;
    match form {
        Format::Table => {
            let text = block::blocks(model, measured, &shell.locale);
            writeln!(out, "{text}").map_err(failed)?;
        }
        Format::Jsonl => {
            for one in measured {
                line(&mut out, &Modelled { model, one })?;
            }
        }
        Format::Csv | Format::Xlsx => {
            let rows = measured.iter();
            let rows = rows.map(|one| (&one.accuracy, one.against.as_ref()));
            flat_form(&flat::sheet(rows, &shell.locale), output, shell, &mut out)?;
        }
    }
    out.finish()
}

/// Writes the accuracy of a card: a summary for people, else everything.
pub fn write_card(accuracy: &[Accuracy], output: &Output, shell: &Shell) -> Result<()> {
    let form = output.checked_form()?;
    let mut out = Destination::open(output.output.as_deref())?;
    match form {
        Format::Table => {
            let text = summary::summary(accuracy, &shell.locale);
            writeln!(out, "{text}").map_err(failed)?;
        }
        Format::Jsonl => {
            for one in accuracy {
                line(&mut out, one)?;
            }
        }
        Format::Csv | Format::Xlsx => {
            let rows = accuracy.iter().map(|one| (one, None));
            flat_form(&flat::sheet(rows, &shell.locale), output, shell, &mut out)?;
        }
    }
    out.finish()
}

fn flat_form(sheet: &Sheet, output: &Output, shell: &Shell, out: &mut Destination) -> Result<()> {
    if output.form() == Format::Xlsx {
        return sheet.to_xlsx(&shell.locale, out);
    }
    sheet.to_csv(output.flavour(), out)
}

/// What was measured, with the model it was measured of.
#[derive(Serialize)]
struct Modelled<'m> {
    model: &'m str,
    #[serde(flatten)]
    one: &'m Measured,
}

fn line(out: &mut Destination, object: &impl Serialize) -> Result<()> {
    let json = serde_json::to_string(object)
        .map_err(|error| Error::model("a figure has no JSON form").caused_by(error))?;
    writeln!(out, "{json}").map_err(failed)
}

/// The labels in the order of the crate's lists.
fn in_order(accuracy: &Accuracy) -> Vec<(&'static str, &LabelAccuracy)> {
    let polarities = Polarity::ALL.into_iter().map(Polarity::name);
    let emotions = Emotion::ALL.into_iter().map(Emotion::name);
    let names = polarities.chain(emotions);
    let found = names.filter_map(|name| Some((name, accuracy.labels.get(name)?)));
    found.collect()
}

/// The word for a label in the reader's language.
pub fn label_word<'l>(label: &'l str, locale: &'l Locale) -> &'l str {
    if Polarity::parse(label).is_some() {
        locale.word("sentiment", label)
    } else {
        locale.word("expressed", label)
    }
}

fn cell(figure: Option<f64>) -> Value {
    figure.map_or(Value::Null, Value::from)
}

/// The ends of an interval.
fn ends(interval: Option<Interval>) -> [Value; 2] {
    let low = interval.map(|interval| interval.low);
    [cell(low), cell(interval.map(|interval| interval.high))]
}

fn unread(accuracy: &Accuracy) -> u64 {
    accuracy.unread.values().sum()
}

fn percent(share: f64, locale: &Locale) -> String {
    format!("{} %", locale.number(100.0 * share, 1))
}
