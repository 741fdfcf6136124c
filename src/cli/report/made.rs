//! How the page was made, and what it cannot say.

use super::Findings;
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
    let query = found.condition();
    let command = format!("voz drivers --on {name}{query} · voz causes --on {name}{query}");
    let values: [(&str, &dyn std::fmt::Display); 8] = [
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
