//! Rows as an Arrow stream: the form that programs hand to each other.

use super::batch::Batch;
use super::watched::{Failure, Watched};
use super::{Cell, Head, RowWriter};
use crate::error::Result;
use arrow_ipc::writer::StreamWriter;
use std::io::Write;

pub(super) struct ArrowRows<W: Write> {
    batch: Batch,
    writer: StreamWriter<Watched<W>>,
    failure: Failure,
}

impl<W: Write> ArrowRows<W> {
    pub fn new(heads: &[Head], out: W) -> Result<Self> {
        let batch = Batch::new(heads);
        let (out, failure) = Watched::new(out);
        let writer = StreamWriter::try_new(out, batch.schema());
        let writer = writer.map_err(|error| failure.told(error))?;
        Ok(Self {
            batch,
            writer,
            failure,
        })
    }

    fn flush(&mut self) -> Result<()> {
        let batch = self.batch.take();
        batch
            .and_then(|batch| match batch.num_rows() {
                0 => Ok(()),
                _ => self.writer.write(&batch),
            })
            .map_err(|error| self.failure.told(error))
    }
}

impl<W: Write + Send> RowWriter<W> for ArrowRows<W> {
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
