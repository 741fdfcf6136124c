//! A token: a piece of text with its kind, span and folded form.

use super::vocabulary::NO_WORD;
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Letters, perhaps with digits or apostrophes inside.
    Word,
    /// Digits, perhaps with separators inside.
    Number,
    /// One pictograph or an emoticon such as `:)`.
    Emoji,
    /// A punctuation mark or a run of the same one.
    Punctuation,
    /// `#app`: the folded form leaves the mark out.
    Hashtag,
    /// `@someone`.
    Handle,
    /// A web address.
    Link,
    /// A typed mark where personal data stood: `[EMAIL]`.
    Mark,
}

/// One token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Three letters or more, all capitals.
    pub capitals: bool,
    /// A letter three times or more in a row: *muuuy*.
    pub elongated: bool,
    /// A mark that ends a sentence (`.`, `!`, `?`, `;`, `…`), or the last token of a line.
    pub ends_sentence: bool,
    /// First byte in the text.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    pub(super) norm_start: u32,
    pub(super) norm_end: u32,
    pub(super) word: u32,
}

impl Token {
    /// Its bytes in the text.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// True for words and hashtags: what phrases and models read as words.
    pub fn is_word(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Hashtag)
    }

    /// Its position in the [`super::Vocabulary`] it was read with, if it stands there.
    pub fn word(&self) -> Option<u32> {
        (self.word != NO_WORD).then_some(self.word)
    }
}

/// The tokens of one text. Made to be reused: reading a text leaves no allocation behind.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    pub(super) items: Vec<Token>,
    pub(super) norms: String,
}

impl Tokens {
    /// Room for the tokens of a text.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tokens in order.
    pub fn as_slice(&self) -> &[Token] {
        &self.items
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The folded form of a token of this text: *Muuuy* is `muy`, *Atención* is `atencion`.
    pub fn norm(&self, token: &Token) -> &str {
        &self.norms[token.norm_start as usize..token.norm_end as usize]
    }

    /// How many tokens are words.
    pub fn words(&self) -> usize {
        self.items.iter().filter(|token| token.is_word()).count()
    }

    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.norms.clear();
    }
}
