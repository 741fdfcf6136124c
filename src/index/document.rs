//! From a tagged verbatim to the document that stands for it in the index.

use super::analyzer::cut;
use super::facts::{Facts, key_of, mention_code};
use super::kept::Kept;
use super::schema::Fields;
use crate::error::{Error, Result};
use crate::tag::Tagged;
use crate::verbatim::{Scales, Value};
use std::iter::Empty;
use std::slice::Iter;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf};
use tantivy::schema::{Field, Value as TantivyValue};

/// What the numbers in a document mean.
pub(super) struct Numbering<'n> {
    pub(super) fields: &'n Fields,
    pub(super) scales: Scales,
    /// Number in the manifest of each theme of the taxonomy.
    pub(super) themes: &'n [u32],
    /// For each field of the verbatim, in order, its number in the manifest…
    pub(super) numbers: &'n [usize],
    /// …and its name inside `labels` and `numbers`.
    pub(super) paths: &'n [&'n str],
}

/// A value of an [`Entry`].
#[derive(Clone, Copy, Debug)]
enum Held {
    /// A part of its texts.
    Text(Span),
    Number(u64),
    Float(f64),
    Bool(bool),
    /// An object: a part of its members.
    Object(Span),
}

/// First and after the last.
type Span = (u32, u32);

/// The document of a verbatim. tantivy goes through the values of a document four times, so they
/// lie ready; its own document would be packed and unpacked each time.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Every text and name, one after the other.
    texts: String,
    values: Vec<(Field, Held)>,
    /// The members of the objects, name and value.
    members: Vec<(Span, Held)>,
}

impl Entry {
    /// The document of a verbatim.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when what is kept has no JSON form.
    pub(super) fn new(tagged: &Tagged, numbering: &Numbering<'_>) -> Result<Self> {
        /// Bytes of a document beside three times its text: nearly all stay below.
        const REST: usize = 640;
        let formless = || Error::model("a record has no JSON form");
        let mut json = Vec::with_capacity(REST + 3 * tagged.verbatim.text.len());
        let kept = Kept::new(tagged, numbering.themes, numbering.numbers);
        serde_json::to_writer(&mut json, &kept).map_err(|error| formless().caused_by(error))?;
        let json = String::from_utf8(json).map_err(|error| formless().caused_by(error))?;
        let span = (0, json.len() as u32);
        let mut entry = Self {
            texts: json,
            values: Vec::with_capacity(24),
            members: Vec::with_capacity(tagged.verbatim.fields.len()),
        };
        entry
            .values
            .push((numbering.fields.record, Held::Text(span)));
        entry.add_verbatim(tagged, numbering.fields);
        entry.add_tags(tagged, numbering);
        entry.add_scores(tagged, numbering.fields);
        entry.add_fields(tagged, numbering);
        Ok(entry)
    }

    fn add_verbatim(&mut self, tagged: &Tagged, fields: &Fields) {
        let verbatim = &tagged.verbatim;
        self.add_text(fields.id, &verbatim.id);
        self.add_number(fields.key, key_of(&verbatim.id));
        let text = self.add_text(fields.text, &verbatim.text);
        if let Some(lang) = tagged.lang.lang() {
            self.values.push((fields.stems[lang as usize], text));
        }
        self.add_text(fields.lang, tagged.lang.code);
        if let Some(customer) = &verbatim.customer {
            self.add_text(fields.customer, customer);
        }
    }

    fn add_tags(&mut self, tagged: &Tagged, numbering: &Numbering<'_>) {
        let fields = numbering.fields;
        self.add_number(fields.facts, Facts::of(tagged, numbering.scales).0);
        if let Some(sentiment) = tagged.sentiment {
            self.add_text(fields.sentiment, sentiment.label.name());
        }
        for emotion in tagged.emotions.expressed() {
            self.add_text(fields.emotion, emotion.name());
        }
        let mut codes: Vec<u64> = tagged
            .mentions
            .iter()
            .filter_map(|mention| {
                let theme = numbering.themes.get(usize::from(mention.theme))?;
                Some(mention_code(*theme, mention.sentiment))
            })
            .collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            self.add_number(fields.mentions, code);
        }
    }

    fn add_scores(&mut self, tagged: &Tagged, fields: &Fields) {
        let verbatim = &tagged.verbatim;
        if let Some(day) = verbatim.day {
            self.add_number(fields.day, day.number());
        }
        if let Some(nps) = verbatim.scores.nps {
            self.add_number(fields.nps, u64::from(nps));
        }
        if let Some(band) = verbatim.scores.band() {
            self.add_text(fields.band, band.name());
        }
        for (field, score) in [
            (fields.csat, verbatim.scores.csat),
            (fields.ces, verbatim.scores.ces),
        ] {
            if let Some(score) = score.filter(|score| score.is_finite()) {
                self.values.push((field, Held::Float(score + 0.0)));
            }
        }
    }

    fn add_fields(&mut self, tagged: &Tagged, numbering: &Numbering<'_>) {
        let fields = &tagged.verbatim.fields;
        let mut numbers = Vec::new();
        for ((_, value), path) in fields.iter().zip(numbering.paths) {
            let value = match value {
                Value::Text(text) => self.hold(cut(text)),
                Value::Bool(yes) => Held::Bool(*yes),
                Value::Number(number) => {
                    // Adding zero turns -0 into 0, which are two numbers to a column.
                    numbers.extend(number.is_finite().then_some((path, number + 0.0)));
                    continue;
                }
            };
            self.add_member(path, value);
        }
        self.add_object(numbering.fields.labels, 0);
        let first = self.members.len();
        for (path, number) in numbers {
            self.add_member(path, Held::Float(number));
        }
        self.add_object(numbering.fields.numbers, first);
    }

    fn add_text(&mut self, field: Field, text: &str) -> Held {
        let held = self.hold(text);
        self.values.push((field, held));
        held
    }

    fn add_number(&mut self, field: Field, number: u64) {
        self.values.push((field, Held::Number(number)));
    }

    fn add_member(&mut self, name: &str, value: Held) {
        let name = self.span_of(name);
        self.members.push((name, value));
    }

    /// Adds the members from `first` on as an object, if there are any.
    fn add_object(&mut self, field: Field, first: usize) {
        let end = self.members.len();
        if first < end {
            let members = Held::Object((first as u32, end as u32));
            self.values.push((field, members));
        }
    }

    fn hold(&mut self, text: &str) -> Held {
        Held::Text(self.span_of(text))
    }

    fn span_of(&mut self, text: &str) -> Span {
        let start = self.texts.len() as u32;
        self.texts.push_str(text);
        (start, self.texts.len() as u32)
    }

    fn text(&self, (start, end): Span) -> &str {
        &self.texts[start as usize..end as usize]
    }

    fn node(&self, held: Held) -> Node<'_> {
        Node { entry: self, held }
    }
}

impl Document for Entry {
    type Value<'a> = Node<'a>;
    type FieldsValuesIter<'a> = Values<'a>;

    fn iter_fields_and_values(&self) -> Values<'_> {
        Values(self, self.values.iter())
    }
}

/// The values of an [`Entry`] with their fields.
pub(super) struct Values<'a>(&'a Entry, Iter<'a, (Field, Held)>);

impl<'a> Iterator for Values<'a> {
    type Item = (Field, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (field, held) = self.1.next()?;
        Some((*field, self.0.node(*held)))
    }
}

/// A value in its [`Entry`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    entry: &'a Entry,
    held: Held,
}

impl<'a> TantivyValue<'a> for Node<'a> {
    type ArrayIter = Empty<Self>;
    type ObjectIter = Members<'a>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self.held {
            Held::Text(span) => ReferenceValueLeaf::Str(self.entry.text(span)),
            Held::Number(number) => ReferenceValueLeaf::U64(number),
            Held::Float(number) => ReferenceValueLeaf::F64(number),
            Held::Bool(yes) => ReferenceValueLeaf::Bool(yes),
            Held::Object((first, end)) => {
                let members = &self.entry.members[first as usize..end as usize];
                return ReferenceValue::Object(Members(self.entry, members.iter()));
            }
        })
    }
}

/// The members of an object with their names.
pub(super) struct Members<'a>(&'a Entry, Iter<'a, (Span, Held)>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, held) = self.1.next()?;
        Some((self.0.text(*name), self.0.node(*held)))
    }
}
