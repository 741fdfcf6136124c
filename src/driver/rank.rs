//! The order in which drivers are shown: what certainly harms comes first.
//!
//! A root cause (impact below 0) stands where the upper bound of its interval puts it, a delight
//! (above 0) where its lower bound does. By the impact itself a handful of extreme comments could
//! lead; their interval is wide, so by its bound nearest to 0 they cannot.

use super::impact::Impact;
use serde::Serialize;
use std::cmp::Ordering;

/// Which list a theme or driver stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// It costs the score points.
    RootCause,
    /// It adds points to the score.
    Delight,
    /// Its impact is 0 or cannot be said.
    Neither,
}

impl Side {
    /// The side of an impact.
    pub fn of(impact: Option<&Impact>) -> Self {
        match impact {
            Some(impact) if impact.impact < 0.0 => Self::RootCause,
            Some(impact) if impact.impact > 0.0 => Self::Delight,
            _ => Self::Neither,
        }
    }
}

/// Sorts rows: root causes by the upper bound of their impact, the lowest first; then delights by
/// the lower bound, the highest first; then the others. Rows that tie stand by `id`.
pub fn sort<T, I: Ord>(
    rows: &mut [T],
    impact: impl Fn(&T) -> Option<&Impact>,
    id: impl Fn(&T) -> I,
) {
    rows.sort_by(|a, b| compare(impact(a), impact(b)).then_with(|| id(a).cmp(&id(b))));
}

fn compare(a: Option<&Impact>, b: Option<&Impact>) -> Ordering {
    Side::of(a).cmp(&Side::of(b)).then_with(|| match (a, b) {
        (Some(a), Some(b)) => match Side::of(Some(a)) {
            Side::RootCause => a.high.total_cmp(&b.high),
            Side::Delight => b.low.total_cmp(&a.low),
            Side::Neither => Ordering::Equal,
        },
        // What has an impact of 0 comes before what has none.
        _ => b.is_some().cmp(&a.is_some()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::Tally;

    const ALL: Tally = Tally {
        plus: 55,
        zero: 25,
        minus: 20,
    };

    fn row(id: &'static str, plus: u64, zero: u64, minus: u64) -> (&'static str, Option<Impact>) {
        let with = Tally { plus, zero, minus };
        (id, Impact::of(with, ALL - with))
    }

    fn ids(mut rows: Vec<(&'static str, Option<Impact>)>) -> Vec<&'static str> {
        sort(&mut rows, |row| row.1.as_ref(), |row| row.0);
        rows.into_iter().map(|row| row.0).collect()
    }

    #[test]
    fn six_extreme_comments_do_not_lead() {
        let extreme = row("extreme", 0, 0, 6);
        let steady = row("steady", 0, 13, 2);
        let points = |row: &(_, Option<Impact>)| row.1.unwrap().impact;
        assert!(
            points(&extreme) < points(&steady),
            "by impact alone they would lead"
        );
        assert!(
            extreme.1.unwrap().high < 0.0,
            "they are certain enough to be listed"
        );
        assert_eq!(ids(vec![extreme, steady]), ["steady", "extreme"]);
    }

    #[test]
    fn harm_then_delight_then_the_rest() {
        let rows = vec![
            row("unnamed", 0, 0, 0),
            row("small delight", 4, 1, 0),
            row("delight", 30, 2, 0),
            row("harm", 2, 3, 15),
            row("small harm", 2, 0, 3),
        ];
        assert_eq!(
            ids(rows),
            ["harm", "small harm", "delight", "small delight", "unnamed"]
        );
    }

    #[test]
    fn ties_stand_by_id() {
        assert_eq!(
            ids(vec![row("b", 2, 3, 15), row("a", 2, 3, 15)]),
            ["a", "b"]
        );
    }
}
