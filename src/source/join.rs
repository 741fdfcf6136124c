//! Joining: what a second file knows of a customer or an answer, as fields of each comment.
//!
//! ```text
//! second file ──records──▶ a row per key ──Joins──▶ Verbatim with more fields ──▶ tagger
//! ```
//!
//! What is joined does not depend on the order of the second file: rows of one key that say the same
//! count as one, and where they differ none is joined, for which of them holds is not known.

mod records;
mod strings;

use super::Role;
use super::names::squeeze;
use super::plan::{Column, Decision, Plan};
use super::values::Values;
use crate::error::{Error, Result};
use crate::text::nfc;
use crate::verbatim::{Value, Verbatim};
use records::Records;
use serde::Serialize;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A second file, and the key by which its rows belong to comments, as the user says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// The second file: any that can be read, without a column of comments.
    pub file: PathBuf,
    /// The key in the file of comments: a column, or the role `id` or `customer`.
    pub key: String,
    /// The column of the key in the second file, where it is called otherwise.
    pub other: Option<String>,
    /// Where refused rows of the second file go; they are only counted where this is `None`.
    pub rejects: Option<PathBuf>,
}

impl Join {
    /// A file joined as `on` says: `customer`, or `customer=client_id` where names differ.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] when a side of `on` is empty, or the file is standard input.
    pub fn new(file: PathBuf, on: &str) -> Result<Self> {
        if file.as_os_str() == "-" {
            return Err(Error::usage("standard input cannot be joined")
                .hint("write it to a file, and give that to --join"));
        }
        let (key, other) = match on.split_once('=') {
            Some((key, other)) => (key.trim(), Some(other.trim())),
            None => (on.trim(), None),
        };
        if key.is_empty() || other == Some("") {
            return Err(Error::usage("a side of --on is empty").hint(
                "name the key as in --on customer, or --on customer=client_id where names differ",
            ));
        }
        Ok(Self {
            file,
            key: key.to_owned(),
            other: other.map(str::to_owned),
            rejects: None,
        })
    }
}

/// What a join came to. Keys and values are counted, never told.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct JoinCounts {
    /// The second file.
    pub file: String,
    /// The column of the key in the comments, and in the second file.
    pub on: [String; 2],
    /// Rows of the second file, without those refused.
    pub rows: u64,
    /// Rows of the second file that were refused.
    pub refused: u64,
    /// Rows of the second file whose key is empty.
    pub keyless: u64,
    /// Different keys of the second file.
    pub keys: u64,
    /// Keys that stand in several rows which say the same: they count as one.
    pub repeated: u64,
    /// Keys that stand in several rows which differ: none of them is joined.
    pub ambiguous: u64,
    /// Comments that were given fields.
    pub matched: u64,
    /// Comments whose key the second file does not have.
    pub unmatched: u64,
    /// Comments whose key is ambiguous in the second file.
    pub undecided: u64,
    /// Comments without a key.
    pub without_key: u64,
    /// Rows of the second file that no comment was given.
    pub unused: u64,
}

/// Second files that were read, ready to be joined.
#[derive(Default)]
pub struct Joins {
    joined: Vec<Joined>,
    values: Option<Values>,
    /// Which of the files of comments is read.
    file: usize,
}

/// Where the key of a comment stands.
enum Key {
    Id,
    Customer,
    Field(Arc<str>),
}

/// What a second file has for a comment.
enum Found {
    /// The row of this key.
    Row(u32),
    /// Rows that differ.
    Several,
    /// No row.
    Nothing,
    /// The comment has no key.
    NoKey,
}

/// A second file that was read.
struct Joined {
    /// The key in each of the files of comments.
    keys: Vec<Key>,
    records: Records,
    /// What each column of the records is called as a field, and what where a comment has that already.
    names: Vec<(Arc<str>, Arc<str>)>,
    /// The keys that a comment had.
    used: Vec<bool>,
    counts: JoinCounts,
}

impl Joins {
    /// Reads the second files whole, for files of comments that are read by these plans. A later file may
    /// be joined by a column of an earlier one.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] when a key is no column; those of reading a file.
    pub fn open(joins: &[Join], plans: &[&Plan]) -> Result<Self> {
        let mut opened = Self::default();
        let mut shown: Vec<Plan> = plans.iter().map(|plan| (*plan).clone()).collect();
        for join in joins {
            let joined = Joined::open(join, &shown)?;
            for plan in &mut shown {
                joined.show(plan);
            }
            opened.joined.push(joined);
        }
        if !joins.is_empty() {
            opened.values = Some(Values::load()?);
        }
        Ok(opened)
    }

    /// Says that comments of this file follow: the place of its plan among those given.
    pub fn begin(&mut self, file: usize) {
        self.file = file;
    }

    /// Adds what is joined to a plan that is shown: its columns, and what was decided.
    pub fn show(&self, plan: &mut Plan) {
        for joined in &self.joined {
            joined.show(plan);
        }
    }

    /// Adds to a comment the fields that the second files have for it.
    pub fn join(&mut self, verbatim: &mut Verbatim) {
        if let Some(values) = &self.values {
            for joined in &mut self.joined {
                joined.join(verbatim, self.file, values);
            }
        }
    }

    /// What the joins came to so far.
    pub fn counts(&self) -> Vec<JoinCounts> {
        self.joined.iter().map(Joined::counts).collect()
    }
}

impl Joined {
    /// The plans have the columns of the comments and of the files joined before.
    fn open(join: &Join, plans: &[Plan]) -> Result<Self> {
        let found: Result<Vec<(Key, String)>> =
            plans.iter().map(|plan| find_key(&join.key, plan)).collect();
        let (keys, mut names): (Vec<Key>, Vec<String>) = found?.into_iter().unzip();
        let called = names.first().cloned().unwrap_or_default();
        names.push(join.key.clone());
        let names = join.other.clone().map_or(names, |other| vec![other]);
        let records = Records::read(&join.file, &names, join.rejects.as_deref())?;
        let columns = plans.iter().flat_map(|plan| &plan.columns);
        let mut taken: Vec<String> = columns.map(|one| squeeze(&one.name)).collect();
        let stem = stem(&join.file);
        let mut called_as = Vec::with_capacity(records.columns.len());
        for column in &records.columns {
            let name = Arc::clone(&column.name);
            let other: Arc<str> = Arc::from(apart(&format!("{stem}.{name}"), &taken));
            let free = !taken.contains(&squeeze(&name));
            let first = if free { name } else { Arc::clone(&other) };
            taken.push(squeeze(&first));
            called_as.push((first, other));
        }
        let counts = JoinCounts {
            file: join.file.display().to_string(),
            on: [called, records.key.to_string()],
            rows: records.rows,
            refused: records.refused,
            keyless: records.keyless,
            keys: records.keys() as u64,
            repeated: records.repeated(),
            ambiguous: records.ambiguous(),
            ..JoinCounts::default()
        };
        Ok(Self {
            keys,
            names: called_as,
            used: vec![false; records.keys()],
            records,
            counts,
        })
    }

    fn show(&self, plan: &mut Plan) {
        let JoinCounts {
            file,
            on: [key, other],
            rows,
            keys,
            ambiguous,
            ..
        } = &self.counts;
        plan.decisions.push(Decision {
            about: "join",
            value: file.clone(),
            why: format!(
                "{key} = {other}; {rows} rows, {keys} keys, {ambiguous} of them ambiguous"
            ),
        });
        for (column, (name, _)) in self.records.columns.iter().zip(&self.names) {
            if *name != column.name {
                plan.decisions.push(Decision {
                    about: "joined column",
                    value: name.to_string(),
                    why: format!("another column is called like {}", column.name),
                });
            }
            plan.columns.push(Column {
                name: Arc::clone(name),
                label: None,
                role: Role::Field,
                kind: column.kind,
                why: format!("joined from {file}"),
                comma: column.comma,
                asked: None,
            });
        }
    }

    fn join(&mut self, verbatim: &mut Verbatim, file: usize, values: &Values) {
        let number = match self.find(verbatim, file, values) {
            Found::Row(number) => number,
            Found::NoKey => {
                self.counts.without_key += 1;
                return;
            }
            Found::Nothing => {
                self.counts.unmatched += 1;
                return;
            }
            Found::Several => {
                self.counts.undecided += 1;
                return;
            }
        };
        self.counts.matched += 1;
        if let Some(used) = self.used.get_mut(number as usize) {
            *used = true;
        }
        for (column, (name, other)) in self.records.columns.iter().zip(&self.names) {
            if let Some(value) = column.value(number, values) {
                let taken = verbatim.fields.iter().any(|(one, _)| one == name);
                let name = Arc::clone(if taken { other } else { name });
                verbatim.fields.push((name, value));
            }
        }
    }

    /// What the second file has for a comment.
    fn find(&self, verbatim: &Verbatim, file: usize, values: &Values) -> Found {
        let said = match self.keys.get(file) {
            None => None,
            Some(Key::Id) => Some(Cow::Borrowed(verbatim.id.as_str())),
            Some(Key::Customer) => verbatim.customer.as_deref().map(Cow::Borrowed),
            Some(Key::Field(name)) => {
                let mut fields = verbatim.fields.iter();
                fields
                    .find(|(one, _)| one == name)
                    .map(|(_, value)| said(value))
            }
        };
        let Some(key) = said.as_deref().and_then(|said| key(said, values)) else {
            return Found::NoKey;
        };
        match self.records.find(&key) {
            None => Found::Nothing,
            Some(number) if self.records.differ(number) => Found::Several,
            Some(number) => Found::Row(number),
        }
    }

    fn counts(&self) -> JoinCounts {
        let used = (0..).zip(&self.used).filter(|(_, used)| **used);
        let used: u64 = used.map(|(number, _)| self.records.times(number)).sum();
        JoinCounts {
            unused: self.records.rows - used,
            ..self.counts.clone()
        }
    }
}

/// The key that a user names, and what its column is called.
fn find_key(said: &str, plan: &Plan) -> Result<(Key, String)> {
    let named = |fits: &dyn Fn(&Column) -> bool| plan.columns.iter().find(|one| fits(one));
    let wanted = squeeze(said);
    let column = named(&|one| &*one.name == said)
        .or_else(|| named(&|one| squeeze(&one.name) == wanted))
        .or_else(|| named(&|one| one.role.name() == said && one.role != Role::Field));
    let Some(column) = column else {
        return Err(
            Error::usage(format!("the comments have no column \"{said}\" to join by")).hint(
                "name a column of theirs, or the role customer or id: --on NAME, --on NAME=OTHER",
            ),
        );
    };
    let key = match column.role {
        Role::Id => Key::Id,
        Role::Customer => Key::Customer,
        Role::Field => Key::Field(Arc::clone(&column.name)),
        Role::Ignored => {
            return Err(Error::usage(format!(
                "the column \"{said}\" is not read, so nothing can be joined by it"
            ))
            .hint("add it to --fields"));
        }
        role => {
            return Err(Error::usage(format!(
                "the column \"{said}\" is read as {}, and that is no key",
                role.name()
            ))
            .hint("join by an id, a customer or a field"));
        }
    };
    Ok((key, column.name.to_string()))
}

/// What a value says, as keys are compared.
fn said(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Bool(value) => Cow::Owned(value.to_string()),
    }
}

/// A key as it is compared: composed (NFC), trimmed, whole numbers without `.0`; `None` where the text
/// says that there is none.
fn key<'k>(text: &'k str, values: &Values) -> Option<Cow<'k, str>> {
    let mut text = text.trim();
    if let Some((whole, zeros)) = text.split_once('.') {
        let digits = whole.strip_prefix('-').unwrap_or(whole);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') {
            text = whole;
        }
    }
    (!text.is_empty() && !values.is_absent(text)).then(|| nfc(text))
}

/// The name of a file up to its first point.
fn stem(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').find(|part| !part.is_empty());
    stem.unwrap_or("joined").to_owned()
}

/// The name, or with a number where it is taken.
fn apart(name: &str, taken: &[String]) -> String {
    let mut found = name.to_owned();
    let mut count = 1;
    while taken.contains(&squeeze(&found)) {
        count += 1;
        found = format!("{name} ({count})");
    }
    found
}

#[cfg(test)]
mod tests;
