//! A page to read in a browser: one file, no scripts, nothing loaded from elsewhere.
//!
//! The look is `models/report/page.html`; this file prepares what it shows.

use super::{Sheet, Show, table};
use crate::error::{Error, Result};
use crate::locale::Locale;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use serde::Serialize;

/// A page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// A sentence or two under the title.
    pub about: String,
    /// Its sections in order.
    pub sections: Vec<Section>,
    /// How the figures were made, at the end.
    pub notes: Vec<String>,
}

/// A part of a page; what is empty is left out.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// What to see in it.
    pub about: String,
    /// A plot.
    pub plot: Option<Plot>,
    /// A table.
    pub sheet: Option<Sheet>,
    /// Comments, word for word.
    pub quotes: Vec<Quote>,
}

/// A comment quoted, in pieces so that what was found in it can be marked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Quote {
    /// Pieces of the comment in order, and whether each is marked.
    pub pieces: Vec<(String, bool)>,
    /// Its scores, themes and place.
    pub about: String,
}

/// Values with their intervals, one per row, on one axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plot {
    /// What the axis measures.
    pub axis: String,
    /// The rows from top to bottom.
    pub rows: Vec<PlotRow>,
}

/// One value with its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotRow {
    /// What it is of.
    pub label: String,
    /// The value and the bounds of its interval, in the unit of the axis.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

const LABEL_WIDTH: f64 = 250.0;
const PLOT_WIDTH: f64 = 480.0;
const VALUE_WIDTH: f64 = 160.0;
const ROW_HEIGHT: f64 = 24.0;

#[derive(Serialize)]
struct Drawn {
    width: f64,
    height: f64,
    zero: Option<f64>,
    left: f64,
    right: f64,
    ticks: Vec<(f64, String)>,
    rows: Vec<DrawnRow>,
    axis: String,
    value_x: f64,
    label_x: f64,
}

#[derive(Serialize)]
struct DrawnRow {
    label: String,
    y: f64,
    x: f64,
    low: f64,
    high: f64,
    text: String,
    side: &'static str,
}

impl Page {
    /// The page as HTML in the language of `locale`.
    ///
    /// # Errors
    /// `Io` when the shipped template does not render; a test keeps that from being shipped.
    pub fn to_html(&self, locale: &Locale) -> Result<String> {
        let failed = |error: minijinja::Error| {
            Error::io("the page cannot be written", std::io::Error::other(error))
        };
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment
            .add_template("page", include_str!("../../models/report/page.html"))
            .map_err(failed)?;
        let sections = self.sections.iter().map(|section| {
            context! {
                heading => section.heading.as_str(),
                about => section.about.as_str(),
                plot => section.plot.as_ref().map(|plot| Value::from(Serde(plot.drawn(locale)))),
                table => section.sheet.as_ref().map(|sheet| rendered(sheet, locale)),
                quotes => section.quotes.iter().map(|quote| Value::from(Serde(quote))).collect::<Vec<_>>(),
            }
        });
        let page = environment.get_template("page").map_err(failed)?;
        page.render(context! {
            lang => locale.lang().code(),
            title => self.title.as_str(),
            about => self.about.as_str(),
            sections => sections.collect::<Vec<_>>(),
            notes => self.notes.clone(),
            notes_heading => locale.text("report.notes"),
        })
        .map_err(failed)
    }
}

/// Titles with their alignment, and rows of cells with theirs.
fn rendered(sheet: &Sheet, locale: &Locale) -> Value {
    let shown: Vec<usize> = (0..sheet.columns.len())
        .filter(|at| sheet.columns[*at].show != Show::Never)
        .collect();
    let class = |at: &usize| {
        if sheet.columns[*at].show.is_text() {
            "text"
        } else {
            "number"
        }
    };
    let head = shown
        .iter()
        .map(|at| (sheet.columns[*at].title.clone(), class(at)));
    let rows = sheet.rows.iter().map(|row| {
        let cell = |at: &usize| {
            (
                table::shown_as(&row[*at], &sheet.columns[*at], locale),
                class(at),
            )
        };
        shown.iter().map(cell).collect::<Vec<_>>()
    });
    context! { head => head.collect::<Vec<_>>(), rows => rows.collect::<Vec<_>>() }
}

impl Plot {
    fn drawn(&self, locale: &Locale) -> Drawn {
        let least = self.rows.iter().map(|row| row.low).fold(0.0, f64::min);
        let most = self.rows.iter().map(|row| row.high).fold(0.0, f64::max);
        let step = tick_step(most - least);
        let (first, end) = ((least / step).floor(), (most / step).ceil().max(1.0));
        let scale = PLOT_WIDTH / ((end - first) * step);
        let x = |value: f64| rounded(LABEL_WIDTH + (value - first * step) * scale);
        let ticks = (first as i64..=end as i64).map(|tick| {
            let value = tick as f64 * step;
            (x(value), locale.number(value, usize::from(step < 1.0)))
        });
        let rows = self.rows.iter().enumerate().map(|(at, row)| DrawnRow {
            label: row.label.clone(),
            y: ROW_HEIGHT * (at as f64 + 0.5) + 8.0,
            x: x(row.value),
            low: x(row.low),
            high: x(row.high),
            text: format!(
                "{} [{}; {}]",
                locale.number(row.value, 1),
                locale.number(row.low, 1),
                locale.number(row.high, 1)
            ),
            side: if row.high < 0.0 {
                "minus"
            } else if row.low > 0.0 {
                "plus"
            } else {
                "open"
            },
        });
        Drawn {
            width: LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH,
            height: ROW_HEIGHT * self.rows.len() as f64 + 56.0,
            zero: Some(x(0.0)),
            left: LABEL_WIDTH,
            right: LABEL_WIDTH + PLOT_WIDTH,
            ticks: ticks.collect(),
            rows: rows.collect(),
            axis: self.axis.clone(),
            value_x: LABEL_WIDTH + PLOT_WIDTH + 14.0,
            label_x: LABEL_WIDTH - 12.0,
        }
    }
}

/// The distance between ticks: 1, 2 or 5 times a power of ten, four to nine of them.
fn tick_step(span: f64) -> f64 {
    let rough = f64::max(span, 1e-9) / 6.0;
    let power = libm::pow(10.0, rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= rough);
    factor.unwrap_or(10.0) * power
}

fn rounded(x: f64) -> f64 {
    (10.0 * x).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn a_page_escapes_what_customers_wrote_and_marks_what_was_found() {
        let quote = Quote {
            pieces: vec![("<b>bad</b> ".to_owned(), false), ("app".to_owned(), true)],
            about: "NPS 2".to_owned(),
        };
        let plot = Plot {
            axis: "points".to_owned(),
            rows: vec![PlotRow {
                label: "App".to_owned(),
                value: -4.0,
                low: -6.0,
                high: -2.0,
            }],
        };
        let section = Section {
            plot: Some(plot),
            quotes: vec![quote],
            ..Section::default()
        };
        let page = Page {
            title: "T".to_owned(),
            sections: vec![section],
            ..Page::default()
        };
        let html = page.to_html(&Locale::new(Lang::En)).unwrap();
        assert!(html.contains("&lt;b&gt;bad") && html.contains("<mark>app</mark>"));
        assert!(html.contains("-4.0 [-6.0; -2.0]") && html.contains("minus"));
    }

    #[test]
    fn ticks_are_round() {
        for (span, step) in [(7.0, 2.0), (100.0, 20.0), (0.5, 0.1)] {
            assert!((tick_step(span) - step).abs() < 1e-12);
        }
    }
}
