//! `voz demo`: the main job on the sample that ships with the program.

use super::Shell;
use super::drivers::{Mentions, analyse, footnote, people as driver_sheet};
use super::input::{Input, Tagging};
use super::join::Joining;
use super::report::{Asked, page};
use super::search::{find, quote, scores};
use crate::error::{Error, Result};
use crate::index::{Index, Options, Query};
use crate::measure::Measure;
use clap::Args;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Do the main job on the invented sample: index, scores, drivers, searches, report
#[derive(Args, Debug)]
pub struct Demo {
    /// Folder for the sample, the index and the report
    #[arg(long, value_name = "DIR", default_value = "voz-demo")]
    out: PathBuf,
}

/// Two questions an analyst would ask of the sample.
const SEARCHES: [&str; 2] = [
    "~espera channel:call_centre date:2026-04..",
    "theme:app_crash:negative band:detractor",
];
/// Comments shown for each.
const SHOWN: usize = 3;

impl Demo {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let sample = self.out.join("nubela.csv");
        let folder = self.out.join("index");
        std::fs::create_dir_all(&self.out)
            .and_then(|()| std::fs::write(&sample, include_bytes!("../../corpora/nubela.csv")))
            .map_err(|error| Error::io("the demo folder cannot be written", error).at(&self.out))?;
        let verb = super::index::Index {
            input: Input::of(sample.clone()),
            tagging: Tagging::default(),
            joining: Joining::default(),
            index: folder.clone(),
            rebuild: true,
            again: false,
            report: None,
            memory: 64,
        };
        let ran = verb.write(shell)?.ran;
        let index = Index::open(&folder)?;
        let report = self.out.join("report.html");
        let asked = Asked {
            measure: Some(Measure::Nps),
            title: Some(shell.locale.text("demo.title").to_owned()),
            folder: folder.clone(),
            ..Asked::default()
        };
        let html = page(&index, &asked, &shell.locale)?.to_html(&shell.locale)?;
        std::fs::write(&report, html)
            .map_err(|error| Error::io("the report cannot be written", error).at(&report))?;
        let text = told(&index, ran.tagged, [&sample, &folder, &report], shell)?;
        std::io::stdout()
            .write_all(text.as_bytes())
            .map_err(super::output::failed)
    }
}

/// What is printed: scores, drivers, searches, and the commands that did it.
fn told(
    index: &Index,
    n: u64,
    [sample, folder, report]: [&Path; 3],
    shell: &Shell,
) -> Result<String> {
    let locale = &shell.locale;
    let mut text = locale.fill("demo.sample", &[("n", &locale.count(n))]) + "\n";
    let heading = |text: &mut String, title: &str| {
        let _ = write!(text, "\n{title}\n\n");
    };

    heading(&mut text, locale.text("demo.scores"));
    let whole = index.aggregate(&Query::All, &crate::index::By::All)?;
    text += &scores(&whole.total, locale).to_table(locale, None);
    text.push('\n');

    heading(&mut text, locale.text("demo.drivers"));
    let analysis = analyse(index, &Query::All, Measure::Nps, Mentions::Any)?;
    text += &driver_sheet(&analysis.drivers, &[], index, locale).to_table(locale, None);
    let _ = writeln!(text, "\n{}", footnote(&analysis, Measure::Nps, locale));

    let options = Options {
        limit: SHOWN,
        ..Options::default()
    };
    for written in SEARCHES {
        heading(
            &mut text,
            &locale.fill("demo.search", &[("query", &written)]),
        );
        let hits = find(index, written, &options)?;
        let found = locale.fill("search.found", &[("n", &locale.count(hits.total))]);
        let _ = writeln!(
            text,
            "{found}\n{}",
            scores(&hits.figures, locale).to_table(locale, None)
        );
        for hit in &hits.hits {
            let _ = writeln!(text, "\n{}", quote(hit, locale, false));
        }
    }

    heading(
        &mut text,
        &locale.fill("demo.report", &[("file", &report.display())]),
    );
    let _ = writeln!(text, "{}\n", locale.text("demo.commands"));
    let (sample, folder) = (sample.display(), folder.display());
    let mut commands = vec![
        format!("voz peek {sample}"),
        format!("voz index {sample} --index {folder} --rebuild"),
        format!("voz aggregate --index {folder}"),
        format!("voz drivers --index {folder} --on nps"),
        format!(
            "voz report --index {folder} --on nps -o {}",
            report.display()
        ),
    ];
    commands.extend(
        SEARCHES
            .iter()
            .map(|query| format!("voz search '{query}' --index {folder} -n {SHOWN}")),
    );
    for command in commands {
        let _ = writeln!(text, "  {command}");
    }
    Ok(text)
}
