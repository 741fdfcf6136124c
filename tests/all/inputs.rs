//! Several files, folders, streams and formats, as the program is given them.

use super::program::Desk;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::Workbook;
use std::io::Write;

const ONE: &str = "id,text,nps\n1,good service,9\n2,bad service,99\n";
const TWO: &str = "{\"id\":\"3\",\"text\":\"slow app\",\"nps\":2}\nbroken\n";

fn gzip(text: &str) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip([["id", "text"], ["4", "nice staff"], ["5", "long queue"]]) {
        sheet.write_row(row, 0, cells).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn several_files_are_read_in_order() {
    let desk = Desk::with("one.csv", ONE);
    desk.put("two.jsonl.gz", gzip(TWO));
    desk.put("three.csv", workbook());
    let files = ["two.jsonl.gz", "three.csv", "one.csv"];
    let told = desk.voz(&[&["tag", "--format", "jsonl"], &files[..]].concat());
    let told = told
        .done()
        .says(&["one.csv.rejects.csv", "two.jsonl.gz.rejects.csv"]);
    assert_eq!(told.ids(), ["3", "4", "5", "1"]);
    assert_eq!(desk.rejects("one.csv"), ["3,nps,not within 0 to 10"]);
    assert!(!desk.has("three.csv.rejects.csv"));
    let shared = ["--rejects", "all.csv", "--format", "jsonl"];
    let told = desk
        .voz(&[&["tag"], &files[..], &shared[..]].concat())
        .done();
    assert_eq!(told.ids(), ["3", "4", "5", "1"]);
    assert_eq!(
        desk.read("all.csv"),
        "file,row,column,reason\ntwo.jsonl.gz,2,,not valid JSON at character 1\n\
         one.csv,3,nps,not within 0 to 10\n"
    );
}

#[test]
fn a_folder_is_the_exports_in_it() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("exports/more")).unwrap();
    desk.put("exports/b.csv", ONE);
    desk.put("exports/a.jsonl", TWO);
    desk.put("exports/c.xlsx", workbook());
    desk.put("exports/more/d.csv", "id,text\n9,not read\n");
    desk.put("exports/.e.csv", "id,text\n9,not read\n");
    desk.put("exports/readme.md", "not read");
    for _ in 0..2 {
        let told = desk.voz(&["tag", "exports", "-o", "exports/tagged.jsonl"]);
        told.done();
        let ids: Vec<String> = desk
            .read("exports/tagged.jsonl")
            .lines()
            .map(|line| line[7..8].to_owned())
            .collect();
        assert_eq!(ids, ["3", "1", "4", "5"]);
    }
    desk.voz(&["index", "exports", "--index", "index"]).done();
    let told = desk
        .voz(&["search", "--index", "index", "--format", "jsonl"])
        .done();
    assert_eq!(told.ids().len(), 4);
    let told = desk.voz(&["peek", "exports", "--format", "table"]).done();
    let at = |name: &str| told.stdout.find(name).unwrap();
    assert!(
        at("exports/a.jsonl") < at("exports/b.csv") && at("exports/b.csv") < at("exports/c.xlsx")
    );
    let told = desk.voz(&["peek", "exports", "--format", "jsonl"]).done();
    let files: Vec<_> = told
        .objects()
        .iter()
        .map(|plan| plan["file"].clone())
        .collect();
    assert_eq!(
        files,
        ["exports/a.jsonl", "exports/b.csv", "exports/c.xlsx"]
    );
}

#[test]
fn a_file_that_cannot_be_read_stops_all_before_any() {
    let desk = Desk::with("one.csv", ONE);
    desk.put("cut.csv", &workbook()[..900]);
    for verb in [
        &["tag", "one.csv", "cut.csv", "-o", "out"][..],
        &["index", "one.csv", "cut.csv"],
    ] {
        desk.voz(verb).refused(
            3,
            "cut.csv: the workbook is truncated",
            "export the file again",
        );
    }
    assert!(!desk.has("out") && !desk.has("voz-index") && !desk.has("one.csv.rejects.csv"));
    desk.voz(&["tag", "one.csv", "-"]).refused(
        2,
        "standard input (-) stands alone",
        "write it to a file",
    );
}

#[test]
fn a_truncated_file_commits_nothing() {
    let mut csv = b"id,text\n".to_vec();
    for row in 0..120_000_u64 {
        let noise = row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        writeln!(csv, "{row},words {noise}").unwrap();
    }
    let packed = gzip(&String::from_utf8(csv).unwrap());
    let desk = Desk::with("cut.csv.gz", &packed[..packed.len() - 10]);
    desk.index("cut.csv.gz").refused(
        3,
        "cut.csv.gz: reading failed: the gzip file is truncated",
        "copy or export the file again",
    );
    let told = desk.voz(&["search", "--index", "index"]);
    assert!(
        told.code == 4 || told.stderr.contains("the index is empty"),
        "{told}"
    );
}

#[test]
fn streams_of_any_format() {
    let desk = Desk::with("book", workbook());
    desk.put("lines.gz", gzip(TWO));
    desk.put(
        "array",
        "[{\"id\":6,\"text\":\"a\"},\n{\"id\":7,\"text\":\"b\"}]",
    );
    for (file, ids) in [
        ("book", &["4", "5"][..]),
        ("lines.gz", &["3"]),
        ("array", &["6", "7"]),
    ] {
        let told = desk
            .shell(&format!("cat {file} | \"$VOZ\" tag - --format jsonl"))
            .done();
        assert_eq!(told.ids(), ids, "{file}");
    }
}

#[test]
fn a_sheet_and_columns_are_chosen() {
    let desk = Desk::with("book.xlsx", workbook());
    desk.voz(&["tag", "book.xlsx", "--sheet", "Nope"]).refused(
        2,
        "there is no sheet \"Nope\"",
        "the sheets are: \"Sheet1\"",
    );
    desk.put("two.csv", "id,a,b\n1,good,bad\n2,,\n");
    let told = desk
        .voz(&[
            "tag", "two.csv", "--text", "a", "--text", "b", "--format", "jsonl",
        ])
        .done();
    assert_eq!(told.ids(), ["1#a", "1#b", "2"]);
    assert_eq!(told.objects()[1]["fields"]["question"], "b");
}
