//! The impact of a theme or driver on a net score, with its interval, from six counts.
//!
//! With N verbatims, n of them with the theme and s = n/N:
//!
//! ```text
//! I = 100·(ȳ - ȳ_without) = s·(net_with - net_without) = n·(net_with - net)/(N - n)
//! ```
//!
//! the points that the net score would change by, with opposite sign, if those who name the theme
//! were left out. The interval comes from the influence function of I (Hampel 1974, *The influence
//! curve and its role in robust estimation*, JASA 69): what one verbatim contributes to it is
//!
//! ```text
//! ψᵢ = (yᵢ - ȳ) - (1 - tᵢ)(yᵢ - ȳ_without)/(1 - s),   SE = sd(ψ)/√N
//! ```
//!
//! The mean of ψ is 0, so sd(ψ) = √(Σψ²/N); votes are -1, 0 or 1, so Σψ² is a sum of six terms.

use crate::normal;
use crate::tally::{Tally, Z95};
use serde::Serialize;

/// What a theme or driver does to a net score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Impact {
    /// Votes of those who name it.
    pub with: Tally,
    /// Votes of those who do not.
    pub without: Tally,
    /// Share of verbatims that name it, above 0 and below 1.
    pub share: f64,
    /// Net score of those who name it, -100 to 100.
    pub net_with: f64,
    /// Net score of those who do not, -100 to 100.
    pub net_without: f64,
    /// Points of net score that it adds (above 0) or costs (below 0), -200 to 200.
    pub impact: f64,
    /// Standard error of the impact, in points.
    pub standard_error: f64,
    /// Lower bound of the 95 % interval of the impact, in points.
    pub low: f64,
    /// Upper bound of the 95 % interval of the impact, in points.
    pub high: f64,
    /// The impact in standard errors; `None` when all votes are the same.
    pub z: Option<f64>,
    /// Chance of an impact at least as large if there were none, 0 to 1; `None` as for `z`.
    pub p: Option<f64>,
    /// Points the net score gains if every -1 who names it became a 0, 0 to 100.
    pub recoverable: f64,
}

impl Impact {
    /// The impact behind six counts; `None` when nobody names the theme, or everybody.
    pub fn of(with: Tally, without: Tally) -> Option<Self> {
        let all = with + without;
        let (net_with, net_without) = (with.net()?, without.net()?);
        let n = all.n() as f64;
        let share = with.n() as f64 / n;
        let impact = share * (net_with - net_without);
        let standard_error = 100.0 * influence_squares(with, without).sqrt() / n;
        let z = (standard_error > 0.0).then(|| impact / standard_error);
        Some(Self {
            with,
            without,
            share,
            net_with,
            net_without,
            impact,
            standard_error,
            low: impact - Z95 * standard_error,
            high: impact + Z95 * standard_error,
            z,
            p: z.map(normal::two_sided),
            recoverable: recoverable(with.minus, all.n())?,
        })
    }

    /// True when the whole 95 % interval lies on one side of 0.
    pub fn is_certain(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// Points a net score of `n` votes gains when `minus` of its -1 become 0; `None` without votes.
///
/// Each moves the sum of votes by one: 100·D/N.
pub fn recoverable(minus: u64, n: u64) -> Option<f64> {
    (n > 0).then(|| 100.0 * minus as f64 / n as f64)
}

/// Σψ² over all votes of two groups that are not empty.
fn influence_squares(with: Tally, without: Tally) -> f64 {
    let all = with + without;
    let mean = all.sum() as f64 / all.n() as f64;
    let mean_without = without.sum() as f64 / without.n() as f64;
    let absent = without.n() as f64 / all.n() as f64;
    squares(with, |vote| vote - mean)
        + squares(without, |vote| {
            (vote - mean) - (vote - mean_without) / absent
        })
}

/// Σ contribution(vote)² over the votes of `tally`.
fn squares(tally: Tally, contribution: impl Fn(f64) -> f64) -> f64 {
    let square = |vote: f64| contribution(vote) * contribution(vote);
    tally.plus as f64 * square(1.0)
        + tally.zero as f64 * square(0.0)
        + tally.minus as f64 * square(-1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use crate::measure::Vote;
    use proptest::prelude::*;

    fn tally(plus: u64, zero: u64, minus: u64) -> Tally {
        Tally { plus, zero, minus }
    }

    fn close(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-9
    }

    #[test]
    fn a_case_worked_by_hand() {
        // 20 of 100 name it at net -50, the other 80 stand at net 50: the score is 30, 50 without.
        let impact = Impact::of(tally(4, 2, 14), tally(55, 10, 15)).unwrap();
        assert!(close(impact.impact, -20.0), "{impact:?}");
        assert!(close(impact.share, 0.2));
        assert!(close(impact.recoverable, 14.0));
        assert!(impact.is_certain() && impact.high < 0.0);
    }

    #[test]
    fn undefined_when_nobody_or_everybody_names_it() {
        let group = tally(3, 2, 1);
        assert_eq!(Impact::of(Tally::default(), group), None);
        assert_eq!(Impact::of(group, Tally::default()), None);
        assert_eq!(recoverable(0, 0), None);
        let same = Impact::of(tally(4, 0, 0), tally(9, 0, 0)).unwrap();
        assert_eq!((same.z, same.p), (None, None));
        assert!(!same.is_certain());
    }

    /// The interval covers the true value about as often as it says, over seeded samples.
    #[test]
    fn the_interval_covers() {
        let mut chance = Chance::new(20);
        // Share .1; those with it vote 1, 0, -1 with .2 .2 .6, the others with .6 .2 .2.
        let truth = 0.1 * (-40.0 - 40.0);
        let covered = (0..2_000)
            .filter(|_| {
                let mut groups = [Tally::default(); 2];
                for _ in 0..400 {
                    let with = chance.unit() < 0.1;
                    let favour = if with { 0.2 } else { 0.6 };
                    let draw = chance.unit();
                    let vote = match draw {
                        d if d < favour => Vote::Plus,
                        d if d < favour + 0.2 => Vote::Zero,
                        _ => Vote::Minus,
                    };
                    groups[usize::from(with)].count(vote);
                }
                Impact::of(groups[1], groups[0]).is_some_and(|i| i.low <= truth && truth <= i.high)
            })
            .count();
        assert!((1_860..=1_940).contains(&covered), "{covered} of 2000");
    }

    fn some_tally() -> impl Strategy<Value = Tally> {
        (0..300_u64, 0..300_u64, 0..300_u64)
            .prop_map(|(p, z, m)| tally(p, z, m))
            .prop_filter("a group has votes", |t| t.n() > 0)
    }

    fn votes(tally: Tally) -> impl Iterator<Item = f64> {
        [(1.0, tally.plus), (0.0, tally.zero), (-1.0, tally.minus)]
            .into_iter()
            .flat_map(|(vote, n)| std::iter::repeat_n(vote, n as usize))
    }

    proptest! {
        #[test]
        fn three_forms_are_one(with in some_tally(), without in some_tally()) {
            let impact = Impact::of(with, without).unwrap();
            let all = with + without;
            let net = all.net().unwrap();
            let leave_out = net - without.net().unwrap();
            let ratio = with.n() as f64 * (with.net().unwrap() - net) / without.n() as f64;
            prop_assert!(close(impact.impact, leave_out));
            prop_assert!(close(impact.impact, ratio));
        }

        #[test]
        fn six_counts_give_what_the_votes_give(with in some_tally(), without in some_tally()) {
            let impact = Impact::of(with, without).unwrap();
            let n = (with.n() + without.n()) as f64;
            let mean = (votes(with).sum::<f64>() + votes(without).sum::<f64>()) / n;
            let rest = votes(without).sum::<f64>() / without.n() as f64;
            let psi: Vec<f64> = votes(with)
                .map(|y| y - mean)
                .chain(votes(without).map(|y| (y - mean) - (y - rest) / (1.0 - with.n() as f64 / n)))
                .collect();
            let centre = psi.iter().sum::<f64>() / n;
            prop_assert!(close(centre, 0.0));
            let variance = psi.iter().map(|p| (p - centre) * (p - centre)).sum::<f64>() / n;
            prop_assert!(close(impact.standard_error, 100.0 * (variance / n).sqrt()));
        }
    }
}
