//! Reading a file by its plan: one row after the other, each a verbatim or refused.

use super::cell::{Cell, MAX_CELL};
use super::delimited::{MAX_COLUMNS, Record, Records, Step};
use super::elements::Elements;
use super::encoding::Decoder;
use super::format::Format;
use super::grid::Grid;
use super::input::{failed, reopen, reopen_seekable};
use super::jsonl::{Lines, Object, Refusal};
use super::plan::Plan;
use super::reject::{Reason, Reject};
use super::row::{Rows, unplanned};
use super::tables;
use crate::error;
use crate::verbatim::Verbatim;
use memchr::memchr;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a row of a file came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A verbatim.
    Verbatim(Verbatim),
    /// Another verbatim of the row before: the answer to its next open question.
    Also(Verbatim),
    /// Nothing: it was refused.
    Reject(Reject),
}

/// Opens a file that was looked at with [`super::peek`], to read it from its first row.
///
/// # Errors
/// [`crate::error::ErrorKind::Input`] or `Io` when it can no longer be opened or read.
pub fn open(path: &Path, plan: &Plan) -> error::Result<Reader> {
    let rows = Rows::new(plan)?;
    let text = || Ok::<_, error::Error>(Decoder::new(reopen(path, &plan.kept)?, plan.encoding));
    let file = match plan.format {
        Format::Delimited => {
            let mut records = Records::new(text()?, plan.delimiter);
            let mut record = Record::default();
            while records.row < plan.header {
                let step = records.next(&mut record);
                if step.map_err(|error| failed(path, error))? == Step::End {
                    break;
                }
            }
            records.blank = 0;
            File::Delimited(records, record)
        }
        Format::Jsonl => File::Jsonl(Lines::new(text()?), Keys::new(&rows, plan)),
        Format::JsonArray => File::Array(Elements::new(text()?), Keys::new(&rows, plan)),
        Format::Workbook | Format::Parquet | Format::Arrow | Format::ArrowStream => {
            let file = reopen_seekable(path, &plan.kept)?;
            let table = tables::open(file, plan.format, plan.sheet.as_deref());
            let mut grid = table.map_err(|error| error.at(path))?.grid;
            grid.pass(plan.header)
                .map_err(|error| failed(path, error))?;
            File::Table(grid, plan.places.clone())
        }
    };
    Ok(Reader {
        path: path.to_path_buf(),
        rows,
        file,
        also: VecDeque::new(),
        failed: false,
    })
}

/// The rows of a file, in its order. Memory is bounded whatever its size.
///
/// An item is an error only when the file cannot be read on; it is the last one then.
pub struct Reader {
    path: PathBuf,
    rows: Rows,
    file: File,
    /// The other verbatims of the row just read.
    also: VecDeque<Verbatim>,
    failed: bool,
}

enum File {
    Delimited(Records, Record),
    Jsonl(Lines, Keys),
    Array(Elements, Keys),
    Table(Grid, Vec<usize>),
}

/// The number of a row and its verbatims, or the column and the reason why it has none.
type Read = (u64, Result<Vec<Verbatim>, (Option<String>, Reason)>);

impl Reader {
    /// How many rows without any content were passed over so far.
    pub fn blank_rows(&self) -> u64 {
        match &self.file {
            File::Delimited(records, _) => records.blank,
            File::Jsonl(lines, _) => lines.blank,
            File::Array(..) => 0,
            File::Table(grid, _) => grid.blank,
        }
    }

    fn row(&mut self) -> io::Result<Option<Row>> {
        let read = match &mut self.file {
            File::Delimited(records, record) => next_record(&self.rows, records, record),
            File::Jsonl(lines, keys) => {
                let line = lines.next()?;
                Ok(line.map(|line| next_object(&self.rows, lines.row, line, keys)))
            }
            File::Array(elements, keys) => {
                let element = elements.next()?;
                Ok(element.map(|element| next_object(&self.rows, elements.row, element, keys)))
            }
            File::Table(grid, places) => next_line(&self.rows, grid, places),
        };
        Ok(read?.and_then(|(row, read)| match read {
            Ok(verbatims) => {
                self.also.extend(verbatims);
                self.also.pop_front().map(Row::Verbatim)
            }
            Err((column, reason)) => Some(Row::Reject(Reject {
                row,
                column,
                reason,
            })),
        }))
    }
}

impl Iterator for Reader {
    type Item = error::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(verbatim) = self.also.pop_front() {
            return Some(Ok(Row::Also(verbatim)));
        }
        if self.failed {
            return None;
        }
        let row = self.row();
        self.failed = row.is_err();
        row.map_err(|error| failed(&self.path, error)).transpose()
    }
}

/// The name of a column for a reject.
fn named(rows: &Rows, column: Option<usize>) -> Option<String> {
    let column = column.and_then(|column| rows.columns.get(column));
    column.map(|column| column.name.to_string())
}

fn next_record(
    rows: &Rows,
    records: &mut Records,
    record: &mut Record,
) -> io::Result<Option<Read>> {
    let step = records.next(record)?;
    let row = records.row;
    let read = match step {
        Step::End => return Ok(None),
        Step::OpenQuote => Err((None, Reason::OpenQuote)),
        Step::TooLong => Err((None, Reason::RowTooLong)),
        Step::Record => check(record, rows.columns.len()).and_then(|text| {
            let cells = record
                .spans()
                .map(|span| text.get(span).unwrap_or_default());
            rows.read(
                row,
                cells
                    .map(|cell| Cell::Text(Cow::Borrowed(cell)))
                    .enumerate(),
            )
        }),
    };
    Ok(Some((
        row,
        read.map_err(|(column, reason)| (named(rows, column), reason)),
    )))
}

/// The next row of a table, whose columns stand at `places`.
fn next_line(rows: &Rows, grid: &mut Grid, places: &[usize]) -> io::Result<Option<Read>> {
    let Some(line) = grid.next()? else {
        return Ok(None);
    };
    let column = |place: usize| places.binary_search(&place).ok();
    let read = match line.cells {
        Err((place, reason)) => Err((place.and_then(column), reason)),
        Ok(cells) => {
            let outside = cells.iter().find(|(place, _)| column(*place).is_none());
            if let Some((place, _)) = outside {
                let (found, expected) = (*place as u64 + 1, places.len() as u64);
                Err((None, Reason::Columns { found, expected }))
            } else {
                let cells = cells.into_iter();
                rows.read(
                    line.row,
                    cells.filter_map(|(place, cell)| Some((column(place)?, cell))),
                )
            }
        }
    };
    Ok(Some((
        line.row,
        read.map_err(|(column, reason)| (named(rows, column), reason)),
    )))
}

/// The text of a record, if all of its cells can be read.
fn check(record: &Record, columns: usize) -> Result<&str, (Option<usize>, Reason)> {
    if record.count != columns {
        let (found, expected) = (record.count as u64, columns as u64);
        return Err((None, Reason::Columns { found, expected }));
    }
    let bytes = record.bytes();
    if bytes.len() > MAX_CELL
        && let Some(column) = record.spans().position(|span| span.len() > MAX_CELL)
    {
        return Err((Some(column), Reason::CellTooLong));
    }
    let holds = |at: usize| record.spans().position(|span| span.contains(&at));
    if let Some(at) = memchr(0, bytes) {
        return Err((holds(at), Reason::Nul));
    }
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|error| (holds(error.valid_up_to()), Reason::Encoding))?;
    // Two halves of a character in neighbouring cells make a whole only here.
    match record
        .spans()
        .position(|span| !text.is_char_boundary(span.end))
    {
        Some(column) => Err((Some(column), Reason::Encoding)),
        None => Ok(text),
    }
}

/// Where the keys of objects go.
struct Keys {
    columns: FxHashMap<Arc<str>, usize>,
    /// Keys that stood in no object of the sample.
    later: FxHashMap<String, Arc<str>>,
    /// True when these are kept.
    keep: bool,
}

impl Keys {
    fn new(rows: &Rows, plan: &Plan) -> Self {
        let names = rows.columns.iter().map(|column| Arc::clone(&column.name));
        Self {
            columns: names.zip(0..).collect(),
            later: FxHashMap::default(),
            keep: plan.keeps_all,
        }
    }
}

fn next_object(rows: &Rows, row: u64, object: Result<Object, Refusal>, keys: &mut Keys) -> Read {
    (
        row,
        object.and_then(|object| read_object(rows, row, object, keys)),
    )
}

fn read_object(
    rows: &Rows,
    row: u64,
    object: Object,
    keys: &mut Keys,
) -> Result<Vec<Verbatim>, (Option<String>, Reason)> {
    let mut known = Vec::with_capacity(object.len());
    let mut later = Vec::new();
    for (key, cell) in object {
        match keys.columns.get(key.as_str()) {
            Some(&column) => known.push((column, cell)),
            None if keys.keep => later.push((key, cell)),
            None => {}
        }
    }
    let verbatims = rows.read(row, known.into_iter());
    let mut verbatims = verbatims.map_err(|(column, reason)| (named(rows, column), reason))?;
    for (key, cell) in later {
        if keys.columns.len() + keys.later.len() >= MAX_COLUMNS && !keys.later.contains_key(&key) {
            return Err((None, Reason::TooManyKeys));
        }
        let name = keys.later.entry(key);
        let name = name.or_insert_with_key(|key| Arc::from(key.as_str()));
        if let Some(value) = unplanned(cell) {
            for verbatim in &mut verbatims {
                verbatim.fields.push((Arc::clone(name), value.clone()));
            }
        }
    }
    Ok(verbatims)
}
