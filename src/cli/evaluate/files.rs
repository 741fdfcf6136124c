//! `voz eval FILE…`: labelled files of one's own.

use super::super::Shell;
use super::Measuring;
use crate::error::{Error, Result};
use crate::eval::{Columns, Set, open};
use crate::lang::Lang;
use crate::sentiment::Polarity;
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Labelled files and their columns; what is not said is found by the columns' names.
#[derive(Args, Debug, Default, PartialEq)]
pub struct Labelled {
    /// Labelled files: CSV, TSV or JSON Lines, plain or gzip
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    columns: LabelColumns,
    #[command(flatten)]
    measuring: Measuring,
}

/// The columns of a labelled file; what is not said is found by their names.
#[derive(Args, Debug, Default, PartialEq)]
pub struct LabelColumns {
    /// Column of the texts
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    text: Option<String>,
    /// Column of the sentiment: negative, neutral, positive in words, or -1, 0, 1
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    sentiment: Option<String>,
    /// What the values of that column mean, such as bad=negative,so-so=neutral,good=positive
    #[arg(long, value_name = "VALUES", value_delimiter = ',', value_parser = parse_value,
          help_heading = "Columns", conflicts_with = "stars")]
    values: Vec<(String, Polarity)>,
    /// Column of 1 to 5 stars, as sentiment: 1-2 negative, 3 neutral, 4-5 positive
    #[arg(
        long,
        value_name = "COLUMN",
        help_heading = "Columns",
        conflicts_with = "sentiment"
    )]
    stars: Option<String>,
    /// Columns of emotions, 0 or 1, separated by commas; every one named like an emotion unless given
    #[arg(
        long,
        value_name = "COLUMNS",
        value_delimiter = ',',
        help_heading = "Columns"
    )]
    emotions: Option<Vec<String>>,
    /// Column that states the language of each comment
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    lang_column: Option<String>,
    /// Language of comments whose row states none: es or en
    #[arg(long, value_name = "LANG", value_parser = ["es", "en"], help_heading = "Columns")]
    stated: Option<String>,
}

impl LabelColumns {
    /// What the user says about the columns.
    pub fn said(&self) -> Columns {
        let values: BTreeMap<String, Polarity> = self.values.iter().cloned().collect();
        Columns {
            text: self.text.clone(),
            sentiment: self.sentiment.clone(),
            values: (!values.is_empty()).then_some(values),
            stars: self.stars.clone(),
            emotions: self.emotions.clone(),
            lang: self.lang_column.clone(),
            stated: self.stated.as_deref().and_then(Lang::parse),
        }
    }
}

/// A value of a column and what it means.
fn parse_value(said: &str) -> std::result::Result<(String, Polarity), String> {
    let parts = said.rsplit_once('=');
    let parsed = parts
        .and_then(|(value, means)| Some((value.trim().to_owned(), Polarity::parse(means.trim())?)));
    parsed.ok_or_else(|| "write VALUE=negative, VALUE=neutral or VALUE=positive".to_owned())
}

impl Labelled {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let sets = self.sets(shell)?;
        self.measuring.run(&sets, shell)?;
        Ok(())
    }

    fn sets(&self, shell: &Shell) -> Result<Vec<Set>> {
        let columns = self.columns.said();
        let mut sets = Vec::new();
        for (at, path) in self.files.iter().enumerate() {
            if self.files[..at].contains(path) {
                return Err(Error::usage("the file is given twice").at(path));
            }
            let mut opened = open(path, &path.display().to_string(), &columns)?;
            shell.say(&shell.locale.fill(
                "eval.read",
                &[
                    ("file", &path.display()),
                    ("text", &opened.text),
                    ("empty", &shell.locale.count(opened.empty)),
                    ("unlabelled", &shell.locale.count(opened.unlabelled)),
                ],
            ));
            sets.append(&mut opened.sets);
        }
        Ok(sets)
    }
}
