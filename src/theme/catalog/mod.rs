//! The catalog: a user's own themes, those that wait for a decision, and those decided against.
//!
//! It is one TOML file to read, to edit and to keep under version control. It lies over a taxonomy: an
//! entry with the id of a shipped theme changes that theme, any other is a theme of its own. An entry
//! stays for good, whatever is decided of it, so that no id is ever used twice.

mod edit;
mod file;
mod propose;
mod redact;
#[cfg(test)]
mod tests;

pub use propose::Proposed;

use super::likeness::{Likeness, Space};
use super::taxonomy::{Area, Driver, Taxonomy, Theme};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// What was decided of a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nothing yet: it waits in the inbox and tags nothing.
    Candidate,
    /// It is a theme.
    #[default]
    Accepted,
    /// It is none, and will not be proposed again.
    Rejected,
    /// It went into another.
    Merged,
    /// Others were made of it.
    Split,
}

impl Status {
    /// The name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Merged => "merged",
            Self::Split => "split",
        }
    }
}

/// A driver of the catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogDriver {
    /// Stable id.
    pub id: String,
    /// Who owns it.
    pub area: Area,
    /// Spanish name.
    pub es: String,
    /// English name.
    pub en: String,
}

/// A theme of the catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogTheme {
    /// Stable id, never reused.
    pub id: String,
    /// What was decided.
    #[serde(default)]
    pub status: Status,
    /// The id of its driver, of the catalog or of the taxonomy.
    pub driver: String,
    /// Spanish name.
    pub es: String,
    /// English name.
    pub en: String,
    /// Where it went, when it was merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// Verbatims that named it when it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Their share of the meaningful ones, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// How close its clauses lie, -1 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohesion: Option<f32>,
    /// Ids of typical verbatims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typical: Vec<String>,
    /// Spanish phrases that name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases_es: Vec<String>,
    /// English phrases that name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases_en: Vec<String>,
    /// The search that finds it, when it is a saved search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The least cosine to one of `like`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<f32>,
    /// What its clauses are like: vectors, not to be edited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub like: Vec<String>,
}

/// A user's own themes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    /// Where vectors are taken from; `None` before anything was found.
    pub space: Option<Space>,
    /// The drivers, in the order they came.
    pub drivers: Vec<CatalogDriver>,
    /// The themes, in the order they came.
    pub themes: Vec<CatalogTheme>,
}

impl Catalog {
    /// The entry with an id.
    pub fn theme(&self, id: &str) -> Option<&CatalogTheme> {
        self.themes.iter().find(|theme| theme.id == id)
    }

    /// The taxonomy with what was accepted laid over it.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] naming an entry that cannot be: of no driver, with vectors that
    /// are none.
    pub fn over(&self, taxonomy: Taxonomy) -> Result<Taxonomy> {
        self.laid_over(taxonomy, |theme| theme.status == Status::Accepted)
    }

    /// The taxonomy as it would be were every candidate accepted.
    ///
    /// # Errors
    /// As [`Catalog::over`].
    pub fn over_with_candidates(&self, taxonomy: Taxonomy) -> Result<Taxonomy> {
        let counts = [Status::Accepted, Status::Candidate];
        self.laid_over(taxonomy, |theme| counts.contains(&theme.status))
    }

    fn laid_over(
        &self,
        mut taxonomy: Taxonomy,
        counts: impl Fn(&CatalogTheme) -> bool,
    ) -> Result<Taxonomy> {
        taxonomy.space.clone_from(&self.space);
        for theme in self.themes.iter().filter(|theme| counts(theme)) {
            let driver = self.driver_in(&mut taxonomy, theme)?;
            let position = taxonomy.theme(&theme.id).map(usize::from);
            let at = position.unwrap_or(taxonomy.themes.len());
            if position.is_none() {
                let names = [theme.es.as_str(), theme.en.as_str()];
                taxonomy.themes.push(Theme::new(&theme.id, driver, names));
            }
            theme.change(&mut taxonomy.themes[at], driver)?;
        }
        self.merge_shipped(&mut taxonomy);
        let gone = |id: &str| {
            let status = self.theme(id).map(|theme| theme.status);
            matches!(
                status,
                Some(Status::Rejected | Status::Merged | Status::Split)
            )
        };
        taxonomy.themes.retain(|theme| !gone(&theme.id));
        if taxonomy.themes.is_empty() {
            return Err(Error::model("no theme is left")
                .hint("accept some: `voz themes inbox` shows those that wait"));
        }
        Ok(taxonomy)
    }

    /// The position of a theme's driver, put into the taxonomy when it is the catalog's.
    fn driver_in(&self, taxonomy: &mut Taxonomy, theme: &CatalogTheme) -> Result<u16> {
        if let Some(at) = taxonomy
            .drivers
            .iter()
            .position(|one| one.id == theme.driver)
        {
            return Ok(at as u16);
        }
        let own = self.drivers.iter().find(|one| one.id == theme.driver);
        let own = own.ok_or_else(|| {
            Error::model(format!(
                "the theme `{}` is of the driver `{}`, which is not there",
                theme.id, theme.driver
            ))
            .hint("write the driver's id as it stands in a [[driver]] of the file")
        })?;
        taxonomy.drivers.push(Driver {
            id: own.id.clone(),
            area: own.area,
            es: own.es.clone(),
            en: own.en.clone(),
        });
        Ok((taxonomy.drivers.len() - 1) as u16)
    }

    /// Phrases of shipped themes that were merged go to where they went.
    fn merge_shipped(&self, taxonomy: &mut Taxonomy) {
        for theme in &self.themes {
            let into = theme.into.as_deref().and_then(|id| taxonomy.theme(id));
            if let (Some(from), Some(into)) = (taxonomy.theme(&theme.id), into)
                && from != into
            {
                let phrases = taxonomy.themes[usize::from(from)].phrases.clone();
                let target = &mut taxonomy.themes[usize::from(into)].phrases;
                for (target, phrases) in target.iter_mut().zip(phrases) {
                    target.extend(phrases);
                }
            }
        }
    }
}

impl CatalogTheme {
    /// Puts what the entry says into a theme.
    fn change(&self, theme: &mut Theme, driver: u16) -> Result<()> {
        theme.driver = driver;
        theme.es.clone_from(&self.es);
        theme.en.clone_from(&self.en);
        theme.query.clone_from(&self.query);
        for (phrases, own) in theme
            .phrases
            .iter_mut()
            .zip([&self.phrases_es, &self.phrases_en])
        {
            phrases.extend(own.iter().cloned());
            phrases.sort();
            phrases.dedup();
        }
        if let Some(near) = self.near {
            theme.likeness = Some(Likeness::read(&self.like, near)?);
        }
        Ok(())
    }
}
