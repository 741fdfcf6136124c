//! Voz.
pub mod emotion;
pub mod error;
pub mod lang;
pub mod measure;
pub mod model;
pub mod sentiment;
pub mod tag;
pub mod tally;
pub mod text;
pub mod theme;
pub mod verbatim;
