//! What `voz tag` and `voz export` write: comments, one by one, in forms for people, spreadsheets and
//! programs.

use super::Shell;
use super::output::terminal_width;
use super::output::{Destination, Flavour, ends, failed, refuse_flavour, refuse_terminal};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::locale::Locale;
use crate::record::Record;
use crate::report::{Kind, Layout, Per, RowForm, RowWriter, Sheet, Show};
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// A form of comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// An aligned table of the most important columns, to read
    Table,
    /// One JSON object per line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// An Excel workbook
    Xlsx,
    /// A Parquet file, compressed with zstd
    Parquet,
    /// An Arrow IPC stream
    Arrow,
}

/// The endings of files that are in a form.
const ENDINGS: [(&[&str], Form); 4] = [
    (&["csv"], Form::Csv),
    (&["xlsx"], Form::Xlsx),
    (&["parquet"], Form::Parquet),
    (&["arrow", "arrows", "ipc"], Form::Arrow),
];

/// The endings of JSON Lines.
const LINES: [&str; 3] = ["jsonl", "json", "ndjson"];

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RowPer {
    /// A comment
    Comment,
    /// A theme named in a comment
    Mention,
}

/// Flags of where and how comments are written.
#[derive(Args, Debug)]
pub struct Rows {
    /// Form of the output: that of the file's ending (.csv, .xlsx, .parquet, .arrow), a table on a terminal, JSON Lines elsewhere unless given
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Write to a file instead of standard output; replaced when complete
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A row per comment or per mention of a theme; comments that name none have no row then
    #[arg(long, value_enum, value_name = "ROW", default_value = "comment")]
    per: RowPer,
    /// Flavour of CSV: plain, excel (with a byte order mark, so that Excel reads accents) or excel-es (also ; between columns and decimal commas, for Excel in Spanish)
    #[arg(long, value_enum, value_name = "FLAVOUR", hide_possible_values = true)]
    csv: Option<Flavour>,
    /// Language of the names of columns in CSV, Excel, Parquet, Arrow and rows per mention, en or es: en unless given, whatever the language of the system
    #[arg(long, value_name = "LANG", value_parser = ["en", "es"])]
    columns: Option<String>,
}

impl Rows {
    /// The file that is written, if one is.
    pub fn output(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// The form asked for, else that of the file's ending, else a table for people and JSON Lines for
    /// programs.
    ///
    /// # Errors
    /// `Usage` for flags that do not go together, and for bytes that a terminal would be given.
    pub fn form(&self) -> Result<Form> {
        let ending = self.output.as_deref().and_then(|path| {
            let known = ENDINGS.iter();
            known.copied().find(|(names, _)| ends(path, names))
        });
        let other = self.output.as_deref().and_then(Path::extension);
        if let Some(other) = other
            && (self.format, self.csv, ending) == (None, None, None)
            && !LINES.iter().any(|lines| other.eq_ignore_ascii_case(lines))
        {
            return Err(
                Error::usage(format!("no form has the ending .{}", other.display())).hint(
                    "end the name with .jsonl, .csv, .xlsx, .parquet or .arrow, or say --format",
                ),
            );
        }
        let form = self.format.unwrap_or(match (ending, self.csv) {
            (Some((_, form)), _) => form,
            (None, Some(_)) => Form::Csv,
            (None, None) if self.output.is_none() && std::io::stdout().is_terminal() => Form::Table,
            (None, None) => Form::Jsonl,
        });
        let output = self.output.as_deref();
        match form {
            Form::Xlsx => refuse_terminal(output, "a workbook", "xlsx")?,
            Form::Parquet => refuse_terminal(output, "Parquet", "parquet")?,
            Form::Arrow => refuse_terminal(output, "an Arrow stream", "arrow")?,
            Form::Table | Form::Jsonl | Form::Csv => {}
        }
        refuse_flavour(self.csv, form == Form::Csv)?;
        let is_named = match form {
            Form::Table => false,
            Form::Jsonl => self.per == RowPer::Mention,
            _ => true,
        };
        if self.columns.is_some() && !is_named {
            return Err(Error::usage(
                "--columns names the columns of CSV, Excel, Parquet, Arrow and rows per mention",
            )
            .hint("say --format csv or another of these, or leave --columns out"));
        }
        Ok(form)
    }

    /// Opens the output for comments with these fields.
    ///
    /// # Errors
    /// Those of [`Rows::form`], and `Io` when the output cannot be made.
    pub fn open(
        &self,
        fields: impl IntoIterator<Item = (String, Kind)>,
        shell: &Shell,
    ) -> Result<Comments> {
        let form = self.form()?;
        let per = match self.per {
            RowPer::Comment => Per::Comment,
            RowPer::Mention => Per::Mention,
        };
        let names = self.columns.as_deref().and_then(Lang::parse);
        let layout = Layout::new(per, fields, &Locale::new(names.unwrap_or(Lang::En)));
        let out = Destination::open(self.output.as_deref())?;
        let row_form = match form {
            Form::Table => None,
            Form::Jsonl if per == Per::Comment => None,
            Form::Jsonl => Some(RowForm::Jsonl),
            Form::Csv => Some(RowForm::Csv(Flavour::csv(self.csv))),
            Form::Xlsx => Some(RowForm::Excel),
            Form::Parquet => Some(RowForm::Parquet),
            Form::Arrow => Some(RowForm::Arrow),
        };
        let locale = shell.locale.clone();
        let way = match row_form {
            Some(form) => Way::Rows(form.writer(layout.heads(), out)?),
            None if form == Form::Table => {
                let sheet = Sheet::new(&locale, shown(per));
                Way::Table(out, sheet)
            }
            None => Way::Records(out, Vec::new()),
        };
        Ok(Comments {
            per,
            layout,
            way,
            locale,
            told: Told::default(),
        })
    }
}

/// Comments on their way out.
pub struct Comments {
    per: Per,
    layout: Layout,
    way: Way,
    locale: Locale,
    told: Told,
}

/// What is said when all is written.
#[derive(Default)]
struct Told {
    comments: u64,
    /// Comments that have no row.
    bare: u64,
    /// Texts that were cut.
    cut: u64,
}

enum Way {
    /// Records as lines of JSON; a whole line is written at a time, for serde writes some bytes at a time.
    Records(Destination, Vec<u8>),
    /// A table of what was gathered.
    Table(Destination, Sheet),
    /// Rows.
    Rows(Box<dyn RowWriter<Destination>>),
}

impl Comments {
    /// Writes a comment.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn add(&mut self, record: &Record<'_>) -> Result<()> {
        let Self {
            per, layout, way, ..
        } = self;
        let rows = match way {
            Way::Records(out, bytes) => {
                bytes.clear();
                serde_json::to_writer(&mut *bytes, record)
                    .map_err(|error| Error::input("a record has no JSON form").caused_by(error))?;
                bytes.push(b'\n');
                out.write_all(bytes).map_err(failed)?;
                1
            }
            Way::Table(_, sheet) => {
                let rows = shown_rows(record, *per);
                let count = rows.len();
                sheet.rows.extend(rows);
                count
            }
            Way::Rows(writer) => layout.each_row(record, |cells| writer.row(cells))?,
        };
        self.told.comments += 1;
        self.told.bare += u64::from(rows == 0);
        Ok(())
    }

    /// Shows what was gathered for a table.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn show(&mut self) -> Result<()> {
        if let Way::Table(out, sheet) = &mut self.way {
            let text = sheet.to_table(&self.locale, terminal_width());
            sheet.rows.clear();
            writeln!(out, "{text}").map_err(failed)?;
        }
        Ok(())
    }

    /// Writes what is left, gives a file its name, and says what does not stand in it.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub fn finish(mut self, shell: &Shell) -> Result<u64> {
        let out = match self.way {
            Way::Records(out, _) | Way::Table(out, _) => out,
            Way::Rows(writer) => {
                self.told.cut = writer.cut();
                writer.finish()?
            }
        };
        out.finish()?;
        let said = [("rows.bare", self.told.bare), ("rows.cut", self.told.cut)];
        for (key, count) in said {
            if count > 0 {
                let n = shell.locale.count(count);
                shell.say(&shell.locale.fill(key, &[("n", &n)]));
            }
        }
        Ok(self.told.comments)
    }
}

/// The columns of a table of comments.
const COMMENTS: [(&str, Show); 12] = [
    ("id", Show::Text),
    ("lang", Show::Text),
    ("sentiment", Show::Word),
    ("score", Show::Points),
    ("nev", Show::Count),
    ("expressed", Show::Word),
    ("themes", Show::Text),
    ("nps", Show::Count),
    ("csat", Show::Count),
    ("ces", Show::Count),
    ("date", Show::Text),
    ("text", Show::Text),
];

/// The columns of a table of mentions.
const MENTIONS: [(&str, Show); 9] = [
    ("id", Show::Text),
    ("theme", Show::Text),
    ("driver", Show::Text),
    ("sentiment", Show::Word),
    ("mention", Show::Text),
    ("nps", Show::Count),
    ("csat", Show::Count),
    ("ces", Show::Count),
    ("date", Show::Text),
];

fn shown(per: Per) -> &'static [(&'static str, Show)] {
    match per {
        Per::Comment => &COMMENTS,
        Per::Mention => &MENTIONS,
    }
}

/// The rows of a comment in a table.
fn shown_rows(record: &Record<'_>, per: Per) -> Vec<Vec<Value>> {
    let number = |score: Option<f64>| score.map_or(Value::Null, Value::from);
    let nps = record.scores.nps.map_or(Value::Null, Value::from);
    let day = record.date;
    let day = day.map_or(Value::Null, |day| day.to_string().into());
    let (csat, ces) = (number(record.scores.csat), number(record.scores.ces));
    if per == Per::Mention {
        let mentions = record.mentions.iter();
        let row = |mention: &crate::record::Mention<'_>| {
            let words = record.text.get(mention.start..mention.end);
            vec![
                Value::from(&*record.id),
                Value::from(&*mention.theme),
                Value::from(&*mention.driver),
                mention.sentiment.name().into(),
                words.unwrap_or_default().into(),
                nps.clone(),
                csat.clone(),
                ces.clone(),
                day.clone(),
            ]
        };
        return mentions.map(row).collect();
    }
    let listed = |parts: Vec<String>| {
        if parts.is_empty() {
            Value::Null
        } else {
            parts.into()
        }
    };
    let expressed = record.expressed.iter();
    let expressed: Vec<String> = expressed.map(|one| one.name().to_owned()).collect();
    let mut themes: Vec<String> = Vec::new();
    for mention in &record.mentions {
        let theme = format!("{}:{}", mention.theme, mention.sentiment.name());
        if !themes.contains(&theme) {
            themes.push(theme);
        }
    }
    let feeling = record.sentiment.as_ref();
    vec![vec![
        Value::from(&*record.id),
        Value::from(&*record.lang.code),
        feeling.map_or(Value::Null, |feeling| feeling.label.name().into()),
        number(feeling.map(|feeling| feeling.score)),
        record.nev.map_or(Value::Null, Value::from),
        listed(expressed),
        listed(themes),
        nps,
        csat,
        ces,
        day,
        Value::from(&*record.text),
    ]]
}
