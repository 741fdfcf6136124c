//! An output that remembers how it failed: libraries wrap the failure so deep that a closed pipe is not
//! told from a full disk.

use crate::error::Error;
use std::io::{ErrorKind, Write};
use std::sync::{Arc, OnceLock};

pub(super) struct Watched<W> {
    out: W,
    failure: Failure,
}

/// How an output failed, if it did.
#[derive(Clone, Default)]
pub(super) struct Failure(Arc<OnceLock<ErrorKind>>);

impl Failure {
    /// The error that a library's error is told as.
    pub fn told(&self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        let kind = self.0.get().copied().unwrap_or(ErrorKind::Other);
        Error::io(
            "the output cannot be written",
            std::io::Error::new(kind, error),
        )
    }

    fn seen<T>(&self, done: std::io::Result<T>) -> std::io::Result<T> {
        if let Err(error) = &done
            && error.kind() != ErrorKind::Interrupted
        {
            self.0.get_or_init(|| error.kind());
        }
        done
    }
}

impl<W> Watched<W> {
    pub fn new(out: W) -> (Self, Failure) {
        let failure = Failure::default();
        let watched = Self {
            out,
            failure: failure.clone(),
        };
        (watched, failure)
    }

    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let done = self.out.write(bytes);
        self.failure.seen(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let done = self.out.flush();
        self.failure.seen(done)
    }
}
