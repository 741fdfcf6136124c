//! Emotions that a phrase gives away: for those in no labelled set, and to help where data is thin.

use super::Text;
use crate::emotion::{Emotion, Emotions};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::phrase::{Found, PhraseFinder};
use crate::text::Vocabulary;
use serde::Deserialize;

/// Rules in both languages, compiled.
#[derive(Debug)]
pub struct Rules {
    finders: [PhraseFinder; 2],
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    emotion: Emotion,
    probability: f32,
    langs: [bool; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    emotion: Emotion,
    probability: f32,
    #[serde(default)]
    es: Vec<String>,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    not_es: Vec<String>,
    #[serde(default)]
    not_en: Vec<String>,
}

impl Entry {
    fn phrases(&self, lang: Lang) -> (&[String], &[String]) {
        match lang {
            Lang::Es => (&self.es, &self.not_es),
            Lang::En => (&self.en, &self.not_en),
        }
    }
}

impl Rules {
    /// Reads and compiles a rules file.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] with the place of what is wrong.
    pub fn new(toml: &str, vocabulary: &Vocabulary) -> Result<Self> {
        let file: File = toml::from_str(toml).map_err(|error| {
            Error::model("not a rules file")
                .at("rules.toml")
                .caused_by(error)
        })?;
        let compile = |lang: Lang| {
            let phrases = file.rule.iter().enumerate().flat_map(|(at, entry)| {
                let (naming, forbidding) = entry.phrases(lang);
                let meaning = 2 * at as u32;
                let naming = naming.iter().map(move |one| (one.as_str(), meaning));
                naming.chain(
                    forbidding
                        .iter()
                        .map(move |one| (one.as_str(), meaning + 1)),
                )
            });
            PhraseFinder::new(lang, vocabulary, phrases)
        };
        let finders = [compile(Lang::Es)?, compile(Lang::En)?];
        let rules = file.rule.iter().map(|entry| Rule {
            emotion: entry.emotion,
            probability: entry.probability,
            langs: Lang::ALL.map(|lang| !entry.phrases(lang).0.is_empty()),
        });
        Ok(Self {
            finders,
            rules: rules.collect(),
        })
    }

    /// Raises the probability of each emotion that a phrase gives away, and marks it expressed.
    /// An emotion that only rules read is known, with probability 0, where no phrase stands.
    pub fn apply(&self, text: &Text<'_>, emotions: &mut Emotions) {
        let mut found: Vec<Found> = Vec::new();
        let range = text.token_range();
        self.finders[text.lang as usize].find(text.tokens, range, &mut found);
        for (at, rule) in self.rules.iter().enumerate() {
            let meaning = 2 * at as u32;
            let stands = |meaning: u32| found.iter().any(|one| one.meaning == meaning);
            let known = emotions.probability(rule.emotion);
            if !found.is_empty() && stands(meaning) && !stands(meaning + 1) {
                let probability = known.unwrap_or(0.0).max(rule.probability);
                emotions.set(rule.emotion, probability, true);
            } else if known.is_none() && rule.langs[text.lang as usize] {
                emotions.set(rule.emotion, 0.0, false);
            }
        }
    }
}
