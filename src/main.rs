//! Voz.
fn main() {}
