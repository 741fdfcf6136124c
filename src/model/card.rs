//! The card of a model: what it is, what it learned from, how good it was measured to be.

use super::cascade::Sure;
use crate::nev::Confusion;
use serde::{Deserialize, Deserializer, Serialize};
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
    /// Emotions that are off, per language code: their F1 on held-out texts was below .30.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub off: BTreeMap<String, Vec<String>>,
    /// Accuracy on texts it never learned from, as `voz train` or `voz eval recipe --card` wrote it.
    #[serde(default, deserialize_with = "measured")]
    pub accuracy: Vec<Accuracy>,
    /// Per language code, true votes for the Net Emotional Value against those said, on texts it
    /// never learned from: rows are true votes, columns said ones, both in the order -1, 0, +1.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub votes: BTreeMap<String, Confusion>,
    /// How often the interval of `nev.adjusted`, made from such counts, holds the true score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nev_coverage: Vec<NevCoverage>,
    /// Sentiment of whole sets by models that learned from other kinds of text only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<Unseen>,
    /// What the model was adapted to, first to last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adapted: Vec<Adapted>,
    /// How often vectors find a translation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retrieval: Vec<Retrieval>,
    /// The files of a model that was added, by name, with their SHA-256 in hexadecimal digits.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// When the fast model may decide in this one's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sure: Option<Sure>,
}

/// Sentiment of a set by a model that learned from, and was calibrated on, other kinds of text only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unseen {
    /// The set; `all` for the sets of a language together, each counting alike.
    pub set: String,
    /// Language code.
    pub lang: String,
    /// Texts in it.
    pub texts: u64,
    /// Mean of the labels' F1, 0 to 1; for `all` the mean over sets.
    pub macro_f1: f64,
    /// Expected calibration error of the most probable label, 0 to 1.
    pub ece: f64,
}

/// What a user's rows changed in a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adapted {
    /// Name and version of the model below.
    pub from: String,
    /// Names of the files.
    pub files: Vec<String>,
    /// Texts with a label that were learned from.
    pub labelled: u64,
    /// Texts learned from whose label is only what their score suggests.
    pub scored: u64,
    /// What was gained, by task, on rows held out from learning.
    pub gains: Vec<Gain>,
}

/// A task before and after, on the same texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// `sentiment` or `emotions`.
    pub task: String,
    /// Texts measured, none of them learned from.
    pub texts: u64,
    /// Macro-F1 of the model below, 0 to 1.
    pub before: f64,
    /// Macro-F1 of the new model, 0 to 1.
    pub after: f64,
    /// Where the difference would be in 95 of 100 other draws of such texts.
    pub interval: Option<Interval>,
    /// How often a difference as large would be seen if there were none, 0 to 1.
    pub p: f64,
    /// F1 of each label, before and after.
    pub labels: BTreeMap<String, [Option<f64>; 2]>,
}

/// How often the nearest of all sentences of the other language is the translation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retrieval {
    /// The set of pairs, never learned from.
    pub set: String,
    /// Language code of the sentences whose translation is looked for.
    pub from: String,
    /// Pairs in it.
    pub pairs: u64,
    /// Share of sentences whose translation is the nearest, 0 to 1.
    pub found: f64,
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

/// What was measured of one task on one set of labelled texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// What was read: `sentiment`, `sentiment.two` (without neutral texts) or `emotions`.
    pub task: String,
    /// Language code of the texts; `any` where it is not known.
    pub lang: String,
    /// The set.
    pub set: String,
    /// Where its labels came from.
    pub truth: String,
    /// Texts in it.
    pub texts: u64,
    /// Texts by the language they were read in.
    pub read: BTreeMap<String, u64>,
    /// Texts that got no sentiment, by reason: `meaningless`, or the code of another language. They
    /// count as wrong.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unread: BTreeMap<String, u64>,
    /// The averaged figures.
    pub figures: Figures,
    /// Where the macro-F1 would be in 95 of 100 other draws of such texts.
    pub interval: Option<Interval>,
    /// Expected calibration error of what was read, 0 to 1: of the most probable label, or the mean
    /// over emotions.
    pub ece: Option<f64>,
    /// Each label alone.
    pub labels: BTreeMap<String, LabelAccuracy>,
    /// Texts by true label and by what was said, `unread` among it; empty where a text may have
    /// several labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub confusion: BTreeMap<String, BTreeMap<String, u64>>,
}

/// Averaged figures, 0 to 1 each. Labels that no text of a set has stay out of every mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Mean of the labels' F1.
    pub macro_f1: f64,
    /// F1 of all answers together.
    pub micro_f1: f64,
    /// Mean of the labels' F1, each by its number of texts.
    pub weighted_f1: f64,
    /// Mean of the labels' recall.
    pub macro_recall: f64,
    /// Share of texts that got their label; `None` where a text may have several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
}

/// One label against the rest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelAccuracy {
    /// Texts of which it is known whether they have the label.
    pub texts: u64,
    /// Texts that have it.
    pub support: u64,
    /// Texts that got it.
    pub said: u64,
    /// Texts that have it and got it.
    pub right: u64,
    /// Right among those that got it, 0 to 1; `None` when none did.
    pub precision: Option<f64>,
    /// Right among those that have it, 0 to 1; `None` when none has.
    pub recall: Option<f64>,
    /// F1, 0 to 1; `None` when no text has it.
    pub f1: Option<f64>,
    /// Expected calibration error of its probability, 0 to 1; `None` where that is not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ece: Option<f64>,
}

/// Two ends, both included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
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

/// What was measured. Figures in the form of an older card are left out, so that its model still
/// opens and can be measured again.
fn measured<'de, D: Deserializer<'de>>(card: D) -> Result<Vec<Accuracy>, D::Error> {
    let all = Vec::<serde_json::Value>::deserialize(card)?;
    let known = all.into_iter().map(serde_json::from_value);
    Ok(known.filter_map(Result::ok).collect())
}
