//! Many strings in little memory: one run of bytes, and each different string in it once.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Strings that are asked before it is known whether they repeat. A guess.
const JUDGED: usize = 1 << 16;

/// Strings by number, from 0.
///
/// Each different string is kept once, until it shows that most of them are different: from then on
/// every string gets a number of its own, and what finds equal ones is given back.
pub(super) struct Strings {
    bytes: String,
    /// Where each string ends.
    ends: Vec<u32>,
    /// Numbers plus 1 by hash, 0 where there is none; empty when equal strings are not looked for.
    slots: Vec<u32>,
    asked: usize,
    /// True when equal strings must have one number.
    strict: bool,
}

impl Strings {
    /// No strings; what is added may be kept twice where that saves memory.
    pub fn loose() -> Self {
        Self {
            bytes: String::new(),
            ends: Vec::new(),
            slots: vec![0; 64],
            asked: 0,
            strict: false,
        }
    }

    /// No strings; equal ones get the same number.
    pub fn strict() -> Self {
        Self {
            strict: true,
            ..Self::loose()
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string of a number; empty for one that was not given.
    pub fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(at).copied().unwrap_or_default();
        self.bytes
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// The number of a string that is there, if equal ones are looked for.
    pub fn find(&self, text: &str) -> Option<u32> {
        let slot = self.slot(text)?;
        self.slots.get(slot)?.checked_sub(1)
    }

    /// The number of a string, which is added unless it is found; `None` when no more fit: 4 GiB.
    pub fn add(&mut self, text: &str) -> Option<u32> {
        self.asked += 1;
        let slot = self.slot(text);
        let found = slot.and_then(|slot| self.slots.get(slot)?.checked_sub(1));
        if found.is_some() {
            return found;
        }
        let number = u32::try_from(self.ends.len()).ok()?;
        let end = u32::try_from(self.bytes.len() + text.len()).ok()?;
        self.bytes.push_str(text);
        self.ends.push(end);
        if let Some(place) = slot.and_then(|slot| self.slots.get_mut(slot)) {
            *place = number.checked_add(1)?;
            self.make_room();
        }
        Some(number)
    }

    /// Keeps half of the slots free, or gives them back where few strings repeat.
    fn make_room(&mut self) {
        let mostly_different = self.ends.len() * 2 > self.asked;
        if !self.strict && self.ends.len() >= JUDGED && mostly_different {
            self.slots = Vec::new();
        } else if self.ends.len() * 2 > self.slots.len() {
            self.slots = vec![0; self.slots.len() * 2];
            for number in 0..self.ends.len() as u32 {
                if let Some(slot) = self.slot(self.get(number))
                    && let Some(place) = self.slots.get_mut(slot)
                {
                    *place = number + 1;
                }
            }
        }
    }

    /// The slot of a string, or the free one it would take.
    fn slot(&self, text: &str) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        let mut slot = hasher.finish() as usize & mask;
        loop {
            match self.slots.get(slot)?.checked_sub(1) {
                Some(number) if self.get(number) != text => slot = (slot + 1) & mask,
                _ => return Some(slot),
            }
        }
    }

    /// Gives back what was kept to add more quickly.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
        if !self.strict {
            self.slots = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_one_number() {
        let mut strings = Strings::strict();
        for round in 0..2 {
            for number in 0..1000_u32 {
                let text = format!("c{number}");
                assert_eq!(strings.find(&text).is_some(), round == 1);
                assert_eq!(strings.add(&text), Some(number));
            }
        }
        assert_eq!((strings.len(), strings.get(7)), (1000, "c7"));
        assert_eq!((strings.find("c1000"), strings.get(1000)), (None, ""));
    }

    #[test]
    fn where_few_repeat_no_equal_ones_are_looked_for() {
        let mut strings = Strings::loose();
        for number in 0..JUDGED {
            strings.add(&number.to_string()).unwrap();
        }
        assert!(strings.slots.is_empty());
        let again = strings.add("7").unwrap();
        assert_eq!((again as usize, strings.get(again)), (JUDGED, "7"));
    }
}
