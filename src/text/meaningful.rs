//! Meaningful: a verbatim that says something. "N/A", ".", "sin comentario" do not.

use super::token::{Kind, Tokens};
use rustc_hash::FxHashSet;

/// Tells comments that say something from those that do not.
#[derive(Clone, Debug)]
pub struct Meaningful {
    empty: FxHashSet<Box<str>>,
    longest: usize,
}

impl Meaningful {
    /// From a list of folded answers that say nothing, words separated by single spaces.
    pub fn new(empty: &[String]) -> Self {
        let longest = empty
            .iter()
            .map(|answer| answer.split(' ').count())
            .max()
            .unwrap_or(0);
        Self {
            empty: empty.iter().map(|answer| answer.as_str().into()).collect(),
            longest,
        }
    }

    /// True when the text says something: it has a word or an emoji, and is not on the list.
    pub fn is(&self, tokens: &Tokens) -> bool {
        let mut words = 0;
        for token in tokens.as_slice() {
            match token.kind {
                Kind::Emoji => return true,
                Kind::Word | Kind::Hashtag => words += 1,
                _ => {}
            }
            if words > self.longest {
                return true;
            }
        }
        words > 0 && !self.empty.contains(joined(tokens).as_str())
    }
}

fn joined(tokens: &Tokens) -> String {
    let words = tokens.as_slice().iter().filter(|token| token.is_word());
    words
        .map(|token| tokens.norm(token))
        .collect::<Vec<_>>()
        .join(" ")
}
