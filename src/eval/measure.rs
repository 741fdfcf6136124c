//! From sets and readings to accuracy, as a card carries it, and to the difference of two models.

use super::bootstrap;
use super::calibration::Bins;
use super::confusion::mean;
use super::set::{Said, Set, Truth};
use super::task::{EmotionCounts, Sentiments, Task, count_top};
use crate::emotion::Emotion;
use crate::lang::Lang;
use crate::model::{Accuracy, Figures, Interval};
use crate::sentiment::Polarity;
use serde::Serialize;
use std::collections::BTreeMap;

/// Which labels of sentiment are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Classes {
    /// Negative, neutral and positive.
    #[default]
    Three,
    /// Negative and positive: neutral texts are left out, and a neutral answer is wrong.
    Two,
}

impl Classes {
    /// True when a text is measured.
    fn has(self, truth: &Truth) -> bool {
        self == Self::Three || truth.sentiment != Some(Polarity::Neutral)
    }

    /// The name of the task.
    fn task(self) -> &'static str {
        match self {
            Self::Three => "sentiment",
            Self::Two => "sentiment.two",
        }
    }
}

/// How much better or worse one model is than another on the same texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The task.
    pub task: String,
    /// The figure.
    pub metric: &'static str,
    /// The first model's figure minus the other's, -1 to 1.
    pub value: f64,
    /// Where that would be in 95 of 100 other draws of such texts.
    pub interval: Option<Interval>,
    /// How often a difference as large would be seen if there were none, 0 to 1.
    pub p: f64,
}

/// The language of a set that states none.
pub const ANY: &str = "any";

type Pair<'p> = (&'p Truth, &'p Said);

/// Measures each task that a set has labels of. `said` is what was said of its texts, in their order.
pub fn measure(set: &Set, said: &[Said], classes: Classes) -> Vec<Accuracy> {
    let sentiments = pairs::<Sentiments>(set, said, classes);
    let emotions = pairs::<EmotionCounts>(set, said, Classes::Three);
    let of_sentiment = accuracy::<Sentiments>(set, &sentiments).map(|mut accuracy| {
        classes.task().clone_into(&mut accuracy.task);
        accuracy.truth.clone_from(&set.sentiment_from);
        accuracy.ece = top_ece(&sentiments);
        accuracy
    });
    let of_emotions = accuracy::<EmotionCounts>(set, &emotions).map(|mut accuracy| {
        "emotions".clone_into(&mut accuracy.task);
        accuracy.truth.clone_from(&set.emotions_from);
        for (name, ece) in emotion_ece(&emotions) {
            if let Some(label) = accuracy.labels.get_mut(name) {
                label.ece = Some(ece);
            }
        }
        accuracy.ece = mean(accuracy.labels.values().filter_map(|label| label.ece)).map(rounded);
        accuracy
    });
    of_sentiment.into_iter().chain(of_emotions).collect()
}

/// The texts that have a label of a task.
fn pairs<'p, T: Task>(set: &'p Set, said: &'p [Said], classes: Classes) -> Vec<Pair<'p>> {
    let pairs = set.texts.iter().map(|one| &one.truth).zip(said);
    pairs
        .filter(|(truth, _)| T::is_labelled(truth) && classes.has(truth))
        .collect()
}

fn counted<T: Task>(pairs: &[Pair<'_>], times: impl Fn(usize) -> u64) -> T {
    let mut counts = T::default();
    for (at, (truth, said)) in pairs.iter().enumerate() {
        let times = times(at);
        if times > 0 {
            counts.count(truth, said, times);
        }
    }
    counts
}

/// What is the same for every task; `None` when no text has a label that can be missed.
fn accuracy<T: Task>(set: &Set, pairs: &[Pair<'_>]) -> Option<Accuracy> {
    let counts: T = counted(pairs, |_| 1);
    let figures = counts.figures()?;
    let draws = bootstrap::draws(pairs.len(), |times| {
        let drawn: T = counted(pairs, |at| times[at].into());
        Some(drawn.figures()?.macro_f1)
    });
    let (mut read, mut unread) = (BTreeMap::new(), BTreeMap::new());
    for (_, said) in pairs {
        let (counts, key) = match said.why_unread() {
            Some(why) => (&mut unread, why),
            None => (&mut read, said.lang),
        };
        *counts.entry(key.to_owned()).or_insert(0) += 1;
    }
    let mut labels = counts.labels();
    for label in labels.values_mut() {
        label.precision = label.precision.map(rounded);
        label.recall = label.recall.map(rounded);
        label.f1 = label.f1.map(rounded);
    }
    Some(Accuracy {
        task: String::new(),
        lang: set.lang.map_or(ANY, Lang::code).to_owned(),
        set: set.name.clone(),
        truth: String::new(),
        texts: pairs.len() as u64,
        read,
        unread,
        figures: Figures {
            macro_f1: rounded(figures.macro_f1),
            micro_f1: rounded(figures.micro_f1),
            weighted_f1: rounded(figures.weighted_f1),
            macro_recall: rounded(figures.macro_recall),
            accuracy: figures.accuracy.map(rounded),
        },
        interval: bootstrap::interval(&draws).map(rounded_interval),
        ece: None,
        labels,
        confusion: counts.matrix(),
    })
}

/// Calibration of the most probable label.
fn top_ece(pairs: &[Pair<'_>]) -> Option<f64> {
    let mut bins = Bins::default();
    for (truth, said) in pairs {
        if let (Some(truth), Some(sentiment)) = (truth.sentiment, &said.sentiment) {
            count_top(&mut bins, sentiment, truth);
        }
    }
    bins.ece().map(rounded)
}

/// Calibration of each emotion's probability.
fn emotion_ece(pairs: &[Pair<'_>]) -> BTreeMap<&'static str, f64> {
    let mut errors = BTreeMap::new();
    for emotion in Emotion::ALL {
        let mut bins = Bins::default();
        for (truth, said) in pairs {
            let probability = said.emotions.probability(emotion);
            let shown = truth.emotions[emotion as usize];
            if let (Some(shown), Some(probability)) = (shown, probability) {
                bins.count(probability, shown);
            }
        }
        if let Some(ece) = bins.ece() {
            errors.insert(emotion.name(), rounded(ece));
        }
    }
    errors
}

/// Compares two models on the same texts, drawn again together (paired bootstrap): macro-F1 of each
/// task, and the accuracy of sentiment.
pub fn compare(set: &Set, said: &[Said], other: &[Said], classes: Classes) -> Vec<Difference> {
    let sentiments = (
        pairs::<Sentiments>(set, said, classes),
        pairs::<Sentiments>(set, other, classes),
    );
    let emotions = (
        pairs::<EmotionCounts>(set, said, Classes::Three),
        pairs::<EmotionCounts>(set, other, Classes::Three),
    );
    let task = classes.task();
    let macro_f1 = |counts: &Sentiments| counts.macro_f1();
    let of_emotions = |counts: &EmotionCounts| Some(counts.figures()?.macro_f1);
    let all = [
        difference(task, "macro-F1", &sentiments.0, &sentiments.1, macro_f1),
        difference(
            task,
            "accuracy",
            &sentiments.0,
            &sentiments.1,
            Sentiments::accuracy,
        ),
        difference(
            "emotions",
            "macro-F1",
            &emotions.0,
            &emotions.1,
            of_emotions,
        ),
    ];
    all.into_iter().flatten().collect()
}

fn difference<T: Task>(
    task: &str,
    metric: &'static str,
    one: &[Pair<'_>],
    other: &[Pair<'_>],
    figure: impl Fn(&T) -> Option<f64> + Sync,
) -> Option<Difference> {
    let of = |times: &dyn Fn(usize) -> u64| {
        Some(figure(&counted(one, times))? - figure(&counted(other, times))?)
    };
    let value = of(&|_| 1)?;
    let draws = bootstrap::draws(one.len(), |times| of(&|at| times[at].into()));
    Some(Difference {
        task: task.to_owned(),
        metric,
        value: rounded(value),
        interval: bootstrap::interval(&draws).map(rounded_interval),
        p: rounded(bootstrap::p_value(&draws)),
    })
}

/// Four decimals: more than anyone reads, and the same bytes everywhere.
fn rounded(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}

fn rounded_interval(interval: Interval) -> Interval {
    Interval {
        low: rounded(interval.low),
        high: rounded(interval.high),
    }
}
