//! `voz peek`: what is in files, and how they would be read.

use super::Shell;
use super::config::{self, Draft};
use super::input::{Input, Planned};
use super::join::Joining;
use super::output::{Destination, Format, Output, failed, terminal_width};
use crate::error::{Error, Result};
use crate::report::{Sheet, Show};
use crate::source::Plan;
use clap::Args;
use serde::Serialize;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Show how files would be read, before anything runs
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
        let mut plans = self.input.plans()?;
        if let Some(path) = &self.write {
            self.draft(&plans, path, shell)?;
        }
        let joins = self.joining.look(&plans)?;
        for planned in &mut plans {
            joins.show(&mut planned.plan);
        }
        let form = self.output.checked_form()?;
        if let [Planned { plan, .. }] = plans.as_slice()
            && form != Format::Jsonl
        {
            let columns = columns(&plans, shell);
            return self
                .output
                .sheet_after(&[&decided(plan, shell)], &columns, shell);
        }
        if matches!(form, Format::Csv | Format::Xlsx) {
            return self.output.sheet(&columns(&plans, shell), shell);
        }
        let mut out = Destination::open(self.output.output.as_deref())?;
        for planned in &plans {
            if form == Format::Jsonl {
                let file = (plans.len() > 1).then(|| planned.path.display().to_string());
                let plan = &planned.plan;
                let json = serde_json::to_string(&Told { file, plan })
                    .map_err(|error| Error::input("the plan has no JSON form").caused_by(error))?;
                writeln!(out, "{json}").map_err(failed)?;
                continue;
            }
            let decided = decided(&planned.plan, shell);
            let columns = columns(std::slice::from_ref(planned), shell);
            let [decided, columns] =
                [decided, columns].map(|sheet| sheet.to_table(&shell.locale, terminal_width()));
            let path = planned.path.display();
            writeln!(out, "{path}\n\n{decided}\n\n{columns}\n").map_err(failed)?;
        }
        out.finish()
    }
}

impl Peek {
    /// Keeps what was decided of the first file in a file of settings.
    fn draft(&self, plans: &[Planned], path: &Path, shell: &Shell) -> Result<()> {
        let [Planned { path: file, plan }] = plans else {
            return Err(
                Error::usage("settings are drafted from one file, and several are given")
                    .hint("name one of them; the settings serve all that are alike"),
            );
        };
        let draft = Draft {
            file,
            plan,
            mapping: &self.input.mapping()?,
            joins: &self.joining.asked()?,
        };
        config::write(&draft, path, self.force)?;
        shell.say(
            &shell
                .locale
                .fill("peek.written", &[("file", &path.display())]),
        );
        Ok(())
    }
}

/// A plan as programs are told it, with its file where there are several.
#[derive(Serialize)]
struct Told<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(flatten)]
    plan: &'p Plan,
}

/// The columns of files; with their file where there are several.
fn columns(plans: &[Planned], shell: &Shell) -> Sheet {
    let titles = [
        ("column", Show::Text),
        ("role", Show::Word),
        ("kind", Show::Word),
        ("why", Show::Text),
    ];
    let several = plans.len() > 1;
    let file = several.then_some(("file", Show::Text));
    let titles: Vec<_> = file.into_iter().chain(titles).collect();
    let mut sheet = Sheet::new(&shell.locale, &titles);
    for Planned { path, plan } in plans {
        sheet.rows.extend(plan.columns.iter().map(|column| {
            let kind = serde_json::to_value(column.kind).unwrap_or_default();
            let name = match &column.label {
                Some(label) => format!("{}: {label}", column.name),
                None => column.name.to_string(),
            };
            let cells = [
                Value::from(name),
                column.role.name().into(),
                kind,
                column.why.as_str().into(),
            ];
            let file = several.then(|| path.display().to_string().into());
            file.into_iter().chain(cells).collect()
        }));
    }
    sheet
}

/// What was decided about a file as a whole.
fn decided(plan: &Plan, shell: &Shell) -> Sheet {
    let titles = [
        ("about", Show::Word),
        ("value", Show::Word),
        ("why", Show::Text),
    ];
    let mut sheet = Sheet::new(&shell.locale, &titles);
    sheet.rows.extend(plan.decisions.iter().map(|decision| {
        vec![
            decision.about.into(),
            decision.value.as_str().into(),
            decision.why.as_str().into(),
        ]
    }));
    sheet
}
