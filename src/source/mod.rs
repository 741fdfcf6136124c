//! Sources.
pub mod table;
