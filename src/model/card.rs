//! The card of a model: what it is, what it learned from, how good it was measured to be.

use crate::nev::Confusion;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a model says about itself. It lies beside the weights as `card.json`.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Card {
    /// Name, as in `--model`.
    pub name: String,
    /// Version of the weights; an index refuses to mix tags of two versions.
    pub version: String,
    /// What it does, for whom, and its limits.
    pub about: String,
    /// Where what it learned came from.
    pub sources: Vec<Source>,
    /// Emotions it reads, per language code, with the probability from which each is expressed.
    pub thresholds: BTreeMap<String, BTreeMap<String, f32>>,
    /// Accuracy on texts it never learned from.
    pub accuracy: Vec<Accuracy>,
    /// Per language code, true votes for the Net Emotional Value against those said, on texts it
    /// never learned from: rows are true votes, columns said ones, both in the order -1, 0, +1.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub votes: BTreeMap<String, Confusion>,
    /// How often the interval of `nev.adjusted`, made from such counts, holds the true score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nev_coverage: Vec<NevCoverage>,
}

/// A data set a model learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// How many texts were learned from.
    pub texts: u64,
    /// The terms its makers state.
    pub licence: Licence,
}

/// The terms of a data set, as stated by its makers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Licence(pub String);

/// One measured figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// What was read: `sentiment` or an emotion.
    pub task: String,
    /// Language code.
    pub lang: String,
    /// The held-out set.
    pub set: String,
    /// Texts in it.
    pub texts: u64,
    /// Name of the figure with its averaging, e.g. `macro-F1`.
    pub metric: String,
    /// The figure, 0 to 1.
    pub value: f64,
    /// The same figure per label, where there are several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, f64>,
}

/// How often an interval of `nev.adjusted` holds the true score of a group, measured on groups drawn
/// from held-out texts with many mixes of true votes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NevCoverage {
    /// Language code.
    pub lang: String,
    /// `same` when the matrix was counted on other texts of the same sources, `other` when on texts
    /// of other sources.
    pub sources: String,
    /// Texts in a group.
    pub texts: u64,
    /// How many groups were drawn.
    pub groups: u64,
    /// Share of the groups whose interval holds the true score, 0 to 1.
    pub covered: f64,
    /// Mean width of the intervals, in points.
    pub width: f64,
    /// Mean distance of the score from the true one, in points.
    pub error: f64,
    /// Share of the groups whose interval of the plain `nev` holds the true score, 0 to 1.
    pub uncorrected: f64,
    /// Mean distance of the plain `nev` from the true score, in points.
    pub uncorrected_error: f64,
}

impl Card {
    /// Name and version together, as an index keeps it.
    pub fn identity(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}
