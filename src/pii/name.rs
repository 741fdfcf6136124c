//! Names of people, by `models/pii/names.toml`: an option, for no form and no check tells a name from a word.
//!
//! A name is what stands where comments put one: *me atendió …*, *my agent was …*, *atte. …*.

use super::{Pii, Span};
use crate::text::fold;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// The most words of a name, particles left out.
const MOST_WORDS: usize = 4;
/// The most words between a phrase and the name after it.
const WORDS_BETWEEN: usize = 4;
/// The longest word that a full stop shortens: *atte.*, *srta.*
const LONGEST_ABBREVIATION: usize = 4;

/// What a phrase says of the words after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phrase {
    /// A name follows.
    Names,
    /// A name follows if it begins with a known one.
    NamesKnown,
    /// A signature follows, perhaps after a comma or on a new line.
    Closes,
}

/// The words of a phrase before its last one, from the last to the first, and what the phrase says.
type Ending = (Vec<Box<str>>, Phrase);

/// How comments name people.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// By the last word of a phrase.
    phrases: FxHashMap<Box<str>, Vec<Ending>>,
    between: FxHashSet<Box<str>>,
    particles: FxHashSet<Box<str>>,
    and: FxHashSet<Box<str>>,
    not: FxHashSet<Box<str>>,
    words: FxHashSet<Box<str>>,
    given: FxHashSet<Box<str>>,
}

#[derive(Deserialize)]
struct Lists {
    before: Vec<String>,
    before_known: Vec<String>,
    closing: Vec<String>,
    between: FxHashSet<Box<str>>,
    particles: FxHashSet<Box<str>>,
    and: FxHashSet<Box<str>>,
    not: FxHashSet<Box<str>>,
    words: FxHashSet<Box<str>>,
    given: FxHashSet<Box<str>>,
}

/// A word of a text.
struct Word<'t> {
    start: usize,
    end: usize,
    text: &'t str,
    folded: String,
}

impl Word<'_> {
    fn is_title(&self) -> bool {
        let mut characters = self.text.chars();
        characters.next().is_some_and(char::is_uppercase)
            && characters.next().is_some_and(char::is_lowercase)
    }

    fn is_capitals(&self) -> bool {
        self.text.chars().nth(1).is_some() && self.text.chars().all(|one| !one.is_lowercase())
    }
}

impl Names {
    /// From the lists, in TOML.
    pub(super) fn read(lists: &str) -> Result<Self, toml::de::Error> {
        let lists: Lists = toml::from_str(lists)?;
        let mut phrases: FxHashMap<Box<str>, Vec<Ending>> = FxHashMap::default();
        for (list, phrase) in [
            (lists.before, Phrase::Names),
            (lists.before_known, Phrase::NamesKnown),
            (lists.closing, Phrase::Closes),
        ] {
            for words in list {
                let mut words = words.rsplit(' ').map(Box::from);
                if let Some(last) = words.next() {
                    phrases
                        .entry(last)
                        .or_default()
                        .push((words.collect(), phrase));
                }
            }
        }
        for list in phrases.values_mut() {
            // The longest first: *my agent was* before *agent*.
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Ok(Self {
            phrases,
            between: lists.between,
            particles: lists.particles,
            and: lists.and,
            not: lists.not,
            words: lists.words,
            given: lists.given,
        })
    }

    /// Adds the names in a part of a text that starts at byte `start`.
    pub(super) fn find(&self, part: &str, start: usize, spans: &mut Vec<Span>) {
        let words = words(part);
        let mut at = 1;
        while at < words.len() {
            let Some(end) = self.name_at(part, &words, at) else {
                at += 1;
                continue;
            };
            spans.push(Span {
                start: start + words[at].start,
                end: start + words[end - 1].end,
                pii: Pii::Name,
            });
            at = end.max(at + 1);
            // *Laura y Pedro*
            while let Some(next) = self.name_after_and(part, &words, at) {
                spans.push(Span {
                    start: start + words[at + 1].start,
                    end: start + words[next - 1].end,
                    pii: Pii::Name,
                });
                at = next;
            }
        }
    }

    /// The word after the name that begins at word `at`, if a phrase says that one does.
    fn name_at(&self, part: &str, words: &[Word<'_>], at: usize) -> Option<usize> {
        let first = words.get(at)?;
        let known = self.given.contains(first.folded.as_str());
        let title = first.is_title() && !self.not.contains(first.folded.as_str());
        let plain = known && !self.words.contains(first.folded.as_str());
        if !title && !plain {
            return None;
        }
        let phrase = self.phrase_before(part, words, at)?;
        let begins = match phrase {
            Phrase::Names | Phrase::Closes => true,
            Phrase::NamesKnown => known && (title || first.is_capitals()),
        };
        begins.then(|| self.end_of(part, words, at))
    }

    fn name_after_and(&self, part: &str, words: &[Word<'_>], at: usize) -> Option<usize> {
        let (and, first) = (words.get(at)?, words.get(at + 1)?);
        let joined = self.and.contains(and.folded.as_str())
            && is_space(&part[words.get(at.checked_sub(1)?)?.end..and.start])
            && is_space(&part[and.end..first.start]);
        let known = first.is_title() && self.given.contains(first.folded.as_str());
        (joined && known).then(|| self.end_of(part, words, at + 1))
    }

    /// What the nearest phrase before word `at` says, with nothing but words of `between` after it.
    fn phrase_before(&self, part: &str, words: &[Word<'_>], at: usize) -> Option<Phrase> {
        let mut right = words.get(at)?.start;
        let mut comma = false;
        for place in (at.saturating_sub(1 + WORDS_BETWEEN)..at).rev() {
            let word = words.get(place)?;
            let gap = &part[word.end..right];
            let stops = gap
                .chars()
                .any(|one| !matches!(one, ' ' | '\u{a0}' | ':' | '.' | ',' | '\n' | '\r' | '-'));
            comma |= gap.contains([',', '\n', '-'])
                || (gap.contains('.') && word.text.chars().count() > LONGEST_ABBREVIATION);
            if stops {
                return None;
            }
            let phrase = self.phrase_at(part, words, place);
            match phrase {
                Some(Phrase::Closes) => return phrase,
                Some(_) if !comma => return phrase,
                _ => {}
            }
            if !self.between.contains(word.folded.as_str()) {
                return None;
            }
            right = word.start;
        }
        None
    }

    /// The phrase that ends with word `last`.
    fn phrase_at(&self, part: &str, words: &[Word<'_>], last: usize) -> Option<Phrase> {
        let phrases = self.phrases.get(words.get(last)?.folded.as_str())?;
        let fits = |before: &[Box<str>]| {
            before.iter().enumerate().all(|(back, word)| {
                let place = last.checked_sub(back + 1);
                let found =
                    place.and_then(|place| Some((words.get(place)?, words.get(place + 1)?)));
                found.is_some_and(|(found, after)| {
                    found.folded == **word && is_space(&part[found.end..after.start])
                })
            })
        };
        phrases
            .iter()
            .find(|(before, _)| fits(before))
            .map(|(_, phrase)| *phrase)
    }

    /// The word after a name that begins at word `at`.
    fn end_of(&self, part: &str, words: &[Word<'_>], at: usize) -> usize {
        let mut end = at + 1;
        let mut count = 1;
        let follows = |place: usize| {
            place > 0
                && words
                    .get(place)
                    .is_some_and(|word| is_space(&part[words[place - 1].end..word.start]))
        };
        let is_name = |place: usize| {
            words.get(place).is_some_and(|word| {
                let known = self.given.contains(word.folded.as_str());
                (word.is_title() && !self.not.contains(word.folded.as_str()))
                    || (known && word.is_capitals())
            })
        };
        while count < MOST_WORDS {
            let mut next = end;
            while next < end + 2
                && follows(next)
                && words
                    .get(next)
                    .is_some_and(|word| self.particles.contains(word.folded.as_str()))
                && !is_name(next)
            {
                next += 1;
            }
            if !follows(next) || !is_name(next) {
                break;
            }
            end = next + 1;
            count += 1;
        }
        end
    }
}

fn is_space(gap: &str) -> bool {
    matches!(gap, " " | "\u{a0}")
}

/// The words of a text: letters, with apostrophes and hyphens inside.
fn words(part: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = part;
    let mut from = 0;
    while let Some(begin) = rest.find(char::is_alphabetic) {
        let mut length = 0;
        let mut joined = false;
        for (at, character) in rest[begin..].char_indices() {
            if character.is_alphabetic() {
                length = at + character.len_utf8();
                joined = false;
            } else if !joined && matches!(character, '\'' | '’' | '-') {
                joined = true;
            } else {
                break;
            }
        }
        let (start, end) = (from + begin, from + begin + length);
        let text = &part[start..end];
        words.push(Word {
            start,
            end,
            text,
            folded: fold(text).replace('’', "'"),
        });
        from = end;
        rest = &part[end..];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_folded_and_words_are_given_names() {
        let lists: Lists = toml::from_str(include_str!("../../models/pii/names.toml")).unwrap();
        let phrases = lists
            .before
            .iter()
            .chain(&lists.before_known)
            .chain(&lists.closing);
        let all = phrases
            .map(|one| &**one)
            .chain(lists.given.iter().map(|one| &**one));
        for word in all.chain(lists.not.iter().map(|one| &**one)) {
            assert_eq!(fold(word), word);
        }
        for word in &lists.not {
            assert!(
                !lists.given.contains(word) || &**word == "ella",
                "{word} in two lists"
            );
        }
    }
}
