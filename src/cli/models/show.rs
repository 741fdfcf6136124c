//! `voz models show`: the card of a model.

use super::super::Shell;
use super::super::accuracy::write_card;
use super::super::output::{Format, Output};
use super::sure;
use crate::error::Result;
use crate::locale::Locale;
use crate::model::{Model, NevCoverage};
use clap::Args;
use std::path::PathBuf;

/// Show a model's card: sources, licences, thresholds, accuracy on texts it never learned from
#[derive(Args, Debug)]
pub struct Show {
    /// The model, by its name or folder; the shipped one unless given
    model: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// How often intervals of `nev.adjusted` held, in one line.
fn covered(coverage: &NevCoverage, locale: &Locale) -> String {
    let percent = |share: f64| locale.number(100.0 * share, 1);
    let line = locale.fill(
        "models.covered",
        &[
            ("lang", &coverage.lang),
            ("n", &locale.count(coverage.texts)),
            ("sources", &locale.word("sources", &coverage.sources)),
            ("covered", &percent(coverage.covered)),
            ("width", &locale.number(coverage.width, 1)),
            ("uncorrected", &percent(coverage.uncorrected)),
        ],
    );
    format!("  {line}")
}

impl Show {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let model = self
            .model
            .as_deref()
            .map_or_else(Model::shipped, Model::open)?;
        let card = model.classifier.card();
        if self.output.form() == Format::Jsonl {
            return self.output.object(card);
        }
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
            if let Some(sure) = &card.sure {
                shell.say(&format!(
                    "  {}",
                    sure::told(sure, &card.name, &shell.locale)
                ));
            }
            for coverage in &card.nev_coverage {
                shell.say(&covered(coverage, &shell.locale));
            }
        }
        write_card(&card.accuracy, &self.output, shell)
    }
}
