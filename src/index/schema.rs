//! What a verbatim is in the index: one document with these fields.
//!
//! | field | holds | used for |
//! |---|---|---|
//! | `id`, `customer` | as they came | `id:` and `customer:`, replacing |
//! | `key` | hash of the id | order of equal hits |
//! | `text` | folded words with positions | words, phrases, prefixes |
//! | `text_es`, `text_en` | stems, in documents of that language | words |
//! | `emotion`, `sentiment`, `band`, `lang` | their names | filters; `lang` also counted |
//! | `mentions` | theme and polarity, see [`super::facts`] | themes and drivers, everywhere |
//! | `facts` | votes and emotions, see [`super::facts`] | every count |
//! | `day`, `nps`, `csat`, `ces` | as numbers | ranges, means, order |
//! | `labels` | fields that are text or yes/no, by number in the manifest | filters, groups |
//! | `numbers` | fields that are numbers, by number in the manifest | ranges, groups |
//! | `record` | JSON, see [`super::kept`] | what a hit shows |
//!
//! Drivers are not stored: they follow from the themes by the manifest, so that a theme can move
//! to another driver without a new index.

use super::analyzer;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, JsonObjectOptions, NumericOptions, STORED, Schema,
    SchemaBuilder, TextFieldIndexing, TextOptions,
};

/// The fields of the schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub(super) id: Field,
    pub(super) key: Field,
    pub(super) text: Field,
    /// In the order of [`crate::lang::Lang::ALL`].
    pub(super) stems: [Field; 2],
    pub(super) emotion: Field,
    pub(super) sentiment: Field,
    pub(super) band: Field,
    pub(super) lang: Field,
    pub(super) customer: Field,
    pub(super) mentions: Field,
    pub(super) facts: Field,
    pub(super) day: Field,
    pub(super) nps: Field,
    pub(super) csat: Field,
    pub(super) ces: Field,
    pub(super) labels: Field,
    pub(super) numbers: Field,
    pub(super) record: Field,
}

impl Fields {
    /// The schema of this version of the index, and its fields.
    pub(super) fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let fields = Self {
            id: schema.add_text_field("id", exact()),
            key: schema.add_u64_field("key", FAST),
            text: schema.add_text_field(
                "text",
                words(analyzer::FOLDED, IndexRecordOption::WithFreqsAndPositions),
            ),
            stems: ["text_es", "text_en"].map(|name| stems(&mut schema, name)),
            emotion: schema.add_text_field("emotion", exact()),
            sentiment: schema.add_text_field("sentiment", exact()),
            band: schema.add_text_field("band", exact()),
            lang: schema.add_text_field("lang", exact() | FAST),
            customer: schema.add_text_field("customer", exact()),
            mentions: schema.add_u64_field("mentions", NumericOptions::from(FAST | INDEXED)),
            facts: schema.add_u64_field("facts", FAST),
            day: schema.add_u64_field("day", FAST),
            nps: schema.add_u64_field("nps", FAST),
            csat: schema.add_f64_field("csat", FAST),
            ces: schema.add_f64_field("ces", FAST),
            labels: schema.add_json_field("labels", labels()),
            numbers: schema.add_json_field("numbers", JsonObjectOptions::from(FAST)),
            record: schema.add_text_field("record", STORED),
        };
        (schema.build(), fields)
    }
}

pub(super) fn stems(schema: &mut SchemaBuilder, name: &str) -> Field {
    schema.add_text_field(name, words(name, IndexRecordOption::WithFreqs))
}

pub(super) fn words(tokenizer: &str, option: IndexRecordOption) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(option),
    )
}

/// One term per value, neither counted nor weighed.
pub(super) fn exact() -> TextOptions {
    TextOptions::default().set_indexing_options(exactly("raw"))
}

fn labels() -> JsonObjectOptions {
    JsonObjectOptions::default()
        .set_indexing_options(exactly(analyzer::LABEL))
        .set_fast("raw")
}

pub(super) fn exactly(tokenizer: &str) -> TextFieldIndexing {
    TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false)
}

/// The name of a declared field inside `labels` and `numbers`. Its number, not its name: names
/// come from users' files and may hold any character.
pub(super) fn path_of(field: usize) -> String {
    format!("f{field}")
}
