//! Personal data leave no trace: not in output, messages, refused rows, or any byte of the index.

use super::program::{Desk, files};
use serde_json::json;

/// One of each type: its mark, the words before it, the datum. No datum holds a comma.
pub const PERSONAL: [(&str, &str, &str); 21] = [
    ("[EMAIL]", "mail", "ana.perez@example.com"),
    (
        "[URL]",
        "link",
        "https://panel.example/reset?token=zq81xw77&user=anap",
    ),
    ("[IP]", "from", "83.45.120.17"),
    ("[PHONE]", "call me", "+34 612 345 678"),
    ("[PHONE]", "mobile", "07700 900461"),
    ("[DNI]", "dni", "12345678Z"),
    ("[NIE]", "nie", "X1234567L"),
    ("[CIF]", "cif", "B12345674"),
    ("[RUT]", "rut", "12.345.678-5"),
    ("[CUIT]", "cuit", "20-12345678-6"),
    ("[CURP]", "curp", "HEGG560427MVZRRL04"),
    ("[RFC]", "rfc", "GODE561231GR8"),
    ("[CEDULA]", "cedula", "1.020.304.050"),
    ("[SSN]", "ssn", "219-09-9999"),
    ("[NHS]", "nhs number", "943 476 5919"),
    ("[IBAN]", "iban", "ES91 2100 0418 4502 0005 1332"),
    ("[CLABE]", "clabe", "032180000118359719"),
    ("[CBU]", "cbu", "2850590940090418135201"),
    ("[CARD]", "card", "4111 1111 1111 1111"),
    ("[CARD]", "tarjeta", "5500005555555559"),
    ("[PLATE]", "license plate", "KLX-4821"),
];

/// What would give a datum away, however it was cut or joined.
pub fn traces(datum: &str) -> Vec<String> {
    let compact: String = datum.chars().filter(|one| one.is_alphanumeric()).collect();
    let mut traces = vec![datum.to_owned(), compact];
    let parts = datum.split(|one: char| !one.is_alphanumeric());
    traces.extend(
        parts
            .filter(|part| part.len() > 6 && *part != "example")
            .map(str::to_owned),
    );
    if datum.contains('@') {
        traces.push("ana.perez".to_owned());
    }
    let small: Vec<String> = traces.iter().map(|trace| trace.to_lowercase()).collect();
    traces.extend(small);
    traces
}

#[track_caller]
pub fn assert_no_trace(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for (.., datum) in PERSONAL {
        for trace in traces(datum) {
            assert!(!text.contains(&trace), "{what} holds {trace:?}:\n{text}");
        }
    }
}

/// A row for each datum: as comment, as customer and as fields, and refused rows with all of them.
fn table() -> String {
    let mut table = "id,comment,customer,contact,phone,payment,nps,date\n".to_owned();
    let all: Vec<String> = PERSONAL
        .iter()
        .map(|(_, said, datum)| format!("{said} {datum}"))
        .collect();
    for (at, (_, said, datum)) in PERSONAL.iter().enumerate() {
        let comment = format!("bad service and {} that is all", all.join(" or "));
        let field = format!("{said} {datum}");
        let row = [
            &*at.to_string(),
            &comment,
            &field,
            &field,
            "612345678",
            "4111111111111111",
            "3",
            "2026-05-14",
        ];
        table.push_str(&row.join(","));
        table.push('\n');
    }
    // Rows with bad scores, bad dates, too few and too many cells, and a quote that is never closed.
    for (at, (.., datum)) in PERSONAL.iter().enumerate() {
        table += &[
            format!("s{at},text {datum},{datum},,,,{datum},2026-05-14"),
            format!("d{at},text {datum},{datum},,,,3,{datum}"),
            format!("f{at},text {datum}"),
            format!("m{at},{datum},{datum},{datum},,,3,2026-05-14,{datum},{datum}"),
            String::new(),
        ]
        .join("\n");
    }
    table
}

/// The files in a workbook, unpacked: from each local header of the archive on, as far as it goes.
fn unpacked(workbook: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut all = Vec::new();
    let starts = workbook
        .windows(4)
        .enumerate()
        .filter(|(_, window)| *window == b"PK\x03\x04");
    for (start, _) in starts {
        let word = |at: usize| {
            usize::from(u16::from_le_bytes([
                workbook[start + at],
                workbook[start + at + 1],
            ]))
        };
        let data = start + 30 + word(26) + word(28);
        if word(8) == 8 {
            let mut reader = flate2::read::DeflateDecoder::new(&workbook[data..]);
            reader.read_to_end(&mut all).unwrap();
        }
    }
    assert!(String::from_utf8_lossy(&all).contains("<worksheet"));
    all
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
        &["export", "--index", "index", "--format"],
        &["tag", "file.csv", "--format"],
        &["peek", "file.csv", "--format"],
        &["redact", "--index", "index", "--dry-run", "--format"],
    ] {
        for format in ["jsonl", "csv", "table"] {
            told.push(desk.voz(&[verb, &[format]].concat()).done());
        }
    }
    told.push(desk.voz(&["tag", "file.csv", "-o", "tag.xlsx"]).done());
    told.push(
        desk.voz(&["export", "--index", "index", "-o", "export.xlsx"])
            .done(),
    );
    told.push(
        desk.voz(&["report", "--index", "index", "-o", "report.html"])
            .done(),
    );
    for (_, said, datum) in PERSONAL {
        let text = format!("bad service and {said} {datum} that is all");
        told.push(desk.voz(&["explain", &text, "--format", "table"]).done());
        told.push(desk.voz(&["explain", &text, "--format", "jsonl"]).done());
    }
    for told in &told {
        assert_no_trace(&told.to_string(), told.stdout.as_bytes());
        assert_no_trace("stderr", told.stderr.as_bytes());
    }
    let tagged = desk.voz(&["tag", "file.csv", "--format", "jsonl"]).done();
    let objects = tagged.objects();
    let objects: Vec<_> = objects
        .iter()
        .filter(|object| {
            object["id"]
                .as_str()
                .unwrap()
                .bytes()
                .all(|byte| byte.is_ascii_digit())
        })
        .collect();
    assert_eq!(objects.len(), PERSONAL.len());
    for (object, (mark, said, _)) in objects.iter().zip(PERSONAL) {
        let text = object["text"].as_str().unwrap();
        for (mark, said, _) in PERSONAL {
            assert!(
                text.contains(&format!("{said} {mark}")),
                "{said} {mark} in {text}"
            );
        }
        let customer = object["customer"].as_str().unwrap();
        assert!(
            customer.starts_with(&format!("{said} {mark}-")),
            "{customer} is a mark and a fingerprint"
        );
        let fields =
            json!({ "contact": format!("{said} {mark}"), "phone": "[PHONE]", "payment": "[CARD]" });
        assert_eq!(object["fields"], fields);
    }
    assert!(desk.rejects("file.csv").len() >= 3 * PERSONAL.len());
    for path in files(&desk.path("")) {
        let bytes = std::fs::read(&path).unwrap();
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.ends_with("file.csv") => {}
            Some("xlsx") => assert_no_trace(&path.display().to_string(), &unpacked(&bytes)),
            _ => assert_no_trace(&path.display().to_string(), &bytes),
        }
    }
    assert!(files(&desk.path("index")).len() >= 8);
}

#[test]
fn a_first_row_that_is_no_header_is_not_told() {
    for (_, said, datum) in PERSONAL {
        let rows = format!(
            "1,Ana,bad service and {said} {datum} that is all,3\n2,Luis,all is well here,9\n"
        );
        let desk = Desk::with("bare.csv", &rows);
        for verb in ["peek", "tag", "index"] {
            let told = desk.voz(&[verb, "bare.csv"]);
            assert_no_trace("stdout", told.stdout.as_bytes());
            assert_no_trace("stderr", told.stderr.as_bytes());
            told.refused(3, "holds personal data", "names of the columns");
        }
        for path in files(&desk.path("")) {
            if !path.ends_with("bare.csv") {
                assert_no_trace(&path.display().to_string(), &std::fs::read(&path).unwrap());
            }
        }
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
