//! The models a user has added: a folder each, under one folder of the user's data.

use super::{ACCURATE, Card, Model, SHIPPED};
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The card's file in a model's folder.
pub const CARD: &str = "card.json";

/// The file of the table of a transformer's labels, beside it.
pub const LABELS: &str = "labels.toml";

/// The environment variable that names another folder for the models.
pub const VARIABLE: &str = "VOZ_MODELS";

/// Names that no added model can have.
const SHIPPED_NAMES: [&str; 2] = [SHIPPED, ACCURATE];

/// A model on the shelf.
#[derive(Debug)]
pub struct Kept {
    /// Its name, as `--model` takes it.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Its card, or why that cannot be read.
    pub card: Result<Card>,
}

/// A model that was just put on the shelf.
#[derive(Debug)]
pub struct Added {
    /// Its card.
    pub card: Card,
    /// Its folder.
    pub folder: PathBuf,
    /// Version of the model whose place it took.
    pub replaced: Option<String>,
}

/// The folder of the models: what `VOZ_MODELS` says, else `voz/models` among the user's data.
///
/// # Errors
/// [`crate::error::ErrorKind::Usage`] when neither is known.
pub fn folder() -> Result<PathBuf> {
    if let Some(said) = std::env::var_os(VARIABLE).filter(|said| !said.is_empty()) {
        return Ok(said.into());
    }
    let data = dirs::data_local_dir().ok_or_else(|| {
        Error::usage("there is no folder for models: the system names none for a user's data")
            .hint(format!("name one in the variable {VARIABLE}"))
    })?;
    Ok(data.join("voz").join("models"))
}

/// Where a model is that is called by its name or folder.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when it is neither; the hint lists those that are there.
pub fn find(said: &Path) -> Result<PathBuf> {
    if said.is_dir() {
        return Ok(said.to_owned());
    }
    if is_name(&said.to_string_lossy()) {
        let kept = folder()?.join(said);
        if kept.is_dir() {
            return Ok(kept);
        }
    }
    let names: Vec<String> = list()?.into_iter().map(|kept| kept.name).collect();
    let names = SHIPPED_NAMES.map(str::to_owned).into_iter().chain(names);
    Err(Error::model("there is no such model")
        .at(said)
        .hint(format!(
            "a model is a folder, or one of: {}; `voz models add DIR --as NAME` adds one",
            names.collect::<Vec<_>>().join(", ")
        )))
}

/// The models on the shelf, by name.
///
/// # Errors
/// [`crate::error::ErrorKind::Io`] when their folder cannot be read.
pub fn list() -> Result<Vec<Kept>> {
    let shelf = folder()?;
    if !shelf.is_dir() {
        return Ok(Vec::new());
    }
    let unread = |error| Error::io("the folder of models cannot be read", error).at(&shelf);
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&shelf).map_err(unread)? {
        let folder = entry.map_err(unread)?.path();
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let Some(name) = name.filter(|name| is_name(name) && folder.is_dir()) else {
            continue;
        };
        let card = card_in(&folder)
            .and_then(|card| card.ok_or_else(|| Error::model("the model has no card").at(&folder)));
        all.push(Kept { name, folder, card });
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// Puts a model on the shelf: looks whether it runs, writes its card and the table of its labels, and
/// copies its files. A model of the same name is replaced when the new one is whole.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when the model is damaged or of a kind that is not read;
/// [`crate::error::ErrorKind::Usage`] for a name that cannot be one.
pub fn add(from: &Path, name: &str, table: Option<&Path>) -> Result<Added> {
    if !is_name(name) || SHIPPED_NAMES.contains(&name) {
        return Err(
            Error::usage(format!("`{name}` cannot be the name of a model"))
                .hint("letters, digits, - and _ make a name; `fast` and `accurate` are those of shipped models"),
        );
    }
    if !from.is_dir() {
        return Err(Error::model("there is no such folder")
            .at(from)
            .hint("give the folder that holds config.json, or that `voz train` made"));
    }
    let opened = super::opened(from, table)?;
    let mut card = opened.model.classifier.card().clone();
    name.clone_into(&mut card.name);
    card.files = checksums(&opened.files)?;
    card.version = version(&card.files);
    let shelf = folder()?;
    let unwritten = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::io("the model cannot be kept", error).at(path)
    };
    std::fs::create_dir_all(&shelf).map_err(unwritten(&shelf))?;
    // Beside the others, so that putting it in place is one step.
    let draft = shelf.join(format!(".{name}"));
    let place = shelf.join(name);
    discard(&draft)?;
    std::fs::create_dir(&draft).map_err(unwritten(&draft))?;
    for file in &opened.files {
        let Some(name) = file.file_name() else {
            continue;
        };
        std::fs::copy(file, draft.join(name)).map_err(unwritten(&draft))?;
    }
    if let Some(labels) = &opened.labels {
        std::fs::write(draft.join(LABELS), labels).map_err(unwritten(&draft))?;
    }
    // What was chosen for the same files holds for them still.
    let before = card_in(&place).ok().flatten();
    if let Some(before) = before.as_ref().filter(|before| before.files == card.files) {
        card.sure.clone_from(&before.sure);
    }
    write_card(&draft, &card)?;
    discard(&place)?;
    std::fs::rename(&draft, &place).map_err(unwritten(&place))?;
    Ok(Added {
        card,
        folder: place,
        replaced: before.map(|before| before.version),
    })
}

/// Takes a model from the shelf.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when there is none of this name.
pub fn remove(name: &str) -> Result<()> {
    let kept = kept(name)?;
    discard(&kept)
}

/// Looks whether the files of a model are those that were added, and whether it runs. What differs is
/// said file by file; nothing differs in a model that is whole.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when there is no such model, or it has no card.
pub fn verify(name: &str) -> Result<Vec<(String, &'static str)>> {
    let folder = kept(name)?;
    let card = card_in(&folder)?.ok_or_else(|| {
        Error::model("the model has no card")
            .at(&folder)
            .hint("add it again")
    })?;
    let mut differences = Vec::new();
    for (file, sum) in &card.files {
        let path = folder.join(file);
        if !path.is_file() {
            differences.push((file.clone(), "missing"));
        } else if checksum(&path)? != *sum {
            differences.push((file.clone(), "changed"));
        }
    }
    if differences.is_empty() {
        Model::open(&folder)?;
    }
    Ok(differences)
}

/// The folder of the model of this name.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when there is none.
pub fn kept(name: &str) -> Result<PathBuf> {
    if SHIPPED_NAMES.contains(&name) {
        return Err(Error::usage("a shipped model is part of the program")
            .hint("give the name of a model that was added; `voz models list` shows those"));
    }
    let place = folder()?.join(name);
    if is_name(name) && place.is_dir() {
        return Ok(place);
    }
    Err(Error::model(format!("no model `{name}` was added"))
        .hint("`voz models list` shows those that were"))
}

/// The card in a model's folder; `None` where there is none.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when it is damaged.
pub fn card_in(folder: &Path) -> Result<Option<Card>> {
    let path = folder.join(CARD);
    if !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Error::io("the model's card cannot be read", error).at(&path))?;
    let card = serde_json::from_str(&text).map_err(|error| {
        Error::model("the model's card is damaged")
            .at(&path)
            .caused_by(error)
            .hint("copy the model's folder again, or add the model again: `voz models add DIR --as NAME`")
    })?;
    Ok(Some(card))
}

/// Writes a card into a model's folder. It takes its name when it is complete.
///
/// # Errors
/// [`crate::error::ErrorKind::Io`] when the folder cannot be written.
pub fn write_card(folder: &Path, card: &Card) -> Result<()> {
    let path = folder.join(CARD);
    let text = serde_json::to_string_pretty(card).map_err(|error| {
        Error::model("the card cannot be written")
            .at(&path)
            .caused_by(error)
    })?;
    let draft = folder.join(".card.json");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::rename(&draft, &path))
        .map_err(|error| Error::io("the card cannot be written", error).at(&path))
}

/// The checksums of files (SHA-256, in hexadecimal digits) by their names.
///
/// # Errors
/// [`crate::error::ErrorKind::Io`] when a file cannot be read.
pub fn checksums(files: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let one = |path: &PathBuf| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok((name, checksum(path)?))
    };
    files.iter().map(one).collect()
}

/// What tells the files of one version of a model from those of another.
pub fn version(files: &BTreeMap<String, String>) -> String {
    /// Sixteen million versions are told apart by six bytes a million times over.
    const DIGITS: usize = 12;
    let mut hash = Sha256::new();
    for (name, sum) in files {
        hash.update(format!("{name} {sum}\n"));
    }
    let mut version = hexadecimal(&hash.finalize());
    version.truncate(DIGITS);
    version
}

fn checksum(path: &Path) -> Result<String> {
    let unread = |error: io::Error| Error::io("the model's file cannot be read", error).at(path);
    let mut file = std::fs::File::open(path).map_err(unread)?;
    let mut hash = Sha256::new();
    let mut room = vec![0; 1 << 20];
    loop {
        match file.read(&mut room).map_err(unread)? {
            0 => return Ok(hexadecimal(&hash.finalize())),
            read => hash.update(&room[..read]),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// True for what may name a model: it stands in commands, and is the name of a folder.
fn is_name(said: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !said.is_empty() && said.chars().all(plain)
}

fn discard(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("the old model cannot be removed", error).at(folder))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_the_shelf() {
        assert!(is_name("robertuito-es_2"));
        for wrong in ["", "..", "a/b", "a+b", ".a", "a b"] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_version_tells_files_apart() {
        let of = |sum: &str| {
            version(&BTreeMap::from([(
                "config.json".to_owned(),
                sum.to_owned(),
            )]))
        };
        assert_eq!(of("a").len(), 12);
        assert_ne!(of("a"), of("b"));
    }
}
