//! The catalog as a file.

use super::{Catalog, CatalogDriver, CatalogTheme};
use crate::error::{Error, Result};
use crate::theme::likeness::Space;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// The version of the form of the file.
const VERSION: u32 = 1;

const HEADER: &str = "\
# Themes found in comments, and what was decided of them. Written by `voz themes`; names, phrases, drivers
# and areas may be edited by hand. An entry is never removed, so that no id is used twice: what is not
# wanted is `status = \"rejected\"`. After a change: `voz themes apply --index DIR`.
# `centre` and `like` are vectors: leave them as they are.

";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogFile {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    centre: Option<String>,
    #[serde(default, rename = "driver")]
    drivers: Vec<CatalogDriver>,
    #[serde(default, rename = "theme")]
    themes: Vec<CatalogTheme>,
}

impl Catalog {
    /// Reads the catalog in a file; an empty one when there is no file.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] with the place of what is wrong in it.
    pub fn read(path: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Error::io("the themes cannot be read", error).at(path)),
        };
        Self::parse(&text).map_err(|error| error.at(path))
    }

    /// The catalog that a text holds.
    ///
    /// # Errors
    /// As [`Catalog::read`].
    pub fn parse(text: &str) -> Result<Self> {
        let file: CatalogFile = toml::from_str(text).map_err(|error| {
            Error::model("not a file of themes")
                .caused_by(error)
                .hint("mend the line that is shown, or restore the file from version control")
        })?;
        if file.version != VERSION {
            return Err(Error::model(format!(
                "a file of themes of version {}; this program reads version {VERSION}",
                file.version
            )));
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = file.themes.iter().find(|theme| !seen.insert(&theme.id)) {
            return Err(Error::model(format!("the id `{}` stands twice", twice.id))
                .hint("give each theme an id of its own"));
        }
        let space = file.centre.as_deref().map(Space::read).transpose();
        Ok(Self {
            space: space?,
            drivers: file.drivers,
            themes: file.themes,
        })
    }

    /// Writes the catalog so that the file is there whole or as it was.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] when the disk refuses.
    pub fn write(&self, path: &Path) -> Result<()> {
        let failed = |error| Error::io("writing the themes failed", error).at(path);
        let text = self.to_toml()?;
        let mut draft = path.as_os_str().to_owned();
        draft.push(".draft");
        let written = std::fs::File::create(&draft).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written
            .and_then(|()| std::fs::rename(&draft, path))
            .map_err(failed)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it has no TOML form; a test keeps that from happening.
    pub fn to_toml(&self) -> Result<String> {
        let file = CatalogFile {
            version: VERSION,
            centre: self.space.as_ref().map(Space::written),
            drivers: self.drivers.clone(),
            themes: self.themes.clone(),
        };
        let body = toml::to_string_pretty(&file)
            .map_err(|error| Error::model("the themes have no TOML form").caused_by(error))?;
        Ok(format!("{HEADER}{body}"))
    }
}
