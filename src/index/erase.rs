//! Verbatims that must go: deleted, and then gone from the disk.
//!
//! A deleted verbatim is found no more, but its text lies in the files of the index until they are written
//! anew, which [`Index::compact`] does.

use super::Index;
use super::document::Entry;
use super::failure::{failure, guarded};
use super::ledger::Ledger;
use super::manifest::Manifest;
use super::search::record;
use super::segments;
use super::write::{WriterOptions, lock, writer};
use crate::error::Result;
use std::path::Path;
use tantivy::collector::DocSetCollector;
use tantivy::indexer::NoMergePolicy;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{IndexWriter, Term};

/// Whose verbatims go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The verbatim of this id.
    Verbatim(String),
    /// Every verbatim of this customer.
    Customer(String),
}

/// What was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Erased {
    /// Verbatims.
    pub verbatims: u64,
    /// Whom of those asked for the index does not know, by their place.
    pub unknown: Vec<usize>,
}

/// What compacting did, in bytes of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// Before.
    pub before: u64,
    /// After.
    pub after: u64,
}

impl Index {
    /// Deletes verbatims from the index in `folder`, and what people said of them, in one commit. They are
    /// found no more; see [`Index::compact`] for their bytes. What is deleted `for_good` is kept out from then
    /// on, known to the index or not.
    ///
    /// # Errors
    /// As [`Index::open`] and [`super::Writer::open`]; the index is then as it was.
    pub fn erase(
        folder: &Path,
        whom: &[Whom],
        for_good: bool,
        options: &WriterOptions,
    ) -> Result<Erased> {
        // Before the lock, which would make a file: an index that is not there.
        Manifest::read(folder)?;
        let _lock = lock(folder)?;
        let index = Self::open(folder)?;
        let mut inner: IndexWriter<Entry> = writer(folder, &index.inner, options)?;
        let mut ledger = Ledger::read(folder, &index.inner)?;
        let mut erased = Erased::default();
        let mut barred = false;
        for (at, one) in whom.iter().enumerate() {
            let (field, value) = match one {
                Whom::Verbatim(id) => (index.schema.id, id),
                Whom::Customer(customer) => (index.schema.customer, customer),
            };
            barred |= for_good && ledger.bars.add(one);
            let ids = guarded(folder, || index.ids_of(field, value))?;
            if ids.is_empty() {
                erased.unknown.push(at);
                continue;
            }
            erased.verbatims += ids.len() as u64;
            for id in &ids {
                ledger.corrections.remove(id);
            }
            inner.delete_term(Term::from_field_text(field, value));
        }
        if barred || erased.verbatims > 0 {
            commit(folder, &mut inner, &ledger)?;
        }
        inner
            .wait_merging_threads()
            .map_err(|error| failure(folder, "tidying up the index", error))?;
        Ok(erased)
    }

    /// Lets in again, with the next export that holds them, who was deleted for good from the index in `folder`.
    /// Gives those who were not kept out, by their place.
    ///
    /// # Errors
    /// As [`Index::erase`].
    pub fn readmit(folder: &Path, whom: &[Whom], options: &WriterOptions) -> Result<Vec<usize>> {
        Manifest::read(folder)?;
        let _lock = lock(folder)?;
        let index = segments::open(folder, &Manifest::read(folder)?)?;
        let mut inner: IndexWriter<Entry> = writer(folder, &index, options)?;
        let mut ledger = Ledger::read(folder, &index)?;
        let strangers = (0..whom.len()).filter(|at| !ledger.bars.remove(&whom[*at]));
        let strangers: Vec<usize> = strangers.collect();
        if strangers.len() < whom.len() {
            commit(folder, &mut inner, &ledger)?;
        }
        Ok(strangers)
    }

    /// Writes the files of the index in `folder` anew without what was deleted or replaced, as one segment,
    /// and removes the old ones: what is gone from the index is then gone from the disk.
    ///
    /// # Errors
    /// As [`Index::open`] and [`super::Writer::open`]; the index answers as before.
    pub fn compact(folder: &Path, options: &WriterOptions) -> Result<Compacted> {
        Manifest::read(folder)?;
        let _lock = lock(folder)?;
        let manifest = Manifest::read(folder)?;
        let index = segments::open(folder, &manifest)?;
        segments::sweep(folder, &[&manifest.segments]);
        let before = segments::size_of(folder, &manifest);
        let failed = |error| failure(folder, "compacting the index", error);
        guarded(folder, || {
            let mut inner: IndexWriter<Entry> = writer(folder, &index, options)?;
            // Merges of its own would take segments away from this one.
            inner.set_merge_policy(Box::new(NoMergePolicy));
            // What names the old segments must be gone before their files can go.
            let ids: Vec<_> = {
                let metas = index.searchable_segment_metas().map_err(failed)?;
                let whole = metas.len() < 2 && !metas.iter().any(tantivy::SegmentMeta::has_deletes);
                let metas = if whole { &[] } else { &metas[..] };
                metas.iter().map(tantivy::SegmentMeta::id).collect()
            };
            if !ids.is_empty() {
                inner.merge(&ids).wait().map_err(failed)?;
            }
            inner.garbage_collect_files().wait().map_err(failed)?;
            inner.wait_merging_threads().map_err(failed)
        })?;
        let after = segments::size_of(folder, &manifest);
        Ok(Compacted { before, after })
    }

    /// The ids of the verbatims that have this value in an exact field.
    fn ids_of(&self, field: Field, value: &str) -> Result<Vec<String>> {
        let query = TermQuery::new(
            Term::from_field_text(field, value),
            IndexRecordOption::Basic,
        );
        let searcher = self.searcher();
        let found = searcher
            .search(&query, &DocSetCollector)
            .map_err(|error| self.reading(error))?;
        let id = |address| Ok(record(self, &searcher, address)?.id.into_owned());
        found.into_iter().map(id).collect()
    }
}

fn commit(folder: &Path, inner: &mut IndexWriter<Entry>, ledger: &Ledger) -> Result<()> {
    let failed = |error| failure(folder, "writing the index", error);
    let mut commit = inner.prepare_commit().map_err(failed)?;
    commit.set_payload(&ledger.to_json()?);
    commit.commit().map_err(failed)?;
    Ok(())
}
