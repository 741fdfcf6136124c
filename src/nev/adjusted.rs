//! A group's net score corrected for the errors that a classifier is known to make.

use crate::chance::Chance;
use crate::measure::Vote;
use crate::tally::Tally;
use serde::{Deserialize, Serialize};

/// How often a classifier gave each vote to held-out verbatims of each true vote.
///
/// `counts[true][predicted]`, both in the order -1, 0, +1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confusion {
    counts: [[u64; 3]; 3],
}

type Shares = [f64; 3];

impl Confusion {
    /// From counts `[true][predicted]` in the order -1, 0, +1.
    pub fn new(counts: [[u64; 3]; 3]) -> Self {
        Self { counts }
    }

    /// Counts one held-out verbatim.
    pub fn count(&mut self, truth: Vote, predicted: Vote) {
        self.counts[truth as usize][predicted as usize] += 1;
    }

    /// The counts `[true][predicted]` in the order -1, 0, +1.
    pub fn counts(&self) -> &[[u64; 3]; 3] {
        &self.counts
    }

    /// The share of each prediction by true vote; `None` when a true vote was never seen.
    fn rates(&self) -> Option<[Shares; 3]> {
        let mut rates = [[0.0; 3]; 3];
        for (rate, counts) in rates.iter_mut().zip(&self.counts) {
            *rate = shares(counts)?;
        }
        Some(rates)
    }

    fn redrawn(&self, rates: &[Shares; 3], chance: &mut Chance) -> Self {
        let mut counts = [[0; 3]; 3];
        for ((row, rate), seen) in counts.iter_mut().zip(rates).zip(&self.counts) {
            *row = chance.multinomial(seen.iter().sum(), rate);
        }
        Self { counts }
    }
}

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

/// Redrawn samples behind an interval. With twenty times as many the bounds moved by less than a
/// point, save for intervals wider than 50 points.
const SAMPLES: usize = 1_000;
/// Any number does; this one is fixed so that the same counts give the same interval.
const SEED: u64 = 20_071_101;
/// A matrix of shares whose determinant is smaller tells the votes apart too little to be turned
/// round; 1 is a perfect classifier, 0 pure chance. A guess.
const SMALLEST_DETERMINANT: f64 = 1e-6;

/// The counts of a group corrected for the errors in `confusion`, with a 95 % interval; `None` for
/// a group without votes, for a true vote without held-out verbatims, and for a classifier that
/// cannot tell the votes apart.
///
/// With C the shares of predictions by true vote, the observed shares are q = Cᵀ·p. The p on the
/// simplex (no share below 0, sum 1) with the least square error is taken; where the plain solution
/// lies on the simplex it is that one. The interval is a percentile bootstrap: rows of C and
/// observed counts are redrawn from multinomials, because both are samples. Votes that no mixture of
/// the rows could give come out at an end with an interval that is too narrow: such a matrix is not
/// one of texts like these.
pub fn adjusted(tally: &Tally, confusion: &Confusion) -> Option<Adjusted> {
    let observed = shares(&[tally.minus, tally.zero, tally.plus])?;
    let rates = confusion.rates()?;
    let net = net(&true_shares(&rates, &observed)?);
    let mut chance = Chance::new(SEED);
    let mut nets: Vec<f64> = (0..SAMPLES)
        .filter_map(|_| {
            let rates = confusion.redrawn(&rates, &mut chance).rates()?;
            let observed = shares(&chance.multinomial(tally.n(), &observed))?;
            Some(self::net(&true_shares(&rates, &observed)?))
        })
        .collect();
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

fn shares(counts: &[u64; 3]) -> Option<Shares> {
    let n: u64 = counts.iter().sum();
    (n > 0).then(|| counts.map(|count| count as f64 / n as f64))
}

/// The net score of shares, -100 to 100.
fn net(shares: &Shares) -> f64 {
    100.0 * (shares[2] - shares[0])
}

/// The shares on the simplex whose expected predictions are nearest to `observed`.
fn true_shares(rates: &[Shares; 3], observed: &Shares) -> Option<Shares> {
    let [minus, zero, plus] = rates;
    let determinant = triple(minus, zero, plus);
    if determinant.abs() < SMALLEST_DETERMINANT {
        return None;
    }
    // Cramer's rule for p·C = q.
    let plain = [
        triple(observed, zero, plus) / determinant,
        triple(minus, observed, plus) / determinant,
        triple(minus, zero, observed) / determinant,
    ];
    if plain.iter().all(|share| *share >= 0.0) {
        return Some(plain);
    }
    // The square error is convex: outside the simplex its least value on it lies on an edge.
    let edges = [(0, 1), (1, 2), (0, 2)].map(|(from, to)| on_edge(rates, observed, from, to));
    edges
        .into_iter()
        .min_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, shares)| shares)
}

/// The least square error among mixtures of two true votes, and the mixture.
fn on_edge(rates: &[Shares; 3], observed: &Shares, from: usize, to: usize) -> (f64, Shares) {
    let (start, end) = (&rates[from], &rates[to]);
    let (mut along, mut length) = (0.0, 0.0);
    for place in 0..3 {
        let step = end[place] - start[place];
        along += step * (observed[place] - start[place]);
        length += step * step;
    }
    let share = (along / length).clamp(0.0, 1.0);
    let error = (0..3)
        .map(|place| start[place] + share * (end[place] - start[place]) - observed[place])
        .map(|miss| miss * miss)
        .sum();
    let mut shares = [0.0; 3];
    shares[from] = 1.0 - share;
    shares[to] = share;
    (error, shares)
}

/// The determinant of the matrix with these rows.
fn triple(a: &Shares, b: &Shares, c: &Shares) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A classifier of usual quality, in whole percent.
    const USUAL: [[u64; 3]; 3] = [[57, 23, 20], [20, 60, 20], [20, 23, 57]];

    #[test]
    fn a_true_minus_thirty_that_reads_minus_eleven_is_recovered() {
        // True shares 55, 20, 25 per cent, predicted by USUAL: 10 000 verbatims.
        let tally = Tally {
            minus: 4035,
            zero: 3040,
            plus: 2925,
        };
        assert!((tally.net().unwrap() + 11.1).abs() < 1e-9);
        let counts = USUAL.map(|row| row.map(|percent| percent * 20));
        let adjusted = adjusted(&tally, &Confusion::new(counts)).unwrap();
        assert!((adjusted.net + 30.0).abs() < 1e-9, "{adjusted:?}");
        assert!(adjusted.low > -38.0 && adjusted.low < -30.0, "{adjusted:?}");
        assert!(
            adjusted.high < -22.0 && adjusted.high > -30.0,
            "{adjusted:?}"
        );
    }

    #[test]
    fn the_interval_holds_the_truth_about_as_often_as_it_says() {
        let rates = USUAL.map(|row| row.map(|percent| percent as f64 / 100.0));
        let mut chance = Chance::new(5);
        let groups = 300;
        let mut held = 0;
        for group in 0..groups {
            let minus = 0.2 + 0.4 * f64::from(group) / f64::from(groups);
            let truth = [minus, 0.2, 0.8 - minus];
            let confusion = Confusion::new(rates.map(|row| chance.multinomial(400, &row)));
            let mut tally = Tally::default();
            for (n, rate) in chance.multinomial(500, &truth).into_iter().zip(&rates) {
                let [minus, zero, plus] = chance.multinomial(n, rate);
                tally += Tally { plus, zero, minus };
            }
            let adjusted = adjusted(&tally, &confusion).unwrap();
            held += u32::from((adjusted.low..=adjusted.high).contains(&net(&truth)));
        }
        let coverage = f64::from(held) / f64::from(groups);
        assert!((0.88..=0.99).contains(&coverage), "{coverage}");
    }

    #[test]
    fn shares_stay_on_the_simplex() {
        let confusion = Confusion::new(USUAL);
        let all_positive = Tally {
            plus: 100,
            ..Tally::default()
        };
        let adjusted = adjusted(&all_positive, &confusion).unwrap();
        assert!((adjusted.net - 100.0).abs() < 1e-9);
        assert!(adjusted.low <= adjusted.net && adjusted.high <= 100.0);
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        let votes = Tally {
            plus: 3,
            zero: 2,
            minus: 4,
        };
        assert_eq!(adjusted(&Tally::default(), &Confusion::new(USUAL)), None);
        assert_eq!(adjusted(&votes, &Confusion::default()), None);
        assert_eq!(adjusted(&votes, &Confusion::new([[5, 5, 5]; 3])), None);
        assert_eq!(
            adjusted(&votes, &Confusion::new([[9, 1, 0], [1, 9, 0], [0, 0, 0]])),
            None
        );
    }

    #[test]
    fn a_perfect_classifier_needs_no_correction() {
        let votes = Tally {
            plus: 60,
            zero: 20,
            minus: 20,
        };
        let mut perfect = Confusion::default();
        for vote in [Vote::Minus, Vote::Zero, Vote::Plus] {
            for _ in 0..50 {
                perfect.count(vote, vote);
            }
        }
        assert_eq!(perfect.counts()[2], [0, 0, 50]);
        let adjusted = adjusted(&votes, &perfect).unwrap();
        assert!((adjusted.net - 40.0).abs() < 1e-9);
    }
}
