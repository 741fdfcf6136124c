//! The taxonomy: drivers and their themes, with names and phrases in both languages.
//!
//! One TOML file per driver, `models/themes/*.toml`; its header shows the form.

use super::likeness::{Likeness, Space};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::text::fold;
use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use std::path::Path;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/models/themes");

/// Who inside the company owns a driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Area {
    Process,
    People,
    Technology,
    Product,
    Price,
    Sla,
    Support,
    Communication,
}

impl Area {
    /// The name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::People => "people",
            Self::Technology => "technology",
            Self::Product => "product",
            Self::Price => "price",
            Self::Sla => "sla",
            Self::Support => "support",
            Self::Communication => "communication",
        }
    }
}

/// A polarity that a theme's words carry by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Leaning {
    /// Naming it is praise.
    Positive,
    /// Naming it is blame.
    Negative,
}

/// Something customers talk about.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Stable id, never reused.
    pub id: String,
    /// Position of its driver in [`Taxonomy::drivers`].
    pub driver: u16,
    /// Spanish name.
    pub es: String,
    /// English name.
    pub en: String,
    /// What its words say by themselves, where the clause says nothing.
    pub leaning: Option<Leaning>,
    /// What its clauses are like, where it was found in comments.
    pub likeness: Option<Likeness>,
    /// The query that finds its verbatims in an index, where it is a saved search.
    pub query: Option<String>,
    /// The phrases that express it, in the order of [`Lang::ALL`].
    pub(super) phrases: [Vec<String>; 2],
    forbidding: [Vec<String>; 2],
}

impl Theme {
    /// A theme without phrases, of the driver at a position: `names` are the Spanish and the
    /// English one.
    pub fn new(id: &str, driver: u16, names: [&str; 2]) -> Self {
        Self {
            id: id.to_owned(),
            driver,
            es: names[0].to_owned(),
            en: names[1].to_owned(),
            leaning: None,
            likeness: None,
            query: None,
            phrases: [Vec::new(), Vec::new()],
            forbidding: [Vec::new(), Vec::new()],
        }
    }

    /// The phrases that express it in a language.
    pub fn phrases(&self, lang: Lang) -> &[String] {
        &self.phrases[lang as usize]
    }

    /// The phrases that forbid it in their clause.
    pub fn forbidding(&self, lang: Lang) -> &[String] {
        &self.forbidding[lang as usize]
    }

    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        if lang == Lang::Es { &self.es } else { &self.en }
    }
}

/// A cluster of themes, measured for its impact on a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// Stable id, never reused.
    pub id: String,
    /// Who owns it.
    pub area: Area,
    /// Spanish name.
    pub es: String,
    /// English name.
    pub en: String,
}

impl Driver {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        if lang == Lang::Es { &self.es } else { &self.en }
    }
}

/// Drivers and themes.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    /// The drivers, by id.
    pub drivers: Vec<Driver>,
    /// The themes, by driver and id.
    pub themes: Vec<Theme>,
    /// Where the vectors of [`Theme::likeness`] are taken from.
    pub space: Option<Space>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DriverFile {
    driver: String,
    area: Area,
    es: String,
    en: String,
    theme: Vec<ThemeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeEntry {
    id: String,
    es: String,
    en: String,
    #[serde(default)]
    phrases_es: Vec<String>,
    #[serde(default)]
    phrases_en: Vec<String>,
    #[serde(default)]
    not_es: Vec<String>,
    #[serde(default)]
    not_en: Vec<String>,
    leaning: Option<Leaning>,
}

impl Taxonomy {
    /// The taxonomy that ships with the program.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a file is not what it should be; a test keeps that
    /// from being shipped.
    pub fn shipped() -> Result<Self> {
        let files = SHIPPED.files().filter(|file| is_toml(file.path()));
        let texts = files.map(|file| {
            let name = Path::new("models/themes").join(file.path());
            let text = file
                .contents_utf8()
                .ok_or_else(|| Error::model("the file is not UTF-8 text").at(&name))?;
            Ok((name, text.to_owned()))
        });
        Self::of_files(texts)
    }

    /// The themes in whose Spanish or English name all of these words stand, by position: *espera*
    /// alone is no phrase of a theme, but the name of three. Plurals and words of less than four
    /// letters make no difference.
    pub fn named(&self, words: &str) -> Vec<u16> {
        let asked = plain_words(words);
        if asked.is_empty() {
            return Vec::new();
        }
        let holds = |name: &str| {
            let name = plain_words(name);
            asked.iter().all(|word| name.contains(word))
        };
        let themes = (0..).zip(&self.themes);
        let named = themes.filter(|(_, theme)| holds(&theme.es) || holds(&theme.en));
        named.map(|(at, _)| at).collect()
    }

    /// The taxonomy in the TOML files of a folder.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] with the file and place of what is wrong.
    pub fn open(folder: &Path) -> Result<Self> {
        let entries = std::fs::read_dir(folder)
            .map_err(|error| Error::io("the taxonomy cannot be read", error).at(folder))?;
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if is_toml(&path) {
                paths.push(path);
            }
        }
        Self::of_files(paths.into_iter().map(|path| {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| Error::io("the taxonomy cannot be read", error).at(&path))?;
            Ok((path, text))
        }))
    }

    fn of_files(files: impl Iterator<Item = Result<(std::path::PathBuf, String)>>) -> Result<Self> {
        let mut read = Vec::new();
        for file in files {
            let (path, text) = file?;
            let file: DriverFile = toml::from_str(&text)
                .map_err(|error| Error::model("not a driver file").at(&path).caused_by(error))?;
            read.push(file);
        }
        read.sort_by(|a, b| a.driver.cmp(&b.driver));
        let mut taxonomy = Self::default();
        for mut file in read {
            let driver = taxonomy.drivers.len() as u16;
            file.theme.sort_by(|a, b| a.id.cmp(&b.id));
            taxonomy.drivers.push(Driver {
                id: file.driver,
                area: file.area,
                es: file.es,
                en: file.en,
            });
            taxonomy
                .themes
                .extend(file.theme.into_iter().map(|entry| Theme {
                    id: entry.id,
                    driver,
                    es: entry.es,
                    en: entry.en,
                    leaning: entry.leaning,
                    likeness: None,
                    query: None,
                    phrases: [entry.phrases_es, entry.phrases_en],
                    forbidding: [entry.not_es, entry.not_en],
                }));
        }
        taxonomy.check()?;
        Ok(taxonomy)
    }

    fn check(&self) -> Result<()> {
        let themes = self.themes.iter().map(|theme| &theme.id);
        let drivers = self.drivers.iter().map(|driver| &driver.id);
        for ids in [themes.collect::<Vec<_>>(), drivers.collect()] {
            let mut seen = std::collections::BTreeSet::new();
            if let Some(twice) = ids.into_iter().find(|id| !seen.insert(*id)) {
                return Err(
                    Error::model(format!("the id `{twice}` stands twice in the taxonomy"))
                        .hint("give each theme and each driver an id of its own"),
                );
            }
        }
        if self.themes.is_empty() {
            return Err(Error::model("the taxonomy has no themes")
                .hint("put one TOML file per driver in its folder"));
        }
        Ok(())
    }

    /// What tells a taxonomy from another: a hash of its drivers and themes with everything that is said of them,
    /// 16 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let said = format!("{:?}{:?}", self.drivers, self.themes);
        format!("{:016x}", crate::chance::hash(said.as_bytes()))
    }

    /// The driver of the theme at a position.
    pub fn driver_of(&self, theme: u16) -> &Driver {
        &self.drivers[self.themes[theme as usize].driver as usize]
    }

    /// Position of the theme with an id.
    pub fn theme(&self, id: &str) -> Option<u16> {
        self.themes
            .iter()
            .position(|theme| theme.id == id)
            .map(|at| at as u16)
    }
}

/// The words of a name of four letters and more, folded, without the s of a plural.
fn plain_words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words = folded.split(|one: char| !one.is_alphanumeric());
    words
        .filter(|word| word.chars().count() >= 4)
        .map(|word| word.strip_suffix('s').unwrap_or(word).to_owned())
        .collect()
}

fn is_toml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "toml")
}
