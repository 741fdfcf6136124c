//! A first row that is no header: a file without one would have a customer's data for names of columns, and
//! names stand in messages, in the manifest of an index and in every output.

use crate::error::{Error, Result};
use crate::pii::Redactor;

/// Refuses names of columns that hold personal data.
pub(super) fn refuse_personal(names: &[String]) -> Result<()> {
    let redactor = Redactor::new();
    for (number, name) in (1..).zip(names) {
        let found = redactor.redact(name).counts;
        if let Some((pii, _)) = found.iter().next() {
            return Err(Error::input(format!(
                "the name of column {number} holds personal data ({}): the first row is taken for the header",
                pii.name()
            ))
            .hint("put a row with the names of the columns first; where it is one, give that column another name"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_data_is_no_header() {
        let names =
            |names: &[&str]| -> Vec<String> { names.iter().map(|&one| one.into()).collect() };
        assert!(refuse_personal(&names(&["id", "What is 0-10 (2024-05-01)?", "comment"])).is_ok());
        let error = refuse_personal(&names(&["1", "ana@correo.example"])).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("column 2 holds personal data (EMAIL)")
        );
        assert!(!error.to_string().contains("ana@"));
    }
}
