//! `voz compact`: write an index anew without what was deleted.

use super::Shell;
use crate::error::Result;
use crate::index::{Index, WriterOptions};
use clap::Args;
use std::path::{Path, PathBuf};

/// Remove what was deleted or replaced from the files of an index too, and make it smaller
#[derive(Args, Debug)]
pub struct Compact {
    /// Folder of the index
    #[arg(
        long,
        value_name = "DIR",
        default_value = "voz-index",
        env = "VOZ_INDEX"
    )]
    index: PathBuf,
}

impl Compact {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        compact(&self.index, shell)
    }
}

/// Compacts the index in `folder` and says by how much.
pub fn compact(folder: &Path, shell: &Shell) -> Result<()> {
    const MIB: f64 = 1_048_576.0;
    let options = WriterOptions {
        threads: shell.threads,
        ..WriterOptions::default()
    };
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
