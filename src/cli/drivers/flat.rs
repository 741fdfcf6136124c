//! The rows of drivers as one flat table: CSV and Excel have no members inside a cell.

use crate::locale::Locale;
use crate::report::{Sheet, Show};
use serde_json::Value;

/// A column of the flat table, how it is shown, and the path to its value in a row for programs.
type Flat = (&'static str, Show, &'static str);

/// In place of the members that hold others; the rest stay as they are.
const FLAT: [(&str, &[Flat]); 6] = [
    (
        "mentions",
        &[
            ("mentions_negative", Show::Count, "/negative"),
            ("mentions_neutral", Show::Count, "/neutral"),
            ("mentions_positive", Show::Count, "/positive"),
        ],
    ),
    (
        "counts",
        &[
            ("with_plus", Show::Count, "/with/plus"),
            ("with_zero", Show::Count, "/with/zero"),
            ("with_minus", Show::Count, "/with/minus"),
            ("without_plus", Show::Count, "/without/plus"),
            ("without_zero", Show::Count, "/without/zero"),
            ("without_minus", Show::Count, "/without/minus"),
        ],
    ),
    (
        "trend",
        &[
            ("trend_before", Show::Text, "/before"),
            ("trend_after", Show::Text, "/after"),
            ("trend_n_before", Show::Count, "/n_before"),
            ("trend_n_after", Show::Count, "/n_after"),
            ("trend_share_before", Show::Percent, "/share_before"),
            ("trend_share_after", Show::Percent, "/share_after"),
            ("trend_q", Show::Never, "/q"),
            ("trend_arrow", Show::Text, "/arrow"),
        ],
    ),
    (
        "quotes",
        &[
            ("quote_1", Show::Text, "/0/text"),
            ("quote_1_id", Show::Text, "/0/id"),
            ("quote_2", Show::Text, "/1/text"),
            ("quote_2_id", Show::Text, "/1/id"),
            ("quote_3", Show::Text, "/2/text"),
            ("quote_3_id", Show::Text, "/2/id"),
        ],
    ),
    (
        "reasons",
        &[
            ("reason_1", Show::Text, "/0/text"),
            ("reason_2", Show::Text, "/1/text"),
            ("reason_3", Show::Text, "/2/text"),
        ],
    ),
    (
        "penalty_reward",
        &[
            ("reward", Show::Points, "/positive"),
            ("penalty", Show::Points, "/negative"),
            ("asymmetry", Show::Number, "/asymmetry"),
        ],
    ),
];

/// The same rows with every value in a column of its own.
pub fn sheet(nested: &Sheet, locale: &Locale) -> Sheet {
    let mut columns = Vec::new();
    let mut from = Vec::new();
    for (at, column) in nested.columns.iter().enumerate() {
        let parts = FLAT.iter().find(|(key, _)| *key == column.key);
        let whole: &[Flat] = &[(column.key, column.show, "")];
        for (key, show, path) in parts.map_or(whole, |(_, parts)| *parts) {
            columns.push((*key, *show));
            from.push((at, *path));
        }
    }
    let mut sheet = Sheet::new(locale, &columns);
    sheet.rows.extend(nested.rows.iter().map(|row| {
        let value = |(at, path): &(usize, &str)| row[*at].pointer(path).cloned();
        from.iter()
            .map(|one| value(one).unwrap_or(Value::Null))
            .collect()
    }));
    sheet
}
