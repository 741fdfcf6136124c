//! `voz eval recipe`: the texts that a training recipe holds out from learning.

use super::super::Shell;
use super::super::output::Destination;
use super::Measuring;
use crate::error::{Error, Result};
use crate::model::{Card, shelf};
use crate::train::{Part, Recipe, held_out};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Flags of `voz eval recipe`.
#[derive(Args, Debug)]
pub struct OfRecipe {
    /// Recipe: a TOML file of sources, label maps and settings
    recipe: PathBuf,
    /// Folder that the recipe's paths start from
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Which texts: those that nothing was chosen on, or all that are held out
    #[arg(long, value_enum, value_name = "PART", default_value = "report")]
    split: Split,
    /// Write the accuracy into the card of the model given by --model
    #[arg(long, requires = "model", conflicts_with = "two_classes")]
    card: bool,
    #[command(flatten)]
    measuring: Measuring,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Split {
    /// Texts that chose no threshold and no calibration: what a card reports
    Report,
    /// Those and the texts that thresholds and calibration were chosen on
    HeldOut,
}

impl OfRecipe {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let part = match self.split {
            Split::Report => Part::Report,
            Split::HeldOut => Part::HeldOut,
        };
        if self.card && part != Part::Report {
            return Err(
                Error::usage("a card reports texts that nothing was chosen on")
                    .hint("leave --split out, or --card"),
            );
        }
        let recipe = Recipe::open(&self.recipe)?;
        let sets = held_out(&recipe, &self.data, part)?;
        let (mut card, measured) = self.measuring.run(&sets, shell)?;
        if let (true, Some(model)) = (self.card, self.measuring.model.first()) {
            let folder = shelf::find(model)?;
            card.accuracy = measured.into_iter().map(|one| one.accuracy).collect();
            let path = folder.join("card.json");
            write(&card, &path)?;
            shell.say(&shell.locale.fill("eval.card", &[("file", &path.display())]));
        }
        Ok(())
    }
}

/// Writes a card, which takes its name when it is complete.
fn write(card: &Card, path: &Path) -> Result<()> {
    let json = serde_json::to_string_pretty(card)
        .map_err(|error| Error::model("the card cannot be written").caused_by(error))?;
    let mut out = Destination::open(Some(path))?;
    let failed = |error| Error::io("the card cannot be written", error).at(path);
    out.write_all(json.as_bytes()).map_err(failed)?;
    out.finish()
}
