//! Accuracy: counts of what was said against what is true, and the figures made of them.

/// True and said labels counted, for labels numbered from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion<const N: usize> {
    /// `counts[true][said]`.
    pub counts: [[u64; N]; N],
}

impl<const N: usize> Default for Confusion<N> {
    fn default() -> Self {
        Self {
            counts: [[0; N]; N],
        }
    }
}

impl<const N: usize> Confusion<N> {
    /// Counts one text.
    pub fn count(&mut self, truth: usize, said: usize) {
        self.counts[truth][said] += 1;
    }

    /// How many texts.
    pub fn n(&self) -> u64 {
        self.counts.as_flattened().iter().sum()
    }

    /// The F1 of a label, 0 to 1; `None` when no text has it.
    pub fn f1(&self, label: usize) -> Option<f64> {
        let truth: u64 = self.counts[label].iter().sum();
        let said: u64 = self.counts.iter().map(|row| row[label]).sum();
        (truth > 0).then(|| f1(self.counts[label][label], said, truth))
    }

    /// The mean of the labels' F1 over the labels that occur, 0 to 1; `None` without texts.
    pub fn macro_f1(&self) -> Option<f64> {
        let each: Vec<f64> = (0..N).filter_map(|label| self.f1(label)).collect();
        (!each.is_empty()).then(|| each.iter().sum::<f64>() / each.len() as f64)
    }

    /// The share of texts that got their label, 0 to 1; `None` without texts.
    pub fn accuracy(&self) -> Option<f64> {
        let right: u64 = (0..N).map(|label| self.counts[label][label]).sum();
        (self.n() > 0).then(|| right as f64 / self.n() as f64)
    }
}

/// F1 from the number of right answers, of answers, and of true cases; 0 when nothing is right.
pub fn f1(right: u64, said: u64, truth: u64) -> f64 {
    if right == 0 {
        0.0
    } else {
        2.0 * right as f64 / (said + truth) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macro_f1_is_the_mean_over_labels_that_occur() {
        let mut confusion = Confusion::<3>::default();
        for (truth, said) in [(0, 0), (0, 2), (2, 2), (2, 2)] {
            confusion.count(truth, said);
        }
        let (negative, positive) = (2.0 / 3.0, 4.0 / 5.0);
        assert!((confusion.macro_f1().unwrap() - f64::midpoint(negative, positive)).abs() < 1e-12);
        assert_eq!(confusion.f1(1), None);
        assert_eq!(confusion.accuracy(), Some(0.75));
    }
}
