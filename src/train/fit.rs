//! Learning the weights: follow the regularised leader (`FTRL-Proximal`; `McMahan` et al. 2013,
//! "Ad Click Prediction"), a softmax over the three sentiments and a logistic curve per emotion.
//!
//! The two heads are learned side by side on two threads; each sees its examples in one fixed order.

use super::encode::{Encoded, Rows};
use super::examples::{Example, Examples, Split};
use super::recipe::{Recipe, Settings};
use crate::model::features::{LETTER_ROWS, WORD_ROWS};
use crate::model::{OUTPUTS, TRAINED, Weights, sigmoid};
use crate::sentiment::Polarity;

const SENTIMENTS: usize = 3;

/// Learns both heads and rounds them.
pub fn fit(recipe: &Recipe, examples: &Examples, encoded: &Encoded) -> Weights {
    let (sentiment, emotion) = rayon::join(
        || fit_sentiment(recipe, examples, encoded),
        || fit_emotions(recipe, examples, encoded),
    );
    let mut bias = [0.0; OUTPUTS];
    bias[..SENTIMENTS].copy_from_slice(&sentiment.bias);
    bias[SENTIMENTS..SENTIMENTS + TRAINED.len()].copy_from_slice(&emotion.bias);
    let table = |sentiment: &[[f32; SENTIMENTS]], emotion: &[[f32; TRAINED.len()]]| {
        let mut rows = vec![0.0; sentiment.len() * OUTPUTS];
        for (row, (three, rest)) in rows.chunks_mut(OUTPUTS).zip(sentiment.iter().zip(emotion)) {
            row[..SENTIMENTS].copy_from_slice(three);
            row[SENTIMENTS..SENTIMENTS + TRAINED.len()].copy_from_slice(rest);
        }
        rows
    };
    let words = table(&sentiment.words, &emotion.words);
    let letters = table(&sentiment.letters, &emotion.letters);
    Weights::quantize(&words, &letters, bias)
}

/// A head's weights when learned.
struct Learned<const N: usize> {
    words: Vec<[f32; N]>,
    letters: Vec<[f32; N]>,
    bias: [f32; N],
}

fn fit_sentiment(recipe: &Recipe, examples: &Examples, encoded: &Encoded) -> Learned<SENTIMENTS> {
    let weights = class_weights(recipe, examples);
    let mut leader = Leader::<SENTIMENTS>::new(recipe.sentiment, 1);
    for _ in 0..recipe.sentiment.epochs {
        for (at, example) in examples.all.iter().enumerate() {
            let Some(label) = example.sentiment.filter(|_| example.split == Split::Fit) else {
                continue;
            };
            let rows = encoded.rows(at);
            let logits = leader.logits(&rows, 0);
            let largest = logits.iter().copied().fold(f32::MIN, f32::max);
            let powers = logits.map(|logit| libm::expf(logit - largest));
            let sum: f32 = powers.iter().sum();
            let weight = weights[example.source][label as usize];
            let slopes = std::array::from_fn(|class| {
                weight * (powers[class] / sum - f32::from(u8::from(class == label as usize)))
            });
            leader.learn(&rows, 0, slopes);
        }
    }
    leader.learned()
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
) -> Learned<{ TRAINED.len() }> {
    // A bias per source takes up how often each source gives a label, and is left behind.
    let mut leader = Leader::<{ TRAINED.len() }>::new(recipe.emotion, examples.names.len() + 1);
    for _ in 0..recipe.emotion.epochs {
        for (at, example) in examples.all.iter().enumerate() {
            if example.split != Split::Fit || example.emotions.iter().all(Option::is_none) {
                continue;
            }
            let rows = encoded.rows(at);
            let logits = leader.logits(&rows, example.source + 1);
            let weight = recipe.source[example.source].weight;
            let slopes =
                std::array::from_fn(|column| slope(example, column, logits[column], weight));
            leader.learn(&rows, example.source + 1, slopes);
        }
    }
    leader.learned()
}

fn slope(example: &Example, column: usize, logit: f32, weight: f32) -> f32 {
    let Some(shown) = example.emotions[column] else {
        return 0.0;
    };
    weight * (sigmoid(logit) - f32::from(u8::from(shown)))
}

/// The state of a learner: per weight, the leader's sum `z` and the sum of squared slopes `n`.
struct Leader<const N: usize> {
    settings: Settings,
    words: Vec<[Slot; N]>,
    letters: Vec<[Slot; N]>,
    biases: Vec<[Slot; N]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    z: f32,
    n: f32,
    weight: f32,
}

impl<const N: usize> Leader<N> {
    fn new(settings: Settings, biases: usize) -> Self {
        Self {
            settings,
            words: vec![[Slot::default(); N]; WORD_ROWS],
            letters: vec![[Slot::default(); N]; LETTER_ROWS],
            biases: vec![[Slot::default(); N]; biases],
        }
    }

    fn logits(&self, rows: &Rows<'_>, bias: usize) -> [f32; N] {
        let mut sums = [0.0; N];
        let words = rows.words.iter().map(|row| &self.words[*row as usize]);
        for slots in words.chain(rows.letters.iter().map(|row| &self.letters[*row as usize])) {
            for (sum, slot) in sums.iter_mut().zip(slots) {
                *sum += slot.weight;
            }
        }
        std::array::from_fn(|column| {
            let own = if bias == 0 {
                0.0
            } else {
                self.biases[bias][column].weight
            };
            rows.norm * sums[column] + self.biases[0][column].weight + own
        })
    }

    /// Moves every weight that took part against its slope.
    fn learn(&mut self, rows: &Rows<'_>, bias: usize, slopes: [f32; N]) {
        let free = Settings {
            l1: 0.0,
            l2: 0.0,
            ..self.settings
        };
        update(&mut self.biases[0], &slopes, &free);
        if bias > 0 {
            update(&mut self.biases[bias], &slopes, &free);
        }
        let slopes = slopes.map(|slope| slope * rows.norm);
        for row in rows.words {
            update(&mut self.words[*row as usize], &slopes, &self.settings);
        }
        for row in rows.letters {
            update(&mut self.letters[*row as usize], &slopes, &self.settings);
        }
    }

    fn learned(self) -> Learned<N> {
        let weights = |slots: &[Slot; N]| std::array::from_fn(|column| slots[column].weight);
        Learned {
            words: self.words.iter().map(weights).collect(),
            letters: self.letters.iter().map(weights).collect(),
            bias: weights(&self.biases[0]),
        }
    }
}

fn update<const N: usize>(slots: &mut [Slot; N], slopes: &[f32; N], settings: &Settings) {
    for (slot, slope) in slots
        .iter_mut()
        .zip(slopes)
        .filter(|(_, slope)| **slope != 0.0)
    {
        let n = slot.n + slope * slope;
        let step = (n.sqrt() - slot.n.sqrt()) / settings.rate;
        slot.z += slope - step * slot.weight;
        slot.n = n;
        let excess = slot.z.abs() - settings.l1;
        slot.weight = if excess <= 0.0 {
            0.0
        } else {
            -excess.copysign(slot.z) / ((1.0 + n.sqrt()) / settings.rate + settings.l2)
        };
    }
}

const _: () = assert!(Polarity::ALL.len() == SENTIMENTS);
