//! Rows as Parquet. The same rows are the same bytes: there is no clock in it, and rows are grouped by
//! their number alone.

use super::batch::Batch;
use super::watched::{Failure, Watched};
use super::{Cell, Head, RowWriter};
use crate::error::Result;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::Write;

/// Rows of a group: enough to compress well, few enough to hold.
const GROUP_ROWS: usize = 131_072;
/// Compressed bytes from which a group has enough rows.
const GROUP_BYTES: usize = 64 << 20;
/// The columns, in either language, in which hardly two cells are alike.
const UNLIKE: [&str; 3] = ["id", "text", "texto"];

pub(super) struct ParquetRows<W: Write + Send> {
    batch: Batch,
    writer: ArrowWriter<Watched<W>>,
    failure: Failure,
}

impl<W: Write + Send> ParquetRows<W> {
    pub fn new(heads: &[Head], out: W) -> Result<Self> {
        let batch = Batch::new(heads);
        let mut properties = WriterProperties::builder()
            .set_created_by(format!("voz version {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(GROUP_BYTES));
        for name in UNLIKE {
            let column = ColumnPath::new(vec![name.to_owned()]);
            properties = properties.set_column_dictionary_enabled(column, false);
        }
        let options = ArrowWriterOptions::new()
            .with_properties(properties.build())
            .with_skip_arrow_metadata(true);
        let schema = batch.schema().clone();
        let (out, failure) = Watched::new(out);
        let writer = ArrowWriter::try_new_with_options(out, schema, options)
            .map_err(|error| failure.told(error))?;
        Ok(Self {
            batch,
            writer,
            failure,
        })
    }

    fn flush(&mut self) -> Result<()> {
        let batch = self.batch.take();
        let batch = batch.map_err(|error| self.failure.told(error))?;
        let written = self.writer.write(&batch);
        written.map_err(|error| self.failure.told(error))
    }
}

impl<W: Write + Send> RowWriter<W> for ParquetRows<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        if self.batch.add(cells) {
            self.flush()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<W> {
        self.flush()?;
        let out = self.writer.into_inner();
        let out = out.map_err(|error| self.failure.told(error))?;
        self.failure.check()?;
        Ok(out.into_inner())
    }
}
