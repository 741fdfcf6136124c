//! What was read of a selection: the period, what names no theme, what is named too rarely to show.

use crate::driver::Analysis;
use crate::error::Result;
use crate::index::{Index, Query};
use crate::measure::Measure;
use crate::verbatim::Day;
use rustc_hash::FxHashSet;

/// Counts of the comments that have the score and were analysed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Those that name no theme.
    pub silent: u64,
    /// Those that name a theme which is too rare to be shown.
    pub hidden: u64,
    /// The first day and the last; `None` without dates.
    pub days: Option<(Day, Day)>,
    /// Those without a date.
    pub undated: u64,
}

impl Read {
    /// The counts of a selection.
    pub fn of(index: &Index, query: &Query, measure: Measure, analysis: &Analysis) -> Result<Self> {
        let shown: FxHashSet<u16> = analysis.themes.iter().filter_map(|row| row.theme).collect();
        let parts = index.observe(query, measure, None, |part: &mut Self, seen| {
            part.silent += u64::from(seen.named.is_empty());
            let is_hidden = seen.named.iter().any(|one| !shown.contains(&one.theme));
            part.hidden += u64::from(is_hidden);
            part.undated += u64::from(seen.day.is_none());
            part.add(seen.day.map(|day| (day, day)));
        })?;
        let mut all = Self::default();
        for part in parts {
            let one = part.counted;
            all.silent += one.silent;
            all.hidden += one.hidden;
            all.undated += one.undated;
            all.add(one.days);
        }
        Ok(all)
    }

    fn add(&mut self, days: Option<(Day, Day)>) {
        self.days = match (self.days, days) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (one, two) => one.or(two),
        };
    }
}
