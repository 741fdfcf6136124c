//! A user's own words: local slang and what it means, names of products that mean nothing else.
//!
//! ```toml
//! names = ["Happy Plan", "Infinitum"]
//!
//! [means]
//! "chévere" = "excelente"
//! "no da bola" = "ignora"
//! ```
//!
//! What stands for another word is read as that word, by models, themes and phrases alike; a name is read as
//! one token that says nothing: *Happy Plan* makes nobody happy. The text and its bytes stay as they are.

use super::segment::Tokenizer;
use super::token::{Kind, Token, Tokens};
use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The most words of one entry.
const MOST_WORDS: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    means: BTreeMap<String, String>,
}

/// What an entry is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reads {
    /// This folded word, and its number in the vocabulary.
    Word(Box<str>, u32),
    /// A name.
    Name,
}

/// The words of an entry after its first, and what it is read as.
type Entry = (Vec<Box<str>>, Reads);

/// A user's own words.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// The entries by their first folded word, the longest first.
    entries: FxHashMap<Box<str>, Vec<Entry>>,
}

impl Lexicon {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Input`] when it is not TOML of this form, an entry has no word or too many, or
    /// a meaning is no single word that the vocabulary of `tokenizer` has.
    pub fn parse(text: &str, tokenizer: &Tokenizer) -> Result<Self> {
        let written: Written = toml::from_str(text).map_err(|error| {
            Error::input(format!("the lexicon is not readable: {}", error.message()))
                .hint("it has a list `names` and a table [means] of word = \"standard word\"")
        })?;
        let mut lexicon = Self::default();
        for name in &written.names {
            lexicon.add(name, Reads::Name, tokenizer)?;
        }
        for (word, meaning) in &written.means {
            let tokens = tokenizer.tokenize(meaning);
            let reads = match tokens.as_slice() {
                [one] if one.is_word() => one
                    .word()
                    .map(|number| Reads::Word(tokens.norm(one).into(), number)),
                _ => None,
            };
            let reads = reads.ok_or_else(|| {
                Error::input(format!(
                    "`{meaning}`, the meaning of `{word}`, is no word that is known"
                ))
                .hint(
                    "a meaning is one common word of Spanish or English, such as excelente or bad",
                )
            })?;
            lexicon.add(word, reads, tokenizer)?;
        }
        for entries in lexicon.entries.values_mut() {
            entries.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Ok(lexicon)
    }

    /// Reads a file; gives its text.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] when it cannot be read.
    pub fn read(path: &Path) -> Result<String> {
        std::fs::read_to_string(path)
            .map_err(|error| Error::io("the lexicon cannot be read", error).at(path))
    }

    /// True when it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add(&mut self, entry: &str, reads: Reads, tokenizer: &Tokenizer) -> Result<()> {
        let tokens = tokenizer.tokenize(entry);
        let mut words: Vec<Box<str>> = tokens
            .as_slice()
            .iter()
            .map(|token| tokens.norm(token).into())
            .collect();
        if words.is_empty() || words.len() > MOST_WORDS {
            return Err(Error::input(format!(
                "`{entry}` of the lexicon has {} words; 1 to {MOST_WORDS} are read",
                words.len()
            )));
        }
        let first = words.remove(0);
        let entries = self.entries.entry(first).or_default();
        if entries.iter().any(|known| known.0 == words) {
            return Err(
                Error::input(format!("`{entry}` stands twice in the lexicon"))
                    .hint("accents and capitals make no difference; keep one"),
            );
        }
        entries.push((words, reads));
        Ok(())
    }

    /// Reads its entries in the tokens of a text: each becomes one token over the same bytes.
    pub(super) fn apply(&self, tokens: &mut Tokens) {
        if self.entries.is_empty() {
            return;
        }
        let mut at = 0;
        while let Some(token) = tokens.items.get(at) {
            if let Some((more, reads)) = self.found(tokens, token, at) {
                let (more, reads) = (more, reads.clone());
                replace(tokens, at, more, &reads);
            }
            at += 1;
        }
    }

    /// The longest entry that begins with the token at a place: how many tokens follow, and what it is read as.
    fn found(&self, tokens: &Tokens, token: &Token, at: usize) -> Option<(usize, &Reads)> {
        let entries = self.entries.get(tokens.norm(token))?;
        let rest = tokens.items.get(at + 1..).unwrap_or_default();
        let fits = |words: &[Box<str>]| {
            words.len() <= rest.len()
                && words
                    .iter()
                    .zip(rest)
                    .all(|(word, token)| **word == *tokens.norm(token))
        };
        entries
            .iter()
            .find(|(words, _)| fits(words))
            .map(|(words, reads)| (words.len(), reads))
    }
}

/// Makes one token of the token at a place and so many after it.
fn replace(tokens: &mut Tokens, at: usize, more: usize, reads: &Reads) {
    let last = tokens.items.get(at + more).copied();
    let norm_start = tokens.norms.len() as u32;
    if let Reads::Word(word, _) = reads {
        tokens.norms.push_str(word);
    }
    let norm_end = tokens.norms.len() as u32;
    if let (Some(token), Some(last)) = (tokens.items.get_mut(at), last) {
        token.end = last.end;
        token.ends_sentence = last.ends_sentence;
        match reads {
            Reads::Word(_, number) => {
                token.kind = Kind::Word;
                token.word = *number;
                (token.norm_start, token.norm_end) = (norm_start, norm_end);
            }
            Reads::Name => {
                token.kind = Kind::Mark;
                token.word = super::vocabulary::NO_WORD;
                token.capitals = false;
                token.elongated = false;
            }
        }
    }
    tokens.items.drain(at + 1..=at + more);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Vocabulary;
    use std::sync::Arc;

    const WORDS: &str = r#"
        names = ["Happy Plan", "Happy Plan Max"]
        [means]
        "chévere" = "excelente"
        "no da bola" = "ignora"
    "#;

    fn tokenizer() -> Tokenizer {
        let words = ["happy", "plan", "excelente", "ignora", "muy", "no"];
        Tokenizer::new(Arc::new(Vocabulary::new(words)))
    }

    fn read(text: &str) -> Vec<(String, String, Kind)> {
        let lexicon = Lexicon::parse(WORDS, &tokenizer()).unwrap();
        let tokens = tokenizer().with_lexicon(lexicon).tokenize(text);
        let items = tokens.as_slice().iter();
        items
            .map(|token| {
                let surface = text[token.span()].to_owned();
                (surface, tokens.norm(token).to_owned(), token.kind)
            })
            .collect()
    }

    #[test]
    fn slang_is_read_as_what_it_means_and_keeps_its_place() {
        let word = |surface: &str, norm: &str| (surface.to_owned(), norm.to_owned(), Kind::Word);
        assert_eq!(
            read("muy CHÉVERE"),
            [word("muy", "muy"), word("CHÉVERE", "excelente")]
        );
        assert_eq!(read("No da bola"), [word("No da bola", "ignora")]);
        assert_eq!(read("no da"), [word("no", "no"), word("da", "da")]);
        let tokens = tokenizer()
            .with_lexicon(Lexicon::parse(WORDS, &tokenizer()).unwrap())
            .tokenize("chevere");
        let number = tokenizer().vocabulary().number("excelente");
        assert_eq!(tokens.as_slice()[0].word(), number);
    }

    #[test]
    fn a_name_is_one_token_that_says_nothing_and_the_longest_wins() {
        let found = read("Mi Happy Plan max, happy");
        let kinds: Vec<_> = found.iter().map(|one| (&*one.0, one.2)).collect();
        assert_eq!(
            kinds,
            [
                ("Mi", Kind::Word),
                ("Happy Plan max", Kind::Mark),
                (",", Kind::Punctuation),
                ("happy", Kind::Word)
            ]
        );
    }

    #[test]
    fn a_lexicon_that_cannot_be_right_is_refused() {
        let refused = |text: &str| Lexicon::parse(text, &tokenizer()).unwrap_err().to_string();
        assert!(refused("name = []").contains("not readable"));
        assert!(refused("[means]\nx = \"unheard\"").contains("no word that is known"));
        assert!(refused("[means]\nx = \"muy excelente\"").contains("no word that is known"));
        assert!(refused("names = [\"...\", \"\"]").contains("0 words"));
        assert!(refused("names = [\"Año\", \"AÑO\"]").contains("twice"));
    }
}
