//! Drift: whether a run of feedback looks like the runs before it.
//!
//! A [`Profile`] counts what a run looked like; [`against`] holds a run against the last ones. Each figure (the
//! share of a language, of refused rows, of a theme…) is compared with its mean over those runs by Student's t:
//! the variance of a new run is that between runs beyond chance, plus chance for its own size, plus that of the
//! mean. All figures are tested at once, so p values are adjusted after Benjamini & Hochberg.

use crate::driver::false_discovery;
use crate::normal::student_two_sided;
use crate::sentiment::Polarity;
use crate::tag::Tagged;
use crate::theme::Taxonomy;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The fewest earlier runs that something is said from.
pub const FEWEST_RUNS: usize = 5;
/// The share of false alarms accepted among the figures that are told.
const ACCEPTED: f64 = 0.01;
/// The least difference of a share that is told: one in a hundred. Large runs make trifles certain.
const LEAST_SHARE: f64 = 0.01;
/// The least difference of the mean length that is told, as a part of it.
const LEAST_LENGTH: f64 = 0.05;
/// The least spread of mean lengths between runs, as a part of their mean: equal ones prove little.
const LEAST_SPREAD: f64 = 0.01;

/// What the verbatims of a run looked like: counts, which add in any order.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// Rows that were verbatims or rejects.
    pub rows: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Verbatims that say something.
    pub meaningful: u64,
    /// Characters of the meaningful ones.
    pub characters: u64,
    /// Meaningful ones by the code of their language.
    pub languages: BTreeMap<String, u64>,
    /// Verbatims with a sentiment.
    pub analysed: u64,
    /// Those with a positive one.
    pub positive: u64,
    /// Those with a negative one.
    pub negative: u64,
    /// Verbatims that name each theme, by its id.
    pub themes: BTreeMap<String, u64>,
}

impl Profile {
    /// Counts a verbatim; `taxonomy` is the one it was tagged with.
    pub fn add(&mut self, tagged: &Tagged, taxonomy: &Taxonomy) {
        self.rows += 1;
        if tagged.meaningful {
            self.meaningful += 1;
            self.characters += tagged.verbatim.text.chars().count() as u64;
            count(&mut self.languages, tagged.lang.code);
        }
        if let Some(sentiment) = tagged.sentiment {
            self.analysed += 1;
            self.positive += u64::from(sentiment.label == Polarity::Positive);
            self.negative += u64::from(sentiment.label == Polarity::Negative);
        }
        let mut named: Vec<u16> = tagged.mentions.iter().map(|one| one.theme).collect();
        named.sort_unstable();
        named.dedup();
        for theme in named {
            if let Some(theme) = taxonomy.themes.get(usize::from(theme)) {
                count(&mut self.themes, &theme.id);
            }
        }
    }

    /// Counts refused rows.
    pub fn add_rejected(&mut self, rows: u64) {
        self.rows += rows;
        self.rejected += rows;
    }

    /// How many of how many, for a share by its name.
    fn share(&self, figure: &str) -> (u64, u64) {
        let part = |counts: &BTreeMap<String, u64>, name| counts.get(name).copied().unwrap_or(0);
        match figure.split_once(':') {
            Some((LANGUAGE, code)) => (part(&self.languages, code), self.meaningful),
            Some((THEME, id)) => (part(&self.themes, id), self.analysed),
            _ => match figure {
                "rejected" => (self.rejected, self.rows),
                "meaningful" => (self.meaningful, self.rows - self.rejected),
                "positive" => (self.positive, self.analysed),
                _ => (self.negative, self.analysed),
            },
        }
    }

    fn mean_length(&self) -> Option<f64> {
        (self.meaningful > 0).then(|| self.characters as f64 / self.meaningful as f64)
    }
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => _ = counts.insert(name.to_owned(), 1),
    }
}

const LANGUAGE: &str = "language";
const THEME: &str = "theme";
const PLAIN: [&str; 4] = ["rejected", "meaningful", "positive", "negative"];

/// A figure of a run that is not what the runs before it let expect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// What it is: `rejected`, `meaningful`, `positive`, `negative`, `length`, `language:CODE` or `theme:ID`.
    pub figure: String,
    /// Its value in this run: a share 0 to 1, or the mean length in characters.
    pub now: f64,
    /// Its mean in the runs before.
    pub before: f64,
    /// How many runs these are.
    pub runs: usize,
    /// The test's value: the difference over its standard error.
    pub t: f64,
    /// The chance of such a difference without drift, adjusted for the number of figures looked at.
    pub q: f64,
}

/// The figures of `now` that depart from the runs before it, the most certain first; none where there are fewer
/// than [`FEWEST_RUNS`].
pub fn against(before: &[Profile], now: &Profile) -> Vec<Drift> {
    if before.len() < FEWEST_RUNS {
        return Vec::new();
    }
    let mut tested: Vec<Drift> = figures(before, now)
        .into_iter()
        .filter_map(|figure| share_test(before, now, figure))
        .collect();
    tested.extend(length_test(before, now));
    let p: Vec<Option<f64>> = tested.iter().map(|one| Some(one.q)).collect();
    let adjusted = false_discovery::adjust(&p);
    let mut told: Vec<Drift> = tested
        .into_iter()
        .zip(adjusted)
        .filter_map(|(one, q)| Some(Drift { q: q?, ..one }))
        .filter(|one| {
            let least = if one.figure == "length" {
                LEAST_LENGTH * one.before
            } else {
                LEAST_SHARE
            };
            one.q <= ACCEPTED && (one.now - one.before).abs() >= least
        })
        .collect();
    told.sort_by(|a, b| a.q.total_cmp(&b.q).then_with(|| a.figure.cmp(&b.figure)));
    told
}

/// The names of all shares that any of the runs has.
fn figures(before: &[Profile], now: &Profile) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = PLAIN.map(str::to_owned).into();
    for run in before.iter().chain([now]) {
        names.extend(
            run.languages
                .keys()
                .map(|code| format!("{LANGUAGE}:{code}")),
        );
        names.extend(run.themes.keys().map(|id| format!("{THEME}:{id}")));
    }
    names
}

fn share_test(before: &[Profile], now: &Profile, figure: String) -> Option<Drift> {
    let (part, whole) = now.share(&figure);
    let runs: Vec<(f64, f64)> = before
        .iter()
        .map(|run| run.share(&figure))
        .filter(|(_, whole)| *whole > 0)
        .map(|(part, whole)| (part as f64, whole as f64))
        .collect();
    if runs.len() < FEWEST_RUNS || whole == 0 {
        return None;
    }
    let k = runs.len() as f64;
    let mean = runs.iter().map(|(part, whole)| part / whole).sum::<f64>() / k;
    let spread = |(part, whole): &(f64, f64)| (part / whole - mean).powi(2);
    let variance = runs.iter().map(spread).sum::<f64>() / (k - 1.0);
    // Half a success more, so that what never happened is not taken for impossible.
    let (parts, wholes) = runs
        .iter()
        .fold((0.0, 0.0), |sum, run| (sum.0 + run.0, sum.1 + run.1));
    let rate = (parts + 0.5) / (wholes + 1.0);
    let chance = |whole: f64| rate * (1.0 - rate) / whole;
    let by_chance = runs.iter().map(|run| chance(run.1)).sum::<f64>() / k;
    let between = (variance - by_chance).max(0.0);
    let whole = whole as f64;
    let value = part as f64 / whole;
    let error = (between + chance(whole) + variance.max(by_chance) / k).sqrt();
    let t = (value - mean) / error;
    Some(Drift {
        figure,
        now: value,
        before: mean,
        runs: runs.len(),
        t,
        q: student_two_sided(t, k - 1.0),
    })
}

fn length_test(before: &[Profile], now: &Profile) -> Option<Drift> {
    let value = now.mean_length()?;
    let runs: Vec<f64> = before.iter().filter_map(Profile::mean_length).collect();
    if runs.len() < FEWEST_RUNS {
        return None;
    }
    let k = runs.len() as f64;
    let mean = runs.iter().sum::<f64>() / k;
    let variance = runs.iter().map(|run| (run - mean).powi(2)).sum::<f64>() / (k - 1.0);
    let error = variance.sqrt().max(LEAST_SPREAD * mean) * (1.0 + 1.0 / k).sqrt();
    let t = (value - mean) / error;
    Some(Drift {
        figure: "length".to_owned(),
        now: value,
        before: mean,
        runs: runs.len(),
        t,
        q: student_two_sided(t, k - 1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    /// A run of `n` verbatims with shares that chance decides, and a mean length of about sixty.
    fn run(chance: &mut Chance, n: u64, negative: f64, queue: f64) -> Profile {
        let mut of = |share: f64| (0..n).filter(|_| chance.unit() < share).count() as u64;
        let (negative, queue, english) = (of(negative), of(queue), of(0.2));
        let extra = of(0.5);
        Profile {
            rows: n,
            meaningful: n,
            characters: 60 * n + extra,
            languages: [("en".to_owned(), english), ("es".to_owned(), n - english)].into(),
            analysed: n,
            negative,
            themes: [("queue".to_owned(), queue)].into(),
            ..Profile::default()
        }
    }

    #[test]
    fn runs_alike_are_rarely_told_and_a_new_one_is() {
        let mut chance = Chance::new(7);
        let mut false_alarms = 0;
        for _ in 0..200 {
            let before: Vec<Profile> = (0..12).map(|_| run(&mut chance, 800, 0.3, 0.1)).collect();
            let same = run(&mut chance, 800, 0.3, 0.1);
            false_alarms += usize::from(!against(&before, &same).is_empty());
            let other = run(&mut chance, 800, 0.45, 0.1);
            let told = against(&before, &other);
            assert_eq!(told[0].figure, "negative");
            assert!(told[0].now > told[0].before && told[0].q < 0.01);
        }
        assert!(false_alarms <= 8, "{false_alarms} of 200");
    }

    #[test]
    fn a_theme_that_was_never_named_and_a_new_language_are_told() {
        let mut chance = Chance::new(1);
        let before: Vec<Profile> = (0..6).map(|_| run(&mut chance, 500, 0.3, 0.0)).collect();
        let mut now = run(&mut chance, 500, 0.3, 0.08);
        now.languages.insert("pt".to_owned(), 60);
        let told: Vec<String> = against(&before, &now)
            .into_iter()
            .map(|one| one.figure)
            .collect();
        assert!(told.contains(&"theme:queue".to_owned()), "{told:?}");
        assert!(told.contains(&"language:pt".to_owned()), "{told:?}");
    }

    #[test]
    fn nothing_is_said_from_few_runs() {
        let mut chance = Chance::new(1);
        let before: Vec<Profile> = (0..4).map(|_| run(&mut chance, 500, 0.3, 0.1)).collect();
        assert_eq!(against(&before, &run(&mut chance, 500, 0.9, 0.9)), []);
    }
}
