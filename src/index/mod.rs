//! The index: verbatims with their tags and scores, searchable and countable.
//!
//! ```text
//! Tagged ──Writer──▶ index folder ──Index──▶ search ──▶ Hits (records, highlights, live scores)
//!                    voz.json, g1/       ├─▶ aggregate ──▶ Groups
//!                                        ├─▶ observations ──▶ driver analysis
//!                                        ├─▶ survey ──▶ Counted: one group against another
//!                                        └─▶ quotes, reasons: a few verbatims in their words
//! ```
//!
//! Answers depend on what was indexed, not on the order, the threads or the segments it came in.

mod aggregate;
mod analyzer;
#[doc(hidden)]
mod bar;
pub mod bare;
mod compile;
mod condition;
mod correct;
mod crossing;
mod document;
mod erase;
mod exclude;
mod export;
mod facts;
mod failure;
mod figures;
#[cfg(test)]
mod fixture;
mod group;
mod highlight;
mod kept;
mod ledger;
mod manifest;
mod nothing;
mod observe;
mod parse;
mod period;
mod query;
mod quotes;
mod redact;
mod renew;
mod scan;
mod schema;
mod search;
mod segments;
mod stems;
mod suggest;
mod survey;
#[cfg(test)]
mod tests;
mod retag;
mod walk;
mod voters;
mod write;

pub use aggregate::{Aggregate, Group};
pub use crossing::{Crossed, Crossing, Numeric};
pub use erase::{Compacted, Erased, Whom};
pub use figures::Figures;
pub use group::By;
pub use ledger::IndexedFile;
pub use manifest::{FieldKind, IndexedDriver, IndexedField, IndexedTheme, Setup};
pub use observe::{Observation, Part};
pub use period::is_covered;
pub use query::{Filter, Meaning, Query, Range, Score, Test};
pub use quotes::{About, Quote, Quoter, Reason, Subject, Taken};
pub use redact::Personal;
pub use renew::{RenewOptions, Renewed, TagChange};
pub use retag::{Retagged, ThemeChange};
pub use search::{Facet, Hit, Hits, Options, Sort};
pub use survey::Survey;
pub use voters::Voters;
pub use write::{Writer, WriterOptions, Written};

use crate::error::{Error, Result};
use crate::nev::Correction;
use crate::tally::Summary;
use crate::verbatim::Scales;
use ledger::Ledger;
use manifest::Manifest;
use schema::Fields;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tantivy::{IndexReader, Searcher};

/// An index, open for reading.
///
/// It shows the state that was committed when it was opened.
pub struct Index {
    folder: PathBuf,
    manifest: Manifest,
    ledger: Ledger,
    schema: Fields,
    inner: tantivy::Index,
    reader: IndexReader,
    /// Made when first asked for.
    correction: OnceLock<Option<Correction>>,
}

impl Index {
    /// Opens the index in `folder`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when there is none, or it is damaged or of another
    /// format.
    pub fn open(folder: &Path) -> Result<Self> {
        let manifest = Manifest::read(folder)?;
        let inner = segments::open(folder, &manifest)?;
        let reader = failure::guarded(folder, || segments::reader(folder, &inner))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            ledger: Ledger::read(folder, &inner)?,
            manifest,
            schema: Fields::schema().1,
            inner,
            reader,
            correction: OnceLock::new(),
        })
    }

    /// Opens the index in `folder` for one who holds its lock: what is read now is all that there is.
    ///
    /// # Errors
    /// As [`Index::open`]; [`crate::error::ErrorKind::Usage`] when it is not that of `manifest` any more.
    fn open_unchanged(folder: &Path, manifest: &Manifest) -> Result<Self> {
        let index = Self::open(folder)?;
        if index.manifest != *manifest {
            return Err(Error::usage("another run has changed the index meanwhile")
                .at(folder)
                .hint("run it again"));
        }
        Ok(index)
    }

    /// Compares every file of the index with its checksum; reads the whole index.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] naming a damaged file.
    pub fn check(&self) -> Result<()> {
        segments::check(&self.folder, &self.inner)
    }

    /// How many verbatims it holds.
    pub fn len(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// True when it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The model that tagged it, `name@version`.
    pub fn model(&self) -> &str {
        &self.manifest.model
    }

    /// The Net Emotional Value of a selection corrected for the known errors of the model that
    /// tagged it, see [`Figures::nev_adjusted`]; `None` also where its card did not tell them.
    pub fn nev_adjusted(&self, figures: &Figures) -> Option<Summary> {
        let correction = self
            .correction
            .get_or_init(|| Correction::new(&self.manifest.votes));
        figures.nev_adjusted(correction.as_ref()?)
    }

    /// The user's own themes that it was tagged with, as their file has them; empty for none.
    pub fn catalog(&self) -> &str {
        &self.manifest.catalog
    }

    /// The user's own words that it was tagged with, as their file has them; empty for none.
    pub fn lexicon(&self) -> &str {
        &self.manifest.lexicon
    }

    /// The scales of its scores.
    pub fn scales(&self) -> &Scales {
        &self.manifest.scales
    }

    /// The files it was made from, in the order they came.
    pub fn files(&self) -> &[IndexedFile] {
        &self.ledger.files
    }

    /// The drivers it knows. A driver keeps its position for as long as the index lives.
    pub fn drivers(&self) -> &[IndexedDriver] {
        &self.manifest.drivers
    }

    /// The themes it knows. A theme keeps its position for as long as the index lives.
    pub fn themes(&self) -> &[IndexedTheme] {
        &self.manifest.themes
    }

    /// The declared fields, in the order they were first seen.
    pub fn fields(&self) -> &[IndexedField] {
        &self.manifest.fields
    }

    fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}
