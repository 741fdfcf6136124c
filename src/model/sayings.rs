//! Sayings: phrases that tell an opinion whatever their words are, such as *no me puedo quejar*, *far
//! from helpful*, an idiom of a country, an emoji or a score. A linear model adds up words; of what these
//! say it hears as features of their own, and learns how far to believe them.
//!
//! `models/text/sayings.toml` lists them by language. Where two overlap the longer one counts, so that
//! *not bad* is not *bad*, and *no dejan de fallar* is not *dejan de fallar*.

mod told;

use super::Text;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::phrase::{Found, PhraseFinder, Room};
use crate::sentiment::Polarity;
use crate::text::Vocabulary;
use crate::text::letters::{hash, mix};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use told::Scores;

/// The sayings of both languages, compiled.
#[derive(Debug)]
pub struct Sayings {
    finders: [PhraseFinder; 2],
    /// The hashes of the features of each.
    told: Vec<[u32; FEATURES]>,
    scores: [Scores; 2],
}

/// A saying in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its last token.
    pub last: usize,
    /// How many tokens it has.
    pub tokens: u8,
    /// Of what it says, and of that with its kind.
    pub hashes: [u32; FEATURES],
}

/// Features of a saying: one of what it says, the others of that with its kind. A weight has one byte, and a
/// saying outweighs whole words: it is spread over several.
const FEATURES: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    class: BTreeMap<String, ByLang>,
    saying: Vec<Entry>,
    score: told::File,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByLang {
    #[serde(default)]
    es: Vec<String>,
    #[serde(default)]
    en: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// What the sayings have in common: how far a kind is to be believed is learned.
    kind: String,
    says: Polarity,
    #[serde(default)]
    es: Vec<String>,
    #[serde(default)]
    en: Vec<String>,
}

/// The list of a language.
fn of<'l>(lang: Lang, es: &'l [String], en: &'l [String]) -> impl Iterator<Item = &'l str> {
    let list = match lang {
        Lang::Es => es,
        Lang::En => en,
    };
    list.iter().map(String::as_str)
}

impl Sayings {
    /// The sayings that ship with the program.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the shipped file is damaged; a test keeps that from being
    /// shipped.
    pub fn shipped(vocabulary: &Vocabulary) -> Result<Self> {
        Self::new(include_str!("../../models/text/sayings.toml"), vocabulary)
    }

    fn new(toml: &str, vocabulary: &Vocabulary) -> Result<Self> {
        let file: File = toml::from_str(toml).map_err(|error| {
            Error::model("not a file of sayings")
                .at("models/text/sayings.toml")
                .caused_by(error)
        })?;
        let compile = |lang: Lang| {
            let classes = file.class.iter().flat_map(|(class, words)| {
                of(lang, &words.es, &words.en).map(move |word| (class.as_str(), word))
            });
            // Of two that stand on the same words the one without a gap is meant: it comes first.
            let gaps = file.saying.len() as u32;
            let phrases = (0..).zip(&file.saying).flat_map(|(at, entry)| {
                let meaning = move |phrase: &str| at + if phrase.contains('*') { gaps } else { 0 };
                of(lang, &entry.es, &entry.en).map(move |phrase| (phrase, meaning(phrase)))
            });
            PhraseFinder::with_classes(lang, vocabulary, classes, phrases)
        };
        let told = file.saying.iter();
        Ok(Self {
            finders: [compile(Lang::Es)?, compile(Lang::En)?],
            told: told
                .map(|entry| features(entry.says, &entry.kind))
                .collect(),
            scores: Lang::ALL.map(|lang| Scores::new(&file.score, lang)),
        })
    }

    /// Tells `hear` every saying that stands in `range` of a text, in the order in which they end.
    pub fn find(
        &self,
        text: &Text<'_>,
        range: Range<usize>,
        room: &mut Room,
        mut hear: impl FnMut(Said),
    ) {
        let score = self.scores[text.lang as usize].last(text, range.clone());
        self.finders[text.lang as usize].find(text.tokens, range, room);
        let found = &mut room.found;
        // *Five stars* out of *five out of ten stars* says nothing.
        if let Some((tokens, _)) = &score {
            let apart =
                |one: &Found| one.last as usize <= tokens.start || one.first as usize >= tokens.end;
            found.retain(apart);
        }
        keep_longest(found);
        for one in found.iter() {
            hear(Said {
                last: one.last as usize - 1,
                tokens: (one.last - one.first) as u8,
                hashes: self.told[one.meaning as usize % self.told.len()],
            });
        }
        if let Some((tokens, says)) = score {
            hear(Said {
                last: tokens.end - 1,
                tokens: tokens.len() as u8,
                hashes: features(says, "score"),
            });
        }
    }
}

/// The hashes of the features of a saying.
fn features(says: Polarity, kind: &str) -> [u32; FEATURES] {
    /// Told apart from every word.
    const SAYING: u32 = 0x5341_5953;
    let plain = mix(SAYING + says as u32);
    let of_kind = |at| mix((plain ^ hash(kind.as_bytes())).wrapping_add(at));
    let mut all = [plain; FEATURES];
    for (at, feature) in (0..).zip(&mut all[1..]) {
        *feature = of_kind(at);
    }
    all
}

/// Keeps the longest of the phrases that overlap, of equals the first, and of those on the same words the
/// one with the least meaning.
fn keep_longest(found: &mut Vec<Found>) {
    if found.len() < 2 {
        return;
    }
    found.sort_unstable_by_key(|one| {
        let length = one.last - one.first;
        (std::cmp::Reverse(length), one.first, one.meaning)
    });
    let mut kept = 0;
    for at in 0..found.len() {
        let one = found[at];
        let overlaps = |other: &Found| one.first < other.last && other.first < one.last;
        if !found[..kept].iter().any(overlaps) {
            found[kept] = one;
            kept += 1;
        }
    }
    found.truncate(kept);
    found.sort_unstable();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Tokenizer;
    use std::sync::Arc;

    fn said(lang: Lang, text: &str) -> Vec<Polarity> {
        let vocabulary = Arc::new(Vocabulary::new(["no"]));
        let sayings = Sayings::shipped(&vocabulary).unwrap();
        let tokens = Tokenizer::new(vocabulary).tokenize(text);
        let text = Text {
            lang,
            text,
            tokens: &tokens,
            clauses: &[],
        };
        let mut heard = Vec::new();
        sayings.find(&text, 0..tokens.len(), &mut Room::default(), |one| {
            let says = Polarity::ALL.into_iter();
            heard.extend(says.filter(|says| one.hashes[0] == features(*says, "")[0]));
        });
        heard
    }

    #[test]
    fn the_longer_of_two_counts() {
        assert_eq!(said(Lang::En, "far from rude"), [Polarity::Positive]);
        assert_eq!(said(Lang::En, "rude"), []);
        assert_eq!(
            said(Lang::Es, "la app no deja de fallar"),
            [Polarity::Negative]
        );
        assert_eq!(
            said(Lang::Es, "la app ha dejado de fallar"),
            [Polarity::Positive]
        );
    }

    #[test]
    fn scores_are_read() {
        for (lang, text, says) in [
            (Lang::En, "I give this shop a 3/10", Polarity::Negative),
            (Lang::En, "four out of five stars", Polarity::Positive),
            (Lang::En, "a six out of ten", Polarity::Neutral),
            (Lang::Es, "le doy un 9", Polarity::Positive),
            (Lang::Es, "una estrella", Polarity::Negative),
            (Lang::Es, "⭐⭐⭐", Polarity::Neutral),
        ] {
            assert_eq!(said(lang, text), [says], "{text}");
        }
        for text in [
            "hotel de 4 estrellas",
            "llegó en 3 de los 5 días",
            "pedí 2",
            "24/7",
        ] {
            assert_eq!(said(Lang::Es, text), [], "{text}");
        }
    }
}
