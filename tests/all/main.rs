//! Every test that works from outside the library, in one binary.

mod arrows;
mod classifiers;
mod cli;
mod properties;
mod sample;
mod schema;
