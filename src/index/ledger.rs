//! The ledger: what an index knows beside its verbatims. It is part of each commit, so that it is there whole
//! or not at all, together with the verbatims it speaks of.

use super::bar::Bars;
use super::failure::{damaged, failure};
use super::renew::Renewed;
use crate::correction::Correction;
use crate::drift::Profile;
use crate::error::{Error, Result};
use crate::pii::{Counts, Redactor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// How many of the last runs are remembered.
const RUNS: usize = 30;

/// What an index knows beside its verbatims.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    /// The files it was made from, in the order they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<IndexedFile>,
    /// What people said, by id of the verbatim.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) corrections: BTreeMap<String, Correction>,
    /// Who was deleted for good.
    #[serde(default, skip_serializing_if = "Bars::is_empty")]
    pub(super) bars: Bars,
    /// What the last runs looked like, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) runs: Vec<Profile>,
    /// In segments that are being tagged again: what was done so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) renewed: Option<Renewed>,
}

/// A file that is in an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexedFile {
    /// Its name without the folder.
    pub name: String,
    /// SHA-256 of its content and of how it was read, in hexadecimal.
    pub fingerprint: String,
    /// Rows that were verbatims or rejects.
    pub rows: u64,
    /// Verbatims.
    pub tagged: u64,
    /// Rows refused.
    pub rejected: u64,
    /// When it was indexed, as UTC in RFC 3339.
    pub when: String,
}

impl Ledger {
    /// The ledger of the last commit; empty where there is none.
    pub(super) fn read(folder: &Path, index: &tantivy::Index) -> Result<Self> {
        let metas = index
            .load_metas()
            .map_err(|error| failure(folder, "reading the index", error))?;
        match metas.payload.as_deref() {
            None | Some("") => Ok(Self::default()),
            Some(json) => serde_json::from_str(json).map_err(|error| {
                damaged(folder, "the index is damaged: its ledger cannot be read").caused_by(error)
            }),
        }
    }

    /// As it is committed.
    pub(super) fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| {
            Error::model("the ledger of an index has no JSON form").caused_by(error)
        })
    }

    /// Puts marks in place of personal data in ids, in who corrected them, and in names of files.
    pub(super) fn redact(&mut self, redactor: &Redactor) {
        let mut counts = Counts::default();
        let corrections = std::mem::take(&mut self.corrections);
        for (mut id, mut correction) in corrections {
            redactor.redact_id("id", &mut id, &mut counts);
            correction.by = redactor.redact(&correction.by).text.into_owned();
            self.corrections.insert(id, correction);
        }
        for file in &mut self.files {
            file.name = redactor.redact(&file.name).text.into_owned();
        }
    }

    /// Remembers a run, and forgets the oldest beyond thirty.
    pub(super) fn add_run(&mut self, profile: Profile) {
        self.runs.push(profile);
        let beyond = self.runs.len().saturating_sub(RUNS);
        self.runs.drain(..beyond);
    }

    /// Remembers a file; one of the same content takes the place of the earlier.
    pub(super) fn add_file(&mut self, file: IndexedFile) {
        self.files
            .retain(|known| known.fingerprint != file.fingerprint);
        self.files.push(file);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_corrected_is_marked_as_ids_and_files_are() {
        let mut ledger = Ledger::default();
        let correction = Correction {
            by: "ana.perez@correo.example".into(),
            ..Correction::default()
        };
        ledger.corrections.insert("7".into(), correction);
        ledger.redact(&Redactor::new());
        assert_eq!(ledger.corrections["7"].by, "[EMAIL]");
    }
}
