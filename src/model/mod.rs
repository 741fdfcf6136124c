//! Models that read sentiment and emotions, behind one trait.
//!
//! To try another: copy `fixed.rs`, add one line here and one to `tests/classifiers.rs`, where
//! every backend must keep the same four promises.

mod card;
pub mod cascade;
pub mod explain;
pub mod features;
mod fixed;
pub mod head;
mod linear;
mod rules;
mod sayings;
pub mod shelf;
#[cfg(feature = "bert")]
mod transformer;
mod weights;

#[cfg(feature = "bert")]
pub use transformer::Transformer;

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
use cascade::Cascade;
use std::ops::Range;
use std::path::{Path, PathBuf};
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

/// The name of the transformer that ships with a program that has transformers.
pub const ACCURATE: &str = "accurate";

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

    /// The model that is meant: the shipped one by its name, one that was added by its name, any by its
    /// folder, and `fast+OTHER` for two of them, of which the second reads what the first is not sure of.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] with the file that is missing or damaged.
    pub fn open(said: &Path) -> Result<Self> {
        if said.as_os_str() == SHIPPED {
            return Self::shipped();
        }
        let second = said
            .to_str()
            .and_then(|said| said.strip_prefix(SHIPPED)?.strip_prefix(cascade::AND));
        if let Some(second) = second.filter(|_| !said.is_dir()) {
            if second == SHIPPED {
                return Err(
                    Error::usage("a cascade needs another model after the fast one")
                        .at(said)
                        .hint("write `--model fast`, or `--model fast+NAME` of another model"),
                );
            }
            let second = Self::open(Path::new(second))?;
            let first = Linear::shipped(&second.vocabulary)?;
            return Ok(Self {
                classifier: Box::new(Cascade::new(first, second.classifier)?),
                vocabulary: second.vocabulary,
            });
        }
        if said.as_os_str() == ACCURATE {
            return accurate();
        }
        Ok(opened(&shelf::find(said)?, None)?.model)
    }
}

/// The cards of the models that ship with this program.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] if a shipped file is damaged.
pub fn shipped_cards() -> Result<Vec<Card>> {
    let fast = Model::shipped()?.classifier.card().clone();
    Ok([fast].into_iter().chain(accurate_card()?).collect())
}

/// A model and the files it is made of.
struct Opened {
    model: Model,
    files: Vec<PathBuf>,
    /// The table of a transformer's labels.
    labels: Option<String>,
}

/// Opens the model in a folder, of whatever kind; `table` says what a transformer's labels mean.
fn opened(folder: &Path, table: Option<&Path>) -> Result<Opened> {
    let vocabulary = vocabulary(Embedding::words());
    if folder.join("config.json").is_file() {
        return transformer(folder, table, vocabulary);
    }
    if !folder.join("weights.bin").is_file() && !folder.join(shelf::CARD).is_file() {
        return Err(Error::model("the folder holds no model").at(folder).hint(
            "a transformer's holds config.json, its tokenizer and model.safetensors or rust_model.ot; one made by `voz train` card.json, calibration.json, rules.toml and weights.bin",
        ));
    }
    if table.is_some() {
        return Err(
            Error::usage("only the labels of a transformer need a table")
                .at(folder)
                .hint("leave out --labels"),
        );
    }
    let classifier = Box::new(Linear::open(folder, &vocabulary)?);
    Ok(Opened {
        model: Model {
            vocabulary,
            classifier,
        },
        files: Linear::FILES.iter().map(|name| folder.join(name)).collect(),
        labels: None,
    })
}

#[cfg(feature = "bert")]
fn transformer(folder: &Path, table: Option<&Path>, vocabulary: Arc<Vocabulary>) -> Result<Opened> {
    let transformer = Transformer::open(folder, table, &vocabulary)?;
    Ok(Opened {
        files: Transformer::files(folder)?,
        labels: transformer.labels(),
        model: Model {
            vocabulary,
            classifier: Box::new(transformer),
        },
    })
}

/// The transformer that ships with the program.
#[cfg(feature = "bert")]
fn accurate() -> Result<Model> {
    let vocabulary = vocabulary(Embedding::words());
    let classifier = Box::new(Transformer::accurate(&vocabulary)?);
    Ok(Model {
        vocabulary,
        classifier,
    })
}

/// Its card; `None` where the program has no transformers.
#[cfg(feature = "bert")]
fn accurate_card() -> Result<Option<Card>> {
    Transformer::accurate_card().map(Some)
}

#[cfg(not(feature = "bert"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "with transformers the card may be damaged"
)]
fn accurate_card() -> Result<Option<Card>> {
    Ok(None)
}

#[cfg(not(feature = "bert"))]
fn accurate() -> Result<Model> {
    Err(without_transformers().at(ACCURATE))
}

#[cfg(not(feature = "bert"))]
fn without_transformers() -> Error {
    Error::model("this is a transformer, and this program was built without them").hint(
        "build it with `cargo build --release --features bert`; README.md says what that needs",
    )
}

#[cfg(not(feature = "bert"))]
fn transformer(
    folder: &Path,
    _table: Option<&Path>,
    _vocabulary: Arc<Vocabulary>,
) -> Result<Opened> {
    Err(without_transformers().at(folder))
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

    /// How many texts it is best given at a time: few enough to keep every core busy.
    fn batch(&self) -> usize {
        256
    }

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

    /// The vector of each text, of length 1.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the backend fails, or has no vectors of texts, as none has
    /// unless it says so.
    fn vectors(&self, _texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let name = self.card().identity();
        Err(Error::model(format!("the model {name} gives no vectors of texts"))
            .hint("sentence embeddings come from transformers without a classifier; leave out --model for the shipped vectors"))
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
