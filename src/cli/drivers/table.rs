//! The rows of drivers as people read them: what hurts, what delights, the open ones; then quotes.

use super::rows::{doubt, effect, tone};
use super::study::{Study, Told};
use crate::cli::search::scored;
use crate::driver::trend::Arrow;
use crate::driver::{Analysis, Row, Trend};
use crate::index::Index;
use crate::lang::Lang;
use crate::locale::Locale;
use crate::measure::Measure;
use crate::report::{Sheet, Show};
use serde_json::{Value, json};
use std::fmt::Write;

/// The sections of the table, in their order.
pub const SECTIONS: [&str; 3] = ["hurts", "delights", "open"];
/// The mark of a row whose part without double counting has the other sign.
const SHARED: &str = " †";
/// Rows of a section that are quoted below the table unless --quotes asks for more.
const LEADING: usize = 5;

/// The name of a driver or theme in the reader's language.
pub fn name_of<'i>(row: &Row, index: &'i Index, locale: &Locale) -> &'i str {
    let driver = &index.drivers()[row.driver as usize];
    let (es, en) = match row.theme {
        Some(theme) => {
            let theme = &index.themes()[theme as usize];
            (&theme.es, &theme.en)
        }
        None => (&driver.es, &driver.en),
    };
    if locale.lang() == Lang::Es { es } else { en }
}

/// The positions of the rows of a section, in their order.
pub fn section(rows: &[Row], wanted: &str) -> Vec<usize> {
    let of = rows.iter().enumerate();
    of.filter(|(_, row)| effect(row) == wanted)
        .map(|(at, _)| at)
        .collect()
}

/// The rows that certainly hurt or delight.
pub fn certain(rows: &[Row]) -> Vec<usize> {
    [section(rows, "hurts"), section(rows, "delights")].concat()
}

/// The first of those that hurt and of those that delight.
pub fn leading(rows: &[Row]) -> Vec<usize> {
    let first = |wanted| section(rows, wanted).into_iter().take(LEADING);
    first("hurts").chain(first("delights")).collect()
}

/// The table, and quotes below it.
pub fn text(
    rows: &[Row],
    told: &[Told],
    index: &Index,
    locale: &Locale,
    width: Option<u16>,
) -> String {
    let mut text = people(rows, told, index, locale).to_table(locale, width);
    for at in certain(rows) {
        if told[at].quotes.is_empty() && told[at].reasons.is_empty() {
            continue;
        }
        let _ = write!(text, "\n\n{}", name_of(&rows[at], index, locale));
        for quote in &told[at].quotes {
            let about = scored(&quote.id, quote.date, quote.scores, locale);
            let _ = write!(text, "\n  “{}”\n    {about}", quote.text);
        }
        if !told[at].reasons.is_empty() {
            let reasons = told[at].reasons.iter();
            let reasons: Vec<String> = reasons
                .map(|reason| format!("“{}” ({})", reason.text, reason.id))
                .collect();
            let line = locale.fill("drivers.reasons", &[("reasons", &reasons.join("; "))]);
            let _ = write!(text, "\n  {line}");
        }
    }
    text
}

/// The rows as a sheet for people, by section; without trend and units where `told` is empty.
pub fn people(rows: &[Row], told: &[Told], index: &Index, locale: &Locale) -> Sheet {
    let mut sheet = empty(told, locale);
    for wanted in SECTIONS {
        let of = one_section(wanted, rows, told, index, locale);
        if of.rows.is_empty() {
            continue;
        }
        let mut heading = vec![Value::from(""); sheet.columns.len()];
        heading[0] = locale.text(&format!("drivers.{wanted}")).into();
        sheet.rows.push(heading);
        sheet.rows.extend(of.rows);
    }
    sheet
}

/// The rows of one section as a sheet for people.
pub fn one_section(
    wanted: &str,
    rows: &[Row],
    told: &[Told],
    index: &Index,
    locale: &Locale,
) -> Sheet {
    let mut sheet = empty(told, locale);
    let nothing = Told::default();
    let told = |at: usize| told.get(at).unwrap_or(&nothing);
    let of = section(rows, wanted).into_iter();
    sheet
        .rows
        .extend(of.map(|at| cells(&rows[at], told(at), index, locale)));
    sheet
}

/// A sheet for people without rows.
fn empty(told: &[Told], locale: &Locale) -> Sheet {
    let beside = if told.is_empty() {
        Show::Never
    } else {
        Show::Text
    };
    let columns = [
        ("name", Show::Text),
        ("n", Show::Count),
        ("share", Show::Percent),
        ("impact", Show::Points),
        ("interval", Show::Text),
        ("recov", Show::Number),
        ("sole", Show::Number),
        ("shapley", Show::Points),
        ("tone", Show::Points),
        ("trend", beside),
        ("spread", beside),
        ("kind", Show::Word),
        ("area", Show::Word),
    ];
    Sheet::new(locale, &columns)
}

/// True for a row that would be certain by its impact alone.
fn is_shared(row: &Row) -> bool {
    doubt(row) == Some("shared")
}

fn cells(row: &Row, told: &Told, index: &Index, locale: &Locale) -> Vec<Value> {
    let impact = row.impact.as_ref();
    let number = |value: Option<f64>| value.map_or(Value::Null, Value::from);
    let interval = impact.map(|impact| {
        let (low, high) = (locale.number(impact.low, 1), locale.number(impact.high, 1));
        format!("{low}…{high}")
    });
    let kind = row.asymmetry.as_ref().and_then(|both| both.kind);
    let area = index.drivers()[row.driver as usize].area;
    let mark = if is_shared(row) { SHARED } else { "" };
    vec![
        format!("{}{mark}", name_of(row, index, locale)).into(),
        row.n.into(),
        row.share.into(),
        number(impact.map(|impact| impact.impact)),
        interval.map_or(Value::Null, Value::from),
        number(impact.map(|impact| impact.recoverable)),
        row.sole.into(),
        number(row.shapley.as_ref().map(|share| share.value)),
        number(tone(row)),
        told.trend
            .as_ref()
            .map_or(Value::Null, |trend| moved(trend, locale).into()),
        told.spread.as_ref().map_or(Value::Null, |(_, spread)| {
            let mark = if spread.is_transversal() { " ⇄" } else { "" };
            format!("{}/{}{mark}", spread.hurt, spread.units).into()
        }),
        kind.map_or(Value::Null, |kind| json!(kind)),
        area.name().into(),
    ]
}

/// The change of a share in percentage points, with an arrow where it is more than chance.
fn moved(trend: &Trend, locale: &Locale) -> String {
    let points = 100.0 * (trend.share_after - trend.share_before);
    let sign = if points >= 0.05 { "+" } else { "" };
    let arrow = match trend.arrow {
        // Not ▲▼, which stand for better and worse: named less is neither.
        Some(Arrow::Up) => " ↑",
        Some(Arrow::Down) => " ↓",
        None => "",
    };
    format!("{sign}{}{arrow}", locale.number(points, 1))
}

/// How the table is to be read.
pub fn footnote(analysis: &Analysis, measure: Measure, locale: &Locale) -> String {
    let summary = analysis.total.summary(measure);
    let net = summary
        .net
        .map_or_else(|| "–".to_owned(), |net| locale.number(net, 1));
    locale.fill(
        "drivers.footnote",
        &[
            ("definition", &measure.definition()),
            ("net", &net),
            ("n", &locale.count(summary.n)),
            ("hidden", &analysis.hidden),
        ],
    )
}

/// What trend and units are of, and the mark of rows that stand apart in spite of their interval.
pub fn legend(study: &Study, rows: &[Row], told: &[Told], locale: &Locale) -> String {
    let trend = told.iter().find_map(|told| told.trend.as_ref());
    let trend = trend.map_or_else(
        || locale.text("drivers.no_trend").to_owned(),
        |trend| {
            locale.fill(
                "drivers.trend",
                &[
                    ("before", &trend.before),
                    ("after", &trend.after),
                    ("n_before", &locale.count(trend.n_before)),
                    ("n_after", &locale.count(trend.n_after)),
                ],
            )
        },
    );
    let units = study.field.as_ref().map_or_else(
        || locale.text("drivers.no_units").to_owned(),
        |field| locale.fill("drivers.units", &[("field", field)]),
    );
    let mut legend = format!("{trend}\n{units}");
    if rows.iter().any(is_shared) {
        let _ = write!(legend, "\n{}", locale.text("drivers.shared"));
    }
    legend
}
