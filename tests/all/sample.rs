//! Does the engine find what was planted in the sample?
//!
//! The effects are those of `corpora/planted.toml`; the engine reads the themes itself, from the
//! comments. What it does not find is listed below and printed, so that nobody takes it for found.

use super::program::Desk;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs::read_to_string;

/// Planted effects that the engine does not find, and why; the numbers are of verbatims whose gold
/// mention of the theme is negative. A line whose effect is found again must go.
const KNOWN_MISSES: [(&str, &str); 4] = [
    (
        "phone-wait-leads",
        "half of them are found: most tell how long they waited and not that it was on the phone",
    ),
    (
        "staff-attitude-rude",
        "29 mentions are read as complaints, some of which praise: the sign is right, the interval holds 0",
    ),
    (
        "problem-not-solved",
        "25 mentions are read as complaints, some of which praise: the sign is right, the interval holds 0",
    ),
    (
        "promises-everywhere",
        "most set the date told against the date it was, in no words that are on a list",
    ),
];

const PLANTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/planted.toml");

/// Normal quantile of 95 % intervals.
const Z95: f64 = 1.959_964;

#[derive(Deserialize)]
struct Planted {
    effect: Vec<Effect>,
}

#[derive(Deserialize)]
struct Effect {
    id: String,
    kind: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    polarity: String,
    #[serde(default)]
    column: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    sign: f64,
    #[serde(default, rename = "where")]
    here: toml::Table,
    #[serde(default)]
    against: toml::Table,
}

/// What the engine says of an effect.
struct Found {
    seen: bool,
    says: String,
}

/// An interval, and whether it lies on the side of 0 that was planted.
fn found(effect: &Effect, value: f64, low: f64, high: f64) -> Found {
    let seen = match effect.kind.as_str() {
        "decoy" => low < 0.0 && high > 0.0,
        _ if effect.sign > 0.0 => low > 0.0,
        _ => high < 0.0,
    };
    let says = format!("{value:+.2} [{low:.2}, {high:.2}]");
    Found { seen, says }
}

/// A selection of `planted.toml` as a query.
fn query(selection: &toml::Table) -> String {
    let filter = |(key, value): (&String, &toml::Value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let named = |value: &str| value.replace(":any", "");
        match key.as_str() {
            "since" => format!("date:{value}.."),
            "until" => format!("-date:{value}.."),
            "names" => format!("theme:{}", named(&value)),
            "names_not" => format!("-theme:{}", named(&value)),
            "text" => format!("sentiment:{value}"),
            key => match key.strip_suffix("_not") {
                Some(key) => format!("-{key}:{value}"),
                None => format!("{key}:{value}"),
            },
        }
    };
    selection.iter().map(filter).collect::<Vec<_>>().join(" ")
}

/// The records that a selection finds, with everything the engine tagged.
fn records(desk: &Desk, selection: &toml::Table) -> Vec<Value> {
    let query = query(selection);
    let ask = [
        "search", "--index", "index", "-n", "1000", "--format", "jsonl", "--", &query,
    ];
    let records = desk.voz(&ask).done().objects();
    assert!(!records.is_empty(), "{query} finds nothing");
    records
        .into_iter()
        .filter(|record| record["meaningful"] == true)
        .collect()
}

fn mentions<'r>(record: &'r Value, effect: &Effect) -> Vec<&'r str> {
    let all = record["mentions"].as_array().unwrap().iter();
    all.filter(|mention| mention["theme"] == effect.theme.as_str())
        .map(|mention| mention["sentiment"].as_str().unwrap())
        .filter(|sentiment| effect.polarity == "any" || *sentiment == effect.polarity)
        .collect()
}

/// The numbers of an effect in one selection.
fn values(effect: &Effect, records: &[Value]) -> Vec<f64> {
    let sign = |sentiment: &str| match sentiment {
        "positive" => 100.0,
        "negative" => -100.0,
        _ => 0.0,
    };
    let of = |record: &Value| match effect.kind.as_str() {
        "share" => vec![if mentions(record, effect).is_empty() {
            0.0
        } else {
            100.0
        }],
        "sentiment" => {
            let told: BTreeSet<&str> = mentions(record, effect).into_iter().collect();
            told.into_iter().map(sign).collect()
        }
        "contrast" => match record["scores"]["nps"].as_u64() {
            Some(9..) => vec![100.0],
            Some(7..) => vec![0.0],
            Some(_) => vec![-100.0],
            None => Vec::new(),
        },
        _ => match &record["fields"][&effect.column] {
            Value::Bool(yes) => vec![if *yes { 100.0 } else { 0.0 }],
            Value::Number(number) => number.as_f64().into_iter().collect(),
            _ => Vec::new(),
        },
    };
    records.iter().flat_map(of).collect()
}

/// Mean, and variance of the mean.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, squares / (n - 1.0) / n)
}

/// The difference of two means with its interval.
fn difference(desk: &Desk, effect: &Effect) -> Found {
    let here = values(effect, &records(desk, &effect.here));
    let there = values(effect, &records(desk, &effect.against));
    let ((a, va), (b, vb)) = (mean(&here), mean(&there));
    let half = Z95 * (va + vb).sqrt();
    let mut found = found(effect, a - b, a - b - half, a - b + half);
    let _ = write!(found.says, ", n {} against {}", here.len(), there.len());
    found
}

/// The row of a theme as `voz drivers` prints it, and its place.
fn impact(desk: &Desk, effect: &Effect) -> Found {
    let drivers = [
        "drivers",
        "--themes",
        "--named",
        &effect.polarity,
        "--index",
        "index",
    ];
    let rows = desk.voz(&drivers).done().objects();
    let Some(place) = rows
        .iter()
        .position(|row| row["theme"] == effect.theme.as_str())
    else {
        return Found {
            seen: false,
            says: "named by fewer than 5".to_owned(),
        };
    };
    let row = &rows[place];
    let number = |name: &str| row[name].as_f64().unwrap();
    let mut found = found(effect, number("impact"), number("low"), number("high"));
    let _ = write!(
        found.says,
        ", n {}, place {} of {}",
        row["n"],
        place + 1,
        rows.len()
    );
    found
}

fn transversal(desk: &Desk, effect: &Effect) -> Found {
    let mut units: BTreeMap<String, u32> = BTreeMap::new();
    let names = format!("{}:{}", effect.theme, effect.polarity);
    let selection = toml::Table::from_iter([("names".to_owned(), names.into())]);
    for record in records(desk, &selection) {
        let unit = record["fields"][&effect.field].as_str().unwrap().to_owned();
        *units.entry(unit).or_default() += 1;
    }
    Found {
        seen: units.values().filter(|n| **n >= 5).count() >= 3,
        says: format!("{units:?}"),
    }
}

/// Whether a theme stands first among the root causes.
fn leads(desk: &Desk, effect: &Effect) -> Found {
    let drivers = ["drivers", "--themes", "--named", "negative"];
    let rows = desk.voz(&[&drivers[..], &["--index", "index"]].concat());
    let first = rows.done().objects()[0]["theme"].clone();
    Found {
        seen: first == effect.theme.as_str(),
        says: format!("{first} leads"),
    }
}

/// Prints what became of an effect; true when that is as expected.
fn as_expected(id: &str, found: &Found) -> bool {
    let excuse = KNOWN_MISSES.iter().find(|(known, _)| *known == id);
    let (word, why) = match (found.seen, excuse) {
        (true, None) => ("found", ""),
        (false, Some((_, why))) => ("MISSED:", *why),
        (true, Some(_)) => ("found, though it stands among the misses", ""),
        (false, None) => ("MISSED without a reason", ""),
    };
    println!("{id:26} {} {word} {why}", found.says);
    found.seen != excuse.is_some()
}

#[test]
fn what_was_planted_is_found() {
    let desk = Desk::new();
    desk.index_sample();
    let planted: Planted = toml::from_str(&read_to_string(PLANTED).unwrap()).unwrap();
    assert!(planted.effect.len() >= 20);
    let mut wrong = Vec::new();
    let mut tell = |id: String, found: &Found| {
        if !as_expected(&id, found) {
            wrong.push(format!("{id}: {}", found.says));
        }
    };
    for effect in &planted.effect {
        let found = match effect.kind.as_str() {
            "impact" | "decoy" => impact(&desk, effect),
            "transversal" => transversal(&desk, effect),
            _ => difference(&desk, effect),
        };
        tell(effect.id.clone(), &found);
        if effect.id == "phone-wait" {
            tell("phone-wait-leads".to_owned(), &leads(&desk, effect));
        }
    }
    assert!(wrong.is_empty(), "not as expected: {wrong:#?}");
}
