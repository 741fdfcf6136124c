//! The counts behind a table of drivers: whole numbers that merge exactly, in any order.

use super::asymmetry::Design;
use super::change::{self, Change};
use super::contribution::{self, Contribution, Shared, Slice};
use super::shapley::Coalitions;
use crate::measure::Vote;
use crate::sentiment::Polarity;
use crate::tally::Tally;
use rustc_hash::FxHashMap;

/// A theme that a verbatim names. Themes and drivers are given by their positions in the taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Position of the theme.
    pub theme: u16,
    /// Position of the driver that the theme belongs to.
    pub driver: u16,
    /// The sentiment it is named with.
    pub polarity: Polarity,
}

/// Counts of votes by the drivers and themes that verbatims name.
///
/// Verbatims that cast no vote, or say nothing, are not for it: they count in no share.
#[derive(Clone, Debug, Default)]
pub struct Accumulator {
    total: Tally,
    drivers: Vec<Counts>,
    themes: Vec<Counts>,
    /// The driver of each theme seen.
    owners: Vec<Option<u16>>,
    /// Votes by the drivers named and how. Only ever summed, so its order shows nowhere.
    patterns: FxHashMap<Box<[Told]>, Tally>,
    /// Reused from one verbatim to the next.
    told: Vec<Told>,
}

/// The counts of one driver or theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Votes of those who name it.
    pub with: Tally,
    /// Those of -1 who name nothing else negatively.
    pub sole: u64,
    /// Mentions by sentiment, in the order of [`Polarity::ALL`].
    pub mentions: [u64; 3],
}

/// How one verbatim tells of a driver or theme. One named twice, well and badly, is both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Told {
    at: u16,
    positive: bool,
    negative: bool,
}

impl Accumulator {
    /// Counts one verbatim: its vote, and what it names, in any order.
    pub fn add(&mut self, vote: Vote, named: &[Named]) {
        self.total.count(vote);
        for name in named {
            let owner = grown(&mut self.owners, name.theme);
            // A theme has one driver; should it come with two, the order must not decide.
            *owner = Some(owner.map_or(name.driver, |known| known.min(name.driver)));
            grown(&mut self.themes, name.theme).mentions[name.polarity as usize] += 1;
            grown(&mut self.drivers, name.driver).mentions[name.polarity as usize] += 1;
        }
        tell(&mut self.told, named, |name| name.theme);
        count(&mut self.themes, &self.told, vote);
        tell(&mut self.told, named, |name| name.driver);
        count(&mut self.drivers, &self.told, vote);
        if let Some(votes) = self.patterns.get_mut(self.told.as_slice()) {
            votes.count(vote);
        } else {
            let mut votes = Tally::default();
            votes.count(vote);
            self.patterns.insert(self.told.as_slice().into(), votes);
        }
    }

    /// Adds what another counted of other verbatims.
    pub fn merge(&mut self, other: &Self) {
        self.total += other.total;
        merge_counts(&mut self.drivers, &other.drivers);
        merge_counts(&mut self.themes, &other.themes);
        for (theme, owner) in numbered(&other.owners) {
            let known = grown(&mut self.owners, theme);
            *known = known.iter().chain(owner).min().copied();
        }
        for (told, votes) in &other.patterns {
            *self.patterns.entry(told.clone()).or_default() += *votes;
        }
    }

    /// All votes counted.
    pub fn total(&self) -> Tally {
        self.total
    }

    /// Why the score moved from these verbatims to `later` ones, by driver: see [`change`].
    ///
    /// For a partition, a verbatim that names m drivers counts one m-th for each. The last part,
    /// of `None`, is of those who name no driver. `None` when either has no votes.
    pub fn change_to(&self, later: &Self) -> Option<Change<Option<u16>>> {
        let drivers = self.drivers.len().max(later.drivers.len());
        let (before, after) = (self.shared(drivers), later.shared(drivers));
        let parts_of = |all: Vec<Shared>| all.into_iter().map(|one| contribution::part(&one));
        let parts = (0..drivers).map(|at| Some(at as u16)).chain([None]);
        let parts = parts.zip(parts_of(before).zip(parts_of(after)));
        change::between(parts.map(|(part, (before, after))| (part, before, after)))
    }

    /// As [`Accumulator::change_to`], with the interval of each part; drivers that few name are taken
    /// together. `None` when either has no votes.
    pub fn split_to(&self, later: &Self) -> Option<Vec<Contribution<u16>>> {
        let drivers = self.drivers.len().max(later.drivers.len());
        let slices = (0..drivers)
            .map(|at| Slice::Of(at as u16))
            .chain([Slice::Without]);
        let both = self.shared(drivers).into_iter().zip(later.shared(drivers));
        let parts = slices.zip(both);
        let parts = parts.map(|(slice, (before, after))| (slice, before, after));
        contribution::split(parts.collect(), (self.total, later.total))
    }

    /// The votes of each of `drivers` drivers by the number of drivers that share the verbatim, and
    /// those of who names none.
    fn shared(&self, drivers: usize) -> Vec<Shared> {
        // Whole counts, in an order of their own: dividing as they come would add fractions in the
        // order of the map.
        let mut shared = vec![Shared::new(); drivers + 1];
        for (told, votes) in &self.patterns {
            let mut give = |at: usize, by: usize| {
                if let Some(parts) = shared.get_mut(at) {
                    *parts.entry(by).or_default() += *votes;
                }
            };
            if told.is_empty() {
                give(drivers, 1);
            }
            told.iter()
                .for_each(|t| give(usize::from(t.at), told.len()));
        }
        shared
    }

    /// Each driver somebody names, ascending, with the votes of those who do.
    pub fn named_by(&self) -> impl Iterator<Item = (u16, Tally)> {
        self.drivers().map(|(at, counts)| (at, counts.with))
    }

    /// Each driver somebody names, with its counts.
    pub(super) fn drivers(&self) -> impl Iterator<Item = (u16, Counts)> {
        numbered(&self.drivers)
            .map(|(at, counts)| (at, *counts))
            .filter(is_named)
    }

    /// Each theme somebody names, with its driver and counts.
    pub(super) fn themes(&self) -> impl Iterator<Item = (u16, u16, Counts)> {
        let counts = numbered(&self.themes).map(|(at, counts)| (at, *counts));
        counts.filter(is_named).filter_map(|(at, counts)| {
            let owner = *self.owners.get(usize::from(at))?;
            Some((owner?, at, counts))
        })
    }

    /// The votes by set of `players`, at most 64 drivers in ascending order.
    pub(super) fn coalitions(&self, players: &[u16]) -> Coalitions {
        let mut coalitions = Coalitions::new(players.len());
        for (told, votes) in &self.patterns {
            let set = told
                .iter()
                .filter_map(|told| players.binary_search(&told.at).ok());
            coalitions.add(set.fold(0, |set, player| set | 1 << player), *votes);
        }
        coalitions
    }

    /// The votes by how `players` are told of, drivers in ascending order.
    pub(super) fn design(&self, players: &[u16]) -> Design {
        let mut design = Design::new(players.len());
        let mut named = Vec::new();
        for (told, votes) in &self.patterns {
            named.clear();
            named.extend(told.iter().filter_map(|told| {
                let player = players.binary_search(&told.at).ok()?;
                Some((player, told.positive, told.negative))
            }));
            design.add(&named, *votes);
        }
        design
    }
}

fn is_named(row: &(u16, Counts)) -> bool {
    row.1.with.n() > 0
}

/// Each item of a list by position, which [`grown`] keeps within `u16`.
fn numbered<T>(list: &[T]) -> impl Iterator<Item = (u16, &T)> {
    list.iter().enumerate().map(|(at, item)| (at as u16, item))
}

/// The item at `at`, the list made longer if need be.
fn grown<T: Clone + Default>(list: &mut Vec<T>, at: u16) -> &mut T {
    let at = usize::from(at);
    if list.len() <= at {
        list.resize(at + 1, T::default());
    }
    &mut list[at]
}

/// Fills `told` with each thing named once, ascending, told of in every way it was named.
fn tell(told: &mut Vec<Told>, named: &[Named], key: impl Fn(&Named) -> u16) {
    told.clear();
    told.extend(named.iter().map(|name| Told {
        at: key(name),
        positive: name.polarity == Polarity::Positive,
        negative: name.polarity == Polarity::Negative,
    }));
    told.sort_unstable();
    told.dedup_by(|next, kept| {
        let same = next.at == kept.at;
        if same {
            kept.positive |= next.positive;
            kept.negative |= next.negative;
        }
        same
    });
}

/// Counts the vote for everything told of.
fn count(counts: &mut [Counts], told: &[Told], vote: Vote) {
    let negative = told.iter().filter(|told| told.negative).count();
    for told in told {
        if let Some(counts) = counts.get_mut(usize::from(told.at)) {
            counts.with.count(vote);
            let alone = negative == usize::from(told.negative);
            counts.sole += u64::from(vote == Vote::Minus && alone);
        }
    }
}

fn merge_counts(here: &mut Vec<Counts>, there: &[Counts]) {
    for (at, from) in numbered(there) {
        let into = grown(here, at);
        into.with += from.with;
        into.sole += from.sole;
        for (into, from) in into.mentions.iter_mut().zip(from.mentions) {
            *into += from;
        }
    }
}

/// Two are the same when they counted the same, whatever lists grew to.
impl PartialEq for Accumulator {
    fn eq(&self, other: &Self) -> bool {
        self.total == other.total
            && self.patterns == other.patterns
            && self.drivers().eq(other.drivers())
            && self.themes().eq(other.themes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Case = (Vote, Vec<Named>);

    fn name(theme: u16, polarity: Polarity) -> Named {
        Named {
            driver: theme / 3,
            theme,
            polarity,
        }
    }

    fn counted(cases: &[Case]) -> Accumulator {
        let mut all = Accumulator::default();
        for (vote, named) in cases {
            all.add(*vote, named);
        }
        all
    }

    #[test]
    fn a_theme_named_twice_is_one_verbatim_and_two_mentions() {
        let bad = name(4, Polarity::Negative);
        let good = name(4, Polarity::Positive);
        let all = counted(&[(Vote::Minus, vec![bad, good, bad])]);
        let (driver, theme, counts) = all.themes().next().unwrap();
        assert_eq!((driver, theme, counts.with.n()), (1, 4, 1));
        assert_eq!(counts.mentions, [2, 0, 1]);
        assert_eq!(counts.sole, 1);
    }

    #[test]
    fn sole_is_of_those_who_blame_nothing_else() {
        let (wait, staff, price) = (0, 3, 6);
        let all = counted(&[
            (Vote::Minus, vec![name(wait, Polarity::Negative)]),
            (
                Vote::Minus,
                vec![
                    name(wait, Polarity::Negative),
                    name(staff, Polarity::Positive),
                ],
            ),
            (
                Vote::Minus,
                vec![
                    name(wait, Polarity::Negative),
                    name(price, Polarity::Negative),
                ],
            ),
            (Vote::Zero, vec![name(wait, Polarity::Negative)]),
        ]);
        let sole: Vec<(u16, u64)> = all.themes().map(|(_, at, c)| (at, c.sole)).collect();
        assert_eq!(sole, [(wait, 2), (staff, 0), (price, 0)]);
    }

    fn cases() -> impl Strategy<Value = Vec<Case>> {
        let named = (0..12_u16, 0..3_usize).prop_map(|(t, p)| name(t, Polarity::ALL[p]));
        let vote = (-1..=1_i64).prop_map(Vote::of_sign);
        prop::collection::vec((vote, prop::collection::vec(named, 0..5)), 0..50)
    }

    proptest! {
        #[test]
        fn order_and_parts_do_not_matter(cases in cases(), cut in 0..50_usize) {
            let whole = counted(&cases);
            let (head, tail) = cases.split_at(cut.min(cases.len()));
            let mut merged = counted(tail);
            merged.merge(&counted(head));
            prop_assert_eq!(&merged, &whole);
            let mut turned = cases.clone();
            turned.reverse();
            for (_, named) in &mut turned {
                named.reverse();
            }
            prop_assert_eq!(counted(&turned), whole);
        }

        #[test]
        fn the_parts_of_a_change_sum_to_it(early in cases(), late in cases()) {
            let (early, late) = (counted(&early), counted(&late));
            if let (Some(before), Some(after)) = (early.total().net(), late.total().net()) {
                let change = early.change_to(&late).unwrap();
                prop_assert!((change.before - before).abs() < 1e-9);
                prop_assert!((change.after - after).abs() < 1e-9);
                let parts: f64 = change.parts.iter().map(|part| part.share + part.score).sum();
                prop_assert!((parts - (after - before)).abs() < 1e-9);
            } else {
                prop_assert!(early.change_to(&late).is_none());
            }
        }
    }
}
