//! `voz explain`: what is found in one text, and why.

mod json;
mod ledger;
mod shown;

use super::Shell;
use super::output::{Destination, Format, Output, failed};
use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::model::explain::{Decision, EmotionWhy};
use crate::model::{Explanation, Logits, Model};
use crate::sentiment::Polarity;
use crate::tag::{Explained, Tagger};
use crate::text::nfc;
use crate::theme::Taxonomy;
use crate::verbatim::{Scores, Verbatim};
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::io::{Read, Write};
use std::path::PathBuf;

/// Show why a text is read as it is: what each word adds, clauses, themes, emotions
#[derive(Args, Debug)]
pub struct Explain {
    /// The text, in one or more words; - is standard input
    #[arg(required = true)]
    text: Vec<String>,
    /// Language of the text where it is known: es or en
    #[arg(long, value_name = "LANG", value_parser = ["es", "en"])]
    stated: Option<String>,
    /// The model: a name from `voz models list`, a folder, or fast+NAME; the shipped one unless given
    #[arg(long, value_name = "MODEL", env = "VOZ_MODEL")]
    model: Option<PathBuf>,
    /// Label or emotion that is explained; the label found, against the next likely, unless given
    #[arg(long, value_name = "CLASS", value_parser = PossibleValuesParser::new(classes()))]
    class: Option<String>,
    /// Features that the table lists; the others are summed up
    #[arg(long, value_name = "N", default_value = "12")]
    top: usize,
    #[command(flatten)]
    output: Output,
}

/// The largest text in bytes: that of a cell of a file.
const LARGEST: u64 = 1 << 20;

fn classes() -> Vec<&'static str> {
    let labels = Polarity::ALL.into_iter().map(Polarity::name);
    labels
        .chain(Emotion::ALL.into_iter().map(Emotion::name))
        .collect()
}

/// What is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// A label against the one next to it.
    Lead(Polarity, Polarity),
    /// A label alone.
    Label(Polarity),
    /// An emotion.
    Emotion(Emotion),
}

impl Class {
    /// The label found against the next likely.
    fn lead(decision: &Decision) -> Self {
        let winner = decision.sentiment.label;
        let others = Polarity::ALL.into_iter().filter(|label| *label != winner);
        let decided = |label: &Polarity| decision.decided[*label as usize];
        let next = others.max_by(|a, b| decided(a).total_cmp(&decided(b)));
        Self::Lead(winner, next.unwrap_or(winner))
    }

    /// What it has of logits, or of what is added to them.
    fn of(self, logits: &Logits) -> f32 {
        let label = |label: Polarity| logits.sentiment[label as usize];
        match self {
            Self::Lead(winner, next) => label(winner) - label(next),
            Self::Label(one) => label(one),
            Self::Emotion(emotion) => logits.emotions[emotion as usize],
        }
    }
}

impl Explain {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let text = self.text()?;
        let model = self
            .model
            .as_deref()
            .map_or_else(Model::shipped, Model::open)?;
        let tagger = Tagger::new(model, Taxonomy::shipped()?)?;
        let explained = tagger.explain(Verbatim {
            id: "text".to_owned(),
            text,
            stated: self.stated.as_deref().and_then(Lang::parse),
            asked: None,
            day: None,
            customer: None,
            scores: Scores::default(),
            fields: Vec::new(),
        })?;
        let class = match &explained.why {
            Some(why) => Some(self.class(why, explained.tagged.analysed)?),
            None => None,
        };
        self.write(&explained, class, &tagger, shell)
    }

    fn write(
        &self,
        explained: &Explained,
        class: Option<Class>,
        tagger: &Tagger,
        shell: &Shell,
    ) -> Result<()> {
        let form = self.output.checked_form()?;
        if form != Format::Table
            && let Some(unread) = shown::unread(explained, &shell.locale)
        {
            shell.say(&unread);
        }
        let mut out = Destination::open(self.output.output.as_deref())?;
        match form {
            Format::Table => {
                let shown = shown::Shown {
                    explained,
                    taxonomy: tagger.taxonomy(),
                    model: tagger.model(),
                    locale: &shell.locale,
                    colour: self.output.is_coloured(),
                    top: self.top,
                };
                writeln!(out, "{}", shown.text(class)).map_err(failed)?;
            }
            Format::Jsonl => {
                writeln!(out, "{}", json::object(explained, tagger)?).map_err(failed)?;
            }
            Format::Csv => {
                shown::all(explained, &shell.locale).to_csv(self.output.flavour(), &mut out)?;
            }
            Format::Xlsx => {
                shown::all(explained, &shell.locale).to_xlsx(&shell.locale, &mut out)?;
            }
        }
        out.finish()
    }

    /// The words joined, or standard input.
    fn text(&self) -> Result<String> {
        let text = if self.text == ["-"] {
            standard_input()?
        } else {
            self.text.join(" ")
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::usage("there is no text to explain")
                .hint("write it between quotes: voz explain 'the staff was kind'"));
        }
        if text.len() as u64 > LARGEST {
            return Err(Error::input("the text is larger than 1 MiB")
                .hint("explain one comment at a time; `voz tag FILE` reads a file of them"));
        }
        Ok(nfc(text).into_owned())
    }

    fn class(&self, why: &Explanation, lang: Option<Lang>) -> Result<Class> {
        let Some(name) = self.class.as_deref() else {
            return Ok(Class::lead(&why.decision));
        };
        if let Some(label) = Polarity::parse(name) {
            return Ok(Class::Label(label));
        }
        let read: Vec<&EmotionWhy> = why
            .emotions
            .iter()
            .filter(|one| one.read.is_some())
            .collect();
        let asked = read.iter().find(|one| one.emotion.name() == name);
        asked.map(|one| Class::Emotion(one.emotion)).ok_or_else(|| {
            let lang = lang.map_or("und", Lang::code);
            let names: Vec<&str> = read.iter().map(|one| one.emotion.name()).collect();
            Error::usage(format!("the model has no weights for {name} in {lang}")).hint(format!(
                "phrases alone may tell it; with weights are {}",
                names.join(", ")
            ))
        })
    }
}

fn standard_input() -> Result<String> {
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock().take(LARGEST + 1);
    input
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io("standard input cannot be read", error))?;
    let is_cut = bytes.len() as u64 > LARGEST;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        // A text that is too large is told as such, wherever it was cut.
        Err(error) if is_cut => Ok(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        Err(_) => Err(Error::input("standard input is not UTF-8")
            .hint("put it in a file with a header; `voz tag FILE` finds its encoding")),
    }
}
