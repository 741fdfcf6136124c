//! The program itself, run in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The invented sample.
pub const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/nubela.csv");

/// A fresh folder in which the program runs.
pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    /// A desk with one file on it.
    pub fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let desk = Self::new();
        desk.put(name, content);
        desk
    }

    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// Runs `voz` with these arguments, in English.
    pub fn voz(&self, arguments: &[&str]) -> Told {
        self.told(
            Command::new(env!("CARGO_BIN_EXE_voz")).args(arguments),
            arguments,
        )
    }

    /// Runs a line of the shell in which `$VOZ` is the program.
    pub fn shell(&self, line: &str) -> Told {
        self.told(Command::new("bash").args(["-c", line]), &[line])
    }

    /// Runs another command that ends in a run of the program.
    pub fn told(&self, command: &mut Command, arguments: &[&str]) -> Told {
        let output = command
            .current_dir(self.folder.path())
            .env("VOZ", env!("CARGO_BIN_EXE_voz"))
            .env("VOZ_LANG", "en")
            .env_remove("VOZ_INDEX")
            .env("XDG_CONFIG_HOME", self.path("home"))
            .env_remove("COLUMNS")
            .output()
            .unwrap();
        Told::of(&output, arguments)
    }

    /// Indexes a file into `index`.
    pub fn index(&self, file: &str) -> Told {
        self.voz(&["index", file, "--index", "index"])
    }

    /// Indexes the sample into `index`; its folder stays as it is.
    pub fn index_sample(&self) {
        let rejects = ["--rejects", "rejects.csv"];
        let told = self.voz(&["index", SAMPLE, "--index", "index", rejects[0], rejects[1]]);
        told.done();
    }

    /// The rejects of `FILE`, each `row,column,reason`, without the header.
    pub fn rejects(&self, file: &str) -> Vec<String> {
        let text = self.read(&format!("{file}.rejects.csv"));
        let mut lines = text.lines().map(str::to_owned);
        assert_eq!(lines.next().as_deref(), Some("row,column,reason"));
        lines.collect()
    }
}

/// What a run said, and how it ended.
#[derive(Debug)]
pub struct Told {
    arguments: String,
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Told {
    fn of(output: &Output, arguments: &[&str]) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let told = Self {
            arguments: arguments.join(" "),
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        };
        assert!(!told.stderr.contains("panicked"), "{told}");
        told
    }

    /// It did what it was asked.
    #[track_caller]
    pub fn done(self) -> Self {
        self.ended(0)
    }

    /// It ended with this exit code.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// It refused: nothing on stdout, an error that says this, advice that says that.
    #[track_caller]
    pub fn refused(self, code: i32, error: &str, advice: &str) -> Self {
        let told = self.ended(code);
        assert_eq!(told.stdout, "", "{told}");
        told.says(&[error, advice])
    }

    /// Its messages hold each of these.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?}\n{self}");
        }
        self
    }

    /// The objects on stdout.
    pub fn objects(&self) -> Vec<serde_json::Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The ids of the objects on stdout.
    pub fn ids(&self) -> Vec<String> {
        let objects = self.objects();
        let ids = objects.iter().map(|object| object["id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let start: String = self.stdout.chars().take(2000).collect();
        write!(
            f,
            "voz {}\nexit {}\nstdout: {start}\nstderr: {}",
            self.arguments, self.code, self.stderr
        )
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
