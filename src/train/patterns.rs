//! Sentences drawn from patterns: what a construction means is taught by many invented sentences of its
//! kind, since labelled feedback holds too few of each. `corpora/patterns/README.md` tells the form.

use crate::chance::Chance;
use crate::error::{Error, Result};
use crate::sentiment::Polarity;
use crate::text::letters::hash;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    slots: BTreeMap<String, Vec<String>>,
    pattern: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    #[serde(rename = "family")]
    _family: String,
    label: Polarity,
    draws: usize,
    texts: Vec<String>,
}

/// How deep slots may stand in slots.
const DEPTH: usize = 8;

/// The sentences of a file of patterns with their labels: as many different ones as each pattern asks
/// for, or as it has.
///
/// # Errors
/// `Io` when it cannot be read, `Input` when it is no file of patterns or names a slot it lacks.
pub fn draw(path: &Path, seed: u64) -> Result<Vec<(String, Polarity)>> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::io("the patterns cannot be read", error).at(path))?;
    let file: File = toml::from_str(&text).map_err(|error| {
        Error::input("not a file of patterns")
            .at(path)
            .caused_by(error)
    })?;
    let mut drawn = Vec::new();
    for pattern in &file.pattern {
        // A pattern's own seed: a change of one leaves the draws of the others as they are.
        let own = pattern
            .texts
            .iter()
            .map(|text| u64::from(hash(text.as_bytes())));
        let mut chance = Chance::new(own.fold(seed, |sum, one| sum.rotate_left(9) ^ one));
        let mut seen = FxHashSet::default();
        for _ in 0..20 * pattern.draws {
            if seen.len() == pattern.draws {
                break;
            }
            let at = chance.below(pattern.texts.len() as u64) as usize;
            let sentence = fill(&pattern.texts[at], &file.slots, &mut chance, DEPTH)
                .map_err(|error| error.at(path))?;
            if seen.insert(sentence.clone()) {
                drawn.push((sentence, pattern.label));
            }
        }
    }
    Ok(drawn)
}

/// A text with every `{slot}` replaced by one of its alternatives; `{Slot}` begins with a capital.
fn fill(
    text: &str,
    slots: &BTreeMap<String, Vec<String>>,
    chance: &mut Chance,
    depth: usize,
) -> Result<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let wrong = |name: &str| Error::input(format!("no slot `{name}`, or slots without end"));
        let (name, after) = after.split_once('}').ok_or_else(|| wrong(after))?;
        let mut letters = name.chars();
        let lower: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_lowercase)
            .chain(letters)
            .collect();
        let known = slots.get(name).or_else(|| slots.get(&lower));
        let known = known.filter(|list| depth > 0 && !list.is_empty());
        let alternatives = known.ok_or_else(|| wrong(name))?;
        let at = chance.below(alternatives.len() as u64) as usize;
        let chosen = fill(&alternatives[at], slots, chance, depth - 1)?;
        filled.push_str(before);
        let mut letters = chosen.chars();
        match letters.next().filter(|_| slots.get(name).is_none()) {
            Some(first) => {
                filled.extend(first.to_uppercase());
                filled.push_str(letters.as_str());
            }
            None => filled.push_str(&chosen),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}
