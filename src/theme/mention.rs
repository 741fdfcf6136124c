//! A mention: a theme found in a clause.

use crate::sentiment::Polarity;

/// A theme named in a text. Themes and drivers are given by their positions in the taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Position in [`super::Taxonomy::themes`].
    pub theme: u16,
    /// First byte of the words that name it.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// The sentiment of its clause.
    pub sentiment: Polarity,
}

/// Finds mentions.
#[derive(Clone, Debug)]
pub struct MentionFinder;
