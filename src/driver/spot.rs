//! Where something is concentrated: values of fields, and pairs of values, looked at all at once.
//!
//! What is counted is the group alone: those of it who name a cause against those of it who do not. Held
//! against everybody, a value where nearly all are of the group would be a place of every cause.
//!
//! A value is held against everybody else. A pair is held against everybody else, against the rest
//! of its one value and against the rest of its other, and has the largest of the three p (an
//! intersection-union test; Berger 1982, *Multiparameter hypothesis testing and acceptance
//! sampling*, Technometrics 24): a pair is told only where it is more than either of its values.
//! All that were looked at are corrected for together.

use super::false_discovery;
use super::proportion::{Bounded, Proportions};
use crate::tally::{HIDDEN_BELOW, INDICATIVE_BELOW};
use rustc_hash::FxHashMap;

/// Verbatims by the values of one field or of two, and how many of them are events of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Positions of the fields: one, or two.
    pub fields: Vec<usize>,
    /// How many values the last field has.
    pub width: usize,
    /// For each cell (value of the first field · width + value of the last) all verbatims, then the
    /// events of each kind.
    pub counts: Vec<u64>,
}

/// A value or a pair of values where an event is concentrated.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// (field, value), by their positions.
    pub cells: Vec<(usize, usize)>,
    /// Events of all here, and of everybody else.
    pub counts: Proportions,
    /// Share of events here over the share among all.
    pub lift: f64,
    /// Odds here over the odds of everybody else.
    pub odds: Bounded,
    /// Chance of so much more if it were spread evenly, adjusted for all that were looked at.
    pub q: f64,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Spots {
    /// For each kind of event the places where it is concentrated, the surest odds first.
    pub spots: Vec<Vec<Spot>>,
    /// How many places were looked at, over all kinds of events.
    pub looked_at: usize,
}

/// A cell that was looked at.
struct Looked {
    event: usize,
    cells: Vec<(usize, usize)>,
    counts: Proportions,
    p: f64,
}

/// All verbatims and the events of each kind in one cell.
type Cell<'g> = &'g [u64];

/// The places where each kind of event is concentrated. `all` holds all verbatims, then the events of
/// each kind; a cell of fewer than [`INDICATIVE_BELOW`] verbatims is not looked at.
pub fn search(all: &[u64], grids: &[Grid]) -> Spots {
    let stride = all.len();
    let singles = singles(grids, stride);
    let mut looked = Vec::new();
    for grid in grids {
        for (at, cell) in grid.counts.chunks_exact(stride).enumerate() {
            if cell[0] < INDICATIVE_BELOW || cell[0] == all[0] {
                continue;
            }
            let cells = grid.cells(at);
            for event in 1..stride {
                looked.extend(look(all, cell, &cells, &singles, event));
            }
        }
    }
    let p: Vec<Option<f64>> = looked.iter().map(|one| Some(one.p)).collect();
    let mut spots = vec![Vec::new(); stride.saturating_sub(1)];
    let looked_at = looked.len();
    for (one, q) in looked.into_iter().zip(false_discovery::adjust(&p)) {
        let q = q.unwrap_or(1.0);
        let is_one = q <= false_discovery::ACCEPTED && one.counts.here >= HIDDEN_BELOW;
        if is_one && let Some(into) = spots.get_mut(one.event - 1) {
            into.push(spot(one, q));
        }
    }
    for (event, spots) in (1..).zip(&mut spots) {
        drop_explained(spots, all, &singles, event);
        spots.sort_by(|a, b| {
            let sure = b.odds.low.total_cmp(&a.odds.low);
            sure.then_with(|| a.cells.cmp(&b.cells))
        });
    }
    Spots { spots, looked_at }
}

impl Grid {
    /// The (field, value) of a cell.
    fn cells(&self, at: usize) -> Vec<(usize, usize)> {
        match self.fields[..] {
            [one, two] => vec![(one, at / self.width), (two, at % self.width)],
            [one, ..] => vec![(one, at)],
            [] => Vec::new(),
        }
    }
}

fn singles(grids: &[Grid], stride: usize) -> FxHashMap<(usize, usize), Cell<'_>> {
    let of_one = grids.iter().filter(|grid| grid.fields.len() == 1);
    let cells = of_one.flat_map(|grid| {
        let cells = grid.counts.chunks_exact(stride).enumerate();
        cells.map(|(at, cell)| ((grid.fields[0], at), cell))
    });
    cells.collect()
}

/// The test of one cell; `None` for a pair that is all of one of its values.
fn look(
    all: Cell<'_>,
    cell: Cell<'_>,
    cells: &[(usize, usize)],
    singles: &FxHashMap<(usize, usize), Cell<'_>>,
    event: usize,
) -> Option<Looked> {
    let counts = Proportions::against_rest(cell[event], cell[0], all[event], all[0]);
    let mut p = if counts.is_more() { counts.p() } else { 1.0 };
    if cells.len() > 1 {
        for one in cells {
            let whole = singles.get(one)?;
            if whole[0] == cell[0] {
                return None;
            }
            let rest = Proportions::against_rest(cell[event], cell[0], whole[event], whole[0]);
            // Once it is not significant the rest of the tests cannot make it so.
            p = if p < 1.0 && rest.is_more() {
                p.max(rest.p())
            } else {
                1.0
            };
        }
    }
    Some(Looked {
        event,
        cells: cells.to_vec(),
        counts,
        p,
    })
}

fn spot(looked: Looked, q: f64) -> Spot {
    let counts = looked.counts;
    let hits = (counts.here + counts.there) as f64;
    let all = (counts.all_here + counts.all_there) as f64;
    Spot {
        lift: counts.share_here().unwrap_or_default() * all / hits,
        odds: counts.odds(),
        cells: looked.cells,
        counts,
        q,
    }
}

/// Takes out a value whose concentration is that of a pair it is part of: without the pair it is no
/// more than everybody else.
fn drop_explained(
    spots: &mut Vec<Spot>,
    all: Cell<'_>,
    singles: &FxHashMap<(usize, usize), Cell<'_>>,
    event: usize,
) {
    let pairs: Vec<Spot> = spots
        .iter()
        .filter(|spot| spot.cells.len() > 1)
        .cloned()
        .collect();
    spots.retain(|spot| {
        let [one] = spot.cells[..] else { return true };
        let Some(whole) = singles.get(&one) else {
            return true;
        };
        pairs
            .iter()
            .filter(|pair| pair.cells.contains(&one))
            .all(|pair| {
                let rest = Proportions {
                    here: whole[event] - pair.counts.here,
                    all_here: whole[0] - pair.counts.all_here,
                    there: all[event] - whole[event],
                    all_there: all[0] - whole[0],
                };
                rest.is_more() && rest.p() <= false_discovery::ACCEPTED
            })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    const VALUES: [usize; 3] = [4, 5, 3];

    /// Verbatims over three fields, the event as likely as `risk` says; counts of every value and
    /// pair.
    fn drawn(seed: u64, n: u32, risk: impl Fn(&[usize; 3]) -> f64) -> (Vec<u64>, Vec<Grid>) {
        let mut grids: Vec<Grid> = (0..3)
            .map(|f| (vec![f], VALUES[f], VALUES[f]))
            .chain(
                [(0, 1), (0, 2), (1, 2)]
                    .map(|(f, g)| (vec![f, g], VALUES[g], VALUES[f] * VALUES[g])),
            )
            .map(|(fields, width, cells)| Grid {
                fields,
                width,
                counts: vec![0; 2 * cells],
            })
            .collect();
        let mut all = vec![0, 0];
        let mut chance = Chance::new(seed);
        for _ in 0..n {
            let values = VALUES.map(|values| chance.below(values as u64) as usize);
            let event = u64::from(chance.unit() < risk(&values));
            all[0] += 1;
            all[1] += event;
            for grid in &mut grids {
                let at = grid
                    .fields
                    .iter()
                    .fold(0, |at, field| at * grid.width + values[*field]);
                let at = if grid.fields.len() == 1 {
                    values[grid.fields[0]]
                } else {
                    at
                };
                grid.counts[2 * at] += 1;
                grid.counts[2 * at + 1] += event;
            }
        }
        (all, grids)
    }

    #[test]
    fn a_planted_value_and_a_planted_pair() {
        let (all, grids) = drawn(1, 6_000, |v| if v[1] == 2 { 0.2 } else { 0.05 });
        let found = search(&all, &grids);
        let cells: Vec<_> = found.spots[0]
            .iter()
            .map(|spot| spot.cells.clone())
            .collect();
        assert_eq!(cells, [vec![(1, 2)]]);
        assert!(found.looked_at == 59, "{}", found.looked_at);
        assert!(
            (found.spots[0][0].lift - 2.5).abs() < 0.4,
            "{:?}",
            found.spots[0][0]
        );

        let (all, grids) = drawn(
            2,
            6_000,
            |v| if v[0] == 1 && v[2] == 0 { 0.3 } else { 0.05 },
        );
        let found = search(&all, &grids);
        let cells: Vec<_> = found.spots[0]
            .iter()
            .map(|spot| spot.cells.clone())
            .collect();
        assert_eq!(
            cells,
            [vec![(0, 1), (2, 0)]],
            "the pair, and neither of its values alone"
        );
    }

    /// Spread evenly: at most one search in twenty finds a place.
    #[test]
    fn nothing_planted_nothing_found() {
        let runs = 400;
        let alarms = (0..runs)
            .filter(|seed| {
                let (all, grids) = drawn(1_000 + seed, 1_500, |_| 0.08);
                !search(&all, &grids).spots[0].is_empty()
            })
            .count();
        assert!(alarms <= 28, "{alarms} of {runs}: 20 are the level");
    }
}
