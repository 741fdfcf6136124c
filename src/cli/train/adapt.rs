//! `voz train --from`: a model adapted to a user's own rows.

use super::super::Shell;
use super::super::evaluate::files::LabelColumns;
use super::super::output::Output;
use crate::error::{Error, Result};
use crate::eval::Columns;
use crate::measure::Measure;
use crate::model::Gain;
use crate::model::SHIPPED;
use crate::report::{Sheet, Show};
use crate::source::Mapping;
use crate::train::{GivenFile, NewModel, Scored, adapt};
use crate::verbatim::Scales;
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Which model is adapted, and to which rows.
#[derive(Args, Debug)]
pub struct Adapting {
    /// Model to adapt: fast, which ships with the program, or the folder of another
    #[arg(long, value_name = "MODEL")]
    from: Option<PathBuf>,
    /// Labelled or corrected rows to adapt it to, in files as `voz eval` reads them
    #[arg(long, value_name = "FILE", num_args = 1..)]
    examples: Vec<PathBuf>,
    /// Take labels from a score where a row has none: nps, csat or ces; they count less
    #[arg(long, value_enum, value_name = "MEASURE")]
    weak: Option<Weak>,
    /// Name of the new model; that of the old one and of the first file unless given
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Save the model even if held-out rows show it to be worse, or are too few to tell
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    columns: LabelColumns,
    /// Column of the score that --weak names
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    score: Option<String>,
    /// Highest satisfaction score; the lowest is 1
    #[arg(long, value_name = "N", default_value = "5", help_heading = "Columns",
          value_parser = clap::value_parser!(u8).range(2..))]
    csat_max: u8,
    /// Highest effort score; the lowest is 1
    #[arg(long, value_name = "N", default_value = "7", help_heading = "Columns",
          value_parser = clap::value_parser!(u8).range(2..))]
    ces_max: u8,
    /// A high effort score means hard, not easy
    #[arg(long, help_heading = "Columns")]
    ces_high_is_hard: bool,
}

/// A score that a label is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Weak {
    /// 0–6 negative, 9–10 positive
    Nps,
    /// Below the middle negative, the top two boxes positive
    Csat,
    /// Hard negative, easy positive
    Ces,
}

impl Adapting {
    /// True when any of its own flags is given.
    pub fn is_asked(&self) -> bool {
        self.from.is_some()
            || !self.examples.is_empty()
            || self.weak.is_some()
            || self.name.is_some()
            || self.force
            || self.score.is_some()
            || self.columns != LabelColumns::default()
    }

    pub fn run(&self, out: &Path, output: &Output, shell: &Shell) -> Result<()> {
        let (Some(from), false) = (&self.from, self.examples.is_empty()) else {
            return Err(
                Error::usage("a model is adapted from another one and to examples")
                    .hint("write `voz train --from fast --examples FILE --out DIR`"),
            );
        };
        let from = (from.as_os_str() != SHIPPED).then_some(from.as_path());
        let files = self.files(shell)?;
        let say = |key: &str, values: &[(&str, &dyn std::fmt::Display)]| {
            shell.say(&shell.locale.fill(key, values));
        };
        let model = adapt(from, &files, self.name.as_deref(), &say)?;
        output.sheet(&sheet(&model, shell), shell)?;
        if let Err(error) = model.judge() {
            if !self.force {
                return Err(error);
            }
            say("adapt.forced", &[("why", &error)]);
        }
        model.save(out)?;
        say(
            "train.done",
            &[("model", &model.card.identity()), ("out", &out.display())],
        );
        Ok(())
    }

    fn files(&self, shell: &Shell) -> Result<Vec<GivenFile>> {
        let columns = self.columns.said();
        let scored = self.scored(&columns)?;
        let mut files = Vec::new();
        for (at, path) in self.examples.iter().enumerate() {
            if self.examples[..at].contains(path) {
                return Err(Error::usage("the file is given twice").at(path));
            }
            let file = GivenFile::open(path, &columns, scored.as_ref())?;
            let scored = file.rows.iter().filter(|row| row.scored).count() as u64;
            let labelled = file.rows.len() as u64 - scored;
            shell.say(&shell.locale.fill(
                "adapt.file",
                &[
                    ("file", &path.display()),
                    ("labelled", &shell.locale.count(labelled)),
                    ("scored", &shell.locale.count(scored)),
                    ("left_out", &shell.locale.count(file.left_out)),
                ],
            ));
            files.push(file);
        }
        Ok(files)
    }

    /// How scores are read, where they are asked for.
    fn scored(&self, columns: &Columns) -> Result<Option<Scored>> {
        let Some(weak) = self.weak else {
            return match self.score {
                Some(_) => Err(Error::usage(
                    "--score names the column of a score that --weak takes labels from",
                )
                .hint("add --weak nps, --weak csat or --weak ces")),
                None => Ok(None),
            };
        };
        let mut mapping = Mapping {
            text: columns.text.clone().map(|text| vec![text]),
            lang: columns.lang.clone(),
            stated: columns.stated,
            fields: Some(Vec::new()),
            scales: Scales {
                csat_max: self.csat_max,
                ces_max: self.ces_max,
                ces_high_is_easy: !self.ces_high_is_hard,
            },
            ..Mapping::default()
        };
        let measure = match weak {
            Weak::Nps => {
                mapping.nps.clone_from(&self.score);
                Measure::Nps
            }
            Weak::Csat => {
                mapping.csat.clone_from(&self.score);
                Measure::Csat
            }
            Weak::Ces => {
                mapping.ces.clone_from(&self.score);
                Measure::Ces
            }
        };
        Ok(Some(Scored { measure, mapping }))
    }
}

/// What was gained: a row for each task and one for each of its labels.
fn sheet(model: &NewModel, shell: &Shell) -> Sheet {
    let columns = [
        ("task", Show::Word),
        ("label", Show::Text),
        ("texts", Show::Count),
        ("before", Show::Percent),
        ("after", Show::Percent),
        ("gain", Show::Percent),
        ("low", Show::Percent),
        ("high", Show::Percent),
        ("p", Show::Never),
    ];
    let mut sheet = Sheet::new(&shell.locale, &columns);
    for gain in &model.gains {
        sheet.rows.push(whole(gain));
        for (label, [before, after]) in &gain.labels {
            sheet.rows.push(vec![
                gain.task.as_str().into(),
                super::super::accuracy::label_word(label, &shell.locale).into(),
                Value::Null,
                number(*before),
                number(*after),
                number(
                    before
                        .zip(*after)
                        .map(|(before, after)| rounded(after - before)),
                ),
                Value::Null,
                Value::Null,
                Value::Null,
            ]);
        }
    }
    sheet
}

/// The row of a task: the mean over its labels.
fn whole(gain: &Gain) -> Vec<Value> {
    vec![
        gain.task.as_str().into(),
        "macro-F1".into(),
        gain.texts.into(),
        gain.before.into(),
        gain.after.into(),
        rounded(gain.after - gain.before).into(),
        number(gain.interval.map(|interval| interval.low)),
        number(gain.interval.map(|interval| interval.high)),
        gain.p.into(),
    ]
}

fn number(figure: Option<f64>) -> Value {
    figure.map_or(Value::Null, Value::from)
}

fn rounded(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}
