//! Searching: the hits of a query with the live figures of everything it finds.

use super::Index;
use super::analyzer::Reader;
use super::compile::{Compiled, compile};
use super::failure::guarded;
use super::figures::Figures;
use super::group::{By, Grouping, Key};
use super::kept::Kept;
use super::query::Query;
use super::scan::Columns;
use crate::error::Result;
use crate::record::Record;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;
use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Scorer, Weight};
use tantivy::schema::Value;
use tantivy::{DocAddress, DocId, Searcher, SegmentReader, TantivyDocument};

/// What is shown of what a query finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Hits on the page, at most.
    pub limit: usize,
    /// Hits before the page.
    pub offset: usize,
    /// Their order.
    pub sort: Sort,
    /// What to count values of: names as in [`By::parse`].
    pub facets: Vec<String>,
    /// Values of each facet, at most.
    pub facet_values: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limit: 10,
            offset: 0,
            sort: Sort::Relevance,
            facets: Vec::new(),
            facet_values: 20,
        }
    }
}

/// The order of hits; equal ones come in the order of a hash of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The best match of words first; filters have no part in it.
    Relevance,
    /// The newest first, those without a date last.
    Date,
    /// The lowest NPS first, those without one last.
    Nps,
}

/// What a query finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// How many verbatims.
    pub total: u64,
    /// The page of them.
    pub hits: Vec<Hit>,
    /// What all of them score.
    pub figures: Figures,
    /// The counts asked for.
    pub facets: Vec<Facet>,
}

/// A verbatim that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The verbatim with everything found in it.
    pub record: Record<'static>,
    /// How well its words match (BM25), 0 where only filters were asked for.
    pub score: f64,
    /// Bytes of the record's text that answer the query: in order, apart, on characters.
    pub highlights: Vec<Range<usize>>,
}

/// How many of the verbatims found have each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// What is counted.
    pub field: String,
    /// Values with their counts, the commonest first, then by name.
    pub values: Vec<(String, u64)>,
}

/// Where a document stands among the hits: the smaller, the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    order: u64,
    key: u64,
    segment: u32,
    document: DocId,
    /// The score's bits.
    score: u64,
}

impl Index {
    /// What `query` finds.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for a name that the index does not know;
    /// [`crate::error::ErrorKind::Model`] when the index is damaged.
    pub fn search(&self, query: &Query, options: &Options) -> Result<Hits> {
        guarded(&self.folder, || {
            let compiled = compile(self, query)?;
            let searcher = self.searcher();
            let mut search = Search::new(self, &searcher, &compiled, options)?;
            for (number, segment) in (0_u32..).zip(searcher.segment_readers()) {
                search.segment(number, segment)?;
            }
            search.finish(&compiled)
        })
    }
}

struct Search<'s> {
    index: &'s Index,
    searcher: &'s Searcher,
    options: &'s Options,
    filter: Box<dyn Weight>,
    scored: Vec<Vec<Box<dyn Weight>>>,
    by: Vec<By>,
    figures: Figures,
    best: BinaryHeap<Rank>,
    facets: Vec<BTreeMap<String, u64>>,
}

impl<'s> Search<'s> {
    fn new(
        index: &'s Index,
        searcher: &'s Searcher,
        compiled: &Compiled,
        options: &'s Options,
    ) -> Result<Self> {
        let mut scored = Vec::new();
        if options.sort == Sort::Relevance && options.limit > 0 {
            for forms in &compiled.scored {
                let weights: tantivy::Result<Vec<_>> = forms
                    .iter()
                    .map(|form| form.weight(EnableScoring::enabled_from_searcher(searcher)))
                    .collect();
                scored.push(weights.map_err(|error| index.reading(error))?);
            }
        }
        Ok(Self {
            index,
            searcher,
            options,
            filter: index.filter(searcher, &*compiled.matching)?,
            scored,
            by: options.facets.iter().map(|name| By::parse(name)).collect(),
            figures: Figures::default(),
            best: BinaryHeap::new(),
            facets: vec![BTreeMap::new(); options.facets.len()],
        })
    }

    fn segment(&mut self, number: u32, segment: &SegmentReader) -> Result<()> {
        let columns = Columns::open(self.index, segment)?;
        let order = Order::open(self.index, self.options.sort, segment)?;
        let mut scores = Scores::open(self.index, &self.scored, segment)?;
        let mut facets = self.open_facets(segment)?;
        let wanted = self.options.offset.saturating_add(self.options.limit);
        let wanted = if self.options.limit == 0 { 0 } else { wanted };
        let (figures, best) = (&mut self.figures, &mut self.best);
        let mut keys = Vec::new();
        self.index.each_match(&*self.filter, segment, |document| {
            columns.count(document, figures);
            for (grouping, counts) in &mut facets {
                grouping.keys(document, columns.facts(document), &mut keys);
                for key in &keys {
                    *counts.entry(*key).or_default() += 1;
                }
            }
            if wanted > 0 {
                let score = scores.of(document);
                let (order, key) = order.of(document, score);
                best.push(Rank {
                    order,
                    key,
                    segment: number,
                    document,
                    score: score.to_bits(),
                });
                if best.len() > wanted {
                    best.pop();
                }
            }
        })?;
        for ((grouping, counts), all) in facets.into_iter().zip(&mut self.facets) {
            for (key, count) in counts {
                *all.entry(grouping.name(self.index, key)?).or_default() += count;
            }
        }
        Ok(())
    }

    fn open_facets(&self, segment: &SegmentReader) -> Result<Vec<(Grouping, FxHashMap<Key, u64>)>> {
        self.by
            .iter()
            .map(|by| {
                let grouping = Grouping::open(self.index, by, segment)?;
                Ok((grouping, FxHashMap::default()))
            })
            .collect()
    }

    fn finish(self, compiled: &Compiled) -> Result<Hits> {
        let mut reader = Reader::new();
        let mut ranked = Vec::new();
        let page = self.best.into_sorted_vec();
        for rank in page.into_iter().skip(self.options.offset) {
            let address = DocAddress::new(rank.segment, rank.document);
            let record = record(self.index, self.searcher, address)?;
            ranked.push((rank.order, rank.key, record, f64::from_bits(rank.score)));
        }
        // Two ids with one hash, once in billions: their own order decides.
        ranked.sort_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)));
        let hits = ranked
            .into_iter()
            .map(|(_, _, record, score)| Hit {
                highlights: compiled.marks.ranges(&record, &mut reader),
                record,
                score,
            })
            .collect();
        let facets = self
            .options
            .facets
            .iter()
            .zip(self.facets)
            .map(|(field, counts)| facet(field, counts, self.options.facet_values))
            .collect();
        Ok(Hits {
            total: self.figures.n,
            hits,
            figures: self.figures,
            facets,
        })
    }
}

fn facet(field: &str, counts: BTreeMap<String, u64>, most: usize) -> Facet {
    let mut values: Vec<(String, u64)> = counts.into_iter().collect();
    values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    values.truncate(most);
    Facet {
        field: field.to_owned(),
        values,
    }
}

/// The record of a verbatim, as it was tagged.
pub(super) fn record(
    index: &Index,
    searcher: &Searcher,
    address: DocAddress,
) -> Result<Record<'static>> {
    let document: TantivyDocument = searcher
        .doc(address)
        .map_err(|error| index.reading(error))?;
    let json = document
        .get_first(index.schema.record)
        .and_then(|value| value.as_str().map(str::to_owned));
    json.and_then(|json| serde_json::from_str::<Kept<'_>>(&json).ok())
        .and_then(|kept| kept.into_record(&index.manifest))
        .ok_or_else(|| index.damaged("the index is damaged: a record cannot be read"))
}

/// What hits are ordered by, in one segment.
struct Order {
    sort: Sort,
    key: Column<u64>,
    by: Option<Column<u64>>,
}

impl Order {
    fn open(index: &Index, sort: Sort, segment: &SegmentReader) -> Result<Self> {
        let column = |name| {
            let column = segment.fast_fields().u64(name);
            column.map_err(|error| index.reading(error))
        };
        let by = match sort {
            Sort::Relevance => None,
            Sort::Date => Some(column("day")?),
            Sort::Nps => Some(column("nps")?),
        };
        Ok(Self {
            sort,
            key: column("key")?,
            by,
        })
    }

    fn of(&self, document: DocId, score: f64) -> (u64, u64) {
        let value = self.by.as_ref().and_then(|by| by.first(document));
        let order = match self.sort {
            // The bits of floats that are not negative are in the order of the floats.
            Sort::Relevance => !score.to_bits(),
            Sort::Date => value.map_or(u64::MAX, |day| !day),
            Sort::Nps => value.unwrap_or(u64::MAX),
        };
        (order, self.key.first(document).unwrap_or(0))
    }
}

/// The scores of documents in one segment. They are added in the order of the query, which the
/// search engine does not promise: it adds the rarest word first, and which that is differs by
/// segment, so equal documents would differ in the last bit.
struct Scores {
    words: Vec<Vec<Box<dyn Scorer>>>,
}

impl Scores {
    fn open(
        index: &Index,
        scored: &[Vec<Box<dyn Weight>>],
        segment: &SegmentReader,
    ) -> Result<Self> {
        let mut words = Vec::with_capacity(scored.len());
        for forms in scored {
            let scorers: tantivy::Result<Vec<_>> =
                forms.iter().map(|form| form.scorer(segment, 1.0)).collect();
            words.push(scorers.map_err(|error| index.reading(error))?);
        }
        Ok(Self { words })
    }

    /// For each word its best form, added up. Documents must come in order.
    fn of(&mut self, document: DocId) -> f64 {
        self.words
            .iter_mut()
            .map(|forms| {
                forms
                    .iter_mut()
                    .map(|form| score(&mut **form, document))
                    .fold(0.0, f64::max)
            })
            // `sum` of nothing would be -0.
            .fold(0.0, |sum, best| sum + best)
    }
}

fn score(scorer: &mut dyn Scorer, document: DocId) -> f64 {
    let at = scorer.doc();
    let at = if at < document {
        scorer.seek(document)
    } else {
        at
    };
    if at == document {
        f64::from(scorer.score())
    } else {
        0.0
    }
}
