//! Counting: figures by group.

use super::Index;
use super::compile::compile;
use super::failure::guarded;
use super::figures::Figures;
use super::group::{By, FieldColumns, Grouping, Key};
use super::manifest::FieldKind;
use super::query::Query;
use super::scan::Columns;
use crate::error::Result;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use tantivy::Searcher;
use tantivy::query::Weight;

/// A field of numbers is shown in at most this many groups of about equal size.
const BINS: usize = 5;

/// The figures of a selection by group.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// The groups: largest first, then by name; periods and numbers in their own order.
    pub groups: Vec<Group>,
    /// The whole selection.
    pub total: Figures,
    /// Verbatims that belong to no group: without the field, the date, any theme…
    pub absent: u64,
}

/// A group and what it scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name; a range of numbers as in a query: `5..12`.
    pub group: String,
    /// What it scores.
    pub figures: Figures,
}

impl Index {
    /// The figures of what `query` finds, by group.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for a name that the index does not know;
    /// [`crate::error::ErrorKind::Model`] when the index is damaged.
    pub fn aggregate(&self, query: &Query, by: &By) -> Result<Aggregate> {
        guarded(&self.folder, || {
            let query = compile(self, query)?.matching;
            match by {
                By::Field(name) if self.is_numeric(name)? => self.by_number(&*query, name),
                _ => self.by_group(&*query, by),
            }
        })
    }

    fn is_numeric(&self, field: &str) -> Result<bool> {
        let number = self.field_number(field)?;
        Ok(self
            .fields()
            .get(number)
            .is_some_and(|field| field.kind == FieldKind::Number))
    }

    fn by_group(&self, query: &dyn tantivy::query::Query, by: &By) -> Result<Aggregate> {
        let searcher = self.searcher();
        let filter = self.filter(&searcher, query)?;
        let mut groups: BTreeMap<String, Figures> = BTreeMap::new();
        let mut total = Figures::default();
        let mut absent = 0;
        for segment in searcher.segment_readers() {
            let columns = Columns::open(self, segment)?;
            let grouping = Grouping::open(self, by, segment)?;
            let mut counted: FxHashMap<Key, Figures> = FxHashMap::default();
            let mut keys = Vec::new();
            self.each_match(&*filter, segment, |document| {
                let mut one = Figures::default();
                columns.count(document, &mut one);
                total += one;
                grouping.keys(document, columns.facts(document), &mut keys);
                absent += u64::from(keys.is_empty());
                for key in &keys {
                    *counted.entry(*key).or_default() += one;
                }
            })?;
            for (key, figures) in counted {
                *groups.entry(grouping.name(self, key)?).or_default() += figures;
            }
        }
        let mut groups: Vec<Group> = groups
            .into_iter()
            .map(|(group, figures)| Group { group, figures })
            .collect();
        if !by.is_ordered() {
            // Stable, so that equal groups stay in the order of their names.
            groups.sort_by_key(|group| std::cmp::Reverse(group.figures.n));
        }
        Ok(Aggregate {
            groups,
            total,
            absent,
        })
    }

    /// The values of a field of numbers in the selection.
    fn values(&self, searcher: &Searcher, filter: &dyn Weight, field: &str) -> Result<Vec<f64>> {
        let mut values = Vec::new();
        for segment in searcher.segment_readers() {
            let column = FieldColumns::open(self, field, segment)?;
            self.each_match(filter, segment, |document| {
                values.extend(column.number(document));
            })?;
        }
        Ok(values)
    }

    /// Groups of about equal size along a field of numbers. Two rounds: the first finds the
    /// bounds, the second counts, so that memory does not grow with the number of values.
    fn by_number(&self, query: &dyn tantivy::query::Query, field: &str) -> Result<Aggregate> {
        let searcher = self.searcher();
        let filter = self.filter(&searcher, query)?;
        let bins = bins(self.values(&searcher, &*filter, field)?);
        let mut figures = vec![Figures::default(); bins.len()];
        let mut total = Figures::default();
        let mut absent = 0;
        for segment in searcher.segment_readers() {
            let columns = Columns::open(self, segment)?;
            let column = FieldColumns::open(self, field, segment)?;
            self.each_match(&*filter, segment, |document| {
                let mut one = Figures::default();
                columns.count(document, &mut one);
                total += one;
                let bin = column
                    .number(document)
                    .map(|value| bins.partition_point(|(_, high)| *high < value));
                match bin.and_then(|bin| figures.get_mut(bin)) {
                    Some(figures) => *figures += one,
                    None => absent += 1,
                }
            })?;
        }
        let groups = bins
            .iter()
            .zip(figures)
            .map(|((low, high), figures)| Group {
                group: if low.to_bits() == high.to_bits() {
                    low.to_string()
                } else {
                    format!("{low}..{high}")
                },
                figures,
            });
        Ok(Aggregate {
            groups: groups.collect(),
            total,
            absent,
        })
    }
}

/// The lowest and highest value of each of at most [`BINS`] groups of about equal size; equal
/// values are never parted.
fn bins(mut values: Vec<f64>) -> Vec<(f64, f64)> {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    let mut bins = Vec::with_capacity(BINS);
    let mut start = 0;
    for bin in 1..=BINS {
        let end = n * bin / BINS;
        let Some(high) = end
            .checked_sub(1)
            .and_then(|last| values.get(last))
            .copied()
        else {
            continue;
        };
        // The group takes in what equals its highest value, and may leave nothing for the next.
        let end = values.partition_point(|value| *value <= high);
        if let Some(low) = values.get(start).filter(|_| start < end) {
            bins.push((*low, high));
            start = end;
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_even_and_never_part_equal_values() {
        let values: Vec<f64> = (0..10).map(f64::from).collect();
        let even = [(0.0, 1.0), (2.0, 3.0), (4.0, 5.0), (6.0, 7.0), (8.0, 9.0)];
        assert_eq!(bins(values), even);
        assert_eq!(
            bins(vec![1.0, 1.0, 1.0, 1.0, 7.0]),
            [(1.0, 1.0), (7.0, 7.0)]
        );
        assert_eq!(bins(vec![3.0]), [(3.0, 3.0)]);
        assert_eq!(bins(Vec::new()), []);
    }
}
