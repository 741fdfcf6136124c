//! `voz drivers`: what moves a score, how sure that is, and what customers say of it.

mod flat;
mod formula;
mod rows;
mod study;
mod table;

pub use rows::effect;
pub use study::{Quotes, Study, Told, analyse};
pub use table::{SECTIONS, footnote, leading, legend, name_of, one_section, people, section};

use super::Shell;
use super::aggregate::parse_measure;
use super::output::{Destination, Format, Output, failed, terminal_width};
use super::selection::{Selection, measure};
use crate::error::{Error, Result};
use crate::measure::Measure;
use clap::{Args, ValueEnum};
use rows::sheet;
use std::io::Write;

/// Rank the drivers of a score by their impact, with intervals, trends, units, quotes and reasons
#[derive(Args, Debug)]
pub struct Drivers {
    #[command(flatten)]
    selection: Selection,
    /// The score: nps, csat, ces, nev or sentiment; the first of nps, csat, ces and sentiment that there is unless given
    #[arg(long = "on", alias = "measure", value_name = "MEASURE", value_parser = parse_measure)]
    measure: Option<Measure>,
    /// A row for each theme instead of each driver
    #[arg(long)]
    themes: bool,
    /// Which mentions make a verbatim name a driver
    #[arg(long, value_enum, value_name = "SENTIMENT", default_value = "any")]
    named: Mentions,
    /// Field of the company's units, in three of which a driver must hurt to be transversal; the
    /// first one that is named like it unless given
    #[arg(long, value_name = "FIELD")]
    units: Option<String>,
    /// Quotes and reasons for each row; below a table 1 for the first rows, else 3, unless given
    #[arg(long, value_name = "N")]
    quotes: Option<usize>,
    /// The six counts of a driver or theme and how its row follows from them, to be redone by hand;
    /// of the first row without an id
    #[arg(long, value_name = "DRIVER", num_args = 0..=1, default_missing_value = "")]
    explain: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Which mentions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mentions {
    /// Every mention
    Any,
    /// Mentions in a negative clause
    Negative,
    /// Mentions in a positive clause
    Positive,
}

/// Quotes and reasons for each row where programs read.
const QUOTES: usize = 3;

impl Drivers {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let form = self.output.checked_form()?;
        if self.explain.is_some() && self.output.format.is_some_and(|form| form != Format::Table) {
            return Err(Error::usage("--explain is told in words")
                .hint("leave --format out; the six counts are in `counts` of --format jsonl"));
        }
        let index = self.selection.open()?;
        let query = self.selection.found(&index)?;
        let measure = measure(&index, &query, self.measure)?;
        let study = Study::of(&index, &query, measure, self.named, self.units.as_deref())?;
        if let Some(wanted) = &self.explain {
            let rows = study.rows(self.themes);
            let (row, beside) = formula::find(wanted, rows, &study.analysis, &index)?;
            let text = formula::text(row, beside, measure, &index, &shell.locale)?;
            return self.print(&text);
        }
        let rows = study.rows(self.themes);
        let most = match (self.quotes, form) {
            (Some(most), _) => most,
            (None, Format::Table) => 1,
            (None, _) => QUOTES,
        };
        let quotes = Quotes {
            index: &index,
            query: &query,
            measure,
            named: self.named,
            most,
        };
        let told = self.told(form, &study, &quotes)?;
        let locale = &shell.locale;
        match form {
            Format::Table => {
                let text = table::text(rows, &told, &index, locale, terminal_width());
                self.print(&text)?;
                shell.say(&footnote(&study.analysis, measure, locale));
                shell.say(&table::legend(&study, rows, &told, locale));
                Ok(())
            }
            Format::Jsonl => self
                .output
                .sheet(&sheet(rows, &told, &index, locale), shell),
            Format::Csv | Format::Xlsx => {
                let sheet = flat::sheet(&sheet(rows, &told, &index, locale), locale);
                self.output.sheet(&sheet, shell)
            }
        }
    }

    /// What is told of each row beside its figures.
    fn told(&self, form: Format, study: &Study, quotes: &Quotes<'_>) -> Result<Vec<Told>> {
        let rows = study.rows(self.themes);
        let mut told = study.told(rows);
        let quoted = match (self.quotes, form) {
            (Some(_), Format::Table) => table::certain(rows),
            (None, Format::Table) => table::leading(rows),
            _ => (0..rows.len()).collect(),
        };
        quotes.add(rows, &quoted, &mut told)?;
        Ok(told)
    }

    fn print(&self, text: &str) -> Result<()> {
        let mut out = Destination::open(self.output.output.as_deref())?;
        writeln!(out, "{text}").map_err(failed)?;
        out.finish()
    }
}
