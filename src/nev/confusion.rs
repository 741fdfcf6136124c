//! How a classifier misreads votes, as counted on held-out texts.

use crate::measure::Vote;
use serde::{Deserialize, Serialize};

/// Three shares in the order -1, 0, +1.
pub(super) type Shares = [f64; 3];

/// How often a classifier gave each vote to held-out verbatims of each true vote.
///
/// `counts[true][said]`, both in the order -1, 0, +1; on a card the three rows of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confusion {
    counts: [[u64; 3]; 3],
}

impl Confusion {
    /// From counts `[true][said]` in the order -1, 0, +1.
    pub fn new(counts: [[u64; 3]; 3]) -> Self {
        Self { counts }
    }

    /// Counts one held-out verbatim.
    pub fn count(&mut self, truth: Vote, said: Vote) {
        self.counts[truth as usize][said as usize] += 1;
    }

    /// The counts `[true][said]` in the order -1, 0, +1.
    pub fn counts(&self) -> &[[u64; 3]; 3] {
        &self.counts
    }

    /// How many held-out verbatims have this true vote.
    pub fn of(&self, truth: Vote) -> u64 {
        self.counts[truth as usize].iter().sum()
    }

    /// The share of each said vote by true vote; `None` when a true vote was never seen.
    pub(super) fn rates(&self) -> Option<[Shares; 3]> {
        let mut rates = [[0.0; 3]; 3];
        for (rate, counts) in rates.iter_mut().zip(&self.counts) {
            *rate = shares(counts)?;
        }
        Some(rates)
    }
}

/// The share of each count; `None` when there is nothing.
pub(super) fn shares(counts: &[u64; 3]) -> Option<Shares> {
    let n: u64 = counts.iter().sum();
    (n > 0).then(|| counts.map(|count| count as f64 / n as f64))
}
