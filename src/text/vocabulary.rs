//! The words seen often enough to have a number, and tables that answer by that number.
//!
//! Nearly every token of a comment is one of some ten thousand words. What a module knows about a
//! word is worked out once, when a model is opened, and read from a table afterwards.

use super::token::{Token, Tokens};
use rustc_hash::FxHashMap;
use std::hash::{BuildHasherDefault, Hasher};

pub(super) const NO_WORD: u32 = u32::MAX;

/// Folded words, numbered from 0 in the order they were given.
///
/// Words are known by 64-bit hashes: among a hundred thousand words two would have to be compared
/// ten billion times as often as they are to take one for the other.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: Vec<Box<str>>,
    numbers: HashMap<u32>,
}

type HashMap<T> = std::collections::HashMap<u64, T, BuildHasherDefault<Hashed>>;

/// Hashes what is a hash already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A hash of a word, eight bytes at a time, with every bit mixed into every other.
fn hash(word: &[u8]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = (word.len() as u64).wrapping_mul(ODD);
    for part in word.chunks(8) {
        let mut bytes = [0; 8];
        bytes[..part.len()].copy_from_slice(part);
        state = (state ^ u64::from_le_bytes(bytes)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 29;
    }
    state = state.wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 32)
}

impl Vocabulary {
    /// A vocabulary of these folded words; repeated ones keep their first number.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut vocabulary = Self::default();
        for word in words {
            let next = vocabulary.words.len() as u32;
            vocabulary
                .numbers
                .entry(hash(word.as_bytes()))
                .or_insert_with(|| {
                    vocabulary.words.push(word.into());
                    next
                });
        }
        vocabulary
    }

    /// The number of a folded word.
    pub fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(&hash(word.as_bytes())).copied()
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
