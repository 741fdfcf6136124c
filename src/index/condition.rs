//! The conditions of a query: `name:value`.

use super::query::{Filter, Range, Score, Test};
use super::suggest::names;
use crate::emotion::Emotion;
use crate::sentiment::Polarity;
use crate::text::fold;
use crate::verbatim::Band;

/// The names that are not fields.
pub(super) const NAMES: [&str; 12] = [
    "theme",
    "driver",
    "emotion",
    "sentiment",
    "band",
    "nps",
    "csat",
    "ces",
    "date",
    "lang",
    "id",
    "customer",
];

/// What comes before a field that is named like one of [`NAMES`].
const FIELD_PREFIX: &str = "fields.";

/// A day number's part that stands for "from the first" of a year or month; no day has it.
const MONTH: u64 = 100;
const YEAR: u64 = 100 * MONTH;

/// The name of a field, without what sets it apart from one of [`NAMES`].
pub(super) fn field_name(name: &str) -> &str {
    name.strip_prefix(FIELD_PREFIX).unwrap_or(name)
}

/// The condition `name:value`; otherwise what is wrong with it.
pub(super) fn condition(name: &str, value: &str, quoted: bool) -> Result<Filter, String> {
    let bands = [Band::Detractor, Band::Passive, Band::Promoter];
    Ok(match fold(name).as_str() {
        "theme" => {
            let (id, polarity) = with_polarity(value)?;
            Filter::Theme(id, polarity)
        }
        "driver" => {
            let (id, polarity) = with_polarity(value)?;
            Filter::Driver(id, polarity)
        }
        "emotion" => Filter::Emotion(one_of(name, value, &Emotion::ALL, Emotion::name)?),
        "sentiment" => Filter::Sentiment(one_of(name, value, &Polarity::ALL, Polarity::name)?),
        "band" => Filter::Band(one_of(name, value, &bands, Band::name)?),
        "lang" => Filter::Lang(fold(value)),
        "nps" => Filter::Score(Score::Nps, numbers(name, value)?),
        "csat" => Filter::Score(Score::Csat, numbers(name, value)?),
        "ces" => Filter::Score(Score::Ces, numbers(name, value)?),
        "date" => days(value)?,
        "id" => Filter::Id(value.to_owned()),
        "customer" => Filter::Customer(value.to_owned()),
        _ => field(name, value, quoted),
    })
}

fn field(name: &str, value: &str, quoted: bool) -> Filter {
    let test = match range(value) {
        Some(range) if !quoted && value.contains("..") => Test::Between(range),
        _ => Test::Is(value.to_owned()),
    };
    Filter::Field(field_name(name).to_owned(), test)
}

/// `waiting_time` or `waiting_time:negative`.
fn with_polarity(value: &str) -> Result<(String, Option<Polarity>), String> {
    match value.split_once(':') {
        None => Ok((fold(value), None)),
        Some((id, polarity)) => {
            let polarity = one_of("sentiment", polarity, &Polarity::ALL, Polarity::name)?;
            Ok((fold(id), Some(polarity)))
        }
    }
}

fn one_of<T: Copy>(
    what: &str,
    value: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, String> {
    let value = fold(value);
    all.iter()
        .copied()
        .find(|one| name(*one) == value)
        .ok_or_else(|| {
            let known = all.iter().map(|one| name(*one));
            format!("names no {what} that exists: {}", names(&value, known))
        })
}

fn numbers(name: &str, value: &str) -> Result<Range, String> {
    let range = range(value).ok_or_else(|| {
        format!("needs a number or a range after `{name}:`, as in `{name}:2..5`, `{name}:4..`")
    })?;
    match (range.low, range.high, value.split_once("..")) {
        (Some(low), Some(high), Some((first, last))) if low > high => Err(turned(first, last)),
        _ => Ok(range),
    }
}

/// `5`, `2..5`, `2..`, `..5`, `..`; decimals with point or comma.
fn range(value: &str) -> Option<Range> {
    let Some((low, high)) = value.split_once("..") else {
        let number = number(value)?;
        return Some(Range {
            low: Some(number),
            high: Some(number),
        });
    };
    let end = |text: &str| match text {
        "" => Some(None),
        text => number(text).map(Some),
    };
    let (low, high) = (end(low)?, end(high)?);
    Some(Range { low, high })
}

/// A finite number, decimals with point or comma.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    // `f64` would also read "inf", "nan" and "1e5".
    if !digits.starts_with(|one: char| one.is_ascii_digit())
        || digits.contains(|one: char| !one.is_ascii_digit() && one != '.' && one != ',')
    {
        return None;
    }
    let number: f64 = text.replace(',', ".").parse().ok()?;
    number.is_finite().then_some(number + 0.0)
}

/// What is wrong with a range whose end comes before its beginning.
pub(super) fn turned(first: &str, last: &str) -> String {
    format!("ends before it begins: write `{last}..{first}`")
}

/// `2026`, `2026-10`, `2026-10-22`, and ranges of them with the last day, month or year included.
pub(super) fn days(value: &str) -> Result<Filter, String> {
    let (first, last) = value.split_once("..").unwrap_or((value, value));
    let wrong = || {
        "needs a day, month or year after `date:`, as in `date:2026-10-22`, `date:2026-10`, \
         `date:2026-10..`"
            .to_owned()
    };
    let from = match first {
        "" => 0,
        text => day(text).ok_or_else(wrong)?.0,
    };
    let to = match last {
        "" => u64::MAX,
        text => day(text).ok_or_else(wrong)?.1,
    };
    if from > to {
        return Err(turned(first, last));
    }
    Ok(Filter::Days { from, to })
}

/// The first and last number of a day, month or year.
fn day(text: &str) -> Option<(u64, u64)> {
    let mut parts = text.split('-');
    let mut part = |digits: std::ops::RangeInclusive<usize>| {
        parts.next().map(|text| {
            let plain = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| text.parse::<u64>().ok()).flatten()
        })
    };
    let year = part(4..=4)??;
    let month = part(1..=2);
    let day = part(1..=2);
    if parts.next().is_some() {
        return None;
    }
    let at = year * YEAR;
    let Some(month) = month else {
        return Some((at, at + YEAR - 1));
    };
    let month = month.filter(|month| (1..=12).contains(month))?;
    let at = at + month * MONTH;
    let Some(day) = day else {
        return Some((at, at + MONTH - 1));
    };
    let day = day.filter(|day| (1..=31).contains(day))?;
    Some((at + day, at + day))
}
