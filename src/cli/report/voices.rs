//! What customers say: the causes of those who vote -1, then quotes by driver.

use super::Findings;
use crate::cli::drivers::{effect, name_of};
use crate::cli::search::scored;
use crate::cli::selection::quoted;
use crate::driver::Row;
use crate::report::{Quote, Section, Voices};
use crate::tally::HIDDEN_BELOW;

/// The sixth section.
pub fn causes(found: &Findings<'_>) -> Section {
    let section = found.section("causes");
    let Some(below) = &found.below else {
        return Section {
            about: found.fill("causes.none", &[("least", &HIDDEN_BELOW)]),
            ..section
        };
    };
    let about = found.fill(
        "causes.about",
        &[
            ("range", &below.range),
            ("n", &found.locale.count(below.n)),
            ("rest", &found.locale.count(below.rest)),
        ],
    );
    Section {
        about,
        tree: below.tree.clone(),
        terms: ["odds", "lift"].map(|key| found.term(key)).to_vec(),
        notes: below.notes.clone(),
        ..section
    }
}

/// The seventh section.
pub fn section(found: &Findings<'_>) -> Section {
    let voices: Vec<Voices> = found
        .quoted
        .iter()
        .filter_map(|at| voices(found, *at))
        .collect();
    let mut section = found.section("voices");
    if voices.is_empty() {
        section.about = found.text("voices.none");
    }
    Section { voices, ..section }
}

/// The command that shows all comments that a driver is quoted from.
fn more(found: &Findings<'_>, row: &Row) -> String {
    let driver = &found.index.drivers()[usize::from(row.driver)].id;
    let named = match effect(row) {
        "hurts" => ":negative",
        "delights" => ":positive",
        _ => "",
    };
    let query = quoted(&format!("driver:{driver}{named}"));
    let command = found.command_without_score("search", &format!(" {query}"));
    found.fill("voices.more", &[("command", &command)])
}

fn voices(found: &Findings<'_>, at: usize) -> Option<Voices> {
    let (row, told) = (&found.rows()[at], &found.told[at]);
    if told.quotes.is_empty() && told.reasons.is_empty() {
        return None;
    }
    let quotes = told.quotes.iter().map(|quote| Quote {
        text: quote.text.clone(),
        about: scored(&quote.id, quote.date, quote.scores, found.locale),
    });
    let reasons = told.reasons.iter().map(|reason| {
        let alike = if reason.alike > 1 {
            format!(" ×{}", reason.alike)
        } else {
            String::new()
        };
        (reason.text.clone(), format!("{}{alike}", reason.id))
    });
    let impact = row.impact.as_ref().map(|one| found.signed(one.impact));
    let name = name_of(row, found.index, found.locale);
    let points = impact.unwrap_or_default();
    Some(Voices {
        name: found.fill("voices.name", &[("name", &name), ("points", &points)]),
        quotes: quotes.collect(),
        because: found.text("voices.because"),
        reasons: reasons.collect(),
        more: more(found, row),
    })
}
