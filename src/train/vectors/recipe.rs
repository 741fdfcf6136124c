//! A recipe of vectors: the parallel and plain texts, the teacher, and every setting.

use crate::error::{Error, Result};
use crate::lang::Lang;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A recipe of vectors, read from TOML; `models/recipes/embedding.toml` shows the form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorRecipe {
    /// Name of the model.
    pub name: String,
    /// Version of the recipe; the checksum of the vectors is added to it.
    pub version: String,
    /// What the vectors are for, for their card.
    pub about: String,
    /// Seed of the order of pairs.
    pub seed: u64,
    /// Who knows the vectors of English texts.
    pub teacher: Teacher,
    /// Which words get a vector.
    pub vocabulary: Words,
    /// How vectors are learned.
    pub learning: Learning,
    /// Texts with a teacher's vector.
    pub source: Vec<Source>,
    /// Texts that only tell which words there are.
    #[serde(default)]
    pub counted: Vec<Counted>,
}

/// A sentence encoder whose vectors `models/teach.py` wrote.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Teacher {
    /// Its name.
    pub name: String,
    /// The terms its makers state.
    pub licence: String,
}

/// Which words get a vector.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In at least this many sources.
    pub sources: usize,
    /// In at least this many texts.
    pub texts: usize,
    /// The most frequent ones, at most this many.
    pub most: usize,
}

/// How vectors are learned.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learning {
    /// Weight of the squared penalty of the first solution.
    pub ridge: f32,
    /// Steps of conjugate gradients to it.
    pub steps: usize,
    /// How much an entry of a dictionary counts beside a sentence.
    pub dictionary: f32,
    /// Passes over the pairs in which a sentence learns to find its translation.
    pub epochs: usize,
    /// Pairs that a sentence is told apart from, at a time.
    pub batch: usize,
    /// Learning rate of these passes.
    pub rate: f32,
    /// What cosines are divided by.
    pub temperature: f32,
    /// How much staying near the teacher counts beside finding the translation.
    pub teacher: f32,
}

/// Texts with a teacher's vector: pairs, or English alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name, as on the card.
    pub name: String,
    /// The terms its makers state.
    pub licence: String,
    /// The file.
    pub file: PathBuf,
    /// The column of the English side.
    #[serde(default = "english")]
    pub en: String,
    /// The column of the Spanish side; empty where there is none.
    #[serde(default = "spanish")]
    pub es: String,
    /// Words or terms, not sentences.
    #[serde(default)]
    pub dictionary: bool,
    /// The first rows only.
    pub most: Option<usize>,
    /// Rows never learned from, on which finding a translation is measured.
    pub held_out: Option<Rows>,
    /// Rows left out altogether.
    pub skip: Option<Rows>,
}

/// Rows with a value in a column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// The column.
    pub column: String,
    /// The value.
    pub value: String,
}

/// Texts of one language that only tell which words there are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Its name.
    pub name: String,
    /// Its language.
    pub lang: Lang,
    /// The file.
    pub file: PathBuf,
    /// The column of the text.
    #[serde(default = "text")]
    pub text: String,
}

fn english() -> String {
    "en".to_owned()
}

fn spanish() -> String {
    "es".to_owned()
}

fn text() -> String {
    "text".to_owned()
}

impl VectorRecipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// `Io` when it cannot be read, `Input` with the place of what is wrong in it.
    pub fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::io("the recipe cannot be read", error).at(path))?;
        toml::from_str(&text).map_err(|error| {
            Error::input("not a recipe of vectors")
                .at(path)
                .caused_by(error)
                .hint("models/recipes/embedding.toml shows the form")
        })
    }
}
