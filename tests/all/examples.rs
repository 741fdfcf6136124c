//! The examples that help shows: each runs as it stands, in the order of the file, on a copy of the
//! sample and its labels. Those that need outside data say `run = false`.

use serde::Deserialize;
use std::path::Path;
use std::process::{Command, Output};

#[derive(Deserialize)]
struct Example {
    command: String,
    #[serde(default = "yes")]
    run: bool,
}

#[derive(Deserialize)]
struct Examples {
    example: Vec<Example>,
}

fn yes() -> bool {
    true
}

fn voz(folder: &Path, words: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_voz"))
        .args(words)
        .current_dir(folder)
        .env_remove("VOZ_INDEX")
        .env_remove("VOZ_LANG")
        .output()
        .unwrap()
}

/// The words of a command as a shell cuts them: at blanks, except between single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words
}

#[test]
fn every_example_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("models/interface/examples.toml")).unwrap();
    let examples: Examples = toml::from_str(&text).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["nubela.csv", "gold.jsonl", "lang/held_out.tsv"] {
        let copy = folder.path().join("corpora").join(name);
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(root.join("corpora").join(name), copy).unwrap();
    }
    for example in examples.example.iter().filter(|example| example.run) {
        let words = words(&example.command);
        assert_eq!(words[0], "voz", "{}", example.command);
        let output = voz(folder.path(), &words[1..]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{told}", example.command);
    }
}

#[test]
fn help_is_spanish_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let verbs = "peek tag explain index search aggregate drivers why causes report redact themes export demo train \
                 eval models completions";
    for verb in verbs
        .split_whitespace()
        .chain(["eval lang", "eval gold", "eval recipe"])
        .chain([
            "themes discover",
            "themes inbox",
            "themes list",
            "themes accept",
            "themes reject",
        ])
        .chain([
            "themes rename",
            "themes merge",
            "themes split",
            "themes save",
            "themes apply",
        ])
    {
        let words = words(&format!("--lang es {verb} --help"));
        let output = voz(folder.path(), &words);
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{verb}");
        for word in ["Uso: voz", "Siempre disponibles:"] {
            assert!(help.contains(word), "{verb} lacks {word}\n{help}");
        }
        for word in ["Usage", "Options:", "OPTIONS", "Print", "default", " the "] {
            assert!(!help.contains(word), "{verb} still says {word}\n{help}");
        }
    }
}

#[test]
fn a_wrong_command_line_is_told_in_the_readers_language() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        (
            "--lang es serch x",
            "no hay ningún verbo serch",
            "¿quería decir search?",
        ),
        (
            "--lang es search --limite 3",
            "no hay ninguna opción --limite",
            "--limit",
        ),
        (
            "--lang es drivers --named all",
            "no puede ser all",
            "any, negative, positive",
        ),
        ("--lang es peek", "falta <ARCHIVO>", "voz peek --help"),
        ("--lang en peek", "<FILE>", "voz peek"),
    ];
    for (line, first, second) in cases {
        let output = voz(folder.path(), &words(line));
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(
            told.contains(first) && told.contains(second),
            "{line}\n{told}"
        );
        assert!(output.stdout.is_empty(), "{line}");
    }
}

#[test]
fn no_verb_shows_help_and_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let output = voz(folder.path(), &["--lang=es".to_owned()]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("falta") || told.contains("Verbos:"), "{told}");
}
