//! The byte scan: where words, numbers, links, marks and emoticons end.

use super::token::Kind;

/// What a byte is to the scan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Byte {
    Letter,
    Digit,
    Space,
    Apostrophe,
    /// First byte of a two-byte Latin letter, to be looked at.
    Latin,
    Mark,
    /// First byte of anything else outside ASCII.
    Other,
}

pub(super) const BYTES: [Byte; 256] = {
    let mut table = [Byte::Mark; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Byte::Letter,
            b'0'..=b'9' => Byte::Digit,
            b'\t' | b'\n' | b'\r' | b' ' => Byte::Space,
            b'\'' => Byte::Apostrophe,
            0xC2..=0xC9 => Byte::Latin,
            0x80.. => Byte::Other,
            _ => Byte::Mark,
        };
        byte += 1;
    }
    table
};

/// A place in a text.
pub(super) struct Scan<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
}

/// What a word or number was seen to be when the scan moved past it.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    pub(super) kind: Kind,
    /// Every byte of it is ASCII.
    pub(super) ascii: bool,
}

impl Scan<'_> {
    /// Bytes of the Latin letter or digit at `at`: 0 when there is none.
    pub(super) fn letter_width(&self, at: usize) -> usize {
        let Some(&byte) = self.bytes.get(at) else {
            return 0;
        };
        match BYTES[byte as usize] {
            Byte::Letter | Byte::Digit => 1,
            // U+00C0 to U+024F but × and ÷; and the ordinals ª º.
            Byte::Latin => match (byte, self.bytes.get(at + 1)) {
                (0xC2, Some(0xAA | 0xBA)) => 2,
                (0xC2, _) | (0xC3, Some(0x97 | 0xB7)) => 0,
                _ => 2,
            },
            _ => 0,
        }
    }

    /// Moves past a word or number; says which it was. `lower` begins with the text in lower case.
    #[inline]
    pub(super) fn word_end(&mut self, lower: &[u8]) -> Ended {
        let (mut digits, mut ascii) = (true, true);
        loop {
            let (run, letters) = run(lower, self.at);
            self.at += run;
            digits &= !letters;
            // Nearly every word is over here.
            if self.bytes.get(self.at) == Some(&b' ') {
                break;
            }
            let width = self.letter_width(self.at);
            if width > 0 {
                (digits, ascii) = (false, false);
                self.at += width;
                continue;
            }
            let joiner = self.joiner(digits);
            if joiner == 0 {
                break;
            }
            ascii &= joiner == 1;
            self.at += joiner;
        }
        let kind = if digits { Kind::Number } else { Kind::Word };
        Ended { kind, ascii }
    }

    /// Bytes of what stands here and joins what was read to what follows: 0 when nothing does.
    fn joiner(&self, digits: bool) -> usize {
        let joiner = match self.bytes.get(self.at) {
            Some(b'\'') if !digits => 1,
            Some(0xE2) if !digits && self.text[self.at..].starts_with('\u{2019}') => 3,
            Some(b'.' | b',' | b':') if digits => 1,
            _ => return 0,
        };
        let next = self.at + joiner;
        let joins = self.letter_width(next) > 0 && (!digits || self.bytes[next].is_ascii_digit());
        if joins { joiner } else { 0 }
    }

    /// Moves past a web address, if one starts here.
    pub(super) fn link(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        // *how* and *was* are seen to be none by their second letter.
        if !matches!(
            rest,
            [b'h' | b'H', b't' | b'T', ..] | [b'w' | b'W', b'w' | b'W', ..]
        ) {
            return false;
        }
        let starts = [b"http://".as_slice(), b"https://", b"www."]
            .iter()
            .any(|scheme| {
                rest.len() > scheme.len() && rest[..scheme.len()].eq_ignore_ascii_case(scheme)
            });
        if starts {
            let length = self.text[self.at..]
                .find(char::is_whitespace)
                .unwrap_or(rest.len());
            self.at += length;
        }
        starts
    }

    /// Moves past `[NAME]`, if it stands here.
    pub(super) fn typed_mark(&mut self) -> bool {
        let rest = &self.bytes[self.at + 1..];
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_uppercase() || **byte == b'_')
            .count();
        let is_mark = length >= 2 && rest.get(length) == Some(&b']');
        if is_mark {
            self.at += length + 2;
        }
        is_mark
    }

    /// Moves past `:)`, `:-(`, `<3` and the like, if one stands here.
    pub(super) fn emoticon(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        let nose = usize::from(rest.get(1) == Some(&b'-'));
        let is_face = match (rest[0], rest.get(1 + nose)) {
            (b'<', Some(b'3')) => nose == 0,
            (b':' | b';' | b'=', Some(b')' | b'(' | b'D' | b'P' | b'|' | b'*')) => true,
            (b':', Some(b'/')) => rest.get(2 + nose) != Some(&b'/'),
            _ => false,
        };
        let ends = self.letter_width(self.at + nose + 2) == 0;
        if is_face && ends {
            self.at += nose + 2;
        }
        is_face && ends
    }
}

/// How many ASCII letters and digits stand at `at`, and whether there is a letter among them. Reads
/// eight bytes at a time, in which capitals are none.
fn run(lower: &[u8], at: usize) -> (usize, bool) {
    let mut length = 0;
    let mut letters = false;
    while let Some(bytes) = lower.get(at + length..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*bytes);
        let letter = between(eight, b'a', b'z');
        let outside = !(letter | between(eight, b'0', b'9')) & HIGH;
        // The bits below the first byte outside.
        let inside = outside.wrapping_sub(1) & !outside;
        letters |= letter & inside != 0;
        length += outside.trailing_zeros() as usize / 8;
        if outside != 0 {
            break;
        }
    }
    (length, letters)
}

/// The highest bit of every byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The highest bit of each of eight bytes that lies from `first` to `last`, both ASCII.
fn between(eight: u64, first: u8, last: u8) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let low = eight & !HIGH;
    let from = low + ONES * u64::from(0x80 - first);
    let beyond = low + ONES * u64::from(0x7F - last);
    from & !beyond & !eight & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_what_bytes_alone_say_it_is() {
        for byte in 0..=u8::MAX {
            let mut lower = *b"123456789abcdefgh--------";
            lower[11] = byte;
            let inside = byte.is_ascii_lowercase() || byte.is_ascii_digit();
            assert_eq!(
                run(&lower, 0),
                (if inside { 17 } else { 11 }, true),
                "{byte}"
            );
            lower[12] = b' ';
            let found = (usize::from(inside), byte.is_ascii_lowercase());
            assert_eq!(run(&lower, 11), found, "{byte}");
        }
    }
}
