//! `voz redact`: an index of before a rule is brought to it, and keeps nothing of what it held.

use super::privacy::{PERSONAL, assert_no_trace, traces};
use super::program::{Desk, files};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use voz::index::{Index, Setup, Writer, WriterOptions};
use voz::pii::Redactor;
use voz::tag::Tagger;
use voz::verbatim::{Scales, Scores, Value, Verbatim};

fn verbatim(id: &str, text: &str) -> Verbatim {
    Verbatim {
        id: id.to_owned(),
        text: text.to_owned(),
        stated: None,
        asked: None,
        day: None,
        customer: None,
        scores: Scores::default(),
        fields: Vec::new(),
    }
}

/// Verbatims with every kind of personal data in every place, and two without.
fn verbatims() -> Vec<Verbatim> {
    let mut verbatims = vec![
        verbatim("clean-1", "La espera fue eterna y nadie responde"),
        verbatim(
            "clean-2",
            "The staff was very kind, order 8827361520 came on time",
        ),
    ];
    for (at, (_, said, datum)) in PERSONAL.iter().enumerate() {
        let mut one = verbatim(
            &format!("v{at}"),
            &format!("El servicio es muy malo. {said} {datum}. Nobody answered my calls"),
        );
        one.customer = Some(format!("{said} {datum}"));
        one.fields = vec![
            (Arc::from("channel"), Value::Text("web".into())),
            (Arc::from("note"), Value::Text(format!("{said} {datum} x"))),
        ];
        verbatims.push(one);
    }
    let mut named = verbatim("ana.id@correo.example", "Fine");
    named.fields = vec![
        (
            Arc::from("column of ana.column@correo.example"),
            Value::Bool(true),
        ),
        (Arc::from("card"), Value::Number(4_111_111_111_111_111.0)),
    ];
    verbatims.push(named);
    verbatims
}

/// An index as a program without rules would have made it.
fn plant(folder: &Path) {
    let tagger = Tagger::shipped()
        .unwrap()
        .with_redactor(Redactor::without_rules());
    let model = tagger.model();
    let setup = Setup {
        model: &model,
        taxonomy: tagger.taxonomy(),
        scales: Scales::default(),
        votes: tagger.votes(),
        catalog: "",
    };
    let options = WriterOptions {
        threads: 1,
        ..WriterOptions::default()
    };
    let mut writer = Writer::open(folder, &setup, &options).unwrap();
    let mut add = |verbatims: Vec<Verbatim>| {
        for tagged in tagger.tag(verbatims).unwrap() {
            writer.add(&tagged).unwrap();
        }
        writer.commit().unwrap();
    };
    add(verbatims());
    // Replaced, but its bytes are still there.
    add(vec![verbatim(
        "twice",
        "escriban a ana.replaced@correo.example por favor",
    )]);
    add(vec![verbatim("twice", "all is well now")]);
    writer.finish().unwrap();
}

fn bytes_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder)
        .into_iter()
        // Locks hold nothing, and are made anew.
        .filter(|path| path.extension().is_none_or(|extension| extension != "lock"))
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect()
}

fn holds(folder: &Path, trace: &str) -> bool {
    let trace = trace.as_bytes();
    bytes_of(folder)
        .values()
        .any(|bytes| bytes.windows(trace.len()).any(|window| window == trace))
}

#[test]
fn nothing_of_the_original_is_left_in_any_byte() {
    let desk = Desk::new();
    let index = desk.path("index");
    plant(&index);
    assert!(holds(&index, "ana.column@correo.example"), "planted");
    let planted = PERSONAL
        .iter()
        .filter(|(.., datum)| traces(datum).iter().any(|trace| holds(&index, trace)));
    assert!(planted.count() > 0, "planted in records");

    let before = bytes_of(&index);
    let dry = desk.voz(&[
        "redact",
        "--index",
        "index",
        "--dry-run",
        "--format",
        "jsonl",
    ]);
    let dry = dry
        .done()
        .says(&["comments hold personal data", "Without --dry-run"]);
    assert_eq!(before, bytes_of(&index), "a dry run writes nothing");

    let clean = |desk: &Desk| {
        let told = desk
            .voz(&["export", "--index", "index", "--format", "jsonl"])
            .done();
        let mut objects = told.objects();
        objects.retain(|object| object["id"].as_str().unwrap().starts_with("clean"));
        objects
    };
    let clean_before = clean(&desk);
    let told = desk
        .voz(&["redact", "--index", "index", "--format", "jsonl"])
        .done();
    assert_eq!(
        dry.objects(),
        told.objects(),
        "a dry run counts what is replaced"
    );
    let counts: BTreeMap<String, u64> = told
        .objects()
        .iter()
        .map(|row| {
            (
                row["type"].as_str().unwrap().to_owned(),
                row["n"].as_u64().unwrap(),
            )
        })
        .collect();
    for (mark, ..) in PERSONAL {
        let count = counts[mark.trim_matches(['[', ']'])];
        assert!(
            count >= 3,
            "{mark} {count}: in a text, a customer and a field"
        );
    }
    assert_no_trace("stdout", told.stdout.as_bytes());
    assert_no_trace("stderr", told.stderr.as_bytes());
    let after = bytes_of(&index);
    assert!(
        after
            .keys()
            .all(|path| !path.to_string_lossy().contains("/g1/"))
    );
    for (path, bytes) in &after {
        assert_no_trace(&path.display().to_string(), bytes);
    }
    for trace in ["ana.id", "ana.column", "ana.replaced", "correo.example"] {
        assert!(!holds(&index, trace), "{trace}");
    }

    // What had no personal data is as it was; what had any fits its new text.
    assert_eq!(clean_before, clean(&desk));
    let exported = desk
        .voz(&["export", "--index", "index", "--format", "jsonl"])
        .done();
    assert_eq!(exported.objects().len(), verbatims().len() + 1);
    for object in exported.objects() {
        let text = object["text"].as_str().unwrap();
        for clause in object["clauses"].as_array().unwrap() {
            let (start, end) = (
                clause["start"].as_u64().unwrap(),
                clause["end"].as_u64().unwrap(),
            );
            assert!(text.get(start as usize..end as usize).is_some(), "{text}");
        }
    }
    let found = desk
        .voz(&[
            "search", "servicio", "--index", "index", "--format", "jsonl",
        ])
        .done();
    assert!(!found.objects().is_empty());

    let again = desk.voz(&["redact", "--index", "index"]);
    again.done().says(&["No personal data found"]);
    assert_eq!(after, bytes_of(&index), "nothing to do, nothing done");
}

#[test]
fn names_are_replaced_when_asked() {
    let desk = Desk::with(
        "file.csv",
        "id,comment\n1,Me atendió Laura Gómez muy bien\n",
    );
    desk.index("file.csv").done();
    let search = |desk: &Desk| {
        desk.voz(&["search", "--index", "index", "--format", "jsonl"])
            .done()
            .stdout
    };
    assert!(search(&desk).contains("Laura"));
    desk.voz(&["redact", "--index", "index"])
        .done()
        .says(&["No personal data"]);
    desk.voz(&["redact", "--index", "index", "--names"])
        .done()
        .says(&["1 of 1"]);
    assert!(search(&desk).contains("Me atendió [NAME] muy bien"));
    for (path, bytes) in bytes_of(&desk.path("index")) {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!text.contains("laura"), "{}", path.display());
    }
    let tagged = desk
        .voz(&["tag", "file.csv", "--names", "--format", "jsonl"])
        .done();
    assert!(tagged.stdout.contains("Me atendió [NAME] muy bien"));
}

#[test]
fn a_killed_run_leaves_the_index_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    plant(folder.path());
    let tagger = Tagger::shipped().unwrap();
    let options = WriterOptions::default();
    let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        Index::redact(folder.path(), &tagger, &options, &mut |_| panic!("killed"))
    }));
    assert!(killed.is_err());
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(index.len(), verbatims().len() as u64 + 1);
    let found = index.personal(tagger.redactor(), &mut |_| {}).unwrap();
    assert!(found.changed > PERSONAL.len() as u64 - 1, "{found:?}");
    drop(index);
    Index::redact(folder.path(), &tagger, &options, &mut |_| {}).unwrap();
    for (_, said, datum) in PERSONAL {
        for trace in traces(datum) {
            assert!(!holds(folder.path(), &trace), "{said} {trace}");
        }
    }
    let index = Index::open(folder.path()).unwrap();
    assert!(
        index
            .personal(tagger.redactor(), &mut |_| {})
            .unwrap()
            .is_none()
    );
}
