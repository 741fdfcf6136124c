//! What tells a file from another by content, and that it stayed the same while it was read.

use super::plan::Plan;
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The content of a file and how it is read, as one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// SHA-256 of the bytes of the file and of its plan, in hexadecimal.
    pub sha256: String,
    stamp: Stamp,
}

/// What tells a file that was written to from the file it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    path: PathBuf,
    /// In bytes.
    length: u64,
    /// When it was last written, where the system knows.
    written: Option<SystemTime>,
}

impl Fingerprint {
    /// Reads the whole of a file; `None` for what can be read only once, such as standard input. `more` is
    /// whatever else decides what becomes of its rows, such as what is joined to them.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] when it cannot be read.
    pub fn of(path: &Path, plan: &Plan, more: &str) -> Result<Option<Self>> {
        let failed = |error| Error::io("reading failed", error).at(path);
        if path.as_os_str() == "-" {
            return Ok(None);
        }
        let mut file = File::open(path).map_err(failed)?;
        let meta = file.metadata().map_err(failed)?;
        if !meta.is_file() {
            return Ok(None);
        }
        let mut hash = hash_of(&mut file).map_err(failed)?;
        let plan = serde_json::to_vec(plan)
            .map_err(|error| Error::input("the plan has no JSON form").caused_by(error))?;
        hash.update(&plan);
        hash.update(more.as_bytes());
        Ok(Some(Self {
            sha256: hexadecimal(hash),
            stamp: Stamp::new(path, &meta),
        }))
    }

    /// Refuses a file that was written to since its fingerprint was taken: rows may have been lost.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Input`] when it is not the file it was.
    pub fn still_holds(&self) -> Result<()> {
        self.stamp.still_holds()
    }
}

impl Stamp {
    /// The stamp of a file; `None` for what can be read only once, such as standard input.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] when it cannot be looked at.
    pub fn of(path: &Path) -> Result<Option<Self>> {
        if path.as_os_str() == "-" {
            return Ok(None);
        }
        let meta = std::fs::metadata(path);
        let meta = meta.map_err(|error| Error::io("reading failed", error).at(path))?;
        Ok(meta.is_file().then(|| Self::new(path, &meta)))
    }

    fn new(path: &Path, meta: &Metadata) -> Self {
        Self {
            path: path.to_path_buf(),
            length: meta.len(),
            written: meta.modified().ok(),
        }
    }

    /// Refuses a file that was written to since: rows may have been lost.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Input`] when it is not the file it was.
    pub fn still_holds(&self) -> Result<()> {
        let now = std::fs::metadata(&self.path).map(|meta| Self::new(&self.path, &meta));
        if now.is_ok_and(|now| now == *self) {
            return Ok(());
        }
        Err(
            Error::input("the file changed while it was read; nothing was kept of it")
                .at(&self.path)
                .hint("run the same command again when the export is complete"),
        )
    }
}

/// SHA-256 of the content of a file, in hexadecimal.
///
/// # Errors
/// [`crate::error::ErrorKind::Io`] when it cannot be read.
pub fn sha256(path: &Path) -> Result<String> {
    let hash = File::open(path).and_then(|mut file| hash_of(&mut file));
    hash.map(hexadecimal)
        .map_err(|error| Error::io("reading failed", error).at(path))
}

fn hash_of(file: &mut File) -> std::io::Result<Sha256> {
    let mut hash = Sha256::new();
    let mut bytes = vec![0; 1 << 20];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(hash),
            read => hash.update(bytes.get(..read).unwrap_or_default()),
        }
    }
}

fn hexadecimal(hash: Sha256) -> String {
    let mut digits = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Mapping, peek};

    #[test]
    fn content_and_reading_tell_files_apart_and_names_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let print = |name: &str, content: &str, mapping: &Mapping| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            let plan = peek(&path, mapping).unwrap();
            Fingerprint::of(&path, &plan, "").unwrap().unwrap().sha256
        };
        let plain = Mapping::default();
        let first = print("a.csv", "id,text,nps\n1,fine,9\n", &plain);
        assert_eq!(first, print("b.csv", "id,text,nps\n1,fine,9\n", &plain));
        assert_ne!(first, print("a.csv", "id,text,nps\n1,fine,8\n", &plain));
        let without = Mapping {
            nps: Some(String::new()),
            ..Mapping::default()
        };
        assert_ne!(first, print("a.csv", "id,text,nps\n1,fine,9\n", &without));
    }

    #[test]
    fn a_file_written_to_meanwhile_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "id,text\n1,fine\n2,bad\n").unwrap();
        let plan = peek(&path, &Mapping::default()).unwrap();
        let print = Fingerprint::of(&path, &plan, "").unwrap().unwrap();
        print.still_holds().unwrap();
        std::fs::write(&path, "id,text\n1,fine\n").unwrap();
        let error = print.still_holds().unwrap_err();
        assert!(error.to_string().contains("changed while it was read"));
        std::fs::remove_file(&path).unwrap();
        assert!(print.still_holds().is_err());
    }
}
