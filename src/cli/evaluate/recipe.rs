//! `voz eval recipe`: the texts that a training recipe holds out from learning.

use super::super::Shell;
use super::Measuring;
use crate::error::{Error, Result};
use crate::model::shelf;
use crate::train::{Part, Recipe, held_out};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

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
            shelf::write_card(&folder, &card)?;
            let path = folder.join(shelf::CARD);
            shell.say(&shell.locale.fill("eval.card", &[("file", &path.display())]));
        }
        Ok(())
    }
}
