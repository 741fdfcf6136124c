//! How columns are called: the names of `models/source/columns.toml`.

use super::mapping::Role;
use crate::error::{Error, Result};
use crate::text::fold;
use serde::Deserialize;

const COLUMNS: &str = include_str!("../../models/source/columns.toml");

/// The names that are known for each role.
#[derive(Deserialize)]
pub(super) struct Names {
    id: Entry,
    text: Entry,
    date: Entry,
    nps: Entry,
    csat: Entry,
    ces: Entry,
    customer: Entry,
    lang: Entry,
    codes: Entry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    generic: Vec<String>,
}

/// How well a name fits a role, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// It is the name at this position of the list.
    Name(usize),
    /// It is a name without a scale.
    Generic(usize),
    /// A word of it fits.
    Word,
}

impl Names {
    pub fn load() -> Result<Self> {
        let mut names: Self = toml::from_str(COLUMNS).map_err(|error| {
            Error::model("the embedded list of column names is damaged").caused_by(error)
        })?;
        for entry in names.entries() {
            for list in [&mut entry.names, &mut entry.words, &mut entry.generic] {
                for name in list.iter_mut() {
                    *name = squeeze(name);
                }
            }
        }
        Ok(names)
    }

    fn entries(&mut self) -> [&mut Entry; 9] {
        [
            &mut self.id,
            &mut self.text,
            &mut self.date,
            &mut self.nps,
            &mut self.csat,
            &mut self.ces,
            &mut self.customer,
            &mut self.lang,
            &mut self.codes,
        ]
    }

    /// How well `name` fits `role`, if it does.
    pub fn rank(&self, role: Role, name: &str) -> Option<Rank> {
        let entry = match role {
            Role::Id => &self.id,
            Role::Text => &self.text,
            Role::Date => &self.date,
            Role::Nps => &self.nps,
            Role::Csat => &self.csat,
            Role::Ces => &self.ces,
            Role::Customer => &self.customer,
            Role::Lang => &self.lang,
            Role::Field | Role::Ignored => return None,
        };
        let squeezed = squeeze(name);
        let position = |list: &[String]| list.iter().position(|known| *known == squeezed);
        position(&entry.names)
            .map(Rank::Name)
            .or_else(|| position(&entry.generic).map(Rank::Generic))
            .or_else(|| has_word(&entry.words, name).then_some(Rank::Word))
    }

    /// True when a field of this name is a label even where it is written in digits.
    pub fn is_code(&self, name: &str) -> bool {
        has_word(&self.codes.words, name)
    }
}

/// A name as it is compared: folded, letters and digits only.
pub(super) fn squeeze(name: &str) -> String {
    let mut folded = fold(name);
    folded.retain(char::is_alphanumeric);
    folded
}

fn has_word(words: &[String], name: &str) -> bool {
    // "ResponseId" is two words.
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for character in name.chars() {
        if lower && character.is_uppercase() {
            spaced.push(' ');
        }
        lower = character.is_lowercase();
        spaced.push(character);
    }
    fold(&spaced)
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| words.iter().any(|known| known == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_their_dress() {
        let names = Names::load().unwrap();
        assert_eq!(
            names.rank(Role::Id, "ID_Respuesta"),
            names.rank(Role::Id, "id respuesta")
        );
        assert!(matches!(
            names.rank(Role::Text, " Opinión "),
            Some(Rank::Name(_))
        ));
        assert!(matches!(
            names.rank(Role::Csat, "Puntuación"),
            Some(Rank::Generic(_))
        ));
        assert_eq!(
            names.rank(Role::Date, "RecordedDate (UTC)"),
            Some(Rank::Word)
        );
        assert_eq!(names.rank(Role::Date, "candidate"), None);
        assert!(names.is_code("OrderId") && names.is_code("código postal"));
        assert!(!names.is_code("video"));
    }
}
