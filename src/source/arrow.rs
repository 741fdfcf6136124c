//! Arrow IPC: the file format (also called Feather) and the stream format.

use super::columnar::{self, Columns, wrong};
use super::grid::Grid;
use arrow_ipc::reader::{FileReader, StreamReader};
use std::fs::File;
use std::io::{self, BufReader, Read};

/// True when a file begins as the file format does.
pub(super) fn begins(head: &[u8]) -> bool {
    head.starts_with(b"ARROW1")
}

/// True when a file begins as the stream format does: with the mark of a message, and its length.
pub(super) fn begins_stream(head: &[u8]) -> bool {
    let length = head.get(4..8).and_then(|bytes| bytes.try_into().ok());
    head.starts_with(&[0xFF; 4])
        && length.is_some_and(|bytes| (8..1 << 24).contains(&i32::from_le_bytes(bytes)))
}

/// The columns of a file and its rows.
///
/// # Errors
/// When it is truncated or damaged.
pub(super) fn open(file: File) -> io::Result<(Columns, Grid)> {
    let reader = FileReader::try_new(BufReader::new(file), None).map_err(wrong)?;
    let columns = columnar::columns(&reader.schema());
    let places: Vec<usize> = (0..reader.schema().fields().len()).collect();
    let grid = Grid::new(move |lines| columnar::rows(reader, &places, lines))?;
    Ok((columns, grid))
}

/// The columns of a stream and its rows.
///
/// # Errors
/// When it is truncated before its first batch, or damaged.
pub(super) fn open_stream(input: Box<dyn Read + Send>) -> io::Result<(Columns, Grid)> {
    let reader = StreamReader::try_new(BufReader::new(input), None).map_err(wrong)?;
    let columns = columnar::columns(&reader.schema());
    let places: Vec<usize> = (0..reader.schema().fields().len()).collect();
    let grid = Grid::new(move |lines| columnar::rows(reader, &places, lines))?;
    Ok((columns, grid))
}
