//! `voz tag`: what is found in every comment of a file, without an index.

use super::Shell;
use super::files::keep_apart;
use super::input::{Input, Planned, Runs, Tagging};
use super::join::Joining;
use super::output::{Destination, clear};
use super::rows::{Comments, Rows};
use super::run_report::{FileReport, RunReport};
use crate::error::{Error, Result};
use crate::record::Record;
use crate::report::Kind;
use crate::source::{self, Joins, Role};
use crate::tag::Tagged;
use crate::theme::Taxonomy;
use clap::Args;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

/// Tag every comment of a file: language, sentiment, emotions, NEV, themes
#[derive(Args, Debug)]
pub struct Tag {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    tagging: Tagging,
    #[command(flatten)]
    joining: Joining,
    #[command(flatten)]
    rows: Rows,
    /// Write what the run did to a file, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Batches that wait to be written.
const WAITING: usize = 1;

impl Tag {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.rows.form()?;
        let begun = Instant::now();
        let read = [&*self.input.file, self.joining.files()].concat();
        keep_apart(&read, &[self.rows.output(), self.report.as_deref()])?;
        // Before any work: a report that cannot be written.
        let place = self
            .report
            .as_deref()
            .map(|path| Destination::open(Some(path)));
        let place = place.transpose()?;
        let mut report = RunReport::begin("tag");
        let (plans, tagger) = self.tagging.prepare(&self.input)?;
        clear(self.report.as_deref())?;
        report.read_by(&tagger);
        let mut joins = self.joining.open(&plans, &self.tagging)?;
        let comments = self.rows.open(fields(&plans, &joins), shell)?;
        let run = |sink: &mut dyn FnMut(Vec<Tagged>) -> Result<()>| {
            let tagging = &self.tagging;
            tagging.run_joined(&plans, &mut joins, &tagger, shell, sink)
        };
        let (runs, comments) = beside(comments, tagger.taxonomy(), run)?;
        let ran = runs.total();
        comments.finish(shell)?;
        let allowed = self.tagging.allow(&ran);
        if let Some(out) = place {
            report.files = runs.files.iter().map(FileReport::of).collect();
            report.ran(&ran);
            report.seconds = begun.elapsed().as_secs_f64();
            if let Err(error) = &allowed {
                report.ends_with(error);
            }
            report.write(out)?;
        }
        allowed
    }
}

/// The fields that the comments of the files may have, in the order they come first. A language that is not
/// analysed is one, too. Where files differ in what a field's values are, they are text.
fn fields(plans: &[Planned], joins: &Joins) -> Vec<(String, Kind)> {
    let mut fields: Vec<(String, Kind)> = Vec::new();
    let mut add = |name: &str, kind| match fields.iter_mut().find(|known| known.0 == name) {
        Some(known) if known.1 != kind => known.1 = Kind::Text,
        Some(_) => {}
        None => fields.push((name.to_owned(), kind)),
    };
    for planned in plans {
        let mut plan = planned.plan.clone();
        joins.show(&mut plan);
        let columns = plan.columns.iter();
        for column in columns.filter(|column| matches!(column.role, Role::Field | Role::Lang)) {
            let kind = match column.kind {
                source::Kind::Number => Kind::Number,
                source::Kind::Bool => Kind::Bool,
                source::Kind::Text | source::Kind::Date => Kind::Text,
            };
            add(&column.name, kind);
        }
        if let Some(question) = plan.question_field() {
            add(question, Kind::Text);
        }
    }
    fields
}

/// Runs `run` with a sink whose batches are written on a thread of their own, in order: the next batch is
/// tagged meanwhile. Gives what the run came to and the comments, not yet finished.
fn beside(
    mut comments: Comments,
    taxonomy: &Taxonomy,
    run: impl FnOnce(&mut dyn FnMut(Vec<Tagged>) -> Result<()>) -> Result<Runs>,
) -> Result<(Runs, Comments)> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Vec<Tagged>>(WAITING);
        let writing = scope.spawn(move || -> Result<Comments> {
            for batch in receiver {
                for tagged in &batch {
                    comments.add(&Record::new(tagged, taxonomy))?;
                }
                comments.show()?;
            }
            Ok(comments)
        });
        let ran = run(&mut |batch| {
            // Why it is not, the other thread tells.
            let sent = sender.send(batch);
            sent.map_err(|_| Error::input("the output is no longer written"))
        });
        drop(sender);
        let written = writing.join().unwrap_or_else(|panic| resume_unwind(panic));
        let comments = written?;
        Ok((ran?, comments))
    })
}
