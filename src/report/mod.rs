//! Results in forms to read: one file per form.
//!
//! A [`Sheet`] is a result before it has a form: columns with a name for programs and a title for
//! people, and rows of values. Comments have a view of their own, [`Layout`]: rows of typed cells that are
//! written one after the other, for there may be millions.

mod axis;
mod curve;
mod delimited;
mod frame;
mod html;
mod lines;
mod records;
mod scatter;
mod table;
mod workbook;

pub use curve::{Curve, Moment};
pub use delimited::Csv;
pub use html::{Branch, Drawing, Figure, Page, Quote, Section, Voices};
pub use records::{Cell, Head, Kind, Layout, Per, RowForm, RowWriter};
pub use scatter::{Point, Scatter};

use crate::locale::Locale;
use serde_json::Value;

/// How a column's values are shown to people. Programs get them as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// As text, to the left.
    Text,
    /// A word of ours, such as `negative`: in the reader's language (text `COLUMN.WORD`), to the left.
    Word,
    /// A whole number with its thousands apart.
    Count,
    /// A number with one decimal and its sign.
    Points,
    /// A number with three decimals and its sign.
    Fine,
    /// A number with one decimal.
    Number,
    /// A share of 1 as a percentage; each member of an object of shares.
    Percent,
    /// Not in tables: for programs only.
    Never,
}

impl Show {
    /// True for what stands to the left.
    fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Word | Self::Never)
    }
}

/// A column of a [`Sheet`].
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in JSON and CSV.
    pub key: &'static str,
    /// Its title in tables.
    pub title: String,
    /// How its values are shown.
    pub show: Show,
}

/// A result before it has a form.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Sheet {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, one value per column; null is absent.
    pub rows: Vec<Vec<Value>>,
}

impl Sheet {
    /// A sheet with these columns, titled in the reader's language (text `column.KEY`).
    pub fn new(locale: &Locale, columns: &[(&'static str, Show)]) -> Self {
        let columns = columns.iter().map(|(key, show)| Column {
            key,
            title: locale.text(&format!("column.{key}")).to_owned(),
            show: *show,
        });
        Self {
            columns: columns.collect(),
            rows: Vec::new(),
        }
    }
}
