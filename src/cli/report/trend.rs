//! The score through time.

use super::Findings;
use crate::driver::false_discovery;
use crate::error::Result;
use crate::index::{By, Group, Index, Query};
use crate::measure::Measure;
use crate::report::{Curve, Drawing, Moment, Section};
use crate::tally::{ARROW_FROM, HIDDEN_BELOW, INDICATIVE_BELOW, Tally};
use crate::verbatim::Day;

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
    /// The change from the first to the last of the periods with enough votes for an arrow, and
    /// whether it is more than chance.
    whole: Option<(Change, bool)>,
}

/// A change from one period to another.
#[derive(Clone)]
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
            whole: whole(groups, measure),
            hidden: groups.len() - shown,
            older,
        }))
    }

    /// The change to the last period from the one before it where it is more than chance, else that
    /// from the first to the last where that is.
    pub fn change(&self) -> Option<Change> {
        if let [.., before, after] = &self.moments[..]
            && after.arrow.is_some()
        {
            return Some(Change {
                before: before.name.clone(),
                after: after.name.clone(),
                from: before.value,
                to: after.value,
                by: after.value - before.value,
            });
        }
        let (change, is_certain) = self.whole.as_ref()?;
        is_certain.then(|| change.clone())
    }
}

/// The change from the first to the last of the periods that have enough votes for an arrow.
fn whole(groups: &[Group], measure: Measure) -> Option<(Change, bool)> {
    let tally = |one: &Group| one.figures.tally(measure);
    let mut large = groups.iter().filter(|one| tally(one).n() >= ARROW_FROM);
    let first = large.next()?;
    let last = large.next_back()?;
    let compared = tally(last).against(&tally(first))?;
    let change = Change {
        before: first.group.clone(),
        after: last.group.clone(),
        from: tally(first).net()?,
        to: tally(last).net()?,
        by: compared.difference,
    };
    Some((change, compared.p <= false_discovery::ACCEPTED))
}

/// The periods that enough voted in, with arrows.
fn moments(groups: &[Group], measure: Measure, weekly: bool) -> Vec<Moment> {
    let shown: Vec<(usize, &Group)> = groups
        .iter()
        .enumerate()
        .filter(|(_, one)| one.figures.tally(measure).n() >= HIDDEN_BELOW)
        .collect();
    let tallies: Vec<Tally> = shown
        .iter()
        .map(|(_, one)| one.figures.tally(measure))
        .collect();
    let moments = shown.iter().zip(arrows(&tallies));
    let moments = moments.filter_map(|((at, group), arrow)| {
        let summary = group.figures.summary(measure);
        let month = month_number(&group.group).filter(|_| !weekly);
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

/// For each period an arrow where the score certainly moved since the one before; p values are
/// adjusted over all of them.
fn arrows(tallies: &[Tally]) -> Vec<Option<&'static str>> {
    let changes = tallies.windows(2).map(|pair| {
        let change = pair[1].against(&pair[0]);
        change.filter(|change| change.arrow)
    });
    let changes: Vec<_> = changes.collect();
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
    std::iter::once(None).chain(arrows).collect()
}

/// The place of a month, such as `2026-05`, among all months.
fn month_number(month: &str) -> Option<f64> {
    let (year, month) = month.split_once('-')?;
    Some(12.0 * year.parse::<f64>().ok()? + month.parse::<f64>().ok()?)
}

/// True where the first month and the last seem to be whole, give or take a weekend.
fn are_whole((first, last): (Day, Day)) -> bool {
    first.day <= 3 && last.day >= 28
}

/// The fifth section; none without dates.
pub fn section(found: &Findings<'_>) -> Option<Section> {
    let trend = found.trend.as_ref()?;
    let by = if trend.weekly { "weeks" } else { "months" };
    let score = found.score();
    Some(Section {
        heading: found.fill(&format!("trend.{by}"), &[("score", &score)]),
        drawing: Some(Drawing::Curve(Curve {
            upwards: found.fill("axis.net", &[("score", &score)]),
            points: trend.moments.clone(),
        })),
        notes: notes(found, trend),
        ..found.section("trend")
    })
}

/// What the drawing does not say by itself.
fn notes(found: &Findings<'_>, trend: &Trend) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(ends(found, trend));
    let is_few = |one: &Moment| one.n < INDICATIVE_BELOW;
    if trend.moments.iter().any(is_few) {
        notes.push(found.fill("trend.few", &[("least", &INDICATIVE_BELOW)]));
    }
    let days = found.read.days;
    if let Some((first, last)) = days.filter(|days| trend.weekly || !are_whole(*days)) {
        notes.push(found.fill("trend.ends", &[("first", &first), ("last", &last)]));
    }
    if trend.hidden > 0 {
        notes.push(found.fill("trend.hidden", &[("n", &trend.hidden)]));
    }
    if trend.older > 0 {
        notes.push(found.fill("trend.older", &[("n", &trend.older), ("most", &MOST)]));
    }
    notes
}

/// The first period against the last one.
fn ends(found: &Findings<'_>, trend: &Trend) -> Option<String> {
    let (change, is_certain) = trend.whole.as_ref()?;
    let key = if *is_certain {
        "trend.whole"
    } else {
        "trend.chance"
    };
    let (from, to) = (found.signed(change.from), found.signed(change.to));
    let values: [(&str, &dyn std::fmt::Display); 5] = [
        ("score", &found.score()),
        ("before", &change.before),
        ("after", &change.after),
        ("from", &from),
        ("to", &to),
    ];
    Some(found.fill(key, &values))
}
