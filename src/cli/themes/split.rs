//! `voz themes split`: make several themes of one.

use super::super::Shell;
use super::decide::Decision;
use super::find::Source;
use crate::error::{Error, Result};
use crate::tag::Tagger;
use crate::theme::Taxonomy;
use crate::theme::discover::{Grain, Sample, discover_in};
use clap::Args;
use std::path::PathBuf;

/// Make several themes of one, from the comments that name it
#[derive(Args, Debug)]
pub struct Split {
    /// Id of the theme
    #[arg(value_name = "ID")]
    theme: String,
    /// Folder of the index with the comments
    #[arg(
        long = "from",
        value_name = "DIR",
        default_value = "voz-index",
        env = "VOZ_INDEX"
    )]
    source: PathBuf,
    #[command(flatten)]
    decision: Decision,
}

impl Split {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let catalog = self.decision.store().read()?;
        let tagger = Tagger::of_themes(catalog.over(Taxonomy::shipped()?)?)?;
        let Some(at) = tagger.taxonomy().theme(&self.theme) else {
            return Err(Error::usage(format!("there is no theme `{}`", self.theme))
                .hint("`voz themes list` shows the themes"));
        };
        let query = format!("theme:{}", self.theme);
        let source = Source::new(None, &self.source, &query)?;
        let mut sample = Sample::new(tagger.tokenizer(), tagger.embedding());
        sample.only(at);
        source.sample(&mut sample, &tagger, shell)?;
        let found = discover_in(
            sample,
            catalog.space.clone(),
            &Taxonomy::default(),
            Grain::Fine,
        )?;
        if found.themes.len() < 2 {
            return Err(Error::usage(format!(
                "`{}` cannot be split: what is said of it is too alike",
                self.theme
            ))
            .hint("`voz themes save` makes a theme of a search of yours"));
        }
        let driver = tagger.taxonomy().driver_of(at).id.clone();
        self.decision.decide(shell, |catalog, taxonomy| {
            catalog.split(&self.theme, taxonomy)?;
            let ids = catalog.add_parts(&found, &driver, taxonomy);
            Ok(shell.locale.fill(
                "themes.split",
                &[
                    ("theme", &self.theme as &dyn std::fmt::Display),
                    ("parts", &ids.join(", ")),
                ],
            ))
        })
    }
}
