//! A text while causes are looked for in it: what stands at a token, and in which sentence.

use super::super::{Clause, Kind, Tokens};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// Words beside a marker that say something of their own.
const SAYS_SOMETHING: usize = 2;

/// A text being read.
pub(super) struct Page<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t Tokens,
    pub(super) clauses: Vec<Clause>,
}

impl Page<'_> {
    pub(super) fn norm(&self, at: usize) -> &str {
        let token = self.tokens.as_slice().get(at);
        token.map_or("", |token| self.tokens.norm(token))
    }

    pub(super) fn is_number(&self, at: usize) -> bool {
        let token = self.tokens.as_slice().get(at);
        token.is_some_and(|token| token.kind == Kind::Number)
    }

    pub(super) fn says(&self, at: usize, words: &[String]) -> bool {
        (at..).zip(words).all(|(at, word)| self.norm(at) == word)
    }

    pub(super) fn words(&self, range: Range<usize>) -> usize {
        let items = &self.tokens.as_slice()[range];
        items.iter().filter(|token| token.is_word()).count()
    }

    pub(super) fn bytes(&self, range: Range<usize>) -> Range<usize> {
        let items = &self.tokens.as_slice()[range];
        let first = items.first().map_or(0, |token| token.start as usize);
        first..items.last().map_or(first, |token| token.end as usize)
    }

    pub(super) fn opens_clause(&self, at: usize) -> bool {
        let clauses = &self.clauses;
        clauses
            .binary_search_by_key(&at, |clause| clause.tokens.start)
            .is_ok()
    }

    /// The tokens of the sentence around a token.
    pub(super) fn sentence(&self, at: usize) -> Range<usize> {
        let items = self.tokens.as_slice();
        let start = items[..at].iter().rposition(|token| token.ends_sentence);
        let end = items[at..].iter().position(|token| token.ends_sentence);
        start.map_or(0, |start| start + 1)..end.map_or(items.len(), |end| at + end + 1)
    }

    /// A range without the punctuation at its ends, and without `tails` at its end; `None` when
    /// nothing else is in it.
    pub(super) fn trimmed(
        &self,
        mut range: Range<usize>,
        tails: &FxHashSet<String>,
    ) -> Option<(usize, usize)> {
        let items = self.tokens.as_slice();
        let is_said = |at: &usize| items[*at].kind != Kind::Punctuation;
        let first = range.clone().find(is_said)?;
        let last = range.rfind(|at| is_said(at) && !tails.contains(self.norm(*at)))?;
        Some((first, last + 1))
    }

    /// True when the sentence asks, or the marker is written as a question: *por qué*.
    pub(super) fn asks(&self, at: usize, sentence: &Range<usize>) -> bool {
        let is_first = self.words(sentence.start..at) == 0;
        let closed = self.norm(sentence.end - 1) == "?";
        let marker = &self.text[self.bytes(at..(at + 2).min(sentence.end))];
        (is_first && closed) || marker.to_lowercase().contains("qué")
    }

    /// True when the sentence says something beside the cause and its marker.
    pub(super) fn says_more(&self, at: usize, sentence: &Range<usize>, end: usize) -> bool {
        self.words(sentence.start..at) >= SAYS_SOMETHING
            || (self.norm(end) == "," && self.words(end..sentence.end) >= SAYS_SOMETHING)
    }
}
