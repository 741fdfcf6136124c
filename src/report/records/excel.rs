//! Rows as an Excel workbook. A row that is written is out of memory; it waits in a scratch file.
//!
//! Texts are texts, whatever they begin with: no formula and no link is made of them. The same rows are
//! the same bytes.

use super::super::workbook::{blank, fitting, header};
use super::watched::{Failure, Watched};
use super::{Cell, Head, RowWriter};
use crate::error::Result;
use crate::verbatim::Day;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::io::Write;

/// Rows of a sheet with its header; those that follow are on further sheets.
const SHEET_ROWS: u32 = 1_048_576;
/// Width of a column in characters: no narrower, no wider.
const WIDTHS: (usize, usize) = (8, 60);
/// Rows that widths are taken from.
const MEASURED_ROWS: u32 = 200;
/// The first year that Excel knows.
const FIRST_YEAR: i16 = 1900;

pub(super) struct ExcelRows<W> {
    heads: Vec<Head>,
    workbook: Workbook,
    dates: Format,
    /// The sheet that is written, from 0.
    sheet: usize,
    /// The row that comes next on it, from 0.
    next: u32,
    /// Rows that a sheet has with its header.
    most: u32,
    widths: Vec<usize>,
    cut: u64,
    out: Watched<W>,
    failure: Failure,
}

impl<W: Write> ExcelRows<W> {
    pub fn new(heads: &[Head], out: W) -> Result<Self> {
        Self::with(heads, out, SHEET_ROWS)
    }

    /// As [`Self::new`], with so many rows on a sheet.
    pub(super) fn with(heads: &[Head], out: W, most: u32) -> Result<Self> {
        let (out, failure) = Watched::new(out);
        let workbook = blank().map_err(|error| failure.told(error))?;
        let mut rows = Self {
            heads: heads.to_vec(),
            workbook,
            dates: Format::new().set_num_format("yyyy-mm-dd"),
            sheet: 0,
            next: 0,
            most,
            widths: heads.iter().map(|head| head.name.chars().count()).collect(),
            cut: 0,
            out,
            failure,
        };
        let started = rows.start_sheet();
        started.map_err(|error| rows.failure.told(error))?;
        Ok(rows)
    }

    /// Adds a sheet with its header.
    fn start_sheet(&mut self) -> std::result::Result<(), XlsxError> {
        let bold = header();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, head) in (0_u16..).zip(&self.heads) {
            sheet.write_string_with_format(0, at, &head.name, &bold)?;
        }
        self.next = 1;
        Ok(())
    }

    fn put(&mut self, cells: &[Cell<'_>]) -> std::result::Result<(), XlsxError> {
        if self.next >= self.most {
            self.start_sheet()?;
            self.sheet += 1;
        }
        let measures = self.sheet == 0 && self.next <= MEASURED_ROWS;
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        for (number, cell) in (0_u16..).zip(cells) {
            let place = (self.next, number);
            let wide = match cell {
                Cell::Absent => 0,
                Cell::Text(text) => put_text(sheet, place, text, &mut self.cut)?,
                Cell::Texts(texts) => put_text(sheet, place, &texts.join("|"), &mut self.cut)?,
                Cell::Whole(whole) => put_number(sheet, place, *whole as f64)?,
                Cell::Number(number) => put_number(sheet, place, *number)?,
                Cell::Bool(yes) => {
                    sheet.write_boolean(place.0, place.1, *yes)?;
                    5
                }
                Cell::Date(day) => put_day(sheet, place, *day, &self.dates)?,
            };
            if measures {
                let widest = &mut self.widths[usize::from(number)];
                *widest = wide.max(*widest);
            }
        }
        self.next += 1;
        Ok(())
    }

    fn close(&mut self) -> std::result::Result<(), XlsxError> {
        for sheet in 0..=self.sheet {
            let sheet = self.workbook.worksheet_from_index(sheet)?;
            for (at, width) in (0_u16..).zip(&self.widths) {
                let width = (width + 2).clamp(WIDTHS.0, WIDTHS.1);
                sheet.set_column_width(at, width as f64)?;
            }
        }
        Ok(())
    }
}

/// Writes a text, and gives its width in characters.
fn put_text(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    text: &str,
    cut: &mut u64,
) -> std::result::Result<usize, XlsxError> {
    let whole = fitting(text);
    *cut += u64::from(whole.len() < text.len());
    sheet.write_string(row, at, whole)?;
    Ok(whole.chars().count())
}

fn put_number(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    number: f64,
) -> std::result::Result<usize, XlsxError> {
    sheet.write_number(row, at, number)?;
    Ok(super::plain(number).len())
}

fn put_day(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    day: Day,
    format: &Format,
) -> std::result::Result<usize, XlsxError> {
    let text = day.to_string();
    if day.year < FIRST_YEAR {
        sheet.write_string(row, at, &text)?;
    } else {
        let date = ExcelDateTime::from_ymd(day.year as u16, day.month, day.day)?;
        sheet.write_datetime_with_format(row, at, &date, format)?;
    }
    Ok(text.len())
}

impl<W: Write + Send> RowWriter<W> for ExcelRows<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        let put = self.put(cells);
        put.map_err(|error| self.failure.told(error))
    }

    fn finish(mut self: Box<Self>) -> Result<W> {
        let closed = self.close();
        closed.map_err(|error| self.failure.told(error))?;
        let saved = self.workbook.save_to_writer(&mut self.out);
        saved.map_err(|error| self.failure.told(error))?;
        self.failure.check()?;
        Ok(self.out.into_inner())
    }

    fn cut(&self) -> u64 {
        self.cut
    }
}
