//! Reading a file by its plan: one row after the other, each a verbatim or refused.

use super::cell::{Cell, MAX_CELL};
use super::delimited::{MAX_COLUMNS, Record, Records, Step};
use super::encoding::Decoder;
use super::format::Format;
use super::input::{failed, reopen};
use super::jsonl::{Lines, Object};
use super::plan::Plan;
use super::reject::{Reason, Reject};
use super::row::{Rows, unplanned};
use crate::error;
use crate::verbatim::Verbatim;
use memchr::memchr;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a row of a file came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A verbatim.
    Verbatim(Verbatim),
    /// Nothing: it was refused.
    Reject(Reject),
}

/// Opens a file that was looked at with [`super::peek`], to read it from its first row.
///
/// # Errors
/// [`crate::error::ErrorKind::Input`] or `Io` when it can no longer be opened or read.
pub fn open(path: &Path, plan: &Plan) -> error::Result<Reader> {
    let input = Decoder::new(reopen(path, &plan.head)?, plan.encoding);
    let rows = Rows::new(plan)?;
    let file = match plan.format {
        Format::Delimited => {
            let mut records = Records::new(input, plan.delimiter);
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
        Format::Jsonl => File::Jsonl(Lines::new(input), Keys::new(&rows, plan)),
    };
    Ok(Reader {
        path: path.to_path_buf(),
        rows,
        file,
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
    failed: bool,
}

enum File {
    Delimited(Records, Record),
    Jsonl(Lines, Keys),
}

impl Reader {
    /// How many rows without any content were passed over so far.
    pub fn blank_rows(&self) -> u64 {
        match &self.file {
            File::Delimited(records, _) => records.blank,
            File::Jsonl(lines, _) => lines.blank,
        }
    }
}

impl Iterator for Reader {
    type Item = error::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let row = match &mut self.file {
            File::Delimited(records, record) => next_record(&self.rows, records, record),
            File::Jsonl(lines, keys) => next_line(&self.rows, lines, keys),
        };
        self.failed = row.is_err();
        row.map_err(|error| failed(&self.path, error)).transpose()
    }
}

fn next_record(rows: &Rows, records: &mut Records, record: &mut Record) -> io::Result<Option<Row>> {
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
    let named = |column: Option<usize>| {
        let column = column.and_then(|column| rows.columns.get(column));
        column.map(|column| column.name.to_string())
    };
    Ok(Some(finish(
        row,
        read.map_err(|(column, reason)| (named(column), reason)),
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

fn next_line(rows: &Rows, lines: &mut Lines, keys: &mut Keys) -> io::Result<Option<Row>> {
    let Some(line) = lines.next()? else {
        return Ok(None);
    };
    let read = line.and_then(|object| read_object(rows, lines.row, object, keys));
    Ok(Some(finish(lines.row, read)))
}

fn read_object(
    rows: &Rows,
    row: u64,
    object: Object,
    keys: &mut Keys,
) -> Result<Verbatim, (Option<String>, Reason)> {
    let mut known = Vec::with_capacity(object.len());
    let mut later = Vec::new();
    for (key, cell) in object {
        match keys.columns.get(key.as_str()) {
            Some(&column) => known.push((column, cell)),
            None if keys.keep => later.push((key, cell)),
            None => {}
        }
    }
    let named = |column: Option<usize>| {
        let column = column.and_then(|column| rows.columns.get(column));
        column.map(|column| column.name.to_string())
    };
    let verbatim = rows.read(row, known.into_iter());
    let mut verbatim = verbatim.map_err(|(column, reason)| (named(column), reason))?;
    for (key, cell) in later {
        if keys.columns.len() + keys.later.len() >= MAX_COLUMNS && !keys.later.contains_key(&key) {
            return Err((None, Reason::TooManyKeys));
        }
        let name = keys.later.entry(key);
        let name = name.or_insert_with_key(|key| Arc::from(key.as_str()));
        if let Some(value) = unplanned(cell) {
            verbatim.fields.push((Arc::clone(name), value));
        }
    }
    Ok(verbatim)
}

fn finish(row: u64, read: Result<Verbatim, (Option<String>, Reason)>) -> Row {
    match read {
        Ok(verbatim) => Row::Verbatim(verbatim),
        Err((column, reason)) => Row::Reject(Reject {
            row,
            column,
            reason,
        }),
    }
}
