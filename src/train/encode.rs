//! Examples as rows of the tables of a linear model.

use super::examples::Examples;
use crate::embedding::{Embedding, Vector};
use crate::error::Result;
use crate::model::features::{Hear, Made, Reader, length};
use crate::model::{Text, head};
use crate::phrase::Room;
use crate::text::letters::sequences;
use crate::text::{ClauseSplitter, Tokenizer, Tokens};

/// The rows that each example switches on, one after another in one list.
#[derive(Debug)]
pub struct Encoded {
    rows: Vec<u32>,
    ends: Vec<Ends>,
    /// Per numbered word, the hashes of its letter sequences.
    pub letters: Vec<Vec<u32>>,
    /// Per numbered word, what it is in a shape.
    pub shapes: Vec<u8>,
    /// Per numbered word, its vector, scaled so that the mean length is 1.
    pub vectors: Vec<Vector>,
}

#[derive(Clone, Copy, Debug)]
struct Ends {
    words: usize,
    grams: usize,
    letters: usize,
    norm: f32,
}

/// One example's rows and what they are multiplied by.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'e> {
    /// Numbers of words.
    pub words: &'e [u32],
    /// Hashes of groups.
    pub grams: &'e [u32],
    /// Hashes of the letters of words without a number.
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
            grams: &self.rows[ends.words..ends.grams],
            letters: &self.rows[ends.grams..ends.letters],
            norm: ends.norm,
        }
    }
}

#[derive(Default)]
struct Listener {
    words: Vec<u32>,
    grams: Vec<u32>,
    letters: Vec<u32>,
}

impl<'t> Hear<'t> for Listener {
    fn word(&mut self, _at: usize, number: u32) {
        self.words.push(number);
    }

    fn letters(&mut self, _at: usize, norm: &'t str) {
        self.letters.extend(sequences(norm));
    }

    fn gram(&mut self, _at: usize, _made: Made, hash: u32) {
        self.grams.push(hash);
    }
}

/// Reads every example once.
pub fn encode(
    examples: &Examples,
    tokenizer: &Tokenizer,
    embedding: &Embedding,
    shapes: &[u8],
) -> Result<Encoded> {
    let vocabulary = tokenizer.vocabulary();
    let reader = Reader::new(vocabulary)?;
    let splitter = ClauseSplitter::shipped(vocabulary)?;
    let mut encoded = Encoded {
        rows: Vec::new(),
        ends: Vec::new(),
        letters: Vec::new(),
        vectors: vectors(embedding),
        shapes: shapes.to_vec(),
    };
    let words = vocabulary.words().iter();
    encoded.letters = words.map(|word| sequences(word).collect()).collect();
    let (mut tokens, mut clauses) = (Tokens::new(), Vec::new());
    let mut room = Room::default();
    for example in &examples.all {
        tokenizer.read(&example.text, &mut tokens);
        splitter.split(&tokens, &mut clauses);
        let text = Text {
            lang: example.lang,
            text: &example.text,
            tokens: &tokens,
            clauses: &clauses,
        };
        let mut listener = Listener::default();
        for part in text.parts() {
            reader.read(&text, part, shapes, &mut room, &mut listener);
        }
        let units = tokens.len() as u32;
        listener.grams.push(length(units));
        let mut end = |rows: &[u32]| {
            encoded.rows.extend_from_slice(rows);
            encoded.rows.len()
        };
        let ends = Ends {
            words: end(&listener.words),
            grams: end(&listener.grams),
            letters: end(&listener.letters),
            norm: head::norm(units),
        };
        encoded.ends.push(ends);
    }
    Ok(encoded)
}

fn vectors(embedding: &Embedding) -> Vec<Vector> {
    let rows: Vec<Vector> = embedding.rows().collect();
    let lengths: f32 = rows
        .iter()
        .map(|row| crate::embedding::dot(row, row).sqrt())
        .sum();
    let scale = rows.len().max(1) as f32 / lengths.max(1e-6);
    rows.iter()
        .map(|row| row.map(|part| scale * part))
        .collect()
}
