//! How much personal data the rules find, and how much else they take for it: counted over the comments of
//! `tests/data/pii_measure.toml`. A mark counts as right when its type and both its ends are.
//!
//! A third of the comments is held out: its errors are counted and never shown, so that no rule is made for
//! them. `cargo test --lib pii::measure -- --nocapture` prints the tables.

use super::{Redactor, Signs, marked};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Add;

#[derive(Deserialize)]
struct Sets {
    /// Comments with personal data.
    found: Comments,
    /// Comments without.
    kept: Comments,
    /// Comments that name people, for the option.
    names: Comments,
}

#[derive(Deserialize)]
struct Comments {
    es: Vec<String>,
    en: Vec<String>,
}

/// A piece of personal data: where it starts and ends, and the name of its type.
type Piece = (usize, usize, String);

/// The comment without its marks, and what they mark.
fn read(comment: &str) -> (String, Vec<Piece>) {
    let (mut text, mut pieces) = (String::new(), Vec::new());
    let mut parts = comment.split('«');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (mark, after) = part.split_once('»').unwrap();
        let (pii, datum) = mark.split_once(':').unwrap();
        let start = text.len();
        text.push_str(datum);
        pieces.push((start, text.len(), pii.to_owned()));
        text.push_str(after);
    }
    (text, pieces)
}

/// True for a third of the texts.
fn is_held_out(text: &str) -> bool {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 32).is_multiple_of(3)
}

/// Marks that are right, that should not be, and that are missing.
#[derive(Clone, Copy, Default)]
struct Score {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Add for Score {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            wrong: self.wrong + other.wrong,
            missed: self.missed + other.missed,
        }
    }
}

impl Score {
    fn recall(self) -> f64 {
        share(self.right, self.missed)
    }

    fn precision(self) -> f64 {
        share(self.right, self.wrong)
    }
}

fn share(right: u32, not: u32) -> f64 {
    match right + not {
        0 => 1.0,
        all => f64::from(right) / f64::from(all),
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            right,
            wrong,
            missed,
        } = self;
        let (recall, precision) = (self.recall(), self.precision());
        write!(
            f,
            "right {right:4}  wrong {wrong:3}  missed {missed:3}  recall {recall:.3}  precision {precision:.3}"
        )
    }
}

/// Scores of all marks, by type and by language.
#[derive(Default)]
struct Table {
    comments: u32,
    all: Score,
    parts: BTreeMap<String, Score>,
}

impl Table {
    fn count(&mut self, lang: &str, expected: &[Piece], found: &[Piece]) {
        self.comments += 1;
        let mut add = |piece: &Piece, with: fn(&mut Score)| {
            with(&mut self.all);
            for part in [lang, &*piece.2] {
                with(self.parts.entry(part.to_owned()).or_default());
            }
        };
        for piece in found {
            if expected.contains(piece) {
                add(piece, |score| score.right += 1);
            } else {
                add(piece, |score| score.wrong += 1);
            }
        }
        for piece in expected.iter().filter(|piece| !found.contains(piece)) {
            add(piece, |score| score.missed += 1);
        }
    }

    fn print(&self, name: &str) {
        println!("{name}: {} comments", self.comments);
        println!("  {:8} {}", "all", self.all);
        for (part, score) in &self.parts {
            println!("  {part:8} {score}");
        }
    }
}

fn found(redactor: &Redactor, text: &str) -> Vec<Piece> {
    let spans = redactor.spans(text, None, Signs::of(text.as_bytes()));
    assert_eq!(
        marked(text, &spans),
        redactor.redact(text).text,
        "one round finds all"
    );
    let piece = |span: &super::Span| (span.start, span.end, span.pii.name().to_owned());
    spans.iter().map(piece).collect()
}

/// Tables of the comments whose errors may be looked at, which are printed, and of those held out.
fn measure(redactor: &Redactor, sets: &[&Comments]) -> [Table; 2] {
    let mut tables = [Table::default(), Table::default()];
    for set in sets {
        for (lang, comments) in [("es", &set.es), ("en", &set.en)] {
            for comment in comments {
                let (text, expected) = read(comment);
                let found = found(redactor, &text);
                let held_out = is_held_out(&text);
                tables[usize::from(held_out)].count(lang, &expected, &found);
                if !held_out && found != expected {
                    let found: Vec<_> = found
                        .iter()
                        .map(|(start, end, pii)| format!("{pii}:{}", &text[*start..*end]))
                        .collect();
                    println!("{comment}\n  {found:?}");
                }
            }
        }
    }
    tables
}

#[test]
fn personal_data_are_found_and_all_else_stays() {
    let sets: Sets = toml::from_str(include_str!("../../tests/data/pii_measure.toml")).unwrap();
    let [seen, held_out] = measure(&Redactor::new(), &[&sets.found, &sets.kept]);
    seen.print("looked at");
    held_out.print("held out");
    assert!(seen.comments + held_out.comments >= 600);
    let all = seen.all + held_out.all;
    println!("together\n  all      {all}");
    assert!(all.recall() >= 0.98, "{all}");
    assert!(all.precision() >= 0.95, "{all}");
    // Of 161 data, one is six thousandths.
    assert!(held_out.all.recall() >= 0.97, "{}", held_out.all);
    assert!(held_out.all.precision() >= 0.95, "{}", held_out.all);
}

#[test]
fn names_are_found_where_they_are_asked_for() {
    let sets: Sets = toml::from_str(include_str!("../../tests/data/pii_measure.toml")).unwrap();
    let [seen, held_out] = measure(&Redactor::with_names(), &[&sets.names]);
    seen.print("names, looked at");
    held_out.print("names, held out");
    for table in [seen, held_out] {
        assert!(table.all.recall() >= 0.9, "{}", table.all);
        assert!(table.all.precision() >= 0.9, "{}", table.all);
    }
    let [seen, held_out] = measure(&Redactor::with_names(), &[&sets.found, &sets.kept]);
    for table in [seen, held_out] {
        assert!(table.all.precision() >= 0.95, "with names: {}", table.all);
    }
    for comment in sets.names.es.iter().chain(&sets.names.en) {
        let (text, _) = read(comment);
        assert_eq!(Redactor::new().redact(&text).text, text, "not asked for");
    }
}
