//! From a group down to its causes: what is asked of the index, and put together by driver.

use super::words::{Counter, Word};
use super::{Asked, Group};
use crate::driver::Counted;
use crate::driver::apart::{self, Apart};
use crate::driver::counted::{MOST_VALUES, Values};
use crate::driver::spot::{self, Spot};
use crate::driver::threshold::{self, Threshold};
use crate::error::{Error, Result};
use crate::index::{
    About, Crossing, FieldKind, Filter, Hit, Index, Numeric, Options, Query, Quote, Quoter, Reason,
    Subject, Survey, Taken,
};
use crate::sentiment::Polarity;
use crate::tally::{HIDDEN_BELOW, INDICATIVE_BELOW, Tally};
use std::collections::BTreeSet;

/// Texts whose words are counted, at most: of those who name the driver, and of the rest. Enough for a
/// word of one text in a hundred, few enough to read at once (a guess).
const TEXTS_HERE: usize = 500;
const TEXTS_THERE: usize = 2_000;
/// Above this share of one value a field is nearly constant, and no place (a choice: the rest would
/// be a handful, or how the file was put together).
const CONSTANT: f64 = 0.98;

/// A driver that sets the group apart, and what lies behind it; the lists are empty for those that
/// are not among the top.
pub struct Cause {
    pub driver: Apart,
    pub themes: Vec<Apart>,
    pub spots: Vec<Spot>,
    pub thresholds: Vec<Threshold>,
    pub words: Vec<Word>,
    pub reasons: Vec<Reason>,
    pub quotes: Vec<Quote>,
}

impl Cause {
    /// One that is not among the top.
    fn bare(driver: Apart) -> Self {
        Self {
            driver,
            themes: Vec::new(),
            spots: Vec::new(),
            thresholds: Vec::new(),
            words: Vec::new(),
            reasons: Vec::new(),
            quotes: Vec::new(),
        }
    }
}

/// All that was found.
pub struct Found {
    pub causes: Vec<Cause>,
    /// Of the group and of the rest, how many were analysed.
    pub group: u64,
    pub rest: u64,
    /// Fields and their values, as [`Spot`]s name them; fields, as [`Threshold`]s do.
    pub fields: Vec<(usize, Vec<String>)>,
    pub numbers: Vec<Numeric>,
    /// Fields left out because they only restate the group, and because nearly all have one value.
    pub restating: Vec<String>,
    pub constant: Vec<String>,
    /// Places and thresholds looked at.
    pub looked_at: usize,
    pub tried: usize,
}

impl Found {
    /// The causes to show: the top of those that certainly set the group apart.
    pub fn top(&self, most: usize) -> impl Iterator<Item = &Cause> {
        let certain = self.causes.iter().filter(|cause| cause.driver.is_certain());
        certain.take(most)
    }
}

/// Everything that is known of a group, by driver.
pub fn find(asked: Asked<'_>, index: &Index, group: &Group) -> Result<Found> {
    let asked_by = tested_fields(&group.query);
    let is_free = |at: &usize| {
        let name = index.fields()[*at].name.as_str();
        !asked_by.contains(&name) && !asked.without.contains(at)
    };
    let fields: Vec<usize> = (0..index.fields().len())
        .filter(|at| index.fields()[*at].kind == FieldKind::Text)
        .filter(is_free)
        .collect();
    let survey = Survey {
        measure: asked.measure,
        fields: &fields,
        named: group.named,
        silent: false,
    };
    let counted = (
        index.survey(&group.query, &survey)?,
        index.survey(&group.rest, &survey)?,
    );
    enough(&counted.0, &counted.1, group)?;
    let drivers = apart::drivers(&counted.0, &counted.1);
    let themes = apart::themes(&counted.0, &counted.1);
    let top = drivers
        .iter()
        .filter(|one| one.is_certain())
        .take(asked.top);
    let top: Vec<u16> = top.map(|one| one.at).collect();
    let segments = segments(&fields, &counted);
    let (numbers, constant) = numbers(index, group, &is_free)?;
    let constant = [&segments.constant[..], &constant].concat();
    let names = |fields: &[usize]| -> Vec<String> {
        let names = fields.iter().map(|at| index.fields()[*at].name.clone());
        names.collect()
    };
    let crossing = Crossing {
        drivers: &top,
        named: group.named,
        fields: &segments.kept,
        numbers: &numbers,
    };
    let crossed = index.cross(&group.query, &crossing)?;
    let mut spots = spot::search(&crossed.all, &crossed.grids);
    let (mut thresholds, tried) = threshold::search(&crossed.bins, top.len());
    let mut told = told(asked, index, group, &top)?;
    let certain = |driver: u16| {
        let of_driver = |one: &&Apart| index.themes()[usize::from(one.at)].driver == driver;
        let certain = themes.iter().filter(|one| one.is_certain());
        certain.filter(of_driver).cloned().collect()
    };
    let causes = drivers.into_iter().map(|driver| {
        let Some(at) = top.iter().position(|at| *at == driver.at) else {
            return Cause::bare(driver);
        };
        let (words, reasons, quotes) = std::mem::take(&mut told[at]);
        Cause {
            themes: certain(driver.at),
            spots: std::mem::take(&mut spots.spots[at]),
            thresholds: std::mem::take(&mut thresholds[at]),
            words,
            reasons,
            quotes,
            driver,
        }
    });
    Ok(Found {
        causes: causes.collect(),
        group: counted.0.analysed,
        rest: counted.1.analysed,
        restating: names(&segments.restating),
        fields: segments.kept,
        constant: names(&constant),
        looked_at: spots.looked_at,
        tried,
        numbers,
    })
}

fn enough(group: &Counted, rest: &Counted, asked: &Group) -> Result<()> {
    if group.analysed < HIDDEN_BELOW {
        let n = group.analysed;
        return Err(Error::usage(format!(
            "the group {} has {n} comments that were analysed",
            asked.range
        ))
        .hint("choose a larger group with --band or --group, or select more"));
    }
    if rest.analysed < HIDDEN_BELOW {
        let n = rest.analysed;
        return Err(Error::usage(format!(
            "{n} comments are outside the group {}",
            asked.range
        ))
        .hint("a group is held against the rest: choose a smaller group, or select more"));
    }
    Ok(())
}

/// The names of the fields that a query tests: they do not explain what was chosen by them.
fn tested_fields(query: &Query) -> Vec<&str> {
    match query {
        Query::Filter(Filter::Field(name, _)) => vec![name],
        Query::Not(query) => tested_fields(query),
        Query::And(queries) | Query::Or(queries) => {
            queries.iter().flat_map(tested_fields).collect()
        }
        _ => Vec::new(),
    }
}

/// The fields that can be places.
#[derive(Default)]
struct Segments {
    /// Each with its values.
    kept: Vec<(usize, Vec<String>)>,
    /// Those that only restate the group: each value is all inside or all outside.
    restating: Vec<usize>,
    /// Those in which nearly all of the group have one value.
    constant: Vec<usize>,
}

/// The fields of 2 to 50 values in the group.
fn segments(fields: &[usize], counted: &(Counted, Counted)) -> Segments {
    let mut segments = Segments::default();
    let both = counted.0.fields.iter().zip(&counted.1.fields);
    for (field, (here, there)) in fields.iter().zip(both) {
        if here.too_many || there.too_many {
            continue;
        }
        let votes = |of: &Values, value: &String| of.votes.get(value).map_or(0, Tally::n);
        let values: BTreeSet<&String> = here.votes.keys().chain(there.votes.keys()).collect();
        let (mut n, mut mixed) = (0, 0);
        for value in &values {
            let votes = (votes(here, value), votes(there, value));
            n += votes.0 + votes.1;
            mixed += votes.0.min(votes.1);
        }
        let inside: Vec<u64> = here.votes.values().map(Tally::n).collect();
        let (all, most) = (inside.iter().sum::<u64>(), inside.iter().max());
        if values.len() > 1 && n >= INDICATIVE_BELOW && mixed == 0 {
            segments.restating.push(*field);
        } else if most.is_some_and(|most| *most as f64 > CONSTANT * all as f64) {
            segments.constant.push(*field);
        } else if (2..=MOST_VALUES).contains(&values.len()) {
            segments
                .kept
                .push((*field, values.into_iter().cloned().collect()));
        }
    }
    segments
}

/// The fields of numbers and of yes/no that differ in the group, and those that hardly do.
fn numbers(
    index: &Index,
    group: &Group,
    is_free: &impl Fn(&usize) -> bool,
) -> Result<(Vec<Numeric>, Vec<usize>)> {
    let numbers = index.numerics(&group.query)?.into_iter();
    let numbers = numbers.filter(|one| is_free(&one.field) && one.commonest > 0.0);
    let (kept, constant): (Vec<Numeric>, Vec<Numeric>) =
        numbers.partition(|one| one.commonest <= CONSTANT && !one.thresholds.is_empty());
    Ok((kept, constant.iter().map(|one| one.field).collect()))
}

type Told = (Vec<Word>, Vec<Reason>, Vec<Quote>);

/// The words, reasons and quotes of each of the top drivers.
fn told(asked: Asked<'_>, index: &Index, group: &Group, top: &[u16]) -> Result<Vec<Told>> {
    if top.is_empty() {
        return Ok(Vec::new());
    }
    let about = |at: &u16| About {
        subject: Subject::Driver(*at),
        polarity: group.named,
    };
    let about: Vec<About> = top.iter().map(about).collect();
    let quoter = Quoter::shipped()?;
    let mut taken = Taken::default();
    let quotes = index.quotes(&group.query, &about, asked.quotes, &quoter, &mut taken)?;
    let reasons = index.reasons(&group.query, &about, asked.quotes, &quoter, &mut taken)?;
    let counter = Counter::shipped()?;
    let there = texts(index, &group.rest, TEXTS_THERE)?;
    let mut told = Vec::with_capacity(top.len());
    for ((at, reasons), quotes) in top.iter().zip(reasons).zip(quotes) {
        let here = naming(index, *at, group.named);
        let here = texts(index, &group.query.clone().and(here), TEXTS_HERE)?;
        told.push((counter.words(&here, &there), reasons, quotes));
    }
    Ok(told)
}

fn naming(index: &Index, driver: u16, named: Option<Polarity>) -> Query {
    let id = index.drivers()[usize::from(driver)].id.clone();
    Query::Filter(Filter::Driver(id, named))
}

/// At most so many of what a query finds, in the order of the hashes of their ids.
fn texts(index: &Index, query: &Query, most: usize) -> Result<Vec<Hit>> {
    let options = Options {
        limit: most,
        ..Options::default()
    };
    Ok(index.search(query, &options)?.hits)
}
