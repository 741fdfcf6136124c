//! The files a user names: one, several, or the exports that lie in a folder.

use super::output::ends;
use crate::error::{Error, Result};
use crate::source::{Mapping, peek};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The endings of files that are read from a folder, in lower case.
const ENDINGS: [&str; 19] = [
    "csv", "tsv", "tab", "psv", "txt", "json", "jsonl", "ndjson", "xlsx", "xlsm", "xlsb", "xls",
    "ods", "parquet", "arrow", "arrows", "feather", "ipc", "pq",
];

/// Bytes of a file by which results of this program are known.
const LOOKED_AT: u64 = 256 << 10;

/// The files that `named` stands for, in order: a folder stands for the exports directly in it, by name.
/// Hidden files, refused rows and results of this program are no exports.
///
/// # Errors
/// `Usage` when standard input is not alone; `Input` for a folder without exports; `Io` when one cannot
/// be read.
pub fn of(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    if named.len() > 1 && named.iter().any(|path| path.as_os_str() == "-") {
        return Err(Error::usage("standard input (-) stands alone")
            .hint("write it to a file first, and name that with the others"));
    }
    let mut files = Vec::new();
    for path in named {
        let found = if path.is_dir() {
            exports(path)?
        } else if named.len() > 1 && is_refused(path) {
            // `voz index exports/*.csv` names those of the night before as well.
            Vec::new()
        } else {
            vec![path.clone()]
        };
        for file in found {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// True for the refused rows of an earlier run.
fn is_refused(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.to_lowercase().ends_with(".rejects.csv") && is_ours(path)
}

/// Refuses to write over a file that is read: one that is `named`, or an export in a folder that is.
///
/// # Errors
/// `Usage` when one of `outputs` is one of them, or the other output.
pub fn keep_apart(named: &[PathBuf], outputs: &[Option<&Path>]) -> Result<()> {
    for output in outputs.iter().flatten() {
        // What is not there is not read.
        let Ok(place) = output.canonicalize() else {
            continue;
        };
        let read = |path: &PathBuf| match path.canonicalize() {
            Ok(path) if path.is_dir() => place.parent() == Some(&path) && is_export(&place),
            Ok(path) => path == place,
            Err(_) => false,
        };
        if named.iter().any(read) {
            return Err(Error::usage("this file is read, and would be written over")
                .at(output)
                .hint("name another file for the output"));
        }
    }
    match outputs {
        [Some(one), Some(other)] if one == other => {
            Err(Error::usage("two outputs have the same name")
                .at(one)
                .hint("name another file for one of them"))
        }
        _ => Ok(()),
    }
}

fn exports(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io("the folder cannot be read", error).at(folder);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_file() && is_export(&path) {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(
            Error::input("no export in this folder: no file with a known ending")
                .at(folder)
                .hint(format!(
                    "the endings are .{}, plain or followed by .gz or .zst; folders inside are not read",
                    ENDINGS.join(", .")
                )),
        );
    }
    files.sort();
    Ok(files)
}

fn is_export(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    // Excel leaves `~$NAME` beside a workbook that is open.
    if name.starts_with('.') || name.starts_with("~$") || name.ends_with(".rejects.csv") {
        return false;
    }
    let plain = name
        .strip_suffix(".gz")
        .or_else(|| name.strip_suffix(".zst"))
        .unwrap_or(&name);
    let ending = Path::new(plain).extension().unwrap_or_default();
    ENDINGS.iter().any(|known| ending == *known) && !is_ours(path)
}

/// True for results of `voz tag` and for refused rows under another name.
fn is_ours(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut bytes));
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().next().unwrap_or_default();
    let has = |keys: &[&str]| keys.iter().all(|key| line.contains(key));
    let names: Vec<&str> = line.split([',', ';']).collect();
    read.is_ok()
        && (are_ours(&names)
            || line == "row,column,reason"
            || line == "file,row,column,reason"
            || (line.starts_with("{\"id\":")
                && has(&["\"lang\":{", "\"expressed\":[", "\"clauses\":["]))
            || (ends(path, &TABLES) && are_ours(&columns(path))))
}

/// Endings of results whose columns are not in a first line.
const TABLES: [&str; 4] = ["xlsx", "parquet", "arrow", "arrows"];

/// The names of the columns of a table; none where it cannot be read, of which reading it will tell.
fn columns(path: &Path) -> Vec<Arc<str>> {
    let plan = peek(path, &Mapping::default());
    let columns = plan.map(|plan| plan.columns).unwrap_or_default();
    columns.into_iter().map(|column| column.name).collect()
}

/// True for columns of ours that no survey has, in either language.
fn are_ours(names: &[impl AsRef<str>]) -> bool {
    let has = |wanted: &str| names.iter().any(|name| name.as_ref() == wanted);
    let all = |wanted: [&str; 3]| wanted.into_iter().all(has);
    all(["nev", "expressed", "main_theme"])
        || all(["nev", "emociones", "tema_principal"])
        // Where emotions are lists, and so no columns that are read.
        || all(["nev", "main_theme", "other_fields"])
        || all(["nev", "tema_principal", "otros_campos"])
        || all(["mention", "theme", "driver"])
        || all(["mencion", "tema", "driver"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_its_exports() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, content: &str| {
            std::fs::write(folder.path().join(name), content).unwrap();
        };
        for name in [
            "b.CSV",
            "a.xlsx",
            "c.jsonl.gz",
            "d.tsv.zst",
            ".hidden.csv",
            "~$a.xlsx",
        ] {
            put(name, "x");
        }
        for name in ["a.xlsx.rejects.csv", "notes.md", "tagged.gz", "csv"] {
            put(name, "x");
        }
        put("tagged.csv", "id,nev,expressed,themes,main_theme,text\n");
        put("mentions.csv", "id;mencion;tema;driver\n");
        put("refused.csv", "row,column,reason\n");
        std::fs::create_dir(folder.path().join("inner.csv")).unwrap();
        let found = of(&[folder.path().to_path_buf(), folder.path().join("b.CSV")]).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.file_name().unwrap()).collect();
        assert_eq!(names, ["a.xlsx", "b.CSV", "c.jsonl.gz", "d.tsv.zst"]);
        assert!(of(&[folder.path().join("inner.csv")]).is_err());
        assert!(of(&["-".into(), "a.csv".into()]).is_err());
        assert_eq!(of(&["-".into()]).unwrap(), [PathBuf::from("-")]);
    }
}
