//! What the values of columns are: the decimal sign of a file, the kind of a field, the order of
//! day and month.

use super::cell::Cell;
use super::date::Form;
use super::mapping::{DateOrder, Kind, Mapping};
use super::sample::Sample;
use super::values::Values;
use crate::error::{Error, Result};

/// A kind needs this share of the values, in twentieths: 95 %. A guess that lets a few odd ones
/// be; they stay as text.
const TWENTIETHS: usize = 19;

fn mostly(count: usize, of: usize) -> bool {
    of > 0 && count * 20 >= of * TWENTIETHS
}

fn present<'s>(cells: &'s [Cell<'static>], values: &Values) -> Vec<&'s Cell<'static>> {
    cells
        .iter()
        .filter(|cell| !cell.is_absent(values))
        .collect()
}

/// True when the numbers of a file have a decimal comma, and why.
pub(super) fn decimal_comma(
    sample: &Sample,
    values: &Values,
    delimiter: Option<u8>,
    mapping: &Mapping,
) -> (bool, &'static str) {
    if let Some(comma) = mapping.decimal_comma {
        return (comma, "given by --decimal-comma");
    }
    match delimiter {
        None => return (false, "the format has numbers of its own"),
        Some(b',') => return (false, "commas separate the columns"),
        Some(_) => {}
    }
    let (mut commas, mut points) = (0, 0);
    for cells in &sample.columns {
        let cells = present(cells, values);
        let numbers = |comma| {
            cells
                .iter()
                .filter(|cell| cell.number(comma).is_some())
                .count()
        };
        let (comma, point) = (
            mostly(numbers(true), cells.len()),
            mostly(numbers(false), cells.len()),
        );
        commas += usize::from(comma && !point);
        points += usize::from(point && !comma);
    }
    match commas.cmp(&points) {
        std::cmp::Ordering::Greater => (true, "columns of numbers have one"),
        std::cmp::Ordering::Less => (false, "columns of numbers have a point"),
        // Semicolons separate columns where the comma is the decimal sign.
        std::cmp::Ordering::Equal => (
            delimiter == Some(b';'),
            "by the delimiter; no number shows it",
        ),
    }
}

/// How the fields of a file are written.
#[derive(Clone, Copy)]
pub(super) struct Written {
    /// True when numbers have a decimal comma.
    pub comma: bool,
    /// True when a column may differ from that: one of coordinates may have points in a file
    /// with commas.
    pub either: bool,
    /// True when numbers are told from texts that look like them, as in JSON.
    pub typed: bool,
}

/// The kind of a field, and whether its numbers have a decimal comma. With `code` in its name,
/// digits are a label.
pub(super) fn kind(
    cells: &[Cell<'static>],
    values: &Values,
    code: bool,
    written: Written,
) -> (Kind, bool) {
    let cells = present(cells, values);
    let comma = written.comma;
    let typed = |cell: &&&Cell| !written.typed || !matches!(cell, Cell::Text(_));
    let numbers = |comma| {
        let cells = cells.iter().filter(typed);
        cells.filter(|cell| cell.number(comma).is_some()).count()
    };
    let booleans = cells.iter().filter(typed);
    let booleans = booleans
        .filter(|cell| cell.boolean(values).is_some())
        .count();
    if mostly(booleans, cells.len()) {
        (Kind::Bool, comma)
    } else if code {
        (Kind::Text, comma)
    } else if mostly(numbers(comma), cells.len()) {
        (Kind::Number, comma)
    } else if written.either && mostly(numbers(!comma), cells.len()) {
        (Kind::Number, !comma)
    } else {
        (Kind::Text, comma)
    }
}

/// The order of day and month in the column called `name`, and how its dates are written.
pub(super) fn date_order(
    name: &str,
    cells: &[Cell<'static>],
    values: &Values,
    mapping: &Mapping,
) -> Result<(Option<DateOrder>, String)> {
    let (mut day_first, mut month_first, mut either, mut sure) = (0, 0, 0, [0; 2]);
    for cell in present(cells, values) {
        let Some(date) = values.dates.read(&cell.as_date()) else {
            continue;
        };
        match (date.form, date.day_first, date.month_first) {
            (Form::Year, ..) => sure[0] += 1,
            (Form::Named, ..) => sure[1] += 1,
            (_, Some(_), None) => day_first += 1,
            (_, None, Some(_)) => month_first += 1,
            _ => either += 1,
        }
    }
    if let Some(order) = mapping.date_order {
        return Ok((Some(order), "given by --date-order".to_owned()));
    }
    let numbers = day_first + month_first + either;
    if numbers == 0 {
        let how = if sure[0] >= sure[1] {
            "the year comes first"
        } else {
            "months have names"
        };
        return Ok((None, how.to_owned()));
    }
    // One in a hundred may be a slip of the pen; its row is refused.
    if month_first * 100 <= day_first && day_first > 0 {
        let why = format!("{day_first} dates can only be day first");
        return Ok((Some(DateOrder::DayFirst), why));
    }
    if day_first * 100 <= month_first && month_first > 0 {
        let why = format!("{month_first} dates can only be month first");
        return Ok((Some(DateOrder::MonthFirst), why));
    }
    let what = if day_first == 0 {
        "may be day first or month first"
    } else {
        "are partly day first and partly month first"
    };
    Err(
        Error::input(format!("the dates of the column \"{name}\" {what}"))
            .hint("say which: --date-order dmy (3/4 is 3 April) or --date-order mdy (4 March)"),
    )
}
