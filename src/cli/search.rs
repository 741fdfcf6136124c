//! `voz search`: the comments that answer a question, linked to their scores.

use super::Shell;
use super::aggregate::{ALL, cells, row, sheet};
use super::output::{Destination, Format, Output, failed};
use super::selection::Selection;
use crate::error::{Error, Result};
use crate::index::{Figures, Hit, Hits, Index, Meaning, Options, Query, Sort};
use crate::locale::Locale;
use crate::measure::Measure;
use crate::record::{Given, Record};
use crate::report::{Sheet, Show};
use crate::tag::Tagger;
use crate::verbatim::Day;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write;
use std::ops::Range;

/// Find comments, each linked to its scores, with the live scores of all that are found
#[derive(Args, Debug)]
pub struct Search {
    #[command(flatten)]
    selection: Selection,
    /// Comments to show
    #[arg(long, short = 'n', value_name = "N", default_value = "10")]
    limit: usize,
    /// Comments to pass over first
    #[arg(long, value_name = "N", default_value = "0")]
    offset: usize,
    /// Order of the comments
    #[arg(long, value_enum, value_name = "ORDER", default_value = "relevance")]
    sort: Order,
    /// Fields whose values are counted, separated by commas
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    facets: Vec<String>,
    /// Find comments in either language on the themes that the words name
    #[arg(long)]
    across: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    /// The best match of words first
    Relevance,
    /// The newest first
    Date,
    /// The lowest NPS first
    Nps,
}

impl Search {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let index = self.selection.open()?;
        let written = self.selection.written();
        let written = if self.across {
            across(&written)
        } else {
            written
        };
        let options = Options {
            limit: self.limit,
            offset: self.offset,
            sort: match self.sort {
                Order::Relevance => Sort::Relevance,
                Order::Date => Sort::Date,
                Order::Nps => Sort::Nps,
            },
            facets: self.facets.clone(),
            ..Options::default()
        };
        let hits = find(&index, &written, &options)?;
        self.write(&hits, shell)
    }

    fn write(&self, hits: &Hits, shell: &Shell) -> Result<()> {
        if self.output.form() != Format::Table {
            // Programs get the comments; whoever looks on gets the scores of all that was found.
            shell.say(&summary(hits, &shell.locale));
        }
        match self.output.checked_form()? {
            Format::Table => {
                let mut out = Destination::open(self.output.output.as_deref())?;
                let colour = self.output.is_coloured();
                writeln!(out, "{}", readable(hits, &shell.locale, colour)).map_err(failed)?;
                out.finish()
            }
            Format::Jsonl => {
                let mut out = Destination::open(self.output.output.as_deref())?;
                for hit in &hits.hits {
                    writeln!(out, "{}", object(hit)?).map_err(failed)?;
                }
                out.finish()
            }
            Format::Csv | Format::Xlsx => self.output.sheet(&sheet_of(hits, &shell.locale), shell),
        }
    }
}

/// What a query finds; words marked with `~` are widened to the themes they name, and to words of both
/// languages that mean nearly the same.
pub fn find(index: &Index, written: &str, options: &Options) -> Result<Hits> {
    let query = Query::parse(written)?;
    if !written.contains('~') {
        return index.search(&query, options);
    }
    let tagger = Tagger::shipped()?;
    let query = query.widen(&|word| {
        let themes = tagger.themes_of(word).into_iter();
        Meaning {
            themes: themes
                .map(|theme| tagger.taxonomy().themes[theme as usize].id.clone())
                .collect(),
            words: tagger.near(word),
        }
    });
    index.search(&query, options)
}

/// The query with every plain word widened.
fn across(written: &str) -> String {
    let widened = written.split(' ').map(|word| {
        let plain = word.chars().all(char::is_alphanumeric) && !word.is_empty() && word != "OR";
        if plain {
            format!("~{word}")
        } else {
            word.to_owned()
        }
    });
    widened.collect::<Vec<_>>().join(" ")
}

fn object(hit: &Hit) -> Result<Value> {
    let mut object = serde_json::to_value(&hit.record)
        .map_err(|error| Error::model("a record has no JSON form").caused_by(error))?;
    object["score"] = super::aggregate::rounded(hit.score).into();
    object["highlights"] = hit
        .highlights
        .iter()
        .map(|range| json!([range.start, range.end]))
        .collect();
    Ok(object)
}

fn sheet_of(hits: &Hits, locale: &Locale) -> Sheet {
    let columns = [
        ("id", Show::Text),
        ("date", Show::Text),
        ("nps", Show::Count),
        ("csat", Show::Count),
        ("ces", Show::Count),
        ("sentiment", Show::Word),
        ("themes", Show::Text),
        ("text", Show::Text),
    ];
    let mut sheet = Sheet::new(locale, &columns);
    sheet.rows.extend(hits.hits.iter().map(|hit| {
        let record = &hit.record;
        vec![
            Value::from(&*record.id),
            record
                .date
                .map_or(Value::Null, |day| day.to_string().into()),
            record.scores.nps.map_or(Value::Null, Value::from),
            record.scores.csat.map_or(Value::Null, Value::from),
            record.scores.ces.map_or(Value::Null, Value::from),
            record
                .sentiment
                .map_or(Value::Null, |sentiment| sentiment.label.name().into()),
            themes(record).into(),
            Value::from(&*record.text),
        ]
    }));
    sheet
}

/// The themes named, each once, in order.
pub fn themes(record: &Record<'_>) -> Vec<String> {
    let mut themes: Vec<String> = Vec::new();
    for mention in &record.mentions {
        if !themes.iter().any(|theme| *theme == mention.theme) {
            themes.push(mention.theme.to_string());
        }
    }
    themes
}

/// The live scores of a selection as a table.
pub fn scores(figures: &Figures, locale: &Locale) -> Sheet {
    let mut scores = sheet(locale);
    for measure in Measure::ALL {
        scores.rows.extend(row(ALL, figures, measure));
    }
    let emotional = figures.nev_emotional();
    if emotional.n > 0 {
        scores
            .rows
            .push(cells(ALL, emotional.definition, &emotional, None));
    }
    scores
}

fn readable(hits: &Hits, locale: &Locale, colour: bool) -> String {
    let mut text = summary(hits, locale);
    let comments: Vec<String> = hits
        .hits
        .iter()
        .map(|hit| format!("\n{}", quote(hit, locale, colour)))
        .collect();
    if !comments.is_empty() {
        let _ = write!(text, "\n{}", comments.join("\n"));
    }
    text
}

/// How many comments were found, what all of them score, and the counts asked for.
fn summary(hits: &Hits, locale: &Locale) -> String {
    let mut text = locale.fill("search.found", &[("n", &locale.count(hits.total))]);
    if hits.total == 0 {
        let _ = write!(text, "\n{}", locale.text("search.nothing"));
        return text;
    }
    let table = scores(&hits.figures, locale).to_table(locale, None);
    let _ = write!(text, "\n{table}");
    for facet in &hits.facets {
        let values = facet.values.iter();
        let values: Vec<String> = values
            .map(|(value, n)| format!("{value} {}", locale.count(*n)))
            .collect();
        let _ = write!(text, "\n\n{}: {}", facet.field, values.join(" · "));
    }
    text
}

/// One comment with its scores and themes; what answers the query is marked.
pub fn quote(hit: &Hit, locale: &Locale, colour: bool) -> String {
    let (on, off) = if colour {
        ("\x1b[1m", "\x1b[0m")
    } else {
        ("»", "«")
    };
    let mut marked = String::new();
    for (piece, is_mark) in pieces(&hit.record.text, &hit.highlights) {
        if is_mark {
            marked.extend([on, piece, off]);
        } else {
            marked.push_str(piece);
        }
    }
    format!(
        "  {}\n    {}",
        marked.replace('\n', "\n  "),
        about(&hit.record, locale)
    )
}

/// Scores, themes and place of a comment in one line.
pub fn about(record: &Record<'_>, locale: &Locale) -> String {
    let mut parts = vec![scored(&record.id, record.date, record.scores, locale)];
    if let Some(sentiment) = &record.sentiment {
        parts.push(locale.word("sentiment", sentiment.label.name()).to_owned());
    }
    let themes = themes(record);
    if !themes.is_empty() {
        parts.push(themes.join(", "));
    }
    parts.join(" · ")
}

/// Id, day and scores of a comment in one line.
pub fn scored(id: &str, day: Option<Day>, scores: Given, locale: &Locale) -> String {
    let mut parts = vec![id.to_owned()];
    parts.extend(day.map(|day| day.to_string()));
    let scores = [
        ("NPS", scores.nps.map(f64::from)),
        ("CSAT", scores.csat),
        ("CES", scores.ces),
    ];
    for (name, score) in scores {
        if let Some(score) = score {
            parts.push(format!(
                "{name} {}",
                locale.number(score, usize::from(score.fract() != 0.0))
            ));
        }
    }
    parts.join(" · ")
}

/// A text cut at ranges that are in order and apart, each piece with whether it is in a range.
pub fn pieces<'t>(text: &'t str, ranges: &[Range<usize>]) -> Vec<(&'t str, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for range in ranges {
        let (Some(before), Some(inside)) = (text.get(at..range.start), text.get(range.clone()))
        else {
            continue;
        };
        pieces.extend([(before, false), (inside, true)]);
        at = range.end;
    }
    pieces.push((text.get(at..).unwrap_or_default(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}
