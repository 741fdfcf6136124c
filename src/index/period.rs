//! Periods: a day, week, month or year, and ranges of them.

use super::condition::{days, turned};
use super::group::{days_before, week};
use super::query::{Filter, Query};
use crate::driver::trend::SPARE_DAYS;
use crate::error::{Error, Result};
use crate::verbatim::Day;

impl Query {
    /// A period as it is written after `date:`, or a week of ISO 8601 (`2026-W37`); `None` for what
    /// is not written like one.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for what is written like a period and is none.
    pub fn period(text: &str) -> Result<Option<Self>> {
        let is_like_one = text.starts_with(|one: char| one.is_ascii_digit() || one == '.')
            && text
                .bytes()
                .all(|one| one.is_ascii_digit() || b"-.wW".contains(&one));
        if !is_like_one {
            return Ok(None);
        }
        let found = if text.contains(['w', 'W']) {
            weeks(text)
        } else {
            days(text).ok()
        };
        if let (None, Some((first, last))) = (&found, text.split_once(".."))
            && first.contains(['w', 'W']) == last.contains(['w', 'W'])
            && Self::period(first).is_ok_and(|one| one.is_some())
            && Self::period(last).is_ok_and(|one| one.is_some())
        {
            return Err(Error::usage(format!("`{text}` {}", turned(first, last)))
                .hint("a period goes from its first day to its last"));
        }
        found
            .map(|period| Some(Self::Filter(period)))
            .ok_or_else(|| {
                Error::usage(format!("`{text}` is no period"))
                    .hint("as in 2026, 2026-09, 2026-W37, 2026-09-01..2026-09-15")
            })
    }
}

/// Whether days from the first of `days` to the last cover a month (`2026-05`) or a week (`2026-W20`)
/// from end to end, give or take a weekend ([`SPARE_DAYS`]); `None` for what is neither.
pub fn is_covered(period: &str, days: (Day, Day)) -> Option<bool> {
    let (first, last) = if period.contains("-W") {
        let monday = monday(period)?;
        (monday, after(monday, 6))
    } else {
        let (year, month) = period.split_once('-')?;
        let first = Day {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: 1,
        };
        // 31 days after the first of a month lies in the next one, whose first day is known.
        let next = Day {
            day: 1,
            ..after(first, 31)
        };
        (first, after(next, -1))
    };
    let spare = i64::from(SPARE_DAYS);
    Some(days.0 <= after(first, spare) && days.1 >= after(last, -spare))
}

/// `2026-W37` or `2026-W36..2026-W38`.
fn weeks(text: &str) -> Option<Filter> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (from, to) = (monday(first)?, after(monday(last)?, 6));
    (from <= to).then(|| Filter::Days {
        from: from.number(),
        to: to.number(),
    })
}

/// The first day of a week.
fn monday(text: &str) -> Option<Day> {
    let (year, number) = text.split_once("-W").or_else(|| text.split_once("-w"))?;
    let plain =
        |text: &str, digits| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    if !plain(year, 4) || !plain(number, 2) {
        return None;
    }
    let asked: u32 = format!("{year}{number}").parse().ok()?;
    let year: i16 = year.parse().ok()?;
    // The fourth of January is in week 1; from its Monday the weeks count up.
    let first = Day {
        year,
        month: 1,
        day: 4,
    };
    let since = days_before(first);
    let monday = after(first, -(since + 3).rem_euclid(7));
    let number: i64 = number.parse().ok()?;
    let found = after(monday, 7 * (number - 1));
    (week(found) == asked).then_some(found)
}

/// The day so many days later (Hinnant 2013, *chrono-compatible low-level date algorithms*).
fn after(day: Day, later: i64) -> Day {
    let number = days_before(day) + later + 719_468;
    let era = number.div_euclid(146_097);
    let of_era = number.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let since_march = (5 * of_year + 2) / 153;
    let month = if since_march < 10 {
        since_march + 3
    } else {
        since_march - 9
    };
    Day {
        year: (year + era * 400 + i64::from(month <= 2)) as i16,
        month: month as u8,
        day: (of_year - (153 * since_march + 2) / 5 + 1) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(u64, u64)> {
        match Query::period(text) {
            Ok(Some(Query::Filter(Filter::Days { from, to }))) => Some((from, to)),
            _ => None,
        }
    }

    #[test]
    fn periods_as_they_are_written() {
        for (text, from, to) in [
            ("2026-09", 20_260_900, 20_260_999),
            ("2026-09-01..2026-09-15", 20_260_901, 20_260_915),
            ("2026", 20_260_000, 20_269_999),
            ("2026-W37", 20_260_907, 20_260_913),
            ("2026-w53", 20_261_228, 20_270_103),
            ("2026-W01", 20_251_229, 20_260_104),
            ("2024-W08..2024-W09", 20_240_219, 20_240_303),
        ] {
            assert_eq!(read(text), Some((from, to)), "{text}");
        }
    }

    #[test]
    fn a_period_is_covered_from_end_to_end() {
        let day = Day::from_number;
        for (period, first, last, covered) in [
            ("2026-02", 20_260_103, 20_260_226, true),
            ("2026-02", 20_260_103, 20_260_225, false),
            ("2025-11", 20_201_005, 20_251_114, false),
            ("2020-10", 20_201_005, 20_251_114, false),
            ("2020-12", 20_201_203, 20_210_105, true),
            ("2026-W01", 20_251_231, 20_260_102, true),
            ("2026-W01", 20_260_101, 20_260_104, false),
        ] {
            let days = (day(first), day(last));
            assert_eq!(is_covered(period, days), Some(covered), "{period} {last}");
        }
        assert_eq!(
            is_covered("spring", (day(20_260_101), day(20_260_202))),
            None
        );
    }

    #[test]
    fn what_is_written_like_one_and_is_none() {
        for text in [
            "2026-13",
            "2027-W53",
            "2026-W00",
            "2026-W7",
            "2026-W37..2026-09",
            "2026-09..2026-01",
            "2026-W09..2026-W01",
            "20",
        ] {
            assert!(Query::period(text).is_err(), "{text}");
        }
        for text in ["channel:app", "espera", "wait", ""] {
            assert_eq!(Query::period(text).unwrap(), None, "{text}");
        }
    }
}
