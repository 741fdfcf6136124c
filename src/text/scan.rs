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

    /// Moves past a word or number; says which it was.
    pub(super) fn word_end(&mut self) -> Ended {
        let (mut digits, mut ascii) = (true, true);
        loop {
            // Nearly every word is over when this loop is.
            while let Some(&byte) = self.bytes.get(self.at) {
                match BYTES[byte as usize] {
                    Byte::Letter => digits = false,
                    Byte::Digit => {}
                    _ => break,
                }
                self.at += 1;
            }
            let width = self.letter_width(self.at);
            if width > 0 {
                (digits, ascii) = (false, false);
                self.at += width;
                continue;
            }
            let joiner = self.joiner(digits);
            if joiner == 0 {
                let kind = if digits { Kind::Number } else { Kind::Word };
                return Ended { kind, ascii };
            }
            ascii &= joiner == 1;
            self.at += joiner;
        }
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
