//! Everything that is worked out for a table of drivers, before it has a form.

use super::Mentions;
use super::rows::effect;
use crate::driver::{Accumulator, Analysis, Compared, Row, Side, Spread, Timeline, Trend, Units};
use crate::error::{Error, Result};
use crate::index::{
    About, By, Index, Observation, Part, Query, Quote, Quoter, Reason, Subject, Taken,
};
use crate::measure::{Measure, Vote};
use crate::sentiment::Polarity;

/// The seed of sampled Shapley values: printed figures must not change from run to run.
const SEED: u64 = 7;
/// Units at most: a field of more values names customers or days, not units.
const MOST_UNITS: usize = 2_000;

/// The analysis of a selection with all that is counted beside it.
pub struct Study {
    pub analysis: Analysis,
    timeline: Timeline,
    units: Units<String>,
    /// The field of the units; `None` where there is none.
    pub field: Option<String>,
}

/// What is told of a row beside its figures.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// How its share moved; `None` without dates.
    pub trend: Option<Trend>,
    /// Where it hurts, and the field of the units; `None` without units.
    pub spread: Option<(String, Spread)>,
    pub quotes: Vec<Quote>,
    pub reasons: Vec<Reason>,
}

/// The counts of a part of an index.
#[derive(Default)]
struct Counted {
    impact: Accumulator,
    timeline: Timeline,
    units: Units<u32>,
    chosen: Vec<crate::driver::Named>,
}

impl Counted {
    fn add(&mut self, seen: &Observation<'_>, named: Mentions) {
        self.chosen.clear();
        let wanted = named.polarity();
        let of = seen.named.iter().copied();
        self.chosen
            .extend(of.filter(|one| wanted.is_none_or(|wanted| one.polarity == wanted)));
        self.impact.add(seen.vote, &self.chosen);
        self.timeline.add(seen.day, &self.chosen);
        if let Some(unit) = seen.unit {
            self.units.add(unit, seen.vote, &self.chosen);
        }
    }
}

impl Mentions {
    fn polarity(self) -> Option<Polarity> {
        match self {
            Self::Any => None,
            Self::Negative => Some(Polarity::Negative),
            Self::Positive => Some(Polarity::Positive),
        }
    }
}

/// The analysis of what a query finds, without what is told beside it.
pub fn analyse(
    index: &Index,
    query: &Query,
    measure: Measure,
    named: Mentions,
) -> Result<Analysis> {
    Ok(Study::counted(index, query, measure, named, None)?.analysis)
}

impl Study {
    /// The study of what a query finds, by the units of `field`; of the field that looks like
    /// units where none is given.
    pub fn of(
        index: &Index,
        query: &Query,
        measure: Measure,
        named: Mentions,
        field: Option<&str>,
    ) -> Result<Self> {
        let field = match field {
            Some(field) => Some(field.to_owned()),
            None => index.unit_field()?.map(str::to_owned),
        };
        let study = Self::counted(index, query, measure, named, field)?;
        if study.units.len() > MOST_UNITS {
            let field = study.field.unwrap_or_default();
            let n = study.units.len();
            return Err(Error::usage(format!(
                "`{field}` has {n} values, too many to be units of a company"
            ))
            .hint("name a field such as the region, the team or the channel with --units"));
        }
        Ok(study)
    }

    fn counted(
        index: &Index,
        query: &Query,
        measure: Measure,
        named: Mentions,
        field: Option<String>,
    ) -> Result<Self> {
        let by = field.clone().map(By::Field);
        let parts = index.observe(query, measure, by.as_ref(), |part: &mut Counted, seen| {
            part.add(seen, named);
        })?;
        let (mut impact, mut timeline) = (Accumulator::default(), Timeline::default());
        let mut units = Units::default();
        for Part {
            counted,
            units: names,
        } in parts
        {
            impact.merge(&counted.impact);
            timeline.merge(&counted.timeline);
            let name = |at: &u32| names.get(*at as usize).cloned().unwrap_or_default();
            units.merge(&counted.units, name);
        }
        if impact.total().n() == 0 {
            return Err(
                Error::usage(format!(
                    "no comment found has a {} score and says something in Spanish or English",
                    measure.name()
                ))
                .hint(
                    "ask for another score with --on, or index a file whose scores are recognised: `voz peek FILE`",
                ),
            );
        }
        Ok(Self {
            analysis: Analysis::of(&impact, SEED),
            timeline,
            field: field.filter(|_| !units.is_empty()),
            units,
        })
    }

    /// The rows of drivers, or of themes.
    pub fn rows(&self, themes: bool) -> &[Row] {
        if themes {
            &self.analysis.themes
        } else {
            &self.analysis.drivers
        }
    }

    /// The periods that trends compare; `None` without two whole ones.
    pub fn compared(&self) -> Option<Compared> {
        self.timeline.compared()
    }

    /// What is told of each row; quotes and reasons are still to come.
    pub fn told(&self, rows: &[Row]) -> Vec<Told> {
        let places: Vec<_> = rows.iter().map(|row| (row.driver, row.theme)).collect();
        let trends = self.timeline.trends(&places).into_iter();
        trends
            .zip(&places)
            .map(|(trend, place)| Told {
                trend,
                spread: self
                    .field
                    .clone()
                    .map(|field| (field, self.units.spread(*place))),
                ..Told::default()
            })
            .collect()
    }
}

/// What quotes and reasons are taken from.
pub struct Quotes<'q> {
    pub index: &'q Index,
    pub query: &'q Query,
    pub measure: Measure,
    pub named: Mentions,
    /// Quotes, and reasons, of a row at most.
    pub most: usize,
}

impl Quotes<'_> {
    /// Adds quotes and reasons to what is told of some rows, by their positions. What hurts is told
    /// by the complaints of those who vote -1, what delights by the praise of those who vote +1; no
    /// comment speaks for two rows while there are others.
    pub fn add(&self, rows: &[Row], quoted: &[usize], told: &mut [Told]) -> Result<()> {
        if self.most == 0 || quoted.is_empty() {
            return Ok(());
        }
        let quoter = Quoter::shipped()?;
        let mut taken = Taken::default();
        for (side, vote) in [
            ("hurts", Some(Vote::Minus)),
            ("delights", Some(Vote::Plus)),
            ("open", None),
        ] {
            let of = quoted.iter().copied();
            let of: Vec<usize> = of.filter(|at| effect(&rows[*at]) == side).collect();
            let abouts: Vec<About> = of.iter().map(|at| about(&rows[*at], self.named)).collect();
            let query = match vote.and_then(|vote| self.index.voters(self.measure, vote)) {
                Some(voters) => self.query.clone().and(voters.query),
                None => self.query.clone(),
            };
            let index = self.index;
            let mut quotes = index.quotes(&query, &abouts, self.most, &quoter, &mut taken)?;
            let reasons = index.reasons(&query, &abouts, self.most, &quoter, &mut taken)?;
            if vote.is_none() {
                self.fill(&abouts, &mut quotes, &quoter, &mut taken)?;
            }
            for ((at, quotes), reasons) in of.into_iter().zip(quotes).zip(reasons) {
                (told[at].quotes, told[at].reasons) = (quotes, reasons);
            }
        }
        Ok(())
    }

    /// Quotes open rows of few complaints or little praise from all that name them: what they do is
    /// not certain, so no comment contradicts it.
    fn fill(
        &self,
        abouts: &[About],
        quotes: &mut [Vec<Quote>],
        quoter: &Quoter,
        taken: &mut Taken,
    ) -> Result<()> {
        let polarity = self.named.polarity();
        let bare = (0..abouts.len()).filter(|at| quotes[*at].is_empty());
        let bare: Vec<usize> = bare.collect();
        let about = |at: &usize| About {
            polarity,
            ..abouts[*at]
        };
        let abouts: Vec<About> = bare.iter().map(about).collect();
        let more = self
            .index
            .quotes(self.query, &abouts, self.most, quoter, taken)?;
        for (at, more) in bare.into_iter().zip(more) {
            quotes[at] = more;
        }
        Ok(())
    }
}

/// What the quotes of a row are about.
fn about(row: &Row, named: Mentions) -> About {
    let by_side = match row.side() {
        Side::RootCause => Some(Polarity::Negative),
        Side::Delight => Some(Polarity::Positive),
        Side::Neither => None,
    };
    let driver = Subject::Driver(row.driver);
    About {
        subject: row.theme.map_or(driver, Subject::Theme),
        polarity: named.polarity().or(by_side),
    }
}
