//! Whether the values of a column are what its name says, or what nobody says: sentences.

use super::cell::Cell;
use super::mapping::Role;
use super::names::Rank;
use super::values::Values;
use crate::verbatim::Scales;
use std::collections::HashSet;

/// From so many values on, what they have in common is trusted more than a name. A guess: fewer
/// may be alike by chance.
const MANY: usize = 20;

/// What values are judged by.
pub(super) struct Fit<'s> {
    pub values: &'s Values,
    pub scales: Scales,
    /// True when numbers have a decimal comma.
    pub comma: bool,
}

impl Fit<'_> {
    /// Whether the cells of a column fit the role its name stands for: why, or why not.
    pub fn judge(&self, role: Role, rank: Rank, cells: &[&Cell]) -> Result<&'static str, String> {
        if cells.is_empty() {
            return match rank {
                Rank::Name(_) => Ok("its name"),
                Rank::Generic(_) | Rank::Word => Err("it has no values".to_owned()),
            };
        }
        match role {
            Role::Id => distinct(cells)?,
            Role::Lang => half(cells, "a language, but its values are none", |cell| {
                let text = cell.as_text();
                text.len() <= 3 || self.values.language(&text).is_some()
            })?,
            Role::Date => half(cells, "a date, but few of its values can be read", |cell| {
                self.values.dates.read(&cell.as_date()).is_some()
            })?,
            Role::Nps => half(
                cells,
                "the NPS, but few of its values are 0 to 10",
                |cell| {
                    let answer = cell.number(self.comma);
                    answer.is_some_and(|n| (0.0..=10.0).contains(&n) && n.fract() == 0.0)
                },
            )?,
            Role::Csat => self.scale(role, rank, cells, self.scales.csat_max)?,
            Role::Ces => self.scale(role, rank, cells, self.scales.ces_max)?,
            Role::Customer | Role::Text | Role::Field | Role::Ignored => {}
        }
        Ok(match rank {
            Rank::Word => "a word of its name, and its values fit",
            Rank::Name(_) | Rank::Generic(_) => "its name, and its values fit",
        })
    }

    /// Declines a score of another scale than the declared one, 1 to `high`.
    fn scale(&self, role: Role, rank: Rank, cells: &[&Cell], high: u8) -> Result<(), String> {
        let (name, top) = (role.name(), f64::from(high));
        let count = |fits: &dyn Fn(f64) -> bool| {
            let numbers = cells.iter().filter_map(|cell| cell.number(self.comma));
            numbers.filter(|&number| fits(number)).count()
        };
        let above = count(&|number| number > top && number <= 100.0);
        let within = count(&|number| (1.0..=top).contains(&number));
        // Single wrong answers are refused row by row; a fifth of them is another scale. With a
        // name that says no scale a few values are enough to doubt it. All limits are guesses.
        let generic = matches!(rank, Rank::Generic(_));
        if above * 5 > cells.len() && (generic || cells.len() >= MANY) {
            return Err(format!(
                "values go above {high}; if it is {name}, say --{name} and --{name}-max"
            ));
        }
        let share = if generic { 19 } else { 10 };
        if within * 20 >= cells.len() * share {
            Ok(())
        } else {
            Err(format!(
                "named like {name}, but few of its values are 1 to {high}"
            ))
        }
    }

    /// True unless most cells hold something else than words.
    pub fn is_wordy(&self, cells: &[&Cell]) -> bool {
        let other = cells.iter().filter(|cell| {
            cell.number(self.comma).is_some()
                || cell.boolean(self.values).is_some()
                || self.values.dates.read(&cell.as_text()).is_some()
        });
        cells.is_empty() || other.count() * 2 < cells.len()
    }

    /// True when the cells hold sentences: long, of several words, mostly different. The limits
    /// are guesses between the names of shops and the shortest of comments.
    pub fn is_prose(&self, cells: &[&Cell]) -> bool {
        let texts: Vec<_> = cells.iter().map(|cell| cell.as_text()).collect();
        let characters: usize = texts.iter().map(|text| text.chars().count()).sum();
        let words: usize = texts
            .iter()
            .map(|text| text.split_whitespace().count())
            .sum();
        let different = texts.iter().collect::<HashSet<_>>().len();
        !cells.is_empty()
            && characters >= 20 * cells.len()
            && words >= 4 * cells.len()
            && different * 10 >= cells.len() * 6
            && self.is_wordy(cells)
    }
}

/// Declines ids that repeat: the same id again replaces, and rows would be lost.
fn distinct(cells: &[&Cell]) -> Result<(), String> {
    let different: HashSet<_> = cells.iter().map(|cell| cell.as_text()).collect();
    if cells.len() >= MANY && different.len() * 10 < cells.len() * 9 {
        return Err("named like an id, but many values repeat".to_owned());
    }
    Ok(())
}

/// Declines a column unless half of its values fit; single wrong ones are refused row by row.
fn half(cells: &[&Cell], otherwise: &str, fits: impl Fn(&Cell) -> bool) -> Result<(), String> {
    if cells.iter().filter(|cell| fits(cell)).count() * 2 >= cells.len() {
        Ok(())
    } else {
        Err(format!("named like {otherwise}"))
    }
}
