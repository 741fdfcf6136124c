//! What to do where a query finds nothing: which of its conditions does, and what there is instead.

use super::Index;
use super::compile::compile;
use super::failure::guarded;
use super::group::By;
use super::manifest::FieldKind;
use super::query::{Filter, Query, Test};
use super::suggest::names;
use crate::error::{Error, Result};
use crate::verbatim::Day;

/// Values of a field that are named at most.
const VALUES: usize = 12;

impl Index {
    /// That a query finds something; `written` is how it was written.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] where it finds nothing, with the values or days that there
    /// are; else as [`Index::aggregate`].
    pub fn matched(&self, query: &Query, written: &str) -> Result<()> {
        if *query == Query::All || self.count(query)? > 0 {
            return Ok(());
        }
        let mut hints = Vec::new();
        for filter in filters(query) {
            if self.count(&Query::Filter(filter.clone()))? == 0 {
                hints.extend(self.instead(filter)?);
            }
        }
        hints.dedup();
        if hints.is_empty() {
            hints.push(
                "leave out a word or a filter; `voz search` shows what each of them finds"
                    .to_owned(),
            );
        }
        let written = written.trim();
        Err(Error::usage(format!("no comment matches `{written}`")).hint(hints.join("; ")))
    }

    /// The first day and the last that comments are from; `None` without dates.
    ///
    /// # Errors
    /// As [`Index::aggregate`].
    pub fn days(&self) -> Result<Option<(Day, Day)>> {
        guarded(&self.folder, || {
            let query = compile(self, &Query::All)?.matching;
            let searcher = self.searcher();
            let filter = self.filter(&searcher, &*query)?;
            let mut days: Option<(u64, u64)> = None;
            for segment in searcher.segment_readers() {
                let column = segment.fast_fields().u64("day");
                let column = column.map_err(|error| self.reading(error))?;
                self.each_match(&*filter, segment, |document| {
                    if let Some(day) = column.first(document) {
                        let (first, last) = days.unwrap_or((day, day));
                        days = Some((first.min(day), last.max(day)));
                    }
                })?;
            }
            Ok(days.map(|(first, last)| (Day::from_number(first), Day::from_number(last))))
        })
    }

    /// What there is instead of a condition that finds nothing.
    fn instead(&self, filter: &Filter) -> Result<Option<String>> {
        Ok(match filter {
            Filter::Days { .. } => Some(match self.days()? {
                Some((first, last)) => format!("the comments are from {first} to {last}"),
                None => "the comments have no dates".to_owned(),
            }),
            Filter::Field(name, Test::Is(value)) => {
                let at = self.field(name)?;
                if self.fields()[at].kind == FieldKind::Number {
                    return Ok(None);
                }
                let groups = self
                    .aggregate(&Query::All, &By::Field(name.clone()))?
                    .groups;
                let known = groups.iter().take(VALUES).map(|one| &*one.group);
                let more = if groups.len() > VALUES { " …" } else { "" };
                Some(format!("`{name}`: {}{more}", names(value, known)))
            }
            _ => None,
        })
    }
}

/// The conditions that a query asks for, in their order.
fn filters(query: &Query) -> Vec<&Filter> {
    match query {
        Query::Filter(filter) => vec![filter],
        Query::And(queries) | Query::Or(queries) => queries.iter().flat_map(filters).collect(),
        _ => Vec::new(),
    }
}
