//! Files of labelled texts: which columns hold text and labels, and what the labels mean.

use super::labels::{Labels, column};
use super::set::{Labelled, Set};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::Polarity;
use crate::source::table::Table;
use crate::text::nfc;
use std::collections::BTreeMap;
use std::path::Path;

/// What the user says about the columns; what is not said is found by their names.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The column of the text.
    pub text: Option<String>,
    /// The column of the sentiment.
    pub sentiment: Option<String>,
    /// What the values of that column mean, where ours are not used.
    pub values: Option<BTreeMap<String, Polarity>>,
    /// A column of 1 to 5 stars, read as sentiment.
    pub stars: Option<String>,
    /// The columns of emotions; every one that is named like an emotion where none is said.
    pub emotions: Option<Vec<String>>,
    /// The column of the language.
    pub lang: Option<String>,
    /// The language of rows that state none.
    pub stated: Option<Lang>,
}

/// A labelled file, read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its texts, a set for each language that its rows state.
    pub sets: Vec<Set>,
    /// The column of the text.
    pub text: String,
    /// Rows whose text is empty.
    pub empty: u64,
    /// Rows with a text and no label that means something.
    pub unlabelled: u64,
}

/// Reads a labelled file; `name` is that of its sets.
///
/// # Errors
/// `Io` when the file cannot be read, `Input` when it is empty or no table, or lacks a column or every
/// label; the message lists the columns there are.
pub fn open(path: &Path, name: &str, columns: &Columns) -> Result<Opened> {
    let table = Table::open(path)?;
    opened(&table, name, columns).map_err(|error| error.at(path))
}

fn opened(table: &Table, name: &str, columns: &Columns) -> Result<Opened> {
    let text = text_column(table, columns)?;
    let labels = Labels::find(table, columns, text)?;
    let languages = match &columns.lang {
        Some(name) => table.languages(column(table, name)?)?,
        None => Vec::new(),
    };
    let mut opened = Opened {
        sets: Vec::new(),
        text: table.header()[text].clone(),
        empty: 0,
        unlabelled: 0,
    };
    let mut sets: BTreeMap<Option<Lang>, Vec<Labelled>> = BTreeMap::new();
    for row in 0..table.len() {
        let text = nfc(table.cell(row, text).trim()).into_owned();
        let truth = labels.of(row);
        if text.is_empty() {
            opened.empty += 1;
        } else if truth.is_empty() {
            opened.unlabelled += 1;
        } else {
            let lang = languages.get(row).copied().flatten().or(columns.stated);
            sets.entry(lang).or_default().push(Labelled { text, truth });
        }
    }
    if sets.is_empty() {
        return Err(Error::input("no row has both a text and a label").hint(table.columns()));
    }
    let sets = sets.into_iter();
    opened.sets = sets
        .map(|(lang, texts)| labels.set(name, lang, texts))
        .collect();
    Ok(opened)
}

/// The column of the text, of a table that has rows.
fn text_column(table: &Table, columns: &Columns) -> Result<usize> {
    if table.is_empty() {
        let what = if table.header().is_empty() {
            "the file is empty"
        } else {
            "there is a header and no row under it"
        };
        let needed = "a labelled file has a header, and a row for each text";
        return Err(Error::input(what).hint(needed));
    }
    if let Some(name) = &columns.text {
        return column(table, name);
    }
    table.text_column()?.ok_or_else(|| {
        let columns = table.columns();
        Error::input("no column is known to hold the texts")
            .hint(format!("say which one does: --text NAME; {columns}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotion;
    use crate::error::ErrorKind;

    fn opened_of(content: &str, columns: &Columns) -> Result<Opened> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.csv");
        std::fs::write(&path, content).unwrap();
        open(&path, "file", columns)
    }

    fn sentiments(content: &str, columns: &Columns) -> Vec<Option<Polarity>> {
        let opened = opened_of(content, columns).unwrap();
        let texts = opened.sets.iter().flat_map(|set| &set.texts);
        texts.map(|one| one.truth.sentiment).collect()
    }

    #[test]
    fn values_in_both_languages_and_as_numbers() {
        use Polarity::{Negative, Neutral, Positive};
        let none = Columns::default();
        let all = [Some(Negative), Some(Neutral), Some(Positive)];
        assert_eq!(
            sentiments("text,label\na,NEG\nb,neutro\nc,Positivo\nd,mixto\n", &none),
            all
        );
        assert_eq!(
            sentiments("Texto,Sentimiento\na,-1\nb,0\nc,1.0\n", &none),
            all
        );
        let stars = Columns {
            stars: Some("rating".to_owned()),
            ..Columns::default()
        };
        assert_eq!(
            sentiments("text,rating,label\na,2\nb,3.0\nc,5\nd,0\n", &stars),
            all
        );
        let values = [("0", Negative), ("1", Neutral), ("2", Positive)];
        let values = values
            .map(|(value, means)| (value.to_owned(), means))
            .into();
        let values = Columns {
            values: Some(values),
            ..Columns::default()
        };
        assert_eq!(sentiments("text,label\na,0\nb,1\nc,2\n", &values), all);
    }

    #[test]
    fn numbers_that_may_mean_anything_are_not_guessed() {
        let error = opened_of("text,label\na,0\nb,1\nc,2\n", &Columns::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(
            error
                .to_string()
                .contains("no value of the column `label` is a sentiment")
        );
        assert!(error.advice().unwrap().contains("--values"));
    }

    #[test]
    fn emotions_are_columns_of_their_name() {
        let content = "text,joy,Miedo,label\na,1,0,x\nb,0,sí,x\nc,,3,x\n";
        let opened = opened_of(content, &Columns::default()).unwrap();
        let set = &opened.sets[0];
        assert_eq!(
            (set.emotions_from.as_str(), opened.unlabelled),
            ("joy, Miedo", 1)
        );
        let known = |at: usize| {
            let emotions = set.texts[at].truth.emotions;
            (
                emotions[Emotion::Joy as usize],
                emotions[Emotion::Fear as usize],
            )
        };
        assert_eq!(known(0), (Some(true), Some(false)));
        assert_eq!(known(1), (Some(false), Some(true)));
        let only = Columns {
            emotions: Some(vec!["joy".to_owned()]),
            ..Columns::default()
        };
        assert_eq!(
            opened_of(content, &only).unwrap().sets[0].emotions_from,
            "joy"
        );
    }

    #[test]
    fn a_column_that_the_user_names_must_hold_labels() {
        let content = "text,joy,label\na,1,x\n";
        let named = Columns {
            sentiment: Some("label".to_owned()),
            ..Columns::default()
        };
        let set = opened_of(content, &Columns::default())
            .unwrap()
            .sets
            .remove(0);
        assert_eq!(set.sentiment_from, "");
        assert!(opened_of(content, &named).is_err());
    }

    #[test]
    fn a_set_for_each_language_that_rows_state() {
        let columns = Columns {
            lang: Some("idioma".to_owned()),
            ..Columns::default()
        };
        let content = "text,label,idioma\na,neg,es\nb,pos,English\nc,pos,\n,pos,es\n";
        let opened = opened_of(content, &columns).unwrap();
        let langs: Vec<_> = opened
            .sets
            .iter()
            .map(|set| (set.lang, set.texts.len()))
            .collect();
        assert_eq!(langs, [(None, 1), (Some(Lang::Es), 1), (Some(Lang::En), 1)]);
        assert_eq!(opened.empty, 1);
    }
}
