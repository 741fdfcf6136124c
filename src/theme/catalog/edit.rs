//! Decisions: accept, reject, rename, merge, split, save a search as a theme.

use super::{Catalog, CatalogTheme, Status};
use crate::error::{Error, Result};
use crate::theme::likeness::Likeness;
use crate::theme::taxonomy::{Taxonomy, Theme};

impl Catalog {
    /// Makes candidates themes; one that was decided against may come back so.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for an id that is not in the catalog, or went into others.
    pub fn accept(&mut self, ids: &[String]) -> Result<()> {
        for id in ids {
            let theme = self.entry_mut(id)?;
            if matches!(theme.status, Status::Merged | Status::Split) {
                return Err(Error::usage(format!(
                    "`{id}` was {} and cannot be accepted",
                    theme.status.name()
                ))
                .hint("undo that by restoring the file of themes from version control"));
            }
            theme.status = Status::Accepted;
        }
        Ok(())
    }

    /// The ids of the candidates, in the order they came.
    pub fn candidates(&self) -> impl Iterator<Item = &CatalogTheme> {
        self.themes
            .iter()
            .filter(|theme| theme.status == Status::Candidate)
    }

    /// Decides against themes: they tag nothing and are not proposed again.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for an id that is nowhere.
    pub fn reject(&mut self, ids: &[String], taxonomy: &Taxonomy) -> Result<()> {
        for id in ids {
            self.adopt(id, taxonomy)?.status = Status::Rejected;
        }
        Ok(())
    }

    /// Gives a theme other names; its id stays.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for an id that is nowhere.
    pub fn rename(
        &mut self,
        id: &str,
        es: Option<&str>,
        en: Option<&str>,
        taxonomy: &Taxonomy,
    ) -> Result<()> {
        let theme = self.adopt(id, taxonomy)?;
        for (name, new) in [(&mut theme.es, es), (&mut theme.en, en)] {
            if let Some(new) = new {
                new.clone_into(name);
            }
        }
        Ok(())
    }

    /// Puts a theme into another: the other takes over its phrases and what its clauses are like.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for an id that is nowhere, or twice the same.
    pub fn merge(&mut self, from: &str, into: &str, taxonomy: &Taxonomy) -> Result<()> {
        if from == into {
            return Err(Error::usage("a theme cannot be merged into itself")
                .hint("give the id that goes away first, then the one that stays"));
        }
        let taken = self.adopt(from, taxonomy)?.clone();
        let own = self.adopt(into, taxonomy)?;
        if own.status != Status::Accepted && own.status != Status::Candidate {
            return Err(Error::usage(format!("`{into}` is {}", own.status.name()))
                .hint("merge into a theme that is accepted or waits in the inbox"));
        }
        own.phrases_es.extend(taken.phrases_es);
        own.phrases_en.extend(taken.phrases_en);
        own.like.extend(taken.like);
        own.near = match (own.near, taken.near) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let gone = self.adopt(from, taxonomy)?;
        gone.status = Status::Merged;
        gone.into = Some(into.to_owned());
        Ok(())
    }

    /// Marks a theme as split: what was found in its verbatims takes its place.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for an id that is nowhere.
    pub fn split(&mut self, id: &str, taxonomy: &Taxonomy) -> Result<()> {
        self.adopt(id, taxonomy)?.status = Status::Split;
        Ok(())
    }

    /// Makes a theme of a saved search.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] for an id that was ever used, or a driver that is not there.
    pub fn save(&mut self, saved: CatalogTheme, taxonomy: &Taxonomy) -> Result<()> {
        if self.theme(&saved.id).is_some() || taxonomy.theme(&saved.id).is_some() {
            return Err(
                Error::usage(format!("the id `{}` was used before", saved.id))
                    .hint("ids are never reused: choose another"),
            );
        }
        let own = self.drivers.iter().any(|one| one.id == saved.driver);
        if !own && !taxonomy.drivers.iter().any(|one| one.id == saved.driver) {
            let known: Vec<&str> = taxonomy.drivers.iter().map(|one| &*one.id).collect();
            return Err(
                Error::usage(format!("there is no driver `{}`", saved.driver))
                    .hint(format!("the drivers are {}", known.join(", "))),
            );
        }
        self.themes.push(saved);
        Ok(())
    }

    fn entry_mut(&mut self, id: &str) -> Result<&mut CatalogTheme> {
        let found = self.themes.iter_mut().find(|theme| theme.id == id);
        found.ok_or_else(|| unknown(id))
    }

    /// The entry with an id; one is made for a theme of the taxonomy.
    fn adopt(&mut self, id: &str, taxonomy: &Taxonomy) -> Result<&mut CatalogTheme> {
        if self.theme(id).is_none() {
            let at = taxonomy.theme(id).ok_or_else(|| unknown(id))?;
            let theme = &taxonomy.themes[usize::from(at)];
            self.themes
                .push(CatalogTheme::of(theme, &taxonomy.driver_of(at).id));
        }
        self.entry_mut(id)
    }
}

fn unknown(id: &str) -> Error {
    Error::usage(format!("there is no theme `{id}`"))
        .hint("`voz themes list` shows the themes, `voz themes inbox` those that wait")
}

impl CatalogTheme {
    /// The entry of a theme that stands elsewhere: its phrases stay there.
    fn of(theme: &Theme, driver: &str) -> Self {
        Self {
            id: theme.id.clone(),
            status: Status::Accepted,
            driver: driver.to_owned(),
            es: theme.es.clone(),
            en: theme.en.clone(),
            into: None,
            size: None,
            share: None,
            cohesion: None,
            typical: Vec::new(),
            phrases_es: Vec::new(),
            phrases_en: Vec::new(),
            query: theme.query.clone(),
            near: theme.likeness.as_ref().map(|one| one.near),
            like: theme
                .likeness
                .as_ref()
                .map(Likeness::written)
                .unwrap_or_default(),
        }
    }
}
