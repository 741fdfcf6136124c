//! The weights of a linear model, whole numbers, and their file.
//!
//! Sums of whole numbers do not depend on their order, so a reading has the same bits on every
//! machine. File: the magic, the number of words, and a byte per word for
//! shapes; then the two heads, each with its scales and
//! biases (little-endian f32), a row of two-byte weights per word, and rows of one-byte weights for
//! hashed groups and letters.

use super::head::Head;
use crate::emotion;
use crate::error::{Error, Result};
use std::borrow::Cow;

const MAGIC: &[u8; 8] = b"VOZLIN02";

/// Columns of the sentiment head: negative, neutral, positive, and one that fills the row.
pub const SENTIMENTS: usize = 4;
/// Columns of the emotion head: the emotions in their order, and one that fills the row.
pub const EMOTIONS: usize = emotion::COUNT + 1;

/// Rows for groups of words in the sentiment head, a power of two. The layout before this one lost
/// half a point of macro-F1 at half as many; not measured again.
pub const SENTIMENT_GRAMS: usize = 1 << 19;
/// Rows for letters in the sentiment head, a power of two.
pub const SENTIMENT_LETTERS: usize = 1 << 18;
/// Rows for groups of words in the emotion head, a power of two.
pub const EMOTION_GRAMS: usize = 1 << 17;
/// Rows for letters in the emotion head, a power of two.
pub const EMOTION_LETTERS: usize = 1 << 16;

/// The head that reads sentiment.
pub type SentimentHead = Head<SENTIMENTS, SENTIMENT_GRAMS, SENTIMENT_LETTERS>;
/// The head that reads emotions.
pub type EmotionHead = Head<EMOTIONS, EMOTION_GRAMS, EMOTION_LETTERS>;

/// Both heads over one file of bytes.
#[derive(Clone, Debug)]
pub struct Weights {
    bytes: Cow<'static, [u8]>,
    words: usize,
}

impl Weights {
    /// A file of two heads learned over the same words, as [`Head::round`] made them.
    ///
    /// `shapes` holds what each word is in a shape.
    pub fn new(shapes: &[u8], sentiment: &[u8], emotion: &[u8]) -> Self {
        let words = shapes.len();
        let mut bytes = MAGIC.to_vec();
        bytes.extend((words as u32).to_le_bytes());
        bytes.extend_from_slice(shapes);
        bytes.extend_from_slice(sentiment);
        bytes.extend_from_slice(emotion);
        Self {
            bytes: Cow::Owned(bytes),
            words,
        }
    }

    /// Reads what [`Weights::to_bytes`] gave. Nothing is copied.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is something else or cut short.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self> {
        let wrong = || {
            Error::model("not a weights file of this version, or cut short")
                .hint("train the model again with `voz train`, or restore its folder")
        };
        let words = bytes
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.first_chunk())
            .map(|count| u32::from_le_bytes(*count) as usize)
            .ok_or_else(wrong)?;
        let weights = Self { bytes, words };
        let expected = Self::HEAD + words + SentimentHead::bytes(words) + EmotionHead::bytes(words);
        if weights.bytes.len() != expected {
            return Err(wrong());
        }
        if !weights.sentiment().is_finite() || !weights.emotion().is_finite() {
            return Err(Error::model("the weights file holds numbers that are none")
                .hint("train the model again with `voz train`, or restore its folder"));
        }
        Ok(weights)
    }

    const HEAD: usize = MAGIC.len() + 4;

    /// The file's bytes.
    pub fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many words have a row of their own.
    pub fn words(&self) -> usize {
        self.words
    }

    /// What each word is in a shape.
    pub fn shapes(&self) -> &[u8] {
        &self.bytes[Self::HEAD..Self::HEAD + self.words]
    }

    /// The head that reads sentiment.
    pub fn sentiment(&self) -> SentimentHead {
        Head::new(&self.bytes, Self::HEAD + self.words, self.words)
    }

    /// The head that reads emotions.
    pub fn emotion(&self) -> EmotionHead {
        let start = Self::HEAD + self.words + SentimentHead::bytes(self.words);
        Head::new(&self.bytes, start, self.words)
    }

    /// What the rows of the heads lie in.
    pub fn rows(&self) -> &[u8] {
        &self.bytes
    }
}
