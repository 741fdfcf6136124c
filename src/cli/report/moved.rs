//! How the score moved between two whole periods, and how much of it is only that others answered.

use super::trend::Change;
use crate::driver::Why;
use crate::driver::mix::Mix;
use crate::error::Result;
use crate::index::{FieldKind, Index, Query, Survey};
use crate::measure::Measure;

/// A change with what `voz why` says of it.
pub struct Moved {
    /// The periods and the scores.
    pub change: Change,
    /// The field whose mix explains a large part of the change, and how much.
    pub mix: Option<(String, Mix)>,
}

impl Moved {
    /// What lies behind a change, by every field of texts that is not left out.
    pub fn of(
        index: &Index,
        query: &Query,
        measure: Measure,
        change: Change,
        without: &[usize],
    ) -> Result<Self> {
        let fields = index.fields().iter().enumerate();
        let fields: Vec<usize> = fields
            .filter(|(at, field)| field.kind == FieldKind::Text && !without.contains(at))
            .map(|(at, _)| at)
            .collect();
        let survey = Survey {
            measure,
            fields: &fields,
            named: None,
            silent: true,
        };
        let counted = |written: &str| {
            let period = Query::period(written)?.unwrap_or(Query::All);
            index.survey(&query.clone().and(period), &survey)
        };
        let (before, after) = (counted(&change.written[0])?, counted(&change.written[1])?);
        let found = Why::of(&before, &after, false).and_then(|why| why.largest_mix());
        let mix = found.map(|(at, mix)| (index.fields()[fields[at]].name.clone(), mix));
        Ok(Self { change, mix })
    }
}
