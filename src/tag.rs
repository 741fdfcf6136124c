//! The tagger: from a verbatim to everything that is found in it.

use crate::emotion::Emotions;
use crate::lang::Detection;
use crate::measure::{Measure, Vote};
use crate::sentiment::Sentiment;
use crate::theme::Mention;
use crate::verbatim::{Scales, Verbatim};
use std::ops::Range;

/// A verbatim and what was found in it. No model runs after this; the rest is counting.
#[derive(Clone, Debug, PartialEq)]
pub struct Tagged {
    /// The verbatim; its text has typed marks where personal data stood.
    pub verbatim: Verbatim,
    /// The language found.
    pub lang: Detection,
    /// True when the text says something.
    pub meaningful: bool,
    /// The sentiment; `None` for texts that say nothing and for languages that are not analysed.
    pub sentiment: Option<Sentiment>,
    /// The emotions; empty where there is no sentiment.
    pub emotions: Emotions,
    /// The vote for the Net Emotional Value; `None` where there is no sentiment.
    pub nev: Option<Vote>,
    /// The clauses with their sentiment.
    pub clauses: Vec<Opinion>,
    /// The themes named, in the order of the text.
    pub mentions: Vec<Mention>,
}

/// A clause and its sentiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// Its sentiment.
    pub sentiment: Sentiment,
}

impl Tagged {
    /// Its vote for any measure.
    pub fn vote(&self, measure: Measure, scales: &Scales) -> Option<Vote> {
        match measure {
            Measure::Nev => self.nev,
            Measure::Sentiment => self.sentiment.map(|sentiment| sentiment.label.vote()),
            _ => self.verbatim.scores.vote(measure, scales),
        }
    }
}
