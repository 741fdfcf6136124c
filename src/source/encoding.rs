//! The encoding of a file: found in its first bytes, then decoded as a stream.

use serde::{Serialize, Serializer};
use std::fmt;
use std::io::{self, Read};

/// Stands in decoded bytes where the input was not valid; no valid UTF-8 holds this byte, so the
/// row it is in can be refused.
const INVALID: u8 = 0xFF;

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// How the characters of a file are written as bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);

    /// The encoding of a label of the WHATWG Encoding Standard: "utf-8", "latin1", "macintosh"…
    pub fn parse(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).map(Self)
    }

    /// True when some files of bytes are not valid in it.
    pub(super) fn can_fail(self) -> bool {
        !self.0.is_single_byte()
    }

    /// The standard's name of it.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Encoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The encoding of a file that begins with `head`, and why.
pub(super) fn detect(head: &[u8]) -> (Encoding, String) {
    if let Some((found, _)) = encoding_rs::Encoding::for_bom(head) {
        return (Encoding(found), "it begins with the mark of it".to_owned());
    }
    if let Some(found) = zero_bytes(head) {
        return (found, "every other byte is zero".to_owned());
    }
    let (valid, invalid) = utf8_sequences(head);
    match (valid, invalid) {
        (0, 0) => (Encoding::UTF_8, "only ASCII so far".to_owned()),
        (_, 0) => (Encoding::UTF_8, "all bytes are valid".to_owned()),
        // Text in another encoding is valid UTF-8 by accident only now and then.
        _ if valid > invalid => (
            Encoding::UTF_8,
            format!("{valid} characters are valid and {invalid} are not; their rows are refused"),
        ),
        _ => (
            Encoding(encoding_rs::WINDOWS_1252),
            "some bytes are not valid UTF-8".to_owned(),
        ),
    }
}

/// UTF-16 of mostly Latin letters has a zero in nearly every pair of bytes, on one side.
fn zero_bytes(head: &[u8]) -> Option<Encoding> {
    let head = head.get(..4096).unwrap_or(head);
    let pairs = head.chunks_exact(2);
    let count = pairs.len();
    let (mut first, mut second) = (0, 0);
    for pair in pairs {
        first += usize::from(pair.first() == Some(&0));
        second += usize::from(pair.last() == Some(&0));
    }
    // The shares are guesses, far from both Latin text (about all) and other files (about none).
    let (many, few) = (count * 4 / 10, count / 20);
    if count < 2 {
        None
    } else if second > many && first <= few {
        Some(Encoding(encoding_rs::UTF_16LE))
    } else if first > many && second <= few {
        Some(Encoding(encoding_rs::UTF_16BE))
    } else {
        None
    }
}

/// Counts the valid sequences beyond ASCII and the invalid ones; a cut at the end is neither.
fn utf8_sequences(bytes: &[u8]) -> (usize, usize) {
    let (mut valid, mut invalid) = (0, 0);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let cut = chunks.peek().is_none()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        invalid += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    (valid, invalid)
}

/// A stream of bytes turned into UTF-8; what is not valid becomes [`INVALID`].
pub(super) struct Decoder {
    input: Box<dyn Read + Send>,
    /// `None` for UTF-8, whose bytes pass as they are and are checked row by row.
    steps: Option<encoding_rs::Decoder>,
    pending: Vec<u8>,
    at: usize,
    until: usize,
    begun: bool,
    done: bool,
}

impl Decoder {
    pub fn new(input: Box<dyn Read + Send>, encoding: Encoding) -> Self {
        let steps = (encoding != Encoding::UTF_8).then(|| encoding.0.new_decoder());
        Self {
            input,
            steps,
            pending: vec![0; 32 * 1024],
            at: 0,
            until: 0,
            begun: false,
            done: false,
        }
    }

    /// Writes decoded bytes to `out`, which holds at least 64; 0 only at the end of the input.
    pub fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.steps.is_some() {
            return self.decode(out);
        }
        if !self.begun {
            self.begun = true;
            let mut first = [0; UTF8_BOM.len()];
            let read = fill(&mut self.input, &mut first)?;
            let first = first.get(..read).unwrap_or_default();
            if first != UTF8_BOM && read > 0 {
                if let Some(out) = out.get_mut(..read) {
                    out.copy_from_slice(first);
                }
                return Ok(read);
            }
        }
        read_once(&mut self.input, out)
    }

    fn decode(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(steps) = &mut self.steps else {
            return Ok(0);
        };
        let mut written = 0;
        while !self.done {
            if self.at == self.until && written == 0 {
                self.at = 0;
                self.until = read_once(&mut self.input, &mut self.pending)?;
            } else if self.at == self.until {
                break;
            }
            let last = self.until == 0;
            let source = self.pending.get(self.at..self.until).unwrap_or_default();
            // One byte is kept free for the mark of what is not valid.
            let last_but_one = out.len().saturating_sub(1);
            let space = out.get_mut(written..last_but_one).unwrap_or_default();
            let (result, read, wrote) =
                steps.decode_to_utf8_without_replacement(source, space, last);
            self.at += read;
            written += wrote;
            match result {
                encoding_rs::DecoderResult::InputEmpty => self.done = last,
                encoding_rs::DecoderResult::OutputFull => break,
                encoding_rs::DecoderResult::Malformed(..) => {
                    if let Some(byte) = out.get_mut(written) {
                        *byte = INVALID;
                        written += 1;
                    }
                }
            }
        }
        Ok(written)
    }
}

/// Fills `out` as far as the input goes.
pub(super) fn fill(input: &mut dyn Read, out: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(space) = out.get_mut(filled..).filter(|space| !space.is_empty()) {
        match read_once(input, space)? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

fn read_once(input: &mut dyn Read, out: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(bytes: &[u8], encoding: Encoding, step: usize) -> Vec<u8> {
        let mut decoder = Decoder::new(Box::new(io::Cursor::new(bytes.to_vec())), encoding);
        let mut text = Vec::new();
        let mut out = vec![0; step];
        loop {
            match decoder.read(&mut out).unwrap() {
                0 => return text,
                read => text.extend_from_slice(&out[..read]),
            }
        }
    }

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn the_first_bytes_tell_the_encoding() {
        let name = |bytes: &[u8]| detect(bytes).0.name();
        assert_eq!(name(b"id,text\n1,fine"), "UTF-8");
        assert_eq!(name("opinión".as_bytes()), "UTF-8");
        assert_eq!(name(b"opini\xF3n"), "windows-1252");
        assert_eq!(name(b"\xEF\xBB\xBFid"), "UTF-8");
        assert_eq!(name(b"\xFF\xFEi\0d\0"), "UTF-16LE");
        assert_eq!(name(&utf16le("id,opinión\n1,más")), "UTF-16LE");
        let swapped: Vec<u8> = "id,año".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(name(&swapped), "UTF-16BE");
        // One damaged character does not make two characters of every other.
        assert_eq!(name("más, año, \u{20ac}".as_bytes()), "UTF-8");
        assert_eq!(name(b"m\xC3\xA1s, a\xC3\xB1o, opini\xF3n"), "UTF-8");
        // A character cut by the end of the sample is no sign of anything.
        assert_eq!(name(b"m\xC3\xA1s a\xC3"), "UTF-8");
    }

    #[test]
    fn what_is_not_valid_leaves_a_mark() {
        let lone = [b'a', 0, 0x00, 0xD8, b'b', 0];
        let decoded = decode(&lone, Encoding(encoding_rs::UTF_16LE), 64);
        assert_eq!(decoded, [b'a', INVALID, b'b']);
        let odd = decode(b"a\0b", Encoding(encoding_rs::UTF_16LE), 64);
        assert_eq!(odd, [b'a', INVALID]);
    }

    proptest! {
        #[test]
        fn text_survives_each_encoding(text in "[a-zñáé€\u{1F600}\n,\"]{0,300}", step in 64_usize..200) {
            let utf16 = decode(&utf16le(&text), Encoding(encoding_rs::UTF_16LE), step);
            prop_assert_eq!(&utf16, text.as_bytes());
            let utf8 = decode(text.as_bytes(), Encoding::UTF_8, step);
            prop_assert_eq!(&utf8, text.as_bytes());
        }
    }
}
