//! Choosing a few of many: typical, unlike one another.

use crate::embedding::{Vector, WIDTH, dot};

/// Something that may be chosen.
#[derive(Clone, Debug)]
pub(super) struct Candidate<T> {
    pub(super) what: T,
    /// Its meaning, of length 1.
    pub(super) vector: Vector,
    /// What speaks for it beside being typical, 0 to 1.
    pub(super) bonus: f32,
}

/// What one full bonus is worth, in cosines. A guess that held on reading.
const BONUS: f32 = 0.4;
/// What it is worth that all candidates mean nearly the same, in cosines.
const ALIKE: f32 = 0.5;
/// What it costs to be the same as one already chosen, in cosines.
const REPEATS: f32 = 0.5;

/// At most `most` of the candidates, the most typical first, each with how many candidates, itself
/// included, mean `same` or more of what it does. No two of those chosen do. Of equal ones the
/// earlier is chosen, so their order must be one that does not depend on how they were found.
pub(super) fn choose<T>(candidates: Vec<Candidate<T>>, most: usize, same: f32) -> Vec<(T, u64)> {
    let centre = centre(candidates.iter().map(|one| &one.vector));
    let alike = |one: &Candidate<T>| {
        let others = candidates.iter();
        others
            .filter(|other| dot(&one.vector, &other.vector) >= same)
            .count()
            .max(1)
    };
    let total = candidates.len().max(1) as f32;
    let mut left: Vec<(usize, f32, usize)> = candidates
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let alike = alike(one);
            let shared = (alike - 1) as f32 / total;
            let worth = dot(&one.vector, &centre) + BONUS * one.bonus + ALIKE * shared;
            (at, worth, alike)
        })
        .collect();
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    while chosen.len() < most {
        let nearest = |at: usize| {
            let others = chosen.iter();
            others
                .map(|(other, _)| dot(&candidates[at].vector, &candidates[*other].vector))
                .fold(-1.0, f32::max)
        };
        let ranked = left.iter().map(|(at, worth, alike)| {
            let nearest = nearest(*at);
            (*at, worth - REPEATS * nearest.max(0.0), *alike, nearest)
        });
        let best = ranked
            .filter(|(.., nearest)| *nearest < same)
            .reduce(|best, one| if one.1 > best.1 { one } else { best });
        let Some((at, _, alike, _)) = best else {
            break;
        };
        left.retain(|(other, ..)| *other != at);
        chosen.push((at, alike));
    }
    let mut candidates: Vec<Option<T>> = candidates.into_iter().map(|one| Some(one.what)).collect();
    chosen
        .into_iter()
        .filter_map(|(at, alike)| Some((candidates[at].take()?, alike as u64)))
        .collect()
}

/// The direction that vectors have in common; added up in their order.
fn centre<'v>(vectors: impl Iterator<Item = &'v Vector>) -> Vector {
    let mut sum = [0.0; WIDTH];
    for vector in vectors {
        for (sum, part) in sum.iter_mut().zip(vector) {
            *sum += part;
        }
    }
    let length = dot(&sum, &sum).sqrt();
    if length > f32::EPSILON {
        for part in &mut sum {
            *part /= length;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(what: &'static str, at: &[(usize, f32)]) -> Candidate<&'static str> {
        let mut vector = [0.0; WIDTH];
        for (dimension, part) in at {
            vector[*dimension] = *part;
        }
        Candidate {
            what,
            vector,
            bonus: 0.0,
        }
    }

    #[test]
    fn the_typical_comes_first_and_nothing_twice() {
        let candidates = vec![
            candidate("alone", &[(5, 1.0)]),
            candidate("common", &[(0, 1.0)]),
            candidate("common again", &[(0, 1.0)]),
            candidate("near", &[(0, 0.6), (1, 0.8)]),
        ];
        let chosen = choose(candidates.clone(), 9, 0.9);
        assert_eq!(chosen, [("common", 2), ("near", 1), ("alone", 1)]);
        assert_eq!(choose(candidates, 1, 0.9).len(), 1);
        assert!(choose(Vec::<Candidate<()>>::new(), 3, 0.9).is_empty());
    }

    #[test]
    fn what_reads_badly_stands_back() {
        let mut candidates = vec![
            candidate("shouted", &[(0, 1.0)]),
            candidate("said", &[(0, 0.95), (1, 0.312)]),
        ];
        candidates[1].bonus = 1.0;
        assert_eq!(choose(candidates, 1, 0.99)[0].0, "said");
    }
}
