//! Reading files of comments, and deciding beforehand how.
//!
//! ```text
//! file ──peek──▶ Plan ──open──▶ Reader ──▶ Row: a Verbatim or a Reject
//! ```
//!
//! A plan is plain data: each decision with its reason, to be shown before anything runs. No row
//! is lost: what is not a verbatim is a reject, with its row, its column and the reason. Rows
//! without any content are passed over and counted.
//!
//! To read another format of text: copy `jsonl.rs`, add it to `format.rs` and `reader.rs`. One of tables:
//! copy `parquet.rs`, add it to `tables.rs`.

mod archive;
mod arrow;
mod asked;
mod binary;
mod cell;
mod columnar;
mod counts;
mod date;
mod delimited;
mod elements;
mod encoding;
mod export;
mod fingerprint;
mod fit;
mod format;
mod grid;
mod header;
mod headless;
mod input;
mod join;
mod jsonl;
mod kinds;
mod mapping;
mod names;
mod packed;
mod parquet;
mod peek;
mod plan;
mod reader;
mod reject;
mod roles;
mod row;
mod sample;
pub mod table;
mod tables;
mod values;
mod window;
mod workbook;

pub use encoding::Encoding;
pub use fingerprint::{Fingerprint, Stamp, sha256};
pub use join::{Join, JoinCounts, Joins};
pub use mapping::{Asked, DateOrder, Kind, Mapping, Role};
pub use peek::peek;
pub use plan::{Column, Decision, Plan};
pub use reader::{Reader, Row, open};
pub use reject::{Reason, Reject, Rejects};

#[cfg(test)]
mod tests;
