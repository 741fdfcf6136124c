//! What a linear model sees of a text: hashed words, pairs of words, and letters inside words.
//!
//! Each token is a *unit* with a 32-bit hash of its folded form; words in capitals and elongated
//! ones add a unit that says so. A unit after a negator is negated, up to the next mark of
//! punctuation or word that turns the sentence: in *no es buena* the unit *buena* is another feature
//! than in *es buena*. Two tables:
//! words (units alone and in pairs) and letters (3 to 5 in a row inside `<word>`, never across words).

use super::Text;
use crate::error::{Error, Result};
use crate::text::{Kind, Token, Tokens, Vocabulary, WordMap};
use serde::Deserialize;

/// Rows in the table of words, a power of two. Half a point of macro-F1 was lost at half as many.
pub const WORD_ROWS: usize = 1 << 18;
/// Rows in the table of letters, a power of two.
pub const LETTER_ROWS: usize = 1 << 18;
/// Lengths of the letter sequences.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=5;

/// One unit of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Hash of its folded form.
    pub hash: u32,
    /// Stands after a negator in its clause.
    pub negated: bool,
}

const CAPITALS: u32 = 0x0C_A9;
const ELONGATED: u32 = 0x00_10_46;
const NEGATED: u32 = 0x9E37_79B9;
const START: u32 = 0x57A7;

/// FNV-1a over the bytes, then mixed so that low bits are good.
pub fn hash(norm: &[u8]) -> u32 {
    mix(norm.iter().copied().fold(SEED, step))
}

/// What FNV-1a begins with.
const SEED: u32 = 0x811C_9DC5;

/// One step of FNV-1a.
fn step(state: u32, byte: u8) -> u32 {
    (state ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// The finalizer of `MurmurHash3`.
fn mix(mut state: u32) -> u32 {
    state ^= state >> 16;
    state = state.wrapping_mul(0x85EB_CA6B);
    state ^= state >> 13;
    state = state.wrapping_mul(0xC2B2_AE35);
    state ^ (state >> 16)
}

/// Row of a unit alone.
pub fn word_row(unit: Unit) -> usize {
    let mark = if unit.negated { NEGATED } else { 0 };
    (unit.hash ^ mark) as usize & (WORD_ROWS - 1)
}

/// Row of a unit after another one.
pub fn pair_row(before: Unit, unit: Unit) -> usize {
    let mark = if unit.negated { NEGATED } else { 0 };
    mix(before.hash.rotate_left(9) ^ unit.hash.wrapping_mul(0x27D4_EB2F) ^ mark) as usize
        & (WORD_ROWS - 1)
}

/// Calls `each` with the row of every letter sequence of a folded word.
pub fn letter_rows(norm: &str, mut each: impl FnMut(usize)) {
    let longest = *LETTERS.end();
    // The bytes of the last `longest` starts: a start is left when its longest sequence is done.
    let mut hashes = [SEED; 5];
    let mut begun = 0;
    for letter in ['<'].into_iter().chain(norm.chars()).chain(['>']) {
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes).as_bytes();
        hashes[begun % longest] = SEED;
        begun += 1;
        for length in 1..=begun.min(longest) {
            let state = &mut hashes[(begun - length) % longest];
            *state = bytes.iter().copied().fold(*state, step);
            if LETTERS.contains(&length) {
                each(mix(*state) as usize & (LETTER_ROWS - 1));
            }
        }
    }
}

/// True for tokens whose letters are looked at.
pub fn has_letters(token: &Token) -> bool {
    token.is_word()
}

/// What a word does to the negation of those after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Negation {
    #[default]
    Keeps,
    Begins,
    Ends,
}

#[derive(Deserialize)]
struct NegationFile {
    negators: Vec<String>,
    ends: Vec<String>,
}

/// Turns tokens into units.
#[derive(Clone, Debug)]
pub struct Reader {
    entries: WordMap<Entry>,
}

/// What is known of a word beforehand.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    hash: u32,
    negation: Negation,
}

impl Reader {
    /// A reader for tokens numbered by `vocabulary`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the shipped list of negators is damaged.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self> {
        let file: NegationFile = toml::from_str(include_str!("../../models/text/negation.toml"))
            .map_err(|error| Error::model("models/text/negation.toml").caused_by(error))?;
        let entry = |word, negation| {
            (
                word,
                Entry {
                    hash: hash(str::as_bytes(word)),
                    negation,
                },
            )
        };
        let words = vocabulary
            .words()
            .iter()
            .map(|word| entry(&**word, Negation::Keeps));
        let begins = file
            .negators
            .iter()
            .map(|word| entry(word.as_str(), Negation::Begins));
        let ends = file
            .ends
            .iter()
            .map(|word| entry(word.as_str(), Negation::Ends));
        Ok(Self {
            entries: WordMap::new(vocabulary, words.chain(begins).chain(ends)),
        })
    }

    /// Calls `each` with every unit of the text, and the token it stands for (`None` for the units
    /// that say how a word was written).
    pub fn units<'t>(&self, text: &Text<'t>, mut each: impl FnMut(Unit, Option<&'t Token>)) {
        let tokens = text.tokens;
        let mut negated = false;
        for token in text.items() {
            let known = if token.is_word() {
                self.entries.get(tokens, token)
            } else {
                Entry::default()
            };
            negated &= known.negation != Negation::Ends && token.kind != Kind::Punctuation;
            let hash = if known.hash == 0 {
                hash_of(tokens, token)
            } else {
                known.hash
            };
            each(Unit { hash, negated }, Some(token));
            if token.capitals {
                each(
                    Unit {
                        hash: CAPITALS,
                        negated: false,
                    },
                    None,
                );
            }
            if token.elongated {
                each(
                    Unit {
                        hash: ELONGATED,
                        negated: false,
                    },
                    None,
                );
            }
            negated = (negated || known.negation == Negation::Begins) && !token.ends_sentence;
        }
    }
}

/// The hash of a token without an entry.
fn hash_of(tokens: &Tokens, token: &Token) -> u32 {
    let hash = hash(tokens.norm(token).as_bytes());
    if token.kind == Kind::Punctuation && token.elongated {
        hash.wrapping_add(ELONGATED)
    } else {
        hash
    }
}

/// The unit before the first.
pub const BEFORE: Unit = Unit {
    hash: START,
    negated: false,
};
