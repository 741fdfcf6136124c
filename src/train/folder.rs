//! The files of a model's folder, as training and adapting write them.

use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::model::{Calibration, Card, Weights};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Writes a whole model.
///
/// # Errors
/// `Io` when the folder cannot be written.
pub fn write_model(
    weights: &Weights,
    calibration: &[Calibration; 2],
    rules: &str,
    card: &Card,
    out: &Path,
) -> Result<()> {
    let calibration: BTreeMap<&str, &Calibration> = Lang::ALL
        .iter()
        .map(|lang| (lang.code(), &calibration[*lang as usize]))
        .collect();
    let calibration = serde_json::to_string_pretty(&calibration)
        .map_err(|error| Error::model("the calibration cannot be written").caused_by(error))?;
    fs::create_dir_all(out)?;
    fs::write(out.join("weights.bin"), weights.to_bytes())?;
    fs::write(out.join("rules.toml"), rules)?;
    fs::write(out.join("calibration.json"), calibration)?;
    write_card(card, out)
}

/// Writes a card into a model's folder.
///
/// # Errors
/// `Io` when it cannot be written.
pub fn write_card(card: &Card, out: &Path) -> Result<()> {
    let json = serde_json::to_string_pretty(card)
        .map_err(|error| Error::model("the card cannot be written").caused_by(error))?;
    fs::write(out.join("card.json"), json)?;
    Ok(())
}
