//! How often the interval of `nev.adjusted` holds the true score: groups are drawn from held-out
//! texts, whose true votes are known.
//!
//! A group's mix of true votes is drawn from all mixes alike, then texts of those votes are drawn
//! with replacement. Its true score is the net score of exactly these texts. The matrix comes from
//! other texts, in two ways: from the other half of a random split, many times over, because one
//! split would judge the interval by one draw of the matrix; and from the other sources, which is
//! what a company's own comments are to a matrix.

use super::votes::{Seen, count};
use crate::chance::Chance;
use crate::lang::Lang;
use crate::measure::{Measure, Vote};
use crate::model::NevCoverage;
use crate::nev::Correction;
use crate::tally::Tally;

/// Texts in a group.
const SIZES: [u64; 3] = [100, 300, 1_000];
/// Random splits in two halves.
const SPLITS: usize = 100;
/// Groups of each size drawn for a split.
const OF_SPLIT: u64 = 20;
/// Groups of each size drawn from a source that was left out.
const OF_SOURCE: u64 = 500;
/// A source with fewer texts of any true vote shows too few ways of saying it.
const LEAST: usize = 20;
/// Any number does.
const SEED: u64 = 1_978;

/// The coverage in every language, for groups of each size.
pub fn measure(seen: &[Seen]) -> Vec<NevCoverage> {
    let mut figures = Vec::new();
    for lang in Lang::ALL {
        let texts: Vec<Seen> = seen
            .iter()
            .filter(|one| one.lang == lang)
            .copied()
            .collect();
        figures.extend(other_half(lang, &texts));
        figures.extend(other_sources(lang, &texts));
    }
    figures
}

/// The matrix of one half, groups of the other.
fn other_half(lang: Lang, texts: &[Seen]) -> Vec<NevCoverage> {
    let mut chance = Chance::new(SEED);
    let mut texts = texts.to_vec();
    let mut counted = Counted::default();
    for _ in 0..SPLITS {
        chance.shuffle(&mut texts);
        let (known, group) = texts.split_at(texts.len() / 2);
        counted.add(lang, known, group, OF_SPLIT, &mut chance);
    }
    counted.figures(lang, "same")
}

/// The matrix of all sources but one, groups of that one.
fn other_sources(lang: Lang, texts: &[Seen]) -> Vec<NevCoverage> {
    let mut chance = Chance::new(SEED);
    let mut counted = Counted::default();
    let last = texts.iter().map(|one| one.source).max();
    for source in 0..=last.unwrap_or(0) {
        let (group, known): (Vec<Seen>, Vec<Seen>) =
            texts.iter().partition(|one| one.source == source);
        counted.add(lang, &known, &group, OF_SOURCE, &mut chance);
    }
    counted.figures(lang, "other")
}

/// What was found for each size.
#[derive(Default)]
struct Counted {
    sizes: [Count; SIZES.len()],
}

#[derive(Default)]
struct Count {
    groups: u64,
    covered: u64,
    width: f64,
    error: f64,
    uncorrected: u64,
    uncorrected_error: f64,
}

impl Counted {
    /// Draws groups of each size from `group` and corrects them by the matrix of `known`.
    fn add(
        &mut self,
        lang: Lang,
        known: &[Seen],
        group: &[Seen],
        groups: u64,
        chance: &mut Chance,
    ) {
        let pools = [Vote::Minus, Vote::Zero, Vote::Plus].map(|vote| {
            let texts = group.iter().filter(|one| one.truth == vote);
            texts.copied().collect::<Vec<Seen>>()
        });
        if pools.iter().any(|pool| pool.len() < LEAST) {
            return;
        }
        let Some(correction) = Correction::new(&count(known)) else {
            return;
        };
        for (size, counts) in SIZES.into_iter().zip(&mut self.sizes) {
            for _ in 0..groups {
                let (truth, said) = draw(&pools, size, chance);
                counts.add(lang, &correction, truth, said);
            }
        }
    }

    fn figures(&self, lang: Lang, sources: &str) -> Vec<NevCoverage> {
        let of_size = |(size, count): (u64, &Count)| {
            let share = |part: f64| rounded(part / count.groups as f64, 1e4);
            let points = |sum: f64| rounded(sum / count.groups as f64, 10.0);
            (count.groups > 0).then(|| NevCoverage {
                lang: lang.code().to_owned(),
                sources: sources.to_owned(),
                texts: size,
                groups: count.groups,
                covered: share(count.covered as f64),
                width: points(count.width),
                error: points(count.error),
                uncorrected: share(count.uncorrected as f64),
                uncorrected_error: points(count.uncorrected_error),
            })
        };
        let sizes = SIZES.into_iter().zip(&self.sizes);
        sizes.filter_map(of_size).collect()
    }
}

impl Count {
    fn add(&mut self, lang: Lang, correction: &Correction, truth: Tally, said: Tally) {
        let votes = Lang::ALL.map(|one| if one == lang { said } else { Tally::default() });
        let (Some(net), Some(plain)) = (truth.net(), said.net()) else {
            return;
        };
        let Some(adjusted) = correction.adjusted(&votes) else {
            return;
        };
        // A bound may be the truth but for the last bit.
        let holds = |low: f64, high: f64| u64::from(low - 1e-9 <= net && net <= high + 1e-9);
        let uncorrected = said.summary(Measure::Nev);
        self.groups += 1;
        self.covered += holds(adjusted.low, adjusted.high);
        self.width += adjusted.high - adjusted.low;
        self.error += (adjusted.net - net).abs();
        if let (Some(low), Some(high)) = (uncorrected.low, uncorrected.high) {
            self.uncorrected += holds(low, high);
        }
        self.uncorrected_error += (plain - net).abs();
    }
}

/// A group of `size` texts: its true votes and those said.
fn draw(pools: &[Vec<Seen>; 3], size: u64, chance: &mut Chance) -> (Tally, Tally) {
    let (mut truth, mut said) = (Tally::default(), Tally::default());
    let mix = chance.dirichlet(&[1.0; 3]);
    for (pool, n) in pools.iter().zip(chance.multinomial(size, &mix)) {
        for _ in 0..n {
            let text = pool[chance.below(pool.len() as u64) as usize];
            truth.count(text.truth);
            said.count(text.said);
        }
    }
    (truth, said)
}

fn rounded(figure: f64, parts: f64) -> f64 {
    (figure * parts).round() / parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of two sources, of which the second is misread in another way.
    fn texts(n: usize, rates: [[[f64; 3]; 3]; 2]) -> Vec<Seen> {
        const VOTES: [Vote; 3] = [Vote::Minus, Vote::Zero, Vote::Plus];
        let mut chance = Chance::new(3);
        let mut texts = Vec::new();
        for (source, rates) in rates.into_iter().enumerate() {
            for (truth, rate) in VOTES.into_iter().zip(rates) {
                let said = chance.multinomial(n as u64, &rate);
                for (vote, times) in VOTES.into_iter().zip(said) {
                    let seen = Seen {
                        lang: Lang::En,
                        source,
                        truth,
                        said: vote,
                    };
                    texts.extend(std::iter::repeat_n(seen, times as usize));
                }
            }
        }
        texts
    }

    #[test]
    fn intervals_hold_the_truth_where_texts_are_alike_and_not_where_they_differ() {
        let good = [[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.2, 0.7]];
        let alike = measure(&texts(300, [good, good]));
        assert_eq!(alike.len(), 6);
        for figure in &alike {
            assert!((0.90..=0.99).contains(&figure.covered), "{figure:?}");
            assert!(figure.uncorrected < 0.7, "{figure:?}");
            assert!(figure.error < figure.uncorrected_error);
        }
        let harsh = [[0.9, 0.1, 0.0], [0.7, 0.3, 0.0], [0.3, 0.4, 0.3]];
        let differ = measure(&texts(300, [good, harsh]));
        let other = differ.iter().filter(|figure| figure.sources == "other");
        assert!(
            other.clone().all(|figure| figure.covered < 0.8),
            "{differ:?}"
        );
        assert_eq!(other.count(), 3);
        assert_eq!(measure(&texts(300, [good, harsh])), differ);
    }

    #[test]
    fn too_few_texts_give_no_figure() {
        let good = [[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.2, 0.7]];
        assert_eq!(measure(&texts(5, [good, good])), []);
        assert_eq!(measure(&[]), []);
    }
}
