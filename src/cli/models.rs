//! `voz models`: the card of a model.

use super::Shell;
use super::accuracy::write_card;
use super::output::{Format, Output};
use crate::error::Result;
use crate::model::Model;
use clap::Args;
use std::path::PathBuf;

/// Show a model's card: sources, licences, thresholds, accuracy on texts it never learned from
#[derive(Args, Debug)]
pub struct Models {
    /// Folder of a model; the shipped one unless given
    model: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

impl Models {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let model = self
            .model
            .as_deref()
            .map_or_else(Model::shipped, Model::open)?;
        let card = model.classifier.card();
        if self.output.form() == Format::Table {
            shell.say(&format!("{}\n{}\n", card.identity(), card.about));
            for source in &card.sources {
                let texts = shell.locale.count(source.texts);
                shell.say(&format!(
                    "  {:<24} {texts:>8}  {}",
                    source.name, source.licence.0
                ));
            }
            for (lang, thresholds) in &card.thresholds {
                let each: Vec<String> = thresholds
                    .iter()
                    .map(|(emotion, from)| {
                        format!("{emotion} {}", shell.locale.number(f64::from(*from), 2))
                    })
                    .collect();
                shell.say(&format!("  {lang}: {}", each.join(", ")));
            }
        }
        write_card(&card.accuracy, &self.output, shell)
    }
}
