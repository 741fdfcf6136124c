//! Counting a group of verbatims to hold it against another: votes, what is named, values of fields.

use super::Index;
use super::compile::compile;
use super::facts::mention_of;
use super::failure::guarded;
use super::group::{FieldColumns, Key};
use super::manifest::FieldKind;
use super::query::Query;
use super::scan::Columns;
use crate::driver::Named;
use crate::driver::counted::{Counted, MOST_VALUES, Values};
use crate::error::Result;
use crate::measure::Measure;
use crate::sentiment::Polarity;
use crate::tally::Tally;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tantivy::SegmentReader;
use tantivy::query::Weight;

/// What is to be counted of a group.
#[derive(Clone, Debug)]
pub struct Survey<'s> {
    /// Whose votes.
    pub measure: Measure,
    /// The values of which fields, by position in [`Index::fields`].
    pub fields: &'s [usize],
    /// Mentions with this sentiment only.
    pub named: Option<Polarity>,
    /// Whether all votes count, also of those who say nothing that is analysed. Otherwise what is
    /// analysed counts: values of fields also where no vote was cast.
    pub silent: bool,
}

impl Index {
    /// Positions of the fields that can be segments: text and yes/no.
    pub fn segment_fields(&self) -> Vec<usize> {
        let fields = self.fields().iter().enumerate();
        let kept = fields.filter(|(_, field)| field.kind != FieldKind::Number);
        kept.map(|(at, _)| at).collect()
    }

    /// The position of a field in [`Index::fields`], by its name as it is typed in a query.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] when there is none.
    pub fn field(&self, name: &str) -> Result<usize> {
        self.field_number(super::condition::field_name(name))
    }

    /// How many verbatims `query` finds.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn count(&self, query: &Query) -> Result<u64> {
        guarded(&self.folder, || {
            let query = compile(self, query)?.matching;
            let searcher = self.searcher();
            let filter = self.filter(&searcher, &*query)?;
            let mut n = 0;
            for segment in searcher.segment_readers() {
                self.each_match(&*filter, segment, |_| n += 1)?;
            }
            Ok(n)
        })
    }

    /// Counts what `query` finds. Only columns are read, segments side by side.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn survey(&self, query: &Query, survey: &Survey<'_>) -> Result<Counted> {
        guarded(&self.folder, || {
            let query = compile(self, query)?.matching;
            let searcher = self.searcher();
            let filter = self.filter(&searcher, &*query)?;
            let segments: Vec<Counted> = searcher
                .segment_readers()
                .par_iter()
                .map(|segment| self.survey_segment(&*filter, segment, survey))
                .collect::<Result<_>>()?;
            let mut counted = Counted::new(survey.fields.len());
            for segment in &segments {
                counted.merge(segment);
            }
            Ok(counted)
        })
    }

    fn survey_segment(
        &self,
        filter: &dyn Weight,
        segment: &SegmentReader,
        survey: &Survey<'_>,
    ) -> Result<Counted> {
        let columns = Columns::open(self, segment)?;
        let mentions = segment.fast_fields().u64("mentions");
        let mentions = mentions.map_err(|error| self.reading(error))?;
        let mut fields = Vec::with_capacity(survey.fields.len());
        for field in survey.fields {
            fields.push(Counting::open(self, *field, segment)?);
        }
        let mut counted = Counted::new(survey.fields.len());
        let mut named: Vec<Named> = Vec::new();
        self.each_match(filter, segment, |document| {
            let facts = columns.facts(document);
            named.clear();
            if facts.is_analysed() {
                let codes = mentions.values_for_doc(document).filter_map(mention_of);
                let kept = codes.filter(|(_, told)| survey.named.is_none_or(|one| one == *told));
                named.extend(kept.filter_map(|(theme, told)| self.naming(theme, told)));
            }
            let vote = facts.vote(survey.measure);
            let vote = vote.filter(|_| survey.silent || facts.is_analysed());
            counted.count(vote, facts.is_analysed().then_some(&*named));
            if vote.is_none() && (survey.silent || !facts.is_analysed()) {
                return;
            }
            for field in &mut fields {
                let votes = field.tally(document);
                if let Some(vote) = vote {
                    votes.count(vote);
                }
            }
        })?;
        for (values, field) in counted.fields.iter_mut().zip(fields) {
            *values = field.finish(self)?;
        }
        Ok(counted)
    }

    /// A theme that is named, with its driver.
    pub(super) fn naming(&self, theme: u32, polarity: Polarity) -> Option<Named> {
        Some(Named {
            theme: u16::try_from(theme).ok()?,
            driver: self.themes().get(theme as usize)?.driver,
            polarity,
        })
    }
}

/// The votes by the values of a field in one segment.
struct Counting {
    columns: FieldColumns,
    votes: FxHashMap<Key, Tally>,
    without: Tally,
    /// What is not needed any more, once there are too many values.
    rest: Tally,
}

impl Counting {
    fn open(index: &Index, field: usize, segment: &SegmentReader) -> Result<Self> {
        Ok(Self {
            columns: FieldColumns::of(index, field, segment)?,
            votes: FxHashMap::default(),
            without: Tally::default(),
            rest: Tally::default(),
        })
    }

    /// Where the vote of a document counts.
    fn tally(&mut self, document: tantivy::DocId) -> &mut Tally {
        if self.votes.len() > MOST_VALUES {
            return &mut self.rest;
        }
        match self.columns.key(document) {
            Some(key) => self.votes.entry(key).or_default(),
            None => &mut self.without,
        }
    }

    fn finish(self, index: &Index) -> Result<Values> {
        let mut values = Values {
            without: self.without,
            ..Values::default()
        };
        if self.votes.len() > MOST_VALUES {
            values.overflow();
            return Ok(values);
        }
        for (key, votes) in self.votes {
            values.add(self.columns.name(index, key)?, votes);
        }
        Ok(values)
    }
}
