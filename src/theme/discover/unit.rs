//! Units: the parts of comments that themes are found in.
//!
//! A unit is a clause, or several that follow one another until there are words enough. Equal
//! units count once: a thousand "Great service" are no more of a theme than one.

use crate::chance::hash;
use crate::embedding::{Embedding, Vector, is_read};
use crate::lang::Lang;
use crate::text::{Kind, Tokens};
use std::ops::Range;

/// The fewest words of a unit, where the comment has so many: about a sentence. Clauses alone say too little
/// to tell themes apart (V-measure on short questions .70 instead of .74).
const WORDS: usize = 12;

/// A word of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Folded.
    pub norm: Box<str>,
    /// As written, in small letters.
    pub written: Box<str>,
    /// It begins with a capital, and not because a sentence does.
    pub capital: bool,
    /// No mark stands between it and the word before.
    pub joined: bool,
}

/// A part of a comment.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The language of the comment.
    pub lang: Lang,
    /// Its vector in the embedding.
    pub vector: Vector,
    /// Its words in order.
    pub words: Vec<Word>,
    /// The part as written.
    pub text: Box<str>,
    /// The least id of a comment it stands in.
    pub id: Box<str>,
    /// Positions of the themes whose phrases stand in it, ascending.
    pub named: Vec<u16>,
}

/// A comment to find themes in.
#[derive(Clone, Debug)]
pub struct Comment<'c> {
    /// Its id.
    pub id: &'c str,
    /// Its text.
    pub text: &'c str,
    /// The language it was read in.
    pub lang: Lang,
    /// The bytes of its clauses, in order.
    pub clauses: Vec<Range<usize>>,
    /// Position and first byte of each theme that is known to be named.
    pub named: Vec<(u16, usize)>,
}

/// The tokens of a range of bytes.
pub fn tokens_of(tokens: &Tokens, bytes: &Range<usize>) -> Range<usize> {
    let items = tokens.as_slice();
    let first = items.partition_point(|one| (one.start as usize) < bytes.start);
    let last = items.partition_point(|one| (one.start as usize) < bytes.end);
    first..last.max(first)
}

/// The clauses of a comment put together to units of enough words: ranges of tokens.
pub fn units(tokens: &Tokens, clauses: &[Range<usize>]) -> Vec<Range<usize>> {
    let items = tokens.as_slice();
    let words = |range: &Range<usize>| {
        let words = items[range.clone()].iter().filter(|one| one.is_word());
        words.count()
    };
    let mut units: Vec<Range<usize>> = Vec::new();
    for clause in clauses {
        let range = tokens_of(tokens, clause);
        match units.last_mut() {
            Some(last) if words(last) < WORDS => last.end = range.end,
            _ => units.push(range),
        }
    }
    if units.len() > 1
        && let Some(short) = units.pop_if(|last| words(last) < WORDS)
        && let Some(last) = units.last_mut()
    {
        last.end = short.end;
    }
    units
}

/// A hash of what a unit says: equal for equal words.
pub fn key(tokens: &Tokens, range: &Range<usize>, lang: Lang) -> u64 {
    let mut said = vec![lang as u8];
    for token in tokens.as_slice()[range.clone()]
        .iter()
        .filter(|one| is_read(one))
    {
        said.extend(tokens.norm(token).as_bytes());
        said.push(b' ');
    }
    hash(&said)
}

impl Unit {
    /// A unit of a comment; `None` when none of its words has a vector.
    pub fn new(
        comment: &Comment<'_>,
        tokens: &Tokens,
        range: Range<usize>,
        embedding: &Embedding,
    ) -> Option<Self> {
        let vector = embedding.text(tokens, range.clone())?;
        let items = &tokens.as_slice()[range];
        let (first, last) = (items.first()?, items.last()?);
        let bytes = first.start as usize..last.end as usize;
        let named = comment.named.iter();
        let mut named: Vec<u16> = named
            .filter(|(_, start)| bytes.contains(start))
            .map(|(theme, _)| *theme)
            .collect();
        named.sort_unstable();
        named.dedup();
        Some(Self {
            lang: comment.lang,
            vector,
            words: words(comment.text, tokens, items),
            text: comment.text[bytes].into(),
            id: comment.id.into(),
            named,
        })
    }
}

fn words(text: &str, tokens: &Tokens, items: &[crate::text::Token]) -> Vec<Word> {
    let mut words = Vec::with_capacity(items.len());
    let (mut joined, mut begins) = (false, true);
    for token in items {
        if token.kind == Kind::Word {
            let surface = &text[token.span()];
            let capital = surface.chars().next().is_some_and(char::is_uppercase);
            words.push(Word {
                norm: tokens.norm(token).into(),
                written: surface.to_lowercase().into(),
                capital: capital && !begins && !token.capitals,
                joined,
            });
            joined = true;
        } else {
            joined = false;
        }
        begins = token.ends_sentence;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Tokenizer, Vocabulary};
    use std::sync::Arc;

    #[test]
    fn short_clauses_go_with_their_neighbours() {
        let spans = [
            "Muy bien.",
            "El personal fue de lo más amable con todos los que estábamos allí,",
            "pero la espera fue eterna y nadie nos supo decir por qué era tanta.",
            "Gracias",
        ];
        let text = spans.join(" ");
        let tokens = Tokenizer::new(Arc::new(Vocabulary::new([]))).tokenize(&text);
        let clauses: Vec<Range<usize>> = spans
            .iter()
            .map(|span| {
                let start = text.find(span).unwrap();
                start..start + span.len()
            })
            .collect();
        let items = tokens.as_slice();
        let read: Vec<&str> = units(&tokens, &clauses)
            .into_iter()
            .map(|one| &text[items[one.start].start as usize..items[one.end - 1].end as usize])
            .collect();
        let joined = [spans[..2].join(" "), spans[2..].join(" ")];
        assert_eq!(read, joined);
    }
}
