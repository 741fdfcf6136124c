//! What each known word says about the language: its votes, one per language.

use crate::text::{Token, Tokens, Vocabulary, WordMap};
use rustc_hash::FxHashMap;

/// The languages that have a word list, in the order of the votes; equal sums fall to the earlier.
/// The last is none of them: words that only other languages write.
pub(super) const CODES: [&str; LANES] = [
    "es", "en", "pt", "ca", "fr", "it", "de", "gl", "eu", "nl", "pl", "sv", "da", "ro", "tr",
    "other",
];
pub(super) const OTHER: usize = CODES.len() - 1;

const LISTS: [&str; CODES.len()] = [
    include_str!("../../models/lang/es.txt"),
    include_str!("../../models/lang/en.txt"),
    include_str!("../../models/lang/pt.txt"),
    include_str!("../../models/lang/ca.txt"),
    include_str!("../../models/lang/fr.txt"),
    include_str!("../../models/lang/it.txt"),
    include_str!("../../models/lang/de.txt"),
    include_str!("../../models/lang/gl.txt"),
    include_str!("../../models/lang/eu.txt"),
    include_str!("../../models/lang/nl.txt"),
    include_str!("../../models/lang/pl.txt"),
    include_str!("../../models/lang/sv.txt"),
    include_str!("../../models/lang/da.txt"),
    include_str!("../../models/lang/ro.txt"),
    include_str!("../../models/lang/tr.txt"),
    include_str!("../../models/lang/other.txt"),
];

/// One register of the machine: adding the votes of a word is one addition.
const LANES: usize = 16;

/// The languages whose lists were learned from texts and not written from memory.
const LEARNED: usize = 2;

/// What one word says: for each of [`CODES`] a weight, 0 to 7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Votes([u8; LANES]);

impl Votes {
    pub(super) fn add(&mut self, lane: usize, weight: u8) {
        self.0[lane] = self.0[lane].max(weight);
    }
}

/// The votes of a text's words, added up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums([u16; LANES]);

/// Who leads, and by how much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lead {
    /// Position in [`CODES`].
    pub(super) first: usize,
    /// Votes of the first.
    pub(super) votes: u16,
    /// Votes between the first and the second.
    pub(super) margin: u16,
}

impl Sums {
    pub(super) fn add(&mut self, votes: Votes) {
        for (sum, vote) in self.0.iter_mut().zip(votes.0) {
            *sum = sum.saturating_add(u16::from(vote));
        }
    }

    pub(super) fn give(&mut self, lane: usize, votes: u16) {
        self.0[lane] = self.0[lane].saturating_add(votes);
    }

    pub(super) fn lead(&self) -> Lead {
        // Two plain maxima: the compiler reads all lanes of a row at once.
        let most = |sums: &[u16; LANES]| sums.iter().copied().fold(0, u16::max);
        let votes = most(&self.0);
        let first = self.0.iter().position(|sum| *sum == votes).unwrap_or(0);
        let mut others = self.0;
        others[first] = 0;
        Lead {
            first,
            votes,
            margin: votes - most(&others),
        }
    }
}

/// The word lists of `models/lang/`, as one table.
#[derive(Clone, Debug)]
pub(super) struct WordVotes {
    table: WordMap<Votes>,
}

impl WordVotes {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let votes = votes_by_word();
        Self {
            table: WordMap::new(
                vocabulary,
                votes.iter().map(|(word, votes)| (*word, *votes)),
            ),
        }
    }

    /// The votes of the words among these tokens of a text, and how many words they are.
    pub(super) fn sum(&self, tokens: &Tokens, items: &[Token]) -> (Sums, u16) {
        let mut sums = Sums::default();
        let mut count = 0;
        for word in items.iter().filter(|item| item.is_word()) {
            sums.add(self.table.get(tokens, word));
            count += 1;
        }
        (sums, count)
    }

    /// True when some list knows the word.
    pub(super) fn knows(&self, tokens: &Tokens, word: &Token) -> bool {
        self.table.get(tokens, word) != Votes::default()
    }
}

/// Every word of the lists, for a vocabulary: with it, a token's votes are one table read.
pub fn words() -> impl Iterator<Item = &'static str> {
    LISTS
        .iter()
        .flat_map(|list| entries(list).map(|(_, word)| word))
}

/// The lists were written each by itself, so that a word two languages share may stand in one
/// with more weight than in the other. A word that Spanish or English really uses says nothing
/// between them and a third language that has it too: there it weighs the same. Only a word that is
/// among the commonest of the third ([`COMMONEST`]) and not common in them keeps its weight (*um*),
/// and so does one that is far commoner there (more than [`COMMONEST`]: *o* in Portuguese).
fn votes_by_word() -> FxHashMap<&'static str, Votes> {
    let mut votes: FxHashMap<&str, Votes> = FxHashMap::default();
    for (lane, list) in LISTS.iter().enumerate() {
        for (weight, word) in entries(list) {
            let known = votes.entry(word).or_default();
            let learned = known.0[..LEARNED].iter().max().copied().unwrap_or(0);
            let used = if weight < COMMONEST {
                REALLY_USED
            } else {
                COMMON
            };
            let ours = lane < LEARNED || learned < used || weight > COMMONEST;
            known.add(lane, if ours { weight } else { learned });
        }
    }
    votes
}

/// A learned weight below this may come from a few foreign texts among those learned from.
const REALLY_USED: u8 = 2;
/// A learned weight from which a word is common.
const COMMON: u8 = 4;
/// What the lists give to the commonest words of a language.
const COMMONEST: u8 = 5;

/// Weight and word of every entry: a line is a weight and the words that have it.
fn entries(list: &'static str) -> impl Iterator<Item = (u8, &'static str)> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| {
            let (weight, words) = line.split_once(' ').unwrap_or_default();
            let weight = weight.parse().unwrap_or(0);
            words.split(' ').map(move |word| (weight, word))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn every_list_is_folded_and_weighted() {
        for (code, list) in CODES.iter().zip(LISTS) {
            assert!(entries(list).count() > 100, "{code} is short");
            for (weight, word) in entries(list) {
                assert!((1..=7).contains(&weight), "{code}: weight of {word}");
                assert_eq!(fold(word), word, "{code}: {word} is not folded");
                assert!(!word.is_empty(), "{code}: two spaces");
            }
        }
    }

    #[test]
    fn shared_words_do_not_speak_against_spanish() {
        let votes = votes_by_word();
        for word in ["lento", "excelente", "nada", "caro"] {
            let votes = votes[word].0;
            assert!(votes[0] >= votes[2], "{word}: {votes:?}");
        }
    }

    #[test]
    fn the_lead_is_the_first_over_the_second() {
        let mut sums = Sums::default();
        sums.give(3, 9);
        sums.give(1, 7);
        sums.give(0, 7);
        let lead = sums.lead();
        assert_eq!((lead.first, lead.votes, lead.margin), (3, 9, 2));
    }
}
