//! One cell as its file has it, before its column says what it is.

use super::values::{self, Values};
use crate::text::nfc;
use std::borrow::Cow;

/// Longest cell, bytes. Ours: some hundred pages, far above any comment.
pub(super) const MAX_CELL: usize = 1 << 20;

/// What a file says in one cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'c> {
    Text(Cow<'c, str>),
    /// A number of JSON.
    Number(f64),
    /// A boolean of JSON.
    Bool(bool),
}

impl Cell<'_> {
    /// The characters, trimmed.
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.trim()),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Bool(value) => Cow::Owned(value.to_string()),
        }
    }

    /// The characters, trimmed and composed (NFC); `None` when there are none.
    pub fn into_text(self) -> Option<String> {
        match &self {
            Self::Text(text) => {
                let trimmed = text.trim();
                (!trimmed.is_empty()).then(|| nfc(trimmed).into_owned())
            }
            _ => Some(self.as_text().into_owned()),
        }
    }

    /// True when the cell says that there is no value.
    pub fn is_absent(&self, values: &Values) -> bool {
        matches!(self, Self::Text(text) if values.is_absent(text.trim()))
    }

    /// The number in it.
    pub fn number(&self, comma: bool) -> Option<f64> {
        match self {
            Self::Text(text) => values::number(text.trim(), comma),
            Self::Number(number) => Some(*number),
            Self::Bool(_) => None,
        }
    }

    /// The yes or no in it.
    pub fn boolean(&self, values: &Values) -> Option<bool> {
        match self {
            Self::Text(text) => values.boolean(text.trim()),
            Self::Number(_) => None,
            Self::Bool(value) => Some(*value),
        }
    }
}
