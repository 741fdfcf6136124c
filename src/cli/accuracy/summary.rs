//! The accuracy on a card for people: a row for each set, a table for each task.

use super::{cell, ends, label_word, percent, unread};
use crate::cli::output::terminal_width;
use crate::emotion::Emotion;
use crate::eval::{ALL, UNREAD};
use crate::lang::Lang;
use crate::locale::Locale;
use crate::model::Accuracy;
use crate::report::{Column, Sheet, Show};
use crate::sentiment::Polarity;
use serde_json::Value;

/// A table of sets for each task, the F1 of each label, and the means over sets.
pub fn summary(accuracy: &[Accuracy], locale: &Locale) -> String {
    let accuracy: Vec<&Accuracy> = accuracy.iter().collect();
    let mut parts = Vec::new();
    for task in tasks(&accuracy) {
        let of_task = accuracy.iter().copied().filter(|one| one.task == task);
        let of_task: Vec<&Accuracy> = of_task.collect();
        let table = sets(&of_task, locale).to_table(locale, terminal_width());
        parts.push(format!("{}\n{table}", locale.word("task", task)));
        if of_task.iter().all(|one| one.confusion.is_empty()) {
            // More labels than columns that can be read: a table for each language.
            parts.extend(
                Lang::ALL
                    .iter()
                    .filter_map(|lang| labels(&of_task, *lang, locale)),
            );
        }
    }
    parts.extend(means(&accuracy, locale));
    parts.join("\n\n")
}

/// The tasks there are, sentiment first.
fn tasks<'a>(accuracy: &[&'a Accuracy]) -> Vec<&'a str> {
    let mut tasks: Vec<&str> = accuracy.iter().map(|one| &*one.task).collect();
    tasks.sort_unstable_by(|a, b| b.cmp(a));
    tasks.dedup();
    tasks
}

fn sets(of_task: &[&Accuracy], locale: &Locale) -> Sheet {
    let columns = [
        ("lang", Show::Text),
        ("set", Show::Text),
        ("texts", Show::Count),
        (UNREAD, Show::Count),
        ("macro_f1", Show::Percent),
        ("low", Show::Percent),
        ("high", Show::Percent),
        ("macro_recall", Show::Percent),
        ("weighted_f1", Show::Percent),
        ("ece", Show::Percent),
    ];
    let mut sheet = Sheet::new(locale, &columns);
    let names = Polarity::ALL.map(Polarity::name).into_iter();
    let names: Vec<&'static str> = names
        .filter(|name| of_task.iter().any(|one| one.labels.contains_key(*name)))
        .collect();
    for key in &names {
        let title = format!("F1 {}", label_word(key, locale));
        let show = Show::Percent;
        sheet.columns.push(Column { key, title, show });
    }
    let mut sorted = of_task.to_vec();
    // Spanish first.
    sorted.sort_by(|a, b| b.lang.cmp(&a.lang));
    sheet.rows.extend(sorted.into_iter().map(|one| {
        let mut row = vec![
            Value::from(&*one.lang),
            Value::from(&*one.set),
            one.texts.into(),
            unread(one).into(),
            one.figures.macro_f1.into(),
        ];
        row.extend(ends(one.interval));
        row.extend([
            one.figures.macro_recall.into(),
            one.figures.weighted_f1.into(),
            cell(one.ece),
        ]);
        row.extend(names.iter().map(|name| f1(one, name)));
        row
    }));
    sheet
}

fn f1(accuracy: &Accuracy, label: &str) -> Value {
    cell(accuracy.labels.get(label).and_then(|label| label.f1))
}

/// The F1 of each emotion in the sets of a language; `None` when it has none.
fn labels(of_task: &[&Accuracy], lang: Lang, locale: &Locale) -> Option<String> {
    let of_lang: Vec<&&Accuracy> = of_task
        .iter()
        .filter(|one| one.lang == lang.code())
        .collect();
    let mut sheet = Sheet::new(locale, &[("label", Show::Text)]);
    sheet.columns.extend(of_lang.iter().map(|one| Column {
        key: "f1",
        title: one.set.clone(),
        show: Show::Percent,
    }));
    for name in Emotion::ALL.map(Emotion::name) {
        if of_lang.iter().any(|one| one.labels.contains_key(name)) {
            let mut row = vec![label_word(name, locale).into()];
            row.extend(of_lang.iter().map(|one| f1(one, name)));
            sheet.rows.push(row);
        }
    }
    let table = sheet.to_table(locale, terminal_width());
    let title = locale.fill(
        "models.labels",
        &[("lang", &locale.word("lang", lang.code()))],
    );
    (!of_lang.is_empty()).then(|| format!("{title}\n{table}"))
}

/// Mean macro-F1 over the sets of each task and language that has several.
pub fn means(accuracy: &[&Accuracy], locale: &Locale) -> Option<String> {
    let mut lines = Vec::new();
    for task in tasks(accuracy) {
        for lang in Lang::ALL.map(Lang::code) {
            let sets = accuracy.iter();
            let sets = sets.filter(|one| one.task == task && one.lang == lang && one.set != ALL);
            let figures: Vec<f64> = sets.map(|one| one.figures.macro_f1).collect();
            if figures.len() > 1 {
                let mean = figures.iter().sum::<f64>() / figures.len() as f64;
                lines.push(locale.fill(
                    "eval.mean",
                    &[
                        ("task", &locale.word("task", task)),
                        ("lang", &locale.word("lang", lang)),
                        ("sets", &figures.len()),
                        ("mean", &percent(mean, locale)),
                    ],
                ));
            }
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}
