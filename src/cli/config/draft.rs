//! A file of settings drafted from what was decided about a file of comments.

use super::super::output::{Destination, failed};
use crate::error::{Error, Result};
use crate::source::{DateOrder, Join, Mapping, Plan, Role};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What is drafted.
pub struct Draft<'d> {
    /// The file of comments.
    pub file: &'d Path,
    /// What was decided about it.
    pub plan: &'d Plan,
    /// What was said about it.
    pub mapping: &'d Mapping,
    /// What is joined to it.
    pub joins: &'d [Join],
}

/// Writes a draft to `path`, which must not be there unless `force` is true.
///
/// # Errors
/// [`crate::error::ErrorKind::Usage`] when it is there; `Io` when it cannot be written.
pub fn write(draft: &Draft<'_>, path: &Path, force: bool) -> Result<()> {
    if !force && path.exists() {
        return Err(
            Error::usage("the file is there already, and is left as it is")
                .at(path)
                .hint("name another after --write, or say --force to replace it"),
        );
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let text = draft.text(folder)?;
    let mut out = Destination::open(Some(path))?;
    out.write_all(text.as_bytes()).map_err(failed)?;
    out.finish()
}

/// The columns that a file of settings names, with what stands there where none was found.
const ROLES: [(Role, &str); 7] = [
    (Role::Id, "id"),
    (Role::Date, "date"),
    (Role::Nps, "nps"),
    (Role::Csat, "csat"),
    (Role::Ces, "ces"),
    (Role::Customer, "customer"),
    (Role::Lang, "lang-column"),
];

impl Draft<'_> {
    fn text(&self, folder: &Path) -> Result<String> {
        let mut text = format!(
            "# How `voz peek`, `voz tag` and `voz index` read files of comments, where they are run beside this\n\
             # file or with --config. Flags and variables VOZ_… win over what stands here; paths are relative to\n\
             # this file; a line that begins with # says nothing. Drafted from {}.\n\n",
            self.file.file_name().unwrap_or_default().display()
        );
        text.push_str(
            "# model = \"accurate\"          # a name from `voz models list`, or a folder\n\
             # themes = \"voz-themes.toml\"  # your own themes\n\
             # lexicon = \"lexicon.toml\"    # your own words: slang, names of products\n\
             # names = true                # names of people are replaced too\n\
             # index = \"voz-index\"\n\
             # rejects = \"rejects.csv\"     # refused rows; beside each file unless said\n\
             # max-rejects = 100           # exit 5 when more rows are refused\n",
        );
        self.columns(&mut text);
        self.scales(&mut text);
        self.file(&mut text);
        for join in self.joins {
            let file = from(folder, &join.file)?;
            let on = match &join.other {
                Some(other) => format!("{}={other}", join.key),
                None => join.key.clone(),
            };
            text.push_str("\n[[join]]\n");
            line(
                &mut text,
                true,
                "file",
                &quoted(&file.to_string_lossy()),
                "",
            );
            line(&mut text, true, "on", &quoted(&on), "");
        }
        if self.joins.is_empty() {
            text.push_str(
                "\n# What is known of each customer, from a second file:\n\
                 # [[join]]\n\
                 # file = \"crm.csv\"\n\
                 # on = \"customer\"             # or customer=client_id, where names differ\n",
            );
        }
        Ok(text)
    }

    fn columns(&self, text: &mut String) {
        let named = |role: Role| {
            let columns = self.plan.columns.iter().filter(move |one| one.role == role);
            columns.map(|one| quoted(&one.name)).collect::<Vec<_>>()
        };
        text.push_str("\n# Columns by their names; \"\" says that none is one.\n[columns]\n");
        let texts = named(Role::Text);
        match texts.as_slice() {
            [one] => line(text, true, "text", one, "the comments"),
            many => line(text, true, "text", &list(many), "the comments"),
        }
        for (role, key) in ROLES {
            match named(role).first() {
                Some(name) => line(text, true, key, name, ""),
                None => line(text, false, key, "\"\"", "none was found"),
            }
        }
        let said = self.mapping.fields.is_some();
        let fields = list(&named(Role::Field));
        let why = if said {
            ""
        } else {
            "every other column unless said"
        };
        line(text, said, "fields", &fields, why);
        let stated = self.mapping.stated.map(|lang| quoted(lang.code()));
        let shown = stated.as_deref().unwrap_or("\"es\"");
        line(
            text,
            stated.is_some(),
            "stated",
            shown,
            "language of rows that state none: es, en",
        );
        let asks = self.plan.asked.map(|asked| quoted(asked.name()));
        let shown = asks.as_deref().unwrap_or("\"neither\"");
        let why = "what the question asks for: negative, positive, neither";
        line(
            text,
            self.mapping.asked.is_some() && asks.is_some(),
            "asks",
            shown,
            why,
        );
    }

    fn scales(&self, text: &mut String) {
        let scales = self.plan.scales;
        text.push_str("\n[scales]\n");
        line(
            text,
            true,
            "csat-max",
            &scales.csat_max.to_string(),
            "highest satisfaction; the lowest is 1",
        );
        line(
            text,
            true,
            "ces-max",
            &scales.ces_max.to_string(),
            "highest effort; the lowest is 1",
        );
        let hard = !scales.ces_high_is_easy;
        line(text, true, "ces-high-is-hard", &hard.to_string(), "");
    }

    fn file(&self, text: &mut String) {
        text.push_str(
            "\n# How files are written; what is not said is found out in each of them.\n[file]\n",
        );
        let (order, decided) = match self.plan.date_order() {
            Some(DateOrder::MonthFirst) => ("\"mdy\"", true),
            Some(DateOrder::DayFirst) => ("\"dmy\"", true),
            None => ("\"dmy\"", false),
        };
        line(
            text,
            decided,
            "date-order",
            order,
            "dmy: 3/4 is 3 April; mdy: 4 March",
        );
        let mapping = self.mapping;
        let delimiter = match self.plan.delimiter() {
            Some(b'\t') => "tab".to_owned(),
            Some(sign) => char::from(sign).to_string(),
            None => ",".to_owned(),
        };
        line(
            text,
            mapping.delimiter.is_some(),
            "delimiter",
            &quoted(&delimiter),
            "",
        );
        let encoding = quoted(&self.plan.encoding().name().to_lowercase());
        line(text, mapping.encoding.is_some(), "encoding", &encoding, "");
        let comma = self.plan.decimal_comma().to_string();
        line(
            text,
            mapping.decimal_comma.is_some(),
            "decimal-comma",
            &comma,
            "",
        );
    }
}

/// A line of a draft; one that is not `said` stands as a comment.
fn line(text: &mut String, said: bool, key: &str, value: &str, why: &str) {
    let sign = if said { "" } else { "# " };
    let mut line = format!("{sign}{key} = {value}");
    if !why.is_empty() {
        let _ = write!(line, "  # {why}");
    }
    text.push_str(&line);
    text.push('\n');
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(quoted: &[String]) -> String {
    format!("[{}]", quoted.join(", "))
}

/// A path as it is said from `folder`, when it was said from here.
fn from(folder: &Path, path: &Path) -> Result<PathBuf> {
    if folder.as_os_str().is_empty() || folder == Path::new(".") {
        return Ok(path.to_path_buf());
    }
    std::path::absolute(path)
        .map_err(|error| Error::io("the path has no absolute form", error).at(path))
}
