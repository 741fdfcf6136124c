//! The file of vectors: the magic, how many words and buckets, then per row one step (little-endian
//! f32) and the whole numbers.

use super::{BUCKETS, Row, WIDTH};
use crate::error::{Error, Result};
use std::borrow::Cow;

const MAGIC: &[u8; 8] = b"VOZVEC01";
const HEAD: usize = MAGIC.len() + 4;
const ROW: usize = 4 + WIDTH;

/// Vectors of numbered words, then of buckets of letter sequences.
#[derive(Clone, Debug)]
pub struct Vectors {
    words: usize,
    bytes: Cow<'static, [u8]>,
}

impl Vectors {
    /// Rounds learned vectors, each to its own largest part.
    pub fn quantize(words: &[[f32; WIDTH]], buckets: &[[f32; WIDTH]]) -> Self {
        let mut bytes = MAGIC.to_vec();
        bytes.extend((words.len() as u32).to_le_bytes());
        for row in words.iter().chain(buckets) {
            let largest = row.iter().fold(0.0_f32, |most, part| most.max(part.abs()));
            let step = largest / 127.0;
            bytes.extend(step.to_le_bytes());
            let steps = row
                .iter()
                .map(|part| if step > 0.0 { part / step } else { 0.0 });
            bytes.extend(steps.map(|steps| (steps.round() as i8).cast_unsigned()));
        }
        Self {
            words: words.len(),
            bytes: Cow::Owned(bytes),
        }
    }

    /// Reads what [`Vectors::to_bytes`] gave.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is something else or cut short.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self> {
        let words = bytes
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.first_chunk())
            .map(|count| u32::from_le_bytes(*count) as usize)
            .filter(|words| bytes.len() == HEAD + (words + BUCKETS) * ROW);
        let words = words.ok_or_else(|| {
            Error::model("not a file of vectors of this version, or cut short")
                .at("vectors.bin")
                .hint("train the vectors again, or restore their folder")
        })?;
        Ok(Self { words, bytes })
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many words have a vector.
    pub fn words(&self) -> usize {
        self.words
    }

    /// The vector of a word; `number` below [`Vectors::words`].
    pub fn word(&self, number: usize) -> Row<'_> {
        self.row(number)
    }

    /// The vector of a bucket; `bucket` below [`BUCKETS`].
    pub fn bucket(&self, bucket: usize) -> Row<'_> {
        self.row(self.words + bucket)
    }

    fn row(&self, at: usize) -> Row<'_> {
        const NOTHING: &[u8; WIDTH] = &[0; WIDTH];
        let row = &self.bytes[HEAD + at * ROW..];
        Row {
            step: row
                .first_chunk()
                .map_or(0.0, |step| f32::from_le_bytes(*step)),
            steps: row[4..].first_chunk().unwrap_or(NOTHING),
        }
    }
}
