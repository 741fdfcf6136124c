//! Second files that are joined to the comments: their flags.

use super::Shell;
use super::input::{Planned, Tagging};
use crate::error::{Error, Result};
use crate::run::Ran;
use crate::source::{Join, Joins, Plan, sha256};
use clap::Args;
use std::fmt::Write;
use std::path::PathBuf;

/// Second files that are joined to the comments.
#[derive(Args, Debug, Default)]
pub struct Joining {
    /// File of what is known of each customer or answer, such as churn or waiting time: its columns
    /// become fields of the comments with the same key; may be said several times
    #[arg(long, value_name = "FILE")]
    join: Vec<PathBuf>,
    /// Key of --join: customer, id or another column; `customer=client_id` where the second file calls it
    /// otherwise; one for each --join, or one for all
    #[arg(long = "on", value_name = "KEY")]
    on_key: Vec<String>,
}

impl Joining {
    /// The second files.
    pub fn files(&self) -> &[PathBuf] {
        &self.join
    }

    /// What is joined, as the user says it.
    pub fn asked(&self) -> Result<Vec<Join>> {
        let (files, keys) = (&self.join, &self.on_key);
        if files.is_empty() && !keys.is_empty() {
            return Err(Error::usage("--on says a key, and no --join says a file")
                .hint("--join FILE --on KEY"));
        }
        if keys.len() != files.len() && keys.len() != 1 && !files.is_empty() {
            let (files, keys) = (files.len(), keys.len());
            return Err(Error::usage(format!(
                "files to join: {files}, keys to join them by: {keys}"
            ))
            .hint(
                "say --on once for each --join, in their order, or once for all: --on customer",
            ));
        }
        let each = files.iter().enumerate();
        each.map(|(at, file)| {
            let key = keys.get(at).or(keys.first());
            Join::new(file.clone(), key.map_or("", String::as_str))
        })
        .collect()
    }

    /// What tells these joins from others: keys, and the content of the second files.
    pub fn fingerprint(&self) -> Result<String> {
        let mut all = String::new();
        for join in self.asked()? {
            let (other, content) = (join.other.as_deref(), sha256(&join.file)?);
            let _ = write!(all, "{}={}:{content};", join.key, other.unwrap_or_default());
        }
        Ok(all)
    }

    /// Reads the second files; their refused rows are only counted.
    pub fn look(&self, plans: &[Planned]) -> Result<Joins> {
        Joins::open(&self.asked()?, &of(plans))
    }

    /// Reads the second files for a run; their refused rows are kept aside as the run says.
    pub fn open(&self, plans: &[Planned], tagging: &Tagging) -> Result<Joins> {
        let mut asked = self.asked()?;
        for join in &mut asked {
            join.rejects = Some(tagging.rejects_of(&join.file));
        }
        Joins::open(&asked, &of(plans))
    }
}

fn of(plans: &[Planned]) -> Vec<&Plan> {
    plans.iter().map(|planned| &planned.plan).collect()
}

/// Tells what the joins of a run came to, a line each.
pub fn tell(ran: &Ran, shell: &Shell) {
    let locale = &shell.locale;
    for join in &ran.joins {
        let [key, other] = &join.on;
        let counts = [
            ("matched", join.matched),
            ("unmatched", join.unmatched),
            ("undecided", join.undecided),
            ("without", join.without_key),
            ("repeated", join.repeated),
            ("ambiguous", join.ambiguous),
            ("unused", join.unused),
            ("refused", join.refused),
        ];
        let counts = counts.map(|(name, count)| (name, locale.count(count)));
        let mut values: Vec<(&str, &dyn std::fmt::Display)> =
            vec![("file", &join.file), ("key", key), ("other", other)];
        values.extend(
            counts
                .iter()
                .map(|(name, count)| (*name, count as &dyn std::fmt::Display)),
        );
        shell.say(&locale.fill("join.done", &values));
        if join.matched == 0 {
            shell.say(&locale.fill("join.none", &values));
        }
    }
}
