//! Files that are not what they should be: a clear message, the right exit code, nothing lost.

use super::program::Desk;

/// A file that both `tag` and `index` refuse before anything is written.
#[track_caller]
fn refused(name: &str, content: impl AsRef<[u8]>, error: &str, advice: &str) {
    let desk = Desk::with(name, content);
    desk.voz(&["tag", name]).refused(3, error, advice);
    desk.index(name).refused(3, error, advice);
    assert!(!desk.has("index") && !desk.has(&format!("{name}.rejects.csv")));
}

/// A file of which `index` refuses these rows, and keeps these ids.
#[track_caller]
fn rejected(content: impl AsRef<[u8]>, rejects: &[&str], kept: &[&str]) {
    let desk = Desk::with("file.csv", content);
    let told = desk.index("file.csv").done();
    let refused = format!("Rows refused: {} (", rejects.len());
    told.says(&[&refused, "file.csv.rejects.csv"]);
    assert_eq!(desk.rejects("file.csv"), rejects);
    let found = desk
        .voz(&["search", "--index", "index", "--format", "jsonl"])
        .done();
    let mut ids = found.ids();
    ids.sort();
    assert_eq!(ids, kept);
    let tagged = desk.voz(&["tag", "file.csv", "--format", "jsonl"]).done();
    assert_eq!(tagged.ids(), kept, "in the order of the file");
    assert_eq!(desk.rejects("file.csv"), rejects);
}

#[test]
fn a_missing_file() {
    let desk = Desk::new();
    for verb in ["peek", "tag", "index"] {
        desk.voz(&[verb, "gone.csv"]).refused(
            3,
            "gone.csv: there is no such file",
            "check the path",
        );
    }
    assert!(!desk.has("voz-index"));
}

#[test]
fn a_folder() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("folder")).unwrap();
    for verb in ["peek", "tag", "index"] {
        desk.voz(&[verb, "folder"]).refused(
            3,
            "folder: no export in this folder",
            "the endings are .csv",
        );
    }
}

#[test]
fn an_empty_file() {
    refused("empty.csv", "", "the file is empty", "how it was exported");
    refused(
        "blank.csv",
        " \n\n",
        "the file is empty",
        "how it was exported",
    );
    refused(
        "mark.csv",
        b"\xEF\xBB\xBF",
        "the file is empty",
        "how it was exported",
    );
    refused(
        "empty.jsonl",
        "",
        "the file is empty",
        "how it was exported",
    );
}

#[test]
fn a_header_and_nothing_else() {
    refused(
        "header.csv",
        "id,text,nps\n",
        "there is a header and no row under it",
        "the first row must hold the names of the columns",
    );
    refused("header.csv", "id,text,nps", "no row under it", "export");
}

#[test]
fn no_column_of_text() {
    refused(
        "file.csv",
        "id,nps\n1,3\n2,4\n",
        "no column is known to hold the comments",
        "say which one does: --text NAME; the columns are: \"id\", \"nps\"",
    );
    let desk = Desk::with("file.csv", "id,nps\n1,3\n2,4\n");
    desk.voz(&["tag", "file.csv", "--text", "florb"]).refused(
        2,
        "there is no column \"florb\"",
        "the columns are: \"id\", \"nps\"",
    );
}

#[test]
fn two_columns_of_text() {
    let file = "id,comment,comentario\n1,good service here,muy bien\n2,bad service,muy mal\n";
    refused(
        "file.csv",
        file,
        "more than one column may hold the comments: \"comentario\", \"comment\"",
        "--text \"comentario\"",
    );
    let desk = Desk::with("file.csv", file);
    let told = desk
        .voz(&["tag", "file.csv", "--text", "comment", "--format", "jsonl"])
        .done();
    assert_eq!(told.objects()[1]["text"], "bad service");
    assert_eq!(told.objects()[1]["fields"]["comentario"], "muy mal");
}

#[test]
fn binary_junk() {
    let advice = "give a table of comments, as CSV or JSON Lines";
    let program = std::fs::read(env!("CARGO_BIN_EXE_voz")).unwrap();
    refused("file.csv", &program[..50_000], "this is a program", advice);
    refused(
        "file.csv",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "a picture (PNG)",
        advice,
    );
    // The low bytes of a linear congruential sequence: noise, the same in every run.
    let mut state = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    })
    .take(20_000)
    .collect();
    refused("file.csv", noise, "this is not text", advice);
}

#[test]
fn the_wrong_encoding() {
    let latin = b"id,text\n1,caf\xE9 bueno y r\xE1pido\n2,plain good service\n";
    let desk = Desk::with("file.csv", latin);
    let told = desk.voz(&["tag", "file.csv", "--format", "jsonl"]).done();
    assert_eq!(told.objects()[0]["text"], "café bueno y rápido");
    // Told to be what it is not: the row with the wrong bytes is refused, the other one done.
    let told = desk
        .voz(&[
            "tag",
            "file.csv",
            "--format",
            "jsonl",
            "--encoding",
            "utf-8",
        ])
        .done();
    assert_eq!(told.ids(), ["2"]);
    assert_eq!(
        desk.rejects("file.csv"),
        ["2,text,bytes that are not valid in the file's encoding"]
    );
    desk.voz(&["tag", "file.csv", "--encoding", "klingon"])
        .refused(2, "no encoding is called `klingon`", "try utf-8");
}

#[test]
fn one_damaged_character_in_a_file_of_good_ones() {
    rejected(
        b"id,text\n1,m\xC3\xA1s a\xC3\xB1os y opini\xC3\xB3n\n2,caf\xE9 malo\n3,ma\xC3\xB1ana bien\n",
        &["3,text,bytes that are not valid in the file's encoding"],
        &["1", "3"],
    );
}

#[test]
fn broken_quotes() {
    rejected(
        "id,text\n1,\"open quote\n2,fine and good\n3,\"closed, and good\"\n",
        &["2,,a quote opens in this row and is not closed within 16 MiB"],
        &["2", "3"],
    );
}

#[test]
fn rows_of_another_length() {
    rejected(
        "id,text,nps\n1,good,9\n2,good\n3,one, two,9\n4,bad,1\n",
        &[
            "3,,2 cells where the header has 3",
            "4,,4 cells where the header has 3",
        ],
        &["1", "4"],
    );
}

#[test]
fn ten_megabytes_in_one_cell() {
    let mut file = b"id,text\n1,\"".to_vec();
    file.extend(b"bad service ".iter().cycle().take(10 << 20));
    file.extend(b"\"\n2,fine and good\n");
    rejected(file, &["2,text,the cell is longer than 1 MiB"], &["2"]);
}

#[test]
fn a_million_columns() {
    let row = |cell: &str| cell.repeat(1_000_000) + "\n";
    refused(
        "file.csv",
        row("a,") + &row("1,"),
        "1000001 columns; at most 10000 are read",
        "check the delimiter (--delimiter)",
    );
    let file = format!("id,text\n1,good\n{}3,bad\n", row("x,"));
    rejected(
        file,
        &["3,,1000001 cells where the header has 2"],
        &["1", "3"],
    );
}

#[test]
fn nul_bytes() {
    rejected(
        "id,text\n1,has \0 nul\n2,good\n3,bad\n",
        &["2,text,the cell holds a NUL byte"],
        &["2", "3"],
    );
}

#[test]
fn dates_of_unknown_order() {
    let file = "id,date,text\n1,03/04/2026,good\n2,05/06/2026,bad\n";
    refused(
        "file.csv",
        file,
        "the dates of the column \"date\" may be day first or month first",
        "--date-order dmy (3/4 is 3 April) or --date-order mdy (4 March)",
    );
    let desk = Desk::with("file.csv", file);
    for (order, day) in [("dmy", "2026-04-03"), ("mdy", "2026-03-04")] {
        let told = desk
            .voz(&[
                "tag",
                "file.csv",
                "--format",
                "jsonl",
                "--date-order",
                order,
            ])
            .done();
        assert_eq!(told.objects()[0]["date"], day);
    }
}

#[test]
fn scores_out_of_range() {
    rejected(
        "id,nps,csat,ces,text\n1,11,3,3,good\n2,9,6,3,bad\n3,9,5,0,bad\n4,9,5,7,fine\n\
         5,x,5,7,fine\n6,7.5,5,7,fine\n7,-1,5,7,bad\n8,,,,good\n9,10,5,7,good\n",
        &[
            "2,nps,not within 0 to 10",
            "3,csat,not within 1 to 5",
            "4,ces,not within 1 to 7",
            "6,nps,not a number",
            "7,nps,not a whole number",
            "8,nps,not within 0 to 10",
        ],
        &["4", "8", "9"],
    );
}

#[test]
fn more_rejects_than_allowed() {
    let desk = Desk::with(
        "file.csv",
        "id,nps,text\n1,11,good\n2,12,bad\n3,9,fine\n4,8,ok good\n",
    );
    let told = desk.voz(&[
        "index",
        "file.csv",
        "--index",
        "index",
        "--max-rejects",
        "1",
    ]);
    told.refused(
        5,
        "2 rows were refused, more than 1",
        "the good rows were done",
    );
    assert_eq!(desk.rejects("file.csv").len(), 2);
    assert_eq!(
        desk.voz(&["search", "--index", "index"]).done().ids().len(),
        2
    );
    desk.voz(&[
        "index",
        "file.csv",
        "--index",
        "index",
        "--max-rejects",
        "2",
    ])
    .done();
}

#[test]
fn nothing_but_rejects() {
    let desk = Desk::with("good.csv", "id,nps,text\n1,9,good\n");
    desk.index("good.csv").done();
    desk.put("bad.csv", "id,nps,text\n2,11,good\n3,99,bad\n");
    // A rebuild must not replace what is there by nothing.
    let rebuild = ["index", "bad.csv", "--index", "index", "--rebuild"];
    desk.voz(&[&rebuild[..], &["--nps", "nps"]].concat())
        .refused(5, "bad.csv: every row was refused", "voz peek FILE");
    assert_eq!(
        desk.voz(&["search", "--index", "index"]).done().ids(),
        ["1"]
    );
    desk.voz(&["tag", "bad.csv", "--nps", "nps", "-o", "out.jsonl"])
        .refused(5, "every row was refused", "the rejects file names row");
    assert!(!desk.has("out.jsonl"));
    assert_eq!(desk.rejects("bad.csv").len(), 2);
}

#[test]
fn ids_twice() {
    let desk = Desk::with(
        "file.csv",
        "id,text,nps\n1,good service,9\n1,bad service,2\n2,fine,8\n",
    );
    let told = desk.index("file.csv").done();
    told.says(&["rows 3: added 2, replaced 0, repeated ids 1, refused 0"]);
    let found = desk.voz(&["search", "id:1", "--index", "index"]).done();
    let objects = found.objects();
    assert_eq!(objects.len(), 1);
    assert_eq!(
        (&objects[0]["text"], &objects[0]["scores"]["nps"]),
        (&"bad service".into(), &2.into())
    );
    let again = desk.voz(&["index", "file.csv", "--index", "index", "--again"]);
    let again = again.done();
    again.says(&["added 0, replaced 2, repeated ids 1"]);
    assert_eq!(
        desk.voz(&["search", "--index", "index"]).done().ids().len(),
        2
    );
}

#[test]
fn lines_that_are_not_json() {
    let desk = Desk::with(
        "file.jsonl",
        "{\"id\":\"1\",\"text\":\"good\"}\n{\"id\":\"2\" oops}\n[3]\n{\"id\":\"4\",\"text\":\"bad\"}\n",
    );
    let told = desk.voz(&["tag", "file.jsonl", "--format", "jsonl"]).done();
    assert_eq!(told.ids(), ["1", "4"]);
    assert_eq!(
        desk.rejects("file.jsonl"),
        ["2,,not valid JSON at character 11", "3,,not a JSON object"]
    );
    refused(
        "file.json",
        "{\n\"a\": 1\n}\n",
        "no object per line and no list of objects",
        "turn it into JSON Lines",
    );
}

#[test]
fn rejects_never_take_the_place_of_another_file() {
    let desk = Desk::with("file.csv", "id,nps,text\n1,11,good\n2,9,good\n");
    desk.voz(&["tag", "file.csv", "--rejects", "file.csv"])
        .refused(
            2,
            "there is a file that does not hold refused rows",
            "name another file",
        );
    assert!(desk.read("file.csv").starts_with("id,nps,text"));
}
