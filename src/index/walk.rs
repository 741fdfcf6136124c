//! Every verbatim of an index in the order they lie in it, which is the quickest.

use super::Index;
use super::compile::compile;
use super::facts::Facts;
use super::failure::guarded;
use super::kept::Kept;
use super::query::Query;
use crate::error::Result;
use crate::lang::Lang;
use crate::record::Record;
use crate::tag::{Tagged, Tagger, Workshop};
use rayon::prelude::*;
use tantivy::schema::Value;
use tantivy::{DocAddress, DocId, Searcher, TantivyDocument};

/// Records that are read at a time; memory holds so many.
const BATCH: usize = 8192;

impl Index {
    /// Hands on the records of what `query` finds, in batches, each with the language it was analysed in.
    /// Their order is that of the index: what is made of them must not depend on it.
    ///
    /// # Errors
    /// As [`Index::aggregate`], and those of `each`.
    pub fn walk(
        &self,
        query: &Query,
        mut each: impl FnMut(Vec<(Record<'static>, Option<Lang>)>) -> Result<()>,
    ) -> Result<()> {
        self.walk_kept(
            query,
            |kept: Kept<'static>, lang| Some((kept.into_record(&self.manifest)?, lang)),
            &mut each,
        )
    }

    /// As [`Index::walk`], the verbatims as they were tagged, with the themes of `tagger` instead of those they
    /// have in the index.
    ///
    /// # Errors
    /// As [`Index::walk`].
    pub fn walk_rethemed(
        &self,
        query: &Query,
        tagger: &Tagger,
        mut each: impl FnMut(Vec<Tagged>) -> Result<()>,
    ) -> Result<()> {
        let made = |kept: Kept<'static>, lang| kept.into_tagged(&self.manifest, lang);
        self.walk_kept(query, made, &mut |mut batch| {
            batch
                .par_iter_mut()
                .for_each_init(Workshop::default, |room, tagged| {
                    tagger.find_themes_again(tagged, room);
                });
            each(batch)
        })
    }

    /// Every verbatim as it was tagged, as in [`Index::walk`]; the themes of their mentions are numbers of the
    /// manifest.
    pub(super) fn walk_numbered(
        &self,
        mut each: impl FnMut(Vec<Tagged>) -> Result<()>,
    ) -> Result<()> {
        let made = |kept: Kept<'static>, lang| kept.into_tagged(&self.manifest, lang);
        self.walk_kept(&Query::All, made, &mut each)
    }

    /// The language that a verbatim was analysed in.
    pub(super) fn analysed(
        &self,
        searcher: &Searcher,
        address: DocAddress,
    ) -> Result<Option<Lang>> {
        let segment = searcher.segment_reader(address.segment_ord);
        let facts = segment.fast_fields().u64("facts");
        let facts = facts.map_err(|error| self.reading(error))?;
        Ok(Facts(facts.first(address.doc_id).unwrap_or(0)).lang())
    }

    /// As [`Index::walk`], the verbatims as they were tagged but for their themes, each with the ids of
    /// the themes that it has in the index.
    pub(super) fn walk_tagged(
        &self,
        mut each: impl FnMut(Vec<(Tagged, Vec<u32>)>) -> Result<()>,
    ) -> Result<()> {
        let made = |kept: Kept<'static>, lang| {
            let themes = kept.themes();
            Some((kept.into_tagged(&self.manifest, lang)?, themes))
        };
        self.walk_kept(&Query::All, made, &mut each)
    }

    fn walk_kept<T: Send>(
        &self,
        query: &Query,
        made: impl Fn(Kept<'static>, Option<Lang>) -> Option<T> + Sync,
        each: &mut dyn FnMut(Vec<T>) -> Result<()>,
    ) -> Result<()> {
        let query = guarded(&self.folder, || Ok(compile(self, query)?.matching))?;
        let searcher = self.searcher();
        let filter = self.filter(&searcher, &*query)?;
        for (number, segment) in (0_u32..).zip(searcher.segment_readers()) {
            let facts = segment.fast_fields().u64("facts");
            let facts = facts
                .map_err(|error| self.reading(error))?
                .first_or_default_col(0);
            let mut documents: Vec<DocId> = Vec::new();
            self.each_match(&*filter, segment, |document| documents.push(document))?;
            for batch in documents.chunks(BATCH) {
                let read = |document: &DocId| {
                    let lang = Facts(facts.get_val(*document)).lang();
                    self.read_kept(&searcher, DocAddress::new(number, *document), |kept| {
                        made(kept, lang)
                    })
                };
                let read = || batch.par_iter().map(read).collect::<Result<Vec<T>>>();
                each(guarded(&self.folder, read)?)?;
            }
        }
        Ok(())
    }

    pub(super) fn read_kept<T>(
        &self,
        searcher: &Searcher,
        address: DocAddress,
        made: impl FnOnce(Kept<'static>) -> Option<T>,
    ) -> Result<T> {
        let document: TantivyDocument =
            searcher.doc(address).map_err(|error| self.reading(error))?;
        let json = document.get_first(self.schema.record);
        json.and_then(|json| json.as_str())
            .and_then(|json| serde_json::from_str::<Kept<'static>>(json).ok())
            .and_then(made)
            .ok_or_else(|| self.damaged("the index is damaged: a record cannot be read"))
    }
}
