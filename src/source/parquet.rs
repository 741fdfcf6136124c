//! Parquet files: record batch after record batch, of the columns that fit into cells.

use super::columnar::{self, Columns};
use super::grid::{Grid, damaged};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use std::fs::File;
use std::io;

/// Rows of a record batch.
const ROWS: usize = 1024;

/// True when a file begins as Parquet does.
pub(super) fn begins(head: &[u8]) -> bool {
    head.starts_with(b"PAR1")
}

/// The columns of a file and its rows.
///
/// # Errors
/// When it is truncated, damaged or encrypted.
pub(super) fn open(file: File) -> io::Result<(Columns, Grid)> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| wrong(&error))?;
    let columns = columnar::columns(builder.schema());
    let places: Vec<usize> = columns.read.iter().map(|column| column.0).collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), places.iter().copied());
    let reader = builder.with_projection(mask).with_batch_size(ROWS);
    let reader = reader.build().map_err(|error| wrong(&error))?;
    let grid = Grid::new(move |lines| columnar::rows(reader, &places, lines))?;
    Ok((columns, grid))
}

/// What is wrong with a file. What the library says is left out, for it may quote a value.
fn wrong(error: &ParquetError) -> io::Error {
    match error {
        ParquetError::NYI(_) => damaged("it is compressed or encoded in a way that is not read"),
        ParquetError::EOF(_) => damaged("it is truncated"),
        _ => damaged("it is truncated or damaged, or locked with a key"),
    }
}
