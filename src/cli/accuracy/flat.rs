//! Accuracy in rows, for spreadsheets: everything but the matrix.

use super::{cell, ends, in_order, unread};
use crate::eval::{ALL, Against, UNREAD};
use crate::locale::Locale;
use crate::model::{Accuracy, LabelAccuracy};
use crate::report::{Sheet, Show};
use serde_json::Value;

const COLUMNS: [&str; 24] = [
    "task",
    "lang",
    "set",
    "label",
    "texts",
    UNREAD,
    "support",
    "said",
    "right",
    "precision",
    "recall",
    "f1",
    "ece",
    "macro_f1",
    "low",
    "high",
    "micro_f1",
    "weighted_f1",
    "macro_recall",
    "accuracy",
    "difference",
    "difference_low",
    "difference_high",
    "p",
];

/// A row for each set and task, its label called `all`, and one for each label. The difference is
/// that of the macro-F1.
pub fn sheet<'a>(
    measured: impl Iterator<Item = (&'a Accuracy, Option<&'a Against>)>,
    locale: &Locale,
) -> Sheet {
    let mut sheet = Sheet::new(locale, &COLUMNS.map(|key| (key, Show::Text)));
    for (accuracy, against) in measured {
        sheet.rows.push(whole(accuracy, against));
        for (name, label) in in_order(accuracy) {
            sheet.rows.push(of_label(accuracy, name, label));
        }
    }
    sheet
}

fn head(accuracy: &Accuracy, label: &str) -> Vec<Value> {
    let head = [&*accuracy.task, &*accuracy.lang, &*accuracy.set, label];
    head.map(Value::from).to_vec()
}

fn whole(accuracy: &Accuracy, against: Option<&Against>) -> Vec<Value> {
    let figures = &accuracy.figures;
    let mut row = head(accuracy, ALL);
    row.extend([accuracy.texts.into(), unread(accuracy).into()]);
    row.extend([const { Value::Null }; 6]);
    row.extend([cell(accuracy.ece), figures.macro_f1.into()]);
    row.extend(ends(accuracy.interval));
    row.extend([
        figures.micro_f1.into(),
        figures.weighted_f1.into(),
        figures.macro_recall.into(),
        cell(figures.accuracy),
    ]);
    if let Some(first) = against.and_then(|against| against.differences.first()) {
        row.push(first.value.into());
        row.extend(ends(first.interval));
        row.push(first.p.into());
    }
    row.resize(COLUMNS.len(), Value::Null);
    row
}

fn of_label(accuracy: &Accuracy, name: &str, label: &LabelAccuracy) -> Vec<Value> {
    let mut row = head(accuracy, name);
    row.extend([
        label.texts.into(),
        Value::Null,
        label.support.into(),
        label.said.into(),
        label.right.into(),
        cell(label.precision),
        cell(label.recall),
        cell(label.f1),
        cell(label.ece),
    ]);
    row.resize(COLUMNS.len(), Value::Null);
    row
}
