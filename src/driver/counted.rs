//! What is counted of a group of verbatims, to hold it against another group.

use super::{Accumulator, Named};
use crate::measure::Vote;
use crate::tally::Tally;
use std::collections::BTreeMap;

/// A field with more values than this is no segment: ids, dates, open answers.
pub const MOST_VALUES: usize = 50;

/// The counts of one group of verbatims. They merge exactly, in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// Votes by the drivers and themes named.
    pub votes: Accumulator,
    /// Verbatims that were analysed, with a vote or without: only such can name a theme.
    pub analysed: u64,
    /// How many of those name each theme, by its position; shorter when the last are not named.
    pub themes: Vec<u64>,
    /// How many of those name each driver.
    pub drivers: Vec<u64>,
    /// Votes by the values of fields, in the order that was asked for.
    pub fields: Vec<Values>,
}

/// Votes by the values of one field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// By value; empty when there are more than [`MOST_VALUES`].
    pub votes: BTreeMap<String, Tally>,
    /// Of those without a value.
    pub without: Tally,
    /// True when there are more than [`MOST_VALUES`] values.
    pub too_many: bool,
}

impl Counted {
    /// Nothing counted, of so many fields.
    pub fn new(fields: usize) -> Self {
        Self {
            fields: vec![Values::default(); fields],
            ..Self::default()
        }
    }

    /// Counts a vote, and what the verbatim names when it was analysed.
    pub fn count(&mut self, vote: Option<Vote>, named: Option<&[Named]>) {
        if let Some(vote) = vote {
            self.votes.add(vote, named.unwrap_or_default());
        }
        if let Some(named) = named {
            self.analysed += 1;
            count_each(&mut self.themes, &named.iter().map(|name| name.theme));
            count_each(&mut self.drivers, &named.iter().map(|name| name.driver));
        }
    }

    /// Adds what was counted of other verbatims, of the same fields.
    pub fn merge(&mut self, other: &Self) {
        self.votes.merge(&other.votes);
        self.analysed += other.analysed;
        add(&mut self.themes, &other.themes);
        add(&mut self.drivers, &other.drivers);
        for (into, from) in self.fields.iter_mut().zip(&other.fields) {
            into.merge(from);
        }
    }

    /// How many name a theme.
    pub fn naming(&self, theme: usize) -> u64 {
        self.themes.get(theme).copied().unwrap_or(0)
    }

    /// How many name a driver.
    pub fn naming_driver(&self, driver: usize) -> u64 {
        self.drivers.get(driver).copied().unwrap_or(0)
    }
}

impl Values {
    /// Adds a value with its votes.
    pub fn add(&mut self, value: String, votes: Tally) {
        if self.too_many {
            return;
        }
        *self.votes.entry(value).or_default() += votes;
        if self.votes.len() > MOST_VALUES {
            self.overflow();
        }
    }

    /// Gives up on the values: there are too many.
    pub fn overflow(&mut self) {
        self.too_many = true;
        self.votes.clear();
    }

    fn merge(&mut self, other: &Self) {
        self.without += other.without;
        if other.too_many {
            self.overflow();
        }
        for (value, votes) in &other.votes {
            self.add(value.clone(), *votes);
        }
    }
}

/// Counts each position once, however often it comes.
fn count_each(counts: &mut Vec<u64>, positions: &(impl Iterator<Item = u16> + Clone)) {
    for (at, position) in positions.clone().enumerate() {
        if positions
            .clone()
            .take(at)
            .all(|earlier| earlier != position)
        {
            let position = usize::from(position);
            if counts.len() <= position {
                counts.resize(position + 1, 0);
            }
            counts[position] += 1;
        }
    }
}

fn add(into: &mut Vec<u64>, from: &[u64]) {
    if into.len() < from.len() {
        into.resize(from.len(), 0);
    }
    for (into, from) in into.iter_mut().zip(from) {
        *into += from;
    }
}
