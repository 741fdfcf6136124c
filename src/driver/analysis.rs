//! The table of drivers and themes: one row each, everything that is known of its impact.

use super::accumulator::{Accumulator, Counts};
use super::asymmetry::Asymmetry;
use super::impact::{Impact, recoverable};
use super::rank::Side;
use super::shapley::Share;
use super::{false_discovery, rank};
use crate::tally::{HIDDEN_BELOW, INDICATIVE_BELOW, Tally, Z95};
use serde::Serialize;

/// Verbatims that must name a driver before it takes part in Shapley values and the regression.
pub const PLAYER_FROM: u64 = 30;
/// Drivers that take part at most: those named most. More would make the rest, those who name none
/// of them, too few to compare with.
pub const MOST_PLAYERS: usize = 20;

/// What is known of one driver or theme.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Position of the driver in the taxonomy.
    pub driver: u16,
    /// Position of the theme; `None` in the row of a driver.
    pub theme: Option<u16>,
    /// Verbatims that name it.
    pub n: u64,
    /// Share of verbatims that name it, 0 to 1.
    pub share: f64,
    /// True when few enough name it to be taken with care.
    pub indicative: bool,
    /// Its impact on the net score; `None` when fewer than [`HIDDEN_BELOW`] do not name it.
    pub impact: Option<Impact>,
    /// The p value of its impact adjusted for the number of rows tested beside it, 0 to 1.
    pub q: Option<f64>,
    /// Those of -1 who name it and nothing else negatively.
    pub sole_minus: u64,
    /// Points the net score gains if each of those became a 0.
    pub sole: f64,
    /// Mentions by sentiment: negative, neutral, positive.
    pub mentions: [u64; 3],
    /// Its part of the score without double counting, in points; drivers named often only.
    pub shapley: Option<Share>,
    /// What praise adds and blame costs; drivers named often only.
    pub asymmetry: Option<Asymmetry>,
}

impl Row {
    /// Which list it stands in.
    pub fn side(&self) -> Side {
        Side::of(self.impact.as_ref())
    }

    /// True when the interval of its impact does not touch 0.
    pub fn is_certain(&self) -> bool {
        self.impact.as_ref().is_some_and(Impact::is_certain)
    }

    /// True when its part of the score without double counting has the sign opposite to its impact,
    /// beyond the error of sampling: it moves the score by what those who name it name beside it.
    pub fn is_reversed(&self) -> bool {
        let (Some(impact), Some(share)) = (&self.impact, &self.shapley) else {
            return false;
        };
        let beyond = share.value.abs() > Z95 * share.sampling_error;
        beyond && share.value * impact.impact < 0.0
    }

    /// True when its impact stays significant among all that were tested beside it.
    pub fn is_significant(&self) -> bool {
        self.q.is_some_and(|q| q <= false_discovery::ACCEPTED)
    }
}

/// The drivers and themes of one measure over one selection of verbatims.
///
/// Rows come as [`rank::sort`] puts them: root causes, delights, the others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Analysis {
    /// All votes.
    pub total: Tally,
    /// One row for each driver.
    pub drivers: Vec<Row>,
    /// One row for each theme.
    pub themes: Vec<Row>,
    /// Drivers and themes left out because fewer than [`HIDDEN_BELOW`] name them.
    pub hidden: usize,
}

impl Analysis {
    /// What `counted` comes to. `seed` is for Shapley values that are sampled.
    pub fn of(counted: &Accumulator, seed: u64) -> Self {
        let total = counted.total();
        let drivers = counted.drivers();
        let drivers = drivers.map(|(driver, counts)| row(driver, None, &counts, total));
        let themes = counted.themes();
        let themes = themes.map(|(driver, theme, counts)| row(driver, Some(theme), &counts, total));
        let (mut drivers, hidden_drivers) = shown(drivers);
        let (mut themes, hidden_themes) = shown(themes);
        add_shared(&mut drivers, counted, seed);
        finish(&mut drivers);
        finish(&mut themes);
        Self {
            total,
            drivers,
            themes,
            hidden: hidden_drivers + hidden_themes,
        }
    }
}

fn row(driver: u16, theme: Option<u16>, counts: &Counts, total: Tally) -> Row {
    let n = counts.with.n();
    let without = total - counts.with;
    Row {
        driver,
        theme,
        n,
        share: n as f64 / total.n() as f64,
        indicative: n < INDICATIVE_BELOW,
        impact: Impact::of(counts.with, without).filter(|_| without.n() >= HIDDEN_BELOW),
        q: None,
        sole_minus: counts.sole,
        sole: recoverable(counts.sole, total.n()).unwrap_or_default(),
        mentions: counts.mentions,
        shapley: None,
        asymmetry: None,
    }
}

/// The rows that enough verbatims name, and how many are left out.
fn shown(rows: impl Iterator<Item = Row>) -> (Vec<Row>, usize) {
    let (shown, hidden): (Vec<_>, Vec<_>) = rows.partition(|row| row.n >= HIDDEN_BELOW);
    (shown, hidden.len())
}

/// Fills in what is worked out for the drivers together.
fn add_shared(drivers: &mut [Row], counted: &Accumulator, seed: u64) {
    let players = players(drivers);
    let shares = counted.coalitions(&players).shares(seed);
    let effects = counted.design(&players).fit();
    for row in drivers {
        if let Ok(player) = players.binary_search(&row.driver) {
            row.shapley = shares.as_ref().and_then(|all| all.get(player).copied());
            row.asymmetry = effects.as_ref().and_then(|all| all.get(player).copied());
        }
    }
}

/// The drivers that take part, ascending.
fn players(drivers: &[Row]) -> Vec<u16> {
    let often = drivers.iter().filter(|row| row.n >= PLAYER_FROM);
    let mut players: Vec<(u64, u16)> = often.map(|row| (row.n, row.driver)).collect();
    players.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    players.truncate(MOST_PLAYERS);
    let mut players: Vec<u16> = players.into_iter().map(|(_, driver)| driver).collect();
    players.sort_unstable();
    players
}

/// Adjusts p values over all rows and puts the rows in order.
fn finish(rows: &mut [Row]) {
    let p: Vec<Option<f64>> = rows
        .iter()
        .map(|row| row.impact.and_then(|i| i.p))
        .collect();
    for (row, q) in rows.iter_mut().zip(false_discovery::adjust(&p)) {
        row.q = q;
    }
    rank::sort(
        rows,
        |row| row.impact.as_ref(),
        |row| (row.driver, row.theme),
    );
}

#[cfg(test)]
mod tests {
    use super::super::Named;
    use super::*;
    use crate::chance::Chance;
    use crate::measure::Vote;
    use crate::sentiment::Polarity;

    fn name(driver: u16, theme: u16, polarity: Polarity) -> Named {
        Named {
            theme,
            driver,
            polarity,
        }
    }

    /// Verbatims in which blame for driver 0 costs much, praise of driver 1 adds much, and the
    /// other drivers do nothing; each driver has two themes.
    fn planted(drivers: u16, n: u32) -> Vec<(Vote, Vec<Named>)> {
        let mut chance = Chance::new(5);
        let mut draw = |_| {
            let mut favour = 0.6;
            let mut named = Vec::new();
            for driver in 0..drivers {
                if chance.unit() < 0.12 {
                    let theme = 2 * driver + chance.below(2) as u16;
                    let polarity = Polarity::ALL[chance.below(3) as usize];
                    favour += match (driver, polarity) {
                        (0, Polarity::Negative) => -0.45,
                        (1, Polarity::Positive) => 0.3,
                        _ => 0.0,
                    };
                    named.push(name(driver, theme, polarity));
                }
            }
            let vote = match chance.unit() {
                d if d < favour => Vote::Plus,
                d if d < favour + 0.1 => Vote::Zero,
                _ => Vote::Minus,
            };
            (vote, named)
        };
        (0..n).map(&mut draw).collect()
    }

    fn analysed(cases: &[(Vote, Vec<Named>)]) -> Analysis {
        let mut counted = Accumulator::default();
        for (vote, named) in cases {
            counted.add(*vote, named);
        }
        Analysis::of(&counted, 1)
    }

    #[test]
    fn planted_drivers_are_found_and_no_others() {
        let analysis = analysed(&planted(8, 8_000));
        let first = &analysis.drivers[0];
        assert_eq!((first.driver, first.side()), (0, Side::RootCause));
        let delight = analysis.drivers.iter().find(|r| r.side() == Side::Delight);
        assert_eq!(delight.map(|row| row.driver), Some(1));
        let mut significant: Vec<u16> = analysis
            .drivers
            .iter()
            .filter(|row| row.is_significant())
            .map(|row| row.driver)
            .collect();
        significant.sort_unstable();
        assert_eq!(significant, [0, 1]);
        assert_eq!(analysis.themes.len(), 16);
        assert!(analysis.themes[..2].iter().all(|row| row.driver == 0));
    }

    #[test]
    fn shares_sum_to_what_all_drivers_do() {
        for drivers in [8, 16] {
            let cases = planted(drivers, 4_000);
            let analysis = analysed(&cases);
            let mut silent = Tally::default();
            cases
                .iter()
                .filter(|(_, named)| named.is_empty())
                .for_each(|(vote, _)| silent.count(*vote));
            let whole = analysis.total.net().unwrap() - silent.net().unwrap();
            let shares = analysis.drivers.iter().map(|row| row.shapley.unwrap());
            let sum: f64 = shares.map(|share| share.value).sum();
            assert!(
                (sum - whole).abs() < 1e-9,
                "{drivers}: {sum} is not {whole}"
            );
        }
    }

    #[test]
    fn rows_in_another_order_give_the_same_bits() {
        let mut cases = planted(16, 3_000);
        let analysis = analysed(&cases);
        cases.reverse();
        cases.rotate_left(700);
        assert_eq!(
            format!("{analysis:?}"),
            format!("{:?}", analysed(&cases)),
            "the shortest digits that read back as the same number"
        );
    }

    /// Driver 1 is praised, but by people who complain of driver 0 as well: alone it delights.
    #[test]
    fn what_others_drag_along_is_reversed() {
        let both = [
            name(0, 0, Polarity::Negative),
            name(1, 2, Polarity::Positive),
        ];
        let mut cases = vec![(Vote::Minus, both.to_vec()); 200];
        cases.extend(vec![(Vote::Plus, both[1..].to_vec()); 100]);
        cases.extend(vec![(Vote::Minus, both[..1].to_vec()); 100]);
        cases.extend(vec![(Vote::Plus, Vec::new()); 100]);
        cases.extend(vec![(Vote::Minus, Vec::new()); 90]);
        let analysis = analysed(&cases);
        let of = |driver| analysis.drivers.iter().find(|row| row.driver == driver);
        let (blamed, dragged) = (of(0).unwrap(), of(1).unwrap());
        assert!(!blamed.is_reversed(), "{blamed:?}");
        assert!(dragged.impact.unwrap().impact < 0.0, "{dragged:?}");
        assert!(dragged.is_reversed(), "{dragged:?}");
    }

    #[test]
    fn few_are_hidden_and_everybody_has_no_impact() {
        let case = |themes: &[u16]| {
            let named = themes.iter().map(|t| name(*t, *t, Polarity::Negative));
            (Vote::Minus, named.collect())
        };
        let mut cases = vec![case(&[0, 1]); 4];
        cases.extend(vec![case(&[0]); 40]);
        let analysis = analysed(&cases);
        assert_eq!(analysis.hidden, 2);
        let row = &analysis.drivers[0];
        assert_eq!((row.driver, row.n, row.sole_minus), (0, 44, 40));
        assert_eq!((row.impact, row.q, row.shapley), (None, None, None));
        assert_eq!(row.side(), Side::Neither);
        assert_eq!(analysed(&[]).drivers, []);
    }
}
