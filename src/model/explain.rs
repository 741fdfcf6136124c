//! Why a text is read as it is: what every feature adds to every logit.
//!
//! The listener here hears the features that the model sums up, and keeps them apart instead. So there
//! is one definition of a feature, and what is told of a class adds up to its logit.

mod listener;

use super::features::length;
use super::linear::{Calibration, Linear, Logits, agrees, sentiment, sigmoid};
use super::rules::Raised;
use super::weights::{EMOTIONS, SENTIMENTS};
use super::{Classifier, Reading, Text};
use crate::emotion::Emotion;
use crate::phrase::Room;
use crate::sentiment::Sentiment;
use listener::{Heard, heard};
use std::ops::Range;

/// What a feature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// What a logit begins with, whatever the text.
    Bias,
    /// How long the text is.
    Length,
    /// A word that the model has a row for, its letters and its vector in it.
    Word,
    /// A token without a row: a rare word, a number, a mark, an emoji.
    Token,
    /// The letters of a rare word.
    Letters,
    /// A word after a negator.
    Negated,
    /// A word after a word of wish or condition.
    Wished,
    /// That a clause begins with the token.
    First,
    /// Two tokens.
    Pair,
    /// Three tokens.
    Triple,
    /// Words by their polarity: *not · good · end of the clause*.
    Shape,
    /// A phrase that says something whatever its words are: an idiom, a denied fault, a score.
    Saying,
    /// That a token is in capitals.
    Capitals,
    /// That a token is elongated.
    Elongated,
    /// What is lost when tokens are left out: of transformers, which have no features.
    Omitted,
}

impl Feature {
    /// Every feature, in the order in which they are told.
    pub const ALL: [Self; 15] = [
        Self::Bias,
        Self::Length,
        Self::Word,
        Self::Token,
        Self::Letters,
        Self::Negated,
        Self::Wished,
        Self::First,
        Self::Pair,
        Self::Triple,
        Self::Shape,
        Self::Saying,
        Self::Capitals,
        Self::Elongated,
        Self::Omitted,
    ];

    /// The English name in lower case, as in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bias => "bias",
            Self::Length => "length",
            Self::Word => "word",
            Self::Token => "token",
            Self::Letters => "letters",
            Self::Negated => "negated",
            Self::Wished => "wished",
            Self::First => "first",
            Self::Pair => "pair",
            Self::Triple => "triple",
            Self::Shape => "shape",
            Self::Saying => "saying",
            Self::Capitals => "capitals",
            Self::Elongated => "elongated",
            Self::Omitted => "omitted",
        }
    }
}

/// What one feature adds to logits.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution<L> {
    /// The feature.
    pub feature: Feature,
    /// Positions of the tokens it is made of; none for the bias and the length.
    pub tokens: Vec<usize>,
    /// What it adds to each logit.
    pub adds: L,
}

/// How the sentiment of a text or clause follows from its logits.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The logits: negative, neutral, positive.
    pub logits: [f32; 3],
    /// How they are calibrated in the text's language.
    pub calibration: Calibration,
    /// Divided by the temperature, with the bias: the probabilities are their softmax.
    pub scaled: [f32; 3],
    /// With what is added before the label is chosen: the largest names it.
    pub decided: [f32; 3],
    /// What is read.
    pub sentiment: Sentiment,
}

/// Why a clause has its sentiment.
#[derive(Clone, Debug, PartialEq)]
pub struct ClauseWhy {
    /// Positions of its tokens.
    pub tokens: Range<usize>,
    /// What each of its features adds: those of the text, weighed by the length of the clause.
    pub contributions: Vec<Contribution<[f32; 3]>>,
    /// How its sentiment follows.
    pub decision: Decision,
}

/// How the model alone reads an emotion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Read {
    /// The logit.
    pub logit: f32,
    /// What the logit is multiplied by.
    pub slope: f32,
    /// What is added then.
    pub intercept: f32,
    /// The probability that follows.
    pub probability: f32,
    /// The probability from which the emotion is expressed.
    pub threshold: f32,
    /// True when the sentiment leaves room for the emotion's side.
    pub agrees: bool,
}

/// Why an emotion is expressed, or not.
#[derive(Clone, Debug, PartialEq)]
pub struct EmotionWhy {
    /// The emotion.
    pub emotion: Emotion,
    /// Its probability, phrases included.
    pub probability: f32,
    /// True when it is expressed.
    pub expressed: bool,
    /// What the model makes of its logit; `None` where only phrases tell the emotion.
    pub read: Option<Read>,
    /// The phrases that give it away.
    pub phrases: Vec<Raised>,
}

/// Why a text is read as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Name and version of the model that read the text: of a cascade, the one that decided.
    pub model: String,
    /// What each feature adds to the logits of the text: bias and length first, then in its order.
    pub contributions: Vec<Contribution<Logits>>,
    /// How the sentiment of the text follows.
    pub decision: Decision,
    /// The same of each clause.
    pub clauses: Vec<ClauseWhy>,
    /// Each emotion known in the text's language.
    pub emotions: Vec<EmotionWhy>,
}

/// What the contributions of each of `tokens` tokens add up to. A contribution of several tokens is
/// theirs in equal parts, so that tokens, bias and length add up to the logit.
pub fn by_token<L>(
    contributions: &[Contribution<L>],
    tokens: usize,
    of: impl Fn(&L) -> f32,
) -> Vec<f32> {
    let mut sums = vec![0.0; tokens];
    for one in contributions {
        let part = of(&one.adds) / one.tokens.len().max(1) as f32;
        for at in &one.tokens {
            if let Some(sum) = sums.get_mut(*at) {
                *sum += part;
            }
        }
    }
    sums
}

impl Explanation {
    /// Why `model` reads `text` as `reading`.
    pub(super) fn new(model: &Linear, text: &Text<'_>, reading: &Reading) -> Self {
        let calibration = &model.calibration[text.lang as usize];
        let units = text.tokens.len() as u32;
        let mut contributions = fixed(model, units);
        let mut clauses = Vec::new();
        let mut read = reading.clauses.iter();
        for part in text.parts() {
            let heard = heard(model, text, part.clone());
            contributions.extend(heard.iter().map(|one| one.weighed(model, units)));
            if let Some(found) = read.next() {
                let units = part.len() as u32;
                let fixed = fixed(model, units).into_iter();
                let own = fixed.chain(heard.iter().map(|one| one.weighed(model, units)));
                let own: Vec<_> = own.map(of_sentiment).collect();
                clauses.push(ClauseWhy {
                    tokens: part,
                    decision: Decision::new(sum(&own), calibration, *found),
                    contributions: own,
                });
            }
        }
        let logits = model.logits(text);
        let found = reading
            .sentiment
            .unwrap_or_else(|| sentiment(logits.sentiment, calibration));
        Self {
            model: model.card().identity(),
            decision: Decision::new(logits.sentiment, calibration, found),
            emotions: emotions_of(model, text, reading, &logits.emotions),
            contributions,
            clauses,
        }
    }
}

impl Decision {
    pub(super) fn new(logits: [f32; 3], calibration: &Calibration, sentiment: Sentiment) -> Self {
        let scaled: [f32; 3] =
            std::array::from_fn(|at| logits[at] / calibration.temperature + calibration.bias[at]);
        Self {
            logits,
            scaled,
            decided: std::array::from_fn(|at| scaled[at] + calibration.decision[at]),
            sentiment,
            calibration: calibration.clone(),
        }
    }
}

/// The logits that contributions add up to.
fn sum(contributions: &[Contribution<[f32; 3]>]) -> [f32; 3] {
    // In double precision, as exact as the whole numbers behind them.
    let sum = |at: usize| -> f64 {
        contributions
            .iter()
            .map(|one| f64::from(one.adds[at]))
            .sum()
    };
    std::array::from_fn(|at| sum(at) as f32)
}

fn of_sentiment(one: Contribution<Logits>) -> Contribution<[f32; 3]> {
    Contribution {
        feature: one.feature,
        tokens: one.tokens,
        adds: one.adds.sentiment,
    }
}

fn logits(sentiment: [f32; SENTIMENTS], emotions: [f32; EMOTIONS]) -> Logits {
    Logits {
        sentiment: std::array::from_fn(|at| sentiment[at]),
        emotions: std::array::from_fn(|at| emotions[at]),
    }
}

/// Bias and length of a text of so many units.
fn fixed(model: &Linear, units: u32) -> Vec<Contribution<Logits>> {
    let bias = Contribution {
        feature: Feature::Bias,
        tokens: Vec::new(),
        adds: logits(model.sentiment.bias(), model.emotion.bias()),
    };
    let mut length_of = Heard::new(Feature::Length, Vec::new());
    length_of.add_gram(model, length(units));
    vec![bias, length_of.weighed(model, units)]
}

fn emotions_of(
    model: &Linear,
    text: &Text<'_>,
    reading: &Reading,
    logits: &[f32],
) -> Vec<EmotionWhy> {
    let mut room = Room::default();
    let raised: Vec<Raised> = model.rules.raised(text, &mut room).collect();
    let curves = &model.emotions[text.lang as usize];
    let why = |(emotion, probability)| {
        let curve = curves.iter().find(|curve| curve.emotion == emotion);
        let read = curve.map(|curve| {
            let logit = logits[emotion as usize];
            Read {
                logit,
                slope: curve.slope,
                intercept: curve.intercept,
                probability: sigmoid(curve.slope * logit + curve.intercept),
                threshold: curve.threshold,
                agrees: reading
                    .sentiment
                    .is_none_or(|found| agrees(emotion, &found)),
            }
        });
        let phrases = raised.iter().filter(|one| one.emotion == emotion).cloned();
        EmotionWhy {
            emotion,
            probability,
            expressed: reading.emotions.is_expressed(emotion),
            read,
            phrases: phrases.collect(),
        }
    };
    reading.emotions.iter().map(why).collect()
}
