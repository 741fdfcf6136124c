//! What failed, in which file, row and column, why, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What a caller may want to branch on; each kind has one exit code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The machine refused: no space, no permission, a device error (exit 1).
    Io,
    /// A wrong flag, value or combination of them (exit 2).
    Usage,
    /// A file that is not what it should be: format, encoding, columns (exit 3).
    Input,
    /// A model or index that is missing, damaged or of another version (exit 4).
    Model,
    /// More rows were refused than the caller allows (exit 5).
    Rejects,
    /// The user asked to stop (exit 130).
    Interrupted,
}

impl ErrorKind {
    /// The exit code of the process, 1 to 130.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Io => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Model => 4,
            Self::Rejects => 5,
            Self::Interrupted => 130,
        }
    }
}

/// One failure: a message, where it happened, and a hint that says what to do next.
///
/// The message never quotes the content of a cell: a cell may hold personal data.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    path: Option<PathBuf>,
    row: Option<u64>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            path: None,
            row: None,
            source: None,
        }))
    }

    /// A wrong flag, value or combination.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// A file that is not what it should be.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    /// A model or index that cannot be used.
    pub fn model(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Model, message)
    }

    /// A failure of the machine, with what was being done.
    pub fn io(doing: impl Into<String>, source: std::io::Error) -> Self {
        let mut error = Self::new(ErrorKind::Io, doing);
        error.0.hint = io_hint(&source).map(str::to_owned);
        error.caused_by(source)
    }

    /// Adds what the user can do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the file or folder concerned.
    #[must_use]
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.0.path = Some(path.as_ref().to_path_buf());
        self
    }

    /// Adds the row concerned, counted from 1 with the header as row 1.
    #[must_use]
    pub fn row(mut self, row: u64) -> Self {
        self.0.row = Some(row);
        self
    }

    /// Adds the failure underneath.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What a caller may branch on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the user can do about it, if anything is known to help.
    pub fn advice(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// True when the reader of our output went away, which is no failure of ours.
    pub fn is_closed_pipe(&self) -> bool {
        self.0
            .source
            .as_ref()
            .and_then(|source| source.downcast_ref::<std::io::Error>())
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

fn io_hint(source: &std::io::Error) -> Option<&'static str> {
    use std::io::ErrorKind as Io;
    match source.kind() {
        Io::NotFound => Some("check the path; nothing is there"),
        Io::PermissionDenied => Some("check that you may read and write there"),
        Io::StorageFull => Some("free some space and run the same command again"),
        Io::AlreadyExists | Io::NotADirectory => {
            Some("a file stands where a folder is needed; choose another path")
        }
        Io::ReadOnlyFilesystem => Some("choose a folder that can be written"),
        _ => None,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}: ", path.display())?;
        }
        if let Some(row) = self.0.row {
            write!(f, "row {row}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(source) = &self.0.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Self::io("reading or writing failed", source)
    }
}
