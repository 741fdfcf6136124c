//! A group's net score corrected for the errors that a classifier is known to make:
//! `nev.adjusted`.
//!
//! With C the shares of said votes by true vote, a group whose true shares are p is expected to say
//! q = Cᵀ·p; the votes said are q, so p is what solves it. The correction of a share by known error
//! rates is that of Rogan & Gladen (*Estimating prevalence from the results of a screening test*,
//! American Journal of Epidemiology 107, 1978); for several classes it is the adjusted count of
//! Forman (*Quantifying counts and costs via classification*, Data Mining and Knowledge Discovery
//! 17, 2008).
//!
//! What is estimated is the net score of the true votes of exactly the verbatims in the group, not
//! of the customers that they may stand for. So two things are uncertain: which of them were
//! misread, and the rates at which they are. How the group was drawn is not among them.

use super::confusion::{Confusion, Shares, shares};
use crate::chance::Chance;
use crate::lang::Lang;
use crate::tally::Tally;
use serde::Serialize;
use std::collections::BTreeMap;

/// A net score corrected for the known errors of the classifier: `nev.adjusted`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Adjusted {
    /// The corrected net score, -100 to 100.
    pub net: f64,
    /// Lower bound of the 95 % bootstrap interval.
    pub low: f64,
    /// Upper bound of the 95 % bootstrap interval.
    pub high: f64,
}

/// The matrices of the languages, made ready to correct any number of groups.
#[derive(Clone, Debug)]
pub struct Correction {
    /// By language; `None` without a matrix, and for one that cannot be turned round.
    languages: [Option<Matrix>; Lang::ALL.len()],
}

/// What is known of a classifier in one language, and the draws of what it may be as well.
#[derive(Clone, Debug)]
struct Matrix {
    rates: [Shares; 3],
    draws: Vec<Draw>,
}

/// One way in which things may be. The draws are the same for every group, so an interval depends
/// on counts alone, and groups are compared under the same chance.
#[derive(Clone, Copy, Debug)]
struct Draw {
    rates: [Shares; 3],
    /// Two normal draws, for which verbatims were misread.
    noise: [f64; 2],
}

/// Draws behind an interval. Their number moves a bound by about 3 % of the width: the standard error
/// of a 2.5 % quantile of as many normal draws.
const DRAWS: usize = 500;
/// When fewer draws than this can be solved, the matrix is too near to one that cannot.
const FEWEST: usize = DRAWS * 95 / 100;
/// Any number does; this one is fixed so that the same counts give the same interval.
const SEED: u64 = 20_071_101;
/// A matrix of shares whose determinant is smaller tells the votes apart too little to be turned
/// round; 1 is a perfect classifier, 0 pure chance. A guess.
const SMALLEST_DETERMINANT: f64 = 1e-6;
/// What a held-out verbatim weighs when rates are drawn. Two samples stand between a matrix and a
/// group: the held-out texts that were counted, and the texts that the group is of, whose own rates
/// differ from theirs. As if both were equally large, the variance is twice that of one. So it is
/// between two halves of the same held-out texts, where the coverage on the card is measured;
/// between texts of different origin the rates differ by more.
const WEIGHT: f64 = 0.5;
/// Imaginary verbatims for every cell when rates are drawn (Jeffreys 1946), so that what was never
/// seen is not taken for impossible.
const IMAGINARY: f64 = 0.5;

impl Correction {
    /// From the matrix of each language code. `None` when there is none that can be used.
    pub fn new(votes: &BTreeMap<String, Confusion>) -> Option<Self> {
        let languages = Lang::ALL.map(|lang| Matrix::new(votes.get(lang.code())?, lang as u64));
        let usable = languages.iter().any(Option::is_some);
        usable.then_some(Self { languages })
    }

    /// The counts of a group, by language, corrected with a 95 % interval: each language by its own
    /// matrix, then added by the number of verbatims. `None` for a group without votes, and where a
    /// language that has votes has no matrix.
    ///
    /// The p on the simplex (no share below 0, sum 1) with the least square error is taken; where
    /// the plain solution lies on the simplex it is that one. The interval is a percentile
    /// bootstrap: the rows of C are drawn from their Dirichlet distributions, and the votes said
    /// vary as those of verbatims with these true votes do. Votes that no mixture of the rows could
    /// give come out at an end with an interval that is too narrow: such a matrix is not one of
    /// texts like these.
    pub fn adjusted(&self, votes: &[Tally; Lang::ALL.len()]) -> Option<Adjusted> {
        let n: u64 = votes.iter().map(Tally::n).sum();
        let mut net = 0.0;
        let mut nets: Vec<f64> = Vec::new();
        for (matrix, tally) in self.languages.iter().zip(votes) {
            if tally.n() == 0 {
                continue;
            }
            let part = tally.n() as f64 / n as f64;
            let (here, draws) = matrix.as_ref()?.solve(tally)?;
            net += part * here;
            let draws = draws.into_iter().map(|draw| part * draw);
            if nets.is_empty() {
                nets = draws.collect();
            } else {
                nets = nets.iter().zip(draws).map(|(a, b)| a + b).collect();
            }
        }
        nets.sort_unstable_by(f64::total_cmp);
        let bound = |share: f64| {
            let place = (share * nets.len().saturating_sub(1) as f64).round() as usize;
            nets.get(place).copied()
        };
        Some(Adjusted {
            net,
            low: bound(0.025)?.min(net),
            high: bound(0.975)?.max(net),
        })
    }
}

impl Matrix {
    fn new(confusion: &Confusion, seed: u64) -> Option<Self> {
        let rates = confusion.rates()?;
        if determinant(&rates).abs() < SMALLEST_DETERMINANT {
            return None;
        }
        let mut chance = Chance::new(SEED + seed);
        let draws = (0..DRAWS).map(|_| Draw {
            rates: confusion.counts().map(|row| {
                let weighed = row.map(|count| WEIGHT * count as f64 + IMAGINARY);
                chance.dirichlet(&weighed)
            }),
            noise: [chance.normal(), chance.normal()],
        });
        let draws: Vec<Draw> = draws
            .filter(|draw| determinant(&draw.rates).abs() >= SMALLEST_DETERMINANT)
            .collect();
        (draws.len() >= FEWEST).then_some(Self { rates, draws })
    }

    /// The corrected net score of a group, and what it would be in each draw.
    fn solve(&self, tally: &Tally) -> Option<(f64, Vec<f64>)> {
        let said = shares(&[tally.minus, tally.zero, tally.plus])?;
        let truth = true_shares(&self.rates, &said);
        let [first, second, both] = self.spread(&truth, tally.n());
        let draws = self.draws.iter().map(|draw| {
            let minus = first * draw.noise[0];
            let plus = both * draw.noise[0] + second * draw.noise[1];
            let [low, middle, high] = said;
            let said = [low + minus, middle - minus - plus, high + plus];
            net(&true_shares(&draw.rates, &said))
        });
        Some((net(&truth), draws.collect()))
    }

    /// How the shares said of -1 and +1 vary among groups of `n` verbatims with these true votes,
    /// as the Cholesky factor of their covariance: that of multinomials, one for each true vote.
    fn spread(&self, truth: &Shares, n: u64) -> [f64; 3] {
        let (mut minus, mut plus, mut both) = (0.0, 0.0, 0.0);
        for (share, [low, _, high]) in truth.iter().zip(&self.rates) {
            minus += share * low * (1.0 - low);
            plus += share * high * (1.0 - high);
            both -= share * low * high;
        }
        let n = n as f64;
        let first = (minus / n).sqrt();
        let cross = if first > 0.0 { both / n / first } else { 0.0 };
        [first, (plus / n - cross * cross).max(0.0).sqrt(), cross]
    }
}

/// The net score of shares, -100 to 100.
fn net(shares: &Shares) -> f64 {
    100.0 * (shares[2] - shares[0])
}

/// The shares on the simplex whose expected votes are nearest to `said`; the rates can be turned
/// round.
fn true_shares(rates: &[Shares; 3], said: &Shares) -> Shares {
    let [minus, zero, plus] = rates;
    let determinant = determinant(rates);
    // Cramer's rule for p·C = q.
    let plain = [
        triple(said, zero, plus) / determinant,
        triple(minus, said, plus) / determinant,
        triple(minus, zero, said) / determinant,
    ];
    if plain.iter().all(|share| *share >= 0.0) {
        return plain;
    }
    // The square error is convex: outside the simplex its least value on it lies on an edge.
    let mut nearest = on_edge(rates, said, 0, 1);
    for (from, to) in [(1, 2), (0, 2)] {
        let edge = on_edge(rates, said, from, to);
        if edge.0 < nearest.0 {
            nearest = edge;
        }
    }
    nearest.1
}

/// The least square error among mixtures of two true votes, and the mixture.
fn on_edge(rates: &[Shares; 3], said: &Shares, from: usize, to: usize) -> (f64, Shares) {
    let (start, end) = (&rates[from], &rates[to]);
    let (mut along, mut length) = (0.0, 0.0);
    for place in 0..3 {
        let step = end[place] - start[place];
        along += step * (said[place] - start[place]);
        length += step * step;
    }
    let share = (along / length).clamp(0.0, 1.0);
    let error = (0..3)
        .map(|place| start[place] + share * (end[place] - start[place]) - said[place])
        .map(|miss| miss * miss)
        .sum();
    let mut shares = [0.0; 3];
    shares[from] = 1.0 - share;
    shares[to] = share;
    (error, shares)
}

/// 1 for a perfect classifier, 0 for one that does not tell the votes apart.
fn determinant([minus, zero, plus]: &[Shares; 3]) -> f64 {
    triple(minus, zero, plus)
}

/// The determinant of the matrix with these rows.
fn triple(a: &Shares, b: &Shares, c: &Shares) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Vote;
    use proptest::prelude::*;

    /// A classifier of usual quality, in whole percent.
    const USUAL: [[u64; 3]; 3] = [[57, 23, 20], [20, 60, 20], [20, 23, 57]];

    /// True shares 55, 20, 25 per cent, read by USUAL: 10 000 verbatims.
    const READ: Tally = Tally {
        minus: 4035,
        zero: 3040,
        plus: 2925,
    };

    fn matrices(es: [[u64; 3]; 3], en: [[u64; 3]; 3]) -> BTreeMap<String, Confusion> {
        let of = |code: &str, counts| (code.to_owned(), Confusion::new(counts));
        BTreeMap::from([of("es", es), of("en", en)])
    }

    /// In Spanish alone.
    fn adjusted(tally: Tally, counts: [[u64; 3]; 3]) -> Option<Adjusted> {
        let matrices = matrices(counts, [[0; 3]; 3]);
        Correction::new(&matrices)?.adjusted(&[tally, Tally::default()])
    }

    fn times(counts: [[u64; 3]; 3], factor: u64) -> [[u64; 3]; 3] {
        counts.map(|row| row.map(|count| factor * count))
    }

    fn tally([minus, zero, plus]: [u64; 3]) -> Tally {
        Tally { plus, zero, minus }
    }

    #[test]
    fn a_true_minus_thirty_that_reads_minus_eleven_is_recovered() {
        assert!((READ.net().unwrap() + 11.1).abs() < 1e-9);
        let adjusted = adjusted(READ, times(USUAL, 20)).unwrap();
        assert!((adjusted.net + 30.0).abs() < 1e-9, "{adjusted:?}");
        assert!((-43.0..-37.0).contains(&adjusted.low), "{adjusted:?}");
        assert!((-23.0..-17.0).contains(&adjusted.high), "{adjusted:?}");
    }

    #[test]
    fn the_interval_holds_the_truth_about_as_often_as_it_says() {
        let rates = USUAL.map(|row| row.map(|percent| percent as f64 / 100.0));
        let mut chance = Chance::new(5);
        let mut read = |truth: &[u64; 3], rates: &[Shares; 3]| {
            let mut said = Tally::default();
            for (n, rate) in truth.iter().zip(rates) {
                said += tally(chance.multinomial(*n, rate));
            }
            let counts = rates.map(|row| chance.multinomial(400, &row));
            // The group's own kind of text: rates known no better than from as many texts.
            (said, counts)
        };
        let groups = 400;
        let mut held = 0;
        for group in 0..groups {
            let minus = 100 + group / 2;
            let truth = [minus, 100, 400 - minus];
            let (_, kind) = read(&truth, &rates);
            let kind = kind.map(|row| shares(&row).unwrap());
            let (said, _) = read(&truth, &kind);
            let (_, counts) = read(&truth, &rates);
            let adjusted = adjusted(said, counts).unwrap();
            let truth = tally(truth).net().unwrap();
            held += u32::from((adjusted.low..=adjusted.high).contains(&truth));
        }
        let coverage = f64::from(held) / groups as f64;
        assert!((0.90..=0.98).contains(&coverage), "{coverage}");
    }

    #[test]
    fn shares_stay_on_the_simplex() {
        let all_positive = tally([0, 0, 100]);
        let adjusted = adjusted(all_positive, USUAL).unwrap();
        assert!((adjusted.net - 100.0).abs() < 1e-9);
        assert!(adjusted.low <= adjusted.net && adjusted.high <= 100.0);
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        let votes = tally([4, 2, 3]);
        assert_eq!(adjusted(Tally::default(), USUAL), None);
        assert_eq!(adjusted(votes, [[0; 3]; 3]), None);
        assert_eq!(adjusted(votes, [[5, 5, 5]; 3]), None);
        assert_eq!(adjusted(votes, [[9, 1, 0], [1, 9, 0], [0, 0, 0]]), None);
        assert!(Correction::new(&BTreeMap::new()).is_none());
        // Spanish is known here, English is not.
        let spanish = Correction::new(&matrices(USUAL, [[0; 3]; 3])).unwrap();
        assert_eq!(spanish.adjusted(&[votes, tally([0, 1, 0])]), None);
    }

    #[test]
    fn a_perfect_classifier_needs_no_correction() {
        let mut perfect = Confusion::default();
        for vote in [Vote::Minus, Vote::Zero, Vote::Plus] {
            for _ in 0..5_000 {
                perfect.count(vote, vote);
            }
        }
        assert_eq!(perfect.of(Vote::Plus), 5_000);
        let adjusted = adjusted(tally([20, 20, 60]), *perfect.counts()).unwrap();
        assert!((adjusted.net - 40.0).abs() < 1e-9);
        // The votes of exactly these are known: nothing is left but what the matrix leaves open.
        assert!(adjusted.high - adjusted.low < 0.5, "{adjusted:?}");
    }

    #[test]
    fn each_language_is_corrected_by_its_own_matrix() {
        let identity = [[900, 0, 0], [0, 900, 0], [0, 0, 900]];
        let correction = Correction::new(&matrices(times(USUAL, 20), identity)).unwrap();
        let english = tally([1_000, 1_000, 8_000]);
        let both = correction.adjusted(&[READ, english]).unwrap();
        // Half of it a true -30, half of it a true +70.
        assert!((both.net - 20.0).abs() < 1e-9, "{both:?}");
        let spanish = correction.adjusted(&[READ, Tally::default()]).unwrap();
        let (whole, half) = (spanish.high - spanish.low, both.high - both.low);
        assert!((half / whole - 0.5).abs() < 0.1, "{spanish:?} {both:?}");
    }

    proptest! {
        #[test]
        fn bounds_hold_the_score_and_stay_on_the_scale(
            counts in prop::array::uniform3(prop::array::uniform3(0..300_u64)),
            said in prop::array::uniform3(0..500_u64),
        ) {
            if let Some(Adjusted { net, low, high }) = adjusted(tally(said), counts) {
                prop_assert!(low <= net && net <= high);
                prop_assert!(low >= -100.0 - 1e-9 && high <= 100.0 + 1e-9);
            }
        }
    }
}
