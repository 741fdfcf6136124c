//! `voz eval`: how often language, sentiment, emotions and themes are right, on texts whose truth is
//! known.

pub mod files;
mod gold;
mod recipe;

use super::Shell;
use super::accuracy;
use super::output::{Destination, Output, failed};
use crate::detect::{self, Detector};
use crate::error::{Error, Result};
use crate::eval::{Classes, Measured, Set, evaluate};
use crate::model::{Card, Model};
use crate::tag::Tagger;
use crate::text::Tokenizer;
use crate::theme::Taxonomy;
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Measure accuracy on texts whose truth is known
#[derive(Args, Debug)]
#[command(subcommand_negates_reqs = true)]
pub struct Eval {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    labelled: files::Labelled,
}

#[derive(Subcommand, Debug)]
enum What {
    /// The held-out texts of a training recipe, which a model made by it never learned from
    Recipe(recipe::OfRecipe),
    /// The language of texts: a file of lines `code<TAB>text`
    Lang {
        /// The file
        file: PathBuf,
    },
    /// Sentiment and themes of comments: a file of comments, and its labels as JSON Lines
    Gold(Box<gold::Gold>),
}

impl Eval {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        if self.what.is_some() && self.labelled != files::Labelled::default() {
            return Err(
                Error::usage("files and flags do not go before the kind of truth")
                    .hint("write them after it: `voz eval recipe RECIPE --data DIR --two-classes`"),
            );
        }
        match &self.what {
            None => self.labelled.run(shell),
            Some(What::Recipe(recipe)) => recipe.run(shell),
            Some(What::Lang { file }) => languages(file),
            Some(What::Gold(gold)) => gold.run(shell),
        }
    }
}

/// Which models are measured, how, and where the figures go.
#[derive(Args, Debug, Default, PartialEq)]
struct Measuring {
    /// The model: a name from `voz models list`, a folder, or fast+NAME; the shipped one unless given.
    /// A second one: how much better or worse the first one is on the same texts
    #[arg(long, value_name = "MODEL")]
    model: Vec<PathBuf>,
    /// Negative and positive only: neutral texts are left out, and a neutral answer is wrong
    #[arg(long)]
    two_classes: bool,
    #[command(flatten)]
    output: Output,
}

impl Measuring {
    /// Measures the sets and writes the figures; the measured model's card comes back with them.
    fn run(&self, sets: &[Set], shell: &Shell) -> Result<(Card, Vec<Measured>)> {
        let (first, other) = match self.model.as_slice() {
            [] => (None, None),
            [first] => (Some(first), None),
            [first, other] => (Some(first), Some(other)),
            _ => {
                return Err(Error::usage("more than two models are given")
                    .hint("two are held against each other: --model A --model B"));
            }
        };
        let (first, card) = tagger(first.map(PathBuf::as_path))?;
        let other = other
            .map(|other| tagger(Some(other)))
            .transpose()?
            .map(|(other, _)| other);
        let classes = if self.two_classes {
            Classes::Two
        } else {
            Classes::Three
        };
        let measured = evaluate(sets, &first, other.as_ref(), classes)?;
        accuracy::write_measured(&first.model(), &measured, &self.output, shell)?;
        Ok((card, measured))
    }
}

/// The tagger of a model, the shipped one unless a folder is given, and the model's card.
fn tagger(folder: Option<&Path>) -> Result<(Tagger, Card)> {
    let model = folder.map_or_else(Model::shipped, Model::open)?;
    let card = model.classifier.card().clone();
    Ok((Tagger::new(model, Taxonomy::shipped()?)?, card))
}

fn languages(path: &Path) -> Result<()> {
    let text = read(path)?;
    let model = Model::shipped()?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let known = lines
        .filter_map(|line| line.split_once('\t'))
        .filter(|(code, _)| *code != "lang");
    let known = known.map(|(code, text)| detect::Known {
        set: "file",
        code,
        text,
    });
    let detector = Detector::new(&model.vocabulary);
    let table = detect::accuracy(&detector, &Tokenizer::new(model.vocabulary), known).table();
    let mut out = Destination::open(None)?;
    write!(out, "{table}").map_err(failed)?;
    out.finish()
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| Error::io("the file cannot be read", error).at(path))
}
