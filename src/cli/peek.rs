//! `voz peek`: what is in a file, and how it would be read.

use super::Shell;
use super::config::{self, Draft};
use super::input::Input;
use super::join::Joining;
use super::output::{Destination, Format, Output, failed};
use crate::error::{Error, Result};
use crate::report::{Sheet, Show};
use clap::Args;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;

/// Show how a file would be read, before anything runs
#[derive(Args, Debug)]
pub struct Peek {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    joining: Joining,
    /// Keep what was decided in a file that `voz peek`, `voz tag` and `voz index` read: voz.toml unless
    /// another is named
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = config::NAME)]
    write: Option<PathBuf>,
    /// Replace the file of --write if it is there
    #[arg(long, requires = "write")]
    force: bool,
    #[command(flatten)]
    output: Output,
}

impl Peek {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let mut plan = self.input.plan()?;
        if let Some(path) = &self.write {
            let draft = Draft {
                file: &self.input.file,
                plan: &plan,
                mapping: &self.input.mapping()?,
                joins: &self.joining.asked()?,
            };
            config::write(&draft, path, self.force)?;
            let file = path.display();
            shell.say(&shell.locale.fill("peek.written", &[("file", &file)]));
        }
        self.joining.look(&plan)?.show(&mut plan);
        if self.output.form() == Format::Jsonl {
            let mut out = Destination::open(self.output.output.as_deref())?;
            let json = serde_json::to_string(&plan)
                .map_err(|error| Error::input("the plan has no JSON form").caused_by(error))?;
            writeln!(out, "{json}").map_err(failed)?;
            return out.finish();
        }
        let text = |value: &str| Value::from(value);
        let mut columns = Sheet::new(
            &shell.locale,
            &[
                ("column", Show::Text),
                ("role", Show::Word),
                ("kind", Show::Word),
                ("why", Show::Text),
            ],
        );
        columns.rows.extend(plan.columns.iter().map(|column| {
            let kind = serde_json::to_value(column.kind).unwrap_or_default();
            vec![
                text(&column.name),
                text(column.role.name()),
                kind,
                text(&column.why),
            ]
        }));
        let mut decided = Sheet::new(
            &shell.locale,
            &[
                ("about", Show::Word),
                ("value", Show::Word),
                ("why", Show::Text),
            ],
        );
        decided.rows.extend(plan.decisions.iter().map(|decision| {
            vec![
                text(decision.about),
                text(&decision.value),
                text(&decision.why),
            ]
        }));
        self.output.sheet_after(&[&decided], &columns, shell)
    }
}
