//! What a linear model sees of a text: words, groups of up to three of them, and letters inside words.
//!
//! Every token is a *unit* with a 32-bit hash of its folded form. A unit may stand in a *scope*: after
//! a negator (*no es buena*) or after a word of wish or condition (*ojalá fuera buena*), up to a mark
//! or word that ends it. A word is then seen twice: plain, and in its scope. Groups never cross from
//! one clause to the next, so that the sums of a text are those of its clauses.

use super::Text;
use super::sayings::{Said, Sayings};
use crate::error::{Error, Result};
use crate::phrase::Room;
use crate::text::letters::{hash, mix};
use crate::text::{Kind, Token, Tokens, Vocabulary, WordMap};
use serde::Deserialize;
use std::ops::Range;

/// In what a unit stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// In nothing that changes it.
    #[default]
    Plain,
    /// After a negator.
    Negated,
    /// After a word of wish or condition.
    Wished,
}

impl Scope {
    /// What is added to the hash of a unit in it.
    fn mark(self) -> u32 {
        match self {
            Self::Plain => 0,
            Self::Negated => 0x9E37_79B9,
            Self::Wished => 0x3C6E_F372,
        }
    }
}

/// One unit of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Unit {
    /// Hash of its folded form.
    hash: u32,
    scope: Scope,
}

impl Unit {
    /// Its hash with that of its scope.
    fn marked(self) -> u32 {
        self.hash ^ self.scope.mark()
    }
}

/// What a feature is made of, for those who ask why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// The token, where its word has no number.
    Word,
    /// The token in its scope.
    Scoped(Scope),
    /// The token and the one before.
    Pair,
    /// The token and the two before.
    Triple,
    /// That the token is in capitals.
    Capitals,
    /// That the token is elongated.
    Elongated,
    /// The shape of what ends at the token: how many units of it.
    Shape(u8),
    /// What a phrase says that ends at the token: how many tokens of it.
    Saying(u8),
}

/// What a word is in the shape of a clause: words without a polarity drop out, the commonest small words
/// stand for themselves, all others for their polarity alone. *No me ha fallado* has the shape *no · me
/// · ha · bad*, so that what is learned of one verb holds for all.
pub mod shape {
    /// Left out.
    pub const NOTHING: u8 = 0;
    /// Stands for itself.
    pub const ITSELF: u8 = 1;
    /// From here on: strongly bad, bad, good, strongly good.
    pub const POLAR: u8 = 2;
}

/// Hears of the features of a text. Words with a number and words without come as tokens; everything
/// else comes as a hash.
pub trait Hear<'t> {
    /// A word with a number.
    fn word(&mut self, at: usize, number: u32);
    /// The letters of a word without a number.
    fn letters(&mut self, at: usize, norm: &'t str);
    /// A hashed feature that ends at the token `at`.
    fn gram(&mut self, at: usize, made: Made, hash: u32);
}

const START: u32 = 0x57A7;
const CAPITALS: u32 = 0x0C_A9;
const ELONGATED: u32 = 0x00_10_46;
const LENGTH: u32 = 0x4C_45_4E;
const END: u32 = 0x45_4E_44;
/// The hash of the first polarity in a shape.
const POLAR: u32 = 0x504F_4C00;
/// Told apart from groups of plain words.
const SHAPE: u32 = 0x5348_4150;

/// The hash of the feature that tells how long a text is: in steps that double.
pub fn length(units: u32) -> u32 {
    mix(LENGTH + units.max(1).ilog2())
}

/// What a word does to the scope of those after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Turn {
    #[default]
    Keeps,
    Negates,
    Wishes,
    Ends,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeFile {
    negators: Vec<String>,
    wishes: Vec<String>,
    ends: Vec<String>,
}

/// What is known of a word beforehand.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    hash: u32,
    turn: Turn,
}

/// Turns tokens into features.
#[derive(Debug)]
pub struct Reader {
    entries: WordMap<Entry>,
    sayings: Sayings,
}

impl Reader {
    /// A reader for tokens numbered by `vocabulary`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the shipped list of scopes is damaged.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self> {
        let file: ScopeFile = toml::from_str(include_str!("../../models/text/scopes.toml"))
            .map_err(|error| Error::model("models/text/scopes.toml").caused_by(error))?;
        let entry = |word, turn| {
            let hash = hash(str::as_bytes(word));
            (word, Entry { hash, turn })
        };
        let words = vocabulary
            .words()
            .iter()
            .map(|word| entry(&**word, Turn::Keeps));
        let turns = [
            (&file.negators, Turn::Negates),
            (&file.wishes, Turn::Wishes),
            (&file.ends, Turn::Ends),
        ];
        let turns = turns
            .iter()
            .flat_map(|(words, turn)| words.iter().map(|word| entry(word.as_str(), *turn)));
        Ok(Self {
            entries: WordMap::new(vocabulary, words.chain(turns)),
            sayings: Sayings::shipped(vocabulary)?,
        })
    }

    /// Tells `hear` every feature of some tokens of a text that stand together. `shapes` holds what each
    /// numbered word is in a shape; without it there are none.
    pub fn read<'t>(
        &self,
        text: &Text<'t>,
        range: Range<usize>,
        shapes: &[u8],
        room: &mut Room,
        hear: &mut impl Hear<'t>,
    ) {
        self.sayings.find(text, range.clone(), room, |said: Said| {
            for hash in said.hashes {
                hear.gram(said.last, Made::Saying(said.tokens), hash);
            }
        });
        let (text, tokens) = (text.text, text.tokens);
        let mut shape = Shape::default();
        let start = Unit {
            hash: START,
            scope: Scope::Plain,
        };
        let (mut before, mut earlier) = (start, start);
        let mut scope = Scope::Plain;
        for (at, token) in range.clone().zip(&tokens.as_slice()[range.clone()]) {
            let known = if token.is_word() {
                self.entries.get(tokens, token)
            } else {
                Entry::default()
            };
            if known.turn == Turn::Ends || token.kind == Kind::Punctuation {
                scope = Scope::Plain;
            }
            let hash = match known.hash {
                0 => hash_of(text, tokens, token),
                hash => hash,
            };
            let unit = Unit { hash, scope };
            if let Some(number) = token.word() {
                hear.word(at, number);
            } else {
                hear.gram(at, Made::Word, unit.hash);
                if token.is_word() {
                    hear.letters(at, tokens.norm(token));
                }
            }
            if let Some(one) = shape_of(tokens, token, hash, shapes) {
                shape.push(at, one, hear);
            }
            if scope != Scope::Plain {
                hear.gram(at, Made::Scoped(scope), unit.marked());
            }
            let pair = before.hash.rotate_left(9) ^ unit.marked().wrapping_mul(0x27D4_EB2F);
            hear.gram(at, Made::Pair, mix(pair));
            if earlier.hash != START {
                let triple = earlier.hash.rotate_left(17) ^ pair.wrapping_mul(0x1656_67B1);
                hear.gram(at, Made::Triple, mix(triple));
            }
            if token.capitals {
                hear.gram(at, Made::Capitals, mix(CAPITALS));
            }
            if token.elongated {
                hear.gram(at, Made::Elongated, mix(ELONGATED));
            }
            (earlier, before) = (before, unit);
            scope = match known.turn {
                _ if token.ends_sentence => Scope::Plain,
                Turn::Negates => Scope::Negated,
                Turn::Wishes if scope == Scope::Plain => Scope::Wished,
                _ => scope,
            };
        }
        if !shapes.is_empty() && !range.is_empty() {
            shape.push(range.end - 1, END, hear);
        }
    }
}

/// The last units of a shape.
struct Shape {
    last: [u32; 3],
}

impl Default for Shape {
    fn default() -> Self {
        Self { last: [START; 3] }
    }
}

impl Shape {
    /// Tells the groups of two to four units that end in `one`.
    fn push<'t>(&mut self, at: usize, one: u32, hear: &mut impl Hear<'t>) {
        let mut state = SHAPE ^ one.wrapping_mul(0x27D4_EB2F);
        for (before, size) in self.last.into_iter().zip(2..) {
            state = state.rotate_left(11) ^ before.wrapping_mul(0x1656_67B1);
            hear.gram(at, Made::Shape(size), mix(state));
            if before == START {
                break;
            }
        }
        self.last = [one, self.last[0], self.last[1]];
    }
}

/// What a token is in a shape; `None` where it drops out.
fn shape_of(tokens: &Tokens, token: &Token, hash: u32, shapes: &[u8]) -> Option<u32> {
    if shapes.is_empty() {
        return None;
    }
    if token.is_word() {
        let class = shapes.get(token.word()? as usize).copied()?;
        return match class {
            shape::NOTHING => None,
            shape::ITSELF => Some(hash),
            class => Some(POLAR + u32::from(class)),
        };
    }
    let told = match token.kind {
        Kind::Number | Kind::Emoji => true,
        Kind::Punctuation => matches!(
            tokens.norm(token),
            "?" | "¿" | "!" | "\"" | "“" | "«" | "%" | "/"
        ),
        _ => false,
    };
    told.then_some(hash)
}

/// The hash of a token without an entry.
fn hash_of(text: &str, tokens: &Tokens, token: &Token) -> u32 {
    /// Digits and marks of a number that is a score: *10*, *9,5*, *4.8*.
    const SCORE: usize = 3;
    let surface = &text[token.span()];
    if token.kind == Kind::Number && surface.len() <= SCORE {
        return hash(surface.as_bytes());
    }
    let hash = hash(tokens.norm(token).as_bytes());
    if token.kind == Kind::Punctuation && token.elongated {
        hash.wrapping_add(ELONGATED)
    } else {
        hash
    }
}
