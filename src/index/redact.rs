//! Bringing an index to the rules for personal data as they are now: every text, id and field is read again.
//!
//! ```text
//! index ──personal──▶ Personal: what the rules find ──nothing──▶ left as it is, byte for byte
//!                                     └──something──▶ new segments ──commit──▶ the old ones are removed
//! ```
//!
//! As with new themes, the new segments are written beside the old ones and take their place all at once; a
//! killed run leaves the old ones. The new ones are written from nothing, so no byte of what was replaced is
//! left in them.

use super::facts::key_of;
use super::failure::guarded;
use super::manifest::Manifest;
use super::retag::{Saved, add_saved};
use super::write::{Writer, WriterOptions};
use super::{Index, segments};
use crate::error::Result;
use crate::pii::{Counts, Redactor};
use crate::tag::{Tagged, Tagger};
use crate::theme::Catalog;
use crate::verbatim::Verbatim;
use rayon::prelude::*;
use std::path::Path;
use tantivy::{DocAddress, DocId};

/// Records that are read at a time; memory holds so many.
const BATCH: usize = 8192;

/// The personal data that the present rules find in an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Personal {
    /// Verbatims in the index.
    pub verbatims: u64,
    /// Those that hold personal data.
    pub changed: u64,
    /// What they hold, by type.
    pub counts: Counts,
    /// Personal data outside of verbatims: in what replaced ones left, in names of columns, in themes.
    pub remains: u64,
}

impl Personal {
    /// True when there is nothing to do.
    pub fn is_none(&self) -> bool {
        self.changed == 0 && self.remains == 0
    }

    fn add(&mut self, other: &Self) {
        self.verbatims += other.verbatims;
        self.changed += other.changed;
        self.counts += other.counts;
        self.remains += other.remains;
    }
}

impl Index {
    /// Counts the personal data that `redactor` finds; nothing is changed.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the index is damaged.
    pub fn personal(&self, redactor: &Redactor, watch: &mut dyn FnMut(u64)) -> Result<Personal> {
        let mut found = Personal {
            remains: self.manifest.redacted(redactor)?.1,
            ..Personal::default()
        };
        let searcher = self.searcher();
        for (number, segment) in (0_u32..).zip(searcher.segment_readers()) {
            // Replaced verbatims too: their bytes are there until segments are merged.
            let documents: Vec<DocId> = (0..segment.max_doc()).collect();
            for batch in documents.chunks(BATCH) {
                let read = |document: &DocId| {
                    let address = DocAddress::new(number, *document);
                    let mut verbatim = self.read_kept(&searcher, address, |kept| {
                        Some(kept.into_tagged(&self.manifest, None)?.verbatim)
                    })?;
                    let counts = redactor.redact_verbatim(&mut verbatim);
                    let holds = u64::from(counts.total() > 0);
                    Ok(if segment.is_deleted(*document) {
                        Personal {
                            remains: holds,
                            ..Personal::default()
                        }
                    } else {
                        Personal {
                            verbatims: 1,
                            changed: holds,
                            counts,
                            remains: 0,
                        }
                    })
                };
                let read = || batch.par_iter().map(read).collect::<Result<Vec<_>>>();
                for one in guarded(&self.folder, read)? {
                    found.add(&one);
                }
                watch(found.verbatims);
            }
        }
        Ok(found)
    }

    /// Replaces the personal data that the rules of `tagger` find in the index in `folder`. Verbatims whose text
    /// changes are tagged again; all of them where another model tagged the index. How many were tagged again
    /// is returned; `watch` hears how many verbatims are done.
    ///
    /// # Errors
    /// As [`Index::open`] and [`Writer::open`]; the index is then as it was. [`crate::error::ErrorKind::Io`] when the old
    /// segments cannot be removed.
    pub fn redact(
        folder: &Path,
        tagger: &Tagger,
        options: &WriterOptions,
        watch: &mut dyn FnMut(u64),
    ) -> Result<u64> {
        let redactor = tagger.redactor();
        let before = Manifest::read(folder)?;
        let (manifest, _) = before.redacted(redactor)?;
        let mut writer = Writer::anew(
            folder,
            &manifest,
            (tagger.taxonomy(), &manifest.catalog),
            options,
        )?;
        let index = Self::open_unchanged(folder, &before)?;
        writer.ledger.redact(redactor);
        let other_model = writer.tagged_by(&tagger.model(), tagger.votes());
        let saved = index.saved(tagger)?;
        let (mut done, mut again) = (0, 0);
        let places = places(writer.theme_numbers(), writer.themes_known());
        index.walk_numbered(|batch| {
            done += batch.len() as u64;
            let kept: Vec<Kept> = batch
                .into_par_iter()
                .map(|tagged| Kept::new(tagged, &places, redactor, other_model))
                .collect();
            again += tag_again(kept, tagger, &saved, &mut writer)?;
            watch(done);
            Ok(())
        })?;
        drop(index);
        writer.finish()?;
        segments::no_others(folder, &Manifest::read(folder)?.segments)?;
        Ok(again)
    }
}

/// Where each theme of a manifest stands in the taxonomy whose themes have these numbers there; `known` is how many
/// the manifest has.
fn places(numbers: &[u32], known: usize) -> Vec<Option<u16>> {
    let mut places = vec![None; known];
    for (place, number) in (0_u16..).zip(numbers) {
        if let Some(slot) = places.get_mut(*number as usize) {
            *slot = Some(place);
        }
    }
    places
}

/// A verbatim on its way from the old segments to the new ones.
struct Kept {
    tagged: Tagged,
    /// Its key in the old segments.
    key: u64,
    /// Its tags no longer fit its text.
    stale: bool,
}

impl Kept {
    fn new(
        mut tagged: Tagged,
        places: &[Option<u16>],
        redactor: &Redactor,
        other_model: bool,
    ) -> Self {
        let place = |theme: u16| places.get(usize::from(theme)).copied().flatten();
        tagged.mentions.retain_mut(|mention| {
            let found = place(mention.theme);
            mention.theme = found.unwrap_or_default();
            found.is_some()
        });
        tagged.main = tagged.main.and_then(place);
        let key = key_of(&tagged.verbatim.id);
        let marks = redactor.redact(&tagged.verbatim.text).counts.total();
        redactor.redact_verbatim(&mut tagged.verbatim);
        Self {
            tagged,
            key,
            stale: other_model || marks > 0,
        }
    }
}

/// Writes a batch, what is stale tagged anew; how many were.
fn tag_again(
    batch: Vec<Kept>,
    tagger: &Tagger,
    saved: &[Saved],
    writer: &mut Writer,
) -> Result<u64> {
    let stale = batch.iter().filter(|one| one.stale);
    let verbatims: Vec<Verbatim> = stale
        .map(|one| Verbatim {
            // In the language it was read in, even if little is left of its words.
            stated: one.tagged.analysed,
            ..one.tagged.verbatim.clone()
        })
        .collect();
    let again = verbatims.len() as u64;
    let mut anew = tagger.tag(verbatims)?.into_iter();
    for mut one in batch {
        if one.stale
            && let Some(tagged) = anew.next()
        {
            let stated = one.tagged.verbatim.stated;
            one.tagged = tagged;
            one.tagged.verbatim.stated = stated;
            add_saved(&mut one.tagged, one.key, saved);
        }
        writer.add(&one.tagged)?;
    }
    Ok(again)
}

impl Manifest {
    /// The manifest with marks in the names of columns, drivers and themes and in the user's file of themes, and
    /// in how many places.
    fn redacted(&self, redactor: &Redactor) -> Result<(Self, u64)> {
        let mut manifest = self.clone();
        let mut places = 0;
        for field in &mut manifest.fields {
            if let Some(marked) = redactor.redact_name(&field.name) {
                field.name = marked.to_string();
                places += 1;
            }
        }
        // Titles of themes are no place for names of people, and look like them: *Agente virtual*.
        let plain = Redactor::new();
        let drivers = self.drivers.iter().map(|one| (&one.es, &one.en));
        let themes = self.themes.iter().map(|one| (&one.es, &one.en));
        let named = |(es, en): &(&String, &String)| {
            plain.redact(es).counts.total() + plain.redact(en).counts.total() > 0
        };
        places += drivers.chain(themes).filter(named).count() as u64;
        for driver in &mut manifest.drivers {
            driver.es = plain.redact(&driver.es).text.into_owned();
            driver.en = plain.redact(&driver.en).text.into_owned();
        }
        for theme in &mut manifest.themes {
            theme.es = plain.redact(&theme.es).text.into_owned();
            theme.en = plain.redact(&theme.en).text.into_owned();
        }
        if !self.catalog.is_empty() {
            let mut catalog = Catalog::parse(&self.catalog)?;
            let in_themes = catalog.redact(&plain);
            if in_themes > 0 {
                manifest.catalog = catalog.to_toml()?;
                places += in_themes;
            }
        }
        Ok((manifest, places))
    }
}
