//! What was said against what is true, in whole counts, and the figures made of them.

use crate::model::Figures;

/// True and said labels counted, for labels numbered from 0.
///
/// A text that got no label stands in its own column: it counts as wrong in recall, F1 and accuracy,
/// and in no precision, for nothing was said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion<const N: usize> {
    /// `counts[true][said]`.
    pub counts: [[u64; N]; N],
    /// `unread[true]`: texts that got no label.
    pub unread: [u64; N],
}

impl<const N: usize> Default for Confusion<N> {
    fn default() -> Self {
        Self {
            counts: [[0; N]; N],
            unread: [0; N],
        }
    }
}

impl<const N: usize> Confusion<N> {
    /// Counts one text that got a label.
    pub fn count(&mut self, truth: usize, said: usize) {
        self.counts[truth][said] += 1;
    }

    /// Counts a text `times` times; `said` is `None` where it got no label.
    pub fn add(&mut self, truth: usize, said: Option<usize>, times: u64) {
        match said {
            Some(said) => self.counts[truth][said] += times,
            None => self.unread[truth] += times,
        }
    }

    /// Adds the counts of other texts.
    pub fn merge(&mut self, other: &Self) {
        let cells = self.counts.as_flattened_mut().iter_mut();
        for (cell, more) in cells.zip(other.counts.as_flattened()) {
            *cell += more;
        }
        for (cell, more) in self.unread.iter_mut().zip(other.unread) {
            *cell += more;
        }
    }

    /// How many texts.
    pub fn n(&self) -> u64 {
        self.said_in_all() + self.unread.iter().sum::<u64>()
    }

    fn said_in_all(&self) -> u64 {
        self.counts.as_flattened().iter().sum()
    }

    /// Texts with this label that got it.
    pub fn right(&self, label: usize) -> u64 {
        self.counts[label][label]
    }

    /// Texts that got this label.
    pub fn said(&self, label: usize) -> u64 {
        self.counts.iter().map(|row| row[label]).sum()
    }

    /// Texts whose label is truly this one, also called its support.
    pub fn truth(&self, label: usize) -> u64 {
        self.counts[label].iter().sum::<u64>() + self.unread[label]
    }

    /// The share of texts that got a label which have it, 0 to 1; `None` when none got it.
    pub fn precision(&self, label: usize) -> Option<f64> {
        share(self.right(label), self.said(label))
    }

    /// The share of texts with a label that got it, 0 to 1; `None` when no text has it.
    pub fn recall(&self, label: usize) -> Option<f64> {
        share(self.right(label), self.truth(label))
    }

    /// The F1 of a label, 0 to 1; `None` when no text has it.
    pub fn f1(&self, label: usize) -> Option<f64> {
        let truth = self.truth(label);
        (truth > 0).then(|| f1(self.right(label), self.said(label), truth))
    }

    /// The mean of the labels' F1 over the labels that occur, 0 to 1; `None` without texts.
    pub fn macro_f1(&self) -> Option<f64> {
        mean((0..N).filter_map(|label| self.f1(label)))
    }

    /// The mean of the labels' recall over the labels that occur, 0 to 1; `None` without texts.
    pub fn macro_recall(&self) -> Option<f64> {
        mean((0..N).filter_map(|label| self.recall(label)))
    }

    /// F1 of all answers together, 0 to 1: the same as the accuracy when every text got a label.
    /// `None` without texts.
    pub fn micro_f1(&self) -> Option<f64> {
        (self.n() > 0).then(|| f1(self.all_right(), self.said_in_all(), self.n()))
    }

    /// The mean of the labels' F1, each by its number of texts, 0 to 1; `None` without texts.
    pub fn weighted_f1(&self) -> Option<f64> {
        let each = (0..N).map(|label| self.truth(label) as f64 * self.f1(label).unwrap_or(0.0));
        (self.n() > 0).then(|| each.sum::<f64>() / self.n() as f64)
    }

    /// The share of texts that got their label, 0 to 1; `None` without texts.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.all_right(), self.n())
    }

    fn all_right(&self) -> u64 {
        (0..N).map(|label| self.right(label)).sum()
    }

    /// Every averaged figure; `None` without texts.
    pub fn figures(&self) -> Option<Figures> {
        Some(Figures {
            macro_f1: self.macro_f1()?,
            micro_f1: self.micro_f1()?,
            weighted_f1: self.weighted_f1()?,
            macro_recall: self.macro_recall()?,
            accuracy: self.accuracy(),
        })
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

/// `part` of `whole`, 0 to 1; `None` when that is nothing.
pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The mean; `None` of nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u64), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    /// By hand: negative 3 of 5 right with 4 said, neutral 1 of 3 with 3 said, positive 4 of 4 with
    /// 4 said; one negative text was not read.
    #[test]
    fn a_text_that_got_no_label_is_wrong() {
        let confusion = Confusion {
            counts: [[3, 1, 0], [1, 1, 0], [0, 1, 4]],
            unread: [1, 1, 0],
        };
        let close = |figure: Option<f64>, fraction: f64| {
            assert!((figure.unwrap() - fraction).abs() < 1e-12, "{figure:?}");
        };
        assert_eq!(confusion.n(), 13);
        assert_eq!([0, 1, 2].map(|label| confusion.truth(label)), [5, 3, 5]);
        close(confusion.precision(0), 3.0 / 4.0);
        close(confusion.recall(0), 3.0 / 5.0);
        close(confusion.f1(0), 6.0 / 9.0);
        close(confusion.f1(1), 2.0 / 6.0);
        close(confusion.f1(2), 8.0 / 9.0);
        close(
            confusion.macro_f1(),
            (6.0 / 9.0 + 2.0 / 6.0 + 8.0 / 9.0) / 3.0,
        );
        close(
            confusion.macro_recall(),
            (3.0 / 5.0 + 1.0 / 3.0 + 4.0 / 5.0) / 3.0,
        );
        close(confusion.accuracy(), 8.0 / 13.0);
        // 8 right of 11 answers and of 13 texts.
        close(confusion.micro_f1(), 16.0 / 24.0);
        let weighted = (5.0 * 6.0 / 9.0 + 3.0 * 2.0 / 6.0 + 5.0 * 8.0 / 9.0) / 13.0;
        close(confusion.weighted_f1(), weighted);
    }

    #[test]
    fn nothing_counted_is_no_figure() {
        let confusion = Confusion::<3>::default();
        assert_eq!(confusion.figures(), None);
        assert_eq!(confusion.precision(0), None);
    }

    fn some_confusion() -> impl Strategy<Value = Confusion<3>> {
        let counts = prop::array::uniform3(prop::array::uniform3(0..50_u64));
        (counts, prop::array::uniform3(0..5_u64))
            .prop_map(|(counts, unread)| Confusion { counts, unread })
    }

    proptest! {
        #[test]
        fn identities_hold(confusion in some_confusion()) {
            let Some(figures) = confusion.figures() else { return Ok(()) };
            let accuracy = confusion.accuracy().unwrap();
            // Recall by number of texts is the accuracy.
            let weighted: f64 = (0..3)
                .map(|label| confusion.truth(label) as f64 * confusion.recall(label).unwrap_or(0.0))
                .sum();
            prop_assert!((weighted / confusion.n() as f64 - accuracy).abs() < 1e-12);
            // What is not read cannot help: accuracy is the micro recall, below the micro-F1.
            prop_assert!(accuracy <= figures.micro_f1 + 1e-12);
            let read = Confusion { unread: [0; 3], ..confusion };
            if let Some(all_read) = read.figures() {
                prop_assert!((all_read.micro_f1 - read.accuracy().unwrap()).abs() < 1e-12);
                prop_assert!(figures.micro_f1 <= all_read.micro_f1 + 1e-12);
            }
            for figure in [figures.macro_f1, figures.weighted_f1, figures.macro_recall] {
                prop_assert!((0.0..=1.0 + 1e-12).contains(&figure));
            }
        }

        #[test]
        fn parts_add_up_to_the_whole(one in some_confusion(), other in some_confusion()) {
            let (mut left, mut right) = (one.clone(), other.clone());
            left.merge(&other);
            right.merge(&one);
            prop_assert_eq!(&left, &right);
            prop_assert_eq!(left.n(), one.n() + other.n());
        }

        /// Figures do not depend on how labels are numbered.
        #[test]
        fn labels_may_be_renamed(confusion in some_confusion()) {
            let turned: Confusion<3> = Confusion {
                counts: std::array::from_fn(|truth| {
                    std::array::from_fn(|said| confusion.counts[(truth + 1) % 3][(said + 1) % 3])
                }),
                unread: std::array::from_fn(|truth| confusion.unread[(truth + 1) % 3]),
            };
            let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-12,
                (a, b) => a == b,
            };
            prop_assert!(close(confusion.macro_f1(), turned.macro_f1()));
            prop_assert!(close(confusion.weighted_f1(), turned.weighted_f1()));
            prop_assert!(close(confusion.micro_f1(), turned.micro_f1()));
        }
    }
}
