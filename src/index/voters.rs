//! Those who cast a vote: the promoters, the passives, the detractors of any score.

use super::Index;
use super::query::{Filter, Query, Range, Score};
use crate::measure::{Measure, Vote};
use crate::sentiment::Polarity;
use crate::verbatim::Scales;

/// A group of voters: what finds it, and how that is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Voters {
    /// What finds them.
    pub query: Query,
    /// What finds all who cast a vote.
    pub all: Query,
    /// The range of scores, as it is printed.
    pub range: String,
}

impl Index {
    /// Those who vote so for a measure; `None` for one whose votes no query can ask for.
    pub fn voters(&self, measure: Measure, vote: Vote) -> Option<Voters> {
        let scales = self.scales();
        Some(match measure {
            Measure::Nps => {
                let (low, high) = match vote {
                    Vote::Minus => (0.0, 6.0),
                    Vote::Zero => (7.0, 8.0),
                    Vote::Plus => (9.0, 10.0),
                };
                scored(
                    Score::Nps,
                    Some(low),
                    Some(high),
                    format!("nps:{low}..{high}"),
                )
            }
            Measure::Csat => {
                let top = f64::from(scales.csat_max) - 1.0;
                let middle = f64::midpoint(1.0, f64::from(scales.csat_max));
                between(Score::Csat, "csat", vote, middle, top)
            }
            Measure::Ces => effort(*scales, vote),
            Measure::Sentiment => {
                let polarity = match vote {
                    Vote::Minus => Polarity::Negative,
                    Vote::Zero => Polarity::Neutral,
                    Vote::Plus => Polarity::Positive,
                };
                Voters {
                    query: Query::Filter(Filter::Sentiment(polarity)),
                    all: Query::All,
                    range: format!("sentiment:{}", polarity.name()),
                }
            }
            Measure::Nev => return None,
        })
    }

    /// The worst detractors of the NPS: those who gave at most `most`.
    pub fn superdetractors(&self, most: u8) -> Voters {
        let high = f64::from(most);
        scored(Score::Nps, Some(0.0), Some(high), format!("nps:0..{most}"))
    }
}

fn scored(score: Score, low: Option<f64>, high: Option<f64>, range: String) -> Voters {
    let of = |low, high| Query::Filter(Filter::Score(score, Range { low, high }));
    Voters {
        query: of(low, high),
        all: of(None, None),
        range,
    }
}

/// A vote of a score where more is better: -1 below `middle`, +1 from `top` on.
fn between(score: Score, name: &str, vote: Vote, middle: f64, top: f64) -> Voters {
    match vote {
        Vote::Minus => scored(
            score,
            None,
            Some(middle.next_down()),
            format!("{name} < {middle}"),
        ),
        Vote::Zero => {
            let range = format!("{middle} ≤ {name} < {top}");
            scored(score, Some(middle), Some(top.next_down()), range)
        }
        Vote::Plus => scored(score, Some(top), None, format!("{name} ≥ {top}")),
    }
}

/// The bounds of [`crate::verbatim::Scores::vote`], from the scale of 1 to 7 to that declared.
fn effort(scales: Scales, vote: Vote) -> Voters {
    let span = (f64::from(scales.ces_max) - 1.0) / 6.0;
    let at = |seventh: f64| 1.0 + (seventh - 1.0) * span;
    let of = |low, high, range| scored(Score::Ces, low, high, range);
    if scales.ces_high_is_easy {
        let (hard, easy) = (at(3.0), at(6.0));
        match vote {
            Vote::Minus => of(None, Some(hard), format!("ces ≤ {hard}")),
            Vote::Zero => of(
                Some(hard.next_up()),
                Some(easy.next_down()),
                format!("{hard} < ces < {easy}"),
            ),
            Vote::Plus => of(Some(easy), None, format!("ces ≥ {easy}")),
        }
    } else {
        let (easy, hard) = (at(2.0), at(5.0));
        match vote {
            Vote::Minus => of(Some(hard), None, format!("ces ≥ {hard}")),
            Vote::Zero => of(
                Some(easy.next_up()),
                Some(hard.next_down()),
                format!("{easy} < ces < {hard}"),
            ),
            Vote::Plus => of(None, Some(easy), format!("ces ≤ {easy}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{index, verbatims};
    use super::*;

    /// What the queries find is what the votes count.
    #[test]
    fn the_queries_find_the_votes() {
        let (_folder, index) = index(&verbatims(), 1);
        for measure in [
            Measure::Nps,
            Measure::Csat,
            Measure::Ces,
            Measure::Sentiment,
        ] {
            let mut found = 0;
            for vote in [Vote::Minus, Vote::Zero, Vote::Plus] {
                let query = index.voters(measure, vote).unwrap().query;
                let figures = index
                    .aggregate(&query, &super::super::By::All)
                    .unwrap()
                    .total;
                let tally = figures.tally(measure);
                let of = [tally.minus, tally.zero, tally.plus][(vote.value() + 1) as usize];
                assert_eq!(
                    (tally.n(), of),
                    (figures.n, figures.n),
                    "{measure:?} {vote:?}"
                );
                found += figures.n;
            }
            let all = index
                .aggregate(&Query::All, &super::super::By::All)
                .unwrap()
                .total;
            assert_eq!(found, all.tally(measure).n(), "{measure:?}");
        }
        assert!(index.voters(Measure::Nev, Vote::Minus).is_none());
    }
}
