//! Going through the verbatims that match, segment by segment, with the columns at hand.

use super::Index;
use super::facts::Facts;
use super::failure::{damaged, failure};
use super::figures::Figures;
use crate::error::{Error, Result};
use std::sync::Arc;
use tantivy::columnar::{Column, ColumnValues};
use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocId, Searcher, SegmentReader};

/// The columns that every count needs.
pub(super) struct Columns {
    facts: Arc<dyn ColumnValues<u64>>,
    csat: Column<f64>,
    ces: Column<f64>,
}

impl Columns {
    pub(super) fn open(index: &Index, segment: &SegmentReader) -> Result<Self> {
        let reading = |error| index.reading(error);
        let columns = segment.fast_fields();
        let facts = columns.u64("facts").map_err(reading)?;
        Ok(Self {
            facts: facts.first_or_default_col(0),
            csat: columns.f64("csat").map_err(reading)?,
            ces: columns.f64("ces").map_err(reading)?,
        })
    }

    pub(super) fn facts(&self, document: DocId) -> Facts {
        Facts(self.facts.get_val(document))
    }

    pub(super) fn count(&self, document: DocId, figures: &mut Figures) {
        figures.count(
            self.facts(document),
            self.csat.first(document),
            self.ces.first(document),
        );
    }
}

impl Index {
    /// What decides which documents match, without weighing them.
    pub(super) fn filter(
        &self,
        searcher: &Searcher,
        query: &dyn tantivy::query::Query,
    ) -> Result<Box<dyn Weight>> {
        query
            .weight(EnableScoring::disabled_from_searcher(searcher))
            .map_err(|error| self.reading(error))
    }

    /// Calls `each` with every matching document of a segment that is not deleted, in order.
    pub(super) fn each_match(
        &self,
        filter: &dyn Weight,
        segment: &SegmentReader,
        mut each: impl FnMut(DocId),
    ) -> Result<()> {
        let alive = segment.alive_bitset();
        filter
            .for_each_no_score(segment, &mut |documents| {
                for document in documents {
                    if alive.is_none_or(|alive| alive.is_alive(*document)) {
                        each(*document);
                    }
                }
            })
            .map_err(|error| self.reading(error))
    }

    pub(super) fn reading(&self, error: tantivy::TantivyError) -> Error {
        failure(&self.folder, "reading the index", error)
    }

    pub(super) fn damaged(&self, what: &str) -> Error {
        damaged(&self.folder, what)
    }
}
