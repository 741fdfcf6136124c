//! The drivers, and the themes behind them, as tables.

use super::Findings;
use crate::cli::drivers::{SECTIONS, legend, one_section, people, section as rows_of};
use crate::driver::Row;
use crate::report::{Section, Sheet, Show};
use crate::tally::INDICATIVE_BELOW;

/// The mark of rows that few comments name.
const FEW: &str = " *";
/// Themes shown of each side.
const THEMES: usize = 8;
/// Columns of `voz drivers` that are left out: a page has less room than a terminal.
const LEFT_OUT: [&str; 1] = ["tone"];
/// Columns that themes have no values in.
const OF_DRIVERS: [&str; 2] = ["shapley", "kind"];
/// The columns that are explained, in their order.
const TERMS: [&str; 9] = [
    "impact", "interval", "recov", "sole", "shapley", "trend", "spread", "kind", "area",
];

/// The fourth section.
pub fn section(found: &Findings<'_>) -> Section {
    let (rows, told) = (found.rows(), &found.told);
    let bare = bare(found);
    let mut sheets = Vec::new();
    for wanted in SECTIONS {
        let mut sheet = one_section(wanted, rows, told, found.index, found.locale);
        let few = rows_of(rows, wanted).into_iter();
        mark(&mut sheet, few.map(|at| rows[at].indicative));
        if !sheet.rows.is_empty() {
            let sheet = without(without(sheet, &LEFT_OUT), &bare);
            sheets.push((found.text(&format!("table.{wanted}")), sheet));
        }
    }
    let (themes, of) = themes(found);
    if !themes.is_empty() {
        let mut sheet = people(&themes, &[], found.index, found.locale);
        mark(&mut sheet, themes.iter().map(|row| row.indicative));
        let sheet = without(without(sheet, &LEFT_OUT), &OF_DRIVERS);
        let shown = themes.len();
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("shown", &shown),
            ("all", &of),
            ("command", &found.command("drivers --themes", "")),
        ];
        let key = if shown < of {
            "table.themes.some"
        } else {
            "table.themes"
        };
        sheets.push((found.fill(key, &values), sheet));
    }
    let few = rows.iter().chain(&themes).any(|row| row.indicative);
    let terms = terms(found, &bare, few);
    let legend = legend(&found.study, rows, told, found.locale);
    Section {
        sheets,
        terms,
        notes: legend.lines().map(str::to_owned).collect(),
        ..found.section("table")
    }
}

/// What the columns that are shown say, and the mark.
fn terms(found: &Findings<'_>, bare: &[&str], few: bool) -> Vec<(String, String)> {
    let score = found.score();
    let shown = TERMS.iter().filter(|key| !bare.contains(*key));
    let mut terms: Vec<(String, String)> = shown
        .map(|key| {
            let title = found.locale.text(&format!("column.{key}")).to_owned();
            let text = found.fill(&format!("term.{key}"), &[("score", &score)]);
            (title, text)
        })
        .collect();
    if few {
        let text = found.fill("term.few", &[("least", &INDICATIVE_BELOW)]);
        terms.push((FEW.trim().to_owned(), text));
    }
    terms
}

/// The columns that would be empty.
fn bare(found: &Findings<'_>) -> Vec<&'static str> {
    let mut bare = Vec::new();
    if found.study.field.is_none() {
        bare.push("spread");
    }
    if found.told.iter().all(|told| told.trend.is_none()) {
        bare.push("trend");
    }
    bare
}

/// Marks the names of rows that few comments name.
fn mark(sheet: &mut Sheet, few: impl Iterator<Item = bool>) {
    // The second cell is n; the heading of a section has none.
    let rows = sheet.rows.iter_mut().filter(|row| row[1].is_number());
    for (row, few) in rows.zip(few) {
        if let Some(name) = row[0].as_str().filter(|_| few) {
            row[0] = format!("{name}{FEW}").into();
        }
    }
}

/// A sheet with some of its columns hidden.
pub fn without(mut sheet: Sheet, keys: &[&str]) -> Sheet {
    let columns = sheet.columns.iter_mut();
    for column in columns.filter(|one| keys.contains(&one.key)) {
        column.show = Show::Never;
    }
    sheet
}

/// The themes that certainly hurt, and those that certainly delight: the first ones of each, and how
/// many there are in all.
fn themes(found: &Findings<'_>) -> (Vec<Row>, usize) {
    let rows = found.study.rows(true);
    let sides = ["hurts", "delights"].map(|side| rows_of(rows, side));
    let shown = sides.iter().flat_map(|side| side.iter().take(THEMES));
    let shown = shown.map(|at| rows[*at].clone()).collect();
    (shown, sides.iter().map(Vec::len).sum())
}
