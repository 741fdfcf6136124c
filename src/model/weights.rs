//! The weights of a linear model, whole numbers of one byte, and their file.
//!
//! Sums of whole numbers do not depend on their order, so a reading has the same bits on every
//! machine. File: the magic, the number of outputs, then per output the scale of the word table,
//! the scale of the letter table and the bias (little-endian f32), then the two tables.

use super::features::{LETTER_ROWS, WORD_ROWS};
use crate::error::{Error, Result};
use std::borrow::Cow;

/// Columns in a row of a table: room for three sentiments and the trained emotions.
pub const OUTPUTS: usize = 16;

const MAGIC: &[u8; 8] = b"VOZLIN01";
const HEAD: usize = MAGIC.len() + 3 * 4 * OUTPUTS;

/// Tables of weights with a scale and a bias per output.
#[derive(Clone, Debug)]
pub struct Weights {
    /// What one step of the word table is worth, per output.
    pub word_scale: [f32; OUTPUTS],
    /// What one step of the letter table is worth, per output.
    pub letter_scale: [f32; OUTPUTS],
    /// Added to every logit.
    pub bias: [f32; OUTPUTS],
    tables: Cow<'static, [u8]>,
}

impl Weights {
    /// Rounds trained weights to whole steps, per output as fine as one byte allows.
    pub fn quantize(words: &[f32], letters: &[f32], bias: [f32; OUTPUTS]) -> Self {
        let (word_scale, letter_scale) = (scales(words), scales(letters));
        let steps = |table: &[f32], scale: &[f32; OUTPUTS]| -> Vec<u8> {
            let step = |(at, weight): (usize, &f32)| {
                ((weight / scale[at % OUTPUTS]).round().clamp(-127.0, 127.0) as i8).cast_unsigned()
            };
            table.iter().enumerate().map(step).collect()
        };
        let mut tables = steps(words, &word_scale);
        tables.extend(steps(letters, &letter_scale));
        Self {
            word_scale,
            letter_scale,
            bias,
            tables: Cow::Owned(tables),
        }
    }

    /// Reads what [`Weights::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is something else or cut short.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self> {
        let expected = HEAD + (WORD_ROWS + LETTER_ROWS) * OUTPUTS;
        if bytes.len() != expected || !bytes.starts_with(MAGIC) {
            return Err(
                Error::model("not a weights file of this version, or cut short")
                    .hint("train the model again with `voz train`, or restore its folder"),
            );
        }
        let row = |block: usize| -> [f32; OUTPUTS] {
            std::array::from_fn(|output| {
                let at = MAGIC.len() + 4 * (block * OUTPUTS + output);
                f32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
            })
        };
        let (word_scale, letter_scale, bias) = (row(0), row(1), row(2));
        let finite = [word_scale, letter_scale, bias]
            .as_flattened()
            .iter()
            .all(|x| x.is_finite());
        if !finite {
            return Err(Error::model("the weights file holds numbers that are none")
                .hint("train the model again with `voz train`, or restore its folder"));
        }
        let tables = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[HEAD..]),
            Cow::Owned(mut bytes) => {
                bytes.drain(..HEAD);
                Cow::Owned(bytes)
            }
        };
        Ok(Self {
            word_scale,
            letter_scale,
            bias,
            tables,
        })
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for row in [self.word_scale, self.letter_scale, self.bias] {
            for number in row {
                bytes.extend(number.to_le_bytes());
            }
        }
        bytes.extend_from_slice(&self.tables);
        bytes
    }

    /// A row of the word table; `row` below [`WORD_ROWS`].
    pub fn word(&self, row: usize) -> &[u8; OUTPUTS] {
        self.row(row)
    }

    /// A row of the letter table; `row` below [`LETTER_ROWS`].
    pub fn letters(&self, row: usize) -> &[u8; OUTPUTS] {
        self.row(WORD_ROWS + row)
    }

    fn row(&self, row: usize) -> &[u8; OUTPUTS] {
        const NOTHING: [u8; OUTPUTS] = [0; OUTPUTS];
        self.tables[row * OUTPUTS..]
            .first_chunk()
            .unwrap_or(&NOTHING)
    }
}

/// Adds a row to running sums. Rows hold signed bytes.
pub fn add(sums: &mut [i32; OUTPUTS], row: &[u8; OUTPUTS]) {
    for (sum, step) in sums.iter_mut().zip(row) {
        *sum += i32::from(step.cast_signed());
    }
}

/// Per output, the step that makes the largest weight 127. The rare weights beyond the 99.99th
/// percentile are cut: they would make every other weight coarse.
fn scales(table: &[f32]) -> [f32; OUTPUTS] {
    std::array::from_fn(|output| {
        let column = table
            .iter()
            .skip(output)
            .step_by(OUTPUTS)
            .map(|weight| weight.abs());
        let mut sizes: Vec<f32> = column.filter(|size| *size > 0.0).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let largest = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 10_000));
        largest.map_or(1.0, |size| size / 127.0)
    })
}
