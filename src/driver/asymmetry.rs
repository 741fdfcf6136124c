//! Whether doing a driver well adds as much to the score as doing it badly costs.
//!
//! A ridge regression y = β₀ + Σ(β⁺·POS + β⁻·NEG) over verbatims: y is the vote in points (100, 0,
//! -100), POS and NEG say whether the verbatim names the driver with positive or negative sentiment
//! (both, if it does both). It is the penalty-reward contrast (Brandt 1987) of Kano's theory of
//! attractive and must-be quality (Kano et al. 1984), read from comments instead of ratings.
//!
//! With reward r = max(β⁺, 0) and penalty q = max(-β⁻, 0), the impact asymmetry (Mikulić & Prebežac
//! 2008, *Managing Service Quality* 18) is a = (r - q)/(r + q), -1 to 1:
//!
//! | a | kind |
//! |---|---|
//! | -1/3 and below: the penalty is at least twice the reward | must-be |
//! | between | performance |
//! | 1/3 and above: the reward is at least twice the penalty | exciter |
//!
//! Twice is a choice of ours for "much larger". Nothing is said (`None`) unless at least
//! [`NAMED_FROM`] verbatims name the driver well and as many badly, and the 95 % interval of the
//! reward or of the penalty is above 0.

use super::ridge::{self, Estimated, Sums};
use crate::tally::{INDICATIVE_BELOW, Tally, Z95};
use serde::Serialize;

/// The strength of the ridge: each effect is pulled towards 0 as by this many verbatims that name
/// the driver and vote like everybody else. A guess; of an effect told by 30 it takes a seventh.
pub const RIDGE: f64 = 5.0;
/// Verbatims that must name a driver well, and badly, before it is given a kind.
pub const NAMED_FROM: u64 = INDICATIVE_BELOW;
/// Impact asymmetry from which one side is at least twice the other.
pub const TWICE: f64 = 1.0 / 3.0;

/// What a driver is to customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Expected: its failure costs much, its success adds little.
    MustBe,
    /// The better, the better: success adds about what failure costs.
    Performance,
    /// A surprise: its success adds much, its failure costs little.
    Exciter,
}

/// What naming a driver with one sentiment does to the score of a verbatim, others held equal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// Points, about -200 to 200.
    pub points: f64,
    /// Standard error of the points.
    pub standard_error: f64,
    /// Verbatims that name it so.
    pub n: u64,
}

/// Both effects of a driver and what they make of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Asymmetry {
    /// β⁺: of naming it with positive sentiment.
    pub positive: Effect,
    /// β⁻: of naming it with negative sentiment.
    pub negative: Effect,
    /// Impact asymmetry, -1 (only its failure counts) to 1 (only its success does); `None` when
    /// neither counts.
    pub asymmetry: Option<f64>,
    /// The kind of driver; `None` when too little is known.
    pub kind: Option<Kind>,
}

/// Counts behind the regression: whole numbers, so the order of verbatims does not matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    columns: usize,
    /// Verbatims in which two columns are both 1, row by row. Column 0 is always 1; driver d has
    /// the columns 2d + 1 (positive) and 2d + 2 (negative).
    together: Vec<u64>,
    /// Sum of votes of each column.
    votes: Vec<i64>,
    total: Tally,
}

impl Design {
    /// No verbatims yet, of `drivers` drivers.
    pub fn new(drivers: usize) -> Self {
        let columns = 2 * drivers + 1;
        Self {
            columns,
            together: vec![0; columns * columns],
            votes: vec![0; columns],
            total: Tally::default(),
        }
    }

    /// Adds the votes of verbatims that name these drivers: (driver, positively, negatively), each
    /// driver once.
    pub fn add(&mut self, named: &[(usize, bool, bool)], votes: Tally) {
        let sides = named.iter().flat_map(|(driver, positive, negative)| {
            let first = 2 * driver + 1;
            [positive.then_some(first), negative.then_some(first + 1)]
        });
        let on: Vec<usize> = std::iter::once(0)
            .chain(sides.flatten())
            .filter(|column| *column < self.columns)
            .collect();
        for row in &on {
            self.votes[*row] += votes.sum();
            for column in &on {
                self.together[row * self.columns + column] += votes.n();
            }
        }
        self.total += votes;
    }

    /// Both effects of every driver; `None` when there are not more verbatims than effects.
    pub fn fit(&self) -> Option<Vec<Asymmetry>> {
        let in_points = |votes: &i64| 100.0 * *votes as f64;
        let sums = Sums {
            gram: self.together.iter().map(|n| *n as f64).collect(),
            moments: self.votes.iter().map(in_points).collect(),
            squares: 10_000.0 * (self.total.plus + self.total.minus) as f64,
            rows: self.total.n() as f64,
        };
        let mut penalties = vec![RIDGE; self.columns];
        if let Some(constant) = penalties.first_mut() {
            *constant = 0.0;
        }
        let fitted = ridge::fit(&sums, &penalties)?;
        let effects = fitted.iter().enumerate().skip(1).map(|(at, estimated)| {
            let n = self.together[at * self.columns + at];
            Effect::of(*estimated, n)
        });
        let effects: Vec<Effect> = effects.collect();
        let pairs = effects.as_chunks().0.iter();
        Some(pairs.map(|[p, n]| Asymmetry::of(*p, *n)).collect())
    }
}

impl Effect {
    fn of(estimated: Estimated, n: u64) -> Self {
        Self {
            points: estimated.value,
            standard_error: estimated.standard_error,
            n,
        }
    }
}

impl Asymmetry {
    fn of(positive: Effect, negative: Effect) -> Self {
        let reward = positive.points.max(0.0);
        let penalty = (-negative.points).max(0.0);
        let asymmetry = (reward + penalty > 0.0).then(|| (reward - penalty) / (reward + penalty));
        let told = positive.n >= NAMED_FROM && negative.n >= NAMED_FROM;
        let certain =
            reward > Z95 * positive.standard_error || penalty > Z95 * negative.standard_error;
        let kind = asymmetry.filter(|_| told && certain).map(|a| match a {
            a if a <= -TWICE => Kind::MustBe,
            a if a >= TWICE => Kind::Exciter,
            _ => Kind::Performance,
        });
        Self {
            positive,
            negative,
            asymmetry,
            kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use crate::measure::Vote;

    /// Votes drawn so that the mean vote of a verbatim is 0.1 plus the effects of what it names:
    /// (effect of praise, effect of blame) of each driver, in votes.
    fn drawn(effects: &[(f64, f64)], n: u32) -> Design {
        let mut chance = Chance::new(11);
        let mut design = Design::new(effects.len());
        for _ in 0..n {
            let mut mean = 0.1;
            let mut named = Vec::new();
            for (driver, (praise, blame)) in effects.iter().enumerate() {
                match chance.unit() {
                    d if d < 0.1 => {
                        mean += praise;
                        named.push((driver, true, false));
                    }
                    d if d < 0.2 => {
                        mean += blame;
                        named.push((driver, false, true));
                    }
                    _ => {}
                }
            }
            // Mean m from votes of ±1 only: +1 with probability (1 + m)/2.
            let plus = chance.unit() < f64::midpoint(1.0, mean);
            let mut votes = Tally::default();
            votes.count(if plus { Vote::Plus } else { Vote::Minus });
            design.add(&named, votes);
        }
        design
    }

    #[test]
    fn planted_kinds_are_found() {
        let planted = [(0.02, -0.4), (0.2, -0.2), (0.4, -0.02), (0.0, 0.0)];
        let found = drawn(&planted, 40_000).fit().unwrap();
        let kinds: Vec<_> = found.iter().map(|driver| driver.kind).collect();
        assert_eq!(
            kinds[..3],
            [
                Some(Kind::MustBe),
                Some(Kind::Performance),
                Some(Kind::Exciter)
            ]
        );
        assert_eq!(kinds[3], None, "no effect, no kind: {:?}", found[3]);
        for (driver, (praise, blame)) in found.iter().zip(planted) {
            let within = |effect: Effect, truth: f64| {
                (effect.points - 100.0 * truth).abs() < 4.0 * effect.standard_error
            };
            assert!(within(driver.positive, praise), "{driver:?}");
            assert!(within(driver.negative, blame), "{driver:?}");
        }
    }

    #[test]
    fn few_verbatims_give_no_kind() {
        let found = drawn(&[(0.02, -0.8)], 200).fit().unwrap();
        assert!(found[0].negative.n < NAMED_FROM);
        assert_eq!(found[0].kind, None);
        assert_eq!(Design::new(3).fit(), None);
    }

    #[test]
    fn named_both_ways_counts_on_both_sides() {
        let votes = Tally {
            plus: 3,
            zero: 2,
            minus: 1,
        };
        let mut design = Design::new(1);
        design.add(&[(0, true, true)], votes);
        design.add(&[], votes);
        let found = design.fit().unwrap();
        assert_eq!((found[0].positive.n, found[0].negative.n), (6, 6));
    }
}
