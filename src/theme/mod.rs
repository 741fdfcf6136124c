//! Themes: what customers talk about, the drivers they form, and their mentions in a text.

mod catalog;
pub mod discover;
mod likeness;
mod mention;
mod taxonomy;

pub use catalog::{Catalog, CatalogDriver, CatalogTheme, Proposed, Status};
pub use likeness::{Likeness, Space};
pub use mention::{Look, Mention, MentionFinder};
pub use taxonomy::{Area, Driver, Leaning, Taxonomy, Theme};
