//! From logits to probabilities that mean what they say.
//!
//! Calibration and thresholds are chosen on one half of the held-out texts; every figure on the card
//! is of the other half (`report`). Sources count alike, whatever their size.

use super::examples::{Example, Examples, Split};
use super::recipe::Recipe;
use crate::emotion::Emotion;
use crate::error::Result;
use crate::eval::{Confusion, f1};
use crate::lang::Lang;
use crate::model::{Calibration, Card, Linear, Logits, Text, agrees, sentiment, sigmoid};
use crate::text::{ClauseSplitter, Tokenizer, Tokens};
use std::collections::BTreeMap;

/// An emotion whose best F1 is below this in a language is not read there: wrong too often to show.
const LEAST_F1: f64 = 0.30;
/// No emotion is expressed below this probability. The best F1 on posts full of emotions is often had
/// below it, but then most of what is said of customers' comments is wrong: on the sample the precision
/// was .17 instead of .21, and on `GoEmotions` the F1 .43 instead of .46.
const LEAST_PROBABILITY: f32 = 0.25;
/// The same where only examples written for this project tell an emotion: one in ten of them shows it, in
/// customers' comments far fewer do.
const LEAST_PROBABILITY_OF_OWN: f32 = 0.5;
/// Too few held-out texts with an emotion in a source to choose a threshold on.
const LEAST_SHOWN: u64 = 8;

/// A held-out text and its logits.
pub type HeldOut<'e> = (&'e Example, Logits);

/// Learns both calibrations and writes the thresholds on the card. `unseen` holds, per example, the
/// sentiment logits of a model that never saw its domain: what calibrates for new kinds of text.
pub fn calibrate(
    held_out: &[HeldOut<'_>],
    unseen: &[(&Example, [f32; 3])],
    recipe: &Recipe,
    card: &mut Card,
) -> [Calibration; 2] {
    let sources = recipe.source.len();
    Lang::ALL.map(|lang| {
        let held_out: Vec<&HeldOut<'_>> = held_out
            .iter()
            .filter(|(example, _)| example.lang == lang && example.split == Split::Calibrate)
            .collect();
        let seen = held_out
            .iter()
            .map(|(example, logits)| (*example, logits.sentiment));
        let new = unseen
            .iter()
            .filter(|(example, _)| example.lang == lang)
            .copied();
        let new = new.filter(|(example, _)| example.split != Split::Report);
        let read: Vec<(&Example, [f32; 3])> = if unseen.is_empty() {
            seen.collect()
        } else {
            spared(&new.collect::<Vec<_>>(), sources)
        };
        let mut calibration = calibrate_sentiment(&read, sources);
        let mut off = Vec::new();
        let thresholds = card.thresholds.entry(lang.code().to_owned()).or_default();
        for emotion in Emotion::ALL {
            let name = emotion.name().to_owned();
            match fit_emotion(&held_out, emotion, &calibration, recipe) {
                Fitted::Read(platt, threshold) => {
                    calibration.emotions.insert(name.clone(), platt);
                    thresholds.insert(name, threshold);
                }
                Fitted::Off => off.push(name),
                Fitted::Unlabelled => {}
            }
        }
        if !off.is_empty() {
            card.off.insert(lang.code().to_owned(), off);
        }
        calibration
    })
}

/// At most some texts of each source: enough for four numbers.
pub fn spared<'e>(
    read: &[(&'e Example, [f32; 3])],
    sources: usize,
) -> Vec<(&'e Example, [f32; 3])> {
    const MOST: usize = 1500;
    let mut counts = vec![0; sources];
    let mut keep = |example: &Example| {
        counts[example.source] += 1;
        counts[example.source] <= MOST
    };
    read.iter()
        .filter(|(example, _)| keep(example))
        .copied()
        .collect()
}

/// Temperature, biases and decision from held-out logits; each source counts alike.
pub fn calibrate_sentiment(read: &[(&Example, [f32; 3])], sources: usize) -> Calibration {
    let shares = source_shares(read, sources);
    let mut calibration = fit_sentiment(read, &shares);
    calibration.decision = choose_decision(read, &calibration, sources);
    calibration
}

/// One over the number of labelled texts of each source.
fn source_shares(held_out: &[(&Example, [f32; 3])], sources: usize) -> Vec<f64> {
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
fn fit_sentiment(held_out: &[(&Example, [f32; 3])], shares: &[f64]) -> Calibration {
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
            let said = sentiment(*logits, &calibration).probabilities;
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
    held_out: &[(&Example, [f32; 3])],
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
                let said = sentiment(*logits, &tried).label;
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
    source: usize,
    logit: f64,
    shown: bool,
    agrees: bool,
}

/// What was learned of an emotion in a language.
enum Fitted {
    /// Slope and intercept of its logit, and its threshold.
    Read([f32; 2], f32),
    /// Its best F1 is below [`LEAST_F1`].
    Off,
    /// No source shows it often enough.
    Unlabelled,
}

/// Slope and intercept of an emotion's logit, and its threshold: that of the best mean F1 over sources
/// that show the emotion often enough.
fn fit_emotion(
    held_out: &[&HeldOut<'_>],
    emotion: Emotion,
    calibration: &Calibration,
    recipe: &Recipe,
) -> Fitted {
    let labelled = held_out.iter().filter_map(|(example, logits)| {
        let sentiment = sentiment(logits.sentiment, calibration);
        Some(Labelled {
            source: example.source,
            logit: f64::from(logits.emotions[emotion as usize]),
            shown: example.emotions[emotion as usize]?,
            agrees: agrees(emotion, &sentiment),
        })
    });
    let mut labelled: Vec<Labelled> = labelled.collect();
    let sources = recipe.source.len();
    let mut shown = vec![0_u64; sources];
    for one in labelled.iter().filter(|one| one.shown) {
        shown[one.source] += 1;
    }
    let counts: Vec<bool> = shown.iter().map(|shown| *shown >= LEAST_SHOWN).collect();
    if !counts.contains(&true) {
        return Fitted::Unlabelled;
    }
    let mass: f64 = (0..sources)
        .filter(|at| counts[*at])
        .map(|at| f64::from(recipe.source[at].weight))
        .sum();
    let own_only = (0..sources).all(|at| recipe.source[at].own || !counts[at]);
    let [slope, intercept] = platt(&labelled);
    labelled.sort_by(|a, b| b.logit.total_cmp(&a.logit));
    let (mut right, mut said) = (vec![0_u64; sources], vec![0_u64; sources]);
    let mut best = (0.0, 0.0);
    for one in labelled
        .iter()
        .filter(|one| one.agrees && counts[one.source])
    {
        said[one.source] += 1;
        right[one.source] += u64::from(one.shown);
        let of_source =
            |at: usize| f64::from(recipe.source[at].weight) * f1(right[at], said[at], shown[at]);
        let mean = (0..sources)
            .filter(|at| counts[*at])
            .map(of_source)
            .sum::<f64>()
            / mass;
        if mean > best.0 {
            best = (mean, one.logit);
        }
    }
    let least = if own_only {
        LEAST_PROBABILITY_OF_OWN
    } else {
        LEAST_PROBABILITY
    };
    let threshold = sigmoid((slope * best.1 + intercept) as f32).max(least);
    if best.0 >= LEAST_F1 && slope > 0.0 {
        Fitted::Read([slope as f32, intercept as f32], threshold)
    } else {
        Fitted::Off
    }
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

/// The logits of every held-out text.
pub fn read_held_out<'e>(
    examples: &'e Examples,
    model: &Linear,
    tokenizer: &Tokenizer,
) -> Result<Vec<HeldOut<'e>>> {
    let mut read = Vec::new();
    each_held_out(examples, tokenizer, |example, text| {
        read.push((example, model.logits(&text)));
        Ok(())
    })?;
    Ok(read)
}

/// Hands on every held-out text with its tokens and clauses.
pub fn each_held_out<'e>(
    examples: &'e Examples,
    tokenizer: &Tokenizer,
    mut each: impl FnMut(&'e Example, Text<'_>) -> Result<()>,
) -> Result<()> {
    let splitter = ClauseSplitter::shipped(tokenizer.vocabulary())?;
    let (mut tokens, mut clauses) = (Tokens::new(), Vec::new());
    for example in examples.all.iter().filter(|one| one.split != Split::Fit) {
        tokenizer.read(&example.text, &mut tokens);
        splitter.split(&tokens, &mut clauses);
        let text = Text {
            lang: example.lang,
            text: &example.text,
            tokens: &tokens,
            clauses: &clauses,
        };
        each(example, text)?;
    }
    Ok(())
}
