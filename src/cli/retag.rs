//! `voz retag`: tag an index again from its stored texts.

use super::Shell;
use super::input::{Own, lexicon};
use super::output::Output;
use super::place::Place;
use super::progress::Progress;
use crate::error::{Error, Result};
use crate::index::{Index, RenewOptions, Renewed};
use crate::report::{Sheet, Show};
use crate::theme::Catalog;
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

/// Tag an index again from its stored texts, after a change of model, themes or program
#[derive(Args, Debug)]
pub struct Retag {
    #[command(flatten)]
    place: Place,
    /// The model: a name from `voz models list`, a folder, or fast+NAME; the shipped one unless given
    #[arg(long, value_name = "MODEL", env = "VOZ_MODEL")]
    model: Option<PathBuf>,
    /// File of your themes; those the index has unless given
    #[arg(long, value_name = "FILE")]
    themes: Option<PathBuf>,
    /// File of your own words; those the index has unless given
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,
    /// Seconds after which what is done is saved, for a run that is killed to be taken up
    #[arg(long, value_name = "SECONDS", default_value = "120")]
    save_every: u64,
    #[command(flatten)]
    output: Output,
}

impl Retag {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.output.checked_form()?;
        // Before any work: an index that is not there.
        Index::open(&self.place.index)?;
        let mut own = Own::of_index(&self.place.index);
        if let Some(path) = &self.themes {
            if !path.is_file() {
                return Err(Error::usage("there is no such file of themes").at(path).hint(
                    "`voz themes discover` makes one; left out, the themes of the index are taken",
                ));
            }
            own.catalog = Catalog::read(path)?.to_toml()?;
        }
        if let Some(path) = &self.lexicon {
            own.lexicon = lexicon(path)?;
        }
        let tagger = own.tagger(self.model.as_deref())?;
        let options = RenewOptions {
            writer: shell.writer(),
            save_every: Duration::from_secs(self.save_every),
        };
        let progress = Progress::rows(shell);
        let told = Index::renew(
            &self.place.index,
            &tagger,
            (&own.catalog, &own.lexicon),
            &options,
            &mut |rows| {
                progress.at(rows);
            },
        );
        progress.clear();
        let told = told?;
        self.output.sheet(&sheet(&told, shell), shell)?;
        let locale = &shell.locale;
        if told.resumed > 0 {
            shell.say(&locale.fill("retag.resumed", &[("n", &locale.count(told.resumed))]));
        }
        shell.say(&locale.fill(
            "retag.done",
            &[
                ("verbatims", &locale.count(told.verbatims)),
                ("changed", &locale.count(told.changed)),
                ("model", &tagger.model()),
            ],
        ));
        Ok(())
    }
}

fn sheet(told: &Renewed, shell: &Shell) -> Sheet {
    let columns = [
        ("tag", Show::Text),
        ("before", Show::Count),
        ("after", Show::Count),
        ("lost", Show::Count),
        ("gained", Show::Count),
    ];
    let mut sheet = Sheet::new(&shell.locale, &columns);
    sheet.rows.extend(told.tags.iter().map(|(tag, change)| {
        vec![
            Value::from(tag.as_str()),
            change.before.into(),
            change.after.into(),
            change.lost.into(),
            change.gained.into(),
        ]
    }));
    sheet
}
