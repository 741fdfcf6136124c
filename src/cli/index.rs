//! `voz index`: tag files and keep them in an index.

use super::Shell;
use super::files::keep_apart;
use super::input::{Input, Own, Planned, Tagging};
use super::join::Joining;
use super::output::{Destination, clear};
use super::run_report::{FileReport, IndexReport, RunReport};
use crate::drift::{self, Profile};
use crate::error::Result;
use crate::index::{IndexedFile, Setup, Writer, WriterOptions, Written};
use crate::pii::Redactor;
use crate::run::Ran;
use crate::source::{Fingerprint, Joins, Plan, Role};
use crate::tag::{Tagged, Tagger};
use crate::verbatim::Scales;
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Tag files and index them, to be searched linked to their scores
#[derive(Args, Debug)]
#[allow(clippy::struct_field_names, reason = "each is named as its flag")]
pub struct Index {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub tagging: Tagging,
    #[command(flatten)]
    pub joining: Joining,
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
    /// Read files that the index holds already, instead of passing over them
    #[arg(long)]
    pub again: bool,
    /// Write what the run did to a file, as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Memory of the index writer in MiB; the whole program needs about 150 more
    #[arg(long, value_name = "MIB", default_value = "256",
          value_parser = clap::value_parser!(u32).range(32..=65536))]
    pub memory: u32,
}

/// Files of a run, and the fingerprint of each that can have one.
#[derive(Default)]
struct Fresh {
    plans: Vec<Planned>,
    prints: Vec<Option<Fingerprint>>,
}

/// What a run came to.
pub struct Done {
    /// All files together.
    pub ran: Ran,
    /// What became of their verbatims.
    pub written: Written,
    report: RunReport,
}

impl Index {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let read = [&*self.input.file, self.joining.files()].concat();
        keep_apart(&read, &[self.report.as_deref()])?;
        // Before any work: a report that cannot be written.
        let place = self
            .report
            .as_deref()
            .map(|path| Destination::open(Some(path)));
        let place = place.transpose()?;
        let mut begun = RunReport::begin("index");
        let mut done = match self.write(shell) {
            Ok(done) => done,
            Err(error) => {
                begun.ends_with(&error);
                let told = place.map_or(Ok(()), |out| begun.write(out));
                return told.and(Err(error));
            }
        };
        let allowed = self.tagging.allow(&done.ran);
        if let Err(error) = &allowed {
            done.report.ends_with(error);
        }
        if let Some(out) = place {
            done.report.write(out)?;
        }
        let locale = &shell.locale;
        let languages: Vec<String> = done
            .ran
            .languages
            .iter()
            .map(|(code, n)| format!("{code} {}", locale.count(*n)))
            .collect();
        if done.ran.rows > 0 {
            shell.say(&locale.fill(
                "index.done",
                &[
                    ("rows", &locale.count(done.ran.rows)),
                    ("added", &locale.count(done.written.added)),
                    ("replaced", &locale.count(done.written.replaced)),
                    ("repeated", &locale.count(done.written.repeated)),
                    ("rejected", &locale.count(done.ran.rejected)),
                    ("languages", &languages.join(", ")),
                    ("seconds", &locale.number(done.report.seconds, 1)),
                    ("index", &self.index.display()),
                ],
            ));
        }
        if done.written.barred > 0 {
            let n = locale.count(done.written.barred);
            shell.say(&locale.fill("index.barred", &[("n", &n)]));
        }
        done.report.say_drift(shell);
        allowed
    }

    /// Reads, tags, writes and commits; a run that fails leaves the index as it was.
    pub fn write(&self, shell: &Shell) -> Result<Done> {
        let begun = Instant::now();
        let mut report = RunReport::begin("index");
        let kept = if self.rebuild {
            Own::default()
        } else {
            Own::of_index(&self.index)
        };
        let own = self.tagging.own(kept)?;
        let (plans, tagger) = self.tagging.prepare_with(&self.input, &own)?;
        clear(self.report.as_deref())?;
        report.read_by(&tagger);
        let mut writer = self.writer(&plans, &tagger, &own, shell)?;
        let (fresh, skipped) = self.fresh(plans, &writer)?;
        report.files = skipped;
        for file in &report.files {
            shell.say(&shell.locale.fill("index.skipped", &[("file", &file.name)]));
        }
        if fresh.plans.is_empty() {
            report.seconds = begun.elapsed().as_secs_f64();
            return Ok(Done {
                ran: Ran::default(),
                written: Written::default(),
                report,
            });
        }
        let mut joins = self.joining.open(&fresh.plans, &self.tagging)?;
        for planned in &fresh.plans {
            let mut plan = planned.plan.clone();
            joins.show(&mut plan);
            let columns = read_as(&plan);
            shell.say(&shell.locale.fill("index.columns", &[("columns", &columns)]));
        }
        let ran = self.fill(&fresh, &mut joins, &tagger, &mut writer, shell, &mut report)?;
        let written = writer.finish()?;
        report.index = Some(IndexReport {
            added: written.added,
            replaced: written.replaced,
            repeated: written.repeated,
            barred: written.barred,
            verbatims: crate::index::Index::open(&self.index)?.len(),
        });
        report.seconds = begun.elapsed().as_secs_f64();
        Ok(Done {
            ran,
            written,
            report,
        })
    }

    fn writer(
        &self,
        plans: &[Planned],
        tagger: &Tagger,
        own: &Own,
        shell: &Shell,
    ) -> Result<Writer> {
        let model = tagger.model();
        let scales = plans
            .first()
            .map_or_else(Scales::default, |one| one.plan.scales);
        let setup = Setup {
            model: &model,
            taxonomy: tagger.taxonomy(),
            scales,
            votes: tagger.votes(),
            catalog: &own.catalog,
            lexicon: &own.lexicon,
        };
        let options = WriterOptions {
            memory: (self.memory as usize) << 20,
            threads: shell.threads,
            rebuild: self.rebuild,
        };
        let folder: &Path = &self.index;
        Writer::open(folder, &setup, &options)
    }

    /// The files that the index does not hold yet, and those it does.
    fn fresh(&self, plans: Vec<Planned>, writer: &Writer) -> Result<(Fresh, Vec<FileReport>)> {
        let (mut fresh, mut skipped) = (Fresh::default(), Vec::new());
        let names = if self.tagging.names() { "names" } else { "" };
        let more = self.joining.fingerprint()? + names;
        for planned in plans {
            let fingerprint = Fingerprint::of(&planned.path, &planned.plan, &more)?;
            let held = fingerprint.as_ref().and_then(|print| {
                writer
                    .files()
                    .iter()
                    .find(|file| file.fingerprint == print.sha256)
            });
            match held {
                Some(file) if !self.again && !self.rebuild => skipped.push(FileReport {
                    name: name_of(&planned.path),
                    fingerprint: Some(file.fingerprint.clone()),
                    skipped: true,
                    rows: 0,
                    tagged: 0,
                    rejected: 0,
                }),
                _ => {
                    fresh.plans.push(planned);
                    fresh.prints.push(fingerprint);
                }
            }
        }
        Ok((fresh, skipped))
    }

    /// Tags the files into the writer, and has it remember them.
    fn fill(
        &self,
        fresh: &Fresh,
        joins: &mut Joins,
        tagger: &Tagger,
        writer: &mut Writer,
        shell: &Shell,
        report: &mut RunReport,
    ) -> Result<Ran> {
        let mut profile = Profile::default();
        let mut sink = |batch: Vec<Tagged>| {
            batch.iter().try_for_each(|one| {
                profile.add(one, tagger.taxonomy());
                writer.add(one)
            })
        };
        let runs = self
            .tagging
            .run_joined(&fresh.plans, joins, tagger, shell, &mut sink)?;
        let ran = runs.total();
        profile.add_rejected(ran.rejected);
        let mut files = Vec::new();
        for (print, file) in fresh.prints.iter().zip(&runs.files) {
            let (path, ran) = file;
            if let Some(print) = print {
                print.still_holds()?;
                files.push(IndexedFile {
                    name: name_of(path),
                    fingerprint: print.sha256.clone(),
                    rows: ran.rows,
                    tagged: ran.tagged,
                    rejected: ran.rejected,
                    when: report.began.clone(),
                });
            }
            report.files.push(FileReport {
                fingerprint: print.as_ref().map(|print| print.sha256.clone()),
                ..FileReport::of(file)
            });
        }
        report.ran(&ran);
        report.drift = drift::against(writer.runs(), &profile);
        writer.remember(files, profile);
        Ok(ran)
    }
}

/// The name of a file without the folder, personal data replaced.
pub fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    // An export may be called like the person who asked for it.
    Redactor::new()
        .redact(&name.to_string_lossy())
        .text
        .into_owned()
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
