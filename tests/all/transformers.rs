//! Transformers: the tiny models of `tests/data/transformers` against what Python answers for them.

use crate::program::{Desk, Told};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use voz::model::{Classifier, Model, Transformer};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/transformers");

fn folder(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name)
}

fn json(name: &str) -> Value {
    let text = std::fs::read_to_string(folder(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The texts by name, and whether each is longer than every model.
fn texts() -> Vec<(String, String, bool)> {
    let all = json("texts.json");
    let one = |text: &Value| {
        let of = |key: &str| text[key].as_str().unwrap().to_owned();
        (of("name"), of("text"), text["long"] == true)
    };
    all.as_array().unwrap().iter().map(one).collect()
}

fn open(name: &str) -> Transformer {
    let vocabulary = Model::shipped().unwrap().vocabulary;
    Transformer::open(&folder(name), None, &vocabulary).unwrap()
}

fn run(model: &Transformer, texts: &[&str]) -> Vec<Vec<f32>> {
    match model.labels() {
        Some(_) => model.logits(texts).unwrap(),
        None => model.vectors(texts).unwrap(),
    }
}

fn farthest(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

const MODELS: [&str; 7] = [
    "bert-stars",
    "roberta-sentiment",
    "xlmr-sentiment",
    "xlmr-emotion",
    "distilbert-emotions",
    "electra-sentiment",
    "bert-embedding",
];

#[test]
fn every_family_gives_the_numbers_that_python_gives() {
    let reference = json("reference.json");
    for name in MODELS {
        let model = open(name);
        for (text_name, text, _) in texts().into_iter().filter(|(.., long)| !long) {
            let expected = &reference[name][&text_name];
            let ids: Vec<i64> = serde_json::from_value(expected["input_ids"].clone()).unwrap();
            assert_eq!(model.pieces(&text), ids, "{name}: {text_name}: {text:?}");
            let key = if name == "bert-embedding" {
                "embedding"
            } else {
                "logits"
            };
            let expected: Vec<f32> = serde_json::from_value(expected[key].clone()).unwrap();
            let got = run(&model, &[&text]);
            let distance = farthest(&got[0], &expected);
            assert!(
                distance <= 1e-4,
                "{name}: {text_name}: {distance} away\n{:?}\n{expected:?}",
                got[0]
            );
        }
    }
}

#[test]
fn a_text_gives_the_same_in_any_company() {
    let texts = texts();
    let texts: Vec<&str> = texts.iter().map(|(_, text, _)| text.as_str()).collect();
    for name in MODELS {
        let model = open(name);
        let together = run(&model, &texts);
        let doubled: Vec<&str> = texts.iter().rev().chain(&texts).copied().collect();
        let doubled = run(&model, &doubled);
        for (at, text) in texts.iter().enumerate() {
            let alone = run(&model, &[text]).remove(0);
            assert!(
                alone.iter().all(|number| number.is_finite()),
                "{name}: {text:?}"
            );
            for other in [
                &together[at],
                &doubled[texts.len() - 1 - at],
                &doubled[texts.len() + at],
            ] {
                assert_eq!(&alone, other, "{name}: {text:?}");
            }
        }
    }
}

#[test]
fn long_texts_are_read_to_their_end() {
    let model = open("bert-stars");
    let long = "muy buena atención ".repeat(400);
    let ended = format!("{long}pésima espera");
    let logits = model.logits(&[&long, &ended]).unwrap();
    assert_ne!(logits[0], logits[1], "the last words count");
}

/// A copy of a tiny model on the desk.
fn copied(desk: &Desk, name: &str) -> PathBuf {
    let place = desk.path("copy");
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir(&place).unwrap();
    for entry in std::fs::read_dir(folder(name)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, place.join(path.file_name().unwrap())).unwrap();
        }
    }
    place
}

fn refused(place: &Path) -> voz::error::Error {
    let vocabulary = Model::shipped().unwrap().vocabulary;
    match Transformer::open(place, None, &vocabulary) {
        Ok(_) => panic!("{} opens", place.display()),
        Err(error) => error,
    }
}

#[test]
fn a_damaged_model_is_an_error() {
    let desk = Desk::new();
    for name in MODELS {
        let place = copied(&desk, name);
        for path in Transformer::files(&place).unwrap() {
            let file = path.file_name().unwrap().to_str().unwrap().to_owned();
            // Lists of pieces may end anywhere.
            if ["vocab.txt", "merges.txt"].contains(&file.as_str()) {
                continue;
            }
            let whole = std::fs::read(&path).unwrap();
            for cut in [0, 1, whole.len() / 3, whole.len() - 5] {
                std::fs::write(&path, &whole[..cut]).unwrap();
                let vocabulary = Model::shipped().unwrap().vocabulary;
                let opened = Transformer::open(&place, None, &vocabulary);
                assert!(opened.is_err(), "{name}: {file} cut at {cut} opens");
            }
            std::fs::write(&path, &whole).unwrap();
        }
    }
}

#[test]
fn parts_of_different_models_are_told_apart() {
    let desk = Desk::new();
    let place = copied(&desk, "bert-stars");
    let config = std::fs::read_to_string(place.join("config.json")).unwrap();
    std::fs::write(
        place.join("config.json"),
        config.replace("\"hidden_size\": 24", "\"hidden_size\": 48"),
    )
    .unwrap();
    let error = refused(&place);
    assert!(error.to_string().contains("config.json says"), "{error}");
    assert!(error.advice().unwrap().contains("same model"), "{error}");

    let place = copied(&desk, "bert-stars");
    std::fs::rename(
        place.join("model.safetensors"),
        place.join("pytorch_model.bin"),
    )
    .unwrap();
    let error = refused(&place);
    assert!(error.to_string().contains("pytorch_model.bin"), "{error}");
    assert!(
        error.advice().unwrap().contains("save_pretrained"),
        "{error}"
    );

    let place = copied(&desk, "bert-stars");
    for file in ["tokenizer.json", "vocab.txt"] {
        std::fs::remove_file(place.join(file)).unwrap();
    }
    assert!(refused(&place).advice().unwrap().contains("tokenizer.json"));
}

#[test]
fn labels_that_nobody_knows_are_shown_to_be_filled_in() {
    let error = refused(&folder("bert-labels"));
    let advice = error.advice().unwrap();
    assert!(
        advice.contains("\"LABEL_2\" = \"\"") && advice.contains("--labels"),
        "{advice}"
    );
}

/// Runs `voz` with a shelf of its own.
fn voz(desk: &Desk, line: &str) -> Told {
    desk.shell(&format!("VOZ_MODELS=shelf \"$VOZ\" {line}"))
}

const TABLE: &str =
    "[labels]\nLABEL_0 = \"negative\"\nLABEL_1 = \"neutral\"\nLABEL_2 = \"positive\"\n";

#[test]
fn a_model_is_added_looked_at_used_and_removed() {
    let desk = Desk::with("labels.toml", TABLE);
    desk.put(
        "few.csv",
        "id,comment\n1,Muy buena atención\n2,The app crashes and nobody answers\n",
    );
    let add = format!("models add '{}' --as tiny", folder("bert-labels").display());
    let told = voz(&desk, &add).ended(4);
    assert!(told.stderr.contains("LABEL_1"), "{}", told.stderr);
    voz(&desk, &format!("{add} --labels labels.toml")).done();
    let listed = voz(&desk, "models list --format jsonl").done();
    let names: Vec<String> = listed
        .objects()
        .iter()
        .map(|one| one["model"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["fast", "accurate", "tiny"]);
    voz(&desk, "models show tiny").done();
    voz(&desk, "models verify tiny").done();

    let tagged = voz(&desk, "tag few.csv --model tiny").done();
    let by_name: Vec<Value> = tagged.objects();
    assert_eq!(by_name.len(), 2);
    assert!(
        by_name
            .iter()
            .all(|one| one["sentiment"]["label"].is_string()),
        "{by_name:?}"
    );
    let one_thread = voz(&desk, "tag few.csv --model tiny --threads 1").done();
    assert_eq!(
        one_thread.stdout, tagged.stdout,
        "the same bytes whatever the threads"
    );
    voz(&desk, "index few.csv --model tiny --index an-index").done();
    let told = voz(&desk, "index few.csv --index an-index").ended(4);
    assert!(
        told.stderr.contains("tiny@"),
        "an index keeps to its model: {}",
        told.stderr
    );
    let why = voz(
        &desk,
        "explain 'Muy buena atención' --model tiny --format jsonl",
    )
    .done();
    let why = why.objects().remove(0);
    let features = why["why"]["features"].as_array().unwrap();
    assert!(features.iter().any(|one| one["kind"] == "omitted"), "{why}");
    let sums: BTreeMap<&str, f64> = ["negative", "neutral", "positive"]
        .into_iter()
        .map(|label| {
            (
                label,
                features
                    .iter()
                    .map(|one| one["sentiment"][label].as_f64().unwrap())
                    .sum(),
            )
        })
        .collect();
    for (label, sum) in sums {
        let logit = why["why"]["decision"]["logits"][label].as_f64().unwrap();
        assert!(
            (sum - logit).abs() < 1e-4,
            "{label}: what words add is {sum}, the logit {logit}"
        );
    }

    std::fs::write(desk.path("shelf/tiny/config.json"), "{}").unwrap();
    let told = voz(&desk, "models verify tiny").ended(4);
    assert!(
        told.stderr.contains("config.json changed"),
        "{}",
        told.stderr
    );
    voz(&desk, "models remove tiny").done();
    let told = voz(&desk, "tag few.csv --model tiny").ended(4);
    assert!(told.stderr.contains("voz models add"), "{}", told.stderr);
}

#[test]
fn vectors_are_written_one_per_comment() {
    let desk = Desk::with(
        "few.csv",
        "id,comment\n1,Muy buena atención\n2,a@b.es está mal\n",
    );
    let line = format!(
        "embed few.csv --model '{}'",
        folder("bert-embedding").display()
    );
    let told = voz(&desk, &line).done().objects();
    assert_eq!(told.len(), 2);
    let vector: Vec<f64> = serde_json::from_value(told[0]["vector"].clone()).unwrap();
    let length: f64 = vector.iter().map(|number| number * number).sum();
    assert!((length - 1.0).abs() < 1e-4, "{length}");
    let line = format!(
        "tag few.csv --model '{}'",
        folder("bert-embedding").display()
    );
    let told = voz(&desk, &line).ended(4);
    assert!(told.stderr.contains("voz embed"), "{told}");
}

#[test]
fn a_cascade_is_chosen_on_labelled_texts_and_stands_on_the_card() {
    let desk = Desk::with("labels.toml", TABLE);
    let mut labelled = String::from("text,sentiment\n");
    for at in 0..200 {
        labelled.extend([
            format!("Muy buena atención número {at} gracias,positive\n"),
            format!("The app number {at} is terrible and crashes,negative\n"),
        ]);
    }
    desk.put("labelled.csv", labelled);
    let add = format!(
        "models add '{}' --as tiny --labels labels.toml",
        folder("bert-labels").display()
    );
    voz(&desk, &add).done();
    let told = voz(&desk, "explain 'muy bien' --model fast+tiny").ended(4);
    assert!(
        told.stderr.contains("voz models cascade tiny"),
        "{}",
        told.stderr
    );
    let told = voz(&desk, "models cascade tiny labelled.csv").done();
    assert!(told.stderr.contains("fast+tiny"), "{}", told.stderr);
    let card: Value = serde_json::from_str(&desk.read("shelf/tiny/card.json")).unwrap();
    assert!(card["sure"]["saved"].as_f64().unwrap() > 0.0, "{card}");
    let both = voz(
        &desk,
        "eval labelled.csv --model fast+tiny --model tiny --format jsonl",
    )
    .done();
    let both = both.objects().remove(0);
    assert!(
        both["against"]["differences"][0]["interval"].is_object(),
        "{both}"
    );
}

/// The model that is built in reads both languages, alone and after the fast one, and says which decided.
#[test]
fn the_bilingual_model_is_built_in() {
    let desk = Desk::new();
    for (text, label) in [
        ("Llevo tres semanas esperando y nadie responde.", "negative"),
        ("Excelente atención, volveré sin duda.", "positive"),
        ("The room was dirty and the bathroom smelled.", "negative"),
        ("Excellent service, I will certainly come back.", "positive"),
    ] {
        for model in ["accurate", "fast+accurate"] {
            let told = voz(&desk, &format!("explain '{text}' --model {model}")).done();
            let found = &told.objects()[0];
            assert_eq!(found["sentiment"]["label"], label, "{model}: {text}");
            let decided = found["why"]["model"].as_str().unwrap();
            assert!(!decided.contains('+'), "{decided}");
        }
    }
    let told = voz(&desk, "models remove accurate").ended(2);
    assert!(told.stderr.contains("part of the program"), "{told}");
}
