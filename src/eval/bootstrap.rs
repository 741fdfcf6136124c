//! How sure a figure is: texts drawn again with replacement (Efron & Tibshirani, *An Introduction to
//! the Bootstrap*, 1993), by seeded chance.

use crate::chance::Chance;
use crate::model::Interval;
use rayon::prelude::*;

/// Times that the texts are drawn again. Efron & Tibshirani ask for about 1000 for an interval.
pub const DRAWS: u64 = 1000;
/// Where chance starts.
const SEED: u64 = 2015;
/// The share of draws left out at each end: 95 % are between.
const TAIL: f64 = 0.025;

/// A figure of every new draw of `n` texts, smallest first. `figure` hears how often each text was
/// drawn; draws without a figure are left out.
pub fn draws(n: usize, figure: impl Fn(&[u32]) -> Option<f64> + Sync) -> Vec<f64> {
    let one = |times: &mut Vec<u32>, draw: u64| {
        // Each draw has a seed of its own, so that it does not matter who draws it.
        let mut chance = Chance::new(SEED ^ (draw << 32));
        times.clear();
        times.resize(n, 0);
        for _ in 0..n {
            times[chance.below(n as u64) as usize] += 1;
        }
        figure(times)
    };
    let figures = (0..DRAWS).into_par_iter().map_init(Vec::new, one);
    let mut figures: Vec<f64> = figures.flatten_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures
}

/// The percentile interval of sorted draws, 95 %; `None` without draws.
pub fn interval(draws: &[f64]) -> Option<Interval> {
    let at = |share: f64| {
        let last = draws.len().checked_sub(1)?;
        draws.get((share * last as f64).round() as usize).copied()
    };
    Some(Interval {
        low: at(TAIL)?,
        high: at(1.0 - TAIL)?,
    })
}

/// How often a difference as far from 0 would be seen if there were none, 0 to 1: twice the share of
/// sorted draws on the other side of 0, each counted with one more so that it is never 0.
pub fn p_value(draws: &[f64]) -> f64 {
    let below = draws.partition_point(|draw| *draw <= 0.0);
    let above = draws.len() - draws.partition_point(|draw| *draw < 0.0);
    let rarer = below.min(above) as f64 + 1.0;
    (2.0 * rarer / (draws.len() as f64 + 1.0)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of 100 coins, 60 of them heads: its standard error is 0.049.
    fn heads(times: &[u32]) -> f64 {
        let heads: u32 = times[..60].iter().sum();
        f64::from(heads) / 100.0
    }

    #[test]
    fn the_interval_of_a_share_is_as_wide_as_it_must_be() {
        let draws = draws(100, |times| Some(heads(times)));
        let interval = interval(&draws).unwrap();
        assert!(
            (interval.low - (0.6 - 1.96 * 0.049)).abs() < 0.02,
            "{interval:?}"
        );
        assert!(
            (interval.high - (0.6 + 1.96 * 0.049)).abs() < 0.02,
            "{interval:?}"
        );
    }

    #[test]
    fn every_draw_takes_as_many_texts_as_there_are() {
        let draws = draws(37, |times| Some(f64::from(times.iter().sum::<u32>())));
        assert_eq!(draws, vec![37.0; DRAWS as usize]);
        assert_eq!(super::draws(0, |_| Some(0.0)).len(), DRAWS as usize);
    }

    #[test]
    fn the_same_texts_give_the_same_draws() {
        let first = |times: &[u32]| Some(f64::from(times[0]));
        assert_eq!(draws(50, first), draws(50, first));
    }

    #[test]
    fn p_is_small_far_from_zero_and_one_at_it() {
        let far: Vec<f64> = (1..=999).map(f64::from).collect();
        assert!((p_value(&far) - 2.0 / 1000.0).abs() < 1e-12);
        assert!((p_value(&[0.0; 10]) - 1.0).abs() < 1e-12);
        let (low, high) = ([-1.0; 5], [1.0; 95]);
        assert!((p_value(&[&low[..], &high[..]].concat()) - 12.0 / 101.0).abs() < 1e-12);
        assert_eq!(interval(&[]), None);
    }
}
