//! Tables of labelled texts: CSV or TSV with a header, plain or gzip, read whole. For training and
//! evaluation; what customers send goes through [`super`].

use crate::error::{Error, Result};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A table read whole.
#[derive(Clone, Debug)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads a file with a header: separated by tabs when it ends in `.tsv`, else by commas; gzip when it
    /// ends in `.gz`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Input`] when it is no CSV, `Io` when it cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path)
            .map_err(|error| Error::io("the labelled file cannot be read", error).at(path))?;
        let reader: Box<dyn Read> = if path.extension().is_some_and(|end| end == "gz") {
            Box::new(flate2::read::MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        let broken = |error: csv::Error| Error::input("not a CSV file").at(path).caused_by(error);
        let plain = path.to_string_lossy();
        let tabs = plain.trim_end_matches(".gz").ends_with(".tsv");
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(if tabs { b'\t' } else { b',' })
            .from_reader(reader);
        let header = reader
            .headers()
            .map_err(broken)?
            .iter()
            .map(str::to_owned)
            .collect();
        let rows = reader
            .records()
            .collect::<std::result::Result<_, _>>()
            .map_err(broken)?;
        Ok(Self { header, rows })
    }

    /// The position of a column.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Input`] that lists the columns there are.
    pub fn column(&self, name: &str) -> Result<usize> {
        self.header
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| {
                Error::input(format!("no column `{name}`"))
                    .hint(format!("the columns are: {}", self.header.join(", ")))
            })
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A cell; empty where the row is too short.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows
            .get(row)
            .and_then(|cells| cells.get(column))
            .unwrap_or("")
    }
}
