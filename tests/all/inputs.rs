//! Several files, folders, streams and formats, as the program is given them.

use super::program::{Desk, files};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::Workbook;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

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
fn results_in_a_folder_of_exports_are_no_exports_whatever_their_form() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("exports")).unwrap();
    desk.put("exports/one.csv", ONE);
    desk.put("exports/two.xlsx", workbook());
    for result in ["es.xlsx", "tagged.parquet", "tagged.arrow", "mentions.xlsx"] {
        let output = format!("exports/{result}");
        let mut arguments = vec!["tag", "exports", "-o", &*output];
        match result {
            "es.xlsx" => arguments.extend(["--columns", "es"]),
            "mentions.xlsx" => arguments.extend(["--per", "mention"]),
            _ => {}
        }
        desk.voz(&arguments).done();
    }
    let told = desk.voz(&["tag", "exports", "--format", "jsonl"]).done();
    assert_eq!(told.ids(), ["1", "4", "5"]);
}

/// Comments that take a while to tag.
fn many() -> String {
    let mut csv = "id,text\n".to_owned();
    for row in 0..200_000 {
        writeln!(
            csv,
            "{row},la espera fue larga y nadie me explicó nada {row}"
        )
        .unwrap();
    }
    csv
}

/// Runs `voz tag many.csv -o out.jsonl` and does something while it writes; true when it ended well.
fn meanwhile(desk: &Desk, act: impl FnOnce(&mut std::process::Child)) -> bool {
    let left = drafts(desk);
    let mut run = Command::new(env!("CARGO_BIN_EXE_voz"))
        .args(["tag", "many.csv", "-o", "out.jsonl"])
        .current_dir(desk.path(""))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun =
        |path: &PathBuf| !left.contains(path) && path.metadata().is_ok_and(|meta| meta.len() > 0);
    while run.try_wait().unwrap().is_none() && !drafts(desk).iter().any(begun) {
        std::thread::sleep(Duration::from_millis(1));
    }
    act(&mut run);
    run.wait().unwrap().success()
}

fn drafts(desk: &Desk) -> Vec<PathBuf> {
    let mut files = files(&desk.path(""));
    files.retain(|path| path.to_string_lossy().contains(".out.jsonl"));
    files
}

#[test]
fn a_file_that_is_cut_while_it_is_tagged_leaves_no_output() {
    let desk = Desk::with("many.csv", many());
    let cut = |_: &mut std::process::Child| {
        let file = std::fs::File::options()
            .write(true)
            .open(desk.path("many.csv"));
        file.unwrap().set_len(5_000_000).unwrap();
    };
    assert!(!meanwhile(&desk, cut));
    assert!(!desk.has("out.jsonl") && drafts(&desk).is_empty());
}

#[test]
fn what_a_killed_run_left_beside_its_output_goes_with_the_next_and_that_of_one_at_work_stays() {
    let desk = Desk::with("many.csv", many());
    assert!(!meanwhile(&desk, |run| run.kill().unwrap()));
    assert_eq!(drafts(&desk).len(), 1);
    desk.put("few.csv", ONE);
    let few = ["tag", "few.csv", "-o", "out.jsonl"];
    let at_work = |_: &mut std::process::Child| {
        desk.voz(&few).done();
        assert_eq!(drafts(&desk).len(), 1);
    };
    assert!(meanwhile(&desk, at_work));
    assert!(drafts(&desk).is_empty());
    assert_eq!(desk.read("out.jsonl").lines().count(), 200_000);
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
