//! What the values of columns are: the decimal sign of a file, the kind of a field, the order of
//! day and month.

use super::cell::Cell;
use super::counts::Counts;
use super::date::Form;
use super::mapping::{DateOrder, Kind, Mapping};
use super::sample::Sample;
use super::values::Values;
use crate::error::{Error, Result};

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
) -> (bool, String) {
    if let Some(comma) = mapping.decimal_comma {
        return (comma, format!("given by {}", mapping.said("decimal-comma")));
    }
    match delimiter {
        None => return (false, "the format has numbers of its own".to_owned()),
        Some(b',') => return (false, "commas separate the columns".to_owned()),
        Some(_) => {}
    }
    let columns = sample.columns.iter();
    let columns = columns.map(|cells| Counts::of(cells, values, false));
    let (comma, why) = decimal_sign(columns, delimiter);
    (comma, why.to_owned())
}

/// The decimal sign of a file with this delimiter whose columns have these counts.
pub(super) fn decimal_sign(
    columns: impl Iterator<Item = Counts>,
    delimiter: Option<u8>,
) -> (bool, &'static str) {
    let (mut commas, mut points) = (0, 0);
    for (comma, point) in columns.map(|counts| counts.signs()) {
        commas += usize::from(comma);
        points += usize::from(point);
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
    Counts::of(cells, values, written.typed).kind(code, written)
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
        return Ok((
            Some(order),
            format!("given by {}", mapping.said("date-order")),
        ));
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
