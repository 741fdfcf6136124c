//! Labelled texts, and which of them are learned from, calibrated on or only measured.

use super::recipe::{LabelledSource, Recipe, VocabularyRule};
use crate::emotion::Emotion;
use crate::error::Result;
use crate::lang::Lang;
use crate::model::{TRAINED, features};
use crate::sentiment::Polarity;
use crate::source::table::Table;
use crate::text::{Tokenizer, Vocabulary, fold, nfc};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;
use std::sync::Arc;

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
    /// Per trained emotion: shown, not shown, or not labelled by its source.
    pub emotions: [Option<bool>; TRAINED.len()],
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
    pub fn read(recipe: &Recipe, data: &Path) -> Result<Self> {
        let mut all = Vec::new();
        for (at, source) in recipe.source.iter().enumerate() {
            let has_dev = !source.dev.is_empty();
            for path in &source.files {
                read_file(&data.join(path), source, at, &mut all, |key| {
                    let share = (mixed(key, recipe.seed) >> 11) as f64 / (1_u64 << 53) as f64;
                    if has_dev || share >= recipe.held_out {
                        Split::Fit
                    } else {
                        half(key)
                    }
                })?;
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

    /// The words that stand in enough sources and texts to learn from, most frequent first.
    pub fn vocabulary(&self, rule: &VocabularyRule) -> Vec<String> {
        let tokenizer = Tokenizer::new(Arc::new(Vocabulary::default()));
        let mut counts: FxHashMap<String, (usize, FxHashSet<usize>)> = FxHashMap::default();
        for example in self
            .all
            .iter()
            .filter(|example| example.split == Split::Fit)
        {
            let tokens = tokenizer.tokenize(&example.text);
            let items = tokens
                .as_slice()
                .iter()
                .filter(|one| one.is_word() && !one.elongated);
            let words: FxHashSet<&str> = items.map(|one| tokens.norm(one)).collect();
            for word in words {
                if let Some((texts, sources)) = counts.get_mut(word) {
                    *texts += 1;
                    sources.insert(example.source);
                } else {
                    counts.insert(word.to_owned(), (1, FxHashSet::from_iter([example.source])));
                }
            }
        }
        let mut kept: Vec<(usize, String)> = counts
            .into_iter()
            .filter(|(_, (texts, sources))| *texts >= rule.texts && sources.len() >= rule.sources)
            .map(|(word, (texts, _))| (texts, word))
            .collect();
        kept.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        kept.into_iter().map(|(_, word)| word).collect()
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
        let sentiment = sentiment.as_ref().and_then(|(column, labels)| {
            let value = table.cell(row, *column);
            match &labels.labels {
                Some(map) => map.get(value).copied(),
                None => Polarity::parse(value),
            }
        });
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
        };
        all.push((example, key));
    }
    Ok(())
}

/// Where a file's labels of emotion stand, per trained emotion.
struct EmotionColumns<'s> {
    columns: [Option<Vec<usize>>; TRAINED.len()],
    list: Option<(usize, [Option<&'s Vec<String>>; TRAINED.len()])>,
}

impl<'s> EmotionColumns<'s> {
    fn new(source: &'s LabelledSource, named: &dyn Fn(&str) -> Result<usize>) -> Result<Self> {
        let mut columns: [Option<Vec<usize>>; TRAINED.len()] = Default::default();
        for (emotion, names) in source.emotion_columns.iter().flatten() {
            if let Some(at) = position(*emotion) {
                let found = names
                    .iter()
                    .map(|name| named(name))
                    .collect::<Result<_>>()?;
                columns[at] = Some(found);
            }
        }
        let list = match &source.emotion_list {
            Some(list) => Some((
                named(&list.column)?,
                TRAINED.map(|emotion| list.names.get(&emotion)),
            )),
            None => None,
        };
        Ok(Self { columns, list })
    }

    fn read(&self, table: &Table, row: usize) -> [Option<bool>; TRAINED.len()] {
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

fn position(emotion: Emotion) -> Option<usize> {
    TRAINED.into_iter().position(|trained| trained == emotion)
}

/// What is the same for texts that differ in case, accents and spaces only.
fn key(text: &str) -> u64 {
    let folded = fold(text);
    let mut words = folded.split_whitespace();
    words.by_ref().fold(0x5EED, |state: u64, word| {
        mixed(
            state ^ u64::from(features::hash(word.as_bytes())),
            state.rotate_left(7),
        )
    })
}

/// `SplitMix64` of a key under a seed.
fn mixed(key: u64, seed: u64) -> u64 {
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
