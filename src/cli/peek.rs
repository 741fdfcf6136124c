//! `voz peek`: what is in a file, and how it would be read.

use super::Shell;
use super::input::Input;
use super::output::{Destination, Format, Output, failed};
use crate::error::{Error, Result};
use crate::report::{Sheet, Show};
use clap::Args;
use serde_json::Value;
use std::io::Write;

/// Show how a file would be read, before anything runs
#[derive(Args, Debug)]
pub struct Peek {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    output: Output,
}

impl Peek {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let plan = self.input.plan()?;
        if self.output.checked_form()? == Format::Jsonl {
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
