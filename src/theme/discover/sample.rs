//! The sample: the units that themes are found in, as good as drawn and the same in any order.
//!
//! Of all different units those with the least hashes are kept, at most [`MOST`]. Whichever comes first,
//! and however comments are parted over threads, the same ones remain.

use super::unit::{Comment, Unit, key, units};
use crate::embedding::Embedding;
use crate::text::{Tokenizer, Tokens};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Units kept at most: enough for phrases that one clause in ten thousand holds.
pub const MOST: usize = 1 << 16;

/// Keeps a sample of the units of comments.
pub struct Sample<'s> {
    tokenizer: &'s Tokenizer,
    embedding: &'s Embedding,
    units: BTreeMap<u64, Unit>,
    comments: u64,
    only: Option<u16>,
}

impl<'s> Sample<'s> {
    /// An empty sample.
    pub fn new(tokenizer: &'s Tokenizer, embedding: &'s Embedding) -> Self {
        Self {
            tokenizer,
            embedding,
            units: BTreeMap::new(),
            comments: 0,
            only: None,
        }
    }

    /// From now on only units that name this theme are kept.
    pub fn only(&mut self, theme: u16) {
        self.only = Some(theme);
    }

    /// Looks at comments, on every core.
    pub fn add(&mut self, comments: &[Comment<'_>]) {
        self.comments += comments.len() as u64;
        let full = self.units.len() >= MOST;
        let last = self.units.last_key_value().map(|(key, _)| *key);
        let limit = last.filter(|_| full).unwrap_or(u64::MAX);
        let found: Vec<(u64, Unit)> = comments
            .par_iter()
            .map_init(Tokens::new, |tokens, comment| {
                self.read(comment, tokens, limit)
            })
            .flatten_iter()
            .collect();
        for (key, unit) in found {
            match self.units.get_mut(&key) {
                Some(known) if unit.id < known.id => *known = unit,
                Some(_) => {}
                None => _ = self.units.insert(key, unit),
            }
        }
        while self.units.len() > MOST {
            self.units.pop_last();
        }
    }

    /// The units of a comment whose hashes are not above `limit`.
    fn read(&self, comment: &Comment<'_>, tokens: &mut Tokens, limit: u64) -> Vec<(u64, Unit)> {
        self.tokenizer.read(comment.text, tokens);
        let mut found = Vec::new();
        for range in units(tokens, &comment.clauses) {
            let key = key(tokens, &range, comment.lang);
            if key <= limit
                && let Some(unit) = Unit::new(comment, tokens, range, self.embedding)
                && self.only.is_none_or(|theme| unit.named.contains(&theme))
            {
                found.push((key, unit));
            }
        }
        found
    }

    /// How many comments were looked at.
    pub fn comments(&self) -> u64 {
        self.comments
    }

    /// The units kept, in the order of their hashes.
    pub fn into_units(self) -> Vec<Unit> {
        self.units.into_values().collect()
    }
}
