//! Themes found in comments: what customers talk about that nobody listed.
//!
//! ```text
//! comments ──Sample──▶ units ──place──▶ vectors ──cells, joined──▶ themes ──joined──▶ drivers
//!                        └──────Phrases──▶ names and phrases of each
//! ```
//!
//! Spanish and English are found together: their vectors lie in one space. The same comments give the
//! same themes, in whatever order they come and on however many threads.

mod cluster;
mod describe;
mod name;
mod phrase;
mod sample;
mod unit;

pub use sample::Sample;
pub use unit::{Comment, tokens_of};

use super::likeness::{self, Likeness, Space};
use super::taxonomy::Taxonomy;
use crate::embedding::{Crowd, Vector, WIDTH};
use crate::error::{Error, Result};
use describe::Groups;

/// Units whose vectors are clustered at most: all are compared with all.
const CLUSTERED: usize = 3 << 12;
/// Nearest units that a vector is smoothed over.
const SMOOTHED_OVER: usize = 15;
/// Units per cell of k-means on average, and the most cells. In a copy of these steps in Python, 10 instead of
/// 20 raised the V-measure of reviews by .005, and no labelled set fell. With up to 800 cells some rose further
/// (M-ABSA en by .009) and others fell (mixed by .007, NHS subthemes by .006): small themes fall below
/// [`LEAST_SHARE`].
const PER_CELL: usize = 10;
const MOST_CELLS: usize = 400;
/// Cells whose means have this cosine are one theme. Chosen on labelled sets in both languages: V-measure
/// rises up to here, the adjusted Rand index falls from .7 on.
const SAME_THEME: f32 = 0.8;
/// The same for the parts of one theme, which lie closer.
const SAME_PART: f32 = 0.85;
/// Themes whose means have this cosine are one driver.
const SAME_DRIVER: f32 = 0.4;
/// Prototypes of a theme at most. In that copy one alone lost .01 of V-measure on average, and all of them
/// were worth no more than 16.
const PROTOTYPES: usize = 16;
/// Units a theme has at least, and its share of those clustered.
const LEAST_UNITS: usize = 5;
const LEAST_SHARE: f64 = 0.001;
/// A unit is of a theme when it is nearer to a prototype than the farthest hundredth of the theme's own
/// units, and at least this near. In that copy leaving out a twentieth cost .007 of V-measure on average,
/// something on every labelled set, and .03 of the translated pairs that share their main theme.
const FAR_SHARE: f64 = 0.01;
const NEAR_FROM: f32 = 0.3;
/// Share of a found theme's units that name a known theme, and the other way round, from which they are
/// the same.
const KNOWN_FROM: f64 = 0.5;
/// Typical units told of a theme.
const TYPICAL: usize = 3;
const SEED: u64 = 11;

/// A theme that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundTheme {
    /// Spanish and English name.
    pub names: [String; 2],
    /// The phrases that find it, in Spanish and English.
    pub phrases: [Vec<String>; 2],
    /// What its clauses are like.
    pub likeness: Likeness,
    /// Position of its driver in [`Found::drivers`].
    pub driver: usize,
    /// Different clauses it was found in.
    pub units: usize,
    /// Mean cosine of those to the nearest prototype, -1 to 1.
    pub cohesion: f32,
    /// The most typical ones, the most typical first.
    pub typical: Vec<Typical>,
    /// Position of the known theme that it is.
    pub known: Option<u16>,
}

/// A clause that is typical of a theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Typical {
    /// The id of a comment it stands in.
    pub id: String,
    /// The clause.
    pub text: String,
}

/// A cluster of found themes.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundDriver {
    /// Spanish and English name.
    pub names: [String; 2],
    /// The mean of its themes, length 1.
    pub centre: Vector,
}

/// What was found in comments.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where the vectors are taken from.
    pub space: Space,
    /// The themes, the largest first.
    pub themes: Vec<FoundTheme>,
    /// The drivers, in the order of their largest themes.
    pub drivers: Vec<FoundDriver>,
    /// Comments looked at.
    pub comments: u64,
}

/// Finds themes in a sample of comments. `space` is that of themes found before, if there are any;
/// `known` are the themes that the comments' [`Comment::named`] refer to.
///
/// # Errors
/// [`crate::error::ErrorKind::Input`] when there are too few comments to find anything in.
pub fn discover(sample: Sample<'_>, space: Option<Space>, known: &Taxonomy) -> Result<Found> {
    discover_in(sample, space, known, Grain::Coarse)
}

/// How alike what is told apart may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// Themes of all that customers talk about.
    Coarse,
    /// Parts of one theme.
    Fine,
}

/// As [`discover`], with a grain.
///
/// # Errors
/// As [`discover`].
pub fn discover_in(
    sample: Sample<'_>,
    space: Option<Space>,
    known: &Taxonomy,
    grain: Grain,
) -> Result<Found> {
    let comments = sample.comments();
    if comments == 0 {
        return Err(
            Error::input("no comment says something in Spanish or English").hint(
                "other languages are set apart and not read; `voz aggregate --by lang` counts them",
            ),
        );
    }
    let units = sample.into_units();
    if units.len() < 2 * LEAST_UNITS {
        return Err(Error::input(format!(
            "{} different clauses are too few to find themes in",
            units.len()
        ))
        .hint("themes are found from some hundred comments on"));
    }
    let space = space.unwrap_or_else(|| {
        let vectors: Vec<Vector> = units.iter().map(|unit| unit.vector).collect();
        Space::around(&vectors)
    });
    let vectors: Vec<Vector> = units
        .iter()
        .map(|unit| space.place(&unit.vector).unwrap_or([0.0; WIDTH]))
        .collect();
    let groups = groups(&vectors, grain);
    if groups.is_empty() {
        return Err(
            Error::input("no two of the clauses are alike enough to be a theme")
                .hint("themes are found from some hundred comments on"),
        );
    }
    let assigned = Assigned::new(&vectors, &groups);
    let (themes, drivers) = Groups::new(&units, &vectors, &assigned)?.described(known);
    Ok(Found {
        space,
        themes,
        drivers,
        comments,
    })
}

/// A group of cells: what will be a theme.
struct Group {
    prototypes: Vec<Vector>,
}

/// The groups in some vectors.
fn groups(vectors: &[Vector], grain: Grain) -> Vec<Group> {
    let vectors = &vectors[..vectors.len().min(CLUSTERED)];
    let smooth = cluster::smoothed(vectors, SMOOTHED_OVER.min(vectors.len() / 10 + 1));
    let count = (vectors.len() / PER_CELL).clamp(2, MOST_CELLS);
    let cells = cluster::cells(&smooth, count, SEED);
    let mut sums = vec![[0.0; WIDTH]; cells.centres.len()];
    let mut raw = sums.clone();
    let mut sizes = vec![0_usize; sums.len()];
    for ((cell, smooth), vector) in cells.of.iter().zip(&smooth).zip(vectors) {
        likeness::add(&mut sums[*cell], smooth);
        likeness::add(&mut raw[*cell], vector);
        sizes[*cell] += 1;
    }
    let same = match grain {
        Grain::Coarse => SAME_THEME,
        Grain::Fine => SAME_PART,
    };
    let group = cluster::joined(&sums, same);
    let count = group.iter().max().map_or(0, |last| last + 1);
    let mut cells_of: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (cell, group) in group.iter().enumerate() {
        cells_of[*group].push(cell);
    }
    let least = LEAST_UNITS.max((LEAST_SHARE * vectors.len() as f64) as usize);
    cells_of.retain(|cells| cells.iter().map(|cell| sizes[*cell]).sum::<usize>() >= least);
    let group = |mut cells: Vec<usize>| {
        cells.sort_by_key(|cell| (std::cmp::Reverse(sizes[*cell]), *cell));
        let prototypes = cells.iter().filter_map(|cell| likeness::unit(&raw[*cell]));
        Group {
            prototypes: prototypes
                .take(PROTOTYPES)
                .map(|one| likeness::rounded(&one))
                .collect(),
        }
    };
    cells_of.into_iter().map(group).collect()
}

/// Which group each unit is of, when it is near enough to one.
struct Assigned {
    /// By group, what it is like.
    likenesses: Vec<Likeness>,
    /// Group of each unit.
    of: Vec<Option<usize>>,
    /// Cosine of each unit to the nearest prototype.
    cosines: Vec<f32>,
}

impl Assigned {
    fn new(vectors: &[Vector], groups: &[Group]) -> Self {
        use rayon::prelude::*;
        let all = groups.iter().flat_map(|group| &group.prototypes);
        let prototypes = Crowd::new(all.copied().collect());
        let group_of: Vec<usize> = groups
            .iter()
            .enumerate()
            .flat_map(|(at, group)| std::iter::repeat_n(at, group.prototypes.len()))
            .collect();
        let nearest = |vector: &Vector| {
            let nearest = prototypes.nearest(vector);
            nearest.map_or((f32::NEG_INFINITY, 0), |(cosine, at)| {
                (cosine, group_of[at])
            })
        };
        let nearest: Vec<(f32, usize)> = vectors.par_iter().map(nearest).collect();
        let mut cosines_of = vec![Vec::new(); groups.len()];
        for (cosine, group) in &nearest {
            cosines_of[*group].push(*cosine);
        }
        let near = |mut cosines: Vec<f32>| {
            cosines.sort_by(f32::total_cmp);
            let far = (FAR_SHARE * cosines.len() as f64) as usize;
            let near = cosines.get(far).copied().unwrap_or(1.0).max(NEAR_FROM);
            // Rounded as it is written.
            (near * 100.0).floor() / 100.0
        };
        let likenesses: Vec<Likeness> = groups
            .iter()
            .zip(cosines_of)
            .map(|(group, cosines)| Likeness {
                prototypes: group.prototypes.clone(),
                near: near(cosines),
            })
            .collect();
        let is_near = |(cosine, group): &(f32, usize)| {
            likenesses
                .get(*group)
                .is_some_and(|one| *cosine >= one.near)
        };
        Self {
            of: nearest
                .iter()
                .map(|one| is_near(one).then_some(one.1))
                .collect(),
            cosines: nearest.iter().map(|one| one.0).collect(),
            likenesses,
        }
    }
}

#[cfg(test)]
mod tests;
