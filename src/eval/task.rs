//! The two tasks that are measured, sentiment and emotions: what each counts of a text.

use super::calibration::Bins;
use super::confusion::{Confusion, f1, mean};
use super::set::{Said, Truth};
use crate::emotion::{COUNT, Emotion};
use crate::model::{Figures, LabelAccuracy};
use crate::sentiment::{Polarity, Sentiment};
use std::collections::BTreeMap;

/// Counts of a task, made text by text.
pub trait Task: Default {
    /// True when the text has a label of this task.
    fn is_labelled(truth: &Truth) -> bool;

    /// Counts a text `times` times.
    fn count(&mut self, truth: &Truth, said: &Said, times: u64);

    /// The averaged figures; `None` when no text has a label.
    fn figures(&self) -> Option<Figures>;

    /// Each label alone.
    fn labels(&self) -> BTreeMap<String, LabelAccuracy>;

    /// Texts by true label and by what was said; empty where a text may have several labels.
    fn matrix(&self) -> BTreeMap<String, BTreeMap<String, u64>> {
        BTreeMap::new()
    }
}

/// Sentiment: one label of three.
pub type Sentiments = Confusion<3>;

/// What stands for no answer in a matrix.
pub const UNREAD: &str = "unread";

impl Task for Sentiments {
    fn is_labelled(truth: &Truth) -> bool {
        truth.sentiment.is_some()
    }

    fn count(&mut self, truth: &Truth, said: &Said, times: u64) {
        if let Some(truth) = truth.sentiment {
            let said = said.sentiment.map(|said| said.label as usize);
            self.add(truth as usize, said, times);
        }
    }

    fn figures(&self) -> Option<Figures> {
        Confusion::figures(self)
    }

    fn labels(&self) -> BTreeMap<String, LabelAccuracy> {
        let each = Polarity::ALL.into_iter().map(|polarity| {
            let label = polarity as usize;
            (polarity.name().to_owned(), label_of(self, label))
        });
        let each = each.filter(|(_, label)| label.support + label.said > 0);
        each.collect()
    }

    fn matrix(&self) -> BTreeMap<String, BTreeMap<String, u64>> {
        let row = |truth: Polarity| {
            let said = Polarity::ALL.into_iter().map(|said| {
                let count = self.counts[truth as usize][said as usize];
                (said.name().to_owned(), count)
            });
            let unread = (UNREAD.to_owned(), self.unread[truth as usize]);
            said.chain([unread]).collect()
        };
        let occur = Polarity::ALL
            .into_iter()
            .filter(|one| self.truth(*one as usize) > 0);
        occur
            .map(|truth| (truth.name().to_owned(), row(truth)))
            .collect()
    }
}

fn label_of<const N: usize>(confusion: &Confusion<N>, label: usize) -> LabelAccuracy {
    LabelAccuracy {
        texts: confusion.n(),
        support: confusion.truth(label),
        said: confusion.said(label),
        right: confusion.right(label),
        precision: confusion.precision(label),
        recall: confusion.recall(label),
        f1: confusion.f1(label),
        ece: None,
    }
}

/// Emotions: each is shown or not, so a text may have several or none. Per emotion of
/// [`Emotion::ALL`]: not shown is label 0, shown is label 1.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EmotionCounts(pub [Confusion<2>; COUNT]);

/// The label of an emotion that is shown.
const SHOWN: usize = 1;

impl EmotionCounts {
    /// The emotions that some text shows.
    fn occurring(&self) -> impl Iterator<Item = &Confusion<2>> {
        self.0.iter().filter(|one| one.truth(SHOWN) > 0)
    }
}

impl Task for EmotionCounts {
    fn is_labelled(truth: &Truth) -> bool {
        truth.emotions.iter().any(Option::is_some)
    }

    fn count(&mut self, truth: &Truth, said: &Said, times: u64) {
        for emotion in Emotion::ALL {
            if let Some(shown) = truth.emotions[emotion as usize] {
                let answer = said
                    .sentiment
                    .map(|_| said.emotions.is_expressed(emotion).into());
                self.0[emotion as usize].add(shown.into(), answer, times);
            }
        }
    }

    fn figures(&self) -> Option<Figures> {
        let sum = |of: fn(&Confusion<2>, usize) -> u64| -> u64 {
            self.0.iter().map(|one| of(one, SHOWN)).sum()
        };
        let truth = sum(Confusion::truth);
        let weighted = self
            .occurring()
            .filter_map(|one| Some(one.truth(SHOWN) as f64 * one.f1(SHOWN)?));
        Some(Figures {
            macro_f1: mean(self.occurring().filter_map(|one| one.f1(SHOWN)))?,
            micro_f1: f1(sum(Confusion::right), sum(Confusion::said), truth),
            weighted_f1: weighted.sum::<f64>() / truth as f64,
            macro_recall: mean(self.occurring().filter_map(|one| one.recall(SHOWN)))?,
            accuracy: None,
        })
    }

    fn labels(&self) -> BTreeMap<String, LabelAccuracy> {
        let each = Emotion::ALL.into_iter().zip(&self.0);
        let each = each.filter(|(_, counts)| counts.n() > 0);
        let each =
            each.map(|(emotion, counts)| (emotion.name().to_owned(), label_of(counts, SHOWN)));
        each.collect()
    }
}

/// Counts how right the most probable label is: a decision may have chosen another one, but the
/// probabilities are what calibration is of.
pub fn count_top(bins: &mut Bins, sentiment: &Sentiment, truth: Polarity) {
    let mut top = Polarity::Negative;
    for label in Polarity::ALL {
        if sentiment.probability(label) > sentiment.probability(top) {
            top = label;
        }
    }
    bins.count(sentiment.probability(top), top == truth);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotions;

    fn said(label: Option<Polarity>, expressed: &[Emotion]) -> Said {
        let mut emotions = Emotions::new();
        for emotion in expressed {
            emotions.set(*emotion, 0.9, true);
        }
        Said {
            lang: "es",
            meaningful: true,
            sentiment: label.map(|label| Sentiment {
                label,
                probabilities: [0.2, 0.2, 0.6],
            }),
            emotions,
        }
    }

    fn shows(joy: bool, anger: bool) -> Truth {
        let mut truth = Truth::default();
        truth.emotions[Emotion::Joy as usize] = Some(joy);
        truth.emotions[Emotion::Anger as usize] = Some(anger);
        truth
    }

    /// By hand: joy shown 3 times, said 2, right 1; anger shown once, said once, right once.
    #[test]
    fn emotions_are_each_against_the_rest() {
        let positive = Some(Polarity::Positive);
        let mut counts = EmotionCounts::default();
        counts.count(&shows(true, false), &said(positive, &[Emotion::Joy]), 1);
        counts.count(&shows(true, true), &said(positive, &[Emotion::Anger]), 1);
        counts.count(&shows(false, false), &said(positive, &[Emotion::Joy]), 1);
        counts.count(&shows(true, false), &said(None, &[]), 1);
        let labels = counts.labels();
        assert_eq!(labels.len(), 2, "only what is labelled");
        let joy = labels["joy"];
        assert_eq!((joy.texts, joy.support, joy.said, joy.right), (4, 3, 2, 1));
        assert_eq!((joy.precision, joy.recall), (Some(0.5), Some(1.0 / 3.0)));
        let figures = counts.figures().unwrap();
        assert!((figures.macro_f1 - f64::midpoint(0.4, 1.0)).abs() < 1e-12);
        assert!((figures.micro_f1 - 4.0 / 7.0).abs() < 1e-12);
        assert!((figures.weighted_f1 - (3.0 * 0.4 + 1.0) / 4.0).abs() < 1e-12);
        assert!((figures.macro_recall - f64::midpoint(1.0 / 3.0, 1.0)).abs() < 1e-12);
    }

    #[test]
    fn an_emotion_that_nobody_shows_stays_out_of_the_mean() {
        let mut counts = EmotionCounts::default();
        let positive = Some(Polarity::Positive);
        counts.count(
            &shows(true, false),
            &said(positive, &[Emotion::Joy, Emotion::Anger]),
            1,
        );
        assert!((counts.figures().unwrap().macro_f1 - 1.0).abs() < 1e-12);
        assert_eq!(counts.labels()["anger"].f1, None);
        assert_eq!(counts.labels()["anger"].precision, Some(0.0));
    }

    #[test]
    fn calibration_is_of_the_most_probable_label() {
        let mut bins = Bins::default();
        let sentiment = said(Some(Polarity::Neutral), &[]).sentiment.unwrap();
        count_top(&mut bins, &sentiment, Polarity::Positive);
        assert!((bins.ece().unwrap() - 0.4).abs() < 1e-6);
    }
}
