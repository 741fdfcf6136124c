//! `voz train`: a model folder from labelled files, or from another model and a user's own rows.

mod adapt;

use super::Shell;
use super::accuracy::write_card;
use super::output::{Format, Output};
use super::progress::Progress;
use crate::error::{Error, Result};
use crate::train::{Recipe, VectorRecipe, train, train_vectors};
use clap::Args;
use std::path::{Path, PathBuf};

/// Learn a model from labelled files, or adapt one to rows of your own
#[derive(Args, Debug)]
pub struct Train {
    /// Recipe: a TOML file of sources, label maps and settings
    recipe: Option<PathBuf>,
    /// Folder that the recipe's paths start from
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder of the teacher's vectors, for a recipe of vectors
    #[arg(long, value_name = "DIR")]
    teacher: Option<PathBuf>,
    /// Folder of what another model said of texts, for a recipe that learns from it
    #[arg(long, value_name = "DIR")]
    taught: Option<PathBuf>,
    #[command(flatten)]
    adapting: adapt::Adapting,
    /// Folder of the model, made or replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Train {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let (recipe, data) = match (&self.recipe, &self.data, self.adapting.is_asked()) {
            (Some(recipe), Some(data), false) => (recipe, data),
            (None, None, true) if self.teacher.is_none() => {
                return self.adapting.run(&self.out, &self.output, shell);
            }
            (.., true) => {
                return Err(Error::usage("a model is made by a recipe or from another model, not both")
                    .hint("write `voz train RECIPE --data DIR --out DIR`, or `voz train --from fast --examples FILE --out DIR`"));
            }
            (Some(_), None, _) => {
                return Err(Error::usage("a recipe needs the folder of its files")
                    .hint("write `voz train RECIPE --data DIR --out DIR`"));
            }
            (None, ..) => {
                return Err(Error::usage("neither a recipe nor a model to start from is given")
                    .hint("write `voz train RECIPE --data DIR --out DIR`, or `voz train --from fast --examples FILE --out DIR`"));
            }
        };
        self.by_recipe(recipe, data, shell)
    }

    fn by_recipe(&self, recipe: &Path, data: &Path, shell: &Shell) -> Result<()> {
        let progress = Progress::steps(shell);
        let say = |key: &str, values: &[(&str, &dyn std::fmt::Display)]| {
            progress.aside(|| shell.say(&shell.locale.fill(key, values)));
        };
        let watch = |done, total| progress.of(done, total);
        let card = match &self.teacher {
            Some(teacher) => {
                train_vectors(&VectorRecipe::open(recipe)?, data, teacher, &self.out, &say)
            }
            None => train(
                &Recipe::open(recipe)?,
                data,
                self.taught.as_deref(),
                &self.out,
                &say,
                &watch,
            ),
        };
        progress.clear();
        let card = card?;
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
