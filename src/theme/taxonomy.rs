//! The taxonomy: themes with their names, phrases and drivers, read from TOML.

use serde::{Deserialize, Serialize};

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

/// Drivers and themes.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    /// The drivers, by id.
    pub drivers: Vec<Driver>,
    /// The themes, by driver and id.
    pub themes: Vec<Theme>,
}
