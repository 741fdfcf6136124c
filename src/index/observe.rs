//! What driver analysis reads: votes, what is named, days and units, segment by segment on every core.

use super::Index;
use super::compile::compile;
use super::facts::mention_of;
use super::failure::guarded;
use super::group::{By, Grouping, Key};
use super::manifest::{FieldKind, typed};
use super::query::Query;
use super::scan::Columns;
use crate::driver::Named;
use crate::error::{Error, Result};
use crate::measure::{Measure, Vote};
use crate::verbatim::Day;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocId, SegmentReader};

/// What is read of a verbatim.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'o> {
    /// Its vote.
    pub vote: Vote,
    /// What it names: a theme once per sentiment, in the order of themes.
    pub named: &'o [Named],
    /// Its day.
    pub day: Option<Day>,
    /// Its unit, by its position in [`Part::units`]; `None` also where no units are asked for.
    pub unit: Option<u32>,
}

/// What was counted of one part of the index.
#[derive(Clone, Debug)]
pub struct Part<A> {
    /// The counts.
    pub counted: A,
    /// The names of the units met in this part.
    pub units: Vec<String>,
}

/// How many values a column has that is taken for the units of a company.
const UNITS: RangeInclusive<usize> = 3..=50;

/// The columns of one segment.
struct Reader<'i> {
    index: &'i Index,
    measure: Measure,
    columns: Columns,
    mentions: Column<u64>,
    days: Column<u64>,
    units: Option<Grouping>,
    keys: Vec<Key>,
    met: FxHashMap<Key, u32>,
    named: Vec<Named>,
}

impl<'i> Reader<'i> {
    fn open(
        index: &'i Index,
        measure: Measure,
        units: Option<&By>,
        segment: &SegmentReader,
    ) -> Result<Self> {
        let column = |name| {
            let column = segment.fast_fields().u64(name);
            column.map_err(|error| index.reading(error))
        };
        let units = units.map(|by| Grouping::open(index, by, segment));
        Ok(Self {
            index,
            measure,
            columns: Columns::open(index, segment)?,
            mentions: column("mentions")?,
            days: column("day")?,
            units: units.transpose()?,
            keys: Vec::new(),
            met: FxHashMap::default(),
            named: Vec::new(),
        })
    }

    /// What is read of a document; `None` when it casts no vote or was not analysed.
    fn read(&mut self, document: DocId) -> Option<Observation<'_>> {
        let facts = self.columns.facts(document);
        let vote = facts.vote(self.measure).filter(|_| facts.is_analysed())?;
        self.named.clear();
        let codes = self.mentions.values_for_doc(document);
        self.named
            .extend(codes.filter_map(|code| self.index.named(code)));
        let unit = self.units.as_ref().and_then(|units| {
            units.keys(document, facts, &mut self.keys);
            let next = self.met.len() as u32;
            let key = self.keys.first()?;
            Some(*self.met.entry(*key).or_insert(next))
        });
        Some(Observation {
            vote,
            named: &self.named,
            day: self.days.first(document).map(Day::from_number),
            unit,
        })
    }

    /// The names of the units met, by their numbers.
    fn unit_names(&self) -> Result<Vec<String>> {
        let mut met: Vec<(u32, Key)> = self.met.iter().map(|(key, at)| (*at, *key)).collect();
        met.sort_unstable_by_key(|(at, _)| *at);
        let names = self.units.iter().flat_map(|units| {
            let name = |(_, key): &(u32, Key)| units.name(self.index, *key);
            met.iter().map(name)
        });
        names.collect()
    }
}

impl Index {
    /// Counts every verbatim that `query` finds, that was analysed (it says something, in a language
    /// that is read) and has a vote for `measure`: parts of the index at once, each into an `A` of its
    /// own by `each`. What the parts are follows from how the index was written, so counts must merge
    /// to the same in any order and however they are cut.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn observe<A: Default + Send>(
        &self,
        query: &Query,
        measure: Measure,
        units: Option<&By>,
        each: impl Fn(&mut A, &Observation<'_>) + Sync,
    ) -> Result<Vec<Part<A>>> {
        guarded(&self.folder, || {
            let query = compile(self, query)?.matching;
            let searcher = self.searcher();
            let filter = self.filter(&searcher, &*query)?;
            let part = |segment: &SegmentReader| {
                let mut reader = Reader::open(self, measure, units, segment)?;
                let mut counted = A::default();
                self.each_match(&*filter, segment, |document| {
                    if let Some(seen) = reader.read(document) {
                        each(&mut counted, &seen);
                    }
                })?;
                Ok(Part {
                    counted,
                    units: reader.unit_names()?,
                })
            };
            searcher.segment_readers().par_iter().map(part).collect()
        })
    }

    /// Calls `each` with the vote and the themes of every verbatim that [`Index::observe`] counts,
    /// one after the other, in no particular order.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn observations(
        &self,
        query: &Query,
        measure: Measure,
        mut each: impl FnMut(Vote, &[Named]),
    ) -> Result<()> {
        guarded(&self.folder, || {
            let query = compile(self, query)?.matching;
            let searcher = self.searcher();
            let filter = self.filter(&searcher, &*query)?;
            for segment in searcher.segment_readers() {
                let mut reader = Reader::open(self, measure, None, segment)?;
                self.each_match(&*filter, segment, |document| {
                    if let Some(seen) = reader.read(document) {
                        each(seen.vote, seen.named);
                    }
                })?;
            }
            Ok(())
        })
    }

    fn named(&self, code: u64) -> Option<Named> {
        let (theme, sentiment) = mention_of(code)?;
        Some(Named {
            theme: u16::try_from(theme).ok()?,
            driver: self.themes().get(theme as usize)?.driver,
            polarity: sentiment,
        })
    }

    /// The field that tells the units of the company apart: the first field of texts that is named
    /// like one (`models/index/units.toml`) and has 3 to 50 values; `None` when there is none.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn unit_field(&self) -> Result<Option<&str>> {
        #[derive(Deserialize)]
        struct UnitFile {
            names: FxHashSet<String>,
        }
        let file: UnitFile = toml::from_str(include_str!("../../models/index/units.toml"))
            .map_err(|error| Error::model("models/index/units.toml").caused_by(error))?;
        let texts = self.fields().iter();
        for field in texts.filter(|field| field.kind == FieldKind::Text) {
            let name = typed(&field.name);
            let is_unit =
                file.names.contains(&name) || name.split('_').any(|word| file.names.contains(word));
            if is_unit && self.has_few_values(&field.name)? {
                return Ok(Some(&field.name));
            }
        }
        Ok(None)
    }

    /// True when a field has as many values as a company has units.
    fn has_few_values(&self, field: &str) -> Result<bool> {
        guarded(&self.folder, || {
            let query = compile(self, &Query::All)?.matching;
            let searcher = self.searcher();
            let filter: Box<dyn Weight> = self.filter(&searcher, &*query)?;
            let mut values = BTreeSet::new();
            for segment in searcher.segment_readers() {
                let columns = Columns::open(self, segment)?;
                let grouping = Grouping::open(self, &By::Field(field.to_owned()), segment)?;
                let (mut met, mut keys) = (FxHashSet::default(), Vec::new());
                self.each_match(&*filter, segment, |document| {
                    // One more than allowed settles it.
                    if met.len() <= *UNITS.end() {
                        grouping.keys(document, columns.facts(document), &mut keys);
                        met.extend(keys.iter().copied());
                    }
                })?;
                for key in met {
                    values.insert(grouping.name(self, key)?);
                }
                if values.len() > *UNITS.end() {
                    return Ok(false);
                }
            }
            Ok(UNITS.contains(&values.len()))
        })
    }
}
