//! Every test that works from outside the library, in one binary.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; helpers are not told from the library"
)]

mod adapt;
mod arrows;
mod bad_input;
mod challenge;
mod classifiers;
mod config;
mod damage;
mod drivers;
mod eval;
mod examples;
mod explain;
mod export;
mod forms;
mod fuzzed;
mod gold;
mod inputs;
mod intervals;
mod killed;
mod join;
mod models;
mod night;
mod privacy;
mod program;
mod properties;
mod queries;
mod redact;
mod regression;
mod report;
mod sample;
mod schema;
mod themes;
#[cfg(feature = "bert")]
mod transformers;
mod verbs;
