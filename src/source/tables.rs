//! Formats that are tables by themselves, each opened by its own module: workbooks, Parquet, Arrow.

use super::columnar::Columns;
use super::format::Format;
use super::grid::{Grid, damaged};
use super::workbook::Workbook;
use super::{arrow, parquet, workbook};
use crate::error::{Error, Result};
use crate::guard::caught;
use std::fs::File;
use std::io;

/// An open table.
pub(super) struct Table {
    pub grid: Grid,
    /// The columns, where the format names them; in a sheet its first row does.
    pub columns: Option<Columns>,
    /// What people call the format.
    pub name: &'static str,
    /// The sheet of a workbook, and why this one.
    pub sheet: Option<(String, String)>,
}

/// The format of a file that begins like this, if it is one of these.
pub(super) fn format(head: &[u8]) -> Option<Format> {
    if workbook::begins(head) {
        Some(Format::Workbook)
    } else if parquet::begins(head) {
        Some(Format::Parquet)
    } else if arrow::begins(head) {
        Some(Format::Arrow)
    } else if arrow::begins_stream(head) {
        Some(Format::ArrowStream)
    } else {
        None
    }
}

/// Opens a table; of a workbook the sheet called `sheet`.
///
/// # Errors
/// [`crate::error::ErrorKind::Input`] when the file is damaged, `Usage` when there is no such sheet.
pub(super) fn open(file: File, format: Format, sheet: Option<&str>) -> Result<Table> {
    if let Some(sheet) = sheet.filter(|_| format != Format::Workbook) {
        return Err(Error::usage(format!("there is no sheet \"{sheet}\""))
            .hint("only workbooks have sheets: leave --sheet out"));
    }
    // A library that panics on a damaged file ends here, and the program does not.
    caught(|| open_as(file, format, sheet))
        .unwrap_or_else(|| Err(failed(format, damaged("it is damaged"))))
}

fn open_as(file: File, format: Format, sheet: Option<&str>) -> Result<Table> {
    let opened = match format {
        Format::Parquet => parquet::open(file),
        Format::Arrow => arrow::open(file),
        Format::ArrowStream => arrow::open_stream(Box::new(file)),
        _ => {
            let mut book = Workbook::open(file)?;
            let (name, why) = book.sheet(sheet)?;
            return Ok(Table {
                name: book.format(),
                grid: book.rows(name.clone())?,
                columns: None,
                sheet: Some((name, why)),
            });
        }
    };
    let (columns, grid) = opened.map_err(|error| failed(format, error))?;
    Ok(Table {
        grid,
        columns: Some(columns),
        name: format.name(),
        sheet: None,
    })
}

/// A failure while a table is opened or read.
fn failed(format: Format, error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::InvalidData {
        Error::input(format!("the {} cannot be read", format.name()))
            .hint("copy or export the file again")
            .caused_by(error)
    } else {
        Error::io("reading failed", error)
    }
}
