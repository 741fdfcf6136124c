//! Settings that are kept in a file, `voz.toml`: what flags would say, so that it is said once.
//!
//! A flag wins over a variable `VOZ_…`, that over `voz.toml` in the folder of the run or the file of
//! `--config`, that over the user's own `voz/voz.toml`, and that over what is built in. A setting stands in
//! for the default of its flag, so that the rest of the program knows flags only.

mod draft;
mod file;

pub use draft::{Draft, write};

use crate::error::{Error, Result};
use crate::locale::Locale;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Command, CommandFactory};
use file::{Config, Setting};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The name of the file in the folder of a run.
pub const NAME: &str = "voz.toml";

/// The verbs that read a file of comments by what is kept; others take from it where the index is.
const VERBS: [&str; 3] = ["peek", "tag", "index"];

/// What is kept in a file, by the name of the flag that would say it, and in which file.
pub type Kept = BTreeMap<String, String>;

/// The arguments with the settings that are kept in the place of defaults, and which these are.
///
/// # Errors
/// [`crate::error::ErrorKind::Usage`] when a file has a setting that is unknown or cannot be.
pub fn settle(first: ArgMatches, locale: &Locale) -> Result<(ArgMatches, Kept)> {
    let (verbs, own) = innermost(&first);
    let reads = verbs.first().is_some_and(|verb| VERBS.contains(verb));
    let flags = flags(&verbs);
    if !reads && !flags.contains("index") {
        return Ok((first, Kept::new()));
    }
    let (defaults, kept) = defaults(own, &flags, reads)?;
    if defaults.is_empty() {
        return Ok((first, kept));
    }
    let command = super::help::translated(super::Cli::command(), locale);
    check(&command, &verbs, &defaults, &kept)?;
    let command = with_defaults(command, &verbs, &defaults);
    let settled = command.try_get_matches_from(std::env::args_os());
    let settled = settled.map_err(|error| {
        let files: Vec<&str> = kept.values().map(String::as_str).collect();
        let first = error.to_string();
        let first = first.lines().next().unwrap_or_default();
        Error::usage(first.trim_start_matches("error: ").to_owned())
            .at(files.first().copied().unwrap_or(NAME))
            .hint("change the setting; `voz peek FILE --write` drafts a new file")
    })?;
    Ok((settled, kept))
}

/// What is set for each flag, by its id.
type Defaults = BTreeMap<&'static str, Setting>;

/// What files set for flags that nobody gives: all of them where the verb reads files of comments, else only
/// where the index is.
fn defaults(own: &ArgMatches, flags: &Flags, reads: bool) -> Result<(Defaults, Kept)> {
    let asked = own.try_get_one::<PathBuf>("config").ok().flatten();
    let (mut defaults, mut kept) = (Defaults::new(), Kept::new());
    for (path, config) in layers(asked.map(PathBuf::as_path))? {
        for setting in config.settings(&path)? {
            let has = flags.contains(setting.id) && (reads || setting.id == "index");
            let open = has && is_open(own, setting.id);
            if open && !defaults.contains_key(setting.id) {
                kept.insert(setting.id.replace('_', "-"), path.display().to_string());
                defaults.insert(setting.id, setting);
            }
        }
    }
    // A join is one thing, of which two flags say each a half.
    let halves = ["join", "on_key"].map(|id| defaults.contains_key(id));
    if halves[0] != halves[1] {
        for id in ["join", "on_key"] {
            defaults.remove(id);
            kept.remove(&id.replace('_', "-"));
        }
    }
    Ok((defaults, kept))
}

/// The verb, the one inside it, and its arguments.
fn innermost(matches: &ArgMatches) -> (Vec<&str>, &ArgMatches) {
    let mut verbs = Vec::new();
    let mut own = matches;
    while let Some((verb, inner)) = own.subcommand() {
        verbs.push(verb);
        own = inner;
    }
    (verbs, own)
}

/// The ids of the flags of a verb.
type Flags = BTreeSet<String>;

/// The flags that a verb has. Arguments that were parsed tell it in builds for development only.
fn flags(verbs: &[&str]) -> Flags {
    let command = super::Cli::command();
    let own = verbs
        .iter()
        .try_fold(&command, |command, verb| command.find_subcommand(verb));
    let flags = own.into_iter().flat_map(Command::get_arguments);
    flags.map(|flag| flag.get_id().to_string()).collect()
}

/// True for a flag that neither the command line nor a variable gives.
fn is_open(own: &ArgMatches, id: &str) -> bool {
    matches!(own.value_source(id), None | Some(ValueSource::DefaultValue))
}

/// The files that are there, the strongest first.
fn layers(asked: Option<&Path>) -> Result<Vec<(PathBuf, Config)>> {
    let mut files = Vec::new();
    let near = asked.unwrap_or(Path::new(NAME));
    let user = dirs::config_dir().map(|folder| folder.join("voz").join(NAME));
    for path in std::iter::once(near.to_path_buf()).chain(user) {
        let must = asked == Some(&*path);
        if let Some(config) = Config::read(&path, must)? {
            files.push((path, config));
        }
    }
    Ok(files)
}

/// The command with settings for defaults. Its arguments are changed where they stand: the parser knows
/// them by their place.
fn with_defaults(command: Command, verbs: &[&str], defaults: &Defaults) -> Command {
    match verbs.split_first() {
        Some((verb, inner)) => command.mut_subcommands(|own| {
            if own.get_name() == *verb {
                with_defaults(own, inner, defaults)
            } else {
                own
            }
        }),
        None => command.mut_args(|flag| match defaults.get(flag.get_id().as_str()) {
            // Its values are apart already.
            Some(setting) => flag
                .value_delimiter(None)
                .default_values(setting.values.clone()),
            None => flag,
        }),
    }
}

/// Refuses several values for a flag of the verb that takes one.
fn check(command: &Command, verbs: &[&str], defaults: &Defaults, kept: &Kept) -> Result<()> {
    let own = verbs
        .iter()
        .try_fold(command, |command, verb| command.find_subcommand(verb));
    for flag in own.into_iter().flat_map(Command::get_arguments) {
        let one =
            !matches!(flag.get_action(), ArgAction::Append) && flag.get_value_delimiter().is_none();
        let several = |setting: &&Setting| one && setting.values.len() > 1;
        if let Some(setting) = defaults.get(flag.get_id().as_str()).filter(several) {
            let name = setting.id.replace('_', "-");
            let file = kept.get(&name).map_or(NAME, String::as_str);
            return Err(Error::usage(format!("{name} takes one value"))
                .at(file)
                .hint("keep one of them"));
        }
    }
    Ok(())
}
