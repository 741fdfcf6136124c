//! Excel: one sheet with the titles in the reader's language, frozen, and numbers as numbers.
//!
//! What customers wrote is never a formula, whatever it begins with. The same rows are the same
//! bytes: the workbook has no clock in it.

use super::{Sheet, Show, table};
use crate::error::{Error, Result};
use crate::locale::Locale;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;
use std::io::Write;

/// Rows below the header that Excel holds.
const MOST_ROWS: usize = 1_048_575;
/// Characters that Excel holds in a cell.
const MOST_CHARACTERS: usize = 32_767;
/// Width of a column in characters: no narrower, no wider.
const WIDTHS: (usize, usize) = (8, 60);
/// Rows that a width is taken from.
const MEASURED_ROWS: usize = 200;

impl Sheet {
    /// Writes the sheet as an Excel workbook.
    ///
    /// # Errors
    /// `Usage` when there are more rows than Excel holds; `Io` when the writer fails.
    pub fn to_xlsx(&self, locale: &Locale, out: &mut dyn Write) -> Result<()> {
        if self.rows.len() > MOST_ROWS {
            return Err(Error::usage(format!(
                "{} rows are more than the {MOST_ROWS} that Excel holds",
                self.rows.len()
            ))
            .hint("write CSV (--format csv), or ask for less with a query"));
        }
        let bytes = self.workbook(locale).map_err(|error| {
            Error::io("the workbook cannot be made", std::io::Error::other(error))
        })?;
        out.write_all(&bytes)
            .map_err(|error| Error::io("the output cannot be written", error))
    }

    fn workbook(&self, locale: &Locale) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut workbook = blank()?;
        let sheet = workbook.add_worksheet();
        sheet.set_freeze_panes(1, 0)?;
        let header = header();
        for (at, column) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, &column.title, &header)?;
            sheet.set_column_width(at, self.width(usize::from(at), locale) as f64)?;
        }
        let formats: Vec<Format> = self.columns.iter().map(|one| format(one.show)).collect();
        for (number, row) in (1_u32..).zip(&self.rows) {
            for (at, value) in (0_u16..).zip(row) {
                let format = &formats[usize::from(at)];
                self.cell(sheet, (number, at), value, format, locale)?;
            }
        }
        workbook.save_to_buffer()
    }

    fn cell(
        &self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        value: &Value,
        format: &Format,
        locale: &Locale,
    ) -> std::result::Result<(), XlsxError> {
        match value {
            Value::Null => {}
            Value::Bool(yes) => {
                sheet.write_boolean(row, at, *yes)?;
            }
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or_default();
                sheet.write_number_with_format(row, at, number, format)?;
            }
            other => {
                let text = table::shown_as(other, &self.columns[usize::from(at)], locale);
                sheet.write_string(row, at, fitting(&text))?;
            }
        }
        Ok(())
    }

    /// The width of a column in characters, from its title and its first rows.
    fn width(&self, at: usize, locale: &Locale) -> usize {
        let column = &self.columns[at];
        let rows = self.rows.iter().take(MEASURED_ROWS);
        let widths = rows.map(|row| table::shown_as(&row[at], column, locale).chars().count());
        let widest = widths.max().unwrap_or(0).max(column.title.chars().count());
        (widest + 2).clamp(WIDTHS.0, WIDTHS.1)
    }
}

fn format(show: Show) -> Format {
    Format::new().set_num_format(match show {
        Show::Count => "#,##0",
        Show::Points => "+0.0;-0.0;0.0",
        Show::Fine => "+0.000;-0.000;0.000",
        Show::Number => "0.0",
        Show::Percent => "0.0%",
        Show::Text | Show::Word | Show::Never => "General",
    })
}

/// An empty workbook without a clock in it.
pub(super) fn blank() -> std::result::Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(workbook)
}

/// How the titles of columns look.
pub(super) fn header() -> Format {
    Format::new().set_bold()
}

/// The beginning of a text that a cell holds, which counts characters as UTF-16 does.
pub(super) fn fitting(text: &str) -> &str {
    if text.len() <= MOST_CHARACTERS {
        return text;
    }
    let mut units = 0;
    let mut characters = text.char_indices();
    let end = characters.find(|(_, character)| {
        units += character.len_utf16();
        units > MOST_CHARACTERS
    });
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::Column;
    use serde_json::json;

    fn sheet() -> Sheet {
        let column = |key, show| Column {
            key,
            title: key.to_owned(),
            show,
        };
        Sheet {
            columns: vec![
                column("text", Show::Text),
                column("share", Show::Percent),
                column("yes", Show::Never),
            ],
            rows: vec![
                vec![json!("=1+1"), json!(0.25), json!(true)],
                vec![json!("ñ".repeat(40_000)), Value::Null, json!([1, 2])],
            ],
        }
    }

    fn bytes(sheet: &Sheet) -> Vec<u8> {
        let mut bytes = Vec::new();
        sheet.to_xlsx(&Locale::new(Lang::En), &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn the_same_rows_are_the_same_bytes() {
        let first = bytes(&sheet());
        assert!(first.starts_with(b"PK"));
        assert_eq!(first, bytes(&sheet()));
    }

    #[test]
    fn more_rows_than_excel_holds_are_refused() {
        let many = Sheet {
            columns: Vec::new(),
            rows: vec![Vec::new(); MOST_ROWS + 1],
        };
        let error = many.to_xlsx(&Locale::new(Lang::En), &mut Vec::new());
        assert!(error.unwrap_err().advice().unwrap().contains("csv"));
    }
}
