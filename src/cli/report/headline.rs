//! The score, how sure it is, and what it is of.

use super::Findings;
use super::tables::without;
use crate::cli::search::scores;
use crate::measure::Measure;
use crate::report::{Figure, Section};
use crate::tally::{HIDDEN_BELOW, INDICATIVE_BELOW};

/// The first section.
pub fn section(found: &Findings<'_>) -> Section {
    let facts = [
        ("period", period(found)),
        ("votes", votes(found)),
        ("read", read(found)),
        ("silent", silent(found)),
        ("hidden", hidden(found)),
    ];
    Section {
        figure: Some(figure(found)),
        terms: ["net", "nev", "nev.emotional"]
            .map(|key| found.term(key))
            .to_vec(),
        facts: facts
            .map(|(key, text)| (found.text(&format!("fact.{key}")), text))
            .to_vec(),
        sheets: vec![(
            found.text("scores"),
            without(scores(&found.all, found.locale), &["group"]),
        )],
        ..found.section("headline")
    }
}

fn figure(found: &Findings<'_>) -> Figure {
    let summary = found.all.summary(found.measure);
    let value = summary
        .net
        .map_or_else(|| "–".to_owned(), |net| found.signed(net));
    let (low, high) = (summary.low.unwrap_or(-100.0), summary.high.unwrap_or(100.0));
    let mut beside = found.fill(
        "headline.beside",
        &[
            ("interval", &found.interval(low, high)),
            ("n", &found.locale.count(summary.n)),
            ("definition", &summary.definition),
        ],
    );
    if summary.n < INDICATIVE_BELOW {
        beside.push_str(&found.text("headline.indicative"));
    }
    Figure {
        name: found.text(&format!("measure.{}", found.measure.name())),
        value,
        beside,
    }
}

fn period(found: &Findings<'_>) -> String {
    let Some((first, last)) = found.read.days else {
        return found.text("fact.period.none");
    };
    let period = found.fill("fact.period.days", &[("first", &first), ("last", &last)]);
    if found.read.undated == 0 {
        return period;
    }
    let n = found.locale.count(found.read.undated);
    period + &found.fill("fact.period.undated", &[("n", &n)])
}

/// How the votes are spread, and the mean where customers gave one.
fn votes(found: &Findings<'_>) -> String {
    let votes = found.all.tally(found.measure);
    let share = |part| found.percent_of(part, votes.n());
    let text = found.fill(
        &format!("votes.{}", found.measure.name()),
        &[
            ("plus", &share(votes.plus)),
            ("zero", &share(votes.zero)),
            ("minus", &share(votes.minus)),
        ],
    );
    let mean = match found.measure {
        Measure::Csat => found
            .all
            .csat_mean()
            .map(|mean| (mean, found.index.scales().csat_max)),
        Measure::Ces => found
            .all
            .ces_mean()
            .map(|mean| (mean, found.index.scales().ces_max)),
        _ => None,
    };
    mean.map_or(text.clone(), |(mean, most)| {
        let mean = found.locale.number(mean, 2);
        text + &found.fill("votes.mean", &[("mean", &mean), ("most", &most)])
    })
}

fn read(found: &Findings<'_>) -> String {
    let analysed = found.study.analysis.total;
    let net = found.signed(analysed.net().unwrap_or_default());
    found.fill(
        "fact.read.text",
        &[
            ("all", &found.locale.count(found.all.n)),
            ("n", &found.locale.count(analysed.n())),
            ("share", &found.percent_of(analysed.n(), found.all.n)),
            ("score", &found.score()),
            ("net", &net),
        ],
    )
}

fn silent(found: &Findings<'_>) -> String {
    let (silent, n) = (found.read.silent, found.study.analysis.total.n());
    found.fill(
        "fact.silent.text",
        &[
            ("n", &found.locale.count(silent)),
            ("share", &found.percent_of(silent, n)),
        ],
    )
}

fn hidden(found: &Findings<'_>) -> String {
    let (hidden, n) = (found.read.hidden, found.study.analysis.total.n());
    if found.study.analysis.hidden == 0 {
        return found.text("fact.hidden.none");
    }
    let share = if hidden < HIDDEN_BELOW {
        format!("< {}", found.percent_of(HIDDEN_BELOW, n))
    } else {
        found.percent_of(hidden, n)
    };
    found.fill(
        "fact.hidden.text",
        &[
            ("n", &found.study.analysis.hidden),
            ("least", &HIDDEN_BELOW),
            ("share", &share),
        ],
    )
}
