//! Which column is what: said by the user, or found by its name and its values.

use super::cell::Cell;
use super::export::{is_called, is_question};
use super::fit::Fit;
use super::mapping::{Mapping, Role};
use super::names::{Names, Rank};
use super::sample::Sample;
use crate::error::{self, Error};

/// Most names of columns in a message.
const LISTED: usize = 20;

/// A column's role, and why.
pub(super) type Found = (Role, String);

/// Finds the roles of the columns of a sample.
pub(super) struct Finder<'s> {
    mapping: &'s Mapping,
    sample: &'s Sample,
    names: &'s Names,
    fit: Fit<'s>,
    found: Vec<Option<Found>>,
    /// Why a column is not what its name says.
    declined: Vec<Option<String>>,
}

impl<'s> Finder<'s> {
    pub fn new(mapping: &'s Mapping, sample: &'s Sample, names: &'s Names, fit: Fit<'s>) -> Self {
        Self {
            mapping,
            sample,
            names,
            fit,
            found: vec![None; sample.names.len()],
            declined: vec![None; sample.names.len()],
        }
    }

    /// The role of each column, in column order.
    pub fn find(mut self) -> error::Result<Vec<Found>> {
        for name in self.mapping.text.iter().flatten() {
            for column in self.named_texts(name)? {
                self.give_as_told(Role::Text, column)?;
            }
        }
        for role in Role::SINGLE {
            let told = self.mapping.column(role).filter(|name| !name.is_empty());
            if let Some(name) = told {
                self.give_as_told(role, self.named(name, role.flag())?)?;
            }
        }
        for role in Role::SINGLE {
            self.give_by_tool(role);
        }
        if self.mapping.text.is_none() {
            self.find_text()?;
        }
        for role in Role::SINGLE {
            let given = self.found.iter().flatten().any(|found| found.0 == role);
            if self.mapping.column(role).is_none() && !given {
                self.find_by_name(role);
            }
        }
        self.give_fields()
    }

    /// The columns that a name of `--text` stands for: one, or several separated by commas.
    fn named_texts(&self, name: &str) -> error::Result<Vec<usize>> {
        let flag = Role::Text.flag();
        if name.is_empty() {
            return Ok(Vec::new());
        }
        if self.sample.column(name).is_some() || !name.contains(',') {
            return Ok(vec![self.named(name, flag)?]);
        }
        let names = name.split(',').filter(|name| !name.trim().is_empty());
        names.map(|name| self.named(name, flag)).collect()
    }

    /// Gives the column that has `role` in exports of the tool, if its values fit.
    fn give_by_tool(&mut self, role: Role) {
        let Some((tool, _)) = &self.sample.tool else {
            return;
        };
        let Some(wanted) = tool
            .column(role)
            .filter(|_| self.mapping.column(role).is_none())
        else {
            return;
        };
        let names = &self.sample.names;
        let column = names.iter().position(|name| is_called(name, wanted));
        let Some(column) = column.filter(|&column| self.is_free(column)) else {
            return;
        };
        if self
            .fit
            .judge(role, Rank::Name(0), &self.cells(column))
            .is_ok()
        {
            let why = format!("its name in exports of {}", tool.name);
            self.give(column, role, why);
        }
    }

    fn give_as_told(&mut self, role: Role, column: usize) -> error::Result<()> {
        let said = self.mapping.said(role.flag());
        let name = self.sample.names.get(column).map_or("", String::as_str);
        match self.found.get_mut(column) {
            Some(Some((other, _))) => Err(Error::usage(format!(
                "the column {} is given as {} and as {said}",
                quote(name),
                self.mapping.said(other.flag()),
            ))
            .hint("give each column once")),
            Some(place) => {
                *place = Some((role, format!("given by {said}")));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The column that a flag names, or a file of settings in its place.
    fn named(&self, name: &str, flag: &str) -> error::Result<usize> {
        self.sample.column(name).ok_or_else(|| {
            let kept = self.mapping.kept.get(flag);
            let by = kept.map_or_else(String::new, |file| {
                format!(", which {file} names as {flag}")
            });
            Error::usage(format!("there is no column {}{by}", quote(name)))
                .hint(format!("the columns are: {}", self.listed()))
        })
    }

    fn listed(&self) -> String {
        let all = &self.sample.names;
        let mut list: Vec<String> = all.iter().take(LISTED).map(|name| quote(name)).collect();
        if all.len() > LISTED {
            list.push(format!("and {} more", all.len() - LISTED));
        }
        list.join(", ")
    }

    fn give(&mut self, column: usize, role: Role, why: String) {
        if let Some(place) = self.found.get_mut(column) {
            *place = Some((role, why));
        }
    }

    fn decline(&mut self, column: usize, why: String) {
        if let Some(place) = self.declined.get_mut(column) {
            place.get_or_insert(why);
        }
    }

    fn is_free(&self, column: usize) -> bool {
        matches!(self.found.get(column), Some(None))
    }

    /// The free columns whose name fits `role`, best first.
    fn ranked(&self, role: Role) -> Vec<(Rank, usize)> {
        let mut ranked: Vec<(Rank, usize)> = (0..)
            .zip(&self.sample.names)
            .filter(|&(column, _)| self.is_free(column))
            .filter_map(|(column, name)| {
                let label = self.sample.labels.get(column).and_then(Option::as_deref);
                let by_label = label.and_then(|label| self.names.rank(role, label));
                let rank = self
                    .names
                    .rank(role, name)
                    .into_iter()
                    .chain(by_label)
                    .min();
                Some((rank?, column))
            })
            .collect();
        ranked.sort_unstable();
        ranked
    }

    fn find_text(&mut self) -> error::Result<()> {
        let tool = self.sample.tool.as_ref().map(|tool| &tool.0);
        let by_tool = tool.and_then(|tool| tool.column(Role::Text).zip(Some(&tool.name)));
        if let Some((wanted, tool)) = by_tool {
            let names = &self.sample.names;
            let column = names.iter().position(|name| is_called(name, wanted));
            let holds =
                |&column: &usize| self.is_free(column) && self.fit.is_wordy(&self.cells(column));
            if let Some(column) = column.filter(holds) {
                let why = format!("its name in exports of {tool}");
                self.give(column, Role::Text, why);
                return Ok(());
            }
        }
        if tool.is_some_and(|tool| tool.questions) {
            let open = self.open_questions();
            if open.len() > 1 {
                for column in open {
                    let why = "an open question, and its values are sentences".to_owned();
                    self.give(column, Role::Text, why);
                }
                return Ok(());
            }
        }
        for (columns, why) in self.likely_texts() {
            match *columns.as_slice() {
                [] => {}
                [column] => {
                    self.give(column, Role::Text, why.to_owned());
                    return Ok(());
                }
                [first, ..] => return Err(self.too_many_texts(&columns, first)),
            }
        }
        let hint = format!(
            "say which one does: --text NAME; the columns are: {}",
            self.listed()
        );
        Err(Error::input("no column is known to hold the comments").hint(hint))
    }

    /// The open questions of a survey, unless one column is called as the comments are.
    fn open_questions(&self) -> Vec<usize> {
        let named = self.ranked(Role::Text);
        let named = named.iter().filter(|(rank, column)| {
            matches!(rank, Rank::Name(_)) && !self.cells(*column).is_empty()
        });
        if named.count() == 1 {
            return Vec::new();
        }
        let columns = (0..self.sample.names.len()).filter(|&column| self.is_free(column));
        columns
            .filter(|&column| {
                is_question(self.sample.question(column)) && self.fit.is_prose(&self.cells(column))
            })
            .collect()
    }

    /// The columns that may hold the comments, likeliest first, by what speaks for them.
    fn likely_texts(&self) -> [(Vec<usize>, &'static str); 3] {
        let ranked = self.ranked(Role::Text);
        let of_rank = |wanted: fn(&Rank) -> bool| {
            let fitting = ranked.iter().filter(move |(rank, _)| wanted(rank));
            fitting.map(|&(_, column)| column)
        };
        let prose = |&column: &usize| self.fit.is_prose(&self.cells(column));
        let mut named: Vec<usize> = of_rank(|rank| matches!(rank, Rank::Name(_)))
            .filter(|&column| self.fit.is_wordy(&self.cells(column)))
            .collect();
        if named.iter().any(|&column| !self.cells(column).is_empty()) {
            named.retain(|&column| !self.cells(column).is_empty());
        }
        let by_word = of_rank(|rank| *rank == Rank::Word).filter(prose).collect();
        let free = (0..self.sample.names.len()).filter(|&column| self.is_free(column));
        [
            (named, "its name"),
            (by_word, "a word of its name, and its values are sentences"),
            (
                free.filter(prose).collect(),
                "the only column with sentences",
            ),
        ]
    }

    fn too_many_texts(&self, columns: &[usize], first: usize) -> Error {
        let named: Vec<String> = columns.iter().take(LISTED).map(|&c| self.name(c)).collect();
        let what = "more than one column may hold the comments";
        Error::input(format!("{what}: {}", named.join(", "))).hint(format!(
            "say which one it is, for example --text {}",
            self.name(first)
        ))
    }

    fn name(&self, column: usize) -> String {
        quote(self.sample.names.get(column).map_or("", String::as_str))
    }

    fn find_by_name(&mut self, role: Role) {
        let ranked = self.ranked(role);
        let mut by_word = Vec::new();
        for (rank, column) in ranked {
            match self.fit.judge(role, rank, &self.cells(column)) {
                Ok(why) if rank == Rank::Word => by_word.push((column, why)),
                Ok(why) => return self.give(column, role, why.to_owned()),
                Err(why) => self.decline(column, why),
            }
        }
        if let [(column, why)] = by_word.as_slice() {
            return self.give(*column, role, (*why).to_owned());
        }
        for (column, _) in by_word {
            let why = format!(
                "one of several that may be {0}; --{0} NAME says which",
                role.name()
            );
            self.decline(column, why);
        }
    }

    /// The cells that have a value.
    fn cells(&self, column: usize) -> Vec<&Cell<'static>> {
        let cells = self.sample.columns.get(column).into_iter().flatten();
        cells
            .filter(|cell| !cell.is_absent(self.fit.values))
            .collect()
    }

    fn give_fields(self) -> error::Result<Vec<Found>> {
        let mut kept = Vec::new();
        for name in self.mapping.fields.iter().flatten() {
            kept.push(self.named(name, "fields")?);
        }
        let all = self.mapping.fields.is_none();
        let fields = self.mapping.said("fields");
        let rest = (0..).zip(self.found).zip(self.declined);
        Ok(rest
            .map(|((column, found), declined)| {
                found.unwrap_or_else(|| {
                    if all {
                        let why =
                            declined.unwrap_or_else(|| "every other column is a field".to_owned());
                        (Role::Field, why)
                    } else if kept.contains(&column) {
                        (Role::Field, format!("given by {fields}"))
                    } else {
                        (Role::Ignored, format!("not among {fields}"))
                    }
                })
            })
            .collect())
    }
}

/// A name for a message, not longer than fits there.
fn quote(name: &str) -> String {
    let mut short: String = name.chars().take(60).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    format!("\"{short}\"")
}
