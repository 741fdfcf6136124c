//! `voz redact`: bring an index to the rules for personal data as they are now.

use super::Shell;
use super::output::{Format, Output};
use super::place::Place;
use super::progress::Progress;
use crate::error::{Error, Result};
use crate::index::{Index, Personal};
use crate::model::Model;
use crate::pii::Redactor;
use crate::report::{Sheet, Show};
use crate::tag::Tagger;
use crate::theme::{Catalog, Taxonomy};
use clap::Args;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Replace the personal data that the present rules find in an index, and count them
#[derive(Args, Debug)]
pub struct Redact {
    #[command(flatten)]
    place: Place,
    /// Count only; the index stays as it is
    #[arg(long)]
    dry_run: bool,
    /// Replace names of people too, where the words before them say so: *my agent was …*
    #[arg(long)]
    names: bool,
    /// The model that tags again what changes; the one that tagged the index unless given
    #[arg(long, value_name = "MODEL", env = "VOZ_MODEL")]
    model: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// A redactor that finds names too, or not.
pub fn redactor(names: bool) -> Redactor {
    if names {
        Redactor::with_names()
    } else {
        Redactor::new()
    }
}

impl Redact {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.output.checked_form()?;
        let redactor = redactor(self.names);
        let index = Index::open(&self.place.index)?;
        let progress = Progress::rows(shell);
        let found = index.personal(&redactor, &mut |rows| progress.at(rows));
        progress.clear();
        let found = found?;
        let again = if self.dry_run || found.is_none() {
            None
        } else {
            Some(self.replace(index, redactor, shell)?)
        };
        self.output.sheet(&sheet(&found, shell), shell)?;
        if self.output.form() != Format::Table || found.counts.total() > 0 {
            shell.say("");
        }
        say(&found, again, shell);
        Ok(())
    }

    /// Writes the index anew; how many verbatims were tagged again.
    fn replace(&self, index: Index, redactor: Redactor, shell: &Shell) -> Result<u64> {
        let model = self.model(&index)?;
        let taxonomy = match index.catalog() {
            "" => Taxonomy::shipped()?,
            catalog => {
                let mut catalog = Catalog::parse(catalog)?;
                catalog.redact(&Redactor::new());
                catalog.over(Taxonomy::shipped()?)?
            }
        };
        let tagger = Tagger::new(model, taxonomy)?
            .with_redactor(redactor)
            .with_lexicon(index.lexicon())?;
        drop(index);
        let options = shell.writer();
        let progress = Progress::rows(shell);
        let again = Index::redact(&self.place.index, &tagger, &options, &mut |rows| {
            progress.at(rows);
        });
        progress.clear();
        again
    }

    /// The model asked for, else the one that the index names.
    fn model(&self, index: &Index) -> Result<Model> {
        if let Some(said) = &self.model {
            return Model::open(said);
        }
        let identity = index.model();
        let name = identity.split_once('@').map_or(identity, |(name, _)| name);
        Model::open(Path::new(name)).map_err(|error| {
            Error::model(format!(
                "the model {identity} that tagged the index cannot be opened"
            ))
            .at(&self.place.index)
            .caused_by(error)
            .hint(
                "name another with --model, such as `--model fast`: it tags the whole index again",
            )
        })
    }
}

/// What was found and done, in a line or two.
fn say(found: &Personal, again: Option<u64>, shell: &Shell) {
    let locale = &shell.locale;
    let key = match again {
        _ if found.is_none() => "redact.none",
        None => "redact.found",
        Some(_) => "redact.done",
    };
    shell.say(&locale.fill(
        key,
        &[
            ("verbatims", &locale.count(found.verbatims)),
            ("changed", &locale.count(found.changed)),
            ("again", &locale.count(again.unwrap_or_default())),
        ],
    ));
    if found.remains > 0 {
        let key = if again.is_some() {
            "redact.remains.gone"
        } else {
            "redact.remains"
        };
        shell.say(&locale.fill(key, &[("n", &locale.count(found.remains))]));
    }
}

fn sheet(found: &Personal, shell: &Shell) -> Sheet {
    let mut sheet = Sheet::new(&shell.locale, &[("type", Show::Text), ("n", Show::Count)]);
    let row = |(pii, n): (crate::pii::Pii, u64)| vec![Value::from(pii.name()), n.into()];
    sheet.rows.extend(found.counts.iter().map(row));
    sheet
}
