//! Adapting a model to a user's own rows: what is learned on top of it is rounded with it into new
//! weights, and measured on rows that were held out.
//!
//! ```text
//! GivenFile ──tag──▶ held out (a fifth) ─────────────────────┐
//!             └────▶ Lessons ──residual──▶ base + residual ──▶ Measured, and a folder
//! ```

mod measure;
mod residual;
mod rows;

pub use rows::{Given, GivenFile, Scored};

use super::encode::encode;
use super::examples::{Example, Examples, Split, key, mixed};
use super::{Say, checksum, write_model};
use crate::embedding::Embedding;
use crate::error::{Error, Result};
use crate::eval::Truth;
use crate::lang::Lang;
use crate::model::{
    Adapted, Calibration, Card, Classifier, EmotionHead, Gain, Licence, Linear, Model, Rules,
    SentimentHead, Source, Text, Weights, vocabulary,
};
use crate::tag::Tagger;
use crate::text::{ClauseSplitter, Tokenizer, Tokens};
use crate::theme::Taxonomy;
use measure::Kept;
use residual::{Lessons, SCORED, add};
use std::fs;
use std::path::Path;

/// Of so many texts one is held out.
const HELD_OUT: u64 = 5;
/// Fewer held-out texts than this do not tell whether a model is better.
pub const LEAST: u64 = 50;
/// What the parts held out and the orders start from.
const SEED: u64 = 5;

/// A model made from another, measured, and not yet written.
pub struct NewModel {
    /// Its card.
    pub card: Card,
    /// What was gained by task, on held-out rows.
    pub gains: Vec<Gain>,
    calibration: [Calibration; 2],
    rules: String,
    weights: Weights,
}

/// Learns from a user's rows on top of a model: the shipped one, or that in the folder `from`.
///
/// # Errors
/// `Model` when the model below cannot be read or knows other words, `Input` when no row can be learned
/// from.
pub fn adapt(
    from: Option<&Path>,
    files: &[GivenFile],
    name: Option<&str>,
    say: &Say<'_>,
) -> Result<NewModel> {
    let below = Below::open(from)?;
    let model = from.map_or_else(Model::shipped, Model::open)?;
    let tagger = Tagger::new(model, Taxonomy::shipped()?)?;
    let (kept, examples) = divided(files, &tagger)?;
    let learned_from = |source: usize| examples.0.learned_from(source);
    let (labelled, scored) = (learned_from(0), learned_from(SCORED));
    say(
        "adapt.read",
        &[
            ("labelled", &labelled),
            ("scored", &scored),
            ("held_out", &kept.len()),
        ],
    );
    if labelled + scored == 0 {
        return Err(Error::input("no row can be learned from")
            .hint("rows need a text in Spanish or English that says something, and a label"));
    }
    say("train.learning", &[]);
    let weights = below.learn(&examples.0, &examples.1)?;
    say("train.measuring", &[]);
    let mut card = below.card(files, [labelled, scored], name);
    card.version = version(&below.linear.card().version, &weights);
    let model = below.with(&card, weights.clone())?;
    let (accuracy, gains) = kept.measure(&tagger, &Tagger::new(model, Taxonomy::shipped()?)?)?;
    card.accuracy = accuracy;
    card.adapted.push(Adapted {
        from: below.linear.card().identity(),
        files: files.iter().map(|file| file.name.clone()).collect(),
        labelled,
        scored,
        gains: gains.clone(),
    });
    Ok(NewModel {
        card,
        gains,
        calibration: below.linear.calibration.clone(),
        rules: below.rules,
        weights,
    })
}

impl NewModel {
    /// An error when held-out rows do not show that the model is as good as the one below.
    ///
    /// # Errors
    /// `Input`, with what to do.
    pub fn judge(&self) -> Result<()> {
        if let Some(worse) = self
            .gains
            .iter()
            .find(|gain| gain.texts >= LEAST && gain.after < gain.before)
        {
            return Err(Error::input(format!(
                "the new model is worse on held-out rows: {}, macro-F1 {:.1} % instead of {:.1} %",
                worse.task, 100.0 * worse.after, 100.0 * worse.before
            ))
            .hint("it was not saved; look for wrong labels, or give more rows; --force saves it all the same"));
        }
        let few = self.gains.iter().find(|gain| gain.texts < LEAST);
        let task = few.map_or("sentiment", |gain| gain.task.as_str());
        let fewest = few
            .map(|gain| gain.texts)
            .or(self.gains.is_empty().then_some(0));
        match fewest {
            None => Ok(()),
            Some(texts) => Err(Error::input(format!(
                "{task}: {texts} held-out rows are too few to tell whether the new model is better"
            ))
            .hint(format!(
                "it was not saved; a fifth of the rows is held out, and {LEAST} are needed: give {} rows or more of different texts, or --force to save it unproven",
                LEAST * HELD_OUT
            ))),
        }
    }

    /// Writes the folder of the model.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn save(&self, out: &Path) -> Result<()> {
        write_model(
            &self.weights,
            &self.calibration,
            &self.rules,
            &self.card,
            out,
        )
    }
}

/// The version of the recipe below, and a checksum of the new weights.
fn version(below: &str, weights: &Weights) -> String {
    let recipe = below.split_once('-').map_or(below, |(recipe, _)| recipe);
    format!("{recipe}-{:08x}", checksum(weights.to_bytes()))
}

/// The texts held out, and the examples to learn from with the keys of their texts.
fn divided(files: &[GivenFile], tagger: &Tagger) -> Result<(Kept, (Examples, Vec<u64>))> {
    let rows: Vec<&Given> = files.iter().flat_map(|file| &file.rows).collect();
    let verbatims = rows
        .iter()
        .map(|row| measure::verbatim(&row.text, row.stated));
    let tagged = tagger.tag(verbatims.collect())?;
    let mut all: Vec<(u64, &Given, String, Option<Lang>)> = Vec::new();
    for (row, tagged) in rows.into_iter().zip(tagged) {
        let lang = tagged.sentiment.and(tagged.lang.lang());
        all.push((key(&tagged.verbatim.text), row, tagged.verbatim.text, lang));
    }
    // In an order that texts and labels give alone; the same said twice counts once.
    let order = |row: &Given| {
        (
            row.scored,
            row.truth.sentiment,
            row.truth.emotions,
            row.stated.map(|lang| lang as usize),
        )
    };
    all.sort_by(|a, b| {
        let by_key = mixed(a.0, SEED).cmp(&mixed(b.0, SEED)).then(a.0.cmp(&b.0));
        by_key
            .then_with(|| order(a.1).cmp(&order(b.1)))
            .then_with(|| a.2.cmp(&b.2))
    });
    all.dedup_by(|next, one| {
        next.0 == one.0 && (next.1.truth == one.1.truth || (next.1.scored && !one.1.scored))
    });
    let mut kept = Kept::default();
    let (mut examples, mut keys) = (Vec::new(), Vec::new());
    for (key, row, text, lang) in all {
        if mixed(key, SEED).is_multiple_of(HELD_OUT) {
            kept.add(text, row.stated, row.truth, row.scored);
        } else if let Some(lang) = lang {
            keys.push(key);
            examples.push(example(text, lang, row.truth, row.scored));
        }
    }
    let names = vec!["labelled".to_owned(), "scored".to_owned()];
    Ok((
        kept,
        (
            Examples {
                all: examples,
                names,
            },
            keys,
        ),
    ))
}

fn example(text: String, lang: Lang, truth: Truth, scored: bool) -> Example {
    Example {
        text,
        lang,
        source: if scored { SCORED } else { 0 },
        split: Split::Fit,
        sentiment: truth.sentiment,
        emotions: truth.emotions,
        taught: None,
    }
}

/// The model that is adapted.
struct Below {
    linear: Linear,
    rules: String,
}

impl Below {
    fn open(from: Option<&Path>) -> Result<Self> {
        let vocabulary = vocabulary(Embedding::words());
        let Some(folder) = from else {
            return Ok(Self {
                linear: Linear::shipped(&vocabulary)?,
                rules: include_str!("../../../models/fast/rules.toml").to_owned(),
            });
        };
        let linear = Linear::open(folder, &vocabulary)?;
        let rules = folder.join("rules.toml");
        let rules = fs::read_to_string(&rules)
            .map_err(|error| Error::io("the rules cannot be read", error).at(rules))?;
        if linear.weights.words() != vocabulary.words().len() {
            return Err(
                Error::model("the model knows other words than this program")
                    .at(folder)
                    .hint("train it again by its recipe with this version of the program"),
            );
        }
        Ok(Self { linear, rules })
    }

    /// The weights with what is learned on top of them.
    fn learn(&self, examples: &Examples, keys: &[u64]) -> Result<Weights> {
        let vocabulary = vocabulary(Embedding::words());
        let embedding = Embedding::shipped(&vocabulary)?;
        let tokenizer = Tokenizer::new(vocabulary);
        let weights = &self.linear.weights;
        let encoded = encode(examples, &tokenizer, &embedding, weights.shapes())?;
        let lessons = Lessons {
            examples,
            encoded: &encoded,
            keys,
            below: &self.logits(examples, &tokenizer)?,
            calibration: &self.linear.calibration,
        };
        let (rows, words) = (weights.rows(), weights.words());
        let mut sentiment = weights.sentiment().learned(rows, words);
        add(&mut sentiment, &lessons.sentiment(), 1.0);
        let mut emotion = weights.emotion().learned(rows, words);
        add(&mut emotion, &lessons.emotions(), 1.0);
        Ok(Weights::new(
            weights.shapes(),
            &SentimentHead::round(&sentiment),
            &EmotionHead::round(&emotion),
        ))
    }

    fn logits(
        &self,
        examples: &Examples,
        tokenizer: &Tokenizer,
    ) -> Result<Vec<crate::model::Logits>> {
        let splitter = ClauseSplitter::shipped(tokenizer.vocabulary())?;
        let (mut tokens, mut clauses) = (Tokens::new(), Vec::new());
        let logits = |example: &Example| {
            tokenizer.read(&example.text, &mut tokens);
            splitter.split(&tokens, &mut clauses);
            self.linear.logits(&Text {
                lang: example.lang,
                text: &example.text,
                tokens: &tokens,
                clauses: &clauses,
            })
        };
        Ok(examples.all.iter().map(logits).collect())
    }

    /// The card of the new model. What was measured of the model below is not true of it.
    fn card(&self, files: &[GivenFile], learned: [u64; 2], name: Option<&str>) -> Card {
        let below = self.linear.card();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let mut sources = below.sources.clone();
        sources.push(Source {
            name: names.join(", "),
            texts: learned.iter().sum(),
            licence: Licence("the user's own".to_owned()),
        });
        Card {
            name: name.map_or_else(
                || format!("{}+{}", below.name, stem(names.first().unwrap_or(&""))),
                str::to_owned,
            ),
            about: below.about.clone(),
            sources,
            thresholds: below.thresholds.clone(),
            adapted: below.adapted.clone(),
            ..Card::default()
        }
    }

    /// The model of a card with other weights.
    fn with(&self, card: &Card, weights: Weights) -> Result<Model> {
        let vocabulary = vocabulary(Embedding::words());
        let rules = Rules::new(&self.rules, &vocabulary)?;
        let calibration = self.linear.calibration.clone();
        let classifier = Box::new(Linear::new(
            card.clone(),
            calibration,
            weights,
            rules,
            &vocabulary,
        )?);
        Ok(Model {
            vocabulary,
            classifier,
        })
    }
}

/// The letters, digits, `-` and `_` that a file's name begins with.
fn stem(name: &str) -> String {
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_');
    name.chars().take_while(plain).collect()
}
