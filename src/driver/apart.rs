//! What sets a group apart: the drivers, or themes, that it names more often than the rest do.

use super::counted::Counted;
use super::false_discovery;
use super::impact::recoverable;
use super::proportion::{Bounded, Proportions};
use crate::tally::{HIDDEN_BELOW, Tally};

/// How often a group names a driver or theme, against the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Apart {
    /// Position of the driver or theme.
    pub at: u16,
    /// Those who name it: of the group here, of the rest there.
    pub counts: Proportions,
    /// Share of the group minus share of the rest, -1 to 1.
    pub difference: Bounded,
    /// Odds of the group over the odds of the rest.
    pub odds: Bounded,
    /// Chance of shares at least as far apart if the group named it as the rest do, 0 to 1.
    pub p: f64,
    /// `p` adjusted for all that were tested beside it.
    pub q: f64,
    /// Points the net score gains if every -1 of the group who names it became a 0; `None` for
    /// themes and for a group without any.
    pub recoverable: Option<f64>,
}

impl Apart {
    /// True when the group names it more often, and that is significant among all tested.
    pub fn is_certain(&self) -> bool {
        self.q <= false_discovery::ACCEPTED && self.counts.is_more()
    }
}

/// The drivers that at least [`HIDDEN_BELOW`] of the group name: certain harm first, by the lower
/// bound of the difference of shares. By the odds themselves a rare driver would lead.
pub fn drivers(group: &Counted, rest: &Counted) -> Vec<Apart> {
    let all = (group.votes.total() + rest.votes.total()).n();
    let any = group.votes.total().minus > 0;
    let votes: Vec<(u16, Tally)> = group.votes.named_by().collect();
    let positions = 0..group.drivers.len().max(rest.drivers.len());
    let counts = positions.map(|at| {
        let counts = Proportions {
            here: group.naming_driver(at),
            all_here: group.analysed,
            there: rest.naming_driver(at),
            all_there: rest.analysed,
        };
        (at as u16, counts)
    });
    let mut rows = tested(counts);
    for row in &mut rows {
        let found = votes.binary_search_by_key(&row.at, |(at, _)| *at);
        let votes = found.ok().and_then(|found| votes.get(found));
        let minus = votes.map_or(0, |(_, votes)| votes.minus);
        row.recoverable = recoverable(minus, all).filter(|_| any);
    }
    rows
}

/// The themes that at least [`HIDDEN_BELOW`] of the group name, as [`drivers`] does.
pub fn themes(group: &Counted, rest: &Counted) -> Vec<Apart> {
    let positions = 0..group.themes.len().max(rest.themes.len());
    tested(positions.map(|at| {
        let counts = Proportions {
            here: group.naming(at),
            all_here: group.analysed,
            there: rest.naming(at),
            all_there: rest.analysed,
        };
        (at as u16, counts)
    }))
}

/// Tests what enough name in both together, and shows what enough of the group name.
fn tested(counts: impl Iterator<Item = (u16, Proportions)>) -> Vec<Apart> {
    let counts: Vec<_> = counts
        .filter(|(_, c)| c.here + c.there >= HIDDEN_BELOW)
        .collect();
    let p: Vec<Option<f64>> = counts.iter().map(|(_, counts)| Some(counts.p())).collect();
    let tested = p.iter().zip(false_discovery::adjust(&p));
    let rows = counts.into_iter().zip(tested);
    let rows = rows.filter_map(|((at, counts), (p, q))| {
        Some(Apart {
            at,
            counts,
            difference: counts.difference()?,
            odds: counts.odds(),
            p: (*p)?,
            q: q?,
            recoverable: None,
        })
    });
    let mut rows: Vec<Apart> = rows.filter(|row| row.counts.here >= HIDDEN_BELOW).collect();
    rows.sort_by(|a, b| {
        let harm = b.difference.low.total_cmp(&a.difference.low);
        harm.then(a.at.cmp(&b.at))
    });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    fn counted(chance: &mut Chance, n: u64, shares: &[f64]) -> Counted {
        let drivers = shares.iter().map(|share| chance.binomial(n, *share));
        Counted {
            analysed: n,
            drivers: drivers.collect(),
            ..Counted::default()
        }
    }

    #[test]
    fn the_planted_driver_leads() {
        let mut chance = Chance::new(9);
        let rest = [0.02; 12];
        let mut group = rest;
        (group[4], group[7]) = (0.2, 0.06);
        let rows = drivers(
            &counted(&mut chance, 600, &group),
            &counted(&mut chance, 2_000, &rest),
        );
        let certain: Vec<u16> = rows
            .iter()
            .filter(|r| r.is_certain())
            .map(|r| r.at)
            .collect();
        assert_eq!(certain, [4, 7]);
        assert!(rows[0].odds.low > 4.0, "{:?}", rows[0]);
    }

    /// A group that is like the rest: at most one run in twenty sees anything.
    #[test]
    fn a_group_like_the_rest_raises_no_alarm() {
        let mut chance = Chance::new(31);
        let shares: Vec<f64> = (0..20).map(|at| 0.004 * 1.25_f64.powi(at)).collect();
        let alarms = (0..1_000)
            .filter(|_| {
                let group = counted(&mut chance, 300, &shares);
                let rest = counted(&mut chance, 900, &shares);
                drivers(&group, &rest).iter().any(Apart::is_certain)
            })
            .count();
        // Half of the level: the other half is of what the group names less.
        assert!(alarms <= 40, "{alarms} of 1000");
    }
}
