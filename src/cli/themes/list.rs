//! `voz themes inbox` and `list`: the themes that wait for a decision, and those that are.

use super::super::Shell;
use super::super::output::{Format, Output};
use super::Store;
use super::discover::{cut, nothing_waits};
use crate::error::Result;
use crate::index::{Index, Query};
use crate::lang::Lang;
use crate::report::{Sheet, Show};
use crate::theme::{CatalogTheme, Status, Taxonomy};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Show the candidates that wait for a decision
#[derive(Args, Debug)]
pub struct Inbox {
    /// Folder of the index that they were found in: shows what a typical comment says
    #[arg(long, value_name = "DIR")]
    index: Option<PathBuf>,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    output: Output,
}

impl Inbox {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let catalog = self.store.read()?;
        let index = self.index.as_deref().map(Index::open).transpose()?;
        let columns = [
            ("theme", Show::Text),
            ("name", Show::Text),
            ("driver", Show::Text),
            ("n", Show::Count),
            ("share", Show::Percent),
            ("cohesion", Show::Number),
            ("phrases", Show::Never),
            ("typical", Show::Never),
            (
                "text",
                if index.is_some() {
                    Show::Text
                } else {
                    Show::Never
                },
            ),
        ];
        let mut sheet = Sheet::new(&shell.locale, &columns);
        for theme in catalog.candidates() {
            let text = match &index {
                Some(index) => typical(index, theme)?,
                None => None,
            };
            sheet.rows.push(row(theme, text, shell));
        }
        if sheet.rows.is_empty() && self.output.form() == Format::Table {
            return Err(nothing_waits());
        }
        self.output.sheet(&sheet, shell)
    }
}

fn row(theme: &CatalogTheme, text: Option<String>, shell: &Shell) -> Vec<Value> {
    let spanish = shell.locale.lang() == Lang::Es;
    let phrases: Vec<&String> = theme.phrases_es.iter().chain(&theme.phrases_en).collect();
    vec![
        Value::from(theme.id.as_str()),
        Value::from(if spanish {
            theme.es.as_str()
        } else {
            theme.en.as_str()
        }),
        Value::from(theme.driver.as_str()),
        theme.size.map_or(Value::Null, Value::from),
        theme.share.map_or(Value::Null, Value::from),
        theme.cohesion.map_or(Value::Null, |one| {
            Value::from((f64::from(one) * 100.0).round() / 100.0)
        }),
        json!(phrases),
        json!(theme.typical),
        text.map_or(Value::Null, Value::from),
    ]
}

/// What the first typical comment says that is in the index.
fn typical(index: &Index, theme: &CatalogTheme) -> Result<Option<String>> {
    for id in &theme.typical {
        let quoted = id.replace('"', "");
        let mut text = None;
        index.each_record(&Query::parse(&format!("id:\"{quoted}\""))?, |record| {
            text = Some(cut(&record.text));
            Ok(())
        })?;
        if text.is_some() {
            return Ok(text);
        }
    }
    Ok(None)
}

/// Show every theme, the shipped ones and yours
#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    output: Output,
}

impl List {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let catalog = self.store.read()?;
        let shipped = Taxonomy::shipped()?;
        let taxonomy = catalog.over(Taxonomy::shipped()?)?;
        let columns = [
            ("theme", Show::Text),
            ("name", Show::Text),
            ("driver", Show::Text),
            ("area", Show::Word),
            ("status", Show::Word),
            ("own", Show::Never),
            ("into", Show::Never),
            ("query", Show::Never),
        ];
        let mut sheet = Sheet::new(&shell.locale, &columns);
        for (at, theme) in (0..).zip(&taxonomy.themes) {
            let driver = taxonomy.driver_of(at);
            sheet.rows.push(vec![
                Value::from(theme.id.as_str()),
                Value::from(theme.name(shell.locale.lang())),
                Value::from(driver.id.as_str()),
                Value::from(driver.area.name()),
                Value::from(Status::Accepted.name()),
                Value::from(shipped.theme(&theme.id).is_none()),
                Value::Null,
                theme.query.clone().map_or(Value::Null, Value::from),
            ]);
        }
        let others = catalog
            .themes
            .iter()
            .filter(|theme| theme.status != Status::Accepted);
        sheet.rows.extend(others.map(|theme| {
            vec![
                Value::from(theme.id.as_str()),
                Value::from(if shell.locale.lang() == Lang::Es {
                    theme.es.as_str()
                } else {
                    theme.en.as_str()
                }),
                Value::from(theme.driver.as_str()),
                Value::Null,
                Value::from(theme.status.name()),
                Value::from(shipped.theme(&theme.id).is_none()),
                theme.into.clone().map_or(Value::Null, Value::from),
                theme.query.clone().map_or(Value::Null, Value::from),
            ]
        }));
        self.output.sheet(&sheet, shell)
    }
}
