//! Names of themes, taken from their own phrases.
//!
//! A phrase belongs to a theme as far as it is used more there than elsewhere: log-odds with a Dirichlet
//! prior, in standard errors ([`crate::driver::keyness`]). A phrase of several words names more than one word.

use super::phrase::{Phrase, Phrases};
use super::unit::Unit;
use crate::driver::keyness::{Keyness, Prior, Uses};
use crate::lang::Lang;
use rustc_hash::{FxHashMap, FxHashSet};

/// Imaginary uses of all phrases in the prior. A guess, as in the words of detractors.
const PRIOR: f64 = 500.0;
/// What each content word beyond the first is worth to a name.
const LENGTH: f64 = 0.2;
/// Standard errors from which a phrase belongs to a theme.
const BELONGS_FROM: f64 = 1.5;
/// What a word that is no noun is worth to a name.
const NO_NOUN: f64 = 0.35;
/// Share of the units that a language must have to give a name.
const SPOKEN_FROM: f64 = 0.2;
/// Share of those that a word must stand in to name them alone. A guess: a theme that is said in many ways
/// is called by two of its words, so that nobody takes one of them for all.
const ALONE_FROM: f64 = 0.1;
/// Share of those that each of two words must stand in.
const OFTEN_FROM: f64 = 0.04;
/// Between two words of one name.
const OR: &str = " / ";
/// Share of a phrase's units that must lie in the theme for it to find the theme elsewhere.
const TELLING_FROM: f64 = 0.6;
/// Phrases kept per theme and language.
const KEPT: usize = 12;

/// A phrase of a theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Own {
    /// Its position in [`Phrases::all`].
    pub phrase: u32,
    /// How much more it is used here than elsewhere, in standard errors.
    pub z: f64,
    /// Units of the theme it stands in.
    pub here: u32,
}

/// The phrases that belong to each of `count` themes, those that belong most first. `of` is the theme
/// of each unit.
pub fn own(phrases: &Phrases, of: &[Option<usize>], count: usize) -> Vec<Vec<Own>> {
    let mut here: Vec<FxHashMap<u32, u32>> = vec![FxHashMap::default(); count];
    let mut all_here = vec![0_u64; count];
    let mut all = 0_u64;
    for (unit, theme) in phrases.of.iter().zip(of) {
        all += unit.len() as u64;
        let Some(theme) = theme else { continue };
        all_here[*theme] += unit.len() as u64;
        for phrase in unit {
            *here[*theme].entry(*phrase).or_default() += 1;
        }
    }
    let one = |(counts, all_here): (FxHashMap<u32, u32>, u64)| {
        let mut own: Vec<Own> = counts
            .into_iter()
            .filter_map(|(phrase, here)| {
                let n = u64::from(phrases.all[phrase as usize].n);
                let uses = Uses {
                    here: u64::from(here),
                    all_here,
                    there: n - u64::from(here),
                    all_there: all - all_here,
                };
                let z = Keyness::of(&uses, Prior::pooled(&uses, PRIOR)?)?.z;
                (z >= BELONGS_FROM).then_some(Own { phrase, z, here })
            })
            .collect();
        let worth = |own: &Own| own.z * fitness(phrases, own);
        own.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.phrase.cmp(&b.phrase)));
        own
    };
    here.into_iter().zip(all_here).map(one).collect()
}

/// How well a phrase reads as a name.
fn fitness(phrases: &Phrases, own: &Own) -> f64 {
    let phrase = &phrases.all[own.phrase as usize];
    let length = 1.0 + LENGTH * (phrase.content - 1) as f64;
    if phrase.noun {
        length
    } else {
        NO_NOUN * length
    }
}

/// The phrases that find a theme in a language, folded: those of which most uses lie in it.
pub fn telling(phrases: &Phrases, own: &[Own], lang: Lang) -> Vec<String> {
    let tells = own.iter().filter(|one| {
        let phrase = &phrases.all[one.phrase as usize];
        let share = f64::from(one.here) / f64::from(phrase.n);
        phrase.lang == lang && phrase.noun && one.here >= 3 && share >= TELLING_FROM
    });
    tells
        .take(KEPT)
        .map(|one| phrases.all[one.phrase as usize].norm.to_string())
        .collect()
}

/// Names for themes, the first ones chosen first, no name twice in a language.
pub struct Namer<'n> {
    phrases: &'n Phrases,
    taken: FxHashSet<(Lang, Box<str>)>,
}

impl<'n> Namer<'n> {
    /// Takes names from these phrases.
    pub fn new(phrases: &'n Phrases) -> Self {
        Self {
            phrases,
            taken: FxHashSet::default(),
        }
    }

    /// The Spanish and the English name of what is to be called something. Where a language has none, that
    /// of the other stands for both.
    pub fn name(&mut self, body: &Body<'_>) -> [String; 2] {
        let names = Lang::ALL.map(|lang| self.in_lang(body, lang));
        let said = |unit: &&Unit| shortened(&unit.text);
        let fallback = || body.typical.first().map(said).unwrap_or_default();
        match names {
            [Some(es), Some(en)] => [es, en],
            [Some(one), None] | [None, Some(one)] => [one.clone(), one],
            [None, None] => [fallback(), fallback()],
        }
    }

    fn in_lang(&mut self, body: &Body<'_>, lang: Lang) -> Option<String> {
        let spoken = body.by_lang[lang as usize];
        let all: usize = body.by_lang.iter().sum();
        if (spoken as f64) < SPOKEN_FROM * all as f64 {
            return None;
        }
        let often = |share: f64| (share * spoken as f64).max(2.0);
        let free: Vec<(&Own, &Phrase)> = body
            .own
            .iter()
            .map(|one| (one, &self.phrases.all[one.phrase as usize]))
            .filter(|(one, phrase)| {
                let is_free = !self.taken.contains(&(lang, phrase.written.clone()));
                phrase.lang == lang && f64::from(one.here) >= often(OFTEN_FROM) && is_free
            })
            .collect();
        let nouns: Vec<(&Own, &Phrase)> =
            free.iter().filter(|(_, one)| one.noun).copied().collect();
        let alone = nouns
            .iter()
            .find(|(one, _)| f64::from(one.here) >= often(ALONE_FROM));
        let words = match alone {
            Some((_, phrase)) => vec![&*phrase.written],
            None => two(if nouns.is_empty() { &free } else { &nouns }),
        };
        if words.is_empty() {
            return None;
        }
        let name = words.join(OR);
        let taken: Vec<Box<str>> = words.into_iter().map(Box::from).collect();
        self.taken
            .extend(taken.into_iter().map(|word| (lang, word)));
        Some(capitalized(&name))
    }
}

/// The first phrase, and the next that says something else.
fn two<'p>(own: &[(&Own, &'p Phrase)]) -> Vec<&'p str> {
    let mut written = own.iter().map(|(_, phrase)| &*phrase.written);
    let Some(first) = written.next() else {
        return Vec::new();
    };
    let other = written.find(|other| !first.contains(other) && !other.contains(first));
    std::iter::once(first).chain(other).collect()
}

/// What is to be called something.
pub struct Body<'b> {
    /// Its own phrases, those that belong most first.
    pub own: &'b [Own],
    /// Its units in each language.
    pub by_lang: [usize; 2],
    /// Typical units.
    pub typical: &'b [&'b Unit],
}

/// With a capital letter at its beginning.
pub fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The first words of a unit.
fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(5).collect();
    let words = words.join(" ");
    words
        .trim_matches(|one: char| !one.is_alphanumeric())
        .to_owned()
}
