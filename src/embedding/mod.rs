//! Vectors of words and texts, Spanish and English in one space: what means the same lies close.
//!
//! The vector of a text is the weighted sum of its words' vectors, brought to length 1. A word without
//! a vector of its own gets one from its letter sequences, so that a misspelt word lies near the right
//! one. How vectors are learned: `train/vectors/`.

mod crowd;
mod file;

pub use crowd::Crowd;
pub use file::Vectors;

use crate::error::Result;
use crate::text::{Token, Tokens, Vocabulary, letters};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Dimensions of a vector.
pub const WIDTH: usize = 128;
/// Buckets of letter sequences, a power of two.
pub const BUCKETS: usize = 1 << 14;

/// The vector of a text: length 1.
pub type Vector = [f32; WIDTH];

/// Finds the vectors of words and texts.
#[derive(Clone, Debug)]
pub struct Embedding {
    vocabulary: Arc<Vocabulary>,
    vectors: Vectors,
}

impl Embedding {
    /// The words that have a vector, in the order of their numbers.
    pub fn words() -> impl Iterator<Item = &'static str> {
        include_str!("../../models/embedding/vocabulary.txt").lines()
    }

    /// The vectors that ship with the program. `vocabulary` begins with [`Embedding::words`].
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the shipped file is damaged.
    pub fn shipped(vocabulary: &Arc<Vocabulary>) -> Result<Self> {
        let bytes = include_bytes!("../../models/embedding/vectors.bin");
        Self::new(vocabulary, Vectors::from_bytes(Cow::Borrowed(bytes))?)
    }

    /// Vectors for the first words of a vocabulary.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when there are more vectors than words.
    pub fn new(vocabulary: &Arc<Vocabulary>, vectors: Vectors) -> Result<Self> {
        if vectors.words() > vocabulary.words().len() {
            return Err(crate::error::Error::model("more vectors than words")
                .hint("vocabulary.txt and vectors.bin of models/embedding belong together"));
        }
        Ok(Self {
            vocabulary: vocabulary.clone(),
            vectors,
        })
    }

    /// The vector of some tokens of a text; `None` when no word among them has one.
    pub fn text(&self, tokens: &Tokens, range: Range<usize>) -> Option<Vector> {
        let mut sum = [0.0; WIDTH];
        self.add_tokens([&mut sum], tokens, range);
        unit(sum)
    }

    /// The vector of a text and those of parts of it, each as [`Embedding::text`] has it; the parts are in order.
    pub fn text_and_parts(
        &self,
        tokens: &Tokens,
        parts: &[Range<usize>],
    ) -> (Option<Vector>, Vec<Option<Vector>>) {
        let mut whole = [0.0; WIDTH];
        let mut done = 0;
        let mut of_part = |part: &Range<usize>| {
            let mut sum = [0.0; WIDTH];
            self.add_tokens([&mut whole], tokens, done..part.start.max(done));
            self.add_tokens([&mut sum, &mut whole], tokens, part.clone());
            done = part.end;
            unit(sum)
        };
        let vectors = parts.iter().map(&mut of_part).collect();
        self.add_tokens([&mut whole], tokens, done..tokens.len());
        (unit(whole), vectors)
    }

    /// Adds the vectors of some tokens, times their weights, to each of the sums.
    fn add_tokens<const N: usize>(
        &self,
        mut sums: [&mut Vector; N],
        tokens: &Tokens,
        range: Range<usize>,
    ) {
        for token in tokens.as_slice()[range].iter().filter(|one| is_read(one)) {
            self.add(&mut sums, token.word(), tokens.norm(token));
        }
    }

    /// The vector of a folded word; `None` when nothing of it was ever seen.
    pub fn word(&self, norm: &str) -> Option<Vector> {
        let mut sum = [0.0; WIDTH];
        self.add(&mut [&mut sum], self.vocabulary.number(norm), norm);
        unit(sum)
    }

    /// At most `most` other words whose cosine to a folded word is `least` or more, the nearest first;
    /// none where the word has no vector of its own.
    pub fn nearest(&self, norm: &str, most: usize, least: f32) -> Vec<&str> {
        let number = self.vocabulary.number(norm);
        let known = number.filter(|number| (*number as usize) < self.vectors.words());
        let Some((number, own)) = known.zip(self.word(norm)) else {
            return Vec::new();
        };
        let mut near: Vec<(f32, usize)> = self
            .rows()
            .enumerate()
            .filter(|(other, _)| *other != number as usize)
            .filter_map(|(other, row)| Some((dot(&own, &unit(row)?), other)))
            .filter(|(cosine, _)| *cosine >= least)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(most);
        let word = |(_, other): (f32, usize)| &*self.vocabulary.words()[other];
        near.into_iter().map(word).collect()
    }

    /// The vectors of the words, times their weights, in the order of their numbers.
    pub fn rows(&self) -> impl Iterator<Item = Vector> + '_ {
        (0..self.vectors.words()).map(|number| {
            let mut sum = [0.0; WIDTH];
            add(&mut [&mut sum], self.vectors.word(number), 1.0);
            sum
        })
    }

    /// Adds the vector of a word, times its weight, to each of the sums.
    fn add<const N: usize>(&self, sums: &mut [&mut Vector; N], number: Option<u32>, norm: &str) {
        let known = number.filter(|number| (*number as usize) < self.vectors.words());
        if let Some(number) = known {
            return add(sums, self.vectors.word(number as usize), 1.0);
        }
        let count = letters::sequences(norm).count();
        for hash in letters::sequences(norm) {
            let bucket = hash as usize & (BUCKETS - 1);
            add(sums, self.vectors.bucket(bucket), 1.0 / count as f32);
        }
    }
}

/// True for tokens with a vector: words and emoji.
pub fn is_read(token: &Token) -> bool {
    token.is_word() || token.kind == crate::text::Kind::Emoji
}

/// A stored vector: whole numbers, and what one step is worth (the word's weight is in it).
#[derive(Clone, Copy, Debug)]
pub struct Row<'v> {
    /// What one step is worth.
    pub step: f32,
    /// The steps.
    pub steps: &'v [u8; WIDTH],
}

/// Adds a row to each of the sums: it is unpacked once for all of them.
fn add<const N: usize>(sums: &mut [&mut Vector; N], row: Row<'_>, share: f32) {
    /// Parts unpacked at a time.
    const PARTS: usize = 16;
    let step = row.step * share;
    for first in (0..WIDTH).step_by(PARTS) {
        let mut parts = [0.0; PARTS];
        for (part, steps) in parts.iter_mut().zip(&row.steps[first..]) {
            *part = step * f32::from(steps.cast_signed());
        }
        for sum in sums.iter_mut() {
            for (sum, part) in sum[first..].iter_mut().zip(&parts) {
                *sum += part;
            }
        }
    }
}

fn unit(mut sum: Vector) -> Option<Vector> {
    let length = dot(&sum, &sum).sqrt();
    if length <= f32::EPSILON {
        return None;
    }
    for part in &mut sum {
        *part /= length;
    }
    Some(sum)
}

/// The cosine of two vectors of length 1, -1 to 1. Summed in eight lanes in a fixed order: the same
/// bits on every machine.
pub fn dot(a: &Vector, b: &Vector) -> f32 {
    let mut lanes = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum()
}
