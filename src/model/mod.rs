//! Models that read sentiment and emotions, behind one trait.
//!
//! To try another: copy `fixed.rs`, add one line here and one to `tests/classifiers.rs`, where
//! every backend must keep the same four promises.

mod card;
pub mod features;
mod fixed;
mod linear;
mod rules;
mod weights;

pub use card::{Accuracy, Card, Figures, Interval, LabelAccuracy, Licence, Source};
pub use fixed::Fixed;
pub use linear::{Calibration, Linear, TRAINED, agrees, norm, sentiment, sigmoid};
pub use rules::Rules;
pub use weights::{OUTPUTS, Weights};

use crate::emotion::Emotions;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::Sentiment;
use crate::text::Vocabulary;
use crate::text::{Token, Tokens};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A model ready to run, and the vocabulary its texts are to be tokenized with.
pub struct Model {
    /// The vocabulary.
    pub vocabulary: Arc<Vocabulary>,
    /// The model.
    pub classifier: Box<dyn Classifier>,
}

impl Model {
    /// The fast model that ships with the program.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped file is damaged.
    pub fn shipped() -> Result<Self> {
        let vocabulary = vocabulary(include_str!("../../models/fast/vocabulary.txt").lines());
        let classifier = Box::new(Linear::shipped(&vocabulary)?);
        Ok(Self {
            vocabulary,
            classifier,
        })
    }

    /// The model in a folder.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] with the file that is missing or damaged.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("vocabulary.txt");
        let words = std::fs::read_to_string(&path).map_err(|error| {
            Error::model("no model is there, or its vocabulary cannot be read")
                .at(&path)
                .caused_by(error)
                .hint("give a folder made by `voz train`, or leave --model out for the shipped one")
        })?;
        let vocabulary = vocabulary(words.lines());
        let classifier = Box::new(Linear::open(folder, &vocabulary)?);
        Ok(Self {
            vocabulary,
            classifier,
        })
    }
}

/// The words a model learned from and those that tell languages: what is known of either is then
/// one table read.
pub fn vocabulary<'w>(words: impl Iterator<Item = &'w str>) -> Arc<Vocabulary> {
    let telling = crate::detect::words().map(|word| -> &'w str { word });
    Arc::new(Vocabulary::new(words.chain(telling)))
}

/// What a model is given: a whole text or one clause of it, in a language it knows.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The language, settled before.
    pub lang: Lang,
    /// The characters, from the first token's start to the last one's end.
    pub surface: &'t str,
    /// The tokens of the whole text.
    pub tokens: &'t Tokens,
    /// True when only the sentiment is wanted, as of a clause: a backend may leave the rest out.
    pub sentiment_only: bool,
    first: usize,
    last: usize,
}

impl<'t> Text<'t> {
    /// The part `range` (token positions) of a text with these tokens.
    pub fn new(lang: Lang, text: &'t str, tokens: &'t Tokens, range: Range<usize>) -> Self {
        let items = &tokens.as_slice()[range.clone()];
        let surface = match (items.first(), items.last()) {
            (Some(first), Some(last)) => &text[first.start as usize..last.end as usize],
            _ => "",
        };
        Self {
            lang,
            surface,
            tokens,
            sentiment_only: false,
            first: range.start,
            last: range.end,
        }
    }

    /// A part of which only the sentiment is wanted.
    pub fn clause(lang: Lang, text: &'t str, tokens: &'t Tokens, range: Range<usize>) -> Self {
        Self {
            sentiment_only: true,
            ..Self::new(lang, text, tokens, range)
        }
    }

    /// The positions of this part's tokens.
    pub fn token_range(&self) -> Range<usize> {
        self.first..self.last
    }

    /// The tokens of this part.
    pub fn items(&self) -> &'t [Token] {
        &self.tokens.as_slice()[self.first..self.last]
    }
}

/// What a model reads in one text. A head that the model lacks reads nothing.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Reading {
    /// The sentiment.
    pub sentiment: Option<Sentiment>,
    /// The emotions.
    pub emotions: Emotions,
}

/// A model that reads sentiment and emotions in one pass.
///
/// Four promises, checked on every backend: one reading per text, in order; a reading does not
/// depend on the rest of the batch; the same bits on any thread; no text panics.
pub trait Classifier: Send + Sync {
    /// The model's card: name, labels, thresholds, measured accuracy.
    fn card(&self) -> &Card;

    /// Reads each text.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the backend fails; never because of a text.
    fn classify(&self, texts: &[Text<'_>]) -> Result<Vec<Reading>>;
}
