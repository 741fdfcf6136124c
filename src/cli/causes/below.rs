//! What lies below a score: the tree of those who vote -1, for a page.

use super::tree;
use super::{Asked, Band, Told, banded, find};
use crate::error::{ErrorKind, Result};
use crate::index::{Index, Query};
use crate::locale::Locale;
use crate::measure::Measure;
use crate::report::Branch;

/// Drivers gone into.
const TOP: usize = 5;

/// The causes of a vote of -1.
pub struct Below {
    /// The range of scores of those who vote so.
    pub range: String,
    /// How many of them were analysed.
    pub n: u64,
    /// How many others.
    pub rest: u64,
    /// One branch for each driver.
    pub tree: Vec<Branch>,
    /// How the tree is to be read.
    pub notes: Vec<String>,
    /// Where the drivers in it are concentrated most.
    pub places: Vec<Place>,
}

/// Where the complaints of those who vote -1 are concentrated.
pub struct Place {
    /// The driver, by its position in the index.
    pub driver: u16,
    /// A value of a field, or a pair of them.
    pub name: String,
    /// Share of those comments there that complain of it.
    pub here: String,
    /// Share of those comments elsewhere.
    pub there: String,
}

/// The causes of those in a selection who vote -1; `None` where no query finds them (NEV), or where
/// they or the others are too few. Fields of `without`, by their positions, are left out.
pub fn below(
    index: &Index,
    selected: &Query,
    measure: Measure,
    locale: &Locale,
    without: &[usize],
) -> Result<Option<Below>> {
    if measure == Measure::Nev {
        return Ok(None);
    }
    let group = banded(index, selected.clone(), Band::Detractor, measure, None)?;
    let asked = Asked {
        measure,
        without,
        top: TOP,
        quotes: 0,
    };
    let found = match find::find(asked, index, &group) {
        Err(error) if error.kind() == ErrorKind::Usage => return Ok(None),
        found => found?,
    };
    let told = Told {
        found: &found,
        group: &group,
        index,
        locale,
        measure,
        top: TOP,
    };
    Ok(Some(Below {
        range: group.range.clone(),
        n: found.group,
        rest: found.rest,
        tree: tree::branches(&told),
        notes: tree::notes(&told),
        places: places(&told),
    }))
}

/// Where each driver of the tree is concentrated most.
fn places(told: &Told<'_>) -> Vec<Place> {
    let places = told.found.top(TOP).filter_map(|cause| {
        let spot = cause.spots.first()?;
        Some(Place {
            driver: cause.driver.at,
            name: tree::place(told, spot),
            here: tree::percent(told, spot.counts.share_here()),
            there: tree::percent(told, spot.counts.share_there()),
        })
    });
    places.collect()
}
