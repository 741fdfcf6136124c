//! Texts that a spreadsheet would run: a cell that begins like a formula.

use std::borrow::Cow;

/// A text as a cell of CSV that no spreadsheet takes for a formula: one that begins, blanks aside, with
/// `=`, `+`, `-` or `@` (of either width), or with a tab or a line break, gets an apostrophe before it.
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r', '\n'])
        || cell
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_gets_an_apostrophe() {
        for cell in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "  =1", "\u{a0}=1", "＝1", "-",
        ] {
            assert_eq!(harmless(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "a=1", "'=1", "bien - mal", " hola", "1-2", "¡=!"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
