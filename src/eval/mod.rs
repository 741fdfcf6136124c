//! Accuracy: what was said of labelled texts against what is true of them.
//!
//! ```text
//! labelled file ──open──▶ Set ──read──▶ Said ──measure──▶ Accuracy: figures, labels, matrix
//!                                 ▲       └────compare──▶ Difference: two models, same texts
//!                               Tagger
//! ```
//!
//! Texts are read as `voz tag` reads them, so a text whose language is not recognised, or that is
//! taken to say nothing, gets no answer: it counts as wrong, and is shown with the reason.
//! [`evaluate`] does all of it for several sets; `voz eval`, `voz eval recipe` and `voz train` call it.

pub mod bootstrap;
mod calibration;
pub mod cascade;
mod confusion;
mod labelled;
mod labels;
mod measure;
mod set;
mod suite;
mod task;

pub use calibration::{BINS, Bins};
pub use confusion::{Confusion, f1};
pub use labelled::{Columns, Opened, open};
pub use measure::{ANY, Classes, Difference, compare, measure};
pub use set::{Labelled, Said, Set, Truth, read};
pub use suite::{ALL, Against, Measured, evaluate};
pub use task::{EmotionCounts, Sentiments, Task, UNREAD};
