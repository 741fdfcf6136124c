//! From what was found to candidates in the inbox.

use super::{Catalog, CatalogDriver, CatalogTheme, Status};
use crate::embedding::{Embedding, Vector, WIDTH, dot};
use crate::lang::Lang;
use crate::text::{Tokenizer, fold};
use crate::theme::discover::{Found, FoundTheme};
use crate::theme::likeness::{self, Likeness, Space};
use crate::theme::taxonomy::{Area, Taxonomy};

/// Means of two themes' prototypes with this cosine are the same theme found again.
const SAME: f32 = 0.85;
/// A found driver this near to a shipped one joins it.
const JOINS_FROM: f32 = 0.6;

/// What proposing came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposed {
    /// Ids of the new candidates, the largest first.
    pub new: Vec<String>,
    /// Found themes that stood in the catalog already, whatever was decided of them.
    pub again: usize,
    /// For each found theme the id it has in the catalog.
    pub ids: Vec<String>,
}

/// Where the drivers of a taxonomy lie: the mean of their phrases.
struct Places(Vec<Option<Vector>>);

impl Places {
    fn new(taxonomy: &Taxonomy, space: &Space, words: (&Tokenizer, &Embedding)) -> Self {
        let place = |phrase: &String| {
            let tokens = words.0.tokenize(&phrase.replace(['=', '*'], " "));
            space.vector(words.1, &tokens, 0..tokens.len())
        };
        let mut sums = vec![[0.0; WIDTH]; taxonomy.drivers.len()];
        for theme in &taxonomy.themes {
            let phrases = Lang::ALL.into_iter().flat_map(|lang| theme.phrases(lang));
            for vector in phrases.filter_map(place) {
                likeness::add(&mut sums[usize::from(theme.driver)], &vector);
            }
        }
        Self(sums.iter().map(likeness::unit).collect())
    }

    /// The driver nearest to a vector, and the cosine.
    fn nearest(&self, vector: &Vector) -> Option<(usize, f32)> {
        let cosines = self.0.iter().enumerate();
        let cosines = cosines.filter_map(|(at, place)| Some((at, dot(place.as_ref()?, vector))));
        cosines.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }
}

impl Catalog {
    /// Puts what was found into the inbox, unless it stands in the catalog already. `taxonomy` is what
    /// the catalog lies over; `words` read its phrases.
    pub fn propose(
        &mut self,
        found: &Found,
        taxonomy: &Taxonomy,
        words: (&Tokenizer, &Embedding),
    ) -> Proposed {
        let mut proposed = Proposed::default();
        self.space.get_or_insert_with(|| found.space.clone());
        let places = Places::new(taxonomy, &found.space, words);
        let means: Vec<Option<Vector>> = self.themes.iter().map(mean_of_entry).collect();
        let again = |theme: &FoundTheme| {
            let mean = mean(&theme.likeness.prototypes)?;
            let same = means
                .iter()
                .position(|one| one.as_ref().is_some_and(|one| dot(one, &mean) >= SAME));
            let known = theme.known.map(|at| &taxonomy.themes[usize::from(at)].id);
            same.or_else(|| self.themes.iter().position(|one| Some(&one.id) == known))
        };
        let earlier: Vec<Option<usize>> = found.themes.iter().map(again).collect();
        let drivers = self.place_drivers(found, &earlier, taxonomy, &places);
        for (theme, earlier) in found.themes.iter().zip(earlier) {
            if let Some(at) = earlier {
                proposed.again += 1;
                proposed.ids.push(self.themes[at].id.clone());
                continue;
            }
            let entry = self.entry(theme, &drivers[theme.driver], taxonomy);
            proposed.new.push(entry.id.clone());
            proposed.ids.push(entry.id.clone());
            self.themes.push(entry);
        }
        self.drop_unused_drivers();
        proposed
    }

    /// Adds the parts that a theme was split into, accepted, of its driver; their ids.
    pub fn add_parts(&mut self, found: &Found, driver: &str, taxonomy: &Taxonomy) -> Vec<String> {
        self.space.get_or_insert_with(|| found.space.clone());
        let mut ids = Vec::with_capacity(found.themes.len());
        for theme in &found.themes {
            let mut entry = self.entry(theme, driver, taxonomy);
            entry.status = Status::Accepted;
            ids.push(entry.id.clone());
            self.themes.push(entry);
        }
        ids
    }

    fn entry(&self, theme: &FoundTheme, driver: &str, taxonomy: &Taxonomy) -> CatalogTheme {
        let [es, en] = theme.names.clone();
        let known = theme.known.map(|at| &taxonomy.themes[usize::from(at)]);
        let (id, driver, es, en) = match known {
            Some(known) => (
                known.id.clone(),
                taxonomy.drivers[usize::from(known.driver)].id.clone(),
                known.es.clone(),
                known.en.clone(),
            ),
            None => (self.free_id(&en, taxonomy), driver.to_owned(), es, en),
        };
        let [phrases_es, phrases_en] = theme.phrases.clone();
        CatalogTheme {
            id,
            status: Status::Candidate,
            driver,
            es,
            en,
            into: None,
            size: None,
            share: None,
            cohesion: Some((theme.cohesion * 100.0).round() / 100.0),
            typical: theme.typical.iter().map(|one| one.id.clone()).collect(),
            phrases_es,
            phrases_en,
            query: None,
            near: Some(theme.likeness.near),
            like: theme.likeness.written(),
        }
    }

    /// The id of the driver of each found driver: that of themes found before, else a shipped one that
    /// lies near, else one of the same name, else a new one.
    fn place_drivers(
        &mut self,
        found: &Found,
        earlier: &[Option<usize>],
        taxonomy: &Taxonomy,
        places: &Places,
    ) -> Vec<String> {
        let mut ids = Vec::with_capacity(found.drivers.len());
        for (at, driver) in found.drivers.iter().enumerate() {
            let mut themes = found.themes.iter().zip(earlier);
            let before = themes.find_map(|(theme, earlier)| {
                earlier
                    .filter(|_| theme.driver == at)
                    .map(|at| self.themes[at].driver.clone())
            });
            let near = places.nearest(&driver.centre);
            let joins = near.filter(|(_, cosine)| *cosine >= JOINS_FROM);
            let id = before.or_else(|| joins.map(|(at, _)| taxonomy.drivers[at].id.clone()));
            ids.push(id.unwrap_or_else(|| {
                let area = near.map_or(Area::Product, |(at, _)| taxonomy.drivers[at].area);
                self.own_driver(&driver.names, area, taxonomy)
            }));
        }
        ids
    }

    fn own_driver(&mut self, names: &[String; 2], area: Area, taxonomy: &Taxonomy) -> String {
        let [es, en] = names;
        let known = self
            .drivers
            .iter()
            .find(|one| one.en == *en && one.es == *es);
        if let Some(known) = known {
            return known.id.clone();
        }
        let taken = |id: &str| {
            self.drivers.iter().any(|one| one.id == id)
                || taxonomy.drivers.iter().any(|one| one.id == id)
        };
        let id = free(&slug(en), taken);
        self.drivers.push(CatalogDriver {
            id: id.clone(),
            area,
            es: es.clone(),
            en: en.clone(),
        });
        id
    }

    fn drop_unused_drivers(&mut self) {
        let themes = &self.themes;
        self.drivers
            .retain(|driver| themes.iter().any(|theme| theme.driver == driver.id));
    }

    /// An id made of a name that no theme ever had.
    pub(super) fn free_id(&self, name: &str, taxonomy: &Taxonomy) -> String {
        free(&slug(name), |id| {
            self.theme(id).is_some() || taxonomy.theme(id).is_some()
        })
    }
}

/// A name as an id: `card_arrival`.
fn slug(name: &str) -> String {
    let folded = fold(name).replace('ñ', "n");
    let words = folded.split(|one: char| !one.is_ascii_alphanumeric());
    let slug = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    if slug.is_empty() {
        "theme".to_owned()
    } else {
        slug
    }
}

/// `id`, or with the first number that makes it free.
fn free(id: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{id}_{number}"));
    let mut all = std::iter::once(id.to_owned()).chain(numbered);
    all.find(|id| !taken(id)).unwrap_or_default()
}

fn mean(prototypes: &[Vector]) -> Option<Vector> {
    let mut sum = [0.0; WIDTH];
    for prototype in prototypes {
        likeness::add(&mut sum, prototype);
    }
    likeness::unit(&sum)
}

fn mean_of_entry(entry: &CatalogTheme) -> Option<Vector> {
    let likeness = Likeness::read(&entry.like, entry.near?).ok()?;
    mean(&likeness.prototypes)
}
