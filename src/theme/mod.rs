//! Themes: what customers talk about, the drivers they form, and their mentions in a text.

mod mention;
mod taxonomy;

pub use mention::{Mention, MentionFinder};
pub use taxonomy::{Area, Driver, Leaning, Taxonomy, Theme};
