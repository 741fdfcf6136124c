//! Number plates of vehicles, by the forms of `models/pii/plate.toml` and the words before them.
//!
//! They are short and have no check digits: `ABC 123` is as well a model or a flight. So a word must say what
//! it is: *matrícula*, *placa*, *patente*, *license plate*, or for some forms *coche*, *car*.

use super::context::{Context, Said};
use super::{Pii, Span};
use rustc_hash::FxHashSet;
use serde::Deserialize;

/// The fewest digits of a plate.
pub(super) const FEWEST_DIGITS: usize = 2;
/// The most characters of a plate.
const LONGEST: usize = 8;
/// The most groups of one: `FH-KJ-71`, `LL 123 AB`.
const MOST_GROUPS: usize = 3;

/// How plates are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Plates {
    forms: Vec<Form>,
    vehicles: FxHashSet<Box<str>>,
}

#[derive(Deserialize)]
struct Lists {
    vehicles: Vec<Box<str>>,
    form: Vec<Form>,
}

#[derive(Clone, Debug, Deserialize)]
struct Form {
    /// `L` for a letter, `#` for a digit.
    picture: Box<str>,
    /// Its letters may be vowels.
    #[serde(default = "yes")]
    vowels: bool,
    /// A word for a vehicle before it is enough.
    #[serde(default)]
    vehicle: bool,
}

fn yes() -> bool {
    true
}

impl Form {
    fn fits(&self, code: &[u8]) -> bool {
        code.len() == self.picture.len()
            && code.iter().zip(self.picture.bytes()).all(|(byte, sign)| {
                if sign == b'#' {
                    byte.is_ascii_digit()
                } else {
                    byte.is_ascii_alphabetic() && (self.vowels || !is_vowel(*byte))
                }
            })
    }
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u')
}

impl Plates {
    /// From the forms, in TOML.
    pub(super) fn read(forms: &str) -> Result<Self, toml::de::Error> {
        let Lists { vehicles, form } = toml::from_str(forms)?;
        Ok(Self {
            forms: form,
            vehicles: vehicles.into_iter().collect(),
        })
    }

    /// Adds the plates of a part of a text that starts at byte `start`; `field` is the name of the column
    /// when the part is the start of its value.
    pub(super) fn find(
        &self,
        context: &Context,
        field: Option<&str>,
        part: &str,
        start: usize,
        spans: &mut Vec<Span>,
    ) {
        let bytes = part.as_bytes();
        let mut from = 0;
        let mut at = 0;
        while let Some(digit) = bytes[at..].iter().position(u8::is_ascii_digit) {
            let run = run_around(bytes, at + digit);
            at = run.1;
            if run.1 - run.0 > LONGEST {
                continue;
            }
            if let Some((first, last)) = self.around(context, field, part, from, run) {
                spans.push(Span {
                    start: start + first,
                    end: start + last,
                    pii: Pii::Plate,
                });
                from = last;
                at = at.max(last);
            }
        }
    }

    /// The plate of which `run`, letters and digits in one piece, is the first group with a digit.
    fn around(
        &self,
        context: &Context,
        field: Option<&str>,
        part: &str,
        from: usize,
        run: (usize, usize),
    ) -> Option<(usize, usize)> {
        let bytes = part.as_bytes();
        // The groups that may belong to it stand before and after it.
        let (mut starts, mut ends) = (Edges::new(run.0), Edges::new(run.1));
        while let Some((start, _)) = group_before(bytes, from, starts.last())
            && starts.push(start)
        {}
        while let Some((_, end)) = group_after(bytes, ends.last())
            && ends.push(end)
        {}
        // What the words say decides how much belongs to it: the longest that fits and is named.
        for first in starts.outermost_first() {
            for last in ends.outermost_first() {
                let piece = &part[first..last];
                let Some(form) = self.form_of(piece) else {
                    continue;
                };
                if is_alone(part, first, last)
                    && self.is_named(
                        form,
                        context,
                        field.filter(|_| from == 0),
                        &part[from..first],
                    )
                {
                    return Some((first, last));
                }
            }
        }
        None
    }

    /// The form that a piece of text has.
    fn form_of(&self, piece: &str) -> Option<&Form> {
        let mut code = [0; LONGEST];
        let mut length = 0;
        let mut groups = 1;
        for byte in piece.bytes() {
            if byte.is_ascii_alphanumeric() {
                *code.get_mut(length)? = byte;
                length += 1;
            } else {
                groups += 1;
            }
        }
        // *placa 1234 del*: a word in small letters is no part of a plate.
        let is_word = |group: &str| {
            group.bytes().all(|byte| byte.is_ascii_lowercase()) && group.bytes().any(is_vowel)
        };
        if groups > MOST_GROUPS || (groups > 1 && piece.split([' ', '-']).any(is_word)) {
            return None;
        }
        self.forms.iter().find(|form| form.fits(&code[..length]))
    }

    fn is_named(&self, form: &Form, context: &Context, field: Option<&str>, before: &str) -> bool {
        context.before(before, field) == Said::Names(Pii::Plate)
            || (form.vehicle
                && context
                    .word_before(before)
                    .is_some_and(|word| self.vehicles.contains(word.as_str())))
    }
}

/// The letters and digits in one piece around byte `at`.
fn run_around(bytes: &[u8], at: usize) -> (usize, usize) {
    let inside = u8::is_ascii_alphanumeric;
    let before = bytes[..at]
        .iter()
        .rev()
        .take_while(|byte| inside(byte))
        .count();
    let after = bytes[at..].iter().take_while(|byte| inside(byte)).count();
    (at - before, at + after)
}

fn is_link(byte: u8) -> bool {
    matches!(byte, b' ' | b'-')
}

fn group_before(bytes: &[u8], from: usize, first: usize) -> Option<(usize, usize)> {
    let end = first
        .checked_sub(1)
        .filter(|end| *end > from && is_link(bytes[*end]))?;
    bytes[end - 1]
        .is_ascii_alphanumeric()
        .then(|| run_around(bytes, end - 1))
        .filter(|(start, _)| *start >= from)
}

fn group_after(bytes: &[u8], last: usize) -> Option<(usize, usize)> {
    let start = last + 1;
    (is_link(*bytes.get(last)?) && bytes.get(start)?.is_ascii_alphanumeric())
        .then(|| run_around(bytes, start))
}

/// No letter and no digit hangs on it, not even by a hyphen.
fn is_alone(part: &str, first: usize, last: usize) -> bool {
    let joins = |near: Option<char>, beyond: Option<char>| match near {
        Some('-' | '/') => beyond.is_some_and(char::is_alphanumeric),
        Some(character) => character.is_alphanumeric() || character == '_',
        None => false,
    };
    let mut before = part[..first].chars().rev();
    let mut after = part[last..].chars();
    !joins(before.next(), before.next()) && !joins(after.next(), after.next())
}

/// Where a plate may start or end: the edges of neighbouring groups, outwards.
struct Edges {
    at: [usize; MOST_GROUPS],
    count: usize,
}

impl Edges {
    fn new(first: usize) -> Self {
        Self {
            at: [first; MOST_GROUPS],
            count: 1,
        }
    }

    fn last(&self) -> usize {
        self.at[self.count - 1]
    }

    /// False when there are enough, or the plate would be too long.
    fn push(&mut self, edge: usize) -> bool {
        let is_near = edge.abs_diff(self.last()) <= LONGEST;
        match self.at.get_mut(self.count) {
            Some(place) if is_near => {
                *place = edge;
                self.count += 1;
                true
            }
            _ => false,
        }
    }

    fn outermost_first(&self) -> impl Iterator<Item = usize> {
        self.at[..self.count].iter().rev().copied()
    }
}
