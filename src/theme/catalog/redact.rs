//! A catalog without personal data: it was made of comments, and lies in the index that it tagged.

use super::{Catalog, CatalogTheme};
use crate::pii::{Counts, Redactor};
use std::borrow::Cow;

impl Catalog {
    /// Puts typed marks in place of personal data in names, searches and ids of typical verbatims, and leaves
    /// out phrases that hold any; how many texts did.
    pub fn redact(&mut self, redactor: &Redactor) -> u64 {
        self.themes
            .iter_mut()
            .map(|theme| in_theme(theme, redactor))
            .sum()
    }
}

fn in_theme(theme: &mut CatalogTheme, redactor: &Redactor) -> u64 {
    let mut changed = 0;
    for name in [&mut theme.es, &mut theme.en] {
        if let Cow::Owned(marked) = redactor.redact(name).text {
            *name = marked;
            changed += 1;
        }
    }
    if let Some(query) = &mut theme.query
        && let Cow::Owned(marked) = redactor.redact(query).text
    {
        // As a search has it: a word that the marked comments hold too.
        *query = marked.replace(['[', ']'], "");
        changed += 1;
    }
    for id in &mut theme.typical {
        let before = id.clone();
        redactor.redact_id("id", id, &mut Counts::default());
        changed += u64::from(*id != before);
    }
    for phrases in [&mut theme.phrases_es, &mut theme.phrases_en] {
        let before = phrases.len();
        phrases.retain(|phrase| redactor.redact(phrase).counts.total() == 0);
        changed += (before - phrases.len()) as u64;
    }
    changed
}
