//! `voz aggregate`: the scores of every group of comments.

use super::Shell;
use super::output::Output;
use super::selection::Selection;
use crate::error::{Error, Result};
use crate::index::{By, Figures, Index, Query};
use crate::locale::Locale;
use crate::measure::Measure;
use crate::report::{Sheet, Show};
use crate::tally::Summary;
use clap::Args;
use serde_json::Value;

/// Show the scores of each group of comments, with intervals
#[derive(Args, Debug)]
pub struct Aggregate {
    #[command(flatten)]
    selection: Selection,
    /// What makes the groups: a field, band, theme, driver, emotion, sentiment, lang, month or week
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    /// Measures, separated by commas: nps, csat, ces, nev (with nev.adjusted), sentiment; all unless given
    #[arg(long, value_name = "MEASURES", value_delimiter = ',', value_parser = parse_measure)]
    measure: Vec<Measure>,
    #[command(flatten)]
    output: Output,
}

/// A measure by its name.
pub fn parse_measure(name: &str) -> std::result::Result<Measure, String> {
    let names: Vec<&str> = Measure::ALL.iter().map(|measure| measure.name()).collect();
    Measure::parse(name).ok_or_else(|| format!("the measures are {}", names.join(", ")))
}

impl Aggregate {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let index = self.selection.open()?;
        let measures = if self.measure.is_empty() {
            &Measure::ALL[..]
        } else {
            &self.measure
        };
        let query = self.selection.query()?;
        let mut sheet = groups(&index, &query, self.by.as_deref(), measures, &shell.locale)?;
        if self.measure.contains(&Measure::Nev) {
            self.adjust(&index, &query, &mut sheet)?;
        }
        self.output.sheet(&sheet, shell)
    }
}

impl Aggregate {
    /// Puts the corrected Net Emotional Value below each plain one. It is shown to those who ask for
    /// NEV alone: on comments that are misread in other ways than the labelled texts were, it is no
    /// nearer to the truth.
    fn adjust(&self, index: &Index, query: &Query, sheet: &mut Sheet) -> Result<()> {
        let by = self.by.as_deref().map_or(By::All, By::parse);
        let aggregate = index.aggregate(query, &by)?;
        let adjusted = |row: &Vec<Value>| {
            let is_nev = row.get(1)?.as_str()? == Measure::Nev.name();
            let group = aggregate.groups.iter().find(|one| row[0] == *one.group)?;
            let found = index.nev_adjusted(&group.figures).filter(|_| is_nev)?;
            Some(cells(&group.group, found.definition, &found, None))
        };
        let rows = std::mem::take(&mut sheet.rows);
        for row in rows {
            let below = adjusted(&row);
            sheet.rows.push(row);
            sheet.rows.extend(below);
        }
        Ok(())
    }
}

/// The group of all, and of those that belong to none: in JSON and CSV as here.
pub const ALL: &str = "all";
const NO_GROUP: &str = "(none)";

/// The scores of every group that `by` makes, one row per group and measure that has votes.
pub fn groups(
    index: &Index,
    query: &Query,
    by: Option<&str>,
    measures: &[Measure],
    locale: &Locale,
) -> Result<Sheet> {
    let aggregate = index.aggregate(query, &by.map_or(By::All, By::parse))?;
    if index.is_empty() {
        return Err(Error::usage("the index is empty")
            .hint("index a file of comments first: `voz index FILE`"));
    }
    if aggregate.total.n == 0 {
        return Err(Error::usage("the query finds nothing")
            .hint("ask for less: leave out a word or a filter"));
    }
    let mut sheet = sheet(locale);
    for group in &aggregate.groups {
        for measure in measures {
            sheet
                .rows
                .extend(row(&group.group, &group.figures, *measure));
        }
    }
    if by.is_some() && aggregate.absent > 0 {
        let mut absent = vec![NO_GROUP.into(), Value::Null, aggregate.absent.into()];
        absent.resize(sheet.columns.len(), Value::Null);
        sheet.rows.push(absent);
    }
    Ok(sheet)
}

/// An empty sheet of scores.
pub fn sheet(locale: &Locale) -> Sheet {
    let columns = [
        ("group", Show::Word),
        ("measure", Show::Word),
        ("n", Show::Count),
        ("net", Show::Points),
        ("low", Show::Points),
        ("high", Show::Points),
        ("mean", Show::Number),
        ("indicative", Show::Never),
        ("definition", Show::Text),
    ];
    Sheet::new(locale, &columns)
}

/// The row of a measure in a group; none when nobody voted.
pub fn row(group: &str, figures: &Figures, measure: Measure) -> Option<Vec<Value>> {
    let summary = figures.summary(measure);
    let mean = match measure {
        Measure::Csat => figures.csat_mean(),
        Measure::Ces => figures.ces_mean(),
        _ => None,
    };
    (summary.n > 0).then(|| cells(group, measure.name(), &summary, mean))
}

/// The cells of one score.
pub fn cells(group: &str, measure: &str, summary: &Summary, mean: Option<f64>) -> Vec<Value> {
    let number = |value: Option<f64>| value.map_or(Value::Null, |value| rounded(value).into());
    vec![
        group.into(),
        measure.into(),
        summary.n.into(),
        number(summary.net),
        number(summary.low),
        number(summary.high),
        number(mean),
        summary.indicative.into(),
        summary.definition.into(),
    ]
}

/// Four decimals: more than anyone reads, and the same bytes everywhere.
pub fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
