//! Aligned tables for a terminal.

use super::{Column, Sheet, Show};
use crate::locale::Locale;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde_json::Value;

/// What stands for an absent value.
const ABSENT: &str = "–";

impl Sheet {
    /// The sheet as a table of at most `width` characters; as wide as it needs when `None`.
    pub fn to_table(&self, locale: &Locale, width: Option<u16>) -> String {
        let shown: Vec<usize> = (0..self.columns.len())
            .filter(|at| self.columns[*at].show != Show::Never)
            .collect();
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if let Some(width) = width {
            table.set_width(width);
        }
        let align = |at: &usize| {
            if self.columns[*at].show.is_text() || self.is_of_objects(*at) {
                CellAlignment::Left
            } else {
                CellAlignment::Right
            }
        };
        let title = |at: &usize| Cell::new(&self.columns[*at].title).set_alignment(align(at));
        table.set_header(shown.iter().map(title));
        for row in &self.rows {
            table.add_row(shown.iter().map(|at| {
                let text = shown_as(&row[*at], &self.columns[*at], locale);
                Cell::new(text).set_alignment(align(at))
            }));
        }
        // Cells are padded to their column; a line needs no blanks at its end.
        let mut lines: Vec<String> = table
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
        let widest = lines
            .iter()
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0);
        let under_header = lines.len().min(1);
        lines.insert(under_header, "─".repeat(widest));
        lines.join("\n")
    }
    fn is_of_objects(&self, column: usize) -> bool {
        self.rows.iter().any(|row| row[column].is_object())
    }
}

/// A value as people read it.
pub(super) fn shown_as(value: &Value, column: &Column, locale: &Locale) -> String {
    match value {
        Value::Null => ABSENT.to_owned(),
        Value::Number(_) => number(value, column.show, locale),
        Value::String(word) if column.show == Show::Word => {
            locale.word(column.key, word).to_owned()
        }
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let each = values.iter().map(|one| shown_as(one, column, locale));
            each.collect::<Vec<_>>().join(", ")
        }
        Value::Object(members) if column.show == Show::Percent => {
            let each = members.iter().map(|(name, share)| {
                let share = 100.0 * share.as_f64().unwrap_or_default();
                format!(
                    "{} {}",
                    locale.word(column.key, name),
                    locale.number(share, 1)
                )
            });
            each.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn number(value: &Value, show: Show, locale: &Locale) -> String {
    let number = value.as_f64().unwrap_or_default();
    match show {
        Show::Count => value
            .as_u64()
            .map_or_else(|| value.to_string(), |count| locale.count(count)),
        Show::Points if number >= 0.05 => format!("+{}", locale.number(number, 1)),
        Show::Fine if number >= 0.0005 => format!("+{}", locale.number(number, 3)),
        Show::Fine => locale.number(number, 3),
        Show::Points | Show::Number => locale.number(number, 1),
        Show::Percent => format!("{} %", locale.number(100.0 * number, 1)),
        Show::Text | Show::Word | Show::Never => value.to_string(),
    }
}
