//! One set and task for people: the figures, a row for each label, and the matrix.

use super::summary::means;
use super::{cell, in_order, label_word, percent, unread};
use crate::cli::output::terminal_width;
use crate::eval::{Difference, Measured, UNREAD};
use crate::locale::Locale;
use crate::model::{Accuracy, Interval};
use crate::report::{Column, Sheet, Show};
use crate::sentiment::Polarity;
use serde_json::Value;

/// A block for each set and task, and the means over sets.
pub fn blocks(model: &str, measured: &[Measured], locale: &Locale) -> String {
    let mut blocks = vec![locale.fill("eval.model", &[("model", &model)])];
    blocks.extend(measured.iter().map(|one| block(one, locale)));
    let accuracy: Vec<&Accuracy> = measured.iter().map(|one| &one.accuracy).collect();
    blocks.extend(means(&accuracy, locale));
    blocks.join("\n\n")
}

fn block(measured: &Measured, locale: &Locale) -> String {
    let accuracy = &measured.accuracy;
    let mut lines = vec![locale.fill(
        "eval.set",
        &[
            ("set", &accuracy.set),
            ("lang", &locale.word("lang", &accuracy.lang)),
            ("task", &locale.word("task", &accuracy.task)),
            ("texts", &locale.count(accuracy.texts)),
            ("truth", &accuracy.truth),
        ],
    )];
    lines.push(figures(accuracy, locale));
    lines.extend(why_unread(accuracy, locale));
    if let Some(against) = &measured.against {
        let each = against.differences.iter();
        let each: Vec<String> = each.map(|one| difference(one, locale)).collect();
        lines.push(locale.fill(
            "eval.against",
            &[
                ("model", &against.model),
                ("differences", &each.join(" · ")),
            ],
        ));
    }
    lines.push(String::new());
    lines.push(labels(accuracy, locale).to_table(locale, terminal_width()));
    if !accuracy.confusion.is_empty() {
        lines.push(String::new());
        lines.push(matrix(accuracy, locale).to_table(locale, terminal_width()));
    }
    lines.join("\n")
}

fn figures(accuracy: &Accuracy, locale: &Locale) -> String {
    let figures = &accuracy.figures;
    let macro_f1 = percent(figures.macro_f1, locale);
    let interval = between(accuracy.interval, locale);
    let mut parts = vec![format!("macro-F1 {macro_f1}{interval}")];
    let others = [
        ("micro_f1", Some(figures.micro_f1)),
        ("weighted_f1", Some(figures.weighted_f1)),
        ("macro_recall", Some(figures.macro_recall)),
        ("accuracy", figures.accuracy),
        ("ece", accuracy.ece),
    ];
    for (key, figure) in others {
        if let Some(figure) = figure {
            let name = locale.word("figure", key);
            parts.push(format!("{name} {}", percent(figure, locale)));
        }
    }
    parts.join(" · ")
}

fn between(interval: Option<Interval>, locale: &Locale) -> String {
    interval.map_or_else(String::new, |interval| {
        let [low, high] = [interval.low, interval.high].map(|end| locale.number(100.0 * end, 1));
        format!(" [{low}; {high}]")
    })
}

/// How many texts got no answer, and why; `None` when all got one.
fn why_unread(accuracy: &Accuracy, locale: &Locale) -> Option<String> {
    let n = unread(accuracy);
    let each = accuracy.unread.iter();
    let why: Vec<String> = each
        .map(|(why, n)| format!("{} {}", locale.word("unread", why), locale.count(*n)))
        .collect();
    let share = percent(n as f64 / accuracy.texts.max(1) as f64, locale);
    (n > 0).then(|| {
        locale.fill(
            "eval.unread",
            &[
                ("n", &locale.count(n)),
                ("share", &share),
                ("why", &why.join(", ")),
            ],
        )
    })
}

fn difference(difference: &Difference, locale: &Locale) -> String {
    let points = 100.0 * difference.value;
    let sign = if points >= 0.05 { "+" } else { "" };
    format!(
        "{} {sign}{}{}, p {}",
        locale.word("figure", difference.metric),
        locale.number(points, 1),
        between(difference.interval, locale),
        locale.number(difference.p, 3)
    )
}

fn labels(accuracy: &Accuracy, locale: &Locale) -> Sheet {
    let is_calibrated = accuracy.labels.values().any(|label| label.ece.is_some());
    let columns = [
        ("label", Show::Text),
        ("support", Show::Count),
        ("said", Show::Count),
        ("right", Show::Count),
        ("precision", Show::Percent),
        ("recall", Show::Percent),
        ("f1", Show::Percent),
        (
            "ece",
            if is_calibrated {
                Show::Percent
            } else {
                Show::Never
            },
        ),
    ];
    let mut sheet = Sheet::new(locale, &columns);
    sheet
        .rows
        .extend(in_order(accuracy).iter().map(|(name, label)| {
            vec![
                label_word(name, locale).into(),
                label.support.into(),
                label.said.into(),
                label.right.into(),
                cell(label.precision),
                cell(label.recall),
                cell(label.f1),
                cell(label.ece),
            ]
        }));
    sheet
}

/// Rows are what is true, columns what was said.
fn matrix(accuracy: &Accuracy, locale: &Locale) -> Sheet {
    let names = Polarity::ALL.map(Polarity::name);
    let mut sheet = Sheet::new(locale, &[("truth", Show::Text)]);
    for key in names {
        let title = locale.word("sentiment", key).to_owned();
        let show = Show::Count;
        sheet.columns.push(Column { key, title, show });
    }
    let unread = Sheet::new(locale, &[(UNREAD, Show::Count)]);
    sheet.columns.extend(unread.columns);
    for truth in names {
        if let Some(row) = accuracy.confusion.get(truth) {
            let count = |said: &str| Value::from(row.get(said).copied().unwrap_or_default());
            let mut cells = vec![locale.word("sentiment", truth).into()];
            cells.extend(names.map(count));
            cells.push(count(UNREAD));
            sheet.rows.push(cells);
        }
    }
    sheet
}
