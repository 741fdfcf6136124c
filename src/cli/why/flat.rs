//! The change for programs: objects, or rows of one table.

use super::{Told, shown, value};
use crate::cli::aggregate::rounded;
use crate::driver::contribution::Contribution;
use crate::driver::false_discovery::ACCEPTED;
use crate::driver::fate::{Fate, Moved};
use crate::report::{Sheet, Show};
use crate::tally::ARROW_FROM;
use serde_json::{Map, Value, json};

/// A chance to four digits: near 0 four decimals would say nothing.
pub fn chance(p: f64) -> Value {
    format!("{p:.3e}")
        .parse::<f64>()
        .map_or(Value::Null, Value::from)
}

fn number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |value| rounded(value).into())
}

/// One object for the change, then one for each driver, value of a field, and theme.
pub fn objects(told: &Told<'_>) -> Vec<Value> {
    let drivers = told.why.drivers.iter().map(|row| driver(told, row));
    let segments = told
        .why
        .segments
        .iter()
        .flat_map(|(field, rows)| rows.iter().map(|row| segment(told.fields[*field], row)));
    let themes = told.why.themes.iter().map(|row| theme(told, row));
    let change = std::iter::once(change(told));
    change
        .chain(drivers)
        .chain(segments)
        .chain(themes)
        .collect()
}

fn change(told: &Told<'_>) -> Value {
    let (why, change) = (told.why, &told.why.change);
    json!({
        "kind": "change",
        "from": told.periods[0],
        "to": told.periods[1],
        "net_before": number(why.before.net()),
        "net_after": number(why.after.net()),
        "change": rounded(change.difference),
        "low": rounded(change.low),
        "high": rounded(change.high),
        "z": rounded(change.z),
        "p": chance(change.p),
        "significant": change.p <= ACCEPTED,
        "indicative": !change.arrow,
        "n_before": why.before.n(),
        "n_after": why.after.n(),
        "definition": told.measure.definition(),
        "mix": mixes(told),
        "counts": { "before": why.before, "after": why.after },
    })
}

/// By field the points of the change that are mix.
fn mixes(told: &Told<'_>) -> Value {
    let fields = told
        .why
        .segments
        .iter()
        .map(|(field, _)| told.fields[*field]);
    let mixes = fields.zip(&told.why.mixes);
    let mixes = mixes.map(|(field, mix)| (field.to_owned(), rounded(mix.points).into()));
    Value::Object(mixes.collect())
}

fn driver(told: &Told<'_>, row: &Contribution<u16>) -> Value {
    let mut object = Map::new();
    object.insert("kind".into(), "driver".into());
    object.insert("driver".into(), told.driver_id(row).into());
    object.insert("name".into(), told.driver_name(row).into());
    fill(&mut object, row, ["share", "score"]);
    object.into()
}

fn segment(field: &str, row: &Contribution<String>) -> Value {
    let mut object = Map::new();
    object.insert("kind".into(), "segment".into());
    object.insert("field".into(), field.into());
    object.insert("value".into(), value(row).into());
    fill(&mut object, row, ["mix", "rate"]);
    object.into()
}

/// What every part has; its two terms are called so.
fn fill<K>(object: &mut Map<String, Value>, row: &Contribution<K>, terms: [&str; 2]) {
    let shift = &row.shift;
    let members = [
        ("n_before", row.n_before.into()),
        ("n_after", row.n_after.into()),
        ("share_before", rounded(shift.share_before).into()),
        ("share_after", rounded(shift.share_after).into()),
        ("net_before", number(shown(shift.net_before, row.n_before))),
        ("net_after", number(shown(shift.net_after, row.n_after))),
        (terms[0], number(row.terms().map(|terms| terms.0))),
        (terms[1], number(row.terms().map(|terms| terms.1))),
        ("total", rounded(row.total).into()),
        ("low", rounded(row.low).into()),
        ("high", rounded(row.high).into()),
        ("p", row.p.map_or(Value::Null, chance)),
        ("q", row.q.map_or(Value::Null, chance)),
        ("significant", row.is_significant().into()),
        (
            "indicative",
            (row.n_before.min(row.n_after) < ARROW_FROM).into(),
        ),
    ];
    let members = members.map(|(name, value)| (name.to_owned(), value));
    object.extend(members);
}

fn theme(told: &Told<'_>, row: &Moved) -> Value {
    let theme = &told.index.themes()[usize::from(row.theme)];
    json!({
        "kind": "theme",
        "theme": theme.id,
        "driver": told.index.drivers()[usize::from(theme.driver)].id,
        "name": told.theme_name(row.theme),
        "n_before": row.counts.there,
        "n_after": row.counts.here,
        "share_before": number(row.counts.share_there()),
        "share_after": number(row.counts.share_here()),
        "p": chance(row.p),
        "q": chance(row.q),
        "significant": row.fate != Fate::Steady,
        "trend": row.fate.name(),
    })
}

const COLUMNS: [&str; 22] = [
    "kind",
    "driver",
    "theme",
    "field",
    "value",
    "name",
    "n_before",
    "n_after",
    "share_before",
    "share_after",
    "net_before",
    "net_after",
    "share",
    "score",
    "total",
    "low",
    "high",
    "p",
    "q",
    "significant",
    "indicative",
    "trend",
];

/// The same as one table, without what only JSON has: the terms of a segment, mix and rate, stand
/// under share and score.
pub fn sheet(told: &Told<'_>) -> Sheet {
    let mut sheet = Sheet::new(told.locale, &COLUMNS.map(|key| (key, Show::Never)));
    for mut object in objects(told) {
        for (term, column) in [("mix", "share"), ("rate", "score"), ("change", "total")] {
            if let Some(value) = object.get(term).cloned() {
                object[column] = value;
            }
        }
        let cell = |key: &&str| object.get(*key).cloned().unwrap_or(Value::Null);
        sheet.rows.push(COLUMNS.iter().map(cell).collect());
    }
    sheet
}
