//! A mention: a theme found in a clause.

use super::likeness::Space;
use super::{Leaning, Taxonomy};
use crate::embedding::{Crowd, Embedding, Vector, is_read};
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
    nearest: Option<Nearest>,
}

/// The themes that are known by what their clauses are like.
#[derive(Debug)]
struct Nearest {
    space: Space,
    prototypes: Crowd,
    /// Theme of each prototype, and the least cosine to it.
    themes: Vec<(u16, f32)>,
}

impl Nearest {
    /// `None` when no theme is known so.
    fn new(taxonomy: &Taxonomy) -> Option<Self> {
        let space = taxonomy.space.clone()?;
        let (mut prototypes, mut themes) = (Vec::new(), Vec::new());
        for (at, theme) in (0..).zip(&taxonomy.themes) {
            if let Some(likeness) = &theme.likeness {
                prototypes.extend(&likeness.prototypes);
                let count = likeness.prototypes.len();
                themes.extend(std::iter::repeat_n((at, likeness.near), count));
            }
        }
        (!themes.is_empty()).then(|| Self {
            space,
            prototypes: Crowd::new(prototypes),
            themes,
        })
    }

    /// The theme of the nearest prototype, if it is near enough.
    fn theme(&self, vector: &Vector) -> Option<u16> {
        let (cosine, at) = self.prototypes.nearest(vector)?;
        let (theme, near) = self.themes[at];
        (cosine >= near).then_some(theme)
    }
}

/// What a clause is looked for themes with.
#[derive(Clone, Debug)]
pub struct Look<'l> {
    /// The language of the text.
    pub lang: Lang,
    /// The tokens of the text.
    pub tokens: &'l Tokens,
    /// Which of them are the clause.
    pub clause: Range<usize>,
    /// The sentiment of the clause.
    pub sentiment: Polarity,
    /// What the question asked for: what is named in a neutral clause is told so.
    pub asked: Option<Polarity>,
}

/// The themes that a text and each of its clauses are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likes {
    /// That of the whole text.
    pub whole: Option<u16>,
    /// Those of the clauses, in their order.
    pub clauses: Vec<Option<u16>>,
}

/// What of a text a clause is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Too little to be like a theme.
    Nothing,
    /// A part with a vector of its own.
    Own,
    /// All that has a vector.
    Whole,
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
            nearest: Nearest::new(taxonomy),
        })
    }

    /// The themes that a text and its clauses are like. A clause of several that says too little is like none.
    pub fn likes(&self, embedding: &Embedding, tokens: &Tokens, clauses: &[Range<usize>]) -> Likes {
        let Some(nearest) = &self.nearest else {
            return Likes {
                whole: None,
                clauses: vec![None; clauses.len()],
            };
        };
        let several = clauses.len() > 1;
        let parts = clauses.iter().map(|clause| {
            if several && is_short(tokens, clause) {
                Part::Nothing
            } else if says_all(tokens, clause) {
                Part::Whole
            } else {
                Part::Own
            }
        });
        let parts: Vec<Part> = parts.collect();
        let own = clauses.iter().zip(&parts);
        let own: Vec<Range<usize>> = own
            .filter(|(_, part)| **part == Part::Own)
            .map(|(clause, _)| clause.clone())
            .collect();
        let (whole, vectors) = embedding.text_and_parts(tokens, &own);
        let theme = |vector: Vector| nearest.theme(&nearest.space.place(&vector)?);
        let whole = whole.and_then(theme);
        let mut vectors = vectors.into_iter();
        let of_part = |part| match part {
            Part::Nothing => None,
            Part::Whole => whole,
            Part::Own => vectors.next().flatten().and_then(theme),
        };
        Likes {
            whole,
            clauses: parts.into_iter().map(of_part).collect(),
        }
    }

    /// Adds the mention of a theme that a clause is like, unless it was added from `first` on.
    pub fn add_like(&self, look: &Look<'_>, theme: u16, first: usize, mentions: &mut Vec<Mention>) {
        let items = &look.tokens.as_slice()[look.clause.clone()];
        if let (Some(begins), Some(ends)) = (items.first(), items.last())
            && !mentions[first..].iter().any(|one| one.theme == theme)
        {
            let mention = Mention {
                theme,
                start: begins.start,
                end: ends.end,
                sentiment: self.told(theme, look),
            };
            // It begins where its clause does.
            mentions.insert(first, mention);
        }
    }

    /// The sentiment that a theme is named with in a clause.
    fn told(&self, theme: u16, look: &Look<'_>) -> Polarity {
        match (
            look.sentiment,
            self.leanings[usize::from(theme)],
            look.asked,
        ) {
            (Polarity::Neutral, Some(Leaning::Negative), _) => Polarity::Negative,
            (Polarity::Neutral, Some(Leaning::Positive), _) => Polarity::Positive,
            (Polarity::Neutral, None, Some(asked)) => asked,
            (sentiment, ..) => sentiment,
        }
    }

    /// Adds the mentions in one clause, in the order of the text. `room` is made to be reused.
    pub fn find(&self, look: &Look<'_>, room: &mut Room, mentions: &mut Vec<Mention>) {
        self.finders[look.lang as usize].find(look.tokens, look.clause.clone(), room);
        let found = &mut room.found;
        if found.is_empty() {
            return;
        }
        keep_longest(found);
        let items = look.tokens.as_slice();
        for one in found.iter().filter(|one| one.meaning % 2 == 0) {
            if found.iter().any(|other| other.meaning == one.meaning + 1) {
                continue;
            }
            let theme = one.meaning / 2;
            mentions.push(Mention {
                theme: theme as u16,
                start: items[one.first as usize].start,
                end: items[one.last as usize - 1].end,
                sentiment: self.told(theme as u16, look),
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

/// True for a clause that says too little to be like a theme.
fn is_short(tokens: &Tokens, clause: &Range<usize>) -> bool {
    /// A guess: *muy bien*, *and so on*.
    const WORDS: usize = 3;
    let words = tokens.as_slice()[clause.clone()]
        .iter()
        .filter(|one| one.is_word());
    words.count() < WORDS
}

/// True for a clause outside which no token has a vector.
fn says_all(tokens: &Tokens, clause: &Range<usize>) -> bool {
    let items = tokens.as_slice();
    let mut outside = items[..clause.start].iter().chain(&items[clause.end..]);
    !outside.any(is_read)
}

/// Even meanings name a theme, the odd one after forbids it.
fn naming(theme: usize) -> u32 {
    2 * theme as u32
}

fn forbidding_of(theme: usize) -> u32 {
    naming(theme) + 1
}
