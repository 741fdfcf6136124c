//! `voz delete`: take verbatims out of an index, by id or by customer.

use super::Shell;
use super::place::Place;
use crate::error::{Error, Result};
use crate::index::{Index, Whom};
use crate::pii::{Counts, Redactor};
use clap::Args;
use std::path::{Path, PathBuf};

/// Delete comments by id or by customer, for those who ask to be forgotten
#[derive(Args, Debug)]
pub struct Delete {
    /// Ids of comments
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Every comment of this customer; may be given several times
    #[arg(long, value_name = "CUSTOMER")]
    customer: Vec<String>,
    /// File with an id on each line; - is standard input
    #[arg(long, value_name = "FILE")]
    ids_from: Option<PathBuf>,
    /// File with a customer on each line; - is standard input
    #[arg(long, value_name = "FILE")]
    customers_from: Option<PathBuf>,
    /// Also remove the bytes from the disk at once, as `voz compact` does
    #[arg(long)]
    compact: bool,
    /// Also keep them out from now on: an export that holds them again does not bring them back
    #[arg(long)]
    for_good: bool,
    /// Delete nothing: let in again who was deleted for good, with the next export that holds them
    #[arg(long, conflicts_with_all = ["for_good", "compact"])]
    readmit: bool,
    #[command(flatten)]
    place: Place,
}

impl Delete {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let whom = self.whom()?;
        if whom.is_empty() {
            return Err(Error::usage("nobody is named to be deleted").hint(
                "name ids, or --customer CUSTOMER, or files of them: --ids-from, --customers-from",
            ));
        }
        let options = shell.writer();
        let locale = &shell.locale;
        if self.readmit {
            let strangers = Index::readmit(&self.place.index, &whom, &options)?;
            let n = locale.count((whom.len() - strangers.len()) as u64);
            let unknown = locale.count(strangers.len() as u64);
            shell.say(&locale.fill("delete.readmitted", &[("n", &n), ("unknown", &unknown)]));
            return Ok(());
        }
        let erased = Index::erase(&self.place.index, &whom, self.for_good, &options)?;
        shell.say(&locale.fill(
            "delete.done",
            &[
                ("n", &locale.count(erased.verbatims)),
                ("unknown", &locale.count(erased.unknown.len() as u64)),
            ],
        ));
        if self.for_good {
            shell.say(locale.text("delete.barred"));
        } else if erased.verbatims == 0 {
            return Err(Error::input("the index knows none of them")
                .at(&self.place.index)
                .hint("ids and customers are as `voz search` shows them"));
        }
        if self.compact {
            return super::compact::compact(&self.place.index, shell);
        }
        shell.say(&locale.fill("delete.then", &[("index", &self.place.index.display())]));
        Ok(())
    }

    /// Whom to delete, as the index knows them: ids that held personal data were replaced in it.
    fn whom(&self) -> Result<Vec<Whom>> {
        let redactor = Redactor::new();
        let mut ids = self.ids.clone();
        let mut customers = self.customer.clone();
        ids.extend(lines(self.ids_from.as_deref())?);
        customers.extend(lines(self.customers_from.as_deref())?);
        let shown = |column: &str, id: &String| {
            let mut id = id.trim().to_owned();
            redactor.redact_id(column, &mut id, &mut Counts::default());
            id
        };
        let ids = ids.iter().map(|id| Whom::Verbatim(shown("id", id)));
        let customers = customers
            .iter()
            .map(|one| Whom::Customer(shown("customer id", one)));
        Ok(ids.chain(customers).collect())
    }
}

/// The lines of a file that hold something.
fn lines(path: Option<&Path>) -> Result<Vec<String>> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let read = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    let text = read.map_err(|error| Error::io("the list cannot be read", error).at(path))?;
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    Ok(filled.map(str::to_owned).collect())
}
