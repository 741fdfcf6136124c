//! Why a net score moved between two periods: exactly, part by part.
//!
//! A net score is the mean of its parts' scores weighted by their shares, net = Σ wₖ·rₖ. So its
//! change splits, without a rest (Kitagawa 1955, *Components of a difference between two rates*,
//! JASA 50), into
//!
//! ```text
//! share of part k (mix):   (wₖ' - wₖ)·((rₖ + rₖ')/2 - R),   R = (net + net')/2
//! score of part k (rate):  (wₖ + wₖ')/2·(rₖ' - rₖ)
//! ```
//!
//! Shares sum to 1 in both periods, so R falls out of the sum; with it, a growing part adds points
//! when it scores above the whole and costs points when below. A part that is missing in one period
//! has no score there: all it does is counted as share.
//!
//! Parts are segments (region, channel), or drivers where each verbatim is divided among those it
//! names: [`super::Accumulator::change_to`].

use crate::tally::Tally;
use serde::Serialize;

/// The verbatims of one part in one period; fractions where a verbatim belongs to several parts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    /// How many verbatims.
    pub weight: f64,
    /// The sum of their votes.
    pub sum: f64,
}

impl From<Tally> for Part {
    fn from(tally: Tally) -> Self {
        Self {
            weight: tally.n() as f64,
            sum: tally.sum() as f64,
        }
    }
}

impl Part {
    /// Mean vote, -1 to 1; `None` without verbatims.
    fn score(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// What one part did to the change of a net score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shift<K> {
    /// Which part.
    pub part: K,
    /// Its share before, 0 to 1.
    pub share_before: f64,
    /// Its share after, 0 to 1.
    pub share_after: f64,
    /// Its net score before, -100 to 100; `None` when it had no verbatims.
    pub net_before: Option<f64>,
    /// Its net score after; `None` when it had no verbatims.
    pub net_after: Option<f64>,
    /// Points from its change of share (mix).
    pub share: f64,
    /// Points from its change of score (rate).
    pub score: f64,
}

/// The change of a net score and its parts; shares and scores of all parts sum to `after - before`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change<K> {
    /// Net score before, -100 to 100.
    pub before: f64,
    /// Net score after, -100 to 100.
    pub after: f64,
    /// The parts, in the order given.
    pub parts: Vec<Shift<K>>,
}

/// Splits the change between two periods by parts: (which, before, after), each verbatim in exactly
/// one part. `None` when either period has no verbatims.
pub fn between<K>(parts: impl IntoIterator<Item = (K, Part, Part)>) -> Option<Change<K>> {
    let parts: Vec<_> = parts.into_iter().collect();
    let add = |sum: Part, part: &Part| Part {
        weight: sum.weight + part.weight,
        sum: sum.sum + part.sum,
    };
    let before = parts.iter().map(|(_, before, _)| before);
    let after = parts.iter().map(|(_, _, after)| after);
    let before = before.fold(Part::default(), add);
    let after = after.fold(Part::default(), add);
    let (net_before, net_after) = (100.0 * before.score()?, 100.0 * after.score()?);
    let middle = f64::midpoint(net_before, net_after);
    let shift = |(part, early, late): (K, Part, Part)| {
        let shares = (early.weight / before.weight, late.weight / after.weight);
        Shift::of(part, shares, (early.score(), late.score()), middle)
    };
    Some(Change {
        before: net_before,
        after: net_after,
        parts: parts.into_iter().map(shift).collect(),
    })
}

impl<K> Shift<K> {
    /// From shares and scores (before, after), and the net score half way between the periods.
    fn of(part: K, shares: (f64, f64), scores: (Option<f64>, Option<f64>), middle: f64) -> Self {
        let net = |score: Option<f64>| score.map(|score| 100.0 * score);
        let (net_before, net_after) = (net(scores.0), net(scores.1));
        // Missing in one period: the score of the other stands for both, so `score` comes to 0.
        let early = net_before.or(net_after).unwrap_or(middle);
        let late = net_after.or(net_before).unwrap_or(middle);
        Self {
            part,
            share_before: shares.0,
            share_after: shares.1,
            net_before,
            net_after,
            share: (shares.1 - shares.0) * (f64::midpoint(early, late) - middle),
            score: f64::midpoint(shares.0, shares.1) * (late - early),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tally(plus: u64, minus: u64) -> Part {
        Tally {
            plus,
            zero: 0,
            minus,
        }
        .into()
    }

    fn close(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-9
    }

    #[test]
    fn only_the_mix_moves() {
        // Shop stays at 60, phone at -20; the phone's share doubles.
        let parts = [
            ("shop", tally(64, 16), tally(48, 12)),
            ("phone", tally(8, 12), tally(16, 24)),
        ];
        let change = between(parts).unwrap();
        assert!(close(change.after - change.before, -16.0), "{change:?}");
        assert!(change.parts.iter().all(|part| close(part.score, 0.0)));
        assert!(
            change.parts.iter().all(|part| part.share < 0.0),
            "less of the good part and more of the bad one both cost: {change:?}"
        );
    }

    #[test]
    fn only_a_score_moves() {
        let parts = [
            ("shop", tally(64, 16), tally(64, 16)),
            ("phone", tally(8, 12), tally(2, 18)),
        ];
        let change = between(parts).unwrap();
        assert!(change.parts.iter().all(|part| close(part.share, 0.0)));
        assert!(close(change.parts[1].score, 0.2 * -60.0), "{change:?}");
    }

    #[test]
    fn a_part_that_appears_is_all_share() {
        let parts = [
            ("old", tally(60, 40), tally(60, 40)),
            ("new", Part::default(), tally(0, 50)),
        ];
        let change = between(parts).unwrap();
        assert_eq!(change.parts[1].net_before, None);
        assert!(close(change.parts[1].score, 0.0));
        let sum: f64 = change.parts.iter().map(|p| p.share + p.score).sum();
        assert!(close(sum, change.after - change.before));
        assert!(between([("old", tally(1, 1), Part::default())]).is_none());
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_change(
            parts in prop::collection::vec(((0..90_u64, 0..90_u64), (0..90_u64, 0..90_u64)), 1..9),
        ) {
            let parts = parts.into_iter().map(|(b, a)| ((), tally(b.0, b.1), tally(a.0, a.1)));
            if let Some(change) = between(parts) {
                let sum: f64 = change.parts.iter().map(|p| p.share + p.score).sum();
                prop_assert!(close(sum, change.after - change.before));
            }
        }
    }
}
