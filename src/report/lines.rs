//! JSON Lines: one object per row, in the order of the columns.

use super::Sheet;
use crate::error::{Error, Result};
use serde_json::{Map, Value};
use std::io::Write;

impl Sheet {
    /// Writes one JSON object per row.
    ///
    /// # Errors
    /// `Io` when the writer fails.
    pub fn to_jsonl(&self, out: &mut dyn Write) -> Result<()> {
        for row in &self.rows {
            let members = self.columns.iter().zip(row);
            let object: Map<String, Value> = members
                .map(|(column, value)| (column.key.to_owned(), value.clone()))
                .collect();
            writeln!(out, "{}", Value::Object(object))
                .map_err(|error| Error::io("the output cannot be written", error))?;
        }
        Ok(())
    }
}
