//! `voz report`: a page on a selection, for those who decide what to do about it.
//!
//! The page is made of what the verbs `aggregate`, `drivers` and `causes` work out; nothing is worked
//! out here in another way. One file per section, in the order of the page.

mod charts;
mod first;
mod headline;
mod made;
mod moved;
mod read;
mod tables;
mod trend;
mod voices;

use super::Shell;
use super::aggregate::parse_measure;
use super::causes::{Below, below};
use super::drivers::{Mentions, Quotes, Study, Told, leading, section};
use super::output::{Destination, failed};
use super::selection::{Selection, first_measure, quoted};
use crate::driver::Row;
use crate::error::{Error, Result};
use crate::index::{By, Figures, Index, Query};
use crate::locale::Locale;
use crate::measure::Measure;
use crate::report::{Page, Section};
use crate::tally::HIDDEN_BELOW;
use clap::Args;
use moved::Moved;
use read::Read;
use std::io::Write;
use std::path::PathBuf;
use trend::Trend;

/// Write a page on a score: what moves it, what to look at first, its trend, causes and quotes
#[derive(Args, Debug)]
pub struct Report {
    #[command(flatten)]
    selection: Selection,
    /// The score: nps, csat, ces, nev or sentiment; the first of nps, csat, ces and sentiment that there is unless given
    #[arg(long = "on", alias = "measure", value_name = "MEASURE", value_parser = parse_measure)]
    measure: Option<Measure>,
    /// Field of the company's units, in three of which a driver must hurt to be transversal; the
    /// first one that is named like it unless given
    #[arg(long, value_name = "FIELD")]
    units: Option<String>,
    /// A field to leave out of the causes and of what moved the score, again for another
    #[arg(long, value_name = "FIELD")]
    without: Vec<String>,
    /// What the page is about, for its title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The file to write; replaced when complete
    #[arg(
        long,
        short,
        alias = "output",
        value_name = "FILE",
        default_value = "report.html"
    )]
    out: PathBuf,
}

/// Quotes, and reasons, of a driver.
const QUOTES: usize = 3;

/// What a page is asked to be about.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The selection, as it was written; empty for everything.
    pub written: String,
    /// The selection.
    pub query: Option<Query>,
    /// The score; the first that there is unless given.
    pub measure: Option<Measure>,
    /// The field of the company's units.
    pub units: Option<String>,
    /// What the page is about, for its title.
    pub title: Option<String>,
    /// The fields to leave out of the causes and of what moved the score.
    pub without: Vec<String>,
    /// The folder of the index, as the commands on the page name it.
    pub folder: PathBuf,
}

/// All that a page tells, before it has a form.
struct Findings<'f> {
    index: &'f Index,
    locale: &'f Locale,
    asked: &'f Asked,
    measure: Measure,
    /// The scores of all that was selected.
    all: Figures,
    read: Read,
    study: Study,
    /// What is told of each driver, in the order of [`Study::rows`].
    told: Vec<Told>,
    /// The drivers that are quoted, by their positions.
    quoted: Vec<usize>,
    trend: Option<Trend>,
    moved: Option<Moved>,
    below: Option<Below>,
}

impl Report {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let index = self.selection.open()?;
        let asked = Asked {
            written: self.selection.written(),
            query: Some(self.selection.query()?),
            measure: self.measure,
            units: self.units.clone(),
            title: self.title.clone(),
            without: self.without.clone(),
            folder: self.selection.folder().to_owned(),
        };
        let html = page(&index, &asked, &shell.locale)?.to_html(&shell.locale)?;
        let mut out = Destination::open(Some(&self.out))?;
        out.write_all(html.as_bytes()).map_err(failed)?;
        out.finish()?;
        let told = shell
            .locale
            .fill("report.done", &[("file", &self.out.display())]);
        shell.say(&told);
        Ok(())
    }
}

/// The page on what is asked for.
pub fn page(index: &Index, asked: &Asked, locale: &Locale) -> Result<Page> {
    let findings = Findings::of(index, asked, locale)?;
    let measure = locale.word("measure", findings.measure.name());
    let title = asked
        .title
        .clone()
        .unwrap_or_else(|| locale.fill("report.title", &[("measure", &measure)]));
    let about = if asked.written.trim().is_empty() {
        locale.text("report.about.all").to_owned()
    } else {
        locale.fill("report.about", &[("query", &asked.written)])
    };
    let sections = [
        Some(headline::section(&findings)),
        Some(first::section(&findings)),
        charts::section(&findings),
        Some(tables::section(&findings)),
        trend::section(&findings),
        Some(voices::causes(&findings)),
        Some(voices::section(&findings)),
        Some(made::section(&findings)),
    ];
    Ok(Page {
        title,
        about,
        sections: sections.into_iter().flatten().collect(),
    })
}

impl<'f> Findings<'f> {
    fn of(index: &'f Index, asked: &'f Asked, locale: &'f Locale) -> Result<Self> {
        let query = asked.query.clone().unwrap_or(Query::All);
        index.matched(&query, &asked.written)?;
        let all = index.aggregate(&query, &By::All)?.total;
        let measure = asked.measure.unwrap_or_else(|| first_measure(&all));
        let without = super::selection::fields(index, &asked.without)?;
        let study = Study::of(
            index,
            &query,
            measure,
            Mentions::Any,
            asked.units.as_deref(),
        )?;
        enough(&study, measure)?;
        let rows = study.rows(false);
        let mut told = study.told(rows);
        let quoted = quoted_rows(rows);
        let quotes = Quotes {
            index,
            query: &query,
            measure,
            named: Mentions::Any,
            most: QUOTES,
        };
        quotes.add(rows, &quoted, &mut told)?;
        let read = Read::of(index, &query, measure, &study.analysis)?;
        let compared = study.compared();
        let trend = Trend::of(index, &query, measure, read.days, compared.as_ref())?;
        let change = trend.as_ref().and_then(Trend::change);
        let moved = |change| Moved::of(index, &query, measure, change, &without);
        Ok(Self {
            read,
            moved: change.map(moved).transpose()?,
            trend,
            below: below(index, &query, measure, locale, &without)?,
            index,
            locale,
            asked,
            measure,
            all,
            study,
            told,
            quoted,
        })
    }

    fn rows(&self) -> &[Row] {
        self.study.rows(false)
    }

    /// The name of the score, as a sentence has it.
    fn score(&self) -> &str {
        self.locale.word("measure", self.measure.name())
    }

    fn points(&self, value: f64) -> String {
        self.locale.number(value, 1)
    }

    fn signed(&self, value: f64) -> String {
        let sign = if value >= 0.05 { "+" } else { "" };
        format!("{sign}{}", self.points(value))
    }

    /// A part of a whole in per cent.
    fn percent(&self, part: f64) -> String {
        // The blank does not break a line.
        format!("{}\u{a0}%", self.points(100.0 * part))
    }

    fn percent_of(&self, part: u64, whole: u64) -> String {
        self.percent(part as f64 / whole.max(1) as f64)
    }

    /// A command on this selection and score that runs as it stands; `more` are its own flags.
    fn command(&self, verb: &str, more: &str) -> String {
        let score = format!(" --on {}{more}", self.measure.name());
        self.command_without_score(verb, &score)
    }

    /// The same for a verb that has no `--on`.
    fn command_without_score(&self, verb: &str, more: &str) -> String {
        let written = self.asked.written.trim();
        if written.is_empty() {
            return self.everything(verb, more);
        }
        self.everything(verb, &format!("{more} --where {}", quoted(written)))
    }

    /// A command on the whole index.
    fn everything(&self, verb: &str, more: &str) -> String {
        let folder = quoted(&self.asked.folder.display().to_string());
        format!("voz {verb}{more} --index {folder}")
    }

    /// `[low; high]`.
    fn interval(&self, low: f64, high: f64) -> String {
        format!("[{}; {}]", self.points(low), self.points(high))
    }

    fn text(&self, key: &str) -> String {
        self.locale.text(&format!("report.{key}")).to_owned()
    }

    fn fill(&self, key: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
        self.locale.fill(&format!("report.{key}"), values)
    }

    /// A word that is explained, and what it says.
    fn term(&self, key: &str) -> (String, String) {
        let name = self.text(&format!("term.{key}.name"));
        (name, self.text(&format!("term.{key}")))
    }

    /// A section with its heading and what to read off it.
    fn section(&self, name: &str) -> Section {
        Section {
            heading: self.text(name),
            about: self.text(&format!("{name}.about")),
            ..Section::default()
        }
    }
}

/// Drivers told of where none certainly hurts.
const BLAMED: usize = 3;

/// The drivers that most unhappy customers name: what is left to read where none certainly hurts,
/// because nearly all are unhappy or there are few comments.
fn most_blamed(rows: &[Row]) -> Vec<usize> {
    let minus = |at: usize| {
        rows[at]
            .impact
            .as_ref()
            .map_or(0, |impact| impact.with.minus)
    };
    let mut blamed: Vec<usize> = (0..rows.len())
        .filter(|at| minus(*at) >= HIDDEN_BELOW)
        .collect();
    // Stable, so that equals stay in the order of the table.
    blamed.sort_by_key(|at| std::cmp::Reverse(minus(*at)));
    blamed.truncate(BLAMED);
    blamed
}

/// The drivers that are quoted: those that lead the table, and the most blamed where none hurts.
fn quoted_rows(rows: &[Row]) -> Vec<usize> {
    let mut quoted = leading(rows);
    if section(rows, "hurts").is_empty() {
        let blamed = most_blamed(rows).into_iter();
        let more: Vec<usize> = blamed.filter(|at| !quoted.contains(at)).collect();
        quoted.extend(more);
    }
    quoted
}

fn enough(study: &Study, measure: Measure) -> Result<()> {
    let n = study.analysis.total.n();
    if n >= HIDDEN_BELOW {
        return Ok(());
    }
    let measure = measure.name();
    Err(Error::usage(format!(
        "{n} of these comments have a {measure} score and say something: too few for a page"
    ))
    .hint("ask for more comments: leave out a word or a filter"))
}
