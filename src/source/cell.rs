//! One cell as its file has it, before its column says what it is.

use super::values::{self, Values};
use crate::text::nfc;
use std::borrow::Cow;

/// Longest cell, bytes. Ours: some hundred pages, far above any comment.
pub(super) const MAX_CELL: usize = 1 << 20;

/// Largest whole number that a 64-bit float holds with all smaller ones, 2⁵³.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

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
