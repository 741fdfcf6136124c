//! The JSON form of an explanation; its schema is `models/schema/explanation.schema.json`.

use super::shown::words;
use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::model::explain::{Contribution, Decision, EmotionWhy, by_token};
use crate::model::{Explanation, Logits, Raised};
use crate::record::Record;
use crate::sentiment::Polarity;
use crate::tag::{Explained, Tagger};
use crate::text::Tokens;
use serde_json::{Map, Value, json};
use std::ops::Range;

/// Everything that is known of the text: its record, without what only rows of a file have, and why.
pub fn object(explained: &Explained, tagger: &Tagger) -> Result<Value> {
    let record = Record::new(&explained.tagged, tagger.taxonomy());
    let mut object = serde_json::to_value(&record)
        .map_err(|error| Error::model("a record has no JSON form").caused_by(error))?;
    if let Some(members) = object.as_object_mut() {
        for row in ["id", "scores", "fields"] {
            members.shift_remove(row);
        }
    }
    object["model"] = tagger.model().into();
    object["why"] = explained
        .why
        .as_ref()
        .map_or(Value::Null, |why| self::why(why, explained));
    Ok(object)
}

fn why(why: &Explanation, explained: &Explained) -> Value {
    let (text, tokens) = (&*explained.tagged.verbatim.text, &explained.tokens);
    let read: Vec<Emotion> = why
        .emotions
        .iter()
        .filter(|one| one.read.is_some())
        .map(|one| one.emotion)
        .collect();
    let features = why.contributions.iter().map(|one| {
        let mut feature = feature(one, text, tokens, &labels(one.adds.sentiment));
        feature["emotions"] = emotions(&read, &one.adds);
        feature
    });
    let clauses = why.clauses.iter().map(|clause| {
        let own = clause.contributions.iter();
        let own = own.map(|one| feature(one, text, tokens, &labels(one.adds)));
        let mut object = span(tokens, &clause.tokens);
        object["decision"] = decision(&clause.decision);
        object["features"] = own.collect();
        object
    });
    json!({
        "model": why.model,
        "tokens": token_sums(why, &read, tokens),
        "features": features.collect::<Vec<_>>(),
        "decision": decision(&why.decision),
        "emotions": why.emotions.iter().map(|one| emotion(one, tokens)).collect::<Vec<_>>(),
        "clauses": clauses.collect::<Vec<_>>(),
    })
}

/// To 6 decimals, so that hundreds of them still add up; never -0.
fn rounded(value: f32) -> Value {
    ((f64::from(value) * 1e6).round() / 1e6 + 0.0).into()
}

fn labels(values: [f32; 3]) -> Value {
    let named = Polarity::ALL
        .into_iter()
        .map(|label| (label.name().to_owned(), rounded(values[label as usize])));
    Value::Object(named.collect())
}

fn emotions(read: &[Emotion], adds: &Logits) -> Value {
    let named = read.iter().map(|emotion| {
        let added = rounded(adds.emotions[*emotion as usize]);
        (emotion.name().to_owned(), added)
    });
    Value::Object(named.collect::<Map<_, _>>())
}

fn feature<L>(one: &Contribution<L>, text: &str, tokens: &Tokens, sentiment: &Value) -> Value {
    json!({
        "kind": one.feature.name(),
        "tokens": one.tokens,
        "words": words(text, tokens, &one.tokens),
        "sentiment": sentiment,
    })
}

fn span(tokens: &Tokens, range: &Range<usize>) -> Value {
    let items = &tokens.as_slice()[range.clone()];
    let start = items.first().map_or(0, |token| token.start);
    json!({ "start": start, "end": items.last().map_or(start, |token| token.end) })
}

fn decision(decision: &Decision) -> Value {
    let calibration = &decision.calibration;
    json!({
        "label": decision.sentiment.label.name(),
        "logits": labels(decision.logits),
        "temperature": rounded(calibration.temperature),
        "bias": labels(calibration.bias),
        "scaled": labels(decision.scaled),
        "probabilities": labels(decision.sentiment.probabilities),
        "decision": labels(calibration.decision),
        "decided": labels(decision.decided),
    })
}

fn emotion(one: &EmotionWhy, tokens: &Tokens) -> Value {
    let read = one.read.map_or(Value::Null, |read| {
        json!({
            "logit": rounded(read.logit),
            "slope": rounded(read.slope),
            "intercept": rounded(read.intercept),
            "probability": rounded(read.probability),
            "threshold": rounded(read.threshold),
            "agrees": read.agrees,
        })
    });
    let phrase = |raised: &Raised| {
        let mut phrase = span(tokens, &raised.tokens);
        phrase["probability"] = rounded(raised.probability);
        phrase
    };
    json!({
        "emotion": one.emotion.name(),
        "probability": rounded(one.probability),
        "expressed": one.expressed,
        "model": read,
        "phrases": one.phrases.iter().map(phrase).collect::<Vec<_>>(),
    })
}

fn token_sums(why: &Explanation, read: &[Emotion], tokens: &Tokens) -> Vec<Value> {
    let sums = |of: &dyn Fn(&Logits) -> f32| by_token(&why.contributions, tokens.len(), of);
    let of_labels = Polarity::ALL.map(|label| sums(&|adds| adds.sentiment[label as usize]));
    let of_emotions: Vec<Vec<f32>> = read
        .iter()
        .map(|emotion| sums(&|adds| adds.emotions[*emotion as usize]))
        .collect();
    let object = |at: usize| {
        let mut object = span(tokens, &(at..at + 1));
        object["sentiment"] = labels(std::array::from_fn(|label| of_labels[label][at]));
        let named = read.iter().zip(&of_emotions);
        let named = named.map(|(emotion, sums)| (emotion.name().to_owned(), rounded(sums[at])));
        object["emotions"] = Value::Object(named.collect());
        object
    };
    (0..tokens.len()).map(object).collect()
}
