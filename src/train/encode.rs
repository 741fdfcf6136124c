//! Examples as rows of the tables of a linear model.

use super::examples::Examples;
use crate::error::Result;
use crate::model::features::{BEFORE, Reader, has_letters, letter_rows, pair_row, word_row};
use crate::model::{Text, norm};
use crate::text::{Tokenizer, Tokens};

/// The rows that each example switches on, one after another in one list.
#[derive(Debug, Default)]
pub struct Encoded {
    rows: Vec<u32>,
    ends: Vec<Ends>,
}

#[derive(Clone, Copy, Debug)]
struct Ends {
    words: usize,
    letters: usize,
    norm: f32,
}

/// One example's rows and what they are multiplied by.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'e> {
    pub words: &'e [u32],
    pub letters: &'e [u32],
    pub norm: f32,
}

impl Encoded {
    /// The rows of the example at a position.
    pub fn rows(&self, at: usize) -> Rows<'_> {
        let start = if at == 0 {
            0
        } else {
            self.ends[at - 1].letters
        };
        let ends = self.ends[at];
        Rows {
            words: &self.rows[start..ends.words],
            letters: &self.rows[ends.words..ends.letters],
            norm: ends.norm,
        }
    }
}

/// Reads every example once.
pub fn encode(examples: &Examples, tokenizer: &Tokenizer) -> Result<Encoded> {
    let reader = Reader::new(tokenizer.vocabulary())?;
    let mut encoded = Encoded::default();
    let mut tokens = Tokens::new();
    let mut letters = Vec::new();
    for example in &examples.all {
        tokenizer.read(&example.text, &mut tokens);
        let text = Text::new(example.lang, &example.text, &tokens, 0..tokens.len());
        let mut before = BEFORE;
        let mut units = 0;
        letters.clear();
        reader.units(&text, |unit, token| {
            units += 1;
            encoded.rows.push(word_row(unit) as u32);
            encoded.rows.push(pair_row(before, unit) as u32);
            before = unit;
            if let Some(token) = token.filter(|token| has_letters(token)) {
                letter_rows(tokens.norm(token), |row| letters.push(row as u32));
            }
        });
        let words = encoded.rows.len();
        encoded.rows.append(&mut letters);
        encoded.ends.push(Ends {
            words,
            letters: encoded.rows.len(),
            norm: norm(units),
        });
    }
    Ok(encoded)
}
