//! Labelled texts, and which of them are learned from, calibrated on or only measured.

use super::patterns;
use super::recipe::{LabelledSource, Recipe};
use crate::emotion::{COUNT, Emotion};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::Polarity;
use crate::source::table::Table;
use crate::text::letters::hash;
use crate::text::{fold, nfc};
use rustc_hash::FxHashSet;
use std::path::Path;

/// What an example is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Learned from.
    Fit,
    /// Chooses temperature, biases and thresholds.
    Calibrate,
    /// Only measured.
    Report,
}

/// A labelled text.
#[derive(Clone, Debug)]
pub struct Example {
    pub text: String,
    pub lang: Lang,
    pub source: usize,
    pub split: Split,
    pub sentiment: Option<Polarity>,
    /// Per emotion: shown, not shown, or not labelled by its source.
    pub emotions: [Option<bool>; COUNT],
    /// What another model said, where that is learned from instead of labels.
    pub taught: Option<Box<Taught>>,
}

/// Probabilities that another model gave.
#[derive(Clone, Debug)]
pub struct Taught {
    /// Negative, neutral, positive.
    pub sentiment: [f32; 3],
    /// Per emotion, where it said any.
    pub emotions: [Option<f32>; COUNT],
}

/// All examples of a recipe.
#[derive(Debug)]
pub struct Examples {
    pub all: Vec<Example>,
    pub names: Vec<String>,
}

impl Examples {
    /// Reads every source. A text that is held out anywhere is learned from nowhere, and within a
    /// source a text counts once.
    /// `taught` is the folder of what another model said; without it the sources that are taught are left out.
    ///
    /// # Errors
    /// `Input` for a file or column that is missing or not as said.
    pub fn read(recipe: &Recipe, data: &Path, taught: Option<&Path>) -> Result<Self> {
        let mut all = Vec::new();
        for (at, source) in recipe.source.iter().enumerate() {
            let has_dev = !source.dev.is_empty();
            let split = |key| {
                let share = (mixed(key, recipe.seed) >> 11) as f64 / (1_u64 << 53) as f64;
                if has_dev || share >= source.held_out.unwrap_or(recipe.held_out) {
                    Split::Fit
                } else {
                    half(key)
                }
            };
            if source.taught {
                if let Some(folder) = taught {
                    for path in &source.files {
                        read_taught(&folder.join(path), source, at, &mut all)?;
                    }
                }
                continue;
            }
            let data = if source.own { recipe.folder() } else { data };
            for path in &source.files {
                read_file(&data.join(path), source, at, &mut all, split)?;
            }
            for path in &source.patterns {
                let drawn = patterns::draw(&recipe.folder().join(path), recipe.seed)?;
                all.extend(drawn.into_iter().map(|(text, label)| {
                    let key = key(&text);
                    let example = Example {
                        text,
                        lang: source.lang,
                        source: at,
                        split: Split::Fit,
                        sentiment: Some(label),
                        emotions: [None; COUNT],
                        taught: None,
                    };
                    (example, key)
                }));
            }
            for path in &source.dev {
                read_file(&data.join(path), source, at, &mut all, half)?;
            }
        }
        let mut held_out = FxHashSet::default();
        for (example, key) in &all {
            if example.split != Split::Fit {
                held_out.insert(*key);
            }
        }
        let mut seen = FxHashSet::default();
        all.retain(|(example, key)| {
            (example.split != Split::Fit || !held_out.contains(key))
                && seen.insert((example.source, *key))
        });
        all.sort_by_key(|(example, key)| (mixed(*key, recipe.seed ^ 1), example.source));
        Ok(Self {
            all: all.into_iter().map(|(example, _)| example).collect(),
            names: recipe
                .source
                .iter()
                .map(|source| source.name.clone())
                .collect(),
        })
    }

    /// How many examples are for a purpose.
    pub fn count(&self, split: Split) -> usize {
        self.all
            .iter()
            .filter(|example| example.split == split)
            .count()
    }

    /// How many texts of a source are learned from.
    pub fn learned_from(&self, source: usize) -> u64 {
        let fit = |example: &&Example| example.source == source && example.split == Split::Fit;
        self.all.iter().filter(fit).count() as u64
    }
}

fn read_file(
    path: &Path,
    source: &LabelledSource,
    at: usize,
    all: &mut Vec<(Example, u64)>,
    split: impl Fn(u64) -> Split,
) -> Result<()> {
    let table = Table::open(path)?;
    let named = |name: &str| table.column(name).map_err(|error| error.at(path));
    let text_column = named(&source.text)?;
    let only = source
        .only
        .iter()
        .map(|(name, value)| Ok((named(name)?, value.as_str())));
    let only: Vec<(usize, &str)> = only.collect::<Result<_>>()?;
    let sentiment = match &source.sentiment {
        Some(labels) => Some((named(&labels.column)?, labels)),
        None => None,
    };
    let columns = EmotionColumns::new(source, &named)?;
    for row in 0..table.len() {
        let text = nfc(table.cell(row, text_column).trim()).into_owned();
        if text.is_empty()
            || only
                .iter()
                .any(|(at, value)| table.cell(row, *at) != *value)
        {
            continue;
        }
        let sentiment = sentiment
            .as_ref()
            .and_then(|(column, labels)| labels.read(table.cell(row, *column)));
        let emotions = columns.read(&table, row);
        if sentiment.is_none() && emotions.iter().all(Option::is_none) {
            continue;
        }
        let key = key(&text);
        let example = Example {
            text,
            lang: source.lang,
            source: at,
            split: split(key),
            sentiment,
            emotions,
            taught: None,
        };
        all.push((example, key));
    }
    Ok(())
}

/// Reads what another model said of texts. The sentiment of an example is the likeliest one.
fn read_taught(
    path: &Path,
    source: &LabelledSource,
    at: usize,
    all: &mut Vec<(Example, u64)>,
) -> Result<()> {
    let table = Table::open(path)?;
    let text_column = table.column(&source.text).map_err(|error| error.at(path))?;
    let mut sides = [0; 3];
    for (side, place) in Polarity::ALL.into_iter().zip(&mut sides) {
        *place = table.column(side.name()).map_err(|error| error.at(path))?;
    }
    let columns = Emotion::ALL.map(|emotion| table.column(emotion.name()).ok());
    for row in 0..table.len() {
        let number = |column: usize| -> Result<f32> {
            table.cell(row, column).parse().map_err(|error| {
                Error::input("a probability is no number")
                    .at(path)
                    .caused_by(error)
                    .hint("the columns of sentiments and emotions hold numbers from 0 to 1")
            })
        };
        let text = nfc(table.cell(row, text_column).trim()).into_owned();
        let mut sentiment = [0.0; 3];
        for (probability, column) in sentiment.iter_mut().zip(sides) {
            *probability = number(column)?;
        }
        let mut emotions = [None; COUNT];
        for (probability, column) in emotions.iter_mut().zip(columns) {
            *probability = column.map(number).transpose()?;
        }
        let likeliest = Polarity::ALL
            .into_iter()
            .rev()
            .max_by(|a, b| sentiment[*a as usize].total_cmp(&sentiment[*b as usize]));
        let key = key(&text);
        let example = Example {
            text,
            lang: source.lang,
            source: at,
            split: Split::Fit,
            sentiment: likeliest,
            emotions: [None; COUNT],
            taught: Some(Box::new(Taught {
                sentiment,
                emotions,
            })),
        };
        all.push((example, key));
    }
    Ok(())
}

/// Where a file's labels of emotion stand, per emotion.
struct EmotionColumns<'s> {
    columns: [Option<Vec<usize>>; COUNT],
    list: Option<(usize, [Option<&'s Vec<String>>; COUNT])>,
}

impl<'s> EmotionColumns<'s> {
    fn new(source: &'s LabelledSource, named: &dyn Fn(&str) -> Result<usize>) -> Result<Self> {
        let mut columns: [Option<Vec<usize>>; COUNT] = Default::default();
        for (emotion, names) in source.emotion_columns.iter().flatten() {
            let found = names
                .iter()
                .map(|name| named(name))
                .collect::<Result<_>>()?;
            columns[*emotion as usize] = Some(found);
        }
        let list = match &source.emotion_list {
            Some(list) => Some((
                named(&list.column)?,
                Emotion::ALL.map(|emotion| list.names.get(&emotion)),
            )),
            None => None,
        };
        Ok(Self { columns, list })
    }

    fn read(&self, table: &Table, row: usize) -> [Option<bool>; COUNT] {
        std::array::from_fn(|at| {
            if let Some(columns) = &self.columns[at] {
                return Some(
                    columns
                        .iter()
                        .any(|column| table.cell(row, *column).starts_with('1')),
                );
            }
            let (column, names) = self.list.as_ref()?;
            let names = names[at]?;
            let shown = table
                .cell(row, *column)
                .split('|')
                .any(|label| names.iter().any(|name| name == label));
            Some(shown)
        })
    }
}

/// What is the same for texts that differ in case, accents and spaces only.
pub(super) fn key(text: &str) -> u64 {
    let folded = fold(text);
    let mut words = folded.split_whitespace();
    words.by_ref().fold(0x5EED, |state: u64, word| {
        mixed(
            state ^ u64::from(hash(word.as_bytes())),
            state.rotate_left(7),
        )
    })
}

/// `SplitMix64` of a key under a seed.
pub(super) fn mixed(key: u64, seed: u64) -> u64 {
    let mut z = key ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn half(key: u64) -> Split {
    if mixed(key, 99).is_multiple_of(2) {
        Split::Calibrate
    } else {
        Split::Report
    }
}
