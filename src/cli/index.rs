//! `voz index`: tag a file and keep it in an index.

use super::Shell;
use super::input::{Input, Tagging};
use crate::error::Result;
use crate::index::{Setup, Writer, WriterOptions, Written};
use crate::run::Ran;
use crate::source::{Plan, Role};
use crate::tag::Tagged;
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Tag a file and index it, to be searched linked to its scores
#[derive(Args, Debug)]
#[allow(clippy::struct_field_names, reason = "each is named as its flag")]
pub struct Index {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub tagging: Tagging,
    /// Folder of the index; made if it is not there
    #[arg(
        long,
        value_name = "DIR",
        default_value = "voz-index",
        env = "VOZ_INDEX"
    )]
    pub index: PathBuf,
    /// Begin anew: what the index holds is replaced when the run is complete
    #[arg(long)]
    pub rebuild: bool,
    /// Memory of the index writer in MiB; the whole program needs about 150 more
    #[arg(long, value_name = "MIB", default_value = "256",
          value_parser = clap::value_parser!(u32).range(32..=65536))]
    pub memory: u32,
}

impl Index {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let begun = Instant::now();
        let (ran, written) = self.write(shell)?;
        let locale = &shell.locale;
        let languages: Vec<String> = ran
            .languages
            .iter()
            .map(|(code, n)| format!("{code} {}", locale.count(*n)))
            .collect();
        shell.say(&locale.fill(
            "index.done",
            &[
                ("rows", &locale.count(ran.rows)),
                ("added", &locale.count(written.added)),
                ("replaced", &locale.count(written.replaced)),
                ("repeated", &locale.count(written.repeated)),
                ("rejected", &locale.count(ran.rejected)),
                ("languages", &languages.join(", ")),
                ("seconds", &locale.number(begun.elapsed().as_secs_f64(), 1)),
                ("index", &self.index.display()),
            ],
        ));
        self.tagging.allow(&ran)
    }

    /// Reads, tags, writes and commits; a run that fails leaves the index as it was.
    pub fn write(&self, shell: &Shell) -> Result<(Ran, Written)> {
        let kept = if self.rebuild {
            String::new()
        } else {
            catalog_of(&self.index)
        };
        let catalog = self.tagging.catalog(&kept)?;
        let (plans, tagger) = self.tagging.prepare_with(&self.input, &catalog)?;
        for planned in &plans {
            shell.say(
                &shell
                    .locale
                    .fill("index.columns", &[("columns", &read_as(&planned.plan))]),
            );
        }
        let model = tagger.model();
        let setup = Setup {
            model: &model,
            taxonomy: tagger.taxonomy(),
            scales: self.input.mapping()?.scales,
            votes: tagger.votes(),
            catalog: &catalog,
        };
        let options = WriterOptions {
            memory: (self.memory as usize) << 20,
            threads: shell.threads,
            rebuild: self.rebuild,
        };
        let folder: &Path = &self.index;
        let mut writer = Writer::open(folder, &setup, &options)?;
        let mut sink = |batch: Vec<Tagged>| batch.iter().try_for_each(|one| writer.add(one));
        let ran = self.tagging.run(&plans, &tagger, shell, &mut sink)?;
        let written = writer.finish()?;
        Ok((ran, written))
    }
}

/// The user's own themes that an index was tagged with; none where there is no index yet.
fn catalog_of(folder: &Path) -> String {
    crate::index::Index::open(folder)
        .map_or_else(|_| String::new(), |index| index.catalog().to_owned())
}

/// What each column was taken for, in one line; the fields are only counted.
fn read_as(plan: &Plan) -> String {
    let named = plan
        .columns
        .iter()
        .filter(|column| column.role != Role::Field);
    let mut told: Vec<String> = named
        .map(|column| format!("{} → {}", column.name, column.role.name()))
        .collect();
    let fields = plan
        .columns
        .iter()
        .filter(|column| column.role == Role::Field)
        .count();
    told.push(format!("{fields} → field"));
    told.join(", ")
}
