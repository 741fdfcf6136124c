//! What `voz tag --format jsonl` prints: the schema, the order, the spans.

use super::program::{Desk, SAMPLE};
use serde_json::Value;

const SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/models/schema/verbatim.schema.json"
);

/// Members that the schema leaves out where they are not known.
const SOMETIMES: [&str; 2] = ["date", "customer"];

fn tagged() -> Vec<Value> {
    let desk = Desk::new();
    desk.voz(&["tag", SAMPLE, "--format", "jsonl", "--rejects", "r.csv"])
        .done()
        .objects()
}

fn comments() -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_path(SAMPLE).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| (row[0].to_owned(), row[17].to_owned()))
        .collect()
}

#[test]
fn every_line_is_as_the_schema_says() {
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(SCHEMA).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let objects = tagged();
    for object in &objects {
        let errors: Vec<String> = validator
            .iter_errors(object)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{object}");
    }
    // The schema is not one that everything passes.
    let mut broken = objects[0].clone();
    broken["sentiment"]["label"] = "splendid".into();
    assert!(!validator.is_valid(&broken));
    let required: Vec<&str> = schema["required"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    for member in [
        "id",
        "lang",
        "sentiment",
        "emotions",
        "expressed",
        "nev",
        "mentions",
        "text",
        "scores",
        "fields",
    ] {
        assert!(required.contains(&member), "{member}");
    }
    let known = schema["properties"].as_object().unwrap().keys();
    assert!(
        known.into_iter().all(|name| {
            required.contains(&name.as_str()) || SOMETIMES.contains(&name.as_str())
        })
    );
}

#[test]
fn one_line_for_each_row_in_their_order() {
    let (objects, comments) = (tagged(), comments());
    assert_eq!(objects.len(), comments.len());
    for (object, (id, comment)) in objects.iter().zip(&comments) {
        assert_eq!(
            (&object["id"], &object["text"]),
            (&id.as_str().into(), &comment.trim().into())
        );
    }
}

#[test]
fn what_is_not_analysed_is_null_and_not_neutral() {
    for object in tagged() {
        let code = object["lang"]["code"].as_str().unwrap();
        let read = object["meaningful"] == true && ["es", "en"].contains(&code);
        assert_eq!(object["sentiment"].is_null(), !read, "{object}");
        assert_eq!(object["nev"].is_null(), !read, "{object}");
        assert_eq!(
            object["emotions"].as_object().unwrap().is_empty(),
            !read,
            "{object}"
        );
        assert_eq!(
            object["clauses"].as_array().unwrap().is_empty(),
            !read,
            "{object}"
        );
        if object["text"] == "N/A" || object["text"] == "" {
            assert_eq!(object["meaningful"], false);
        }
    }
}

#[test]
fn spans_lie_on_characters_and_mentions_in_their_clauses() {
    let mut mentions = 0;
    for object in tagged() {
        let text = object["text"].as_str().unwrap();
        let span = |of: &Value| {
            let at = |name: &str| usize::try_from(of[name].as_u64().unwrap()).unwrap();
            at("start")..at("end")
        };
        let mut end = 0;
        for clause in object["clauses"].as_array().unwrap() {
            let span = span(clause);
            assert!(span.start >= end && !span.is_empty(), "{object}");
            assert!(text.get(span.clone()).is_some(), "{object}");
            end = span.end;
        }
        for mention in object["mentions"].as_array().unwrap() {
            let inner = span(mention);
            let words = text.get(inner.clone()).unwrap();
            assert!(
                !words.is_empty() && words == words.trim(),
                "{words:?} {object}"
            );
            let clauses = object["clauses"].as_array().unwrap();
            let around = clauses.iter().find(|clause| {
                let outer = span(clause);
                outer.start <= inner.start && inner.end <= outer.end
            });
            assert!(around.is_some(), "{words:?} {object}");
            mentions += 1;
        }
    }
    assert!(mentions > 700, "only {mentions}");
}
