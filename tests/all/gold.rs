//! How right the tags of the sample are, by its gold labels: the figures are printed, and must not
//! fall.

use super::program::{Desk, SAMPLE};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::ops::Range;
use voz::eval::{Confusion, f1};

const GOLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/gold.jsonl");

#[derive(Deserialize)]
struct Gold {
    id: String,
    lang: Option<String>,
    sentiment: Option<String>,
    clauses: Vec<GoldClause>,
}

#[derive(Deserialize)]
struct GoldClause {
    start: usize,
    end: usize,
    sentiment: String,
    themes: Vec<String>,
}

/// The labels, and a fourth for texts that got none.
fn label(name: Option<&str>) -> usize {
    let labels = ["negative", "neutral", "positive"];
    name.and_then(|name| labels.iter().position(|label| *label == name))
        .unwrap_or(3)
}

/// Right, said and true cases.
#[derive(Default)]
struct Cases {
    right: u64,
    said: u64,
    truth: u64,
}

impl Cases {
    fn count<T: Ord>(&mut self, said: &BTreeSet<T>, truth: &BTreeSet<T>) {
        self.right += said.intersection(truth).count() as u64;
        self.said += said.len() as u64;
        self.truth += truth.len() as u64;
    }

    fn figures(&self) -> [f64; 3] {
        let precision = self.right as f64 / self.said as f64;
        let recall = self.right as f64 / self.truth as f64;
        [precision, recall, f1(self.right, self.said, self.truth)].map(|share| 100.0 * share)
    }
}

/// Accuracy in one language.
#[derive(Default)]
struct Accuracy {
    texts: Confusion<4>,
    clauses: Confusion<4>,
    themes: Cases,
    /// Themes with the sentiment they are named with.
    polar: Cases,
}

impl Accuracy {
    fn count(&mut self, gold: &Gold, tagged: &Value) {
        let said = tagged["sentiment"]["label"].as_str();
        self.texts
            .count(label(gold.sentiment.as_deref()), label(said));
        for clause in &gold.clauses {
            let said = nearest(tagged, clause.start..clause.end);
            self.clauses
                .count(label(Some(&clause.sentiment)), label(said));
        }
        let named: BTreeSet<(&str, &str)> = tagged["mentions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["theme"].as_str().unwrap(),
                    one["sentiment"].as_str().unwrap(),
                )
            })
            .collect();
        let clauses = gold.clauses.iter();
        let truth: BTreeSet<(&str, &str)> = clauses
            .flat_map(|clause| {
                clause
                    .themes
                    .iter()
                    .map(|theme| (&**theme, &*clause.sentiment))
            })
            .collect();
        self.polar.count(&named, &truth);
        let themes =
            |set: &BTreeSet<(&str, &str)>| set.iter().map(|one| one.0.to_owned()).collect();
        self.themes.count(&themes(&named), &themes(&truth));
    }
}

/// The sentiment of the clause that shares most bytes with a span.
fn nearest(tagged: &Value, span: Range<usize>) -> Option<&str> {
    let at = |clause: &Value, name: &str| usize::try_from(clause[name].as_u64().unwrap()).unwrap();
    let shared = |clause: &Value| {
        at(clause, "end")
            .min(span.end)
            .saturating_sub(at(clause, "start").max(span.start))
    };
    let clauses = tagged["clauses"].as_array().unwrap().iter();
    let best = clauses
        .map(|clause| (shared(clause), clause))
        .max_by_key(|(shared, _)| *shared);
    best.filter(|(shared, _)| *shared > 0)?.1["sentiment"].as_str()
}

/// A little below what was measured, in %: macro-F1 of texts and of clauses, precision and recall
/// of themes, and F1 of themes with their sentiment.
const FLOORS: [(&str, [f64; 5]); 2] = [
    ("es", [55.0, 48.0, 71.0, 62.0, 44.0]),
    ("en", [50.0, 44.0, 68.0, 65.0, 42.0]),
];

#[test]
fn tags_are_as_right_as_they_were() {
    let desk = Desk::new();
    let tag = ["tag", SAMPLE, "--format", "jsonl", "--rejects", "r.csv"];
    let tagged = desk.voz(&tag).done().objects();
    let gold: Vec<Gold> = read_to_string(GOLD)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(gold.len(), tagged.len());
    let mut low = Vec::new();
    for (lang, floors) in FLOORS {
        let mut accuracy = Accuracy::default();
        for (gold, tagged) in gold.iter().zip(&tagged) {
            assert_eq!(gold.id, tagged["id"]);
            if gold.sentiment.is_some() && gold.lang.as_deref() == Some(lang) {
                accuracy.count(gold, tagged);
            }
        }
        let [precision, recall, _] = accuracy.themes.figures();
        let [.., polar] = accuracy.polar.figures();
        let measured = [
            (
                "sentiment of texts, macro-F1",
                100.0 * accuracy.texts.macro_f1().unwrap(),
            ),
            (
                "sentiment of clauses, macro-F1",
                100.0 * accuracy.clauses.macro_f1().unwrap(),
            ),
            ("themes, micro precision", precision),
            ("themes, micro recall", recall),
            ("themes with sentiment, micro F1", polar),
        ];
        println!(
            "{lang}: {} texts, {} clauses",
            accuracy.texts.n(),
            accuracy.clauses.n()
        );
        for ((name, value), floor) in measured.into_iter().zip(floors) {
            println!("  {name:32} {value:5.1} (at least {floor})");
            if value < floor {
                low.push(format!("{lang} {name}: {value:.1} below {floor}"));
            }
        }
    }
    assert!(low.is_empty(), "{low:#?}");
}
