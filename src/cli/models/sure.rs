//! `voz models cascade`: from when the fast model may decide in another one's place.

use super::super::Shell;
use super::super::evaluate::files::LabelColumns;
use crate::error::{Error, Result};
use crate::eval::{Set, cascade, open, read};
use crate::locale::Locale;
use crate::model::cascade::Sure;
use crate::model::{Model, shelf};
use crate::tag::Tagger;
use crate::theme::Taxonomy;
use clap::Args;
use std::path::PathBuf;

/// Choose on labelled texts when the fast model may decide, for `--model fast+NAME`
#[derive(Args, Debug)]
pub struct Cascade {
    /// Name of an added model
    name: String,
    /// Labelled files that the model did not learn from: CSV, TSV or JSON Lines, plain or gzip
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    columns: LabelColumns,
}

/// What is known of a cascade, in one line.
pub fn told(sure: &Sure, name: &str, locale: &Locale) -> String {
    let each = |figures: &std::collections::BTreeMap<String, f64>| {
        let each = figures.iter().map(|(task, figure)| {
            format!(
                "{} {}",
                locale.word("task", task),
                locale.number(100.0 * figure, 1)
            )
        });
        each.collect::<Vec<_>>().join(", ")
    };
    locale.fill(
        "models.sure",
        &[
            ("name", &name),
            ("from", &locale.number(f64::from(sure.from), 2)),
            ("saved", &locale.number(100.0 * sure.saved, 1)),
            ("n", &locale.count(sure.texts)),
            ("together", &each(&sure.together)),
            ("alone", &each(&sure.alone)),
        ],
    )
}

impl Cascade {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let folder = shelf::kept(&self.name)?;
        let columns = self.columns.said();
        let mut sets: Vec<Set> = Vec::new();
        for path in &self.files {
            sets.append(&mut open(path, &path.display().to_string(), &columns)?.sets);
        }
        let fast = Model::shipped()?;
        let identity = fast.classifier.card().identity();
        let fast = Tagger::new(fast, Taxonomy::shipped()?)?;
        let other = Tagger::new(Model::open(&folder)?, Taxonomy::shipped()?)?;
        let mut all = Vec::new();
        for set in &sets {
            all.push((set, read(&fast, set)?, read(&other, set)?));
        }
        let texts: usize = sets.iter().map(|set| set.texts.len()).sum();
        if texts < cascade::LEAST {
            return Err(
                Error::input(format!("{texts} labelled texts are too few to choose by"))
                    .hint(format!("give {} or more", cascade::LEAST)),
            );
        }
        if all.iter().all(|(_, fast, other)| fast == other) {
            return Err(
                Error::input("the model says of no text anything else than the fast one")
                    .hint("a cascade needs a model that reads what the files label"),
            );
        }
        let sure = cascade::sure(&all, &identity).ok_or_else(|| {
            Error::input(
                "nothing can be left to the fast model without losing more than half a point",
            )
            .hint("use the model alone, or give more labelled texts")
        })?;
        let Some(mut card) = shelf::card_in(&folder)? else {
            return Err(Error::model("the model has no card")
                .at(&folder)
                .hint("add it again"));
        };
        shell.say(&told(&sure, &card.name, &shell.locale));
        card.sure = Some(sure);
        shelf::write_card(&folder, &card)
    }
}
