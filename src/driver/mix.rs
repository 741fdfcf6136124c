//! How much of a change of a net score is mix: other segments answered, each scoring as it does.
//!
//! The terms of share of all parts of a split ([`super::change`]) add up to
//!
//! ```text
//! mix = Σ (wₖ' - wₖ)·(r̄ₖ - R),   r̄ₖ = (rₖ + rₖ')/2,   R = (net + net')/2
//! ```
//!
//! the change that there would be if no part's score had moved. Its variance has two sources: who
//! answers (w and w' are shares of samples) and what the scores of the parts are known to. A vote of
//! a part varies by at most 1 - rₖ²; with that bound the interval is rather too wide than too narrow.

use super::contribution::Contribution;
use super::false_discovery::{self, ACCEPTED};
use crate::normal;
use crate::tally::Z95;

/// A change may be called mix from this part of it on (a choice: less is a detail).
const LARGE: f64 = 0.25;

/// The points of a change that are mix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mix {
    /// Points because the shares of the parts changed.
    pub points: f64,
    /// Points because the scores of the parts changed; with `points` the whole change.
    pub rate: f64,
    /// Lower bound of the 95 % interval of `points`.
    pub low: f64,
    /// Upper bound of the 95 % interval of `points`.
    pub high: f64,
    /// Chance of so many points if the shares had not changed, 0 to 1; `None` where nothing varies.
    pub p: Option<f64>,
    /// `p` adjusted for all fields that were tested beside it.
    pub q: Option<f64>,
}

impl Mix {
    /// The mix of a split of votes, of so many before and after.
    pub fn of<K>(parts: &[Contribution<K>], (before, after): (u64, u64)) -> Self {
        let points: f64 = parts.iter().map(|part| part.shift.share).sum();
        let rate: f64 = parts.iter().map(|part| part.shift.score).sum();
        let error = error(parts, before as f64, after as f64);
        Self {
            points,
            rate,
            low: points - Z95 * error,
            high: points + Z95 * error,
            p: (error > 0.0).then(|| normal::two_sided(points / error)),
            q: None,
        }
    }

    /// True when it is more than chance and a large part of a change, with it or against it.
    pub fn is_large(&self, change: f64) -> bool {
        let is_certain = self.q.is_some_and(|q| q <= ACCEPTED);
        is_certain && self.points.abs() >= LARGE * change.abs()
    }
}

/// Adjusts p values over all fields.
pub fn adjust(mixes: &mut [Mix]) {
    let p: Vec<Option<f64>> = mixes.iter().map(|mix| mix.p).collect();
    for (mix, q) in mixes.iter_mut().zip(false_discovery::adjust(&p)) {
        mix.q = q;
    }
}

/// Standard error of the mix, in points.
fn error<K>(parts: &[Contribution<K>], before: f64, after: f64) -> f64 {
    let net = |net: Option<f64>| net.map(|net| net / 100.0);
    // By part: shares before and after, the score, and the variance that it is known to.
    let rows = parts.iter().map(|part| {
        let shift = &part.shift;
        let (early, late) = (net(shift.net_before), net(shift.net_after));
        let known = |net: Option<f64>, n: u64| net.map(|net| (1.0 - net * net).max(0.0) / n as f64);
        let variance = match (known(early, part.n_before), known(late, part.n_after)) {
            (Some(early), Some(late)) => (early + late) / 4.0,
            (early, late) => early.or(late).unwrap_or_default(),
        };
        let score = match (early, late) {
            (Some(early), Some(late)) => f64::midpoint(early, late),
            (early, late) => early.or(late).unwrap_or_default(),
        };
        (shift.share_before, shift.share_after, score, variance)
    });
    let rows: Vec<(f64, f64, f64, f64)> = rows.collect();
    let spread = |share: fn(&(f64, f64, f64, f64)) -> f64| {
        let mean: f64 = rows.iter().map(|row| share(row) * row.2).sum();
        let of = |row: &(f64, f64, f64, f64)| share(row) * (row.2 - mean) * (row.2 - mean);
        rows.iter().map(of).sum::<f64>()
    };
    let scores = rows
        .iter()
        .map(|row| (row.1 - row.0) * (row.1 - row.0) * row.3);
    let variance = spread(|row| row.0) / before + spread(|row| row.1) / after;
    100.0 * (variance + scores.sum::<f64>()).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::contribution::{Pair, Shared, Slice, split};
    use super::*;
    use crate::chance::Chance;
    use crate::measure::Vote;
    use crate::tally::Tally;

    /// Votes by part: how many answer of each, and the chance of a vote of +1; else it is -1.
    fn drawn(chance: &mut Chance, n: u32, shares: &[f64], good: &[f64]) -> Vec<Tally> {
        let mut parts = vec![Tally::default(); shares.len()];
        for _ in 0..n {
            let draw = chance.unit();
            let mut bound = 0.0;
            let at = shares.iter().position(|share| {
                bound += share;
                draw < bound
            });
            let at = at.unwrap_or(shares.len() - 1);
            let vote = if chance.unit() < good[at] {
                Vote::Plus
            } else {
                Vote::Minus
            };
            parts[at].count(vote);
        }
        parts
    }

    fn mix(before: Vec<Tally>, after: Vec<Tally>) -> (Mix, f64) {
        let sum = |parts: &[Tally]| parts.iter().fold(Tally::default(), |sum, one| sum + *one);
        let totals = (sum(&before), sum(&after));
        let one = |votes: Tally| Shared::from([(1, votes)]);
        let parts: Vec<Pair<usize>> = before
            .into_iter()
            .zip(after)
            .enumerate()
            .map(|(at, (before, after))| (Slice::Of(at), one(before), one(after)))
            .collect();
        let rows = split(parts, totals).unwrap();
        let mut mixes = [Mix::of(&rows, (totals.0.n(), totals.1.n()))];
        adjust(&mut mixes);
        (mixes[0], totals.1.net().unwrap() - totals.0.net().unwrap())
    }

    #[test]
    fn mix_and_rate_are_the_change() {
        let tally = |plus, minus| Tally {
            plus,
            zero: 0,
            minus,
        };
        // Shop stays at 60, phone at -20; the phone's share doubles.
        let (mix, change) = mix(
            vec![tally(640, 160), tally(80, 120)],
            vec![tally(480, 120), tally(160, 240)],
        );
        assert!(
            (mix.points + 16.0).abs() < 1e-9 && mix.rate.abs() < 1e-9,
            "{mix:?}"
        );
        assert!((mix.points + mix.rate - change).abs() < 1e-9);
        assert!(mix.is_large(change) && mix.high < 0.0, "{mix:?}");
    }

    /// The same customers answer: at most one run in twenty calls the mix more than chance.
    #[test]
    fn the_same_mix_raises_no_alarm() {
        let mut chance = Chance::new(31);
        let shares = [0.1; 10];
        let good: Vec<f64> = (0..10).map(|at| 0.05 + 0.1 * f64::from(at)).collect();
        let runs = 400;
        let alarms = (0..runs)
            .filter(|_| {
                let (mix, _) = mix(
                    drawn(&mut chance, 300, &shares, &good),
                    drawn(&mut chance, 300, &shares, &good),
                );
                mix.q.is_some_and(|q| q <= ACCEPTED)
            })
            .count();
        assert!(alarms <= 28, "{alarms} of {runs}: 20 are the level");
    }
}
