//! `voz correct`: what a person says a comment shows, in place of what was found.

use super::Shell;
use super::input::Own;
use super::now::now;
use super::output::{Format, Output};
use super::place::Place;
use crate::correction::{CorrectedTheme, Correction};
use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::index::{Index, Query, Setup};
use crate::pii::{Counts, Redactor};
use crate::report::{Sheet, Show};
use crate::sentiment::Polarity;
use crate::source::table::Table;
use clap::Args;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Correct the tags of comments; corrections act at once and stay when these are tagged again
#[derive(Args, Debug)]
pub struct Correct {
    /// Id of the comment
    #[arg(value_name = "ID", conflicts_with_all = ["from", "list"])]
    id: Option<String>,
    /// Its sentiment: positive, neutral or negative
    #[arg(long, value_name = "SENTIMENT", requires = "id")]
    sentiment: Option<String>,
    /// An emotion it expresses, these and no other; none for none. May be given several times
    #[arg(
        long = "emotion",
        value_name = "EMOTION",
        value_delimiter = ',',
        requires = "id"
    )]
    emotions: Vec<String>,
    /// A theme it names, these and no other, as ID or ID:SENTIMENT; none for none. May be given several times
    #[arg(
        long = "theme",
        value_name = "THEME",
        value_delimiter = ',',
        requires = "id"
    )]
    themes: Vec<String>,
    /// Take back what was said of it: its tags are those found, as if it had never been corrected
    #[arg(long, requires = "id", conflicts_with_all = ["sentiment", "emotions", "themes"])]
    undo: bool,
    /// Take corrections from a file with columns id, sentiment, emotions, themes, or as --list writes it; what is empty stays as found
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    from: Option<PathBuf>,
    /// Show the corrections, with who made them and when; as CSV they are examples for `voz train`
    #[arg(long)]
    list: bool,
    /// Who says so; the user of this machine unless given
    #[arg(long, value_name = "NAME", env = "USER")]
    by: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

/// How many unknown ids an error names.
const SHOWN: usize = 5;
/// The word for an empty list.
const NONE: &str = "none";

impl Correct {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        if self.list {
            return self.show(shell);
        }
        if let Some(id) = self.id.as_deref().filter(|_| self.undo) {
            return self.take_back(&shown(id), shell);
        }
        let corrections = match (&self.from, &self.id) {
            (Some(path), _) => self.read(path).map_err(|error| error.at(path))?,
            (None, Some(id)) => vec![(shown(id), self.given()?)],
            (None, None) => {
                return Err(Error::usage("no comment is named to be corrected").hint(
                    "voz correct ID --sentiment negative, or --from FILE; --list shows corrections",
                ));
            }
        };
        let n = corrections.len();
        let options = shell.writer();
        let unknown = Index::correct(&self.place.index, corrections, &options)?;
        let locale = &shell.locale;
        shell.say(&locale.fill(
            "correct.done",
            &[
                ("n", &locale.count((n - unknown.len()) as u64)),
                ("unknown", &locale.count(unknown.len() as u64)),
            ],
        ));
        if unknown.is_empty() {
            return Ok(());
        }
        let some: Vec<&str> = unknown.iter().take(SHOWN).map(String::as_str).collect();
        Err(Error::input(format!(
            "the index does not know {} of {n} ids: {}",
            unknown.len(),
            some.join(", ")
        ))
        .at(&self.place.index)
        .hint("ids are as `voz search` shows them; the others were corrected"))
    }

    fn take_back(&self, id: &str, shell: &Shell) -> Result<()> {
        let folder = &self.place.index;
        let (model, scales) = {
            let index = Index::open(folder)?;
            (index.model().to_owned(), *index.scales())
        };
        let own = Own::of_index(folder);
        let name = model.split('@').next().unwrap_or_default();
        let tagger = own.tagger(Some(Path::new(name)))?;
        let setup = Setup {
            model: &tagger.model(),
            taxonomy: tagger.taxonomy(),
            scales,
            votes: tagger.votes(),
            catalog: &own.catalog,
            lexicon: &own.lexicon,
        };
        let ids = vec![id.to_owned()];
        let unsaid = Index::take_back(folder, ids, &tagger, &setup, &shell.writer())?;
        if !unsaid.is_empty() {
            return Err(Error::input("nothing was said of this comment")
                .at(folder)
                .hint("`voz correct --list` shows the corrections and their ids"));
        }
        shell.say(&shell.locale.fill("correct.undone", &[("id", &id)]));
        Ok(())
    }

    /// The correction of the flags.
    fn given(&self) -> Result<Correction> {
        let list = |given: &[String]| (!given.is_empty()).then(|| given.join(","));
        let correction = self.correction(
            self.sentiment.as_deref().unwrap_or_default(),
            &list(&self.emotions).unwrap_or_default(),
            &list(&self.themes).unwrap_or_default(),
        )?;
        if correction.is_empty() {
            return Err(Error::usage("nothing is said of the comment")
                .hint("give --sentiment, --emotion or --theme; --undo takes back what was said"));
        }
        Ok(correction)
    }

    /// The corrections of a file.
    fn read(&self, path: &Path) -> Result<Vec<(String, Correction)>> {
        let table = Table::open(path)?;
        let column = |name: &str| table.column(name).ok();
        let Some(id) = column("id") else {
            return Err(Error::input("there is no column `id`")
                .hint("its columns are id, and any of sentiment, emotions and themes"));
        };
        let others = ["sentiment", "emotions", "themes"].map(column);
        let each = Emotion::ALL.map(|one| (one, column(one.name())));
        let (by, when) = (column("by"), column("when"));
        if others.iter().all(Option::is_none) && each.iter().all(|one| one.1.is_none()) {
            return Err(Error::input("there is nothing to correct in it")
                .hint("its columns are id, and any of sentiment, emotions and themes"));
        }
        let mut corrections = Vec::new();
        for row in 0..table.len() {
            let cell = |column: Option<usize>| column.map_or("", |at| table.cell(row, at));
            let [sentiment, emotions, themes] = others.map(|column| cell(column).trim());
            let correction = self.correction(sentiment, emotions, themes);
            let mut correction = correction.map_err(|error| error.row(row as u64 + 2))?;
            // As `--list` writes them: a column for each emotion, 1 or 0.
            let said = each.iter().filter(|one| !cell(one.1).trim().is_empty());
            if correction.emotions.is_none() && said.clone().next().is_some() {
                let is = said.filter(|one| matches!(cell(one.1).trim(), "1" | "true"));
                correction.emotions = Some(is.map(|one| one.0).collect());
            }
            for (said, column) in [(&mut correction.by, by), (&mut correction.when, when)] {
                if !cell(column).trim().is_empty() {
                    *said = marked(cell(column).trim());
                }
            }
            if !correction.is_empty() {
                corrections.push((shown(unarmed(cell(Some(id)))), correction));
            }
        }
        Ok(corrections)
    }

    /// A correction as it is written; what is empty is not said.
    fn correction(&self, sentiment: &str, emotions: &str, themes: &str) -> Result<Correction> {
        Ok(Correction {
            sentiment: (!sentiment.is_empty())
                .then(|| polarity(sentiment))
                .transpose()?,
            emotions: listed(emotions, emotion)?,
            themes: listed(themes, theme)?,
            by: self
                .by
                .as_deref()
                .filter(|by| !by.is_empty())
                .map_or_else(|| "unknown".to_owned(), marked),
            when: now(),
        })
    }

    fn show(&self, shell: &Shell) -> Result<()> {
        let index = Index::open(&self.place.index)?;
        let table = self.output.checked_form()? == Format::Table;
        let mut columns = vec![
            ("id", Show::Text),
            ("when", Show::Text),
            ("by", Show::Text),
            ("sentiment", Show::Word),
            ("themes", Show::Text),
        ];
        if table {
            columns.push(("emotions", Show::Text));
        } else {
            columns.extend(Emotion::ALL.map(|one| (one.name(), Show::Count)));
        }
        columns.extend([("lang", Show::Text), ("text", Show::Text)]);
        let mut sheet = Sheet::new(&shell.locale, &columns);
        index.each_record(&Query::All, |record| {
            if let Some(said) = index.corrections().get(&*record.id) {
                let mut row = cells(&record.id, said, table);
                row.extend([Value::from(&*record.lang.code), Value::from(&*record.text)]);
                sheet.rows.push(row);
            }
            Ok(())
        })?;
        self.output.sheet(&sheet, shell)
    }
}

/// Who says so, without personal data: a name stays, an address does not.
fn marked(by: &str) -> String {
    Redactor::new().redact(by).text.into_owned()
}

/// An id as it was before `--list` kept a spreadsheet from taking it for a formula.
fn unarmed(cell: &str) -> &str {
    let formula = |rest: &&str| rest.starts_with(['=', '+', '-', '@']);
    cell.strip_prefix('\'').filter(formula).unwrap_or(cell)
}

/// An id as the index knows it: personal data in it were replaced.
fn shown(id: &str) -> String {
    let mut id = id.trim().to_owned();
    Redactor::new().redact_id("id", &mut id, &mut Counts::default());
    id
}

/// The cells of what is said; emotions in one for people, in one each for `voz train`.
fn cells(id: &str, said: &Correction, table: bool) -> Vec<Value> {
    let sentiment = said.sentiment.map(|one| Value::from(one.name()));
    let themes = said.themes.as_ref().map(|themes| {
        let named: Vec<String> = themes
            .iter()
            .map(|one| match one.sentiment {
                Some(sentiment) => format!("{}:{}", one.theme, sentiment.name()),
                None => one.theme.clone(),
            })
            .collect();
        written(&named)
    });
    let mut row = vec![
        Value::from(id),
        Value::from(&*said.when),
        Value::from(&*said.by),
        sentiment.unwrap_or_default(),
        themes.unwrap_or_default(),
    ];
    let emotions = said.emotions.as_ref();
    if table {
        let names = |all: &Vec<Emotion>| {
            written(
                &all.iter()
                    .map(|one| one.name().to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        row.push(emotions.map(names).unwrap_or_default());
    } else {
        let is = |one| emotions.map(|all| Value::from(u8::from(all.contains(&one))));
        row.extend(Emotion::ALL.map(|one| is(one).unwrap_or_default()));
    }
    row
}

fn written(names: &[String]) -> Value {
    if names.is_empty() {
        Value::from(NONE)
    } else {
        Value::from(names.join(","))
    }
}

/// What a list says: `None` when nothing, an empty one for the word `none`.
fn listed<T>(list: &str, read: impl Fn(&str) -> Result<T>) -> Result<Option<Vec<T>>> {
    let parts: Vec<&str> = list
        .split([',', ';', '|'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    match parts[..] {
        [] => Ok(None),
        [NONE] => Ok(Some(Vec::new())),
        _ => parts.into_iter().map(read).collect::<Result<_>>().map(Some),
    }
}

fn polarity(name: &str) -> Result<Polarity> {
    Polarity::parse(&name.to_lowercase()).ok_or_else(|| {
        Error::usage("there is no such sentiment").hint("it is positive, neutral or negative")
    })
}

fn emotion(name: &str) -> Result<Emotion> {
    Emotion::parse(&name.to_lowercase()).ok_or_else(|| {
        let names = Emotion::ALL.map(Emotion::name).join(", ");
        Error::usage("there is no such emotion").hint(format!("they are {names}; or none"))
    })
}

fn theme(written: &str) -> Result<CorrectedTheme> {
    let (theme, sentiment) = match written.split_once(':') {
        Some((theme, sentiment)) => (theme, Some(polarity(sentiment)?)),
        None => (written, None),
    };
    Ok(CorrectedTheme {
        theme: theme.to_owned(),
        sentiment,
    })
}
