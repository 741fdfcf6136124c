//! Wrong flags, and what a run of each verb looks like.

use super::program::{Desk, SAMPLE};

const SMALL: &str =
    "id,text,nps,region\n1,good service,9,South\n2,bad service,2,North\n3,fine,8,South\n";

fn indexed() -> Desk {
    let desk = Desk::with("file.csv", SMALL);
    desk.index("file.csv").done();
    desk
}

#[test]
fn unknown_flags_and_verbs() {
    let desk = Desk::with("file.csv", SMALL);
    desk.voz(&["tag", "file.csv", "--florb"])
        .refused(2, "unexpected argument '--florb'", "--help");
    desk.voz(&["florb"])
        .refused(2, "unrecognized subcommand 'florb'", "--help");
    desk.voz(&[])
        .refused(2, "Usage: voz [OPTIONS] <COMMAND>", "voz demo");
    desk.voz(&["tag", "file.csv", "--threads", "0"]).refused(
        2,
        "'--threads <N>'",
        "0 is not in 1..=65535",
    );
    desk.voz(&["tag", "file.csv", "--format", "xml"]).refused(
        2,
        "invalid value 'xml'",
        "table, jsonl, csv",
    );
    desk.voz(&["index", "file.csv", "--memory", "1"])
        .refused(2, "'--memory <MIB>'", "32..=65536");
    desk.voz(&["drivers", "--measure", "florb"]).refused(
        2,
        "invalid value 'florb'",
        "nps, csat, ces, nev, sentiment",
    );
    desk.voz(&["tag", "file.csv", "--id", "text", "--text", "text"])
        .refused(2, "is given as --text and as --id", "give each column once");
    desk.voz(&["tag", "file.csv", "--delimiter", "::"]).refused(
        2,
        "a delimiter is one character",
        "use , ; | or tab",
    );
    assert!(!desk.has("voz-index"));
}

#[test]
fn an_index_folder_that_is_none() {
    let desk = Desk::with("file.csv", SMALL);
    for verb in ["search", "aggregate", "drivers"] {
        desk.voz(&[verb, "--index", "gone"]).refused(
            4,
            "gone: there is no index here",
            "voz index FILE --index gone",
        );
        desk.voz(&[verb, "--index", "file.csv"]).refused(
            4,
            "there is no index here",
            "check the path",
        );
    }
    desk.voz(&["index", "file.csv", "--index", "file.csv"])
        .refused(
            1,
            "file.csv: making the index folder failed",
            "a file stands where a folder is needed",
        );
    assert_eq!(desk.read("file.csv"), SMALL);
}

#[test]
fn an_output_file_takes_its_name_when_it_is_complete() {
    let desk = Desk::with("file.csv", SMALL);
    desk.put("out.jsonl", "as it was");
    desk.put("bad.csv", "id,nps\n1,2\n");
    desk.voz(&["tag", "bad.csv", "-o", "out.jsonl"]).refused(
        3,
        "no column is known",
        "--text NAME",
    );
    assert_eq!(desk.read("out.jsonl"), "as it was");
    let told = desk.voz(&["tag", "file.csv", "-o", "out.jsonl"]).done();
    assert_eq!(told.stdout, "");
    let printed = desk.voz(&["tag", "file.csv"]).done();
    assert_eq!(desk.read("out.jsonl"), printed.stdout);
    desk.voz(&["tag", "file.csv", "-o", "gone/out.jsonl"])
        .refused(1, "the output file cannot be made", "check the path");
    // Both tables, not the second in place of the first.
    desk.voz(&["peek", "file.csv", "--format", "table", "-o", "peek.txt"])
        .done();
    let peeked = desk.read("peek.txt");
    assert!(
        peeked.contains("delimited text") && peeked.contains("region"),
        "{peeked}"
    );
}

#[test]
fn every_form_of_output() {
    let desk = indexed();
    let run = |verb: &[&str], format| {
        let told = desk.voz(&[verb, &["--format", format]].concat()).done();
        told.stdout
    };
    let index: &[&str] = &["--index", "index"];
    let columns = |text: &str| text.lines().next().unwrap().split(',').count();
    for (verb, rows) in [("aggregate", 3), ("search", 3)] {
        let verb = [&[verb], index].concat();
        assert_eq!(run(&verb, "jsonl").lines().count(), rows);
        let csv = run(&verb, "csv");
        assert_eq!(
            (csv.lines().count(), columns(&csv) > 7),
            (rows + 1, true),
            "{csv}"
        );
        assert!(run(&verb, "table").lines().count() > rows);
    }
    let tag: &[&str] = &["tag", "file.csv"];
    assert_eq!(run(tag, "csv").lines().count(), 4);
    assert!(run(tag, "table").contains("bad service"));
    assert_eq!(run(tag, "jsonl").lines().count(), 3);
    let peeked: serde_json::Value =
        serde_json::from_str(&run(&["peek", "file.csv"], "jsonl")).unwrap();
    assert_eq!(peeked["columns"][1]["role"], "text");
}

#[test]
fn members_that_programs_rely_on() {
    let desk = Desk::new();
    desk.index_sample();
    let of = |verb: &[&str]| {
        desk.voz(&[verb, &["--index", "index"]].concat())
            .done()
            .objects()
    };
    for theme in of(&["drivers", "--themes"]) {
        for member in [
            "driver",
            "theme",
            "n",
            "share",
            "impact",
            "low",
            "high",
            "net_with",
            "net_without",
            "counts",
        ] {
            assert!(!theme[member].is_null(), "{member}: {theme}");
        }
    }
    let groups = of(&["aggregate", "--by", "channel"]);
    // One for each measure.
    assert_eq!(groups.len(), 4 * 5);
    for group in groups {
        for member in ["group", "measure", "n", "net", "low", "high", "definition"] {
            assert!(!group[member].is_null(), "{member}: {group}");
        }
    }
}

#[test]
fn nev_is_shown_beside_what_it_is_corrected_to() {
    let desk = Desk::new();
    desk.index_sample();
    let ask = |rest: &[&str]| {
        let verb = [&["aggregate", "--index", "index", "--measure", "nev"], rest].concat();
        desk.voz(&verb).done()
    };
    let rows = ask(&["--by", "channel"]).objects();
    for pair in rows.chunks(2) {
        let [nev, adjusted] = pair else {
            panic!("{pair:?}");
        };
        assert_eq!(nev["definition"], "nev");
        assert_eq!(adjusted["definition"], "nev.adjusted");
        assert_eq!(
            (&nev["group"], &nev["n"]),
            (&adjusted["group"], &adjusted["n"])
        );
        let [low, net, high] = ["low", "net", "high"].map(|name| adjusted[name].as_f64().unwrap());
        assert!(
            -100.0 <= low && low < net && net < high && high <= 100.0,
            "{adjusted}"
        );
    }
    // Neither the order of rows nor the number of threads has a part in it.
    let told = ask(&[]).stdout;
    let text = std::fs::read_to_string(SAMPLE).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    desk.put("turned.csv", lines.join("\n"));
    desk.voz(&[
        "index",
        "turned.csv",
        "--index",
        "index",
        "--rebuild",
        "--threads",
        "3",
    ])
    .done();
    assert_eq!(ask(&[]).stdout, told);
    let found = desk
        .voz(&["search", "--index", "index", "--format", "table"])
        .done();
    assert!(!found.stdout.contains("nev.adjusted"), "{}", found.stdout);
    // An index that does not know how its model errs says nothing of it.
    let mut manifest: serde_json::Value =
        serde_json::from_str(&desk.read("index/voz.json")).unwrap();
    manifest.as_object_mut().unwrap().remove("votes").unwrap();
    desk.put("index/voz.json", manifest.to_string());
    assert!(!ask(&[]).stdout.contains("adjusted"));
}

#[test]
fn impact_can_be_redone_from_the_counts() {
    let desk = Desk::new();
    desk.index_sample();
    for row in desk.voz(&["drivers", "--index", "index"]).done().objects() {
        let count = |side: &str| -> [f64; 3] {
            ["plus", "zero", "minus"].map(|vote| row["counts"][side][vote].as_f64().unwrap())
        };
        let net = |[plus, zero, minus]: [f64; 3]| 100.0 * (plus - minus) / (plus + zero + minus);
        let (with, without) = (count("with"), count("without"));
        let all = [0, 1, 2].map(|at| with[at] + without[at]);
        let share = with.iter().sum::<f64>() / all.iter().sum::<f64>();
        for (name, value) in [
            ("net_with", net(with)),
            ("net_without", net(without)),
            ("impact", net(all) - net(without)),
            ("impact", share * (net(with) - net(without))),
            ("share", share),
        ] {
            let told = row[name].as_f64().unwrap();
            assert!(
                (told - value).abs() <= 0.000_051,
                "{name} {told} is not {value}: {row}"
            );
        }
    }
}

#[test]
fn the_demo_prints_commands_that_work() {
    let desk = Desk::new();
    let told = desk.voz(&["demo"]).done();
    assert!(told.stdout.contains("Nubela"));
    let page = desk.read("voz-demo/report.html");
    assert!(page.contains("<svg") && !page.contains("://"));
    let commands: Vec<&str> = told
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("  voz "))
        .collect();
    assert_eq!(commands.len(), 7, "{}", told.stdout);
    for command in commands {
        let done = desk.shell(&format!("\"$VOZ\" {command}")).done();
        assert!(
            ["index", "report"]
                .iter()
                .any(|silent| command.starts_with(silent))
                || !done.stdout.is_empty(),
            "{command}"
        );
    }
}

#[test]
fn peek_shows_what_would_be_read() {
    let desk = Desk::new();
    let told = desk.voz(&["peek", SAMPLE, "--format", "csv"]).done();
    let roles: Vec<&str> = told
        .stdout
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .filter(|role| *role != "field")
        .collect();
    assert_eq!(
        roles,
        ["id", "date", "customer", "nps", "csat", "ces", "text"]
    );
}

#[test]
fn standard_input_and_a_closed_pipe() {
    let desk = Desk::with("file.csv", SMALL);
    let told = desk
        .shell("\"$VOZ\" tag - --format jsonl < file.csv")
        .done();
    assert_eq!(told.ids(), ["1", "2", "3"]);
    let told = desk
        .shell(&format!(
            "set -o pipefail; \"$VOZ\" tag {SAMPLE} | head -n 1"
        ))
        .done();
    assert_eq!((told.ids().len(), &*told.stderr), (1, ""));
}

#[test]
fn why_a_score_moved() {
    let desk = Desk::new();
    desk.index_sample();
    let index = ["--index", "index"];
    let why = |more: &[&str]| desk.voz(&[&["why"], &index[..], more].concat());
    let told = why(&["--from", "2026-01..2026-03", "--to", "2026-04..2026-06"]).done();
    let rows = told.objects();
    let change = &rows[0];
    assert_eq!(
        (&change["kind"], &change["definition"]),
        (&"change".into(), &"nps".into())
    );
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let moved = number(&change["net_after"]) - number(&change["net_before"]);
    assert!((moved - number(&change["change"])).abs() < 1e-3);
    // Every split sums to the change, up to the four decimals that are printed.
    let mut splits = std::collections::BTreeMap::<String, f64>::new();
    for row in rows.iter().filter(|row| !row["total"].is_null()) {
        *splits.entry(row["field"].to_string()).or_default() += number(&row["total"]);
    }
    assert!(splits.len() > 5, "{splits:?}");
    assert!(
        splits.values().all(|sum| (sum - moved).abs() < 5e-3),
        "{splits:?}"
    );
    let new = rows
        .iter()
        .find(|row| row["theme"] == "app_update")
        .unwrap();
    assert_eq!(
        (&new["trend"], &new["n_before"]),
        (&"new".into(), &0.into())
    );
    // Two segments, as a table in Spanish.
    let shown = why(&[
        "--from",
        "channel:shop",
        "--to",
        "channel:app",
        "--format",
        "table",
        "--lang",
        "es",
    ]);
    assert!(
        shown
            .done()
            .stdout
            .starts_with("▼ NPS pasó de 19,6 a -48,7: -68,3 [")
    );
    why(&["--from", "2026-02", "--to", "2026-02-10..2026-03"]).refused(
        2,
        "share",
        "do not overlap",
    );
    why(&["--from", "2026-13", "--to", "2026-02"]).refused(2, "is no period", "2026-W37");
    why(&["--from", "2020", "--to", "2026-02"]).refused(
        2,
        "no comment matches `2020`",
        "from 2026-01-01 to 2026-06-30",
    );
    why(&["--from", "2026-03..2026-01", "--to", "2026-02"]).refused(
        2,
        "ends before it begins",
        "first day",
    );
    why(&["--from", "octubre", "--to", "2026-02"]).refused(2, "looked for as words", "2026-10");
    why(&["--from", "customer:NX", "--to", "2026-02"]).refused(2, "no comment matches", "filter");
    // The mix of a field and what its parts' scores did are the change.
    let change = &rows[0];
    let of_channel = rows.iter().filter(|row| row["field"] == "channel");
    let mix: f64 = of_channel
        .map(|row| row["mix"].as_f64().unwrap_or(0.0))
        .sum();
    assert!(
        (change["mix"]["channel"].as_f64().unwrap() - mix).abs() < 0.01,
        "{change}"
    );
    let without = why(&[
        "--from",
        "2026-01",
        "--to",
        "2026-06",
        "--without",
        "channel",
    ]);
    assert!(without.done().objects()[0]["mix"]["channel"].is_null());
    why(&[
        "--from",
        "2026-01",
        "--to",
        "2026-02",
        "--by",
        "waiting_minutes",
    ])
    .refused(2, "holds numbers", "yes/no");
}

#[test]
fn causes_of_a_group() {
    let desk = Desk::new();
    desk.index_sample();
    let index = ["--index", "index"];
    let causes = |more: &[&str]| desk.voz(&[&["causes"], &index[..], more].concat());
    let rows = causes(&["--top", "10"]).done().objects();
    let app = rows.iter().find(|row| row["driver"] == "app").unwrap();
    for member in [
        "share_group",
        "share_rest",
        "odds",
        "low",
        "high",
        "q",
        "recoverable",
    ] {
        assert!(app[member].is_number(), "{member}: {app}");
    }
    assert_eq!(app["segments"][0]["values"]["channel"], "app");
    for list in ["themes", "words", "quotes", "reasons"] {
        assert!(!app[list].as_array().unwrap().is_empty(), "{list}: {app}");
    }
    // Of the group alone: those who complain of waiting waited longer than the other detractors.
    let waiting = rows.iter().find(|row| row["driver"] == "waiting").unwrap();
    assert_eq!(waiting["odata"][0]["field"], "waiting_minutes", "{waiting}");
    let n_group = app["n_group"].as_u64().unwrap();
    assert!(
        app["segments"][0]["all"].as_u64().unwrap() < n_group,
        "{app}"
    );
    let without = causes(&[
        "--top",
        "5",
        "--without",
        "waiting_minutes",
        "--without",
        "channel",
    ]);
    let without = without.done().stdout;
    assert!(!without.contains("waiting_minutes") && !without.contains("\"channel\""));
    causes(&["--without", "florb"]).refused(2, "there is no field `florb`", "");
    // No comment explains two drivers.
    let mut ids: Vec<&str> = rows
        .iter()
        .flat_map(|row| row["quotes"].as_array().unwrap())
        .map(|quote| quote["id"].as_str().unwrap())
        .collect();
    let n = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n);
    // What chose the group does not explain it.
    let left = causes(&["--group", "churned:true"]).done();
    assert!(!left.stdout.contains("churned = "), "{}", left.stdout);
    let tree = causes(&[
        "--band",
        "superdetractor",
        "--format",
        "table",
        "--lang",
        "es",
    ])
    .done();
    assert!(
        tree.stdout.contains("superdetractores (nps:0..3") && tree.stdout.contains("│  ├─ temas")
    );
    let csv = causes(&["--format", "csv"]).done().stdout;
    assert_eq!(csv.lines().next().unwrap().split(',').count(), 22);
    causes(&["--on", "nev"]).refused(2, "votes of nev", "--group");
    for band in ["superdetractor", "detractor"] {
        causes(&["--on", "csat", "--band", band]).refused(2, "band of the NPS", "--group");
    }
    causes(&["--group", "nps:0..", "nps:0.."]).refused(2, "outside the group", "smaller group");
    causes(&["--group", "x", "--band", "passive"]).refused(2, "cannot be used with", "");
}
