//! Several sets read by one model or two, each measured alone and together with those of its language.

use super::measure::{Classes, Difference, compare, measure};
use super::set::{Said, Set, Truth, read};
use crate::error::Result;
use crate::lang::Lang;
use crate::model::{Accuracy, Figures, Interval};
use crate::tag::Tagger;
use serde::Serialize;

/// The name of the sets of one language taken together.
pub const ALL: &str = "all";

/// What was measured of one task on one set, and how another model does on the same texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The accuracy.
    #[serde(flatten)]
    pub accuracy: Accuracy,
    /// The other model, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
}

/// Another model on the same texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Against {
    /// Its name and version.
    pub model: String,
    /// Its figures.
    pub figures: Figures,
    /// The interval of its macro-F1.
    pub interval: Option<Interval>,
    /// Its calibration error.
    pub ece: Option<f64>,
    /// The first model's figures minus its own.
    pub differences: Vec<Difference>,
}

/// Measures every set by `tagger`, and by `other` for comparison. Where a language has several sets,
/// they are also measured together, as the set [`ALL`], after the others.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when a model's backend fails.
pub fn evaluate(
    sets: &[Set],
    tagger: &Tagger,
    other: Option<&Tagger>,
    classes: Classes,
) -> Result<Vec<Measured>> {
    let mut read_sets = Vec::with_capacity(sets.len());
    for set in sets {
        let said = read(tagger, set)?;
        let by_other = other.map(|other| read(other, set)).transpose()?;
        read_sets.push((set, said, by_other));
    }
    let mut measured = Vec::new();
    for (set, said, by_other) in &read_sets {
        let against = by_other.as_deref().zip(other);
        measured.extend(one(set, said, against, classes));
    }
    for lang in Lang::ALL.map(Some).into_iter().chain([None]) {
        let of_lang = read_sets.iter().filter(|(set, ..)| set.lang == lang);
        if let Some((set, said, by_other)) = pooled(lang, &of_lang.collect::<Vec<_>>()) {
            let against = other.map(|other| (&*by_other, other));
            measured.extend(one(&set, &said, against, classes));
        }
    }
    Ok(measured)
}

/// A set, what the first model said of its texts, and what the other one said.
type Read<'s> = (&'s Set, Vec<Said>, Option<Vec<Said>>);

/// The sets of a language as one; `None` when there is only one.
fn pooled(lang: Option<Lang>, of_lang: &[&Read<'_>]) -> Option<(Set, Vec<Said>, Vec<Said>)> {
    if of_lang.len() < 2 {
        return None;
    }
    let with = |labelled: &dyn Fn(&Truth) -> bool| {
        let labelled = |set: &Set| set.texts.iter().any(|text| labelled(&text.truth));
        format!(
            "{} sets",
            of_lang.iter().filter(|(set, ..)| labelled(set)).count()
        )
    };
    let mut pool = Set {
        name: ALL.to_owned(),
        lang,
        sentiment_from: with(&|truth| truth.sentiment.is_some()),
        emotions_from: with(&|truth| truth.emotions.iter().any(Option::is_some)),
        texts: Vec::new(),
    };
    let (mut said, mut by_other) = (Vec::new(), Vec::new());
    for (set, by_one, by_another) in of_lang {
        pool.texts.extend(set.texts.iter().cloned());
        said.extend(by_one);
        by_other.extend(by_another.iter().flatten());
    }
    Some((pool, said, by_other))
}

/// Measures one set that was read.
fn one(
    set: &Set,
    said: &[Said],
    against: Option<(&[Said], &Tagger)>,
    classes: Classes,
) -> Vec<Measured> {
    let of_other = against.map_or_else(Vec::new, |(by_other, _)| measure(set, by_other, classes));
    let differences = against.map_or_else(Vec::new, |(by_other, _)| {
        compare(set, said, by_other, classes)
    });
    let with_other = |accuracy: Accuracy| {
        let of_task = |one: &&Accuracy| one.task == accuracy.task;
        let against = against.zip(of_other.iter().find(of_task));
        let against = against.map(|((_, other), of_other)| Against {
            model: other.model(),
            figures: of_other.figures,
            interval: of_other.interval,
            ece: of_other.ece,
            differences: differences
                .iter()
                .filter(|one| one.task == accuracy.task)
                .cloned()
                .collect(),
        });
        Measured { accuracy, against }
    };
    let all = measure(set, said, classes).into_iter();
    all.map(with_other).collect()
}
