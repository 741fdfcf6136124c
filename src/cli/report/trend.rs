//! The score through time.

use super::Findings;
use crate::driver::false_discovery;
use crate::error::Result;
use crate::index::{By, Group, Index, Query};
use crate::measure::Measure;
use crate::report::{Curve, Drawing, Moment, Section};
use crate::tally::HIDDEN_BELOW;

/// With fewer months than this weeks are drawn.
const FEW_MONTHS: usize = 4;
/// Periods drawn at most, the last ones: more cannot be told apart on a page.
const MOST: usize = 36;

/// The score by month, or by week.
pub struct Trend {
    /// True for weeks.
    weekly: bool,
    /// The periods that are shown.
    moments: Vec<Moment>,
    /// Periods left out because too few voted.
    hidden: usize,
    /// Periods left out because they are too long ago.
    older: usize,
}

/// A change from one period to the next that is more than chance.
pub struct Change {
    /// The period before.
    pub before: String,
    /// The period after.
    pub after: String,
    /// The score before.
    pub from: f64,
    /// The score after.
    pub to: f64,
    /// Points of change.
    pub by: f64,
}

impl Trend {
    /// The trend of a selection; `None` without two periods that can be shown.
    pub fn of(index: &Index, query: &Query, measure: Measure) -> Result<Option<Self>> {
        let enough = |groups: &[Group]| {
            let shown = groups.iter();
            shown
                .filter(|one| one.figures.tally(measure).n() >= HIDDEN_BELOW)
                .count()
        };
        let months = index.aggregate(query, &By::Month)?.groups;
        let weekly = enough(&months) < FEW_MONTHS;
        let groups = if weekly {
            index.aggregate(query, &By::Week)?.groups
        } else {
            months
        };
        let older = groups.len().saturating_sub(MOST);
        let groups = &groups[older..];
        let shown = enough(groups);
        Ok((shown > 1).then(|| Self {
            weekly,
            moments: moments(groups, measure, weekly),
            hidden: groups.len() - shown,
            older,
        }))
    }

    /// The change to the last period from the one before it, where it is more than chance.
    pub fn last_change(&self) -> Option<Change> {
        let [.., before, after] = &self.moments[..] else {
            return None;
        };
        after.arrow.map(|_| Change {
            before: before.name.clone(),
            after: after.name.clone(),
            from: before.value,
            to: after.value,
            by: after.value - before.value,
        })
    }
}

/// The periods that enough voted in, with arrows where the score certainly moved since the one
/// before; p values are adjusted over all of them.
fn moments(groups: &[Group], measure: Measure, weekly: bool) -> Vec<Moment> {
    let shown: Vec<(usize, &Group)> = groups
        .iter()
        .enumerate()
        .filter(|(_, one)| one.figures.tally(measure).n() >= HIDDEN_BELOW)
        .collect();
    let since = |pair: &[(usize, &Group)]| {
        let [before, after] = [pair[0].1, pair[1].1].map(|one| one.figures.tally(measure));
        after.against(&before).filter(|change| change.arrow)
    };
    let changes: Vec<_> = shown.windows(2).map(since).collect();
    let p: Vec<Option<f64>> = changes
        .iter()
        .map(|change| change.as_ref().map(|one| one.p))
        .collect();
    let certain = changes.iter().zip(false_discovery::adjust(&p));
    let arrows = certain.map(|(change, q)| {
        let change = change.as_ref()?;
        let is_certain = q.is_some_and(|q| q <= false_discovery::ACCEPTED);
        is_certain.then_some(if change.difference < 0.0 {
            "▼"
        } else {
            "▲"
        })
    });
    let arrows = std::iter::once(None).chain(arrows);
    let moments = shown.iter().zip(arrows).filter_map(|((at, group), arrow)| {
        let summary = group.figures.summary(measure);
        let month = months_since_christ(&group.group).filter(|_| !weekly);
        Some(Moment {
            name: group.group.clone(),
            place: month.unwrap_or(*at as f64),
            n: summary.n,
            value: summary.net?,
            low: summary.low?,
            high: summary.high?,
            arrow,
        })
    });
    moments.collect()
}

/// The place of a month, such as `2026-05`, among all months.
fn months_since_christ(month: &str) -> Option<f64> {
    let (year, month) = month.split_once('-')?;
    Some(12.0 * year.parse::<f64>().ok()? + month.parse::<f64>().ok()?)
}

/// The fifth section; none without dates.
pub fn section(found: &Findings<'_>) -> Option<Section> {
    let trend = found.trend.as_ref()?;
    let mut notes = Vec::new();
    if let Some((first, last)) = found.read.days {
        notes.push(found.fill("trend.ends", &[("first", &first), ("last", &last)]));
    }
    if trend.hidden > 0 {
        notes.push(found.fill("trend.hidden", &[("n", &trend.hidden)]));
    }
    if trend.older > 0 {
        notes.push(found.fill("trend.older", &[("n", &trend.older), ("most", &MOST)]));
    }
    let by = if trend.weekly { "weeks" } else { "months" };
    let score = found.score();
    Some(Section {
        heading: found.fill(&format!("trend.{by}"), &[("score", &score)]),
        drawing: Some(Drawing::Curve(Curve {
            upwards: found.fill("axis.net", &[("score", &score)]),
            points: trend.moments.clone(),
        })),
        notes,
        ..found.section("trend")
    })
}
