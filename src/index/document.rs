//! From a tagged verbatim to the document that stands for it in the index.

use super::analyzer::cut;
use super::facts::{Facts, key_of, mention_code};
use super::schema::Fields;
use crate::lang::Lang;
use crate::tag::Tagged;
use crate::verbatim::{Scales, Value};
use std::iter::Empty;
use tantivy::TantivyDocument;
use tantivy::schema::Value as TantivyValue;
use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf};

/// What the numbers in a document mean.
pub(super) struct Numbering<'n> {
    pub(super) fields: &'n Fields,
    pub(super) scales: Scales,
    /// Number in the manifest of each theme of the taxonomy.
    pub(super) themes: &'n [u32],
    /// For each field of the verbatim, in order, its name inside `labels` and `numbers`.
    pub(super) paths: &'n [&'n str],
}

/// The document of a verbatim; `record` is its JSON.
pub(super) fn document(
    tagged: &Tagged,
    record: &str,
    numbering: &Numbering<'_>,
) -> TantivyDocument {
    let verbatim = &tagged.verbatim;
    let fields = numbering.fields;
    // Room for the text twice, the record, and the rest: one allocation.
    let mut document = TantivyDocument::with_capacity(record.len() + 2 * verbatim.text.len() + 256);
    document.add_text(fields.id, &verbatim.id);
    document.add_u64(fields.key, key_of(&verbatim.id));
    document.add_text(fields.text, &verbatim.text);
    if let Some(lang) = tagged.lang.lang() {
        document.add_text(stems(fields, lang), &verbatim.text);
    }
    document.add_text(fields.lang, tagged.lang.code);
    if let Some(customer) = &verbatim.customer {
        document.add_text(fields.customer, customer);
    }
    document.add_text(fields.record, record);
    add_tags(tagged, numbering, &mut document);
    add_scores(tagged, numbering, &mut document);
    add_fields(tagged, numbering, &mut document);
    document
}

fn stems(fields: &Fields, lang: Lang) -> tantivy::schema::Field {
    fields.stems[lang as usize]
}

fn add_tags(tagged: &Tagged, numbering: &Numbering<'_>, document: &mut TantivyDocument) {
    let fields = numbering.fields;
    document.add_u64(fields.facts, Facts::of(tagged, numbering.scales).0);
    if let Some(sentiment) = tagged.sentiment {
        document.add_text(fields.sentiment, sentiment.label.name());
    }
    for emotion in tagged.emotions.expressed() {
        document.add_text(fields.emotion, emotion.name());
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
        document.add_u64(fields.mentions, code);
    }
}

fn add_scores(tagged: &Tagged, numbering: &Numbering<'_>, document: &mut TantivyDocument) {
    let fields = numbering.fields;
    let verbatim = &tagged.verbatim;
    if let Some(day) = verbatim.day {
        document.add_u64(fields.day, day.number());
    }
    if let Some(nps) = verbatim.scores.nps {
        document.add_u64(fields.nps, u64::from(nps));
    }
    if let Some(band) = verbatim.scores.band() {
        document.add_text(fields.band, band.name());
    }
    for (field, score) in [
        (fields.csat, verbatim.scores.csat),
        (fields.ces, verbatim.scores.ces),
    ] {
        if let Some(score) = score.filter(|score| score.is_finite()) {
            document.add_f64(field, score + 0.0);
        }
    }
}

fn add_fields(tagged: &Tagged, numbering: &Numbering<'_>, document: &mut TantivyDocument) {
    let mut labels = Vec::with_capacity(tagged.verbatim.fields.len());
    let mut numbers = Vec::new();
    for ((_, value), path) in tagged.verbatim.fields.iter().zip(numbering.paths) {
        match value {
            Value::Text(text) => labels.push((*path, ReferenceValueLeaf::Str(cut(text)))),
            Value::Bool(yes) => labels.push((*path, ReferenceValueLeaf::Bool(*yes))),
            // Adding zero turns -0 into 0, which are two numbers to a column.
            Value::Number(number) if number.is_finite() => {
                numbers.push((*path, ReferenceValueLeaf::F64(number + 0.0)));
            }
            Value::Number(_) => {}
        }
    }
    for (field, leaves) in [
        (numbering.fields.labels, &labels),
        (numbering.fields.numbers, &numbers),
    ] {
        if !leaves.is_empty() {
            document.add_field_value(field, Node::Object(leaves));
        }
    }
}

/// A flat object that is borrowed, where tantivy's own would own every name.
#[derive(Clone, Debug)]
enum Node<'a> {
    Object(&'a [(&'a str, ReferenceValueLeaf<'a>)]),
    Leaf(ReferenceValueLeaf<'a>),
}

impl<'a> TantivyValue<'a> for Node<'a> {
    type ArrayIter = Empty<Self>;
    type ObjectIter = Entries<'a>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        match self {
            Self::Object(entries) => ReferenceValue::Object(Entries(entries.iter())),
            Self::Leaf(leaf) => ReferenceValue::Leaf(leaf.clone()),
        }
    }
}

struct Entries<'a>(std::slice::Iter<'a, (&'a str, ReferenceValueLeaf<'a>)>);

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, leaf) = self.0.next()?;
        Some((name, Node::Leaf(leaf.clone())))
    }
}
