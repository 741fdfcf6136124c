//! Whole counts of votes, and the net score with its interval that they come to.
//!
//! The interval is the adjusted Wald interval of a net score (Rocks 2016): three imaginary votes,
//! 3/4 of them for, 3/4 against, are added before the usual formula.

use crate::measure::{Measure, Vote};
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
        (self.net - other.net) / (self.variance / self.n + other.variance / other.n).sqrt()
    }
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
