//! What a user gives to adapt a model: rows with labels, and rows with scores.

use super::super::examples::key;
use crate::error::{Error, ErrorKind, Result};
use crate::eval::{self, Columns, Truth};
use crate::lang::Lang;
use crate::measure::{Measure, Vote};
use crate::sentiment::Polarity;
use crate::source::{Mapping, Role, Row, peek};
use rustc_hash::FxHashSet;
use std::path::Path;

/// A text and what its user says of it.
#[derive(Clone, Debug)]
pub struct Given {
    /// The text as it came: personal data are replaced when it is tagged.
    pub text: String,
    /// The language that its row states.
    pub stated: Option<Lang>,
    /// Its labels.
    pub truth: Truth,
    /// True when its label is only what its score suggests.
    pub scored: bool,
}

/// A file's rows.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// Its name without folders, as the card shows it.
    pub name: String,
    /// Its rows with a text and a label.
    pub rows: Vec<Given>,
    /// Rows left out: without a text, a label or a score that says something.
    pub left_out: u64,
}

/// Which scores stand for labels, and how their file is read.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The score.
    pub measure: Measure,
    /// What the user says about the columns.
    pub mapping: Mapping,
}

impl GivenFile {
    /// Reads a file as `voz eval` reads labelled ones; with `scored`, rows without a label take that of
    /// their score, and labels may be missing altogether.
    ///
    /// # Errors
    /// Those of reading, and `Input` when no row has a label or such a score.
    pub fn open(path: &Path, columns: &Columns, scored: Option<&Scored>) -> Result<Self> {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let mut file = Self {
            name: name.to_string_lossy().into_owned(),
            rows: Vec::new(),
            left_out: 0,
        };
        match (file.read_labels(path, columns), scored) {
            (Err(error), Some(_)) if error.kind() == ErrorKind::Input && !names_labels(columns) => {
            }
            (read, _) => read?,
        }
        if let Some(scored) = scored {
            file.read_scores(path, scored)
                .map_err(|error| error.at(path))?;
        }
        if file.rows.is_empty() {
            return Err(
                Error::input("no row has both a text and a score that takes a side").at(path),
            );
        }
        Ok(file)
    }

    fn read_labels(&mut self, path: &Path, columns: &Columns) -> Result<()> {
        let opened = eval::open(path, &self.name, columns)?;
        self.left_out = opened.empty + opened.unlabelled;
        for set in opened.sets {
            self.rows.extend(set.texts.into_iter().map(|one| Given {
                text: one.text,
                stated: set.lang,
                truth: one.truth,
                scored: false,
            }));
        }
        Ok(())
    }

    /// The top of a scale is positive, its bottom negative; what lies between says nothing.
    fn read_scores(&mut self, path: &Path, scored: &Scored) -> Result<()> {
        let plan = peek(path, &scored.mapping)?;
        let role = match scored.measure {
            Measure::Nps => Role::Nps,
            Measure::Csat => Role::Csat,
            _ => Role::Ces,
        };
        if plan.column(role).is_none() {
            let name = scored.measure.name();
            return Err(
                Error::input(format!("no column is known to hold the {name} scores"))
                    .hint("say which one does: --score COLUMN"),
            );
        }
        let labelled: FxHashSet<u64> = self.rows.iter().map(|one| key(&one.text)).collect();
        self.left_out = 0;
        for row in crate::source::open(path, &plan)? {
            let (Row::Verbatim(verbatim) | Row::Also(verbatim)) = row? else {
                self.left_out += 1;
                continue;
            };
            if labelled.contains(&key(&verbatim.text)) {
                continue;
            }
            let vote = verbatim.scores.vote(scored.measure, &plan.scales);
            let label = match vote {
                Some(Vote::Plus) => Polarity::Positive,
                Some(Vote::Minus) => Polarity::Negative,
                _ => {
                    self.left_out += 1;
                    continue;
                }
            };
            self.rows.push(Given {
                text: verbatim.text,
                stated: verbatim.stated,
                truth: Truth {
                    sentiment: Some(label),
                    ..Truth::default()
                },
                scored: true,
            });
        }
        Ok(())
    }
}

/// True when the user names a column of labels.
fn names_labels(columns: &Columns) -> bool {
    columns.sentiment.is_some() || columns.stars.is_some() || columns.emotions.is_some()
}
