//! Impact against volume.

use super::Findings;
use crate::cli::drivers::{effect, leading as leading_rows, name_of};
use crate::driver::Row;
use crate::report::{Drawing, Point, Scatter, Section};

/// The third section; none where no driver has an impact.
pub fn section(found: &Findings<'_>) -> Option<Section> {
    let rows = found.rows();
    let top = leading_rows(rows);
    let others = (0..rows.len()).filter(|at| !top.contains(at));
    let order = top.iter().copied().chain(others);
    let points: Vec<Point> = order
        .filter_map(|at| point(found, &rows[at], top.contains(&at)))
        .collect();
    if points.is_empty() {
        return None;
    }
    let key = [("minus", "hurts"), ("plus", "delights"), ("open", "open")];
    let score = found.score();
    Some(Section {
        drawing: Some(Drawing::Scatter(Scatter {
            across: found.text("axis.share"),
            upwards: found.fill("axis.impact", &[("score", &score)]),
            key: key
                .map(|(side, word)| (side, found.locale.word("side", word).to_owned()))
                .to_vec(),
            points,
        })),
        ..found.section("chart")
    })
}

fn point(found: &Findings<'_>, row: &Row, leading: bool) -> Option<Point> {
    let impact = row.impact.as_ref()?;
    Some(Point {
        name: name_of(row, found.index, found.locale).to_owned(),
        share: row.share,
        value: impact.impact,
        low: impact.low,
        high: impact.high,
        side: match effect(row) {
            "hurts" => "minus",
            "delights" => "plus",
            _ => "open",
        },
        leading,
    })
}
