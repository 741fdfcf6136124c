//! `voz drivers --explain`: the six counts of a row, and how the row follows from them.

use super::table::name_of;
use crate::driver::{Analysis, Impact, Row};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::locale::Locale;
use crate::measure::Measure;
use crate::tally::{HIDDEN_BELOW, Tally, Z95};
use crate::text::fold;
use std::fmt::{Display, Write};

/// The row that is asked for, by the id of a driver or theme, and how many rows were tested beside
/// it; the first of `rows` without an id.
pub fn find<'a>(
    wanted: &str,
    rows: &'a [Row],
    analysis: &'a Analysis,
    index: &Index,
) -> Result<(&'a Row, usize)> {
    let tested = |rows: &[Row]| {
        let p = rows
            .iter()
            .filter(|row| row.impact.is_some_and(|i| i.p.is_some()));
        p.count()
    };
    if wanted.is_empty() {
        let first = rows.first().ok_or_else(|| {
            Error::usage("nothing is named often enough to be explained")
                .hint("ask for more comments: leave out a word or a filter")
        })?;
        return Ok((first, tested(rows)));
    }
    let is_meant = |id: &str, es: &str, en: &str| {
        let wanted = fold(wanted);
        [id, es, en].into_iter().any(|name| fold(name) == wanted)
    };
    let driver = |row: &&Row| {
        let driver = &index.drivers()[row.driver as usize];
        is_meant(&driver.id, &driver.es, &driver.en)
    };
    if let Some(row) = analysis.drivers.iter().find(driver) {
        return Ok((row, tested(&analysis.drivers)));
    }
    let theme = |row: &&Row| {
        let theme = row.theme.map(|theme| &index.themes()[theme as usize]);
        theme.is_some_and(|theme| is_meant(&theme.id, &theme.es, &theme.en))
    };
    if let Some(row) = analysis.themes.iter().find(theme) {
        return Ok((row, tested(&analysis.themes)));
    }
    Err(unknown(wanted, analysis, index, is_meant))
}

/// Why there is no row of that id or name.
fn unknown(
    wanted: &str,
    analysis: &Analysis,
    index: &Index,
    is_meant: impl Fn(&str, &str, &str) -> bool,
) -> Error {
    let drivers = index.drivers().iter();
    let themes = index.themes().iter();
    let known = drivers.map(|one| (&one.id, &one.es, &one.en));
    let mut known = known.chain(themes.map(|one| (&one.id, &one.es, &one.en)));
    if known.any(|(id, es, en)| is_meant(id, es, en)) {
        return Error::usage(format!(
            "fewer than {HIDDEN_BELOW} of these comments name `{wanted}`"
        ))
        .hint("ask for more comments: leave out a word or a filter");
    }
    let ids = |rows: &[Row]| {
        let ids = rows.iter().map(|row| match row.theme {
            Some(theme) => &*index.themes()[theme as usize].id,
            None => &*index.drivers()[row.driver as usize].id,
        });
        ids.collect::<Vec<_>>().join(", ")
    };
    Error::usage(format!("there is no driver or theme `{wanted}`")).hint(format!(
        "known are the drivers {}; and the themes {}",
        ids(&analysis.drivers),
        ids(&analysis.themes)
    ))
}

/// The derivation of a row, step by step, with the numbers put in.
pub fn text(
    row: &Row,
    tested: usize,
    measure: Measure,
    index: &Index,
    locale: &Locale,
) -> Result<String> {
    let Some(impact) = &row.impact else {
        return Err(Error::usage(
            "nearly all of these comments name it, so nothing can be compared",
        )
        .hint("ask for more comments: leave out a word or a filter"));
    };
    let steps = Steps {
        row,
        impact,
        locale,
    };
    let name = name_of(row, index, locale);
    let head = locale.fill(
        "formula.head",
        &[("name", &name), ("definition", &measure.definition())],
    );
    Ok([
        head,
        steps.counts(),
        steps.impact(),
        steps.interval(),
        steps.chance(tested),
        steps.recoverable(),
    ]
    .join("\n\n"))
}

struct Steps<'r> {
    row: &'r Row,
    impact: &'r Impact,
    locale: &'r Locale,
}

impl Steps<'_> {
    fn number(&self, value: f64, decimals: usize) -> String {
        self.locale.number(value, decimals)
    }

    /// A small chance with three digits that count, in plain or scientific form.
    fn small(&self, p: f64) -> String {
        if p >= 0.001 {
            return self.number(p, 4);
        }
        let written = format!("{p:.2e}");
        let (digits, power) = written.split_once('e').unwrap_or((&written, "0"));
        let digits = digits.parse().map_or(p, |digits| digits);
        format!("{}e{power}", self.number(digits, 2))
    }

    fn told(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        self.locale.fill(&format!("formula.{key}"), values)
    }

    fn all(&self) -> Tally {
        self.impact.with + self.impact.without
    }

    fn counts(&self) -> String {
        let mut text = self.locale.text("formula.counts").to_owned();
        let _ = write!(
            text,
            "\n  {:<18}{:>9}{:>9}{:>9}{:>9}{:>10}",
            "", "+1", "0", "-1", "n", "net"
        );
        let groups = [
            ("formula.with", self.impact.with),
            ("formula.without", self.impact.without),
            ("formula.all", self.all()),
        ];
        for (key, tally) in groups {
            let net = tally.net().unwrap_or_default();
            let _ = write!(
                text,
                "\n  {:<18}{:>9}{:>9}{:>9}{:>9}{:>10}",
                self.locale.text(key),
                tally.plus,
                tally.zero,
                tally.minus,
                tally.n(),
                self.number(net, 4)
            );
        }
        text
    }

    fn impact(&self) -> String {
        let (with, without, all) = (self.impact.with, self.impact.without, self.all());
        let net = |tally: Tally| tally.net().unwrap_or_default();
        let (one, rest, whole) = (net(with), net(without), net(all));
        let n = |tally: Tally| tally.n() as f64;
        let show = |value| self.number(value, 4);
        let lines = [
            format!(
                "n₁/N · (net₁ − net₀) = {}/{} · ({} − {}) = {}",
                with.n(),
                all.n(),
                show(one),
                show(rest),
                show(n(with) / n(all) * (one - rest))
            ),
            format!(
                "net − net₀ = {} − {} = {}",
                show(whole),
                show(rest),
                show(whole - rest)
            ),
            format!(
                "n₁ · (net₁ − net) / (N − n₁) = {} · ({} − {}) / {} = {}",
                with.n(),
                show(one),
                show(whole),
                without.n(),
                show(n(with) * (one - whole) / n(without))
            ),
        ];
        format!(
            "{}\n  {}",
            self.locale.text("formula.impact"),
            lines.join("\n  ")
        )
    }

    fn interval(&self) -> String {
        let (with, without, all) = (self.impact.with, self.impact.without, self.all());
        let mean = |tally: Tally| tally.sum() as f64 / tally.n() as f64;
        let (whole, rest) = (mean(all), mean(without));
        let absent = without.n() as f64 / all.n() as f64;
        let named = |vote: f64| vote - whole;
        let silent = |vote: f64| (vote - whole) - (vote - rest) / absent;
        let terms = [terms(with, named), terms(without, silent)];
        let show = |value: f64| self.number(value, 5);
        let three = |terms: &[(u64, f64); 3]| {
            let [plus, zero, minus] = terms.map(|(_, psi)| show(psi));
            format!("    +1: {plus}   0: {zero}   -1: {minus}")
        };
        let lines = [
            format!(
                "ȳ = {}   ȳ₀ = {}   1 − s = {}/{} = {}",
                show(whole),
                show(rest),
                without.n(),
                all.n(),
                show(absent)
            ),
            format!("{}: ψ = y − ȳ", self.locale.text("formula.with")),
            three(&terms[0]),
            format!(
                "{}: ψ = (y − ȳ) − (y − ȳ₀)/(1 − s)",
                self.locale.text("formula.without")
            ),
            three(&terms[1]),
            self.error(&terms.concat()),
        ];
        let heading = self.locale.text("formula.interval");
        format!("{heading}\n  {}", lines.join("\n  "))
    }

    /// From the contributions of votes to the bounds.
    fn error(&self, terms: &[(u64, f64)]) -> String {
        let sum: f64 = terms.iter().map(|(n, psi)| *n as f64 * psi * psi).sum();
        let written: Vec<String> = terms
            .iter()
            .map(|(n, psi)| format!("{n}·{}²", self.number(psi.abs(), 5)))
            .collect();
        let show = |value| self.number(value, 4);
        let error = show(self.impact.standard_error);
        let lines = [
            format!("Σψ² = {} = {}", written.join(" + "), show(sum)),
            format!(
                "SE = 100·√Σψ²/N = 100·√{}/{} = {error}",
                show(sum),
                self.all().n()
            ),
            format!(
                "{} ± {}·{error} = [{}; {}]",
                show(self.impact.impact),
                self.number(Z95, 2),
                show(self.impact.low),
                show(self.impact.high)
            ),
        ];
        lines.join("\n  ")
    }

    fn chance(&self, tested: usize) -> String {
        let heading = self.locale.text("formula.chance");
        let (Some(z), Some(p), Some(q)) = (self.impact.z, self.impact.p, self.row.q) else {
            return format!("{heading}\n  {}", self.locale.text("formula.no_chance"));
        };
        let quotient = format!(
            "z = {} / {} = {}",
            self.number(self.impact.impact, 4),
            self.number(self.impact.standard_error, 4),
            self.number(z, 3)
        );
        let values: [(&str, &dyn Display); 3] = [
            ("p", &self.small(p)),
            ("q", &self.small(q)),
            ("tested", &tested),
        ];
        format!("{heading}\n  {quotient}\n  {}", self.told("p", &values))
    }

    fn recoverable(&self) -> String {
        let (with, all) = (self.impact.with, self.all());
        let values: [(&str, &dyn Display); 5] = [
            ("minus", &with.minus),
            ("sole", &self.row.sole_minus),
            ("n", &all.n()),
            ("points", &self.number(self.impact.recoverable, 4)),
            ("alone", &self.number(self.row.sole, 4)),
        ];
        format!(
            "{}\n  {}",
            self.locale.text("formula.recoverable"),
            self.told("points", &values)
        )
    }
}

/// The votes of a group, each with what one of them contributes.
fn terms(tally: Tally, psi: impl Fn(f64) -> f64) -> [(u64, f64); 3] {
    let votes = [(tally.plus, 1.0), (tally.zero, 0.0), (tally.minus, -1.0)];
    votes.map(|(n, vote)| (n, psi(vote)))
}
