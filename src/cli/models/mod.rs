//! `voz models`: the models there are, and those a user adds.
//!
//! | verb | file |
//! |---|---|
//! | `list` | `list.rs` |
//! | `show` | `show.rs` |
//! | `add`, `verify`, `remove` | `shelf.rs` |
//! | `cascade` | `sure.rs` |

mod list;
mod shelf;
mod show;
mod sure;

use super::Shell;
use crate::error::Result;
use clap::{Args, Subcommand};

/// Show the models there are, and add your own
#[derive(Args, Debug)]
pub struct Models {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    List(list::List),
    Show(show::Show),
    Add(shelf::Add),
    Verify(shelf::Verify),
    Remove(shelf::Remove),
    Cascade(Box<sure::Cascade>),
}

impl Models {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        match &self.verb {
            Verb::List(verb) => verb.run(shell),
            Verb::Show(verb) => verb.run(shell),
            Verb::Add(verb) => verb.run(shell),
            Verb::Verify(verb) => verb.run(shell),
            Verb::Remove(verb) => verb.run(shell),
            Verb::Cascade(verb) => verb.run(shell),
        }
    }
}
