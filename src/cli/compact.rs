//! `voz compact`: write an index anew without what was deleted.

use super::Shell;
use super::place::Place;
use crate::error::Result;
use crate::index::Index;
use clap::Args;
use std::path::Path;

/// Remove what was deleted or replaced from the files of an index too, and make it smaller
#[derive(Args, Debug)]
pub struct Compact {
    #[command(flatten)]
    place: Place,
}

impl Compact {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        compact(&self.place.index, shell)
    }
}

/// Compacts the index in `folder` and says by how much.
pub fn compact(folder: &Path, shell: &Shell) -> Result<()> {
    const MIB: f64 = 1_048_576.0;
    let options = shell.writer();
    let told = Index::compact(folder, &options)?;
    let locale = &shell.locale;
    shell.say(&locale.fill(
        "compact.done",
        &[
            ("before", &locale.number(told.before as f64 / MIB, 1)),
            ("after", &locale.number(told.after as f64 / MIB, 1)),
        ],
    ));
    Ok(())
}
