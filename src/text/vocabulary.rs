//! The words seen often enough to have a number, and tables that answer by that number.
//!
//! Nearly every token of a comment is one of some ten thousand words. What a module knows about a
//! word is worked out once, when a model is opened, and read from a table afterwards.

use super::token::{Token, Tokens};
use rustc_hash::FxHashMap;
use std::ops::Range;

pub(super) const NO_WORD: u32 = u32::MAX;

/// Folded words, numbered from 0 in the order they were given.
///
/// Words are known by their hashes, of which 40 bits and the place in the table are compared: of a
/// million million other words about one is taken for one of these.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    words: Vec<Box<str>>,
    /// Open addressing: the low bits of a hash say where to look first, its high bits stand in the
    /// slot, and below them the number of the word plus one; 0 is empty. A look-up reads one line of
    /// the processor's cache.
    slots: Vec<u64>,
}

/// Bits of a slot that hold a number.
const NUMBER: u64 = (1 << 24) - 1;

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            slots: vec![0],
        }
    }
}

impl Vocabulary {
    /// A vocabulary of these folded words; repeated ones keep their first number.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let given: Vec<&str> = words.into_iter().collect();
        let mut vocabulary = Self {
            words: Vec::with_capacity(given.len()),
            slots: vec![0; (2 * given.len()).next_power_of_two().max(2)],
        };
        for word in given {
            // A slot has room for so many numbers; words beyond them go without.
            if vocabulary.words.len() as u64 >= NUMBER {
                break;
            }
            let hash = hash(word.as_bytes(), 0..word.len());
            if let Err(free) = vocabulary.find(hash) {
                vocabulary.words.push(word.into());
                vocabulary.slots[free] = (hash & !NUMBER) | vocabulary.words.len() as u64;
            }
        }
        vocabulary
    }

    /// The number of the word with this hash, or the free slot where it would stand.
    fn find(&self, hash: u64) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at & mask];
            if slot == 0 {
                return Err(at);
            }
            if (slot ^ hash) & !NUMBER == 0 {
                return Ok((slot & NUMBER) as u32 - 1);
            }
            at = (at + 1) & mask;
        }
    }

    /// The number of a folded word.
    pub fn number(&self, word: &str) -> Option<u32> {
        self.number_in(word.as_bytes(), 0..word.len())
    }

    /// The number of the folded word that stands in `range` of `bytes`.
    pub(super) fn number_in(&self, bytes: &[u8], range: Range<usize>) -> Option<u32> {
        self.find(hash(bytes, range)).ok()
    }

    /// The words by their numbers.
    pub fn words(&self) -> &[Box<str>] {
        &self.words
    }
}

/// A hash of the word in `range`, eight bytes at a time, with every bit mixed into every other.
#[inline]
fn hash(bytes: &[u8], range: Range<usize>) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = (range.len() as u64).wrapping_mul(ODD);
    let mut at = range.start;
    while at < range.end {
        state = (state ^ eight(bytes, at, range.end)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 29;
        at += 8;
    }
    state = state.wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 32)
}

/// The eight bytes from `at`, with zeros from `end` on. Where more bytes follow, one load reads them.
fn eight(bytes: &[u8], at: usize, end: usize) -> u64 {
    let wanted = (end - at).min(8);
    let mut part = [0; 8];
    match bytes[at..].first_chunk() {
        Some(chunk) => part = *chunk,
        None => part[..wanted].copy_from_slice(&bytes[at..at + wanted]),
    }
    u64::from_le_bytes(part) & (u64::MAX >> (64 - 8 * wanted))
}

/// What a module knows about words: a table by number, and a map for words without one.
#[derive(Clone, Debug)]
pub struct WordMap<T> {
    by_number: Vec<T>,
    rest: FxHashMap<Box<str>, T>,
}

impl<T: Copy + Default> WordMap<T> {
    /// Entries for folded words; a word given twice keeps the later entry. Quickest in the order of
    /// the vocabulary.
    pub fn new<'w>(
        vocabulary: &Vocabulary,
        entries: impl IntoIterator<Item = (&'w str, T)>,
    ) -> Self {
        let words = vocabulary.words();
        let mut map = Self {
            by_number: vec![T::default(); words.len()],
            rest: FxHashMap::default(),
        };
        let mut next = 0;
        for (word, entry) in entries {
            let number = match words.get(next) {
                Some(following) if **following == *word => Some(next),
                _ => vocabulary.number(word).map(|number| number as usize),
            };
            match number {
                Some(number) => {
                    map.by_number[number] = entry;
                    next = number + 1;
                }
                None => {
                    map.rest.insert(word.into(), entry);
                }
            }
        }
        map
    }

    /// What is known about a token's word; the default when nothing is.
    #[inline]
    pub fn get(&self, tokens: &Tokens, token: &Token) -> T {
        // No table is so long that it has an entry for `NO_WORD`.
        match self.by_number.get(token.word as usize) {
            Some(entry) => *entry,
            None if self.rest.is_empty() => T::default(),
            None => self.look_up(tokens.norm(token)),
        }
    }

    #[inline(never)]
    fn look_up(&self, norm: &str) -> T {
        self.rest.get(norm).copied().unwrap_or_default()
    }
}
