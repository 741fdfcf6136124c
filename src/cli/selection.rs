//! The index asked, and which of its verbatims.

use crate::error::Result;
use crate::index::{By, Figures, Index, Query};
use crate::measure::Measure;
use crate::tally::HIDDEN_BELOW;
use clap::Args;
use std::path::{Path, PathBuf};

/// An index and a query.
#[derive(Args, Debug)]
pub struct Selection {
    #[allow(
        clippy::doc_markdown,
        reason = "shown as help, where backticks would stand"
    )]
    /// Words, "phrases", prefix*, -not, OR and filters such as theme:phone_wait nps:0..6
    /// date:2026-05.. channel:app, in single quotes; everything when left out.
    /// One that begins with - comes after --
    // Not `allow_hyphen_values`: every flag after the first word would be taken for a word.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// The same as QUERY; given both, comments must match both
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    condition: Option<String>,
    /// Folder of the index
    #[arg(
        long,
        value_name = "DIR",
        default_value = "voz-index",
        env = "VOZ_INDEX"
    )]
    index: PathBuf,
}

impl Selection {
    /// The index, opened.
    pub fn open(&self) -> Result<Index> {
        Index::open(&self.index)
    }

    /// The folder of the index.
    pub fn folder(&self) -> &Path {
        &self.index
    }

    /// The query, parsed; an error where it finds nothing, which says what there is.
    pub fn found(&self, index: &Index) -> Result<Query> {
        let query = self.query()?;
        index.matched(&query, &self.written())?;
        Ok(query)
    }

    /// The query, parsed.
    pub fn query(&self) -> Result<Query> {
        Query::parse(&self.written())
    }

    /// The query as written.
    pub fn written(&self) -> String {
        let words = self.query.join(" ");
        match &self.condition {
            None => words,
            Some(condition) if words.trim().is_empty() => condition.clone(),
            Some(condition) => format!("({words}) ({condition})"),
        }
    }
}

/// The score that is asked for; without one the first that enough of what a query finds have.
pub fn measure(index: &Index, query: &Query, asked: Option<Measure>) -> Result<Measure> {
    if let Some(measure) = asked {
        return Ok(measure);
    }
    Ok(first_measure(&index.aggregate(query, &By::All)?.total))
}

/// The first score that enough comments have: what customers said of it themselves before what is
/// read from their texts.
pub fn first_measure(all: &Figures) -> Measure {
    let given = [Measure::Nps, Measure::Csat, Measure::Ces].into_iter();
    let mut enough = given.filter(|measure| all.tally(*measure).n() >= HIDDEN_BELOW);
    enough.next().unwrap_or(Measure::Sentiment)
}

/// The positions of fields by their names.
pub fn fields(index: &Index, names: &[String]) -> Result<Vec<usize>> {
    names.iter().map(|name| index.field(name)).collect()
}

/// A word as a shell reads it; in single quotes where it holds anything but plain letters, digits and
/// what paths are made of. A single quote inside single quotes ends them.
pub fn quoted(word: &str) -> String {
    let is_plain = |one: char| one.is_alphanumeric() || matches!(one, '/' | '.' | '_' | '-' | ':');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
