//! Learning the weights: a softmax over the three sentiments and a logistic curve per emotion.
//!
//! Heads, and the models that leave a domain out, are learned side by side; each sees its examples in
//! one fixed order, so the threads change nothing.

use super::encode::Encoded;
use super::examples::{Example, Examples, Split};
use super::leader::{Leader, Size};
use super::recipe::Recipe;
use crate::emotion::COUNT;
use crate::error::Result;
use crate::model::features::shape;
use crate::model::{
    EMOTION_GRAMS, EMOTION_LETTERS, EmotionHead, SENTIMENT_GRAMS, SENTIMENT_LETTERS, SentimentHead,
    Weights, sigmoid,
};
use crate::sentiment::Polarity;
use rayon::prelude::*;

const SENTIMENTS: usize = Polarity::ALL.len();
/// Passes of the learning that shapes come from.
const FIRST_EPOCHS: usize = 2;

/// How many passes and models there are to learn, as [`fit`], [`shapes`] and [`unseen`] tell them.
pub fn steps(recipe: &Recipe) -> u64 {
    let domains = if recipe.unseen {
        recipe.domains().len()
    } else {
        0
    };
    (FIRST_EPOCHS + recipe.sentiment.epochs + recipe.emotion.epochs + domains) as u64
}

/// Learns both heads and rounds them. `done` hears of each pass.
pub fn fit(
    recipe: &Recipe,
    examples: &Examples,
    encoded: &Encoded,
    done: &(dyn Fn() + Sync),
) -> Weights {
    let (sentiment, emotion) = rayon::join(
        || fit_sentiment(recipe, examples, encoded, None, done).learned(encoded),
        || fit_emotions(recipe, examples, encoded, done).learned(encoded),
    );
    Weights::new(
        &encoded.shapes,
        &SentimentHead::round(&sentiment),
        &EmotionHead::round(&emotion),
    )
}

/// What each word is in a shape, by the polarity that a first short learning gives it: the commonest words
/// stand for themselves unless they are strongly good or bad.
pub fn shapes(
    recipe: &Recipe,
    examples: &Examples,
    encoded: &Encoded,
    without: Option<&String>,
    done: &(dyn Fn() + Sync),
) -> Vec<u8> {
    /// Words that stand for themselves, of those that stand in most texts.
    const COMMON: usize = 250;
    /// Shares of the words that have no polarity, and at most a weak one. Guesses, as are the two above.
    const NONE: f64 = 0.55;
    const WEAK: f64 = 0.85;
    let mut first = recipe.clone();
    first.sentiment.epochs = FIRST_EPOCHS;
    let learned = fit_sentiment(&first, examples, encoded, without, done).learned::<4>(encoded);
    let polarity: Vec<f32> = learned.words.iter().map(|row| row[2] - row[0]).collect();
    let mut sizes: Vec<f32> = polarity.iter().map(|size| size.abs()).collect();
    sizes.sort_by(f32::total_cmp);
    let bound = |share: f64| sizes[(share * (sizes.len() - 1) as f64) as usize];
    let (none, weak) = (bound(NONE), bound(WEAK));
    let class = |(number, polarity): (usize, &f32)| {
        let size = polarity.abs();
        if number < COMMON && size < weak {
            shape::ITSELF
        } else if size < none {
            shape::NOTHING
        } else {
            let strong = u8::from(size >= weak);
            shape::POLAR
                + if *polarity < 0.0 {
                    1 - strong
                } else {
                    2 + strong
                }
        }
    };
    polarity.iter().enumerate().map(class).collect()
}

/// The sentiment logits of every labelled example by a model that never saw its domain, nor took the
/// shapes of words from it; `None` where its source names no domain. `encode` reads the examples again
/// with other shapes.
pub fn unseen(
    recipe: &Recipe,
    examples: &Examples,
    encoded: &Encoded,
    encode: &(dyn Fn(&[u8]) -> Result<Encoded> + Sync),
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Option<[f32; SENTIMENTS]>>> {
    let without = |domain: &String| -> Result<Vec<(usize, [f32; SENTIMENTS])>> {
        let encoded = encode(&shapes(recipe, examples, encoded, Some(domain), &|| ()))?;
        let leader = fit_sentiment(recipe, examples, &encoded, Some(domain), &|| ());
        let within = examples.all.iter().enumerate().filter(|(_, example)| {
            let source = &recipe.source[example.source];
            example.sentiment.is_some() && source.domain.as_ref() == Some(domain)
        });
        let read = |(at, _): (usize, &Example)| (at, leader.logits(&encoded, &encoded.rows(at), 0));
        let read = within.map(read).collect();
        done();
        Ok(read)
    };
    let found: Result<Vec<_>> = recipe.domains().par_iter().map(without).collect();
    let mut all = vec![None; examples.all.len()];
    for (at, logits) in found?.into_iter().flatten() {
        all[at] = Some(logits);
    }
    Ok(all)
}

fn fit_sentiment(
    recipe: &Recipe,
    examples: &Examples,
    encoded: &Encoded,
    without: Option<&String>,
    done: &(dyn Fn() + Sync),
) -> Leader<SENTIMENTS> {
    let weights = class_weights(recipe, examples);
    let size = Size {
        words: encoded.letters.len(),
        grams: SENTIMENT_GRAMS,
        letters: SENTIMENT_LETTERS,
        biases: 1,
    };
    let mut leader = Leader::<SENTIMENTS>::new(recipe.sentiment, size);
    for _ in 0..recipe.sentiment.epochs {
        for (at, example) in examples.all.iter().enumerate() {
            let Some(label) = example.sentiment.filter(|_| example.split == Split::Fit) else {
                continue;
            };
            // A teacher has seen every domain.
            let is_left_out = example.taught.is_some()
                || recipe.source[example.source].domain.as_ref() == without;
            if without.is_some() && is_left_out {
                continue;
            }
            let truth = match &example.taught {
                Some(taught) => taught.sentiment,
                None => std::array::from_fn(|class| f32::from(u8::from(class == label as usize))),
            };
            let weight = weights[example.source][label as usize];
            leader.learn(encoded, &encoded.rows(at), 0, |logits| {
                let largest = logits.iter().copied().fold(f32::MIN, f32::max);
                let powers = logits.map(|logit| libm::expf(logit - largest));
                let sum: f32 = powers.iter().sum();
                std::array::from_fn(|class| weight * (powers[class] / sum - truth[class]))
            });
        }
        done();
    }
    leader
}

/// One over the root of the number of texts of that source and label, scaled to a mean of 1: large
/// sources and common labels do not drown the others.
fn class_weights(recipe: &Recipe, examples: &Examples) -> Vec<[f32; SENTIMENTS]> {
    let mut counts = vec![[0.0_f64; SENTIMENTS]; examples.names.len()];
    let fit = examples
        .all
        .iter()
        .filter(|example| example.split == Split::Fit);
    for (source, label) in fit.filter_map(|example| Some((example.source, example.sentiment?))) {
        counts[source][label as usize] += 1.0;
    }
    let (mut texts, mut mass) = (0.0, 0.0);
    for (source, labels) in counts.iter().enumerate() {
        texts += labels.iter().sum::<f64>();
        mass +=
            f64::from(recipe.source[source].weight) * labels.iter().map(|n| n.sqrt()).sum::<f64>();
    }
    let weight = |source: usize, count: f64| {
        let weight = f64::from(recipe.source[source].weight) * texts / mass / count.max(1.0).sqrt();
        weight as f32
    };
    let rows = counts.iter().enumerate();
    rows.map(|(source, labels)| labels.map(|count| weight(source, count)))
        .collect()
}

fn fit_emotions(
    recipe: &Recipe,
    examples: &Examples,
    encoded: &Encoded,
    done: &(dyn Fn() + Sync),
) -> Leader<COUNT> {
    let size = Size {
        words: encoded.letters.len(),
        grams: EMOTION_GRAMS,
        letters: EMOTION_LETTERS,
        // A bias per source, left behind at use, was tried: it ranks the texts of a source better (.564
        // against .547 in English), but one threshold then serves all sources worse.
        biases: 1,
    };
    let mut leader = Leader::<COUNT>::new(recipe.emotion, size);
    for _ in 0..recipe.emotion.epochs {
        for (at, example) in examples.all.iter().enumerate() {
            if example.split != Split::Fit || (0..COUNT).all(|at| truth_of(example, at).is_none()) {
                continue;
            }
            let weight = recipe.source[example.source].weight;
            leader.learn(encoded, &encoded.rows(at), 0, |logits| {
                std::array::from_fn(|column| slope(example, column, logits[column], weight))
            });
        }
        done();
    }
    leader
}

fn slope(example: &Example, column: usize, logit: f32, weight: f32) -> f32 {
    truth_of(example, column).map_or(0.0, |truth| weight * (sigmoid(logit) - truth))
}

/// How far an example shows an emotion, 0 to 1, where that is known.
fn truth_of(example: &Example, column: usize) -> Option<f32> {
    match &example.taught {
        Some(taught) => taught.emotions[column],
        None => example.emotions[column].map(|shown| f32::from(u8::from(shown))),
    }
}
