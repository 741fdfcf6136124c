//! CSV: a header with the names of the columns, a line per row, absent values empty,
//! several values in one cell with `|` between.
//!
//! No cell is a formula: see [`harmless`]. Numbers of ours stay numbers, negative ones too.

use super::Sheet;
use crate::error::{Error, Result};
use crate::text::harmless;
use serde_json::Value;
use std::io::Write;

/// A flavour of CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Csv {
    /// Commas between columns, decimal points, UTF-8.
    #[default]
    Plain,
    /// The same after a byte order mark, by which Excel knows UTF-8.
    Excel,
    /// A byte order mark, semicolons between columns, decimal commas: Excel where numbers are written
    /// as in Spain.
    ExcelEs,
}

/// Writes CSV a row at a time.
pub(super) struct CsvWriter {
    csv: Csv,
    line: Vec<u8>,
    cells: usize,
}

impl CsvWriter {
    /// A writer of a file.
    pub fn new(csv: Csv) -> Self {
        let mut line = Vec::new();
        if csv != Csv::Plain {
            line.extend("\u{feff}".as_bytes());
        }
        Self {
            csv,
            line,
            cells: 0,
        }
    }

    fn next(&mut self) {
        if self.cells > 0 {
            let semicolon = self.csv == Csv::ExcelEs;
            self.line.push(if semicolon { b';' } else { b',' });
        }
        self.cells += 1;
    }

    /// A cell with nothing in it.
    pub fn nothing(&mut self) {
        self.next();
    }

    /// A cell of words.
    pub fn text(&mut self, text: &str) {
        self.next();
        let text = harmless(text);
        // Whoever reads it may take another separator than ours.
        let is_plain = |byte| !matches!(byte, b',' | b';' | b'\t' | b'"' | b'\n' | b'\r');
        if text.bytes().all(is_plain) {
            self.line.extend(text.as_bytes());
            return;
        }
        self.line.push(b'"');
        for byte in text.bytes() {
            if byte == b'"' {
                self.line.push(b'"');
            }
            self.line.push(byte);
        }
        self.line.push(b'"');
    }

    /// A cell with a number, given as it is written with a decimal point.
    pub fn number(&mut self, number: &str) {
        self.next();
        let comma = self.csv == Csv::ExcelEs;
        self.line.extend(number.bytes().map(|byte| match byte {
            b'.' if comma => b',',
            other => other,
        }));
    }

    /// Writes the row.
    ///
    /// # Errors
    /// `Io` when the writer fails.
    pub fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        if self.line.is_empty() && self.cells == 1 {
            // To many programs an empty line is no row.
            self.line.extend(b"\"\"");
        }
        self.line.push(b'\n');
        let written = out.write_all(&self.line);
        self.line.clear();
        self.cells = 0;
        written.map_err(|error| Error::io("the output cannot be written", error))
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.nothing(),
            Value::Number(number) => self.number(&number.to_string()),
            other => self.text(&plain(other)),
        }
    }
}

impl Sheet {
    /// Writes the sheet as CSV.
    ///
    /// # Errors
    /// `Io` when the writer fails.
    pub fn to_csv(&self, csv: Csv, out: &mut dyn Write) -> Result<()> {
        let mut writer = CsvWriter::new(csv);
        for column in &self.columns {
            writer.text(column.key);
        }
        writer.end(out)?;
        for row in &self.rows {
            for value in row {
                writer.value(value);
            }
            writer.end(out)?;
        }
        Ok(())
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Column, Show};
    use serde_json::json;

    fn written(csv: Csv, keys: &[&'static str], rows: Vec<Vec<Value>>) -> String {
        let columns = keys.iter().map(|key| Column {
            key,
            title: String::new(),
            show: Show::Text,
        });
        let columns = columns.collect();
        let mut bytes = Vec::new();
        let sheet = Sheet { columns, rows };
        sheet.to_csv(csv, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_per_row() {
        let rows = vec![
            vec![json!("a,b"), json!(-1.5), json!(["x", "y"])],
            vec![json!("say \"no\""), Value::Null, json!(true)],
            vec![json!("a;b"), json!(3), json!({"n": 1})],
        ];
        let plain = "id,score,more\n\"a,b\",-1.5,x|y\n\"say \"\"no\"\"\",,true\n\"a;b\",3,\"{\"\"n\"\":1}\"\n";
        let keys = ["id", "score", "more"];
        assert_eq!(written(Csv::Plain, &keys, rows.clone()), plain);
        assert_eq!(
            written(Csv::Excel, &keys, rows.clone()),
            format!("\u{feff}{plain}")
        );
        let spanish = "\u{feff}id;score;more\n\"a,b\";-1,5;x|y\n\"say \"\"no\"\"\";;true\n\"a;b\";3;\"{\"\"n\"\":1}\"\n";
        assert_eq!(written(Csv::ExcelEs, &keys, rows), spanish);
    }

    #[test]
    fn words_are_no_formulas_and_numbers_stay() {
        let rows = vec![
            vec![json!("=1+1"), json!(-2)],
            vec![json!("\r=x"), json!("-2")],
            vec![json!(["@a", "b"]), Value::Null],
        ];
        assert_eq!(
            written(Csv::Plain, &["=k", "n"], rows),
            "'=k,n\n'=1+1,-2\n\"'\r=x\",'-2\n'@a|b,\n"
        );
        assert_eq!(
            written(Csv::Plain, &["k"], vec![vec![Value::Null]]),
            "k\n\"\"\n"
        );
    }
}
