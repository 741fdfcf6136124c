//! A bounded sample of verbatims for each subject, in one round over the index: those whose ids have
//! the lowest hashes, the same whatever the order, the threads or the segments.

use super::super::compile::compile;
use super::super::facts::mention_code;
use super::super::scan::Columns;
use super::super::search::record;
use super::{About, Index, Query, Subject};
use crate::error::Result;
use crate::record::Record;
use crate::sentiment::Polarity;
use rayon::prelude::*;
use std::collections::BinaryHeap;
use tantivy::query::Weight;
use tantivy::{DocAddress, SegmentReader};

/// The verbatims sampled for one subject.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    /// How many there are to sample from.
    pub(super) n: u64,
    /// Hash of the id and place of those sampled, the highest on top.
    lowest: BinaryHeap<(u64, u32, u32)>,
}

/// Which subjects a verbatim is for, by the code of a mention.
struct Wanted {
    by_code: Vec<Vec<u32>>,
    /// Those that ask for no mention.
    always: Vec<(u32, Option<Polarity>)>,
    subjects: usize,
    most: usize,
}

impl Wanted {
    fn new(index: &Index, about: &[About], most: usize) -> Self {
        let mut wanted = Self {
            by_code: vec![Vec::new(); 4 * index.themes().len()],
            always: Vec::new(),
            subjects: about.len(),
            most,
        };
        for (number, one) in (0..).zip(about) {
            if one.subject == Subject::All {
                wanted.always.push((number, one.polarity));
            }
            for (at, theme) in (0_u16..).zip(index.themes()) {
                let named = match one.subject {
                    Subject::All => false,
                    Subject::Theme(theme) => theme == at,
                    Subject::Driver(driver) => driver == theme.driver,
                };
                let polarities = Polarity::ALL.into_iter();
                for polarity in polarities.filter(|p| named && one.polarity.is_none_or(|q| q == *p))
                {
                    wanted.by_code[mention_code(at.into(), polarity) as usize].push(number);
                }
            }
        }
        wanted
    }

    /// The samples of one segment.
    fn segment(
        &self,
        index: &Index,
        filter: &dyn Weight,
        number: u32,
        segment: &SegmentReader,
    ) -> Result<Vec<Sample>> {
        let columns = Columns::open(index, segment)?;
        let column = |name| {
            let column = segment.fast_fields().u64(name);
            column.map_err(|error| index.reading(error))
        };
        let (mentions, keys) = (column("mentions")?, column("key")?);
        let mut samples = vec![Sample::default(); self.subjects];
        let mut subjects: Vec<u32> = Vec::new();
        index.each_match(filter, segment, |document| {
            let facts = columns.facts(document);
            if facts.is_analysed() {
                let codes = mentions.values_for_doc(document);
                self.subjects_of(codes, facts.sentiment(), &mut subjects);
                let key = keys.first(document).unwrap_or(0);
                for subject in &subjects {
                    samples[*subject as usize].add((key, number, document), self.most);
                }
            }
        })?;
        Ok(samples)
    }

    /// Puts the subjects that a verbatim is for into `subjects`, each once.
    fn subjects_of(
        &self,
        codes: impl Iterator<Item = u64>,
        sentiment: Option<Polarity>,
        subjects: &mut Vec<u32>,
    ) {
        subjects.clear();
        for code in codes {
            let named = self.by_code.get(code as usize);
            subjects.extend(named.into_iter().flatten());
        }
        let always = self.always.iter();
        let always = always.filter(|(_, wanted)| wanted.is_none() || *wanted == sentiment);
        subjects.extend(always.map(|(number, _)| number));
        subjects.sort_unstable();
        subjects.dedup();
    }
}

impl Sample {
    fn add(&mut self, one: (u64, u32, u32), most: usize) {
        self.n += 1;
        if self.lowest.len() == most && self.lowest.peek().is_none_or(|top| one >= *top) {
            return;
        }
        self.lowest.push(one);
        if self.lowest.len() > most {
            self.lowest.pop();
        }
    }

    fn merge(&mut self, other: Self, most: usize) {
        let n = self.n + other.n;
        for one in other.lowest {
            self.add(one, most);
        }
        self.n = n;
    }
}

impl Index {
    /// At most `most` verbatims that `query` finds for each of `about`.
    pub(super) fn samples(
        &self,
        query: &Query,
        about: &[About],
        most: usize,
    ) -> Result<Vec<Sample>> {
        let query = compile(self, query)?.matching;
        let searcher = self.searcher();
        let filter = self.filter(&searcher, &*query)?;
        let wanted = Wanted::new(self, about, most);
        let segments: Vec<_> = (0_u32..).zip(searcher.segment_readers()).collect();
        let parts: Result<Vec<Vec<Sample>>> = segments
            .into_par_iter()
            .map(|(number, segment)| wanted.segment(self, &*filter, number, segment))
            .collect();
        let mut samples = vec![Sample::default(); about.len()];
        for part in parts? {
            for (sample, more) in samples.iter_mut().zip(part) {
                sample.merge(more, most);
            }
        }
        Ok(samples)
    }

    /// The records of a sample, in the order of their hashes.
    pub(super) fn records(&self, sample: Sample) -> Result<Vec<Record<'static>>> {
        let searcher = self.searcher();
        let mut records = Vec::with_capacity(sample.lowest.len());
        for (key, segment, document) in sample.lowest.into_sorted_vec() {
            let record = record(self, &searcher, DocAddress::new(segment, document))?;
            records.push((key, record));
        }
        records.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
        Ok(records.into_iter().map(|(_, record)| record).collect())
    }
}
