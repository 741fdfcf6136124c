//! What the nightly batch does beside tagging: it passes over what it has, reports, watches, and lets people
//! correct, forget and bring up to date.

use super::program::{Desk, SAMPLE, files};
use serde_json::Value;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::time::{Duration, SystemTime};

fn report(desk: &Desk) -> Value {
    serde_json::from_str(&desk.read("run.json")).unwrap()
}

fn index(desk: &Desk, file: &str, more: &[&str]) -> super::program::Told {
    let mut arguments = vec!["index", file, "--index", "index", "--report", "run.json"];
    arguments.extend(more);
    desk.voz(&arguments)
}

const TABLE: &str = "id,comment,nps\n\
    1,La espera fue eterna. Llámenme al 612 34 56 78,2\n\
    2,Very friendly staff,10\n\
    3,Todo bien,eleven\n";

#[test]
fn a_file_of_the_same_content_is_passed_over_and_said_so() {
    let desk = Desk::with("a.csv", TABLE);
    index(&desk, "a.csv", &[]).done();
    let first = report(&desk);
    assert_eq!(first["rows"], 3);
    assert_eq!(
        (&first["tagged"], &first["rejected"]),
        (&2.into(), &1.into())
    );
    assert_eq!(first["reasons"]["not-a-number"], 1);
    assert_eq!(first["redactions"]["PHONE"], 1);
    assert_eq!(first["index"]["added"], 2);
    assert_eq!(first["files"][0]["skipped"], false);
    assert!(first["model"].as_str().unwrap().starts_with("fast@"));

    // Under another name it is the same.
    desk.put("b.csv", TABLE);
    index(&desk, "b.csv", &[])
        .done()
        .says(&["b.csv", "already"]);
    let second = report(&desk);
    assert_eq!(
        (&second["rows"], &second["files"][0]["skipped"]),
        (&0.into(), &true.into())
    );
    assert_eq!(
        second["files"][0]["fingerprint"],
        first["files"][0]["fingerprint"]
    );

    index(&desk, "b.csv", &["--again"]).done();
    assert_eq!(report(&desk)["index"]["replaced"], 2);
    // Read in another way it is another file.
    index(&desk, "a.csv", &["--nps", ""]).done();
    assert_eq!(report(&desk)["files"][0]["skipped"], false);
    // One changed letter makes another file too.
    desk.put("a.csv", TABLE.replace("Todo bien,eleven", "Todo bien,9"));
    index(&desk, "a.csv", &[]).done();
    let changed = report(&desk);
    assert_eq!(
        (&changed["index"]["added"], &changed["index"]["replaced"]),
        (&0.into(), &3.into())
    );
    assert_eq!(changed["index"]["verbatims"], 3);
}

#[test]
fn too_many_refused_rows_end_with_their_own_code_and_the_report_is_there() {
    let desk = Desk::with("a.csv", TABLE);
    index(&desk, "a.csv", &["--max-rejects", "0"]).ended(5);
    assert_eq!(report(&desk)["rejected"], 1);
}

#[test]
fn a_report_is_of_this_run_or_absent_and_never_in_the_place_of_an_export() {
    let desk = Desk::with("a.csv", TABLE);
    index(&desk, "a.csv", &[]).done();
    desk.put(
        "long.csv",
        night(1, &["La espera fue muy larga"]).repeat(400),
    );
    let mut killed = std::process::Command::new(env!("CARGO_BIN_EXE_voz"))
        .args([
            "index", "long.csv", "--index", "index", "--report", "run.json",
        ])
        .current_dir(desk.path(""))
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(killed.stderr.take().unwrap()).lines();
    assert!(told.any(|line| line.unwrap().contains(" → ")));
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(!desk.has("run.json"));
    std::fs::create_dir(desk.path("inbox")).unwrap();
    desk.put("inbox/a.csv", TABLE);
    desk.put("crm.csv", "id,plan\n1,gold\n");
    for (read, output) in [
        ("a.csv", "a.csv"),
        ("inbox", "inbox/a.csv"),
        ("a.csv --join crm.csv --on id", "crm.csv"),
    ] {
        for verb in ["index", "tag", "tag -o out.csv"] {
            let line = format!("\"$VOZ\" {verb} {read} --report {output}");
            desk.shell(&line)
                .refused(2, "would be written over", "name another file");
        }
        let line = format!("\"$VOZ\" tag {read} -o {output}");
        desk.shell(&line)
            .refused(2, "would be written over", "name another file");
    }
    for file in ["a.csv", "inbox/a.csv"] {
        assert_eq!(desk.read(file), TABLE);
    }
    assert!(desk.has("crm.csv") && !desk.has("inbox/a.csv.rejects.csv"));
}

/// Two hundred comments of a night.
fn night(number: usize, comments: &[&str]) -> String {
    let mut table = "id,comment,nps\n".to_owned();
    for row in 0..200 {
        let comment = comments[(row * 7 + number) % comments.len()];
        writeln!(table, "{number}-{row},{comment},{}", (row + number) % 11).unwrap();
    }
    table
}

#[test]
fn a_night_unlike_those_before_is_told() {
    let usual = [
        "La espera fue muy larga",
        "El personal muy amable",
        "Todo bien con la entrega",
        "La factura llegó tarde",
        "Very helpful people",
    ];
    let desk = Desk::new();
    for number in 0..6 {
        desk.put("night.csv", night(number, &usual));
        index(&desk, "night.csv", &[]).done();
        assert_eq!(
            report(&desk)["drift"].as_array().unwrap().len(),
            0,
            "night {number}"
        );
    }
    desk.put(
        "night.csv",
        night(6, &["The app crashes every time I open it"]),
    );
    let told = index(&desk, "night.csv", &[]).done();
    told.says(&["language:es", "unlike"]);
    let drift = report(&desk)["drift"].as_array().unwrap().clone();
    let of = |figure: &str| drift.iter().find(|one| one["figure"] == figure).cloned();
    let english = of("language:en").unwrap();
    assert_eq!(
        (&english["now"], &english["runs"]),
        (&1.0.into(), &6.into())
    );
    assert!(english["q"].as_f64().unwrap() < 0.01 && english["t"].as_f64().unwrap() > 5.0);
}

#[test]
fn a_person_corrects_and_the_correction_can_be_learned_from() {
    let desk = Desk::with("a.csv", TABLE);
    index(&desk, "a.csv", &[]).done();
    let voz = |arguments: &[&str]| desk.voz(&[arguments, &["--index", "index"]].concat());
    voz(&[
        "correct",
        "1",
        "--sentiment",
        "positive",
        "--emotion",
        "none",
        "--by",
        "ana",
    ])
    .done();
    desk.put(
        "more.csv",
        "id,sentiment,themes\n2,negative,staff_attitude:negative\n",
    );
    voz(&["correct", "--from", "more.csv", "--by", "luis"]).done();
    let shown = voz(&["search", "sentiment:negative", "--format", "jsonl"]).done();
    assert_eq!(shown.ids(), ["2"]);
    voz(&["retag"]).done();
    let shown = voz(&["search", "sentiment:positive", "--format", "jsonl"]).done();
    assert_eq!(shown.ids(), ["1"]);
    let listed = voz(&["correct", "--list", "--format", "jsonl"])
        .done()
        .objects();
    let by: Vec<&str> = listed
        .iter()
        .map(|one| one["by"].as_str().unwrap())
        .collect();
    assert_eq!(by.len(), 2);
    assert!(by.contains(&"ana") && by.contains(&"luis"));

    // What was said is taken back, and the rest stays as said.
    voz(&["correct", "1", "--undo"])
        .done()
        .says(&["taken back"]);
    let shown = voz(&["search", "sentiment:positive", "--format", "jsonl"]).done();
    assert!(shown.ids().is_empty());
    let listed = voz(&["correct", "--list", "--format", "jsonl"]).done();
    assert_eq!(listed.objects().len(), 1);
    voz(&["correct", "1", "--undo"]).refused(3, "nothing was said", "correct --list");
    voz(&["correct", "1", "--undo", "--sentiment", "neutral"]).ended(2);

    voz(&["correct", "nobody", "--sentiment", "neutral"]).refused(3, "does not know", "voz search");
    voz(&["correct", "1", "--sentiment", "sad"]).refused(2, "no such sentiment", "positive");
    voz(&["correct", "1", "--theme", "unheard"]).refused(2, "no theme `unheard`", "it knows");
    voz(&["correct", "1"]).refused(2, "nothing is said", "--sentiment");
    desk.put("wrong.csv", "id,sentiment\n1,secretword\n");
    let told = voz(&["correct", "--from", "wrong.csv"]).refused(2, "row 2", "positive");
    assert!(!told.stderr.contains("secretword"));
}

/// The clock of the first night was 73 years ahead; then it was put right.
#[test]
fn nothing_depends_on_a_clock_that_goes_backwards() {
    let nights = |desk: &Desk, after_first: &dyn Fn()| {
        for number in 0..6 {
            let file = format!("{number}.csv");
            let comments = ["La espera fue muy larga", "Very helpful people"];
            desk.put(&file, night(number, &comments));
            index(desk, &file, &[]).done();
            if number == 0 {
                after_first();
            }
        }
        // The file of the first night is known, and last night's run is still the last.
        index(desk, "0.csv", &[]).done().says(&["0.csv", "already"]);
        desk.voz(&["retag", "--index", "index"]).done();
        let told = desk.voz(&["export", "--index", "index", "--format", "jsonl"]);
        told.done().stdout
    };
    let desk = Desk::new();
    let right = nights(&desk, &|| ());
    let ahead = Desk::new();
    let move_ahead = || {
        let meta = files(&ahead.path("index"))
            .into_iter()
            .find(|path| path.ends_with("meta.json"))
            .unwrap();
        let text = std::fs::read_to_string(&meta).unwrap();
        let year = jiff::Timestamp::now().to_string()[..4].to_owned();
        assert!(text.contains(&format!("{year}-")), "{text}");
        std::fs::write(&meta, text.replace(&format!("{year}-"), "2099-")).unwrap();
        let future = SystemTime::now() + Duration::from_secs(73 * 365 * 24 * 3600);
        for path in files(&ahead.path("index"))
            .into_iter()
            .chain([ahead.path("0.csv")])
        {
            let file = std::fs::File::options().append(true).open(path).unwrap();
            file.set_modified(future).unwrap();
        }
    };
    assert_eq!(nights(&ahead, &move_ahead), right);
    let drift = |desk: &Desk| {
        let comments = ["The app crashes every time I open it"];
        desk.put("last.csv", night(9, &comments));
        index(desk, "last.csv", &[]).done();
        report(desk)["drift"].clone()
    };
    assert_eq!(drift(&ahead), drift(&desk));
}

const WORDS: &str = "names = [\"Plan Feliz\"]\n[means]\n\"bacano\" = \"excelente\"\n";

#[test]
fn words_of_ones_own_are_read_as_what_they_mean() {
    let desk = Desk::with(
        "a.csv",
        "id,comment\n1,El servicio es bacano\n2,Tengo el Plan Feliz\n",
    );
    desk.put("words.toml", WORDS);
    let tag = |more: &[&str]| {
        let told = desk.voz(&[&["tag", "a.csv", "--format", "jsonl"], more].concat());
        told.done().objects()
    };
    let label = |object: &Value| object["sentiment"]["label"].as_str().unwrap().to_owned();
    let (plain, own) = (tag(&[]), tag(&["--lexicon", "words.toml"]));
    assert_eq!(label(&own[0]), "positive");
    let score = |object: &Value| object["sentiment"]["score"].as_f64().unwrap();
    assert!(score(&own[0]) > score(&plain[0]) && score(&own[1]) < score(&plain[1]));
    // An index keeps its words, and mixes no others with them.
    index(&desk, "a.csv", &["--lexicon", "words.toml"]).done();
    desk.put("b.csv", "id,comment\n3,Muy bacano\n");
    index(&desk, "b.csv", &[]).done();
    let found = desk.voz(&[
        "search",
        "sentiment:positive",
        "--index",
        "index",
        "--format",
        "jsonl",
    ]);
    assert!(found.done().ids().contains(&"3".to_owned()));
    desk.put("words.toml", WORDS.replace("excelente", "malo"));
    desk.put("c.csv", "id,comment\n4,Qué bacano\n");
    let told = index(&desk, "c.csv", &["--lexicon", "words.toml"]);
    told.ended(4)
        .says(&["other words of yours", "voz retag --index index --lexicon"]);
    desk.voz(&["retag", "--index", "index", "--lexicon", "words.toml"])
        .done();
    index(&desk, "c.csv", &["--lexicon", "words.toml"]).done();
    desk.put("words.toml", "[means]\nx = \"zzqqxx\"\n");
    let told = desk.voz(&["tag", "a.csv", "--lexicon", "words.toml"]);
    told.ended(3)
        .says(&["no word that is known", "common word"]);
}

#[test]
fn who_asks_to_be_forgotten_is() {
    let desk = Desk::new();
    desk.index_sample();
    let voz = |arguments: &[&str]| desk.voz(&[arguments, &["--index", "index"]].concat());
    let customer = "C10211";
    let told = voz(&["delete", "--customer", customer]).done();
    told.says(&["voz compact"]);
    let found = voz(&[
        "search",
        &format!("customer:{customer}"),
        "--format",
        "jsonl",
    ])
    .done();
    assert_eq!(found.ids(), [""; 0]);
    voz(&["compact"]).done();
    for file in files(&desk.path("index")) {
        let bytes = std::fs::read(&file).unwrap();
        let holds = bytes
            .windows(customer.len())
            .any(|part| part == customer.as_bytes());
        assert!(!holds, "{}", file.display());
    }
    voz(&["delete", "--customer", customer])
        .ended(3)
        .says(&["knows none"]);
    // The same file does not bring them back unless asked to.
    let args = [
        "index",
        SAMPLE,
        "--index",
        "index",
        "--rejects",
        "rejects.csv",
    ];
    desk.voz(&args).done().says(&["already"]);
    let all = |desk: &Desk| {
        let told = desk.voz(&["export", "--index", "index", "--format", "jsonl"]);
        told.done().stdout
    };
    let without = all(&desk);
    let again = [&args[..], &["--again", "--report", "run.json"]].concat();
    // Deleted for good, they stay out, whatever brings them, and after a rebuild too.
    let good = ["delete", "--customer", customer, "--for-good"];
    voz(&good).done().says(&["none of them comes back"]);
    desk.voz(&again).done().says(&["deleted for good: "]);
    assert!(report(&desk)["index"]["barred"].as_u64().unwrap() > 0);
    assert_eq!(all(&desk), without);
    desk.voz(&[&args[..], &["--rebuild"]].concat()).done();
    assert_eq!(all(&desk), without);
    for file in files(&desk.path("index")) {
        let bytes = std::fs::read(&file).unwrap();
        let mut parts = bytes.windows(customer.len());
        assert!(!parts.any(|part| part == customer.as_bytes()));
    }
    voz(&["delete", "--readmit", "--customer", customer]).done();
    desk.voz(&again).done();
    assert_ne!(all(&desk), without);
}

#[test]
fn personal_data_in_what_people_say_and_in_their_words_are_not_kept() {
    let desk = Desk::with("a.csv", TABLE);
    index(&desk, "a.csv", &[]).done();
    let voz = |arguments: &[&str]| desk.voz(&[arguments, &["--index", "index"]].concat());
    let by = "zz.secreta@leakmail.es";
    voz(&["correct", "1", "--sentiment", "neutral", "--by", by]).done();
    let listed = voz(&["correct", "--list", "--format", "jsonl"]).done();
    assert_eq!(listed.objects()[0]["by"], "[EMAIL]");
    desk.put("words.toml", format!("names = [\"{by}\"]\n"));
    voz(&["retag", "--lexicon", "words.toml"]).refused(3, "personal data", "take it out");
    let save = ["themes", "save", "who", "--query", by, "--driver", "staff"];
    desk.voz(&save).refused(2, "personal data", "take it out");
    for file in files(&desk.path("index")) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(
            !String::from_utf8_lossy(&bytes).contains("secreta"),
            "{}",
            file.display()
        );
    }
    // An id that a spreadsheet would take for a formula finds its comment again.
    desk.put(
        "b.csv",
        "id,comment,nps\n=1+1,muy lento,2\n-5,muy lento,3\n",
    );
    index(&desk, "b.csv", &[]).done();
    desk.put("say.csv", "id,sentiment\n=1+1,neutral\n-5,neutral\n");
    voz(&["correct", "--from", "say.csv"]).done();
    voz(&["correct", "--list", "--format", "csv", "-o", "said.csv"]).done();
    assert!(desk.read("said.csv").contains("'=1+1"));
    voz(&["correct", "--from", "said.csv"]).done();
}

#[test]
fn a_second_writer_is_refused_and_readers_read_on() {
    let desk = Desk::with("a.csv", TABLE);
    index(&desk, "a.csv", &[]).done();
    let mut long = "id,comment,nps\n".to_owned();
    for row in 0..60_000 {
        writeln!(long, "x{row},Muy lento todo,{}", row % 11).unwrap();
    }
    desk.put("long.csv", long);
    let mut first = std::process::Command::new(env!("CARGO_BIN_EXE_voz"))
        .args(["index", "long.csv", "--index", "index"])
        .env("VOZ_LANG", "en")
        .current_dir(desk.path(""))
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // It says how it reads the columns once it is the writer.
    let mut told = BufReader::new(first.stderr.take().unwrap()).lines();
    assert!(told.any(|line| line.unwrap().starts_with("columns:")));
    let mut refused = 0;
    while first.try_wait().unwrap().is_none() {
        let told = desk.voz(&["compact", "--index", "index"]);
        if told.code == 2 {
            told.says(&["another run is writing", "wait"]);
            refused += 1;
        } else {
            told.done();
        }
        let found = desk.voz(&["search", "espera", "--index", "index", "--format", "jsonl"]);
        assert!(found.done().ids().contains(&"1".to_owned()));
    }
    assert!(first.wait().unwrap().success());
    assert!(refused > 0);
}
