//! Where a drawing lies on its sheet. Each is drawn twice, broad and slim, and the page shows the one
//! that fits: a broad drawing made small cannot be read on a phone.

use serde::Serialize;

/// The sheet of a drawing, in its own units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Frame {
    /// `broad` or `slim`, by which the page chooses.
    pub(super) class: &'static str,
    /// Width of the sheet.
    pub(super) width: f64,
    /// Height of the sheet.
    pub(super) height: f64,
    /// Where the plot begins to the left.
    pub(super) left: f64,
    /// Where it ends to the right.
    pub(super) right: f64,
    /// Where it ends above.
    pub(super) top: f64,
    /// Where it begins below.
    pub(super) bottom: f64,
    /// Width of a letter of a label: a guess that is rather wide.
    pub(super) letter: f64,
    /// Height of a line of a label.
    pub(super) line: f64,
    /// Radius of a point.
    pub(super) radius: f64,
}
