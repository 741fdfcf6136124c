//! The look for phrases in a row of words.

use super::word::{Word, bit};
use super::{End, PhraseFinder};
use crate::text::Tokens;
use std::ops::Range;

/// A phrase found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// First token.
    pub first: u32,
    /// Token after the last.
    pub last: u32,
    /// What the phrase stands for.
    pub meaning: u32,
}

/// The most words that `*` stands for.
const GAP_WORDS: usize = 2;

/// Room for a look for phrases, made to be reused, and what was found.
#[derive(Clone, Debug, Default)]
pub struct Room {
    words: Vec<(Word, u64)>,
    /// The phrases found.
    pub found: Vec<Found>,
}

/// One look for phrases in a row of words, of which positions are counted from 0.
pub(super) struct Search<'s> {
    finder: &'s PhraseFinder,
    /// Each with the bits of its symbols.
    words: &'s [(Word, u64)],
    /// Position of the first of them among the tokens of the text.
    offset: usize,
    /// The word at which the phrase followed now begins.
    first: usize,
    found: &'s mut Vec<Found>,
}

impl<'s> Search<'s> {
    /// Looks in `range` of the tokens; `room` then holds what was found, and nothing else.
    pub(super) fn run(
        finder: &'s PhraseFinder,
        tokens: &Tokens,
        range: Range<usize>,
        room: &'s mut Room,
    ) {
        let offset = range.start;
        let Room { words, found } = room;
        found.clear();
        words.clear();
        // Each word is looked up once, however many phrases pass over it.
        words.extend(tokens.as_slice()[range].iter().map(|token| {
            let word = finder.words.read(tokens, token);
            (word, word.bits())
        }));
        // What ends every row: no phrase goes beyond it.
        words.push((Word::default(), 0));
        let mut search = Self {
            finder,
            words,
            offset,
            first: 0,
            found,
        };
        for at in 0..search.words.len() {
            let (word, _) = search.words[at];
            if word.begins() {
                search.begin(at, word);
            }
        }
    }

    /// Follows every phrase that begins with the word at `at`.
    fn begin(&mut self, at: usize, word: Word) {
        self.first = at;
        for symbol in word.symbols() {
            // Symbol 0, an unknown word, begins no phrase.
            let node = self.finder.first[symbol as usize];
            if node != 0 {
                self.reach(at + 1, node);
            }
        }
    }

    /// Takes what ends at a node reached by the word before `at`, and goes on from there.
    fn reach(&mut self, at: usize, node: u32) {
        let reached = self.finder.nodes[node as usize];
        let mut end = reached.ends;
        while end != 0 {
            let End { meaning, next } = self.finder.ends[end as usize];
            self.found.push(Found {
                first: (self.offset + self.first) as u32,
                last: (self.offset + at) as u32,
                meaning,
            });
            end = next;
        }
        self.walk(at, node, reached.bits);
        if reached.after_gap != 0 {
            self.walk_gap(at, reached.after_gap);
        }
    }

    /// Follows the word at `at` from `node`, which has these `bits`.
    #[inline]
    fn walk(&mut self, at: usize, node: u32, bits: u64) {
        let (word, own) = self.words[at];
        if bits & own == 0 {
            return;
        }
        for symbol in word.symbols() {
            if bits & bit(symbol) != 0
                && let Some(next) = self.finder.edges.get(node, symbol)
            {
                self.reach(at + 1, next);
            }
        }
    }

    fn walk_gap(&mut self, at: usize, node: u32) {
        let bits = self.finder.nodes[node as usize].bits;
        for skipped in 0..=GAP_WORDS {
            self.walk(at + skipped, node, bits);
            if !self.words[at + skipped].0.is_readable() {
                return;
            }
        }
    }
}

/// Keeps, among phrases of one meaning that overlap, the longest (the earliest of equals), and sorts
/// what is left by place and meaning.
pub fn keep_longest(found: &mut Vec<Found>) {
    found.sort_unstable_by_key(|one| {
        (
            one.meaning,
            std::cmp::Reverse(one.last - one.first),
            one.first,
        )
    });
    let mut kept = 0;
    for at in 0..found.len() {
        let one = found[at];
        let overlaps = found[..kept]
            .iter()
            .rev()
            .take_while(|other| other.meaning == one.meaning)
            .any(|other| one.first < other.last && other.first < one.last);
        if !overlaps {
            found[kept] = one;
            kept += 1;
        }
    }
    found.truncate(kept);
    found.sort_unstable();
}
