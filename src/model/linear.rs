//! The fast tier: a linear model over hashed words and letters, with rules beside it.

use super::features::{Hear, Made, Reader, length};
use super::head::Sums;
use super::rules::Rules;
use super::weights::{EMOTIONS, EmotionHead, SENTIMENTS, SentimentHead, Weights};
use super::{Card, Classifier, Explanation, Reading, Text};
use crate::emotion::{COUNT, Emotion, Emotions, Side};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::phrase::Room;
use crate::sentiment::{Polarity, Sentiment};
use crate::text::Vocabulary;
use crate::text::letters::sequences;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// How logits become probabilities and labels in one language; learned on held-out texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Divides the sentiment logits.
    pub temperature: f32,
    /// Added to the sentiment logits, negative, neutral, positive.
    pub bias: [f32; 3],
    /// Added to the log-probabilities before the label is chosen: it balances the labels' F1.
    pub decision: [f32; 3],
    /// Per emotion, the slope and intercept (Platt) of its logit. An emotion that is not here is
    /// not read in this language.
    pub emotions: BTreeMap<String, [f32; 2]>,
}

impl Calibration {
    /// Probabilities straight from the logits, in both languages.
    pub fn none() -> [Self; 2] {
        let none = Self {
            temperature: 1.0,
            bias: [0.0; 3],
            decision: [0.0; 3],
            emotions: BTreeMap::new(),
        };
        [none.clone(), none]
    }
}

/// The raw scores of a text: what calibration starts from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logits {
    /// Of negative, neutral, positive.
    pub sentiment: [f32; 3],
    /// Of the emotions, in their order.
    pub emotions: [f32; COUNT],
}

/// The linear backend.
#[derive(Debug)]
pub struct Linear {
    card: Card,
    pub(crate) calibration: [Calibration; 2],
    pub(super) emotions: [Vec<Curve>; 2],
    pub(crate) weights: Weights,
    pub(super) sentiment: SentimentHead,
    pub(super) emotion: EmotionHead,
    pub(super) reader: Reader,
    pub(super) rules: Rules,
}

/// What the letters of a word without a number add.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Letters {
    pub(super) sentiment: [i32; SENTIMENTS],
    pub(super) emotion: [i32; EMOTIONS],
}

/// What words without a number add. They are worked out once for a batch, in which most come again.
#[derive(Default)]
struct Unnumbered<'t> {
    known: FxHashMap<&'t str, Letters>,
    /// Words remembered at most.
    most: usize,
}

/// What is reused from text to text of a batch.
#[derive(Default)]
struct Scratch<'t> {
    unnumbered: Unnumbered<'t>,
    /// Room for the phrases that are found.
    room: Room,
}

impl Scratch<'_> {
    fn of(texts: &[Text<'_>]) -> Self {
        /// Half a megabyte.
        const MOST: usize = 4096;
        let mut scratch = Self::default();
        // One text alone has few words twice.
        scratch.unnumbered.most = if texts.len() > 1 { MOST } else { 0 };
        scratch
    }
}

/// How one emotion is read in one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    pub(super) emotion: Emotion,
    pub(super) slope: f32,
    pub(super) intercept: f32,
    pub(super) threshold: f32,
}

/// The files of a model folder.
struct Files {
    card: String,
    calibration: String,
    rules: String,
    weights: Cow<'static, [u8]>,
}

impl Linear {
    /// The files that a folder of such a model holds, beside its card.
    pub(super) const FILES: [&'static str; 3] = ["calibration.json", "rules.toml", "weights.bin"];

    /// The model that ships with the program.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped file is damaged; a test keeps that from
    /// being shipped.
    pub fn shipped(vocabulary: &Arc<Vocabulary>) -> Result<Self> {
        let files = Files {
            card: include_str!("../../models/fast/card.json").to_owned(),
            calibration: include_str!("../../models/fast/calibration.json").to_owned(),
            rules: include_str!("../../models/fast/rules.toml").to_owned(),
            weights: Cow::Borrowed(include_bytes!("../../models/fast/weights.bin")),
        };
        Self::of_files(files, vocabulary)
    }

    /// The model in a folder made by `voz train`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] with the file that is missing or damaged.
    pub fn open(folder: &Path, vocabulary: &Arc<Vocabulary>) -> Result<Self> {
        let read = |name: &str| {
            std::fs::read(folder.join(name)).map_err(|error| {
                Error::model("the model's file cannot be read")
                    .at(folder.join(name))
                    .caused_by(error)
                    .hint("a model folder holds card.json, calibration.json, rules.toml and weights.bin")
            })
        };
        let text = |name: &str| -> Result<String> {
            Ok(String::from_utf8_lossy(&read(name)?).into_owned())
        };
        let files = Files {
            card: text("card.json")?,
            calibration: text("calibration.json")?,
            rules: text("rules.toml")?,
            weights: Cow::Owned(read("weights.bin")?),
        };
        Self::of_files(files, vocabulary).map_err(|error| error.at(folder))
    }

    fn of_files(files: Files, vocabulary: &Arc<Vocabulary>) -> Result<Self> {
        let damaged = |error: serde_json::Error| {
            Error::model("the model's card or calibration is damaged").caused_by(error)
        };
        let card: Card = serde_json::from_str(&files.card).map_err(damaged)?;
        let mut calibration: BTreeMap<String, Calibration> =
            serde_json::from_str(&files.calibration).map_err(damaged)?;
        let mut of_lang = |lang: Lang| {
            calibration.remove(lang.code()).ok_or_else(|| {
                Error::model(format!("the calibration has no language `{}`", lang.code()))
            })
        };
        let calibration = [of_lang(Lang::Es)?, of_lang(Lang::En)?];
        let rules = Rules::new(&files.rules, vocabulary)?;
        let weights = Weights::from_bytes(files.weights)?;
        Self::new(card, calibration, weights, rules, vocabulary)
    }

    /// A model from its parts, as training makes them.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped word list is damaged.
    pub fn new(
        card: Card,
        calibration: [Calibration; 2],
        weights: Weights,
        mut rules: Rules,
        vocabulary: &Arc<Vocabulary>,
    ) -> Result<Self> {
        if weights.words() > vocabulary.words().len() {
            return Err(Error::model("more rows of words than words")
                .hint("vocabulary.txt and weights.bin belong together"));
        }
        for lang in Lang::ALL {
            let off = card.off.get(lang.code()).into_iter().flatten();
            let off: Vec<Emotion> = off.filter_map(|name| Emotion::parse(name)).collect();
            rules.leave_out(lang, &off);
        }
        let emotions = Lang::ALL.map(|lang| {
            let curve = |emotion: Emotion| {
                let threshold = *card.thresholds.get(lang.code())?.get(emotion.name())?;
                let [slope, intercept] =
                    *calibration[lang as usize].emotions.get(emotion.name())?;
                Some(Curve {
                    emotion,
                    slope,
                    intercept,
                    threshold,
                })
            };
            Emotion::ALL.into_iter().filter_map(curve).collect()
        });
        Ok(Self {
            card,
            calibration,
            emotions,
            sentiment: weights.sentiment(),
            emotion: weights.emotion(),
            weights,
            reader: Reader::new(vocabulary)?,
            rules,
        })
    }

    /// The raw scores of a text.
    pub fn logits(&self, text: &Text<'_>) -> Logits {
        self.score(text, &mut Scratch::default(), |_, _| ())
    }

    /// The raw scores of a text; `each` hears those of its clauses.
    fn score<'t>(
        &self,
        text: &Text<'t>,
        scratch: &mut Scratch<'t>,
        mut each: impl FnMut(&Self, [f32; 3]),
    ) -> Logits {
        let mut whole = Sums::default();
        let mut emotion = Sums::default();
        for part in text.parts() {
            let mut listener = Listener {
                model: self,
                sentiment: Sums::default(),
                emotion: &mut emotion,
                unnumbered: &mut scratch.unnumbered,
            };
            let units = part.len() as u32;
            let shapes = self.weights.shapes();
            self.reader
                .read(text, part, shapes, &mut scratch.room, &mut listener);
            let sums = listener.sentiment;
            if text.clauses.len() > 1 {
                each(self, self.sentiment_logits(sums, units));
            }
            whole.add(&sums);
        }
        let units = text.tokens.len() as u32;
        let sentiment = self.sentiment_logits(whole, units);
        self.emotion
            .add_gram(self.weights.rows(), length(units), &mut emotion.grams);
        let all = self.emotion.logits(&emotion, units);
        Logits {
            sentiment,
            emotions: std::array::from_fn(|at| all[at]),
        }
    }

    fn read<'t>(&self, text: &Text<'t>, scratch: &mut Scratch<'t>) -> Reading {
        let calibration = &self.calibration[text.lang as usize];
        let mut clauses = Vec::new();
        let logits = self.score(text, scratch, |_, logits| {
            clauses.push(sentiment(logits, calibration));
        });
        let found = sentiment(logits.sentiment, calibration);
        if text.clauses.len() == 1 {
            clauses.push(found);
        }
        let mut reading = Reading {
            sentiment: Some(found),
            emotions: Emotions::new(),
            clauses,
        };
        for curve in &self.emotions[text.lang as usize] {
            let logit = logits.emotions[curve.emotion as usize];
            let probability = sigmoid(curve.slope * logit + curve.intercept);
            let expressed = probability >= curve.threshold && agrees(curve.emotion, &found);
            reading.emotions.set(curve.emotion, probability, expressed);
        }
        self.rules
            .apply(text, &mut reading.emotions, &mut scratch.room);
        reading
    }

    fn sentiment_logits(&self, mut sums: Sums<SENTIMENTS>, units: u32) -> [f32; 3] {
        self.sentiment
            .add_gram(self.weights.rows(), length(units), &mut sums.grams);
        let [negative, neutral, positive, _] = self.sentiment.logits(&sums, units);
        [negative, neutral, positive]
    }
}

/// Adds up what it hears.
struct Listener<'l, 't> {
    model: &'l Linear,
    sentiment: Sums<SENTIMENTS>,
    emotion: &'l mut Sums<EMOTIONS>,
    unnumbered: &'l mut Unnumbered<'t>,
}

impl<'t> Hear<'t> for Listener<'_, 't> {
    fn word(&mut self, _at: usize, number: u32) {
        let (model, rows) = (self.model, self.model.weights.rows());
        if (number as usize) < model.weights.words() {
            let words = &mut self.sentiment.words;
            model.sentiment.add_word(rows, number, words);
            model
                .emotion
                .add_word(rows, number, &mut self.emotion.words);
        }
    }

    fn letters(&mut self, _at: usize, norm: &'t str) {
        let letters = if self.unnumbered.known.len() < self.unnumbered.most {
            let entry = self.unnumbered.known.entry(norm);
            *entry.or_insert_with(|| self.model.letters(norm))
        } else {
            self.model.letters(norm)
        };
        let sums = &mut self.sentiment.letters;
        sums.iter_mut()
            .zip(letters.sentiment)
            .for_each(|(sum, one)| *sum += one);
        let sums = &mut self.emotion.letters;
        sums.iter_mut()
            .zip(letters.emotion)
            .for_each(|(sum, one)| *sum += one);
    }

    fn gram(&mut self, _at: usize, _made: Made, hash: u32) {
        let (model, rows) = (self.model, self.model.weights.rows());
        model
            .sentiment
            .add_gram(rows, hash, &mut self.sentiment.grams);
        model.emotion.add_gram(rows, hash, &mut self.emotion.grams);
    }
}

/// Adds up the sentiment of what it hears, and nothing else.
struct SentimentOnly<'l> {
    model: &'l Linear,
    sums: Sums<SENTIMENTS>,
}

impl<'t> Hear<'t> for SentimentOnly<'_> {
    fn word(&mut self, _at: usize, number: u32) {
        let (model, rows) = (self.model, self.model.weights.rows());
        if (number as usize) < model.weights.words() {
            model.sentiment.add_word(rows, number, &mut self.sums.words);
        }
    }

    fn letters(&mut self, _at: usize, norm: &'t str) {
        let (model, rows) = (self.model, self.model.weights.rows());
        for hash in sequences(norm) {
            model
                .sentiment
                .add_letter(rows, hash, &mut self.sums.letters);
        }
    }

    fn gram(&mut self, _at: usize, _made: Made, hash: u32) {
        let (model, rows) = (self.model, self.model.weights.rows());
        model.sentiment.add_gram(rows, hash, &mut self.sums.grams);
    }
}

impl Linear {
    /// What the letters of a word without a number add.
    pub(super) fn letters(&self, norm: &str) -> Letters {
        let mut letters = Letters::default();
        let rows = self.weights.rows();
        for hash in sequences(norm) {
            self.sentiment
                .add_letter(rows, hash, &mut letters.sentiment);
            self.emotion.add_letter(rows, hash, &mut letters.emotion);
        }
        letters
    }
}

/// The least probability of its own side that an emotion needs to be expressed.
const AGREEMENT: f32 = 0.2;

/// True when the sentiment leaves room for an emotion's side. The emotions were learned from posts
/// where anger is common; in plain praise of a service they see it where there is none.
pub fn agrees(emotion: Emotion, sentiment: &Sentiment) -> bool {
    match emotion.side() {
        Side::Positive => sentiment.probability(Polarity::Positive) >= AGREEMENT,
        Side::Negative => sentiment.probability(Polarity::Negative) >= AGREEMENT,
        Side::Either => true,
    }
}

impl Classifier for Linear {
    fn card(&self) -> &Card {
        &self.card
    }

    fn sentiments(&self, texts: &[Text<'_>]) -> Result<Vec<Option<Sentiment>>> {
        let mut room = Room::default();
        let read = |text: &Text<'_>| {
            let mut only = SentimentOnly {
                model: self,
                sums: Sums::default(),
            };
            for part in text.parts() {
                let shapes = self.weights.shapes();
                self.reader.read(text, part, shapes, &mut room, &mut only);
            }
            let logits = self.sentiment_logits(only.sums, text.tokens.len() as u32);
            Some(sentiment(logits, &self.calibration[text.lang as usize]))
        };
        Ok(texts.iter().map(read).collect())
    }

    fn classify(&self, texts: &[Text<'_>]) -> Result<Vec<Reading>> {
        let mut scratch = Scratch::of(texts);
        let read = |text| self.read(text, &mut scratch);
        Ok(texts.iter().map(read).collect())
    }

    fn explain(&self, text: &Text<'_>) -> Result<Explanation> {
        let reading = self.read(text, &mut Scratch::default());
        Ok(Explanation::new(self, text, &reading))
    }
}

/// The sentiment of three logits. `libm` gives the same bits on every machine.
pub fn sentiment(logits: [f32; 3], calibration: &Calibration) -> Sentiment {
    let scaled: [f32; 3] =
        std::array::from_fn(|at| logits[at] / calibration.temperature + calibration.bias[at]);
    let largest = scaled.iter().copied().fold(f32::MIN, f32::max);
    let powers = scaled.map(|logit| libm::expf(logit - largest));
    let sum: f32 = powers.iter().sum();
    let decided: [f32; 3] = std::array::from_fn(|at| scaled[at] + calibration.decision[at]);
    let label = Polarity::ALL
        .into_iter()
        .max_by(|a, b| decided[*a as usize].total_cmp(&decided[*b as usize]))
        .unwrap_or(Polarity::Neutral);
    Sentiment {
        label,
        probabilities: powers.map(|power| power / sum),
    }
}

/// The logistic function.
pub fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-logit))
}
