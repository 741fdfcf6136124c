//! The rows of a second file by their key, in little memory.

use super::super::cell::Cell;
use super::super::counts::{Could, Counts};
use super::super::format::Format;
use super::super::kinds::{Written, decimal_sign};
use super::super::mapping::Kind;
use super::super::names::{Names, squeeze};
use super::super::peek::peek_records;
use super::super::plan::Plan;
use super::super::reader::{Row, open};
use super::super::reject::Rejects;
use super::super::row;
use super::super::values::Values;
use super::strings::Strings;
use super::{key, said};
use crate::error::{Error, Result};
use crate::verbatim::Value;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// The rows of a second file: one for each key.
pub(super) struct Records {
    /// What the column of the key is called.
    pub key: Arc<str>,
    /// Every other column.
    pub columns: Vec<Stored>,
    /// How many rows were read.
    pub rows: u64,
    /// How many rows were refused.
    pub refused: u64,
    /// How many rows have no key.
    pub keyless: u64,
    keys: Strings,
    /// How many rows each key has.
    times: Vec<u32>,
    /// True for keys whose rows differ.
    differ: Vec<bool>,
}

/// A column of the records: for each key the number of a text, which is what a cell holds after a sign of
/// what it is; 0 where there is none.
pub(super) struct Stored {
    pub name: Arc<str>,
    pub kind: Kind,
    pub comma: bool,
    numbers: Vec<u32>,
    texts: Strings,
}

impl Stored {
    /// The value of a key.
    pub fn value(&self, key: u32, values: &Values) -> Option<Value> {
        row::value(cell(self.text(key))?, self.kind, self.comma, values)
    }

    fn text(&self, key: u32) -> &str {
        let number = self.numbers.get(key as usize).copied();
        self.texts.get(number.unwrap_or_default())
    }
}

impl Records {
    /// Reads a file whole; its key is the first of these columns that it has. Refused rows are written to
    /// `rejects`.
    pub fn read(path: &Path, keys: &[String], rejects: Option<&Path>) -> Result<Self> {
        let plan = peek_records(path)?;
        let key = find_key(&plan, keys).map_err(|error| error.at(path))?;
        let mut rejects = Rejects::new(rejects)?;
        let mut reading = Reading::new(key, &plan)?;
        for row in open(path, &plan)? {
            match row? {
                Row::Verbatim(verbatim) | Row::Also(verbatim) => reading
                    .add(&verbatim.fields)
                    .ok_or_else(|| too_much().at(path))?,
                Row::Reject(reject) => {
                    reading.records.refused += 1;
                    rejects.add(&reject)?;
                }
            }
        }
        reading.finish(&plan)
    }

    /// How many different keys there are.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// The number of a key.
    pub fn find(&self, key: &str) -> Option<u32> {
        self.keys.find(key)
    }

    /// How many rows a key has.
    pub fn times(&self, key: u32) -> u64 {
        u64::from(self.times.get(key as usize).copied().unwrap_or_default())
    }

    /// True where the rows of a key differ.
    pub fn differ(&self, key: u32) -> bool {
        self.differ.get(key as usize).copied().unwrap_or_default()
    }

    /// How many keys have rows that differ.
    pub fn ambiguous(&self) -> u64 {
        self.differ.iter().filter(|differ| **differ).count() as u64
    }

    /// How many keys have several rows that are the same.
    pub fn repeated(&self) -> u64 {
        let repeated = self.times.iter().zip(&self.differ);
        repeated
            .filter(|(times, differ)| **times > 1 && !**differ)
            .count() as u64
    }
}

fn too_much() -> Error {
    Error::input("more than 4 GiB in a column of a file to be joined")
        .hint("leave out the columns that are not needed")
}

fn find_key(plan: &Plan, wanted: &[String]) -> Result<Arc<str>> {
    let column = |name: &str| {
        let exact = plan.columns.iter().find(|one| &*one.name == name);
        let alike = || {
            plan.columns
                .iter()
                .find(|one| squeeze(&one.name) == squeeze(name))
        };
        exact.or_else(alike)
    };
    let found = wanted.iter().find_map(|name| column(name));
    found.map(|one| Arc::clone(&one.name)).ok_or_else(|| {
        let wanted = wanted.first().map_or("", String::as_str);
        let names: Vec<String> = plan
            .columns
            .iter()
            .take(20)
            .map(|one| format!("\"{}\"", one.name))
            .collect();
        Error::usage(format!("there is no column \"{wanted}\" to join by")).hint(format!(
            "say which one it is, as in --on {wanted}=NAME; the columns are: {}",
            names.join(", ")
        ))
    })
}

/// Records while they are read.
struct Reading {
    records: Records,
    columns: FxHashMap<Arc<str>, usize>,
    /// Whether the file had keys that the plan does not know.
    has_later: bool,
    counted: Vec<Counted>,
    /// The texts of one row, by column; empty where there is none.
    row: Vec<String>,
    values: Values,
    /// True when numbers are told from texts that look like them.
    typed: bool,
}

/// What is counted of a column.
#[derive(Default)]
struct Counted {
    counts: Counts,
    /// What each text could be, by its number.
    could: Vec<Could>,
}

impl Reading {
    fn new(key: Arc<str>, plan: &Plan) -> Result<Self> {
        let records = Records {
            key,
            columns: Vec::new(),
            rows: 0,
            refused: 0,
            keyless: 0,
            keys: Strings::strict(),
            times: Vec::new(),
            differ: Vec::new(),
        };
        let mut reading = Self {
            records,
            columns: FxHashMap::default(),
            has_later: false,
            counted: Vec::new(),
            row: Vec::new(),
            values: Values::load()?,
            typed: !matches!(plan.format, Format::Delimited | Format::Workbook),
        };
        for column in &plan.columns {
            if column.name != reading.records.key {
                reading.column(&column.name);
            }
        }
        reading.has_later = false;
        Ok(reading)
    }

    /// The column of this name, a new one if there was none.
    fn column(&mut self, name: &Arc<str>) -> usize {
        if let Some(&at) = self.columns.get(name) {
            return at;
        }
        let at = self.columns.len();
        self.has_later = true;
        self.columns.insert(Arc::clone(name), at);
        let mut texts = Strings::loose();
        texts.add("");
        self.records.columns.push(Stored {
            name: Arc::clone(name),
            kind: Kind::Text,
            comma: false,
            numbers: Vec::new(),
            texts,
        });
        self.counted.push(Counted {
            could: vec![Could::default()],
            ..Counted::default()
        });
        self.row.push(String::new());
        at
    }

    /// Adds a row; `None` when no more fit.
    fn add(&mut self, fields: &[(Arc<str>, Value)]) -> Option<()> {
        self.records.rows += 1;
        self.row.iter_mut().for_each(String::clear);
        let mut own = None;
        for (name, value) in fields {
            if *name == self.records.key {
                own = Some(said(value));
            } else {
                let at = self.column(name);
                write(value, self.row.get_mut(at)?);
            }
        }
        let own = own.as_deref().and_then(|said| key(said, &self.values));
        let Some(own) = own else {
            self.records.keyless += 1;
            self.count();
            return Some(());
        };
        let before = self.records.keys.len();
        let number = self.records.keys.add(&own)?;
        if self.records.keys.len() > before {
            self.records.times.push(1);
            self.records.differ.push(false);
            return self.keep(number);
        }
        self.count();
        let at = number as usize;
        *self.records.times.get_mut(at)? += 1;
        let columns = self.records.columns.iter();
        let same = columns
            .zip(&self.row)
            .all(|(column, text)| column.text(number) == text);
        *self.records.differ.get_mut(at)? |= !same;
        Some(())
    }

    /// Counts what the row could be, without keeping it.
    fn count(&mut self) {
        for (text, counted) in self.row.iter().zip(&mut self.counted) {
            counted.counts.add(could(text, &self.values, self.typed));
        }
    }

    /// Keeps the row as that of a key.
    fn keep(&mut self, key: u32) -> Option<()> {
        let columns = self.records.columns.iter_mut().zip(&self.row);
        for ((column, text), counted) in columns.zip(&mut self.counted) {
            if text.is_empty() {
                continue;
            }
            let number = column.texts.add(text)?;
            if number as usize == counted.could.len() {
                counted.could.push(could(text, &self.values, self.typed));
            }
            counted.counts.add(*counted.could.get(number as usize)?);
            column.numbers.resize(key as usize, 0);
            column.numbers.push(number);
        }
        Some(())
    }

    /// The records, each column with its kind by all of its values.
    fn finish(self, plan: &Plan) -> Result<Records> {
        let names = Names::load()?;
        let mut records = self.records;
        let either = !self.typed && plan.delimiter() != Some(b',');
        let counts = self.counted.iter().map(|counted| counted.counts);
        let written = Written {
            comma: either && decimal_sign(counts, Some(plan.delimiter)).0,
            either,
            typed: self.typed,
        };
        for (column, counted) in records.columns.iter_mut().zip(self.counted) {
            let code = names.is_code(&column.name);
            (column.kind, column.comma) = counted.counts.kind(code, written);
            column.numbers.shrink_to_fit();
            column.texts.shrink();
        }
        if self.has_later {
            // The order in which keys are met says nothing.
            records.columns.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(records)
    }
}

fn could(text: &str, values: &Values, typed: bool) -> Could {
    cell(text).map_or_else(Could::default, |cell| Could::be(&cell, values, typed))
}

/// Adds a value after a sign of what it is.
fn write(value: &Value, into: &mut String) {
    into.push(match value {
        Value::Text(_) => 't',
        Value::Number(_) => 'n',
        Value::Bool(_) => 'b',
    });
    into.push_str(&said(value));
}

/// The cell that was written.
fn cell(text: &str) -> Option<Cell<'_>> {
    let (sign, rest) = text.split_at_checked(1)?;
    match sign {
        "n" => rest.parse().ok().map(Cell::Number),
        "b" => rest.parse().ok().map(Cell::Bool),
        _ => Some(Cell::Text(Cow::Borrowed(rest))),
    }
}
