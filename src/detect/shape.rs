//! What letters, beginnings and endings say, for the words that no list knows.

use super::votes::{CODES, Sums, Votes};
use rustc_hash::FxHashMap;
use std::ops::AddAssign;

const SHAPES: &str = include_str!("../../models/lang/shapes.txt");

/// The longest ending looked for, in letters.
const LONGEST: usize = 7;

/// Letters of a text, by script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    /// Latin letters.
    pub(super) latin: usize,
    /// Letters of any other script.
    pub(super) foreign: usize,
}

impl AddAssign for Letters {
    fn add_assign(&mut self, other: Self) {
        self.latin += other.latin;
        self.foreign += other.foreign;
    }
}

/// The votes of letters, beginnings and endings: `models/lang/shapes.txt`.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    letters: FxHashMap<char, Votes>,
    words: FxHashMap<&'static str, Votes>,
    starts: FxHashMap<&'static str, Votes>,
    ends: FxHashMap<&'static str, Votes>,
}

impl Shapes {
    pub(super) fn new() -> Self {
        let mut shapes = Self::default();
        for line in SHAPES.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split(' ');
            let kind = parts.next().unwrap_or_default();
            let languages = parts.next().unwrap_or_default();
            let weight = parts.next().and_then(|weight| weight.parse().ok());
            for piece in parts {
                let first = piece.chars().next().unwrap_or_default();
                let votes = match kind {
                    "letter" => shapes.letters.entry(first).or_default(),
                    "word" => shapes.words.entry(piece).or_default(),
                    "start" => shapes.starts.entry(piece).or_default(),
                    _ => shapes.ends.entry(piece).or_default(),
                };
                mark(votes, languages, weight);
            }
        }
        shapes
    }

    /// Adds the votes of the letters and marks of `text` that are not plain ASCII, once each, and
    /// counts its letters. `seen` holds those that voted, so that a text may come in pieces.
    pub(super) fn read_letters(
        &self,
        text: &str,
        seen: &mut Vec<char>,
        sums: &mut Sums,
    ) -> Letters {
        let mut letters = Letters::default();
        for letter in text.chars() {
            if letter.is_ascii() {
                letters.latin += usize::from(letter.is_ascii_alphabetic());
                continue;
            }
            if letter.is_alphabetic() {
                // The Latin blocks end at U+024F, those of Vietnamese and old letters aside.
                if matches!(u32::from(letter), 0..=0x24F | 0x1E00..=0x1EFF) {
                    letters.latin += 1;
                } else {
                    letters.foreign += 1;
                }
            }
            let lower = letter.to_lowercase().next().unwrap_or(letter);
            if let Some(votes) = self.letters.get(&lower)
                && !seen.contains(&lower)
            {
                seen.push(lower);
                sums.add(*votes);
            }
        }
        letters
    }

    /// Adds the votes of a word as it was typed.
    pub(super) fn read_typed(&self, word: &str, sums: &mut Sums) {
        if !word.is_ascii()
            && let Some(votes) = self.words.get(word.to_lowercase().as_str())
        {
            sums.add(*votes);
        }
    }

    /// Adds the votes of the beginning and the ending of a folded word.
    pub(super) fn read_word(&self, word: &str, sums: &mut Sums) {
        if let Some(at) = word.find('\'')
            && let Some(votes) = self.starts.get(&word[..=at])
        {
            sums.add(*votes);
        }
        let ends = word.char_indices().rev().take(LONGEST);
        let ends = ends.filter(|(at, _)| *at > 0);
        let known = ends.filter_map(|(at, _)| self.ends.get(&word[at..]));
        if let Some(votes) = known.last() {
            sums.add(*votes);
        }
    }
}

fn mark(votes: &mut Votes, languages: &str, weight: Option<u8>) {
    for language in languages.split(',') {
        if let Some(lane) = CODES.iter().position(|code| *code == language) {
            votes.add(lane, weight.unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_ending_counts() {
        let shapes = Shapes::new();
        for (word, code) in [
            ("desinformacion", "es"),
            ("desinformacao", "pt"),
            ("desinformacions", "ca"),
            ("disinformazione", "it"),
            ("wasn't", "en"),
            ("l'avituallament", "ca"),
            ("unglaublichkeit", "de"),
        ] {
            let mut sums = Sums::default();
            shapes.read_word(word, &mut sums);
            assert_eq!(CODES[sums.lead().first], code, "{word}");
        }
    }

    #[test]
    fn every_language_of_the_file_is_known() {
        for line in SHAPES.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split(' ').collect();
            assert!(
                ["letter", "word", "start", "end"].contains(&parts[0]),
                "{line}"
            );
            assert!(
                parts[1].split(',').all(|code| CODES.contains(&code)),
                "{line}"
            );
            assert!(parts[2].parse::<u8>().is_ok(), "{line}");
            let short = |piece: &&str| piece.chars().count() <= LONGEST;
            assert!(parts[0] != "end" || parts[3..].iter().all(short), "{line}");
        }
    }

    #[test]
    fn letters_are_counted_by_script() {
        let mut sums = Sums::default();
        let letters = Shapes::new().read_letters("Año 3 да!", &mut Vec::new(), &mut sums);
        assert_eq!((letters.latin, letters.foreign), (3, 2));
    }
}
