//! `voz tag`: what is found in every comment of a file, without an index.

use super::Shell;
use super::input::{Input, Tagging};
use super::rows::{Comments, Rows};
use crate::error::{Error, Result};
use crate::record::Record;
use crate::report::Kind;
use crate::run::Ran;
use crate::source::{self, Plan, Role};
use crate::tag::Tagged;
use crate::theme::Taxonomy;
use clap::Args;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;

/// Tag every comment of a file: language, sentiment, emotions, NEV, themes
#[derive(Args, Debug)]
pub struct Tag {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    tagging: Tagging,
    #[command(flatten)]
    rows: Rows,
}

/// Batches that wait to be written.
const WAITING: usize = 1;

impl Tag {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.rows.form()?;
        let (plan, tagger) = self.tagging.prepare(&self.input)?;
        let comments = self.rows.open(fields(&plan), shell)?;
        let run = |sink: &mut dyn FnMut(Vec<Tagged>) -> Result<()>| {
            let tagging = &self.tagging;
            tagging.run(&self.input, &plan, &tagger, shell, sink)
        };
        let (ran, comments) = beside(comments, tagger.taxonomy(), run)?;
        comments.finish(shell)?;
        self.tagging.allow(&ran)
    }
}

/// The fields that the comments of a file may have. A language that is not analysed is one, too.
fn fields(plan: &Plan) -> impl Iterator<Item = (String, Kind)> {
    let columns = plan.columns.iter();
    let kept = columns.filter(|column| matches!(column.role, Role::Field | Role::Lang));
    kept.map(|column| {
        let kind = match column.kind {
            source::Kind::Number => Kind::Number,
            source::Kind::Bool => Kind::Bool,
            source::Kind::Text | source::Kind::Date => Kind::Text,
        };
        (column.name.to_string(), kind)
    })
}

/// Runs `run` with a sink whose batches are written on a thread of their own, in order: the next batch is
/// tagged meanwhile. Gives what the run came to and the comments, not yet finished.
fn beside(
    mut comments: Comments,
    taxonomy: &Taxonomy,
    run: impl FnOnce(&mut dyn FnMut(Vec<Tagged>) -> Result<()>) -> Result<Ran>,
) -> Result<(Ran, Comments)> {
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
