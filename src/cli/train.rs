//! `voz train`: a model folder from labelled files.

use super::Shell;
use super::accuracy::write_card;
use super::output::{Format, Output};
use crate::error::Result;
use crate::train::{Recipe, VectorRecipe, train, train_vectors};
use clap::Args;
use std::path::PathBuf;

/// Learn a model from labelled files
#[derive(Args, Debug)]
pub struct Train {
    /// Recipe: a TOML file of sources, label maps and settings
    recipe: PathBuf,
    /// Folder that the recipe's paths start from
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder of the teacher's vectors, for a recipe of vectors
    #[arg(long, value_name = "DIR")]
    teacher: Option<PathBuf>,
    /// Folder of the model, made or replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Train {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let say = |key: &str, values: &[(&str, &dyn std::fmt::Display)]| {
            shell.say(&shell.locale.fill(key, values));
        };
        let card = match &self.teacher {
            Some(teacher) => {
                let recipe = VectorRecipe::open(&self.recipe)?;
                train_vectors(&recipe, &self.data, teacher, &self.out, &say)?
            }
            None => train(&Recipe::open(&self.recipe)?, &self.data, &self.out, &say)?,
        };
        write_card(&card.accuracy, &self.output, shell)?;
        if self.output.form() == Format::Table {
            say(
                "train.done",
                &[("model", &card.identity()), ("out", &self.out.display())],
            );
        }
        Ok(())
    }
}
