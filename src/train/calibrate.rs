//! From logits to probabilities that mean what they say.
//!
//! Calibration and thresholds are chosen on one half of the held-out texts; every figure on the card
//! is of the other half (`report`). Sources count alike, whatever their size.

use super::encode::Encoded;
use super::examples::{Example, Examples, Split};
use crate::eval::{Confusion, f1};
use crate::lang::Lang;
use crate::model::{Calibration, Card, OUTPUTS, TRAINED, Weights, agrees, sentiment, sigmoid};
use std::collections::BTreeMap;

/// An emotion whose best F1 is below this in a language is not read there: wrong too often to show.
const LEAST_F1: f64 = 0.30;
/// Precision that a threshold must reach on the texts it is chosen on: an analyst forgives what is
/// missed before what is wrong.
const LEAST_PRECISION: f64 = 0.4;
/// Too few held-out texts with an emotion to choose a threshold on.
const LEAST_SHOWN: usize = 20;

/// Learns both calibrations and writes the thresholds on the card.
pub fn calibrate(
    examples: &Examples,
    encoded: &Encoded,
    weights: &Weights,
    card: &mut Card,
) -> [Calibration; 2] {
    Lang::ALL.map(|lang| {
        let held_out: Vec<(&Example, [f32; OUTPUTS])> = examples
            .all
            .iter()
            .enumerate()
            .filter(|(_, example)| example.lang == lang && example.split == Split::Calibrate)
            .map(|(at, example)| (example, logits(weights, encoded, at)))
            .collect();
        let shares = source_shares(&held_out, examples.names.len());
        let mut calibration = fit_sentiment(&held_out, &shares);
        calibration.decision = choose_decision(&held_out, &calibration, examples.names.len());
        let thresholds = card.thresholds.entry(lang.code().to_owned()).or_default();
        for (at, emotion) in TRAINED.into_iter().enumerate() {
            if let Some((platt, threshold)) = fit_emotion(&held_out, at, &calibration) {
                calibration
                    .emotions
                    .insert(emotion.name().to_owned(), platt);
                thresholds.insert(emotion.name().to_owned(), threshold);
            }
        }
        calibration
    })
}

fn logits(weights: &Weights, encoded: &Encoded, at: usize) -> [f32; OUTPUTS] {
    let rows = encoded.rows(at);
    let sum = |table: &dyn Fn(usize) -> [u8; OUTPUTS], rows: &[u32]| {
        let mut sums = [0_i32; OUTPUTS];
        for row in rows {
            for (sum, step) in sums.iter_mut().zip(table(*row as usize)) {
                *sum += i32::from(step.cast_signed());
            }
        }
        sums
    };
    let words = sum(&|row| *weights.word(row), rows.words);
    let letters = sum(&|row| *weights.letters(row), rows.letters);
    std::array::from_fn(|output| {
        let word = weights.word_scale[output] * words[output] as f32;
        let letter = weights.letter_scale[output] * letters[output] as f32;
        weights.bias[output] + rows.norm * (word + letter)
    })
}

/// One over the number of labelled texts of each source.
fn source_shares(held_out: &[(&Example, [f32; OUTPUTS])], sources: usize) -> Vec<f64> {
    let mut counts = vec![0.0_f64; sources];
    for (example, _) in held_out
        .iter()
        .filter(|(example, _)| example.sentiment.is_some())
    {
        counts[example.source] += 1.0;
    }
    counts.iter().map(|count| 1.0 / count.max(1.0)).collect()
}

/// Temperature and biases by gradient descent on the log-loss; three numbers, so it is quick.
fn fit_sentiment(held_out: &[(&Example, [f32; OUTPUTS])], shares: &[f64]) -> Calibration {
    let mut inverse = 1.0_f64;
    let mut bias = [0.0_f64; 3];
    for _ in 0..400 {
        let (mut slope, mut slopes, mut mass) = (0.0, [0.0; 3], 0.0);
        for (example, logits) in held_out {
            let Some(truth) = example.sentiment else {
                continue;
            };
            let share = shares[example.source];
            let calibration = Calibration {
                temperature: (1.0 / inverse) as f32,
                bias: bias.map(|bias| bias as f32),
                decision: [0.0; 3],
                emotions: BTreeMap::new(),
            };
            let said = sentiment([logits[0], logits[1], logits[2]], &calibration).probabilities;
            for class in 0..3 {
                let target = f64::from(u8::from(class == truth as usize));
                let error = share * (f64::from(said[class]) - target);
                slope += error * f64::from(logits[class]);
                slopes[class] += error;
            }
            mass += share;
        }
        let rate = 1.0 / f64::max(mass, 1e-9);
        inverse = (inverse - 0.3 * rate * slope).clamp(0.05, 20.0);
        for (bias, slope) in bias.iter_mut().zip(slopes) {
            *bias -= rate * slope;
        }
    }
    Calibration {
        temperature: (1.0 / inverse) as f32,
        bias: bias.map(|bias| bias as f32),
        decision: [0.0; 3],
        emotions: BTreeMap::new(),
    }
}

/// What is added to neutral before the label is chosen, by the mean macro-F1 over sources. Between
/// positive and negative the larger probability always wins: a label against its score puzzles.
fn choose_decision(
    held_out: &[(&Example, [f32; OUTPUTS])],
    calibration: &Calibration,
    sources: usize,
) -> [f32; 3] {
    let mut best = (f64::MIN, [0.0; 3]);
    // Ties go to the smaller change.
    for step in [0_i8, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8] {
        let decision = [0.0, f32::from(step) * 0.1, 0.0];
        let tried = Calibration {
            decision,
            ..calibration.clone()
        };
        let mut confusions = vec![Confusion::<3>::default(); sources];
        for (example, logits) in held_out {
            if let Some(truth) = example.sentiment {
                let said = sentiment([logits[0], logits[1], logits[2]], &tried).label;
                confusions[example.source].count(truth as usize, said as usize);
            }
        }
        let figures: Vec<f64> = confusions.iter().filter_map(Confusion::macro_f1).collect();
        let mean = figures.iter().sum::<f64>() / figures.len().max(1) as f64;
        if mean > best.0 {
            best = (mean, decision);
        }
    }
    best.1
}

/// One held-out text with a label for an emotion.
struct Labelled {
    logit: f64,
    shown: bool,
    agrees: bool,
}

/// Slope and intercept of an emotion's logit, and its threshold: that of the best F1 among those
/// whose precision is enough.
fn fit_emotion(
    held_out: &[(&Example, [f32; OUTPUTS])],
    at: usize,
    calibration: &Calibration,
) -> Option<([f32; 2], f32)> {
    let labelled = held_out.iter().filter_map(|(example, logits)| {
        let sentiment = sentiment([logits[0], logits[1], logits[2]], calibration);
        Some(Labelled {
            logit: f64::from(logits[3 + at]),
            shown: example.emotions[at]?,
            agrees: agrees(TRAINED[at], &sentiment),
        })
    });
    let labelled: Vec<Labelled> = labelled.collect();
    let shown = labelled.iter().filter(|one| one.shown).count();
    if shown < LEAST_SHOWN {
        return None;
    }
    let [slope, intercept] = platt(&labelled);
    let mut said: Vec<(f32, bool)> = labelled
        .iter()
        .filter(|one| one.agrees)
        .map(|one| (sigmoid((slope * one.logit + intercept) as f32), one.shown))
        .collect();
    said.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut best) = (0, (0.0, 1.0));
    for (count, (probability, shown_here)) in (1_u64..).zip(&said) {
        right += u64::from(*shown_here);
        let figure = f1(right, count, shown as u64);
        if figure > best.0 && right as f64 >= LEAST_PRECISION * count as f64 {
            best = (figure, *probability);
        }
    }
    (best.0 >= LEAST_F1).then_some(([slope as f32, intercept as f32], best.1))
}

/// Logistic regression on one number by Newton's method (Platt 1999).
fn platt(labelled: &[Labelled]) -> [f64; 2] {
    let (mut slope, mut intercept) = (1.0_f64, 0.0_f64);
    for _ in 0..50 {
        let (mut g0, mut g1, mut h00, mut h01, mut h11) = (0.0, 0.0, 1e-6, 0.0, 1e-6);
        for Labelled { logit, shown, .. } in labelled {
            let p = 1.0 / (1.0 + libm::exp(-(slope * logit + intercept)));
            let miss = p - f64::from(u8::from(*shown));
            let weight = p * (1.0 - p);
            g0 += miss;
            g1 += miss * logit;
            h00 += weight;
            h01 += weight * logit;
            h11 += weight * logit * logit;
        }
        let determinant = h00 * h11 - h01 * h01;
        if determinant.abs() < 1e-12 {
            break;
        }
        intercept -= ((h11 * g0 - h01 * g1) / determinant).clamp(-2.0, 2.0);
        slope -= ((h00 * g1 - h01 * g0) / determinant).clamp(-2.0, 2.0);
    }
    [slope, intercept]
}
