//! From the cells of a row to a verbatim, as the plan says.

use super::cell::Cell;
use super::mapping::{DateOrder, Kind, Role};
use super::plan::{Column, Plan, Typing};
use super::reject::Reason;
use super::values::Values;
use crate::error;
use crate::lang::Lang;
use crate::sentiment::Polarity;
use crate::text::fold;
use crate::verbatim::{Day, Scales, Scores, Value, Verbatim};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Makes verbatims of rows.
pub(super) struct Rows {
    pub columns: Vec<Column>,
    values: Values,
    order: Option<DateOrder>,
    scales: Scales,
    stated: Option<Lang>,
    asked: Option<Polarity>,
    ids: bool,
    id_stem: String,
    typing: Typing,
    /// What stands behind the id for each column of comments, where there are several.
    slugs: FxHashMap<usize, String>,
    /// What the field with the question is called.
    question: Arc<str>,
}

/// A row while it is read.
struct Draft {
    verbatim: Verbatim,
    /// The comments by their column, where there are several.
    texts: Vec<(usize, String)>,
}

impl Rows {
    pub fn new(plan: &Plan) -> error::Result<Self> {
        let slugs = if plan.texts().count() > 1 {
            slugs(&plan.columns)
        } else {
            FxHashMap::default()
        };
        Ok(Self {
            columns: plan.columns.clone(),
            values: Values::load()?,
            order: plan.date_order,
            scales: plan.scales,
            stated: plan.stated,
            asked: plan.asked.filter(|_| slugs.is_empty()),
            ids: plan.column(Role::Id).is_some(),
            id_stem: plan.id_stem.clone(),
            typing: plan.typing,
            slugs,
            question: Arc::from(plan.question_field().unwrap_or_default()),
        })
    }

    /// The verbatims of a row with these cells by column, or the column and the reason why not: one, or
    /// one for each comment where there are several columns of them, and one without text where all are
    /// empty, for the scores count.
    pub fn read<'c>(
        &self,
        row: u64,
        cells: impl Iterator<Item = (usize, Cell<'c>)>,
    ) -> Result<Vec<Verbatim>, (Option<usize>, Reason)> {
        let verbatim = Verbatim {
            id: String::new(),
            text: String::new(),
            stated: self.stated,
            asked: self.asked,
            day: None,
            customer: None,
            scores: Scores::default(),
            fields: Vec::with_capacity(self.columns.len()),
        };
        let mut draft = Draft {
            verbatim,
            texts: Vec::new(),
        };
        for (position, cell) in cells {
            let Some(column) = self.columns.get(position) else {
                continue;
            };
            self.read_cell(position, column, cell, &mut draft)
                .map_err(|reason| (Some(position), reason))?;
        }
        let Draft {
            mut verbatim,
            texts,
        } = draft;
        if verbatim.id.is_empty() {
            if self.ids {
                let column = self
                    .columns
                    .iter()
                    .position(|column| column.role == Role::Id);
                return Err((column, Reason::NoId));
            }
            verbatim.id = format!("{}-{row}", self.id_stem);
        }
        if texts.is_empty() {
            return Ok(vec![verbatim]);
        }
        let answers = texts.into_iter();
        Ok(answers
            .map(|(column, text)| self.answer(&verbatim, column, text))
            .collect())
    }

    /// One comment of a row that has several.
    fn answer(&self, row: &Verbatim, column: usize, text: String) -> Verbatim {
        let mut answer = row.clone();
        answer.text = text;
        if let Some(slug) = self.slugs.get(&column) {
            answer.id = format!("{}#{slug}", row.id);
        }
        if let Some(column) = self.columns.get(column) {
            answer.asked = column.asked;
            let question = Value::Text(column.question().to_owned());
            answer.fields.push((Arc::clone(&self.question), question));
        }
        answer
    }

    fn read_cell(
        &self,
        position: usize,
        column: &Column,
        cell: Cell<'_>,
        draft: &mut Draft,
    ) -> Result<(), Reason> {
        if cell == Cell::Error {
            // A field without a value is worth more than a row less.
            return match column.role {
                Role::Ignored | Role::Field => Ok(()),
                _ => Err(Reason::CellError),
            };
        }
        let into = &mut draft.verbatim;
        match column.role {
            Role::Ignored => {}
            Role::Id => into.id = cell.into_text().unwrap_or_default(),
            Role::Text if self.slugs.is_empty() => into.text = cell.into_text().unwrap_or_default(),
            Role::Text => draft
                .texts
                .extend(cell.into_text().map(|text| (position, text))),
            Role::Customer => into.customer = cell.into_text(),
            Role::Date => into.day = self.day(&cell)?,
            Role::Nps => {
                let answer = self.score(column, &cell, 0, 10)?;
                if answer.is_some_and(|answer| answer.fract() != 0.0) {
                    return Err(Reason::NotWhole);
                }
                into.scores.nps = answer.map(|answer| answer as u8);
            }
            Role::Csat => into.scores.csat = self.score(column, &cell, 1, self.scales.csat_max)?,
            Role::Ces => into.scores.ces = self.score(column, &cell, 1, self.scales.ces_max)?,
            Role::Lang => match self.values.language(&cell.as_text()) {
                Some(lang) => into.stated = Some(lang),
                // A language that is not analysed still says something about the row.
                None => self.keep(column, cell, into),
            },
            Role::Field => self.keep(column, cell, into),
        }
        Ok(())
    }

    fn keep(&self, column: &Column, cell: Cell<'_>, into: &mut Verbatim) {
        let value = match self.typing {
            Typing::Planned => value(cell, column.kind, column.comma, &self.values),
            Typing::AsWritten => unplanned(cell),
        };
        if let Some(value) = value {
            into.fields.push((Arc::clone(&column.name), value));
        }
    }

    fn score(
        &self,
        column: &Column,
        cell: &Cell<'_>,
        low: u8,
        high: u8,
    ) -> Result<Option<f64>, Reason> {
        if cell.is_absent(&self.values) {
            return Ok(None);
        }
        let answer = cell.number(column.comma).ok_or(Reason::NotANumber)?;
        if (f64::from(low)..=f64::from(high)).contains(&answer) {
            Ok(Some(answer))
        } else {
            Err(Reason::OutOfRange { low, high })
        }
    }

    fn day(&self, cell: &Cell<'_>) -> Result<Option<Day>, Reason> {
        if cell.is_absent(&self.values) {
            return Ok(None);
        }
        let date = self
            .values
            .dates
            .read(&cell.as_date())
            .ok_or(Reason::NotADate)?;
        date.day(self.order).ok_or(Reason::DateOrder).map(Some)
    }
}

/// The value of a field in a column of this kind; `None` where the cell says that there is none.
pub(super) fn value(cell: Cell<'_>, kind: Kind, comma: bool, values: &Values) -> Option<Value> {
    match kind {
        Kind::Number | Kind::Bool if cell.is_absent(values) => None,
        Kind::Number => cell.number(comma).map(Value::Number).or_else(|| text(cell)),
        Kind::Bool => cell.boolean(values).map(Value::Bool).or_else(|| text(cell)),
        Kind::Text | Kind::Date => text(cell),
    }
}

fn text(cell: Cell<'_>) -> Option<Value> {
    cell.into_text().map(Value::Text)
}

/// What stands behind the ids for each column of comments: its name, short, and no two alike.
fn slugs(columns: &[Column]) -> FxHashMap<usize, String> {
    let mut slugs: FxHashMap<usize, String> = FxHashMap::default();
    for (position, column) in columns.iter().enumerate() {
        if column.role != Role::Text {
            continue;
        }
        let plain = slug(&column.name);
        let mut made = plain.clone();
        let mut count = 1;
        while slugs.values().any(|other| *other == made) {
            count += 1;
            made = format!("{plain}_{count}");
        }
        slugs.insert(position, made);
    }
    slugs
}

/// Longest slug, characters. A choice: some words of a question.
const SLUG: usize = 32;

/// A name folded, with `_` between its words, as many whole words as fit.
fn slug(name: &str) -> String {
    let folded = fold(name);
    let mut slug = String::new();
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if slug.is_empty() {
            slug.extend(word.chars().take(SLUG));
        } else if slug.chars().count() + word.chars().count() < SLUG {
            slug.push('_');
            slug.push_str(word);
        } else {
            break;
        }
    }
    if slug.is_empty() {
        "text".to_owned()
    } else {
        slug
    }
}

/// The value of a key that stood in no object of the sample: as JSON has it.
pub(super) fn unplanned(cell: Cell<'_>) -> Option<Value> {
    match cell {
        Cell::Bool(value) => Some(Value::Bool(value)),
        Cell::Number(number) => Some(Value::Number(number)),
        Cell::Text(_) | Cell::Error => text(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_short_words() {
        assert_eq!(
            slug("¿Qué mejorarías de nuestro servicio de atención?"),
            "que_mejorarias_de_nuestro"
        );
        assert_eq!(slug("Q5_TEXT"), "q5_text");
        assert_eq!(slug("???"), "text");
    }
}
