//! The fast tier: a linear model over hashed words and letters, with rules beside it.

use super::features::{BEFORE, Reader, Unit, has_letters, hash, letter_rows, pair_row, word_row};
use super::rules::Rules;
use super::weights::{OUTPUTS, Weights, add};
use super::{Card, Classifier, Reading, Text};
use crate::emotion::{Emotion, Emotions, Side};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::{Polarity, Sentiment};
use crate::text::{Token, Vocabulary, WordMap};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The emotions with trained weights, in the order of the columns after the three sentiments.
pub const TRAINED: [Emotion; 12] = [
    Emotion::Joy,
    Emotion::Gratitude,
    Emotion::Admiration,
    Emotion::Interest,
    Emotion::Anger,
    Emotion::Frustration,
    Emotion::Disappointment,
    Emotion::Sadness,
    Emotion::Fear,
    Emotion::Disgust,
    Emotion::Surprise,
    Emotion::Confusion,
];

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

/// The linear backend.
#[derive(Debug)]
pub struct Linear {
    card: Card,
    calibration: [Calibration; 2],
    emotions: [Vec<Curve>; 2],
    weights: Weights,
    reader: Reader,
    lexemes: WordMap<Lexeme>,
    rules: Rules,
}

/// What a known word adds, worked out once: one line of the processor's cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Lexeme {
    letters: [i16; OUTPUTS],
    word: [u8; OUTPUTS],
    negated: [u8; OUTPUTS],
}

/// What words without a number add. They are worked out once for a batch, of which most words come
/// twice: in the text and in its clause.
#[derive(Default)]
struct Unnumbered<'t> {
    known: FxHashMap<&'t str, Lexeme>,
    /// Words remembered at most.
    most: usize,
}

impl<'t> Unnumbered<'t> {
    fn of(texts: &[Text<'t>]) -> Self {
        /// Half a megabyte.
        const MOST: usize = 4096;
        Self {
            known: FxHashMap::default(),
            // One text alone has few words twice.
            most: if texts.len() > 1 { MOST } else { 0 },
        }
    }

    fn lexeme(&mut self, weights: &Weights, norm: &'t str) -> Lexeme {
        if self.known.len() >= self.most {
            return lexeme(weights, norm);
        }
        let entry = self.known.entry(norm);
        *entry.or_insert_with(|| lexeme(weights, norm))
    }
}

/// How one emotion is read in one language.
#[derive(Clone, Copy, Debug)]
struct Curve {
    emotion: Emotion,
    output: usize,
    slope: f32,
    intercept: f32,
    threshold: f32,
}

/// The files of a model folder.
struct Files {
    card: String,
    calibration: String,
    rules: String,
    weights: Cow<'static, [u8]>,
}

impl Linear {
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
        rules: Rules,
        vocabulary: &Arc<Vocabulary>,
    ) -> Result<Self> {
        let emotions = Lang::ALL.map(|lang| {
            let curve = |(at, emotion): (usize, Emotion)| {
                let threshold = *card.thresholds.get(lang.code())?.get(emotion.name())?;
                let [slope, intercept] =
                    *calibration[lang as usize].emotions.get(emotion.name())?;
                Some(Curve {
                    emotion,
                    output: 3 + at,
                    slope,
                    intercept,
                    threshold,
                })
            };
            TRAINED.into_iter().enumerate().filter_map(curve).collect()
        });
        let lexemes = vocabulary
            .words()
            .iter()
            .map(|word| (&**word, lexeme(&weights, word)));
        let lexemes = WordMap::new(vocabulary, lexemes);
        let reader = Reader::new(vocabulary)?;
        Ok(Self {
            card,
            calibration,
            emotions,
            weights,
            reader,
            lexemes,
            rules,
        })
    }

    /// The raw score of every output: what calibration starts from.
    pub fn logits(&self, text: &Text<'_>) -> [f32; OUTPUTS] {
        self.logits_with(text, &mut Unnumbered::default())
    }

    fn logits_with<'t>(&self, text: &Text<'t>, unnumbered: &mut Unnumbered<'t>) -> [f32; OUTPUTS] {
        let (mut words, mut letters) = ([0; OUTPUTS], [0; OUTPUTS]);
        let mut before = BEFORE;
        let mut units = 0_u32;
        self.reader
            .units(text, |unit: Unit, token: Option<&Token>| {
                units += 1;
                add(&mut words, self.weights.word(pair_row(before, unit)));
                before = unit;
                let Some(token) = token.filter(|token| has_letters(token)) else {
                    add(&mut words, self.weights.word(word_row(unit)));
                    return;
                };
                let lexeme = match token.word() {
                    Some(_) => self.lexemes.get(text.tokens, token),
                    None => unnumbered.lexeme(&self.weights, text.tokens.norm(token)),
                };
                add(
                    &mut words,
                    if unit.negated {
                        &lexeme.negated
                    } else {
                        &lexeme.word
                    },
                );
                for (sum, step) in letters.iter_mut().zip(lexeme.letters) {
                    *sum += i32::from(step);
                }
            });
        let norm = norm(units);
        std::array::from_fn(|output| {
            let word = self.weights.word_scale[output] * words[output] as f32;
            let letter = self.weights.letter_scale[output] * letters[output] as f32;
            self.weights.bias[output] + norm * (word + letter)
        })
    }

    fn read<'t>(&self, text: &Text<'t>, unnumbered: &mut Unnumbered<'t>) -> Reading {
        let logits = self.logits_with(text, unnumbered);
        let calibration = &self.calibration[text.lang as usize];
        let sentiment = sentiment([logits[0], logits[1], logits[2]], calibration);
        let mut reading = Reading {
            sentiment: Some(sentiment),
            emotions: Emotions::new(),
        };
        if text.sentiment_only {
            return reading;
        }
        for curve in &self.emotions[text.lang as usize] {
            let probability = sigmoid(curve.slope * logits[curve.output] + curve.intercept);
            let expressed = probability >= curve.threshold && agrees(curve.emotion, &sentiment);
            reading.emotions.set(curve.emotion, probability, expressed);
        }
        self.rules.apply(text, &mut reading.emotions);
        reading
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

    fn classify(&self, texts: &[Text<'_>]) -> Result<Vec<Reading>> {
        let mut unnumbered = Unnumbered::of(texts);
        let read = |text| self.read(text, &mut unnumbered);
        Ok(texts.iter().map(read).collect())
    }
}

/// What the sums are multiplied by, so that long texts do not shout: one over the root of the units.
pub fn norm(units: u32) -> f32 {
    1.0 / (units.max(1) as f32).sqrt()
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

fn lexeme(weights: &Weights, norm: &str) -> Lexeme {
    let mut sums = [0; OUTPUTS];
    letter_rows(norm, |row| add(&mut sums, weights.letters(row)));
    let clamp = |sum: i32| sum.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    let hash = hash(norm.as_bytes());
    let row = |negated: bool| *weights.word(word_row(Unit { hash, negated }));
    Lexeme {
        letters: sums.map(clamp),
        word: row(false),
        negated: row(true),
    }
}
