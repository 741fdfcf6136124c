//! Files that are not read: told by how they begin, or by their control characters.

use crate::error::{Error, Result};
use serde::Deserialize;

const FORMATS: &str = include_str!("../../models/source/formats.toml");

/// How much of a file is looked at, bytes.
const LOOKED_AT: usize = 64 << 10;

#[derive(Deserialize)]
struct Formats {
    format: Vec<Format>,
}

#[derive(Deserialize)]
struct Format {
    bytes: String,
    name: String,
    advice: String,
}

/// Refuses a file whose first bytes are those of a known format that is not read.
pub(super) fn refuse_known(head: &[u8]) -> Result<()> {
    let formats: Formats = toml::from_str(FORMATS).map_err(|error| {
        Error::model("the embedded list of file formats is damaged").caused_by(error)
    })?;
    let begins = |format: &&Format| {
        let bytes = format.bytes.as_bytes().chunks(2).map(|digits| {
            let digits = std::str::from_utf8(digits).unwrap_or_default();
            u8::from_str_radix(digits, 16).ok()
        });
        let wanted = format.bytes.len() / 2;
        head.len() >= wanted && bytes.eq(head.iter().take(wanted).map(|&byte| Some(byte)))
    };
    match formats.format.iter().find(begins) {
        Some(format) => Err(Error::input(format!("this is {}", format.name)).hint(&format.advice)),
        None => Ok(()),
    }
}

/// Refuses a file that, decoded, is full of control characters; `sure` when its encoding is one
/// that not every file of bytes could have.
pub(super) fn refuse_junk(decoded: &[u8], sure: bool) -> Result<()> {
    let looked_at = decoded.get(..LOOKED_AT).unwrap_or(decoded);
    let control = looked_at
        .iter()
        .filter(|&&byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r'))
        .count();
    // One byte in nine of random data is a control character, hardly any of a text. Between them
    // the limits are guesses; a file of a few lines with some NULs passes, and loses these rows.
    let (share, few) = if sure { (10, 8) } else { (50, 3) };
    if control > looked_at.len() / share && control > few {
        return Err(
            Error::input("this is not text: it is full of control characters")
                .hint("give a table of comments, as CSV or JSON Lines"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_a_file_is() {
        let refused = |head: &[u8]| refuse_known(head).unwrap_err().to_string();
        assert!(refused(b"%PDF-1.7\n").contains("a PDF"));
        assert!(refused(b"BZh9\x31").contains("bzip2"));
        assert!(refuse_known(b"PK,text").is_ok() && refuse_known(b"").is_ok());
    }

    #[test]
    fn a_stray_control_character_is_no_junk() {
        assert!(refuse_junk(b"id,text\n1,a\0b\n", true).is_ok());
        assert!(refuse_junk(&[0; 100], true).is_err());
        let bytes: Vec<u8> = (0..5000_u32)
            .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        assert!(refuse_junk(&bytes, false).is_err());
    }
}
