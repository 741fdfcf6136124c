//! `voz models list`: the shipped model and those that were added.

use super::super::Shell;
use super::super::output::Output;
use crate::error::Result;
use crate::model::{shelf, shipped_cards};
use crate::report::{Sheet, Show};
use clap::Args;
use serde_json::Value;

/// List the models that `--model` knows by name
#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    output: Output,
}

impl List {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let columns = [
            ("model", Show::Text),
            ("version", Show::Text),
            ("about", Show::Text),
            ("folder", Show::Text),
        ];
        let mut sheet = Sheet::new(&shell.locale, &columns);
        for card in shipped_cards()? {
            let about = first(&card.about).into();
            sheet.rows.push(vec![
                card.name.into(),
                card.version.into(),
                about,
                Value::Null,
            ]);
        }
        for kept in shelf::list()? {
            let (version, about) = match &kept.card {
                Ok(card) => (card.version.as_str().into(), first(&card.about).to_owned()),
                Err(error) => (Value::Null, error.to_string()),
            };
            let folder = kept.folder.display().to_string();
            sheet
                .rows
                .push(vec![kept.name.into(), version, about.into(), folder.into()]);
        }
        self.output.sheet(&sheet, shell)
    }
}

/// The first sentence of a text.
fn first(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(sentence, _)| sentence)
}
