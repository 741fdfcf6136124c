//! Rows that were refused: which, in what column, and why; never what was in them.

use crate::error::{Error, Result};
use crate::text::harmless;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// One refused row.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    /// The row as a spreadsheet counts it: the header is row 1. In JSON Lines, the line; in a JSON array,
    /// Parquet and Arrow, the first row is 1.
    pub row: u64,
    /// The column concerned, if one is.
    pub column: Option<String>,
    /// Why it was refused.
    pub reason: Reason,
}

/// Why a row was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// It has another number of cells than the header.
    Columns {
        /// How many cells it has.
        found: u64,
        /// How many the header has.
        expected: u64,
    },
    /// A cell opens a quote and does not close it, at least not within 16 MiB.
    OpenQuote,
    /// The row is longer than 16 MiB.
    RowTooLong,
    /// A cell is longer than 1 MiB.
    CellTooLong,
    /// A cell holds a NUL byte.
    Nul,
    /// Its bytes are not valid in the file's encoding.
    Encoding,
    /// A score is not a number.
    NotANumber,
    /// A score is outside its scale.
    OutOfRange {
        /// The lowest answer.
        low: u8,
        /// The highest answer.
        high: u8,
    },
    /// An NPS answer is not a whole number.
    NotWhole,
    /// A date cannot be read, or is not on the calendar.
    NotADate,
    /// A date has its day and month in the other order than its column, or in none that is known.
    DateOrder,
    /// The cell of the id is empty.
    NoId,
    /// The line is not JSON from this character on, counted from 1.
    Json {
        /// Where reading stopped.
        character: u64,
    },
    /// The line is JSON but not an object.
    NotAnObject,
    /// The formula of a cell that is needed has an error, such as #REF!.
    CellError,
    /// The object has more keys than a file may have columns.
    TooManyKeys,
}

impl Reason {
    /// The short name by which refused rows are counted.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Columns { .. } => "columns",
            Self::OpenQuote => "open-quote",
            Self::RowTooLong => "row-too-long",
            Self::CellTooLong => "cell-too-long",
            Self::Nul => "nul",
            Self::Encoding => "encoding",
            Self::NotANumber => "not-a-number",
            Self::OutOfRange { .. } => "out-of-range",
            Self::NotWhole => "not-whole",
            Self::NotADate => "not-a-date",
            Self::DateOrder => "date-order",
            Self::NoId => "no-id",
            Self::Json { .. } => "json",
            Self::NotAnObject => "not-an-object",
            Self::CellError => "cell-error",
            Self::TooManyKeys => "too-many-keys",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { found, expected } => {
                write!(f, "{found} cells where the header has {expected}")
            }
            Self::OpenQuote => {
                f.write_str("a quote opens in this row and is not closed within 16 MiB")
            }
            Self::RowTooLong => f.write_str("the row is longer than 16 MiB"),
            Self::CellTooLong => f.write_str("the cell is longer than 1 MiB"),
            Self::Nul => f.write_str("the cell holds a NUL byte"),
            Self::Encoding => f.write_str("bytes that are not valid in the file's encoding"),
            Self::NotANumber => f.write_str("not a number"),
            Self::OutOfRange { low, high } => write!(f, "not within {low} to {high}"),
            Self::NotWhole => f.write_str("not a whole number"),
            Self::NotADate => f.write_str("not a date that can be read"),
            Self::DateOrder => f.write_str("day and month in another order than decided"),
            Self::NoId => f.write_str("the id is empty"),
            Self::Json { character } => write!(f, "not valid JSON at character {character}"),
            Self::NotAnObject => f.write_str("not a JSON object"),
            Self::CellError => f.write_str("the formula of the cell has an error"),
            Self::TooManyKeys => f.write_str("too many different keys"),
        }
    }
}

const HEADER: [&str; 3] = ["row", "column", "reason"];
/// What stands before these where rows of several files are in one.
const FILE: &str = "file";

/// The file of refused rows (CSV: row, column, reason; the file before them where rows of several are in
/// one), made at the first of them.
///
/// Each row is on disk when [`Rejects::add`] returns, so a run that is killed leaves those it
/// found.
#[derive(Debug)]
pub struct Rejects {
    path: Option<PathBuf>,
    writer: Option<csv::Writer<File>>,
    /// The file that is read, where rows of several are in one.
    file: Option<String>,
    counts: BTreeMap<&'static str, u64>,
}

impl Rejects {
    /// Rejects to be written to `path`, or only counted. A file of an earlier run is removed.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] when there is a file that is not one of refused rows;
    /// [`crate::error::ErrorKind::Io`] when it cannot be read or removed.
    pub fn new(path: Option<&Path>) -> Result<Self> {
        if let Some(path) = path {
            remove_earlier(path)?;
        }
        Ok(Self {
            path: path.map(Path::to_path_buf),
            writer: None,
            file: None,
            counts: BTreeMap::new(),
        })
    }

    /// Rejects of several files to be written to `path`, each with the file it is from.
    ///
    /// # Errors
    /// As [`Rejects::new`].
    pub fn of_files(path: &Path) -> Result<Self> {
        Ok(Self {
            file: Some(String::new()),
            ..Self::new(Some(path))?
        })
    }

    /// Says which file the rows to come are from.
    pub fn read_from(&mut self, path: &Path) {
        if let Some(file) = &mut self.file {
            *file = path.display().to_string();
        }
    }

    /// Counts a refused row and writes it.
    pub fn add(&mut self, reject: &Reject) -> Result<()> {
        *self.counts.entry(reject.reason.name()).or_default() += 1;
        let Some(path) = &self.path else {
            return Ok(());
        };
        let written = (|| {
            let writer = if let Some(writer) = &mut self.writer {
                writer
            } else {
                // A device such as /dev/null is there already, and stays.
                let exists = path.exists();
                let file = File::options().write(true).create_new(!exists).open(path)?;
                let mut writer = csv::Writer::from_writer(file);
                let first = self.file.as_ref().map(|_| FILE);
                writer.write_record(first.into_iter().chain(HEADER))?;
                self.writer.insert(writer)
            };
            let (row, reason) = (reject.row.to_string(), reject.reason.to_string());
            // A header is anybody's text.
            let column = harmless(reject.column.as_deref().unwrap_or_default());
            let cells = [row.as_str(), &*column, reason.as_str()];
            writer.write_record(self.file.as_deref().into_iter().chain(cells))?;
            writer.flush()
        })();
        written.map_err(|error| failed(error, path))
    }

    /// How many rows were refused.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many rows were refused by [`Reason::name`], in the order of the names.
    pub fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    /// The file, if one was made.
    pub fn written(&self) -> Option<&Path> {
        self.writer.as_ref().and(self.path.as_deref())
    }
}

fn failed(error: std::io::Error, path: &Path) -> Error {
    let hint = "name a file that can be written: --rejects FILE";
    Error::io("the refused rows cannot be written", error)
        .at(path)
        .hint(hint)
}

/// Removes the refused rows of an earlier run, and nothing else.
fn remove_earlier(path: &Path) -> Result<()> {
    let io = |error| failed(error, path);
    if path.metadata().is_ok_and(|meta| !meta.is_file()) {
        return Ok(());
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io(error)),
    };
    let mut first = Vec::new();
    let mut limited = std::io::Read::take(BufReader::new(file), 64);
    limited.read_until(b'\n', &mut first).map_err(io)?;
    let header = HEADER.join(",");
    let ours = [format!("{FILE},{header}"), header]
        .iter()
        .any(|header| first.trim_ascii_end() == header.as_bytes());
    if !ours && !first.is_empty() {
        return Err(
            Error::usage("there is a file that does not hold refused rows")
                .at(path)
                .hint("name another file for the refused rows"),
        );
    }
    std::fs::remove_file(path).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_at_the_first_reject_and_complete_after_each() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.csv");
        let reject = Reject {
            row: 7,
            column: Some("nota, final".to_owned()),
            reason: Reason::OutOfRange { low: 0, high: 10 },
        };
        let mut rejects = Rejects::new(Some(&path)).unwrap();
        assert!(!path.exists() && rejects.written().is_none());
        rejects.add(&reject).unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            written,
            "row,column,reason\n7,\"nota, final\",not within 0 to 10\n"
        );
        assert_eq!((rejects.total(), rejects.counts()["out-of-range"]), (1, 1));
        drop(rejects);
        // The next run finds nothing wrong, and no stale file is left to mislead.
        Rejects::new(Some(&path)).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn rows_of_several_files_say_which() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.csv");
        for _ in 0..2 {
            let mut rejects = Rejects::of_files(&path).unwrap();
            for file in ["a.csv", "b, c.csv"] {
                rejects.read_from(Path::new(file));
                let reject = Reject {
                    row: 2,
                    column: None,
                    reason: Reason::Nul,
                };
                rejects.add(&reject).unwrap();
            }
        }
        let written = std::fs::read_to_string(&path).unwrap();
        let said = "the cell holds a NUL byte";
        assert_eq!(
            written,
            format!("file,row,column,reason\na.csv,2,,{said}\n\"b, c.csv\",2,,{said}\n")
        );
    }

    #[test]
    fn another_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data.csv");
        std::fs::write(&path, "id,text\n").unwrap();
        assert!(Rejects::new(Some(&path)).is_err());
        assert!(path.exists());
    }
}
