//! Telephone numbers, by the forms of `models/pii/phone.toml`.

use super::Pii;
use super::candidate::{Candidate, Link};
use super::context::Said;
use serde::Deserialize;

/// How telephone numbers are written.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Phones {
    code: Vec<Code>,
    form: Vec<Form>,
}

#[derive(Clone, Debug, Deserialize)]
struct Code {
    code: String,
    digits: Vec<usize>,
}

#[derive(Clone, Debug, Deserialize)]
struct Form {
    starts: Vec<String>,
    digits: usize,
    bare: bool,
    groups: Vec<Vec<usize>>,
}

/// The digits of a number with an unlisted calling code: seven is the fewest that any country
/// uses after its code, fifteen the most that ITU-T E.164 allows in all.
const INTERNATIONAL: std::ops::RangeInclusive<usize> = 8..=15;

/// The digits of a number that only the word before it makes a telephone number.
const NAMED: std::ops::RangeInclusive<usize> = 7..=13;

impl Phones {
    /// From the forms, in TOML.
    pub(super) fn read(forms: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(forms)
    }

    /// True for a number that is written as telephone numbers are.
    pub(super) fn is_phone(&self, candidate: &Candidate<'_>) -> bool {
        if !candidate.is_digits() || candidate.is_date() || !separated(candidate) {
            return false;
        }
        if candidate.plus {
            return self.is_international(candidate.code)
                || (INTERNATIONAL.contains(&candidate.code.len()) && !candidate.is_thousands());
        }
        if let Some(rest) = candidate.code.strip_prefix(b"00")
            && self.is_international(rest)
        {
            return true;
        }
        let named = candidate.said == Said::Names(Pii::Phone);
        let postcode =
            candidate.has_groups(&[5, 4]) && candidate.links().all(|link| link == Link::Hyphen);
        if postcode && !named {
            // 90210-1234
            return false;
        }
        (named || !candidate.is_thousands())
            && self.form.iter().any(|form| form.fits(candidate))
            && candidate.is_personal()
    }

    /// True for digits that the words before them call a telephone number, in any form.
    pub(super) fn is_named(candidate: &Candidate<'_>) -> bool {
        candidate.said == Said::Names(Pii::Phone)
            && candidate.is_digits()
            && NAMED.contains(&candidate.code.len())
            && separated(candidate)
            && candidate
                .groups
                .iter()
                .skip(1)
                .all(|group| group.digits > 1)
            && !candidate.is_date()
            && !candidate.is_thousands()
            && candidate.is_personal()
    }

    fn is_international(&self, digits: &[u8]) -> bool {
        self.code.iter().any(|code| {
            digits
                .strip_prefix(code.code.as_bytes())
                .is_some_and(|rest| code.digits.contains(&rest.len()))
        })
    }
}

impl Form {
    fn fits(&self, candidate: &Candidate<'_>) -> bool {
        candidate.code.len() == self.digits
            && self
                .starts
                .iter()
                .any(|start| candidate.code.starts_with(start.as_bytes()))
            && match candidate.groups {
                [_] => self.bare,
                _ => self
                    .groups
                    .iter()
                    .any(|groups| candidate.has_groups(groups)),
            }
    }
}

/// The groups are parted as in telephone numbers; a slash stands only after an area code.
fn separated(candidate: &Candidate<'_>) -> bool {
    let mut links = candidate.links();
    match candidate.groups {
        [_, last] if last.link == Link::Slash => last.digits > 5,
        _ => links.all(|link| !matches!(link, Link::Slash | Link::Comma)),
    }
}
