//! Bringing an index to other themes: every verbatim is looked through for them again; nothing else of it
//! changes, and no model reads it.
//!
//! The new segments are written beside the old ones and take their place all at once: whoever reads
//! meanwhile reads the old ones, and a killed run leaves them.

use super::facts::key_of;
use super::manifest::Manifest;
use super::query::Query;
use super::write::{Writer, WriterOptions};
use super::{Index, compile};
use crate::error::Result;
use crate::tag::{Tagged, Tagger, Workshop};
use crate::theme::Mention;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::path::Path;

/// What new themes changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retagged {
    /// Verbatims in the index.
    pub verbatims: u64,
    /// Those whose themes are others than before.
    pub changed: u64,
    /// Meaningful ones in a language that is read, and how many of them name no theme now.
    pub analysed: u64,
    /// See `analysed`.
    pub without: u64,
    /// The themes that more or fewer verbatims name than before, in the order of the taxonomy; those that are
    /// gone come last.
    pub themes: Vec<ThemeChange>,
}

/// A theme that more or fewer verbatims name than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeChange {
    /// Its id.
    pub theme: String,
    /// Verbatims that named it.
    pub before: u64,
    /// Verbatims that name it now.
    pub after: u64,
}

/// A theme that is a saved search, and the keys of the verbatims it finds.
pub(super) type Saved = (u16, FxHashSet<u64>);

impl Index {
    /// Finds the themes of `tagger` in every verbatim of the index in `folder`. `catalog` is the file of the
    /// user's own among them; `watch` hears how many verbatims are done.
    ///
    /// # Errors
    /// As [`Index::open`] and [`Writer::open`]; [`crate::error::ErrorKind::Usage`] for a saved search that
    /// cannot be read. The index is then as it was.
    pub fn retag(
        folder: &Path,
        tagger: &Tagger,
        catalog: &str,
        options: &WriterOptions,
        watch: &mut dyn FnMut(u64),
    ) -> Result<Retagged> {
        let manifest = Manifest::read(folder)?;
        let mut writer = Writer::anew(folder, &manifest, (tagger.taxonomy(), catalog), options)?;
        let index = Self::open_unchanged(folder, &manifest)?;
        let saved = index.saved(tagger)?;
        let numbers: Vec<u32> = writer.theme_numbers().to_vec();
        let mut counts = vec![(0_u64, 0_u64); writer.themes_known()];
        let mut told = Retagged {
            verbatims: 0,
            changed: 0,
            analysed: 0,
            without: 0,
            themes: Vec::new(),
        };
        index.walk_tagged(|mut batch| {
            batch
                .par_iter_mut()
                .for_each_init(Workshop::default, |room, (tagged, _)| {
                    tagger.find_themes_again(tagged, room);
                    let key = key_of(&tagged.verbatim.id);
                    add_saved(tagged, key, &saved);
                });
            for (tagged, before) in &batch {
                let tagged = writer.corrected(tagged);
                told.count(&tagged, before, &numbers, &mut counts);
                writer.add(&tagged)?;
            }
            watch(told.verbatims);
            Ok(())
        })?;
        let ids = writer.theme_ids();
        drop(index);
        writer.finish()?;
        let themes = ids
            .into_iter()
            .zip(counts)
            .filter(|(_, (before, after))| before != after);
        told.themes = themes
            .map(|(theme, (before, after))| ThemeChange {
                theme,
                before,
                after,
            })
            .collect();
        Ok(told)
    }

    /// The verbatims that the saved searches among the themes find.
    pub(super) fn saved(&self, tagger: &Tagger) -> Result<Vec<Saved>> {
        let themes = (0..).zip(&tagger.taxonomy().themes);
        let searches = themes.filter_map(|(at, theme)| Some((at, theme.query.as_deref()?)));
        searches
            .map(|(at, query)| {
                let mut found = FxHashSet::default();
                let compiled = compile::compile(self, &Query::parse(query)?)?.matching;
                let searcher = self.searcher();
                let filter = self.filter(&searcher, &*compiled)?;
                for segment in searcher.segment_readers() {
                    let keys = segment.fast_fields().u64("key");
                    let keys = keys.map_err(|error| self.reading(error))?;
                    self.each_match(&*filter, segment, |document| {
                        found.extend(keys.first(document));
                    })?;
                }
                Ok((at, found))
            })
            .collect()
    }
}

/// Adds the mentions of saved searches: of the whole text, with its sentiment. `key` is its key in the index
/// that was searched.
pub(super) fn add_saved(tagged: &mut Tagged, key: u64, saved: &[Saved]) {
    let Some(sentiment) = tagged.sentiment else {
        return;
    };
    for (theme, found) in saved {
        if found.contains(&key) {
            tagged.mentions.push(Mention {
                theme: *theme,
                start: 0,
                end: tagged.verbatim.text.len() as u32,
                sentiment: sentiment.label,
            });
            tagged.main.get_or_insert(*theme);
        }
    }
}

impl Retagged {
    /// Counts one verbatim: `numbers` are the manifest's of the taxonomy's themes, `counts` by those.
    fn count(
        &mut self,
        tagged: &Tagged,
        before: &[u32],
        numbers: &[u32],
        counts: &mut [(u64, u64)],
    ) {
        let mut after: Vec<u32> = tagged
            .mentions
            .iter()
            .filter_map(|mention| numbers.get(usize::from(mention.theme)).copied())
            .collect();
        after.sort_unstable();
        after.dedup();
        self.verbatims += 1;
        self.changed += u64::from(after != before);
        let analysed = tagged.meaningful && tagged.sentiment.is_some();
        self.analysed += u64::from(analysed);
        self.without += u64::from(analysed && after.is_empty());
        for theme in before {
            if let Some(count) = counts.get_mut(*theme as usize) {
                count.0 += 1;
            }
        }
        for theme in after {
            if let Some(count) = counts.get_mut(theme as usize) {
                count.1 += 1;
            }
        }
    }
}
