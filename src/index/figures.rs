//! The live figures of a selection: counted from the facts of its verbatims, whole numbers only,
//! so that they do not depend on the order they were counted in.

use super::facts::Facts;
use crate::lang::Lang;
use crate::measure::Measure;
use crate::nev::Correction;
use crate::tally::{HIDDEN_BELOW, Summary, Tally};
use std::ops::AddAssign;

/// Scores are summed in units of this part of a point, as whole numbers: sums of floats would
/// depend on their order.
const PARTS: f64 = 10_000.0;

/// What a selection of verbatims scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Figures {
    /// Verbatims in the selection.
    pub n: u64,
    /// Those that say something.
    pub meaningful: u64,
    /// Votes for each of [`Measure::ALL`].
    pub tallies: [Tally; 5],
    /// Votes for the Net Emotional Value of those that express any emotion.
    pub emotional: Tally,
    /// Votes for the Net Emotional Value by language, in the order of [`Lang::ALL`]; those of an
    /// index that did not keep the language are in none.
    pub nev_by_lang: [Tally; Lang::ALL.len()],
    csat: Sum,
    ces: Sum,
}

/// Scores added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Sum {
    n: u64,
    parts: i64,
}

impl Figures {
    /// The votes for a measure.
    pub fn tally(&self, measure: Measure) -> Tally {
        self.tallies
            .get(measure.index())
            .copied()
            .unwrap_or_default()
    }

    /// The net score of a measure as it is shown.
    pub fn summary(&self, measure: Measure) -> Summary {
        self.tally(measure).summary(measure)
    }

    /// The Net Emotional Value over the verbatims that express any emotion: `nev.emotional`.
    pub fn nev_emotional(&self) -> Summary {
        Summary {
            definition: "nev.emotional",
            ..self.emotional.summary(Measure::Nev)
        }
    }

    /// The Net Emotional Value corrected for the known errors of the model: `nev.adjusted`. `None`
    /// without votes, and where the matrix or the language of some is not known.
    pub fn nev_adjusted(&self, correction: &Correction) -> Option<Summary> {
        let votes = self.tally(Measure::Nev);
        let known: u64 = self.nev_by_lang.iter().map(Tally::n).sum();
        if known != votes.n() {
            return None;
        }
        let adjusted = correction.adjusted(&self.nev_by_lang)?;
        let shown = votes.n() >= HIDDEN_BELOW;
        Some(Summary {
            net: shown.then_some(adjusted.net),
            low: shown.then_some(adjusted.low),
            high: shown.then_some(adjusted.high),
            definition: "nev.adjusted",
            ..votes.summary(Measure::Nev)
        })
    }

    /// Mean CSAT (`csat.mean`) on its scale; `None` when too few gave one to show.
    pub fn csat_mean(&self) -> Option<f64> {
        self.csat.mean()
    }

    /// Mean CES (`ces.mean`) on its scale; `None` when too few gave one to show.
    pub fn ces_mean(&self) -> Option<f64> {
        self.ces.mean()
    }

    /// Share that gave one of the top two boxes (`csat.t2b`), 0 to 100; `None` when too few gave a
    /// CSAT to show.
    pub fn csat_top_two(&self) -> Option<f64> {
        let votes = self.tally(Measure::Csat);
        (votes.n() >= HIDDEN_BELOW).then(|| 100.0 * votes.plus as f64 / votes.n() as f64)
    }

    pub(super) fn count(&mut self, facts: Facts, csat: Option<f64>, ces: Option<f64>) {
        self.n += 1;
        self.meaningful += u64::from(facts.is_meaningful());
        for (tally, measure) in self.tallies.iter_mut().zip(Measure::ALL) {
            if let Some(vote) = facts.vote(measure) {
                tally.count(vote);
            }
        }
        if facts.is_emotional()
            && let Some(vote) = facts.vote(Measure::Nev)
        {
            self.emotional.count(vote);
        }
        if let (Some(vote), Some(lang)) = (facts.vote(Measure::Nev), facts.lang()) {
            self.nev_by_lang[lang as usize].count(vote);
        }
        self.csat.count(csat);
        self.ces.count(ces);
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.n += other.n;
        self.meaningful += other.meaningful;
        for (tally, more) in self.tallies.iter_mut().zip(other.tallies) {
            *tally += more;
        }
        self.emotional += other.emotional;
        for (tally, more) in self.nev_by_lang.iter_mut().zip(other.nev_by_lang) {
            *tally += more;
        }
        self.csat += other.csat;
        self.ces += other.ces;
    }
}

impl Sum {
    fn count(&mut self, score: Option<f64>) {
        if let Some(score) = score {
            self.n += 1;
            self.parts += (score * PARTS).round() as i64;
        }
    }

    fn mean(&self) -> Option<f64> {
        (self.n >= HIDDEN_BELOW).then(|| self.parts as f64 / PARTS / self.n as f64)
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.n += other.n;
        self.parts += other.parts;
    }
}
