//! The learning of the Spanish and English word lists from texts whose language is known.

use crate::lang::Lang;
use crate::text::{Kind, Tokens};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Counts the words of texts in Spanish and English, and weighs them against each other.
///
/// The weight of a word in the language that uses it more is ln(1 + share / 3e-6), at most 5; in
/// the other language as much less as the odds between the two say (the natural logarithm of the
/// quotient of the shares). So the difference of two weights is the evidence for one against the
/// other, and a word that both use still speaks against a third language. A share is a word's
/// part of the words of a set, averaged over the sets of a language, so that one large set does
/// not outvote the others. Words of fewer than four sets, and names, get none.
#[derive(Clone, Debug, Default)]
pub struct Learner {
    words: FxHashMap<Box<str>, Seen>,
    sets: Vec<Set>,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    /// Times seen, by the set's number.
    times: Vec<(usize, u32)>,
    /// Times seen inside a sentence with and without a capital: names have one.
    capital: u32,
    small: u32,
}

#[derive(Clone, Debug)]
struct Set {
    name: String,
    lang: Lang,
    words: u64,
}

/// A share of all words that is taken for chance: about what one odd source in ten makes of a
/// word by using it once in forty thousand words. A guess; it makes rare words weigh less.
const CHANCE: f64 = 3e-6;
/// The least share of all words of a word worth a line.
const RAREST: f64 = 4e-6;
/// The fewest sets that must know a word, at least twice each: others are names and subjects.
const FEWEST_SETS: usize = 4;
/// The heaviest weight: no word alone settles a text.
const HEAVIEST: f64 = 5.0;
/// A word written with a capital this many times as often as without is a name.
const NAME: f64 = 1.5;

impl Learner {
    /// Nothing learned yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns from one text of a set.
    pub fn read(&mut self, lang: Lang, set: &str, text: &str, tokens: &Tokens) {
        let set = self.set(lang, set);
        let mut inside = false;
        for token in tokens.as_slice() {
            if token.is_word() {
                let seen = match self.words.get_mut(tokens.norm(token)) {
                    Some(seen) => seen,
                    None => self.words.entry(tokens.norm(token).into()).or_default(),
                };
                match seen.times.last_mut() {
                    Some((last, times)) if *last == set => *times += 1,
                    _ => seen.times.push((set, 1)),
                }
                let first = text[token.span()].chars().next().unwrap_or(' ');
                if inside && !token.capitals && token.kind == Kind::Word {
                    if first.is_uppercase() {
                        seen.capital += 1;
                    } else {
                        seen.small += 1;
                    }
                }
                self.sets[set].words += 1;
            }
            inside = token.is_word() && !token.ends_sentence;
        }
    }

    fn set(&mut self, lang: Lang, name: &str) -> usize {
        let known = |set: &Set| set.lang == lang && set.name == name;
        self.sets.iter().rposition(known).unwrap_or_else(|| {
            self.sets.push(Set {
                name: name.to_owned(),
                lang,
                words: 0,
            });
            self.sets.len() - 1
        })
    }

    /// The list of `lang` as its file: lines of a weight and the words that have it.
    pub fn list(&self, lang: Lang) -> String {
        let mut by_weight: BTreeMap<u8, Vec<&str>> = BTreeMap::new();
        for (word, seen) in &self.words {
            if let Some(weight) = self.weight(lang, word, seen) {
                by_weight.entry(weight).or_default().push(word);
            }
        }
        let mut list = String::new();
        for (weight, mut words) in by_weight.into_iter().rev() {
            words.sort_unstable();
            write_lines(weight, &words, &mut list);
        }
        list
    }

    fn weight(&self, lang: Lang, word: &str, seen: &Seen) -> Option<u8> {
        let letters = |letter: char| letter.is_alphabetic() || letter == '\'';
        let known_by = |set: &&(usize, u32)| set.1 > 1 && self.sets[set.0].lang == lang;
        let share = self.share(lang, seen);
        if share < RAREST
            || !word.chars().all(letters)
            || seen.times.iter().filter(known_by).count() < FEWEST_SETS
            || is_name(word, seen)
        {
            return None;
        }
        let others = Lang::ALL.into_iter().filter(|other| *other != lang);
        let elsewhere: f64 = others.map(|other| self.share(other, seen)).sum();
        let odds = ((share + CHANCE) / (elsewhere + CHANCE)).ln();
        let more = (1.0 + share.max(elsewhere) / CHANCE).ln().min(HEAVIEST);
        let weight = (more + odds.min(0.0)).round();
        (weight >= 1.0).then_some(weight as u8)
    }

    fn share(&self, lang: Lang, seen: &Seen) -> f64 {
        let sets = self.sets.iter().filter(|set| set.lang == lang).count();
        let shares = seen
            .times
            .iter()
            .filter(|(set, _)| self.sets[*set].lang == lang);
        let shares = shares.map(|(set, times)| f64::from(*times) / self.sets[*set].words as f64);
        shares.sum::<f64>() / sets.max(1) as f64
    }
}

/// *I* and *I'm* are no names.
fn is_name(word: &str, seen: &Seen) -> bool {
    let letters = word
        .split('\'')
        .next()
        .map_or(0, |part| part.chars().count());
    letters > 1 && f64::from(seen.capital) > NAME * f64::from(seen.small)
}

/// The width of a line of a word list, in letters.
const WIDTH: usize = 96;

fn write_lines(weight: u8, words: &[&str], list: &mut String) {
    let mut width = 0;
    for word in words {
        let letters = word.chars().count() + 1;
        if width == 0 || width + letters > WIDTH {
            if width > 0 {
                list.push('\n');
            }
            list.push_str(&weight.to_string());
            width = 1;
        }
        list.push(' ');
        list.push_str(word);
        width += letters;
    }
    list.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Tokenizer, Vocabulary};
    use std::sync::Arc;

    #[test]
    fn telling_words_weigh_and_names_do_not() {
        let tokenizer = Tokenizer::new(Arc::new(Vocabulary::default()));
        let mut learner = Learner::new();
        for set in ["a", "b", "c", "d"] {
            for (lang, text) in [
                (Lang::Es, "pero con no con Lucía y pero no, Lucía"),
                (Lang::En, "with no and with Lucy no and, Lucy"),
            ] {
                learner.read(lang, set, text, &tokenizer.tokenize(text));
            }
        }
        assert_eq!(learner.list(Lang::Es), "5 con no pero\n");
        assert_eq!(learner.list(Lang::En), "5 and no with\n");
    }
}
