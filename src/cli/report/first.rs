//! What to look at first: at most five sentences made of figures.

use super::moved::Moved;
use super::{Findings, Trend, most_blamed};
use crate::cli::drivers::{effect, name_of, section as rows_of};
use crate::driver::{Impact, Row};
use crate::report::Section;

/// Drivers that hurt and are told.
const HURTING: usize = 3;

/// The second section.
pub fn section(found: &Findings<'_>) -> Section {
    let rows = found.rows();
    let hurting = rows_of(rows, "hurts").into_iter().take(HURTING);
    let mut points: Vec<String> = hurting.filter_map(|at| hurts(found, &rows[at])).collect();
    if points.is_empty() {
        points.push(nothing(found));
    }
    let delight = rows_of(rows, "delights").into_iter().next();
    points.extend(delight.and_then(|at| delights(found, &rows[at])));
    points.extend(moved(found));
    let mut notes = vec![found.text("first.note")];
    let sure = rows.iter().filter(|row| effect(row) == "hurts").count();
    if sure > 1 {
        notes.insert(0, found.text("first.overlap"));
    }
    Section {
        points,
        notes,
        ..found.section("first")
    }
}

/// That no driver certainly hurts, and what unhappy customers name all the same.
fn nothing(found: &Findings<'_>) -> String {
    let (rows, all) = (found.rows(), found.study.analysis.total);
    let text = found.fill(
        "first.nothing",
        &[
            ("n", &found.locale.count(all.n())),
            ("score", &found.score()),
        ],
    );
    let named = most_blamed(rows).into_iter().filter_map(|at| {
        let minus = rows[at].impact.as_ref()?.with.minus;
        let name = name_of(&rows[at], found.index, found.locale);
        Some(format!("{name} ({})", found.percent_of(minus, all.minus)))
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() {
        return text;
    }
    text + &found.fill("first.blamed", &[("named", &named.join(", "))])
}

fn hurts(found: &Findings<'_>, row: &Row) -> Option<String> {
    let impact = row.impact.as_ref()?;
    let gain = found.fill(
        &format!("gain.{}", found.measure.name()),
        &[
            ("points", &found.points(impact.recoverable)),
            ("sole", &found.points(row.sole)),
        ],
    );
    let mut text = told(
        found,
        "first.hurts",
        row,
        impact,
        (-impact.high, -impact.low),
    );
    text.push_str(&gain);
    text.push_str(&within(found, row));
    text.push_str(&concentrated(found, row));
    Some(text + &area(found, row))
}

fn delights(found: &Findings<'_>, row: &Row) -> Option<String> {
    let impact = row.impact.as_ref()?;
    let bounds = (impact.low, impact.high);
    let text = told(found, "first.delights", row, impact, bounds);
    Some(text + &within(found, row) + &area(found, row))
}

fn told(
    found: &Findings<'_>,
    key: &str,
    row: &Row,
    impact: &Impact,
    (low, high): (f64, f64),
) -> String {
    found.fill(
        key,
        &[
            ("name", &name_of(row, found.index, found.locale)),
            ("points", &found.points(impact.impact.abs())),
            ("low", &found.points(low)),
            ("high", &found.points(high)),
            ("n", &found.locale.count(row.n)),
            ("share", &found.percent(row.share)),
        ],
    )
}

/// Who inside the company owns a driver.
fn area(found: &Findings<'_>, row: &Row) -> String {
    let area = found.index.drivers()[usize::from(row.driver)].area;
    let area = found.locale.word("area", area.name());
    found.fill("first.area", &[("area", &area)])
}

/// The theme of a driver that does the same most certainly, by its own impact.
fn within(found: &Findings<'_>, row: &Row) -> String {
    let themes = found.study.rows(true).iter();
    let same = |theme: &&Row| theme.driver == row.driver && effect(theme) == effect(row);
    let Some((theme, impact)) = themes
        .filter(same)
        .find_map(|theme| Some((theme, theme.impact.as_ref()?)))
    else {
        return String::new();
    };
    found.fill(
        "first.theme",
        &[
            ("theme", &name_of(theme, found.index, found.locale)),
            ("points", &found.signed(impact.impact)),
        ],
    )
}

/// Where the complaints of those who vote -1 are concentrated.
fn concentrated(found: &Findings<'_>, row: &Row) -> String {
    let places = found.below.iter().flat_map(|below| &below.places);
    let place = places.into_iter().find(|place| place.driver == row.driver);
    place.map_or_else(String::new, |place| {
        // The blank before the sign of per cent does not break a line.
        let [here, there] = [&place.here, &place.there].map(|share| share.replace(' ', "\u{a0}"));
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("place", &place.name), ("here", &here), ("there", &there)];
        found.fill("first.place", &values)
    })
}

/// The last certain change of the score between whole periods, else that over the whole time, else
/// that of a driver's share.
fn moved(found: &Findings<'_>) -> Option<String> {
    if let Some(moved) = &found.moved {
        return Some(step(found, moved));
    }
    let mut rows = found.rows().iter().zip(&found.told);
    let (row, trend) = rows.find_map(|(row, told)| {
        let trend = told.trend.as_ref()?;
        trend.arrow.map(|_| (row, trend))
    })?;
    let name = name_of(row, found.index, found.locale);
    Some(found.fill(
        "first.named",
        &[
            ("name", &name),
            ("from", &found.percent(trend.share_before)),
            ("to", &found.percent(trend.share_after)),
            ("before", &trend.before),
            ("after", &trend.after),
        ],
    ))
}

/// How the score moved, how much of it is mix, and which command says so.
fn step(found: &Findings<'_>, Moved { change, mix }: &Moved) -> String {
    let down = change.by < 0.0;
    let mut text = found.fill(
        &format!("first.moved.{}", if down { "down" } else { "up" }),
        &[
            ("score", &found.score()),
            ("before", &change.names[0]),
            ("after", &change.names[1]),
            ("points", &found.points(change.by.abs())),
            ("from", &found.signed(change.from)),
            ("to", &found.signed(change.to)),
        ],
    );
    let mix = match mix {
        None => found.text("first.mix.none"),
        Some((field, mix)) => {
            let key = if (mix.points < 0.0) == down {
                "first.mix.with"
            } else {
                "first.mix.against"
            };
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("points", &found.signed(mix.points)),
                ("rate", &found.signed(mix.rate)),
                ("field", field),
            ];
            found.fill(key, &values)
        }
    };
    text.push_str(&mix);
    let days = found.read.days.map(|(_, last)| last);
    if let (Some(open), Some(last)) = (found.trend.as_ref().and_then(Trend::open), days) {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("period", &open), ("day", &last)];
        text.push_str(&found.fill("first.open", &values));
    }
    let [from, to] = &change.written;
    let command = found.command("why", &format!(" --from {from} --to {to}"));
    text + &found.fill("first.why", &[("command", &command)])
}
