//! What is written in cells that hold no words: numbers, yes and no, nothing, a language.

use super::date::Dates;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::text::fold;
use serde::Deserialize;
use std::borrow::Cow;

const VALUES: &str = include_str!("../../models/source/values.toml");

/// Most digits that a number may have; with more, a 64-bit float would change it.
const MAX_DIGITS: usize = 15;

/// The words of `models/source/values.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Values {
    absent: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
    languages: Languages,
    pub dates: Dates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Languages {
    es: Vec<String>,
    en: Vec<String>,
}

impl Values {
    pub fn load() -> Result<Self> {
        toml::from_str(VALUES).map_err(|error| {
            Error::model("the embedded list of values is damaged").caused_by(error)
        })
    }

    /// True when the cell says that there is no value.
    pub fn is_absent(&self, cell: &str) -> bool {
        // Nearly all that is asked about are numbers.
        !cell.starts_with(|first: char| first.is_ascii_digit())
            && self
                .absent
                .iter()
                .any(|word| word.eq_ignore_ascii_case(cell))
    }

    /// Yes or no, in either language.
    pub fn boolean(&self, cell: &str) -> Option<bool> {
        let folded = if cell.is_ascii() {
            Cow::Borrowed(cell)
        } else {
            Cow::Owned(fold(cell))
        };
        let is = |word: &String| word.eq_ignore_ascii_case(&folded);
        if self.yes.iter().any(is) {
            Some(true)
        } else {
            self.no.iter().any(is).then_some(false)
        }
    }

    /// A language that is analysed, by its code or its name, whatever the country.
    pub fn language(&self, cell: &str) -> Option<Lang> {
        let folded = fold(cell);
        let word = folded
            .split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_owned();
        if self.languages.es.contains(&word) {
            Some(Lang::Es)
        } else {
            self.languages.en.contains(&word).then_some(Lang::En)
        }
    }
}

/// The number written in `cell`, with a decimal comma or a decimal point; the other of the two
/// may separate thousands. Codes such as `007` are none, nor is what a float cannot hold exactly.
pub(super) fn number(cell: &str, comma: bool) -> Option<f64> {
    let (point, group) = if comma { (',', '.') } else { ('.', ',') };
    let unsigned = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = match unsigned.split_once(point) {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (unsigned, ""),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(fraction) || whole.len() + fraction.len() > MAX_DIGITS + 6 {
        return None;
    }
    let written = cell.bytes().filter(u8::is_ascii_digit).count();
    if written == 0 || written > MAX_DIGITS || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    if digits(whole) {
        return if comma {
            cell.replace(',', ".").parse().ok()
        } else {
            cell.parse().ok()
        };
    }
    let mut groups = whole.split(group);
    let first = groups.next().unwrap_or_default();
    let grouped = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && digits(first)
        && groups.all(|group| group.len() == 3 && digits(group));
    if !grouped {
        return None;
    }
    let plain: String = cell
        .chars()
        .filter(|&character| character != group)
        .map(|character| if character == point { '.' } else { character })
        .collect();
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_written() {
        let point = |cell| number(cell, false);
        let comma = |cell| number(cell, true);
        assert_eq!(
            (point("12"), point("-0.5"), point(".5")),
            (Some(12.0), Some(-0.5), Some(0.5))
        );
        assert_eq!(
            (comma("12,5"), comma("1.234,56")),
            (Some(12.5), Some(1234.56))
        );
        assert_eq!(
            (point("1,234"), comma("1,234")),
            (Some(1234.0), Some(1.234))
        );
        assert_eq!((point("4,5"), comma("40.4168")), (None, None));
        for none in [
            "",
            "-",
            ".",
            "5.",
            "007",
            "1e5",
            "12a",
            "+34",
            "0,123",
            "1234567890123456",
            "NaN",
            "inf",
        ] {
            assert_eq!(point(none), None, "{none}");
        }
    }

    #[test]
    fn words_for_nothing_yes_and_a_language() {
        let values = Values::load().unwrap();
        assert!(values.is_absent("") && values.is_absent("N/A") && !values.is_absent("no"));
        assert_eq!(
            (
                values.boolean("Sí"),
                values.boolean("NO"),
                values.boolean("maybe")
            ),
            (Some(true), Some(false), None)
        );
        assert_eq!(
            (values.language("es_MX"), values.language("English")),
            (Some(Lang::Es), Some(Lang::En))
        );
        assert_eq!(values.language("pt-BR"), None);
    }
}
