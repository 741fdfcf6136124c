//! Causes for people: a tree that can be pasted into a slide.

use super::Told;
use super::find::Cause;
use super::words::Word;
use crate::driver::apart::Apart;
use crate::driver::proportion::Bounded;
use crate::driver::spot::Spot;
use crate::lang::Lang;

/// Items of one branch at most (a guess); JSON Lines has all.
const MOST: usize = 4;

/// A line and what hangs from it.
struct Branch {
    text: String,
    below: Vec<Branch>,
}

impl Branch {
    fn leaf(text: String) -> Self {
        let below = Vec::new();
        Self { text, below }
    }

    /// The lines below a branch, each with what leads to it.
    fn draw(&self, indent: &str, lines: &mut Vec<String>) {
        for (at, branch) in self.below.iter().enumerate() {
            let is_last = at + 1 == self.below.len();
            let (here, below) = if is_last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            lines.push(format!("{indent}{here}{}", branch.text));
            branch.draw(&format!("{indent}{below}"), lines);
        }
    }
}

/// Everything, as it is printed.
pub fn text(told: &Told<'_>) -> String {
    let locale = told.locale;
    let causes: Vec<Branch> = told
        .found
        .top(told.top)
        .enumerate()
        .map(|(at, cause)| branch(told, at, cause))
        .collect();
    let band = told.group.band.map_or_else(
        || locale.text("causes.group").to_owned(),
        |band| locale.word("causes.band", band).to_owned(),
    );
    let named = told.group.named.map_or("any", |polarity| polarity.name());
    let heading = locale.fill(
        "causes.heading",
        &[
            ("group", &band),
            ("range", &told.group.range),
            ("definition", &told.measure.definition()),
            ("n", &locale.count(told.found.group)),
            ("rest", &locale.count(told.found.rest)),
            ("named", &locale.word("causes.named", named)),
        ],
    );
    let mut lines = vec![heading];
    if causes.is_empty() {
        let tested = told.found.causes.len();
        lines.push(locale.fill("causes.nothing", &[("n", &tested)]));
    }
    let tree = Branch {
        text: String::new(),
        below: causes,
    };
    tree.draw("", &mut lines);
    let note = locale.fill(
        "causes.footnote",
        &[
            ("looked_at", &locale.count(told.found.looked_at as u64)),
            ("tried", &locale.count(told.found.tried as u64)),
        ],
    );
    lines.push(String::new());
    lines.push(note);
    if !told.found.restating.is_empty() {
        let fields = told.found.restating.join(", ");
        lines.push(locale.fill("causes.restating", &[("fields", &fields)]));
    }
    lines.join("\n")
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
            ("odds", &bounded(told, &one.odds)),
        ],
    );
    let text = format!("{text}{points}");
    let list = |key: &str, items: Vec<String>| {
        (!items.is_empty()).then(|| Branch {
            text: locale.text(key).to_owned(),
            below: items.into_iter().map(Branch::leaf).collect(),
        })
    };
    let themes = cause.themes.iter().take(MOST).map(|one| theme(told, one));
    let spots = cause.spots.iter().take(MOST).map(|one| spot(told, one));
    let odata = cause.thresholds.iter().take(MOST).map(|one| {
        let odds = bounded(told, &one.odds);
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

fn spot(told: &Told<'_>, one: &Spot) -> String {
    let places = one
        .cells
        .iter()
        .map(|(field, value)| told.place(*field, *value));
    let places: Vec<String> = places
        .map(|(field, value)| format!("{field} {value}"))
        .collect();
    told.locale.fill(
        "causes.spot",
        &[
            ("place", &places.join(" × ")),
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

fn percent(told: &Told<'_>, share: Option<f64>) -> String {
    share.map_or_else(
        || "–".to_owned(),
        |share| format!("{} %", told.locale.number(100.0 * share, 1)),
    )
}

fn bounded(told: &Told<'_>, bounded: &Bounded) -> String {
    let number = |value: f64| told.locale.number(value, 1);
    format!(
        "{} [{}; {}]",
        number(bounded.value),
        number(bounded.low),
        number(bounded.high)
    )
}
