//! An output that remembers how it failed: libraries wrap the failure so deep that a closed pipe is not
//! told from a full disk.

use crate::error::{Error, Result};
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
        let error = std::io::Error::new(kind, error);
        Error::io("the output cannot be written", error)
    }

    /// An error when the output failed, even if the library went on.
    pub fn check(&self) -> Result<()> {
        match self.0.get() {
            Some(kind) => Err(self.told(std::io::Error::from(*kind))),
            None => Ok(()),
        }
    }

    /// `then`, unless the output has failed: whoever tidies up after a failure is left in peace, for what is
    /// written then is lost anyway.
    fn unless_failed<T>(
        &self,
        after: T,
        then: impl FnOnce() -> std::io::Result<T>,
    ) -> std::io::Result<T> {
        if self.0.get().is_some() {
            return Ok(after);
        }
        let done = then();
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
        let Self { out, failure } = self;
        failure.unless_failed(bytes.len(), || out.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let Self { out, failure } = self;
        failure.unless_failed((), || out.flush())
    }
}
