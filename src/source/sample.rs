//! The first rows of a file, column by column: what the decisions are made from.

use super::cell::Cell;
use super::columnar::Columns;
use super::delimited::{MAX_COLUMNS, Record, Records, Step};
use super::elements::Elements;
use super::export::{self, Export};
use super::format::{declared, decoder};
use super::grid::{Cells, Grid};
use super::header::{self, Header};
use super::input::unreadable;
use super::jsonl::{Lines, Object};
use super::names::squeeze;
use crate::error::{Error, Result};
use crate::text::nfc;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::sync::Arc;

/// Most rows of a sample.
const ROWS: u64 = 5000;

/// The first rows of a file.
#[derive(Default)]
pub(super) struct Sample {
    /// The names of the columns, no two alike.
    pub names: Vec<String>,
    /// The text of each column's question, where it is something else than its name.
    pub labels: Vec<Option<String>>,
    /// The cells of each column that are not empty.
    pub columns: Vec<Vec<Cell<'static>>>,
    /// Where each column stands in a table; empty for formats without places.
    pub places: Vec<usize>,
    /// How many sound rows were read.
    pub rows: u64,
    /// True when there was no row after these.
    pub whole: bool,
    /// The last row of the header; 0 where there is none.
    pub header: u64,
    /// How many columns had no name, or that of another one.
    pub renamed: usize,
    /// The tool whose export this is, and how it is known.
    pub tool: Option<(Export, String)>,
    /// The header and the first row, by which the file is told from others; empty for formats of lines.
    pub first: String,
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
        let first = match step {
            Step::End => return Err(Error::input("the file is empty")),
            Step::Record => names(&record)?,
            Step::OpenQuote | Step::TooLong => {
                return Err(Error::input(
                    "the header cannot be read: a quote is not closed, or it is too long",
                )
                .row(records.row)
                .hint("the first row must hold the names of the columns"));
            }
        };
        let width = first.len();
        let mut sample = Self {
            header: records.row,
            ..Self::default()
        };
        // A header may have three rows.
        let mut next: Vec<(u64, Vec<String>)> = Vec::new();
        let mut step = records.next(&mut record)?;
        while step == Step::Record && record.count == width && next.len() < 2 {
            let Some(cells) = texts(&record) else { break };
            next.push((records.row, cells));
            step = records.next(&mut record)?;
        }
        let rows: Vec<Vec<String>> = next.iter().map(|(_, cells)| cells.clone()).collect();
        let header = header::read(first, &rows)?;
        let more = header.more;
        if let Some((row, _)) = more.checked_sub(1).and_then(|last| next.get(last)) {
            sample.header = *row;
        }
        sample.name(header)?;
        for (_, cells) in next.into_iter().skip(more) {
            sample.rows += 1;
            for (cell, column) in cells.into_iter().zip(&mut sample.columns) {
                if !cell.is_empty() {
                    column.push(Cell::Text(Cow::Owned(cell)));
                }
            }
        }
        while sample.rows < ROWS {
            match step {
                Step::End => {
                    sample.whole = true;
                    break;
                }
                Step::Record if record.count == width => sample.add(&record),
                _ => {}
            }
            step = records.next(&mut record)?;
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

    /// Takes the names of a header, each made its own.
    fn name(&mut self, header: Header) -> Result<()> {
        let Header {
            names,
            labels,
            tool,
            ..
        } = header;
        (self.names, self.renamed) = unique(names);
        self.labels = labels;
        self.columns = vec![Vec::new(); self.names.len()];
        self.tool = match tool {
            Some((name, why)) => export::named(&name)?.map(|export| (export, why)),
            None => export::find(&self.names)?.map(|export| {
                let why = export.signs();
                (export, why)
            }),
        };
        Ok(())
    }

    /// Reads the beginning of a file of JSON Lines. The columns are in the order of their names,
    /// so that the order of an object's keys means nothing.
    pub fn jsonl(text: &Arc<[u8]>) -> Result<Self> {
        let mut lines = Lines::new(decoder(text));
        let mut objects = Objects::default();
        while objects.rows < ROWS {
            let Some(line) = lines.next()? else { break };
            if let Ok(object) = line {
                objects.add(object)?;
            }
        }
        objects.sample()
    }

    /// Reads the beginning of a JSON array; `cut` where it does not hold the whole of it.
    pub fn elements(text: &Arc<[u8]>, cut: bool) -> Result<Self> {
        let mut elements = Elements::new(decoder(text));
        let mut objects = Objects::default();
        while objects.rows < ROWS {
            match elements.next() {
                Ok(Some(Ok(object))) => objects.add(object)?,
                Ok(Some(Err(_))) => {}
                Ok(None) => break,
                Err(error) if cut && error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(unreadable(error)),
            }
        }
        let first = std::mem::take(&mut objects.first);
        let mut sample = objects.sample()?;
        sample.first = first;
        Ok(sample)
    }

    /// Reads the beginning of a table. Without `columns` its first row names them.
    pub fn grid(grid: &mut Grid, columns: Option<&Columns>) -> Result<Self> {
        let mut sample = Self::default();
        let mut lines: Vec<(u64, Cells)> = Vec::new();
        // A header has three rows at most.
        while (lines.len() as u64) < ROWS + 3 {
            let Some(line) = grid.next().map_err(unreadable)? else {
                sample.whole = true;
                break;
            };
            lines.push((line.row, line.cells));
        }
        let mut lines = lines.into_iter();
        let mut header = Header::default();
        if let Some(columns) = columns {
            sample.places = columns.read.iter().map(|column| column.0).collect();
            header.names = columns.read.iter().map(|column| column.1.clone()).collect();
            header.labels = vec![None; header.names.len()];
        } else {
            let Some((row, first)) = lines.next() else {
                return Err(Error::input("the sheet is empty"));
            };
            let first = first.map_err(|_| {
                Error::input("the header cannot be read: a cell of it is too long")
                    .row(row)
                    .hint("the first row must hold the names of the columns")
            })?;
            sample.header = row;
            let sound = lines
                .as_slice()
                .iter()
                .filter_map(|line| line.1.as_ref().ok());
            sample.places = places(&first, sound);
            let rows: Vec<Vec<String>> = lines
                .as_slice()
                .iter()
                .take(2)
                .map_while(|line| Some(spread(line.1.as_ref().ok()?, &sample.places)))
                .collect();
            header = header::read(spread(&first, &sample.places), &rows)?;
            for _ in 0..header.more {
                if let Some((row, _)) = lines.next() {
                    sample.header = row;
                }
            }
        }
        if sample.places.len() > MAX_COLUMNS {
            return Err(too_many_columns(sample.places.len()));
        }
        sample.name(header)?;
        sample.first = sample.names.join("\n");
        for cells in lines.filter_map(|(_, cells)| cells.ok()) {
            if sample.rows == 0 {
                for (_, cell) in &cells {
                    sample.first.push('\n');
                    sample.first.push_str(&cell.as_text());
                }
            }
            sample.rows += 1;
            for (place, cell) in cells {
                if let Ok(column) = sample.places.binary_search(&place)
                    && let Some(column) = sample.columns.get_mut(column)
                    && cell != Cell::Error
                {
                    column.push(cell);
                }
            }
        }
        Ok(sample)
    }

    /// The column of this name, or of a question with this text; case, accents, spaces and punctuation
    /// decide only between names that are alike without them.
    pub fn column(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|known| known == name.trim());
        let wanted = squeeze(name);
        exact
            .or_else(|| self.names.iter().position(|known| squeeze(known) == wanted))
            .or_else(|| {
                let mut labels = self.labels.iter();
                labels.position(|label| label.as_ref().is_some_and(|text| squeeze(text) == wanted))
            })
    }

    /// What was asked in a column: its question, or its name.
    pub fn question(&self, column: usize) -> &str {
        let label = self.labels.get(column).and_then(Option::as_deref);
        label.unwrap_or_else(|| self.names.get(column).map_or("", String::as_str))
    }
}

/// The objects of the first rows.
#[derive(Default)]
struct Objects {
    columns: BTreeMap<String, Vec<Cell<'static>>>,
    rows: u64,
    /// The first of them.
    first: String,
}

impl Objects {
    fn add(&mut self, object: Object) -> Result<()> {
        self.rows += 1;
        for (key, cell) in object {
            if self.rows == 1 {
                self.first.push_str(&key);
                self.first.push('\n');
                self.first.push_str(&cell.as_text());
                self.first.push('\n');
            }
            match self.columns.entry(key) {
                Entry::Occupied(column) => column.into_mut().push(cell),
                Entry::Vacant(column) => drop(column.insert(vec![cell])),
            }
        }
        if self.columns.len() > MAX_COLUMNS {
            return Err(too_many_columns(self.columns.len()));
        }
        Ok(())
    }

    fn sample(self) -> Result<Sample> {
        let rows = self.rows;
        let (names, columns): (Vec<String>, _) = self.columns.into_iter().unzip();
        let mut sample = Sample {
            rows,
            whole: rows < ROWS,
            ..Sample::default()
        };
        sample.name(Header {
            labels: vec![None; names.len()],
            names,
            ..Header::default()
        })?;
        sample.columns = columns;
        Ok(sample)
    }
}

/// The places that have a name or a value, ascending.
fn places<'c>(
    first: &'c [(usize, Cell<'static>)],
    rows: impl Iterator<Item = &'c Vec<(usize, Cell<'static>)>>,
) -> Vec<usize> {
    let mut used = Vec::new();
    let cells = first.iter().chain(rows.flatten());
    for &(place, _) in cells {
        if used.len() <= place {
            used.resize(place + 1, false);
        }
        if let Some(used) = used.get_mut(place) {
            *used = true;
        }
    }
    (0..)
        .zip(used)
        .filter_map(|(place, used)| used.then_some(place))
        .collect()
}

/// The texts of a row's cells, one for each place.
fn spread(cells: &[(usize, Cell<'static>)], places: &[usize]) -> Vec<String> {
    let mut row = vec![String::new(); places.len()];
    for (place, cell) in cells {
        if let Some(text) = places
            .binary_search(place)
            .ok()
            .and_then(|at| row.get_mut(at))
        {
            *text = cell.as_text().into_owned();
        }
    }
    row
}

fn too_many_columns(count: usize) -> Error {
    Error::input(format!("{count} columns; at most {MAX_COLUMNS} are read"))
        .hint("check the delimiter (--delimiter), or export fewer columns")
}

/// The names of a header as it has them.
fn names(record: &Record) -> Result<Vec<String>> {
    if record.count > MAX_COLUMNS {
        return Err(too_many_columns(record.count));
    }
    texts(record).ok_or_else(|| {
        Error::input("the header is not valid in the encoding of the file")
            .hint("say which one it is, for example --encoding windows-1252")
    })
}

/// The texts of a record, trimmed; `None` where they are not valid.
fn texts(record: &Record) -> Option<Vec<String>> {
    let text = std::str::from_utf8(record.bytes()).ok()?;
    let cells = record
        .spans()
        .map(|span| text.get(span).unwrap_or_default());
    Some(cells.map(|cell| cell.trim().to_owned()).collect())
}

/// The names with those that are empty or alike changed, and how many had to be.
fn unique(names: Vec<String>) -> (Vec<String>, usize) {
    let mut made: Vec<String> = Vec::with_capacity(names.len());
    let mut seen = BTreeMap::new();
    let mut renamed = 0;
    for (position, name) in names.into_iter().enumerate() {
        let mut name = nfc(name.trim()).into_owned();
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
        made.push(name);
    }
    (made, renamed)
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
