//! The manifest: `voz.json` in the index folder says what the index is and what its numbers mean.

use super::failure::{damaged, rebuild_hint};
use super::segments;
use crate::error::{Error, Result};
use crate::nev::Confusion;
use crate::theme::{Area, Taxonomy};
use crate::verbatim::{Scales, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// The file that makes a folder an index.
pub(super) const FILE: &str = "voz.json";
/// The version of everything an index holds. It rises with every change that an older or newer
/// program would misread: schema, analyzers, facts, records.
pub(super) const FORMAT: u32 = 3;

/// What an index is, and what the numbers in it mean. The lists only grow: a number keeps its
/// meaning for as long as the index lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    /// `name@version` of the model that tagged it.
    pub(super) model: String,
    pub(super) scales: Scales,
    /// The folder inside the index folder that holds the segments; a rebuild makes a new one.
    pub(super) segments: String,
    pub(super) drivers: Vec<IndexedDriver>,
    pub(super) themes: Vec<IndexedTheme>,
    pub(super) fields: Vec<IndexedField>,
    /// How the model misreads votes, from its card, per language code; empty where it does not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) votes: BTreeMap<String, Confusion>,
    /// The user's own themes that it was tagged with, as their file has them; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) catalog: String,
    /// The user's own words that it was tagged with, as their file has them; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) lexicon: String,
}

/// A driver as the index knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexedDriver {
    /// Stable id.
    pub id: String,
    /// Who inside the company owns it.
    pub area: Area,
    /// Spanish name.
    pub es: String,
    /// English name.
    pub en: String,
}

/// A theme as the index knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexedTheme {
    /// Stable id.
    pub id: String,
    /// Position of its driver in [`super::Index::drivers`].
    pub driver: u16,
    /// Spanish name.
    pub es: String,
    /// English name.
    pub en: String,
}

/// A declared field as the index knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexedField {
    /// The name of its column.
    pub name: String,
    /// What its values are.
    pub kind: FieldKind,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// True or false.
    Bool,
    /// Numbers.
    Number,
    /// Anything else, or different kinds in different files.
    Text,
}

impl FieldKind {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::Text(_) => Self::Text,
        }
    }
}

/// What an index is made for.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'s> {
    /// `name@version` of the model, see [`crate::model::Card::identity`].
    pub model: &'s str,
    /// The taxonomy its mentions refer to.
    pub taxonomy: &'s Taxonomy,
    /// The scales of its scores.
    pub scales: Scales,
    /// How the model misreads votes, see [`crate::model::Card::votes`].
    pub votes: &'s BTreeMap<String, Confusion>,
    /// The user's own themes in the taxonomy, as their file has them; empty for none.
    pub catalog: &'s str,
    /// The user's own words, as their file has them; empty for none.
    pub lexicon: &'s str,
}

/// The part of a manifest that every version has.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

impl Manifest {
    pub(super) fn new(setup: &Setup<'_>, segments: String) -> Self {
        let mut manifest = Self {
            format: FORMAT,
            model: setup.model.to_owned(),
            scales: setup.scales,
            segments,
            drivers: Vec::new(),
            themes: Vec::new(),
            fields: Vec::new(),
            votes: setup.votes.clone(),
            catalog: setup.catalog.to_owned(),
            lexicon: setup.lexicon.to_owned(),
        };
        manifest.learn(setup.taxonomy);
        manifest
    }

    /// Reads the manifest of the index in `folder`.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let json = match std::fs::read(&path) {
            Ok(json) => json,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(none(folder)),
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(none(folder));
            }
            Err(error) => return Err(Error::io("reading the index failed", error).at(path)),
        };
        // The version first: another version may have other members.
        let unreadable =
            |source| damaged(folder, format!("its {FILE} is damaged")).caused_by(source);
        let version: Version = serde_json::from_slice(&json).map_err(unreadable)?;
        if version.format != FORMAT {
            return Err(damaged(
                folder,
                format!(
                    "an index of format {}; this program reads format {FORMAT}",
                    version.format
                ),
            ));
        }
        let manifest: Self = serde_json::from_slice(&json).map_err(unreadable)?;
        manifest.check(folder)?;
        Ok(manifest)
    }

    /// Refuses a manifest whose numbers point nowhere or whose segments lie elsewhere.
    fn check(&self, folder: &Path) -> Result<()> {
        let strays = self
            .themes
            .iter()
            .any(|theme| usize::from(theme.driver) >= self.drivers.len());
        let plain = !self.segments.is_empty()
            && self
                .segments
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric());
        if strays || !plain {
            return Err(damaged(folder, format!("its {FILE} is damaged")));
        }
        Ok(())
    }

    /// Writes the manifest so that it is there whole or not at all.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let failed = |error| Error::io("writing the index failed", error).at(&path);
        let mut json = serde_json::to_vec_pretty(self).map_err(|error| failed(error.into()))?;
        json.push(b'\n');
        // One name is enough: there is one writer at a time.
        let draft = folder.join(format!("{FILE}.draft"));
        let written = std::fs::File::create(&draft).and_then(|mut file| {
            file.write_all(&json)?;
            file.sync_all()
        });
        written
            .and_then(|()| std::fs::rename(&draft, &path))
            .map_err(failed)?;
        Ok(())
    }

    /// Refuses to mix tags of two models, or votes by two scales.
    pub(super) fn accept(&self, folder: &Path, setup: &Setup<'_>) -> Result<()> {
        if self.lexicon != setup.lexicon {
            return Err(Error::model(
                "an index tagged with other words of yours; this run would mix the two",
            )
            .at(folder)
            .hint(format!(
                "bring the index to the new ones first: `voz retag --index {} --lexicon FILE`",
                folder.display()
            )));
        }
        if self.model != setup.model {
            return Err(Error::model(format!(
                "an index tagged by model {}; this run tags with {}, and two models are not mixed",
                self.model, setup.model
            ))
            .at(folder)
            .hint(format!(
                "bring the index to this run's model with `voz retag --index {}`, or {}",
                folder.display(),
                rebuild_hint(folder)
            )));
        }
        if self.catalog != setup.catalog {
            return Err(Error::model(
                "an index tagged with other themes of yours; this run would mix the two",
            )
            .at(folder)
            .hint(format!(
                "bring the index to the new ones first: `voz themes apply --index {}`",
                folder.display()
            )));
        }
        if self.scales != setup.scales {
            let told = |scales: &Scales| {
                format!(
                    "CSAT 1–{}, CES 1–{} ({} is easy)",
                    scales.csat_max,
                    scales.ces_max,
                    if scales.ces_high_is_easy {
                        "high"
                    } else {
                        "low"
                    }
                )
            };
            return Err(Error::model(format!(
                "an index with {}; this run declares {}, and two scales are not mixed",
                told(&self.scales),
                told(&setup.scales)
            ))
            .at(folder)
            .hint(format!(
                "declare the same scales, or {}",
                rebuild_hint(folder)
            )));
        }
        Ok(())
    }

    /// Takes over a taxonomy: new ids are appended, known ones get their present names and driver.
    /// True when anything changed.
    pub(super) fn learn(&mut self, taxonomy: &Taxonomy) -> bool {
        let before = (self.drivers.clone(), self.themes.clone());
        let mut numbers = Vec::with_capacity(taxonomy.drivers.len());
        for driver in &taxonomy.drivers {
            let indexed = IndexedDriver {
                id: driver.id.clone(),
                area: driver.area,
                es: driver.es.clone(),
                en: driver.en.clone(),
            };
            numbers.push(put(&mut self.drivers, indexed, |one| &one.id) as u16);
        }
        for theme in &taxonomy.themes {
            let Some(&driver) = numbers.get(usize::from(theme.driver)) else {
                continue;
            };
            let indexed = IndexedTheme {
                id: theme.id.clone(),
                driver,
                es: theme.es.clone(),
                en: theme.en.clone(),
            };
            put(&mut self.themes, indexed, |one| &one.id);
        }
        before != (self.drivers.clone(), self.themes.clone())
    }

    /// Takes over what a card says of votes; one that says nothing leaves what is known. True when
    /// anything changed.
    pub(super) fn learn_votes(&mut self, votes: &BTreeMap<String, Confusion>) -> bool {
        let new = !votes.is_empty() && self.votes != *votes;
        if new {
            self.votes.clone_from(votes);
        }
        new
    }

    /// The number of a theme.
    pub(super) fn theme(&self, id: &str) -> Option<u32> {
        let position = self.themes.iter().position(|theme| theme.id == id)?;
        u32::try_from(position).ok()
    }

    /// The position of a driver.
    pub(super) fn driver(&self, id: &str) -> Option<usize> {
        self.drivers.iter().position(|driver| driver.id == id)
    }

    /// The position of a declared field, by its name or by the name as it is typed in a query.
    pub(super) fn field(&self, name: &str) -> Option<usize> {
        let exact = self.fields.iter().position(|field| field.name == name);
        exact.or_else(|| {
            let typed = typed(name);
            self.fields
                .iter()
                .position(|field| self::typed(&field.name) == typed)
        })
    }
}

/// A field's name as it is typed in a query: folded, `_` for everything but letters and digits.
pub(super) fn typed(name: &str) -> String {
    crate::text::fold(name.trim())
        .chars()
        .map(|character| {
            if character.is_alphanumeric() {
                character
            } else {
                '_'
            }
        })
        .collect()
}

fn put<T>(list: &mut Vec<T>, new: T, id: impl Fn(&T) -> &String) -> usize {
    if let Some((position, known)) = list
        .iter_mut()
        .enumerate()
        .find(|(_, known)| id(known) == id(&new))
    {
        *known = new;
        return position;
    }
    list.push(new);
    list.len() - 1
}

fn none(folder: &Path) -> Error {
    if segments::hold_verbatims(folder) {
        return damaged(folder, format!("the index is damaged: {FILE} is missing"));
    }
    Error::model("there is no index here")
        .at(folder)
        .hint(format!(
            "make one with `voz index FILE --index {}`, or check the path",
            folder.display()
        ))
}
