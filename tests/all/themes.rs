//! `voz themes`: what is found, decided and applied.

use super::program::{Desk, SAMPLE};
use serde_json::Value;

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn discover(desk: &Desk, flags: &[&str]) -> Vec<Value> {
    let told = desk.voz(&[&["themes", "discover", "--index", "index"], flags].concat());
    lines(&told.done().stdout)
}

fn export(desk: &Desk) -> String {
    desk.voz(&["export", "--index", "index"]).done().stdout
}

/// How many exported comments name a theme.
fn naming(exported: &str, theme: &str) -> usize {
    let names = |record: &Value| {
        let mentions = record["mentions"].as_array().unwrap();
        mentions.iter().any(|one| one["theme"] == theme)
    };
    lines(exported)
        .iter()
        .filter(|record| names(record))
        .count()
}

#[test]
fn candidates_tag_nothing_until_they_are_accepted_and_applied() {
    let desk = Desk::new();
    desk.index_sample();
    let before = export(&desk);
    let found = discover(&desk, &[]);
    assert!(found.len() >= 10, "{} themes", found.len());
    assert_eq!(export(&desk), before, "a candidate tags nothing");
    let new: Vec<&Value> = found.iter().filter(|one| one["new"] == true).collect();
    let id = new[0]["theme"].as_str().unwrap();
    desk.voz(&["themes", "accept", id]).done();
    assert_eq!(export(&desk), before, "nor before it is applied");
    let applied = desk
        .voz(&["themes", "apply", "--index", "index", "--format", "jsonl"])
        .done();
    let change = lines(&applied.stdout);
    let change = change.iter().find(|one| one["theme"] == id).unwrap();
    let after = export(&desk);
    assert_eq!(
        change["after"].as_u64().unwrap() as usize,
        naming(&after, id)
    );
    assert!(naming(&after, id) > naming(&before, id));
    // Everything but themes is as it was.
    let bare = |text: &str| -> Vec<Value> {
        let mut all = lines(text);
        for one in &mut all {
            let one = one.as_object_mut().unwrap();
            one.remove("mentions");
            one.remove("main_theme");
        }
        all
    };
    assert_eq!(bare(&after), bare(&before));
    // Again, and nothing changes.
    let again = desk
        .voz(&["themes", "apply", "--index", "index", "--format", "jsonl"])
        .done();
    assert_eq!(again.stdout, "");
    assert_eq!(export(&desk), after);
}

#[test]
fn a_second_night_proposes_nothing_twice() {
    let desk = Desk::new();
    desk.index_sample();
    let first = discover(&desk, &[]);
    let file = desk.read("voz-themes.toml");
    let second = discover(&desk, &[]);
    assert!(second.iter().all(|one| one["new"] == false));
    assert_eq!(desk.read("voz-themes.toml"), file);
    assert_eq!(first.len(), second.len());
}

#[test]
fn threads_and_order_make_no_difference() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(desk.path(SAMPLE)).unwrap();
    let mut rows: Vec<&str> = text.split_inclusive('\n').collect();
    let head = rows.remove(0);
    if rows.iter().all(|row| row.starts_with("NB-")) {
        rows.reverse();
    }
    std::fs::write(desk.path("turned.csv"), format!("{head}{}", rows.concat())).unwrap();
    let found = |file: &str, threads: &str| {
        let flags = [
            "themes",
            "discover",
            file,
            "--dry-run",
            "--threads",
            threads,
        ];
        desk.voz(&flags).done().stdout
    };
    let one = found(SAMPLE, "1");
    assert_eq!(one, found(SAMPLE, "2"));
    assert_eq!(one, found("turned.csv", "2"));
}

#[test]
fn the_night_run_keeps_the_themes_of_the_index() {
    let desk = Desk::new();
    desk.index_sample();
    discover(&desk, &[]);
    desk.voz(&["themes", "accept", "--all", "--index", "index"])
        .done();
    let tagged = export(&desk);
    // The same rows once more: replaced, and tagged as before.
    desk.index_sample();
    assert_eq!(export(&desk), tagged);
    let main = lines(&tagged);
    let analysed = main.iter().filter(|one| !one["sentiment"].is_null());
    let (with, without): (Vec<_>, Vec<_>) = analysed.partition(|one| !one["main_theme"].is_null());
    let share = without.len() as f64 / (with.len() + without.len()) as f64;
    assert!(
        share <= 0.15,
        "{share} of the meaningful comments stay without a theme"
    );
}

#[test]
fn decisions_change_the_file_and_the_index() {
    let desk = Desk::new();
    desk.index_sample();
    let listed = |id: &str| {
        let told = desk.voz(&["themes", "list", "--format", "jsonl"]).done();
        lines(&told.stdout)
            .into_iter()
            .find(|one| one["theme"] == id)
    };
    let voz = |line: &str| desk.voz(&line.split(' ').collect::<Vec<_>>());
    voz("themes rename phone_wait --en Holding --es Esperando --index index").done();
    assert_eq!(listed("phone_wait").unwrap()["driver"], "waiting");
    let before = export(&desk);
    assert!(naming(&before, "phone_wait") > 0 && naming(&before, "app_crash") > 0);
    voz("themes reject app_crash --index index").done();
    assert_eq!(naming(&export(&desk), "app_crash"), 0);
    assert_eq!(listed("app_crash").unwrap()["status"], "rejected");
    voz("themes accept app_crash --index index").done();
    assert_eq!(export(&desk), before, "a decision can be taken back");
    voz("themes save late_calls --query nps:0..6 --driver waiting --index index").done();
    let detractors = desk
        .voz(&["export", "--index", "index", "band:detractor"])
        .done()
        .stdout;
    let read = lines(&detractors)
        .iter()
        .filter(|one| !one["sentiment"].is_null())
        .count();
    assert_eq!(naming(&export(&desk), "late_calls"), read);
    voz("themes merge late_calls phone_wait --index index").done();
    assert_eq!(naming(&export(&desk), "late_calls"), 0);
    voz("themes save late_calls --query nps:0 --driver waiting").refused(
        2,
        "the id `late_calls` was used before",
        "ids are never reused",
    );
    voz("themes accept nothing_like_it").refused(2, "there is no theme", "voz themes inbox");
}

#[test]
fn a_question_tells_what_its_answers_mean() {
    let desk = Desk::new();
    let file = |column: &str| format!("id,{column}\n1,el precio\n2,the price\n");
    for (column, flag, said) in [
        ("comentario", "", "neutral"),
        ("¿Qué mejorarías?", "", "negative"),
        ("What did you like most?", "", "positive"),
        ("comentario", "--asks=negative", "negative"),
        ("¿Qué mejorarías?", "--asks=neither", "neutral"),
    ] {
        std::fs::write(desk.path("answers.csv"), file(column)).unwrap();
        let mut words = vec!["tag", "answers.csv", "--text", column, "--format", "jsonl"];
        words.extend((!flag.is_empty()).then_some(flag));
        for record in lines(&desk.voz(&words).done().stdout) {
            let mentions = record["mentions"].as_array().unwrap();
            let clause = &record["clauses"][0]["sentiment"];
            for mention in mentions.iter().filter(|_| clause == "neutral") {
                assert_eq!(mention["sentiment"], said, "{column} {flag}: {record}");
            }
            assert!(!mentions.is_empty(), "{record}");
        }
    }
}

/// It panicked: the units name the theme, and the taxonomy that its parts are new to is empty.
#[test]
fn a_theme_is_split_into_parts_or_said_to_be_one() {
    let desk = Desk::new();
    desk.index_sample();
    discover(&desk, &[]);
    desk.voz(&["themes", "accept", "--all", "--index", "index"])
        .done();
    let listed = desk.voz(&["themes", "list", "--format", "jsonl"]).done();
    let own = lines(&listed.stdout);
    let own = own.iter().filter(|one| one["own"] == true);
    let mut parted = 0;
    for theme in own.take(5) {
        let id = theme["theme"].as_str().unwrap();
        let told = desk.voz(&["themes", "split", id, "--from", "index"]);
        if told.code == 0 {
            parted += 1;
        } else {
            assert!(told.code == 2 || told.code == 3, "{told:?}");
            assert!(told.stderr.contains("what to do"), "{told:?}");
        }
    }
    let split = desk
        .read("voz-themes.toml")
        .matches("status = \"split\"")
        .count();
    assert_eq!(split, parted);
}

/// A file is read for its themes alone, by no model; an index was made by one.
#[test]
fn a_file_has_the_themes_of_its_index() {
    let desk = Desk::new();
    desk.index_sample();
    let discover = |flags: [&str; 2], assigned: &str| {
        let fixed = ["themes", "discover", "--dry-run", "--assign", assigned];
        let told = desk.voz(&[&fixed[..], &flags[..]].concat());
        let assigned = desk.read(assigned);
        let mut assigned: Vec<String> = assigned.lines().map(str::to_owned).collect();
        assigned.sort();
        (told.done().stdout, assigned)
    };
    let of_file = discover([SAMPLE, "--from-scratch"], "of-file.jsonl");
    let of_index = discover(["--index=index", "--from-scratch"], "of-index.jsonl");
    assert!(of_file == of_index, "{}\n{}", of_file.0, of_index.0);
}
