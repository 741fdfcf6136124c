//! Where an index is: the flag of every verb that asks or changes one.

use clap::Args;
use std::path::PathBuf;

/// The folder of an index.
#[derive(Args, Debug)]
pub struct Place {
    /// Folder of the index
    #[arg(
        long,
        value_name = "DIR",
        default_value = "voz-index",
        env = "VOZ_INDEX"
    )]
    pub index: PathBuf,
}
