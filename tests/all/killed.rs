//! A run that is killed at any instant: the index holds what it held before or after a commit, and the same
//! command again ends as if nothing had happened.
//!
//! `VOZ_KILLS=200 cargo test --release --test all killed` kills each command two hundred times.

use super::program::Desk;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use voz::chance::Chance;

/// How often each command is killed.
fn kills() -> u64 {
    let asked = std::env::var("VOZ_KILLS").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(6)
}

/// A table of comments whose ids begin with `from`.
fn table(from: usize, rows: usize) -> String {
    let comments = [
        "La espera fue eterna y nadie me atendió",
        "Very friendly staff, thank you",
        "Me llamo Juan García y mi factura llegó mal",
        "The app crashes every time I open it",
        "Todo bien, gracias",
    ];
    let mut table = "id,comment,nps,channel\n".to_owned();
    for row in from..from + rows {
        let comment = comments[row % comments.len()];
        let nps = row % 11;
        writeln!(table, "{row},\"{comment} ({row})\",{nps},web").unwrap();
    }
    table
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every comment of the index as it is told.
fn export(desk: &Desk) -> String {
    let told = desk.voz(&["export", "--index", "index", "--format", "jsonl"]);
    told.done().stdout
}

/// Runs the program and kills it after a while; false when it was done before.
fn killed_after(desk: &Desk, arguments: &[&str], after: Duration) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_voz"))
        .args(arguments)
        .current_dir(desk.path(""))
        .env("VOZ_LANG", "en")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    // On Unix this is the signal that cannot be caught.
    let _ = child.kill();
    child.wait().unwrap();
    running
}

/// Kills `command` at instants that chance chooses, each time on a copy of the index `base`.
fn survives(desk: &Desk, base: &str, command: &[&str]) {
    let fresh = || {
        let _ = std::fs::remove_dir_all(desk.path("index"));
        copy(&desk.path(base), &desk.path("index"));
    };
    fresh();
    let before = export(desk);
    let begun = Instant::now();
    desk.voz(command).done();
    let takes = begun.elapsed();
    let after = export(desk);
    let mut chance = Chance::new(11);
    let mut killed = 0;
    for _ in 0..kills() {
        fresh();
        let instant = takes.mul_f64(0.1 + chance.unit());
        killed += u64::from(killed_after(desk, command, instant));
        let left = export(desk);
        assert!(
            left == before || left == after,
            "{command:?} killed after {instant:?} left something in between"
        );
        desk.voz(command).done();
        assert_eq!(export(desk), after, "{command:?} again, after {instant:?}");
    }
    assert!(killed > 0, "{command:?} was never killed in time");
}

fn desk() -> Desk {
    let desk = Desk::with("first.csv", table(0, 2000));
    desk.put("second.csv", table(1500, 2000));
    desk.voz(&["index", "first.csv", "--index", "base"]).done();
    desk
}

#[test]
fn index_survives_being_killed() {
    let desk = desk();
    survives(&desk, "base", &["index", "second.csv", "--index", "index"]);
}

#[test]
fn themes_apply_survives_being_killed() {
    let desk = desk();
    desk.voz(&[
        "themes",
        "save",
        "thanks",
        "--query",
        "gracias OR thank",
        "--driver",
        "staff",
    ])
    .done();
    survives(&desk, "base", &["themes", "apply", "--index", "index"]);
}

#[test]
fn retag_survives_being_killed() {
    let desk = desk();
    survives(
        &desk,
        "base",
        &["retag", "--index", "index", "--save-every", "0"],
    );
}

#[test]
fn redact_survives_being_killed() {
    let desk = desk();
    let names = ["redact", "--names", "--index", "index"];
    survives(&desk, "base", &names);
    assert!(export(&desk).contains("[NAME]"));
}
