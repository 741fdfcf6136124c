//! The tokenizer: whole words, emoji, hashtags and marks kept in one piece, every byte accounted for.
//!
//! Latin letters and plain punctuation, nearly all of what customers write, are cut by a byte scan;
//! everything else goes through the word boundaries of Unicode (UAX 29). Unlike those, a full stop
//! between letters ends a word (*bueno.Pero*), and `#app`, `@me`, `:)` and `[EMAIL]` stay whole.

use super::fold::fold_into;
use super::token::{Kind, Token, Tokens};
use super::vocabulary::{NO_WORD, Vocabulary};
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

/// Cuts texts into [`Tokens`].
#[derive(Clone, Debug)]
pub struct Tokenizer {
    vocabulary: Arc<Vocabulary>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
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

const BYTES: [Byte; 256] = {
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

/// Fewest bytes per token, spaces included, of a usual comment: the sample has 5.
const BYTES_PER_TOKEN: usize = 4;

impl Tokenizer {
    /// A tokenizer that numbers words by `vocabulary`.
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        Self { vocabulary }
    }

    /// The vocabulary its tokens are numbered by.
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// The tokens of `text` in a new [`Tokens`].
    pub fn tokenize(&self, text: &str) -> Tokens {
        let mut tokens = Tokens::new();
        self.read(text, &mut tokens);
        tokens
    }

    /// Replaces what `tokens` holds by the tokens of `text`.
    ///
    /// Texts over 4 GiB do not occur: sources cap a cell far below.
    pub fn read(&self, text: &str, tokens: &mut Tokens) {
        tokens.clear();
        // Room at once for what nearly every text needs: it costs less than growing to it.
        tokens.norms.reserve(text.len());
        tokens.items.reserve(text.len() / BYTES_PER_TOKEN);
        let mut scan = Scan {
            text,
            bytes: text.as_bytes(),
            at: 0,
        };
        while scan.at < scan.bytes.len() {
            match BYTES[scan.bytes[scan.at] as usize] {
                Byte::Space => {
                    if scan.bytes[scan.at] == b'\n'
                        && let Some(last) = tokens.items.last_mut()
                    {
                        last.ends_sentence = true;
                    }
                    scan.at += 1;
                }
                Byte::Letter | Byte::Digit => self.word(&mut scan, tokens),
                Byte::Latin if scan.letter_width(scan.at) > 0 => self.word(&mut scan, tokens),
                Byte::Latin | Byte::Other => self.unicode_run(&mut scan, tokens),
                Byte::Apostrophe | Byte::Mark => self.mark(&mut scan, tokens),
            }
        }
    }

    fn word(&self, scan: &mut Scan<'_>, tokens: &mut Tokens) {
        let start = scan.at;
        if scan.bytes[start..]
            .first()
            .is_some_and(|byte| matches!(byte, b'h' | b'w' | b'H' | b'W'))
            && scan.link()
        {
            return self.push(scan, tokens, Kind::Link, start);
        }
        let kind = scan.word_end();
        self.push(scan, tokens, kind, start);
    }

    fn mark(&self, scan: &mut Scan<'_>, tokens: &mut Tokens) {
        let start = scan.at;
        let first = scan.bytes[start];
        let kind = match first {
            b'#' | b'@' if scan.letter_width(start + 1) > 0 => {
                scan.at += 1;
                let handle = first == b'@';
                scan.word_end();
                while handle && scan.bytes.get(scan.at) == Some(&b'_') {
                    scan.at += 1;
                    scan.word_end();
                }
                if handle { Kind::Handle } else { Kind::Hashtag }
            }
            b'[' if scan.typed_mark() => Kind::Mark,
            b':' | b';' | b'=' | b'<' if scan.emoticon() => Kind::Emoji,
            byte => {
                scan.at += 1;
                while scan.bytes.get(scan.at) == Some(&byte) && byte != b'[' {
                    scan.at += 1;
                }
                Kind::Punctuation
            }
        };
        self.push(scan, tokens, kind, start);
    }

    /// A run of characters outside what the byte scan knows, cut by Unicode's word boundaries.
    fn unicode_run(&self, scan: &mut Scan<'_>, tokens: &mut Tokens) {
        let start = scan.at;
        while scan.at < scan.bytes.len()
            && scan.bytes[scan.at] >= 0x80
            && scan.letter_width(scan.at) == 0
        {
            scan.at += scan.text[scan.at..]
                .chars()
                .next()
                .map_or(1, char::len_utf8);
        }
        let end = scan.at;
        for (offset, piece) in scan.text[start..end].split_word_bound_indices() {
            let first = piece.chars().next().unwrap_or(' ');
            let kind = if is_emoji(first) {
                Kind::Emoji
            } else if first.is_alphabetic() {
                Kind::Word
            } else if first.is_numeric() {
                Kind::Number
            } else if first.is_whitespace() || first == '\u{FE0F}' {
                continue;
            } else {
                Kind::Punctuation
            };
            scan.at = start + offset + piece.len();
            self.push(scan, tokens, kind, start + offset);
        }
        scan.at = end;
    }

    /// Adds the token from `start` to where the scan stands.
    fn push(&self, scan: &Scan<'_>, tokens: &mut Tokens, kind: Kind, start: usize) {
        let surface = &scan.text[start..scan.at];
        let norm_start = tokens.norms.len();
        let mut token = Token {
            kind,
            capitals: false,
            elongated: false,
            ends_sentence: false,
            start: start as u32,
            end: scan.at as u32,
            norm_start: norm_start as u32,
            norm_end: 0,
            word: NO_WORD,
        };
        match kind {
            Kind::Word | Kind::Hashtag => {
                let letters = if kind == Kind::Hashtag {
                    &surface[1..]
                } else {
                    surface
                };
                fold_into(letters, &mut tokens.norms);
                token.capitals = is_capitals(letters);
                if let Some(number) = self.vocabulary.number(&tokens.norms[norm_start..]) {
                    token.word = number;
                } else if has_run_of_three(&tokens.norms[norm_start..]) {
                    token.elongated = true;
                    token.word = self.squeeze(&mut tokens.norms, norm_start);
                }
            }
            Kind::Handle => tokens.norms.push('@'),
            Kind::Link => tokens.norms.push_str("http"),
            Kind::Number => tokens.norms.push('0'),
            Kind::Punctuation => {
                tokens.norms.extend(surface.chars().take(1));
                token.ends_sentence = surface.starts_with(['.', '!', '?', ';', '…']);
                token.elongated = surface.chars().nth(2).is_some();
            }
            Kind::Emoji | Kind::Mark => tokens.norms.push_str(surface),
        }
        token.norm_end = tokens.norms.len() as u32;
        tokens.items.push(token);
    }

    /// Replaces an elongated norm by its plain form: two of the letter if that is a word (*good*),
    /// else one (*muy*). Returns the word's number.
    fn squeeze(&self, norms: &mut String, start: usize) -> u32 {
        let double = cut_runs(&norms[start..], 2);
        let single = cut_runs(&norms[start..], 1);
        let number = self.vocabulary.number(&double);
        norms.truncate(start);
        if let Some(number) = number {
            norms.push_str(&double);
            return number;
        }
        norms.push_str(&single);
        self.vocabulary.number(&single).unwrap_or(NO_WORD)
    }
}

struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    /// Bytes of the Latin letter or digit at `at`: 0 when there is none.
    fn letter_width(&self, at: usize) -> usize {
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
    fn word_end(&mut self) -> Kind {
        let mut digits = true;
        loop {
            let width = self.letter_width(self.at);
            if width > 0 {
                digits &= self.bytes[self.at].is_ascii_digit();
                self.at += width;
                continue;
            }
            let joiner = match self.bytes.get(self.at) {
                Some(b'\'') if !digits => 1,
                Some(0xE2) if !digits && self.text[self.at..].starts_with('\u{2019}') => 3,
                Some(b'.' | b',' | b':') if digits => 1,
                _ => 0,
            };
            let next = self.at + joiner;
            let joins = joiner > 0
                && self.letter_width(next) > 0
                && (!digits || self.bytes[next].is_ascii_digit());
            if !joins {
                return if digits { Kind::Number } else { Kind::Word };
            }
            self.at = next;
        }
    }

    /// Moves past a web address, if one starts here.
    fn link(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
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
    fn typed_mark(&mut self) -> bool {
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
    fn emoticon(&mut self) -> bool {
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

fn is_emoji(character: char) -> bool {
    matches!(u32::from(character),
        0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x2300..=0x23FF | 0x203C | 0x2049)
}

fn is_capitals(letters: &str) -> bool {
    let mut count = 0;
    for character in letters.chars() {
        if character.is_lowercase() {
            return false;
        }
        count += usize::from(character.is_uppercase());
    }
    count >= 3
}

fn has_run_of_three(norm: &str) -> bool {
    norm.as_bytes()
        .windows(3)
        .any(|three| three[0] == three[1] && three[1] == three[2] && three[0].is_ascii_alphabetic())
}

/// `norm` with every run of three or more of a letter cut to `keep` of it; runs of two are spelling.
fn cut_runs(norm: &str, keep: usize) -> String {
    let mut cut = String::with_capacity(norm.len());
    let mut rest = norm;
    while let Some(letter) = rest.chars().next() {
        let run = rest.chars().take_while(|next| *next == letter).count();
        cut.extend(std::iter::repeat_n(
            letter,
            if run >= 3 { keep } else { run },
        ));
        rest = &rest[run * letter.len_utf8()..];
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::{Emoji, Handle, Hashtag, Link, Mark, Number, Word};

    fn pieces(text: &str) -> Vec<(Kind, String)> {
        let tokenizer = Tokenizer::new(Arc::new(Vocabulary::new(["good", "muy"])));
        let tokens = tokenizer.tokenize(text);
        tokens
            .as_slice()
            .iter()
            .map(|token| (token.kind, tokens.norm(token).to_owned()))
            .collect()
    }

    fn norms(text: &str) -> Vec<String> {
        pieces(text).into_iter().map(|(_, norm)| norm).collect()
    }

    #[test]
    fn words_keep_their_apostrophes_and_lose_their_stops() {
        assert_eq!(
            norms("Don’t, bueno.Pero ¡ÑOÑO!"),
            ["don't", ",", "bueno", ".", "pero", "¡", "ñoño", "!"]
        );
    }

    #[test]
    fn what_customers_type_stays_whole() {
        let found = pieces("#App @a_b 😡😡 :-) <3 [EMAIL] http://x.es/a?b 3,5 10:30 4g");
        let kinds: Vec<Kind> = found.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(
            kinds,
            [
                Hashtag, Handle, Emoji, Emoji, Emoji, Emoji, Mark, Link, Number, Number, Word
            ]
        );
    }

    #[test]
    fn long_vowels_fold_to_the_word() {
        assert_eq!(norms("muuuuy goooood holaaaa"), ["muy", "good", "hola"]);
    }
}
