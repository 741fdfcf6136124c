//! The comments that themes are found in: of a file, or of an index.

use super::super::Shell;
use super::super::input::{Input, Tagging};
use super::super::progress::Progress;
use crate::error::{Error, Result};
use crate::index::{Index, Query};
use crate::lang::Lang;
use crate::record::Record;
use crate::tag::{Tagged, Tagger};
use crate::theme::discover::{Comment, Sample};
use rayon::prelude::*;
use std::path::Path;

/// Where comments come from. They are read twice: to find themes, and to count them.
pub enum Source<'s> {
    /// A file.
    File(&'s Input),
    /// What a query finds in an index.
    Index(Box<Index>, Query),
}

/// The themes of one comment: all of them, each once, and the main one.
pub struct Told {
    /// The id of the comment.
    pub id: String,
    /// True when it says something in a language that is read.
    pub analysed: bool,
    /// Positions of its themes, ascending.
    pub themes: Vec<u16>,
    /// Position of its main theme.
    pub main: Option<u16>,
}

impl<'s> Source<'s> {
    /// A file if there is one, else an index.
    pub fn new(file: Option<&'s Input>, index: &Path, query: &str) -> Result<Self> {
        match file {
            Some(input) if input.is_stream() => Err(Error::usage(
                "themes are not found in standard input: the comments are read twice",
            )
            .hint("write them to a file first")),
            Some(input) => Ok(Self::File(input)),
            None => {
                let query = Query::parse(query)?;
                Ok(Self::Index(Box::new(Index::open(index)?), query))
            }
        }
    }

    /// Takes a sample of the comments' clauses.
    pub fn sample(&self, sample: &mut Sample<'_>, tagger: &Tagger, shell: &Shell) -> Result<()> {
        match self {
            Self::File(input) => {
                let (plans, tagging) = (input.plans()?, Tagging::default());
                let mut sink = |batch: Vec<Tagged>| {
                    let comments: Vec<Comment<'_>> =
                        batch.par_iter().filter_map(of_tagged).collect();
                    sample.add(&comments);
                    // What a batch holds is given back on every core, too.
                    batch.into_par_iter().for_each(drop);
                    Ok(())
                };
                tagging.run(&plans, tagger, shell, &mut sink)?;
            }
            Self::Index(index, query) => {
                let progress = Progress::rows(shell);
                let mut rows = 0;
                index.walk(query, |batch| {
                    let read = batch.par_iter();
                    let comments: Vec<Comment<'_>> = read
                        .filter_map(|(record, lang)| Some(of_record(record, (*lang)?, tagger)))
                        .collect();
                    sample.add(&comments);
                    rows += batch.len() as u64;
                    batch.into_par_iter().for_each(drop);
                    progress.at(rows);
                    Ok(())
                })?;
                progress.clear();
            }
        }
        Ok(())
    }

    /// Hands on the themes of every comment, by the taxonomy of `tagger`.
    pub fn themes(
        &self,
        tagger: &Tagger,
        shell: &Shell,
        each: &mut dyn FnMut(Told) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::File(input) => {
                let (plans, tagging) = (input.plans()?, Tagging::default());
                let mut sink = |batch| all_told(batch).into_iter().try_for_each(&mut *each);
                tagging.run(&plans, tagger, shell, &mut sink)?;
                Ok(())
            }
            Self::Index(index, query) => {
                let progress = Progress::rows(shell);
                let mut rows = 0;
                index.walk_rethemed(query, tagger, |batch| {
                    rows += batch.len() as u64;
                    progress.at(rows);
                    all_told(batch).into_iter().try_for_each(&mut *each)
                })?;
                progress.clear();
                Ok(())
            }
        }
    }
}

/// What is told of each comment, found on every core.
fn all_told(batch: Vec<Tagged>) -> Vec<Told> {
    batch.into_par_iter().map(told).collect()
}

fn told(tagged: Tagged) -> Told {
    let mut themes: Vec<u16> = tagged
        .mentions
        .iter()
        .map(|mention| mention.theme)
        .collect();
    themes.sort_unstable();
    themes.dedup();
    Told {
        analysed: tagged.meaningful && tagged.analysed.is_some(),
        themes,
        main: tagged.main,
        id: tagged.verbatim.id,
    }
}

fn of_tagged(tagged: &Tagged) -> Option<Comment<'_>> {
    let named = tagged.mentions.iter();
    Some(Comment {
        id: &tagged.verbatim.id,
        text: &tagged.verbatim.text,
        lang: tagged.analysed?,
        clauses: tagged.clauses.iter().map(|one| one.span.clone()).collect(),
        named: named.map(|one| (one.theme, one.start as usize)).collect(),
    })
}

fn of_record<'r>(record: &'r Record<'_>, lang: Lang, tagger: &Tagger) -> Comment<'r> {
    let named = record.mentions.iter();
    Comment {
        id: &record.id,
        text: &record.text,
        lang,
        clauses: record
            .clauses
            .iter()
            .map(|one| one.start..one.end)
            .collect(),
        named: named
            .filter_map(|one| Some((tagger.taxonomy().theme(&one.theme)?, one.start)))
            .collect(),
    }
}
