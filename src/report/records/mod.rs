//! Comments as rows of typed cells, written one after the other: as many rows as there are, in bounded
//! memory.
//!
//! ```text
//! Record ──Layout──▶ cells ──RowWriter──▶ CSV · Excel · Parquet · Arrow · JSON Lines
//! ```
//!
//! The columns are known before the first row, and are the same in every form.

mod arrow;
mod batch;
mod delimited;
mod excel;
mod jsonl;
mod layout;
mod parquet;
mod watched;

pub use layout::{Layout, Per};

use super::Csv;
use crate::error::Result;
use crate::verbatim::Day;
use std::borrow::Cow;
use std::io::Write;

/// What the cells of a column are; any may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// Some texts, or none.
    Texts,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// A day.
    Date,
}

/// A column of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name; no two are alike, whatever their case.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'c> {
    /// Nothing.
    Absent,
    /// A text.
    Text(Cow<'c, str>),
    /// Some texts.
    Texts(Vec<Cow<'c, str>>),
    /// A whole number.
    Whole(i64),
    /// A number, finite.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Day),
}

/// Writes rows in a form.
pub trait RowWriter<W>: Send {
    /// Writes a row: a cell per column.
    ///
    /// # Errors
    /// `Io` when the writer fails.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()>;

    /// Writes what is left, and gives back what was written to.
    ///
    /// # Errors
    /// `Io` when the writer fails.
    fn finish(self: Box<Self>) -> Result<W>;

    /// How many texts were cut because the form holds no longer ones.
    fn cut(&self) -> u64 {
        0
    }
}

/// A form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowForm {
    /// A JSON object per row.
    Jsonl,
    /// CSV with a header.
    Csv(Csv),
    /// An Excel workbook.
    Excel,
    /// Parquet, compressed with zstd.
    Parquet,
    /// An Arrow stream.
    Arrow,
}

impl RowForm {
    /// A writer of rows with these columns to `out`.
    ///
    /// # Errors
    /// `Io` when `out` fails, or the scratch file of a workbook cannot be made.
    pub fn writer<W: Write + Send + 'static>(
        self,
        heads: &[Head],
        out: W,
    ) -> Result<Box<dyn RowWriter<W>>> {
        Ok(match self {
            Self::Jsonl => Box::new(jsonl::JsonlRows::new(heads, out)),
            Self::Csv(csv) => Box::new(delimited::CsvRows::new(csv, heads, out)?),
            Self::Excel => Box::new(excel::ExcelRows::new(heads, out)?),
            Self::Parquet => Box::new(parquet::ParquetRows::new(heads, out)?),
            Self::Arrow => Box::new(arrow::ArrowRows::new(heads, out)?),
        })
    }
}

/// A number as it is printed: with a decimal point, whole ones without.
fn plain(number: f64) -> String {
    // A sum of nothing is no -0.
    (number + 0.0).to_string()
}

#[cfg(test)]
mod tests;
