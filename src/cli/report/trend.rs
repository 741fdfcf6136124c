//! The score through time.

use super::Findings;
use crate::driver::Compared;
use crate::driver::false_discovery;
use crate::driver::trend::Period;
use crate::error::Result;
use crate::index::{By, Group, Index, Query, is_covered};
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
    /// The change between the last two whole periods, those of the trends of drivers, where it is
    /// more than chance.
    last: Option<Change>,
    /// The change from the first to the last of the whole periods with enough votes for an arrow,
    /// and whether it is more than chance.
    whole: Option<(Change, bool)>,
}

/// A change from one period to another.
#[derive(Clone)]
pub struct Change {
    /// The periods before and after.
    pub names: [String; 2],
    /// The same as `voz why` takes them.
    pub written: [String; 2],
    /// The score before.
    pub from: f64,
    /// The score after.
    pub to: f64,
    /// Points of change.
    pub by: f64,
}

impl Change {
    fn of(names: [String; 2], written: [String; 2], tallies: [Tally; 2]) -> Option<(Self, f64)> {
        let [before, after] = tallies;
        let compared = after.against(&before)?;
        let change = Self {
            names,
            written,
            from: before.net()?,
            to: after.net()?,
            by: compared.difference,
        };
        Some((change, compared.p))
    }
}

/// The periods of a selection, and which of them its comments cover from end to end.
struct Periods<'g> {
    groups: &'g [Group],
    whole: Vec<bool>,
    measure: Measure,
}

impl Trend {
    /// The trend of a selection whose comments are from `days`; `None` without two periods that can
    /// be shown. `compared` are the periods that the trends of drivers compare.
    pub fn of(
        index: &Index,
        query: &Query,
        measure: Measure,
        days: Option<(Day, Day)>,
        compared: Option<&Compared>,
    ) -> Result<Option<Self>> {
        let enough = |groups: &[Group]| {
            let shown = groups.iter();
            shown
                .filter(|one| one.figures.tally(measure).n() >= HIDDEN_BELOW)
                .count()
        };
        let months = index.aggregate(query, &By::Month)?.groups;
        let weekly = enough(&months) < FEW_MONTHS;
        let weeks = if weekly {
            index.aggregate(query, &By::Week)?.groups
        } else {
            Vec::new()
        };
        let groups = if weekly { &weeks } else { &months };
        let older = groups.len().saturating_sub(MOST);
        let groups = &groups[older..];
        let shown = enough(groups);
        let is_whole = |one: &Group| days.and_then(|days| is_covered(&one.group, days));
        let periods = Periods {
            groups,
            whole: groups
                .iter()
                .map(|one| is_whole(one) == Some(true))
                .collect(),
            measure,
        };
        let moments = periods.moments(weekly);
        Ok((shown > 1).then(|| Self {
            weekly,
            last: last(&moments, &months, measure, compared),
            whole: periods.ends(),
            moments,
            hidden: groups.len() - shown,
            older,
        }))
    }

    /// The change between the last two whole periods where it is more than chance, else that from
    /// the first to the last where that is.
    pub fn change(&self) -> Option<Change> {
        if let Some(change) = &self.last {
            return Some(change.clone());
        }
        let (change, is_certain) = self.whole.as_ref()?;
        is_certain.then(|| change.clone())
    }

    /// The last period that is shown, where the comments do not cover it to its end.
    pub fn open(&self) -> Option<&str> {
        let last = self.moments.last()?;
        last.is_open.then_some(last.name.as_str())
    }
}

/// The change between the two periods that the trends of drivers compare; without them between the
/// last two that are shown and whole. `None` where it may be chance.
fn last(
    moments: &[Moment],
    months: &[Group],
    measure: Measure,
    compared: Option<&Compared>,
) -> Option<Change> {
    let Some(compared) = compared else {
        let whole: Vec<&Moment> = moments.iter().filter(|one| !one.is_open).collect();
        let [.., before, after] = whole[..] else {
            return None;
        };
        let names = [before.name.clone(), after.name.clone()];
        return after.arrow.map(|_| Change {
            written: names.clone(),
            names,
            from: before.value,
            to: after.value,
            by: after.value - before.value,
        });
    };
    let tally = |which: usize| {
        let wanted = &compared.months[which];
        let of = months.iter().filter(|one| wanted.contains(&one.group));
        of.fold(Tally::default(), |sum, one| {
            sum + one.figures.tally(measure)
        })
    };
    let tallies = [tally(0), tally(1)];
    let written = [compared.written(0), compared.written(1)];
    let (change, p) = Change::of(compared.names.clone(), written, tallies)?;
    // A step between months that are drawn is certain where it has an arrow: one look, one verdict.
    let drawn = moments.iter().find(|one| one.name == compared.names[1]);
    let is_certain = match drawn.filter(|_| compared.period == Period::Month) {
        Some(moment) => moment.arrow.is_some(),
        None => p <= false_discovery::ACCEPTED,
    };
    let enough = tallies.iter().all(|votes| votes.n() >= ARROW_FROM);
    (is_certain && enough).then_some(change)
}

impl Periods<'_> {
    fn tally(&self, at: usize) -> Tally {
        self.groups[at].figures.tally(self.measure)
    }

    /// The change from the first to the last of the whole periods that have enough votes for an
    /// arrow, and whether it is more than chance.
    fn ends(&self) -> Option<(Change, bool)> {
        let mut large = (0..self.groups.len())
            .filter(|at| self.whole[*at] && self.tally(*at).n() >= ARROW_FROM);
        let first = large.next()?;
        let last = large.next_back()?;
        let names = [first, last].map(|at| self.groups[at].group.clone());
        let tallies = [self.tally(first), self.tally(last)];
        let (change, p) = Change::of(names.clone(), names, tallies)?;
        Some((change, p <= false_discovery::ACCEPTED))
    }

    /// The periods that enough voted in, with arrows between those that are whole.
    fn moments(&self, weekly: bool) -> Vec<Moment> {
        let shown = (0..self.groups.len()).filter(|at| self.tally(*at).n() >= HIDDEN_BELOW);
        let shown: Vec<usize> = shown.collect();
        let tallies = shown.iter().map(|at| (self.tally(*at), self.whole[*at]));
        let arrows = arrows(&tallies.collect::<Vec<_>>());
        let moments = shown.iter().zip(arrows);
        let moments = moments.filter_map(|(at, arrow)| {
            let group = &self.groups[*at];
            let summary = group.figures.summary(self.measure);
            let month = month_number(&group.group).filter(|_| !weekly);
            Some(Moment {
                name: group.group.clone(),
                place: month.unwrap_or(*at as f64),
                n: summary.n,
                value: summary.net?,
                low: summary.low?,
                high: summary.high?,
                arrow,
                is_open: !self.whole[*at],
            })
        });
        moments.collect()
    }
}

/// For each period an arrow where the score certainly moved since the one before, both being whole;
/// p values are adjusted over all of them.
fn arrows(tallies: &[(Tally, bool)]) -> Vec<Option<&'static str>> {
    let changes = tallies.windows(2).map(|pair| {
        let [(before, began), (after, ended)] = pair else {
            return None;
        };
        let change = after.against(before).filter(|_| *began && *ended);
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
    if let Some((first, last)) = found.read.days {
        // Only the first period can lack its beginning, and only the last one its end.
        let ends = [
            (trend.moments.first(), "begins", first),
            (trend.moments.last(), "open", last),
        ];
        for (moment, key, day) in ends {
            if let Some(moment) = moment.filter(|one| one.is_open) {
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("period", &moment.name), ("day", &day)];
                notes.push(found.fill(&format!("trend.{key}"), &values));
            }
        }
    }
    if trend.hidden > 0 {
        notes.push(found.fill("trend.hidden", &[("n", &trend.hidden)]));
    }
    if trend.older > 0 {
        let by = if trend.weekly { "week" } else { "month" };
        let by = format!(" --by {by} --measure {}", found.measure.name());
        let command = found.command_without_score("aggregate", &by);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("n", &trend.older), ("most", &MOST), ("command", &command)];
        notes.push(found.fill("trend.older", &values));
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
        ("before", &change.names[0]),
        ("after", &change.names[1]),
        ("from", &from),
        ("to", &to),
    ];
    Some(found.fill(key, &values))
}
