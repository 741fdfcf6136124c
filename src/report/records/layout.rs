//! The columns of comments, and the rows of a record.

use super::{Cell, Head, Kind};
use crate::error::Result;
use crate::locale::Locale;
use crate::record::{Mention, Plain, Record};
use crate::verbatim::Value;
use rustc_hash::FxHashSet;
use serde_json::Map;
use std::borrow::Cow;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// A comment.
    Comment,
    /// A theme named in a comment. A comment that names none has no row.
    Mention,
}

const OF_COMMENT: [(&str, Kind); 14] = [
    ("id", Kind::Text),
    ("lang", Kind::Text),
    ("sentiment", Kind::Text),
    ("score", Kind::Number),
    ("nev", Kind::Whole),
    ("expressed", Kind::Texts),
    ("themes", Kind::Texts),
    ("main_theme", Kind::Text),
    ("nps", Kind::Whole),
    ("csat", Kind::Number),
    ("ces", Kind::Number),
    ("date", Kind::Date),
    ("customer", Kind::Text),
    ("text", Kind::Text),
];

const OF_MENTION: [(&str, Kind); 16] = [
    ("id", Kind::Text),
    ("theme", Kind::Text),
    ("driver", Kind::Text),
    ("sentiment", Kind::Text),
    ("mention", Kind::Text),
    ("lang", Kind::Text),
    ("comment_sentiment", Kind::Text),
    ("comment_score", Kind::Number),
    ("nev", Kind::Whole),
    ("expressed", Kind::Texts),
    ("nps", Kind::Whole),
    ("csat", Kind::Number),
    ("ces", Kind::Number),
    ("date", Kind::Date),
    ("customer", Kind::Text),
    ("text", Kind::Text),
];

/// The last column: what fits no other.
const OTHER: &str = "other_fields";
/// What stands before the name of a field that is called like a column of ours.
const FIELD: &str = "field_";

/// The columns of comments with these fields, and how a record becomes rows.
///
/// A field has the name it has in its source. One that is called like a column of ours, whatever the
/// case, is `field_NAME`; if that is taken too, it has a number after it. The last column holds, as JSON, what
/// fits no other: a text in a field of numbers, a field that nothing was known of.
#[derive(Clone, Debug)]
pub struct Layout {
    per: Per,
    heads: Vec<Head>,
    fields: Vec<(String, Kind)>,
}

impl Layout {
    /// The layout of rows per comment or mention. The columns of ours have names in the language of
    /// `names` (texts `rows.KEY`).
    pub fn new(per: Per, fields: impl IntoIterator<Item = (String, Kind)>, names: &Locale) -> Self {
        let ours: &[_] = match per {
            Per::Comment => &OF_COMMENT,
            Per::Mention => &OF_MENTION,
        };
        let head = |(key, kind): &(&str, Kind)| Head {
            name: names.text(&format!("rows.{key}")).to_owned(),
            kind: *kind,
        };
        let mut heads: Vec<Head> = ours.iter().map(head).collect();
        let other = head(&(OTHER, Kind::Text));
        let taken = heads.iter().chain([&other]);
        let mut taken: FxHashSet<String> = taken.map(|head| head.name.to_lowercase()).collect();
        let fields: Vec<(String, Kind)> = fields.into_iter().collect();
        for (name, kind) in &fields {
            let name = free(name, &mut taken);
            heads.push(Head { name, kind: *kind });
        }
        heads.push(other);
        Self { per, heads, fields }
    }

    /// The columns.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// Calls `each` with every row of a record, and gives their number.
    ///
    /// # Errors
    /// Those of `each`.
    pub fn each_row<'r>(
        &self,
        record: &'r Record<'_>,
        mut each: impl FnMut(&[Cell<'r>]) -> Result<()>,
    ) -> Result<usize> {
        let mut cells = Vec::with_capacity(self.heads.len());
        match self.per {
            Per::Comment => {
                of_comment(record, &mut cells);
                self.add_fields(record, &mut cells);
                each(&cells)?;
                Ok(1)
            }
            Per::Mention => {
                if record.mentions.is_empty() {
                    return Ok(0);
                }
                let mut fields = Vec::with_capacity(self.fields.len() + 1);
                self.add_fields(record, &mut fields);
                for mention in &record.mentions {
                    cells.clear();
                    of_mention(record, mention, &mut cells);
                    cells.extend(fields.iter().cloned());
                    each(&cells)?;
                }
                Ok(record.mentions.len())
            }
        }
    }

    /// Adds a cell per field, and that of what fits no other.
    fn add_fields<'r>(&self, record: &'r Record<'_>, cells: &mut Vec<Cell<'r>>) {
        let first = cells.len();
        let count = self.fields.len();
        cells.resize(first + count, Cell::Absent);
        let mut others = Map::new();
        // A record has its fields in the order of the columns, or nearly.
        let mut near = 0;
        for (name, value) in &record.fields {
            let mut places = (0..count).map(|step| (near + step) % count);
            let place = places.find(|at| self.fields[*at].0 == **name);
            let cell = place.and_then(|place| {
                near = place + 1;
                Some((place, field(value, self.fields[place].1)?))
            });
            if let Some((place, cell)) = cell {
                cells[first + place] = cell;
            } else {
                let value = match &**value {
                    Value::Number(number) => serde_json::to_value(Plain(*number)),
                    other => serde_json::to_value(other),
                };
                others.insert(name.clone().into_owned(), value.unwrap_or_default());
            }
        }
        cells.push(if others.is_empty() {
            Cell::Absent
        } else {
            let others = serde_json::Value::Object(others);
            Cell::Text(others.to_string().into())
        });
    }
}

/// The name of a field's column, which from now on is taken.
fn free(name: &str, taken: &mut FxHashSet<String>) -> String {
    let mut free = name.to_owned();
    let mut count = 1;
    while !taken.insert(free.to_lowercase()) {
        free = match count {
            1 => format!("{FIELD}{name}"),
            count => format!("{FIELD}{name}_{count}"),
        };
        count += 1;
    }
    free
}

/// The cell of a field; `None` when the value is not of this kind.
fn field(value: &Value, kind: Kind) -> Option<Cell<'_>> {
    Some(match (kind, value) {
        (Kind::Text, Value::Text(text)) => Cell::Text(text.into()),
        (Kind::Text, Value::Number(number)) => Cell::Text(super::plain(*number).into()),
        (Kind::Text, Value::Bool(yes)) => Cell::Text(yes.to_string().into()),
        (Kind::Number, Value::Number(number)) => Cell::Number(*number),
        (Kind::Bool, Value::Bool(yes)) => Cell::Bool(*yes),
        _ => return None,
    })
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn of_comment<'r>(record: &'r Record<'_>, cells: &mut Vec<Cell<'r>>) {
    let feeling = record.sentiment.as_ref();
    let mut themes: Vec<Cow<'_, str>> = Vec::new();
    for mention in &record.mentions {
        let theme = format!("{}:{}", mention.theme, mention.sentiment.name());
        if !themes.contains(&Cow::Borrowed(&*theme)) {
            themes.push(theme.into());
        }
    }
    cells.extend([
        text(&record.id),
        text(&record.lang.code),
        feeling.map_or(Cell::Absent, |feeling| text(feeling.label.name())),
        feeling.map_or(Cell::Absent, |feeling| Cell::Number(feeling.score)),
        record
            .nev
            .map_or(Cell::Absent, |nev| Cell::Whole(nev.into())),
        expressed(record),
        Cell::Texts(themes),
        record.main_theme.as_deref().map_or(Cell::Absent, text),
    ]);
    given(record, cells);
}

fn of_mention<'r>(record: &'r Record<'_>, mention: &'r Mention<'_>, cells: &mut Vec<Cell<'r>>) {
    let feeling = record.sentiment.as_ref();
    let words = record.text.get(mention.start..mention.end);
    cells.extend([
        text(&record.id),
        text(&mention.theme),
        text(&mention.driver),
        text(mention.sentiment.name()),
        words.map_or(Cell::Absent, text),
        text(&record.lang.code),
        feeling.map_or(Cell::Absent, |feeling| text(feeling.label.name())),
        feeling.map_or(Cell::Absent, |feeling| Cell::Number(feeling.score)),
        record
            .nev
            .map_or(Cell::Absent, |nev| Cell::Whole(nev.into())),
        expressed(record),
    ]);
    given(record, cells);
}

fn expressed<'r>(record: &Record<'_>) -> Cell<'r> {
    let names = record.expressed.iter().map(|one| one.name().into());
    Cell::Texts(names.collect())
}

/// What came with the comment, and the comment itself.
fn given<'r>(record: &'r Record<'_>, cells: &mut Vec<Cell<'r>>) {
    let scores = &record.scores;
    cells.extend([
        scores
            .nps
            .map_or(Cell::Absent, |nps| Cell::Whole(nps.into())),
        scores.csat.map_or(Cell::Absent, Cell::Number),
        scores.ces.map_or(Cell::Absent, Cell::Number),
        record.date.map_or(Cell::Absent, Cell::Date),
        record.customer.as_deref().map_or(Cell::Absent, text),
        text(&record.text),
    ]);
}
