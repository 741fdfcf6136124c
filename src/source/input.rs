//! Opening a file or standard input, and the bytes it begins with.

use super::encoding::{self, Encoding};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

/// Size of the sample, bytes; more is read only until it holds a row.
const SAMPLE: usize = 1 << 20;

/// The largest sample, bytes: room for a row longer than any that is accepted.
const LARGEST: usize = 32 << 20;

/// The beginning of a file.
pub(super) struct Head {
    input: Box<dyn Read + Send>,
    pub bytes: Vec<u8>,
    /// True when there is no more.
    pub whole: bool,
    /// True when what was read cannot be read again.
    pub stream: bool,
}

impl Head {
    /// Opens `path` ("-" is standard input) and reads the first sample.
    pub fn open(path: &Path) -> Result<Self> {
        let (input, stream) = open(path)?;
        let mut head = Self {
            input,
            bytes: Vec::new(),
            whole: false,
            stream,
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
        let mut input = open(path)?.0;
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
}

/// Opens `path` for reading; the answer's second part is true when it can be read only once.
fn open(path: &Path) -> Result<(Box<dyn Read + Send>, bool)> {
    if path.as_os_str() == "-" {
        return Ok((Box::new(io::stdin()), true));
    }
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
    Ok((Box::new(file), !meta.is_file()))
}

/// Opens `path` again after its `head` was read, if it was read from a stream.
pub(super) fn reopen(path: &Path, head: &[u8]) -> Result<Box<dyn Read + Send>> {
    let (input, stream) = open(path)?;
    Ok(if stream {
        Box::new(Cursor::new(head.to_vec()).chain(input))
    } else {
        input
    })
}

/// A failure while reading `path`.
pub(super) fn failed(path: &Path, error: io::Error) -> Error {
    Error::io("reading failed", error).at(path)
}
