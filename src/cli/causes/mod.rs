//! `voz causes`: from a group, such as detractors, down to its root causes.

mod below;
mod find;
mod flat;
mod tree;
mod words;

pub use below::{Below, below};

use super::Shell;
use super::aggregate::parse_measure;
use super::drivers::Mentions;
use super::output::{Destination, Format, Output, failed};
use super::selection::{self, Selection};
use crate::error::{Error, Result};
use crate::index::{By, Index, Query};
use crate::locale::Locale;
use crate::measure::{Measure, Vote};
use crate::sentiment::Polarity;
use clap::{Args, ValueEnum};
use find::Found;
use std::io::Write;

/// Show the root causes of a group: its drivers, where they are concentrated, what goes with them
#[derive(Args, Debug)]
pub struct Causes {
    #[command(flatten)]
    selection: Selection,
    /// The score, whose votes of -1 are the group: nps, csat, ces or sentiment; the first of these that there is unless given
    #[arg(long = "on", alias = "measure", value_name = "MEASURE", value_parser = parse_measure)]
    measure: Option<Measure>,
    /// The group, by a band of the NPS; detractors unless given
    #[arg(long, value_enum, value_name = "BAND")]
    band: Option<Band>,
    /// The group, by a query; everything else that is selected is what it is held against
    #[arg(long, value_name = "QUERY", conflicts_with = "band")]
    group: Option<String>,
    /// Which mentions make a verbatim name a driver: positive for promoters, else negative unless given
    #[arg(long, value_enum, value_name = "SENTIMENT")]
    named: Option<Mentions>,
    /// Drivers to go into
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=20))]
    top: u16,
    /// Quotes, and causes in customers' words, of each driver
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(0..=20))]
    quotes: u16,
    /// A field that is no place and goes with nothing, again for another
    #[arg(long, value_name = "FIELD")]
    without: Vec<String>,
    #[command(flatten)]
    output: Output,
}

/// A band of customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Band {
    /// -1: 0 to 6 of the NPS
    Detractor,
    /// 0: 7 and 8 of the NPS
    Passive,
    /// +1: 9 and 10 of the NPS
    Promoter,
    /// 0 to 3 of the NPS
    Superdetractor,
}

/// Superdetractors give at most this NPS; no accepted range exists, so it is printed.
const SUPERDETRACTOR: u8 = 3;

/// What is asked of a group.
#[derive(Clone, Copy)]
struct Asked<'a> {
    measure: Measure,
    /// Fields left out, by their positions.
    without: &'a [usize],
    /// Drivers to go into.
    top: usize,
    /// Quotes and reasons of each.
    quotes: usize,
}

/// A group and what it is held against, inside the selection.
struct Group {
    query: Query,
    rest: Query,
    /// How the group is told: a range of scores, or the query.
    range: String,
    /// The word for a band.
    band: Option<&'static str>,
    named: Option<Polarity>,
}

impl Band {
    fn name(self) -> &'static str {
        match self {
            Self::Detractor => "detractor",
            Self::Passive => "passive",
            Self::Promoter => "promoter",
            Self::Superdetractor => "superdetractor",
        }
    }
}

impl Causes {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let index = self.selection.open()?;
        let selected = self.selection.found(&index)?;
        let measure = self.measure(&index, &selected)?;
        let group = self.group(&index, selected, measure)?;
        let without = selection::fields(&index, &self.without)?;
        let asked = Asked {
            measure,
            without: &without,
            top: self.top.into(),
            quotes: self.quotes.into(),
        };
        let found = find::find(asked, &index, &group)?;
        let told = Told {
            found: &found,
            group: &group,
            index: &index,
            locale: &shell.locale,
            measure,
            top: asked.top,
        };
        let form = self.output.checked_form()?;
        let mut out = Destination::open(self.output.output.as_deref())?;
        match form {
            Format::Table => writeln!(out, "{}", tree::text(&told)).map_err(failed)?,
            Format::Jsonl => {
                for object in flat::objects(&told) {
                    writeln!(out, "{object}").map_err(failed)?;
                }
            }
            Format::Csv => flat::sheet(&told).to_csv(self.output.flavour(), &mut out)?,
            Format::Xlsx => flat::sheet(&told).to_xlsx(told.locale, &mut out)?,
        }
        out.finish()
    }

    /// The score that is asked for; a band asks for the NPS.
    fn measure(&self, index: &Index, selected: &Query) -> Result<Measure> {
        match (self.band, self.measure) {
            (None, asked) => selection::measure(index, selected, asked),
            (Some(band), None) => {
                let votes = index
                    .aggregate(selected, &By::All)?
                    .total
                    .tally(Measure::Nps);
                if votes.n() == 0 {
                    return Err(not_of(band, selection::measure(index, selected, None)?));
                }
                Ok(Measure::Nps)
            }
            (Some(_), Some(Measure::Nps)) => Ok(Measure::Nps),
            (Some(band), Some(other)) => Err(not_of(band, other)),
        }
    }

    fn group(&self, index: &Index, selected: Query, measure: Measure) -> Result<Group> {
        if let Some(written) = &self.group {
            let query = Query::parse(written)?;
            return Ok(Group {
                rest: selected.clone().and(not(&query)),
                query: selected.and(query),
                range: format!("`{written}`"),
                band: None,
                named: named(self.named, Vote::Minus),
            });
        }
        let band = self.band.unwrap_or(Band::Detractor);
        banded(index, selected, band, measure, self.named)
    }
}

/// A band of the NPS where another score is asked for.
fn not_of(band: Band, measure: Measure) -> Error {
    let (scores, feeling) = match band {
        Band::Promoter => ("4..", "positive"),
        Band::Passive => ("3", "neutral"),
        Band::Detractor | Band::Superdetractor => ("..2", "negative"),
    };
    let ask = match measure {
        Measure::Nps => "--group nps:0..6".to_owned(),
        Measure::Csat | Measure::Ces => format!("--group {}:{scores}", measure.name()),
        Measure::Nev | Measure::Sentiment => format!("--group sentiment:{feeling}"),
    };
    let (band, measure) = (band.name(), measure.name());
    Error::usage(format!("{band} is a band of the NPS, not of {measure}")).hint(format!(
        "leave --band out for those who vote -1 for {measure}, or say which group is meant, as in {ask}"
    ))
}

/// Everything outside a query.
fn not(query: &Query) -> Query {
    Query::Not(Box::new(query.clone()))
}

/// Complaints cause detractors, praise causes promoters.
fn named(asked: Option<Mentions>, vote: Vote) -> Option<Polarity> {
    match (asked, vote) {
        (Some(Mentions::Any), _) => None,
        (Some(Mentions::Positive), _) | (None, Vote::Plus) => Some(Polarity::Positive),
        (Some(Mentions::Negative) | None, _) => Some(Polarity::Negative),
    }
}

/// A band inside a selection.
fn banded(
    index: &Index,
    selected: Query,
    band: Band,
    measure: Measure,
    mentions: Option<Mentions>,
) -> Result<Group> {
    let (voters, vote) = match (band, measure) {
        (Band::Superdetractor, Measure::Nps) => {
            (Some(index.superdetractors(SUPERDETRACTOR)), Vote::Minus)
        }
        (Band::Superdetractor, other) => return Err(not_of(band, other)),
        (Band::Detractor, measure) => (index.voters(measure, Vote::Minus), Vote::Minus),
        (Band::Passive, measure) => (index.voters(measure, Vote::Zero), Vote::Zero),
        (Band::Promoter, measure) => (index.voters(measure, Vote::Plus), Vote::Plus),
    };
    let voters = voters.ok_or_else(|| {
        Error::usage("no query asks for the votes of nev")
            .hint("say which group is meant, as in --group emotion:anger")
    })?;
    let both = selected.and(voters.all);
    Ok(Group {
        rest: both.clone().and(not(&voters.query)),
        query: both.clone().and(voters.query),
        range: voters.range,
        band: Some(if measure == Measure::Nps {
            band.name()
        } else {
            "unhappy"
        }),
        named: named(mentions, vote),
    })
}

/// What is printed: what was found, and the names in it.
struct Told<'t> {
    found: &'t Found,
    group: &'t Group,
    index: &'t Index,
    locale: &'t Locale,
    measure: Measure,
    top: usize,
}

impl Told<'_> {
    /// The name of a field of segments, and of one of its values.
    fn place(&self, field: usize, value: usize) -> (&str, &str) {
        let (at, values) = &self.found.fields[field];
        (&self.index.fields()[*at].name, &values[value])
    }

    /// The name of a field of numbers.
    fn number(&self, field: usize) -> &str {
        &self.index.fields()[self.found.numbers[field].field].name
    }

    /// True for a field of yes or no.
    fn is_yes_or_no(&self, field: usize) -> bool {
        self.found.numbers[field].is_yes_or_no
    }

    fn name<'n>(&self, es: &'n str, en: &'n str) -> &'n str {
        if self.locale.lang() == crate::lang::Lang::Es {
            es
        } else {
            en
        }
    }

    /// `minutes ≥ 20`, `sla_met = false`.
    fn condition(&self, one: &crate::driver::threshold::Threshold) -> String {
        let field = self.number(one.field);
        if self.is_yes_or_no(one.field) {
            return format!("{field} = {}", one.from);
        }
        let sign = if one.from { "≥" } else { "<" };
        format!("{field} {sign} {}", one.value)
    }
}
