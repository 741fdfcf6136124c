//! A model that says the same of every text: for tests of everything around models.

use super::{Card, Classifier, Reading, Text};
use crate::error::Result;

/// Says the same of every text.
#[derive(Clone, Debug)]
pub struct Fixed {
    card: Card,
    reading: Reading,
}

impl Fixed {
    /// A model that reads `reading` in every text.
    pub fn new(reading: Reading) -> Self {
        let card = Card {
            name: "fixed".to_owned(),
            version: "1".to_owned(),
            about: "Says the same of every text.".to_owned(),
            ..Card::default()
        };
        Self { card, reading }
    }
}

impl Classifier for Fixed {
    fn card(&self) -> &Card {
        &self.card
    }

    fn classify(&self, texts: &[Text<'_>]) -> Result<Vec<Reading>> {
        let reading = |text: &Text<'_>| Reading {
            clauses: self
                .reading
                .sentiment
                .iter()
                .copied()
                .cycle()
                .take(text.clauses.len())
                .collect(),
            ..self.reading.clone()
        };
        Ok(texts.iter().map(reading).collect())
    }
}
