//! Emotions that a phrase gives away: for those in no labelled set, and to help where data is thin.

use super::Text;
use crate::emotion::{Emotion, Emotions};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::phrase::{PhraseFinder, Room};
use crate::text::Vocabulary;
use serde::Deserialize;
use std::ops::Range;

/// The probability from which a rule's emotion is expressed: weaker rules only raise it. A guess, made
/// so that single words of praise do not count as admiration.
const EXPRESSED_FROM: f32 = 0.6;

/// Rules in both languages, compiled.
#[derive(Debug)]
pub struct Rules {
    finders: [PhraseFinder; 2],
    list: Vec<Rule>,
    /// Emotions with a rule, per language.
    covered: [Vec<Emotion>; 2],
}

#[derive(Debug)]
struct Rule {
    emotion: Emotion,
    probability: f32,
}

/// A phrase that gives an emotion away.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// The emotion.
    pub emotion: Emotion,
    /// The least probability that it has then.
    pub probability: f32,
    /// Positions of the phrase's tokens.
    pub tokens: Range<usize>,
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
        let covered = Lang::ALL.map(|lang| {
            let of_lang = file
                .rule
                .iter()
                .filter(|entry| !entry.phrases(lang).0.is_empty());
            let mut emotions: Vec<Emotion> = of_lang.map(|entry| entry.emotion).collect();
            emotions.sort_unstable();
            emotions.dedup();
            emotions
        });
        let rules = file.rule.iter().map(|entry| Rule {
            emotion: entry.emotion,
            probability: entry.probability,
        });
        let list = rules.collect();
        Ok(Self {
            finders,
            list,
            covered,
        })
    }

    /// Leaves emotions out in a language: no phrase gives them away any more.
    pub fn leave_out(&mut self, lang: Lang, emotions: &[Emotion]) {
        self.covered[lang as usize].retain(|emotion| !emotions.contains(emotion));
    }

    /// Raises the probability of each emotion that a phrase gives away, and marks it expressed.
    /// An emotion that only rules read is known, with probability 0, where no phrase stands.
    pub fn apply(&self, text: &Text<'_>, emotions: &mut Emotions, room: &mut Room) {
        for emotion in &self.covered[text.lang as usize] {
            if emotions.probability(*emotion).is_none() {
                emotions.set(*emotion, 0.0, false);
            }
        }
        for one in self.raised(text, room) {
            let known = emotions.probability(one.emotion).unwrap_or(0.0);
            let expressed = one.probability >= EXPRESSED_FROM || emotions.is_expressed(one.emotion);
            emotions.set(one.emotion, known.max(one.probability), expressed);
        }
    }

    /// The phrases of a text that give an emotion away, unless another forbids it.
    pub fn raised<'r>(
        &'r self,
        text: &Text<'_>,
        room: &'r mut Room,
    ) -> impl Iterator<Item = Raised> + 'r {
        self.finders[text.lang as usize].find(text.tokens, 0..text.tokens.len(), room);
        let found = &room.found;
        let naming = found.iter().filter(|one| {
            one.meaning % 2 == 0 && !found.iter().any(|other| other.meaning == one.meaning + 1)
        });
        let covered = &self.covered[text.lang as usize];
        naming.filter_map(|one| {
            let rule = &self.list[one.meaning as usize / 2];
            covered.contains(&rule.emotion).then_some(Raised {
                emotion: rule.emotion,
                probability: rule.probability,
                tokens: one.first as usize..one.last as usize,
            })
        })
    }
}
