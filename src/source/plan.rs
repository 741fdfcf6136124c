//! The plan of a file: everything that is decided before the first row is read, with reasons.

use super::encoding::Encoding;
use super::format::Format;
use super::input::Kept;
use super::mapping::{DateOrder, Kind, Role};
use crate::lang::Lang;
use crate::sentiment::Polarity;
use crate::verbatim::Scales;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// Everything decided about a file before its first row is read.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// What was decided about the file as a whole, in the order it is shown.
    pub decisions: Vec<Decision>,
    /// The columns, in the order of the file; those of JSON Lines in the order of their names.
    pub columns: Vec<Column>,
    /// The scales of the scores.
    pub scales: Scales,
    /// The language of comments whose row states none.
    pub stated: Option<Lang>,
    /// What the question of the comments asked for, of the first where there are several: the good or
    /// the bad.
    pub asked: Option<Polarity>,
    /// How many sound rows the decisions rest on.
    pub sampled: u64,
    /// True when these are all the rows of the file.
    pub complete: bool,
    pub(super) format: Format,
    pub(super) encoding: Encoding,
    #[serde(skip)]
    pub(super) delimiter: u8,
    pub(super) decimal_comma: bool,
    pub(super) date_order: Option<DateOrder>,
    /// The last row of the header; 0 where there is none.
    #[serde(skip)]
    pub(super) header: u64,
    /// What stands before the number of the row in the ids of rows without one.
    #[serde(skip)]
    pub(super) id_stem: String,
    /// The sheet of a workbook.
    #[serde(skip)]
    pub(super) sheet: Option<String>,
    /// Where each column stands in a table; empty for formats without places.
    #[serde(skip)]
    pub(super) places: Vec<usize>,
    /// True when every other column is a field.
    #[serde(skip)]
    pub(super) keeps_all: bool,
    /// How the values of fields are told apart.
    #[serde(skip)]
    pub(super) typing: Typing,
    /// What is kept for the run of a file that cannot be opened again.
    #[serde(skip)]
    pub(super) kept: Kept,
}

/// How the values of fields are told apart: numbers, yes and no, texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typing {
    /// By the kind of their column.
    Planned,
    /// Not yet: each is what its file has.
    AsWritten,
}

/// One thing decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// What was in question: "encoding".
    pub about: &'static str,
    /// What was decided: "UTF-8".
    pub value: String,
    /// Why.
    pub why: String,
}

/// A column and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name, no two alike in a file.
    #[serde(serialize_with = "as_text")]
    pub name: Arc<str>,
    /// The text of its question, where the file has one beside the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is for.
    pub role: Role,
    /// What its values are.
    pub kind: Kind,
    /// Why it has this role.
    pub why: String,
    /// True when its numbers have a decimal comma.
    #[serde(skip)]
    pub(super) comma: bool,
    /// What its question asked for, if it holds comments.
    #[serde(skip)]
    pub(super) asked: Option<Polarity>,
}

fn as_text<S: Serializer>(name: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name)
}

impl Column {
    /// What was asked: the text of its question, or its name.
    pub fn question(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }
}

impl Plan {
    /// The byte between columns; `None` in formats without one.
    pub fn delimiter(&self) -> Option<u8> {
        (self.format == Format::Delimited).then_some(self.delimiter)
    }

    /// The encoding.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// True when numbers have a decimal comma.
    pub fn decimal_comma(&self) -> bool {
        self.decimal_comma
    }

    /// Which of day and month comes first; `None` where that is never in doubt.
    pub fn date_order(&self) -> Option<DateOrder> {
        self.date_order
    }

    /// The columns of the comments, in the order of the file.
    pub fn texts(&self) -> impl Iterator<Item = &Column> {
        let columns = self.columns.iter();
        columns.filter(|column| column.role == Role::Text)
    }

    /// The field that says which question a comment answers, where a row has several comments.
    pub fn question_field(&self) -> Option<&'static str> {
        let several = self.texts().count() > 1;
        let taken = self
            .columns
            .iter()
            .any(|column| *column.name == *"question");
        several.then_some(if taken {
            "question (asked)"
        } else {
            "question"
        })
    }

    /// The column of a role that one column may have.
    pub fn column(&self, role: Role) -> Option<&Column> {
        self.columns.iter().find(|column| column.role == role)
    }
}
