//! What the tests of the index are made from: `tests/data/queries.toml` and a small taxonomy.

use super::{Index, Meaning, Query, Setup, Writer, WriterOptions};
use crate::emotion::{Emotion, Emotions};
use crate::lang::{Detection, Lang};
use crate::measure::Vote;
use crate::nev::Confusion;
use crate::sentiment::{Polarity, Sentiment};
use crate::tag::{Opinion, Tagged};
use crate::theme::{Area, Driver, Mention, Taxonomy, Theme};
use crate::verbatim::{Day, Scales, Scores, Value, Verbatim};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

pub(super) const MODEL: &str = "fixed@1";

#[derive(Deserialize)]
pub(super) struct Table {
    verbatim: Vec<Written>,
    pub(super) query: Vec<Case>,
}

#[derive(Deserialize)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) query: String,
    #[serde(default)]
    pub(super) finds: Vec<String>,
    #[serde(default)]
    pub(super) error: Vec<String>,
}

#[derive(Deserialize)]
struct Written {
    id: String,
    text: String,
    lang: String,
    meaningful: Option<bool>,
    nps: Option<u8>,
    csat: Option<f64>,
    ces: Option<f64>,
    day: Option<String>,
    customer: Option<String>,
    sentiment: Option<Polarity>,
    nev: Option<i64>,
    #[serde(default)]
    expressed: Vec<Emotion>,
    #[serde(default)]
    mentions: Vec<(String, Polarity, String)>,
    #[serde(default)]
    fields: BTreeMap<String, Value>,
}

pub(super) fn table() -> Table {
    toml::from_str(include_str!("../../tests/data/queries.toml")).unwrap()
}

/// The verbatims of the table.
pub(super) fn verbatims() -> Vec<Tagged> {
    table().verbatim.into_iter().map(tagged).collect()
}

/// Two drivers, `waiting` with `queue`, `staff` with `staff_attitude`, and `app` with `app_crash`.
pub(super) fn taxonomy() -> Taxonomy {
    let ids = [
        ("waiting", "queue"),
        ("staff", "staff_attitude"),
        ("app", "app_crash"),
    ];
    Taxonomy {
        space: None,
        drivers: ids
            .iter()
            .map(|(driver, _)| Driver {
                id: (*driver).to_owned(),
                area: Area::Process,
                es: format!("{driver} es"),
                en: format!("{driver} en"),
            })
            .collect(),
        themes: (0..)
            .zip(ids)
            .map(|(driver, (_, theme))| {
                Theme::new(
                    theme,
                    driver,
                    [&format!("{theme} es"), &format!("{theme} en")],
                )
            })
            .collect(),
    }
}

pub(super) fn meaning(word: &str) -> Meaning {
    let (themes, words): (&[&str], &[&str]) = match word {
        "demora" => (&["queue"], &[]),
        "staff" => (&[], &["atencion"]),
        _ => (&[], &[]),
    };
    let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
    Meaning {
        themes: owned(themes),
        words: owned(words),
    }
}

fn tagged(written: Written) -> Tagged {
    let themes = taxonomy().themes;
    let mut emotions = Emotions::new();
    for emotion in written.expressed {
        emotions.set(emotion, 0.9, true);
    }
    let sentiment = written.sentiment.map(|label| Sentiment {
        label,
        probabilities: [0.2, 0.3, 0.5],
    });
    let mentions = written.mentions.iter().map(|(id, sentiment, words)| {
        let theme = themes.iter().position(|theme| theme.id == *id).unwrap();
        let start = written.text.find(words).unwrap();
        Mention {
            theme: theme as u16,
            start: start as u32,
            end: (start + words.len()) as u32,
            sentiment: *sentiment,
        }
    });
    let codes = ["es", "en", "und"];
    Tagged {
        lang: Detection {
            code: codes.iter().find(|code| **code == written.lang).unwrap(),
            confidence: 0.97,
        },
        analysed: Lang::parse(&written.lang),
        meaningful: written.meaningful.unwrap_or(true),
        sentiment,
        emotions,
        nev: written.nev.map(Vote::of_sign),
        clauses: sentiment
            .map(|sentiment| Opinion {
                span: 0..written.text.len(),
                sentiment,
            })
            .into_iter()
            .collect(),
        mentions: mentions.collect(),
        main: None,
        redactions: crate::pii::Counts::default(),
        verbatim: Verbatim {
            stated: None,
            asked: None,
            day: written.day.map(|day| {
                let digits: String = day.split('-').collect();
                Day::from_number(digits.parse().unwrap())
            }),
            customer: written.customer,
            scores: Scores {
                nps: written.nps,
                csat: written.csat,
                ces: written.ces,
            },
            fields: written
                .fields
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
            id: written.id,
            text: written.text,
        },
    }
}

/// The table's verbatims many times over, each with its own id, day and waiting minutes.
pub(super) fn many(n: usize) -> Vec<Tagged> {
    let few = verbatims();
    (0..n)
        .map(|i| {
            let mut one = few[i % few.len()].clone();
            one.verbatim.id = format!("v{i}");
            one.verbatim.day = one.verbatim.day.map(|day| Day {
                day: (i % 28 + 1) as u8,
                ..day
            });
            if i % 3 == 0 {
                one.verbatim.text.push_str(" caja demora demora año 2026");
            }
            one
        })
        .collect()
}

pub(super) fn options(threads: usize) -> WriterOptions {
    WriterOptions {
        memory: 1,
        threads,
        rebuild: false,
    }
}

/// How the model misreads votes: a little in Spanish, never in English.
pub(super) fn votes() -> BTreeMap<String, Confusion> {
    let of = |lang: &str, counts| (lang.to_owned(), Confusion::new(counts));
    BTreeMap::from([
        of("es", [[80, 10, 10], [10, 80, 10], [10, 10, 80]]),
        of("en", [[100, 0, 0], [0, 100, 0], [0, 0, 100]]),
    ])
}

pub(super) fn write(folder: &Path, verbatims: &[Tagged], threads: usize) -> super::Written {
    let taxonomy = taxonomy();
    let votes = votes();
    let setup = Setup {
        model: MODEL,
        taxonomy: &taxonomy,
        scales: Scales::default(),
        votes: &votes,
        catalog: "",
        lexicon: "",
    };
    let mut writer = Writer::open(folder, &setup, &options(threads)).unwrap();
    for verbatim in verbatims {
        writer.add(verbatim).unwrap();
    }
    writer.finish().unwrap()
}

/// An index of `verbatims`, and the folder that it lives in for as long as this value.
pub(super) fn index(verbatims: &[Tagged], threads: usize) -> (TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), verbatims, threads);
    let index = Index::open(folder.path()).unwrap();
    (folder, index)
}

pub(super) fn query(text: &str) -> Query {
    Query::parse(text).unwrap().widen(&meaning)
}
