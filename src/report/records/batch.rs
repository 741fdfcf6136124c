//! Rows gathered column by column, as Arrow has them.

use super::{Cell, Head, Kind};
use crate::verbatim::Day;
use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder,
    StringBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

/// Rows of a batch: the same however they come, so that the bytes of a file are.
const ROWS: usize = 8192;
/// Bytes of texts from which a batch has enough rows.
const BYTES: usize = 16 << 20;

/// Rows in the making.
pub(super) struct Batch {
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

enum Column {
    Text(StringBuilder),
    Texts(ListBuilder<StringBuilder>),
    Whole(Int64Builder),
    Number(Float64Builder),
    Bool(BooleanBuilder),
    Date(Date32Builder),
}

impl Batch {
    pub fn new(heads: &[Head]) -> Self {
        let fields: Vec<Field> = heads
            .iter()
            .map(|head| Field::new(&head.name, data_type(head.kind), true))
            .collect();
        Self {
            schema: Arc::new(Schema::new(fields)),
            columns: heads.iter().map(|head| Column::new(head.kind)).collect(),
            rows: 0,
            bytes: 0,
        }
    }

    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Adds a row. True when the batch is full and to be taken.
    pub fn add(&mut self, cells: &[Cell<'_>]) -> bool {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += column.add(cell);
        }
        self.rows += 1;
        self.rows >= ROWS || self.bytes >= BYTES
    }

    /// Takes the rows, which may be none.
    pub fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows = 0;
        self.bytes = 0;
        let columns = self.columns.iter_mut().map(Column::take).collect();
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

fn item() -> Field {
    Field::new("element", DataType::Utf8, false)
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Texts => DataType::List(Arc::new(item())),
        Kind::Whole => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Bool => DataType::Boolean,
        Kind::Date => DataType::Date32,
    }
}

impl Column {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Texts => {
                Self::Texts(ListBuilder::new(StringBuilder::new()).with_field(Arc::new(item())))
            }
            Kind::Whole => Self::Whole(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Bool => Self::Bool(BooleanBuilder::new()),
            Kind::Date => Self::Date(Date32Builder::new()),
        }
    }

    /// Adds a cell, and gives the bytes of its texts. A cell of another kind is absent.
    fn add(&mut self, cell: &Cell<'_>) -> usize {
        match (self, cell) {
            (Self::Text(column), Cell::Text(text)) => {
                column.append_value(text);
                return text.len();
            }
            (Self::Texts(column), Cell::Texts(texts)) => {
                for text in texts {
                    column.values().append_value(text);
                }
                column.append(true);
                return texts.iter().map(|text| text.len()).sum();
            }
            (Self::Whole(column), Cell::Whole(number)) => column.append_value(*number),
            (Self::Number(column), Cell::Number(number)) => column.append_value(*number),
            (Self::Bool(column), Cell::Bool(yes)) => column.append_value(*yes),
            (Self::Date(column), Cell::Date(day)) => column.append_value(since_1970(*day)),
            (Self::Text(column), _) => column.append_null(),
            (Self::Texts(column), _) => column.append_null(),
            (Self::Whole(column), _) => column.append_null(),
            (Self::Number(column), _) => column.append_null(),
            (Self::Bool(column), _) => column.append_null(),
            (Self::Date(column), _) => column.append_null(),
        }
        0
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => ArrayBuilder::finish(column),
            Self::Texts(column) => ArrayBuilder::finish(column),
            Self::Whole(column) => ArrayBuilder::finish(column),
            Self::Number(column) => ArrayBuilder::finish(column),
            Self::Bool(column) => ArrayBuilder::finish(column),
            Self::Date(column) => ArrayBuilder::finish(column),
        }
    }
}

/// Days from 1 January 1970 to `day`, negative before it.
fn since_1970(day: Day) -> i32 {
    let (month, of_month) = (i32::from(day.month), i32::from(day.day));
    // Years from March to February, so that the odd month is the last.
    let year = i32::from(day.year) - i32::from(month <= 2);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + of_month - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
        - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        let day = |number| since_1970(Day::from_number(number));
        assert_eq!(day(19_700_101), 0);
        assert_eq!((day(19_691_231), day(20_000_229)), (-1, 11_016));
        assert_eq!((day(20_000_301), day(20_260_105)), (11_017, 20_458));
        assert_eq!((day(10_101), day(99_991_231)), (-719_162, 2_932_896));
    }
}
