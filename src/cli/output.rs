//! Where results go, and in which form.

use super::Shell;
use crate::error::{Error, Result};
use crate::report::{Csv, Sheet};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// An aligned table, to read
    Table,
    /// One JSON object per line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// An Excel workbook; to a file with -o
    Xlsx,
}

/// Flags of where and how.
#[derive(Args, Debug, Default, PartialEq)]
#[allow(clippy::struct_field_names, reason = "each is named as its flag")]
pub struct Output {
    /// Form of the output: that of the file's ending (.csv, .xlsx), a table on a terminal, JSON Lines elsewhere unless given
    #[arg(long, value_enum, value_name = "FORM")]
    pub format: Option<Format>,
    /// Write to a file instead of standard output; replaced when complete
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Flavour of CSV: plain, excel (with a byte order mark, so that Excel reads accents) or excel-es (also ; between columns and decimal commas, for Excel in Spanish)
    #[arg(long, value_enum, value_name = "FLAVOUR", hide_possible_values = true)]
    pub csv: Option<Flavour>,
}

/// A flavour of CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Flavour {
    /// Commas, decimal points, UTF-8
    Plain,
    /// The same after a byte order mark
    Excel,
    /// A byte order mark, semicolons and decimal commas
    ExcelEs,
}

impl Flavour {
    /// What the writer of CSV calls it.
    pub fn csv(flavour: Option<Self>) -> Csv {
        match flavour {
            None | Some(Self::Plain) => Csv::Plain,
            Some(Self::Excel) => Csv::Excel,
            Some(Self::ExcelEs) => Csv::ExcelEs,
        }
    }
}

impl Output {
    /// The form asked for, else that of the file's ending, else a table for people and JSON Lines for
    /// programs.
    pub fn form(&self) -> Format {
        if let Some(form) = self.format {
            return form;
        }
        match self.output.as_deref() {
            _ if self.csv.is_some() => Format::Csv,
            None if std::io::stdout().is_terminal() => Format::Table,
            Some(path) if ends(path, &["csv"]) => Format::Csv,
            Some(path) if ends(path, &["xlsx"]) => Format::Xlsx,
            _ => Format::Jsonl,
        }
    }

    /// The form, unless it cannot be written where it would go.
    pub fn checked_form(&self) -> Result<Format> {
        let form = self.form();
        if form == Format::Xlsx {
            refuse_terminal(self.output.as_deref(), "a workbook", "xlsx")?;
        }
        refuse_flavour(self.csv, form == Format::Csv)?;
        match self.output.as_deref() {
            Some(path) if self.format.is_none() && ends(path, &TABULAR) => Err(Error::usage(
                "only `voz tag` and `voz export` write Parquet and Arrow",
            )
            .at(path)
            .hint("name a file that ends in .csv, .xlsx or .jsonl, or say --format")),
            _ => Ok(form),
        }
    }

    /// The flavour of CSV.
    pub fn flavour(&self) -> Csv {
        Flavour::csv(self.csv)
    }

    /// True when colours may be used: on a terminal, unless `NO_COLOR` is set.
    pub fn is_coloured(&self) -> bool {
        self.output.is_none()
            && std::io::stdout().is_terminal()
            && std::env::var_os("NO_COLOR").is_none()
    }

    /// Writes one object as a line of JSON.
    pub fn object(&self, object: &impl Serialize) -> Result<()> {
        self.checked_form()?;
        let mut out = Destination::open(self.output.as_deref())?;
        let json = serde_json::to_string(object)
            .map_err(|error| Error::model("an object has no JSON form").caused_by(error))?;
        writeln!(out, "{json}").map_err(failed)?;
        out.finish()
    }

    /// Writes a sheet.
    pub fn sheet(&self, sheet: &Sheet, shell: &Shell) -> Result<()> {
        self.sheet_after(&[], sheet, shell)
    }

    /// Writes a sheet; as a table, after other tables that programs have no use for.
    pub fn sheet_after(&self, before: &[&Sheet], sheet: &Sheet, shell: &Shell) -> Result<()> {
        let form = self.checked_form()?;
        let mut out = Destination::open(self.output.as_deref())?;
        match form {
            Format::Table => {
                let tables = before.iter().copied().chain([sheet]);
                let tables: Vec<String> = tables
                    .map(|one| one.to_table(&shell.locale, terminal_width()))
                    .collect();
                writeln!(out, "{}", tables.join("\n\n")).map_err(failed)?;
            }
            Format::Jsonl => sheet.to_jsonl(&mut out)?,
            Format::Csv => sheet.to_csv(self.flavour(), &mut out)?,
            Format::Xlsx => sheet.to_xlsx(&shell.locale, &mut out)?,
        }
        out.finish()
    }
}

/// The endings of files whose form only rows of comments have.
const TABULAR: [&str; 4] = ["parquet", "arrow", "arrows", "ipc"];

/// True when the name of a file ends in one of these, whatever the case.
pub fn ends(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().unwrap_or_default();
    endings.iter().any(|one| ending.eq_ignore_ascii_case(one))
}

/// Refuses to show a form on a terminal that is not text.
pub fn refuse_terminal(output: Option<&Path>, what: &str, form: &str) -> Result<()> {
    if output.is_some() || !std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err(
        Error::usage(format!("{what} is not text, and a terminal shows text")).hint(format!(
            "write it to a file: --format {form} -o FILE.{form}"
        )),
    )
}

/// Refuses a flavour of CSV for what is none.
pub fn refuse_flavour(flavour: Option<Flavour>, is_csv: bool) -> Result<()> {
    if flavour.is_none() || is_csv {
        return Ok(());
    }
    Err(
        Error::usage("--csv is for CSV, and another form was asked for")
            .hint("say --format csv, or leave --csv out"),
    )
}

/// Columns of the terminal; `None` when there is none to fit.
pub fn terminal_width() -> Option<u16> {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    columns.filter(|columns| *columns >= 60)
}

/// What a failed write of output is told as.
pub fn failed(error: std::io::Error) -> Error {
    Error::io("the output cannot be written", error)
}

/// Standard output, or a file that takes its name only when it is complete.
pub enum Destination {
    /// Standard output.
    Standard(BufWriter<std::io::Stdout>),
    /// A file in the making and the name it will take.
    File(Box<BufWriter<NamedTempFile>>, PathBuf),
    /// A device or pipe: it is written to, for a file must not take its place.
    Device(BufWriter<File>, PathBuf),
}

impl Destination {
    /// Standard output, or the file at `path`.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self::Standard(BufWriter::new(std::io::stdout())));
        };
        let made = |error| Error::io("the output file cannot be made", error).at(path);
        if is_device(path) {
            let device = File::options().write(true).open(path).map_err(made)?;
            return Ok(Self::Device(BufWriter::new(device), path.to_path_buf()));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        sweep(folder, &name);
        let file = new_file(folder, &name).map_err(made)?;
        Ok(Self::File(
            Box::new(BufWriter::new(file)),
            path.to_path_buf(),
        ))
    }

    /// Writes what is left, and gives a file its name.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Standard(mut out) => out.flush().map_err(failed),
            Self::File(out, path) => {
                let told = |error| Error::io("the output cannot be written", error).at(&path);
                let file = out.into_inner().map_err(|error| told(error.into_error()))?;
                file.persist(&path).map_err(|error| told(error.error))?;
                Ok(())
            }
            Self::Device(mut out, path) => out.flush().map_err(|error| failed(error).at(path)),
        }
    }
}

/// Removes what an earlier run wrote there, so that it is not taken for what this one will write; the caller knows
/// that nothing reads it.
pub fn clear(path: Option<&Path>) -> Result<()> {
    let Some(path) = path.filter(|path| path.is_file()) else {
        return Ok(());
    };
    std::fs::remove_file(path)
        .map_err(|error| Error::io("the old file cannot be removed", error).at(path))
}

/// What the name of a file in the making ends in.
const PART: &str = ".part";

/// What the name of a file in the making begins with: the rest is random.
fn draft(name: &str) -> String {
    format!(".{name}.voz-")
}

/// A file in the making, readable by whom other new files are. It is locked for as long as this process lives.
fn new_file(folder: &Path, name: &str) -> std::io::Result<NamedTempFile> {
    let draft = draft(name);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&draft).suffix(PART);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What the user's mask forbids is taken off.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    // Where a file system has no locks, nobody can take them either, and what is left stays.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes what runs that were killed left of the output called `name`: files in the making that nobody holds.
fn sweep(folder: &Path, name: &str) {
    let draft = draft(name);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let left = entry.file_name();
        let left = left.to_string_lossy();
        if left.starts_with(&draft) && left.ends_with(PART) {
            let nobodys = File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
            if nobodys {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// True for what is there and neither a file nor a folder, such as `/dev/null`.
fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(out, _) => out.write(bytes),
            Self::Device(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File(out, _) => out.flush(),
            Self::Device(out, _) => out.flush(),
        }
    }
}
