//! A recipe: the labelled files, what their labels mean, and every setting of the learning.

use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::Polarity;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A recipe, read from TOML; `models/recipes/fast.toml` shows the form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the model.
    pub name: String,
    /// Version of the recipe; the weights' checksum is added to it.
    pub version: String,
    /// What the model does, for its card.
    pub about: String,
    /// Seed of the order of examples and of the parts held out.
    pub seed: u64,
    /// Share of each source without dev files that is held out, 0 to 1.
    pub held_out: f64,
    /// True to learn the sentiment again without each domain, and to calibrate on what those models say
    /// of the domain that they never saw.
    #[serde(default)]
    pub unseen: bool,
    /// How sentiment is learned.
    pub sentiment: Settings,
    /// How emotions are learned.
    pub emotion: Settings,
    /// The labelled sources.
    pub source: Vec<LabelledSource>,
    #[serde(skip)]
    folder: PathBuf,
}

/// How a head is learned: follow the regularised leader, one pass per epoch.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Passes over the examples.
    pub epochs: usize,
    /// Learning rate.
    pub rate: f32,
    /// Weight of the absolute penalty, which makes weights 0.
    pub l1: f32,
    /// Weight of the squared penalty, which keeps them small.
    pub l2: f32,
    /// Learning rate of the weights of the mean vector; 0 leaves it out.
    #[serde(default)]
    pub vector_rate: f32,
}

/// One labelled source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelledSource {
    /// Its name, as on the card.
    pub name: String,
    /// What is left out together, when sentiment is measured on kinds of text never seen.
    pub domain: Option<String>,
    /// The language of its texts.
    pub lang: Lang,
    /// The terms its makers state.
    pub licence: String,
    /// Files to learn from.
    #[serde(default)]
    pub files: Vec<PathBuf>,
    /// Files of patterns that sentences with a sentiment are drawn from; they start from the
    /// recipe's folder.
    #[serde(default)]
    pub patterns: Vec<PathBuf>,
    /// True for files that start from the recipe's folder, not from the data's.
    #[serde(default)]
    pub own: bool,
    /// True for files from the folder of what another model said, with a probability for each sentiment
    /// and emotion in a column of its name. They are only learned from.
    #[serde(default)]
    pub taught: bool,
    /// Files never learned from.
    #[serde(default)]
    pub dev: Vec<PathBuf>,
    /// The share of its texts that is held out, where it is not that of the recipe.
    pub held_out: Option<f64>,
    /// The column of the text.
    #[serde(default = "text_column")]
    pub text: String,
    /// Only rows with these values.
    #[serde(default, rename = "where")]
    pub only: BTreeMap<String, String>,
    /// How much it counts, 1 unless said.
    #[serde(default = "one")]
    pub weight: f32,
    /// Its labels of sentiment.
    pub sentiment: Option<SentimentLabels>,
    /// Its labels of emotion, a column of 0 or 1 for each: ours, and its columns for it.
    pub emotion_columns: Option<BTreeMap<Emotion, Vec<String>>>,
    /// Its labels of emotion, listed in one column.
    pub emotion_list: Option<EmotionList>,
}

/// Labels of sentiment in a column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentimentLabels {
    /// The column.
    pub column: String,
    /// What its values mean; values that are not here carry no label. Ours unless said.
    pub labels: Option<BTreeMap<String, Polarity>>,
    /// Where its values are numbers: negative up to this one.
    pub negative_to: Option<f64>,
    /// Where its values are numbers: positive from this one on.
    pub positive_from: Option<f64>,
}

impl SentimentLabels {
    /// What a value of the column means; `None` where it carries no label.
    pub fn read(&self, value: &str) -> Option<Polarity> {
        if let Some(labels) = &self.labels {
            return labels.get(value).copied();
        }
        if self.negative_to.is_none() && self.positive_from.is_none() {
            return Polarity::parse(value);
        }
        let number: f64 = value.trim().parse().ok()?;
        if self.negative_to.is_some_and(|most| number <= most) {
            Some(Polarity::Negative)
        } else if self.positive_from.is_some_and(|least| number >= least) {
            Some(Polarity::Positive)
        } else {
            None
        }
    }
}

/// Labels of emotion in one column, separated by `|`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmotionList {
    /// The column.
    pub column: String,
    /// Ours, and its names for it.
    pub names: BTreeMap<Emotion, Vec<String>>,
}

fn text_column() -> String {
    "text".to_owned()
}

fn one() -> f32 {
    1.0
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// `Io` when it cannot be read, `Input` with the place of what is wrong in it.
    pub fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::io("the recipe cannot be read", error).at(path))?;
        let of_vectors = text.lines().any(|line| line.trim() == "[teacher]");
        if of_vectors {
            return Err(Error::usage("this is a recipe of vectors").at(path).hint(
                "add --teacher DIR, the folder that models/teach.py wrote; models/README.md tells of it",
            ));
        }
        let mut recipe: Self = toml::from_str(&text).map_err(|error| {
            Error::input("not a recipe")
                .at(path)
                .caused_by(error)
                .hint("models/recipes/fast.toml shows the form")
        })?;
        recipe.folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        Ok(recipe)
    }

    /// Whether what another model said of texts is given where the recipe learns from it, and only there.
    ///
    /// # Errors
    /// `Usage` when it is not.
    pub fn check_taught(&self, taught: Option<&Path>) -> Result<()> {
        let source = self.source.iter().find(|source| source.taught);
        match (source, taught) {
            (Some(source), None) => Err(Error::usage(format!(
                "the recipe's source `{}` is what another model said of texts",
                source.name
            ))
            .hint("give its folder: --taught DIR; `TEACH=1 models/bilingual/make.sh` makes it")),
            (None, Some(folder)) => Err(Error::usage(
                "the recipe learns from no other model, so --taught has no use",
            )
            .at(folder)
            .hint("leave it out, or give a recipe with a source that has `taught = true`")),
            _ => Ok(()),
        }
    }

    /// The domains that sources name, each once.
    pub fn domains(&self) -> Vec<String> {
        let sources = self.source.iter().filter(|one| one.sentiment.is_some());
        let mut domains: Vec<String> = sources.filter_map(|one| one.domain.clone()).collect();
        domains.sort();
        domains.dedup();
        domains
    }

    /// The folder that it lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The rules of emotion that go with the model: `rules.toml` beside the recipe, else the
    /// shipped ones.
    ///
    /// # Errors
    /// `Io` when the file is there and cannot be read.
    pub fn rules(&self) -> Result<String> {
        let path = self.folder.join("rules.toml");
        if path.exists() {
            std::fs::read_to_string(&path)
                .map_err(|error| Error::io("the rules cannot be read", error).at(path))
        } else {
            Ok(include_str!("../../models/fast/rules.toml").to_owned())
        }
    }
}
