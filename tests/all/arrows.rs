//! The order of modules and the doors of outside crates, as ARCHITECTURE.md states them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A module uses those above it and no other.
const ORDER: [&str; 29] = [
    "error", "measure", "chance", "normal", "lang", "locale", "verbatim", "text", "phrase", "detect",
    "sentiment", "emotion", "nev", "pii", "source", "tally", "driver", "model", "theme", "tag",
    "record", "index", "run", "eval", "train", "report", "cli", "lib", "main",
];

/// The one module that may name each outside crate.
const DOORS: [(&str, &str); 21] = [
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("comfy_table", "cli"),
    ("csv", "source"),
    ("encoding_rs", "source"),
    ("flate2", "source"),
    ("include_dir", "theme"),
    ("indicatif", "cli"),
    ("jiff", "source"),
    ("memchr", "pii"),
    ("minijinja", "report"),
    ("regex", "pii"),
    ("rust_stemmers", "phrase"),
    ("sys_locale", "locale"),
    ("tantivy", "index"),
    ("tempfile", "index"),
    ("unicode_normalization", "text"),
    ("unicode_segmentation", "text"),
    ("whatlang", "detect"),
    ("tantivy_common", "index"),
    ("crossbeam", "run"),
];

struct SourceFile {
    path: PathBuf,
    module: String,
    code: String,
}

fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(&root).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
            let text = fs::read_to_string(&path).unwrap();
            // Tests inside a module may use what they like.
            let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
            files.push(SourceFile { module: first.trim_end_matches(".rs").to_owned(), path, code });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn lines(code: &str) -> impl Iterator<Item = &str> {
    code.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

/// The modules of this crate that a file names after `crate::`.
fn named(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in lines(code) {
        for part in line.split("crate::").skip(1) {
            let name: String =
                part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.push(name);
        }
    }
    names
}

#[test]
fn every_module_uses_only_those_above_it() {
    let rank: BTreeMap<&str, usize> =
        ORDER.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    for file in sources() {
        let own = *rank.get(file.module.as_str()).unwrap_or_else(|| {
            panic!(
                "help: add `{}` to ORDER here and to the table in ARCHITECTURE.md",
                file.module
            )
        });
        for name in named(&file.code) {
            let Some(&used) = rank.get(name.as_str()) else { continue };
            assert!(
                used <= own,
                "{} uses `{name}`, which stands below `{}`\nhelp: move the shared part up",
                file.path.display(),
                file.module
            );
        }
    }
}

#[test]
fn every_outside_crate_has_one_door() {
    for file in sources() {
        for (outside, door) in DOORS {
            let uses = lines(&file.code).any(|line| {
                line.match_indices(&format!("{outside}::")).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                })
            });
            assert!(
                !uses || file.module == door,
                "{} names `{outside}`, whose door is `{door}`\nhelp: ask that module for what you need",
                file.path.display()
            );
        }
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    for file in sources() {
        let count = fs::read_to_string(&file.path).unwrap().lines().count();
        assert!(count <= 600, "{} has {count} lines\nhelp: one concept, one file", file.path.display());
    }
}
