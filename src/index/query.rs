//! The query language: words, filters, and how they combine. It is read by [`Query::parse`].
//!
//! | written | finds verbatims |
//! |---|---|
//! | `espera caja` | with both words, in any form: *demora* finds *demoraron* |
//! | `"no funciona"` | with these words in this order |
//! | `demor*` | with a word that begins so |
//! | `-caro` | without it |
//! | `espera OR demora` | with one or the other; `OR` joins its two neighbours only |
//! | `(espera caja) OR cola` | brackets group |
//! | `~demora` | with the word, or naming a theme that this word expresses, in any language |
//! | `theme:waiting_time`, `theme:waiting_time:negative` | naming a theme (so) |
//! | `driver:waiting`, `driver:waiting:negative` | naming a theme of a driver (so) |
//! | `emotion:anger`, `sentiment:negative`, `band:detractor`, `lang:es` | tagged so |
//! | `nps:0..6`, `nps:9..`, `csat:..2`, `ces:5` | with such a score; ends included |
//! | `date:2026-10`, `date:2026-10-01..2026-10-15`, `date:2026-10..` | from such days |
//! | `id:a17`, `customer:c9` | with this id |
//! | `channel:app`, `region:"North West"`, `waiting_minutes:20..`, `churned:true` | by a field |
//! | `*` | all |
//!
//! A column named like one of the filters is reached as `fields.NAME:`.

use crate::emotion::Emotion;
use crate::sentiment::Polarity;
use crate::verbatim::Band;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Every verbatim.
    All,
    /// A word in any of its forms.
    Word(String),
    /// Words in this order.
    Phrase(String),
    /// A word that begins so.
    Prefix(String),
    /// A word, or what means nearly the same, filled in by [`Query::widen`].
    Near {
        /// The word.
        word: String,
        /// What else finds it.
        meaning: Meaning,
    },
    /// A condition on tags, scores or fields.
    Filter(Filter),
    /// What is not asked for.
    Not(Box<Query>),
    /// All of these.
    And(Vec<Query>),
    /// At least one of these.
    Or(Vec<Query>),
}

/// A condition on tags, scores or fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Names a theme, with this polarity if one is given.
    Theme(String, Option<Polarity>),
    /// Names a theme of a driver, with this polarity if one is given.
    Driver(String, Option<Polarity>),
    /// Expresses an emotion.
    Emotion(Emotion),
    /// Has a sentiment.
    Sentiment(Polarity),
    /// Is in a band.
    Band(Band),
    /// Is in a language, by ISO 639 code.
    Lang(String),
    /// Has a score in a range.
    Score(Score, Range),
    /// Is from these days, as [`crate::verbatim::Day::number`]s, ends included. Months and years
    /// are given by numbers that no day has.
    Days {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// Has this id.
    Id(String),
    /// Is by this customer.
    Customer(String),
    /// Has a field that passes a test.
    Field(String, Test),
}

/// One of the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Score {
    Nps,
    Csat,
    Ces,
}

/// Numbers from `low` to `high`, ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lowest; `None` for no limit.
    pub low: Option<f64>,
    /// The highest; `None` for no limit.
    pub high: Option<f64>,
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Its value is this; case and accents do not count.
    Is(String),
    /// It is a number in this range; without limits, it has a value.
    Between(Range),
}

/// What else a word is looked for by, in either language.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Meaning {
    /// Ids of the themes that it expresses.
    pub themes: Vec<String>,
    /// Folded words that mean nearly the same.
    pub words: Vec<String>,
}

impl Query {
    /// Fills in the meaning of every `~word`.
    #[must_use]
    pub fn widen(self, meaning: &dyn Fn(&str) -> Meaning) -> Self {
        let all = |queries: Vec<Self>| {
            queries
                .into_iter()
                .map(|query| query.widen(meaning))
                .collect()
        };
        match self {
            Self::Near { word, .. } => Self::Near {
                meaning: meaning(&word),
                word,
            },
            Self::Not(query) => Self::Not(Box::new(query.widen(meaning))),
            Self::And(queries) => Self::And(all(queries)),
            Self::Or(queries) => Self::Or(all(queries)),
            other => other,
        }
    }

    /// This query and another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, query) | (query, Self::All) => query,
            (one, two) => Self::And(vec![one, two]),
        }
    }
}
