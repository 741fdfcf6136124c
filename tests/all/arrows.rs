//! The order of modules and the doors of outside crates, as ARCHITECTURE.md states them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A module uses those above it and no other.
const ORDER: [&str; 33] = [
    "error",
    "guard",
    "measure",
    "chance",
    "normal",
    "lang",
    "locale",
    "sentiment",
    "verbatim",
    "text",
    "embedding",
    "phrase",
    "detect",
    "emotion",
    "tally",
    "nev",
    "pii",
    "source",
    "driver",
    "model",
    "theme",
    "tag",
    "correction",
    "drift",
    "record",
    "index",
    "run",
    "eval",
    "train",
    "report",
    "cli",
    "lib",
    "main",
];

/// The modules that may name each outside crate. Those that are part of the language here
/// (serde, `serde_json`, toml, libm, `rustc_hash`) stand in no list.
const DOORS: [(&str, &[&str]); 31] = [
    ("arrow_array", &["source", "report"]),
    ("arrow_ipc", &["source", "report"]),
    ("arrow_schema", &["source", "report"]),
    ("base64", &["theme"]),
    ("calamine", &["source"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("comfy_table", &["report"]),
    ("csv", &["source"]),
    ("dirs", &["model", "cli"]),
    ("encoding_rs", &["source"]),
    ("flate2", &["source"]),
    ("include_dir", &["theme"]),
    ("indicatif", &["cli"]),
    ("jiff", &["source", "cli"]),
    ("minijinja", &["report"]),
    ("parquet", &["source", "report"]),
    ("prost", &["model"]),
    ("rust_bert", &["model"]),
    ("rust_stemmers", &["phrase"]),
    ("rust_xlsxwriter", &["report"]),
    ("sha2", &["source", "model"]),
    ("sys_locale", &["locale"]),
    ("tantivy", &["index"]),
    ("tch", &["model"]),
    ("tempfile", &["source", "index", "cli"]),
    ("tokenizers", &["model"]),
    ("unicode_normalization", &["text"]),
    ("unicode_segmentation", &["text"]),
    ("whatlang", &["detect"]),
    ("zstd", &["source"]),
];

struct SourceFile {
    path: PathBuf,
    module: String,
    code: String,
}

/// The files of `src/` without what is compiled for tests only.
fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let (mut files, mut tests) = (Vec::new(), Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            tests.extend(test_modules(&text).map(|name| beside(&path, name)));
            let inside = path.strip_prefix(&root).unwrap();
            let first = inside.components().next().unwrap().as_os_str();
            let first = first.to_str().unwrap();
            files.push(SourceFile {
                module: first.trim_end_matches(".rs").to_owned(),
                code: without_tests(&text),
                path,
            });
        }
    }
    files.retain(|file| {
        let plain = file.path.with_extension("");
        !tests.iter().any(|test| plain.starts_with(test))
    });
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The names of `#[cfg(test)] mod name;`.
fn test_modules(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[cfg(test)]\nmod ").skip(1).filter_map(|rest| {
        let name = rest.split(['\n', ' ']).next()?;
        name.strip_suffix(';')
    })
}

/// Where the module `name` declared in `file` lies, without its ending.
fn beside(file: &Path, name: &str) -> PathBuf {
    if file.ends_with("mod.rs") {
        file.with_file_name(name)
    } else {
        file.with_extension("").join(name)
    }
}

/// Tests inside a module may use what they like; they come last.
fn without_tests(text: &str) -> String {
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn lines(code: &str) -> impl Iterator<Item = &str> {
    code.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
}

/// The modules of this crate that a file names after `crate::`.
fn named(code: &str) -> Vec<String> {
    lines(code)
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|part| {
            part.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn every_module_uses_only_those_above_it() {
    let rank: BTreeMap<&str, usize> = (0..).zip(ORDER).map(|(at, name)| (name, at)).collect();
    for file in sources() {
        let own = *rank.get(file.module.as_str()).unwrap_or_else(|| {
            panic!(
                "help: add `{}` to ORDER here and to the table in ARCHITECTURE.md",
                file.module
            )
        });
        for name in named(&file.code) {
            assert!(
                !name.is_empty(),
                "{}: `crate::{{…}}` hides names from this test\nhelp: one `use` for each module",
                file.path.display()
            );
            let Some(&used) = rank.get(name.as_str()) else {
                continue;
            };
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
fn every_outside_crate_comes_in_by_its_doors() {
    for file in sources() {
        for (outside, doors) in DOORS {
            let uses = lines(&file.code).any(|line| {
                line.match_indices(&format!("{outside}::")).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                })
            });
            assert!(
                !uses || doors.contains(&file.module.as_str()),
                "{} names `{outside}`, whose door is {doors:?}\nhelp: ask there for what you need",
                file.path.display()
            );
        }
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    for file in sources() {
        let count = fs::read_to_string(&file.path).unwrap().lines().count();
        assert!(
            count <= 600,
            "{} has {count} lines\nhelp: one concept, one file",
            file.path.display()
        );
    }
}
