//! Why a transformer reads a text as it does: what is lost when a word is left out (occlusion; Zeiler &
//! Fergus, 2014). What words do together, beyond what each does alone, stands as the bias.

use super::{Findings, Transformer};
use crate::emotion::{COUNT, Emotion};
use crate::error::Result;
use crate::model::explain::{
    ClauseWhy, Contribution, Decision, EmotionWhy, Explanation, Feature, Read,
};
use crate::model::linear::{Calibration, Logits};
use crate::model::{Classifier, Text};
use crate::sentiment::Sentiment;
use std::ops::Range;

/// Words that are left out one by one; of longer texts several at a time, and of very long ones, which are
/// many windows each, in few parts.
const MOST: usize = 128;
const LONG: usize = 512;
const PARTS_OF_LONG: usize = 16;

/// The least probability that is told apart from 0.
const LEAST: f32 = 1e-6;

impl Transformer {
    pub(super) fn why(&self, text: &Text<'_>) -> Result<Explanation> {
        let mut why = self.fast.explain(text)?;
        why.model = self.card.identity();
        let parts = parts(text);
        let texts: Vec<String> = parts.iter().map(|part| without(text, part)).collect();
        let left = texts.iter().map(|left| Text {
            text: left,
            clauses: &[],
            ..*text
        });
        let all: Vec<Text<'_>> = [*text].into_iter().chain(left).collect();
        let findings = self.findings(&all)?;
        let scores: Vec<Logits> = findings.iter().map(scores).collect();
        let own = contributions(&parts, &scores);
        let whole = &findings[0];
        take_out(&mut why, whole);
        why.contributions.extend(own.iter().cloned());
        decide(&mut why, whole, own);
        feel(&mut why, whole, &scores[0]);
        for mut reading in self.fast.classify(&[*text])? {
            whole.overlay(&mut reading);
            for one in &mut why.emotions {
                one.expressed = reading.emotions.is_expressed(one.emotion);
            }
        }
        Ok(why)
    }
}

/// Takes out what the fast model adds to what the transformer says, and what then adds nothing.
fn take_out(why: &mut Explanation, whole: &Findings) {
    for one in &mut why.contributions {
        if whole.sentiment.is_some() {
            one.adds.sentiment = [0.0; 3];
        }
        for (emotion, ..) in &whole.emotions {
            one.adds.emotions[*emotion as usize] = 0.0;
        }
    }
    let adds = |adds: &Logits| {
        let mut all = adds.sentiment.iter().chain(&adds.emotions);
        all.any(|one| *one != 0.0)
    };
    why.contributions.retain(|one| adds(&one.adds));
}

/// How the sentiment of the text and of its clauses follows. What words add to each of several clauses is
/// not looked into.
fn decide(why: &mut Explanation, whole: &Findings, own: Vec<Contribution<Logits>>) {
    if let Some(sentiment) = whole.sentiment {
        why.decision = decision(sentiment);
        if let [only] = why.clauses.as_mut_slice() {
            *only = ClauseWhy {
                tokens: only.tokens.clone(),
                contributions: own.into_iter().map(sentiment_alone).collect(),
                decision: why.decision.clone(),
            };
        }
    }
    for (clause, own) in why.clauses.iter_mut().zip(&whole.clauses) {
        if let Some(own) = own {
            clause.decision = decision(*own);
            clause.contributions = vec![Contribution {
                feature: Feature::Bias,
                tokens: Vec::new(),
                adds: logs(own),
            }];
        }
    }
}

/// The logarithms of probabilities: the logits that they are the softmax of.
fn logs(sentiment: &Sentiment) -> [f32; 3] {
    sentiment
        .probabilities
        .map(|one| libm::logf(one.max(LEAST)))
}

fn decision(sentiment: Sentiment) -> Decision {
    let [calibration, _] = Calibration::none();
    Decision::new(logs(&sentiment), &calibration, sentiment)
}

/// Puts in the emotions that the transformer reads.
fn feel(why: &mut Explanation, whole: &Findings, scores: &Logits) {
    let own = &whole.emotions;
    let is_own = |emotion| own.iter().any(|(one, ..)| *one == emotion);
    why.emotions.retain(|one| !is_own(one.emotion));
    let read = |(emotion, probability, from): &(Emotion, f32, f32)| EmotionWhy {
        emotion: *emotion,
        probability: *probability,
        expressed: probability >= from,
        read: Some(Read {
            logit: scores.emotions[*emotion as usize],
            slope: 1.0,
            intercept: 0.0,
            probability: *probability,
            threshold: *from,
            agrees: true,
        }),
        phrases: Vec::new(),
    };
    why.emotions.extend(own.iter().map(read));
    why.emotions.sort_by_key(|one| one.emotion);
}

/// Logits as our labels have them: their softmax, or logistic function, is what is read.
fn scores(findings: &Findings) -> Logits {
    let mut scores = Logits {
        sentiment: [0.0; 3],
        emotions: [0.0; COUNT],
    };
    if let Some(sentiment) = findings.sentiment {
        scores.sentiment = logs(&sentiment);
    }
    for (emotion, probability, _) in &findings.emotions {
        let probability = probability.clamp(LEAST, 1.0 - LEAST);
        scores.emotions[*emotion as usize] = libm::logf(probability / (1.0 - probability));
    }
    scores
}

/// What is left out at a time: positions of tokens.
fn parts(text: &Text<'_>) -> Vec<Range<usize>> {
    let tokens = text.tokens.len();
    let most = if tokens > LONG { PARTS_OF_LONG } else { MOST };
    let size = tokens.div_ceil(most).max(1);
    (0..tokens)
        .step_by(size)
        .map(|start| start..(start + size).min(tokens))
        .collect()
}

/// The text without some tokens.
fn without(text: &Text<'_>, part: &Range<usize>) -> String {
    let tokens = &text.tokens.as_slice()[part.clone()];
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return text.text.to_owned();
    };
    let before = text.text.get(..first.span().start).unwrap_or_default();
    let after = text.text.get(last.span().end..).unwrap_or_default();
    format!("{before}{after}")
}

/// What each part adds, and what all do together; `scores` are those of the whole text, then those
/// without each part.
fn contributions(parts: &[Range<usize>], scores: &[Logits]) -> Vec<Contribution<Logits>> {
    let minus = |a: &Logits, b: &Logits| Logits {
        sentiment: std::array::from_fn(|at| a.sentiment[at] - b.sentiment[at]),
        emotions: std::array::from_fn(|at| a.emotions[at] - b.emotions[at]),
    };
    let whole = scores[0];
    let mut rest = whole;
    let mut all = Vec::new();
    for (part, without) in parts.iter().zip(&scores[1..]) {
        let adds = minus(&whole, without);
        rest = minus(&rest, &adds);
        all.push(Contribution {
            feature: Feature::Omitted,
            tokens: part.clone().collect(),
            adds,
        });
    }
    let together = Contribution {
        feature: Feature::Bias,
        tokens: Vec::new(),
        adds: rest,
    };
    all.insert(0, together);
    all
}

fn sentiment_alone(one: Contribution<Logits>) -> Contribution<[f32; 3]> {
    Contribution {
        feature: one.feature,
        tokens: one.tokens,
        adds: one.adds.sentiment,
    }
}
