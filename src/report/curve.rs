//! A drawing of a score through time: one value per period with its interval.

use super::axis::{Axis, rounded};
use super::frame::Frame;
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
    /// True where what it is of does not cover the period from end to end.
    pub is_open: bool,
}

/// The drawing for a screen or a sheet of paper, and for a phone.
const FRAMES: [Frame; 2] = [
    Frame {
        class: "broad",
        width: 720.0,
        height: 330.0,
        left: 52.0,
        right: 690.0,
        top: 24.0,
        bottom: 286.0,
        letter: 7.0,
        line: 15.0,
        radius: 4.0,
    },
    Frame {
        class: "slim",
        width: 360.0,
        height: 290.0,
        left: 46.0,
        right: 334.0,
        top: 22.0,
        bottom: 250.0,
        letter: 6.6,
        line: 14.0,
        radius: 3.0,
    },
];
/// Letters between two names of periods at least.
const APART: f64 = 2.0;

/// The drawing, as the template has it.
#[derive(Serialize)]
pub(super) struct Drawn {
    frame: Frame,
    right: f64,
    zero: Option<f64>,
    upwards: String,
    y_ticks: Vec<(f64, String)>,
    /// Lines between periods that follow one another: x1, y1, x2, y2.
    lines: Vec<[f64; 4]>,
    /// Those to or from a period that is not whole.
    open_lines: Vec<[f64; 4]>,
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
    /// The drawings, the broad one first.
    pub(super) fn drawn(&self, locale: &Locale) -> [Drawn; 2] {
        FRAMES.map(|frame| self.drawn_in(frame, locale))
    }

    fn drawn_in(&self, frame: Frame, locale: &Locale) -> Drawn {
        let bound = |of: fn(&Moment) -> f64, or: f64, pick: fn(f64, f64) -> f64| {
            self.points.iter().map(of).reduce(pick).unwrap_or(or)
        };
        let (least, most) = (
            bound(|one| one.low, 0.0, f64::min),
            bound(|one| one.high, 1.0, f64::max),
        );
        let y = Axis::new(least, most, frame.bottom, frame.top);
        let first = bound(|one| one.place, 0.0, f64::min);
        let span = (bound(|one| one.place, 1.0, f64::max) - first).max(1.0);
        let (from, to) = (frame.left + 24.0, frame.right);
        let x = |place: f64| rounded(from + (place - first) / span * (to - from));
        let pairs = self.points.windows(2);
        let pairs = pairs.filter(|pair| pair[1].place - pair[0].place < 1.5);
        let (open, whole): (Vec<_>, Vec<_>) =
            pairs.partition(|pair| pair[0].is_open || pair[1].is_open);
        let lines = |pairs: Vec<&[Moment]>| -> Vec<[f64; 4]> {
            let line = |pair: &[Moment]| {
                let [a, b] = [&pair[0], &pair[1]];
                [x(a.place), y.at(a.value), x(b.place), y.at(b.value)]
            };
            pairs.into_iter().map(line).collect()
        };
        Drawn {
            right: frame.right + 14.0,
            zero: (least < 0.0 && most > 0.0).then(|| y.at(0.0)),
            upwards: self.upwards.clone(),
            y_ticks: y.ticks(locale, ""),
            lines: lines(whole),
            open_lines: lines(open),
            points: self.moments(frame, &x, &y, locale),
            frame,
        }
    }

    fn moments(
        &self,
        frame: Frame,
        x: &impl Fn(f64) -> f64,
        y: &Axis,
        locale: &Locale,
    ) -> Vec<DrawnMoment> {
        let named = self.named(frame, x);
        let drawn = self.points.iter().enumerate().map(|(at, one)| DrawnMoment {
            x: x(one.place),
            y: y.at(one.value),
            low: y.at(one.low),
            high: y.at(one.high),
            name: named.contains(&at).then(|| one.name.clone()),
            arrow: one.arrow,
            side: match one.arrow {
                Some("▲") => "plus",
                Some(_) => "minus",
                None => "plain",
            },
            hollow: one.n < INDICATIVE_BELOW || one.is_open,
            told: one.told(locale),
        });
        drawn.collect()
    }
}

impl Curve {
    /// The periods whose names fit below the axis, the last one first: wherever they lie, no name
    /// runs into another.
    fn named(&self, frame: Frame, x: &impl Fn(f64) -> f64) -> Vec<usize> {
        let mut named = Vec::new();
        let mut free = f64::INFINITY;
        for (at, one) in self.points.iter().enumerate().rev() {
            let half = frame.letter * (one.name.chars().count() as f64) / 2.0;
            let middle = x(one.place);
            if middle + half <= free && middle - half >= 0.0 {
                named.push(at);
                free = middle - half - APART * frame.letter;
            }
        }
        named
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
            is_open: place > 4.0,
        };
        let curve = Curve {
            upwards: String::new(),
            points: [1.0, 2.0, 4.0, 5.0].map(moment).to_vec(),
        };
        let [drawn, _] = curve.drawn(&Locale::new(Lang::En));
        assert_eq!((drawn.lines.len(), drawn.open_lines.len()), (1, 1));
        assert!(drawn.points[3].hollow && !drawn.points[2].hollow);
        assert_eq!(drawn.points[0].told, "2026-01: -3.0 [-9.0; 3.0] · n 120");
        assert!(drawn.points[2].name.is_some());
    }

    #[test]
    fn names_of_periods_do_not_run_together() {
        // Some far apart, then every month: what a young index looks like.
        let places = [0.0, 20.0, 40.0].into_iter().chain((47..60).map(f64::from));
        let moment = |place: f64| Moment {
            name: "2025-01".to_owned(),
            place,
            n: 120,
            value: 0.0,
            low: -1.0,
            high: 1.0,
            arrow: None,
            is_open: false,
        };
        let curve = Curve {
            upwards: String::new(),
            points: places.map(moment).collect(),
        };
        for drawn in curve.drawn(&Locale::new(Lang::En)) {
            let width = 7.0 * drawn.frame.letter;
            let named = drawn.points.iter().filter(|one| one.name.is_some());
            let places: Vec<f64> = named.map(|one| one.x).collect();
            assert!(places.len() > 2, "{places:?}");
            let apart = places.windows(2).all(|pair| pair[1] - pair[0] > width);
            assert!(apart, "{places:?} of {width}");
            assert!(places.last().unwrap() + width / 2.0 <= drawn.frame.width);
        }
    }
}
