//! `voz export`: every comment of a selection, as `voz tag` prints it.

use super::Shell;
use super::output::{Destination, Format, Output, failed};
use super::selection::Selection;
use super::tag::{columns, line, row};
use crate::error::Result;
use crate::record::Record;
use crate::report::Sheet;
use clap::Args;
use std::io::Write;

/// Write every comment of a selection with its tags and scores, in the order of a hash of the ids
#[derive(Args, Debug)]
pub struct Export {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: Output,
}

impl Export {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let form = self.output.checked_form()?;
        let index = self.selection.open()?;
        let query = self.selection.query()?;
        let mut sheet = columns(&shell.locale);
        if matches!(form, Format::Table | Format::Xlsx) {
            // Widths are those of all rows.
            index.each_record(&query, |record| {
                sheet.rows.push(row(&record));
                Ok(())
            })?;
            return self.output.sheet(&sheet, shell);
        }
        let mut out = Destination::open(self.output.output.as_deref())?;
        if form == Format::Csv {
            sheet.to_csv(&mut out)?;
        }
        let mut bytes = Vec::new();
        let told = index.each_record(&query, |record| {
            bytes.clear();
            written(&record, form, &mut sheet, &mut bytes)?;
            out.write_all(&bytes).map_err(failed)
        })?;
        out.finish()?;
        let n = shell.locale.count(told);
        shell.say(&shell.locale.fill("export.told", &[("n", &n)]));
        Ok(())
    }
}

/// One comment as JSON, or as a line of CSV.
fn written(
    record: &Record<'_>,
    form: Format,
    sheet: &mut Sheet,
    bytes: &mut Vec<u8>,
) -> Result<()> {
    if form == Format::Jsonl {
        return line(record, bytes);
    }
    sheet.rows.clear();
    sheet.rows.push(row(record));
    sheet.to_csv_rows(bytes)
}
