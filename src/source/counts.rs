//! What the values of a column could be, counted: many rows, or the beginning of a file.

use super::cell::Cell;
use super::kinds::Written;
use super::mapping::Kind;
use super::values::Values;

/// A kind needs this share of the values, in twentieths: 95 %. A guess that lets a few odd ones
/// be; they stay as text.
const TWENTIETHS: u64 = 19;

/// True when nearly all of so many values are counted.
pub(super) fn mostly(count: u64, of: u64) -> bool {
    of > 0 && count * 20 >= of * TWENTIETHS
}

/// What one value could be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Could(u8);

impl Could {
    const PRESENT: u8 = 1;
    const POINT: u8 = 2;
    const COMMA: u8 = 4;
    const BOOL: u8 = 8;

    /// Looks at a cell. Where values are typed, a text that looks like a number is none.
    pub fn be(cell: &Cell, values: &Values, typed: bool) -> Self {
        if cell.is_absent(values) {
            return Self(0);
        }
        if typed && matches!(cell, Cell::Text(_)) {
            return Self(Self::PRESENT);
        }
        let bit = |is: bool, bit: u8| if is { bit } else { 0 };
        Self(
            Self::PRESENT
                | bit(cell.number(false).is_some(), Self::POINT)
                | bit(cell.number(true).is_some(), Self::COMMA)
                | bit(cell.boolean(values).is_some(), Self::BOOL),
        )
    }
}

/// How many values of a column could be what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    present: u64,
    points: u64,
    commas: u64,
    booleans: u64,
}

impl Counts {
    /// The counts of these cells.
    pub fn of(cells: &[Cell<'static>], values: &Values, typed: bool) -> Self {
        let mut counts = Self::default();
        for cell in cells {
            counts.add(Could::be(cell, values, typed));
        }
        counts
    }

    /// Counts one more value.
    pub fn add(&mut self, could: Could) {
        let one = |bit| u64::from(could.0 & bit != 0);
        self.present += one(Could::PRESENT);
        self.points += one(Could::POINT);
        self.commas += one(Could::COMMA);
        self.booleans += one(Could::BOOL);
    }

    /// Whether the column speaks for a decimal comma, and whether it does for a decimal point.
    pub fn signs(&self) -> (bool, bool) {
        let (comma, point) = (
            mostly(self.commas, self.present),
            mostly(self.points, self.present),
        );
        (comma && !point, point && !comma)
    }

    /// The kind of the column, and whether its numbers have a decimal comma. With `code` in its name,
    /// digits are a label.
    pub fn kind(&self, code: bool, written: Written) -> (Kind, bool) {
        let comma = written.comma;
        let numbers = |comma| if comma { self.commas } else { self.points };
        if mostly(self.booleans, self.present) {
            (Kind::Bool, comma)
        } else if code {
            (Kind::Text, comma)
        } else if mostly(numbers(comma), self.present) {
            (Kind::Number, comma)
        } else if written.either && mostly(numbers(!comma), self.present) {
            (Kind::Number, !comma)
        } else {
            (Kind::Text, comma)
        }
    }
}
