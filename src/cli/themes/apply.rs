//! `voz themes apply`: bring an index to the themes as they are now.

use super::super::Shell;
use super::super::output::{Format, Output};
use super::super::place::Place;
use super::super::progress::Progress;
use super::{Store, tagger};
use crate::error::Result;
use crate::index::{Index, Retagged};
use crate::report::{Sheet, Show};
use crate::theme::{Catalog, Taxonomy};
use clap::Args;
use serde_json::Value;
use std::path::Path;

/// Tag an index again with the themes as they are now, and say what changed
#[derive(Args, Debug)]
pub struct Apply {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    output: Output,
}

impl Apply {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let catalog = self.store.read()?;
        let told = retag(&self.place.index, &self.store, &catalog, shell)?;
        self.output.sheet(&sheet(&told, shell), shell)?;
        if self.output.form() != Format::Table || !told.themes.is_empty() {
            shell.say("");
        }
        say(&told, shell);
        Ok(())
    }
}

/// Brings an index to the catalog of a file.
pub fn retag(index: &Path, store: &Store, catalog: &Catalog, shell: &Shell) -> Result<Retagged> {
    // Before any work: an index that is not there.
    let lexicon = Index::open(index)?.lexicon().to_owned();
    let taxonomy = catalog.over(Taxonomy::shipped()?);
    let tagger =
        tagger(taxonomy.map_err(|error| error.at(&store.path))?)?.with_lexicon(&lexicon)?;
    let options = shell.writer();
    let progress = Progress::rows(shell);
    let text = catalog.to_toml()?;
    let told = Index::retag(index, &tagger, &text, &options, &mut |rows| {
        progress.at(rows);
    });
    progress.clear();
    told
}

/// What changed, in a line.
pub fn say(told: &Retagged, shell: &Shell) {
    let locale = &shell.locale;
    let share = told.without as f64 / told.analysed.max(1) as f64;
    shell.say(&locale.fill(
        "themes.applied",
        &[
            ("verbatims", &locale.count(told.verbatims)),
            ("changed", &locale.count(told.changed)),
            ("without", &format!("{} %", locale.number(100.0 * share, 1))),
        ],
    ));
}

fn sheet(told: &Retagged, shell: &Shell) -> Sheet {
    let columns = [
        ("theme", Show::Text),
        ("before", Show::Count),
        ("after", Show::Count),
    ];
    let mut sheet = Sheet::new(&shell.locale, &columns);
    let row = |change: &crate::index::ThemeChange| {
        vec![
            Value::from(change.theme.as_str()),
            change.before.into(),
            change.after.into(),
        ]
    };
    sheet.rows.extend(told.themes.iter().map(row));
    sheet
}
