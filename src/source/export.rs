//! Exports of known tools: told by the names of their columns, of which some have a fixed role.

use super::mapping::Role;
use super::names::squeeze;
use crate::error::{Error, Result};
use serde::Deserialize;

const EXPORTS: &str = include_str!("../../models/source/exports.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exports {
    export: Vec<Export>,
}

/// The export of a tool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Export {
    /// What people call it.
    pub name: String,
    /// The columns by which it is known: all of them are there.
    columns: Vec<String>,
    /// The first column, where it tells.
    first: Option<String>,
    /// True when columns are called by their questions: each open one is a comment of its own.
    #[serde(default)]
    pub questions: bool,
    id: Option<String>,
    text: Option<String>,
    date: Option<String>,
    nps: Option<String>,
    csat: Option<String>,
    customer: Option<String>,
    lang: Option<String>,
}

impl Export {
    /// The column that has a role in it.
    pub fn column(&self, role: Role) -> Option<&str> {
        match role {
            Role::Id => self.id.as_deref(),
            Role::Text => self.text.as_deref(),
            Role::Date => self.date.as_deref(),
            Role::Nps => self.nps.as_deref(),
            Role::Csat => self.csat.as_deref(),
            Role::Customer => self.customer.as_deref(),
            Role::Lang => self.lang.as_deref(),
            Role::Ces | Role::Field | Role::Ignored => None,
        }
    }

    /// The columns by which it is known, for people.
    pub fn signs(&self) -> String {
        let first = self
            .first
            .iter()
            .map(|name| format!("its first column is \"{name}\""));
        let names = (!self.columns.is_empty())
            .then(|| format!("it has the columns \"{}\"", self.columns.join("\", \"")));
        first.chain(names).collect::<Vec<_>>().join(" and ")
    }

    fn fits(&self, names: &[String]) -> bool {
        let first = names.first().map(String::as_str);
        let has = |wanted: &String| names.iter().any(|name| is_called(name, wanted));
        self.first
            .as_deref()
            .is_none_or(|wanted| first == Some(wanted))
            && (self.first.is_none() || names.iter().skip(1).any(|name| is_question(name)))
            && self.columns.iter().all(has)
    }
}

/// True when a column called `name` is the one known as `wanted`.
pub(super) fn is_called(name: &str, wanted: &str) -> bool {
    let squeezed = squeeze(wanted);
    name == wanted || (!squeezed.is_empty() && squeeze(name) == squeezed)
}

/// True when the name of a column is a question or the like: it has a question mark, or four words.
pub(super) fn is_question(name: &str) -> bool {
    name.contains('?') || name.split_whitespace().count() >= 4
}

/// The tool whose export has columns of these names, if it is known.
pub(super) fn find(names: &[String]) -> Result<Option<Export>> {
    let exports = load()?;
    Ok(exports.export.into_iter().find(|export| export.fits(names)))
}

/// The export of the tool of this name.
pub(super) fn named(name: &str) -> Result<Option<Export>> {
    let exports = load()?;
    Ok(exports
        .export
        .into_iter()
        .find(|export| export.name == name))
}

fn load() -> Result<Exports> {
    toml::from_str(EXPORTS)
        .map_err(|error| Error::model("the embedded list of exports is damaged").caused_by(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> Option<String> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        find(&names).unwrap().map(|export| export.name)
    }

    #[test]
    fn tools_are_known_by_their_columns() {
        let play = [
            "Package Name",
            "Reviewer Language",
            "Star Rating",
            "Review Text",
        ];
        assert_eq!(found(&play).as_deref(), Some("Google Play"));
        let forms = ["Marca temporal", "¿Qué te ha parecido?"];
        assert_eq!(found(&forms).as_deref(), Some("Google Forms"));
        let typeform = [
            "#",
            "How was it?",
            "Start Date (UTC)",
            "Submit Date (UTC)",
            "Network ID",
        ];
        assert_eq!(found(&typeform).as_deref(), Some("Typeform"));
        assert_eq!(found(&["Timestamp", "level", "message"]), None);
        assert_eq!(found(&["id", "text", "nps"]), None);
    }
}
