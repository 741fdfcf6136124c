//! The drivers, and the themes behind them, as tables.

use super::Findings;
use crate::cli::drivers::{SECTIONS, effect, legend, one_section, people};
use crate::driver::Row;
use crate::report::{Section, Sheet, Show};

/// Themes shown of each side.
const THEMES: usize = 8;
/// Columns of `voz drivers` that are left out: a page has less room than a terminal.
const LEFT_OUT: [&str; 2] = ["sole", "tone"];
/// The columns that are explained, in their order.
const TERMS: [&str; 8] = [
    "impact", "interval", "recov", "shapley", "trend", "spread", "kind", "area",
];

/// The fourth section.
pub fn section(found: &Findings<'_>) -> Section {
    let (rows, told) = (found.rows(), &found.told);
    let mut sheets = Vec::new();
    for wanted in SECTIONS {
        let sheet = one_section(wanted, rows, told, found.index, found.locale);
        if !sheet.rows.is_empty() {
            sheets.push((found.text(&format!("table.{wanted}")), shorter(sheet)));
        }
    }
    let themes = themes(found);
    if !themes.is_empty() {
        let sheet = people(&themes, &[], found.index, found.locale);
        sheets.push((found.text("table.themes"), shorter(sheet)));
    }
    let terms = TERMS.map(|key| {
        let title = found.locale.text(&format!("column.{key}")).to_owned();
        let score = found.score();
        (
            title,
            found.fill(&format!("term.{key}"), &[("score", &score)]),
        )
    });
    let legend = legend(&found.study, told, found.locale);
    Section {
        sheets,
        terms: terms.to_vec(),
        notes: legend.lines().map(str::to_owned).collect(),
        ..found.section("table")
    }
}

fn shorter(mut sheet: Sheet) -> Sheet {
    let columns = sheet.columns.iter_mut();
    for column in columns.filter(|one| LEFT_OUT.contains(&one.key)) {
        column.show = Show::Never;
    }
    sheet
}

/// The themes that certainly hurt, and those that certainly delight.
fn themes(found: &Findings<'_>) -> Vec<Row> {
    let of = |wanted: &'static str| {
        let rows = found.study.rows(true).iter();
        rows.filter(move |row| effect(row) == wanted).take(THEMES)
    };
    of("hurts").chain(of("delights")).cloned().collect()
}
