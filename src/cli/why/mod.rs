//! `voz why`: why a score moved from one period, or one segment, to another.

mod flat;
mod table;

pub use flat::chance;

use super::Shell;
use super::aggregate::parse_measure;
use super::output::{Destination, Format, Output, failed};
use super::selection::{self, Selection};
use crate::driver::contribution::{Contribution, Slice};
use crate::driver::{Counted, Why as Moved};
use crate::error::{Error, Result};
use crate::index::{FieldKind, Index, Query, Survey};
use crate::lang::Lang;
use crate::locale::Locale;
use crate::measure::Measure;
use crate::tally::HIDDEN_BELOW;
use crate::text::fold;
use clap::Args;
use std::io::Write;

/// Show why a score moved: drivers, segments and themes that account for the change
#[derive(Args, Debug)]
pub struct Why {
    #[command(flatten)]
    selection: Selection,
    /// Where it was: a period (2026, 2026-09, 2026-W37, 2026-09-01..2026-09-15) or a query (channel:app)
    #[arg(long, value_name = "PERIOD")]
    from: String,
    /// Where it is now: a period or a query
    #[arg(long, value_name = "PERIOD")]
    to: String,
    /// The score: nps, csat, ces, nev or sentiment; the first of nps, csat, ces and sentiment that there is unless given
    #[arg(long = "on", alias = "measure", value_name = "MEASURE", value_parser = parse_measure)]
    measure: Option<Measure>,
    /// Split by this field, again for another; by every field of 2 to 50 values unless given
    #[arg(long, value_name = "FIELD")]
    by: Vec<String>,
    /// A field that the change is not split by, again for another
    #[arg(long, value_name = "FIELD", conflicts_with = "by")]
    without: Vec<String>,
    #[command(flatten)]
    output: Output,
}

/// What is printed: the change, and the names in it.
struct Told<'t> {
    why: &'t Moved,
    index: &'t Index,
    locale: &'t Locale,
    measure: Measure,
    /// The periods as written.
    periods: [&'t str; 2],
    /// The names of the fields counted.
    fields: Vec<&'t str>,
    /// True when the fields were asked for.
    is_asked: bool,
}

impl Why {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let index = self.selection.open()?;
        let selected = self.selection.found(&index)?;
        let side = |written: &str| -> Result<Query> {
            let query = group(written)?;
            index.matched(&query, written)?;
            let query = selected.clone().and(query);
            index.matched(&query, &format!("{} {written}", self.selection.written()))?;
            Ok(query)
        };
        let (from, to) = (side(&self.from)?, side(&self.to)?);
        self.keep_apart(&index, &from, &to)?;
        let either = Query::Or(vec![from.clone(), to.clone()]);
        let measure = selection::measure(&index, &either, self.measure)?;
        let fields = self.fields(&index)?;
        let survey = Survey {
            measure,
            fields: &fields,
            named: None,
            silent: true,
        };
        let before = counted(&index, &from, &survey, &self.from)?;
        let after = counted(&index, &to, &survey, &self.to)?;
        for (at, field) in self.by.iter().enumerate() {
            if before.fields[at].too_many || after.fields[at].too_many {
                return Err(
                    Error::usage(format!("`{field}` has more than 50 values here")).hint(
                        "split by a field of fewer values, or select a part first with --where",
                    ),
                );
            }
        }
        let why = Moved::of(&before, &after, !self.by.is_empty())
            .ok_or_else(|| too_few(&self.to, measure))?;
        let told = Told {
            why: &why,
            index: &index,
            locale: &shell.locale,
            measure,
            periods: [&self.from, &self.to],
            fields: fields.iter().map(|at| &*index.fields()[*at].name).collect(),
            is_asked: !self.by.is_empty(),
        };
        self.write(&told)
    }

    fn write(&self, told: &Told<'_>) -> Result<()> {
        let form = self.output.checked_form()?;
        let mut out = Destination::open(self.output.output.as_deref())?;
        match form {
            Format::Table => writeln!(out, "{}", table::text(told)).map_err(failed)?,
            Format::Jsonl => {
                for line in flat::objects(told) {
                    writeln!(out, "{line}").map_err(failed)?;
                }
            }
            Format::Csv => flat::sheet(told).to_csv(self.output.flavour(), &mut out)?,
            Format::Xlsx => flat::sheet(told).to_xlsx(told.locale, &mut out)?,
        }
        out.finish()
    }

    /// The test compares groups that share no comment.
    fn keep_apart(&self, index: &Index, from: &Query, to: &Query) -> Result<()> {
        let both = index.count(&from.clone().and(to.clone()))?;
        if both == 0 {
            return Ok(());
        }
        let what = format!(
            "`{}` and `{}` share {both} comments: what is in both cannot tell them apart",
            self.from, self.to
        );
        Err(Error::usage(what).hint("choose periods or segments that do not overlap"))
    }

    fn fields(&self, index: &Index) -> Result<Vec<usize>> {
        if self.by.is_empty() {
            let without = selection::fields(index, &self.without)?;
            let mut fields = index.segment_fields();
            fields.retain(|at| !without.contains(at));
            return Ok(fields);
        }
        let number = |name: &String| {
            let at = index.field(name)?;
            if index.fields()[at].kind == FieldKind::Number {
                return Err(
                    Error::usage(format!("`{name}` holds numbers, not segments"))
                        .hint("split by a field of text or yes/no"),
                );
            }
            Ok(at)
        };
        self.by.iter().map(number).collect()
    }
}

fn counted(index: &Index, query: &Query, survey: &Survey<'_>, written: &str) -> Result<Counted> {
    let counted = index.survey(query, survey)?;
    if counted.votes.total().n() < HIDDEN_BELOW {
        return Err(too_few(written, survey.measure));
    }
    Ok(counted)
}

fn too_few(written: &str, measure: Measure) -> Error {
    let name = measure.name();
    Error::usage(format!("fewer than {HIDDEN_BELOW} comments of `{written}` have a {name} score")).hint(
        "ask for a longer period or a larger segment, or for another score with --on; `voz aggregate --by month` shows what there is",
    )
}

/// The months in both languages, folded: as words of a query they are no periods.
const MONTHS: [&str; 24] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A period, or whatever query.
fn group(written: &str) -> Result<Query> {
    let first = written.split_whitespace().next().map(fold);
    if let Some(at) = first.and_then(|word| MONTHS.iter().position(|month| word == *month)) {
        let month = at % 12 + 1;
        return Err(Error::usage(format!(
            "`{written}` would be looked for as words: a period is written in numbers"
        ))
        .hint(format!(
            "a month is 2026-{month:02}, several are 2026-{month:02}..2026-12; to look for the word, quote it: '\"{written}\"'"
        )));
    }
    Ok(match Query::period(written)? {
        Some(period) => period,
        None => Query::parse(written)?,
    })
}

/// A part of a split, in JSON and CSV: those who belong to none, and small parts taken together.
const WITHOUT: &str = "(none)";
const SMALL: &str = "(small)";

impl Told<'_> {
    fn driver_id(&self, row: &Contribution<u16>) -> &str {
        match row.shift.part {
            Slice::Of(at) => &self.index.drivers()[usize::from(at)].id,
            Slice::Small => SMALL,
            Slice::Without => WITHOUT,
        }
    }

    fn driver_name(&self, row: &Contribution<u16>) -> &str {
        match row.shift.part {
            Slice::Of(at) => {
                let driver = &self.index.drivers()[usize::from(at)];
                self.named(&driver.es, &driver.en)
            }
            Slice::Small => self.locale.text("why.small"),
            Slice::Without => self.locale.text("why.no_driver"),
        }
    }

    fn theme_name(&self, theme: u16) -> &str {
        let theme = &self.index.themes()[usize::from(theme)];
        self.named(&theme.es, &theme.en)
    }

    fn named<'n>(&self, es: &'n str, en: &'n str) -> &'n str {
        if self.locale.lang() == Lang::Es {
            es
        } else {
            en
        }
    }
}

/// The name of a value.
fn value(row: &Contribution<String>) -> &str {
    match &row.shift.part {
        Slice::Of(value) => value,
        Slice::Small => SMALL,
        Slice::Without => WITHOUT,
    }
}

/// A net score of a part; `None` when too few are behind it to show.
fn shown(net: Option<f64>, n: u64) -> Option<f64> {
    net.filter(|_| n >= HIDDEN_BELOW)
}
