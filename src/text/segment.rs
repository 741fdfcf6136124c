//! The tokenizer: whole words, emoji, hashtags and marks kept in one piece, every byte accounted for.
//!
//! Latin letters and plain punctuation, nearly all of what customers write, are cut by a byte scan;
//! everything else goes through the word boundaries of Unicode (UAX 29). Unlike those, a full stop
//! between letters ends a word (*bueno.Pero*), and `#app`, `@me`, `:)` and `[EMAIL]` stay whole.

use super::fold::fold_into;
use super::lexicon::Lexicon;
use super::scan::{BYTES, Byte, Ended, Scan};
use super::token::{Kind, Token, Tokens};
use super::vocabulary::{NO_WORD, Vocabulary};
use std::ops::Range;
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

/// Cuts texts into [`Tokens`].
#[derive(Clone, Debug)]
pub struct Tokenizer {
    vocabulary: Arc<Vocabulary>,
    lexicon: Option<Arc<Lexicon>>,
}

/// Fewest bytes per token, spaces included, of a usual comment: the sample has 5.
const BYTES_PER_TOKEN: usize = 4;
/// Stands after the text in lower case, so that the vocabulary reads the last word as any other.
const BEYOND: &str = "\0\0\0\0\0\0\0\0";

impl Tokenizer {
    /// A tokenizer that numbers words by `vocabulary`.
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        Self {
            vocabulary,
            lexicon: None,
        }
    }

    /// The tokenizer that reads a user's own words as well.
    #[must_use]
    pub fn with_lexicon(self, lexicon: Lexicon) -> Self {
        let lexicon = (!lexicon.is_empty()).then(|| Arc::new(lexicon));
        Self { lexicon, ..self }
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
        // Folded words without accents are where they stand in the text, in lower case; what folds
        // to something else comes after that.
        tokens.norms.reserve(text.len() + BEYOND.len());
        tokens.norms.push_str(text);
        tokens.norms.make_ascii_lowercase();
        tokens.norms.push_str(BEYOND);
        // Room at once for what nearly every text needs: it costs less than growing to it.
        tokens.items.reserve(text.len() / BYTES_PER_TOKEN);
        let mut scan = Scan {
            text,
            bytes: text.as_bytes(),
            at: 0,
        };
        while let Some(&byte) = scan.bytes.get(scan.at) {
            match BYTES[byte as usize] {
                Byte::Space => {
                    if byte == b'\n'
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
        if let Some(lexicon) = &self.lexicon {
            lexicon.apply(tokens);
        }
    }

    #[inline]
    fn word(&self, scan: &mut Scan<'_>, tokens: &mut Tokens) {
        let start = scan.at;
        if matches!(scan.bytes[start], b'h' | b'w' | b'H' | b'W') && scan.link() {
            return push(scan, tokens, Kind::Link, start);
        }
        let Ended { kind, ascii } = scan.word_end(tokens.norms.as_bytes());
        if kind == Kind::Number {
            return push(scan, tokens, kind, start);
        }
        self.push_word(scan, tokens, kind, start, ascii);
    }

    fn mark(&self, scan: &mut Scan<'_>, tokens: &mut Tokens) {
        let start = scan.at;
        let first = scan.bytes[start];
        let kind = match first {
            b'#' if scan.letter_width(start + 1) > 0 => {
                scan.at += 1;
                let ascii = scan.word_end(tokens.norms.as_bytes()).ascii;
                return self.push_word(scan, tokens, Kind::Hashtag, start, ascii);
            }
            b'@' if scan.letter_width(start + 1) > 0 => {
                scan.at += 1;
                scan.word_end(tokens.norms.as_bytes());
                while scan.bytes.get(scan.at) == Some(&b'_') {
                    scan.at += 1;
                    scan.word_end(tokens.norms.as_bytes());
                }
                Kind::Handle
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
        push(scan, tokens, kind, start);
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
            if kind == Kind::Word {
                self.push_word(scan, tokens, kind, start + offset, false);
            } else {
                push(scan, tokens, kind, start + offset);
            }
        }
        scan.at = end;
    }

    /// Adds the word from `start` to where the scan stands; `ascii` when it has no other bytes.
    fn push_word(
        &self,
        scan: &Scan<'_>,
        tokens: &mut Tokens,
        kind: Kind,
        start: usize,
        ascii: bool,
    ) {
        let letters = start + usize::from(kind == Kind::Hashtag);
        let mut norm = letters..scan.at;
        if !ascii {
            norm.start = tokens.norms.len();
            fold_into(&scan.text[letters..scan.at], &mut tokens.norms);
            norm.end = tokens.norms.len();
        }
        let mut token = Token {
            capitals: is_capitals(&scan.text[letters..scan.at]),
            ..token(scan, kind, start)
        };
        let norms = tokens.norms.as_bytes();
        if let Some(number) = self.vocabulary.number_in(norms, norm.clone()) {
            token.word = number;
        } else if has_run_of_three(&norms[norm.clone()]) {
            token.elongated = true;
            (token.word, norm) = self.squeeze(&mut tokens.norms, norm);
        }
        (token.norm_start, token.norm_end) = (norm.start as u32, norm.end as u32);
        tokens.items.push(token);
    }

    /// Adds the plain form of an elongated norm: two of the letter if that is a word (*good*), else
    /// one (*muy*). Returns the word's number and where the plain form stands.
    fn squeeze(&self, norms: &mut String, norm: Range<usize>) -> (u32, Range<usize>) {
        let start = norms.len();
        let double = cut_runs(&norms[norm.clone()], 2);
        if let Some(number) = self.vocabulary.number(&double) {
            norms.push_str(&double);
            return (number, start..norms.len());
        }
        let single = cut_runs(&norms[norm], 1);
        norms.push_str(&single);
        let number = self.vocabulary.number(&single).unwrap_or(NO_WORD);
        (number, start..norms.len())
    }
}

/// A token from `start` to where the scan stands of which nothing else is known.
fn token(scan: &Scan<'_>, kind: Kind, start: usize) -> Token {
    Token {
        kind,
        capitals: false,
        elongated: false,
        ends_sentence: false,
        start: start as u32,
        end: scan.at as u32,
        norm_start: 0,
        norm_end: 0,
        word: NO_WORD,
    }
}

/// Adds the token from `start` to where the scan stands, which is no word.
fn push(scan: &Scan<'_>, tokens: &mut Tokens, kind: Kind, start: usize) {
    let surface = &scan.text[start..scan.at];
    let mut token = token(scan, kind, start);
    let norm = if kind == Kind::Punctuation {
        // The first mark of a run stands for it.
        let first = surface.chars().next().unwrap_or(' ');
        token.ends_sentence = matches!(first, '.' | '!' | '?' | ';' | '…');
        token.elongated = surface.chars().nth(2).is_some();
        start..start + first.len_utf8()
    } else {
        let from = tokens.norms.len();
        tokens.norms.push_str(match kind {
            Kind::Handle => "@",
            Kind::Link => "http",
            Kind::Number => "0",
            _ => surface,
        });
        from..tokens.norms.len()
    };
    (token.norm_start, token.norm_end) = (norm.start as u32, norm.end as u32);
    tokens.items.push(token);
}

fn is_emoji(character: char) -> bool {
    matches!(u32::from(character),
        0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x2300..=0x23FF | 0x203C | 0x2049)
}

fn is_capitals(letters: &str) -> bool {
    if letters.starts_with(|first: char| first.is_ascii_lowercase()) {
        return false;
    }
    let mut count = 0;
    for character in letters.chars() {
        if character.is_lowercase() {
            return false;
        }
        count += usize::from(character.is_uppercase());
    }
    count >= 3
}

fn has_run_of_three(norm: &[u8]) -> bool {
    norm.windows(3)
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
