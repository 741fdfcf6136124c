//! What customers say of a theme, in their words: quotes that are typical, unlike one another and
//! easy to read, and the reasons they give.
//!
//! ```text
//! query ──sample──▶ at most SAMPLE verbatims by subject ──cut──▶ the clauses around the mention ──choose──▶ Quote
//!                   (the lowest hashes of their ids)    └─causes─▶ the words after *porque* ────choose──▶ Reason
//! ```
//!
//! A sample is bounded and depends on ids alone, so an answer takes as long on a large index as on a
//! small one, and is the same whatever the order of rows, the threads or the segments.
//!
//! Of the candidates those near the centre of their vectors come first, and each one chosen pushes
//! back what resembles it (maximal marginal relevance; Carbonell & Goldstein 1998, SIGIR).

mod choose;
mod cut;
mod sample;

use super::Index;
use super::failure::guarded;
use super::query::Query;
use crate::embedding::{Embedding, Vector};
use crate::error::Result;
use crate::lang::Lang;
use crate::measure::{Measure, Vote};
use crate::record::{Given, Record};
use crate::sentiment::Polarity;
use crate::tally::HIDDEN_BELOW;
use crate::text::{Causes, Tokenizer, Vocabulary};
use crate::verbatim::{Day, Scores};
use choose::{Candidate, choose};
use cut::Cut;
use rayon::prelude::*;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Verbatims that are looked at for one list, at most.
const SAMPLE: usize = 120;
/// Cosine from which two quotes say the same.
const SAME_QUOTE: f32 = 0.88;
/// Cosine from which two causes are one.
const SAME_REASON: f32 = 0.72;
/// So many times as many quotes are looked at as are wanted, so that one is left where others are
/// taken. A guess.
const SPARE: usize = 6;
/// Words of a reason: fewer say little, more are a story.
const REASON_WORDS: std::ops::RangeInclusive<usize> = 2..=20;
/// Words up to which a reason is read at a glance.
const SHORT_REASON: usize = 12;

/// What quotes and reasons are to be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// What must be named.
    pub subject: Subject,
    /// The sentiment it must be named with; of the whole verbatim, where the subject is
    /// [`Subject::All`].
    pub polarity: Option<Polarity>,
}

/// What a verbatim must name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Nothing.
    All,
    /// A theme, by its position in [`Index::themes`].
    Theme(u16),
    /// A theme of a driver, by its position in [`Index::drivers`].
    Driver(u16),
}

/// A piece of a verbatim, word for word.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quote {
    /// The verbatim's id.
    pub id: String,
    /// The clauses around what it is about, blanks put in order, `…` where it was cut.
    pub text: String,
    /// The sentiment of the mention, or of the verbatim where the quote is about no theme.
    pub sentiment: Option<Polarity>,
    /// The verbatim's day.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso")]
    pub date: Option<Day>,
    /// The verbatim's scores.
    pub scores: Given,
}

/// A cause that customers give.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The words after *porque*, *because* and the like, as one customer wrote them.
    pub text: String,
    /// Verbatims of the sample that give this cause or one that means nearly the same.
    pub alike: u64,
    /// The id of the verbatim that is quoted.
    pub id: String,
}

/// The comments that were quoted, each with what for: none of them is quoted for anything else while
/// there are others.
#[derive(Clone, Debug, Default)]
pub struct Taken(BTreeMap<String, Subject>);

impl Taken {
    /// Of `ranked` the first `most` whose comments are not taken for another subject; where all are,
    /// the first ones all the same.
    fn free<T>(
        &mut self,
        subject: Subject,
        ranked: Vec<T>,
        most: usize,
        id: impl Fn(&T) -> &str,
    ) -> Vec<T> {
        let is_free = |one: &T| self.0.get(id(one)).is_none_or(|by| *by == subject);
        let (free, taken): (Vec<T>, Vec<T>) = ranked.into_iter().partition(is_free);
        let mut chosen = if free.is_empty() { taken } else { free };
        chosen.truncate(most);
        for one in &chosen {
            self.0.entry(id(one).to_owned()).or_insert(subject);
        }
        chosen
    }
}

#[allow(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference to the field"
)]
fn iso<S: Serializer>(day: &Option<Day>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

/// What is needed to choose quotes and reasons; made once, used for many.
#[derive(Debug)]
pub struct Quoter {
    tokenizer: Tokenizer,
    embedding: Embedding,
    causes: Causes,
}

impl Quoter {
    /// The quoter of the shipped vectors and word lists.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped file is damaged.
    pub fn shipped() -> Result<Self> {
        let vocabulary = Arc::new(Vocabulary::new(Embedding::words()));
        Ok(Self {
            embedding: Embedding::shipped(&vocabulary)?,
            tokenizer: Tokenizer::new(vocabulary),
            causes: Causes::shipped()?,
        })
    }

    fn vector(&self, text: &str) -> Option<Vector> {
        let tokens = self.tokenizer.tokenize(text);
        self.embedding.text(&tokens, 0..tokens.len())
    }

    fn quote(&self, record: &Record<'_>, about: About, index: &Index) -> Option<Candidate<Quote>> {
        if about.is_contradicted(record, index) {
            return None;
        }
        let mention = about.mention(record, index);
        let Cut { text, readable } = Cut::around(record, mention.map(|mention| mention.start))?;
        let whole = record.sentiment.map(|feeling| feeling.label);
        Some(Candidate {
            vector: self.vector(&text)?,
            bonus: readable,
            what: Quote {
                id: record.id.to_string(),
                text,
                sentiment: mention.map_or(whole, |mention| Some(mention.sentiment)),
                date: record.date,
                scores: record.scores,
            },
        })
    }

    /// The causes that a record gives for what it is asked about: those of a sentence that names it.
    fn reasons(&self, record: &Record<'_>, about: About, index: &Index) -> Vec<Candidate<Reason>> {
        let lang = Lang::parse(&record.lang.code);
        let Some(lang) = lang.filter(|_| !about.is_contradicted(record, index)) else {
            return Vec::new();
        };
        let causes = self.causes.find(&record.text, lang).into_iter();
        let mut reasons = Vec::new();
        for cause in causes {
            let named = about.subject == Subject::All
                || about
                    .mentions(record, index)
                    .any(|mention| cause.sentence.contains(&mention.start));
            let text = cut::tidy(&record.text[cause.span.clone()]);
            let words = cut::words(&text);
            if !named || !REASON_WORDS.contains(&words) || about.is_against(record, &cause.span) {
                continue;
            }
            reasons.extend(self.vector(&text).map(|vector| Candidate {
                vector,
                bonus: if words <= SHORT_REASON { 1.0 } else { 0.0 },
                what: Reason {
                    text,
                    alike: 1,
                    id: record.id.to_string(),
                },
            }));
        }
        reasons
    }
}

impl About {
    /// The mentions that a record is chosen for.
    fn mentions<'r>(
        self,
        record: &'r Record<'_>,
        index: &'r Index,
    ) -> impl Iterator<Item = &'r crate::record::Mention<'r>> {
        let (theme, driver) = match self.subject {
            Subject::All => (None, None),
            Subject::Theme(at) => (index.themes().get(usize::from(at)), None),
            Subject::Driver(at) => (None, index.drivers().get(usize::from(at))),
        };
        let polarity = self.polarity;
        record.mentions.iter().filter(move |mention| {
            polarity.is_none_or(|polarity| mention.sentiment == polarity)
                && (theme.is_some_and(|theme| theme.id == mention.theme)
                    || driver.is_some_and(|driver| driver.id == mention.driver))
        })
    }

    /// True when a clause of the words at `span` is of the opposite sentiment.
    fn is_against(self, record: &Record<'_>, span: &std::ops::Range<usize>) -> bool {
        let Some(opposite) = self.polarity.and_then(opposite) else {
            return false;
        };
        let clauses = record.clauses.iter();
        let mut touched = clauses.filter(|one| one.start < span.end && span.start < one.end);
        touched.any(|one| one.sentiment == opposite)
    }

    /// True when the whole record says the opposite of the sentiment asked for: a complaint of a
    /// promoter is no typical one, or was misread. What the customer gave outranks what was read of
    /// the text, and scores of both kinds contradict nothing.
    fn is_contradicted(self, record: &Record<'_>, index: &Index) -> bool {
        let (agrees, contradicts) = match self.polarity {
            Some(Polarity::Negative) => (Vote::Minus, Vote::Plus),
            Some(Polarity::Positive) => (Vote::Plus, Vote::Minus),
            _ => return false,
        };
        let scores = Scores {
            nps: record.scores.nps,
            csat: record.scores.csat,
            ces: record.scores.ces,
        };
        let measures = [Measure::Nps, Measure::Csat, Measure::Ces].into_iter();
        let votes = measures.filter_map(|measure| scores.vote(measure, index.scales()));
        let votes: Vec<Vote> = votes.collect();
        if votes.contains(&agrees) {
            return false;
        }
        let whole = record.sentiment.map(|feeling| feeling.label);
        votes.contains(&contradicts) || whole.is_some() && whole == self.polarity.and_then(opposite)
    }

    fn mention<'r>(
        self,
        record: &'r Record<'_>,
        index: &'r Index,
    ) -> Option<&'r crate::record::Mention<'r>> {
        self.mentions(record, index).next()
    }
}

impl Index {
    /// For each of `about` at most `most` quotes from what `query` finds, none of a comment that is
    /// `taken` for another subject while there are others; none at all where fewer than
    /// [`HIDDEN_BELOW`] verbatims are found.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn quotes(
        &self,
        query: &Query,
        about: &[About],
        most: usize,
        quoter: &Quoter,
        taken: &mut Taken,
    ) -> Result<Vec<Vec<Quote>>> {
        let wanted = looked_at(about, most);
        let chosen = |about: About, records: &[Record<'_>]| {
            let candidates = records.iter();
            let candidates = candidates.filter_map(|record| quoter.quote(record, about, self));
            let chosen = choose(candidates.collect(), wanted, SAME_QUOTE);
            chosen.into_iter().map(|(quote, _)| quote).collect()
        };
        let ranked = self.chosen(query, about, &chosen)?.into_iter().zip(about);
        let free = ranked.map(|(ranked, about)| {
            taken.free(about.subject, ranked, most, |quote: &Quote| &quote.id)
        });
        Ok(free.collect())
    }

    /// For each of `about` at most `most` causes that customers give in a sentence which names it,
    /// those given by several first, and `taken` as for [`Index::quotes`]; none where fewer than [`HIDDEN_BELOW`] verbatims are found.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn reasons(
        &self,
        query: &Query,
        about: &[About],
        most: usize,
        quoter: &Quoter,
        taken: &mut Taken,
    ) -> Result<Vec<Vec<Reason>>> {
        let wanted = looked_at(about, most);
        let chosen = |about: About, records: &[Record<'_>]| {
            let candidates = records.iter();
            let candidates = candidates.flat_map(|record| quoter.reasons(record, about, self));
            let chosen = choose(candidates.collect(), wanted, SAME_REASON);
            let reason = |(reason, alike)| Reason { alike, ..reason };
            chosen.into_iter().map(reason).collect()
        };
        let query = query.clone().and(giving_causes(quoter));
        let ranked = self.chosen(&query, about, &chosen)?.into_iter().zip(about);
        let free = ranked.map(|(ranked, about)| {
            taken.free(about.subject, ranked, most, |reason: &Reason| &reason.id)
        });
        Ok(free.collect())
    }

    fn chosen<T: Send>(
        &self,
        query: &Query,
        about: &[About],
        choose: &(impl Fn(About, &[Record<'_>]) -> Vec<T> + Sync),
    ) -> Result<Vec<Vec<T>>> {
        guarded(&self.folder, || {
            let samples = self.samples(query, about, SAMPLE)?;
            let samples: Vec<_> = about.iter().zip(samples).collect();
            samples
                .into_par_iter()
                .map(|(about, sample)| {
                    if sample.n < HIDDEN_BELOW {
                        return Ok(Vec::new());
                    }
                    Ok(choose(*about, &self.records(sample)?))
                })
                .collect()
        })
    }
}

/// How many are ranked, so that `most` of them are left for each of the subjects.
fn looked_at(about: &[About], most: usize) -> usize {
    if about.len() > 1 { SPARE * most } else { most }
}

/// The sentiment that contradicts one.
fn opposite(polarity: Polarity) -> Option<Polarity> {
    match polarity {
        Polarity::Negative => Some(Polarity::Positive),
        Polarity::Positive => Some(Polarity::Negative),
        Polarity::Neutral => None,
    }
}

/// Verbatims that may give a cause.
fn giving_causes(quoter: &Quoter) -> Query {
    let markers = Lang::ALL.map(|lang| quoter.causes.markers(lang));
    Query::Or(markers.into_iter().flatten().map(Query::Phrase).collect())
}
