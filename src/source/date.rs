//! Dates as exports write them, in Spanish and English, reduced to the day as it is written.

use super::mapping::DateOrder;
use crate::text::fold;
use crate::verbatim::Day;
use serde::Deserialize;

/// Two-digit years from here on are of the last century, as in POSIX `strptime`.
const CENTURY_PIVOT: i16 = 69;

/// The words of dates.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dates {
    months: Vec<Vec<String>>,
    filler: Vec<String>,
}

/// A date as it is written: the day it is in either order; at least one is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub day_first: Option<Day>,
    pub month_first: Option<Day>,
    pub form: Form,
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Year first: 2026-04-13, 2026/4/13, 20260413.
    Year,
    /// Day and month, or month and day, before the year: 13/04/2026, 4-13-26.
    Numbers,
    /// A month by its name: 13 abr 2026, April 13, 2026.
    Named,
}

impl Written {
    fn certain(day: Option<Day>, form: Form) -> Option<Self> {
        day.map(|_| Self {
            day_first: day,
            month_first: day,
            form,
        })
    }

    /// The day, if `order` or the date itself settles it.
    pub fn day(&self, order: Option<DateOrder>) -> Option<Day> {
        match order {
            Some(DateOrder::DayFirst) => self.day_first,
            Some(DateOrder::MonthFirst) => self.month_first,
            None if self.day_first == self.month_first => self.day_first,
            None => self.day_first.xor(self.month_first),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Number { value: i16, digits: usize },
    Month(i16),
}

impl Dates {
    /// Reads a date with or without a time after it. The time and its zone are left out.
    pub fn read(&self, cell: &str) -> Option<Written> {
        let mut scan = Scan { rest: cell };
        let (before, first) = self.part(&mut scan)?;
        if before != ' ' {
            return None;
        }
        if matches!(first, Part::Number { digits: 8, .. }) {
            return compact_day(cell);
        }
        let (early, second) = self.part(&mut scan)?;
        let (late, third) = self.part(&mut scan)?;
        let separators = [early, late];
        if !ends_or_has_time(scan.rest) {
            return None;
        }
        read_parts(first, second, third, separators)
    }

    /// The next part and the separator before it; words that say nothing are passed over.
    fn part(&self, scan: &mut Scan) -> Option<(char, Part)> {
        let mut separator = ' ';
        loop {
            match scan.rest.chars().next()? {
                character @ ('/' | '-' | '.' | ',' | ' ') => {
                    if character != ' ' {
                        separator = if character == ',' {
                            separator
                        } else {
                            character
                        };
                    }
                    scan.rest = scan.rest.get(character.len_utf8()..)?;
                }
                character if character.is_ascii_digit() => {
                    let digits = scan.take(|c| c.is_ascii_digit());
                    if scan.rest.starts_with(':') || digits.len() > 8 {
                        return None;
                    }
                    // Eight digits do not fit and are read again as a compact date.
                    let value = digits.parse().unwrap_or(0);
                    let digits = digits.len();
                    return Some((separator, Part::Number { value, digits }));
                }
                character if character.is_alphabetic() => {
                    let word = fold(scan.take(char::is_alphabetic));
                    let mut months = (1..).zip(&self.months);
                    if let Some((month, _)) = months.find(|(_, names)| names.contains(&word)) {
                        // "sept." keeps its dot out of the separators.
                        scan.rest = scan.rest.strip_prefix('.').unwrap_or(scan.rest);
                        return Some((separator, Part::Month(month)));
                    }
                    if !self.filler.contains(&word) {
                        return None;
                    }
                }
                _ => return None,
            }
        }
    }
}

struct Scan<'c> {
    rest: &'c str,
}

impl<'c> Scan<'c> {
    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'c str {
        let end = self
            .rest
            .find(|character| !wanted(character))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}

fn read_parts(first: Part, second: Part, third: Part, separators: [char; 2]) -> Option<Written> {
    use Part::{Month, Number};
    match (first, second, third) {
        (
            Number {
                value: year,
                digits: 4,
            },
            Number { value: month, .. },
            Number { value: day, .. },
        ) => {
            let same = separators[0] == separators[1] && separators[0] != ' ';
            Written::certain(same.then(|| valid(year, month, day))?, Form::Year)
        }
        (
            Number {
                value: a,
                digits: 1..=2,
            },
            Number {
                value: b,
                digits: 1..=2,
            },
            Number {
                value: year,
                digits,
            },
        ) => {
            if separators[0] != separators[1] || separators[0] == ' ' {
                return None;
            }
            let year = full_year(year, digits)?;
            let (day_first, month_first) = (valid(year, b, a), valid(year, a, b));
            (day_first.or(month_first)).map(|_| Written {
                day_first,
                month_first,
                form: Form::Numbers,
            })
        }
        (
            Number {
                value: year,
                digits: 4,
            },
            Month(month),
            Number { value: day, .. },
        ) => Written::certain(valid(year, month, day), Form::Named),
        (
            Number { value: day, .. },
            Month(month),
            Number {
                value: year,
                digits,
            },
        )
        | (
            Month(month),
            Number { value: day, .. },
            Number {
                value: year,
                digits,
            },
        ) => Written::certain(valid(full_year(year, digits)?, month, day), Form::Named),
        _ => None,
    }
}

/// The eight digits of 20260413, with or without a time after them.
fn compact_day(cell: &str) -> Option<Written> {
    let number = |from, to| cell.get(from..to)?.parse().ok();
    let (year, month, day): (i16, i16, i16) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    // Other numbers of eight digits are common; those that begin like this are not.
    if !(1900..2100).contains(&year) || !ends_or_has_time(cell.get(8..)?) {
        return None;
    }
    Written::certain(valid(year, month, day), Form::Year)
}

fn full_year(year: i16, digits: usize) -> Option<i16> {
    match digits {
        4 => Some(year),
        2 if year < CENTURY_PIVOT => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

fn valid(year: i16, month: i16, day: i16) -> Option<Day> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    (date.year() >= 1).then_some(Day {
        year,
        month: month.unsigned_abs(),
        day: day.unsigned_abs(),
    })
}

/// True at the end, and where a time follows: "T10:00", " 9:05 p. m.", ", 10:00 UTC".
fn ends_or_has_time(rest: &str) -> bool {
    let time = rest.trim_start_matches(['T', 't', ',', ' ']);
    let time = time.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ');
    rest.is_empty()
        || (time.len() < rest.len()
            && time.starts_with(|c: char| c.is_ascii_digit())
            && (time.contains(':') || rest.starts_with('T')))
}

#[cfg(test)]
mod tests {
    use super::super::values::Values;
    use super::*;
    use proptest::prelude::*;

    #[derive(Deserialize)]
    struct Cases {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        cell: String,
        why: String,
        day: Option<String>,
        day_first: Option<String>,
        month_first: Option<String>,
    }

    #[test]
    fn cases() {
        let dates = Values::load().unwrap().dates;
        let cases: Cases = toml::from_str(include_str!("../../tests/data/dates.toml")).unwrap();
        for case in cases.case {
            let written = dates.read(&case.cell);
            let day = |order| {
                written
                    .and_then(|written| written.day(order))
                    .map(|day| day.to_string())
            };
            let wanted =
                |either: Option<String>| either.or(case.day.clone()).filter(|day| !day.is_empty());
            let label = format!("{:?} ({})", case.cell, case.why);
            assert_eq!(day(None), case.day, "{label}");
            assert_eq!(
                day(Some(DateOrder::DayFirst)),
                wanted(case.day_first),
                "{label}"
            );
            assert_eq!(
                day(Some(DateOrder::MonthFirst)),
                wanted(case.month_first),
                "{label}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_however_it_is_written(days in -200_000_i64..900_000) {
            let dates = Values::load().unwrap().dates;
            let date = jiff::civil::date(2000, 1, 1)
                .saturating_add(jiff::Span::new().days(days));
            for form in ["%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%-d %b %Y", "%A, %B %-d, %Y", "%FT%T"] {
                let cell = date.at(23, 59, 0, 0).strftime(form).to_string();
                let read = dates.read(&cell).and_then(|written| written.day(Some(DateOrder::DayFirst)));
                prop_assert_eq!(read.map(|day| day.to_string()), Some(date.to_string()), "{}", cell);
            }
        }

        #[test]
        fn no_cell_panics(cell in "[0-9/:.,T a-zé-]{0,24}|\\PC{0,12}") {
            let dates = Values::load().unwrap().dates;
            let _ = dates.read(&cell);
        }
    }
}
