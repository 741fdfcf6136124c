//! The labels of a labelled file: where they stand, and what they mean.

use super::labelled::Columns;
use super::set::{Labelled, Set, Truth};
use crate::emotion::{COUNT, Emotion};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::Polarity;
use crate::source::table::Table;
use crate::text::fold;
use serde::Deserialize;
use std::collections::BTreeMap;

const LABELS: &str = include_str!("../../models/eval/labels.toml");

/// The words of `models/eval/labels.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    sentiment: Vec<String>,
    stars: BTreeMap<Polarity, Vec<u8>>,
    values: BTreeMap<Polarity, Vec<String>>,
    emotions: BTreeMap<Emotion, Vec<String>>,
}

impl Known {
    fn load() -> Result<Self> {
        toml::from_str(LABELS).map_err(|error| {
            Error::model("the embedded list of labels is damaged").caused_by(error)
        })
    }
}

/// The labels of a file by row, and where they stand.
pub(super) struct Labels {
    sentiment: Vec<Option<Polarity>>,
    sentiment_from: String,
    emotions: Vec<(Emotion, Vec<Option<bool>>)>,
    emotions_from: String,
}

impl Labels {
    /// Finds the columns of labels beside that of the text.
    pub fn find(table: &Table, said: &Columns, text: usize) -> Result<Self> {
        let known = Known::load()?;
        let known = &known;
        let emotions = emotion_columns(table, said, known, text)?;
        let names: Vec<&str> = emotions
            .iter()
            .map(|(_, at)| &*table.header()[*at])
            .collect();
        let mut labels = Self {
            sentiment: Vec::new(),
            sentiment_from: String::new(),
            emotions_from: names.join(", "),
            emotions: Vec::new(),
        };
        for (emotion, at) in &emotions {
            labels.emotions.push((*emotion, table.booleans(*at)?));
        }
        labels.find_sentiment(table, said, known, text)?;
        Ok(labels)
    }

    /// Sentiment may be missing where there are emotions, unless the user names its column.
    fn find_sentiment(
        &mut self,
        table: &Table,
        said: &Columns,
        known: &Known,
        text: usize,
    ) -> Result<()> {
        if let Some(name) = &said.stars {
            self.sentiment = stars(table, column(table, name)?, known);
            self.sentiment_from = format!("{name} (1–5)");
            return check(
                &self.sentiment,
                name,
                "--stars takes whole numbers from 1 to 5",
            );
        }
        let found = match &said.sentiment {
            Some(name) => Some(column(table, name)?),
            None => named(table, &known.sentiment, text),
        };
        let may_be_missing = said.sentiment.is_none() && !self.emotions.is_empty();
        let Some(at) = found else {
            let hint = "say which one does: --sentiment NAME, --stars NAME or --emotions NAMES";
            return if may_be_missing {
                Ok(())
            } else {
                Err(Error::input("no column is known to hold labels")
                    .hint(format!("{hint}; {}", table.columns())))
            };
        };
        let name = &table.header()[at];
        let sentiment = polarities(table, at, said, known);
        if let Err(error) = check(&sentiment, name, UNKNOWN_VALUES) {
            return if may_be_missing { Ok(()) } else { Err(error) };
        }
        self.sentiment = sentiment;
        self.sentiment_from.clone_from(name);
        Ok(())
    }

    /// What is true of a row.
    pub fn of(&self, row: usize) -> Truth {
        let mut emotions = [None; COUNT];
        for (emotion, shown) in &self.emotions {
            let known = &mut emotions[*emotion as usize];
            // Two columns of one emotion: either shows it.
            *known = match (*known, shown[row]) {
                (Some(one), Some(other)) => Some(one || other),
                (one, other) => one.or(other),
            };
        }
        Truth {
            sentiment: self.sentiment.get(row).copied().flatten(),
            emotions,
        }
    }

    /// A set of texts of this file.
    pub fn set(&self, name: &str, lang: Option<Lang>, texts: Vec<Labelled>) -> Set {
        Set {
            name: name.to_owned(),
            lang,
            sentiment_from: self.sentiment_from.clone(),
            emotions_from: self.emotions_from.clone(),
            texts,
        }
    }
}

/// The position of a column that the user names.
pub(super) fn column(table: &Table, name: &str) -> Result<usize> {
    let found = table.header().iter().position(|one| one == name);
    found.ok_or_else(|| Error::usage(format!("there is no column {name:?}")).hint(table.columns()))
}

const UNKNOWN_VALUES: &str = "known are negative, neutral, positive, neg, neu, pos in both languages \
    and -1, 0, 1; say what others mean, such as --values bad=negative,good=positive, or take \
    --stars for 1 to 5";

/// An error when no value of a column is a label.
fn check(labels: &[Option<Polarity>], column: &str, hint: &str) -> Result<()> {
    if labels.iter().any(Option::is_some) {
        return Ok(());
    }
    Err(Error::input(format!("no value of the column `{column}` is a sentiment")).hint(hint))
}

/// The column that has one of these names, the first of them that is there.
fn named(table: &Table, names: &[String], text: usize) -> Option<usize> {
    let header: Vec<String> = table
        .header()
        .iter()
        .map(|name| fold(name.trim()))
        .collect();
    let mut found = names
        .iter()
        .filter_map(|name| header.iter().position(|one| one == name));
    found.find(|at| *at != text)
}

/// Each column of an emotion.
fn emotion_columns(
    table: &Table,
    said: &Columns,
    known: &Known,
    text: usize,
) -> Result<Vec<(Emotion, usize)>> {
    let emotion_of = |name: &str| {
        let folded = fold(name.trim());
        let mut each = known.emotions.iter();
        each.find(|(_, names)| names.contains(&folded))
            .map(|(emotion, _)| *emotion)
    };
    let Some(names) = &said.emotions else {
        let all = table
            .header()
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != text);
        return Ok(all
            .filter_map(|(at, name)| Some((emotion_of(name)?, at)))
            .collect());
    };
    let each = names.iter().map(|name| {
        let emotion = emotion_of(name).ok_or_else(|| {
            let all: Vec<&str> = Emotion::ALL.iter().map(|one| one.name()).collect();
            Error::usage(format!("no emotion is called `{name}`"))
                .hint(format!("the emotions are: {}", all.join(", ")))
        })?;
        Ok((emotion, column(table, name)?))
    });
    each.collect()
}

fn stars(table: &Table, column: usize, known: &Known) -> Vec<Option<Polarity>> {
    let one = |row| {
        let number: f64 = table.cell(row, column).trim().parse().ok()?;
        let is_number = |star: &u8| (f64::from(*star) - number).abs() < f64::EPSILON;
        let mut each = known.stars.iter();
        let found = each.find(|(_, stars)| stars.iter().any(is_number));
        found.map(|(polarity, _)| *polarity)
    };
    (0..table.len()).map(one).collect()
}

fn polarities(
    table: &Table,
    column: usize,
    said: &Columns,
    known: &Known,
) -> Vec<Option<Polarity>> {
    let cells = (0..table.len()).map(|row| table.cell(row, column).trim());
    if let Some(values) = &said.values {
        return cells.map(|cell| values.get(cell).copied()).collect();
    }
    let number = |cell: &str| cell.parse::<f64>().ok();
    let numbers: Vec<f64> = cells.clone().filter_map(number).collect();
    let is_signed = numbers.contains(&-1.0)
        && numbers
            .iter()
            .all(|number| [-1.0, 0.0, 1.0].contains(number));
    let one = |cell: &str| {
        let word = match number(cell) {
            Some(number) if is_signed => number.to_string(),
            Some(_) => return None,
            None => fold(cell),
        };
        let mut each = known.values.iter();
        each.find(|(_, words)| words.contains(&word))
            .map(|(polarity, _)| *polarity)
    };
    cells.map(one).collect()
}
