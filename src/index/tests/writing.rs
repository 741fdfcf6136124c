//! What it keeps, replaces and refuses.

use super::{ids, told};
use crate::error::{ErrorKind, Result};
use crate::index::fixture::{MODEL, many, options, query, taxonomy, verbatims, votes, write};
use crate::index::{By, Index, Options, Query, Setup, Writer, WriterOptions, Written};
use crate::measure::Measure;
use crate::nev::Confusion;
use crate::tally::Tally;
use crate::verbatim::Scales;
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn the_same_id_replaces_and_what_is_replaced_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let verbatims = verbatims();
    let mut changed = verbatims[1].clone();
    changed.verbatim.scores.nps = Some(10);
    changed.verbatim.text = "Ahora la app va bien".to_owned();
    changed.mentions.clear();

    let first = write(folder.path(), &verbatims, 1);
    assert_eq!(
        first,
        Written {
            added: 7,
            replaced: 0,
            repeated: 0,
            barred: 0,
        }
    );
    let second = write(
        folder.path(),
        &[changed.clone(), verbatims[0].clone(), changed],
        1,
    );
    assert_eq!(
        second,
        Written {
            added: 0,
            replaced: 2,
            repeated: 1,
            barred: 0,
        }
    );

    let index = Index::open(folder.path()).unwrap();
    assert_eq!(index.len(), 7);
    assert_eq!(ids(&index, "\"no funciona\"").unwrap(), [""; 0]);
    assert_eq!(ids(&index, "app").unwrap(), ["a2"]);
    let figures = |by: &str| index.aggregate(&Query::All, &By::parse(by)).unwrap();
    assert_eq!(figures("none").total.n, 7);
    let nps = Tally {
        plus: 3,
        zero: 1,
        minus: 2,
    };
    assert_eq!(figures("none").total.tally(Measure::Nps), nps);
    assert!(
        figures("theme")
            .groups
            .iter()
            .all(|group| group.group != "app_crash")
    );
    let mut observed = 0;
    index
        .observations(&Query::All, Measure::Nps, |_, _| observed += 1)
        .unwrap();
    assert_eq!(observed, 5, "all with an NPS but the one that says nothing");
}

#[test]
fn what_is_not_committed_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &verbatims()[..3], 1);
    let taxonomy = taxonomy();
    let mut writer = open(folder.path(), MODEL, &taxonomy, &options(1)).unwrap();
    for verbatim in verbatims() {
        writer.add(&verbatim).unwrap();
    }
    drop(writer);
    assert_eq!(Index::open(folder.path()).unwrap().len(), 3);
}

#[test]
fn a_rebuild_replaces_everything_at_its_commit() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &verbatims(), 1);
    let taxonomy = taxonomy();
    let anew = WriterOptions {
        rebuild: true,
        ..options(1)
    };
    let mut writer = open(folder.path(), "other@2", &taxonomy, &anew).unwrap();
    writer.add(&verbatims()[0]).unwrap();
    let before = Index::open(folder.path()).unwrap();
    assert_eq!((before.len(), before.model()), (7, MODEL));
    assert_eq!(writer.finish().unwrap().added, 1);
    let after = Index::open(folder.path()).unwrap();
    assert_eq!((after.len(), after.model()), (1, "other@2"));
    // The reader that was open still answers.
    assert_eq!(ids(&before, "app").unwrap(), ["a2"]);
}

#[test]
fn a_taxonomy_may_grow_and_move() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &verbatims(), 1);
    let mut grown = taxonomy();
    grown.themes.reverse();
    grown.themes[0].driver = 0;
    let moved = open(folder.path(), MODEL, &grown, &options(1)).unwrap();
    moved.finish().unwrap();
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(ids(&index, "theme:app_crash").unwrap(), ["a2"]);
    assert_eq!(ids(&index, "driver:waiting").unwrap(), ["a1", "a2", "a3"]);
}

#[test]
fn one_writer_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let taxonomy = taxonomy();
    let _first = open(folder.path(), MODEL, &taxonomy, &options(1)).unwrap();
    let error = open(folder.path(), MODEL, &taxonomy, &options(1))
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(told(&error).contains("another run is writing this index"));
}

#[test]
fn an_index_that_cannot_be_used_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let refused = |expected: &str| {
        let error = Index::open(path).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Model, "{error}");
        let told = told(&error);
        assert!(told.contains(expected), "{told}");
        assert!(told.contains("voz index FILE --index"), "{told}");
    };
    refused("there is no index here");
    write(path, &verbatims(), 1);

    let taxonomy = taxonomy();
    let error = open(path, "fast@9", &taxonomy, &options(1)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Model);
    assert!(told(&error).contains("fixed@1") && told(&error).contains("fast@9"));
    assert!(told(&error).contains("--rebuild"));

    let manifest = std::fs::read_to_string(path.join("voz.json")).unwrap();
    let put = |text: &str| std::fs::write(path.join("voz.json"), text).unwrap();
    put(&manifest.replacen("\"format\": 3", "\"format\": 99", 1));
    refused("format 99; this program reads format 3");
    put(&manifest[..manifest.len() / 2]);
    refused("voz.json is damaged");
    put(&manifest.replacen("\"g1\"", "\"../g1\"", 1));
    refused("voz.json is damaged");
    put(&manifest.replacen("\"g1\"", "\"g7\"", 1));
    refused("g7/meta.json is missing");
}

#[test]
fn a_damaged_file_is_told_and_never_a_panic() {
    for damage in [
        cut_short as fn(&mut Vec<u8>),
        |bytes| flip_a_bit(bytes),
        Vec::clear,
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &many(50), 1);
        let segments = folder.path().join("g1");
        let files: Vec<_> = std::fs::read_dir(&segments)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|one| one != "json" && one != "lock")
            })
            .filter(|path| std::fs::metadata(path).unwrap().len() > 0)
            .collect();
        assert!(files.len() >= 3);
        for file in files {
            let whole = std::fs::read(&file).unwrap();
            let mut bytes = whole.clone();
            damage(&mut bytes);
            std::fs::write(&file, bytes).unwrap();
            let error = Index::open(folder.path())
                .and_then(|index| {
                    index.check()?;
                    index.search(&query("caja"), &Options::default())?;
                    index.aggregate(&Query::All, &By::Theme)
                })
                .err()
                .unwrap();
            assert_eq!(
                error.kind(),
                ErrorKind::Model,
                "{}: {error}",
                file.display()
            );
            std::fs::write(&file, whole).unwrap();
        }
    }
}

fn cut_short(bytes: &mut Vec<u8>) {
    bytes.truncate(bytes.len() / 2);
}

fn flip_a_bit(bytes: &mut [u8]) {
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
}

fn open(
    folder: &Path,
    model: &'static str,
    taxonomy: &crate::theme::Taxonomy,
    options: &WriterOptions,
) -> Result<Writer> {
    open_with(folder, model, taxonomy, &votes(), options)
}

fn open_with(
    folder: &Path,
    model: &'static str,
    taxonomy: &crate::theme::Taxonomy,
    votes: &BTreeMap<String, Confusion>,
    options: &WriterOptions,
) -> Result<Writer> {
    let setup = Setup {
        model,
        taxonomy,
        scales: Scales::default(),
        votes,
        catalog: "",
        lexicon: "",
    };
    Writer::open(folder, &setup, options)
}

#[test]
fn a_card_that_tells_more_is_learned_from_and_one_that_tells_less_is_not() {
    let (folder, taxonomy) = (tempfile::tempdir().unwrap(), taxonomy());
    let adjusted = |votes: &BTreeMap<String, Confusion>| {
        let mut writer = open_with(folder.path(), MODEL, &taxonomy, votes, &options(1)).unwrap();
        for verbatim in &many(70) {
            writer.add(verbatim).unwrap();
        }
        writer.finish().unwrap();
        let index = Index::open(folder.path()).unwrap();
        let all = index.aggregate(&query(""), &By::All).unwrap();
        index.nev_adjusted(&all.total)
    };
    let silent = BTreeMap::new();
    assert_eq!(adjusted(&silent), None);
    let told = adjusted(&votes());
    assert!(told.is_some());
    assert_eq!(adjusted(&silent), told);
}
