//! `voz themes accept`, `reject`, `rename`, `merge` and `save`: decisions, kept in the file of themes.

use super::super::Shell;
use super::Store;
use super::apply::{retag, say};
use super::discover::nothing_waits;
use crate::error::{Error, Result};
use crate::index::Query;
use crate::pii::Redactor;
use crate::theme::{Catalog, CatalogTheme, Status, Taxonomy};
use clap::Args;
use std::path::PathBuf;

/// Where a decision goes, and whether an index follows at once.
#[derive(Args, Debug)]
pub struct Decision {
    #[command(flatten)]
    store: Store,
    /// Bring this index to the themes at once, as `voz themes apply` does
    #[arg(long = "index", value_name = "DIR")]
    follows: Option<PathBuf>,
}

impl Decision {
    /// Changes the catalog and writes it; the index follows if it is to.
    pub fn decide(
        &self,
        shell: &Shell,
        change: impl FnOnce(&mut Catalog, &Taxonomy) -> Result<String>,
    ) -> Result<()> {
        let mut catalog = self.store.read()?;
        let taxonomy = Taxonomy::shipped()?;
        let told = change(&mut catalog, &taxonomy)?;
        // Before it is written: what cannot be laid over the shipped themes.
        catalog.over(taxonomy)?;
        self.store.write(&catalog)?;
        shell.say(&told);
        match &self.follows {
            Some(index) => say(&retag(index, &self.store, &catalog, shell)?, shell),
            None => shell.say(shell.locale.text("themes.then")),
        }
        Ok(())
    }

    /// The file of themes.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// Make themes of candidates
#[derive(Args, Debug)]
pub struct Accept {
    /// Ids of candidates
    #[arg(
        value_name = "ID",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    ids: Vec<String>,
    /// Every candidate in the inbox
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    decision: Decision,
}

impl Accept {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.decision.decide(shell, |catalog, _| {
            let ids = if self.all {
                catalog.candidates().map(|theme| theme.id.clone()).collect()
            } else {
                self.ids.clone()
            };
            if ids.is_empty() {
                return Err(nothing_waits());
            }
            catalog.accept(&ids)?;
            Ok(shell.locale.fill("themes.accepted", &[("n", &ids.len())]))
        })
    }
}

/// Decide against themes: they tag nothing and are not proposed again
#[derive(Args, Debug)]
pub struct Reject {
    /// Ids of themes
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    decision: Decision,
}

impl Reject {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.decision.decide(shell, |catalog, taxonomy| {
            catalog.reject(&self.ids, taxonomy)?;
            Ok(shell
                .locale
                .fill("themes.rejected", &[("n", &self.ids.len())]))
        })
    }
}

/// Give a theme other names; its id stays
#[derive(Args, Debug)]
pub struct Rename {
    /// Id of the theme
    #[arg(value_name = "ID")]
    theme: String,
    /// Spanish name
    #[arg(long, value_name = "NAME", required_unless_present = "en")]
    es: Option<String>,
    /// English name
    #[arg(long, value_name = "NAME")]
    en: Option<String>,
    #[command(flatten)]
    decision: Decision,
}

impl Rename {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.decision.decide(shell, |catalog, taxonomy| {
            let (es, en) = (self.es.as_deref(), self.en.as_deref());
            catalog.rename(&self.theme, es, en, taxonomy)?;
            Ok(shell
                .locale
                .fill("themes.renamed", &[("theme", &self.theme)]))
        })
    }
}

/// Put a theme into another, which takes over what finds it
#[derive(Args, Debug)]
pub struct Merge {
    /// Id of the theme that goes away
    #[arg(value_name = "FROM")]
    from: String,
    /// Id of the theme that stays
    #[arg(value_name = "INTO")]
    into: String,
    #[command(flatten)]
    decision: Decision,
}

impl Merge {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.decision.decide(shell, |catalog, taxonomy| {
            catalog.merge(&self.from, &self.into, taxonomy)?;
            let ids = [
                ("from", &self.from as &dyn std::fmt::Display),
                ("into", &self.into),
            ];
            Ok(shell.locale.fill("themes.merged", &ids))
        })
    }
}

/// Make a theme of a search: what it finds names the theme
#[derive(Args, Debug)]
pub struct Save {
    /// Id of the theme, as filters write it
    #[arg(value_name = "ID")]
    theme: String,
    /// The search, as in `voz search`
    #[arg(long, value_name = "QUERY")]
    query: String,
    /// Id of its driver
    #[arg(long, value_name = "DRIVER")]
    driver: String,
    /// Spanish name; the id unless given
    #[arg(long, value_name = "NAME")]
    es: Option<String>,
    /// English name; the id unless given
    #[arg(long, value_name = "NAME")]
    en: Option<String>,
    #[command(flatten)]
    decision: Decision,
}

impl Save {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        Query::parse(&self.query)?;
        if Redactor::new().redact(&self.query).counts.total() > 0 {
            return Err(Error::usage(
                "there is personal data in the query, and a theme would keep it",
            )
            .hint("take it out: comments have marks in its place, so it finds nothing"));
        }
        let plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
        if self.theme.is_empty() || !self.theme.chars().all(plain) {
            return Err(
                Error::usage(format!("`{}` is no id of a theme", self.theme))
                    .hint("small letters, digits and _ make an id: late_delivery"),
            );
        }
        self.decision.decide(shell, |catalog, taxonomy| {
            catalog.save(self.entry(), taxonomy)?;
            Ok(shell.locale.fill("themes.saved", &[("theme", &self.theme)]))
        })
    }

    fn entry(&self) -> CatalogTheme {
        let name = |given: &Option<String>| given.clone().unwrap_or_else(|| self.theme.clone());
        CatalogTheme {
            id: self.theme.clone(),
            status: Status::Accepted,
            driver: self.driver.clone(),
            es: name(&self.es),
            en: name(&self.en),
            into: None,
            size: None,
            share: None,
            cohesion: None,
            typical: Vec::new(),
            phrases_es: Vec::new(),
            phrases_en: Vec::new(),
            query: Some(self.query.clone()),
            near: None,
            like: Vec::new(),
        }
    }
}
