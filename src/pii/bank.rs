//! Accounts and cards, by `models/pii/bank.toml` and their check digits.

use super::Pii;
use super::candidate::{Candidate, Link};
use super::checksum;
use super::context::Said;
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// How long accounts are, and how cards begin.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Banks {
    iban: FxHashMap<String, usize>,
    card: Vec<Network>,
}

#[derive(Clone, Debug, Deserialize)]
struct Network {
    from: String,
    to: String,
    digits: Vec<usize>,
}

impl Banks {
    /// From the tables, in TOML.
    pub(super) fn read(tables: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(tables)
    }

    /// An IBAN, in one piece or in groups.
    pub(super) fn is_iban(&self, candidate: &Candidate<'_>) -> bool {
        let code = candidate.code;
        let country = code.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let length = country.and_then(|country| self.iban.get(country));
        length == Some(&code.len()) && evenly(candidate) && checksum::iban(code)
    }

    /// A payment card: 13 to 19 digits, Luhn, and a beginning that some network issues, or a word
    /// such as *tarjeta* before it.
    pub(super) fn is_card(&self, candidate: &Candidate<'_>) -> bool {
        let code = candidate.code;
        let grouped = match candidate.groups {
            [_] => true,
            [first, between @ .., _] => {
                first.digits == 4 && between.iter().all(|group| group.digits > 3)
            }
            [] => false,
        };
        (13..=19).contains(&code.len())
            && grouped
            && (evenly(candidate) || in_dotted_fours(candidate))
            && checksum::luhn(code)
            && (candidate.said == Said::Names(Pii::Card)
                || self.card.iter().any(|network| network.issues(code)))
    }
}

impl Network {
    fn issues(&self, code: &[u8]) -> bool {
        let prefix = &code[..self.from.len().min(code.len())];
        self.digits.contains(&code.len())
            && (self.from.as_bytes()..=self.to.as_bytes()).contains(&prefix)
    }
}

/// A Mexican CLABE. One running number of 18 digits in ten passes the check, so the bank's code has
/// to be of a range that is given out, and no word may call it something else.
pub(super) fn is_clabe(candidate: &Candidate<'_>) -> bool {
    let bank = matches!(
        candidate.code,
        [b'0' | b'1' | b'6' | b'7', ..] | [b'9', b'0', ..]
    );
    evenly(candidate)
        && checksum::clabe(candidate.code)
        && (candidate.said == Said::Names(Pii::Clabe) || (bank && candidate.is_personal()))
}

/// An Argentine CBU or CVU.
pub(super) fn is_cbu(candidate: &Candidate<'_>) -> bool {
    evenly(candidate) && checksum::cbu(candidate.code)
}

/// `4111.1111.1111.1111`.
fn in_dotted_fours(candidate: &Candidate<'_>) -> bool {
    candidate.has_groups(&[4, 4, 4, 4]) && candidate.links().all(|link| link == Link::Dot)
}

/// Groups parted by spaces or hyphens, all in the same way.
fn evenly(candidate: &Candidate<'_>) -> bool {
    let mut links = candidate.links();
    match links.next() {
        None => true,
        Some(first) => {
            matches!(first, Link::Space | Link::Hyphen) && links.all(|link| link == first)
        }
    }
}
