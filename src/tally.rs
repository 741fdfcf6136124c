//! Whole counts of votes, and the net score with its interval that they come to.
//!
//! The interval is the adjusted Wald interval of a net score (Rocks 2016, *Interval estimation for
//! the Net Promoter Score*, The American Statistician 70): three imaginary votes are added before
//! the usual formula, 3/4 of a vote for, 3/4 against and the rest in between.

use crate::measure::{Measure, Vote};
use crate::normal;
use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// Votes counted. Counts add, subtract and merge exactly, in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Tally {
    /// Votes of +1.
    pub plus: u64,
    /// Votes of 0.
    pub zero: u64,
    /// Votes of -1.
    pub minus: u64,
}

/// Groups below this many votes are not shown: too few to say, and few enough to recognise people.
pub const HIDDEN_BELOW: u64 = 5;
/// Groups below this many votes are marked as indicative.
pub const INDICATIVE_BELOW: u64 = 30;
/// Changes are marked with an arrow only between groups of at least this many votes.
pub const ARROW_FROM: u64 = 100;
/// The normal quantile of a 95 % interval.
pub const Z95: f64 = 1.959_963_984_540_054;

impl Tally {
    /// Counts one vote.
    pub fn count(&mut self, vote: Vote) {
        match vote {
            Vote::Plus => self.plus += 1,
            Vote::Zero => self.zero += 1,
            Vote::Minus => self.minus += 1,
        }
    }

    /// How many votes.
    pub fn n(&self) -> u64 {
        self.plus + self.zero + self.minus
    }

    /// The sum of the votes.
    pub fn sum(&self) -> i64 {
        self.plus.cast_signed() - self.minus.cast_signed()
    }

    /// The net score, -100 to 100; `None` without votes.
    pub fn net(&self) -> Option<f64> {
        (self.n() > 0).then(|| 100.0 * self.sum() as f64 / self.n() as f64)
    }

    /// The adjusted Wald estimate.
    pub fn estimate(&self) -> Estimate {
        let n = self.n() as f64 + 3.0;
        let plus = (self.plus as f64 + 0.75) / n;
        let minus = (self.minus as f64 + 0.75) / n;
        let net = plus - minus;
        Estimate {
            net,
            variance: plus + minus - net * net,
            n,
        }
    }

    /// What is shown of a group: see [`Summary`].
    pub fn summary(&self, measure: Measure) -> Summary {
        let n = self.n();
        let shown = n >= HIDDEN_BELOW;
        let (low, high) = self.estimate().interval(Z95);
        Summary {
            n,
            net: self.net().filter(|_| shown),
            low: shown.then_some(low),
            high: shown.then_some(high),
            indicative: shown && n < INDICATIVE_BELOW,
            definition: measure.definition(),
        }
    }

    /// This group against another that shares no verbatim with it; `None` when either has fewer
    /// than [`HIDDEN_BELOW`] votes.
    pub fn against(&self, other: &Self) -> Option<Comparison> {
        let smaller = self.n().min(other.n());
        if smaller < HIDDEN_BELOW {
            return None;
        }
        let (here, there) = (self.estimate(), other.estimate());
        let (low, high) = here.difference_interval(&there, Z95);
        let z = here.z_against(&there);
        Some(Comparison {
            difference: self.net()? - other.net()?,
            low,
            high,
            z,
            p: normal::two_sided(z),
            arrow: smaller >= ARROW_FROM,
        })
    }
}

/// A net score shrunk by three imaginary votes: what intervals and comparisons are made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Net share, -1 to 1.
    pub net: f64,
    /// Variance of one vote.
    pub variance: f64,
    /// Votes, imaginary ones included.
    pub n: f64,
}

impl Estimate {
    /// Lower and upper bound, -100 to 100, for a normal quantile `z`.
    pub fn interval(&self, z: f64) -> (f64, f64) {
        let half = z * (self.variance / self.n).sqrt();
        (
            (100.0 * (self.net - half)).max(-100.0),
            (100.0 * (self.net + half)).min(100.0),
        )
    }

    /// The normal statistic of the difference of two independent groups.
    pub fn z_against(&self, other: &Self) -> f64 {
        (self.net - other.net) / self.difference_error(other)
    }

    /// Lower and upper bound of this group minus the other, -200 to 200, for a normal quantile `z`.
    pub fn difference_interval(&self, other: &Self, z: f64) -> (f64, f64) {
        let middle = self.net - other.net;
        let half = z * self.difference_error(other);
        (
            (100.0 * (middle - half)).max(-200.0),
            (100.0 * (middle + half)).min(200.0),
        )
    }

    /// Standard error of the difference of two independent groups, as a share.
    fn difference_error(&self, other: &Self) -> f64 {
        (self.variance / self.n + other.variance / other.n).sqrt()
    }
}

/// How the net score of one group differs from that of another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The net score of the one minus that of the other, -200 to 200, from the votes as counted.
    pub difference: f64,
    /// Lower bound of the 95 % interval, from the [`Estimate`]s.
    pub low: f64,
    /// Upper bound of the 95 % interval, from the [`Estimate`]s.
    pub high: f64,
    /// The normal statistic of the difference.
    pub z: f64,
    /// Chance of a difference at least as large if there were none, 0 to 1 (both sides).
    pub p: f64,
    /// True when both groups have at least [`ARROW_FROM`] votes.
    pub arrow: bool,
}

/// A group's net score as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Votes in the group.
    pub n: u64,
    /// The net score, -100 to 100; `None` when the group is too small to show.
    pub net: Option<f64>,
    /// Lower bound of the 95 % interval.
    pub low: Option<f64>,
    /// Upper bound of the 95 % interval.
    pub high: Option<f64>,
    /// True when the group is small enough to be taken with care.
    pub indicative: bool,
    /// Which definition the figure follows.
    pub definition: &'static str,
}

impl Add for Tally {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.plus += other.plus;
        self.zero += other.zero;
        self.minus += other.minus;
    }
}

/// Subtracts a part from a whole.
///
/// # Panics
/// In debug builds, when `other` is not a part of `self`.
impl Sub for Tally {
    type Output = Self;
    fn sub(mut self, other: Self) -> Self {
        self -= other;
        self
    }
}

impl SubAssign for Tally {
    fn sub_assign(&mut self, other: Self) {
        self.plus -= other.plus;
        self.zero -= other.zero;
        self.minus -= other.minus;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tally(plus: u64, zero: u64, minus: u64) -> Tally {
        Tally { plus, zero, minus }
    }

    /// Promoters, detractors and all, as product definitions write them.
    fn of(plus: u64, minus: u64, n: u64) -> Tally {
        tally(plus, n - plus - minus, minus)
    }

    fn close(value: f64, expected: f64, within: f64) {
        assert!(
            (value - expected).abs() < within,
            "{value} is not {expected}"
        );
    }

    #[test]
    fn intervals_of_published_cases() {
        for (tally, centre, low, high) in [
            (of(60, 20, 100), 38.83, 23.38, 54.29),
            (of(12, 8, 30), 12.12, -15.11, 39.35),
        ] {
            close(100.0 * tally.estimate().net, centre, 0.005);
            let interval = tally.estimate().interval(Z95);
            close(interval.0, low, 0.005);
            close(interval.1, high, 0.005);
        }
    }

    #[test]
    fn two_groups_compared() {
        let comparison = of(60, 20, 100).against(&of(50, 30, 100)).unwrap();
        close(comparison.z, 1.669, 0.0005);
        close(comparison.p, 0.0951, 0.00005);
        close(comparison.difference, 20.0, 1e-12);
        assert!(comparison.low < 0.0 && comparison.high > 0.0 && comparison.arrow);
        assert!(!of(6, 2, 99).against(&of(50, 30, 100)).unwrap().arrow);
    }

    #[test]
    fn small_groups_are_hidden_or_marked() {
        let nobody = Tally::default().summary(Measure::Nps);
        assert_eq!((nobody.n, nobody.net, nobody.low), (0, None, None));
        let four = of(4, 0, 4);
        assert_eq!(four.summary(Measure::Nps).net, None);
        assert!(!four.summary(Measure::Nps).indicative);
        assert_eq!(four.against(&of(50, 30, 100)), None);
        assert!(of(5, 0, 5).summary(Measure::Nps).indicative);
        assert!(!of(30, 0, 30).summary(Measure::Nps).indicative);
    }

    #[test]
    fn bounds_stay_on_the_scale() {
        let summary = of(7, 0, 7).summary(Measure::Csat);
        assert_eq!(summary.net, Some(100.0));
        assert_eq!(summary.high, Some(100.0));
        assert_eq!(of(0, 7, 7).summary(Measure::Csat).low, Some(-100.0));
    }

    fn some_tally() -> impl Strategy<Value = Tally> {
        (0..1_000_u64, 0..1_000_u64, 0..1_000_u64).prop_map(|(p, z, m)| tally(p, z, m))
    }

    proptest! {
        #[test]
        fn tallies_merge_in_any_order(
            parts in prop::collection::vec(some_tally(), 0..12),
            cut in 0..12_usize,
        ) {
            let sum = |parts: &[Tally]| parts.iter().fold(Tally::default(), |a, b| a + *b);
            let whole = sum(&parts);
            let mut turned = parts.clone();
            turned.rotate_left(cut.min(parts.len()));
            turned.reverse();
            prop_assert_eq!(sum(&turned), whole);
            let (head, tail) = parts.split_at(cut.min(parts.len()));
            prop_assert_eq!(sum(head) + sum(tail), whole);
            prop_assert_eq!(whole - sum(head), sum(tail));
        }

        #[test]
        fn votes_counted_one_by_one_or_in_parts(votes in prop::collection::vec(-1..=1_i64, 0..60)) {
            let count = |votes: &[i64]| {
                let mut tally = Tally::default();
                for vote in votes {
                    tally.count(Vote::of_sign(*vote));
                }
                tally
            };
            let (head, tail) = votes.split_at(votes.len() / 3);
            prop_assert_eq!(count(head) + count(tail), count(&votes));
            prop_assert_eq!(count(&votes).sum(), votes.iter().sum::<i64>());
        }

        #[test]
        fn the_other_way_round_is_the_opposite(a in some_tally(), b in some_tally()) {
            if let (Some(there), Some(back)) = (a.against(&b), b.against(&a)) {
                prop_assert!((there.z + back.z).abs() < 1e-12);
                prop_assert_eq!(there.p.to_bits(), back.p.to_bits());
                prop_assert!(there.low <= there.high);
                prop_assert!((0.0..=1.0).contains(&there.p));
            }
        }
    }
}
