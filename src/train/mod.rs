//! Training: labelled texts in, a model folder out. Same recipe and data, same bytes, whatever the
//! threads: each head is learned in one fixed order of examples.
//!
//! ```text
//! Recipe ──examples──▶ Example ──encode──▶ Encoded ──fit──▶ Weights ──calibrate──▶ Card, Calibration
//! ```

mod adapt;
mod calibrate;
mod coverage;
mod encode;
mod examples;
mod fit;
mod folder;
mod leader;
mod patterns;
mod recipe;
mod report;
mod unseen;
mod vectors;
mod votes;

pub use adapt::{Given, GivenFile, LEAST, NewModel, Scored, adapt};
pub use recipe::Recipe;
pub use report::{Part, held_out};
pub use vectors::{VectorRecipe, train_vectors};

use crate::embedding::Embedding;
use crate::error::Result;
use crate::model::{Calibration, Card, Licence, Linear, Model, Rules, Source, vocabulary};
use crate::text::Tokenizer;
use examples::{Example, Examples, Split};
use folder::{write_card, write_model};
use std::fmt::Display;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Hears what is being done: the key of an interface text, and its values.
pub type Say<'s> = dyn Fn(&str, &[(&str, &dyn Display)]) + 's;

/// Hears how many steps of learning are done, of how many.
pub type Watch<'w> = dyn Fn(u64, u64) + Sync + 'w;

/// Learns the model of `recipe` from the labelled files under `data`, and from what another model said of
/// texts under `taught` where the recipe asks for that, and writes its folder.
/// `say` hears what is being done: the key of an interface text, and its values. `watch` hears how far
/// learning is. Returns the card with what was measured.
///
/// # Errors
/// `Input` for a file or column of the recipe that is missing or not as said; `Io` when the folder
/// cannot be written.
pub fn train(
    recipe: &Recipe,
    data: &Path,
    taught: Option<&Path>,
    out: &Path,
    say: &Say<'_>,
    watch: &Watch<'_>,
) -> Result<Card> {
    say("train.reading", &[]);
    recipe.check_taught(taught)?;
    let examples = Examples::read(recipe, data, taught)?;
    let vocabulary = vocabulary(Embedding::words());
    let embedding = Embedding::shipped(&vocabulary)?;
    let tokenizer = Tokenizer::new(vocabulary.clone());
    say(
        "train.read",
        &[
            ("texts", &examples.count(Split::Fit)),
            ("words", &vocabulary.words().len()),
        ],
    );
    let encode = |shapes: &[u8]| encode::encode(&examples, &tokenizer, &embedding, shapes);
    let plain = encode(&[])?;
    let steps = AtomicU64::new(0);
    let done = || {
        let done = 1 + steps.fetch_add(1, Ordering::Relaxed);
        watch(done, fit::steps(recipe));
    };
    say("train.learning", &[]);
    let encoded = encode(&fit::shapes(recipe, &examples, &plain, None, &done))?;
    let weights = fit::fit(recipe, &examples, &encoded, &done);
    let unseen = if recipe.unseen {
        say("train.unseen", &[("domains", &recipe.domains().len())]);
        fit::unseen(recipe, &examples, &plain, &encode, &done)?
    } else {
        vec![None; examples.all.len()]
    };
    say("train.measuring", &[]);
    let rules_text = recipe.rules()?;
    let rules = || Rules::new(&rules_text, &vocabulary);
    let mut card = card_of(recipe, &examples);
    let raw = Linear::new(
        card.clone(),
        Calibration::none(),
        weights.clone(),
        rules()?,
        &vocabulary,
    )?;
    let held_out = calibrate::read_held_out(&examples, &raw, &tokenizer)?;
    let unseen: Vec<(&Example, [f32; 3])> = examples
        .all
        .iter()
        .zip(unseen)
        .filter_map(|(example, logits)| Some((example, logits?)))
        .collect();
    let calibration = calibrate::calibrate(&held_out, &unseen, recipe, &mut card);
    card.version = format!("{}-{:08x}", recipe.version, checksum(weights.to_bytes()));
    let model = Linear::new(
        card.clone(),
        calibration.clone(),
        weights.clone(),
        rules()?,
        &vocabulary,
    )?;
    let seen = votes::see(&examples, &model, &tokenizer)?;
    card.votes = votes::count(&seen);
    card.nev_coverage = coverage::measure(&seen);
    let classifier = Box::new(model);
    let model = Model {
        vocabulary,
        classifier,
    };
    card.accuracy = report::accuracy(recipe, &examples, model)?;
    card.unseen = unseen::measure(recipe, &examples, &unseen);
    write_model(&weights, &calibration, &rules_text, &card, out)?;
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
    crate::text::letters::hash(bytes)
}
