//! The index asked, and which of its verbatims.

use crate::error::Result;
use crate::index::{Index, Query};
use clap::Args;
use std::path::PathBuf;

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
