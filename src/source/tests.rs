//! Whole files, from their bytes to rows.

use super::*;
use crate::error::{ErrorKind, Result};
use crate::verbatim::{Day, Scores, Value, Verbatim};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;

mod exports;
mod formats;

/// A file with these bytes, its plan and its rows.
fn read(bytes: &[u8], mapping: &Mapping) -> Result<(Plan, Vec<Row>, u64)> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let plan = peek(file.path(), mapping)?;
    let mut reader = open(file.path(), &plan)?;
    let rows = reader.by_ref().collect::<Result<_>>()?;
    Ok((plan, rows, reader.blank_rows()))
}

fn rows(bytes: &[u8]) -> Vec<Row> {
    read(bytes, &Mapping::default()).unwrap().1
}

fn verbatim(row: &Row) -> &Verbatim {
    match row {
        Row::Verbatim(verbatim) | Row::Also(verbatim) => verbatim,
        Row::Reject(reject) => panic!("{reject:?}"),
    }
}

fn rejects(rows: &[Row]) -> Vec<(u64, Option<&str>, &'static str)> {
    let reject = |row| match row {
        Row::Reject(reject) => Some(reject),
        Row::Verbatim(_) | Row::Also(_) => None,
    };
    rows.iter()
        .cloned()
        .filter_map(reject)
        .map(|reject| {
            (
                reject.row,
                reject.column.map(|name| &*name.leak()),
                reject.reason.name(),
            )
        })
        .collect()
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    why: String,
    file: String,
    columns: Option<Vec<String>>,
    #[serde(default)]
    reason: BTreeMap<String, String>,
    error: Option<String>,
    hint: Option<String>,
}

#[test]
fn decisions() {
    let cases: Cases = toml::from_str(include_str!("../../tests/data/columns.toml")).unwrap();
    for case in cases.case {
        match (read(case.file.as_bytes(), &Mapping::default()), &case.error) {
            (Ok((plan, ..)), None) => {
                let columns = plan.columns.iter();
                let found: Vec<String> = columns
                    .map(|column| {
                        format!("{} {:?}", column.role.name(), column.kind).to_lowercase()
                    })
                    .collect();
                assert_eq!(Some(found), case.columns, "{}", case.why);
                for (name, reason) in case.reason {
                    let column = plan.columns.iter().find(|column| *column.name == name);
                    assert!(
                        column.unwrap().why.contains(&reason),
                        "{}: {column:?}",
                        case.why
                    );
                }
            }
            (Err(error), Some(part)) => {
                assert_eq!(error.kind(), ErrorKind::Input, "{}", case.why);
                assert!(error.to_string().contains(part), "{}: {error}", case.why);
                let hint = case.hint.unwrap_or_default();
                assert!(
                    error.advice().unwrap_or_default().contains(&hint),
                    "{}: {:?}",
                    case.why,
                    error.advice()
                );
            }
            (Ok((plan, ..)), Some(_)) => panic!("{}: not refused: {plan:?}", case.why),
            (Err(error), None) => panic!("{}: {error}", case.why),
        }
    }
}

#[test]
fn a_row_becomes_a_verbatim() {
    let file = "sep=;\r\nid;Fecha;Comentario;NPS;rating;cliente;idioma;canal;espera;vacío\r\n\
        7;13/4/2026; Opinio\u{301}n  ;10;4,5;c1;es-MX;App;1.234,5;\r\n\
        8;1/4/2026;b;;n/a;;pt;;ayer;\r\n";
    let (plan, rows, _) = read(file.as_bytes(), &Mapping::default()).unwrap();
    let first = verbatim(&rows[0]);
    let day = Day {
        year: 2026,
        month: 4,
        day: 13,
    };
    assert_eq!(
        (first.id.as_str(), first.text.as_str(), first.day),
        ("7", "Opinión", Some(day))
    );
    assert_eq!(
        (first.customer.as_deref(), first.stated),
        (Some("c1"), crate::lang::Lang::parse("es"))
    );
    assert_eq!(
        first.scores,
        Scores {
            nps: Some(10),
            csat: Some(4.5),
            ces: None
        }
    );
    let text = |text: &str| Value::Text(text.to_owned());
    let names: Vec<&str> = first.fields.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["canal", "espera"]);
    // Half of the column are no numbers, so all of it stays as it is written.
    assert_eq!(first.fields[1].1, text("1.234,5"));
    let second = verbatim(&rows[1]);
    assert_eq!(
        (second.scores, second.customer.as_deref()),
        (Scores::default(), None)
    );
    let fields: Vec<_> = second
        .fields
        .iter()
        .map(|(name, value)| (&**name, value.clone()))
        .collect();
    assert_eq!(fields, [("idioma", text("pt")), ("espera", text("ayer"))]);
    let json = serde_json::to_value(&plan).unwrap();
    assert_eq!(json["columns"][2]["role"], "text");
}

#[test]
fn what_is_wrong_with_a_row_is_said() {
    let big = "x".repeat(2 << 20);
    let file = format!(
        "id,text,nps,rating,date,esfuerzo\n\
        1,a,11,5,2026-01-01,1\n2,b,x,5,2026-01-01,1\n3,c,7.5,5,2026-01-01,1\n4,d,9,0,2026-01-01,1\n\
        5,e,9,5,2026-02-30,1\n6,f,9\n,g,9,5,2026-01-01,1\n\n8,h\0,9,5,2026-01-01,1\n\
        9,{big},9,5,2026-01-01,1\n10,ok,9,5,2026-01-01,7\n11,i,9,5,03/04/2026,1\n12,j,9,5,2026-01-01,8\n13,\"k,9"
    );
    let (_, rows, blank) = read(file.as_bytes(), &Mapping::default()).unwrap();
    assert_eq!(
        rejects(&rows),
        [
            (2, Some("nps"), "out-of-range"),
            (3, Some("nps"), "not-a-number"),
            (4, Some("nps"), "not-whole"),
            (5, Some("rating"), "out-of-range"),
            (6, Some("date"), "not-a-date"),
            (7, None, "columns"),
            (8, Some("id"), "no-id"),
            (10, Some("text"), "nul"),
            (11, Some("text"), "cell-too-long"),
            (13, Some("date"), "date-order"),
            (14, Some("esfuerzo"), "out-of-range"),
            (15, None, "open-quote"),
        ]
    );
    assert_eq!(
        (rows.len(), blank, verbatim(&rows[9]).id.as_str()),
        (13, 1, "10")
    );
}

#[test]
fn ten_megabytes_in_the_first_cell_cost_one_row() {
    let mut file = b"id,text\n1,\"".to_vec();
    file.resize(10 << 20, b'x');
    file.extend_from_slice(b"\"\n2,fine\n");
    let rows = rows(&file);
    assert_eq!(rejects(&rows), [(2, Some("text"), "cell-too-long")]);
    assert_eq!((rows.len(), verbatim(&rows[1]).id.as_str()), (2, "2"));
}

#[test]
fn a_million_columns_are_refused() {
    let error = read(&b"a,".repeat(1_000_000), &Mapping::default()).unwrap_err();
    assert!(error.to_string().contains("columns; at most"), "{error}");
}

#[test]
fn bytes_of_another_encoding_cost_their_row() {
    let rows = rows(b"id,text\n1,\xC3\xA1\xC3\xA9\xC3\xAD\xC3\xB3\n2,opini\xF3n\n3,\xC3\n4,\xA9\n");
    assert_eq!(
        rejects(&rows),
        [
            (3, Some("text"), "encoding"),
            (4, Some("text"), "encoding"),
            (5, Some("text"), "encoding")
        ]
    );
    let latin = read(b"id,opini\xF3n\n1,a\xF1o\n", &Mapping::default()).unwrap();
    assert_eq!(verbatim(&latin.1[0]).text, "año");
    // The first character that tells may stand behind the sample.
    let mut late = b"id,text\n".to_vec();
    while late.len() < 1_100_000 {
        late.extend_from_slice(b"1,plain\n");
    }
    late.extend_from_slice(b"2,opini\xF3n\n");
    let rows = read(
        &late,
        &Mapping {
            id: Some(String::new()),
            ..Mapping::default()
        },
    )
    .unwrap()
    .1;
    assert_eq!(verbatim(rows.last().unwrap()).text, "opinión");
}

#[test]
fn utf16_is_read_with_and_without_its_mark() {
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}id\ttext\r\n1\t¡más años! \u{1F600}\r\n");
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(verbatim(&rows(&bytes)[0]).text, "¡más años! \u{1F600}");
    }
}

#[test]
fn json_keys_may_come_in_any_order_and_late() {
    let ordered = rows(b"{\"id\":1,\"text\":\"a\",\"n\":2,\"ok\":true,\"nps\":\"9\"}\n");
    let shuffled = rows(b"{\"ok\":true,\"nps\":\"9\",\"n\":2,\"text\":\"a\",\"id\":1}\n");
    assert_eq!(ordered, shuffled);
    let first = verbatim(&ordered[0]);
    assert_eq!((first.id.as_str(), first.scores.nps), ("1", Some(9)));
    let values: Vec<_> = first
        .fields
        .iter()
        .map(|(_, value)| value.clone())
        .collect();
    assert_eq!(values, [Value::Number(2.0), Value::Bool(true)]);
    let mut late = "{\"text\":\"a\"}\n".repeat(5001);
    late.push_str("{\"text\":\"b\",\"new\":\"x\"}\nbroken\n");
    let rows = rows(late.as_bytes());
    assert_eq!(&*verbatim(&rows[5001]).fields[0].0, "new");
    assert!(verbatim(&rows[5001]).id.ends_with("-5002"));
    assert_eq!(rejects(&rows), [(5003, None, "json")]);
}

#[test]
fn what_the_user_says_comes_first() {
    let file = b"a|b|c|nps\nx|1|03/04/2026|8\n";
    let mapping = Mapping {
        text: Some(vec!["A".to_owned()]),
        csat: Some("b".to_owned()),
        date: Some("c".to_owned()),
        nps: Some(String::new()),
        date_order: DateOrder::parse("mdy"),
        fields: Some(vec!["NPS".to_owned()]),
        ..Mapping::default()
    };
    let row = read(file, &mapping).unwrap().1.remove(0);
    let verbatim = verbatim(&row);
    assert_eq!(verbatim.day.unwrap().to_string(), "2026-03-04");
    assert_eq!(
        (verbatim.scores.nps, verbatim.scores.csat),
        (None, Some(1.0))
    );
    assert_eq!(verbatim.fields.len(), 1);
    let twice = Mapping {
        csat: Some("a".to_owned()),
        ..mapping.clone()
    };
    assert_eq!(read(file, &twice).unwrap_err().kind(), ErrorKind::Usage);
    let missing = Mapping {
        text: Some(vec!["z".to_owned()]),
        ..mapping
    };
    let error = read(file, &missing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.advice().unwrap().contains("\"a\", \"b\""));
}

#[test]
fn missing_files_and_folders_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let error = |path: &std::path::Path| peek(path, &Mapping::default()).unwrap_err().to_string();
    assert!(error(folder.path()).contains("folder"));
    assert!(error(&folder.path().join("none.csv")).contains("no such file"));
}

/// One row as it is written, and whether it is sound.
fn line() -> impl Strategy<Value = (String, bool)> {
    prop_oneof![
        4 => "[a-zñ ]{1,9}".prop_map(|text| (format!("{text},5,2026-01-02"), true)),
        1 => "[a-z\",\r\nñ]{0,9}".prop_map(|text| {
            (format!("\"{}\",,", text.replace('"', "\"\"")), !text.trim().is_empty())
        }),
        1 => "[a-z]{1,9}".prop_map(|text| (format!("{text},99,2026-01-02"), false)),
        1 => "[a-z]{1,9}".prop_map(|text| (format!("{text},5,2026-13-02"), false)),
        1 => "[a-z]{1,9}".prop_map(|text| (format!("{text},5"), false)),
        1 => "[a-z]{1,9}".prop_map(|text| (format!("{text} and so on\0,5,"), false)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_row_is_a_verbatim_or_a_reject(lines in proptest::collection::vec(line(), 1..60)) {
        let mut file = "text,rating,date\nfirst,5,2026-01-01\n".to_owned();
        for (line, _) in &lines {
            file.push_str(line);
            file.push('\n');
        }
        let named = |name: &str| Some(name.to_owned());
        let mapping = Mapping {
            text: Some(vec!["text".to_owned()]),
            csat: named("rating"),
            date: named("date"),
            ..Mapping::default()
        };
        let (_, rows, blank) = read(file.as_bytes(), &mapping).unwrap();
        prop_assert_eq!(rows.len() as u64 + blank, lines.len() as u64 + 1);
        let sound = rows.iter().filter(|row| matches!(row, Row::Verbatim(_))).count();
        let wanted = lines.iter().filter(|(_, sound)| *sound).count();
        prop_assert_eq!(sound, wanted + 1);
    }

    #[test]
    fn no_bytes_panic(
        head in prop_oneof![Just("id,text,nps,fecha\n"), Just("{\"text\":1}\n"), Just("")],
        bytes in proptest::collection::vec(prop_oneof![
            3 => prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'{'), Just(b'}'), Just(b':')],
            3 => b' '..b'~',
            1 => any::<u8>(),
        ], 0..300),
    ) {
        let file = [head.as_bytes(), &bytes].concat();
        if let Ok((_, rows, _)) = read(&file, &Mapping::default()) {
            let mut last = 0;
            for row in rows {
                if let Row::Reject(reject) = row {
                    prop_assert!(reject.row > last);
                    last = reject.row;
                }
            }
        }
    }
}
