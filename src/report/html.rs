//! A page to read in a browser: one file, no scripts, nothing loaded from elsewhere.
//!
//! The look is `models/report/page.html`; this file prepares what it shows. Every text that comes in
//! is escaped by the template: comments, names of fields and their values are other people's words.

use super::{Curve, Scatter, Sheet, Show, table};
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
}

/// A part of a page; what is empty is left out. What there is stands in the order of the fields.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// What to read off it: one plain sentence or two.
    pub about: String,
    /// A figure written large.
    pub figure: Option<Figure>,
    /// What is known, by name.
    pub facts: Vec<(String, String)>,
    /// Sentences in order.
    pub points: Vec<String>,
    /// A drawing.
    pub drawing: Option<Drawing>,
    /// Tables, each with a title that may be empty.
    pub sheets: Vec<(String, Sheet)>,
    /// A tree.
    pub tree: Vec<Branch>,
    /// Comments, word for word, by what they are about.
    pub voices: Vec<Voices>,
    /// How it is to be read: terms and what they say.
    pub terms: Vec<(String, String)>,
    /// Remarks at its end.
    pub notes: Vec<String>,
}

/// A figure written large.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figure {
    /// What it is.
    pub name: String,
    /// The figure.
    pub value: String,
    /// Its interval and what it is of.
    pub beside: String,
}

/// A drawing.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// Points by share and height.
    Scatter(Scatter),
    /// A line through time.
    Curve(Curve),
}

/// A line of a tree and what hangs from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Branch {
    /// The line.
    pub text: String,
    /// What hangs from it.
    pub below: Vec<Branch>,
}

/// What customers say of one subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Voices {
    /// The subject.
    pub name: String,
    /// Its comments.
    pub quotes: Vec<Quote>,
    /// Before the reasons.
    pub because: String,
    /// The reasons that they give, word for word, each with where it is from.
    pub reasons: Vec<(String, String)>,
    /// How to read all of them.
    pub more: String,
}

/// A comment quoted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Quote {
    /// The comment, or a piece of it.
    pub text: String,
    /// Its id, scores and day.
    pub about: String,
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
        let page = environment.get_template("page").map_err(failed)?;
        let sections = self.sections.iter().map(|one| one.value(locale));
        page.render(context! {
            lang => locale.lang().code(),
            title => self.title.as_str(),
            about => self.about.as_str(),
            sections => sections.collect::<Vec<_>>(),
        })
        .map_err(failed)
    }
}

impl Section {
    fn value(&self, locale: &Locale) -> Value {
        let (scatter, curve) = match &self.drawing {
            Some(Drawing::Scatter(drawing)) => {
                (Some(Value::from(Serde(drawing.drawn(locale)))), None)
            }
            Some(Drawing::Curve(drawing)) => {
                (None, Some(Value::from(Serde(drawing.drawn(locale)))))
            }
            None => (None, None),
        };
        let tables = self
            .sheets
            .iter()
            .map(|(title, sheet)| context! { title => title.as_str(), ..rendered(sheet, locale) });
        context! {
            heading => self.heading.as_str(),
            about => self.about.as_str(),
            figure => Value::from(Serde(&self.figure)),
            facts => Value::from(Serde(&self.facts)),
            points => Value::from(Serde(&self.points)),
            scatter => scatter,
            curve => curve,
            tables => tables.collect::<Vec<_>>(),
            tree => Value::from(Serde(&self.tree)),
            voices => Value::from(Serde(&self.voices)),
            terms => Value::from(Serde(&self.terms)),
            notes => Value::from(Serde(&self.notes)),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::{Moment, Point};

    const EVIL: &str = "<script>alert('x')</script> & \"so\"";

    fn evil() -> String {
        EVIL.to_owned()
    }

    fn everywhere() -> Section {
        let mut sheet = Sheet::new(&Locale::new(Lang::En), &[("name", Show::Text)]);
        sheet.rows.push(vec![EVIL.into()]);
        let leaf = Branch {
            text: evil(),
            below: Vec::new(),
        };
        Section {
            heading: evil(),
            about: evil(),
            figure: Some(Figure {
                name: evil(),
                value: evil(),
                beside: evil(),
            }),
            facts: vec![(evil(), evil())],
            points: vec![evil()],
            drawing: Some(Drawing::Scatter(Scatter {
                across: evil(),
                upwards: evil(),
                key: vec![("minus", evil())],
                points: vec![Point {
                    name: evil(),
                    share: 0.2,
                    value: -4.0,
                    low: -6.0,
                    high: -2.0,
                    side: "minus",
                    leading: true,
                }],
            })),
            sheets: vec![(evil(), sheet)],
            tree: vec![Branch {
                text: evil(),
                below: vec![leaf],
            }],
            voices: vec![Voices {
                name: evil(),
                quotes: vec![Quote {
                    text: evil(),
                    about: evil(),
                }],
                because: evil(),
                reasons: vec![(evil(), evil())],
                more: evil(),
            }],
            terms: vec![(evil(), evil())],
            notes: vec![evil()],
        }
    }

    #[test]
    fn a_page_escapes_every_text() {
        let moment = Moment {
            name: evil(),
            place: 0.0,
            n: 9,
            value: 1.0,
            low: 0.0,
            high: 2.0,
            arrow: None,
            is_open: false,
        };
        let curve = Section {
            drawing: Some(Drawing::Curve(Curve {
                upwards: evil(),
                points: vec![moment],
            })),
            ..Section::default()
        };
        let page = Page {
            title: evil(),
            about: evil(),
            sections: vec![everywhere(), curve],
        };
        let html = page.to_html(&Locale::new(Lang::En)).unwrap();
        assert!(
            !html.contains("<script") && !html.contains("\"so\""),
            "{html}"
        );
        let found = html.matches("&lt;script&gt;").count();
        assert!(found >= 28, "{found} of the texts are there\n{html}");
        assert!(html.contains("-4.0 [-6.0; -2.0]"));
    }
}
