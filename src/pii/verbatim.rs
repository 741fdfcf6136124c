//! A whole verbatim without personal data: its text, its ids and the columns around it.

use super::{Counts, Redacted, Redactor};
use crate::verbatim::{Value, Verbatim};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The smallest number that may be personal data: six digits, the fewest that a rule for numbers asks for.
const FEWEST: f64 = 1e5;

impl Redactor {
    /// Puts typed marks in place of personal data, in the text and in everything around it.
    pub fn redact_verbatim(&self, verbatim: &mut Verbatim) -> Counts {
        let mut counts = Counts::default();
        put(&mut verbatim.text, &mut counts, |text| self.redact(text));
        self.redact_id("id", &mut verbatim.id, &mut counts);
        if let Some(customer) = &mut verbatim.customer {
            self.redact_id("customer id", customer, &mut counts);
        }
        for (name, field) in &mut verbatim.fields {
            if let Some(marked) = self.redact_name(name) {
                *name = marked;
            }
            match field {
                Value::Text(text) => put(text, &mut counts, |text| self.redact_value(name, text)),
                // JSON has card and telephone numbers as numbers.
                Value::Number(number) if *number >= FEWEST && number.fract() == 0.0 => {
                    let mut digits = number.to_string();
                    put(&mut digits, &mut counts, |text| {
                        self.redact_value(name, text)
                    });
                    if digits.starts_with('[') {
                        *field = Value::Text(digits);
                    }
                }
                Value::Number(_) | Value::Bool(_) => {}
            }
        }
        counts
    }

    /// Puts marks into the id of a verbatim, a customer or a column, and a fingerprint after them: a mark
    /// alone would join strangers, and ids must be the same from file to file.
    pub fn redact_id(&self, name: &str, id: &mut String, counts: &mut Counts) {
        if is_fingerprinted(id) {
            return;
        }
        let redacted = self.redact_value(name, id);
        if let Cow::Owned(text) = &redacted.text {
            let marked = format!("{text}-{:016x}", fingerprint(id));
            *counts += redacted.counts;
            *id = marked;
        }
    }

    /// As [`Redactor::redact_id`], the name of a column; `None` where it stays.
    pub fn redact_name(&self, name: &str) -> Option<Arc<str>> {
        if !name
            .bytes()
            .any(|byte| byte.is_ascii_digit() || byte == b'@')
        {
            return None;
        }
        let mut marked = name.to_owned();
        self.redact_id("", &mut marked, &mut Counts::default());
        (marked != name).then(|| marked.into())
    }
}

/// Replaces a text by what `redact` makes of it.
fn put(text: &mut String, counts: &mut Counts, redact: impl Fn(&str) -> Redacted<'_>) {
    let redacted = redact(text);
    *counts += redacted.counts;
    if let Cow::Owned(redacted) = redacted.text {
        *text = redacted;
    }
}

/// True for an id that was redacted before: the digits of its fingerprint are nobody's.
fn is_fingerprinted(id: &str) -> bool {
    let is_print =
        |print: &str| print.len() == 16 && print.bytes().all(|byte| byte.is_ascii_hexdigit());
    id.contains(']')
        && id
            .rsplit_once('-')
            .is_some_and(|(_, print)| is_print(print))
}

/// What tells ids apart without saying them.
fn fingerprint(id: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    id.hash(&mut hasher);
    hasher.finish()
}
