//! Tables of labelled texts: CSV, TSV or JSON Lines, plain or gzip, read whole. For training and
//! evaluation; what customers send goes through [`super`].

use super::jsonl;
use super::mapping::Role;
use super::names::Names;
use super::values::Values;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::pii::Redactor;
use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

/// A table read whole.
#[derive(Clone, Debug)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

/// The first bytes of a gzip file (RFC 1952).
const GZIP: [u8; 2] = [0x1F, 0x8B];
/// The byte-order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

impl Table {
    /// Reads a file: gzip when it begins as such, then JSON Lines when it begins with `{`, else
    /// delimited text with a header.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Input`] when it is none of these, `Io` when it cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |error| Error::io("the labelled file cannot be read", error).at(path);
        let mut bytes = std::fs::read(path).map_err(failed)?;
        if bytes.starts_with(&GZIP) {
            let mut plain = Vec::new();
            flate2::read::MultiGzDecoder::new(&*bytes)
                .read_to_end(&mut plain)
                .map_err(failed)?;
            bytes = plain;
        }
        let bytes = bytes.strip_prefix(MARK).unwrap_or(&bytes);
        let table = if bytes.trim_ascii_start().starts_with(b"{") {
            Self::of_lines(bytes)
        } else {
            Self::of_delimited(bytes)
        };
        table.map_err(|error| error.at(path))
    }

    fn of_delimited(bytes: &[u8]) -> Result<Self> {
        let broken = |error: csv::Error| Error::input("not a CSV file").caused_by(error);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter(bytes))
            .from_reader(bytes);
        let header = reader.headers().map_err(broken)?;
        let header = header.iter().map(str::to_owned).collect();
        let rows = reader
            .records()
            .collect::<std::result::Result<_, _>>()
            .map_err(broken)?;
        Ok(Self { header, rows })
    }

    /// The columns are the keys of all lines, in the order in which they are met; keys of objects
    /// inside others are joined by a point.
    fn of_lines(bytes: &[u8]) -> Result<Self> {
        let mut columns: HashMap<String, usize> = HashMap::new();
        let mut header = Vec::new();
        let mut rows = Vec::new();
        for (row, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let object = jsonl::read(line)
                .map_err(|(_, reason)| Error::input(reason.to_string()).row(row))?;
            let mut cells = vec![String::new(); header.len()];
            for (key, cell) in object {
                let at = *columns.entry(key).or_insert_with_key(|key| {
                    header.push(key.clone());
                    header.len() - 1
                });
                cells.resize(header.len().max(cells.len()), String::new());
                cells[at] = cell.as_text().into_owned();
            }
            rows.push(csv::StringRecord::from(cells));
        }
        Ok(Self { header, rows })
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The position of a column.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Input`] that lists the columns there are.
    pub fn column(&self, name: &str) -> Result<usize> {
        self.header
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| Error::input(format!("no column `{name}`")).hint(self.columns()))
    }

    /// A sentence that lists the columns.
    pub fn columns(&self) -> String {
        let redactor = Redactor::new();
        let names = self.header.iter().map(|name| redactor.redact(name).text);
        format!("the columns are: {}", names.collect::<Vec<_>>().join(", "))
    }

    /// The column whose name is best known for a text.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the list of names is damaged.
    pub fn text_column(&self) -> Result<Option<usize>> {
        let names = Names::load()?;
        let ranked = (0..self.header.len())
            .filter_map(|at| Some((names.rank(Role::Text, &self.header[at])?, at)));
        Ok(ranked.min().map(|(_, at)| at))
    }

    /// The language that each row states in a column; `None` where that is none we analyse.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the list of values is damaged.
    pub fn languages(&self, column: usize) -> Result<Vec<Option<Lang>>> {
        let values = Values::load()?;
        let each = (0..self.len()).map(|row| values.language(self.cell(row, column).trim()));
        Ok(each.collect())
    }

    /// Yes or no in each row of a column, written 1 and 0 or in words; `None` for all else.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the list of values is damaged.
    pub fn booleans(&self, column: usize) -> Result<Vec<Option<bool>>> {
        let values = Values::load()?;
        let each = (0..self.len()).map(|row| match self.cell(row, column).trim() {
            "1" | "1.0" => Some(true),
            "0" | "0.0" => Some(false),
            word => values.boolean(word),
        });
        Ok(each.collect())
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

/// What separates the columns: a comma, unless the header has none and has a tab or a semicolon.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let candidates = [b',', b'\t', b';'];
    let found = candidates.into_iter().find(|one| header.contains(one));
    found.unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(content: &[u8]) -> Vec<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        let table = Table::open(&path).unwrap();
        let row = |row| {
            let columns = 0..table.header().len();
            columns.map(|at| table.cell(row, at).to_owned()).collect()
        };
        let header = table.header().to_vec();
        std::iter::once(header)
            .chain((0..table.len()).map(row))
            .collect()
    }

    #[test]
    fn every_form_reads_alike() {
        let truth = [["text", "label"], ["a, b", "x"], ["c", ""]];
        assert_eq!(cells(b"text,label\n\"a, b\",x\nc\n"), truth);
        assert_eq!(cells(b"\xEF\xBB\xBFtext\tlabel\na, b\tx\nc\n"), truth);
        assert_eq!(cells(b"text;label\na, b;x\nc\n"), truth);
        assert_eq!(
            cells(b"{\"text\":\"a, b\",\"z\":{\"n\":1}}\n\n{\"text\":\"c\",\"more\":true}\n"),
            [
                ["text", "z.n", "more"],
                ["a, b", "1", ""],
                ["c", "", "true"]
            ]
        );
    }

    #[test]
    fn a_line_that_is_not_json_says_which() {
        let error = Table::of_lines(b"{\"a\":1}\n{oops\n").unwrap_err();
        assert_eq!(error.to_string(), "row 2: not valid JSON at character 2");
    }
}
