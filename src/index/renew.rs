//! Tagging an index again from its stored texts: after a change of the model, the themes or the rules.
//!
//! The new segments are written beside the old ones and take their place all at once. They are saved now and
//! then with the ids that are done, so that a killed run is taken up where it was by the next that asks for the
//! same; any other run that writes the index throws them away, for they speak of an index that is no more.

use super::Index;
use super::facts::key_of;
use super::retag::add_saved;
use super::write::{Writer, WriterOptions};
use crate::error::Result;
use crate::tag::{Tagged, Tagger};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

/// What tagging again changed.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Renewed {
    /// Verbatims in the index.
    pub verbatims: u64,
    /// Those of which any tag is another than before.
    pub changed: u64,
    /// How many of them an earlier run had done.
    #[serde(skip)]
    pub resumed: u64,
    /// The tags that were taken away or added anywhere, by name: `language:es`, `sentiment:negative`,
    /// `emotion:anger`, `theme:queue`.
    pub tags: BTreeMap<String, TagChange>,
}

/// How often a tag was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TagChange {
    /// Verbatims that had it.
    pub before: u64,
    /// Verbatims that have it now.
    pub after: u64,
    /// Verbatims that lost it.
    pub lost: u64,
    /// Verbatims that got it.
    pub gained: u64,
}

/// How tagging again works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewOptions {
    /// The writer.
    pub writer: WriterOptions,
    /// After how long what is done is saved.
    pub save_every: Duration,
}

impl Index {
    /// Tags every verbatim of the index in `folder` again by `tagger`. `own` are the files of the user's own
    /// themes and words that it reads by; `watch` hears how many verbatims are done. What people said stays laid over.
    ///
    /// # Errors
    /// As [`Index::open`], [`Writer::open`] and [`Tagger::tag`]. The index is then as it was, and what was saved
    /// is taken up by the next run that asks for the same.
    pub fn renew(
        folder: &Path,
        tagger: &Tagger,
        own: (&str, &str),
        options: &RenewOptions,
        watch: &mut dyn FnMut(u64),
    ) -> Result<Renewed> {
        let (mut writer, index) = Writer::renewing(folder, tagger, own, &options.writer)?;
        let mut told = writer.ledger.renewed.take().unwrap_or_default();
        told.resumed = told.verbatims;
        watch(told.verbatims);
        let saved = index.saved(tagger)?;
        let mut at = Instant::now();
        index.walk_numbered(|batch| {
            let fresh = batch
                .into_iter()
                .filter(|tagged| !writer.has(key_of(&tagged.verbatim.id)));
            let before: Vec<Tagged> = fresh.collect();
            let verbatims = before.iter().map(|one| one.verbatim.clone()).collect();
            for (mut tagged, before) in tagger.tag(verbatims)?.into_iter().zip(&before) {
                let key = key_of(&before.verbatim.id);
                add_saved(&mut tagged, key, &saved);
                let after = writer.corrected(&tagged);
                let name =
                    |position: u16| Some(&*tagger.taxonomy().themes.get(usize::from(position))?.id);
                let was = |number: u16| Some(&*index.manifest.themes.get(usize::from(number))?.id);
                told.count(&tags(before, was), &tags(&after, name));
                writer.add(&after)?;
            }
            watch(told.verbatims);
            if at.elapsed() >= options.save_every {
                writer.ledger.renewed = Some(told.clone());
                writer.save()?;
                at = Instant::now();
            }
            Ok(())
        })?;
        drop(index);
        writer.ledger.renewed = None;
        writer.finish()?;
        told.tags
            .retain(|_, change| change.lost + change.gained > 0);
        Ok(told)
    }
}

/// The tags of a verbatim by name; `theme` names a theme of its mentions.
fn tags<'t>(tagged: &Tagged, theme: impl Fn(u16) -> Option<&'t str>) -> BTreeSet<String> {
    let mut tags = BTreeSet::from([format!("language:{}", tagged.lang.code)]);
    if let Some(sentiment) = tagged.sentiment {
        tags.insert(format!("sentiment:{}", sentiment.label.name()));
    }
    tags.extend(
        tagged
            .emotions
            .expressed()
            .map(|emotion| format!("emotion:{}", emotion.name())),
    );
    tags.extend(
        tagged
            .mentions
            .iter()
            .filter_map(|mention| Some(format!("theme:{}", theme(mention.theme)?))),
    );
    tags
}

impl Renewed {
    fn count(&mut self, before: &BTreeSet<String>, after: &BTreeSet<String>) {
        self.verbatims += 1;
        self.changed += u64::from(before != after);
        for tag in before.union(after) {
            let (was, is) = (before.contains(tag), after.contains(tag));
            let change = match self.tags.get_mut(tag) {
                Some(change) => change,
                None => self.tags.entry(tag.clone()).or_default(),
            };
            change.before += u64::from(was);
            change.after += u64::from(is);
            change.lost += u64::from(was && !is);
            change.gained += u64::from(is && !was);
        }
    }
}
