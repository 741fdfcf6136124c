//! Phrases: lists of words looked for in tokens, all at once, by one automaton.
//!
//! A phrase is written once in its plainest form: its words are folded and reduced by the Snowball
//! stemmer of their language, so *espera* also finds *esperas* and *esperaron*. `=word` stands for
//! this form only, and `*` for at most two words between. A phrase does not cross punctuation.

use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::text::{Kind, Token, Tokens, Vocabulary, fold};
use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// The numbers under which the automaton knows a word; 0 is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Symbols {
    stem: u32,
    exact: u32,
}

impl Symbols {
    /// True for a word that stands in no phrase.
    fn is_none(self) -> bool {
        self.stem == 0 && self.exact == 0
    }

    /// A bit for each of them, of which unlike words share few.
    fn bits(self) -> u64 {
        bit(self.stem) | bit(self.exact)
    }
}

fn bit(symbol: u32) -> u64 {
    u64::from(symbol != 0) << (symbol % 64)
}

/// A place between the words of a phrase. Node 0 stands before the first.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// The bits of the symbols that lead on: most words are seen here to lead nowhere.
    bits: u64,
    /// The node from which to go on after `*`; 0 when there is none.
    after_gap: u32,
    /// The first of the meanings that end here, by its position in [`PhraseFinder::ends`].
    ends: u32,
}

/// A meaning, and the position of the next one that ends at the same node; 0 ends the list.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    meaning: u32,
    next: u32,
}

/// The phrases of one language, compiled.
pub struct PhraseFinder {
    stemmer: Stemmer,
    /// Symbols of the words with a number, each worked out when it is first met: stemming a whole
    /// vocabulary would be most of the time that opening a model takes.
    known: Vec<AtomicU64>,
    stems: FxHashMap<Box<str>, u32>,
    exact: FxHashMap<Box<str>, u32>,
    nodes: Vec<Node>,
    /// The node after a node and a symbol.
    edges: FxHashMap<(u32, u32), u32>,
    ends: Vec<End>,
    /// Beginnings of the stems in phrases: most words without a number are seen not to have one of
    /// them before they are stemmed.
    beginnings: FxHashSet<[u8; BEGINNING]>,
    /// The node after the first word of a phrase, by its symbol; 0 where no phrase begins so.
    first: Vec<u32>,
}

impl fmt::Debug for PhraseFinder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhraseFinder")
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}

impl PhraseFinder {
    /// Compiles phrases, each with a number that says what it stands for.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] for a phrase without words, or with `*` at an end.
    pub fn new<'p>(
        lang: Lang,
        vocabulary: &Vocabulary,
        phrases: impl IntoIterator<Item = (&'p str, u32)>,
    ) -> Result<Self> {
        let stemmer = Stemmer::create(match lang {
            Lang::Es => Algorithm::Spanish,
            Lang::En => Algorithm::English,
        });
        let mut finder = Self {
            stemmer,
            known: vocabulary.words().iter().map(|_| UNMET.into()).collect(),
            stems: FxHashMap::default(),
            exact: FxHashMap::default(),
            nodes: vec![Node::default()],
            edges: FxHashMap::default(),
            ends: vec![End::default()],
            beginnings: FxHashSet::default(),
            first: Vec::new(),
        };
        // The same words come again and again, and stemming is slow.
        let mut written = FxHashMap::default();
        for (phrase, meaning) in phrases {
            finder.insert(phrase, meaning, &mut written)?;
        }
        finder.beginnings = finder.stems.keys().map(|stem| beginning(stem)).collect();
        finder.first = vec![0; finder.number() as usize];
        for ((node, symbol), next) in &finder.edges {
            if *node == 0 {
                finder.first[*symbol as usize] = *next;
            }
        }
        Ok(finder)
    }

    fn insert<'p>(
        &mut self,
        phrase: &'p str,
        meaning: u32,
        written: &mut FxHashMap<&'p str, u32>,
    ) -> Result<()> {
        let (mut node, mut last) = (0, "*");
        for word in phrase.split_whitespace() {
            if word != "*" {
                let symbol = *written
                    .entry(word)
                    .or_insert_with(|| self.symbol_of_written(word));
                node = self.child(node, symbol);
            } else if node == 0 {
                break;
            } else {
                node = self.gap(node);
            }
            last = word;
        }
        if last == "*" {
            return Err(Error::model(format!(
                "the phrase `{phrase}` must begin and end with a word"
            ))
            .hint("write words separated by spaces; `*` may stand between them"));
        }
        self.end(node, meaning);
        Ok(())
    }

    /// The symbol of a word as phrases write it.
    fn symbol_of_written(&mut self, word: &str) -> u32 {
        let number = self.number();
        if let Some(exact) = word.strip_prefix('=') {
            return *self.exact.entry(fold(exact).into()).or_insert(number);
        }
        let folded = fold(word);
        let stem = self.stemmer.stem(&folded).into_owned();
        *self.stems.entry(stem.into()).or_insert(number)
    }

    /// A number no word has yet.
    fn number(&self) -> u32 {
        (self.stems.len() + self.exact.len() + 1) as u32
    }

    fn child(&mut self, node: u32, symbol: u32) -> u32 {
        let new = self.nodes.len() as u32;
        let child = *self.edges.entry((node, symbol)).or_insert(new);
        if child == new {
            self.nodes[node as usize].bits |= bit(symbol);
            self.nodes.push(Node::default());
        }
        child
    }

    fn gap(&mut self, node: u32) -> u32 {
        let new = self.nodes.len() as u32;
        let after = &mut self.nodes[node as usize].after_gap;
        if *after != 0 {
            return *after;
        }
        *after = new;
        self.nodes.push(Node::default());
        new
    }

    fn end(&mut self, node: u32, meaning: u32) {
        let new = self.ends.len() as u32;
        let first = &mut self.nodes[node as usize].ends;
        let mut at = *first;
        while at != 0 {
            let end = self.ends[at as usize];
            if end.meaning == meaning {
                return;
            }
            at = end.next;
        }
        let next = std::mem::replace(first, new);
        self.ends.push(End { meaning, next });
    }

    fn symbols(&self, norm: &str) -> Symbols {
        Symbols {
            stem: self
                .stems
                .get(&*self.stemmer.stem(norm))
                .copied()
                .unwrap_or(0),
            exact: self.exact.get(norm).copied().unwrap_or(0),
        }
    }

    /// The symbols of a word with a number. Whoever meets it first works them out; a second thread
    /// that does so meanwhile finds the same.
    fn symbols_of_numbered(&self, tokens: &Tokens, token: &Token, number: u32) -> Symbols {
        let known = &self.known[number as usize];
        let packed = known.load(Ordering::Relaxed);
        if packed != UNMET {
            return Symbols {
                stem: packed as u32,
                exact: (packed >> 32) as u32,
            };
        }
        let symbols = self.symbols(tokens.norm(token));
        let packed = u64::from(symbols.exact) << 32 | u64::from(symbols.stem);
        known.store(packed, Ordering::Relaxed);
        symbols
    }

    fn symbols_of_unnumbered(&self, norm: &str) -> Symbols {
        let may_stand = (1..=BEGINNING).any(|length| {
            norm.is_char_boundary(length) && self.beginnings.contains(&beginning(&norm[..length]))
        }) || self.exact.contains_key(norm)
            || !norm.is_ascii();
        if may_stand {
            self.symbols(norm)
        } else {
            Symbols::default()
        }
    }

    /// Adds to `found` every phrase that stands in `range` of the tokens, in no particular order.
    pub fn find(&self, tokens: &Tokens, range: Range<usize>, found: &mut Vec<Found>) {
        let mut search = Search {
            finder: self,
            tokens,
            offset: range.start,
            items: &tokens.as_slice()[range],
            first: 0,
            unnumbered: Vec::new(),
            found,
        };
        for at in 0..search.items.len() {
            search.begin(at);
        }
    }
}

/// The symbols of a word that was not met yet.
const UNMET: u64 = u64::MAX;

/// One look for phrases in a row of tokens, of which positions are counted from 0.
struct Search<'s> {
    finder: &'s PhraseFinder,
    tokens: &'s Tokens,
    items: &'s [Token],
    /// Position of the first of them in the text.
    offset: usize,
    /// The word at which the phrase followed now begins.
    first: usize,
    /// Symbols of the words without a number that stand in phrases: they are worked out once,
    /// however many phrases pass over them.
    unnumbered: Vec<(usize, Symbols)>,
    found: &'s mut Vec<Found>,
}

impl Search<'_> {
    fn symbols(&mut self, at: usize) -> Symbols {
        let token = &self.items[at];
        if let Some(number) = token.word() {
            return self.finder.symbols_of_numbered(self.tokens, token, number);
        }
        if !is_readable(token) {
            return Symbols::default();
        }
        if let Some((_, symbols)) = self.unnumbered.iter().rev().find(|(known, _)| *known == at) {
            return *symbols;
        }
        let symbols = self.finder.symbols_of_unnumbered(self.tokens.norm(token));
        if !symbols.is_none() {
            self.unnumbered.push((at, symbols));
        }
        symbols
    }

    /// Follows every phrase that begins with the word at `at`.
    fn begin(&mut self, at: usize) {
        let symbols = self.symbols(at);
        if symbols.is_none() {
            return;
        }
        self.first = at;
        for symbol in [symbols.stem, symbols.exact] {
            // Symbol 0, an unknown word, begins no phrase.
            let node = self.finder.first[symbol as usize];
            if node != 0 {
                self.reach(at, node);
            }
        }
    }

    /// Follows the word at `at` from `node`.
    fn walk(&mut self, at: usize, node: u32) {
        if at >= self.items.len() {
            return;
        }
        let symbols = self.symbols(at);
        if self.finder.nodes[node as usize].bits & symbols.bits() == 0 {
            return;
        }
        for symbol in [symbols.stem, symbols.exact] {
            if let Some(next) = self.finder.edges.get(&(node, symbol)) {
                self.reach(at, *next);
            }
        }
    }

    /// Takes what ends at a node reached by the word at `at`, and goes on from there.
    fn reach(&mut self, at: usize, node: u32) {
        let reached = self.finder.nodes[node as usize];
        let mut end = reached.ends;
        while end != 0 {
            let End { meaning, next } = self.finder.ends[end as usize];
            self.found.push(Found {
                first: (self.offset + self.first) as u32,
                last: (self.offset + at + 1) as u32,
                meaning,
            });
            end = next;
        }
        if reached.bits != 0 {
            self.walk(at + 1, node);
        }
        if reached.after_gap != 0 {
            self.walk_gap(at + 1, reached.after_gap);
        }
    }

    fn walk_gap(&mut self, at: usize, node: u32) {
        for skipped in 0..=GAP_WORDS {
            self.walk(at + skipped, node);
            if !self.items.get(at + skipped).is_some_and(is_readable) {
                return;
            }
        }
    }
}

/// Bytes at the beginning of a word that stemming leaves alone, but for a last y that becomes i.
const BEGINNING: usize = 4;

/// The first bytes of a stem or word, with y as i.
fn beginning(stem: &str) -> [u8; BEGINNING] {
    let mut bytes = [0; BEGINNING];
    for (to, from) in bytes.iter_mut().zip(stem.bytes()) {
        *to = if from == b'y' { b'i' } else { from };
    }
    bytes
}

fn is_readable(token: &Token) -> bool {
    token.is_word() || matches!(token.kind, Kind::Number | Kind::Emoji)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Tokenizer;
    use std::sync::Arc;

    fn found(phrases: &[(&str, u32)], text: &str) -> Vec<(String, u32)> {
        let vocabulary = Arc::new(Vocabulary::new(["espera", "de", "tiempo"]));
        let finder = PhraseFinder::new(Lang::Es, &vocabulary, phrases.iter().copied()).unwrap();
        let tokens = Tokenizer::new(vocabulary).tokenize(text);
        let mut found = Vec::new();
        finder.find(&tokens, 0..tokens.len(), &mut found);
        keep_longest(&mut found);
        let items = tokens.as_slice();
        found
            .iter()
            .map(|one| {
                let start = items[one.first as usize].start as usize;
                let end = items[one.last as usize - 1].end as usize;
                (text[start..end].to_owned(), one.meaning)
            })
            .collect()
    }

    #[test]
    fn finds_inflections_and_keeps_the_longest() {
        let phrases = [("espera", 1), ("tiempo de espera", 1), ("tiempo", 2)];
        assert_eq!(
            found(&phrases, "Los TIEMPOS de espera, esperamos"),
            [
                ("TIEMPOS".to_owned(), 2),
                ("TIEMPOS de espera".to_owned(), 1),
                ("esperamos".to_owned(), 1),
            ]
        );
    }

    #[test]
    fn exact_words_are_not_stemmed() {
        let phrases = [("=caro", 1)];
        assert!(found(&phrases, "la cara lavada").is_empty());
        assert_eq!(found(&phrases, "muy Caro"), [("Caro".to_owned(), 1)]);
    }

    #[test]
    fn a_star_spans_two_words_and_no_comma() {
        let phrases = [("no * funciona", 1)];
        assert_eq!(found(&phrases, "no me la funciona").len(), 1);
        assert_eq!(found(&phrases, "no funciona").len(), 1);
        assert!(found(&phrases, "no a b c funciona").is_empty());
        assert!(found(&phrases, "no, funciona").is_empty());
    }
}
