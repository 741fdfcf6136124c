//! What is learned on top of a model: its logits are given, and a learner of their own adds to them.
//!
//! The shipped weights are whole numbers without the learner's state, so learning cannot go on where it
//! ended. The residual begins at 0 and is held there by its penalties, so a few rows change little.

use super::super::encode::Encoded;
use super::super::examples::{Examples, mixed};
use super::super::leader::{Leader, Size};
use super::super::recipe::Settings;
use crate::emotion::{COUNT, Emotion};
use crate::model::head::Learned;
use crate::model::{
    Calibration, EMOTION_GRAMS, EMOTION_LETTERS, Logits, SENTIMENT_GRAMS, SENTIMENT_LETTERS,
    sentiment, sigmoid,
};
use crate::sentiment::Polarity;
use rayon::prelude::*;

const SENTIMENTS: usize = Polarity::ALL.len();
/// The source of examples whose label is only what their score suggests.
pub const SCORED: usize = 1;

/// What is learned from: examples in an order that their texts give, as rows of the tables, with the
/// logits of the model below.
pub struct Lessons<'l> {
    pub examples: &'l Examples,
    pub encoded: &'l Encoded,
    /// What orders the examples.
    pub keys: &'l [u64],
    pub below: &'l [Logits],
    pub calibration: &'l [Calibration; 2],
}

/// Chosen on three sources that the model below had not seen, with 500 to 5,000 rows, among rates of 0.025
/// to 0.1, 2 to 8 passes and penalties: none had a clearly better mean gain in macro-F1. Twice the rate or the
/// passes gained 1 to 2 points less on one source from 2,000 rows on.
const SETTINGS: Settings = Settings {
    epochs: 4,
    rate: 0.05,
    l1: 0.1,
    l2: 10.0,
    vector_rate: 0.01,
};
/// Orders of the examples that are averaged: the macro-F1 is that of one, the accuracy 0.6 points better.
const ORDERS: u64 = 4;
/// How much the label that a score suggests counts beside one that was given. A guess: people also give
/// a low score with kind words.
pub const SCORE_WEIGHT: f32 = 0.3;

impl Lessons<'_> {
    /// What is to be added to the sentiment head.
    pub fn sentiment<const M: usize>(&self) -> Learned<M> {
        let weights = self.class_weights();
        let labelled = |at: &usize| self.examples.all[*at].sentiment.is_some();
        let size = self.size(SENTIMENT_GRAMS, SENTIMENT_LETTERS);
        self.averaged::<SENTIMENTS, M>(size, &labelled, &|at, logits| {
            let example = &self.examples.all[at];
            let Some(label) = example.sentiment else {
                return [0.0; SENTIMENTS];
            };
            let calibration = &self.calibration[example.lang as usize];
            let below = self.below[at].sentiment;
            let sums = std::array::from_fn(|class| below[class] + logits[class]);
            let said = sentiment(sums, calibration).probabilities;
            let weight = weights[example.source][label as usize];
            if example.source == SCORED {
                return of_side(said, label, weight);
            }
            std::array::from_fn(|class| {
                weight * (said[class] - f32::from(u8::from(class == label as usize)))
            })
        })
    }

    /// What is to be added to the emotion head.
    pub fn emotions<const M: usize>(&self) -> Learned<M> {
        let labelled = |at: &usize| self.examples.all[*at].emotions.iter().any(Option::is_some);
        let size = self.size(EMOTION_GRAMS, EMOTION_LETTERS);
        self.averaged::<COUNT, M>(size, &labelled, &|at, logits| {
            let example = &self.examples.all[at];
            let curves = &self.calibration[example.lang as usize].emotions;
            Emotion::ALL.map(|emotion| {
                let column = emotion as usize;
                let shown = example.emotions[column];
                let (Some(shown), Some([slope, intercept])) = (shown, curves.get(emotion.name()))
                else {
                    return 0.0;
                };
                let logit = self.below[at].emotions[column] + logits[column];
                sigmoid(slope * logit + intercept) - f32::from(u8::from(shown))
            })
        })
    }

    fn size(&self, grams: usize, letters: usize) -> Size {
        Size {
            words: self.encoded.letters.len(),
            grams,
            letters,
            biases: 1,
        }
    }

    /// The mean of learners that see the examples in several orders.
    fn averaged<const N: usize, const M: usize>(
        &self,
        size: Size,
        labelled: &(dyn Fn(&usize) -> bool + Sync),
        slopes: &(dyn Fn(usize, [f32; N]) -> [f32; N] + Sync),
    ) -> Learned<M> {
        let learned: Vec<Learned<M>> = (0..ORDERS)
            .into_par_iter()
            .map(|order| {
                let all = 0..self.examples.all.len();
                let mut positions: Vec<usize> = all.filter(labelled).collect();
                positions.sort_by_key(|at| (mixed(self.keys[*at], order), *at));
                let mut leader = Leader::<N>::new(SETTINGS, size);
                for _ in 0..SETTINGS.epochs {
                    for at in &positions {
                        leader.learn(self.encoded, &self.encoded.rows(*at), 0, |logits| {
                            slopes(*at, logits)
                        });
                    }
                }
                leader.learned(self.encoded)
            })
            .collect();
        let mut learned = learned.into_iter();
        let mut mean = learned
            .next()
            .unwrap_or_else(|| Leader::<N>::new(SETTINGS, size).learned(self.encoded));
        let share = 1.0 / ORDERS as f32;
        each(&mut mean, |weight| *weight *= share);
        for one in learned {
            add(&mut mean, &one, share);
        }
        mean
    }

    /// One over the root of the number of texts of a source and label, with a mean of 1; what a score
    /// suggests counts less.
    fn class_weights(&self) -> [[f32; SENTIMENTS]; 2] {
        let mut counts = [[0.0_f64; SENTIMENTS]; 2];
        for example in &self.examples.all {
            if let Some(label) = example.sentiment {
                counts[example.source][label as usize] += 1.0;
            }
        }
        let weights = counts.map(|labels| {
            let texts: f64 = labels.iter().sum();
            let mass: f64 = labels.iter().map(|n| n.sqrt()).sum();
            labels.map(|n: f64| (texts / mass.max(1.0) / n.max(1.0).sqrt()) as f32)
        });
        [
            weights[0],
            weights[SCORED].map(|weight| SCORE_WEIGHT * weight),
        ]
    }
}

/// A score takes a side; of neutral texts it says nothing, so only the two sides are moved.
fn of_side(said: [f32; SENTIMENTS], label: Polarity, weight: f32) -> [f32; SENTIMENTS] {
    let positive = said[2] / (said[0] + said[2]).max(f32::MIN_POSITIVE);
    let miss = weight * (positive - f32::from(u8::from(label == Polarity::Positive)));
    [-miss, 0.0, miss]
}

fn each<const N: usize>(learned: &mut Learned<N>, mut change: impl FnMut(&mut f32)) {
    let tables = [&mut learned.words, &mut learned.grams, &mut learned.letters];
    for table in tables {
        table.as_flattened_mut().iter_mut().for_each(&mut change);
    }
    learned.bias.iter_mut().for_each(change);
}

/// Adds a share of other weights.
pub fn add<const N: usize>(learned: &mut Learned<N>, other: &Learned<N>, share: f32) {
    let others = [&other.words, &other.grams, &other.letters];
    let others = others.into_iter().flat_map(|table| table.as_flattened());
    let mut others = others.chain(&other.bias);
    each(learned, |weight| {
        *weight += share * others.next().copied().unwrap_or_default();
    });
}
