//! A candidate: neighbouring groups of letters and digits that may be one number together.

use super::Pii;
use super::context::{Context, Said};

/// What parts a group from the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// One or two spaces.
    Space,
    /// A hyphen or dash, perhaps with spaces.
    Hyphen,
    Dot,
    Slash,
    /// Round brackets, perhaps with spaces.
    Bracket,
    /// A comma without a space: part of an amount, never of a personal number.
    Comma,
}

impl Link {
    /// The link that `between` makes; `None` when it parts two things that do not belong together.
    pub(super) fn read(between: &str) -> Option<Self> {
        if between.len() > 5 {
            return None;
        }
        Some(match between {
            " " | "  " | "\u{a0}" | "\u{202f}" | "\u{2009}" => Self::Space,
            "-" | "–" | "\u{2011}" | " - " | "- " | " -" | " – " => Self::Hyphen,
            "." => Self::Dot,
            "/" => Self::Slash,
            "," => Self::Comma,
            ")" | ") " | ")-" | " (" | "(" | ") - " => Self::Bracket,
            _ => return None,
        })
    }
}

/// A run of ASCII letters and digits (and Ñ).
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// How many digits.
    pub digits: usize,
    /// How many letters.
    pub letters: usize,
    /// What parts it from the group before; of no meaning for the first of a row.
    pub link: Link,
}

impl Group {
    /// How many characters.
    pub(super) fn len(&self) -> usize {
        self.digits + self.letters
    }
}

/// Groups that may be one number, with all that the rules ask about them.
pub(super) struct Candidate<'a> {
    /// The characters in capitals without what parts them; Ñ is [`super::checksum::ENYE`].
    pub code: &'a [u8],
    /// The groups as written, at least one.
    pub groups: &'a [Group],
    /// What the words before it say.
    pub said: Said,
    /// A plus stands before it.
    pub plus: bool,
    /// Its last character is a capital letter as written.
    pub last_is_capital: bool,
    /// It is no part of a longer number or code.
    pub alone: bool,
    /// The text after it.
    pub after: &'a str,
    /// The words.
    pub context: &'a Context,
}

impl Candidate<'_> {
    /// What parts its groups.
    pub(super) fn links(&self) -> impl Iterator<Item = Link> {
        self.groups.iter().skip(1).map(|group| group.link)
    }

    /// True without letters.
    pub(super) fn is_digits(&self) -> bool {
        self.groups.iter().all(|group| group.letters == 0)
    }

    /// True when its groups have these lengths.
    pub(super) fn has_groups(&self, lengths: &[usize]) -> bool {
        self.groups.len() == lengths.len()
            && self
                .groups
                .iter()
                .zip(lengths)
                .all(|(group, length)| group.len() == *length)
    }

    /// True for an amount as written with dots: `1.200.000`.
    pub(super) fn is_thousands(&self) -> bool {
        match self.groups {
            [first, rest @ ..] if !rest.is_empty() => {
                first.digits <= 3
                    && rest
                        .iter()
                        .all(|group| group.link == Link::Dot && group.len() == 3)
            }
            _ => false,
        }
    }

    /// True for a date of the years 1900 to 2099: `12/05/2024`, `2024-05-12`, `20240512`.
    pub(super) fn is_date(&self) -> bool {
        let value = |group: &Group, from: usize| {
            let digits = self.code.get(from..from + group.len()).unwrap_or_default();
            digits.iter().fold(0, |sum: u32, byte| {
                sum.saturating_mul(10) + u32::from(byte.wrapping_sub(b'0'))
            })
        };
        let in_year = |day: u32, month: u32| {
            (1..=31).contains(&day) && (1..=31).contains(&month) && day.min(month) <= 12
        };
        let year = |value: u32| (1900..2100).contains(&value);
        match self.groups {
            [day] if day.digits == 8 => {
                let whole = value(day, 0);
                (year(whole / 10_000) && in_year(whole % 100, whole / 100 % 100))
                    || (year(whole % 10_000) && in_year(whole / 1_000_000, whole / 10_000 % 100))
            }
            [first, second, third] if self.code.len() <= 8 => {
                let first_value = value(first, 0);
                let second_value = value(second, first.len());
                let third_value = value(third, first.len() + second.len());
                (year(third_value) && in_year(first_value, second_value))
                    || (year(first_value) && in_year(second_value, third_value))
            }
            _ => false,
        }
    }

    /// True when nothing says that it is a quantity, a reference or part of something longer.
    pub(super) fn is_personal(&self) -> bool {
        self.alone
            && !matches!(
                self.said,
                Said::Reference | Said::Amount | Said::Names(Pii::Plate)
            )
            && !self.context.is_quantity(self.after)
    }
}
