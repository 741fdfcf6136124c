//! From a [`Query`] to what the search engine runs, what is scored, and what is highlighted.

use super::Index;
use super::analyzer::{self, Reader, Word};
use super::condition::{NAMES, number};
use super::exclude::Excludable;
use super::facts::mention_code;
use super::highlight::Marks;
use super::manifest::{FieldKind, typed};
use super::query::{Filter, Query, Range, Score, Test};
use super::schema::path_of;
use super::suggest::names;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::Polarity;
use crate::text::fold;
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, ExistsQuery, Occur, PhraseQuery, RangeQuery, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

type Engine = Box<dyn tantivy::query::Query>;

/// A query ready to run.
pub(super) struct Compiled {
    /// What matches.
    pub(super) matching: Engine,
    /// What is scored: one entry per word or phrase asked for, with its alternative forms, of
    /// which the best counts.
    pub(super) scored: Vec<Vec<Engine>>,
    /// What is highlighted.
    pub(super) marks: Marks,
}

pub(super) fn compile(index: &Index, query: &Query) -> Result<Compiled> {
    let mut compiler = Compiler {
        index,
        reader: Reader::new(),
        scored: Vec::new(),
        marks: Marks::default(),
        excluded: false,
    };
    let matching = compiler.query(query)?;
    Ok(Compiled {
        matching,
        scored: compiler.scored,
        marks: compiler.marks,
    })
}

struct Compiler<'i> {
    index: &'i Index,
    reader: Reader,
    scored: Vec<Vec<Engine>>,
    marks: Marks,
    /// Inside a negation: nothing is scored or highlighted.
    excluded: bool,
}

impl Compiler<'_> {
    fn query(&mut self, query: &Query) -> Result<Engine> {
        match query {
            Query::All => Ok(Box::new(AllQuery)),
            Query::Word(word) | Query::Phrase(word) => Ok(self.words(word, query)),
            Query::Prefix(prefix) => self.prefix(prefix),
            Query::Near { word, meaning } => {
                let mut found = vec![self.words(word, query)];
                for other in &meaning.words {
                    found.push(self.words(other, query));
                }
                let known: Vec<u32> = meaning
                    .themes
                    .iter()
                    .filter_map(|id| self.theme_number(id))
                    .collect();
                found.push(self.themes(&known, None));
                Ok(any(found))
            }
            Query::Filter(filter) => self.filter(filter),
            Query::Not(query) => {
                let before = std::mem::replace(&mut self.excluded, true);
                let query = self.query(query);
                self.excluded = before;
                Ok(all(vec![(
                    Occur::MustNot,
                    Box::new(Excludable(query?.into())),
                )]))
            }
            Query::And(queries) => {
                let mut clauses = Vec::with_capacity(queries.len());
                for query in queries {
                    clauses.push((Occur::Must, self.query(query)?));
                }
                Ok(all(clauses))
            }
            Query::Or(queries) => {
                let queries: Result<Vec<Engine>> =
                    queries.iter().map(|query| self.query(query)).collect();
                Ok(any(queries?))
            }
        }
    }

    /// A word in any form, or words in order. What holds no word, as `…`, asks for nothing.
    fn words(&mut self, text: &str, query: &Query) -> Engine {
        let words = self.reader.words(text);
        match words.as_slice() {
            [] => Box::new(AllQuery),
            [word] if !matches!(query, Query::Phrase(_)) => self.forms(word),
            words => self.phrase(words),
        }
    }

    fn forms(&mut self, word: &Word) -> Engine {
        let fields = &self.index.schema;
        let mut terms = vec![Term::from_field_text(fields.text, &word.folded)];
        if let Some(short) = &word.short {
            terms.push(Term::from_field_text(fields.text, short));
        }
        if !word.lower.is_empty() {
            for lang in Lang::ALL {
                let stem = self.reader.stem(lang, &word.lower);
                terms.push(Term::from_field_text(fields.stems[lang as usize], stem));
                if !self.excluded {
                    self.marks.stem(lang, stem);
                }
            }
        }
        if !self.excluded {
            self.marks.word(&word.folded);
            word.short.iter().for_each(|short| self.marks.word(short));
            let weighed = |term: &Term| {
                Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)) as Engine
            };
            self.scored.push(terms.iter().map(weighed).collect());
        }
        any(terms.into_iter().map(exact).collect())
    }

    fn phrase(&mut self, words: &[Word]) -> Engine {
        let field = self.index.schema.text;
        // A long word is indexed in both its forms, so either finds it.
        let folded: Vec<&str> = words
            .iter()
            .map(|word| word.short.as_deref().unwrap_or(&word.folded))
            .collect();
        let terms: Vec<Term> = folded
            .iter()
            .map(|word| Term::from_field_text(field, word))
            .collect();
        let phrase: Engine = match <[Term; 1]>::try_from(terms) {
            Ok([term]) => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
            Err(terms) => Box::new(PhraseQuery::new(terms)),
        };
        if !self.excluded {
            self.marks.phrase(&folded);
            self.scored.push(vec![phrase.box_clone()]);
        }
        phrase
    }

    fn prefix(&mut self, prefix: &str) -> Result<Engine> {
        let words = self.reader.words(prefix);
        let [word] = words.as_slice() else {
            return Err(
                Error::usage(format!("`{prefix}*` is not the beginning of one word"))
                    .hint("an example that works: demor*"),
            );
        };
        if !self.excluded {
            self.marks.prefix(&word.folded);
        }
        let field = self.index.schema.text;
        // Above every word that begins so: no text holds the last character of Unicode.
        let beyond = format!("{}\u{10FFFF}", word.folded);
        Ok(Box::new(RangeQuery::new(
            Bound::Included(Term::from_field_text(field, &word.folded)),
            Bound::Excluded(Term::from_field_text(field, &beyond)),
        )))
    }

    fn filter(&mut self, filter: &Filter) -> Result<Engine> {
        let fields = &self.index.schema;
        let term = |field: Field, value: &str| Ok(exact(Term::from_field_text(field, value)));
        match filter {
            Filter::Theme(id, polarity) => {
                let Some(theme) = self.theme_number(id) else {
                    let known = self.index.themes().iter().map(|theme| &*theme.id);
                    return Err(unknown("theme", id, known));
                };
                Ok(self.themes(&[theme], *polarity))
            }
            Filter::Driver(id, polarity) => self.driver(id, *polarity),
            Filter::Emotion(emotion) => term(fields.emotion, emotion.name()),
            Filter::Sentiment(polarity) => term(fields.sentiment, polarity.name()),
            Filter::Band(band) => term(fields.band, band.name()),
            Filter::Lang(code) => term(fields.lang, code),
            Filter::Id(id) => term(fields.id, id),
            Filter::Customer(customer) => term(fields.customer, customer),
            Filter::Score(score, range) => Ok(self.score(*score, *range)),
            Filter::Days { from, to } => Ok(Box::new(RangeQuery::new(
                Bound::Included(Term::from_field_u64(fields.day, *from)),
                Bound::Included(Term::from_field_u64(fields.day, *to)),
            ))),
            Filter::Field(name, test) => self.field(name, test),
        }
    }

    fn theme_number(&self, id: &str) -> Option<u32> {
        self.index.manifest.theme(id)
    }

    /// Names one of these themes, with this polarity if one is given.
    fn themes(&mut self, themes: &[u32], polarity: Option<Polarity>) -> Engine {
        let field = self.index.schema.mentions;
        if !self.excluded {
            for theme in themes {
                if let Some(theme) = self.index.themes().get(*theme as usize) {
                    self.marks.theme(&theme.id, polarity);
                }
            }
        }
        let polarities: &[Polarity] = match &polarity {
            Some(polarity) => std::slice::from_ref(polarity),
            None => &Polarity::ALL,
        };
        let terms = themes.iter().flat_map(|theme| {
            polarities
                .iter()
                .map(|polarity| Term::from_field_u64(field, mention_code(*theme, *polarity)))
        });
        let terms: Vec<Term> = terms.collect();
        if terms.is_empty() {
            return Box::new(EmptyQuery);
        }
        Box::new(TermSetQuery::new(terms))
    }

    fn driver(&mut self, id: &str, polarity: Option<Polarity>) -> Result<Engine> {
        let Some(driver) = self.index.manifest.driver(id) else {
            let known = self.index.drivers().iter().map(|driver| &*driver.id);
            return Err(unknown("driver", id, known));
        };
        let themes: Vec<u32> = (0_u32..)
            .zip(self.index.themes())
            .filter(|(_, theme)| usize::from(theme.driver) == driver)
            .map(|(number, _)| number)
            .collect();
        Ok(self.themes(&themes, polarity))
    }

    fn score(&self, score: Score, range: Range) -> Engine {
        let fields = &self.index.schema;
        match score {
            Score::Nps => {
                let whole = |value: f64| Term::from_field_u64(fields.nps, value.max(0.0) as u64);
                if range.high.is_some_and(|high| high < 0.0) {
                    return Box::new(EmptyQuery);
                }
                Box::new(RangeQuery::new(
                    Bound::Included(whole(range.low.unwrap_or(0.0).ceil())),
                    range.high.map_or(Bound::Unbounded, |high| {
                        Bound::Included(whole(high.floor()))
                    }),
                ))
            }
            Score::Csat => between(range, |value| Term::from_field_f64(fields.csat, value)),
            Score::Ces => between(range, |value| Term::from_field_f64(fields.ces, value)),
        }
    }

    fn field(&self, name: &str, test: &Test) -> Result<Engine> {
        let manifest = &self.index.manifest;
        let Some(number) = manifest.field(name) else {
            let known: Vec<String> = manifest
                .fields
                .iter()
                .map(|field| typed(&field.name))
                .collect();
            let known = known.iter().map(String::as_str).chain(NAMES);
            return Err(
                Error::usage(format!("there is no field `{name}` in this index"))
                    .at(&self.index.folder)
                    .hint(format!(
                        "{}; to search for the words, put them in quotes",
                        names(&typed(name), known)
                    )),
            );
        };
        let kind = manifest
            .fields
            .get(number)
            .map_or(FieldKind::Text, |field| field.kind);
        match test {
            Test::Between(Range {
                low: None,
                high: None,
            }) => Ok(any(["labels", "numbers"]
                .map(|object| {
                    let path = format!("{object}.{}", path_of(number));
                    Box::new(ExistsQuery::new(path, false)) as Engine
                })
                .into())),
            Test::Between(range) if kind != FieldKind::Bool => Ok(self.in_range(number, *range)),
            Test::Is(value) => self.is(name, number, kind, value),
            Test::Between(_) => Err(not_of_kind(name, kind)),
        }
    }

    /// A value as text, as yes or no, and as a number: whichever a field of this kind can hold.
    fn is(&self, name: &str, number: usize, kind: FieldKind, value: &str) -> Result<Engine> {
        let label = |add: &dyn Fn(&mut Term)| {
            let field = self.index.schema.labels;
            let mut term = Term::from_field_json_path(field, &path_of(number), false);
            add(&mut term);
            exact(term)
        };
        let mut ways = Vec::new();
        if kind == FieldKind::Text {
            let value = analyzer::label(value);
            ways.push(label(&|term| term.append_type_and_str(&value)));
        }
        if let Some(yes) = yes_or_no(value).filter(|_| kind != FieldKind::Number) {
            ways.push(label(&|term| term.append_type_and_fast_value(yes)));
        }
        if let Some(value) = self::number(value).filter(|_| kind != FieldKind::Bool) {
            let range = Range {
                low: Some(value),
                high: Some(value),
            };
            ways.push(self.in_range(number, range));
        }
        if ways.is_empty() {
            return Err(not_of_kind(name, kind));
        }
        Ok(any(ways))
    }

    fn in_range(&self, number: usize, range: Range) -> Engine {
        between(range, |value| {
            let field = self.index.schema.numbers;
            let mut term = Term::from_field_json_path(field, &path_of(number), false);
            term.append_type_and_fast_value(value);
            term
        })
    }
}

fn between(range: Range, term: impl Fn(f64) -> Term) -> Engine {
    // tantivy reads the field from a bound, so one of them has to be there.
    let low = range.low.unwrap_or(f64::MIN);
    let high = range
        .high
        .map_or(Bound::Unbounded, |high| Bound::Included(term(high)));
    Box::new(RangeQuery::new(Bound::Included(term(low)), high))
}

fn exact(term: Term) -> Engine {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn any(queries: Vec<Engine>) -> Engine {
    let mut queries = queries;
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.pop().unwrap_or_else(|| Box::new(EmptyQuery)),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

/// All of these; something has to be there for a negation to be taken from.
fn all(mut clauses: Vec<(Occur, Engine)>) -> Engine {
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, Box::new(AllQuery)));
    }
    Box::new(BooleanQuery::new(clauses))
}

fn yes_or_no(value: &str) -> Option<bool> {
    match fold(value.trim()).as_str() {
        "true" | "yes" | "si" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

fn not_of_kind(name: &str, kind: FieldKind) -> Error {
    let (holds, example) = match kind {
        FieldKind::Bool => ("yes or no", "true"),
        FieldKind::Number => ("numbers", "20.."),
        FieldKind::Text => ("text", "\"some text\""),
    };
    Error::usage(format!("the field `{name}` holds {holds}"))
        .hint(format!("an example that works: {}:{example}", typed(name)))
}

fn unknown<'n>(what: &str, id: &str, known: impl Iterator<Item = &'n str>) -> Error {
    Error::usage(format!("there is no {what} `{id}` in this index")).hint(names(id, known))
}
