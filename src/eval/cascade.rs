//! From when the fast model is sure enough to decide alone, chosen on labelled texts.

use super::set::{Said, Set};
use super::task::{EmotionCounts, Sentiments, Task};
use crate::model::cascade::{Sure, is_sure};
use std::collections::BTreeMap;

/// What a cascade may lose of the other model's macro-F1: half a point.
const LOSS: f64 = 0.005;

/// Steps of the probability that are tried, from the lowest that can be that of a label of three.
const STEPS: std::ops::RangeInclusive<u32> = 34..=100;

/// Texts that are needed to choose: of fewer, half a point is nothing.
pub const LEAST: usize = 200;

/// No probability reaches it: the fast model decides nothing.
const NEVER: f32 = 2.0;

/// A set, what the fast model said of its texts, and what the other one said.
pub type Read<'s> = (&'s Set, Vec<Said>, Vec<Said>);

/// The least probability from which the fast model may decide, so that no task loses more than half a
/// point on one half of the texts; what is told of it is of the other half. `None` where no task is
/// labelled, or nothing may be left to the fast model.
pub fn sure(sets: &[Read<'_>], fast: &str) -> Option<Sure> {
    let alone = figures(sets, Half::Chosen, NEVER);
    if alone.is_empty() {
        return None;
    }
    let keeps = |from: f32| {
        let together = figures(sets, Half::Chosen, from);
        alone
            .iter()
            .all(|(task, alone)| together.get(task).is_some_and(|one| *one >= alone - LOSS))
    };
    let from = STEPS
        .map(|step| step as f32 / 100.0)
        .find(|from| keeps(*from))?;
    let half = sets.iter().flat_map(|(_, fast, _)| fast.iter().enumerate());
    let half: Vec<&Said> = half
        .filter(|(at, _)| Half::Told.has(*at))
        .map(|(_, said)| said)
        .collect();
    let half: Vec<&Said> = half
        .into_iter()
        .filter(|said| said.sentiment.is_some())
        .collect();
    let saved = half.iter().filter(|said| decides(said, from)).count();
    Some(Sure {
        from,
        fast: fast.to_owned(),
        texts: half.len() as u64,
        saved: saved as f64 / half.len().max(1) as f64,
        alone: figures(sets, Half::Told, NEVER),
        together: figures(sets, Half::Told, from),
    })
}

/// Every second text is chosen by, the others are what is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Chosen,
    Told,
}

impl Half {
    fn has(self, at: usize) -> bool {
        at.is_multiple_of(2) == (self == Self::Chosen)
    }
}

/// True where the fast model's reading is kept. A text that says nothing has none of either.
fn decides(said: &Said, from: f32) -> bool {
    said.sentiment
        .as_ref()
        .is_none_or(|sentiment| is_sure(sentiment, from))
}

/// The macro-F1 of each task that is labelled, each set counting alike, where the fast model decides
/// from the probability `from`.
fn figures(sets: &[Read<'_>], half: Half, from: f32) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    let mut put = |task: &str, mean: Option<f64>| {
        if let Some(mean) = mean {
            figures.insert(task.to_owned(), mean);
        }
    };
    put("sentiment", mean_over::<Sentiments>(sets, half, from));
    put("emotions", mean_over::<EmotionCounts>(sets, half, from));
    figures
}

fn mean_over<T: Task>(sets: &[Read<'_>], half: Half, from: f32) -> Option<f64> {
    let one = |(set, fast, other): &Read<'_>| {
        let mut counts = T::default();
        for (at, text) in set.texts.iter().enumerate() {
            if half.has(at) && T::is_labelled(&text.truth) {
                let said = if decides(&fast[at], from) {
                    &fast[at]
                } else {
                    &other[at]
                };
                counts.count(&text.truth, said, 1);
            }
        }
        Some(counts.figures()?.macro_f1)
    };
    super::confusion::mean(sets.iter().filter_map(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotions;
    use crate::eval::{Labelled, Truth};
    use crate::sentiment::{Polarity, Sentiment};

    fn said(label: Polarity, probability: f32) -> Said {
        let mut probabilities = [(1.0 - probability) / 2.0; 3];
        probabilities[label as usize] = probability;
        Said {
            lang: "es",
            meaningful: true,
            sentiment: Some(Sentiment {
                label,
                probabilities,
            }),
            emotions: Emotions::new(),
        }
    }

    /// The fast model is right from .8 on, and always wrong below; the other is always right.
    #[test]
    fn the_fast_model_decides_only_where_it_is_right() {
        use Polarity::{Negative, Positive};
        let mut set = Set::default();
        let (mut fast, mut other) = (Vec::new(), Vec::new());
        for at in 0_u8..200 {
            let truth = if at % 4 < 2 { Positive } else { Negative };
            let wrong = if truth == Positive {
                Negative
            } else {
                Positive
            };
            set.texts.push(Labelled {
                text: String::new(),
                truth: Truth {
                    sentiment: Some(truth),
                    ..Truth::default()
                },
            });
            let unsure = at >= 100;
            fast.push(if unsure {
                said(wrong, 0.6)
            } else {
                said(truth, 0.9)
            });
            other.push(said(truth, 0.99));
        }
        let sure = sure(&[(&set, fast, other)], "fast@1").unwrap();
        assert!(sure.from > 0.6 && sure.from <= 0.9, "{sure:?}");
        assert!((sure.saved - 0.5).abs() < 1e-9, "{sure:?}");
        assert_eq!(sure.texts, 100);
        assert!((sure.together["sentiment"] - 1.0).abs() < 1e-9, "{sure:?}");
    }

    #[test]
    fn without_labels_nothing_is_chosen() {
        assert!(sure(&[], "fast@1").is_none());
    }
}
