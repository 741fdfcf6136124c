//! `voz themes`: find themes, decide about them, bring an index to them.
//!
//! | verb | file |
//! |---|---|
//! | `discover` | `discover.rs` |
//! | `inbox`, `list` | `list.rs` |
//! | `accept`, `reject`, `rename`, `merge`, `save` | `decide.rs` |
//! | `split` | `split.rs` |
//! | `apply` | `apply.rs` |

mod apply;
mod decide;
mod discover;
mod find;
mod list;
mod split;

use super::Shell;
use crate::error::Result;
use crate::model::Model;
use crate::tag::Tagger;
use crate::theme::{Catalog, Taxonomy};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Find themes in comments, decide about them, bring an index to them
#[derive(Args, Debug)]
pub struct Themes {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Discover(discover::Discover),
    Inbox(list::Inbox),
    List(list::List),
    Accept(decide::Accept),
    Reject(decide::Reject),
    Rename(decide::Rename),
    Merge(decide::Merge),
    Split(split::Split),
    Save(decide::Save),
    Apply(apply::Apply),
}

impl Themes {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        match &self.verb {
            Verb::Discover(verb) => verb.run(shell),
            Verb::Inbox(verb) => verb.run(shell),
            Verb::List(verb) => verb.run(shell),
            Verb::Accept(verb) => verb.run(shell),
            Verb::Reject(verb) => verb.run(shell),
            Verb::Rename(verb) => verb.run(shell),
            Verb::Merge(verb) => verb.run(shell),
            Verb::Split(verb) => verb.run(shell),
            Verb::Save(verb) => verb.run(shell),
            Verb::Apply(verb) => verb.run(shell),
        }
    }
}

/// The file of a user's own themes.
#[derive(Args, Debug)]
pub struct Store {
    /// File of your themes, to read, edit and keep under version control; made if it is not there
    #[arg(
        long = "themes",
        value_name = "FILE",
        default_value = "voz-themes.toml",
        env = "VOZ_THEMES"
    )]
    path: PathBuf,
}

impl Store {
    /// The catalog in the file.
    fn read(&self) -> Result<Catalog> {
        Catalog::read(&self.path)
    }

    /// Writes the catalog.
    fn write(&self, catalog: &Catalog) -> Result<()> {
        catalog.write(&self.path)
    }
}

/// A tagger of the shipped model and a taxonomy.
fn tagger(taxonomy: Taxonomy) -> Result<Tagger> {
    Tagger::new(Model::shipped()?, taxonomy)
}
