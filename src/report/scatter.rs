//! A drawing of values by how often they are named: share to the right, points upwards.
//!
//! Labels are placed one after the other, the most important first, where they cover neither a point
//! nor another label. That of a leading point may stand further off, tied to it by a line; another one
//! that finds no place beside its point is left out, and the point still tells its name when it is
//! pointed at.

use super::axis::{Axis, rounded};
use super::frame::Frame;
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

/// The drawing for a screen or a sheet of paper, and for a phone.
const FRAMES: [Frame; 2] = [
    Frame {
        class: "broad",
        width: 720.0,
        height: 460.0,
        left: 52.0,
        right: 704.0,
        top: 34.0,
        bottom: 412.0,
        letter: 7.0,
        line: 15.0,
        radius: 5.0,
    },
    Frame {
        class: "slim",
        width: 360.0,
        height: 460.0,
        left: 46.0,
        right: 340.0,
        top: 34.0,
        bottom: 414.0,
        letter: 6.6,
        line: 14.0,
        radius: 4.0,
    },
];
/// Distance of a label from its point.
const GAP: f64 = 8.0;

/// The drawing, as the template has it.
#[derive(Serialize)]
pub(super) struct Drawn {
    frame: Frame,
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

    fn is_inside(self, frame: Frame) -> bool {
        let Self([left, top, right, bottom]) = self;
        left >= frame.left
            && right <= frame.right
            && top >= frame.top - frame.line
            && bottom <= frame.bottom
    }
}

impl Scatter {
    /// The drawings, the broad one first.
    pub(super) fn drawn(&self, locale: &Locale) -> [Drawn; 2] {
        FRAMES.map(|frame| self.drawn_in(frame, locale))
    }

    fn drawn_in(&self, frame: Frame, locale: &Locale) -> Drawn {
        let most = |of: fn(&Point) -> f64| self.points.iter().map(of).fold(0.0, f64::max);
        let least = self.points.iter().map(|one| one.low).fold(0.0, f64::min);
        let x = Axis::new(0.0, 100.0 * most(|one| one.share), frame.left, frame.right);
        let y = Axis::new(least, most(|one| one.high), frame.bottom, frame.top);
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
        self.place_labels(frame, &mut points);
        Drawn {
            frame,
            zero: y.at(0.0),
            across: self.across.clone(),
            upwards: self.upwards.clone(),
            x_ticks: x.ticks(locale, " %"),
            y_ticks: y.ticks(locale, ""),
            key: self.drawn_key(frame),
            points,
        }
    }

    fn drawn_key(&self, frame: Frame) -> Vec<(f64, &'static str, String)> {
        let mut at = frame.left;
        let key = self.key.iter().map(|(side, word)| {
            let here = at;
            at += 34.0 + frame.letter * word.chars().count() as f64;
            (rounded(here), *side, word.clone())
        });
        key.collect()
    }

    fn place_labels(&self, frame: Frame, drawn: &mut [DrawnPoint]) {
        let dot = |one: &DrawnPoint| {
            let r = frame.radius + 1.0;
            Area([one.x - r, one.y - r, one.x + r, one.y + r])
        };
        let mut taken: Vec<Area> = drawn.iter().map(dot).collect();
        for (point, drawn) in self.points.iter().zip(drawn) {
            if let Some((label, area)) = placed(frame, point, (drawn.x, drawn.y), &taken) {
                taken.push(area);
                drawn.label = Some(label);
            }
        }
    }
}

/// Where the labels of leading points may stand, above (-) or below the point: steps of half a line.
const OFFSETS: [f64; 10] = [0.0, -9.0, 9.0, -18.0, 18.0, -27.0, 27.0, -36.0, 36.0, 45.0];

/// The first place for the label of a point that is free.
fn placed(
    frame: Frame,
    point: &Point,
    (x, y): (f64, f64),
    taken: &[Area],
) -> Option<(Label, Area)> {
    let half = frame.line / 2.0;
    let width = frame.letter * point.name.chars().count() as f64;
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
        let area = Area([left, middle - half, right, middle + half]);
        if !area.is_inside(frame) || taken.iter().any(|other| area.meets(*other)) {
            return None;
        }
        let at = if anchor == "start" { left } else { right };
        let label = Label {
            x: rounded(at),
            y: rounded(middle + 4.5),
            anchor,
            text: point.name.clone(),
            tie: (off.abs() > frame.line).then(|| (rounded(at), rounded(middle))),
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
        let [drawn, _] = scatter.drawn(&Locale::new(Lang::En));
        let labels: Vec<&Label> = drawn
            .points
            .iter()
            .filter_map(|one| one.label.as_ref())
            .collect();
        assert!(labels.len() > 1 && labels.iter().any(|one| one.text == "Far"));
        for (at, a) in labels.iter().enumerate() {
            for b in &labels[at + 1..] {
                let apart =
                    (a.y - b.y).abs() >= drawn.frame.line - 0.2 || (a.x - b.x).abs() > 100.0;
                assert!(apart, "{} at {} and {}", a.text, a.y, b.y);
            }
        }
    }
}
