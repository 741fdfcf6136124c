//! Settings kept in voz.toml: drafted by `voz peek --write`, read by the runs after it.

use super::program::{Desk, SAMPLE};

const FILE: &str = "Q1,Q2,when,score\n1,good service,03/04/2026,9\n2,bad service,05/04/2026,2\n";

const SETTINGS: &str = "index = \"kept\"\nmax-rejects = 0\n[columns]\nid = \"Q1\"\ntext = \"Q2\"\ndate = \"when\"\n\
                        nps = \"score\"\n[file]\ndate-order = \"dmy\"\n";

fn desk() -> Desk {
    let desk = Desk::with("file.csv", FILE);
    desk.put("voz.toml", SETTINGS);
    desk
}

#[test]
fn what_is_kept_is_read_and_told() {
    let desk = desk();
    let told = desk.voz(&["tag", "file.csv"]).done();
    let objects = told.objects();
    assert_eq!(
        (&objects[0]["id"], &objects[0]["date"]),
        (&"1".into(), &"2026-04-03".into())
    );
    assert_eq!(objects[1]["scores"]["nps"], 2);
    told.says(&["settings: voz.toml"]);
    assert_eq!(desk.voz(&["tag", "file.csv", "--quiet"]).done().stderr, "");
    let told = desk.voz(&["peek", "file.csv", "--format", "table"]).done();
    for part in [
        "given by text in voz.toml",
        "given by date-order in voz.toml",
    ] {
        assert!(told.stdout.contains(part), "{told}");
    }
    // Where the index is holds for those who ask it as well.
    desk.voz(&["index", "file.csv"]).done();
    assert!(desk.has("kept/voz.json") && !desk.has("voz-index"));
    assert_eq!(
        desk.voz(&["search", "bad", "--format", "jsonl"])
            .done()
            .ids(),
        ["2"]
    );
    desk.put("file.csv", format!("{FILE}3,x,04/04/2026,11\n"));
    desk.voz(&["tag", "file.csv"]).ended(5);
}

#[test]
fn flags_win_over_variables_over_the_folder_over_the_user() {
    let desk = desk();
    let dates = |told: super::program::Told| told.done().objects()[0]["date"].clone();
    assert_eq!(
        dates(desk.voz(&["tag", "file.csv", "--date-order", "mdy"])),
        "2026-03-04"
    );
    desk.shell("VOZ_INDEX=by-variable \"$VOZ\" index file.csv")
        .done();
    assert!(desk.has("by-variable") && !desk.has("kept"));
    desk.shell("VOZ_INDEX=by-variable \"$VOZ\" index file.csv --index by-flag")
        .done();
    assert!(desk.has("by-flag") && !desk.has("kept"));
    // The user's own settings hold where those of the folder say nothing.
    std::fs::create_dir_all(desk.path("home/voz")).unwrap();
    desk.put(
        "home/voz/voz.toml",
        "index = \"of-the-user\"\n[columns]\nfields = [\"when\"]\ncsat = \"score\"\n[scales]\ncsat-max = 10\n",
    );
    let told = desk.voz(&["tag", "file.csv", "--nps", ""]).done();
    assert_eq!(told.objects()[0]["scores"]["csat"], 9, "{told}");
}

#[test]
fn a_file_named_by_a_flag_takes_the_place_of_the_folders() {
    let desk = desk();
    std::fs::create_dir(desk.path("conf")).unwrap();
    desk.put("conf/night.toml", SETTINGS.replace("dmy", "mdy"));
    let told = desk
        .voz(&["index", "file.csv", "--config", "conf/night.toml"])
        .done();
    told.says(&["settings: conf/night.toml"]);
    assert!(desk.has("conf/kept/voz.json"));
    desk.voz(&["tag", "file.csv", "--config", "gone.toml"])
        .refused(2, "gone.toml: there is no such file of settings", "--write");
    // Nothing is kept in an empty file.
    desk.voz(&["tag", "file.csv", "--config", "/dev/null"])
        .ended(3);
}

#[test]
fn what_is_wrong_in_it_names_it() {
    let desk = desk();
    let tag = || desk.voz(&["tag", "file.csv"]);
    desk.put("voz.toml", format!("{SETTINGS}florb = 1\n"));
    tag().refused(
        2,
        "voz.toml: row 10: unknown field `florb`, expected one of `date-order`",
        "README.md",
    );
    desk.put("voz.toml", SETTINGS.replace("Q2", "Q7"));
    tag().refused(
        2,
        "file.csv: there is no column \"Q7\", which voz.toml names as text",
        "the columns are: \"Q1\"",
    );
    desk.put("voz.toml", "[columns]\ntext = [\"Q1\", \"Q2\"");
    tag().refused(2, "voz.toml: row 2", "--write");
    desk.put(
        "voz.toml",
        SETTINGS.replace("max-rejects = 0", "max-rejects = -1"),
    );
    tag().refused(2, "voz.toml: row 2", "README.md");
    // Verbs that ask nothing of it do not read it.
    desk.voz(&["models", "show"]).done();
}

#[test]
fn a_draft_is_read_as_the_file_was() {
    let desk = Desk::with("file.csv", FILE);
    let said = [
        "peek", "file.csv", "--id", "Q1", "--text", "Q2", "--nps", "score",
    ];
    let rest = [
        "--date-order",
        "dmy",
        "--csat-max",
        "10",
        "--delimiter",
        ",",
        "--fields",
        "when",
    ];
    let said = [&said[..], &rest].concat();
    let write = [&said[..], &["--write", "--format", "jsonl"]].concat();
    let first = desk.voz(&write).done().says(&["written: voz.toml"]);
    let again = desk.voz(&["peek", "file.csv", "--format", "jsonl"]).done();
    let columns = |told: &super::program::Told| {
        let object = told.objects().remove(0);
        let columns = object["columns"].as_array().unwrap().iter();
        let columns = columns.map(|one| {
            (
                one["name"].clone(),
                one["role"].clone(),
                one["kind"].clone(),
            )
        });
        let columns: Vec<_> = columns.collect();
        (
            columns,
            object["scales"].clone(),
            object["date_order"].clone(),
        )
    };
    assert_eq!(
        columns(&first),
        columns(&again),
        "{}",
        desk.read("voz.toml")
    );
    let draft = desk.read("voz.toml");
    desk.voz(&write)
        .refused(2, "voz.toml: the file is there already", "--force");
    assert_eq!(desk.read("voz.toml"), draft);
    desk.voz(&[&write[..], &["--force"]].concat()).done();
}

#[test]
fn lists_and_switches_are_kept_as_well() {
    let desk = Desk::with("file.csv", "id,comment,\"a, b\",ces,x,y\n1,good,u,3,1,2\n");
    desk.put(
        "voz.toml",
        "[columns]\nfields = [\"a, b\", \"x\"]\n[scales]\nces-high-is-hard = true\n",
    );
    let told = desk.voz(&["tag", "file.csv"]).done();
    assert_eq!(
        told.objects()[0]["fields"],
        serde_json::json!({"a, b": "u", "x": 1})
    );
    let told = desk.voz(&["peek", "file.csv", "--format", "jsonl"]).done();
    assert_eq!(told.objects()[0]["scales"]["ces_high_is_easy"], false);
}

#[test]
fn every_line_of_a_draft_can_be_taken() {
    let desk = Desk::with("crm.csv", "customer_id,segment\nC10211,gold\n");
    let write = [
        "--join",
        "crm.csv",
        "--on",
        "customer",
        "--write",
        "night.toml",
    ];
    desk.voz(&[&["peek", SAMPLE], &write[..]].concat()).done();
    let draft = desk.read("night.toml");
    let config = ["--config", "night.toml"];
    let told = desk.voz(&[&["tag", SAMPLE], &config[..]].concat()).done();
    assert_eq!(told.objects()[0]["fields"]["segment"], "gold", "{draft}");
    // A comment of a draft is a setting with a # before it.
    let mut settings = String::new();
    for line in draft.lines() {
        let plain = line.strip_prefix("# ").unwrap_or(line);
        let is_setting = plain
            .split(" = ")
            .next()
            .is_some_and(|key| !key.contains(' '));
        if is_setting && plain.contains(" = ") && !plain.starts_with("model") {
            settings.push_str(plain);
        } else if line.starts_with('[') {
            settings.push_str(line);
        }
        settings.push('\n');
    }
    desk.put("night.toml", settings);
    desk.voz(&[&["peek", SAMPLE], &config[..]].concat()).done();
}
