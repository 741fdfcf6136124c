//! Who was deleted for good: kept out when an export holds them again.

use super::Whom;
use crate::chance::hash;
use crate::verbatim::Verbatim;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whom an index keeps out, as hashes: who they are is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Bars(BTreeSet<u64>);

impl Bars {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps out; true when it did not before.
    pub(super) fn add(&mut self, whom: &Whom) -> bool {
        self.0.insert(key_of(whom))
    }

    /// Lets in again; true when it did not before.
    pub(super) fn remove(&mut self, whom: &Whom) -> bool {
        self.0.remove(&key_of(whom))
    }

    /// True for a verbatim that is kept out.
    pub(super) fn hold(&self, verbatim: &Verbatim) -> bool {
        let has = |kind, name: &str| self.0.contains(&key(kind, name));
        !self.is_empty()
            && (has(ID, &verbatim.id)
                || (verbatim.customer.as_deref()).is_some_and(|name| has(CUSTOMER, name)))
    }
}

const ID: &str = "id";
const CUSTOMER: &str = "customer";

fn key_of(whom: &Whom) -> u64 {
    match whom {
        Whom::Verbatim(id) => key(ID, id),
        Whom::Customer(customer) => key(CUSTOMER, customer),
    }
}

fn key(kind: &str, name: &str) -> u64 {
    hash(format!("{kind}\0{name}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verbatim::Scores;

    #[test]
    fn an_id_and_a_customer_of_the_same_name_are_two() {
        let verbatim = |id: &str, customer: Option<&str>| Verbatim {
            id: id.into(),
            text: String::new(),
            stated: None,
            asked: None,
            day: None,
            customer: customer.map(str::to_owned),
            scores: Scores::default(),
            fields: Vec::new(),
        };
        let mut bars = Bars::default();
        assert!(!bars.hold(&verbatim("7", Some("7"))));
        let seven = Whom::Customer("7".into());
        assert!(bars.add(&seven) && !bars.add(&seven));
        assert!(!bars.hold(&verbatim("7", Some("8"))) && !bars.hold(&verbatim("7", None)));
        assert!(bars.hold(&verbatim("1", Some("7"))));
        assert!(bars.remove(&seven) && bars.is_empty());
    }
}
