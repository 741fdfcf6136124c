//! A drawing of a score through time: one value per period with its interval.

use super::axis::{Axis, rounded};
use super::scatter::WIDTH;
use crate::locale::Locale;
use crate::tally::INDICATIVE_BELOW;
use serde::Serialize;

/// A score by period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// What the axis upwards measures.
    pub upwards: String,
    /// The periods in their order.
    pub points: Vec<Moment>,
}

/// The value of one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The period, such as `2026-05`.
    pub name: String,
    /// Its place on the axis of time; two that follow one another are 1 apart.
    pub place: f64,
    /// How many it is of.
    pub n: u64,
    /// The value.
    pub value: f64,
    /// Lower bound of its interval.
    pub low: f64,
    /// Upper bound of its interval.
    pub high: f64,
    /// `▲` or `▼` where it certainly differs from the one before.
    pub arrow: Option<&'static str>,
}

const HEIGHT: f64 = 330.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 30.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = HEIGHT - 44.0;
/// Names of periods that fit below the axis.
const NAMES: usize = 9;

/// The drawing, as the template has it.
#[derive(Serialize)]
pub(super) struct Drawn {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    bottom: f64,
    zero: Option<f64>,
    upwards: String,
    y_ticks: Vec<(f64, String)>,
    /// Lines between periods that follow one another: x1, y1, x2, y2.
    lines: Vec<[f64; 4]>,
    points: Vec<DrawnMoment>,
}

#[derive(Serialize)]
struct DrawnMoment {
    x: f64,
    y: f64,
    low: f64,
    high: f64,
    name: Option<String>,
    arrow: Option<&'static str>,
    side: &'static str,
    /// True where few voted.
    hollow: bool,
    told: String,
}

impl Curve {
    pub(super) fn drawn(&self, locale: &Locale) -> Drawn {
        let bound = |of: fn(&Moment) -> f64, or: f64, pick: fn(f64, f64) -> f64| {
            self.points.iter().map(of).reduce(pick).unwrap_or(or)
        };
        let (least, most) = (
            bound(|one| one.low, 0.0, f64::min),
            bound(|one| one.high, 1.0, f64::max),
        );
        let y = Axis::new(least, most, BOTTOM, TOP);
        let first = bound(|one| one.place, 0.0, f64::min);
        let span = (bound(|one| one.place, 1.0, f64::max) - first).max(1.0);
        let x = |place: f64| rounded(LEFT + 24.0 + (place - first) / span * (RIGHT - LEFT - 24.0));
        let pairs = self.points.windows(2);
        let lines = pairs
            .filter(|pair| pair[1].place - pair[0].place < 1.5)
            .map(|pair| {
                let [a, b] = [&pair[0], &pair[1]];
                [x(a.place), y.at(a.value), x(b.place), y.at(b.value)]
            });
        Drawn {
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: RIGHT + 14.0,
            bottom: BOTTOM,
            zero: (least < 0.0 && most > 0.0).then(|| y.at(0.0)),
            upwards: self.upwards.clone(),
            y_ticks: y.ticks(locale, ""),
            lines: lines.collect(),
            points: self.moments(&x, &y, locale),
        }
    }

    fn moments(&self, x: &impl Fn(f64) -> f64, y: &Axis, locale: &Locale) -> Vec<DrawnMoment> {
        let every = self.points.len().div_ceil(NAMES).max(1);
        let last = self.points.len().saturating_sub(1);
        let drawn = self.points.iter().enumerate().map(|(at, one)| DrawnMoment {
            x: x(one.place),
            y: y.at(one.value),
            low: y.at(one.low),
            high: y.at(one.high),
            name: (last - at).is_multiple_of(every).then(|| one.name.clone()),
            arrow: one.arrow,
            side: match one.arrow {
                Some("▲") => "plus",
                Some(_) => "minus",
                None => "plain",
            },
            hollow: one.n < INDICATIVE_BELOW,
            told: one.told(locale),
        });
        drawn.collect()
    }
}

impl Moment {
    fn told(&self, locale: &Locale) -> String {
        let number = |value| locale.number(value, 1);
        format!(
            "{}: {} [{}; {}] · n {}",
            self.name,
            number(self.value),
            number(self.low),
            number(self.high),
            locale.count(self.n)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn a_line_joins_only_periods_that_follow_one_another() {
        let moment = |place: f64| Moment {
            name: format!("2026-{place:02}"),
            place,
            n: 120,
            value: -3.0,
            low: -9.0,
            high: 3.0,
            arrow: None,
        };
        let curve = Curve {
            upwards: String::new(),
            points: [1.0, 2.0, 4.0].map(moment).to_vec(),
        };
        let drawn = curve.drawn(&Locale::new(Lang::En));
        assert_eq!(drawn.lines.len(), 1);
        assert_eq!(drawn.points[0].told, "2026-01: -3.0 [-9.0; 3.0] · n 120");
        assert!(drawn.points[2].name.is_some());
    }
}
