//! What goes wrong underneath, as errors of this crate: what failed, in which index, what to do.

use crate::error::{Error, ErrorKind, Result};
use crate::guard::caught;
use std::path::Path;
use tantivy::TantivyError;
use tantivy::directory::error::{OpenReadError, OpenWriteError};

/// What to do when the machine fails a writer.
const AGAIN: &str = "check free space, memory and permissions, then run the same command again; \
                     what was committed before is intact";

/// What to do about an index that cannot be used.
pub(super) fn rebuild_hint(path: &Path) -> String {
    format!(
        "run `voz index FILE --index {} --rebuild` with the original file, or index into a new \
         folder",
        path.display()
    )
}

/// An index that cannot be read as it is.
pub(super) fn damaged(path: &Path, what: impl Into<String>) -> Error {
    Error::model(what).at(path).hint(rebuild_hint(path))
}

/// The error for a failure of the search engine while `doing`.
pub(super) fn failure(path: &Path, doing: &str, source: TantivyError) -> Error {
    match source {
        TantivyError::IoError(io) => disk(path, doing, &io),
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. })
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => {
            disk(path, doing, &io_error)
        }
        // A failure of the machine inside a thread comes back as text.
        TantivyError::InternalError(what) if what.contains("(os error ") => {
            Error::new(ErrorKind::Io, format!("{doing} failed: {what}"))
                .at(path)
                .hint(AGAIN)
        }
        TantivyError::ErrorInThread(_) | TantivyError::SystemError(_) => {
            Error::new(ErrorKind::Io, format!("{doing} failed"))
                .at(path)
                .hint(AGAIN)
                .caused_by(source)
        }
        TantivyError::LockFailure(_, _) => Error::new(ErrorKind::Io, format!("{doing} failed"))
            .at(path)
            .hint("check that you may write in this folder: even reading takes a lock there")
            .caused_by(source),
        other => damaged(path, format!("{doing} failed; the index is damaged")).caused_by(other),
    }
}

fn disk(path: &Path, doing: &str, io: &std::io::Error) -> Error {
    // A file shorter than it should be is damage, not a failure of the disk.
    if matches!(
        io.kind(),
        std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData
    ) {
        return damaged(path, format!("{doing} failed; the index is damaged: {io}"));
    }
    let copy = std::io::Error::new(io.kind(), io.to_string());
    let error = Error::io(format!("{doing} failed"), copy).at(path);
    if error.advice().is_some() {
        return error;
    }
    error.hint(AGAIN)
}

/// Runs `work`, turning a panic of the search engine over a damaged file into an error.
///
/// Its readers trust the bytes of a segment once the footer has been checked, so a flipped bit
/// may end in an index out of range deep inside.
pub(super) fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    caught(work).unwrap_or_else(|| {
        Err(damaged(
            path,
            "reading the index failed inside the search engine; a file of it is damaged",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_underneath_is_an_error_with_advice() {
        let folder = Path::new("some/index");
        let error = guarded(folder, || -> Result<()> { panic!("index out of range") });
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Model);
        assert!(
            error
                .advice()
                .unwrap()
                .contains("--index some/index --rebuild")
        );
    }
}
