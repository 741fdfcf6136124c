//! The page that reports on an index: scores, drivers, themes, months, segments, quotes.

use super::drivers::{Mentions, analyse, people as driver_sheet};
use super::search::{about, pieces, scores};
use crate::driver::{Analysis, Row};
use crate::error::Result;
use crate::index::{By, Figures, Hit, Index, Options, Query, Sort};
use crate::lang::Lang;
use crate::locale::Locale;
use crate::measure::Measure;
use crate::report::{Page, Plot, PlotRow, Quote, Section};
use crate::tally::{HIDDEN_BELOW, Summary};

/// Themes whose comments are quoted.
const QUOTED_THEMES: usize = 4;
/// Comments quoted for each.
const QUOTES: usize = 3;
/// Segments with more values than this are not plotted.
const MOST_VALUES: usize = 8;

/// The report on the whole of an index, called `name`.
pub fn page(index: &Index, name: &str, locale: &Locale) -> Result<Page> {
    let all = index.aggregate(&Query::All, &By::All)?.total;
    let languages = index.aggregate(&Query::All, &By::Lang)?;
    let languages: Vec<String> = languages
        .groups
        .iter()
        .map(|group| format!("{} {}", group.group, locale.count(group.figures.n)))
        .collect();
    let mut page = Page {
        title: locale.fill("report.title", &[("name", &name)]),
        about: locale.fill(
            "report.about",
            &[
                ("n", &locale.count(all.n)),
                ("meaningful", &locale.count(all.meaningful)),
                ("languages", &languages.join(", ")),
            ],
        ),
        sections: vec![overview(&all, locale)],
        notes: vec![
            locale.text("report.note.interval").to_owned(),
            locale.text("report.note.impact").to_owned(),
            locale.fill("report.note.model", &[("model", &index.model())]),
        ],
    };
    if all.tally(Measure::Nps).n() >= HIDDEN_BELOW {
        let analysis = analyse(index, &Query::All, Measure::Nps, Mentions::Any)?;
        page.sections
            .extend(driver_sections(&analysis, index, locale));
        page.sections.extend(group_sections(index, locale)?);
        page.sections
            .extend(quote_sections(&analysis, index, locale)?);
    }
    Ok(page)
}

fn overview(all: &Figures, locale: &Locale) -> Section {
    let mut rows = Vec::new();
    for measure in Measure::ALL {
        rows.extend(row(measure.definition(), all, measure));
    }
    Section {
        heading: locale.text("report.scores").to_owned(),
        plot: Some(Plot {
            axis: locale.text("report.axis.net").to_owned(),
            rows,
        }),
        sheet: Some(scores(all, locale)),
        ..Section::default()
    }
}

fn row(label: &str, figures: &Figures, measure: Measure) -> Option<PlotRow> {
    plotted(label, &figures.summary(measure))
}

fn plotted(label: &str, summary: &Summary) -> Option<PlotRow> {
    Some(PlotRow {
        label: format!("{label} (n {})", summary.n),
        value: summary.net?,
        low: summary.low?,
        high: summary.high?,
    })
}

fn driver_sections(analysis: &Analysis, index: &Index, locale: &Locale) -> [Section; 2] {
    let plot = |rows: &[Row]| Plot {
        axis: locale.text("report.axis.impact").to_owned(),
        rows: rows
            .iter()
            .filter_map(|row| impact_row(row, index, locale))
            .collect(),
    };
    let certain: Vec<Row> = analysis
        .themes
        .iter()
        .filter(|row| row.is_certain())
        .cloned()
        .collect();
    [
        Section {
            heading: locale.text("report.drivers").to_owned(),
            about: locale.text("report.drivers.about").to_owned(),
            plot: Some(plot(&analysis.drivers)),
            sheet: Some(driver_sheet(&analysis.drivers, &[], index, locale)),
            ..Section::default()
        },
        Section {
            heading: locale.text("report.themes").to_owned(),
            plot: Some(plot(&certain)),
            sheet: Some(driver_sheet(&certain, &[], index, locale)),
            ..Section::default()
        },
    ]
}

fn impact_row(row: &Row, index: &Index, locale: &Locale) -> Option<PlotRow> {
    let impact = row.impact.as_ref()?;
    Some(PlotRow {
        label: format!("{} (n {})", name_of(row, index, locale), row.n),
        value: impact.impact,
        low: impact.low,
        high: impact.high,
    })
}

/// The name of a driver or theme in the reader's language.
pub fn name_of<'i>(row: &Row, index: &'i Index, locale: &Locale) -> &'i str {
    let driver = &index.drivers()[row.driver as usize];
    let (es, en) = match row.theme {
        Some(theme) => {
            let theme = &index.themes()[theme as usize];
            (&theme.es, &theme.en)
        }
        None => (&driver.es, &driver.en),
    };
    if locale.lang() == Lang::Es { es } else { en }
}

/// NPS by month, by emotion, and by every field of few values.
fn group_sections(index: &Index, locale: &Locale) -> Result<Vec<Section>> {
    let mut sections = Vec::new();
    let mut add = |heading: String, about: &str, by: &By| -> Result<()> {
        let groups = index.aggregate(&Query::All, by)?.groups;
        let rows: Vec<PlotRow> = groups
            .iter()
            .filter_map(|group| {
                let name = if *by == By::Emotion {
                    locale.word("expressed", &group.group)
                } else {
                    &group.group
                };
                row(name, &group.figures, Measure::Nps)
            })
            .collect();
        if rows.len() > 1 && (rows.len() <= MOST_VALUES || !matches!(by, By::Field(_))) {
            let axis = locale.text("report.axis.net").to_owned();
            let plot = Some(Plot { axis, rows });
            sections.push(Section {
                heading,
                about: about.to_owned(),
                plot,
                ..Section::default()
            });
        }
        Ok(())
    };
    add(locale.text("report.months").to_owned(), "", &By::Month)?;
    let about = locale.text("report.emotions.about");
    add(
        locale.text("report.emotions").to_owned(),
        about,
        &By::Emotion,
    )?;
    for field in index.fields() {
        let heading = locale.fill("report.segments", &[("field", &field.name)]);
        add(heading, "", &By::Field(field.name.clone()))?;
    }
    Ok(sections)
}

/// The worst comments on the themes that hurt most.
fn quote_sections(analysis: &Analysis, index: &Index, locale: &Locale) -> Result<Vec<Section>> {
    let harmful = analysis
        .themes
        .iter()
        .filter(|row| row.impact.as_ref().is_some_and(|impact| impact.high < 0.0));
    let options = Options {
        limit: QUOTES,
        sort: Sort::Nps,
        ..Options::default()
    };
    let mut sections = Vec::new();
    for row in harmful.take(QUOTED_THEMES) {
        let Some(theme) = row.theme.map(|theme| &index.themes()[theme as usize]) else {
            continue;
        };
        let query = Query::parse(&format!("theme:{}:negative", theme.id))?;
        let hits = index.search(&query, &options)?;
        let name = name_of(row, index, locale);
        sections.push(Section {
            heading: locale.fill("report.quotes", &[("theme", &name)]),
            quotes: hits.hits.iter().map(|hit| quote(hit, locale)).collect(),
            ..Section::default()
        });
    }
    Ok(sections)
}

fn quote(hit: &Hit, locale: &Locale) -> Quote {
    let pieces = pieces(&hit.record.text, &hit.highlights);
    Quote {
        pieces: pieces
            .into_iter()
            .map(|(piece, marked)| (piece.to_owned(), marked))
            .collect(),
        about: about(&hit.record, locale),
    }
}
