//! The folder of segments inside an index folder.
//!
//! Segments lie in a folder named `g` and a number; the manifest says which. A rebuild writes a
//! new one beside it and publishes it by replacing the manifest: the old index answers until then.

use super::analyzer::analyzers;
use super::failure::{damaged, failure, guarded};
use super::manifest::Manifest;
use super::schema::Fields;
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use tantivy::{IndexReader, ReloadPolicy};

/// Below this size every byte of the segments is checked when an index is opened: it takes under
/// 0.1 s. Above it a damaged file shows when it is read.
const CHECKED_BELOW: u64 = 64 << 20;

/// A name that no folder of segments has yet.
pub(super) fn next(folder: &Path) -> String {
    let last = generations(folder)
        .into_iter()
        .map(|(number, _)| number)
        .max();
    format!("g{}", last.unwrap_or(0) + 1)
}

/// True when there are verbatims in a folder of segments: an index whose manifest is missing is
/// damaged, not new.
pub(super) fn hold_verbatims(folder: &Path) -> bool {
    generations(folder).into_iter().any(|(_, path)| {
        tantivy::Index::open_in_dir(path)
            .and_then(|index| index.searchable_segment_metas())
            .is_ok_and(|segments| !segments.is_empty())
    })
}

/// Removes every folder of segments but those to `keep`: what killed rebuilds left. Best effort; what
/// cannot be removed now is removed by a later run.
pub(super) fn sweep(folder: &Path, keep: &[&str]) {
    for (number, path) in generations(folder) {
        if !keep.contains(&&*format!("g{number}")) {
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

/// The file in a folder of segments that are not complete yet; it says of what.
const DRAFT: &str = "voz-draft";

/// The folder of unfinished segments that were begun for `key`.
pub(super) fn draft(folder: &Path, key: &str) -> Option<String> {
    let begun = |path: &PathBuf| {
        std::fs::read_to_string(path.join(DRAFT)).is_ok_and(|written| written == key)
    };
    let drafts = generations(folder).into_iter();
    drafts
        .filter(|(_, path)| begun(path))
        .map(|(number, _)| format!("g{number}"))
        .next()
}

/// Marks segments as unfinished, begun for `key`.
pub(super) fn mark_draft(folder: &Path, name: &str, key: &str) -> Result<()> {
    let path = folder.join(name).join(DRAFT);
    std::fs::write(&path, key)
        .map_err(|error| Error::io("writing the index failed", error).at(&path))
}

/// Takes the mark away. Best effort: on segments that the manifest points to it means nothing.
pub(super) fn unmark_draft(folder: &Path, name: &str) {
    let _ = std::fs::remove_file(folder.join(name).join(DRAFT));
}

/// Bytes of the segments that the manifest points to.
pub(super) fn size_of(folder: &Path, manifest: &Manifest) -> u64 {
    size(&folder.join(&manifest.segments))
}

/// Tries again to remove every folder of segments but `keep`.
///
/// # Errors
/// [`crate::error::ErrorKind::Io`] when one is still there.
pub(super) fn no_others(folder: &Path, keep: &str) -> Result<()> {
    for (number, path) in generations(folder) {
        if format!("g{number}") != keep {
            std::fs::remove_dir_all(&path).map_err(|error| {
                Error::io("the segments from before cannot be removed", error)
                    .at(&path)
                    .hint("the new ones are in use; remove that folder, for it holds the personal data")
            })?;
        }
    }
    Ok(())
}

/// The folders of segments with their numbers.
fn generations(folder: &Path) -> Vec<(u64, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let number = entry
                .file_name()
                .to_str()?
                .strip_prefix('g')?
                .parse()
                .ok()?;
            let path = entry.path();
            path.join("meta.json").exists().then_some((number, path))
        })
        .collect()
}

/// Makes an empty index.
pub(super) fn create(folder: &Path, manifest: &Manifest) -> Result<tantivy::Index> {
    let path = folder.join(&manifest.segments);
    std::fs::create_dir_all(&path)
        .map_err(|error| Error::io("making the index folder failed", error).at(&path))?;
    tantivy::Index::builder()
        .schema(Fields::schema().0)
        .tokenizers(analyzers())
        .create_in_dir(&path)
        .map_err(|error| failure(folder, "making the index", error))
}

/// Opens the segments that the manifest points to.
pub(super) fn open(folder: &Path, manifest: &Manifest) -> Result<tantivy::Index> {
    let path = folder.join(&manifest.segments);
    if !path.join("meta.json").exists() {
        return Err(damaged(
            folder,
            format!(
                "the index is damaged: {}/meta.json is missing",
                manifest.segments
            ),
        ));
    }
    guarded(folder, || {
        let mut index = tantivy::Index::open_in_dir(&path)
            .map_err(|error| failure(folder, "opening the index", error))?;
        if index.schema() != Fields::schema().0 {
            return Err(damaged(
                folder,
                "the index is damaged: its schema is not the one of its format",
            ));
        }
        index.set_tokenizers(analyzers());
        if size(&path) < CHECKED_BELOW {
            check(folder, &index)?;
        }
        Ok(index)
    })
}

/// Compares every file with its checksum.
pub(super) fn check(folder: &Path, index: &tantivy::Index) -> Result<()> {
    let broken = index
        .validate_checksum()
        .map_err(|error| failure(folder, "checking the index", error))?;
    match broken.iter().min() {
        None => Ok(()),
        Some(file) => Err(damaged(
            folder,
            format!(
                "the index is damaged: {} has changed since it was written",
                file.display()
            ),
        )),
    }
}

/// A reader that shows the committed state and moves on only when told to.
pub(super) fn reader(folder: &Path, index: &tantivy::Index) -> Result<IndexReader> {
    index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
        .map_err(|error| failure(folder, "opening the index", error))
}

fn size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else {
        return 0;
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len()))
        .sum()
}
