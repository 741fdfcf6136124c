//! Hears the features of a text and keeps them apart.

use super::{Contribution, Feature, logits};
use crate::model::Text;
use crate::model::features::{Hear, Made, Scope};
use crate::model::head::Sums;
use crate::model::linear::{Linear, Logits};
use crate::model::weights::{EMOTIONS, SENTIMENTS};
use crate::phrase::Room;
use std::ops::Range;

/// A feature heard, before it is weighed by the length of its text.
pub(super) struct Heard {
    feature: Feature,
    tokens: Vec<usize>,
    sentiment: Sums<SENTIMENTS>,
    emotion: Sums<EMOTIONS>,
}

impl Heard {
    /// A feature of which nothing is heard yet.
    pub(super) fn new(feature: Feature, tokens: Vec<usize>) -> Self {
        Self {
            feature,
            tokens,
            sentiment: Sums::default(),
            emotion: Sums::default(),
        }
    }

    /// Adds the row of a hash.
    pub(super) fn add_gram(&mut self, model: &Linear, hash: u32) {
        let rows = model.weights.rows();
        model
            .sentiment
            .add_gram(rows, hash, &mut self.sentiment.grams);
        model.emotion.add_gram(rows, hash, &mut self.emotion.grams);
    }

    /// What it adds to the logits of a text of so many units.
    pub(super) fn weighed(&self, model: &Linear, units: u32) -> Contribution<Logits> {
        Contribution {
            feature: self.feature,
            tokens: self.tokens.clone(),
            adds: logits(
                model.sentiment.added(&self.sentiment, units),
                model.emotion.added(&self.emotion, units),
            ),
        }
    }
}

/// The features of a part of a text.
pub(super) fn heard(model: &Linear, text: &Text<'_>, part: Range<usize>) -> Vec<Heard> {
    let mut listener = Listener {
        model,
        start: part.start,
        heard: Vec::new(),
        shape: Vec::new(),
        done: None,
    };
    let shapes = model.weights.shapes();
    let mut room = Room::default();
    model
        .reader
        .read(text, part, shapes, &mut room, &mut listener);
    listener.heard
}

/// Keeps what it hears.
struct Listener<'m> {
    model: &'m Linear,
    /// The first token of the part.
    start: usize,
    heard: Vec<Heard>,
    /// The tokens of the shape so far.
    shape: Vec<usize>,
    /// The last token whose groups were heard: what a shape tells after them is the end of the part.
    done: Option<usize>,
}

impl Listener<'_> {
    /// The tokens of a shape of so many units that ends at `at`. What stands before the first token
    /// and after the last is a unit of it, but no token.
    fn shape(&mut self, at: usize, size: usize) -> Vec<usize> {
        let is_end = self.done == Some(at);
        if !is_end && self.shape.last() != Some(&at) {
            self.shape.push(at);
        }
        let units = size - usize::from(is_end);
        let first = self.shape.len().saturating_sub(units);
        if self.shape.is_empty() {
            vec![at]
        } else {
            self.shape[first..].to_vec()
        }
    }

    fn of(&mut self, at: usize, made: Made) -> (Feature, Vec<usize>) {
        match made {
            Made::Word | Made::Scoped(Scope::Plain) => (Feature::Token, vec![at]),
            Made::Scoped(Scope::Negated) => (Feature::Negated, vec![at]),
            Made::Scoped(Scope::Wished) => (Feature::Wished, vec![at]),
            Made::Pair if at == self.start => (Feature::First, vec![at]),
            Made::Pair => (Feature::Pair, vec![at - 1, at]),
            Made::Triple => (Feature::Triple, vec![at - 2, at - 1, at]),
            Made::Capitals => (Feature::Capitals, vec![at]),
            Made::Elongated => (Feature::Elongated, vec![at]),
            Made::Saying(tokens) => (
                Feature::Saying,
                (at + 1 - usize::from(tokens)..=at).collect(),
            ),
            Made::Shape(size) => (Feature::Shape, self.shape(at, usize::from(size))),
        }
    }
}

impl<'t> Hear<'t> for Listener<'_> {
    fn word(&mut self, at: usize, number: u32) {
        let (model, rows) = (self.model, self.model.weights.rows());
        let mut word = Heard::new(Feature::Word, vec![at]);
        if (number as usize) < model.weights.words() {
            let (sentiment, emotion) = (&mut word.sentiment.words, &mut word.emotion.words);
            model.sentiment.add_word(rows, number, sentiment);
            model.emotion.add_word(rows, number, emotion);
        }
        self.heard.push(word);
    }

    fn letters(&mut self, at: usize, norm: &'t str) {
        let letters = self.model.letters(norm);
        let mut heard = Heard::new(Feature::Letters, vec![at]);
        heard.sentiment.letters = letters.sentiment;
        heard.emotion.letters = letters.emotion;
        self.heard.push(heard);
    }

    fn gram(&mut self, at: usize, made: Made, hash: u32) {
        let (feature, tokens) = self.of(at, made);
        let mut heard = Heard::new(feature, tokens);
        heard.add_gram(self.model, hash);
        self.heard.push(heard);
        if made == Made::Pair {
            self.done = Some(at);
        }
    }
}
