//! What the user says about a file, before anything is found out.

use super::encoding::Encoding;
use crate::lang::Lang;
use crate::verbatim::Scales;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the user says about a file; what is left out is found out by [`super::peek`].
///
/// A column is named as in the header; case, accents, spaces and punctuation do not matter. An
/// empty name means that no column has this role, whatever it is called.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// The column of the ids.
    pub id: Option<String>,
    /// The columns of the comments; with several each is a comment of its own. One name may stand for
    /// several columns, separated by commas.
    pub text: Option<Vec<String>>,
    /// The column of the dates.
    pub date: Option<String>,
    /// The column of the NPS answers, 0 to 10.
    pub nps: Option<String>,
    /// The column of the CSAT answers, 1 to [`Scales::csat_max`].
    pub csat: Option<String>,
    /// The column of the CES answers, 1 to [`Scales::ces_max`].
    pub ces: Option<String>,
    /// The column of the customers' ids.
    pub customer: Option<String>,
    /// The column that states the language of each comment.
    pub lang: Option<String>,
    /// The columns kept as fields; `None` keeps every other column.
    pub fields: Option<Vec<String>>,
    /// Which of day and month comes first, where both are numbers.
    pub date_order: Option<DateOrder>,
    /// The byte between columns.
    pub delimiter: Option<u8>,
    /// The encoding.
    pub encoding: Option<Encoding>,
    /// True when numbers have a decimal comma.
    pub decimal_comma: Option<bool>,
    /// The scales of the scores.
    pub scales: Scales,
    /// The language of comments whose row states none.
    pub stated: Option<Lang>,
    /// What the question asked for: the good or the bad; `None` leaves it to the column's name.
    pub asked: Option<Asked>,
    /// The file in which a part of this is kept, by the name of the flag that would say it, such as
    /// `text`; what is not here was said by a flag.
    pub kept: BTreeMap<String, String>,
    /// The sheet of a workbook; `None` takes the first that has a header and rows.
    pub sheet: Option<String>,
}

/// What the question of a column asks for, as a user says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The bad: *what could we do better?*
    Negative,
    /// The good: *what did you like?*
    Positive,
    /// Neither, whatever the column is called.
    Neither,
}

impl Mapping {
    /// Where a part was said: "--text", or "text in voz.toml".
    pub(super) fn said(&self, flag: &str) -> String {
        match self.kept.get(flag) {
            Some(file) => format!("{flag} in {file}"),
            None => format!("--{flag}"),
        }
    }

    /// The column the user named for a role that one column has.
    pub(super) fn column(&self, role: Role) -> Option<&str> {
        match role {
            Role::Id => self.id.as_deref(),
            Role::Date => self.date.as_deref(),
            Role::Nps => self.nps.as_deref(),
            Role::Csat => self.csat.as_deref(),
            Role::Ces => self.ces.as_deref(),
            Role::Customer => self.customer.as_deref(),
            Role::Lang => self.lang.as_deref(),
            Role::Text | Role::Field | Role::Ignored => None,
        }
    }
}

/// Which of day and month comes first in a date such as 03/04/2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 3 April, as in Spain and Latin America.
    DayFirst,
    /// 4 March, as in the United States.
    MonthFirst,
}

impl DateOrder {
    /// The order called `"dmy"` or `"mdy"`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "dmy" => Some(Self::DayFirst),
            "mdy" => Some(Self::MonthFirst),
            _ => None,
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "day first",
            Self::MonthFirst => "month first",
        }
    }
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The id of the verbatim.
    Id,
    /// The comment.
    Text,
    /// The day of the answer.
    Date,
    /// Likelihood to recommend.
    Nps,
    /// Satisfaction.
    Csat,
    /// Effort.
    Ces,
    /// The customer's id.
    Customer,
    /// The language the source states.
    Lang,
    /// A field of the record.
    Field,
    /// Not read.
    Ignored,
}

impl Role {
    /// The roles that one column of a file may have, in the order they are given out.
    pub(super) const SINGLE: [Self; 7] = [
        Self::Id,
        Self::Customer,
        Self::Lang,
        Self::Date,
        Self::Nps,
        Self::Ces,
        Self::Csat,
    ];

    /// The flag that gives the role to a column, without its dashes.
    pub(super) fn flag(self) -> &'static str {
        match self {
            Self::Lang => "lang-column",
            _ => self.name(),
        }
    }

    /// The name of the role.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Date => "date",
            Self::Nps => "nps",
            Self::Csat => "csat",
            Self::Ces => "ces",
            Self::Customer => "customer",
            Self::Lang => "lang",
            Self::Field => "field",
            Self::Ignored => "ignored",
        }
    }
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Words, or labels.
    Text,
    /// Numbers; a value that is none stays as text.
    Number,
    /// Yes or no; a value that is neither stays as text.
    Bool,
    /// Days.
    Date,
}
