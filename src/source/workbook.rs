//! Workbooks of spreadsheets: Excel (.xlsx, .xlsb, .xls) and `OpenDocument` (.ods), one sheet of each.
//!
//! Rows of .xlsx and .xlsb are read one after the other; those of .xls and .ods are held as a whole. Dates
//! become ISO text, errors of formulas [`Cell::Error`], except #N/A, which says that there is no value.

use super::archive::{Archive, look};
use super::cell::{Cell, EXACT};
use super::grid::{Grid, damaged};
use crate::error::{Error, Result};
use calamine::{
    CellErrorType, Data, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx,
};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Seek};

type Input = BufReader<File>;

/// An open workbook.
pub(super) struct Workbook(Kind);

enum Kind {
    Xlsx(Box<Xlsx<Input>>),
    Xlsb(Box<Xlsb<Input>>),
    Xls(Box<Xls<Input>>),
    Ods(Box<Ods<Input>>),
}

/// True when a file begins like a workbook.
pub(super) fn begins(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

impl Workbook {
    /// Opens a workbook.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Input`] when it is none, damaged, locked or too large.
    pub fn open(mut file: File) -> Result<Self> {
        let zipped = {
            let mut first = [0; 2];
            super::encoding::fill(&mut file, &mut first).map_err(io_error)?;
            first == *b"PK"
        };
        let archive = zipped.then(|| look(&mut file)).transpose()?;
        file.rewind().map_err(io_error)?;
        let input = BufReader::new(file);
        let kind = match archive {
            Some(Archive::Xlsx) => Xlsx::new(input)
                .map(|book| Kind::Xlsx(Box::new(book)))
                .map_err(wrong),
            Some(Archive::Xlsb) => Xlsb::new(input)
                .map(|book| Kind::Xlsb(Box::new(book)))
                .map_err(wrong),
            Some(Archive::Ods) => Ods::new(input)
                .map(|book| Kind::Ods(Box::new(book)))
                .map_err(wrong),
            None => Xls::new(input)
                .map(|book| Kind::Xls(Box::new(book)))
                .map_err(wrong),
        };
        kind.map(Self).map_err(|error| {
            let error = Error::input("the workbook cannot be read").caused_by(error);
            error.hint("save it again as .xlsx without a password, or as CSV (UTF-8)")
        })
    }

    /// What people call its format.
    pub fn format(&self) -> &'static str {
        match self.0 {
            Kind::Xlsx(_) => "Excel workbook",
            Kind::Xlsb(_) => "binary Excel workbook",
            Kind::Xls(_) => "old Excel workbook",
            Kind::Ods(_) => "OpenDocument spreadsheet",
        }
    }

    /// The sheet to read, and why: the one called `wanted`, else the first with two rows.
    ///
    /// # Errors
    /// `Usage` when there is no such sheet, `Input` when none has rows.
    pub fn sheet(&mut self, wanted: Option<&str>) -> Result<(String, String)> {
        let sheets = self.sheets();
        let listed = || {
            let names = sheets.iter().map(|(name, _)| format!("\"{name}\""));
            names.collect::<Vec<_>>().join(", ")
        };
        if let Some(wanted) = wanted {
            let exact = sheets.iter().find(|(name, _)| name == wanted.trim());
            let alike = || {
                let wanted = wanted.trim().to_lowercase();
                sheets
                    .iter()
                    .find(|(name, _)| name.trim().to_lowercase() == wanted)
            };
            return match exact.or_else(alike) {
                Some((name, _)) => Ok((name.clone(), "given by --sheet".to_owned())),
                None => Err(Error::usage(format!("there is no sheet \"{wanted}\""))
                    .hint(format!("the sheets are: {}", listed()))),
            };
        }
        for (name, shown) in &sheets {
            if !shown {
                continue;
            }
            let mut rows = 0;
            self.each_row(name, &mut |_, cells| {
                rows += u64::from(!cells.is_empty());
                rows < 2
            })
            .map_err(|error| Error::input("the workbook cannot be read").caused_by(error))?;
            if rows == 2 {
                let why = match sheets.len() {
                    1 => "the only one".to_owned(),
                    _ => format!(
                        "the first of {} with a header and rows; --sheet NAME reads another",
                        sheets.len()
                    ),
                };
                return Ok((name.clone(), why));
            }
        }
        Err(
            Error::input("no sheet has a header and a row under it").hint(format!(
                "check how it was exported; the sheets are: {}",
                listed()
            )),
        )
    }

    /// The sheets of cells, and whether each is shown.
    fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = match &self.0 {
            Kind::Xlsx(book) => book.sheets_metadata(),
            Kind::Xlsb(book) => book.sheets_metadata(),
            Kind::Xls(book) => book.sheets_metadata(),
            Kind::Ods(book) => book.sheets_metadata(),
        };
        let sheets = sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet);
        sheets
            .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
            .collect()
    }

    /// The rows of a sheet, each with its number as the spreadsheet shows it.
    pub fn rows(mut self, sheet: String) -> io::Result<Grid> {
        Grid::new(move |lines| self.each_row(&sheet, &mut |row, cells| lines.add(row, Ok(cells))))
    }

    /// Hands the rows of a sheet to `take` until it wants no more; the number of the last.
    fn each_row(&mut self, sheet: &str, take: Take<'_>) -> io::Result<u64> {
        let mut rows = Rows {
            row: 0,
            cells: Vec::new(),
            take,
        };
        match &mut self.0 {
            Kind::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(wrong)?;
                while let Some(cell) = cells.next_cell().map_err(wrong)? {
                    let position = cell.get_position();
                    if !rows.add(position, cell_of(cell.get_value().clone().into()))? {
                        return Ok(rows.row);
                    }
                }
            }
            Kind::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(wrong)?;
                while let Some(cell) = cells.next_cell().map_err(wrong)? {
                    let position = cell.get_position();
                    if !rows.add(position, cell_of(cell.get_value().clone().into()))? {
                        return Ok(rows.row);
                    }
                }
            }
            Kind::Xls(book) => {
                let range = book.worksheet_range(sheet).map_err(wrong)?;
                return rows.all(&range);
            }
            Kind::Ods(book) => {
                let range = book.worksheet_range(sheet).map_err(wrong)?;
                return rows.all(&range);
            }
        }
        rows.end();
        Ok(rows.row)
    }
}

/// Takes a row with its number and cells; false when no more are wanted.
type Take<'t> = &'t mut dyn FnMut(u64, Vec<(usize, Cell<'static>)>) -> bool;

/// Puts cells together to rows.
struct Rows<'t> {
    /// The row of the cells held, counted from 1.
    row: u64,
    cells: Vec<(usize, Cell<'static>)>,
    take: Take<'t>,
}

impl Rows<'_> {
    /// Adds a cell at a row and column counted from 0; false when no more are wanted.
    fn add(&mut self, (row, column): (u32, u32), cell: Option<Cell<'static>>) -> io::Result<bool> {
        let row = u64::from(row) + 1;
        if row < self.row {
            return Err(damaged("its rows are not in order"));
        }
        let goes_on = row == self.row || self.end();
        self.row = row;
        if let Some(cell) = cell {
            self.cells.push((column as usize, cell));
        }
        Ok(goes_on)
    }

    /// Hands over the row held.
    fn end(&mut self) -> bool {
        let mut cells = std::mem::take(&mut self.cells);
        cells.sort_by_key(|cell| cell.0);
        self.row == 0 || (self.take)(self.row, cells)
    }

    fn all(mut self, range: &calamine::Range<Data>) -> io::Result<u64> {
        let (row, column) = range.start().unwrap_or_default();
        for (below, right, value) in range.used_cells() {
            let position = (row + below as u32, column + right as u32);
            if !self.add(position, cell_of(value.clone()))? {
                return Ok(self.row);
            }
        }
        self.end();
        Ok(self.row)
    }
}

/// A cell as it is read; `None` when it has no value.
fn cell_of(value: Data) -> Option<Cell<'static>> {
    Some(match value {
        Data::Empty | Data::Error(CellErrorType::NA) => return None,
        Data::Int(number) if (number as f64).abs() > EXACT => text(number.to_string()),
        Data::Int(number) => Cell::Number(number as f64),
        Data::Float(number) => return number.is_finite().then_some(Cell::Number(number)),
        Data::String(value) | Data::DateTimeIso(value) | Data::DurationIso(value) => text(value),
        Data::Bool(value) => Cell::Bool(value),
        Data::DateTime(value) => moment(value),
        Data::Error(_) => Cell::Error,
    })
}

fn text(value: String) -> Cell<'static> {
    Cell::Text(Cow::Owned(value))
}

/// A day, or a day and time, in ISO 8601; a time without a day alone; a duration in days.
fn moment(value: ExcelDateTime) -> Cell<'static> {
    if value.is_duration() {
        return Cell::Number(value.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    let number = value.as_f64();
    text(if (0.0..1.0).contains(&number) {
        time
    } else if number.fract() == 0.0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{time}")
    })
}

fn io_error(error: io::Error) -> Error {
    Error::io("reading failed", error)
}

/// What is wrong with a workbook. What the library says is left out, for it may quote a cell.
fn wrong(error: impl std::fmt::Display) -> io::Error {
    let said = error.to_string();
    damaged(if said.contains("password") {
        "it is locked with a password"
    } else {
        "it is truncated or damaged, or no workbook"
    })
}
