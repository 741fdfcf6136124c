//! From groups of units to themes and drivers with names, sizes and typical clauses.

use super::name::{Body, Namer, Own, own, telling};
use super::phrase::Phrases;
use super::unit::Unit;
use super::{
    Assigned, FoundDriver, FoundTheme, KNOWN_FROM, SAME_DRIVER, TYPICAL, Typical, cluster,
};
use crate::embedding::{Vector, WIDTH, dot};
use crate::error::Result;
use crate::lang::Lang;
use crate::theme::likeness;
use crate::theme::taxonomy::Taxonomy;

/// The groups of some units, to be described.
pub(super) struct Groups<'g> {
    units: &'g [Unit],
    vectors: &'g [Vector],
    assigned: &'g Assigned,
    phrases: Phrases,
    /// The units of each group, as positions.
    members: Vec<Vec<usize>>,
    /// The groups that have units, the largest first.
    order: Vec<usize>,
}

impl<'g> Groups<'g> {
    /// The groups that units were assigned to.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped list of words is damaged.
    pub(super) fn new(
        units: &'g [Unit],
        vectors: &'g [Vector],
        assigned: &'g Assigned,
    ) -> Result<Self> {
        let members = members(&assigned.of, assigned.likenesses.len());
        let mut order: Vec<usize> = (0..members.len())
            .filter(|at| !members[*at].is_empty())
            .collect();
        order.sort_by_key(|at| (std::cmp::Reverse(members[*at].len()), *at));
        Ok(Self {
            units,
            vectors,
            assigned,
            phrases: Phrases::of(units)?,
            members,
            order,
        })
    }

    /// The groups as themes with names, the largest first, and the drivers they form.
    pub(super) fn described(&self, known: &Taxonomy) -> (Vec<FoundTheme>, Vec<FoundDriver>) {
        let sums = self.sums();
        let driver_of = cluster::joined(&sums, SAME_DRIVER);
        let own = own(&self.phrases, &self.assigned.of, self.members.len());
        let known_of = known_themes(self.units, &self.members, known);
        let mut namer = Namer::new(&self.phrases);
        let themes = self.order.iter().zip(&driver_of).map(|(group, driver)| {
            let mut theme = self.theme(*group, &own[*group], &mut namer);
            theme.driver = *driver;
            theme.known = known_of[*group];
            theme
        });
        let themes: Vec<FoundTheme> = themes.collect();
        let mut drivers = self.drivers(&driver_of, &sums);
        for (at, driver) in drivers.iter_mut().enumerate() {
            // Without a word of its own it is called like its largest theme.
            let largest = themes.iter().find(|theme| theme.driver == at);
            if let Some(largest) = largest.filter(|_| driver.names.iter().all(String::is_empty)) {
                driver.names.clone_from(&largest.names);
            }
        }
        (themes, drivers)
    }

    /// The sum of the vectors of each group, in order.
    fn sums(&self) -> Vec<Vector> {
        let sum = |group: &usize| {
            let mut sum = [0.0; WIDTH];
            let vectors = self.members[*group].iter().map(|unit| &self.vectors[*unit]);
            vectors.for_each(|vector| likeness::add(&mut sum, vector));
            sum
        };
        self.order.iter().map(sum).collect()
    }

    /// A group as a theme, of no driver yet.
    fn theme(&self, group: usize, own: &[Own], namer: &mut Namer<'_>) -> FoundTheme {
        let members = &self.members[group];
        let cosines = &self.assigned.cosines;
        let typical: Vec<&Unit> = typical(members, self.units, cosines)
            .into_iter()
            .map(|at| &self.units[at])
            .collect();
        let told = |unit: &&Unit| Typical {
            id: unit.id.to_string(),
            text: unit.text.to_string(),
        };
        FoundTheme {
            names: namer.name(&Body {
                own,
                by_lang: by_lang(self.units, members),
                typical: &typical,
            }),
            phrases: Lang::ALL.map(|lang| telling(&self.phrases, own, lang)),
            likeness: self.assigned.likenesses[group].clone(),
            driver: 0,
            units: members.len(),
            cohesion: members.iter().map(|unit| cosines[*unit]).sum::<f32>() / members.len() as f32,
            typical: typical.iter().map(told).collect(),
            known: None,
        }
    }

    /// The drivers with names of their own.
    fn drivers(&self, driver_of: &[usize], sums: &[Vector]) -> Vec<FoundDriver> {
        let count = driver_of.iter().max().map_or(0, |last| last + 1);
        let mut by_group = vec![None; self.members.len()];
        let mut centres = vec![[0.0; WIDTH]; count];
        for ((group, driver), sum) in self.order.iter().zip(driver_of).zip(sums) {
            by_group[*group] = Some(*driver);
            likeness::add(&mut centres[*driver], sum);
        }
        let of = self.assigned.of.iter().map(|group| by_group[(*group)?]);
        let of: Vec<Option<usize>> = of.collect();
        let members = members(&of, count);
        let mut namer = Namer::new(&self.phrases);
        let own = own(&self.phrases, &of, count);
        own.iter()
            .zip(&members)
            .zip(centres)
            .map(|((own, members), centre)| FoundDriver {
                names: namer.name(&Body {
                    own: &broad(&self.phrases, own),
                    by_lang: by_lang(self.units, members),
                    typical: &[],
                }),
                centre: likeness::unit(&centre).unwrap_or(centre),
            })
            .collect()
    }
}

// The units of each group, as positions.
fn members(of: &[Option<usize>], count: usize) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); count];
    for (unit, group) in of.iter().enumerate() {
        if let Some(group) = group {
            members[*group].push(unit);
        }
    }
    members
}

/// How many of some units are in each language.
fn by_lang(units: &[Unit], members: &[usize]) -> [usize; 2] {
    let in_lang = |lang| {
        members
            .iter()
            .filter(|unit| units[**unit].lang == lang)
            .count()
    };
    Lang::ALL.map(in_lang)
}

/// The phrases of one word, if there are any: a driver's name is broader than its themes'.
fn broad(phrases: &Phrases, own: &[Own]) -> Vec<Own> {
    let single = |one: &&Own| {
        let phrase = &phrases.all[one.phrase as usize];
        phrase.content == 1 && phrase.noun
    };
    let broad: Vec<Own> = own.iter().filter(single).copied().collect();
    if broad.is_empty() {
        own.to_vec()
    } else {
        broad
    }
}

/// For each group the known theme that it is.
fn known_themes(units: &[Unit], members: &[Vec<usize>], known: &Taxonomy) -> Vec<Option<u16>> {
    // The parts of a theme are looked for as if none were known, though their units name it.
    if known.themes.is_empty() {
        return vec![None; members.len()];
    }
    let mut named = vec![0_u32; known.themes.len()];
    for theme in units.iter().flat_map(|unit| &unit.named) {
        named[usize::from(*theme)] += 1;
    }
    let of = |members: &Vec<usize>| {
        let mut here = vec![0_u32; known.themes.len()];
        for theme in members.iter().flat_map(|unit| &units[*unit].named) {
            here[usize::from(*theme)] += 1;
        }
        let is_same = |(theme, here): &(usize, u32)| {
            let here = f64::from(*here);
            here >= KNOWN_FROM * members.len() as f64
                && here >= KNOWN_FROM * f64::from(named[*theme])
        };
        let same = here
            .into_iter()
            .enumerate()
            .filter(|(_, here)| *here > 0)
            .find(is_same);
        same.map(|(theme, _)| theme as u16)
    };
    members.iter().map(of).collect()
}

/// The units nearest to a prototype that are of a length to read, no two the same thing said.
fn typical(members: &[usize], units: &[Unit], cosines: &[f32]) -> Vec<usize> {
    const READABLE: std::ops::RangeInclusive<usize> = 4..=25;
    let mut order = members.to_vec();
    let readable = |unit: usize| READABLE.contains(&units[unit].words.len());
    order.sort_by(|a, b| {
        let by_length = readable(*b).cmp(&readable(*a));
        by_length
            .then(cosines[*b].total_cmp(&cosines[*a]))
            .then(a.cmp(b))
    });
    let mut chosen: Vec<usize> = Vec::new();
    for unit in order {
        /// Two units this close say the same.
        const SAME: f32 = 0.95;
        let says_anew = |other: &usize| dot(&units[unit].vector, &units[*other].vector) < SAME;
        if chosen.iter().all(says_anew) {
            chosen.push(unit);
        }
        if chosen.len() == TYPICAL {
            break;
        }
    }
    chosen
}
