//! `voz drivers`: trends, units, quotes, reasons, and the row worked out by hand.

use super::program::{Desk, SAMPLE};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

fn drivers(desk: &Desk, flags: &[&str]) -> Vec<Value> {
    let told = desk.voz(&[&["drivers", "--index", "index"], flags].concat());
    told.done().objects()
}

fn comments() -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_path(SAMPLE).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| (row[0].to_owned(), row[17].to_owned()))
        .collect()
}

/// A text with one blank where there are many.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn quotes_are_pieces_of_comments_and_differ() {
    let desk = Desk::new();
    desk.index_sample();
    let comments = comments();
    let rows = drivers(&desk, &[]);
    assert!(rows.len() > 10);
    for row in &rows {
        let quotes = row["quotes"].as_array().unwrap();
        assert!(!quotes.is_empty() && quotes.len() <= 3, "{row}");
        for quote in quotes {
            let comment = tidy(&comments[quote["id"].as_str().unwrap()]);
            let text = quote["text"].as_str().unwrap();
            let piece = text.trim_start_matches("… ").trim_end_matches(" …");
            assert!(comment.contains(piece), "{piece:?} is not in {comment:?}");
            assert_eq!(piece != text, comment != piece, "a cut is marked: {text}");
        }
        let texts: Vec<&Value> = quotes.iter().map(|quote| &quote["text"]).collect();
        assert!((1..texts.len()).all(|at| !texts[..at].contains(&texts[at])));
        for reason in row["reasons"].as_array().unwrap() {
            let comment = tidy(&comments[reason["id"].as_str().unwrap()]);
            assert!(
                comment.contains(reason["text"].as_str().unwrap()),
                "{reason}"
            );
        }
    }
    let given: usize = rows
        .iter()
        .map(|row| row["reasons"].as_array().unwrap().len())
        .sum();
    assert!(given >= 3, "{given} reasons");
    for row in drivers(&desk, &["--quotes", "0"]) {
        assert_eq!(row["quotes"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn quotes_of_what_hurts_are_complaints() {
    let desk = Desk::new();
    desk.index_sample();
    let rows = drivers(&desk, &["--themes"]);
    let hurts = rows.iter().filter(|row| row["side"] == "hurts");
    for quote in hurts.flat_map(|row| row["quotes"].as_array().unwrap()) {
        assert_eq!(quote["sentiment"], "negative", "{quote}");
    }
}

/// Staff are praised by people who complain of the queue as well, and by happy ones.
#[test]
fn what_shapley_contradicts_is_not_certain() {
    let mut file = "id,text,csat\n".to_owned();
    let kinds = [
        (
            "la cola de la caja es eterna y horrible, el personal muy amable",
            1,
            200,
        ),
        ("el personal es muy amable", 5, 100),
        ("la cola de la caja es eterna y horrible", 1, 100),
        ("todo me parece en orden", 5, 150),
        ("nada me parece en orden", 1, 90),
    ];
    for (kind, (text, csat, n)) in kinds.iter().enumerate() {
        for at in 0..*n {
            let _ = writeln!(file, "{kind}-{at},\"{text}, número {at}\",{csat}");
        }
    }
    let desk = Desk::with("file.csv", file);
    desk.index("file.csv").done();
    // Without --on the score that there is.
    let rows = drivers(&desk, &[]);
    let of = |id: &str| rows.iter().find(|row| row["driver"] == id).unwrap();
    let staff = of("staff");
    assert!(staff["impact"].as_f64().unwrap() < 0.0, "{staff}");
    assert!(staff["shapley"].as_f64().unwrap() > 0.0, "{staff}");
    assert_eq!(
        (&staff["significant"], &staff["side"]),
        (&true.into(), &"open".into())
    );
    assert_eq!(staff["doubt"], "shared");
    let hurts = rows.iter().find(|row| row["side"] == "hurts").unwrap();
    assert_eq!(hurts["doubt"], Value::Null, "{hurts}");
    let table = ["drivers", "--index", "index", "--format", "table"];
    let table = desk.voz(&table).done().says(&["† Its Shapley share"]);
    assert!(table.stdout.contains("Staff †"), "{}", table.stdout);
}

#[test]
fn a_filter_that_finds_nothing_says_what_there_is() {
    let desk = Desk::new();
    desk.index_sample();
    for verb in ["drivers", "causes", "report"] {
        let told = |query: &str| desk.voz(&[verb, "--index", "index", "--where", query]);
        told("channel:ap").refused(2, "no comment matches `channel:ap`", "did you mean `app`?");
        told("date:2031").refused(2, "no comment matches", "from 2026-01-01 to 2026-06-30");
        told("date:2026-05..2026-03").refused(2, "ends before it begins", "");
        told("nps:6..0").refused(2, "ends before it begins: write `0..6`", "");
    }
}

#[test]
fn the_trend_compares_whole_months() {
    let desk = Desk::new();
    desk.index_sample();
    let rows = drivers(&desk, &["--themes", "--named", "negative", "--quotes", "0"]);
    let crash = rows.iter().find(|row| row["theme"] == "app_crash").unwrap();
    let trend = &crash["trend"];
    assert_eq!(
        (&trend["before"], &trend["after"]),
        (&"2026-05".into(), &"2026-06".into())
    );
    let all = drivers(&desk, &["date:2026-03..2026-06-10", "--quotes", "0"]);
    assert_eq!(all[0]["trend"]["after"], "2026-05", "June is not over");
    let undated = Desk::with(
        "file.csv",
        (0..40).fold("id,text,nps\n".to_owned(), |text, i| {
            text + &format!("{i},the app crashes number {i},{}\n", i % 11)
        }),
    );
    undated.index("file.csv").done();
    for row in drivers(&undated, &[]) {
        assert_eq!(row["trend"], Value::Null);
        assert_eq!(row["transversal"], Value::Null);
    }
}

/// 90 comments of each of four shops: the queue hurts in three of them.
fn shops() -> String {
    let mut text = "id,text,nps,tienda\n".to_owned();
    for shop in 0..4 {
        for i in 0..90 {
            let queues = i % 3 == 0;
            let words = if queues {
                "La cola de la caja"
            } else {
                "Todo en orden"
            };
            let nps = if queues && shop > 0 {
                i % 2
            } else {
                9 - i % 4 / 3
            };
            let _ = writeln!(text, "{shop}-{i},{words} número {i},{nps},Tienda {shop}");
        }
    }
    text
}

#[test]
fn what_hurts_in_three_units_is_transversal() {
    let desk = Desk::with("shops.csv", shops());
    desk.index("shops.csv").done();
    let rows = drivers(&desk, &["--themes"]);
    let queue = rows.iter().find(|row| row["theme"] == "queue").unwrap();
    assert_eq!(queue["unit_field"], "tienda");
    assert_eq!(
        (&queue["units"], &queue["units_hurt"]),
        (&4.into(), &3.into())
    );
    assert_eq!(queue["transversal"], true);
    let two = drivers(&desk, &["--themes", "--where", "-tienda:\"Tienda 3\""]);
    let queue = two.iter().find(|row| row["theme"] == "queue").unwrap();
    assert_eq!(queue["transversal"], false);
    desk.voz(&["drivers", "--index", "index", "--units", "florb"])
        .refused(2, "there is no field `florb`", "tienda");
}

#[test]
fn a_row_is_worked_out_step_by_step() {
    let desk = Desk::new();
    desk.index_sample();
    let rows = drivers(&desk, &["--quotes", "0"]);
    let row = rows.iter().find(|row| row["driver"] == "waiting").unwrap();
    let told = desk.voz(&["drivers", "--index", "index", "--explain", "waiting"]);
    let told = told.done().stdout;
    for name in [
        "impact",
        "low",
        "high",
        "recoverable",
        "sole",
        "net_with",
        "net_without",
    ] {
        let number = format!("{:.4}", row[name].as_f64().unwrap());
        assert!(told.contains(&number), "{name} {number} is not in\n{told}");
    }
    // All three forms end in the impact.
    let impact = format!("= {:.4}", row["impact"].as_f64().unwrap());
    let ends = told.lines().filter(|line| line.ends_with(&impact));
    assert_eq!(ends.count(), 3, "{told}");
    let refused = |id: &str, error: &str, advice: &str| {
        let told = desk.voz(&["drivers", "--index", "index", "--explain", id]);
        told.refused(2, error, advice);
    };
    refused("florb", "there is no driver or theme `florb`", "app_crash");
    for name in [
        "Waiting and speed",
        "esperas y rapidez",
        "ESPERAS Y RAPIDEZ",
    ] {
        let named = desk.voz(&["drivers", "--index", "index", "--explain", name]);
        assert_eq!(named.done().stdout, told, "{name}");
    }
    let spanish = [
        "drivers",
        "--index",
        "index",
        "--explain",
        "waiting",
        "--lang",
        "es",
    ];
    let spanish = desk.voz(&spanish).done().stdout;
    let chance = spanish.lines().find(|line| line.contains("erfc")).unwrap();
    assert!(!chance.contains("0."), "decimal commas: {chance}");
    let first = desk
        .voz(&["drivers", "--index", "index", "--explain"])
        .done();
    assert!(first.stdout.contains("SE = "));
}

#[test]
fn forms_are_flat_where_they_must_be() {
    let desk = Desk::new();
    desk.index_sample();
    let csv = desk
        .voz(&["drivers", "--index", "index", "--format", "csv"])
        .done();
    let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
    let header = reader.headers().unwrap().clone();
    for name in [
        "impact",
        "trend_after",
        "with_minus",
        "quote_1",
        "quote_1_id",
        "reason_1",
        "kind",
    ] {
        assert!(header.iter().any(|column| column == name), "{name}");
    }
    for row in reader.records() {
        for cell in &row.unwrap() {
            assert!(
                !cell.starts_with(['{', '[']) || cell.starts_with("[EMAIL"),
                "{cell}"
            );
        }
    }
    let table = desk
        .voz(&["drivers", "--index", "index", "--format", "table"])
        .done();
    let lines: Vec<&str> = table.stdout.lines().collect();
    for part in ["WHAT HURTS", "WHAT DELIGHTS", "NOT CERTAIN"] {
        assert!(
            lines.contains(&format!(" {part}").as_str()),
            "{part}\n{}",
            table.stdout
        );
    }
    let widest = lines.iter().map(|line| line.chars().count()).max();
    let table_width = lines.iter().find(|line| line.starts_with('─'));
    assert!(table_width.unwrap().chars().count() <= 125, "{widest:?}");
}

#[test]
fn a_workbook_is_the_same_bytes_each_time() {
    let desk = Desk::new();
    desk.index_sample();
    let write = |name: &str| {
        let told = desk.voz(&["drivers", "--index", "index", "-o", name]);
        told.done();
        std::fs::read(desk.path(name)).unwrap()
    };
    let first = write("one.xlsx");
    assert!(first.starts_with(b"PK") && first.len() > 5_000);
    assert!(first == write("two.xlsx"));
    for verb in ["search", "aggregate", "export"] {
        let told = desk.voz(&[verb, "--index", "index", "-o", "other.xlsx"]);
        told.done();
        assert!(
            std::fs::read(desk.path("other.xlsx"))
                .unwrap()
                .starts_with(b"PK"),
            "{verb}"
        );
    }
    let tag = ["tag", SAMPLE, "--rejects", "r.csv", "-o", "tag.xlsx"];
    desk.voz(&tag).done();
    assert!(
        std::fs::read(desk.path("tag.xlsx"))
            .unwrap()
            .starts_with(b"PK")
    );
}
