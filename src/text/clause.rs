//! Clauses: the units of opinion. *El personal amable* | *pero la espera eterna*.

use super::token::{Kind, Token, Tokens};
use super::vocabulary::{Vocabulary, WordMap};
use crate::error::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// A unit of opinion: a span of the text and the tokens in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Bytes of the text, from the first token to the end of the last.
    pub span: Range<usize>,
    /// Which of the text's tokens.
    pub tokens: Range<usize>,
}

/// Where a word may begin a clause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Opens {
    #[default]
    Never,
    /// *pero, but*: wherever it stands.
    Always,
    /// *la, the, pero*: after a comma, when what comes before and after can stand alone.
    AfterComma,
}

/// What is known of a word beforehand.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    opens: Opens,
    /// Which of the phrases that open a clause begin with it.
    phrases: (u16, u16),
}

/// Cuts tokens into clauses: at the end of sentences, at words that turn an opinion around, and at
/// commas between parts that can stand alone.
#[derive(Clone, Debug)]
pub struct ClauseSplitter {
    words: WordMap<Entry>,
    /// Phrases that begin with the same word stand together.
    phrases: Vec<Vec<Box<str>>>,
}

/// The fewest words on each side of a comma that parts two clauses. A guess that held on reading.
const WORDS_AROUND_COMMA: usize = 2;

#[derive(Deserialize)]
struct ClauseFile {
    turns: Vec<String>,
    after_comma: Vec<String>,
}

impl ClauseSplitter {
    /// The splitter of the shipped word lists.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped list is damaged.
    pub fn shipped(vocabulary: &Vocabulary) -> Result<Self> {
        let file: ClauseFile = toml::from_str(include_str!("../../models/text/clauses.toml"))
            .map_err(|error| Error::model("models/text/clauses.toml").caused_by(error))?;
        Ok(Self::new(vocabulary, &file.turns, &file.after_comma))
    }

    /// A splitter from lists of folded words: those that open a clause anywhere (one of several
    /// words is a phrase), and those that open one after a comma.
    pub fn new(vocabulary: &Vocabulary, turns: &[String], after_comma: &[String]) -> Self {
        let (phrases, words): (Vec<&String>, Vec<&String>) =
            turns.iter().partition(|turn| turn.contains(' '));
        let mut phrases: Vec<Vec<Box<str>>> = phrases
            .iter()
            .map(|phrase| phrase.split(' ').map(Box::from).collect())
            .collect();
        phrases.sort_unstable();
        let mut entries: BTreeMap<&str, Entry> = BTreeMap::new();
        for word in after_comma {
            entries.entry(word).or_default().opens = Opens::AfterComma;
        }
        for word in words {
            entries.entry(word).or_default().opens = Opens::Always;
        }
        let mut first = 0;
        for alike in phrases.chunk_by(|one, next| one[0] == next[0]) {
            let last = first + alike.len();
            entries.entry(&alike[0][0]).or_default().phrases = (first as u16, last as u16);
            first = last;
        }
        Self {
            words: WordMap::new(vocabulary, entries),
            phrases,
        }
    }

    /// Replaces what `clauses` holds by the clauses of `tokens`. Clauses follow each other and
    /// leave no word out; a text without words has none.
    pub fn split(&self, tokens: &Tokens, clauses: &mut Vec<Clause>) {
        clauses.clear();
        let items = tokens.as_slice();
        let mut start = 0;
        let mut words = 0;
        let mut comma = false;
        for (at, token) in items.iter().enumerate() {
            if ends_sentence(token, items.get(at + 1)) {
                close(items, &mut start, at + 1, &mut words, clauses);
            } else if token.is_word() {
                let entry = self.words.get(tokens, token);
                let opens = match entry.opens {
                    Opens::Always => words > 0,
                    Opens::AfterComma => {
                        comma && words >= WORDS_AROUND_COMMA && stands_alone(&items[at..])
                    }
                    Opens::Never => false,
                };
                if opens || (words > 0 && self.phrase_opens(entry, tokens, at)) {
                    close(items, &mut start, at, &mut words, clauses);
                }
                words += 1;
            }
            comma = token.kind == Kind::Punctuation && tokens.norm(token) == ",";
        }
        close(items, &mut start, items.len(), &mut words, clauses);
    }

    fn phrase_opens(&self, entry: Entry, tokens: &Tokens, at: usize) -> bool {
        let items = &tokens.as_slice()[at..];
        let (first, last) = entry.phrases;
        let phrases = self.phrases.get(first as usize..last as usize);
        phrases.unwrap_or_default().iter().any(|phrase| {
            phrase.len() <= items.len()
                && phrase
                    .iter()
                    .zip(items)
                    .all(|(word, item)| **word == *tokens.norm(item))
        })
    }
}

/// Ends the clause that began at `start` before `end`. Punctuation and emoji without a word stay
/// with the clause before them, so that an emoji colours what was just said.
fn close(
    items: &[Token],
    start: &mut usize,
    end: usize,
    words: &mut usize,
    clauses: &mut Vec<Clause>,
) {
    if *start == end {
        return;
    }
    let span_end = items[end - 1].end as usize;
    match clauses.last_mut() {
        Some(last) if *words == 0 => {
            last.tokens.end = end;
            last.span.end = span_end;
        }
        _ if *words == 0 && end < items.len() => return,
        _ => clauses.push(Clause {
            span: items[*start].start as usize..span_end,
            tokens: *start..end,
        }),
    }
    *start = end;
    *words = 0;
}

/// True after the last mark of a sentence: `?!` and `...` end one clause, not several.
fn ends_sentence(token: &Token, next: Option<&Token>) -> bool {
    token.ends_sentence
        && !next.is_some_and(|next| next.ends_sentence && next.kind == Kind::Punctuation)
}

fn stands_alone(items: &[Token]) -> bool {
    items
        .iter()
        .take_while(|token| token.kind != Kind::Punctuation)
        .filter(|token| token.is_word())
        .count()
        >= WORDS_AROUND_COMMA
}
