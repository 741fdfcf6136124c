//! Every verbatim of a selection, one after the other.

use super::Index;
use super::compile::compile;
use super::failure::guarded;
use super::query::Query;
use super::search::record;
use crate::error::Result;
use crate::record::Record;
use rayon::prelude::*;
use tantivy::{DocAddress, DocId};

/// Records that are read at a time; memory holds so many.
const BATCH: usize = 2_048;

/// Where a verbatim stands, by the hash of its id.
type Place = (u64, u32, DocId);

impl Index {
    /// Calls `each` with every verbatim that `query` finds, in the order of a hash of their ids, which
    /// is the same whatever the order they were indexed in, and gives their number. Memory holds
    /// some thousand records, and 16 bytes for every verbatim found.
    ///
    /// # Errors
    /// As [`Index::aggregate`], and those of `each`.
    pub fn each_record(
        &self,
        query: &Query,
        mut each: impl FnMut(Record<'static>) -> Result<()>,
    ) -> Result<u64> {
        let places = guarded(&self.folder, || self.places(query))?;
        let searcher = self.searcher();
        let mut rest = &places[..];
        while !rest.is_empty() {
            let (batch, after) = rest.split_at(batch_end(rest));
            rest = after;
            let records = guarded(&self.folder, || {
                let read = |place: &Place| {
                    let address = DocAddress::new(place.1, place.2);
                    Ok((place.0, record(self, &searcher, address)?))
                };
                batch.par_iter().map(read).collect::<Result<Vec<_>>>()
            });
            let mut records = records?;
            // Two ids with one hash, once in billions: their own order decides.
            records.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
            for (_, record) in records {
                each(record)?;
            }
        }
        Ok(places.len() as u64)
    }

    /// Where the verbatims found stand, in the order of their hashes.
    fn places(&self, query: &Query) -> Result<Vec<Place>> {
        let query = compile(self, query)?.matching;
        let searcher = self.searcher();
        let filter = self.filter(&searcher, &*query)?;
        let mut places = Vec::new();
        for (number, segment) in (0_u32..).zip(searcher.segment_readers()) {
            let keys = segment.fast_fields().u64("key");
            let keys = keys.map_err(|error| self.reading(error))?;
            self.each_match(&*filter, segment, |document| {
                let key = keys.first(document).unwrap_or(0);
                places.push((key, number, document));
            })?;
        }
        places.sort_unstable();
        Ok(places)
    }
}

/// How many places a batch takes: [`BATCH`], and no hash in two batches.
fn batch_end(places: &[Place]) -> usize {
    let last = places.get(BATCH - 1).map(|place| place.0);
    last.map_or(places.len(), |last| {
        places.partition_point(|place| place.0 <= last)
    })
}
