//! Sentiment of a text or clause: three probabilities, a label, a score.

use crate::measure::Vote;
use serde::{Deserialize, Serialize};

/// The label of a sentiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// Dissatisfied.
    Negative,
    /// Neither, or both in balance.
    Neutral,
    /// Satisfied.
    Positive,
}

impl Polarity {
    /// Negative, neutral, positive: the order of every array over labels in this crate.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    /// `"negative"`, `"neutral"` or `"positive"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    /// The polarity called `name`, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|polarity| polarity.name() == name)
    }

    /// The vote it casts for `sentiment.net`.
    pub fn vote(self) -> Vote {
        match self {
            Self::Negative => Vote::Minus,
            Self::Neutral => Vote::Zero,
            Self::Positive => Vote::Plus,
        }
    }
}

/// Three calibrated probabilities that sum to 1, and the label decided from them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sentiment {
    /// The label; a model's class biases may make it differ from the largest probability.
    pub label: Polarity,
    /// Probability of each label in the order of [`Polarity::ALL`], 0 to 1.
    pub probabilities: [f32; 3],
}

impl Sentiment {
    /// Probability of positive minus probability of negative, -1 to 1.
    pub fn score(&self) -> f32 {
        self.probabilities[2] - self.probabilities[0]
    }

    /// The probability of `label`, 0 to 1.
    pub fn probability(&self, label: Polarity) -> f32 {
        self.probabilities[label as usize]
    }
}
