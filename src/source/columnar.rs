//! Record batches of Arrow, which Parquet files are read as too: from their columns to rows of cells.
//!
//! Null is absent. Days and moments become ISO text, in the zone of the column where it is a fixed offset
//! and else in UTC. Decimals are numbers where a 64-bit float holds their digits, and else text.

use super::cell::{Cell, EXACT};
use super::grid::{Lines, damaged};
use super::reject::Reason;
use super::values;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{ArrowError, DataType, Schema, TimeUnit};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use std::borrow::Cow;
use std::io;

/// The columns of a table: those that are read, by their place, and the names of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// Place and name.
    pub read: Vec<(usize, String)>,
    /// Lists, structs and other values that do not fit into one cell.
    pub left_out: Vec<String>,
}

/// The columns of a schema.
pub(super) fn columns(schema: &Schema) -> Columns {
    let mut columns = Columns::default();
    for (place, field) in schema.fields().iter().enumerate() {
        if is_read(field.data_type()) {
            columns.read.push((place, field.name().clone()));
        } else {
            columns.left_out.push(field.name().clone());
        }
    }
    columns
}

fn is_read(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_read(values),
        DataType::Null
        | DataType::Boolean
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..)
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => true,
        _ => kind.is_integer() || kind.is_floating(),
    }
}

/// Hands over the rows of batches, numbered from 1. `places` says where each column of a batch stands in
/// the file. The number of the last row is returned.
pub(super) fn rows(
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    places: &[usize],
    lines: &mut Lines,
) -> io::Result<u64> {
    let mut row = 0;
    for batch in batches {
        let batch = batch.map_err(wrong)?;
        for at in 0..batch.num_rows() {
            row += 1;
            let cells = places.iter().zip(batch.columns());
            let cells: Result<Vec<_>, _> = cells
                .filter_map(|(&place, column)| match cell(column, at) {
                    Ok(cell) => Some(Ok((place, cell?))),
                    Err(reason) => Some(Err((Some(place), reason))),
                })
                .collect();
            if !lines.add(row, cells) {
                return Ok(row);
            }
        }
    }
    Ok(row)
}

/// What is wrong with a file. What the library says is left out, for it may quote a value.
pub(super) fn wrong(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) if error.kind() != io::ErrorKind::UnexpectedEof => error,
        _ => damaged("it is truncated or damaged"),
    }
}

fn cell(array: &dyn Array, at: usize) -> Result<Option<Cell<'static>>, Reason> {
    if array.is_null(at) {
        return Ok(None);
    }
    macro_rules! whole {
        ($kind:ty) => {
            number(i128::from(array.as_primitive::<$kind>().value(at)))
        };
    }
    Ok(Some(match array.data_type() {
        DataType::Utf8 => text(array.as_string::<i32>().value(at)),
        DataType::LargeUtf8 => text(array.as_string::<i64>().value(at)),
        DataType::Utf8View => text(array.as_string_view().value(at)),
        DataType::Binary => bytes(array.as_binary::<i32>().value(at))?,
        DataType::LargeBinary => bytes(array.as_binary::<i64>().value(at))?,
        DataType::BinaryView => bytes(array.as_binary_view().value(at))?,
        DataType::Boolean => Cell::Bool(array.as_boolean().value(at)),
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => whole!(UInt64Type),
        DataType::Float16 => {
            return Ok(float(
                array.as_primitive::<Float16Type>().value(at).to_f64(),
            ));
        }
        DataType::Float32 => {
            // 4.1 stays 4.1: the digits that tell the float apart, not those of its bits.
            let value = array.as_primitive::<Float32Type>().value(at);
            return Ok(float(value.to_string().parse().unwrap_or(f64::from(value))));
        }
        DataType::Float64 => return Ok(float(array.as_primitive::<Float64Type>().value(at))),
        DataType::Decimal32(..) => decimal::<Decimal32Type>(array, at),
        DataType::Decimal64(..) => decimal::<Decimal64Type>(array, at),
        DataType::Decimal128(..) => decimal::<Decimal128Type>(array, at),
        DataType::Decimal256(..) => decimal::<Decimal256Type>(array, at),
        DataType::Date32 => day(i64::from(array.as_primitive::<Date32Type>().value(at)))?,
        DataType::Date64 => day(array
            .as_primitive::<Date64Type>()
            .value(at)
            .div_euclid(86_400_000))?,
        DataType::Timestamp(unit, zone) => {
            let (count, nanoseconds) = match unit {
                TimeUnit::Second => (
                    array.as_primitive::<TimestampSecondType>().value(at),
                    1_000_000_000,
                ),
                TimeUnit::Millisecond => (
                    array.as_primitive::<TimestampMillisecondType>().value(at),
                    1_000_000,
                ),
                TimeUnit::Microsecond => (
                    array.as_primitive::<TimestampMicrosecondType>().value(at),
                    1_000,
                ),
                TimeUnit::Nanosecond => {
                    (array.as_primitive::<TimestampNanosecondType>().value(at), 1)
                }
            };
            moment(i128::from(count) * nanoseconds, zone.as_deref())?
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let Some(Cell::Number(key)) = cell(dictionary.keys(), at)? else {
                return Ok(None);
            };
            let values = dictionary.values();
            return if (key as usize) < values.len() {
                cell(values, key as usize)
            } else {
                Ok(None)
            };
        }
        _ => return Ok(None),
    }))
}

fn text(value: &str) -> Cell<'static> {
    Cell::Text(Cow::Owned(value.to_owned()))
}

/// Old writers mark texts as bytes.
fn bytes(value: &[u8]) -> Result<Cell<'static>, Reason> {
    let value = std::str::from_utf8(value).map_err(|_| Reason::Encoding)?;
    Ok(text(value))
}

fn number(value: i128) -> Cell<'static> {
    if (value as f64).abs() <= EXACT {
        Cell::Number(value as f64)
    } else {
        text(&value.to_string())
    }
}

fn float(value: f64) -> Option<Cell<'static>> {
    value.is_finite().then_some(Cell::Number(value))
}

fn decimal<T: DecimalType>(array: &dyn Array, at: usize) -> Cell<'static> {
    let written = array.as_primitive::<T>().value_as_string(at);
    values::number(&written, false).map_or_else(|| text(&written), Cell::Number)
}

fn day(days: i64) -> Result<Cell<'static>, Reason> {
    let days = i32::try_from(days).map_err(|_| Reason::NotADate)?;
    let span = jiff::Span::new()
        .try_days(days)
        .map_err(|_| Reason::NotADate)?;
    let day = Date::constant(1970, 1, 1).checked_add(span);
    day.map(|day| text(&day.to_string()))
        .map_err(|_| Reason::NotADate)
}

fn moment(nanoseconds: i128, zone: Option<&str>) -> Result<Cell<'static>, Reason> {
    let moment = Timestamp::from_nanosecond(nanoseconds).map_err(|_| Reason::NotADate)?;
    let zone = TimeZone::fixed(zone.and_then(offset).unwrap_or(Offset::UTC));
    let moment: DateTime = zone.to_datetime(moment);
    let time = moment.time();
    Ok(
        if (time.hour(), time.minute(), time.second()) == (0, 0, 0) {
            text(&moment.date().to_string())
        } else {
            text(&moment.strftime("%Y-%m-%dT%H:%M:%S").to_string())
        },
    )
}

/// The offset written as `+02:00`.
fn offset(zone: &str) -> Option<Offset> {
    let sign = match zone.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).unwrap_or("0").parse().ok()?;
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::*;
    use std::sync::Arc;

    /// What the first row of a column says.
    fn first(array: impl Array + 'static) -> Option<String> {
        let array: ArrayRef = Arc::new(array);
        assert!(is_read(array.data_type()), "{:?}", array.data_type());
        cell(&array, 0)
            .unwrap()
            .map(|cell| cell.as_text().into_owned())
    }

    #[test]
    fn values_as_they_are_read() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(first(StringArray::from(vec!["año"])), some("año"));
        assert_eq!(first(LargeStringArray::from(vec!["a"])), some("a"));
        assert_eq!(
            first(StringViewArray::from(vec!["a long one beyond twelve"])),
            some("a long one beyond twelve")
        );
        assert_eq!(first(BinaryArray::from(vec![b"a".as_slice()])), some("a"));
        let labels: DictionaryArray<types::Int32Type> = vec!["app", "web"].into_iter().collect();
        assert_eq!(first(labels), some("app"));
        assert_eq!(first(Int64Array::from(vec![7])), some("7"));
        assert_eq!(
            first(UInt64Array::from(vec![u64::MAX])),
            some("18446744073709551615")
        );
        assert_eq!(first(Float32Array::from(vec![4.1])), some("4.1"));
        assert_eq!(first(Float64Array::from(vec![f64::NAN])), None);
        assert_eq!(first(BooleanArray::from(vec![true])), some("true"));
        assert_eq!(first(StringArray::from(vec![None::<&str>])), None);
        let decimals = Decimal128Array::from(vec![1250])
            .with_precision_and_scale(10, 2)
            .unwrap();
        assert_eq!(first(decimals), some("12.5"));
    }

    #[test]
    fn days_and_moments_become_iso_text() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(first(Date32Array::from(vec![20_556])), some("2026-04-13"));
        assert_eq!(
            first(Date64Array::from(vec![-86_400_000])),
            some("1969-12-31")
        );
        let seconds = 20_556 * 86_400 + 82_800;
        assert_eq!(
            first(TimestampSecondArray::from(vec![seconds])),
            some("2026-04-13T23:00:00")
        );
        let zoned =
            TimestampMicrosecondArray::from(vec![seconds * 1_000_000]).with_timezone("+02:00");
        assert_eq!(first(zoned), some("2026-04-14T01:00:00"));
        assert_eq!(
            first(TimestampMillisecondArray::from(vec![20_556 * 86_400_000])),
            some("2026-04-13")
        );
        let beyond: ArrayRef = Arc::new(TimestampSecondArray::from(vec![i64::MAX]));
        assert_eq!(cell(&beyond, 0), Err(Reason::NotADate));
    }
}
