//! The language of the interface: texts, names and numbers as its readers write them.
//!
//! The texts are `models/interface/en.toml` and `es.toml`, the same keys in both.

use crate::lang::Lang;
use std::collections::BTreeMap;
use std::fmt::Display;

/// Interface texts in one language.
#[derive(Clone, Debug)]
pub struct Locale {
    lang: Lang,
    texts: BTreeMap<String, String>,
}

impl Locale {
    /// The interface in a language.
    pub fn new(lang: Lang) -> Self {
        let file = match lang {
            Lang::Es => include_str!("../models/interface/es.toml"),
            Lang::En => include_str!("../models/interface/en.toml"),
        };
        // The shipped files are parsed by a test; a damaged one leaves the keys, which still tell.
        Self {
            lang,
            texts: toml::from_str(file).unwrap_or_default(),
        }
    }

    /// The interface in the language of the system, English unless that is Spanish.
    pub fn of_system() -> Self {
        let system = sys_locale::get_locale().unwrap_or_default();
        Self::new(if system.to_lowercase().starts_with("es") {
            Lang::Es
        } else {
            Lang::En
        })
    }

    /// Its language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of a key; the key itself when there is none.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// A word of ours in a column, such as `negative` under `sentiment`: the text of
    /// `COLUMN.WORD`; the word itself when there is none.
    pub fn word<'a>(&'a self, column: &str, word: &'a str) -> &'a str {
        self.texts
            .get(&format!("{column}.{word}"))
            .map_or(word, String::as_str)
    }

    /// The text of a key with `{name}` replaced by values.
    pub fn fill(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let mut text = self.text(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), &value.to_string());
        }
        text
    }

    /// The keys there are.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// All texts by key.
    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// A number with so many decimals: decimal comma in Spanish, minus sign as `-`.
    pub fn number(&self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        // What rounds to zero has no sign.
        let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
        let text = if is_zero {
            text.trim_start_matches('-')
        } else {
            &text
        };
        if self.lang == Lang::Es {
            text.replace('.', ",")
        } else {
            text.to_owned()
        }
    }

    /// A whole number with its thousands apart: `1,234` or `1.234`.
    pub fn count(&self, number: u64) -> String {
        let digits = number.to_string();
        let mark = if self.lang == Lang::Es { '.' } else { ',' };
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        let (es, en) = (Locale::new(Lang::Es), Locale::new(Lang::En));
        assert!(
            es.keys().eq(en.keys()),
            "help: give each key of one file to the other"
        );
        assert!(es.keys().count() > 20);
        for key in es.keys() {
            let holes = |text: &str| text.matches('{').count();
            assert_eq!(holes(es.text(key)), holes(en.text(key)), "{key}");
        }
    }

    #[test]
    fn numbers_are_written_as_readers_write_them() {
        let (es, en) = (Locale::new(Lang::Es), Locale::new(Lang::En));
        assert_eq!(
            (es.number(-12.345, 1), en.number(-0.04, 1)),
            ("-12,3".into(), "0.0".into())
        );
        assert_eq!(
            (es.count(1_234_567), en.count(999)),
            ("1.234.567".into(), "999".into())
        );
    }
}
