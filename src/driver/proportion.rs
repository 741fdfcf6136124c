//! Two groups, and how many of each do something: does one do it more than the other?
//!
//! | figure | source |
//! |---|---|
//! | p | Fisher's exact test with mid-p (Lancaster 1961, *Significance tests in discrete distributions*, JASA 56), both sides by doubling: safe for small counts |
//! | odds ratio and its interval | Woolf 1955 with half a case added to each count (Haldane 1956, Anscombe 1956) |
//! | difference of shares and its interval | Agresti & Caffo 2000, *Simple and effective confidence intervals for proportions*, The American Statistician 54: one imaginary case of each kind in both groups |

use crate::normal;
use crate::tally::Z95;
use serde::Serialize;

/// How many of two groups that share nobody do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Proportions {
    /// Those here who do it.
    pub here: u64,
    /// All here.
    pub all_here: u64,
    /// Those there who do it.
    pub there: u64,
    /// All there.
    pub all_there: u64,
}

/// A figure with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounded {
    /// The figure.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Above this variance of a count the exact test and the normal one differ by less than a hundredth
/// of p near the middle, and adding up the tail is slow.
const NORMAL_ABOVE: f64 = 1_000.0;

impl Proportions {
    /// `here` of `all_here` against those of `all` who are not here, `hits` of `all` doing it.
    pub fn against_rest(here: u64, all_here: u64, hits: u64, all: u64) -> Self {
        Self {
            here,
            all_here,
            there: hits.saturating_sub(here),
            all_there: all.saturating_sub(all_here),
        }
    }

    /// The same with the groups exchanged.
    #[must_use]
    pub fn turned(self) -> Self {
        Self {
            here: self.there,
            all_here: self.all_there,
            there: self.here,
            all_there: self.all_here,
        }
    }

    /// Share here, 0 to 1; `None` when nobody is here.
    pub fn share_here(&self) -> Option<f64> {
        (self.all_here > 0).then(|| self.here as f64 / self.all_here as f64)
    }

    /// Share there, 0 to 1; `None` when nobody is there.
    pub fn share_there(&self) -> Option<f64> {
        (self.all_there > 0).then(|| self.there as f64 / self.all_there as f64)
    }

    /// True when the share here is the larger one.
    pub fn is_more(&self) -> bool {
        u128::from(self.here) * u128::from(self.all_there)
            > u128::from(self.there) * u128::from(self.all_here)
    }

    /// True when somebody does it and somebody does not, here and there: only then are odds more than
    /// the half case that is added.
    pub fn has_odds(&self) -> bool {
        let mixed = |some: u64, all: u64| some > 0 && some < all;
        mixed(self.here, self.all_here) && mixed(self.there, self.all_there)
    }

    /// The odds here over the odds there, half a case added to each count.
    pub fn odds(&self) -> Bounded {
        let half = |count: u64| count as f64 + 0.5;
        let (a, b) = (half(self.here), half(self.all_here - self.here));
        let (c, d) = (half(self.there), half(self.all_there - self.there));
        let log = libm::log(a * d / (b * c));
        let error = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
        Bounded {
            value: libm::exp(log),
            low: libm::exp(log - Z95 * error),
            high: libm::exp(log + Z95 * error),
        }
    }

    /// Share here minus share there, -1 to 1; `None` when either group is empty. The figure is that
    /// of the counts, the interval has the imaginary cases.
    pub fn difference(&self) -> Option<Bounded> {
        let value = self.share_here()? - self.share_there()?;
        let padded = |some: u64, all: u64| (some as f64 + 1.0) / (all as f64 + 2.0);
        let here = padded(self.here, self.all_here);
        let there = padded(self.there, self.all_there);
        let variance = here * (1.0 - here) / (self.all_here as f64 + 2.0)
            + there * (1.0 - there) / (self.all_there as f64 + 2.0);
        let half = Z95 * variance.sqrt();
        Some(Bounded {
            value,
            low: (here - there - half).max(-1.0),
            high: (here - there + half).min(1.0),
        })
    }

    /// The chance of shares at least as far apart if the groups did it alike, 0 to 1.
    pub fn p(&self) -> f64 {
        let (all_here, all) = (
            self.all_here as f64,
            (self.all_here + self.all_there) as f64,
        );
        let hits = (self.here + self.there) as f64;
        if all_here <= 0.0 || self.all_there == 0 || hits <= 0.0 || hits >= all {
            return 1.0;
        }
        let mean = all_here * hits / all;
        let variance = mean * (1.0 - hits / all) * (all - all_here) / (all - 1.0);
        let here = self.here as f64;
        if variance > NORMAL_ABOVE {
            return normal::two_sided((here - mean) / variance.sqrt());
        }
        let others = all - hits;
        let point =
            libm::exp(choose(hits, here) + choose(others, all_here - here) - choose(all, all_here));
        // The lesser tail, whichever side is called here: at the mean itself both are alike.
        let tail =
            tail(here, true, hits, all_here, others).min(tail(here, false, hits, all_here, others));
        (2.0 * point * (tail - 0.5)).min(1.0)
    }
}

/// ln of the number of ways to choose `k` of `n`.
fn choose(n: f64, k: f64) -> f64 {
    libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0)
}

/// The probability of `x` and of what lies beyond it, over that of `x`.
fn tail(mut x: f64, up: bool, hits: f64, all_here: f64, others: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    loop {
        if up {
            term *= (hits - x) * (all_here - x) / ((x + 1.0) * (others - all_here + x + 1.0));
            x += 1.0;
        } else {
            term *= x * (others - all_here + x) / ((hits - x + 1.0) * (all_here - x + 1.0));
            x -= 1.0;
        }
        sum += term;
        if term <= sum * f64::EPSILON * 0.01 {
            return sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use proptest::prelude::*;

    fn of(here: u64, all_here: u64, there: u64, all_there: u64) -> Proportions {
        Proportions {
            here,
            all_here,
            there,
            all_there,
        }
    }

    fn close(value: f64, expected: f64) -> bool {
        (value - expected).abs() <= 1e-9 * expected.abs().max(1.0)
    }

    #[test]
    fn the_lady_tasting_tea() {
        // 3 of 4 against 1 of 4: P(3) = 16/70, P(4) = 1/70; mid-p, doubled, 2(8 + 1)/70.
        assert!(close(of(3, 4, 1, 4).p(), 18.0 / 70.0));
        assert!(close(of(1, 4, 3, 4).p(), 18.0 / 70.0));
        assert!(close(of(4, 4, 0, 4).p(), 1.0 / 70.0));
        assert!(close(of(2, 4, 2, 4).p(), 1.0));
    }

    #[test]
    fn odds_and_difference_worked_by_hand() {
        let groups = of(30, 100, 10, 100);
        // 30.5·90.5/(70.5·10.5); error √(1/30.5 + 1/70.5 + 1/10.5 + 1/90.5) = .39175.
        let odds = groups.odds();
        assert!((odds.value - 3.7288).abs() < 1e-4, "{odds:?}");
        assert!((odds.low - 1.7302).abs() < 1e-3, "{odds:?}");
        // 31/102 - 11/102 ± 1.96·√(.0020740 + .0009432).
        let difference = groups.difference().unwrap();
        assert!(close(difference.value, 0.2));
        assert!((difference.low - 0.08842).abs() < 1e-4, "{difference:?}");
        assert!(groups.is_more() && !groups.turned().is_more());
    }

    #[test]
    fn nobody_there_is_no_evidence() {
        assert!(close(of(3, 4, 0, 0).p(), 1.0));
        assert!(close(of(0, 4, 0, 9).p(), 1.0));
        assert!(close(of(4, 4, 9, 9).p(), 1.0));
        assert_eq!(of(3, 4, 0, 0).difference(), None);
    }

    /// Where the exact sum gives way to the normal curve, nothing jumps.
    #[test]
    fn the_two_ways_agree() {
        let exact = of(1_030, 10_000, 480, 5_000);
        let sum = of(4_120, 40_000, 1_920, 20_000);
        // Four times the counts double z: .0657 here is z 1.840, there 3.680.
        let z = |p: f64| {
            (0..60_000)
                .map(|i| f64::from(i) / 1e4)
                .find(|z| normal::two_sided(*z) <= p)
        };
        let (one, two) = (z(exact.p()).unwrap(), z(sum.p()).unwrap());
        assert!((2.0 * one - two).abs() < 0.05, "{one} {two}");
    }

    /// Unchanged shares, small and large groups: alarms stay at the level.
    #[test]
    fn the_level_holds() {
        let mut chance = Chance::new(3);
        for (n, share) in [
            (40, 0.05),
            (40, 0.3),
            (300, 0.02),
            (3_000, 0.2),
            (90_000, 0.3),
        ] {
            let runs = 4_000;
            let alarms = (0..runs)
                .filter(|_| {
                    let counts = of(
                        chance.binomial(n, share),
                        n,
                        chance.binomial(2 * n, share),
                        2 * n,
                    );
                    counts.p() <= 0.05
                })
                .count();
            let rate = alarms as f64 / f64::from(runs);
            assert!(rate <= 0.05 + 0.011, "{n} {share}: {rate}");
        }
    }

    proptest! {
        #[test]
        fn p_is_a_chance_and_sides_do_not_matter(
            a in 0..60_u64, b in 0..60_u64, c in 0..60_u64, d in 0..60_u64,
        ) {
            let groups = of(a, a + b, c, c + d);
            let p = groups.p();
            prop_assert!((0.0..=1.0).contains(&p), "{}", p);
            prop_assert!((p - groups.turned().p()).abs() < 1e-9);
        }
    }
}
