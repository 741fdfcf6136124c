//! CSV: a header with the names of the columns, a line per row, absent values empty,
//! several values in one cell with `|` between.

use super::Sheet;
use crate::error::{Error, Result};
use serde_json::Value;
use std::io::Write;

impl Sheet {
    /// Writes the sheet as CSV.
    ///
    /// # Errors
    /// `Io` when the writer fails.
    pub fn to_csv(&self, out: &mut dyn Write) -> Result<()> {
        let header = self.columns.iter().map(|column| column.key.to_owned());
        let rows = self.rows.iter().map(|row| row.iter().map(plain).collect());
        written(std::iter::once(header.collect()).chain(rows), out)
    }

    /// Writes the rows of the sheet as CSV, without a header.
    ///
    /// # Errors
    /// `Io` when the writer fails.
    pub fn to_csv_rows(&self, out: &mut dyn Write) -> Result<()> {
        let rows = self.rows.iter().map(|row| row.iter().map(plain).collect());
        written(rows, out)
    }
}

fn written(rows: impl Iterator<Item = Vec<String>>, out: &mut dyn Write) -> Result<()> {
    // The failure underneath: a closed pipe is told from a full disk by it.
    let failed = |error: csv::Error| {
        let error = match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => std::io::Error::other(format!("{other:?}")),
        };
        Error::io("the output cannot be written", error)
    };
    let mut writer = csv::Writer::from_writer(out);
    for row in rows {
        writer.write_record(row).map_err(failed)?;
    }
    writer
        .flush()
        .map_err(|error| Error::io("the output cannot be written", error))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}
