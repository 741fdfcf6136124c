//! `voz completions`: completion for a shell.

use super::Cli;
use super::output::failed;
use crate::error::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::Write;

/// Print the completion script of a shell
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self) -> Result<()> {
        // Written whole afterwards: the generator panics where a write fails, as on a closed pipe.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "voz", &mut script);
        std::io::stdout().write_all(&script).map_err(failed)
    }
}
