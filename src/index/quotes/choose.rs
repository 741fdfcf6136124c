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

/// A candidate that may still be chosen.
#[derive(Clone, Copy)]
struct Open {
    at: usize,
    worth: f32,
    alike: usize,
}

/// At most `most` of the candidates, the most typical first, each with how many candidates, itself
/// included, mean `same` or more of what it does. No two of those chosen do. Of equal ones the
/// earlier is chosen, so their order must be one that does not depend on how they were found.
pub(super) fn choose<T>(candidates: Vec<Candidate<T>>, most: usize, same: f32) -> Vec<(T, u64)> {
    let mut open = weighed(&candidates, same);
    let mut chosen: Vec<Open> = Vec::new();
    while chosen.len() < most {
        let nearest = |one: &Open| {
            let others = chosen.iter();
            others
                .map(|other| dot(&candidates[one.at].vector, &candidates[other.at].vector))
                .fold(-1.0, f32::max)
        };
        let ranked = open.iter().filter_map(|one| {
            let nearest = nearest(one);
            (nearest < same).then(|| (one.worth - REPEATS * nearest.max(0.0), *one))
        });
        let best = ranked.reduce(|best, one| if one.0 > best.0 { one } else { best });
        let Some((_, best)) = best else {
            break;
        };
        open.retain(|one| one.at != best.at);
        chosen.push(best);
    }
    let mut candidates: Vec<Option<T>> = candidates.into_iter().map(|one| Some(one.what)).collect();
    chosen
        .into_iter()
        .filter_map(|one| Some((candidates[one.at].take()?, one.alike as u64)))
        .collect()
}

/// What each candidate is worth by itself.
fn weighed<T>(candidates: &[Candidate<T>], same: f32) -> Vec<Open> {
    let centre = centre(candidates.iter().map(|one| &one.vector));
    let alike = |one: &Candidate<T>| {
        let others = candidates.iter();
        let near = others.filter(|other| dot(&one.vector, &other.vector) >= same);
        near.count().max(1)
    };
    let weigh = |(at, one): (usize, &Candidate<T>)| {
        let alike = alike(one);
        let shared = (alike - 1) as f32 / candidates.len() as f32;
        Open {
            at,
            worth: dot(&one.vector, &centre) + BONUS * one.bonus + ALIKE * shared,
            alike,
        }
    };
    candidates.iter().enumerate().map(weigh).collect()
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
