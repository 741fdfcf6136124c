//! `voz drivers`: what moves a score, and how sure that is.

use super::Shell;
use super::aggregate::{parse_measure, rounded};
use super::output::{Format, Output};
use super::selection::Selection;
use crate::driver::{Accumulator, Analysis, Row, Side};
use crate::error::{Error, Result};
use crate::index::{Index, Query};
use crate::lang::Lang;
use crate::locale::Locale;
use crate::measure::Measure;
use crate::report::{Sheet, Show};
use crate::sentiment::Polarity;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

/// Rank the drivers of a score by their impact, with intervals
#[derive(Args, Debug)]
pub struct Drivers {
    #[command(flatten)]
    selection: Selection,
    /// The score: nps, csat, ces, nev or sentiment
    #[arg(long = "on", alias = "measure", value_name = "MEASURE", default_value = "nps", value_parser = parse_measure)]
    measure: Measure,
    /// A row for each theme instead of each driver
    #[arg(long)]
    themes: bool,
    /// Which mentions make a verbatim name a driver
    #[arg(long, value_enum, value_name = "SENTIMENT", default_value = "any")]
    named: Mentions,
    #[command(flatten)]
    output: Output,
}

/// Which mentions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mentions {
    /// Every mention
    Any,
    /// Mentions in a negative clause
    Negative,
    /// Mentions in a positive clause
    Positive,
}

/// The seed of sampled Shapley values: printed figures must not change from run to run.
const SEED: u64 = 7;

impl Drivers {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let index = self.selection.open()?;
        let query = self.selection.query()?;
        let analysis = analyse(&index, &query, self.measure, self.named)?;
        let rows = if self.themes {
            &analysis.themes
        } else {
            &analysis.drivers
        };
        let sheet = sheet(rows, &index, &shell.locale);
        self.output.sheet(&sheet, shell)?;
        if self.output.form() == Format::Table {
            shell.say(&footnote(&analysis, self.measure, &shell.locale));
        }
        Ok(())
    }
}

/// The analysis of what a query finds.
pub fn analyse(
    index: &Index,
    query: &Query,
    measure: Measure,
    named: Mentions,
) -> Result<Analysis> {
    let mut counted = Accumulator::default();
    let mut chosen = Vec::new();
    index.observations(query, measure, |vote, mentions| {
        chosen.clear();
        chosen.extend(mentions.iter().copied().filter(|mention| match named {
            Mentions::Any => true,
            Mentions::Negative => mention.polarity == Polarity::Negative,
            Mentions::Positive => mention.polarity == Polarity::Positive,
        }));
        counted.add(vote, &chosen);
    })?;
    if counted.total().n() == 0 {
        return Err(Error::usage(format!("no comment found has a {} score", measure.name())).hint(
            "ask for another score with --on, or index a file whose scores are recognised: `voz peek FILE`",
        ));
    }
    Ok(Analysis::of(&counted, SEED))
}

/// The rows of an analysis as a sheet.
pub fn sheet(rows: &[Row], index: &Index, locale: &Locale) -> Sheet {
    let columns = [
        ("driver", Show::Never),
        ("theme", Show::Never),
        ("name", Show::Text),
        ("area", Show::Word),
        ("n", Show::Count),
        ("share", Show::Percent),
        ("impact", Show::Points),
        ("low", Show::Points),
        ("high", Show::Points),
        ("q", Show::Never),
        ("significant", Show::Never),
        ("side", Show::Word),
        ("recoverable", Show::Points),
        ("sole", Show::Points),
        ("shapley", Show::Points),
        ("net_with", Show::Points),
        ("net_without", Show::Points),
        ("mentions", Show::Never),
        ("kind", Show::Never),
        ("indicative", Show::Never),
        ("counts", Show::Never),
    ];
    let mut sheet = Sheet::new(locale, &columns);
    sheet
        .rows
        .extend(rows.iter().map(|row| cells(row, index, locale)));
    sheet
}

fn cells(row: &Row, index: &Index, locale: &Locale) -> Vec<Value> {
    let driver = &index.drivers()[row.driver as usize];
    let theme = row.theme.map(|theme| &index.themes()[theme as usize]);
    let spanish = locale.lang() == Lang::Es;
    let name = match theme {
        Some(theme) => {
            if spanish {
                &theme.es
            } else {
                &theme.en
            }
        }
        None => {
            if spanish {
                &driver.es
            } else {
                &driver.en
            }
        }
    };
    let number = |value: Option<f64>| value.map_or(Value::Null, |value| rounded(value).into());
    let impact = row.impact.as_ref();
    let kind = row.asymmetry.as_ref().and_then(|asymmetry| asymmetry.kind);
    vec![
        Value::from(&*driver.id),
        theme.map_or(Value::Null, |theme| Value::from(&*theme.id)),
        Value::from(name.as_str()),
        Value::from(driver.area.name()),
        row.n.into(),
        rounded(row.share).into(),
        number(impact.map(|impact| impact.impact)),
        number(impact.map(|impact| impact.low)),
        number(impact.map(|impact| impact.high)),
        number(row.q),
        row.is_significant().into(),
        effect(row).into(),
        number(impact.map(|impact| impact.recoverable)),
        number(Some(row.sole)),
        number(row.shapley.as_ref().map(|share| share.value)),
        number(impact.map(|impact| impact.net_with)),
        number(impact.map(|impact| impact.net_without)),
        json!({
            "negative": row.mentions[0],
            "neutral": row.mentions[1],
            "positive": row.mentions[2],
        }),
        kind.map_or(Value::Null, |kind| json!(kind)),
        row.indicative.into(),
        impact.map_or(
            Value::Null,
            |impact| json!({ "with": impact.with, "without": impact.without }),
        ),
    ]
}

/// Whether it certainly hurts, certainly delights, or may do neither: its own interval and the
/// correction for all the rows tested beside it must agree.
fn effect(row: &Row) -> &'static str {
    match row.side() {
        Side::RootCause if row.is_certain() && row.is_significant() => "hurts",
        Side::Delight if row.is_certain() && row.is_significant() => "delights",
        _ => "open",
    }
}

/// How the table is to be read.
pub fn footnote(analysis: &Analysis, measure: Measure, locale: &Locale) -> String {
    let summary = analysis.total.summary(measure);
    let net = summary
        .net
        .map_or_else(|| "–".to_owned(), |net| locale.number(net, 1));
    locale.fill(
        "drivers.footnote",
        &[
            ("definition", &measure.definition()),
            ("net", &net),
            ("n", &locale.count(summary.n)),
            ("hidden", &analysis.hidden),
        ],
    )
}
