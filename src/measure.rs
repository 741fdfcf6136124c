//! The measures of product: each gives a verbatim a vote of +1, 0, -1, or nothing.

use serde::{Deserialize, Serialize};

/// What one verbatim says to one measure. Nothing said is `Option::None`, never `Zero`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vote {
    /// Against: a detractor, a low box, a hard effort, a negative emotion.
    Minus,
    /// In between: a passive, a middle box, mixed or balanced.
    Zero,
    /// In favour: a promoter, a top box, an easy effort, a positive emotion.
    Plus,
}

impl Vote {
    /// The vote as a number: -1, 0 or 1.
    pub fn value(self) -> i8 {
        match self {
            Self::Minus => -1,
            Self::Zero => 0,
            Self::Plus => 1,
        }
    }

    /// The vote of the sign of `value`.
    pub fn of_sign(value: i64) -> Self {
        match value.signum() {
            -1 => Self::Minus,
            0 => Self::Zero,
            _ => Self::Plus,
        }
    }
}

/// A measure whose value for a group is a net score, -100 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Net Promoter Score: % 9–10 minus % 0–6.
    Nps,
    /// Customer satisfaction: % top two boxes minus % below the middle.
    Csat,
    /// Customer effort: % easy minus % hard.
    Ces,
    /// Net Emotional Value over meaningful verbatims.
    Nev,
    /// % positive minus % negative sentiment.
    Sentiment,
}

impl Measure {
    /// Every measure, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Nps, Self::Csat, Self::Ces, Self::Nev, Self::Sentiment];

    /// The short name used on the command line and in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nps => "nps",
            Self::Csat => "csat",
            Self::Ces => "ces",
            Self::Nev => "nev",
            Self::Sentiment => "sentiment",
        }
    }

    /// The id of the definition behind the figure; figures with different ids are not comparable.
    pub fn definition(self) -> &'static str {
        match self {
            Self::Nps => "nps",
            Self::Csat => "csat.net",
            Self::Ces => "ces.index",
            Self::Nev => "nev",
            Self::Sentiment => "sentiment.net",
        }
    }

    /// The measure called `name`, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|measure| measure.name() == name || measure.definition() == name)
    }

    /// Position in [`Measure::ALL`], 0 to 4.
    pub fn index(self) -> usize {
        self as usize
    }
}
