//! Seeded chance: the same seed gives the same draws on every machine, so that bootstrap intervals
//! and sampled shares are the same bytes in every run.

/// A generator of draws: `SplitMix64` (Steele, Lea & Flood, *Fast splittable pseudorandom number
/// generators*, OOPSLA 2014). Good enough for statistics, not for secrets.
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

/// A hash of some bytes that stays the same in every version and on every machine (FNV-1a, 64 bits,
/// stirred so that what comes in sequence spreads): an order of texts and ids that is as good as
/// drawn, and does not depend on the order they came in.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    // The finaliser of MurmurHash3 (Appleby 2011).
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

/// Above this variance a binomial draw comes from the normal curve: its skew is then below 1/20, and
/// counting up would be slow.
const NORMAL_ABOVE: f64 = 400.0;

impl Chance {
    /// A generator that starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not 1, every multiple of 2⁻⁵³ alike.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (-53f64).exp2()
    }

    /// A whole number from 0 up to but not `limit`, all alike; 0 when `limit` is 0.
    ///
    /// The high half of a product, with the draws that would favour some numbers thrown away
    /// (Lemire 2019).
    pub fn below(&mut self, limit: u64) -> u64 {
        let unfair = limit.wrapping_neg().checked_rem(limit).unwrap_or(0);
        loop {
            let product = u128::from(self.bits()) * u128::from(limit);
            if product as u64 >= unfair {
                return (product >> 64) as u64;
            }
        }
    }

    /// Puts the items in an order drawn from all orders alike.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }

    /// A draw from the normal curve of mean 0 and variance 1 (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A draw from the gamma distribution of scale 1; `shape` is above 0 (Marsaglia & Tsang, *A
    /// simple method for generating gamma variables*, ACM TOMS 26, 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let root = (1.0 - self.unit()).powf(1.0 / shape);
            return self.gamma(shape + 1.0) * root;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let base = 1.0 + c * x;
            if base <= 0.0 {
                continue;
            }
            let v = base.powi(3);
            if (1.0 - self.unit()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Shares that sum to 1, drawn from the Dirichlet distribution of these parameters, each above
    /// 0. Three ones draw every mix of three alike.
    pub fn dirichlet<const OUTCOMES: usize>(
        &mut self,
        parameters: &[f64; OUTCOMES],
    ) -> [f64; OUTCOMES] {
        let parts = parameters.map(|parameter| self.gamma(parameter));
        let sum: f64 = parts.iter().sum();
        parts.map(|part| part / sum)
    }

    /// How many of `n` trials of probability `share` (0 to 1) succeed.
    pub fn binomial(&mut self, n: u64, share: f64) -> u64 {
        if n == 0 || share <= 0.0 {
            return 0;
        }
        if share >= 1.0 {
            return n;
        }
        if share > 0.5 {
            return n - self.binomial(n, 1.0 - share);
        }
        let mean = n as f64 * share;
        let variance = mean * (1.0 - share);
        if variance > NORMAL_ABOVE {
            let draw = mean + variance.sqrt() * self.normal();
            return (draw.round().max(0.0) as u64).min(n);
        }
        self.binomial_by_counting(n, share)
    }

    /// Goes up the probabilities of 0, 1, 2 … until they sum to a draw.
    fn binomial_by_counting(&mut self, n: u64, share: f64) -> u64 {
        let odds = share / (1.0 - share);
        // The probability of 0 must not vanish: from about e⁻⁷⁴⁵ down a double is 0, and a mean of
        // 300 with a share of 1/2 gives e⁻⁴¹⁶. Larger counts are drawn in two halves.
        if n as f64 * share > 300.0 {
            return self.binomial(n / 2, share) + self.binomial(n - n / 2, share);
        }
        let mut probability = (n as f64 * (-share).ln_1p()).exp();
        let mut rest = self.unit();
        let mut count = 0;
        while rest > probability && count < n {
            rest -= probability;
            probability *= odds * (n - count) as f64 / (count + 1) as f64;
            count += 1;
        }
        count
    }

    /// `n` trials shared out among outcomes of these `shares`, which sum to 1.
    pub fn multinomial<const OUTCOMES: usize>(
        &mut self,
        n: u64,
        shares: &[f64; OUTCOMES],
    ) -> [u64; OUTCOMES] {
        let mut counts = [0; OUTCOMES];
        let (mut left, mut share_left) = (n, 1.0);
        for (place, (count, share)) in counts.iter_mut().zip(shares).enumerate() {
            *count = if place + 1 == OUTCOMES {
                left
            } else {
                self.binomial(left, share / share_left)
            };
            left -= *count;
            share_left -= share;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_the_published_generator() {
        let mut chance = Chance::new(1_234_567);
        let draws = [(); 3].map(|()| chance.bits());
        assert_eq!(
            draws,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    fn mean_and_variance(draws: &[f64]) -> (f64, f64) {
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let squares = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>();
        (mean, squares / n)
    }

    #[test]
    fn binomials_have_their_mean_and_variance() {
        let mut chance = Chance::new(1);
        for (n, share) in [
            (10, 0.3),
            (900, 0.4),
            (5_000, 0.9),
            (1_000_000, 0.000_32),
            (40_000, 0.5),
        ] {
            let draws: Vec<f64> = (0..4_000)
                .map(|_| chance.binomial(n, share) as f64)
                .collect();
            let (mean, variance) = mean_and_variance(&draws);
            let expected = n as f64 * share;
            let spread = expected * (1.0 - share);
            // Four standard errors.
            assert!(
                (mean - expected).abs() < 4.0 * (spread / 4_000.0).sqrt(),
                "{n} {mean}"
            );
            assert!((variance / spread - 1.0).abs() < 0.1, "{n} {variance}");
        }
    }

    #[test]
    fn a_normal_draw_is_centred_and_of_unit_spread() {
        let mut chance = Chance::new(2);
        let draws: Vec<f64> = (0..10_000).map(|_| chance.normal()).collect();
        let (mean, variance) = mean_and_variance(&draws);
        assert!(mean.abs() < 0.04 && (variance - 1.0).abs() < 0.06);
    }

    #[test]
    fn gammas_have_their_mean_and_variance() {
        let mut chance = Chance::new(6);
        for shape in [0.5, 1.0, 4.0, 250.0] {
            let draws: Vec<f64> = (0..10_000).map(|_| chance.gamma(shape)).collect();
            let (mean, variance) = mean_and_variance(&draws);
            // Four standard errors.
            assert!((mean - shape).abs() < 4.0 * (shape / 1e4).sqrt(), "{mean}");
            assert!((variance / shape - 1.0).abs() < 0.15, "{shape} {variance}");
        }
    }

    #[test]
    fn mixes_sum_to_one_and_have_their_means() {
        let mut chance = Chance::new(7);
        let draws: Vec<[f64; 3]> = (0..4_000)
            .map(|_| chance.dirichlet(&[1.0, 2.0, 5.0]))
            .collect();
        for (place, expected) in [0.125, 0.25, 0.625].into_iter().enumerate() {
            let each: Vec<f64> = draws.iter().map(|mix| mix[place]).collect();
            let (mean, _) = mean_and_variance(&each);
            assert!((mean - expected).abs() < 0.01, "{place} {mean}");
        }
        let off = |mix: &[f64; 3]| (mix.iter().sum::<f64>() - 1.0).abs();
        assert!(draws.iter().all(|mix| off(mix) < 1e-12));
    }

    #[test]
    fn edges_draw_what_they_must() {
        let mut chance = Chance::new(3);
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.below(1), 0);
        assert_eq!(chance.binomial(7, 0.0), 0);
        assert_eq!(chance.binomial(7, 1.0), 7);
        assert_eq!(chance.multinomial(50, &[0.0, 1.0, 0.0]), [0, 50, 0]);
        assert_eq!(
            chance.multinomial(50, &[0.2, 0.5, 0.3]).iter().sum::<u64>(),
            50
        );
    }

    #[test]
    fn shuffling_reaches_every_order_alike() {
        let mut chance = Chance::new(4);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..6_000 {
            let mut items = [1, 2, 3];
            chance.shuffle(&mut items);
            *seen.entry(items).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(
            seen.values().all(|count| (850..1_150).contains(count)),
            "{seen:?}"
        );
    }
}
