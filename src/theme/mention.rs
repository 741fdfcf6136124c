//! A mention: a theme found in a clause.

use super::{Leaning, Taxonomy};
use crate::error::Result;
use crate::lang::Lang;
use crate::phrase::{PhraseFinder, Room, keep_longest};
use crate::sentiment::Polarity;
use crate::text::{Tokens, Vocabulary};
use std::ops::Range;

/// A theme named in a text. Themes are given by their positions in the taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Position in [`Taxonomy::themes`].
    pub theme: u16,
    /// First byte of the words that name it.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// The sentiment of its clause.
    pub sentiment: Polarity,
}

/// Finds the themes of a taxonomy in clauses.
#[derive(Debug)]
pub struct MentionFinder {
    finders: [PhraseFinder; 2],
    leanings: Vec<Option<Leaning>>,
}

impl MentionFinder {
    /// Compiles the phrases of a taxonomy.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] for a phrase that cannot be one.
    pub fn new(taxonomy: &Taxonomy, vocabulary: &Vocabulary) -> Result<Self> {
        let compile = |lang: Lang| {
            let phrases = taxonomy.themes.iter().enumerate().flat_map(|(at, theme)| {
                let naming = theme
                    .phrases(lang)
                    .iter()
                    .map(move |one| (one.as_str(), naming(at)));
                let forbidding = theme.forbidding(lang).iter();
                naming.chain(forbidding.map(move |one| (one.as_str(), forbidding_of(at))))
            });
            PhraseFinder::new(lang, vocabulary, phrases)
        };
        Ok(Self {
            finders: [compile(Lang::Es)?, compile(Lang::En)?],
            leanings: taxonomy.themes.iter().map(|theme| theme.leaning).collect(),
        })
    }

    /// Adds the mentions in one clause (its token positions), in the order of the text.
    /// `room` is made to be reused.
    pub fn find(
        &self,
        lang: Lang,
        tokens: &Tokens,
        clause: Range<usize>,
        sentiment: Polarity,
        room: &mut Room,
        mentions: &mut Vec<Mention>,
    ) {
        self.finders[lang as usize].find(tokens, clause, room);
        let found = &mut room.found;
        if found.is_empty() {
            return;
        }
        keep_longest(found);
        let items = tokens.as_slice();
        for one in found.iter().filter(|one| one.meaning % 2 == 0) {
            if found.iter().any(|other| other.meaning == one.meaning + 1) {
                continue;
            }
            let theme = one.meaning / 2;
            mentions.push(Mention {
                theme: theme as u16,
                start: items[one.first as usize].start,
                end: items[one.last as usize - 1].end,
                sentiment: match (sentiment, self.leanings[theme as usize]) {
                    (Polarity::Neutral, Some(Leaning::Negative)) => Polarity::Negative,
                    (Polarity::Neutral, Some(Leaning::Positive)) => Polarity::Positive,
                    _ => sentiment,
                },
            });
        }
    }

    /// The themes whose phrases are found in a few words, in either language, by position.
    pub fn themes_of(&self, tokens: &Tokens) -> Vec<u16> {
        let mut room = Room::default();
        let mut themes: Vec<u16> = Vec::new();
        for finder in &self.finders {
            finder.find(tokens, 0..tokens.len(), &mut room);
            let naming = room.found.iter().filter(|one| one.meaning % 2 == 0);
            themes.extend(naming.map(|one| (one.meaning / 2) as u16));
        }
        themes.sort_unstable();
        themes.dedup();
        themes
    }
}

/// Even meanings name a theme, the odd one after forbids it.
fn naming(theme: usize) -> u32 {
    2 * theme as u32
}

fn forbidding_of(theme: usize) -> u32 {
    naming(theme) + 1
}
