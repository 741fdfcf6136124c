//! Training: labelled texts in, a model folder out. Same recipe and data, same bytes, whatever the
//! threads: each head is learned in one fixed order of examples.
//!
//! ```text
//! Recipe ──examples──▶ Example ──encode──▶ Encoded ──fit──▶ Weights ──calibrate──▶ Card, Calibration
//! ```

mod calibrate;
mod encode;
mod examples;
mod fit;
mod recipe;
mod report;

pub use recipe::Recipe;
pub use report::{Part, held_out};

use crate::error::{Error, Result};
use crate::model::{Card, Licence, Linear, Model, Rules, Source, vocabulary};
use crate::text::Tokenizer;
use examples::{Examples, Split};
use std::fmt::Display;
use std::fs;
use std::path::Path;

/// Hears what is being done: the key of an interface text, and its values.
pub type Say<'s> = dyn Fn(&str, &[(&str, &dyn Display)]) + 's;

/// Learns the model of `recipe` from the labelled files under `data` and writes its folder.
/// `say` hears what is being done: the key of an interface text, and its values. Returns the card with what was measured.
///
/// # Errors
/// `Input` for a file or column of the recipe that is missing or not as said; `Io` when the folder
/// cannot be written.
pub fn train(recipe: &Recipe, data: &Path, out: &Path, say: &Say<'_>) -> Result<Card> {
    say("train.reading", &[]);
    let examples = Examples::read(recipe, data)?;
    let words = examples.vocabulary(&recipe.vocabulary);
    say(
        "train.read",
        &[
            ("texts", &examples.count(Split::Fit)),
            ("words", &words.len()),
        ],
    );
    let vocabulary = vocabulary(words.iter().map(String::as_str));
    let encoded = encode::encode(&examples, &Tokenizer::new(vocabulary.clone()))?;
    say("train.learning", &[]);
    let weights = fit::fit(recipe, &examples, &encoded);
    say("train.measuring", &[]);
    let rules_text = recipe.rules()?;
    let rules = Rules::new(&rules_text, &vocabulary)?;
    let mut card = card_of(recipe, &examples);
    let calibration = calibrate::calibrate(&examples, &encoded, &weights, &mut card);
    let bytes = weights.to_bytes();
    card.version = format!("{}-{:08x}", recipe.version, checksum(&bytes));
    let model = Linear::new(card, calibration.clone(), weights, rules, &vocabulary)?;
    let mut card = crate::model::Classifier::card(&model).clone();
    let classifier = Box::new(model);
    let model = Model {
        vocabulary,
        classifier,
    };
    card.accuracy = report::accuracy(recipe, &examples, model)?;

    let json = |value: serde_json::Result<String>| {
        value.map_err(|error| Error::model("the card cannot be written").caused_by(error))
    };
    let [es, en] = calibration;
    let calibration = std::collections::BTreeMap::from([("es", es), ("en", en)]);
    fs::create_dir_all(out)?;
    fs::write(out.join("weights.bin"), bytes)?;
    fs::write(out.join("vocabulary.txt"), words.join("\n") + "\n")?;
    fs::write(out.join("rules.toml"), rules_text)?;
    fs::write(
        out.join("calibration.json"),
        json(serde_json::to_string_pretty(&calibration))?,
    )?;
    fs::write(
        out.join("card.json"),
        json(serde_json::to_string_pretty(&card))?,
    )?;
    Ok(card)
}

fn card_of(recipe: &Recipe, examples: &Examples) -> Card {
    let sources = recipe.source.iter().enumerate().map(|(at, source)| Source {
        name: source.name.clone(),
        texts: examples.learned_from(at),
        licence: Licence(source.licence.clone()),
    });
    Card {
        name: recipe.name.clone(),
        about: recipe.about.clone(),
        sources: sources.filter(|source| source.texts > 0).collect(),
        ..Card::default()
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    crate::model::features::hash(bytes)
}
