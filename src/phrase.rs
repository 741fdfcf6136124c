//! Phrases: lists of words looked for in tokens, all at once, by one automaton.
//!
//! A phrase is written once in its plainest form: its words are folded and reduced by the Snowball
//! stemmer of their language, so *espera* also finds *esperas* and *esperaron*. `=word` stands for
//! this form only, `<class>` for any word of a class, and `*` for at most two words between. A phrase
//! does not cross punctuation.

mod edges;
mod search;
mod word;

pub use search::{Found, Room, keep_longest};

use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::text::{Tokens, Vocabulary};
use edges::Edges;
use rustc_hash::FxHashMap;
use search::Search;
use std::fmt;
use std::ops::Range;
use word::{Words, bit};

pub use word::Stems;

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
    words: Words,
    nodes: Vec<Node>,
    edges: Edges,
    ends: Vec<End>,
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
        Self::with_classes(lang, vocabulary, [], phrases)
    }

    /// Compiles phrases that may hold classes of words: pairs of a class and a word of it, written as in
    /// a phrase. A word is of the first class that names it.
    ///
    /// # Errors
    /// As [`PhraseFinder::new`], and for a class that has no words.
    pub fn with_classes<'p>(
        lang: Lang,
        vocabulary: &Vocabulary,
        classes: impl IntoIterator<Item = (&'p str, &'p str)>,
        phrases: impl IntoIterator<Item = (&'p str, u32)>,
    ) -> Result<Self> {
        let mut finder = Self {
            words: Words::new(lang, vocabulary),
            nodes: vec![Node::default()],
            edges: Edges::default(),
            ends: vec![End::default()],
            first: Vec::new(),
        };
        for (class, word) in classes {
            finder.words.classify(class, word);
        }
        // The same words come again and again, and stemming is slow.
        let mut symbols = FxHashMap::default();
        for (phrase, meaning) in phrases {
            finder.insert(phrase, meaning, &mut symbols)?;
        }
        finder.first = vec![0; finder.words.symbols()];
        for (symbol, node) in (0..).zip(&mut finder.first) {
            *node = finder.edges.get(0, symbol).unwrap_or(0);
        }
        let Self { words, first, .. } = &mut finder;
        words.close(|symbol| first[symbol as usize] != 0);
        Ok(finder)
    }

    fn insert<'p>(
        &mut self,
        phrase: &'p str,
        meaning: u32,
        symbols: &mut FxHashMap<&'p str, u32>,
    ) -> Result<()> {
        let (mut node, mut last) = (0, "*");
        for word in phrase.split_whitespace() {
            if word != "*" {
                let known = symbols.get(word).copied();
                let symbol = known.or_else(|| self.words.symbol(word)).ok_or_else(|| {
                    Error::model(format!("no words are of the class {word} in `{phrase}`"))
                        .hint("list its words, or name a class that is listed")
                })?;
                symbols.insert(word, symbol);
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

    fn child(&mut self, node: u32, symbol: u32) -> u32 {
        let new = self.nodes.len() as u32;
        if let Some(child) = self.edges.get(node, symbol) {
            return child;
        }
        self.edges.insert(node, symbol, new);
        self.nodes[node as usize].bits |= bit(symbol);
        self.nodes.push(Node::default());
        new
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

    /// Replaces what `room` holds by every phrase that stands in `range` of the tokens, in no
    /// particular order.
    pub fn find(&self, tokens: &Tokens, range: Range<usize>, room: &mut Room) {
        Search::run(self, tokens, range, room);
    }
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
        let mut room = Room::default();
        finder.find(&tokens, 0..tokens.len(), &mut room);
        let mut found = room.found;
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

    /// Stemming a vocabulary took most of the time of opening.
    #[test]
    fn a_word_is_stemmed_when_it_is_met() {
        let vocabulary = Arc::new(Vocabulary::new(["espera", "de", "tiempo"]));
        let finder = PhraseFinder::new(Lang::Es, &vocabulary, [("espera", 1)]).unwrap();
        assert_eq!(finder.words.met(), 0);
        let tokens = Tokenizer::new(vocabulary).tokenize("tiempo nuevo");
        finder.find(&tokens, 0..tokens.len(), &mut Room::default());
        assert_eq!(finder.words.met(), 1);
    }

    #[test]
    fn exact_words_are_not_stemmed() {
        let phrases = [("=caro", 1)];
        assert!(found(&phrases, "la cara lavada").is_empty());
        assert_eq!(found(&phrases, "muy Caro"), [("Caro".to_owned(), 1)]);
    }

    #[test]
    fn a_class_stands_for_its_words() {
        let vocabulary = Arc::new(Vocabulary::new(["nada", "malo"]));
        let classes = [("bad", "malo"), ("bad", "=feo")];
        let finder = |phrase: &'static str| {
            PhraseFinder::with_classes(Lang::Es, &vocabulary, classes, [(phrase, 1)])
        };
        let count = |phrase: &'static str, text: &str| {
            let tokens = Tokenizer::new(vocabulary.clone()).tokenize(text);
            let mut room = Room::default();
            finder(phrase)
                .unwrap()
                .find(&tokens, 0..tokens.len(), &mut room);
            room.found.len()
        };
        assert_eq!(
            count("nada <bad>", "nada malo, nada feo, nada fea, nada bueno"),
            2
        );
        assert_eq!(count("<bad> y <bad>", "malas y malos"), 1);
        let error = finder("nada <good>").unwrap_err().to_string();
        assert!(error.contains("<good>"), "{error}");
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
