//! Why a score moved from one group of verbatims to another: the change with its interval, its split
//! by driver, its split by each field, and the themes that moved.
//!
//! The split by drivers and that by each field are views of the same change: each sums to it, and
//! they are not to be added up.

use super::contribution::{self, Contribution, Shared, Slice};
use super::counted::{Counted, Values};
use super::fate::{self, Moved};
use super::mix::{self, Mix};
use crate::tally::{Comparison, INDICATIVE_BELOW, Tally};
use std::collections::BTreeMap;

/// The change of a net score, and its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// Votes before.
    pub before: Tally,
    /// Votes after.
    pub after: Tally,
    /// The change, with interval and test.
    pub change: Comparison,
    /// Its split by driver, the largest part first; one part is of those who name none.
    pub drivers: Vec<Contribution<u16>>,
    /// Its split by each field that has two values or more, by position among the fields counted.
    pub segments: Vec<(usize, Vec<Contribution<String>>)>,
    /// How much of the change is mix by each of those fields, in their order.
    pub mixes: Vec<Mix>,
    /// Every theme named often enough to show: what moved first.
    pub themes: Vec<Moved>,
}

impl Why {
    /// What moved from `before` to `after`; `None` when either has too few votes to show. A field that
    /// only restates the score, each value one vote, is left out unless `all` are asked for.
    pub fn of(before: &Counted, after: &Counted, all: bool) -> Option<Self> {
        let totals = (before.votes.total(), after.votes.total());
        let mut drivers = before.votes.split_to(&after.votes)?;
        contribution::adjust(drivers.iter_mut());
        let fields = before.fields.iter().zip(&after.fields).enumerate();
        let segments = fields.filter_map(|(at, (before, after))| {
            let parts = parts(before, after)?;
            if !all && restates(&parts) {
                return None;
            }
            Some((at, contribution::split(parts, totals)?))
        });
        let mut segments: Vec<_> = segments.collect();
        contribution::adjust(segments.iter_mut().flat_map(|(_, rows)| rows));
        let sizes = (totals.0.n(), totals.1.n());
        let mixes = segments.iter().map(|(_, rows)| Mix::of(rows, sizes));
        let mut mixes: Vec<Mix> = mixes.collect();
        mix::adjust(&mut mixes);
        Some(Self {
            before: totals.0,
            after: totals.1,
            change: totals.1.against(&totals.0)?,
            drivers,
            segments,
            mixes,
            themes: fate::moved(before, after),
        })
    }
}

impl Why {
    /// The field whose mix explains most of the change, by position among the fields counted; `None`
    /// where no field's mix is a large part of it.
    pub fn largest_mix(&self) -> Option<(usize, Mix)> {
        let fields = self.segments.iter().map(|(field, _)| *field);
        let mixes = fields.zip(self.mixes.iter().copied());
        let large = mixes.filter(|(_, mix)| mix.is_large(self.change.difference));
        // What goes with the change before what goes against it; of equals the first field.
        let with = |mix: &Mix| mix.points * self.change.difference.signum();
        large.reduce(|best, one| {
            let is_better = match (with(&best.1) > 0.0, with(&one.1) > 0.0) {
                (true, false) => false,
                (false, true) => true,
                _ => one.1.points.abs() > best.1.points.abs(),
            };
            if is_better { one } else { best }
        })
    }
}

/// The values of a field before and after; `None` when it has fewer than two, or too many.
fn parts(before: &Values, after: &Values) -> Option<Vec<contribution::Pair<String>>> {
    let mut values: BTreeMap<&String, (Tally, Tally)> = BTreeMap::new();
    for (value, votes) in &before.votes {
        values.entry(value).or_default().0 = *votes;
    }
    for (value, votes) in &after.votes {
        values.entry(value).or_default().1 = *votes;
    }
    let many = before.too_many || after.too_many || values.len() > super::counted::MOST_VALUES;
    if many || values.len() < 2 {
        return None;
    }
    let one = |votes: Tally| Shared::from([(1, votes)]);
    let named = values
        .into_iter()
        .map(|(value, votes)| (Slice::Of(value.clone()), one(votes.0), one(votes.1)));
    let without = (Slice::Without, one(before.without), one(after.without));
    Some(named.chain([without]).collect())
}

/// True when each value of a field goes with one vote, as stars do with satisfaction.
fn restates(parts: &[contribution::Pair<String>]) -> bool {
    let votes = parts.iter().map(|(_, before, after)| {
        let both = before.values().chain(after.values());
        both.fold(Tally::default(), |sum, votes| sum + *votes)
    });
    let (mut n, mut kinds) = (0, [false; 3]);
    for votes in votes.filter(|votes| votes.n() > 0) {
        let counts = [votes.minus, votes.zero, votes.plus];
        let Some(kind) = counts.iter().position(|count| *count == votes.n()) else {
            return false;
        };
        kinds[kind] = true;
        n += votes.n();
    }
    n >= INDICATIVE_BELOW && kinds.iter().filter(|kind| **kind).count() > 1
}

#[cfg(test)]
mod tests {
    use super::super::Named;
    use super::*;
    use crate::measure::Vote;
    use crate::sentiment::Polarity;

    /// (vote, theme named, channel), and how many such verbatims.
    type Row = (Vote, Option<u16>, &'static str, u64);

    fn counted(rows: &[Row]) -> Counted {
        let mut counted = Counted::new(1);
        for (vote, theme, channel, many) in rows {
            let named: Vec<Named> = theme
                .iter()
                .map(|theme| Named {
                    theme: *theme,
                    driver: theme / 2,
                    polarity: Polarity::Negative,
                })
                .collect();
            for _ in 0..*many {
                counted.count(Some(*vote), Some(&named));
                let mut votes = Tally::default();
                votes.count(*vote);
                counted.fields[0].add((*channel).to_owned(), votes);
            }
        }
        counted
    }

    /// The case of product.md 3, turned: (50, 30, 100) becomes (60, 20, 100).
    #[test]
    fn the_fixture_of_two_groups() {
        let before = counted(&[
            (Vote::Plus, None, "shop", 50),
            (Vote::Zero, None, "app", 20),
            (Vote::Minus, Some(0), "app", 30),
        ]);
        let after = counted(&[
            (Vote::Plus, None, "shop", 60),
            (Vote::Zero, None, "app", 20),
            (Vote::Minus, Some(2), "app", 20),
        ]);
        let why = Why::of(&before, &after, false).unwrap();
        assert!((why.change.z - 1.669).abs() < 5e-4);
        assert!((why.change.p - 0.0951).abs() < 5e-5);
        assert!((why.change.difference - 20.0).abs() < 1e-9);
        let sum: f64 = why.drivers.iter().map(|row| row.total).sum();
        assert!((sum - 20.0).abs() < 1e-9);
        let sum: f64 = why.segments[0].1.iter().map(|row| row.total).sum();
        assert!((sum - 20.0).abs() < 1e-9);
        let fates: Vec<_> = why.themes.iter().map(|row| row.fate.name()).collect();
        assert_eq!(fates, ["gone", "new"]);
    }

    #[test]
    fn a_field_of_one_value_or_of_too_many_is_no_segment() {
        let one = counted(&[(Vote::Plus, None, "shop", 9)]);
        assert_eq!(Why::of(&one, &one, true).unwrap().segments, []);
        let mut many = counted(&[(Vote::Plus, None, "shop", 9)]);
        for value in 0..60 {
            many.fields[0].add(value.to_string(), Tally::default());
        }
        assert!(many.fields[0].too_many);
        assert_eq!(Why::of(&one, &many, true).unwrap().segments, []);
        assert!(Why::of(&one, &counted(&[(Vote::Plus, None, "shop", 4)]), true).is_none());
    }

    #[test]
    fn a_field_that_restates_the_score_is_left_out() {
        let rows = counted(&[
            (Vote::Plus, None, "good", 20),
            (Vote::Minus, None, "bad", 20),
        ]);
        assert_eq!(Why::of(&rows, &rows, false).unwrap().segments, []);
        assert_eq!(Why::of(&rows, &rows, true).unwrap().segments.len(), 1);
    }
}
