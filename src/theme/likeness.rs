//! Likeness: what a theme's clauses are like, beside the phrases that name it.
//!
//! A theme that was found in comments keeps a few vectors, its *prototypes*. A clause is about the
//! theme of the nearest prototype, unless it is farther from it than nearly all clauses the theme was
//! found in. Vectors are taken from a centre, the mean of the comments that themes were found in: what
//! all of them share says nothing about any.

use crate::embedding::{Embedding, Vector, WIDTH, dot};
use crate::error::{Error, Result};
use crate::text::Tokens;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::ops::Range;

/// Where vectors are taken from.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    centre: Vector,
}

/// What the clauses of a theme are like.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// Vectors of length 1.
    pub prototypes: Vec<Vector>,
    /// The least cosine to a prototype, -1 to 1.
    pub near: f32,
}

impl Space {
    /// The space around a centre.
    pub fn new(centre: Vector) -> Self {
        Self { centre }
    }

    /// The space around the mean of some vectors; that of none is around 0.
    pub fn around(vectors: &[Vector]) -> Self {
        let mut centre = [0.0; WIDTH];
        for vector in vectors {
            add(&mut centre, vector);
        }
        let count = vectors.len().max(1) as f32;
        // Rounded as it is written, so that a space read back is the same.
        Self::new(centre.map(|part| part / count)).rounded()
    }

    fn rounded(&self) -> Self {
        Self {
            centre: self.centre.map(|part| f32::from(steps(part)) / STEPS),
        }
    }

    /// The vector of some tokens in this space; `None` when they hold no word with a vector.
    pub fn vector(
        &self,
        embedding: &Embedding,
        tokens: &Tokens,
        range: Range<usize>,
    ) -> Option<Vector> {
        self.place(&embedding.text(tokens, range)?)
    }

    /// A vector of the embedding in this space: length 1; `None` for the centre itself.
    pub fn place(&self, vector: &Vector) -> Option<Vector> {
        let mut placed = *vector;
        for (part, centre) in placed.iter_mut().zip(&self.centre) {
            *part -= centre;
        }
        unit(&placed)
    }

    /// As text: see [`write`].
    pub fn written(&self) -> String {
        write(&self.centre)
    }

    /// From what [`Space::written`] gave.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is something else.
    pub fn read(text: &str) -> Result<Self> {
        Ok(Self::new(read(text)?))
    }
}

impl Likeness {
    /// The largest cosine to a prototype.
    pub fn cosine(&self, vector: &Vector) -> f32 {
        let cosines = self.prototypes.iter().map(|one| dot(one, vector));
        cosines.fold(-1.0, f32::max)
    }

    /// The prototypes as text.
    pub fn written(&self) -> Vec<String> {
        self.prototypes.iter().map(write).collect()
    }

    /// From what [`Likeness::written`] gave.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is something else.
    pub fn read(prototypes: &[String], near: f32) -> Result<Self> {
        let vectors: Result<Vec<Vector>> = prototypes.iter().map(|one| read(one)).collect();
        let prototypes = vectors?.iter().filter_map(unit).collect();
        Ok(Self { prototypes, near })
    }
}

/// Parts are kept in steps of 1/127 of the length of a vector of length 1.
const STEPS: f32 = 127.0;

fn steps(part: f32) -> i8 {
    (part * STEPS).round().clamp(-STEPS, STEPS) as i8
}

/// A vector as it will be read back.
pub(super) fn rounded(vector: &Vector) -> Vector {
    let steps = vector.map(|part| f32::from(steps(part)) / STEPS);
    unit(&steps).unwrap_or(*vector)
}

fn write(vector: &Vector) -> String {
    BASE64.encode(vector.map(|part| steps(part).cast_unsigned()))
}

fn read(text: &str) -> Result<Vector> {
    let wrong = || {
        Error::model(format!("`{text}` is not a vector of {WIDTH} parts"))
            .hint("restore the line, or run `voz themes discover` again")
    };
    let bytes = BASE64.decode(text).map_err(|_| wrong())?;
    let bytes: [u8; WIDTH] = bytes.try_into().map_err(|_| wrong())?;
    Ok(bytes.map(|byte| f32::from(byte.cast_signed()) / STEPS))
}

pub(super) fn add(sum: &mut Vector, vector: &Vector) {
    for (sum, part) in sum.iter_mut().zip(vector) {
        *sum += part;
    }
}

/// A vector brought to length 1; `None` for one without length.
pub(super) fn unit(vector: &Vector) -> Option<Vector> {
    let length = dot(vector, vector).sqrt();
    (length > 1e-6).then(|| vector.map(|part| part / length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    fn drawn(chance: &mut Chance) -> Vector {
        let mut vector = [0.0; WIDTH];
        vector.fill_with(|| chance.normal() as f32);
        unit(&vector).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut chance = Chance::new(3);
        let vectors: Vec<Vector> = (0..4).map(|_| drawn(&mut chance)).collect();
        let space = Space::around(&vectors);
        assert_eq!(Space::read(&space.written()).unwrap(), space);
        let likeness = Likeness {
            prototypes: vectors.iter().map(rounded).collect(),
            near: 0.4,
        };
        let back = Likeness::read(&likeness.written(), 0.4).unwrap();
        assert_eq!(back, likeness);
        assert!(back.cosine(&vectors[2]) > 0.99);
        assert!(Space::read("AAAA").is_err());
    }

    #[test]
    fn the_centre_has_no_place() {
        let space = Space::around(&[[0.0; WIDTH]]);
        assert_eq!(space.place(&[0.0; WIDTH]), None);
    }
}
