//! The held-out texts of a recipe as sets to measure, and a model's accuracy on them for its card.

use super::examples::{Example, Examples, Split};
use super::recipe::{LabelledSource, Recipe};
use crate::error::Result;
use crate::eval::{Classes, Labelled, Set, Truth, evaluate};
use crate::model::{Accuracy, Model};
use crate::tag::Tagger;
use crate::theme::Taxonomy;
use std::path::Path;

/// A part of the texts that a recipe holds out from learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Part {
    /// The half that nothing was chosen on: what a card reports.
    #[default]
    Report,
    /// All of them, with those that thresholds and calibration were chosen on.
    HeldOut,
}

impl Part {
    fn has(self, split: Split) -> bool {
        match self {
            Self::Report => split == Split::Report,
            Self::HeldOut => split != Split::Fit,
        }
    }
}

/// The texts that a recipe holds out, a set for each source: a model made by the recipe never
/// learned from them.
///
/// # Errors
/// `Input` for a file or column of the recipe that is missing or not as said.
pub fn held_out(recipe: &Recipe, data: &Path, part: Part) -> Result<Vec<Set>> {
    Ok(sets(recipe, &Examples::read(recipe, data, None)?, part))
}

/// The accuracy of a new model on the held-out texts that nothing was chosen on.
pub(super) fn accuracy(
    recipe: &Recipe,
    examples: &Examples,
    model: Model,
) -> Result<Vec<Accuracy>> {
    let tagger = Tagger::new(model, Taxonomy::shipped()?)?;
    let sets = sets(recipe, examples, Part::Report);
    let measured = evaluate(&sets, &tagger, None, Classes::Three)?;
    Ok(measured.into_iter().map(|one| one.accuracy).collect())
}

fn sets(recipe: &Recipe, examples: &Examples, part: Part) -> Vec<Set> {
    let set = |(at, source): (usize, &LabelledSource)| Set {
        name: source.name.clone(),
        lang: Some(source.lang),
        sentiment_from: sentiment_from(source),
        emotions_from: emotions_from(source),
        texts: examples
            .all
            .iter()
            .filter(|one| one.source == at && part.has(one.split))
            .map(labelled)
            .collect(),
    };
    let sets = recipe.source.iter().enumerate().map(set);
    sets.filter(|set| !set.texts.is_empty()).collect()
}

fn labelled(example: &Example) -> Labelled {
    Labelled {
        text: example.text.clone(),
        truth: Truth {
            sentiment: example.sentiment,
            emotions: example.emotions,
        },
    }
}

/// The files of a source's held-out texts.
fn files(source: &LabelledSource) -> String {
    let files = if source.dev.is_empty() {
        &source.files
    } else {
        &source.dev
    };
    let names = files.iter().map(|file| file.display().to_string());
    names.collect::<Vec<_>>().join(", ")
}

fn sentiment_from(source: &LabelledSource) -> String {
    let labels = source.sentiment.as_ref();
    labels.map_or_else(String::new, |labels| {
        format!("{} of {}", labels.column, files(source))
    })
}

fn emotions_from(source: &LabelledSource) -> String {
    if let Some(list) = &source.emotion_list {
        return format!("{} of {}", list.column, files(source));
    }
    let columns = source.emotion_columns.iter().flat_map(|all| all.values());
    let names: Vec<&str> = columns.flatten().map(String::as_str).collect();
    format!("{} of {}", names.join(", "), files(source))
}
