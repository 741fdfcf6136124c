//! Which numbers of the record go with something: from which value on is it more likely?
//!
//! Each quantile of a field is tried as a threshold. The best one's p is multiplied by how many were
//! tried (Bonferroni), and what is left is corrected for all fields together.

use super::false_discovery;
use super::proportion::{Bounded, Proportions};
use crate::tally::HIDDEN_BELOW;

/// Thresholds are tried at each tenth of the values.
pub const PARTS: usize = 10;

/// Verbatims by where the value of a field lies, and how many of them are events of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bins {
    /// Thresholds in ascending order, each a value that occurs.
    pub thresholds: Vec<f64>,
    /// For each bin (below the first threshold, from it to below the second, …) all verbatims, then
    /// the events of each kind.
    pub counts: Vec<u64>,
}

/// The threshold of a field that parts the events best.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Position of the field.
    pub field: usize,
    /// The threshold.
    pub value: f64,
    /// True when the event is more likely from the threshold on, false when below it.
    pub from: bool,
    /// Events on the side where they are more likely, and on the other.
    pub counts: Proportions,
    /// Odds on that side over the odds on the other.
    pub odds: Bounded,
    /// How many thresholds were tried.
    pub tried: usize,
    /// Chance of so much more if it did not matter, for all thresholds tried and all fields.
    pub q: f64,
}

/// The thresholds to try for these values: at each tenth, each once, none that has nothing below.
pub fn thresholds(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let lowest = values.first().copied();
    let tenths = (1..PARTS).filter_map(|part| values.get(values.len() * part / PARTS));
    let mut found: Vec<f64> = tenths
        .copied()
        .filter(|value| lowest.is_some_and(|lowest| *value > lowest))
        .collect();
    found.dedup();
    found
}

/// For each kind of event the fields that go with it, the surest odds first, and how many thresholds
/// were tried in all. `events` is how many kinds there are.
pub fn search(fields: &[Bins], events: usize) -> (Vec<Vec<Threshold>>, usize) {
    let mut best: Vec<(usize, Threshold)> = Vec::new();
    let mut p = Vec::new();
    for event in 0..events {
        for (field, bins) in fields.iter().enumerate() {
            let Some((found, chance)) = bins.best(field, event, events + 1) else {
                continue;
            };
            best.push((event, found));
            p.push(Some(chance));
        }
    }
    let tried = best.iter().map(|(_, one)| one.tried).sum();
    let mut found = vec![Vec::new(); events];
    for ((event, one), q) in best.into_iter().zip(false_discovery::adjust(&p)) {
        let q = q.unwrap_or(1.0);
        if q <= false_discovery::ACCEPTED && one.counts.here >= HIDDEN_BELOW {
            found[event].push(Threshold { q, ..one });
        }
    }
    for one in &mut found {
        one.sort_by(|a: &Threshold, b| {
            let sure = b.odds.low.total_cmp(&a.odds.low);
            sure.then(a.field.cmp(&b.field))
        });
    }
    (found, tried)
}

impl Bins {
    /// Where a value counts.
    pub fn of(&self, value: f64) -> usize {
        self.thresholds
            .partition_point(|threshold| *threshold <= value)
    }

    /// The threshold that parts the events best, and its p times the number tried.
    fn best(&self, field: usize, event: usize, stride: usize) -> Option<(Threshold, f64)> {
        let total = |column: usize| -> u64 {
            self.counts
                .chunks_exact(stride)
                .map(|bin| bin[column])
                .sum()
        };
        let (all, hits) = (total(0), total(event + 1));
        let tried = self.thresholds.len();
        let (mut below, mut hits_below) = (0, 0);
        let mut best: Option<(f64, Threshold)> = None;
        for (value, bin) in self.thresholds.iter().zip(self.counts.chunks_exact(stride)) {
            below += bin[0];
            hits_below += bin[event + 1];
            let lower = Proportions::against_rest(hits_below, below, hits, all);
            let from = !lower.is_more();
            let counts = if from { lower.turned() } else { lower };
            let odds = counts.odds();
            let strength = libm::log(odds.value) / libm::log(odds.high / odds.low);
            if best.as_ref().is_none_or(|(most, _)| strength > *most) {
                let found = Threshold {
                    field,
                    value: *value,
                    from,
                    counts,
                    odds,
                    tried,
                    q: 1.0,
                };
                best = Some((strength, found));
            }
        }
        let (_, best) = best?;
        let p = (best.counts.p() * tried as f64).min(1.0);
        Some((best, p))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    fn drawn(seed: u64, n: u32, risk: impl Fn(f64) -> f64) -> Vec<Bins> {
        let mut chance = Chance::new(seed);
        let values: Vec<[f64; 3]> = (0..n)
            .map(|_| {
                [
                    chance.below(60) as f64,
                    chance.normal(),
                    chance.below(2) as f64,
                ]
            })
            .collect();
        let mut bins: Vec<Bins> = (0..3)
            .map(|field| {
                let thresholds = thresholds(values.iter().map(|one| one[field]).collect());
                let counts = vec![0; 2 * (thresholds.len() + 1)];
                Bins { thresholds, counts }
            })
            .collect();
        for one in &values {
            let event = u64::from(chance.unit() < risk(one[0]));
            for (bins, value) in bins.iter_mut().zip(one) {
                let at = bins.of(*value);
                bins.counts[2 * at] += 1;
                bins.counts[2 * at + 1] += event;
            }
        }
        bins
    }

    #[test]
    fn a_planted_threshold_is_found() {
        let bins = drawn(
            1,
            4_000,
            |minutes| if minutes >= 42.0 { 0.24 } else { 0.06 },
        );
        let (found, tried) = search(&bins, 1);
        assert_eq!(found[0].len(), 1, "{found:?}");
        let one = &found[0][0];
        assert_eq!((one.field, one.from), (0, true));
        assert!((one.value - 42.0).abs() <= 1.0, "{one:?}");
        assert!(one.odds.low > 3.0);
        assert_eq!(tried, 9 + 9 + 1);
    }

    #[test]
    fn below_counts_too() {
        let bins = drawn(2, 4_000, |minutes| if minutes < 12.0 { 0.2 } else { 0.05 });
        let (found, _) = search(&bins, 1);
        assert_eq!((found[0][0].field, found[0][0].from), (0, false));
    }

    #[test]
    fn nothing_planted_nothing_found() {
        let runs = 400;
        let alarms = (0..runs)
            .filter(|seed| !search(&drawn(100 + seed, 800, |_| 0.1), 1).0[0].is_empty())
            .count();
        assert!(alarms <= 28, "{alarms} of {runs}: 20 are the level");
    }

    #[test]
    fn values_that_are_all_alike_have_no_threshold() {
        assert_eq!(thresholds(vec![3.0; 40]), Vec::<f64>::new());
        assert_eq!(thresholds(Vec::new()), Vec::<f64>::new());
        assert_eq!(thresholds(vec![0.0, 0.0, 1.0, 1.0]), [1.0]);
    }
}
