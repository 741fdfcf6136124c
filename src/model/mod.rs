//! Models that read sentiment and emotions, behind one trait.
//!
//! To try another: copy `fixed.rs`, add one line here and one to `tests/classifiers.rs`, where
//! every backend must keep the same four promises.

mod card;
pub mod explain;
pub mod features;
mod fixed;
pub mod head;
mod linear;
mod rules;
mod weights;

pub use card::{
    Accuracy, Adapted, Card, Figures, Gain, Interval, LabelAccuracy, Licence, NevCoverage,
    Retrieval, Source, Unseen,
};
pub use explain::Explanation;
pub use fixed::Fixed;
pub use linear::{Calibration, Linear, Logits, agrees, sentiment, sigmoid};
pub use rules::{Raised, Rules};
pub use weights::{
    EMOTION_GRAMS, EMOTION_LETTERS, EMOTIONS, EmotionHead, SENTIMENT_GRAMS, SENTIMENT_LETTERS,
    SENTIMENTS, SentimentHead, Weights,
};

use crate::embedding::Embedding;
use crate::emotion::Emotions;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::Sentiment;
use crate::text::Vocabulary;
use crate::text::{Clause, Tokens};
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

/// The name of the model that ships with the program: a folder of that name is written `./fast`.
pub const SHIPPED: &str = "fast";

impl Model {
    /// The fast model that ships with the program.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped file is damaged.
    pub fn shipped() -> Result<Self> {
        let vocabulary = vocabulary(Embedding::words());
        let classifier = Box::new(Linear::shipped(&vocabulary)?);
        Ok(Self {
            vocabulary,
            classifier,
        })
    }

    /// The model in a folder; the shipped one where it is called by its name.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] with the file that is missing or damaged.
    pub fn open(folder: &Path) -> Result<Self> {
        if folder.as_os_str() == SHIPPED {
            return Self::shipped();
        }
        let vocabulary = vocabulary(Embedding::words());
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

/// What a model is given: a text and its clauses, in a language it knows.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The language, settled before.
    pub lang: Lang,
    /// The characters.
    pub text: &'t str,
    /// Its tokens.
    pub tokens: &'t Tokens,
    /// Its clauses; together they hold every token, or there are none.
    pub clauses: &'t [Clause],
}

impl<'t> Text<'t> {
    /// The positions of the tokens of each clause; of the whole text where it has none.
    pub fn parts(&self) -> impl Iterator<Item = Range<usize>> + 't {
        let whole = self.clauses.is_empty().then_some(0..self.tokens.len());
        let clauses = self.clauses.iter().map(|clause| clause.tokens.clone());
        clauses.chain(whole)
    }
}

/// What a model reads in one text. A head that the model lacks reads nothing.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Reading {
    /// The sentiment.
    pub sentiment: Option<Sentiment>,
    /// The emotions.
    pub emotions: Emotions,
    /// The sentiment of each clause, in their order.
    pub clauses: Vec<Sentiment>,
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

    /// The sentiment alone of each text, as [`Classifier::classify`] reads it; a backend may spare the
    /// rest of the work.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the backend fails; never because of a text.
    fn sentiments(&self, texts: &[Text<'_>]) -> Result<Vec<Option<Sentiment>>> {
        let readings = self.classify(texts)?.into_iter();
        Ok(readings.map(|reading| reading.sentiment).collect())
    }

    /// Says why a text is read as it is.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the backend cannot say, as none can unless it says so.
    fn explain(&self, _text: &Text<'_>) -> Result<Explanation> {
        let name = self.card().identity();
        Err(Error::model(format!(
            "the model {name} cannot say why it reads a text so"
        ))
        .hint("leave out --model: the shipped model can"))
    }
}
