//! Personal data leave no trace: not in output, messages, refused rows, or any byte of the index.

use super::program::{Desk, files};
use serde_json::json;

/// One of each kind, as people write them.
const PERSONAL: [(&str, &str); 6] = [
    ("[EMAIL]", "ana.perez@example.com"),
    ("[PHONE]", "+34 612 345 678"),
    ("[DNI]", "12345678Z"),
    ("[IBAN]", "ES91 2100 0418 4502 0005 1332"),
    ("[CARD]", "4111 1111 1111 1111"),
    ("[CARD]", "5500005555555559"),
];

/// What would give them away, however they were cut or joined.
const TRACES: [&str; 12] = [
    "ana.perez",
    "example.com",
    "612345678",
    "612 345",
    "12345678Z",
    "12345678z",
    "21000418",
    "2100 0418",
    "41111111",
    "4111 1111",
    "55000055",
    "345 678",
];

fn assert_no_trace(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for trace in TRACES {
        assert!(!text.contains(trace), "{what} holds {trace:?}:\n{text}");
    }
}

/// A comment with all of them, and a row for each with the datum as customer and as field.
fn table() -> String {
    let all: Vec<&str> = PERSONAL.iter().map(|(_, datum)| *datum).collect();
    let mut table = "id,comment,customer,contact,phone,payment,nps\n".to_owned();
    for (at, (_, datum)) in PERSONAL.iter().enumerate() {
        let comment = format!("call me: {} and that is all. bad service", all.join(" or "));
        let row = [
            &*at.to_string(),
            &comment,
            datum,
            datum,
            "612345678",
            "4111111111111111",
            "3",
        ];
        table.push_str(&row.join(","));
        table.push('\n');
    }
    // Refused rows hold them as well.
    table
        + "8,write to ana.perez@example.com,12345678Z,,,,ana.perez@example.com\n9,ana.perez@example.com\n"
}

#[test]
fn no_trace_of_personal_data_anywhere() {
    let desk = Desk::with("file.csv", table());
    let mut told = vec![desk.index("file.csv").done()];
    for verb in [
        &[
            "search",
            "--index",
            "index",
            "--facets",
            "contact,phone,payment",
            "--format",
        ][..],
        &["search", "service", "--index", "index", "--format"],
        &[
            "aggregate",
            "--by",
            "contact",
            "--index",
            "index",
            "--format",
        ],
        &["tag", "file.csv", "--format"],
        &["peek", "file.csv", "--format"],
    ] {
        for format in ["jsonl", "csv", "table"] {
            told.push(desk.voz(&[verb, &[format]].concat()).done());
        }
    }
    for told in &told {
        assert_no_trace(&told.to_string(), told.stdout.as_bytes());
        assert_no_trace("stderr", told.stderr.as_bytes());
    }
    let tagged = desk.voz(&["tag", "file.csv", "--format", "jsonl"]).done();
    let objects = tagged.objects();
    assert_eq!(objects.len(), PERSONAL.len());
    for (object, (mark, _)) in objects.iter().zip(PERSONAL) {
        let text = object["text"].as_str().unwrap();
        for (mark, _) in PERSONAL {
            assert!(text.contains(mark), "{mark} in {text}");
        }
        let customer = object["customer"].as_str().unwrap();
        assert!(
            customer.starts_with(&format!("{mark}-")),
            "{customer} is a mark and a fingerprint"
        );
        let fields = json!({ "contact": mark, "phone": "[PHONE]", "payment": "[CARD]" });
        assert_eq!(object["fields"], fields);
    }
    assert_eq!(desk.rejects("file.csv").len(), 2);
    assert_no_trace(
        "the file of refused rows",
        desk.read("file.csv.rejects.csv").as_bytes(),
    );
    let index = files(&desk.path("index"));
    assert!(index.len() >= 8);
    for file in index {
        assert_no_trace(&file.display().to_string(), &std::fs::read(&file).unwrap());
    }
}

#[test]
fn numbers_in_json_are_looked_at_too() {
    let lines = r#"{"id":"1","comment":"good","payment":4111111111111111,"phone":34612345678,"revenue":1234567,"deep":{"mail":"ana.perez@example.com"},"list":["12345678Z"]}
{"id":"2","comment":"bad","late":5500005555555559,"revenue":3}
"#;
    let desk = Desk::with("file.jsonl", lines);
    let told = desk.voz(&["tag", "file.jsonl", "--format", "jsonl"]).done();
    assert_no_trace("output", told.stdout.as_bytes());
    let objects = told.objects();
    assert_eq!(
        objects[0]["fields"],
        json!({ "deep.mail": "[EMAIL]", "list": "[\"[DNI]\"]", "payment": "[CARD]",
                "phone": "[PHONE]", "revenue": 1_234_567 })
    );
    assert_eq!(
        objects[1]["fields"],
        json!({ "late": "[CARD]", "revenue": 3 })
    );
}

#[test]
fn messages_quote_no_cell() {
    let secret = "ana.perez@example.com";
    let desk = Desk::with(
        "dates.csv",
        format!("id,date,text\n1,03/04/2026,{secret}\n"),
    );
    let told = desk.index("dates.csv").ended(3);
    assert_no_trace("stderr", told.stderr.as_bytes());
    desk.put(
        "texts.csv",
        format!("id,comment,comentario\n1,{secret} is good,{secret} es\n"),
    );
    let told = desk.index("texts.csv").ended(3);
    assert_no_trace("stderr", told.stderr.as_bytes());
    desk.put(
        "bad.csv",
        format!("id,nps,text\n1,{secret},good\n2,{secret},\"open {secret}\n3,9,fine\n"),
    );
    let told = desk.voz(&["index", "bad.csv", "--nps", "nps"]).done();
    assert_no_trace("stderr", told.stderr.as_bytes());
    assert_no_trace("rejects", desk.read("bad.csv.rejects.csv").as_bytes());
}
