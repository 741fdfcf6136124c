//! Text analytics for open-ended customer feedback in Spanish and English.
//!
//! # I have a file of comments. What happens to it?
//!
//! ```text
//!  file ──source──▶ Verbatim ──tag──▶ Tagged ──index──▶ Index ──search────▶ Hits: comments and scores
//!                      ▲                │                 ├─────aggregate─▶ Tally ─▶ Summary
//!  text · detect ──────┤                └──▶ Record       └─────observations─▶ driver::Analysis
//!  pii ────────────────┤ model (Classifier)
//!  sentiment · emotion ┤                                  report: table, JSON Lines, CSV, HTML
//!  nev · theme ────────┘
//! ```
//!
//! [`source::peek`] decides how the file is read, and says why. [`source::open`] gives its rows, each
//! a [`verbatim::Verbatim`] or a reject. [`tag::Tagger`] finds what is in a verbatim: language,
//! sentiment, emotions, Net Emotional Value, themes. [`index::Writer`] keeps the result,
//! [`index::Index`] answers questions, and [`driver`] says what moves a score. [`run::run`] does a
//! whole file in bounded memory; [`cli`] is the program.
//!
//! # Tag two texts
//!
//! ```
//! use voz::sentiment::Polarity;
//! use voz::tag::Tagger;
//! use voz::verbatim::{Scores, Verbatim};
//!
//! let verbatim = |id: &str, text: &str| Verbatim {
//!     id: id.to_owned(),
//!     text: text.to_owned(),
//!     stated: None,
//!     asked: None,
//!     day: None,
//!     customer: None,
//!     scores: Scores::default(),
//!     fields: Vec::new(),
//! };
//! let tagger = Tagger::shipped()?;
//! let tagged = tagger.tag(vec![
//!     verbatim("1", "Muy buena atención, el personal muy amable"),
//!     verbatim("2", "Terrible, I waited forty minutes on hold"),
//! ])?;
//!
//! let labels: Vec<_> = tagged.iter().map(|one| one.sentiment.map(|found| found.label)).collect();
//! assert_eq!(labels, [Some(Polarity::Positive), Some(Polarity::Negative)]);
//! let theme = &tagger.taxonomy().themes[tagged[1].mentions[0].theme as usize];
//! assert_eq!(theme.id, "phone_wait");
//! # Ok::<(), voz::error::Error>(())
//! ```
//!
//! # Which module does what
//!
//! A module uses those above it and no other; ARCHITECTURE.md has a line on each.

pub mod error;
pub mod guard;
pub mod measure;
pub mod chance;
pub mod normal;
pub mod lang;
pub mod locale;
pub mod sentiment;
pub mod verbatim;
pub mod text;
pub mod embedding;
pub mod phrase;
pub mod detect;
pub mod emotion;
pub mod tally;
pub mod nev;
pub mod pii;
pub mod source;
pub mod driver;
pub mod model;
pub mod theme;
pub mod tag;
pub mod correction;
pub mod drift;
pub mod record;
pub mod index;
pub mod run;
pub mod eval;
pub mod train;
pub mod report;
pub mod cli;
