//! Clusters of vectors: how many is not asked for.
//!
//! 1. Each vector is replaced by the mean of its nearest ones: clauses about one thing, told in other
//!    words, move together. (On the shared labelled sets this is worth 2 points of V-measure and 10 of
//!    the adjusted Rand index.)
//! 2. k-means (Lloyd 1982; first centres as by Arthur & Vassilvitskii 2007) makes many small cells.
//! 3. Cells whose centres lie close are joined, the closest first, until none are: what remains are
//!    the themes. They need not be round: a theme keeps the centres of its cells.
//!
//! Every sum is made in the order of the vectors, whatever the threads, so the same vectors in the
//! same order give the same bits.

use super::super::likeness::{add, unit};
use crate::chance::Chance;
use crate::embedding::{Crowd, Vector, WIDTH, dot};
use rayon::prelude::*;

/// Rounds of k-means at most; it is nearly still after ten.
const ROUNDS: usize = 15;

/// Each vector replaced by the mean of the `count` nearest (itself among them), of length 1.
pub fn smoothed(vectors: &[Vector], count: usize) -> Vec<Vector> {
    let near = Crowd::new(vectors.to_vec()).neighbours(count);
    let mean = |(vector, near): (&Vector, Vec<(f32, usize)>)| {
        let mut sum = [0.0; WIDTH];
        for (_, at) in near {
            add(&mut sum, &vectors[at]);
        }
        unit(&sum).unwrap_or(*vector)
    };
    vectors.iter().zip(near).map(mean).collect()
}

/// A cell of k-means.
#[derive(Clone, Debug)]
pub struct Cells {
    /// Cell of each vector.
    pub of: Vec<usize>,
    /// Centre of each cell, length 1.
    pub centres: Vec<Vector>,
}

/// Cuts vectors into at most `count` cells.
pub fn cells(vectors: &[Vector], count: usize, seed: u64) -> Cells {
    let mut centres = first_centres(vectors, count, seed);
    let mut of = assigned(vectors, &centres);
    for _ in 0..ROUNDS {
        centres = moved(vectors, &of, centres);
        let next = assigned(vectors, &centres);
        if next == of {
            break;
        }
        of = next;
    }
    Cells { of, centres }
}

/// First centres: each drawn with a chance that grows with its distance to the nearest one so far.
fn first_centres(vectors: &[Vector], count: usize, seed: u64) -> Vec<Vector> {
    let mut chance = Chance::new(seed);
    let Some(first) = vectors.get(chance.below(vectors.len() as u64) as usize) else {
        return Vec::new();
    };
    let mut centres = vec![*first];
    let mut distance: Vec<f32> = vec![f32::INFINITY; vectors.len()];
    while centres.len() < count {
        let last = centres[centres.len() - 1];
        distance
            .par_iter_mut()
            .zip(vectors)
            .for_each(|(far, vector)| *far = far.min((1.0 - dot(&last, vector)).max(0.0)));
        let total: f64 = distance.iter().map(|far| f64::from(*far)).sum();
        if total <= 1e-6 {
            break;
        }
        let mut left = chance.unit() * total;
        let drawn = distance.iter().position(|far| {
            left -= f64::from(*far);
            left < 0.0
        });
        centres.push(vectors[drawn.unwrap_or(vectors.len() - 1)]);
    }
    centres
}

/// The nearest centre of each vector.
fn assigned(vectors: &[Vector], centres: &[Vector]) -> Vec<usize> {
    let centres = Crowd::new(centres.to_vec());
    let of = |vector: &Vector| centres.nearest(vector).map_or(0, |(_, at)| at);
    vectors.par_iter().map(of).collect()
}

/// The means of the cells; the centre of an empty one stays.
fn moved(vectors: &[Vector], of: &[usize], mut centres: Vec<Vector>) -> Vec<Vector> {
    let mut sums = vec![[0.0; WIDTH]; centres.len()];
    for (vector, cell) in vectors.iter().zip(of) {
        add(&mut sums[*cell], vector);
    }
    for (centre, sum) in centres.iter_mut().zip(&sums) {
        *centre = unit(sum).unwrap_or(*centre);
    }
    centres
}

/// Joins groups of vectors, each given by its sum, the two with the closest means first, until no two
/// means have a cosine of `least` or more. The group of each, numbered from 0 in order of their first
/// member. Groups without length stay alone.
pub fn joined(sums: &[Vector], least: f32) -> Vec<usize> {
    let mut sums = sums.to_vec();
    let mut means: Vec<Option<Vector>> = sums.iter().map(unit).collect();
    let mut group: Vec<usize> = (0..sums.len()).collect();
    // The nearest later one of each: (cosine, which).
    let partner = |means: &[Option<Vector>], at: usize| {
        let mut best = (f32::NEG_INFINITY, at);
        let Some(own) = &means[at] else { return best };
        for (other, mean) in means.iter().enumerate().skip(at + 1) {
            let cosine = mean.as_ref().map_or(f32::NEG_INFINITY, |one| dot(own, one));
            if cosine > best.0 {
                best = (cosine, other);
            }
        }
        best
    };
    let mut nearest: Vec<(f32, usize)> = (0..sums.len()).map(|at| partner(&means, at)).collect();
    while let Some((at, _, other)) = closest(&nearest).filter(|best| best.1 >= least) {
        let taken = sums[other];
        add(&mut sums[at], &taken);
        (means[at], means[other]) = (unit(&sums[at]), None);
        group
            .iter_mut()
            .filter(|one| **one == other)
            .for_each(|one| *one = at);
        for row in 0..=other {
            if row == at || row == other || [at, other].contains(&nearest[row].1) {
                nearest[row] = partner(&means, row);
            } else if let (Some(own), Some(new)) = (&means[row], &means[at])
                && row < at
                && dot(own, new) > nearest[row].0
            {
                nearest[row] = (dot(own, new), at);
            }
        }
    }
    numbered(&group)
}

/// The first of the rows with the largest cosine: its position, the cosine, and its partner.
fn closest(rows: &[(f32, usize)]) -> Option<(usize, f32, usize)> {
    let mut best: Option<(usize, f32, usize)> = None;
    for (at, (cosine, other)) in rows.iter().enumerate() {
        if best.is_none_or(|best| *cosine > best.1) {
            best = Some((at, *cosine, *other));
        }
    }
    best
}

/// Groups numbered from 0 in the order they first occur.
fn numbered(group: &[usize]) -> Vec<usize> {
    let mut seen: Vec<usize> = Vec::new();
    let number = |one: &usize| {
        seen.iter()
            .position(|known| known == one)
            .unwrap_or_else(|| {
                seen.push(*one);
                seen.len() - 1
            })
    };
    group.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `groups` directions, `each` vectors around each.
    fn drawn(groups: usize, each: usize) -> Vec<Vector> {
        let mut chance = Chance::new(9);
        let mut vectors = Vec::new();
        for group in 0..groups {
            for _ in 0..each {
                let mut vector = [0.0; WIDTH];
                vector.fill_with(|| 0.04 * chance.normal() as f32);
                vector[group] += 1.0;
                vectors.push(unit(&vector).unwrap());
            }
        }
        vectors
    }

    #[test]
    fn planted_groups_come_back() {
        let vectors = drawn(7, 60);
        let cells = cells(&smoothed(&vectors, 10), 30, 1);
        let mut sums = vec![[0.0; WIDTH]; cells.centres.len()];
        for (vector, cell) in vectors.iter().zip(&cells.of) {
            add(&mut sums[*cell], vector);
        }
        let group = joined(&sums, 0.7);
        let themes: Vec<usize> = cells.of.iter().map(|cell| group[*cell]).collect();
        for (at, theme) in themes.iter().enumerate() {
            assert_eq!(*theme, themes[at / 60 * 60], "vector {at}");
        }
        assert_eq!(numbered(&themes).iter().max(), Some(&6));
    }

    #[test]
    fn threads_make_no_difference() {
        let vectors = drawn(5, 80);
        let alone = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        let one = alone.install(|| cells(&smoothed(&vectors, 8), 20, 4));
        let many = cells(&smoothed(&vectors, 8), 20, 4);
        assert_eq!(one.of, many.of);
        assert_eq!(one.centres, many.centres);
    }

    #[test]
    fn nothing_and_alike_are_no_trouble() {
        assert!(cells(&[], 10, 1).of.is_empty());
        let alike = vec![unit(&[1.0; WIDTH]).unwrap(); 9];
        assert_eq!(cells(&smoothed(&alike, 3), 5, 1).centres.len(), 1);
        assert!(joined(&[], 0.5).is_empty());
    }
}
