//! What each driver contributes when comments name several: nothing is counted twice.
//!
//! For a set S of drivers, v(S) = net(all) - net(those who name no driver of S); v of one driver is
//! its impact. The Shapley value (Shapley 1953, *A value for n-person games*) is the mean of what a
//! driver adds to v over all orders in which drivers can be counted; the values sum to v(all).
//!
//! ```text
//! φᵢ = Σ over S without i of |S|!(k - |S| - 1)!/k! · (v(S ∪ i) - v(S))
//! ```
//!
//! Exact up to [`EXACT_PLAYERS`]; above, the mean over orders drawn with a seed (Castro, Gómez &
//! Tejada 2009, *Polynomial calculation of the Shapley value based on sampling*), each followed by
//! its reverse, which makes the mean steadier at no cost (Mitchell et al. 2022, *Sampling
//! permutations for Shapley value estimation*).

use crate::chance::Chance;
use crate::tally::{HIDDEN_BELOW, Tally};
use serde::Serialize;
use std::collections::BTreeMap;

/// Up to this many players the value is exact: 4,096 sets.
pub const EXACT_PLAYERS: usize = 12;
/// More players than this do not fit in the bits of a set.
pub const MOST_PLAYERS: usize = 64;
/// Pairs of orders drawn above [`EXACT_PLAYERS`]. A choice: tried with 20 drivers, the sampling
/// error stays below a tenth of the standard error of an impact.
pub const PAIRS: u32 = 100;

/// What one player contributes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// The Shapley value, in the unit of v.
    pub value: f64,
    /// Standard error from sampling orders, same unit; 0 when the value is exact. It says nothing
    /// of the uncertainty of the votes.
    pub sampling_error: f64,
}

/// The exact values for `v`, which is asked once for each set (bit i is player i).
///
/// `None` above [`EXACT_PLAYERS`], and when `v` is unknown for any set.
pub fn exact(players: usize, v: impl FnMut(u64) -> Option<f64>) -> Option<Vec<Share>> {
    if players > EXACT_PLAYERS {
        return None;
    }
    let values: Vec<f64> = (0..1_u64 << players).map(v).collect::<Option<_>>()?;
    let weights = weights(players);
    let value = |player: usize| {
        let gains = values.iter().enumerate().filter_map(|(set, without)| {
            let with = values.get(set | 1 << player)?;
            let weight = weights.get(set.count_ones() as usize)?;
            (set >> player & 1 == 0).then(|| weight * (with - without))
        });
        Share {
            value: gains.sum(),
            sampling_error: 0.0,
        }
    };
    Some((0..players).map(value).collect())
}

/// |S|!(k - |S| - 1)!/k! for each size of S from 0 to k - 1: 1/k, then each from the one before.
fn weights(players: usize) -> Vec<f64> {
    let mut weight = 1.0 / players as f64;
    (0..players)
        .map(|size| {
            let this = weight;
            weight *= (size + 1) as f64 / (players - size).saturating_sub(1) as f64;
            this
        })
        .collect()
}

/// The values for `v` from `pairs` orders and their reverses.
///
/// `None` above [`MOST_PLAYERS`], with fewer than 2 pairs, and when `v` is unknown for a set that
/// came up.
pub fn sampled(
    players: usize,
    pairs: u32,
    chance: &mut Chance,
    mut v: impl FnMut(u64) -> Option<f64>,
) -> Option<Vec<Share>> {
    average_gains(players, pairs, chance, |order| {
        let mut set = 0;
        std::iter::once(v(0))
            .chain(order.iter().map(|player| {
                set |= 1 << player;
                v(set)
            }))
            .collect()
    })
}

/// The mean gain of each player over drawn orders. `walk` gives v along an order: of nobody, of
/// the first player, of the first two, and so on.
fn average_gains(
    players: usize,
    pairs: u32,
    chance: &mut Chance,
    mut walk: impl FnMut(&[usize]) -> Option<Vec<f64>>,
) -> Option<Vec<Share>> {
    if players > MOST_PLAYERS || pairs < 2 {
        return None;
    }
    let mut order: Vec<usize> = (0..players).collect();
    let mut means = vec![Mean::default(); players];
    for _ in 0..pairs {
        shuffle(&mut order, chance);
        let mut gains = vec![0.0; players];
        for _ in 0..2 {
            let values = walk(&order)?;
            for (player, pair) in order.iter().zip(values.windows(2)) {
                if let (Some(gain), [before, after]) = (gains.get_mut(*player), pair) {
                    *gain += (after - before) / 2.0;
                }
            }
            order.reverse();
        }
        for (mean, gain) in means.iter_mut().zip(gains) {
            mean.add(gain);
        }
    }
    Some(means.iter().map(Mean::share).collect())
}

/// Puts `order` in any order, each as likely (Fisher & Yates; Durstenfeld 1964).
fn shuffle(order: &mut [usize], chance: &mut Chance) {
    for last in (1..order.len()).rev() {
        order.swap(last, chance.below(last as u64 + 1) as usize);
    }
}

/// A mean and its spread, kept up with each value (Welford 1962).
#[derive(Clone, Default)]
struct Mean {
    n: f64,
    middle: f64,
    squares: f64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.n += 1.0;
        let before = value - self.middle;
        self.middle += before / self.n;
        self.squares += before * (value - self.middle);
    }

    fn share(&self) -> Share {
        Share {
            value: self.middle,
            sampling_error: (self.squares / (self.n - 1.0) / self.n).sqrt(),
        }
    }
}

/// Votes by the set of players they name: all that v needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coalitions {
    players: usize,
    votes: BTreeMap<u64, Tally>,
}

impl Coalitions {
    /// No votes yet, of `players` players, at most [`MOST_PLAYERS`].
    pub fn new(players: usize) -> Self {
        Self {
            players: players.min(MOST_PLAYERS),
            votes: BTreeMap::new(),
        }
    }

    /// Adds the votes of those who name exactly the players in the bits of `set`; other bits count
    /// for nothing.
    pub fn add(&mut self, set: u64, votes: Tally) {
        *self.votes.entry(set & self.everyone()).or_default() += votes;
    }

    /// The set of all players.
    fn everyone(&self) -> u64 {
        1_u64
            .checked_shl(self.players as u32)
            .map_or(u64::MAX, |bit| bit - 1)
    }

    /// What each player contributes to the net score, in points; exact up to [`EXACT_PLAYERS`],
    /// from [`PAIRS`] pairs of orders above. `None` when fewer than [`HIDDEN_BELOW`] name no
    /// player: what the score would be without all of them is then unknown.
    pub fn shares(&self, seed: u64) -> Option<Vec<Share>> {
        self.votes.get(&0).filter(|rest| rest.n() >= HIDDEN_BELOW)?;
        if self.players <= EXACT_PLAYERS {
            self.exact()
        } else {
            self.sampled(PAIRS, &mut Chance::new(seed))
        }
    }

    fn all(&self) -> Tally {
        let sum = |sum, votes: &Tally| sum + *votes;
        self.votes.values().fold(Tally::default(), sum)
    }

    fn exact(&self) -> Option<Vec<Share>> {
        let inside = self.inside();
        let net = self.all().net()?;
        exact(self.players, |set| {
            let rest = inside.get((self.everyone() & !set) as usize)?;
            Some(net - rest.net()?)
        })
    }

    /// For each set, the votes that name no player outside it: one pass for each player (Yates).
    fn inside(&self) -> Vec<Tally> {
        let mut sums = vec![Tally::default(); 1 << self.players];
        for (set, votes) in &self.votes {
            if let Some(sum) = sums.get_mut(*set as usize) {
                *sum += *votes;
            }
        }
        for player in 0..self.players {
            for set in (0..sums.len()).filter(|set| set >> player & 1 == 1) {
                let smaller = sums[set & !(1 << player)];
                sums[set] += smaller;
            }
        }
        sums
    }

    fn sampled(&self, pairs: u32, chance: &mut Chance) -> Option<Vec<Share>> {
        let net = self.all().net()?;
        // A list is gone through faster than a tree.
        let votes: Vec<_> = self
            .votes
            .iter()
            .map(|(set, votes)| (*set, *votes))
            .collect();
        average_gains(self.players, pairs, chance, |order| {
            walk(&votes, order, net)
        })
    }
}

/// v along an order in one pass: votes leave with the first player of the order they name.
fn walk(votes: &[(u64, Tally)], order: &[usize], net: f64) -> Option<Vec<f64>> {
    let mut place = [order.len(); MOST_PLAYERS];
    for (at, player) in order.iter().enumerate() {
        *place.get_mut(*player)? = at;
    }
    let mut leaving = vec![Tally::default(); order.len() + 1];
    for (set, votes) in votes {
        let first = bits(*set).filter_map(|player| place.get(player).copied());
        *leaving.get_mut(first.min().unwrap_or(order.len()))? += *votes;
    }
    let mut rest = Tally::default();
    let mut values = Vec::with_capacity(leaving.len());
    for votes in leaving.iter().rev() {
        rest += *votes;
        values.push(net - rest.net()?);
    }
    values.reverse();
    Some(values)
}

/// The players in `set`, ascending.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (set != 0).then(|| {
            let player = set.trailing_zeros();
            set &= set - 1;
            player as usize
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn variance_explained_by_three_predictors() {
        let v = [
            0.0, 0.1064, 0.1254, 0.1807, 0.1288, 0.1700, 0.1873, 0.2144_f64,
        ];
        let value = |set: u64| v.get(set as usize).copied();
        let shares = exact(3, value).unwrap();
        let drawn = sampled(3, 4_000, &mut Chance::new(1), value).unwrap();
        for (at, expected) in [0.06058, 0.07873, 0.07508].into_iter().enumerate() {
            assert!((shares[at].value - expected).abs() < 5e-6, "{shares:?}");
            let off = (drawn[at].value - shares[at].value).abs();
            assert!(off < 4.0 * drawn[at].sampling_error, "{drawn:?}");
        }
    }

    #[test]
    fn undefined_when_hardly_anybody_names_no_player() {
        let votes = Tally {
            plus: 3,
            zero: 2,
            minus: 1,
        };
        let four = Tally {
            plus: 4,
            zero: 0,
            minus: 0,
        };
        let mut all = Coalitions::new(2);
        all.add(0b01, votes);
        all.add(0b11, votes);
        all.add(0, four);
        assert_eq!(all.shares(1), None, "four are too few to compare with");
        all.add(0, votes);
        assert!(all.shares(1).is_some());
        assert_eq!(exact(13, |_| Some(0.0)), None);
        assert_eq!(Coalitions::new(0).shares(1), None);
    }

    fn coalitions(players: usize) -> impl Strategy<Value = Coalitions> {
        let votes = (0..40_u64, 0..40_u64, 0..40_u64);
        prop::collection::vec((0..1_u64 << players, votes), 1..60).prop_map(move |rows| {
            let mut all = Coalitions::new(players);
            // Somebody names nothing, so that v is known for every set.
            for (set, (plus, zero, minus)) in rows.into_iter().chain([(0, (5, 5, 5))]) {
                all.add(set, Tally { plus, zero, minus });
            }
            all
        })
    }

    /// v by its definition, from the votes.
    fn value(all: &Coalitions, set: u64) -> Option<f64> {
        let rest = all.votes.iter().filter(|(named, _)| **named & set == 0);
        let rest = rest.fold(Tally::default(), |sum, (_, votes)| sum + *votes);
        Some(all.all().net()? - rest.net()?)
    }

    proptest! {
        #[test]
        fn the_table_and_the_definition_agree(all in coalitions(5)) {
            let fast = all.shares(0).unwrap();
            let slow = exact(5, |set| value(&all, set)).unwrap();
            let whole: f64 = fast.iter().map(|share| share.value).sum();
            prop_assert!((whole - value(&all, 0b1_1111).unwrap()).abs() < 1e-9);
            for (a, b) in fast.iter().zip(&slow) {
                prop_assert!((a.value - b.value).abs() < 1e-9);
            }
            let one = all.sampled(20, &mut Chance::new(3)).unwrap();
            let other = sampled(5, 20, &mut Chance::new(3), |set| value(&all, set)).unwrap();
            for (a, b) in one.iter().zip(&other) {
                prop_assert!((a.value - b.value).abs() < 1e-9);
            }
        }

        #[test]
        fn many_players_sum_to_the_whole(all in coalitions(14)) {
            let shares = all.shares(9).unwrap();
            let whole: f64 = shares.iter().map(|share| share.value).sum();
            prop_assert!((whole - value(&all, (1 << 14) - 1).unwrap()).abs() < 1e-9);
        }
    }
}
