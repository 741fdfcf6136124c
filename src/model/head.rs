//! One head of a linear model: `N` outputs, each a sum of weights of words, hashed groups of words, and
//! letters of words without a number.

/// Where the rows of a head lie, and what their whole numbers are worth.
///
/// `GRAMS` and `LETTERS` are the numbers of rows that hashes are cut to, powers of two.
#[derive(Clone, Copy, Debug)]
pub struct Head<const N: usize, const GRAMS: usize, const LETTERS: usize> {
    scales: [[f32; N]; 3],
    bias: [f32; N],
    words: usize,
    grams: usize,
    letters: usize,
}

/// Running sums of a head: whole numbers, so that sums of clauses add up to those of the text.
#[derive(Clone, Copy, Debug)]
pub struct Sums<const N: usize> {
    /// Of words with a number.
    pub words: [i32; N],
    /// Of hashed groups.
    pub grams: [i32; N],
    /// Of letters of words without a number.
    pub letters: [i32; N],
}

impl<const N: usize> Default for Sums<N> {
    fn default() -> Self {
        Self {
            words: [0; N],
            grams: [0; N],
            letters: [0; N],
        }
    }
}

impl<const N: usize> Sums<N> {
    /// Adds the sums of another part of the text.
    pub fn add(&mut self, other: &Self) {
        let parts = [
            (&mut self.words, &other.words),
            (&mut self.grams, &other.grams),
            (&mut self.letters, &other.letters),
        ];
        for (sums, others) in parts {
            for (sum, other) in sums.iter_mut().zip(others) {
                *sum += other;
            }
        }
    }
}

/// A head as learned, before rounding: rows of words with their letters and vectors in them, of groups,
/// and of letters.
#[derive(Debug)]
pub struct Learned<const N: usize> {
    /// Per word, everything it adds.
    pub words: Vec<[f32; N]>,
    /// Per hashed group.
    pub grams: Vec<[f32; N]>,
    /// Per hashed letter sequence.
    pub letters: Vec<[f32; N]>,
    /// Added to every logit.
    pub bias: [f32; N],
}

impl<const N: usize, const GRAMS: usize, const LETTERS: usize> Head<N, GRAMS, LETTERS> {
    /// Bytes of scales and biases.
    const FRONT: usize = 4 * 4 * N;

    /// Bytes of a head over so many words.
    pub const fn bytes(words: usize) -> usize {
        Self::FRONT + 2 * N * words + N * (GRAMS + LETTERS)
    }

    /// The head whose bytes begin at `start`; the caller has checked that they are all there.
    pub fn new(bytes: &[u8], start: usize, words: usize) -> Self {
        let row = |block: usize| -> [f32; N] {
            std::array::from_fn(|output| {
                let at = start + 4 * (block * N + output);
                bytes[at..]
                    .first_chunk()
                    .map_or(0.0, |four| f32::from_le_bytes(*four))
            })
        };
        let first = start + Self::FRONT;
        Self {
            scales: [row(0), row(1), row(2)],
            bias: row(3),
            words: first,
            grams: first + 2 * N * words,
            letters: first + 2 * N * words + N * GRAMS,
        }
    }

    /// True when every scale and bias is a number.
    pub fn is_finite(&self) -> bool {
        let scales = self.scales.as_flattened().iter();
        scales.chain(&self.bias).all(|number| number.is_finite())
    }

    /// Rounds what was learned to whole numbers: two bytes for words, one for the rest.
    pub fn round(learned: &Learned<N>) -> Vec<u8> {
        let scales = [
            scales(&learned.words, f32::from(i16::MAX)),
            scales(&learned.grams, 127.0),
            scales(&learned.letters, 127.0),
        ];
        let mut bytes = Vec::with_capacity(Self::bytes(learned.words.len()));
        for row in scales.iter().chain([&learned.bias]) {
            bytes.extend(row.iter().flat_map(|number| number.to_le_bytes()));
        }
        for row in &learned.words {
            let steps = row
                .iter()
                .zip(&scales[0])
                .map(|(weight, scale)| weight / scale);
            bytes.extend(steps.flat_map(|steps| (steps.round() as i16).to_le_bytes()));
        }
        for (table, scale) in [(&learned.grams, &scales[1]), (&learned.letters, &scales[2])] {
            let steps = table
                .iter()
                .flat_map(|row| row.iter().zip(scale).map(|(weight, scale)| weight / scale));
            let whole = |steps: f32| steps.round().clamp(-127.0, 127.0) as i8;
            bytes.extend(steps.map(|steps| whole(steps).cast_unsigned()));
        }
        bytes
    }

    /// What was learned, as near as rounding left it.
    pub fn learned(&self, rows: &[u8], words: usize) -> Learned<N> {
        let part = |sums: [i32; N], scale: &[f32; N]| -> [f32; N] {
            std::array::from_fn(|output| scale[output] * sums[output] as f32)
        };
        let of = |table: usize, count: usize| -> Vec<[f32; N]> {
            let row = |at: usize| {
                let mut sums = Sums::<N>::default();
                match table {
                    0 => self.add_word(rows, at as u32, &mut sums.words),
                    1 => self.add_gram(rows, at as u32, &mut sums.words),
                    _ => self.add_letter(rows, at as u32, &mut sums.words),
                }
                part(sums.words, &self.scales[table])
            };
            (0..count).map(row).collect()
        };
        Learned {
            words: of(0, words),
            grams: of(1, GRAMS),
            letters: of(2, LETTERS),
            bias: self.bias,
        }
    }

    /// Adds the row of a word; `number` below the number of words.
    pub fn add_word(&self, rows: &[u8], number: u32, sums: &mut [i32; N]) {
        let at = self.words + 2 * N * number as usize;
        let row = rows[at..at + 2 * N].chunks_exact(2);
        for (sum, two) in sums.iter_mut().zip(row) {
            *sum += i32::from(i16::from_le_bytes([two[0], two[1]]));
        }
    }

    /// Adds the row of a hashed group.
    pub fn add_gram(&self, rows: &[u8], hash: u32, sums: &mut [i32; N]) {
        let at = self.grams + N * (hash as usize & (GRAMS - 1));
        add(&rows[at..at + N], sums);
    }

    /// Adds the row of a hashed letter sequence.
    pub fn add_letter(&self, rows: &[u8], hash: u32, sums: &mut [i32; N]) {
        let at = self.letters + N * (hash as usize & (LETTERS - 1));
        add(&rows[at..at + N], sums);
    }

    /// The logits of sums over a text of so many units.
    pub fn logits(&self, sums: &Sums<N>, units: u32) -> [f32; N] {
        let added = self.added(sums, units);
        std::array::from_fn(|output| self.bias[output] + added[output])
    }

    /// What every logit begins with.
    pub fn bias(&self) -> [f32; N] {
        self.bias
    }

    /// What sums add to the logits of a text of so many units.
    pub fn added(&self, sums: &Sums<N>, units: u32) -> [f32; N] {
        let norm = norm(units);
        std::array::from_fn(|output| {
            let [words, grams, letters] = self.scales.map(|scales| scales[output]);
            let sum = words * sums.words[output] as f32
                + grams * sums.grams[output] as f32
                + letters * sums.letters[output] as f32;
            norm * sum
        })
    }
}

fn add<const N: usize>(row: &[u8], sums: &mut [i32; N]) {
    for (sum, step) in sums.iter_mut().zip(row) {
        *sum += i32::from(step.cast_signed());
    }
}

/// What sums are multiplied by, so that long texts do not shout: one over the root of the units.
pub fn norm(units: u32) -> f32 {
    1.0 / (units.max(1) as f32).sqrt()
}

/// Per output, the step that makes the largest weight `most`. Where a row has one byte per weight, the
/// rare weights beyond the 99.99th percentile are cut: they would make every other weight coarse.
fn scales<const N: usize>(table: &[[f32; N]], most: f32) -> [f32; N] {
    let spared = if most < 1000.0 { 10_000 } else { usize::MAX };
    std::array::from_fn(|output| {
        let column = table.iter().map(|row| row[output].abs());
        let mut sizes: Vec<f32> = column.filter(|size| *size > 0.0).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let largest = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / spared));
        largest.map_or(1.0, |size| size / most)
    })
}
