//! One answer as it came: text, scores, and the record around it.

use crate::lang::Lang;
use crate::measure::{Measure, Vote};
use crate::sentiment::Polarity;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// One open answer with its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Verbatim {
    /// The id in its source; the same id again replaces.
    pub id: String,
    /// The answer, in Unicode normal form C; may be empty.
    pub text: String,
    /// The language its source states, if it does.
    pub stated: Option<Lang>,
    /// What the question asked for: the good, the bad, or neither in particular.
    pub asked: Option<Polarity>,
    /// The day of the answer.
    pub day: Option<Day>,
    /// The customer's id.
    pub customer: Option<String>,
    /// What the customer gave.
    pub scores: Scores,
    /// Every other column that has a value, in column order.
    pub fields: Vec<(Arc<str>, Value)>,
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// Year, 1 to 9999.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Day {
    /// The day as a number that sorts and reads like it: 20261122.
    pub fn number(self) -> u64 {
        self.year as u64 * 10_000 + u64::from(self.month) * 100 + u64::from(self.day)
    }

    /// The day of a [`Day::number`]; the caller vouches that it is one.
    pub fn from_number(number: u64) -> Self {
        Self {
            year: (number / 10_000) as i16,
            month: (number / 100 % 100) as u8,
            day: (number % 100) as u8,
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A number, finite.
    Number(f64),
    /// Anything else.
    Text(String),
}

/// The scales of the scores, as the source declares them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scales {
    /// Highest CSAT; the lowest is 1.
    pub csat_max: u8,
    /// Highest CES; the lowest is 1.
    pub ces_max: u8,
    /// True when a high CES means easy.
    pub ces_high_is_easy: bool,
}

impl Default for Scales {
    fn default() -> Self {
        Self {
            csat_max: 5,
            ces_max: 7,
            ces_high_is_easy: true,
        }
    }
}

/// What the customer gave, each on its scale.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Scores {
    /// Likelihood to recommend, 0 to 10.
    pub nps: Option<u8>,
    /// Satisfaction, 1 to [`Scales::csat_max`].
    pub csat: Option<f64>,
    /// Effort, 1 to [`Scales::ces_max`].
    pub ces: Option<f64>,
}

/// The band of an NPS answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    /// 0–6.
    Detractor,
    /// 7–8.
    Passive,
    /// 9–10.
    Promoter,
}

impl Band {
    /// `"detractor"`, `"passive"` or `"promoter"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Detractor => "detractor",
            Self::Passive => "passive",
            Self::Promoter => "promoter",
        }
    }
}

impl Scores {
    /// The band of the NPS answer.
    pub fn band(&self) -> Option<Band> {
        self.nps.map(|nps| match nps {
            0..=6 => Band::Detractor,
            7..=8 => Band::Passive,
            _ => Band::Promoter,
        })
    }

    /// The vote for a measure of scores; `None` without the score, and for other measures.
    ///
    /// CSAT: the top two boxes are +1; from the midpoint of the scale up to them is 0; the rest
    /// is -1. CES, on a 1–7 scale where high is easy: 6–7 is +1, above 3 and below 6 is 0, 1–3
    /// is -1; other scales are mapped onto it linearly.
    pub fn vote(&self, measure: Measure, scales: &Scales) -> Option<Vote> {
        match measure {
            Measure::Nps => self.band().map(|band| match band {
                Band::Detractor => Vote::Minus,
                Band::Passive => Vote::Zero,
                Band::Promoter => Vote::Plus,
            }),
            Measure::Csat => self.csat.map(|csat| {
                let top = f64::from(scales.csat_max) - 1.0;
                let middle = f64::midpoint(1.0, f64::from(scales.csat_max));
                if csat >= top {
                    Vote::Plus
                } else if csat >= middle {
                    Vote::Zero
                } else {
                    Vote::Minus
                }
            }),
            Measure::Ces => self.ces.map(|ces| {
                let span = f64::from(scales.ces_max) - 1.0;
                let seventh = 1.0 + (ces - 1.0) * 6.0 / span;
                let ease = if scales.ces_high_is_easy {
                    seventh
                } else {
                    8.0 - seventh
                };
                if ease >= 6.0 {
                    Vote::Plus
                } else if ease > 3.0 {
                    Vote::Zero
                } else {
                    Vote::Minus
                }
            }),
            Measure::Nev | Measure::Sentiment => None,
        }
    }
}
