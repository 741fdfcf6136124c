//! Whether a theme is named more than before: its share in the last two whole periods.
//!
//! A period is a month, or a quarter where a month has fewer than [`ARROW_FROM`] verbatims. It is
//! whole when verbatims reach its end; the last month of a running export is not, and is left out.
//! The two shares are compared by adding one verbatim that names it and one that does not to each
//! (Agresti & Caffo 2000, *The American Statistician* 54), and p values are adjusted over all rows.

use super::Named;
use super::false_discovery::{self, ACCEPTED};
use crate::normal;
use crate::tally::{ARROW_FROM, HIDDEN_BELOW};
use crate::verbatim::Day;
use rustc_hash::FxHashMap;
use serde::Serialize;

/// Days at the end of a period that may be without verbatims, and it is whole yet: a weekend.
pub const SPARE_DAYS: u8 = 2;

/// Verbatims by month and by what they name: whole counts that merge in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    months: FxHashMap<u32, Month>,
    /// The first and the last day that a verbatim is from.
    days: Option<(Day, Day)>,
    seen: Seen,
}

/// The verbatims of one month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Month {
    n: u64,
    drivers: Vec<u64>,
    themes: Vec<u64>,
}

/// What the verbatim at hand was already counted for.
#[derive(Clone, Debug, Default)]
struct Seen(Vec<u16>);

impl PartialEq for Seen {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Seen {}

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A month, as `2026-05`.
    Month,
    /// A quarter of the year, as `2026-Q2`.
    Quarter,
}

/// The direction of a change that is more than chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrow {
    /// Named by more.
    Up,
    /// Named by fewer.
    Down,
}

/// The two periods that are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Their length.
    pub period: Period,
    /// The months of the last whole period but one, and those of the last, as `2026-05`.
    pub months: [Vec<String>; 2],
    /// Their names.
    pub names: [String; 2],
}

impl Compared {
    /// The earlier of the two (0) or the later (1), as a query asks for it after `date:`.
    pub fn written(&self, which: usize) -> String {
        let months = &self.months[which];
        match (months.first(), months.last()) {
            (Some(first), Some(last)) if first != last => format!("{first}..{last}"),
            (Some(first), _) => first.clone(),
            (None, _) => String::new(),
        }
    }
}

/// How the share of one driver or theme moved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// The length of both periods.
    pub period: Period,
    /// The last whole period but one.
    pub before: String,
    /// The last whole period.
    pub after: String,
    /// Verbatims of each.
    pub n_before: u64,
    /// As before, of the later one.
    pub n_after: u64,
    /// Share of verbatims that name it, 0 to 1.
    pub share_before: f64,
    /// As before, of the later one.
    pub share_after: f64,
    /// Chance of a difference at least as large if there were none, 0 to 1.
    pub p: f64,
    /// The p value adjusted for the number of rows tested beside it, 0 to 1.
    pub q: f64,
    /// Where both periods have [`ARROW_FROM`] verbatims and q is small enough.
    pub arrow: Option<Arrow>,
}

impl Timeline {
    /// Counts one verbatim; one without a day is not for it.
    pub fn add(&mut self, day: Option<Day>, named: &[Named]) {
        let Some(day) = day else {
            return;
        };
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
        let number = u32::from(day.year.unsigned_abs()) * 12 + u32::from(day.month) - 1;
        let month = self.months.entry(number).or_default();
        month.n += 1;
        let seen = &mut self.seen.0;
        seen.clear();
        for name in named {
            if !seen.contains(&name.driver) {
                seen.push(name.driver);
                *grown(&mut month.drivers, name.driver) += 1;
            }
        }
        seen.clear();
        for name in named {
            if !seen.contains(&name.theme) {
                seen.push(name.theme);
                *grown(&mut month.themes, name.theme) += 1;
            }
        }
    }

    /// Adds what another counted of other verbatims.
    pub fn merge(&mut self, other: &Self) {
        for (number, from) in &other.months {
            self.months.entry(*number).or_default().merge(from);
        }
        self.days = match (self.days, other.days) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (one, two) => one.or(two),
        };
    }

    /// The trend of each row (driver, and theme in a row of a theme), in their order; `None` where
    /// there are no two whole periods.
    pub fn trends(&self, rows: &[(u16, Option<u16>)]) -> Vec<Option<Trend>> {
        let Some((period, [before, after])) = self.last_two() else {
            return vec![None; rows.len()];
        };
        let counts = |at: &u32| self.counts(period, *at);
        let (early, late) = (counts(&before), counts(&after));
        let mut trends: Vec<Trend> = rows
            .iter()
            .map(|row| {
                let (named_before, named_after) = (early.of(*row), late.of(*row));
                Trend {
                    period,
                    before: period.name(before),
                    after: period.name(after),
                    n_before: early.n,
                    n_after: late.n,
                    share_before: named_before as f64 / early.n as f64,
                    share_after: named_after as f64 / late.n as f64,
                    p: normal::two_sided(z((named_before, early.n), (named_after, late.n))),
                    q: 1.0,
                    arrow: None,
                }
            })
            .collect();
        let p: Vec<Option<f64>> = trends.iter().map(|trend| Some(trend.p)).collect();
        for (trend, q) in trends.iter_mut().zip(false_discovery::adjust(&p)) {
            trend.q = q.unwrap_or(1.0);
            trend.arrow = trend.arrow();
        }
        trends.into_iter().map(Some).collect()
    }

    /// The two periods that [`Timeline::trends`] compares; `None` without two whole ones.
    pub fn compared(&self) -> Option<Compared> {
        let (period, two) = self.last_two()?;
        Some(Compared {
            period,
            months: two.map(|at| period.months(at).map(|at| Period::Month.name(at)).collect()),
            names: two.map(|at| period.name(at)),
        })
    }

    /// The two periods to compare: months, or quarters where months are too few.
    fn last_two(&self) -> Option<(Period, [u32; 2])> {
        let of = |period: Period| {
            let two = self.whole(period)?;
            let least = two.map(|at| self.counts(period, at).n).into_iter().min();
            Some((period, two, least.unwrap_or(0)))
        };
        let (months, quarters) = (of(Period::Month), of(Period::Quarter));
        let chosen = match (months, quarters) {
            (Some(months), _) if months.2 >= ARROW_FROM => months,
            (_, Some(quarters)) => quarters,
            (Some(months), None) => months,
            (None, None) => return None,
        };
        (chosen.2 >= HIDDEN_BELOW).then_some((chosen.0, chosen.1))
    }

    /// The last two periods that the verbatims reach from end to end.
    fn whole(&self, period: Period) -> Option<[u32; 2]> {
        let (first, last) = self.days?;
        let to_end = length(last) - last.day;
        let number = |day: Day| u32::from(day.year.unsigned_abs()) * 12 + u32::from(day.month) - 1;
        let closed = to_end <= SPARE_DAYS && period.ends_with(number(last));
        let after = if closed {
            period.of(number(last))
        } else {
            period.of(number(last)).checked_sub(1)?
        };
        let before = after.checked_sub(1)?;
        let started = first.day <= SPARE_DAYS + 1 && period.begins_with(number(first));
        let begins = period.of(number(first)) + u32::from(!started);
        (before >= begins).then_some([before, after])
    }

    fn counts(&self, period: Period, at: u32) -> Month {
        let mut sum = Month::default();
        for (number, month) in &self.months {
            if period.of(*number) == at {
                sum.merge(month);
            }
        }
        sum
    }
}

impl Month {
    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        let lists = [
            (&mut self.drivers, &other.drivers),
            (&mut self.themes, &other.themes),
        ];
        for (into, from) in lists {
            for (at, count) in (0..).zip(from) {
                *grown(into, at) += count;
            }
        }
    }

    fn of(&self, (driver, theme): (u16, Option<u16>)) -> u64 {
        let (list, at) = match theme {
            Some(theme) => (&self.themes, theme),
            None => (&self.drivers, driver),
        };
        list.get(usize::from(at)).copied().unwrap_or(0)
    }
}

impl Period {
    /// The number of the period in which a month lies, months counted from year 0.
    fn of(self, month: u32) -> u32 {
        match self {
            Self::Month => month,
            Self::Quarter => month / 3,
        }
    }

    /// The months of a period.
    fn months(self, at: u32) -> std::ops::Range<u32> {
        match self {
            Self::Month => at..at + 1,
            Self::Quarter => 3 * at..3 * at + 3,
        }
    }

    fn begins_with(self, month: u32) -> bool {
        self == Self::Month || month.is_multiple_of(3)
    }

    fn ends_with(self, month: u32) -> bool {
        self == Self::Month || month % 3 == 2
    }

    fn name(self, at: u32) -> String {
        match self {
            Self::Month => format!("{:04}-{:02}", at / 12, at % 12 + 1),
            Self::Quarter => format!("{:04}-Q{}", at / 4, at % 4 + 1),
        }
    }
}

impl Trend {
    fn arrow(&self) -> Option<Arrow> {
        let enough = self.n_before.min(self.n_after) >= ARROW_FROM;
        (enough && self.q <= ACCEPTED).then_some(if self.share_after > self.share_before {
            Arrow::Up
        } else {
            Arrow::Down
        })
    }
}

/// The normal statistic of the difference of two shares, each (named, of all).
fn z(before: (u64, u64), after: (u64, u64)) -> f64 {
    let share = |(named, n): (u64, u64)| {
        let n = n as f64 + 2.0;
        let share = (named as f64 + 1.0) / n;
        (share, share * (1.0 - share) / n)
    };
    let ((a, va), (b, vb)) = (share(before), share(after));
    (b - a) / (va + vb).sqrt()
}

/// Days of the month that a day lies in.
fn length(day: Day) -> u8 {
    let year = u32::from(day.year.unsigned_abs());
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match day.month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => 31,
    }
}

fn grown(list: &mut Vec<u64>, at: u16) -> &mut u64 {
    let at = usize::from(at);
    if list.len() <= at {
        list.resize(at + 1, 0);
    }
    &mut list[at]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::Polarity;

    const NAMED: Named = Named {
        theme: 3,
        driver: 1,
        polarity: Polarity::Negative,
    };

    fn day(number: u64) -> Day {
        Day::from_number(number)
    }

    /// `n` verbatims of a month, `named` of which name the theme, from its first day to `last`.
    fn month(timeline: &mut Timeline, month: u64, last: u64, n: u64, named: u64) {
        for at in 0..n {
            let names: &[Named] = if at < named { &[NAMED, NAMED] } else { &[] };
            let of_month = if at == 0 { 1 } else { last };
            timeline.add(Some(day(100 * month + of_month)), names);
        }
    }

    fn trend(timeline: &Timeline) -> Option<Trend> {
        let rows = [(1, None), (1, Some(3))];
        let trends = timeline.trends(&rows);
        assert_eq!(trends[0], trends[1], "one theme is the whole driver");
        trends[0].clone()
    }

    #[test]
    fn a_month_that_is_not_over_is_left_out() {
        let mut timeline = Timeline::default();
        month(&mut timeline, 202_603, 31, 200, 20);
        month(&mut timeline, 202_604, 29, 200, 60);
        assert_eq!(
            trend(&timeline).unwrap().after,
            "2026-04",
            "a weekend may miss"
        );
        month(&mut timeline, 202_605, 11, 200, 0);
        let trend = trend(&timeline).unwrap();
        assert_eq!((&*trend.before, &*trend.after), ("2026-03", "2026-04"));
        assert_eq!((trend.n_before, trend.n_after), (200, 200));
        assert!((trend.share_before - 0.1).abs() < 1e-12);
        assert!((trend.share_after - 0.3).abs() < 1e-12);
        assert_eq!(trend.arrow, Some(Arrow::Up));
    }

    #[test]
    fn few_a_month_are_compared_by_quarter() {
        let mut timeline = Timeline::default();
        for at in 1..=6 {
            let named = if at <= 3 { 30 } else { 2 };
            month(&mut timeline, 202_600 + at, 28, 60, named);
        }
        timeline.add(Some(day(20_260_630)), &[]);
        let trend = trend(&timeline).unwrap();
        assert_eq!((&*trend.before, &*trend.after), ("2026-Q1", "2026-Q2"));
        let compared = timeline.compared().unwrap();
        assert_eq!(compared.names, ["2026-Q1", "2026-Q2"]);
        assert_eq!(compared.written(0), "2026-01..2026-03");
        assert_eq!(trend.arrow, Some(Arrow::Down));
    }

    #[test]
    fn no_arrow_for_few_or_for_chance_and_nothing_without_days() {
        let mut few = Timeline::default();
        month(&mut few, 202_601, 31, 60, 0);
        month(&mut few, 202_602, 28, 60, 60);
        let trend_of_few = trend(&few).unwrap();
        assert_eq!(
            (trend_of_few.period, trend_of_few.arrow),
            (Period::Month, None)
        );
        assert!(trend_of_few.q < 1e-6);
        let mut same = Timeline::default();
        month(&mut same, 202_601, 31, 300, 30);
        month(&mut same, 202_602, 28, 300, 33);
        assert_eq!(trend(&same).unwrap().arrow, None);
        let mut undated = Timeline::default();
        undated.add(None, &[NAMED]);
        assert_eq!(trend(&undated), None);
    }

    #[test]
    fn parts_merge_to_the_whole() {
        let (mut a, mut b, mut whole) = Default::default();
        month(&mut a, 202_601, 31, 120, 12);
        month(&mut whole, 202_601, 31, 120, 12);
        month(&mut b, 202_602, 28, 130, 50);
        month(&mut whole, 202_602, 28, 130, 50);
        b.merge(&a);
        assert_eq!(b, whole);
    }
}
