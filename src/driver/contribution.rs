//! What one part did to the change of a net score, and how sure that is.
//!
//! With w the share of a part and s = 100·mean(t·y) what it brings to the net score (t: how much of
//! a verbatim belongs to the part, y its vote), the two terms of [`super::change`] add up to
//!
//! ```text
//! T = (s' - s) - (w' - w)·R,   R = (net + net')/2
//! ```
//!
//! so one verbatim's influence on T is ±[t·(y - R) ± c·(y - net)] with c = (w' - w)/2, and its
//! variance follows from the counts of votes (as for [`super::impact`]; Hampel 1974). Both periods
//! are independent: their variances add up.

use super::change::{self, Part, Shift};
use super::false_discovery;
use crate::normal;
use crate::tally::{HIDDEN_BELOW, INDICATIVE_BELOW, Tally, Z95};
use std::collections::BTreeMap;

/// The votes of a part by the number of parts that share each verbatim.
pub type Shared = BTreeMap<usize, Tally>;

/// Which part of a split.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slice<K> {
    /// A driver, a value of a field.
    Of(K),
    /// Parts of fewer than [`HIDDEN_BELOW`] in both periods together.
    Small,
    /// Those who belong to no part.
    Without,
}

/// One part of the change of a net score.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution<K> {
    /// Which part, with its shares and net scores, and the two terms.
    pub shift: Shift<Slice<K>>,
    /// Verbatims before; one that belongs to several parts counts in each.
    pub n_before: u64,
    /// Verbatims after.
    pub n_after: u64,
    /// Points of change that it accounts for: its two terms added up.
    pub total: f64,
    /// Lower bound of the 95 % interval of `total`.
    pub low: f64,
    /// Upper bound of the 95 % interval of `total`.
    pub high: f64,
    /// Chance of a total at least as large if nothing had changed, 0 to 1; `None` below
    /// [`INDICATIVE_BELOW`] verbatims.
    pub p: Option<f64>,
    /// `p` adjusted for all that were tested beside it.
    pub q: Option<f64>,
}

impl<K> Contribution<K> {
    /// True when it stays significant among all that were tested beside it.
    pub fn is_significant(&self) -> bool {
        self.q.is_some_and(|q| q <= false_discovery::ACCEPTED)
    }

    /// The points from its change of share and those from its change of score; `None` when either
    /// period has so few that the terms would tell their score. The total is that of both.
    pub fn terms(&self) -> Option<(f64, f64)> {
        let few = |n: u64| (1..HIDDEN_BELOW).contains(&n);
        let hidden = few(self.n_before) || few(self.n_after);
        (!hidden).then_some((self.shift.share, self.shift.score))
    }
}

/// A part before and after.
pub type Pair<K> = (Slice<K>, Shared, Shared);

/// Splits the change between two periods by parts; `totals` are all votes of each period. Parts that
/// are too small to show are taken together, so that what is shown still sums to the change. `None`
/// when either period has no votes.
pub fn split<K: Clone + Ord>(
    parts: Vec<Pair<K>>,
    totals: (Tally, Tally),
) -> Option<Vec<Contribution<K>>> {
    let parts = together(parts);
    let sums = parts.iter();
    let sums = sums.map(|(slice, before, after)| (slice.clone(), part(before), part(after)));
    let change = change::between(sums)?;
    let nets = (change.before, change.after);
    let rows = change.parts.into_iter().zip(&parts);
    let rows = rows.map(|(shift, (_, before, after))| {
        let (n_before, n_after) = (count(before), count(after));
        let total = shift.share + shift.score;
        let error = error(&shift, (before, after), totals, nets);
        let tested = n_before + n_after >= INDICATIVE_BELOW && error > 0.0;
        Contribution {
            n_before,
            n_after,
            total,
            low: total - Z95 * error,
            high: total + Z95 * error,
            p: tested.then(|| normal::two_sided(total / error)),
            q: None,
            shift,
        }
    });
    let mut rows: Vec<_> = rows.collect();
    // Parts that come to the same stand by name.
    rows.sort_by(|a, b| {
        let size = b.total.abs().total_cmp(&a.total.abs());
        size.then_with(|| a.shift.part.cmp(&b.shift.part))
    });
    Some(rows)
}

/// Adjusts p values over all of these.
pub fn adjust<'c, K: 'c>(rows: impl Iterator<Item = &'c mut Contribution<K>>) {
    let rows: Vec<_> = rows.collect();
    let p: Vec<Option<f64>> = rows.iter().map(|row| row.p).collect();
    for (row, q) in rows.into_iter().zip(false_discovery::adjust(&p)) {
        row.q = q;
    }
}

/// Verbatims in a part.
fn count(shared: &Shared) -> u64 {
    shared.values().map(Tally::n).sum()
}

/// A part as it is split: each verbatim divided by the number of parts that share it. Divided once
/// and in order, so that the order of counting shows in no bit.
pub(super) fn part(shared: &Shared) -> Part {
    shared
        .iter()
        .fold(Part::default(), |mut part, (by, votes)| {
            part.weight += votes.n() as f64 / *by as f64;
            part.sum += votes.sum() as f64 / *by as f64;
            part
        })
}

/// Takes together what would show fewer than [`HIDDEN_BELOW`] verbatims; and, as long as that is
/// still too few, the next smallest too.
fn together<K: Ord>(parts: Vec<Pair<K>>) -> Vec<Pair<K>> {
    let size = |part: &Pair<K>| count(&part.1) + count(&part.2);
    let is_small = |part: &Pair<K>| size(part) < HIDDEN_BELOW;
    let parts = parts.into_iter().filter(|one| size(one) > 0);
    let (mut small, mut shown): (Vec<_>, Vec<_>) = parts.partition(is_small);
    shown.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| b.0.cmp(&a.0)));
    let mut all = (Slice::Small, Shared::new(), Shared::new());
    while let Some((_, before, after)) = small.pop() {
        add(&mut all.1, before);
        add(&mut all.2, after);
        if small.is_empty() && is_small(&all) {
            small.extend(shown.pop());
        }
    }
    if size(&all) > 0 {
        shown.push(all);
    }
    shown.sort_by(|a, b| a.0.cmp(&b.0));
    shown
}

fn add(into: &mut Shared, from: Shared) {
    for (by, votes) in from {
        *into.entry(by).or_default() += votes;
    }
}

/// Standard error of a part's total, in points.
fn error<K>(
    shift: &Shift<Slice<K>>,
    parts: (&Shared, &Shared),
    totals: (Tally, Tally),
    nets: (f64, f64),
) -> f64 {
    let middle = f64::midpoint(nets.0, nets.1) / 100.0;
    let half = (shift.share_after - shift.share_before) / 2.0;
    // Before, both terms enter with the opposite sign and c counts the other way: R falls with net.
    let before = variance(parts.0, totals.0, middle, half);
    let after = variance(parts.1, totals.1, middle, -half);
    100.0 * (before + after).sqrt()
}

/// Variance of the mean of t·(y - R) + c·(y - net) over all verbatims of a period.
fn variance(part: &Shared, total: Tally, middle: f64, c: f64) -> f64 {
    let n = total.n() as f64;
    let net = total.sum() as f64 / n;
    let classes = |votes: Tally| [(-1.0, votes.minus), (0.0, votes.zero), (1.0, votes.plus)];
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut counted = [0_u64; 3];
    let mut each = |t: f64, vote: f64, many: u64| {
        let influence = t * (vote - middle) + c * (vote - net);
        sum += many as f64 * influence;
        squares += many as f64 * influence * influence;
    };
    for (by, votes) in part {
        for (at, (vote, many)) in classes(*votes).into_iter().enumerate() {
            each(1.0 / *by as f64, vote, many);
            counted[at] += many;
        }
    }
    for ((vote, many), counted) in classes(total).into_iter().zip(counted) {
        each(0.0, vote, many.saturating_sub(counted));
    }
    let mean = sum / n;
    ((squares / n - mean * mean) / n).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use crate::measure::Vote;
    use proptest::prelude::*;

    fn one(tally: Tally) -> Shared {
        Shared::from([(1, tally)])
    }

    fn tally(plus: u64, zero: u64, minus: u64) -> Tally {
        Tally { plus, zero, minus }
    }

    fn totals(parts: &[Pair<u8>]) -> (Tally, Tally) {
        let sum = |of: fn(&Pair<u8>) -> &Shared| {
            let all = parts.iter().flat_map(|part| of(part).values().copied());
            all.fold(Tally::default(), |sum, votes| sum + votes)
        };
        (sum(|part| &part.1), sum(|part| &part.2))
    }

    #[test]
    fn few_are_taken_together_and_nothing_is_lost() {
        let parts: Vec<Pair<u8>> = vec![
            (Slice::Of(0), one(tally(30, 10, 20)), one(tally(10, 10, 40))),
            (Slice::Of(1), one(tally(1, 1, 0)), one(tally(1, 0, 0))),
            (Slice::Of(2), one(tally(3, 0, 4)), one(tally(2, 2, 3))),
            (Slice::Of(3), one(Tally::default()), one(Tally::default())),
        ];
        let sums = totals(&parts);
        let rows = split(parts, sums).unwrap();
        let change = sums.1.net().unwrap() - sums.0.net().unwrap();
        let total: f64 = rows.iter().map(|row| row.total).sum();
        assert!((total - change).abs() < 1e-9);
        let named: Vec<_> = rows.iter().map(|row| row.shift.part.clone()).collect();
        // Three are too few, so the next smallest part goes with them.
        assert_eq!(named, [Slice::Of(0), Slice::Small]);
        assert_eq!((rows[1].n_before, rows[1].n_after), (9, 8));
    }

    fn drawn(chance: &mut Chance, n: u32, shares: &[f64], favour: &[f64]) -> Vec<Tally> {
        let mut parts = vec![Tally::default(); shares.len()];
        for _ in 0..n {
            let draw = chance.unit();
            let mut bound = 0.0;
            let at = shares.iter().position(|share| {
                bound += share;
                draw < bound
            });
            let at = at.unwrap_or(shares.len() - 1);
            parts[at].count(match chance.unit() {
                d if d < favour[at] => Vote::Plus,
                d if d < favour[at] + 0.2 => Vote::Zero,
                _ => Vote::Minus,
            });
        }
        parts
    }

    fn pairs(before: Vec<Tally>, after: Vec<Tally>) -> Vec<Pair<u8>> {
        let both = before.into_iter().zip(after);
        (0..)
            .zip(both)
            .map(|(at, (b, a))| (Slice::Of(at), one(b), one(a)))
            .collect()
    }

    /// The interval of a total holds the true one about as often as it says.
    #[test]
    fn the_interval_covers() {
        let (before, after) = ([0.5, 0.3, 0.2], [0.4, 0.3, 0.3]);
        let (good, bad) = ([0.6, 0.5, 0.2], [0.6, 0.35, 0.25]);
        let net = |shares: &[f64; 3], favour: &[f64; 3]| -> f64 {
            shares
                .iter()
                .zip(favour)
                .map(|(w, f)| w * (f - (0.8 - f)))
                .sum()
        };
        let middle = f64::midpoint(net(&before, &good), net(&after, &bad));
        let truth: Vec<f64> = (0..3)
            .map(|k| {
                let brought = |w: f64, f: f64| w * (2.0 * f - 0.8);
                let moved = brought(after[k], bad[k]) - brought(before[k], good[k]);
                100.0 * (moved - (after[k] - before[k]) * middle)
            })
            .collect();
        let mut chance = Chance::new(11);
        let mut covered = [0; 3];
        for _ in 0..1_000 {
            let parts = pairs(
                drawn(&mut chance, 500, &before, &good),
                drawn(&mut chance, 400, &after, &bad),
            );
            let sums = totals(&parts);
            for row in split(parts, sums).unwrap() {
                if let Slice::Of(k) = row.shift.part {
                    let k = usize::from(k);
                    covered[k] += u32::from(row.low <= truth[k] && truth[k] <= row.high);
                }
            }
        }
        assert!(
            covered.iter().all(|n| (930..=970).contains(n)),
            "{covered:?}"
        );
    }

    /// Nothing changed: at most one run in twenty calls any of twenty parts significant.
    #[test]
    fn unchanged_parts_raise_no_alarm() {
        let shares = [0.05; 20];
        let favour: Vec<f64> = (0..20).map(|k| 0.2 + 0.02 * f64::from(k)).collect();
        let mut chance = Chance::new(17);
        let runs = 500;
        let alarms = (0..runs)
            .filter(|_| {
                let parts = pairs(
                    drawn(&mut chance, 900, &shares, &favour),
                    drawn(&mut chance, 700, &shares, &favour),
                );
                let sums = totals(&parts);
                let mut rows = split(parts, sums).unwrap();
                adjust(rows.iter_mut());
                rows.iter().any(Contribution::is_significant)
            })
            .count();
        assert!(
            alarms <= 36,
            "{alarms} of {runs}: 25 are the level, 36 two errors above it"
        );
    }

    fn some_tally() -> impl Strategy<Value = Tally> {
        (0..40_u64, 0..40_u64, 0..40_u64).prop_map(|(p, z, m)| tally(p, z, m))
    }

    proptest! {
        #[test]
        fn what_is_shown_sums_to_the_change(
            parts in prop::collection::vec((some_tally(), some_tally()), 1..9),
        ) {
            let (before, after) = parts.into_iter().unzip();
            let parts = pairs(before, after);
            let sums = totals(&parts);
            if let (Some(before), Some(after)) = (sums.0.net(), sums.1.net()) {
                let rows = split(parts, sums).unwrap();
                let total: f64 = rows.iter().map(|row| row.shift.share + row.shift.score).sum();
                prop_assert!((total - (after - before)).abs() < 1e-9);
                for row in &rows {
                    prop_assert!(row.low <= row.total && row.total <= row.high);
                    prop_assert!(rows.len() == 1 || row.n_before + row.n_after >= HIDDEN_BELOW);
                }
            }
        }
    }
}
