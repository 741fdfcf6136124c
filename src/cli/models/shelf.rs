//! `voz models add`, `verify` and `remove`.

use super::super::Shell;
use crate::error::{Error, Result};
use crate::model::shelf;
use clap::Args;
use std::path::PathBuf;

/// Add a model by name: a transformer's folder, or one made by `voz train`
#[derive(Args, Debug)]
pub struct Add {
    /// Folder of the model: config.json, its tokenizer and its weights
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The name for --model
    #[arg(long = "as", value_name = "NAME")]
    name: String,
    /// Table that says what the model's labels mean here; labels of widely used models are known
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
}

impl Add {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let added = shelf::add(&self.folder, &self.name, self.labels.as_deref())?;
        if let Some(before) = &added.replaced {
            let which: [(_, &dyn std::fmt::Display); 2] =
                [("name", &self.name), ("version", before)];
            shell.say(&shell.locale.fill("models.replaced", &which));
        }
        shell.say(&shell.locale.fill(
            "models.added",
            &[
                ("model", &added.card.identity()),
                ("about", &added.card.about),
                ("name", &self.name),
                ("folder", &added.folder.display()),
            ],
        ));
        Ok(())
    }
}

/// Look whether the files of an added model are whole, and whether it runs
#[derive(Args, Debug)]
pub struct Verify {
    /// Its name
    name: String,
}

impl Verify {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let differences = shelf::verify(&self.name)?;
        if differences.is_empty() {
            shell.say(&shell.locale.fill("models.whole", &[("name", &self.name)]));
            return Ok(());
        }
        let each = differences
            .iter()
            .map(|(file, what)| format!("{file} {what}"));
        let each: Vec<String> = each.collect();
        Err(Error::model(format!(
            "the model is not the one that was added: {}",
            each.join(", ")
        ))
        .at(shelf::kept(&self.name)?)
        .hint(format!(
            "add it again: voz models add DIR --as {}",
            self.name
        )))
    }
}

/// Remove an added model; the folder it came from stays
#[derive(Args, Debug)]
pub struct Remove {
    /// Its name
    name: String,
}

impl Remove {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        shelf::remove(&self.name)?;
        shell.say(&shell.locale.fill("models.removed", &[("name", &self.name)]));
        Ok(())
    }
}
