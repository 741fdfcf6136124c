//! Phrases: lists of words looked for in tokens, all at once, by one automaton.
//!
//! A phrase is written once in its plainest form: its words are folded and reduced by the Snowball
//! stemmer of their language, so *espera* also finds *esperas* and *esperaron*. `=word` stands for
//! this form only, and `*` for at most two words between. A phrase does not cross punctuation.

use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::text::{Kind, Token, Tokens, Vocabulary, WordMap, fold};
use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt;
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

/// The numbers under which the automaton knows a word; 0 is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Symbols {
    stem: u32,
    exact: u32,
}

#[derive(Clone, Debug, Default)]
struct Node {
    next: Vec<(u32, u32)>,
    after_gap: Option<u32>,
    meanings: Vec<u32>,
}

/// The phrases of one language, compiled.
pub struct PhraseFinder {
    stemmer: Stemmer,
    known: WordMap<Symbols>,
    stems: FxHashMap<Box<str>, u32>,
    exact: FxHashMap<Box<str>, u32>,
    nodes: Vec<Node>,
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
            known: WordMap::new(vocabulary, []),
            stems: FxHashMap::default(),
            exact: FxHashMap::default(),
            nodes: vec![Node::default()],
            beginnings: FxHashSet::default(),
            first: Vec::new(),
        };
        for (phrase, meaning) in phrases {
            finder.insert(phrase, meaning)?;
        }
        let known = vocabulary
            .words()
            .iter()
            .map(|word| (&**word, finder.symbols(word)));
        finder.known = WordMap::new(vocabulary, known.collect::<Vec<_>>());
        finder.beginnings = finder.stems.keys().map(|stem| beginning(stem)).collect();
        finder.first = vec![0; finder.number() as usize];
        for (symbol, node) in &finder.nodes[0].next {
            finder.first[*symbol as usize] = *node;
        }
        Ok(finder)
    }

    fn insert(&mut self, phrase: &str, meaning: u32) -> Result<()> {
        let words: Vec<&str> = phrase.split_whitespace().collect();
        if words.first().is_none_or(|word| *word == "*") || words.last() == Some(&"*") {
            return Err(Error::model(format!(
                "the phrase `{phrase}` must begin and end with a word"
            ))
            .hint("write words separated by spaces; `*` may stand between them"));
        }
        let mut node = 0;
        for word in words {
            node = match word.strip_prefix('=') {
                _ if word == "*" => self.gap(node),
                Some(exact) => {
                    let number = self.number();
                    let symbol = *self.exact.entry(fold(exact).into()).or_insert(number);
                    self.child(node, symbol)
                }
                None => {
                    let folded = fold(word);
                    let stem = self.stemmer.stem(&folded).into_owned();
                    let number = self.number();
                    let symbol = *self.stems.entry(stem.into()).or_insert(number);
                    self.child(node, symbol)
                }
            };
        }
        let meanings = &mut self.nodes[node as usize].meanings;
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
        Ok(())
    }

    /// A number no word has yet.
    fn number(&self) -> u32 {
        (self.stems.len() + self.exact.len() + 1) as u32
    }

    fn child(&mut self, node: u32, symbol: u32) -> u32 {
        if let Some(next) = self.step(node, symbol) {
            return next;
        }
        let new = self.nodes.len() as u32;
        let next = &mut self.nodes[node as usize].next;
        let at = next.partition_point(|(known, _)| *known < symbol);
        next.insert(at, (symbol, new));
        self.nodes.push(Node::default());
        new
    }

    fn gap(&mut self, node: u32) -> u32 {
        if let Some(after) = self.nodes[node as usize].after_gap {
            return after;
        }
        let new = self.nodes.len() as u32;
        self.nodes[node as usize].after_gap = Some(new);
        self.nodes.push(Node::default());
        new
    }

    fn step(&self, node: u32, symbol: u32) -> Option<u32> {
        let next = &self.nodes[node as usize].next;
        let at = next
            .binary_search_by_key(&symbol, |(known, _)| *known)
            .ok()?;
        Some(next[at].1)
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

    fn symbols_of(&self, tokens: &Tokens, token: &Token) -> Symbols {
        if !is_readable(token) {
            Symbols::default()
        } else if token.word().is_some() {
            self.known.get(tokens, token)
        } else {
            let norm = tokens.norm(token);
            let may_stand = (1..=BEGINNING).any(|length| {
                norm.is_char_boundary(length)
                    && self.beginnings.contains(&beginning(&norm[..length]))
            }) || self.exact.contains_key(norm)
                || !norm.is_ascii();
            if may_stand {
                self.symbols(norm)
            } else {
                Symbols::default()
            }
        }
    }

    /// Adds to `found` every phrase that stands in `range` of the tokens, in no particular order.
    pub fn find(&self, tokens: &Tokens, range: Range<usize>, found: &mut Vec<Found>) {
        let first = range.start;
        // Each word is looked up once, however many phrases pass over it.
        let words = tokens.as_slice()[range]
            .iter()
            .map(|token| Word {
                symbols: self.symbols_of(tokens, token),
                is_readable: is_readable(token),
            })
            .collect();
        let mut search = Search {
            finder: self,
            words,
            offset: first,
            first: 0,
            found,
        };
        for at in 0..search.words.len() {
            search.begin(at);
        }
    }
}

/// A token as phrases see it.
#[derive(Clone, Copy, Debug)]
struct Word {
    symbols: Symbols,
    is_readable: bool,
}

/// One look for phrases in a row of words, of which positions are counted from 0.
struct Search<'s> {
    finder: &'s PhraseFinder,
    words: Vec<Word>,
    /// Position of the first word among the tokens of the text.
    offset: usize,
    /// The word at which the phrase followed now begins.
    first: usize,
    found: &'s mut Vec<Found>,
}

impl Search<'_> {
    /// Follows every phrase that begins with the word at `at`.
    fn begin(&mut self, at: usize) {
        let Symbols { stem, exact } = self.words[at].symbols;
        self.first = at;
        for symbol in [stem, exact] {
            // Symbol 0, an unknown word, begins no phrase.
            let node = self.finder.first[symbol as usize];
            if node != 0 {
                self.reach(at, node);
            }
        }
    }

    /// Follows the word at `at` from `node`.
    fn walk(&mut self, at: usize, node: u32) {
        let Some(word) = self.words.get(at) else {
            return;
        };
        let Symbols { stem, exact } = word.symbols;
        for symbol in [stem, exact] {
            if symbol != 0
                && let Some(next) = self.finder.step(node, symbol)
            {
                self.reach(at, next);
            }
        }
    }

    /// Takes what ends at a node reached by the word at `at`, and goes on from there.
    fn reach(&mut self, at: usize, node: u32) {
        let reached = &self.finder.nodes[node as usize];
        let (first, last) = (self.offset + self.first, self.offset + at + 1);
        self.found
            .extend(reached.meanings.iter().map(|meaning| Found {
                first: first as u32,
                last: last as u32,
                meaning: *meaning,
            }));
        if !reached.next.is_empty() {
            self.walk(at + 1, node);
        }
        if let Some(after) = reached.after_gap {
            self.walk_gap(at + 1, after);
        }
    }

    fn walk_gap(&mut self, at: usize, node: u32) {
        for skipped in 0..=GAP_WORDS {
            self.walk(at + skipped, node);
            let passed = self.words.get(at + skipped);
            if !passed.is_some_and(|word| word.is_readable) {
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
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for one in found.iter() {
        let overlaps = kept
            .iter()
            .rev()
            .take_while(|other| other.meaning == one.meaning)
            .any(|other| one.first < other.last && other.first < one.last);
        if !overlaps {
            kept.push(*one);
        }
    }
    kept.sort_unstable();
    *found = kept;
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
