//! A crowd: many vectors, of which those nearest to another are looked for.
//!
//! All are compared, but roughly first: in whole numbers of 16 bits, of which a processor multiplies eight at a
//! time. Only those that may be the nearest by that are compared exactly, so what is found, and each cosine, is as
//! if all had been.

use super::{Vector, WIDTH, dot};
use rayon::prelude::*;

/// Steps of a rough part in a length of 1.
const STEPS: f32 = 16384.0;
/// What a rough cosine is off by at most, in its own steps: a part by half a step, hence a vector by
/// √WIDTH / 2 of them, hence the cosine of two of length 1 by √WIDTH · [`STEPS`] + WIDTH / 4 = 185,396. The rest is
/// more than the rounding of an exact cosine.
const DOUBT: i32 = 190_000;
/// Vectors looked for at a time: each row of the crowd is fetched once for all of them.
const AT_A_TIME: usize = 16;

/// A vector in whole steps. Aligned, so that it is read straight from memory.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
struct Rough([i16; WIDTH]);

impl Rough {
    fn new(vector: &Vector) -> Self {
        // Rounded by cutting off a positive number, which takes one instruction for four parts.
        const UP: f32 = 2.0 * STEPS;
        Self(vector.map(|part| ((part * STEPS + (UP + 0.5)) as i32 - UP as i32) as i16))
    }

    /// The cosine, in steps of 1 / [`STEPS`]². In eight lanes: so written, it is compiled to the instruction
    /// that multiplies eight pairs and adds them by twos; as one sum over all pairs it takes twice as long.
    fn dot(&self, other: &Self) -> i32 {
        let mut lanes = [0; 8];
        for (a, b) in self.0.chunks_exact(8).zip(other.0.chunks_exact(8)) {
            for lane in 0..8 {
                lanes[lane] += i32::from(a[lane]) * i32::from(b[lane]);
            }
        }
        lanes.iter().sum()
    }
}

/// Vectors of length 1, or 0.
#[derive(Clone, Debug)]
pub struct Crowd {
    vectors: Vec<Vector>,
    rough: Vec<Rough>,
}

impl Crowd {
    /// A crowd of these; none is longer than 1.
    pub fn new(vectors: Vec<Vector>) -> Self {
        Self {
            rough: vectors.iter().map(Rough::new).collect(),
            vectors,
        }
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.vectors.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    /// The nearest to a vector of length 1 at most: its cosine and its position; of equally near ones the first.
    pub fn nearest(&self, vector: &Vector) -> Option<(f32, usize)> {
        let own = Rough::new(vector);
        let mut best = None;
        let mut least = i32::MIN;
        for (at, (rough, other)) in self.rough.iter().zip(&self.vectors).enumerate() {
            if own.dot(rough) < least {
                continue;
            }
            let cosine = dot(vector, other);
            if best.is_none_or(|(most, _)| cosine > most) {
                best = Some((cosine, at));
                least = may_be(cosine);
            }
        }
        best
    }

    /// The `count` nearest to each of its own, itself among them: cosines and positions, the nearest first; of
    /// equally near ones the first. On every core.
    pub fn neighbours(&self, count: usize) -> Vec<Vec<(f32, usize)>> {
        let parts: Vec<usize> = (0..self.len()).step_by(AT_A_TIME).collect();
        let of_part = |first: usize| {
            let own = first..self.len().min(first + AT_A_TIME);
            let mut near: Vec<Near> = own.clone().map(|_| Near::new(count)).collect();
            for (at, (rough, other)) in self.rough.iter().zip(&self.vectors).enumerate() {
                for (one, near) in own.clone().zip(&mut near) {
                    if self.rough[one].dot(rough) >= near.least {
                        near.add(dot(&self.vectors[one], other), at);
                    }
                }
            }
            near.into_iter().map(|near| near.best)
        };
        parts.into_par_iter().flat_map_iter(of_part).collect()
    }
}

/// The nearest seen so far.
struct Near {
    count: usize,
    best: Vec<(f32, usize)>,
    /// The rough cosine below which nothing is one of them.
    least: i32,
}

impl Near {
    fn new(count: usize) -> Self {
        Self {
            count,
            best: Vec::with_capacity(count + 1),
            least: i32::MIN,
        }
    }

    fn add(&mut self, cosine: f32, at: usize) {
        let place = self.best.partition_point(|(better, _)| *better >= cosine);
        self.best.insert(place, (cosine, at));
        self.best.truncate(self.count);
        if let Some((last, _)) = self.best.get(self.count.wrapping_sub(1)) {
            self.least = may_be(*last);
        }
    }
}

/// The least rough cosine of two vectors whose exact one may be more than `cosine`.
fn may_be(cosine: f32) -> i32 {
    (cosine * (STEPS * STEPS)) as i32 - DOUBT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    /// Vectors of length 1, some of them twice and many close together.
    fn drawn(count: usize) -> Vec<Vector> {
        let mut chance = Chance::new(5);
        let mut vectors: Vec<Vector> = Vec::new();
        for at in 0..count {
            let mut vector = [0.0; WIDTH];
            let spread = [1.0, 0.05, 1e-4][at % 3];
            vector.fill_with(|| spread * chance.normal() as f32);
            vector[at % 7] += 1.0;
            let length = dot(&vector, &vector).sqrt();
            vectors.push(vector.map(|part| part / length));
        }
        vectors.extend_from_within(..count / 4);
        vectors
    }

    #[test]
    fn what_is_found_is_what_comparing_all_exactly_finds() {
        let vectors = drawn(200);
        let crowd = Crowd::new(vectors.clone());
        let neighbours = crowd.neighbours(9);
        assert_eq!(neighbours.len(), vectors.len());
        for (vector, near) in vectors.iter().zip(&neighbours) {
            let mut all: Vec<(f32, usize)> = (0..)
                .zip(&vectors)
                .map(|(at, other)| (dot(vector, other), at))
                .collect();
            all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            assert_eq!(near, &all[..9]);
            assert_eq!(crowd.nearest(vector), Some(all[0]));
        }
    }

    #[test]
    fn the_longest_parts_do_not_overflow() {
        let mut along = [0.0; WIDTH];
        along[3] = 1.0;
        let crowd = Crowd::new(vec![along.map(|part: f32| -part), [0.0; WIDTH], along]);
        assert_eq!(crowd.nearest(&along), Some((1.0, 2)));
        assert_eq!(crowd.neighbours(1)[0], [(1.0, 0)]);
        assert!(Crowd::new(Vec::new()).nearest(&along).is_none());
    }
}
