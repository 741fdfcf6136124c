//! From the cells of a row to a verbatim, as the plan says.

use super::cell::Cell;
use super::mapping::{DateOrder, Kind, Role};
use super::plan::{Column, Plan, Typing};
use super::reject::Reason;
use super::values::Values;
use crate::error;
use crate::lang::Lang;
use crate::sentiment::Polarity;
use crate::verbatim::{Day, Scales, Scores, Value, Verbatim};
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
}

impl Rows {
    pub fn new(plan: &Plan) -> error::Result<Self> {
        Ok(Self {
            columns: plan.columns.clone(),
            values: Values::load()?,
            order: plan.date_order,
            scales: plan.scales,
            stated: plan.stated,
            asked: plan.asked,
            ids: plan.column(Role::Id).is_some(),
            id_stem: plan.id_stem.clone(),
            typing: plan.typing,
        })
    }

    /// The verbatim of a row with these cells by column, or the column and the reason why not.
    pub fn read<'c>(
        &self,
        row: u64,
        cells: impl Iterator<Item = (usize, Cell<'c>)>,
    ) -> Result<Verbatim, (Option<usize>, Reason)> {
        let mut verbatim = Verbatim {
            id: String::new(),
            text: String::new(),
            stated: self.stated,
            asked: self.asked,
            day: None,
            customer: None,
            scores: Scores::default(),
            fields: Vec::with_capacity(self.columns.len()),
        };
        for (position, cell) in cells {
            let Some(column) = self.columns.get(position) else {
                continue;
            };
            self.read_cell(column, cell, &mut verbatim)
                .map_err(|reason| (Some(position), reason))?;
        }
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
        Ok(verbatim)
    }

    fn read_cell(
        &self,
        column: &Column,
        cell: Cell<'_>,
        into: &mut Verbatim,
    ) -> Result<(), Reason> {
        match column.role {
            Role::Ignored => {}
            Role::Id => into.id = cell.into_text().unwrap_or_default(),
            Role::Text => into.text = cell.into_text().unwrap_or_default(),
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
            .read(&cell.as_text())
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

/// The value of a key that stood in no object of the sample: as JSON has it.
pub(super) fn unplanned(cell: Cell<'_>) -> Option<Value> {
    match cell {
        Cell::Bool(value) => Some(Value::Bool(value)),
        Cell::Number(number) => Some(Value::Number(number)),
        Cell::Text(_) => text(cell),
    }
}
