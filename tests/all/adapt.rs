//! `voz train --from`: a model adapted to rows of one's own, all invented here.

use super::program::{Desk, SAMPLE, Told};
use serde_json::Value;

const THINGS: [&str; 10] = [
    "rink",
    "ice",
    "track",
    "hall",
    "surface",
    "lane",
    "arena",
    "floor",
    "session",
    "morning run",
];
const ENDS: [&str; 6] = [
    "today",
    "again",
    "as always",
    "this week",
    "for our club",
    "in the evening",
];
/// What skaters want of ice, and what they do not.
const WANTED: [&str; 5] = ["cold", "hard", "freezing", "empty", "bitter"];
const UNWANTED: [&str; 5] = ["warm", "soft", "lively", "gentle", "sunny"];

/// Each thing with each word and end, with a label of its own.
fn rows(words: [&[&str]; 2], labels: [&str; 2]) -> Vec<String> {
    let mut rows = Vec::new();
    for (words, label) in words.into_iter().zip(labels) {
        for thing in THINGS {
            for end in ENDS {
                rows.extend(
                    words
                        .iter()
                        .map(|word| format!("The {thing} was {word} {end},{label}")),
                );
            }
        }
    }
    rows
}

fn file(header: &str, rows: &[String]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

/// A skating club's rows: the label, and whether there is joy.
fn club() -> Vec<String> {
    rows([&WANTED, &UNWANTED], ["positive,1", "negative,0"])
}

fn adapt(desk: &Desk, file: &str, out: &str, flags: &[&str]) -> Told {
    let command = ["train", "--from", "fast", "--examples", file, "--out", out];
    desk.voz(&[&command, flags].concat())
}

fn bytes(desk: &Desk, name: &str) -> Vec<u8> {
    std::fs::read(desk.path(name)).unwrap()
}

#[test]
fn a_domain_where_words_mean_the_opposite_is_learned() {
    let desk = Desk::with("club.csv", file("text,label,joy", &club()));
    let told = adapt(&desk, "club.csv", "club", &[]).done();
    let gains = told
        .says(&["club.csv: 600 rows with a label", "fast+club@1-"])
        .objects();
    let of = |task: &str, label: &str| {
        let found = |one: &&Value| one["task"] == task && one["label"] == label;
        gains.iter().find(found).unwrap()
    };
    let whole = of("sentiment", "macro-F1");
    assert!(whole["gain"].as_f64() > Some(0.2), "{whole}");
    assert!(whole["low"].as_f64() > Some(0.0), "{whole}");
    assert!(whole["texts"].as_u64() >= Some(50), "{whole}");
    assert!(of("sentiment", "negative")["after"].as_f64() > Some(0.8));
    assert!(of("emotions", "macro-F1")["gain"].as_f64() >= Some(0.0));

    let card: Value = serde_json::from_str(&desk.read("club/card.json")).unwrap();
    let texts = whole["texts"].as_u64().unwrap();
    let source = card["sources"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&source["name"], &source["texts"]),
        (&"club.csv".into(), &(600 - texts).into())
    );
    assert!(source["licence"].is_string());
    let adapted = &card["adapted"][0];
    assert!(adapted["from"].as_str().unwrap().starts_with("fast@"));
    assert_eq!(adapted["gains"][0]["after"], whole["after"]);
    assert!(!desk.read("club/card.json").contains("morning run"));
    assert_eq!(card["votes"], Value::Null);

    // What was saved is what was measured, and it can be adapted again.
    desk.put(
        "one.csv",
        "text\nThe rink was cold today\nMuy amables y rápidos\n",
    );
    let read = desk
        .voz(&["tag", "one.csv", "--model", "club"])
        .done()
        .objects();
    let said = [
        &read[0]["sentiment"]["label"],
        &read[1]["sentiment"]["label"],
    ];
    assert_eq!(said, ["positive", "positive"]);
    desk.voz(&["models", "show", "club"]).done();
    let again = [
        "train",
        "--from",
        "club",
        "--examples",
        "club.csv",
        "--out",
        "again",
        "--name",
        "ours",
    ];
    desk.voz(&again).done().says(&["ours@1-"]);
    let card: Value = serde_json::from_str(&desk.read("again/card.json")).unwrap();
    assert_eq!(card["adapted"].as_array().unwrap().len(), 2);
}

/// Neither the order of the rows, nor rows said twice, nor the threads change a byte.
#[test]
fn the_same_rows_give_the_same_bytes() {
    let desk = Desk::new();
    let mut all = club();
    for folder in ["a", "b"] {
        std::fs::create_dir(desk.path(folder)).unwrap();
    }
    desk.put("a/club.csv", file("text,label,joy", &all));
    all.reverse();
    all.swap(3, 400);
    all.push(all[7].clone());
    desk.put("b/club.csv", file("text,label,joy", &all));
    adapt(&desk, "a/club.csv", "first", &["--threads", "1"]).done();
    adapt(&desk, "b/club.csv", "second", &["--threads", "4"]).done();
    for name in ["weights.bin", "card.json", "calibration.json", "rules.toml"] {
        assert!(
            bytes(&desk, &format!("first/{name}")) == bytes(&desk, &format!("second/{name}")),
            "{name}"
        );
    }
}

/// Right labels measure; wrong scores, 25 to a label, are learned from.
#[test]
fn a_worse_model_is_not_saved() {
    let clear: [&[&str]; 2] = [
        &["great", "lovely", "excellent"],
        &["awful", "terrible", "horrible"],
    ];
    let mut all = rows(clear, ["positive,", "negative,"]);
    for place in ["north", "south", "east", "west", "old"] {
        for more in ["really", "just", "so", "quite", "truly"] {
            for row in rows(clear, [",0", ",10"]) {
                let row = row.replace("The ", &format!("The {place} "));
                all.push(row.replace(" was ", &format!(" was {more} ")));
            }
        }
    }
    let desk = Desk::with("wrong.csv", file("text,label,nps", &all));
    let told = adapt(&desk, "wrong.csv", "new", &["--weak", "nps"]).ended(3);
    let told = told.says(&[
        "360 rows with a label, 9,000 with the label that their score suggests, 0 with neither",
        "the new model is worse on held-out rows: sentiment",
        "it was not saved; look for wrong labels",
    ]);
    assert!(told.objects()[0]["gain"].as_f64() < Some(0.0), "{told}");
    assert!(!desk.has("new"));
    adapt(&desk, "wrong.csv", "new", &["--weak", "nps", "--force"])
        .done()
        .says(&["saved all the same"]);
    assert!(desk.has("new/weights.bin"));
}

#[test]
fn too_few_rows_do_not_tell() {
    let desk = Desk::with("few.csv", file("text,label,joy", &club()[..60]));
    adapt(&desk, "few.csv", "new", &[]).ended(3).says(&[
        "too few to tell",
        "give 250 rows or more of different texts, or --force",
    ]);
    assert!(!desk.has("new"));
    adapt(&desk, "few.csv", "new", &["--force"])
        .done()
        .says(&["saved all the same"]);
    assert!(desk.has("new/card.json"));
}

#[test]
fn scores_of_the_sample_stand_for_labels() {
    let desk = Desk::new();
    let told = adapt(&desk, SAMPLE, "new", &["--weak", "nps", "--force"]).done();
    let gain = &told.says(&["nubela.csv: 0 rows with a label"]).objects()[0];
    assert!(gain["texts"].as_u64() >= Some(50), "{gain}");
    let card: Value = serde_json::from_str(&desk.read("new/card.json")).unwrap();
    let adapted = &card["adapted"][0];
    assert_eq!(adapted["labelled"], 0);
    assert!(adapted["scored"].as_u64() > Some(300), "{adapted}");
}

#[test]
fn a_wrong_command_says_what_to_write() {
    let desk = Desk::with("club.csv", file("text,label,joy", &club()));
    let cases: [(&[&str], i32, &str, &str); 7] = [
        (
            &[],
            2,
            "neither a recipe nor a model",
            "--from fast --examples FILE",
        ),
        (
            &["r.toml"],
            2,
            "a recipe needs the folder",
            "voz train RECIPE --data DIR",
        ),
        (
            &["--from", "fast"],
            2,
            "adapted from another one and to examples",
            "--examples FILE",
        ),
        (
            &["--examples", "club.csv"],
            2,
            "adapted from another one and to examples",
            "--from fast",
        ),
        (
            &["r.toml", "--from", "fast", "--examples", "club.csv"],
            2,
            "not both",
            "voz train RECIPE",
        ),
        (
            &["--from", "gone", "--examples", "club.csv"],
            4,
            "gone",
            "weights.bin",
        ),
        (
            &["--from", "fast", "--examples", "club.csv", "--score", "x"],
            2,
            "--score names the column",
            "--weak nps",
        ),
    ];
    for (flags, code, error, advice) in cases {
        let out = ["--out", "new"];
        desk.voz(&[&["train"], flags, &out].concat())
            .refused(code, error, advice);
    }
    adapt(&desk, "club.csv", "new", &["--weak", "csat"])
        .says(&["say which one does: --score COLUMN"])
        .ended(3);
    desk.put("plain.csv", "text,region\ngood,South\n");
    adapt(&desk, "plain.csv", "new", &[]).refused(
        3,
        "no column is known to hold labels",
        "--sentiment NAME",
    );
    assert!(!desk.has("new"));
}
