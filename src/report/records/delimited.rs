//! Rows as CSV.

use super::super::delimited::{Csv, CsvWriter};
use super::{Cell, Head, RowWriter, plain};
use crate::error::Result;
use std::io::Write;

pub(super) struct CsvRows<W> {
    writer: CsvWriter,
    out: W,
}

impl<W: Write> CsvRows<W> {
    /// Writes the header.
    pub fn new(csv: Csv, heads: &[Head], mut out: W) -> Result<Self> {
        let mut writer = CsvWriter::new(csv);
        for head in heads {
            writer.text(&head.name);
        }
        writer.end(&mut out)?;
        Ok(Self { writer, out })
    }
}

impl<W: Write + Send> RowWriter<W> for CsvRows<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for cell in cells {
            match cell {
                Cell::Absent => self.writer.nothing(),
                Cell::Text(text) => self.writer.text(text),
                Cell::Texts(texts) => self.writer.text(&texts.join("|")),
                Cell::Whole(number) => self.writer.number(&number.to_string()),
                Cell::Number(number) => self.writer.number(&plain(*number)),
                Cell::Bool(yes) => self.writer.text(if *yes { "true" } else { "false" }),
                Cell::Date(day) => self.writer.text(&day.to_string()),
            }
        }
        self.writer.end(&mut self.out)
    }

    fn finish(self: Box<Self>) -> Result<W> {
        Ok(self.out)
    }
}
