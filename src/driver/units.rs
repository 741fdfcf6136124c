//! The problem nobody owns: what hurts in three or more units of the company at once.
//!
//! Within each unit (an area, a region, a shop…) the impact of a driver is worked out as it is for
//! the whole. It *hurts there* when its 95 % interval lies wholly below 0 and it stays significant
//! among the units it was tested in (Benjamini & Hochberg), so that one unit in forty is not called
//! hurt by chance. A driver that hurts in [`TRANSVERSAL_FROM`] units is transversal.

use super::Named;
use super::false_discovery::{self, ACCEPTED};
use super::impact::Impact;
use crate::measure::Vote;
use crate::tally::{HIDDEN_BELOW, Tally};
use serde::Serialize;
use std::collections::BTreeMap;

/// Units in which a driver must hurt to be transversal (product definition: three or more).
pub const TRANSVERSAL_FROM: usize = 3;

/// Votes by unit and by what is named: whole counts that merge in any order. Units are numbered by
/// whoever counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units<K: Ord> {
    units: BTreeMap<K, Unit>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Unit {
    total: Tally,
    drivers: Vec<Tally>,
    themes: Vec<Tally>,
}

/// In how many units a driver or theme is named, and in how many it hurts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// Units where at least [`HIDDEN_BELOW`] name it.
    pub units: usize,
    /// Units where it certainly costs the score points.
    pub hurt: usize,
}

impl Spread {
    /// True when it hurts in so many units that it belongs to none.
    pub fn is_transversal(&self) -> bool {
        self.hurt >= TRANSVERSAL_FROM
    }
}

impl<K: Ord + Clone> Units<K> {
    /// Counts one verbatim of a unit.
    pub fn add(&mut self, unit: K, vote: Vote, named: &[Named]) {
        let unit = self.units.entry(unit).or_default();
        unit.total.count(vote);
        for (at, name) in named.iter().enumerate() {
            let before = &named[..at];
            if before.iter().all(|other| other.driver != name.driver) {
                grown(&mut unit.drivers, name.driver).count(vote);
            }
            if before.iter().all(|other| other.theme != name.theme) {
                grown(&mut unit.themes, name.theme).count(vote);
            }
        }
    }

    /// Adds what another counted of other verbatims, each of its units under the name it has here.
    pub fn merge<L: Ord>(&mut self, other: &Units<L>, name: impl Fn(&L) -> K) {
        for (unit, from) in &other.units {
            let into = self.units.entry(name(unit)).or_default();
            into.total += from.total;
            let lists = [
                (&mut into.drivers, &from.drivers),
                (&mut into.themes, &from.themes),
            ];
            for (into, from) in lists {
                for (at, tally) in (0..).zip(from) {
                    *grown(into, at) += *tally;
                }
            }
        }
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// The spread of a row: a driver, or a theme of it.
    pub fn spread(&self, (driver, theme): (u16, Option<u16>)) -> Spread {
        let mut impacts = Vec::new();
        for unit in self.units.values() {
            let (list, at) = match theme {
                Some(theme) => (&unit.themes, theme),
                None => (&unit.drivers, driver),
            };
            let with = list.get(usize::from(at)).copied().unwrap_or_default();
            if with.n() >= HIDDEN_BELOW {
                let without = unit.total - with;
                let impact = Impact::of(with, without);
                impacts.push(impact.filter(|_| without.n() >= HIDDEN_BELOW));
            }
        }
        let p: Vec<Option<f64>> = impacts.iter().map(|one| one.and_then(|i| i.p)).collect();
        let hurts = impacts
            .iter()
            .zip(false_discovery::adjust(&p))
            .filter(|(impact, q)| {
                impact.is_some_and(|i| i.high < 0.0) && q.is_some_and(|q| q <= ACCEPTED)
            });
        Spread {
            units: impacts.len(),
            hurt: hurts.count(),
        }
    }
}

fn grown(list: &mut Vec<Tally>, at: u16) -> &mut Tally {
    let at = usize::from(at);
    if list.len() <= at {
        list.resize(at + 1, Tally::default());
    }
    &mut list[at]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::Polarity;

    const NAMED: Named = Named {
        theme: 2,
        driver: 0,
        polarity: Polarity::Negative,
    };

    /// A unit of 100 at net +40 in which `minus` of 20 who name the driver vote against.
    fn unit(units: &mut Units<u32>, at: u32, minus: u64) {
        for i in 0..80 {
            let vote = if i < 56 { Vote::Plus } else { Vote::Minus };
            units.add(at, vote, &[]);
        }
        for i in 0..20 {
            let vote = if i < minus { Vote::Minus } else { Vote::Plus };
            units.add(at, vote, &[NAMED, NAMED]);
        }
    }

    #[test]
    fn what_hurts_everywhere_belongs_to_nobody() {
        let mut units = Units::default();
        unit(&mut units, 0, 18);
        unit(&mut units, 1, 17);
        unit(&mut units, 2, 6);
        let spread = units.spread((0, None));
        assert_eq!(spread, Spread { units: 3, hurt: 2 });
        assert!(!spread.is_transversal());
        unit(&mut units, 3, 19);
        for row in [(0, None), (0, Some(2))] {
            assert!(units.spread(row).is_transversal());
        }
        assert_eq!(units.spread((7, None)), Spread::default());
    }

    #[test]
    fn parts_merge_to_the_whole_by_name() {
        let names = ["north", "south"];
        let (mut a, mut b) = (Units::default(), Units::default());
        unit(&mut a, 0, 18);
        unit(&mut b, 1, 18);
        let mut whole: Units<&str> = Units::default();
        whole.merge(&a, |at| names[*at as usize]);
        whole.merge(&b, |at| names[1 - *at as usize]);
        assert_eq!(whole.len(), 1);
        assert_eq!(whole.spread((0, None)).units, 1);
    }
}
