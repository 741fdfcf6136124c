//! Word vectors learn to find translations: of many sentences at a time, each is to lie nearer to its
//! own translation than to the others, and near to where the teacher puts it.
//!
//! The loss of a batch is the mean over both directions of the cross-entropy of the cosines divided by
//! a temperature (`InfoNCE`; van den Oord et al. 2018), plus one minus the cosine to the teacher. Every
//! sum runs in a fixed order: the same bits whatever the threads.

use super::recipe::Learning;
use super::texts::Pair;
use crate::chance::Chance;
use crate::embedding::{Vector, WIDTH, dot};
use rayon::prelude::*;

/// A text as numbered words, each as often as it stands there.
pub type Bag = Vec<u32>;

/// A pair as bags, and where the teacher puts it.
#[derive(Debug)]
pub struct Bags {
    pub en: Bag,
    pub es: Bag,
    pub taught: Vector,
}

/// True for a sentence with its translation: entries of dictionaries and English alone are not.
pub fn is_pair(pair: &Pair) -> bool {
    pair.es.is_some() && !pair.dictionary
}

/// Learned vectors with the sum of their squared slopes (`AdaGrad`; Duchi et al. 2011), one per word.
pub struct Learner {
    pub words: Vec<Vector>,
    slopes: Vec<f32>,
    learning: Learning,
}

/// A sentence's vector before and after it is brought to length 1.
struct Placed {
    unit: Vector,
    length: f32,
}

impl Learner {
    pub fn new(words: Vec<Vector>, learning: Learning) -> Self {
        let slopes = vec![0.0; words.len()];
        Self {
            words,
            slopes,
            learning,
        }
    }

    /// One pass over the pairs, in an order drawn from `chance`.
    pub fn pass(&mut self, pairs: &[Bags], chance: &mut Chance) {
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        chance.shuffle(&mut order);
        for batch in order.chunks(self.learning.batch) {
            let batch: Vec<&Bags> = batch.iter().map(|at| &pairs[*at]).collect();
            self.learn(&batch);
        }
    }

    fn learn(&mut self, batch: &[&Bags]) {
        let en: Vec<Placed> = batch.par_iter().map(|pair| self.place(&pair.en)).collect();
        let es: Vec<Placed> = batch.par_iter().map(|pair| self.place(&pair.es)).collect();
        let heat = 1.0 / self.learning.temperature;
        // likeness[a][b]: of the English sentence a and the Spanish sentence b.
        let likeness: Vec<Vec<f32>> = en
            .par_iter()
            .map(|a| es.iter().map(|b| heat * dot(&a.unit, &b.unit)).collect())
            .collect();
        let turned: Vec<Vec<f32>> = (0..es.len())
            .into_par_iter()
            .map(|b| likeness.iter().map(|row| row[b]).collect())
            .collect();
        let pull_en: Vec<Vec<f32>> = likeness.par_iter().enumerate().map(errors).collect();
        let pull_es: Vec<Vec<f32>> = turned.par_iter().enumerate().map(errors).collect();
        let slopes = |own: &[Placed], others: &[Placed], out: &[Vec<f32>], back: &[Vec<f32>]| {
            let slope = |(at, placed): (usize, &Placed)| {
                let mut sum = [0.0; WIDTH];
                for (other, placed) in others.iter().enumerate() {
                    let error = 0.5 * heat * (out[at][other] + back[other][at]);
                    for (sum, part) in sum.iter_mut().zip(&placed.unit) {
                        *sum += error * part;
                    }
                }
                for (sum, part) in sum.iter_mut().zip(&batch[at].taught) {
                    *sum -= self.learning.teacher * part;
                }
                along(&sum, placed)
            };
            own.par_iter()
                .enumerate()
                .map(slope)
                .collect::<Vec<Vector>>()
        };
        let slopes_en = slopes(&en, &es, &pull_en, &pull_es);
        let slopes_es = slopes(&es, &en, &pull_es, &pull_en);
        for (at, pair) in batch.iter().enumerate() {
            self.step(&pair.en, &slopes_en[at]);
            self.step(&pair.es, &slopes_es[at]);
        }
    }

    fn place(&self, bag: &Bag) -> Placed {
        let mut unit = [0.0; WIDTH];
        for word in bag {
            for (sum, part) in unit.iter_mut().zip(&self.words[*word as usize]) {
                *sum += part;
            }
        }
        let length = dot(&unit, &unit).sqrt().max(1e-6);
        for part in &mut unit {
            *part /= length;
        }
        Placed { unit, length }
    }

    fn step(&mut self, bag: &Bag, slope: &Vector) {
        let size = dot(slope, slope) / WIDTH as f32;
        for word in bag {
            let word = *word as usize;
            self.slopes[word] += size;
            let rate = self.learning.rate / (self.slopes[word].sqrt() + 1e-8);
            for (part, slope) in self.words[word].iter_mut().zip(slope) {
                *part -= rate * slope;
            }
        }
    }
}

/// Softmax of a row minus 1 at its own place.
fn errors((own, row): (usize, &Vec<f32>)) -> Vec<f32> {
    let largest = row.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = row.iter().map(|one| libm::expf(one - largest)).collect();
    let sum: f32 = powers.iter().sum();
    let mut errors: Vec<f32> = powers.iter().map(|power| power / sum).collect();
    errors[own] -= 1.0;
    errors
}

/// The slope of what was brought to length 1, from the slope of the result.
fn along(slope: &Vector, placed: &Placed) -> Vector {
    let inward = dot(slope, &placed.unit);
    std::array::from_fn(|at| (slope[at] - inward * placed.unit[at]) / placed.length)
}
