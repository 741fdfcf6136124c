//! The first rows of a file, column by column: what the decisions are made from.

use super::cell::Cell;
use super::delimited::{MAX_COLUMNS, Record, Records, Step};
use super::format::{declared, decoder};
use super::jsonl::Lines;
use super::names::squeeze;
use crate::error::{Error, Result};
use crate::text::nfc;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// Most rows of a sample.
const ROWS: u64 = 5000;

/// The first rows of a file.
pub(super) struct Sample {
    /// The names of the columns, no two alike.
    pub names: Vec<String>,
    /// The cells of each column that are not empty.
    pub columns: Vec<Vec<Cell<'static>>>,
    /// How many sound rows were read.
    pub rows: u64,
    /// True when there was no row after these.
    pub whole: bool,
    /// The row of the header; 0 where there is none.
    pub header: u64,
    /// How many columns had no name, or that of another one.
    pub renamed: usize,
}

impl Sample {
    /// Reads the beginning of a delimited file.
    pub fn delimited(text: &Arc<[u8]>, delimiter: u8) -> Result<Self> {
        let mut records = Records::new(decoder(text), delimiter);
        let mut record = Record::default();
        let mut step = records.next(&mut record)?;
        if declared(text).is_some() {
            step = records.next(&mut record)?;
        }
        let (names, renamed) = match step {
            Step::End => return Err(Error::input("the file is empty")),
            Step::Record => header(&record)?,
            Step::OpenQuote | Step::TooLong => {
                return Err(Error::input(
                    "the header cannot be read: a quote is not closed, or it is too long",
                )
                .row(records.row)
                .hint("the first row must hold the names of the columns"));
            }
        };
        let mut sample = Self {
            columns: vec![Vec::new(); names.len()],
            names,
            rows: 0,
            whole: false,
            header: records.row,
            renamed,
        };
        while sample.rows < ROWS {
            match records.next(&mut record)? {
                Step::End => {
                    sample.whole = true;
                    break;
                }
                Step::Record if record.count == sample.names.len() => sample.add(&record),
                _ => {}
            }
        }
        Ok(sample)
    }

    fn add(&mut self, record: &Record) {
        let Ok(text) = std::str::from_utf8(record.bytes()) else {
            return;
        };
        self.rows += 1;
        for (span, column) in record.spans().zip(&mut self.columns) {
            let cell = text.get(span).unwrap_or_default().trim();
            if !cell.is_empty() {
                column.push(Cell::Text(Cow::Owned(cell.to_owned())));
            }
        }
    }

    /// Reads the beginning of a file of JSON Lines. The columns are in the order of their names,
    /// so that the order of an object's keys means nothing.
    pub fn jsonl(text: &Arc<[u8]>) -> Result<Self> {
        let mut lines = Lines::new(decoder(text));
        let mut columns: BTreeMap<String, Vec<Cell<'static>>> = BTreeMap::new();
        let mut rows = 0;
        while rows < ROWS {
            let Some(line) = lines.next()? else { break };
            let Ok(object) = line else { continue };
            rows += 1;
            for (key, cell) in object {
                match columns.entry(key) {
                    Entry::Occupied(column) => column.into_mut().push(cell),
                    Entry::Vacant(column) => drop(column.insert(vec![cell])),
                }
            }
            if columns.len() > MAX_COLUMNS {
                return Err(too_many_columns(columns.len()));
            }
        }
        let (names, columns) = columns.into_iter().unzip();
        Ok(Self {
            names,
            columns,
            rows,
            whole: rows < ROWS,
            header: 0,
            renamed: 0,
        })
    }

    /// The column of this name; case, accents, spaces and punctuation decide only between names
    /// that are alike without them.
    pub fn column(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|known| known == name.trim());
        exact.or_else(|| {
            let wanted = squeeze(name);
            self.names.iter().position(|known| squeeze(known) == wanted)
        })
    }
}

fn too_many_columns(count: usize) -> Error {
    Error::input(format!("{count} columns; at most {MAX_COLUMNS} are read"))
        .hint("check the delimiter (--delimiter), or export fewer columns")
}

/// The names of a header, and how many had to be made up.
fn header(record: &Record) -> Result<(Vec<String>, usize)> {
    if record.count > MAX_COLUMNS {
        return Err(too_many_columns(record.count));
    }
    let text = std::str::from_utf8(record.bytes()).map_err(|_| {
        Error::input("the header is not valid in the encoding of the file")
            .hint("say which one it is, for example --encoding windows-1252")
    })?;
    let mut names: Vec<String> = Vec::with_capacity(record.count);
    let mut seen = BTreeMap::new();
    let mut renamed = 0;
    for (position, span) in record.spans().enumerate() {
        let mut name = nfc(text.get(span).unwrap_or_default().trim()).into_owned();
        if name.is_empty() {
            name = format!("column {}", position + 1);
            renamed += 1;
        }
        let plain = name.clone();
        while let Some(count) = seen.get_mut(&name) {
            *count += 1;
            name = format!("{plain} ({count})");
            renamed += 1;
        }
        seen.insert(name.clone(), 1);
        names.push(name);
    }
    Ok((names, renamed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_unique() {
        let sample = Sample::delimited(&(*b"a,,a,a\n1,2,3,\n1,2\n").into(), b',').unwrap();
        assert_eq!(sample.names, ["a", "column 2", "a (2)", "a (3)"]);
        assert_eq!((sample.rows, sample.columns[3].len()), (1, 0));
        assert_eq!(sample.column("Column_2"), Some(1));
    }
}
