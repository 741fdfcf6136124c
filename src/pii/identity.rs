//! Numbers that a state gives a person or a company: the written form, then the check.

use super::Pii;
use super::candidate::{Candidate, Link};
use super::checksum;
use super::context::Said;

fn named(candidate: &Candidate<'_>, pii: Pii) -> bool {
    candidate.said == Said::Names(pii)
}

/// The digits before the check character stand in one piece or in thousands: `12.345.678`.
fn piece_or_thousands(candidate: &Candidate<'_>) -> bool {
    let groups = match candidate.groups.split_last() {
        Some((last, rest)) if !rest.is_empty() && last.len() == 1 => rest,
        _ => candidate.groups,
    };
    match groups {
        [] | [_] => true,
        [first, rest @ ..] => {
            first.digits <= 3
                && rest.iter().all(|group| {
                    matches!(group.link, Link::Dot | Link::Space) && (3..=4).contains(&group.len())
                })
        }
    }
}

/// The letter at the end was meant as one: not the word *y* or *a* after a number.
fn letter_belongs(candidate: &Candidate<'_>) -> bool {
    match candidate.groups.last() {
        Some(last) if last.len() == 1 && last.link == Link::Space => {
            let is_word = matches!(candidate.code.last(), Some(b'A' | b'E' | b'Y'));
            candidate.last_is_capital || (named(candidate, Pii::Dni) && !is_word)
        }
        _ => true,
    }
}

/// A Spanish DNI with its letter.
pub(super) fn is_dni(candidate: &Candidate<'_>) -> bool {
    checksum::dni(candidate.code) && piece_or_thousands(candidate) && letter_belongs(candidate)
}

/// A DNI without a letter, as in Peru and Argentina: seven or eight digits after the word.
pub(super) fn is_plain_dni(candidate: &Candidate<'_>) -> bool {
    named(candidate, Pii::Dni)
        && candidate.is_digits()
        && (7..=8).contains(&candidate.code.len())
        && piece_or_thousands(candidate)
}

/// A Spanish NIE.
pub(super) fn is_nie(candidate: &Candidate<'_>) -> bool {
    checksum::nie(candidate.code) && candidate.groups.len() <= 5 && letter_belongs(candidate)
}

/// A Spanish CIF: in one piece, or with hyphens.
pub(super) fn is_cif(candidate: &Candidate<'_>) -> bool {
    checksum::cif(candidate.code)
        && candidate.links().all(|link| link == Link::Hyphen)
        && (named(candidate, Pii::Dni) || candidate.is_personal())
}

/// A Chilean RUT: with thousands or a hyphen, else only after its word.
pub(super) fn is_rut(candidate: &Candidate<'_>) -> bool {
    if !checksum::rut(candidate.code) || !piece_or_thousands(candidate) {
        return false;
    }
    let hyphen = candidate
        .groups
        .last()
        .is_some_and(|last| last.len() == 1 && last.link == Link::Hyphen);
    match candidate.groups.len() {
        _ if named(candidate, Pii::Rut) => true,
        2 => hyphen && candidate.is_personal(),
        length => hyphen && length > 2,
    }
}

/// An Argentine CUIT or CUIL: `20-12345678-6` or in one piece.
pub(super) fn is_cuit(candidate: &Candidate<'_>) -> bool {
    checksum::cuit(candidate.code)
        && match candidate.groups.len() {
            1 => candidate.is_personal(),
            _ => candidate.has_groups(&[2, 8, 1]) || candidate.has_groups(&[2, 2, 3, 3, 1]),
        }
}

/// A Mexican CURP.
pub(super) fn is_curp(candidate: &Candidate<'_>) -> bool {
    checksum::curp(candidate.code)
}

/// A Mexican RFC; without homoclave only after its word.
pub(super) fn is_rfc(candidate: &Candidate<'_>) -> bool {
    checksum::rfc(candidate.code)
        || (named(candidate, Pii::Rfc) && checksum::rfc_without_homoclave(candidate.code))
}

/// A United States SSN: with hyphens, or in any form after its word.
pub(super) fn is_ssn(candidate: &Candidate<'_>) -> bool {
    let hyphens =
        candidate.has_groups(&[3, 2, 4]) && candidate.links().all(|link| link == Link::Hyphen);
    checksum::ssn(candidate.code)
        && (named(candidate, Pii::Ssn) || (hyphens && candidate.is_personal()))
}

/// A British NHS number after its word.
pub(super) fn is_nhs(candidate: &Candidate<'_>) -> bool {
    named(candidate, Pii::Nhs) && nhs_form(candidate)
}

/// An NHS number without its word: three groups that are no telephone number.
pub(super) fn is_plain_nhs(candidate: &Candidate<'_>) -> bool {
    candidate.groups.len() == 3 && nhs_form(candidate) && candidate.is_personal()
}

fn nhs_form(candidate: &Candidate<'_>) -> bool {
    checksum::nhs(candidate.code)
        && (candidate.groups.len() == 1 || candidate.has_groups(&[3, 3, 4]))
        && candidate
            .links()
            .all(|link| matches!(link, Link::Space | Link::Hyphen))
}

/// An identity card of Latin America: six to eleven digits after the word *cédula*, perhaps with
/// the letter of Venezuela before them.
pub(super) fn is_cedula(candidate: &Candidate<'_>) -> bool {
    let digits = match candidate.code {
        [b'V' | b'E', digits @ ..] => digits,
        code => code,
    };
    let spaced_evenly = candidate
        .groups
        .iter()
        .skip(1)
        .all(|group| group.link != Link::Space || group.digits == 3 || group.digits > 5);
    named(candidate, Pii::Cedula)
        && (6..=11).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && spaced_evenly
        && candidate.links().all(|link| link != Link::Comma)
        && !candidate.is_date()
}
