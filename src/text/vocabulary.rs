//! The words seen often enough to have a number, and tables that answer by that number.
//!
//! Nearly every token of a comment is one of some ten thousand words. What a module knows about a
//! word is worked out once, when a model is opened, and read from a table afterwards.

use super::token::{Token, Tokens};
use rustc_hash::FxHashMap;

pub(super) const NO_WORD: u32 = u32::MAX;

/// Folded words, numbered from 0 in the order they were given.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
}

impl Vocabulary {
    /// A vocabulary of these folded words; repeated ones keep their first number.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut vocabulary = Self::default();
        for word in words {
            if !vocabulary.numbers.contains_key(word) {
                vocabulary
                    .numbers
                    .insert(word.into(), vocabulary.words.len() as u32);
                vocabulary.words.push(word.into());
            }
        }
        vocabulary
    }

    /// The number of a folded word.
    pub fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// The words by their numbers.
    pub fn words(&self) -> &[Box<str>] {
        &self.words
    }
}

/// What a module knows about words: a table by number, and a map for words without one.
#[derive(Clone, Debug)]
pub struct WordMap<T> {
    by_number: Vec<T>,
    rest: FxHashMap<Box<str>, T>,
}

impl<T: Copy + Default> WordMap<T> {
    /// Entries for folded words; a word given twice keeps the later entry.
    pub fn new<'w>(
        vocabulary: &Vocabulary,
        entries: impl IntoIterator<Item = (&'w str, T)>,
    ) -> Self {
        let mut map = Self {
            by_number: vec![T::default(); vocabulary.words().len()],
            rest: FxHashMap::default(),
        };
        for (word, entry) in entries {
            match vocabulary.number(word) {
                Some(number) => map.by_number[number as usize] = entry,
                None => {
                    map.rest.insert(word.into(), entry);
                }
            }
        }
        map
    }

    /// What is known about a token's word; the default when nothing is.
    pub fn get(&self, tokens: &Tokens, token: &Token) -> T {
        match token.word() {
            Some(number) => self.by_number[number as usize],
            None if self.rest.is_empty() => T::default(),
            None => self
                .rest
                .get(tokens.norm(token))
                .copied()
                .unwrap_or_default(),
        }
    }
}
