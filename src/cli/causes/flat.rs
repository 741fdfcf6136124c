//! Causes for programs: an object or a row for each driver.

use super::Told;
use super::find::Cause;
use crate::cli::aggregate::rounded;
use crate::cli::why::chance;
use crate::driver::apart::Apart;
use crate::driver::proportion::Proportions;
use crate::driver::spot::Spot;
use crate::driver::threshold::Threshold;
use crate::report::{Sheet, Show};
use serde_json::{Map, Value, json};

fn number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |value| rounded(value).into())
}

/// One object for each driver that enough of the group name, certain harm first.
pub fn objects(told: &Told<'_>) -> Vec<Value> {
    told.found
        .causes
        .iter()
        .map(|cause| object(told, cause))
        .collect()
}

fn object(told: &Told<'_>, cause: &Cause) -> Value {
    let one = &cause.driver;
    let driver = &told.index.drivers()[usize::from(one.at)];
    let mut object = json!({
        "driver": driver.id,
        "name": told.name(&driver.es, &driver.en),
        "area": driver.area.name(),
        "group": told.group.range,
        "n": one.counts.here,
        "n_group": one.counts.all_here,
        "n_rest": one.counts.all_there,
        "share_group": number(one.counts.share_here()),
        "share_rest": number(one.counts.share_there()),
        "difference": bounds(&one.difference),
        "odds": odds(&one.counts, one.odds.value),
        "low": odds(&one.counts, one.odds.low),
        "high": odds(&one.counts, one.odds.high),
        "p": chance(one.p),
        "q": chance(one.q),
        "significant": one.is_certain(),
        "recoverable": number(one.recoverable),
    });
    let lists = json!({
        "themes": cause.themes.iter().map(|one| theme(told, one)).collect::<Vec<_>>(),
        "segments": cause.spots.iter().map(|one| segment(told, one)).collect::<Vec<_>>(),
        "odata": cause.thresholds.iter().map(|one| odata(told, one)).collect::<Vec<_>>(),
        "words": cause.words.iter().map(|one| json!({
            "lang": one.lang.code(), "word": one.form, "n": one.n, "z": rounded(one.z),
        })).collect::<Vec<_>>(),
        "reasons": cause.reasons,
        "quotes": cause.quotes,
    });
    if let (Some(object), Value::Object(lists)) = (object.as_object_mut(), lists) {
        object.extend(lists);
    }
    object
}

/// Odds, or a bound of them; null where a count is 0, for then they say how many there are.
fn odds(counts: &Proportions, value: f64) -> Value {
    number(counts.has_odds().then_some(value))
}

fn bounds(bounded: &crate::driver::proportion::Bounded) -> Value {
    json!({
        "value": rounded(bounded.value),
        "low": rounded(bounded.low),
        "high": rounded(bounded.high),
    })
}

fn theme(told: &Told<'_>, one: &Apart) -> Value {
    let theme = &told.index.themes()[usize::from(one.at)];
    json!({
        "theme": theme.id,
        "name": told.name(&theme.es, &theme.en),
        "n": one.counts.here,
        "share_group": number(one.counts.share_here()),
        "share_rest": number(one.counts.share_there()),
        "odds": odds(&one.counts, one.odds.value),
        "low": odds(&one.counts, one.odds.low),
        "high": odds(&one.counts, one.odds.high),
        "q": chance(one.q),
    })
}

fn segment(told: &Told<'_>, one: &Spot) -> Value {
    let places = one
        .cells
        .iter()
        .map(|(field, value)| told.place(*field, *value));
    let values: Map<String, Value> = places
        .map(|(field, value)| (field.to_owned(), value.into()))
        .collect();
    json!({
        "values": values,
        "n": one.counts.here,
        "all": one.counts.all_here,
        "share": number(one.counts.share_here()),
        "share_elsewhere": number(one.counts.share_there()),
        "lift": rounded(one.lift),
        "odds": odds(&one.counts, one.odds.value),
        "low": odds(&one.counts, one.odds.low),
        "high": odds(&one.counts, one.odds.high),
        "q": chance(one.q),
        "looked_at": told.found.looked_at,
    })
}

fn odata(told: &Told<'_>, one: &Threshold) -> Value {
    json!({
        "field": told.number(one.field),
        "condition": told.condition(one),
        "threshold": rounded(one.value),
        "from": one.from,
        "n": one.counts.here,
        "share": number(one.counts.share_here()),
        "share_elsewhere": number(one.counts.share_there()),
        "odds": odds(&one.counts, one.odds.value),
        "low": odds(&one.counts, one.odds.low),
        "high": odds(&one.counts, one.odds.high),
        "q": chance(one.q),
        "tried": one.tried,
    })
}

/// The same as one table: a list is one cell, each item as it is shown.
pub fn sheet(told: &Told<'_>) -> Sheet {
    const COLUMNS: [&str; 20] = [
        "driver",
        "name",
        "area",
        "group",
        "n",
        "n_group",
        "n_rest",
        "share_group",
        "share_rest",
        "odds",
        "low",
        "high",
        "p",
        "q",
        "significant",
        "recoverable",
        "themes",
        "segments",
        "odata",
        "words",
    ];
    let mut sheet = Sheet::new(told.locale, &COLUMNS.map(|key| (key, Show::Never)));
    let [reasons, quotes] = ["reasons", "quotes"];
    let more = Sheet::new(
        told.locale,
        &[(reasons, Show::Never), (quotes, Show::Never)],
    );
    sheet.columns.extend(more.columns);
    for object in objects(told) {
        let cell = |column: &crate::report::Column| {
            let value = object.get(column.key).cloned().unwrap_or(Value::Null);
            match value {
                Value::Array(items) => items
                    .iter()
                    .map(|item| item_text(column.key, item))
                    .collect(),
                other => other,
            }
        };
        sheet.rows.push(sheet.columns.iter().map(cell).collect());
    }
    sheet
}

/// An item of a list in a cell of a table.
fn item_text(list: &str, item: &Value) -> Value {
    let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
    match list {
        "themes" => text("theme").into(),
        "segments" => {
            let values = item["values"].as_object().into_iter().flatten();
            let values = values
                .map(|(field, value)| format!("{field}={}", value.as_str().unwrap_or_default()));
            format!(
                "{} x{}",
                values.collect::<Vec<_>>().join(" & "),
                item["lift"]
            )
            .into()
        }
        "odata" if item["odds"].is_null() => text("condition").into(),
        "odata" => format!("{} odds {}", text("condition"), item["odds"]).into(),
        "words" => text("word").into(),
        _ => format!("{} ({})", text("text"), text("id")).into(),
    }
}
