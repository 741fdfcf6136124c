//! Axes of drawings: round ticks, and where a value lies.

use crate::locale::Locale;

/// An axis along which values are placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    first: f64,
    end: f64,
    step: f64,
    /// Where the axis begins and ends in the drawing; the end may lie before the beginning.
    from: f64,
    to: f64,
}

impl Axis {
    /// An axis for values from `least` to `most`, drawn between `from` and `to`, its ends on ticks.
    pub(super) fn new(least: f64, most: f64, from: f64, to: f64) -> Self {
        let step = tick_step(most - least);
        let first = (least / step).floor();
        let end = (most / step).ceil().max(first + 1.0);
        Self {
            first,
            end,
            step,
            from,
            to,
        }
    }

    /// Where a value lies.
    pub(super) fn at(&self, value: f64) -> f64 {
        let part = (value / self.step - self.first) / (self.end - self.first);
        rounded(self.from + part * (self.to - self.from))
    }

    /// The ticks: where each lies and how it is written.
    pub(super) fn ticks(&self, locale: &Locale, unit: &str) -> Vec<(f64, String)> {
        let decimals = usize::from(self.step < 1.0);
        let ticks = (self.first as i64..=self.end as i64).map(|tick| {
            let value = tick as f64 * self.step;
            let text = format!("{}{unit}", locale.number(value, decimals));
            (self.at(value), text)
        });
        ticks.collect()
    }
}

/// The distance between ticks: 1, 2 or 5 times a power of ten, four to nine of them.
fn tick_step(span: f64) -> f64 {
    let rough = f64::max(span, 1e-9) / 6.0;
    let power = libm::pow(10.0, rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= rough);
    factor.unwrap_or(10.0) * power
}

/// A place in a drawing, to a tenth: the same bytes everywhere.
pub(super) fn rounded(x: f64) -> f64 {
    (10.0 * x).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        for (span, step) in [(7.0, 2.0), (100.0, 20.0), (0.5, 0.1)] {
            assert!((tick_step(span) - step).abs() < 1e-12);
        }
    }
}
