//! A drawing of values by how often they are named: share to the right, points upwards.
//!
//! Labels are placed one after the other, the most important first, where they cover neither a point
//! nor another label. That of a leading point may stand further off, tied to it by a line; another one
//! that finds no place beside its point is left out, and the point still tells its name when it is
//! pointed at.

use super::axis::{Axis, rounded};
use crate::locale::Locale;
use serde::Serialize;

/// Points with intervals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scatter {
    /// What the axis to the right measures.
    pub across: String,
    /// What the axis upwards measures.
    pub upwards: String,
    /// The meaning of the colours: class and word.
    pub key: Vec<(&'static str, String)>,
    /// The points, the most important first.
    pub points: Vec<Point>,
}

/// One point with the interval of its height.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its name.
    pub name: String,
    /// Share, 0 to 1.
    pub share: f64,
    /// Its height in points of a score.
    pub value: f64,
    /// Lower bound of its interval.
    pub low: f64,
    /// Upper bound of its interval.
    pub high: f64,
    /// `minus`, `plus` or `open`: its colour.
    pub side: &'static str,
    /// True when its name may stand further off rather than be left out.
    pub leading: bool,
}

pub(super) const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 16.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = HEIGHT - 48.0;
/// Width of a letter and height of a line of a label: a guess that is rather wide.
const LETTER: f64 = 7.0;
const LINE: f64 = 15.0;
/// Distance of a label from its point.
const GAP: f64 = 8.0;
/// Radius of a point.
const RADIUS: f64 = 5.0;

/// The drawing, as the template has it.
#[derive(Serialize)]
pub(super) struct Drawn {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    zero: f64,
    across: String,
    upwards: String,
    x_ticks: Vec<(f64, String)>,
    y_ticks: Vec<(f64, String)>,
    key: Vec<(f64, &'static str, String)>,
    points: Vec<DrawnPoint>,
}

#[derive(Serialize)]
struct DrawnPoint {
    x: f64,
    y: f64,
    low: f64,
    high: f64,
    side: &'static str,
    told: String,
    label: Option<Label>,
}

#[derive(Serialize)]
struct Label {
    x: f64,
    y: f64,
    anchor: &'static str,
    text: String,
    /// Where a line from the point ends; `None` where the label stands beside it.
    tie: Option<(f64, f64)>,
}

/// What is taken: left, top, right, bottom.
#[derive(Clone, Copy)]
struct Area([f64; 4]);

impl Area {
    fn meets(self, other: Self) -> bool {
        let (Self(a), Self(b)) = (self, other);
        a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
    }

    fn is_inside(self) -> bool {
        let Self([left, top, right, bottom]) = self;
        left >= LEFT && right <= RIGHT && top >= TOP - LINE && bottom <= BOTTOM
    }
}

impl Scatter {
    pub(super) fn drawn(&self, locale: &Locale) -> Drawn {
        let most = |of: fn(&Point) -> f64| self.points.iter().map(of).fold(0.0, f64::max);
        let least = self.points.iter().map(|one| one.low).fold(0.0, f64::min);
        let x = Axis::new(0.0, 100.0 * most(|one| one.share), LEFT, RIGHT);
        let y = Axis::new(least, most(|one| one.high), BOTTOM, TOP);
        let mut points: Vec<DrawnPoint> = self
            .points
            .iter()
            .map(|one| DrawnPoint {
                x: x.at(100.0 * one.share),
                y: y.at(one.value),
                low: y.at(one.low),
                high: y.at(one.high),
                side: one.side,
                told: one.told(locale),
                label: None,
            })
            .collect();
        self.place_labels(&mut points);
        Drawn {
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: RIGHT,
            top: TOP,
            bottom: BOTTOM,
            zero: y.at(0.0),
            across: self.across.clone(),
            upwards: self.upwards.clone(),
            x_ticks: x.ticks(locale, " %"),
            y_ticks: y.ticks(locale, ""),
            key: self.drawn_key(),
            points,
        }
    }

    fn drawn_key(&self) -> Vec<(f64, &'static str, String)> {
        let mut at = LEFT;
        let key = self.key.iter().map(|(side, word)| {
            let here = at;
            at += 34.0 + LETTER * word.chars().count() as f64;
            (rounded(here), *side, word.clone())
        });
        key.collect()
    }

    fn place_labels(&self, drawn: &mut [DrawnPoint]) {
        let dot = |one: &DrawnPoint| {
            let r = RADIUS + 1.0;
            Area([one.x - r, one.y - r, one.x + r, one.y + r])
        };
        let mut taken: Vec<Area> = drawn.iter().map(dot).collect();
        for (point, drawn) in self.points.iter().zip(drawn) {
            if let Some((label, area)) = placed(point, drawn.x, drawn.y, &taken) {
                taken.push(area);
                drawn.label = Some(label);
            }
        }
    }
}

/// Where the labels of leading points may stand, above (-) or below the point: steps of half a line.
const OFFSETS: [f64; 10] = [0.0, -9.0, 9.0, -18.0, 18.0, -27.0, 27.0, -36.0, 36.0, 45.0];

/// The first place for the label of a point that is free.
fn placed(point: &Point, x: f64, y: f64, taken: &[Area]) -> Option<(Label, Area)> {
    let width = LETTER * point.name.chars().count() as f64;
    let offsets = if point.leading {
        &OFFSETS[..]
    } else {
        &OFFSETS[..1]
    };
    let places = offsets.iter().flat_map(|off| {
        [
            ("start", x + GAP, x + GAP + width, *off),
            ("end", x - GAP - width, x - GAP, *off),
        ]
    });
    places.into_iter().find_map(|(anchor, left, right, off)| {
        let middle = y + off;
        let area = Area([left, middle - LINE / 2.0, right, middle + LINE / 2.0]);
        if !area.is_inside() || taken.iter().any(|other| area.meets(*other)) {
            return None;
        }
        let at = if anchor == "start" { left } else { right };
        let label = Label {
            x: rounded(at),
            y: rounded(middle + 4.5),
            anchor,
            text: point.name.clone(),
            tie: (off.abs() > LINE).then(|| (rounded(at), rounded(middle))),
        };
        Some((label, area))
    })
}

impl Point {
    fn told(&self, locale: &Locale) -> String {
        let number = |value| locale.number(value, 1);
        format!(
            "{}: {} [{}; {}] · {} %",
            self.name,
            number(self.value),
            number(self.low),
            number(self.high),
            number(100.0 * self.share)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    fn point(name: &str, share: f64, value: f64) -> Point {
        Point {
            name: name.to_owned(),
            share,
            value,
            low: value - 1.0,
            high: value + 1.0,
            side: "open",
            leading: true,
        }
    }

    #[test]
    fn labels_cover_neither_points_nor_one_another() {
        let crowd = (0..12).map(|at| point("Waiting and speed", 0.1 + 0.001 * f64::from(at), -2.0));
        let far = point("Far", 0.6, 3.0);
        let scatter = Scatter {
            points: crowd.chain([far]).collect(),
            ..Scatter::default()
        };
        let drawn = scatter.drawn(&Locale::new(Lang::En));
        let labels: Vec<&Label> = drawn
            .points
            .iter()
            .filter_map(|one| one.label.as_ref())
            .collect();
        assert!(labels.len() > 1 && labels.iter().any(|one| one.text == "Far"));
        for (at, a) in labels.iter().enumerate() {
            for b in &labels[at + 1..] {
                let apart = (a.y - b.y).abs() >= LINE - 0.2 || (a.x - b.x).abs() > 100.0;
                assert!(apart, "{} at {} and {}", a.text, a.y, b.y);
            }
        }
    }
}
