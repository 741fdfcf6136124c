//! The change for people: a sentence, then tables.

use super::{Told, shown, value};
use crate::cli::aggregate::rounded;
use crate::cli::output::terminal_width;
use crate::driver::contribution::Contribution;
use crate::driver::false_discovery::ACCEPTED;
use crate::driver::fate::Fate;
use crate::locale::Locale;
use crate::report::{Sheet, Show};
use crate::tally::ARROW_FROM;
use serde_json::Value;

/// Rows of a table at most (a guess: what fits on half a screen); JSON Lines and CSV have all.
const MOST_ROWS: usize = 10;

/// Everything, as it is printed.
pub fn text(told: &Told<'_>) -> String {
    let locale = told.locale;
    let mut parts = vec![headline(told)];
    let drivers = told.why.drivers.iter();
    let drivers = drivers.map(|row| (told.driver_name(row).to_owned(), row));
    parts.push(locale.text("why.drivers").to_owned());
    parts.push(split("name", drivers.collect(), locale));
    let mut quiet = Vec::new();
    for ((field, rows), mix) in told.why.segments.iter().zip(&told.why.mixes) {
        let field = told.fields[*field];
        if !told.is_asked && !rows.iter().any(Contribution::is_significant) {
            quiet.push(field);
            continue;
        }
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("field", &field),
            ("mix", &signed(mix.points, locale)),
            ("rate", &signed(mix.rate, locale)),
        ];
        parts.push(locale.fill("why.segments", &values));
        let rows = rows
            .iter()
            .map(|row| (locale.word("group", value(row)).to_owned(), row));
        parts.push(split("value", rows.collect(), locale));
    }
    if !quiet.is_empty() {
        parts.push(locale.fill("why.quiet", &[("fields", &quiet.join(", "))]));
    }
    parts.push(themes(told));
    parts.push(locale.text("why.footnote").to_owned());
    parts.join("\n\n")
}

fn headline(told: &Told<'_>) -> String {
    let (why, locale) = (told.why, told.locale);
    let points = |value: f64| signed(value, locale);
    let net = |net: Option<f64>| locale.number(net.unwrap_or_default(), 1);
    let significant = why.change.p <= ACCEPTED;
    let verdict = match (significant, why.change.arrow) {
        (true, true) => "why.significant",
        (true, false) => "why.significant.few",
        (false, _) => "why.chance",
    };
    let sentence = locale.fill(
        "why.headline",
        &[
            ("measure", &locale.word("measure", told.measure.name())),
            ("before", &net(why.before.net())),
            ("after", &net(why.after.net())),
            ("change", &points(why.change.difference)),
            ("low", &points(why.change.low)),
            ("high", &points(why.change.high)),
            ("verdict", &locale.text(verdict)),
            ("p", &chance(why.change.p, locale)),
            ("from", &told.periods[0]),
            ("to", &told.periods[1]),
            ("n_before", &locale.count(why.before.n())),
            ("n_after", &locale.count(why.after.n())),
            ("definition", &told.measure.definition()),
        ],
    );
    let arrow = match (significant && why.change.arrow, why.change.difference > 0.0) {
        (true, true) => "▲ ",
        (true, false) => "▼ ",
        (false, _) => "",
    };
    format!("{arrow}{sentence}")
}

/// A number with one decimal and its sign.
fn signed(value: f64, locale: &Locale) -> String {
    let plus = if value >= 0.05 { "+" } else { "" };
    format!("{plus}{}", locale.number(value, 1))
}

/// A chance as people write it.
pub fn chance(p: f64, locale: &Locale) -> String {
    if p < 0.0001 {
        format!("< {}", locale.number(0.0001, 4))
    } else {
        format!("= {}", locale.number(p, if p < 0.01 { 4 } else { 3 }))
    }
}

/// The parts of a split, the largest first.
fn split<K>(first: &'static str, rows: Vec<(String, &Contribution<K>)>, locale: &Locale) -> String {
    let columns = [
        (first, Show::Text),
        ("n_before", Show::Count),
        ("n_after", Show::Count),
        ("share_before", Show::Percent),
        ("share_after", Show::Percent),
        ("net_before", Show::Points),
        ("net_after", Show::Points),
        ("by_share", Show::Points),
        ("by_score", Show::Points),
        ("total", Show::Points),
        ("low", Show::Points),
        ("high", Show::Points),
        ("moved", Show::Text),
    ];
    let mut sheet = Sheet::new(locale, &columns);
    let number = |value: Option<f64>| value.map_or(Value::Null, |value| rounded(value).into());
    let all = rows.len();
    for (name, row) in rows.into_iter().take(MOST_ROWS) {
        let shift = &row.shift;
        sheet.rows.push(vec![
            name.into(),
            row.n_before.into(),
            row.n_after.into(),
            rounded(shift.share_before).into(),
            rounded(shift.share_after).into(),
            number(shown(shift.net_before, row.n_before)),
            number(shown(shift.net_after, row.n_after)),
            number(row.terms().map(|terms| terms.0)),
            number(row.terms().map(|terms| terms.1)),
            number(Some(row.total)),
            number(Some(row.low)),
            number(Some(row.high)),
            arrow(row).into(),
        ]);
    }
    with_rest(&sheet, all, locale)
}

/// A full arrow for what is certain, a hollow one where a period has few.
fn arrow<K>(row: &Contribution<K>) -> &'static str {
    let many = row.n_before.min(row.n_after) >= ARROW_FROM;
    match (row.is_significant(), many, row.total > 0.0) {
        (false, _, _) => "",
        (true, true, true) => "▲",
        (true, true, false) => "▼",
        (true, false, true) => "△",
        (true, false, false) => "▽",
    }
}

fn with_rest(sheet: &Sheet, all: usize, locale: &Locale) -> String {
    let table = sheet.to_table(locale, terminal_width());
    match all.checked_sub(sheet.rows.len()) {
        None | Some(0) => table,
        Some(more) => format!("{table}\n{}", locale.fill("why.more", &[("n", &more)])),
    }
}

fn themes(told: &Told<'_>) -> String {
    let locale = told.locale;
    let tested = told.why.themes.len();
    let moved: Vec<_> = told
        .why
        .themes
        .iter()
        .filter(|row| row.fate != Fate::Steady)
        .collect();
    if moved.is_empty() {
        return locale.fill("why.no_theme", &[("n", &tested)]);
    }
    let columns = [
        ("name", Show::Text),
        ("trend", Show::Word),
        ("n_before", Show::Count),
        ("n_after", Show::Count),
        ("share_before", Show::Percent),
        ("share_after", Show::Percent),
        ("q", Show::Text),
    ];
    let mut sheet = Sheet::new(locale, &columns);
    for row in moved.iter().take(MOST_ROWS) {
        sheet.rows.push(vec![
            told.theme_name(row.theme).into(),
            row.fate.name().into(),
            row.counts.there.into(),
            row.counts.here.into(),
            rounded(row.counts.share_there().unwrap_or_default()).into(),
            rounded(row.counts.share_here().unwrap_or_default()).into(),
            chance(row.q, locale).trim_start_matches("= ").into(),
        ]);
    }
    let title = locale.fill("why.themes", &[("n", &tested), ("moved", &moved.len())]);
    format!("{title}\n\n{}", with_rest(&sheet, moved.len(), locale))
}
