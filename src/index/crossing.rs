//! Counting events by the values of fields, by pairs of values, and by where numbers lie: all that a
//! search for where something is concentrated looks at, in one round.

use super::Index;
use super::compile::compile;
use super::facts::mention_of;
use super::failure::guarded;
use super::group::{FieldColumns, Key};
use super::manifest::FieldKind;
use super::query::Query;
use super::scan::Columns;
use crate::driver::spot::Grid;
use crate::driver::threshold::{Bins, thresholds};
use crate::error::Result;
use crate::sentiment::Polarity;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tantivy::SegmentReader;
use tantivy::columnar::Column;
use tantivy::query::Weight;

/// What is to be crossed. An event is to name a driver.
#[derive(Clone, Debug)]
pub struct Crossing<'c> {
    /// The drivers whose events are counted, at most 64.
    pub drivers: &'c [u16],
    /// Mentions with this sentiment only.
    pub named: Option<Polarity>,
    /// Fields by position in [`Index::fields`], each with its values in ascending order.
    pub fields: &'c [(usize, Vec<String>)],
    /// Fields of numbers.
    pub numbers: &'c [Numeric],
}

/// The values of a field of numbers or of yes/no; no is 0 and yes is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Numeric {
    /// The field, by position in [`Index::fields`].
    pub field: usize,
    /// The thresholds to try; none where the values never differ.
    pub thresholds: Vec<f64>,
    /// True when every value is 0 or 1: yes or no, whatever the type of the column.
    pub is_yes_or_no: bool,
    /// Share of the values that are the commonest one, 0 to 1; 0 without values.
    pub commonest: f64,
}

/// True for 0 and 1.
fn is_flag(value: f64) -> bool {
    [0.0, 1.0].iter().any(|flag| value.total_cmp(flag).is_eq())
}

impl Numeric {
    /// What there is to know of these values.
    fn of(field: usize, mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let runs = values.chunk_by(|one, two| one.total_cmp(two).is_eq());
        let longest = runs.map(<[f64]>::len).max().unwrap_or(0);
        Self {
            field,
            is_yes_or_no: values.iter().copied().all(is_flag),
            commonest: longest as f64 / values.len().max(1) as f64,
            thresholds: thresholds(values),
        }
    }
}

/// What was counted, of verbatims that were analysed.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossed {
    /// All verbatims, then the events of each driver.
    pub all: Vec<u64>,
    /// By the values of each field, then of each pair of fields; positions in [`Crossing::fields`].
    pub grids: Vec<Grid>,
    /// By the thresholds of each field of numbers.
    pub bins: Vec<Bins>,
}

/// No value.
const NONE: usize = usize::MAX;

impl Index {
    /// The fields that hold numbers or yes/no, each with its values in what `query` finds.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn numerics(&self, query: &Query) -> Result<Vec<Numeric>> {
        guarded(&self.folder, || {
            let query = compile(self, query)?.matching;
            let searcher = self.searcher();
            let filter = self.filter(&searcher, &*query)?;
            let fields = self.fields().iter().enumerate();
            let fields: Vec<usize> = fields
                .filter(|(_, field)| field.kind != FieldKind::Text)
                .map(|(at, _)| at)
                .collect();
            let found = fields.into_par_iter().map(|field| {
                let mut values = Vec::new();
                for segment in searcher.segment_readers() {
                    let columns = FieldColumns::of(self, field, segment)?;
                    self.each_match(&*filter, segment, |document| {
                        values.extend(columns.amount(document));
                    })?;
                }
                Ok(Numeric::of(field, values))
            });
            found.collect()
        })
    }

    /// Counts the events of what `query` finds.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn cross(&self, query: &Query, crossing: &Crossing<'_>) -> Result<Crossed> {
        guarded(&self.folder, || {
            let query = compile(self, query)?.matching;
            let searcher = self.searcher();
            let filter = self.filter(&searcher, &*query)?;
            let parts: Vec<Crossed> = searcher
                .segment_readers()
                .par_iter()
                .map(|segment| self.cross_segment(&*filter, segment, crossing))
                .collect::<Result<_>>()?;
            let mut crossed = crossing.empty();
            for part in &parts {
                crossed.merge(part);
            }
            Ok(crossed)
        })
    }

    fn cross_segment(
        &self,
        filter: &dyn Weight,
        segment: &SegmentReader,
        crossing: &Crossing<'_>,
    ) -> Result<Crossed> {
        let columns = Columns::open(self, segment)?;
        let mentions = segment.fast_fields().u64("mentions");
        let mentions = mentions.map_err(|error| self.reading(error))?;
        let mut fields = Vec::with_capacity(crossing.fields.len());
        for (field, values) in crossing.fields {
            fields.push(Numbered::open(self, *field, values, segment)?);
        }
        let mut numbers = Vec::with_capacity(crossing.numbers.len());
        for one in crossing.numbers {
            numbers.push(FieldColumns::of(self, one.field, segment)?);
        }
        let events = self.events(crossing);
        let mut crossed = crossing.empty();
        let mut values = vec![NONE; fields.len()];
        let mut failed = None;
        self.each_match(filter, segment, |document| {
            if !columns.facts(document).is_analysed() {
                return;
            }
            let mask = mask(&mentions, document, &events, crossing.named);
            for (value, field) in values.iter_mut().zip(&mut fields) {
                match field.value(self, document) {
                    Ok(found) => *value = found,
                    Err(error) => failed = Some(error),
                }
            }
            let amounts = numbers.iter().map(|number| number.amount(document));
            crossed.count(mask, &values, amounts);
        })?;
        failed.map_or(Ok(crossed), Err)
    }

    /// For each theme the events it is part of.
    fn events(&self, crossing: &Crossing<'_>) -> Vec<u64> {
        let event = |driver: u16| crossing.drivers.iter().position(|one| *one == driver);
        let themes = self.themes().iter();
        themes
            .map(|theme| event(theme.driver).map_or(0, |at| 1_u64 << at))
            .collect()
    }
}

/// The events that a document is.
fn mask(mentions: &Column<u64>, document: u32, events: &[u64], named: Option<Polarity>) -> u64 {
    let codes = mentions.values_for_doc(document).filter_map(mention_of);
    codes
        .filter(|(_, told)| named.is_none_or(|one| one == *told))
        .filter_map(|(theme, _)| events.get(theme as usize))
        .fold(0, |mask, event| mask | event)
}

impl Crossing<'_> {
    fn stride(&self) -> usize {
        self.drivers.len() + 1
    }

    fn empty(&self) -> Crossed {
        let stride = self.stride();
        let sizes: Vec<usize> = self.fields.iter().map(|(_, values)| values.len()).collect();
        let grid = |fields: Vec<usize>| {
            let cells: usize = fields.iter().map(|field| sizes[*field]).product();
            Grid {
                width: fields.last().map_or(0, |field| sizes[*field]),
                counts: vec![0; cells * stride],
                fields,
            }
        };
        let ones = (0..sizes.len()).map(|one| vec![one]);
        let pairs =
            (0..sizes.len()).flat_map(|one| (one + 1..sizes.len()).map(move |two| vec![one, two]));
        Crossed {
            all: vec![0; stride],
            grids: ones.chain(pairs).map(grid).collect(),
            bins: self
                .numbers
                .iter()
                .map(|one| Bins {
                    counts: vec![0; (one.thresholds.len() + 1) * stride],
                    thresholds: one.thresholds.clone(),
                })
                .collect(),
        }
    }
}

impl Crossed {
    /// Counts a verbatim: the events it is, its values, and its numbers.
    fn count(&mut self, mask: u64, values: &[usize], amounts: impl Iterator<Item = Option<f64>>) {
        let stride = self.all.len();
        add_to(&mut self.all, 0, stride, mask);
        for grid in &mut self.grids {
            let at = grid.fields.iter().try_fold(0, |at, field| {
                let value = values[*field];
                (value != NONE).then(|| at * grid.width + value)
            });
            if let Some(at) = at {
                add_to(&mut grid.counts, at, stride, mask);
            }
        }
        for (bins, amount) in self.bins.iter_mut().zip(amounts) {
            if let Some(amount) = amount {
                let at = bins.of(amount);
                add_to(&mut bins.counts, at, stride, mask);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        let add = |into: &mut [u64], from: &[u64]| {
            for (into, from) in into.iter_mut().zip(from) {
                *into += from;
            }
        };
        add(&mut self.all, &other.all);
        for (into, from) in self.grids.iter_mut().zip(&other.grids) {
            add(&mut into.counts, &from.counts);
        }
        for (into, from) in self.bins.iter_mut().zip(&other.bins) {
            add(&mut into.counts, &from.counts);
        }
    }
}

fn add_to(counts: &mut [u64], at: usize, stride: usize, mut mask: u64) {
    let Some(cell) = counts.get_mut(at * stride..(at + 1) * stride) else {
        return;
    };
    cell[0] += 1;
    while mask != 0 {
        cell[1 + mask.trailing_zeros() as usize] += 1;
        mask &= mask - 1;
    }
}

/// A field whose values are told by their numbers in a list.
struct Numbered<'v> {
    columns: FieldColumns,
    values: &'v [String],
    known: FxHashMap<Key, usize>,
}

impl<'v> Numbered<'v> {
    fn open(
        index: &Index,
        field: usize,
        values: &'v [String],
        segment: &SegmentReader,
    ) -> Result<Self> {
        Ok(Self {
            columns: FieldColumns::of(index, field, segment)?,
            values,
            known: FxHashMap::default(),
        })
    }

    fn value(&mut self, index: &Index, document: u32) -> Result<usize> {
        let Some(key) = self.columns.key(document) else {
            return Ok(NONE);
        };
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let name = self.columns.name(index, key)?;
        let at = self.values.binary_search(&name).unwrap_or(NONE);
        self.known.insert(key, at);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_ones_are_yes_or_no() {
        let flag = Numeric::of(0, vec![1.0, 0.0, 1.0, 1.0]);
        assert!(flag.is_yes_or_no && flag.thresholds == [1.0]);
        assert!((flag.commonest - 0.75).abs() < 1e-12);
        let minutes = Numeric::of(0, vec![0.0, 1.0, 2.0, 9.0]);
        assert!(!minutes.is_yes_or_no && minutes.thresholds.len() == 3);
        let constant = Numeric::of(0, vec![5.0; 9]);
        assert!(constant.thresholds.is_empty() && constant.commonest > 0.999);
    }
}
