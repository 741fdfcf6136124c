//! Causes for people: a tree that can be pasted into a slide.

use super::Told;
use super::find::Cause;
use super::words::Word;
use crate::driver::apart::Apart;
use crate::driver::proportion::{Bounded, Proportions};
use crate::driver::spot::Spot;
use crate::lang::Lang;
use crate::report::Branch;

/// Items of one branch at most (a guess); JSON Lines has all.
const MOST: usize = 4;

fn leaf(text: String) -> Branch {
    let below = Vec::new();
    Branch { text, below }
}

/// The lines below a branch, each with what leads to it.
fn draw(below: &[Branch], indent: &str, lines: &mut Vec<String>) {
    for (at, branch) in below.iter().enumerate() {
        let is_last = at + 1 == below.len();
        let (here, next) = if is_last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        lines.push(format!("{indent}{here}{}", branch.text));
        draw(&branch.below, &format!("{indent}{next}"), lines);
    }
}

/// Everything, as it is printed.
pub fn text(told: &Told<'_>) -> String {
    let mut lines = vec![heading(told)];
    draw(&branches(told), "", &mut lines);
    lines.push(String::new());
    lines.extend(notes(told));
    lines.join("\n")
}

/// What the tree is of.
pub fn heading(told: &Told<'_>) -> String {
    let locale = told.locale;
    let band = told.group.band.map_or_else(
        || locale.text("causes.group").to_owned(),
        |band| locale.word("causes.band", band).to_owned(),
    );
    let named = told.group.named.map_or("any", |polarity| polarity.name());
    locale.fill(
        "causes.heading",
        &[
            ("group", &band),
            ("range", &told.group.range),
            ("definition", &told.measure.definition()),
            ("n", &locale.count(told.found.group)),
            ("rest", &locale.count(told.found.rest)),
            ("named", &locale.word("causes.named", named)),
        ],
    )
}

/// One branch for each driver, or one that says there is none.
pub fn branches(told: &Told<'_>) -> Vec<Branch> {
    let causes = told.found.top(told.top).enumerate();
    let causes: Vec<Branch> = causes.map(|(at, cause)| branch(told, at, cause)).collect();
    if !causes.is_empty() {
        return causes;
    }
    let tested = told.found.causes.len();
    let nothing = told.locale.fill("causes.nothing", &[("n", &tested)]);
    vec![leaf(nothing)]
}

/// How the tree is to be read.
pub fn notes(told: &Told<'_>) -> Vec<String> {
    let (found, locale) = (told.found, told.locale);
    let looked: [(&str, &dyn std::fmt::Display); 2] = [
        ("looked_at", &locale.count(found.looked_at as u64)),
        ("tried", &locale.count(found.tried as u64)),
    ];
    let mut notes = vec![locale.fill("causes.footnote", &looked)];
    for (key, fields) in [
        ("causes.restating", &found.restating),
        ("causes.constant", &found.constant),
    ] {
        if !fields.is_empty() {
            notes.push(locale.fill(key, &[("fields", &fields.join(", "))]));
        }
    }
    notes.push(locale.text("causes.without").to_owned());
    notes
}

fn branch(told: &Told<'_>, at: usize, cause: &Cause) -> Branch {
    let locale = told.locale;
    let one = &cause.driver;
    let driver = &told.index.drivers()[usize::from(one.at)];
    let points = one.recoverable.map_or_else(String::new, |points| {
        locale.fill(
            "causes.recoverable",
            &[("points", &locale.number(points, 1))],
        )
    });
    let text = locale.fill(
        "causes.driver",
        &[
            ("rank", &(at + 1)),
            ("name", &told.name(&driver.es, &driver.en)),
            ("area", &locale.word("area", driver.area.name())),
            ("here", &percent(told, one.counts.share_here())),
            ("there", &percent(told, one.counts.share_there())),
            ("n", &locale.count(one.counts.here)),
            ("odds", &odds(told, &one.counts, &one.odds)),
        ],
    );
    let text = format!("{text}{points}");
    let list = |key: &str, items: Vec<String>| {
        (!items.is_empty()).then(|| Branch {
            text: locale.text(key).to_owned(),
            below: items.into_iter().map(leaf).collect(),
        })
    };
    let themes = cause.themes.iter().take(MOST).map(|one| theme(told, one));
    let spots = cause.spots.iter().take(MOST).map(|one| spot(told, one));
    let odata = cause.thresholds.iter().take(MOST).map(|one| {
        let odds = odds(told, &one.counts, &one.odds);
        let share = percent(told, one.counts.share_here());
        let elsewhere = percent(told, one.counts.share_there());
        let values: [(&str, &dyn std::fmt::Display); 4] = [
            ("condition", &condition(told, one)),
            ("odds", &odds),
            ("here", &share),
            ("there", &elsewhere),
        ];
        locale.fill("causes.odata", &values)
    });
    let reasons = cause.reasons.iter().map(|one| {
        let alike = if one.alike > 1 {
            format!(" ×{}", one.alike)
        } else {
            String::new()
        };
        format!("«{}» ({}){alike}", one.text, one.id)
    });
    let quotes = cause
        .quotes
        .iter()
        .map(|one| format!("«{}» ({})", one.text, one.id));
    let branches = [
        list("causes.themes", themes.collect()),
        list("causes.segments", spots.collect()),
        list("causes.with", odata.collect()),
        list("causes.words", words(told, &cause.words)),
        list("causes.reasons", reasons.collect()),
        list("causes.quotes", quotes.collect()),
    ];
    Branch {
        text,
        below: branches.into_iter().flatten().collect(),
    }
}

/// The condition in the reader's words and numbers.
fn condition(told: &Told<'_>, one: &crate::driver::threshold::Threshold) -> String {
    if told.is_yes_or_no(one.field) {
        let word = if one.from { "causes.yes" } else { "causes.no" };
        return format!("{} = {}", told.number(one.field), told.locale.text(word));
    }
    let plain = told.condition(one);
    let written = one.value.to_string();
    let decimals = written
        .split_once('.')
        .map_or(0, |(_, digits)| digits.len().min(4));
    plain.replace(&written, &told.locale.number(one.value, decimals))
}

fn theme(told: &Told<'_>, one: &Apart) -> String {
    let theme = &told.index.themes()[usize::from(one.at)];
    told.locale.fill(
        "causes.theme",
        &[
            ("name", &told.name(&theme.es, &theme.en)),
            ("here", &percent(told, one.counts.share_here())),
            ("there", &percent(told, one.counts.share_there())),
            ("n", &told.locale.count(one.counts.here)),
        ],
    )
}

/// A value of a field, or a pair of them.
pub fn place(told: &Told<'_>, one: &Spot) -> String {
    let places = one.cells.iter();
    let places = places.map(|(field, value)| told.place(*field, *value));
    let places: Vec<String> = places
        .map(|(field, value)| format!("{field} {value}"))
        .collect();
    places.join(" × ")
}

fn spot(told: &Told<'_>, one: &Spot) -> String {
    told.locale.fill(
        "causes.spot",
        &[
            ("place", &place(told, one)),
            ("here", &percent(told, one.counts.share_here())),
            ("there", &percent(told, one.counts.share_there())),
            ("lift", &told.locale.number(one.lift, 1)),
            ("n", &told.locale.count(one.counts.here)),
            ("all", &told.locale.count(one.counts.all_here)),
        ],
    )
}

/// One line for each language.
fn words(told: &Told<'_>, words: &[Word]) -> Vec<String> {
    let of = |lang: Lang| {
        let these = words.iter().filter(|one| one.lang == lang);
        let these: Vec<&str> = these.map(|one| one.form.as_str()).collect();
        let name = told.locale.word("lang", lang.code());
        (!these.is_empty()).then(|| format!("{name}: {}", these.join(", ")))
    };
    Lang::ALL.into_iter().filter_map(of).collect()
}

pub fn percent(told: &Told<'_>, share: Option<f64>) -> String {
    share.map_or_else(
        || "–".to_owned(),
        |share| format!("{} %", told.locale.number(100.0 * share, 1)),
    )
}

/// Odds with their interval; a dash where a count is 0, for then they say how many there are.
fn odds(told: &Told<'_>, counts: &Proportions, bounded: &Bounded) -> String {
    if !counts.has_odds() {
        return "–".to_owned();
    }
    let number = |value: f64| told.locale.number(value, 1);
    format!(
        "{} [{}; {}]",
        number(bounded.value),
        number(bounded.low),
        number(bounded.high)
    )
}
