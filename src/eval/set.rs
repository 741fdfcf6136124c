//! Labelled texts, and what was said of them.

use crate::emotion::{COUNT, Emotions};
use crate::error::Result;
use crate::lang::Lang;
use crate::sentiment::{Polarity, Sentiment};
use crate::tag::{Tagged, Tagger};
use crate::verbatim::{Scores, Verbatim};

/// What is true of a text. What its set does not label is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Truth {
    /// The sentiment.
    pub sentiment: Option<Polarity>,
    /// Whether each emotion is expressed, in the order of [`crate::emotion::Emotion::ALL`].
    pub emotions: [Option<bool>; COUNT],
}

impl Truth {
    /// True when nothing is known.
    pub fn is_empty(&self) -> bool {
        self.sentiment.is_none() && self.emotions.iter().all(Option::is_none)
    }
}

/// A text and what is true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// What is true of it.
    pub truth: Truth,
}

/// Labelled texts that are measured together.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// The language its source states; `None` where it is to be found.
    pub lang: Option<Lang>,
    /// Where its labels of sentiment came from.
    pub sentiment_from: String,
    /// Where its labels of emotions came from.
    pub emotions_from: String,
    /// The texts.
    pub texts: Vec<Labelled>,
}

/// What was said of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// Code of the language that was found.
    pub lang: &'static str,
    /// False when the text was taken to say nothing.
    pub meaningful: bool,
    /// The sentiment; `None` for a text that was not read.
    pub sentiment: Option<Sentiment>,
    /// The emotions.
    pub emotions: Emotions,
}

impl Said {
    /// Why the text got no sentiment; `None` where it got one.
    pub fn why_unread(&self) -> Option<&'static str> {
        match self.sentiment {
            Some(_) => None,
            None if self.meaningful => Some(self.lang),
            None => Some("meaningless"),
        }
    }
}

impl From<&Tagged> for Said {
    fn from(tagged: &Tagged) -> Self {
        Self {
            lang: tagged.lang.code,
            meaningful: tagged.meaningful,
            sentiment: tagged.sentiment,
            emotions: tagged.emotions,
        }
    }
}

/// Texts that are tagged at a time, so that memory does not follow the size of a set.
const CHUNK: usize = 8192;

/// Reads every text of a set as `voz tag` does, on every core. The answer does not depend on the cores.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when the model's backend fails.
pub fn read(tagger: &Tagger, set: &Set) -> Result<Vec<Said>> {
    let mut all = Vec::with_capacity(set.texts.len());
    for chunk in set.texts.chunks(CHUNK) {
        let verbatims = chunk.iter().map(|one| verbatim(&one.text, set.lang));
        let tagged = tagger.tag(verbatims.collect())?;
        all.extend(tagged.iter().map(Said::from));
    }
    Ok(all)
}

fn verbatim(text: &str, stated: Option<Lang>) -> Verbatim {
    Verbatim {
        id: String::new(),
        text: text.to_owned(),
        stated,
        asked: None,
        day: None,
        customer: None,
        scores: Scores::default(),
        fields: Vec::new(),
    }
}
