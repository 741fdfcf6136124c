//! Two models, one after the other: the fast one reads every text, and where it is not sure the other
//! one reads it too.

use super::{Card, Classifier, Linear, Reading, Text};
use crate::error::{Error, Result};
use crate::sentiment::Sentiment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What stands between the names of a cascade's models.
pub const AND: char = '+';

/// When the fast model is sure, chosen on labelled texts. It stands on the card of the other one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sure {
    /// The probability of its label, 0 to 1, from which the fast model is left to decide.
    pub from: f32,
    /// Name and version of the fast model.
    pub fast: String,
    /// Texts that it was chosen on.
    pub texts: u64,
    /// Share of them, 0 to 1, that the fast model decided.
    pub saved: f64,
    /// Macro-F1 of the other model alone, by task, each set counting alike.
    pub alone: BTreeMap<String, f64>,
    /// Macro-F1 of both together.
    pub together: BTreeMap<String, f64>,
}

/// The fast model, and another one for what it is not sure of.
pub struct Cascade {
    card: Card,
    first: Linear,
    second: Box<dyn Classifier>,
    from: f32,
}

impl Cascade {
    /// The cascade of two models, as the card of the second one says.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when that card says nothing of it, or of another fast model.
    pub fn new(first: Linear, second: Box<dyn Classifier>) -> Result<Self> {
        let name = &second.card().name;
        let advice = format!(
            "once the model is added, `voz models cascade {name} LABELLED` chooses it on your labelled texts"
        );
        let Some(sure) = second.card().sure.clone() else {
            return Err(Error::model(format!(
                "it is not known from when the fast model is sure beside `{name}`"
            ))
            .hint(advice));
        };
        if sure.fast != first.card().identity() {
            return Err(Error::model(format!(
                "when the fast model is sure was chosen for {}, not for {}",
                sure.fast,
                first.card().identity()
            ))
            .hint(advice));
        }
        Ok(Self::from(first, second, sure.from))
    }

    /// A cascade in which the first model decides where its label has at least the probability `from`.
    pub fn from(first: Linear, second: Box<dyn Classifier>, from: f32) -> Self {
        let (fast, slow) = (first.card(), second.card());
        let card = Card {
            name: format!("{}{AND}{}", fast.name, slow.name),
            version: format!("{}{AND}{}{AND}{from}", fast.version, slow.version),
            about: format!(
                "{} where its label has a probability of at least {from}, else {}. {}",
                fast.identity(),
                slow.identity(),
                slow.about
            ),
            sources: slow.sources.clone(),
            thresholds: slow.thresholds.clone(),
            off: slow.off.clone(),
            sure: slow.sure.clone(),
            ..Card::default()
        };
        Self {
            card,
            first,
            second,
            from,
        }
    }
}

/// True where the first model's reading is kept.
pub fn is_sure(sentiment: &Sentiment, from: f32) -> bool {
    sentiment.probability(sentiment.label) >= from
}

impl Classifier for Cascade {
    fn card(&self) -> &Card {
        &self.card
    }

    /// Enough that those which the first model is not sure of make a batch for the second.
    fn batch(&self) -> usize {
        4 * self.second.batch()
    }

    fn classify(&self, texts: &[Text<'_>]) -> Result<Vec<Reading>> {
        let mut readings = self.first.classify(texts)?;
        let unsure = |reading: &Reading| {
            let sentiment = reading.sentiment.as_ref();
            sentiment.is_none_or(|sentiment| !is_sure(sentiment, self.from))
        };
        let open: Vec<usize> = (0..texts.len())
            .filter(|at| unsure(&readings[*at]))
            .collect();
        let again: Vec<Text<'_>> = open.iter().map(|at| texts[*at]).collect();
        for (at, reading) in open.into_iter().zip(self.second.classify(&again)?) {
            readings[at] = reading;
        }
        Ok(readings)
    }

    fn explain(&self, text: &Text<'_>) -> Result<super::Explanation> {
        let [reading] = &self.first.classify(&[*text])?[..] else {
            return self.second.explain(text);
        };
        match &reading.sentiment {
            Some(sentiment) if is_sure(sentiment, self.from) => self.first.explain(text),
            _ => self.second.explain(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fixed, Model};
    use crate::sentiment::Polarity;

    fn second() -> Box<dyn Classifier> {
        Box::new(Fixed::new(Reading {
            sentiment: Some(Sentiment {
                label: Polarity::Neutral,
                probabilities: [0.0, 1.0, 0.0],
            }),
            ..Reading::default()
        }))
    }

    #[test]
    fn a_cascade_needs_to_know_when_it_is_sure() {
        let shipped = Model::shipped().unwrap();
        let first = Linear::shipped(&shipped.vocabulary).unwrap();
        let error = Cascade::new(first, second()).err().unwrap();
        assert!(
            error.advice().unwrap().contains("voz models cascade fixed"),
            "{error}"
        );
    }

    #[test]
    fn the_second_model_reads_what_the_first_is_not_sure_of() {
        let shipped = Model::shipped().unwrap();
        let of = |from: f32| {
            let first = Linear::shipped(&shipped.vocabulary).unwrap();
            Cascade::from(first, second(), from)
        };
        let tokenizer = crate::text::Tokenizer::new(shipped.vocabulary.clone());
        let tokens = tokenizer.tokenize("Excelente, muy amables");
        let text = Text {
            lang: crate::lang::Lang::Es,
            text: "Excelente, muy amables",
            tokens: &tokens,
            clauses: &[],
        };
        let label = |from: f32| {
            of(from).classify(&[text]).unwrap()[0]
                .sentiment
                .unwrap()
                .label
        };
        assert_eq!(label(0.0), Polarity::Positive);
        assert_eq!(label(1.1), Polarity::Neutral);
        assert_ne!(of(0.5).card().version, of(0.6).card().version);
    }
}
