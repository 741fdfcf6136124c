//! What people said of verbatims, laid over what was found and kept in the ledger.

use super::Index;
use super::facts::key_of;
use super::failure::guarded;
use super::manifest::{Manifest, Setup};
use super::retag::add_saved;
use super::write::{Writer, WriterOptions};
use crate::correction::Correction;
use crate::error::{Error, Result};
use crate::tag::{Tagged, Tagger};
use std::collections::BTreeMap;
use std::path::Path;
use tantivy::Term;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

impl Index {
    /// What people said of its verbatims, by id.
    pub fn corrections(&self) -> &BTreeMap<String, Correction> {
        &self.ledger.corrections
    }

    /// Lays corrections over the verbatims of the index in `folder`, in one commit, and keeps them for when
    /// these are tagged or indexed again. A second correction of a verbatim adds to the first. Gives the ids
    /// that the index does not know; nothing is kept of these.
    ///
    /// # Errors
    /// As [`Index::open`] and [`Writer::open`]; [`crate::error::ErrorKind::Usage`] for a theme that the index
    /// does not know. The index is then as it was.
    pub fn correct(
        folder: &Path,
        corrections: Vec<(String, Correction)>,
        options: &WriterOptions,
    ) -> Result<Vec<String>> {
        // The writer first: what is read after it is what there is.
        Manifest::read(folder)?;
        let mut writer = Writer::reopen(folder, options)?;
        let index = Self::open(folder)?;
        index.check_themes(&corrections)?;
        let mut unknown = Vec::new();
        for (id, correction) in corrections {
            let Some(tagged) = guarded(folder, || index.tagged(&id))? else {
                unknown.push(id);
                continue;
            };
            let known = writer.ledger.corrections.entry(id).or_default();
            known.update(correction);
            writer.add(&tagged)?;
        }
        writer.finish()?;
        Ok(unknown)
    }

    /// Takes back what people said of verbatims: they are tagged again by `tagger`, which must be that of the
    /// index, as `setup` says it. Gives the ids of which nothing was said.
    ///
    /// # Errors
    /// As [`Index::open`], [`Writer::open`] and [`Tagger::tag`]. The index is then as it was.
    pub fn take_back(
        folder: &Path,
        ids: Vec<String>,
        tagger: &Tagger,
        setup: &Setup<'_>,
        options: &WriterOptions,
    ) -> Result<Vec<String>> {
        // The writer first: what is read after it is what there is.
        let mut writer = Writer::open(folder, setup, options)?;
        let index = Self::open(folder)?;
        let saved = index.saved(tagger)?;
        let mut unsaid = Vec::new();
        for id in ids {
            if writer.ledger.corrections.remove(&id).is_none() {
                unsaid.push(id);
                continue;
            }
            let found = guarded(folder, || index.tagged(&id))?;
            let verbatims = found.into_iter().map(|tagged| tagged.verbatim).collect();
            for mut tagged in tagger.tag(verbatims)? {
                add_saved(&mut tagged, key_of(&id), &saved);
                writer.add(&tagged)?;
            }
        }
        writer.finish()?;
        Ok(unsaid)
    }

    fn check_themes(&self, corrections: &[(String, Correction)]) -> Result<()> {
        let said = corrections
            .iter()
            .filter_map(|(_, correction)| correction.themes.as_ref())
            .flatten();
        for one in said {
            if self.manifest.theme(&one.theme).is_none() {
                let known: Vec<&str> = self
                    .manifest
                    .themes
                    .iter()
                    .map(|theme| &*theme.id)
                    .collect();
                return Err(
                    Error::usage(format!("the index knows no theme `{}`", one.theme))
                        .at(&self.folder)
                        .hint(format!("it knows {}", known.join(", "))),
                );
            }
        }
        Ok(())
    }

    /// The verbatim of an id as it is tagged now; its themes are numbers of the manifest.
    fn tagged(&self, id: &str) -> Result<Option<Tagged>> {
        let term = Term::from_field_text(self.schema.id, id);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let searcher = self.searcher();
        let found = searcher
            .search(&query, &DocSetCollector)
            .map_err(|error| self.reading(error))?;
        let Some(address) = found.into_iter().next() else {
            return Ok(None);
        };
        let analysed = self.analysed(&searcher, address)?;
        let tagged = self.read_kept(&searcher, address, |kept| {
            kept.into_tagged(&self.manifest, analysed)
        })?;
        Ok(Some(tagged))
    }
}
