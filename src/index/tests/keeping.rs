//! Deleting, correcting, tagging again, and what is remembered of files and runs.

use super::ids;
use crate::correction::{CorrectedTheme, Correction};
use crate::drift::Profile;
use crate::emotion::Emotion;
use crate::error::ErrorKind;
use crate::index::fixture::{MODEL, many, options, taxonomy, verbatims, votes, write};
use crate::index::{By, Index, IndexedFile, Query, RenewOptions, Setup, Whom, Writer};
use crate::measure::Measure;
use crate::model::Model;
use crate::sentiment::Polarity;
use crate::tag::{Tagged, Tagger};
use crate::theme::Taxonomy;
use crate::verbatim::Scales;
use std::path::Path;
use std::time::Duration;

fn open(folder: &Path, taxonomy: &Taxonomy) -> Writer {
    let setup = Setup {
        model: MODEL,
        taxonomy,
        scales: Scales::default(),
        votes: &votes(),
        catalog: "",
        lexicon: "",
    };
    Writer::open(folder, &setup, &options(1)).unwrap()
}

/// True when any file of the folder holds these bytes.
fn holds(folder: &Path, bytes: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let content = std::fs::read(path).unwrap();
        content
            .windows(bytes.len())
            .any(|window| window == bytes.as_bytes())
    })
}

/// Words that share no beginning, so that each lies whole in the stored records.
const PLANTED: [&str; 7] = [
    "zebrafish",
    "xylophone",
    "quartzite",
    "walnutoil",
    "umbrellas",
    "kohlrabis",
    "yardstick",
];

/// Verbatims with something to look for in the files; odd ones are of one customer, even ones of another.
fn planted() -> Vec<Tagged> {
    let mut all = verbatims();
    for (at, (one, word)) in all.iter_mut().zip(PLANTED).enumerate() {
        one.verbatim.customer = Some(["evens", "oddities"][at % 2].to_owned());
        one.verbatim.text = format!("{word} {}", one.verbatim.text);
    }
    all
}

/// True when any dictionary of the index has this word.
fn knows(folder: &Path, word: &str) -> bool {
    let index = Index::open(folder).unwrap();
    let term = tantivy::Term::from_field_text(index.schema.text, word);
    index.searcher().segment_readers().iter().any(|segment| {
        let dictionary = segment.inverted_index(index.schema.text).unwrap();
        dictionary.get_term_info(&term).unwrap().is_some()
    })
}

#[test]
fn what_is_deleted_is_gone_from_the_disk_when_compacted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all = planted();
    write(folder, &all[..4], 1);
    write(folder, &all[4..], 1);
    let whom = [
        Whom::Verbatim(all[0].verbatim.id.clone()),
        Whom::Customer("oddities".into()),
        Whom::Customer("nobody".into()),
    ];
    let erased = Index::erase(folder, &whom, false, &options(1)).unwrap();
    assert_eq!((erased.verbatims, &*erased.unknown), (4, &[2][..]));
    let index = Index::open(folder).unwrap();
    assert_eq!(index.len(), 3);
    assert_eq!(ids(&index, PLANTED[1]).unwrap(), [""; 0]);
    assert!(holds(folder, PLANTED[1]) && knows(folder, PLANTED[1]));
    Index::compact(folder, &options(1)).unwrap();
    // A reader of before goes on.
    assert_eq!(ids(&index, PLANTED[2]).unwrap(), [&*all[2].verbatim.id]);
    drop(index);
    for (at, word) in PLANTED.into_iter().enumerate() {
        let stays = at != 0 && at % 2 == 0;
        assert_eq!(holds(folder, word), stays, "{word}");
        assert_eq!(knows(folder, word), stays, "{word}");
    }
    assert!(!holds(folder, "oddities") && holds(folder, "evens"));
    Index::open(folder).unwrap().check().unwrap();
    // Nothing more to do, and all that is left may go as well.
    let again = Index::compact(folder, &options(1)).unwrap();
    assert_eq!(again.before, again.after);
    Index::erase(
        folder,
        &[Whom::Customer("evens".into())],
        false,
        &options(1),
    )
    .unwrap();
    Index::compact(folder, &options(1)).unwrap();
    assert!(Index::open(folder).unwrap().is_empty());
    assert!(!holds(folder, PLANTED[2]));
}

#[test]
fn a_correction_acts_at_once_and_survives_being_indexed_again() {
    let folder = tempfile::tempdir().unwrap();
    let all = verbatims();
    write(folder.path(), &all, 1);
    let id = all[1].verbatim.id.clone();
    let correction = Correction {
        sentiment: Some(Polarity::Positive),
        emotions: Some(vec![Emotion::Joy]),
        themes: Some(vec![CorrectedTheme {
            theme: "queue".into(),
            sentiment: None,
        }]),
        by: "ana".into(),
        when: "2026-11-28T06:00:00Z".into(),
    };
    let said = vec![
        (id.clone(), correction.clone()),
        ("none".into(), correction.clone()),
    ];
    let unknown = Index::correct(folder.path(), said, &options(1)).unwrap();
    assert_eq!(unknown, ["none"]);
    let check = || {
        let index = Index::open(folder.path()).unwrap();
        assert!(ids(&index, "theme:queue").unwrap().contains(&id));
        assert!(
            ids(&index, "emotion:joy sentiment:positive")
                .unwrap()
                .contains(&id)
        );
        assert_eq!(index.corrections().len(), 1);
        assert_eq!(index.corrections()[&id], correction);
        assert_eq!(index.len(), all.len() as u64);
    };
    check();
    write(folder.path(), &all, 1);
    check();
    let wrong = Correction {
        themes: Some(vec![CorrectedTheme {
            theme: "unheard".into(),
            sentiment: None,
        }]),
        ..Correction::default()
    };
    let error = Index::correct(folder.path(), vec![(id.clone(), wrong)], &options(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    check();
    // Who is deleted is not spoken of any more.
    Index::erase(folder.path(), &[Whom::Verbatim(id)], false, &options(1)).unwrap();
    assert!(Index::open(folder.path()).unwrap().corrections().is_empty());
}

#[test]
fn files_and_runs_are_remembered_with_the_commit() {
    let folder = tempfile::tempdir().unwrap();
    let taxonomy = taxonomy();
    let file = |name: &str| IndexedFile {
        name: name.into(),
        fingerprint: format!("print of {name}"),
        rows: 1,
        tagged: 1,
        rejected: 0,
        when: "2026-11-28T06:00:00Z".into(),
    };
    let mut writer = open(folder.path(), &taxonomy);
    writer.add(&verbatims()[0]).unwrap();
    writer.remember(vec![file("a")], Profile::default());
    drop(writer);
    let writer = open(folder.path(), &taxonomy);
    assert!(writer.files().is_empty() && writer.runs().is_empty());
    drop(writer);
    for night in 0..40 {
        let mut writer = open(folder.path(), &taxonomy);
        let name = if night % 2 == 0 { "a" } else { "b" };
        let run = Profile {
            rows: night,
            ..Profile::default()
        };
        writer.remember(vec![file(name)], run);
        writer.finish().unwrap();
    }
    let writer = open(folder.path(), &taxonomy);
    let names: Vec<&str> = writer.files().iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["a", "b"]);
    let rows: Vec<u64> = writer.runs().iter().map(|run| run.rows).collect();
    assert_eq!(rows, (10..40).collect::<Vec<u64>>());
}

fn renew(save_every: u64) -> RenewOptions {
    RenewOptions {
        writer: options(1),
        save_every: Duration::from_secs(save_every),
    }
}

fn export(folder: &Path) -> Vec<String> {
    let index = Index::open(folder).unwrap();
    let mut lines = Vec::new();
    index
        .each_record(&Query::All, |record| {
            lines.push(serde_json::to_string(&record).unwrap());
            Ok(())
        })
        .unwrap();
    lines
}

#[test]
fn tagging_again_is_taken_up_where_it_was_killed() {
    let taxonomy = Taxonomy::shipped().unwrap();
    let tagger = Tagger::new(Model::shipped().unwrap(), taxonomy).unwrap();
    let [whole, killed] = [(); 2].map(|()| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &many(20_000), 1);
        folder
    });
    let told = Index::renew(whole.path(), &tagger, ("", ""), &renew(60), &mut |_| ()).unwrap();
    assert_eq!((told.verbatims, told.resumed), (20_000, 0));
    assert!(told.changed > 0 && !told.tags.is_empty());

    let before = export(killed.path());
    // The process dies while it goes on after the first saving.
    let dies = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut watch = |done: u64| assert!(done < 16_000, "killed");
        Index::renew(killed.path(), &tagger, ("", ""), &renew(0), &mut watch)
    }));
    assert!(dies.is_err());
    assert_eq!(export(killed.path()), before, "the old state answers");
    let again = Index::renew(killed.path(), &tagger, ("", ""), &renew(60), &mut |_| ()).unwrap();
    assert!((1..20_000).contains(&again.resumed), "{}", again.resumed);
    assert_eq!(
        (again.verbatims, again.changed),
        (told.verbatims, told.changed)
    );
    assert_eq!(again.tags, told.tags);
    assert_eq!(export(killed.path()), export(whole.path()));
    let third = Index::renew(killed.path(), &tagger, ("", ""), &renew(60), &mut |_| ()).unwrap();
    assert_eq!((third.changed, third.tags.len()), (0, 0));
    let index = Index::open(killed.path()).unwrap();
    assert_eq!(index.model(), tagger.model());
    let all = index.aggregate(&Query::All, &By::parse("none")).unwrap();
    assert!(all.total.tally(Measure::Sentiment).n() > 0);
}
