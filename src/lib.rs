//! Voz.
pub mod emotion;
pub mod error;
pub mod eval;
pub mod lang;
pub mod measure;
pub mod model;
pub mod phrase;
pub mod sentiment;
pub mod source;
pub mod tag;
pub mod tally;
pub mod text;
pub mod theme;
pub mod train;
pub mod verbatim;
