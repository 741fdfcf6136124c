//! Opening a file or standard input, unpacked if it is compressed, and the bytes it begins with.

use super::encoding::{self, Encoding};
use super::packed::{Packing, unpack};
use crate::error::{Error, Result};
use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Size of the sample, bytes; more is read only until it holds a row.
const SAMPLE: usize = 1 << 20;

/// The largest sample, bytes: room for a row longer than any that is accepted.
const LARGEST: usize = 32 << 20;

/// Most bytes copied to a temporary file, 16 GiB: more would fill most disks before it is told.
const MAX_COPY: u64 = 16 << 30;

/// The beginning of a file.
pub(super) struct Head {
    input: Box<dyn Read + Send>,
    pub bytes: Vec<u8>,
    /// True when there is no more.
    pub whole: bool,
    /// True when what was read cannot be read again.
    pub stream: bool,
    /// How the file is compressed, if it is.
    pub packing: Option<Packing>,
}

impl Head {
    /// Opens `path` ("-" is standard input) and reads the first sample.
    pub fn open(path: &Path) -> Result<Self> {
        let Opened {
            input,
            stream,
            packing,
        } = open(path)?;
        let mut head = Self {
            input,
            bytes: Vec::new(),
            whole: false,
            stream,
            packing,
        };
        head.read_to(SAMPLE).map_err(|error| failed(path, error))?;
        Ok(head)
    }

    /// Doubles the sample; false when there is no more or it is large enough.
    pub fn enlarge(&mut self, path: &Path) -> Result<bool> {
        if self.whole || self.bytes.len() >= LARGEST {
            return Ok(false);
        }
        self.read_to(self.bytes.len() * 2)
            .map_err(|error| failed(path, error))?;
        Ok(true)
    }

    fn read_to(&mut self, size: usize) -> io::Result<()> {
        let from = self.bytes.len();
        self.bytes.resize(size, 0);
        let space = self.bytes.get_mut(from..).unwrap_or_default();
        let read = encoding::fill(&mut self.input, space)?;
        self.whole = from + read < size;
        self.bytes.truncate(from + read);
        Ok(())
    }

    /// The encoding, and why. Where the sample is all ASCII the file is read on to the first
    /// character that tells, if it can be read again.
    pub fn encoding(&mut self, path: &Path) -> Result<(Encoding, String)> {
        let found = encoding::detect(&self.bytes);
        if found.0 != Encoding::UTF_8 || self.whole || self.stream || !self.bytes.is_ascii() {
            return Ok(found);
        }
        let mut input = open(path)?.input;
        let mut bytes = vec![0; 1 << 16];
        loop {
            let read =
                encoding::fill(&mut input, &mut bytes).map_err(|error| failed(path, error))?;
            let chunk = bytes.get(..read).unwrap_or_default();
            if let Some(at) = chunk.iter().position(|byte| !byte.is_ascii()) {
                return Ok(encoding::detect(chunk.get(at..).unwrap_or_default()));
            }
            if read < bytes.len() {
                return Ok(found);
            }
        }
    }

    /// What a run needs to read the file from its first byte.
    pub fn keep(self) -> Kept {
        if self.stream {
            let whole = Cursor::new(self.bytes).chain(self.input);
            Kept::Stream(Arc::new(Mutex::new(Some(Box::new(whole)))))
        } else {
            Kept::Nothing
        }
    }

    /// The file for formats that are not read from first to last byte: itself, or a temporary copy of
    /// what is a stream or compressed.
    pub fn seekable(self, path: &Path) -> Result<(File, Kept)> {
        if !self.stream && self.packing.is_none() {
            let file = File::open(path).map_err(|error| failed(path, error))?;
            return Ok((file, Kept::Nothing));
        }
        let mut copy = tempfile::tempfile().map_err(copying)?;
        let mut input = Cursor::new(self.bytes).chain(self.input);
        let mut bytes = vec![0; 1 << 16];
        let mut copied = 0;
        loop {
            let read =
                encoding::fill(&mut input, &mut bytes).map_err(|error| failed(path, error))?;
            copied += read as u64;
            if copied > MAX_COPY {
                return Err(Error::input(
                    "more than 16 GiB in a format that cannot be read as a stream",
                )
                .hint("unpack it to a file first, and give that file"));
            }
            copy.write_all(bytes.get(..read).unwrap_or_default())
                .map_err(copying)?;
            if read < bytes.len() {
                break;
            }
        }
        copy.rewind().map_err(copying)?;
        let file = copy.try_clone().map_err(copying)?;
        Ok((file, Kept::Copy(Arc::new(copy))))
    }
}

fn copying(error: io::Error) -> Error {
    Error::io("the temporary copy of the input cannot be written", error)
}

/// What is kept of a file between the first look at it and its run.
#[derive(Clone, Default)]
pub(super) enum Kept {
    /// Nothing: it is opened again.
    #[default]
    Nothing,
    /// What was read of a stream and the rest of it, until a run takes them.
    Stream(Arc<Mutex<Option<Box<dyn Read + Send>>>>),
    /// A temporary copy, which goes with the last that holds it.
    Copy(Arc<File>),
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Stream(_) => "Stream",
            Self::Copy(_) => "Copy",
        })
    }
}

/// What a path was opened as.
struct Opened {
    input: Box<dyn Read + Send>,
    /// True when it can be read only once.
    stream: bool,
    packing: Option<Packing>,
}

/// Opens `path` for reading, unpacked.
fn open(path: &Path) -> Result<Opened> {
    let (input, stream): (Box<dyn Read + Send>, bool) = if path.as_os_str() == "-" {
        (Box::new(io::stdin()), true)
    } else {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::input("there is no such file")
                .at(path)
                .hint("check the path; \"-\" reads standard input"),
            _ => Error::io("cannot be opened", error).at(path),
        })?;
        let meta = file.metadata().map_err(|error| failed(path, error))?;
        if meta.is_dir() {
            return Err(Error::input("this is a folder, not a file")
                .at(path)
                .hint("name the file inside it that holds the comments"));
        }
        (Box::new(file), !meta.is_file())
    };
    let (input, packing) = unpack(input).map_err(|error| failed(path, error))?;
    Ok(Opened {
        input,
        stream,
        packing,
    })
}

/// Opens `path` again after the first look at it.
pub(super) fn reopen(path: &Path, kept: &Kept) -> Result<Box<dyn Read + Send>> {
    match kept {
        Kept::Nothing => Ok(open(path)?.input),
        Kept::Stream(rest) => {
            let mut rest = rest.lock().unwrap_or_else(PoisonError::into_inner);
            rest.take().ok_or_else(|| {
                Error::usage("standard input can be read only once")
                    .hint("write it to a file first")
            })
        }
        Kept::Copy(_) => Ok(Box::new(reopen_seekable(path, kept)?)),
    }
}

/// Opens `path` again for a format that is not read from first to last byte.
pub(super) fn reopen_seekable(path: &Path, kept: &Kept) -> Result<File> {
    let opened = match kept {
        Kept::Copy(copy) => copy.try_clone(),
        Kept::Nothing | Kept::Stream(_) => File::open(path),
    };
    let mut file = opened.map_err(|error| failed(path, error))?;
    file.rewind().map_err(|error| failed(path, error))?;
    Ok(file)
}

/// A failure while reading `path`: of the machine, or of a file that is cut short or damaged.
pub(super) fn failed(path: &Path, error: io::Error) -> Error {
    unreadable(error).at(path)
}

/// As [`failed`], where the path is added later.
pub(super) fn unreadable(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => Error::input("reading failed")
            .hint("copy or export the file again: it is not whole, or not what it says it is")
            .caused_by(error),
        _ => Error::io("reading failed", error),
    }
}
