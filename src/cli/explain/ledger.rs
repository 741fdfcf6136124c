//! The table of what adds up to the logits.

use super::Class;
use super::shown::{Shown, rounded, words};
use crate::emotion::{COUNT, Emotion};
use crate::model::explain::{Contribution, Decision, Feature};
use crate::model::{Explanation, Logits};
use crate::report::{Column, Sheet, Show};
use crate::sentiment::Polarity;
use rustc_hash::FxHashMap;
use serde_json::Value;

/// Rounds to what the table shows, so that what is printed adds up.
fn printed(value: f32) -> f64 {
    rounded(value, 1e3)
}

fn sum(one: &Logits, other: &Logits) -> Logits {
    Logits {
        sentiment: std::array::from_fn(|at| one.sentiment[at] + other.sentiment[at]),
        emotions: std::array::from_fn(|at| one.emotions[at] + other.emotions[at]),
    }
}

/// The table of features: one column per class shown, each of which adds up as it is printed.
pub struct Ledger<'s, 'e> {
    pub shown: &'s Shown<'e>,
    pub why: &'s Explanation,
    pub class: Class,
}

impl Ledger<'_, '_> {
    /// The classes that have a column.
    fn classes(&self) -> Vec<Class> {
        let labels = Polarity::ALL.map(Class::Label);
        match self.class {
            Class::Emotion(_) => vec![self.class],
            Class::Label(_) => labels.to_vec(),
            Class::Lead(..) => labels.into_iter().chain([self.class]).collect(),
        }
    }

    /// The strongest features, the sum of the others, the bias, the logit they add up to, and what
    /// becomes of it.
    pub fn sheet(&self) -> Sheet {
        let mut sheet = self.empty();
        let (bias, features) = self.strongest_first();
        let (listed, others) = features.split_at(self.shown.top.min(features.len()));
        let told: Vec<_> = listed.iter().chain(&bias).collect();
        let rest = |class: Class| {
            let told: f64 = told.iter().map(|one| printed(class.of(&one.adds))).sum();
            Value::from(printed(class.of(&self.logits())) - told)
        };
        sheet
            .rows
            .extend(listed.iter().map(|one| self.feature(one)));
        let locale = self.shown.locale;
        let n = locale.count(others.len() as u64);
        sheet.rows.push(if others.is_empty() {
            self.row("", "rounding", rest)
        } else {
            self.row(&locale.fill("explain.others", &[("n", &n)]), "rest", rest)
        });
        sheet.rows.extend(bias.iter().map(|one| self.feature(one)));
        sheet.rows.extend(self.results());
        sheet
    }

    fn empty(&self) -> Sheet {
        let columns = [("words", Show::Text), ("kind", Show::Word)];
        let mut sheet = Sheet::new(self.shown.locale, &columns);
        let columns = self.classes().into_iter().map(|class| Column {
            key: "adds",
            title: self.shown.name(class),
            show: Show::Fine,
        });
        sheet.columns.extend(columns);
        sheet
    }

    /// The bias, and the other features. Those of one kind with the same tokens, such as shapes with
    /// and without the end of the clause, are one here.
    fn strongest_first(&self) -> (Vec<Contribution<Logits>>, Vec<Contribution<Logits>>) {
        let mut known: FxHashMap<(Feature, &[usize]), usize> = FxHashMap::default();
        let mut all: Vec<Contribution<Logits>> = Vec::new();
        for one in &self.why.contributions {
            let at = *known
                .entry((one.feature, &*one.tokens))
                .or_insert(all.len());
            if let Some(same) = all.get_mut(at) {
                same.adds = sum(&same.adds, &one.adds);
            } else {
                all.push(one.clone());
            }
        }
        let is_bias = |one: &Contribution<Logits>| one.feature == Feature::Bias;
        let (bias, mut features): (Vec<_>, Vec<_>) = all.into_iter().partition(is_bias);
        let size = |one: &Contribution<Logits>| self.class.of(&one.adds).abs();
        // Those that add the same stay in the order of the text.
        features.sort_by(|a, b| size(b).total_cmp(&size(a)));
        (bias, features)
    }

    fn feature(&self, one: &Contribution<Logits>) -> Vec<Value> {
        let explained = self.shown.explained;
        let words = words(
            &explained.tagged.verbatim.text,
            &explained.tokens,
            &one.tokens,
        );
        let adds = |class: Class| printed(class.of(&one.adds)).into();
        self.row(&words, one.feature.name(), adds)
    }

    fn row(&self, words: &str, kind: &str, of: impl Fn(Class) -> Value) -> Vec<Value> {
        let words = if words.is_empty() {
            Value::Null
        } else {
            words.into()
        };
        let front = [words, kind.into()];
        front
            .into_iter()
            .chain(self.classes().into_iter().map(of))
            .collect()
    }

    /// The logits of the text.
    fn logits(&self) -> Logits {
        let mut emotions = [0.0; COUNT];
        for one in &self.why.emotions {
            emotions[one.emotion as usize] = one.read.map_or(0.0, |read| read.logit);
        }
        Logits {
            sentiment: self.why.decision.logits,
            emotions,
        }
    }

    /// The logit, and what becomes of it.
    fn results(&self) -> Vec<Vec<Value>> {
        let logits = self.logits();
        let mut rows = vec![self.row("", "logit", |class| printed(class.of(&logits)).into())];
        match self.class {
            Class::Emotion(emotion) => rows.extend(self.emotion(emotion)),
            _ => rows.extend(self.labels(&self.why.decision)),
        }
        rows
    }

    fn labels(&self, decision: &Decision) -> [Vec<Value>; 3] {
        let locale = self.shown.locale;
        let temperature = locale.number(f64::from(decision.calibration.temperature), 3);
        let scaled = locale.fill("explain.scaled", &[("temperature", &temperature)]);
        let of = |values: [f32; 3]| {
            move |class: Class| {
                let sentiment = Logits {
                    sentiment: values,
                    emotions: [0.0; COUNT],
                };
                Value::from(printed(class.of(&sentiment)))
            }
        };
        let probability = |class| match class {
            Class::Label(label) => self
                .shown
                .percent(decision.sentiment.probability(label))
                .into(),
            _ => Value::Null,
        };
        [
            self.row(&scaled, "calibrated", of(decision.scaled)),
            self.row("", "probability", probability),
            self.row(
                locale.text("explain.decided"),
                "decided",
                of(decision.decided),
            ),
        ]
    }

    fn emotion(&self, emotion: Emotion) -> Vec<Vec<Value>> {
        let locale = self.shown.locale;
        let why = self.why.emotions.iter().find(|one| one.emotion == emotion);
        let Some(read) = why.and_then(|one| one.read) else {
            return Vec::new();
        };
        let number = |value: f32| locale.number(f64::from(value), 3);
        let sign = if read.intercept < 0.0 { '−' } else { '+' };
        let curve = locale.fill(
            "explain.curve",
            &[
                ("slope", &number(read.slope)),
                ("sign", &sign),
                ("intercept", &number(read.intercept.abs())),
            ],
        );
        let scaled = read.slope * read.logit + read.intercept;
        let percent = |share: f32| self.shown.percent(share);
        vec![
            self.row(&curve, "calibrated", |_| printed(scaled).into()),
            self.row("", "probability", |_| percent(read.probability).into()),
            self.row("", "threshold", |_| percent(read.threshold).into()),
        ]
    }
}
