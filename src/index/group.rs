//! The groups a verbatim belongs to: by band, theme, month, field…

use super::Index;
use super::condition::field_name;
use super::facts::{Facts, mention_of};
use super::manifest::typed;
use super::schema::path_of;
use super::suggest::names;
use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::verbatim::Day;
use tantivy::columnar::{Column, DynamicColumn, StrColumn};
use tantivy::{DocId, SegmentReader};

/// What verbatims are grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Not at all: one group called `all`.
    All,
    /// Promoter, passive, detractor.
    Band,
    /// The themes a verbatim names; it counts in each of them, once.
    Theme,
    /// The drivers of the themes it names; it counts in each of them, once.
    Driver,
    /// The emotions it expresses; it counts in each of them.
    Emotion,
    /// Its sentiment.
    Sentiment,
    /// Its language.
    Lang,
    /// Its month, as `2026-11`.
    Month,
    /// Its week by ISO 8601, as `2026-W47`.
    Week,
    /// A field, by its name.
    Field(String),
}

/// The names of the groupings that are no fields.
const GROUPINGS: [(&str, By); 10] = [
    ("all", By::All),
    ("band", By::Band),
    ("theme", By::Theme),
    ("driver", By::Driver),
    ("emotion", By::Emotion),
    ("sentiment", By::Sentiment),
    ("lang", By::Lang),
    ("month", By::Month),
    ("week", By::Week),
    ("none", By::All),
];

impl By {
    /// The grouping called `name`: one of the above, else a field. A field named like one of them
    /// is `fields.NAME`.
    pub fn parse(name: &str) -> Self {
        GROUPINGS
            .into_iter()
            .find(|(known, _)| *known == name)
            .map_or_else(|| Self::Field(field_name(name).to_owned()), |(_, by)| by)
    }

    /// True when the groups have an order of their own, as months have.
    pub(super) fn is_ordered(&self) -> bool {
        matches!(self, Self::Month | Self::Week)
    }
}

/// A group inside one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    All,
    /// A word of a short list, by its position.
    Name(u32),
    /// A text of the segment's dictionary.
    Text(u64),
    Bool(bool),
    /// A number by its bits.
    Number(u64),
    /// Year and month, or year and week: `202611`.
    Period(u32),
}

/// How the groups of a document are found in one segment.
pub(super) enum Grouping {
    All,
    Band,
    Sentiment,
    Emotion,
    /// Theme, or the driver of each theme.
    Mentions(Column<u64>, Option<Vec<u16>>),
    Lang(StrColumn),
    Month(Column<u64>),
    Week(Column<u64>),
    Field(FieldColumns),
}

/// A field's columns: its values may be of several kinds.
#[derive(Default)]
pub(super) struct FieldColumns {
    texts: Option<StrColumn>,
    bools: Option<Column<bool>>,
    numbers: Option<Numbers>,
}

/// Numbers, in whichever type the segment packs them.
enum Numbers {
    Signed(Column<i64>),
    Unsigned(Column<u64>),
    Float(Column<f64>),
}

impl Numbers {
    fn first(&self, document: DocId) -> Option<f64> {
        match self {
            Self::Signed(column) => column.first(document).map(|value| value as f64),
            Self::Unsigned(column) => column.first(document).map(|value| value as f64),
            Self::Float(column) => column.first(document),
        }
    }
}

impl Grouping {
    pub(super) fn open(index: &Index, by: &By, segment: &SegmentReader) -> Result<Self> {
        let columns = segment.fast_fields();
        let number = |name| columns.u64(name).map_err(|error| index.reading(error));
        Ok(match by {
            By::All => Self::All,
            By::Band => Self::Band,
            By::Sentiment => Self::Sentiment,
            By::Emotion => Self::Emotion,
            By::Theme => Self::Mentions(number("mentions")?, None),
            By::Driver => {
                let drivers = index.themes().iter().map(|theme| theme.driver).collect();
                Self::Mentions(number("mentions")?, Some(drivers))
            }
            By::Lang => {
                let langs = columns.str("lang").map_err(|error| index.reading(error))?;
                let langs =
                    langs.ok_or_else(|| index.damaged("the index is damaged: no languages"))?;
                Self::Lang(langs)
            }
            By::Month => Self::Month(number("day")?),
            By::Week => Self::Week(number("day")?),
            By::Field(name) => Self::Field(FieldColumns::open(index, name, segment)?),
        })
    }

    /// Puts the groups of a document into `keys`, each once.
    pub(super) fn keys(&self, document: DocId, facts: Facts, keys: &mut Vec<Key>) {
        keys.clear();
        match self {
            Self::All => keys.push(Key::All),
            Self::Band => keys.extend(facts.band().map(|band| Key::Name(band as u32))),
            Self::Sentiment => keys.extend(facts.sentiment().map(|one| Key::Name(one as u32))),
            Self::Emotion => keys.extend(
                Emotion::ALL
                    .into_iter()
                    .filter(|emotion| facts.expresses(*emotion))
                    .map(|emotion| Key::Name(emotion as u32)),
            ),
            Self::Mentions(column, drivers) => {
                for (theme, _) in column.values_for_doc(document).filter_map(mention_of) {
                    let name = match drivers {
                        None => Some(theme),
                        Some(drivers) => drivers.get(theme as usize).map(|one| u32::from(*one)),
                    };
                    let key = name.map(Key::Name);
                    keys.extend(key.filter(|key| !keys.contains(key)));
                }
            }
            Self::Lang(column) => keys.extend(column.ords().first(document).map(Key::Text)),
            Self::Month(column) => keys.extend(
                column
                    .first(document)
                    .map(|day| Key::Period((day / 100) as u32)),
            ),
            Self::Week(column) => keys.extend(
                column
                    .first(document)
                    .map(|day| Key::Period(week(Day::from_number(day)))),
            ),
            Self::Field(columns) => keys.extend(columns.key(document)),
        }
    }

    /// What a group is called.
    pub(super) fn name(&self, index: &Index, key: Key) -> Result<String> {
        let listed = |name: Option<&str>| {
            name.map(str::to_owned)
                .ok_or_else(|| index.damaged("the index is damaged: a number that means nothing"))
        };
        match (self, key) {
            (Self::Band, Key::Name(at)) => listed(
                ["detractor", "passive", "promoter"]
                    .get(at as usize)
                    .copied(),
            ),
            (Self::Sentiment, Key::Name(at)) => listed(
                ["negative", "neutral", "positive"]
                    .get(at as usize)
                    .copied(),
            ),
            (Self::Emotion, Key::Name(at)) => {
                listed(Emotion::ALL.get(at as usize).map(|emotion| emotion.name()))
            }
            (Self::Mentions(_, None), Key::Name(at)) => {
                listed(index.themes().get(at as usize).map(|theme| &*theme.id))
            }
            (Self::Mentions(_, Some(_)), Key::Name(at)) => {
                listed(index.drivers().get(at as usize).map(|driver| &*driver.id))
            }
            (Self::Lang(column), Key::Text(ord)) => text(index, column, ord),
            (Self::Field(columns), _) => columns.name(index, key),
            (Self::Month(_), Key::Period(month)) => {
                Ok(format!("{:04}-{:02}", month / 100, month % 100))
            }
            (_, Key::Period(week)) => Ok(format!("{:04}-W{:02}", week / 100, week % 100)),
            (_, Key::All) => Ok("all".to_owned()),
            _ => listed(None),
        }
    }
}

impl FieldColumns {
    pub(super) fn open(index: &Index, name: &str, segment: &SegmentReader) -> Result<Self> {
        Self::of(index, index.field_number(name)?, segment)
    }

    /// The columns of a field by its number.
    pub(super) fn of(index: &Index, field: usize, segment: &SegmentReader) -> Result<Self> {
        let reading = |error| index.reading(error);
        let path = path_of(field);
        let mut columns = Self::default();
        for object in ["labels", "numbers"] {
            let handles = segment
                .fast_fields()
                .dynamic_column_handles(&format!("{object}.{path}"))
                .map_err(reading)?;
            for handle in handles {
                match handle.open().map_err(|error| index.reading(error.into()))? {
                    DynamicColumn::Str(column) => columns.texts = Some(column),
                    DynamicColumn::Bool(column) => columns.bools = Some(column),
                    DynamicColumn::I64(column) => columns.numbers = Some(Numbers::Signed(column)),
                    DynamicColumn::U64(column) => columns.numbers = Some(Numbers::Unsigned(column)),
                    DynamicColumn::F64(column) => columns.numbers = Some(Numbers::Float(column)),
                    _ => {}
                }
            }
        }
        Ok(columns)
    }

    /// The document's number, if it has one.
    pub(super) fn number(&self, document: DocId) -> Option<f64> {
        self.numbers.as_ref()?.first(document)
    }

    /// The document's number, or 0 for no and 1 for yes.
    pub(super) fn amount(&self, document: DocId) -> Option<f64> {
        let yes = || Some(f64::from(u8::from(self.bools.as_ref()?.first(document)?)));
        self.number(document).or_else(yes)
    }

    /// The document's value.
    pub(super) fn key(&self, document: DocId) -> Option<Key> {
        let text = || Some(Key::Text(self.texts.as_ref()?.ords().first(document)?));
        let yes = || Some(Key::Bool(self.bools.as_ref()?.first(document)?));
        let number = || Some(Key::Number(self.number(document)?.to_bits()));
        text().or_else(yes).or_else(number)
    }

    /// What a value is called.
    pub(super) fn name(&self, index: &Index, key: Key) -> Result<String> {
        match (key, &self.texts) {
            (Key::Text(ord), Some(column)) => text(index, column, ord),
            (Key::Bool(yes), _) => Ok(yes.to_string()),
            (Key::Number(bits), _) => Ok(f64::from_bits(bits).to_string()),
            _ => Err(index.damaged("the index is damaged: a number that means nothing")),
        }
    }
}

impl Index {
    /// The number of a field, by its name or by the name as it is typed in a query.
    pub(super) fn field_number(&self, name: &str) -> Result<usize> {
        self.manifest.field(name).ok_or_else(|| {
            let fields: Vec<String> = self.fields().iter().map(|one| typed(&one.name)).collect();
            let groupings = GROUPINGS.iter().map(|(name, _)| *name);
            let known = fields.iter().map(String::as_str).chain(groupings);
            Error::usage(format!("there is no field `{name}` in this index"))
                .at(&self.folder)
                .hint(names(&typed(name), known))
        })
    }
}

fn text(index: &Index, column: &StrColumn, ord: u64) -> Result<String> {
    let mut text = String::new();
    match column.ord_to_str(ord, &mut text) {
        Ok(true) => Ok(text),
        Ok(false) => Err(index.damaged("the index is damaged: a text is missing")),
        Err(error) => Err(index.reading(error.into())),
    }
}

/// The week of a day by ISO 8601 as year · 100 + week: weeks begin on Monday, and the first of a
/// year is the one with its first Thursday.
pub(super) fn week(day: Day) -> u32 {
    let since = days_before(day);
    // 1970-01-01 was a Thursday.
    let weekday = (since + 3).rem_euclid(7);
    let thursday = since - weekday + 3;
    let mut year = i64::from(day.year);
    if thursday >= days(year + 1, 1, 1) {
        year += 1;
    } else if thursday < days(year, 1, 1) {
        year -= 1;
    }
    let week = (thursday - days(year, 1, 1)) / 7 + 1;
    (year * 100 + week) as u32
}

/// Days from 1970-01-01 to a day.
pub(super) fn days_before(day: Day) -> i64 {
    days(day.year.into(), day.month.into(), day.day.into())
}

/// Days from 1970-01-01 in the Gregorian calendar, counting years from March so that the leap day
/// comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let since_march = (month + 9) % 12;
    let day_of_year = (153 * since_march + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_follow_iso_8601() {
        for (year, month, day, expected) in [
            (1970, 1, 1, 197_001),
            (2021, 1, 3, 202_053),
            (2024, 12, 30, 202_501),
            (2026, 11, 22, 202_647),
            (2000, 2, 29, 200_009),
        ] {
            assert_eq!(week(Day { year, month, day }), expected);
        }
    }
}
