//! One cell as its file has it, before its column says what it is.

use super::values::{self, Values};
use crate::text::nfc;
use jiff::civil::Date;
use std::borrow::Cow;

/// Longest cell, bytes. Ours: some hundred pages, far above any comment.
pub(super) const MAX_CELL: usize = 1 << 20;

/// Largest whole number that a 64-bit float holds with all smaller ones, 2⁵³.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

/// The days of spreadsheets that are read as such in a column of dates: no year and no compact date is one.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;

fn serial(number: f64) -> Option<Date> {
    let days = jiff::Span::new().try_days(number as i64).ok()?;
    Date::constant(1899, 12, 30).checked_add(days).ok()
}

/// What a file says in one cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'c> {
    Text(Cow<'c, str>),
    /// A number of a format that has numbers.
    Number(f64),
    /// A boolean of a format that has booleans.
    Bool(bool),
    /// The formula of a spreadsheet could not be worked out.
    Error,
}

impl Cell<'_> {
    /// The characters, trimmed.
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.trim()),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Bool(value) => Cow::Owned(value.to_string()),
            Self::Error => Cow::Borrowed(""),
        }
    }

    /// The characters, trimmed and composed (NFC); `None` when there are none.
    pub fn into_text(self) -> Option<String> {
        match &self {
            Self::Text(text) => {
                let trimmed = text.trim();
                (!trimmed.is_empty()).then(|| nfc(trimmed).into_owned())
            }
            Self::Error => None,
            Self::Number(_) | Self::Bool(_) => Some(self.as_text().into_owned()),
        }
    }

    /// The characters of a day: of a number that of a spreadsheet, whose days are counted from 1899-12-30,
    /// if it lies within 1954 to 2119.
    pub fn as_date(&self) -> Cow<'_, str> {
        let day = match self {
            Self::Number(number) if SERIALS.contains(number) => serial(*number),
            _ => None,
        };
        day.map_or_else(|| self.as_text(), |day| Cow::Owned(day.to_string()))
    }

    /// True when the cell says that there is no value.
    pub fn is_absent(&self, values: &Values) -> bool {
        match self {
            Self::Text(text) => values.is_absent(text.trim()),
            Self::Error => true,
            Self::Number(_) | Self::Bool(_) => false,
        }
    }

    /// The number in it.
    pub fn number(&self, comma: bool) -> Option<f64> {
        match self {
            Self::Text(text) => values::number(text.trim(), comma),
            Self::Number(number) => Some(*number),
            Self::Bool(_) | Self::Error => None,
        }
    }

    /// The yes or no in it.
    pub fn boolean(&self, values: &Values) -> Option<bool> {
        match self {
            Self::Text(text) => values.boolean(text.trim()),
            Self::Number(_) | Self::Error => None,
            Self::Bool(value) => Some(*value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_spreadsheets_are_days_only_as_numbers() {
        assert_eq!(Cell::Number(46_125.75).as_date(), "2026-04-13");
        assert_eq!(Cell::Number(2026.0).as_date(), "2026");
        assert_eq!(Cell::Text(Cow::Borrowed(" 46125 ")).as_date(), "46125");
    }
}
