//! From characters to tokens and clauses: what every model reads.
//!
//! ```text
//! text ──Tokenizer──▶ Tokens ──ClauseSplitter──▶ Clause, Clause, …
//! text ──Causes──▶ Cause, …
//! ```
//!
//! All positions are byte offsets into the text that was given, always on character boundaries.

mod because;
mod clause;
mod fold;
mod formula;
pub mod letters;
mod lexicon;
mod meaningful;
mod scan;
mod segment;
mod stop;
mod token;
mod vocabulary;

pub use because::{Cause, Causes};
pub use clause::{Clause, ClauseSplitter};
pub use fold::{fold, fold_into, nfc};
pub use formula::harmless;
pub use lexicon::Lexicon;
pub use meaningful::Meaningful;
pub use segment::Tokenizer;
pub use stop::StopWords;
pub use token::{Kind, Token, Tokens};
pub use vocabulary::{Vocabulary, WordMap};
