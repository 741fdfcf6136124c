//! Calibration: whether what is said with a probability of 0.7 is right seven times of ten.

use super::confusion::share;

/// Bins of equal width, as in Guo et al. 2017.
pub const BINS: usize = 15;

/// Parts of a probability that are kept: whole numbers add up the same in any order.
const UNIT: f64 = 1e9;

/// Probabilities and outcomes, counted in bins of equal width.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bins {
    counts: [u64; BINS],
    right: [u64; BINS],
    /// Probabilities in parts of [`UNIT`].
    sums: [u64; BINS],
}

impl Bins {
    /// Counts one probability, 0 to 1, and whether what it stands for was so.
    pub fn count(&mut self, probability: f32, right: bool) {
        let probability = f64::from(probability).clamp(0.0, 1.0);
        let bin = ((probability * BINS as f64) as usize).min(BINS - 1);
        self.counts[bin] += 1;
        self.right[bin] += u64::from(right);
        self.sums[bin] += (probability * UNIT).round() as u64;
    }

    /// Adds the counts of other texts.
    pub fn merge(&mut self, other: &Self) {
        for bin in 0..BINS {
            self.counts[bin] += other.counts[bin];
            self.right[bin] += other.right[bin];
            self.sums[bin] += other.sums[bin];
        }
    }

    /// The expected calibration error, 0 to 1: the mean over texts of how far the mean probability
    /// of their bin is from the share that was right in it (Naeini, Cooper & Hauskrecht 2015; with
    /// [`BINS`] bins of equal width as Guo et al. 2017). `None` without texts.
    pub fn ece(&self) -> Option<f64> {
        let gaps = (0..BINS).map(|bin| {
            let gap = self.right[bin] as f64 - self.sums[bin] as f64 / UNIT;
            gap.abs()
        });
        let n: u64 = self.counts.iter().sum();
        (n > 0).then(|| gaps.sum::<f64>() / n as f64)
    }

    /// The error of several sets together, each counting alike whatever its size; `None` without texts.
    pub fn ece_of_sets(sets: &[&Self]) -> Option<f64> {
        let sizes: Vec<f64> = sets
            .iter()
            .map(|set| set.counts.iter().sum::<u64>() as f64)
            .collect();
        let known = sizes.iter().filter(|size| **size > 0.0).count();
        let gap = |bin: usize| {
            let parts = sets.iter().zip(&sizes).filter(|(_, size)| **size > 0.0);
            let gaps = parts
                .map(|(set, size)| (set.right[bin] as f64 - set.sums[bin] as f64 / UNIT) / size);
            gaps.sum::<f64>().abs()
        };
        (known > 0).then(|| (0..BINS).map(gap).sum::<f64>() / known as f64)
    }

    /// The bins that hold texts: how many, their mean probability, the share that was right.
    pub fn shares(&self) -> impl Iterator<Item = (u64, f64, f64)> + '_ {
        (0..BINS).filter_map(|bin| {
            let n = self.counts[bin];
            let mean = self.sums[bin] as f64 / UNIT / n.max(1) as f64;
            Some((n, mean, share(self.right[bin], n)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By hand: 0.95 thrice, right twice, and 0.5 twice, right once.
    #[test]
    fn the_error_is_the_mean_gap() {
        let mut bins = Bins::default();
        for right in [true, true, false] {
            bins.count(0.95, right);
        }
        bins.count(0.5, true);
        bins.count(0.5, false);
        let gap = (0.95 - 2.0 / 3.0) * 3.0 / 5.0;
        assert!((bins.ece().unwrap() - gap).abs() < 1e-8);
        assert_eq!(bins.shares().count(), 2);
        assert_eq!(Bins::default().ece(), None);
    }

    #[test]
    fn the_ends_of_the_scale_have_a_bin() {
        let mut bins = Bins::default();
        bins.count(0.0, false);
        bins.count(1.0, true);
        assert!(bins.ece().unwrap() < 1e-9);
        assert_eq!(bins.counts[0] + bins.counts[BINS - 1], 2);
    }

    proptest! {
        #[test]
        fn any_order_and_any_cut_give_the_same(
            said in prop::collection::vec((0.0..=1.0_f32, any::<bool>()), 1..60),
            cut in 0..60_usize,
        ) {
            let of = |said: &mut dyn Iterator<Item = &(f32, bool)>| {
                let mut bins = Bins::default();
                said.for_each(|(probability, right)| bins.count(*probability, *right));
                bins
            };
            let whole = of(&mut said.iter());
            let (first, second) = said.split_at(cut.min(said.len()));
            let mut parts = of(&mut second.iter().rev());
            parts.merge(&of(&mut first.iter()));
            prop_assert_eq!(&whole, &parts);
            prop_assert!((0.0..=1.0).contains(&whole.ece().unwrap()));
        }
    }
}
