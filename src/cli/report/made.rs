//! How the page was made, and what it cannot say.

use super::Findings;
use crate::cli::selection::quoted;
use crate::driver::false_discovery::ACCEPTED;
use crate::report::Section;
use crate::tally::{ARROW_FROM, HIDDEN_BELOW, INDICATIVE_BELOW};

/// What is said, in its order.
const TERMS: [&str; 7] = [
    "limits",
    "score",
    "impact",
    "thresholds",
    "model",
    "comments",
    "again",
];

/// The last section.
pub fn section(found: &Findings<'_>) -> Section {
    let name = found.measure.name();
    let command = ["drivers", "causes"].map(|verb| found.command(verb, ""));
    let command = command.join(" · ");
    let quotes = found.quoted.iter().flat_map(|at| &found.told[*at].quotes);
    let id = quotes.map(|quote| quote.id.as_str()).next().unwrap_or("ID");
    let whole = quoted(&format!("id:{}", written(id)));
    let explain = found.command("drivers --explain", "");
    let values: [(&str, &dyn std::fmt::Display); 10] = [
        ("whole", &found.everything("search", &format!(" {whole}"))),
        ("explain", &explain),
        ("definition", &found.measure.definition()),
        ("means", &found.text(&format!("measure.{name}"))),
        ("hidden", &HIDDEN_BELOW),
        ("indicative", &INDICATIVE_BELOW),
        ("arrow", &ARROW_FROM),
        ("q", &found.locale.number(ACCEPTED, 2)),
        ("model", &found.index.model()),
        ("command", &command),
    ];
    let terms = TERMS.map(|key| {
        (
            found.text(&format!("made.{key}")),
            found.fill(&format!("made.{key}.text"), &values),
        )
    });
    Section {
        terms: terms.to_vec(),
        ..found.section("made")
    }
}

/// An id as a query has it: in quotation marks where it holds more than plain letters.
fn written(id: &str) -> String {
    let is_plain = |one: char| one.is_alphanumeric() || matches!(one, '-' | '_' | '.' | '#');
    if id.chars().all(is_plain) {
        return id.to_owned();
    }
    format!("\"{id}\"")
}
