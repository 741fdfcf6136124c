//! The learner of one head: follow the regularised leader (`FTRL-Proximal`; `McMahan` et al. 2013, "Ad
//! Click Prediction").

use super::encode::{Encoded, Rows};
use super::recipe::Settings;
use crate::embedding::{Vector, WIDTH};
use crate::model::head::Learned;

/// The state of a learner: per weight, the leader's sum `z` and the sum of squared slopes `n`.
pub struct Leader<const N: usize> {
    settings: Settings,
    words: Vec<[Slot; N]>,
    grams: Vec<[Slot; N]>,
    letters: Vec<[Slot; N]>,
    /// Weights of the parts of the mean vector.
    vector: Vec<[Slot; N]>,
    biases: Vec<[Slot; N]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    z: f32,
    n: f32,
    weight: f32,
}

/// Numbers of rows, powers of two where they are hashed.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub words: usize,
    pub grams: usize,
    pub letters: usize,
    pub biases: usize,
}

impl<const N: usize> Leader<N> {
    pub fn new(settings: Settings, size: Size) -> Self {
        let table = |rows| vec![[Slot::default(); N]; rows];
        Self {
            settings,
            words: table(size.words),
            grams: table(size.grams),
            letters: table(size.letters),
            vector: table(WIDTH),
            biases: table(size.biases),
        }
    }

    /// The logits of an example; `bias` names a bias beside the first.
    pub fn logits(&self, encoded: &Encoded, rows: &Rows<'_>, bias: usize) -> [f32; N] {
        self.logits_at(encoded, rows, &Self::mean(encoded, rows), bias)
    }

    fn logits_at(
        &self,
        encoded: &Encoded,
        rows: &Rows<'_>,
        mean: &Vector,
        bias: usize,
    ) -> [f32; N] {
        let mut sums = [0.0; N];
        let mut add = |slots: &[Slot; N]| {
            for (sum, slot) in sums.iter_mut().zip(slots) {
                *sum += slot.weight;
            }
        };
        for word in rows.words {
            add(&self.words[*word as usize]);
            for hash in &encoded.letters[*word as usize] {
                add(&self.letters[self.letter(*hash)]);
            }
        }
        rows.grams
            .iter()
            .for_each(|hash| add(&self.grams[self.gram(*hash)]));
        rows.letters
            .iter()
            .for_each(|hash| add(&self.letters[self.letter(*hash)]));
        for (slots, part) in self.vector.iter().zip(mean) {
            for (sum, slot) in sums.iter_mut().zip(slots) {
                *sum += part * slot.weight;
            }
        }
        std::array::from_fn(|column| {
            let own = if bias == 0 {
                0.0
            } else {
                self.biases[bias][column].weight
            };
            rows.norm * sums[column] + self.biases[0][column].weight + own
        })
    }

    /// The sum of the vectors of an example's words.
    fn mean(encoded: &Encoded, rows: &Rows<'_>) -> Vector {
        let mut sum = [0.0; WIDTH];
        for word in rows.words {
            if let Some(vector) = encoded.vectors.get(*word as usize) {
                sum.iter_mut()
                    .zip(vector)
                    .for_each(|(sum, part)| *sum += part);
            }
        }
        sum
    }

    fn gram(&self, hash: u32) -> usize {
        hash as usize & (self.grams.len() - 1)
    }

    fn letter(&self, hash: u32) -> usize {
        hash as usize & (self.letters.len() - 1)
    }

    /// Moves every weight that takes part in an example against the slope that `slopes` makes of its
    /// logits.
    pub fn learn(
        &mut self,
        encoded: &Encoded,
        rows: &Rows<'_>,
        bias: usize,
        slopes: impl FnOnce([f32; N]) -> [f32; N],
    ) {
        let mean = Self::mean(encoded, rows);
        let slopes = slopes(self.logits_at(encoded, rows, &mean, bias));
        let free = Settings {
            l1: 0.0,
            l2: 0.0,
            ..self.settings
        };
        update(&mut self.biases[0], &slopes, &free);
        if bias > 0 {
            update(&mut self.biases[bias], &slopes, &free);
        }
        let slopes = slopes.map(|slope| slope * rows.norm);
        let settings = self.settings;
        for word in rows.words {
            update(&mut self.words[*word as usize], &slopes, &settings);
            for hash in &encoded.letters[*word as usize] {
                let row = self.letter(*hash);
                update(&mut self.letters[row], &slopes, &settings);
            }
        }
        for hash in rows.grams {
            let row = self.gram(*hash);
            update(&mut self.grams[row], &slopes, &settings);
        }
        for hash in rows.letters {
            let row = self.letter(*hash);
            update(&mut self.letters[row], &slopes, &settings);
        }
        if settings.vector_rate > 0.0 {
            let own = Settings {
                rate: settings.vector_rate,
                ..free
            };
            for (slots, part) in self.vector.iter_mut().zip(&mean) {
                update(slots, &slopes.map(|slope| slope * part), &own);
            }
        }
    }

    /// The weights, with the letters and the vector of each numbered word in its row; `M` columns, those
    /// beyond `N` empty.
    pub fn learned<const M: usize>(self, encoded: &Encoded) -> Learned<M> {
        let wide = |slots: &[Slot; N]| -> [f32; M] {
            std::array::from_fn(|column| slots.get(column).map_or(0.0, |slot| slot.weight))
        };
        let letters: Vec<[f32; M]> = self.letters.iter().map(wide).collect();
        let vector: Vec<[f32; M]> = self.vector.iter().map(wide).collect();
        let word = |(number, slots): (usize, &[Slot; N])| {
            let mut row = wide(slots);
            let mut add = |weights: &[f32; M], part: f32| {
                row.iter_mut()
                    .zip(weights)
                    .for_each(|(sum, weight)| *sum += part * weight);
            };
            for hash in &encoded.letters[number] {
                add(&letters[self.letter(*hash)], 1.0);
            }
            if let Some(own) = encoded.vectors.get(number) {
                own.iter()
                    .zip(&vector)
                    .for_each(|(part, weights)| add(weights, *part));
            }
            row
        };
        Learned {
            words: self.words.iter().enumerate().map(word).collect(),
            grams: self.grams.iter().map(wide).collect(),
            bias: wide(&self.biases[0]),
            letters,
        }
    }
}

fn update<const N: usize>(slots: &mut [Slot; N], slopes: &[f32; N], settings: &Settings) {
    for (slot, slope) in slots
        .iter_mut()
        .zip(slopes)
        .filter(|(_, slope)| **slope != 0.0)
    {
        let n = slot.n + slope * slope;
        let step = (n.sqrt() - slot.n.sqrt()) / settings.rate;
        slot.z += slope - step * slot.weight;
        slot.n = n;
        let excess = slot.z.abs() - settings.l1;
        slot.weight = if excess <= 0.0 {
            0.0
        } else {
            -excess.copysign(slot.z) / ((1.0 + n.sqrt()) / settings.rate + settings.l2)
        };
    }
}
