//! What a run did, for those who watch over it: JSON for machines, a few lines for people.

use super::Shell;
use super::now::now;
use super::output::Destination;
use crate::drift::Drift;
use crate::error::{Error, Result};
use crate::pii::Redactor;
use crate::report::{Sheet, Show};
use crate::run::Ran;
use crate::source::JoinCounts;
use crate::tag::Tagger;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// What a run did. Its JSON is what `--report` writes; members are only added from version to version.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
pub struct RunReport {
    /// The version of the program.
    pub voz: &'static str,
    /// The verb.
    pub verb: &'static str,
    /// The exit code of the program.
    pub exit: u8,
    /// What failed, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it began, as UTC in RFC 3339.
    pub began: String,
    /// How long it took.
    pub seconds: f64,
    /// The files, in their order.
    pub files: Vec<FileReport>,
    /// Rows that were verbatims or rejects.
    pub rows: u64,
    /// Verbatims tagged.
    pub tagged: u64,
    /// Verbatims that say something.
    pub meaningful: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Rows refused, by reason.
    pub reasons: BTreeMap<String, u64>,
    /// What became of the verbatims in the index; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexReport>,
    /// Meaningful verbatims by the code of their language.
    pub languages: BTreeMap<String, u64>,
    /// Personal data replaced, by type.
    pub redactions: BTreeMap<String, u64>,
    /// Name and version of the model; the version holds a hash of its files.
    pub model: String,
    /// Hash of the taxonomy, a user's own themes included.
    pub taxonomy: String,
    /// What second files had for the comments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<JoinCounts>,
    /// Figures that are not what the last runs let expect.
    pub drift: Vec<Drift>,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// Its name without the folder; `-` for standard input.
    pub name: String,
    /// SHA-256 of its content and of how it was read; absent for standard input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// True when it was in the index already, and so not read.
    pub skipped: bool,
    /// Rows that were verbatims or rejects.
    pub rows: u64,
    /// Verbatims tagged.
    pub tagged: u64,
    /// Rows refused.
    pub rejected: u64,
}

impl FileReport {
    /// What a file that was read came to.
    pub fn of((path, ran): &(PathBuf, Ran)) -> Self {
        Self {
            name: super::index::name_of(path),
            fingerprint: None,
            skipped: false,
            rows: ran.rows,
            tagged: ran.tagged,
            rejected: ran.rejected,
        }
    }
}

/// What became of verbatims in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct IndexReport {
    /// With an id that was not in the index.
    pub added: u64,
    /// In the place of one from an earlier run.
    pub replaced: u64,
    /// With an id that had come before in this run.
    pub repeated: u64,
    /// Kept out: they, or their customer, were deleted for good.
    pub barred: u64,
    /// In the index after the run.
    pub verbatims: u64,
}

impl RunReport {
    /// Says what reads the comments.
    pub fn read_by(&mut self, tagger: &Tagger) {
        self.model = tagger.model();
        self.taxonomy = tagger.taxonomy().fingerprint();
    }

    /// Takes over the counts of a run.
    pub fn ran(&mut self, ran: &Ran) {
        self.rows = ran.rows;
        self.tagged = ran.tagged;
        self.meaningful = ran.meaningful;
        self.rejected = ran.rejected;
        self.reasons = ran
            .reasons
            .iter()
            .map(|(reason, n)| ((*reason).to_owned(), *n))
            .collect();
        self.languages.clone_from(&ran.languages);
        self.redactions = ran
            .redactions
            .iter()
            .map(|(pii, n)| (pii.name().to_owned(), n))
            .collect();
        self.joins.clone_from(&ran.joins);
    }

    /// The report of a run of `verb` that begins now.
    pub fn begin(verb: &'static str) -> Self {
        Self {
            voz: env!("CARGO_PKG_VERSION"),
            verb,
            began: now(),
            ..Self::default()
        }
    }

    /// Says how the run ended.
    pub fn ends_with(&mut self, error: &Error) {
        self.exit = error.kind().exit_code();
        // It names files and columns as they are; a report goes further than the screen.
        self.error = Some(Redactor::new().redact(&error.to_string()).text.into_owned());
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, mut out: Destination) -> Result<()> {
        let told = |error| Error::io("the run report cannot be written", error);
        let json = serde_json::to_string_pretty(self)
            .map_err(|error| Error::input("the run report has no JSON form").caused_by(error))?;
        writeln!(out, "{json}").map_err(told)?;
        out.finish()
    }

    /// Says what departs from the last runs, as a short table.
    pub fn say_drift(&self, shell: &Shell) {
        let Some(first) = self.drift.first() else {
            return;
        };
        let columns = [
            ("figure", Show::Text),
            ("now", Show::Number),
            ("before", Show::Number),
            ("t", Show::Points),
        ];
        let mut sheet = Sheet::new(&shell.locale, &columns);
        sheet.rows.extend(self.drift.iter().map(|one| {
            // Shares are told in hundredths, a length in characters.
            let scale = if one.figure == "length" { 1.0 } else { 100.0 };
            vec![
                Value::from(one.figure.as_str()),
                (scale * one.now).into(),
                (scale * one.before).into(),
                one.t.into(),
            ]
        }));
        let runs = shell.locale.count(first.runs as u64);
        shell.say(&shell.locale.fill("run.drift", &[("runs", &runs)]));
        shell.say(&sheet.to_table(&shell.locale, None));
    }
}
