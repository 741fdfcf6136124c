//! The rows of drivers as programs read them.

use super::study::Told;
use super::table::name_of;
use crate::cli::aggregate::rounded;
use crate::driver::{Row, Side, Trend};
use crate::index::Index;
use crate::locale::Locale;
use crate::report::{Sheet, Show};
use serde_json::{Value, json};

/// The columns; `people` shows others.
const COLUMNS: [(&str, Show); 31] = [
    ("driver", Show::Text),
    ("theme", Show::Text),
    ("name", Show::Text),
    ("area", Show::Word),
    ("n", Show::Count),
    ("share", Show::Percent),
    ("impact", Show::Points),
    ("low", Show::Points),
    ("high", Show::Points),
    ("q", Show::Never),
    ("significant", Show::Never),
    ("side", Show::Word),
    ("recoverable", Show::Points),
    ("sole", Show::Points),
    ("shapley", Show::Points),
    ("net_with", Show::Points),
    ("net_without", Show::Points),
    ("mentions", Show::Never),
    ("kind", Show::Word),
    ("indicative", Show::Never),
    ("counts", Show::Never),
    ("tone", Show::Points),
    ("trend", Show::Never),
    ("transversal", Show::Never),
    ("units", Show::Count),
    ("units_hurt", Show::Count),
    ("unit_field", Show::Text),
    ("quotes", Show::Never),
    ("reasons", Show::Never),
    ("penalty_reward", Show::Never),
    ("doubt", Show::Word),
];

/// The rows of an analysis as a sheet for programs.
pub fn sheet(rows: &[Row], told: &[Told], index: &Index, locale: &Locale) -> Sheet {
    let mut sheet = Sheet::new(locale, &COLUMNS);
    let cells = rows.iter().zip(told);
    sheet
        .rows
        .extend(cells.map(|(row, told)| cells_of(row, told, index, locale)));
    sheet
}

fn cells_of(row: &Row, told: &Told, index: &Index, locale: &Locale) -> Vec<Value> {
    let driver = &index.drivers()[row.driver as usize];
    let theme = row.theme.map(|theme| &index.themes()[theme as usize]);
    let impact = row.impact.as_ref();
    let mut cells = vec![
        Value::from(&*driver.id),
        theme.map_or(Value::Null, |theme| Value::from(&*theme.id)),
        Value::from(name_of(row, index, locale)),
        Value::from(driver.area.name()),
        row.n.into(),
        rounded(row.share).into(),
        number(impact.map(|impact| impact.impact)),
        number(impact.map(|impact| impact.low)),
        number(impact.map(|impact| impact.high)),
        number(row.q),
        row.is_significant().into(),
        effect(row).into(),
        number(impact.map(|impact| impact.recoverable)),
        number(Some(row.sole)),
        number(row.shapley.as_ref().map(|share| share.value)),
        number(impact.map(|impact| impact.net_with)),
        number(impact.map(|impact| impact.net_without)),
        json!({
            "negative": row.mentions[0],
            "neutral": row.mentions[1],
            "positive": row.mentions[2],
        }),
        kind(row),
        row.indicative.into(),
        impact.map_or(
            Value::Null,
            |impact| json!({ "with": impact.with, "without": impact.without }),
        ),
    ];
    cells.extend(told_of(row, told));
    cells
}

fn told_of(row: &Row, told: &Told) -> [Value; 10] {
    let spread = told.spread.as_ref();
    let of_units = |value: fn(&crate::driver::Spread) -> Value| {
        spread.map_or(Value::Null, |(_, spread)| value(spread))
    };
    [
        number(tone(row)),
        told.trend.as_ref().map_or(Value::Null, trend),
        of_units(|spread| spread.is_transversal().into()),
        of_units(|spread| spread.units.into()),
        of_units(|spread| spread.hurt.into()),
        spread.map_or(Value::Null, |(field, _)| field.as_str().into()),
        json!(told.quotes),
        json!(told.reasons),
        effects(row),
        doubt(row).map_or(Value::Null, Value::from),
    ]
}

fn number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |value| rounded(value).into())
}

fn kind(row: &Row) -> Value {
    let kind = row.asymmetry.as_ref().and_then(|asymmetry| asymmetry.kind);
    kind.map_or(Value::Null, |kind| json!(kind))
}

/// What praise adds and blame costs, in points.
fn effects(row: &Row) -> Value {
    row.asymmetry.as_ref().map_or(Value::Null, |both| {
        json!({
            "positive": rounded(both.positive.points),
            "negative": rounded(both.negative.points),
            "asymmetry": number(both.asymmetry),
        })
    })
}

/// The net sentiment of its mentions, -100 to 100.
pub fn tone(row: &Row) -> Option<f64> {
    let [negative, neutral, positive] = row.mentions.map(|n| n as f64);
    let all = negative + neutral + positive;
    (all > 0.0).then(|| 100.0 * (positive - negative) / all)
}

fn trend(trend: &Trend) -> Value {
    json!({
        "period": trend.period,
        "before": trend.before,
        "after": trend.after,
        "n_before": trend.n_before,
        "n_after": trend.n_after,
        "share_before": rounded(trend.share_before),
        "share_after": rounded(trend.share_after),
        "p": rounded(trend.p),
        "q": rounded(trend.q),
        "arrow": trend.arrow,
    })
}

/// Whether it certainly hurts, certainly delights, or may do neither: its own interval, the
/// correction for all the rows tested beside it, and the sign of its part without double counting
/// must agree.
pub fn effect(row: &Row) -> &'static str {
    match row.side() {
        _ if doubt(row).is_some() => "open",
        Side::RootCause => "hurts",
        Side::Delight => "delights",
        Side::Neither => "open",
    }
}

/// Why the effect of a row is not certain: it may be `chance`, or the `shared` work of what is named
/// beside it; `None` for one that is.
pub fn doubt(row: &Row) -> Option<&'static str> {
    if !(row.is_certain() && row.is_significant()) {
        return Some("chance");
    }
    row.is_reversed().then_some("shared")
}
