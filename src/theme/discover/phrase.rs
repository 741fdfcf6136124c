//! Candidate phrases: nouns and groups of nouns that customers use, and how often.
//!
//! No grammar is known. A word that often follows an article or the like is taken for a noun; one that is
//! mostly written with a capital is taken for a name and left out. A phrase begins and ends with a
//! word that says something, and its head (the first word in Spanish, the last in English) is a noun.
//! Inflections are one phrase: *tiempo de espera* and *tiempos de espera*.

use super::unit::{Unit, Word};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::phrase::Stems;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// Words of a phrase at most, those between counted.
const LONGEST: usize = 4;
/// Share of a noun's uses that follow a determiner, at least. Read off comments: *amable* is at .02,
/// *espera* at .4.
const NOUN_FROM: f32 = 0.12;
/// Share of a name's uses that are written with a capital, at least.
const NAME_FROM: f32 = 0.5;
/// Units a phrase must stand in, and the share of all.
const RARE_BELOW: u32 = 2;
const RARE_SHARE: f64 = 5e-5;

#[derive(Deserialize)]
struct TopicFile {
    es: WordLists,
    en: WordLists,
}

#[derive(Deserialize)]
struct WordLists {
    determiners: FxHashSet<Box<str>>,
    links: FxHashSet<Box<str>>,
    stop: FxHashSet<Box<str>>,
}

/// How a word of one language is used in the units.
#[derive(Clone, Copy, Debug, Default)]
struct Use {
    n: u32,
    after_determiner: u32,
    /// Uses where a capital would show, and those with one.
    inside: u32,
    capital: u32,
}

/// A phrase, all its inflections together.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// Its language.
    pub lang: Lang,
    /// Its most used form, in small letters, with accents.
    pub written: Box<str>,
    /// Its most used form, folded.
    pub norm: Box<str>,
    /// Words that say something.
    pub content: usize,
    /// Its head is a noun.
    pub noun: bool,
    /// Units it stands in.
    pub n: u32,
}

/// The phrases of a sample of units.
#[derive(Debug)]
pub struct Phrases {
    /// Every phrase that stands in enough units; in the order of their keys.
    pub all: Vec<Phrase>,
    /// Positions of the phrases of each unit, ascending.
    pub of: Vec<Vec<u32>>,
}

/// What a form of a phrase is called while it is counted.
type Form = (Box<str>, Box<str>);

/// The forms of a phrase with their counts, its content words, and the units it stands in.
#[derive(Default)]
struct Counted {
    forms: FxHashMap<Form, u32>,
    content: usize,
    noun: bool,
    units: Vec<u32>,
}

impl Phrases {
    /// The phrases of some units.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the shipped list of words is damaged.
    pub fn of(units: &[Unit]) -> Result<Self> {
        let file: TopicFile = toml::from_str(include_str!("../../../models/text/topics.toml"))
            .map_err(|error| Error::model("models/text/topics.toml").caused_by(error))?;
        let (es, en) = rayon::join(
            || counted(Lang::Es, &file.es, units),
            || counted(Lang::En, &file.en, units),
        );
        let mut counted: Vec<((Lang, String), Counted)> = es;
        counted.extend(en);
        counted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut of = vec![Vec::new(); units.len()];
        for (number, (_, one)) in (0..).zip(&counted) {
            one.units
                .iter()
                .for_each(|unit| of[*unit as usize].push(number));
        }
        let all = counted
            .into_iter()
            .map(|((lang, _), one)| one.phrase(lang))
            .collect();
        Ok(Self { all, of })
    }
}

/// The phrases of one language that stand in enough units, with their keys; in no order.
fn counted(lang: Lang, lists: &WordLists, units: &[Unit]) -> Vec<((Lang, String), Counted)> {
    let finder = Finder::new(lang, lists, units);
    let mut found: FxHashMap<String, Counted> = FxHashMap::default();
    let own = (0..).zip(units).filter(|(_, unit)| unit.lang == lang);
    for (at, unit) in own {
        finder.read(at, &unit.words, &mut found);
    }
    let least = RARE_BELOW.max((RARE_SHARE * units.len() as f64) as u32) as usize;
    let often = found
        .into_iter()
        .filter(|(_, one)| one.units.len() >= least);
    often.map(|(key, one)| ((lang, key), one)).collect()
}

impl Counted {
    fn phrase(self, lang: Lang) -> Phrase {
        let most = self
            .forms
            .iter()
            .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let (written, norm) = most.map(|(form, _)| form.clone()).unwrap_or_default();
        Phrase {
            lang,
            written,
            norm,
            content: self.content,
            noun: self.noun,
            n: self.units.len() as u32,
        }
    }
}

/// Finds the phrases of one language.
struct Finder<'f> {
    lang: Lang,
    lists: &'f WordLists,
    uses: FxHashMap<&'f str, Use>,
    stems: Stems,
}

impl<'f> Finder<'f> {
    fn new(lang: Lang, lists: &'f WordLists, units: &'f [Unit]) -> Self {
        let mut uses: FxHashMap<&str, Use> = FxHashMap::default();
        for unit in units.iter().filter(|unit| unit.lang == lang) {
            for (at, word) in unit.words.iter().enumerate() {
                let one = uses.entry(&word.norm).or_default();
                one.n += 1;
                one.inside += u32::from(at > 0);
                one.capital += u32::from(word.capital);
                let before = at.checked_sub(1).map(|before| &unit.words[before].norm);
                let led = before.is_some_and(|before| lists.determiners.contains(before));
                one.after_determiner += u32::from(led && word.joined);
            }
        }
        Self {
            lang,
            lists,
            uses,
            stems: Stems::new(lang),
        }
    }

    fn used(&self, word: &Word) -> Use {
        self.uses.get(&*word.norm).copied().unwrap_or_default()
    }

    fn is_noun(&self, word: &Word) -> bool {
        let one = self.used(word);
        one.after_determiner >= 2 && one.after_determiner as f32 >= NOUN_FROM * one.n as f32
    }

    fn is_name(&self, word: &Word) -> bool {
        let one = self.used(word);
        one.capital > 0 && one.capital as f32 >= NAME_FROM * one.inside as f32
    }

    /// True for a word that says something.
    fn is_content(&self, word: &Word) -> bool {
        let letters = word.norm.chars().count() >= 3 && word.norm.chars().all(char::is_alphabetic);
        letters && !self.lists.stop.contains(&word.norm) && !self.is_name(word)
    }

    /// Counts the phrases of a unit, each once.
    fn read(&self, unit: u32, words: &[Word], found: &mut FxHashMap<String, Counted>) {
        for first in 0..words.len() {
            if !self.is_content(&words[first]) {
                continue;
            }
            let most = words.len().min(first + LONGEST);
            for last in first..most {
                if last > first && !words[last].joined {
                    break;
                }
                if self.is_phrase(&words[first..=last]) {
                    self.count(unit, &words[first..=last], found);
                }
            }
        }
    }

    fn is_phrase(&self, words: &[Word]) -> bool {
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return false;
        };
        let head = if self.lang == Lang::Es { first } else { last };
        let inside = &words[1.min(words.len() - 1)..words.len() - 1];
        // One word says something even if it is no noun.
        (words.len() == 1 || self.is_noun(head))
            && self.is_content(last)
            && inside
                .iter()
                .all(|word| self.lists.links.contains(&word.norm) || self.is_content(word))
    }

    fn count(&self, unit: u32, words: &[Word], found: &mut FxHashMap<String, Counted>) {
        let content: Vec<&Word> = words.iter().filter(|word| self.is_content(word)).collect();
        let mut stems: Vec<String> = content
            .iter()
            .map(|word| self.stems.of(&word.norm))
            .collect();
        stems.sort_unstable();
        let one = found.entry(stems.join(" ")).or_default();
        if one.units.last() == Some(&unit) {
            return;
        }
        let form = |part: fn(&Word) -> &str| words.iter().map(part).collect::<Vec<_>>().join(" ");
        let form = (form(|word| &word.written), form(|word| &word.norm));
        *one.forms.entry((form.0.into(), form.1.into())).or_default() += 1;
        one.content = content.len();
        one.noun |= words.len() > 1 || self.is_noun(&words[0]);
        one.units.push(unit);
    }
}
