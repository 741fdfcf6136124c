//! What the index promises as a whole.

mod answers;
mod groups;
mod keeping;
mod writing;

use super::fixture::meaning;
use super::{Index, Options, Query};
use crate::error::{Error, Result};

fn ids(index: &Index, text: &str) -> Result<Vec<String>> {
    let query = Query::parse(text)?.widen(&meaning);
    let options = Options {
        limit: 100,
        ..Options::default()
    };
    let hits = index.search(&query, &options)?;
    assert_eq!(hits.total as usize, hits.hits.len());
    let mut ids: Vec<String> = hits
        .hits
        .iter()
        .map(|hit| hit.record.id.to_string())
        .collect();
    ids.sort();
    Ok(ids)
}

fn told(error: &Error) -> String {
    format!("{error} {}", error.advice().unwrap_or_default())
}
