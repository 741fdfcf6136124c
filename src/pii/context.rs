//! What the words around a number say it is: *pedido* 612345678 is an order, *tel.* is a phone.

use super::Pii;
use crate::text::{fold, fold_into};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// What the words before a number say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing that helps.
    Nothing,
    /// A personal number of this type.
    Names(Pii),
    /// The number of a thing: an order, a ticket, a version.
    Reference,
    /// A quantity or an amount of money.
    Amount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sense {
    Skip,
    NumberSign,
    Says(Said),
}

/// The words of `models/pii/context.toml`.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    senses: FxHashMap<Box<str>, Sense>,
    units: FxHashSet<Box<str>>,
}

#[derive(Deserialize)]
struct Lists {
    skip: Vec<String>,
    number_sign: Vec<String>,
    reference: Vec<String>,
    amount: Vec<String>,
    units: Vec<String>,
    names: FxHashMap<String, Vec<String>>,
}

/// How many words that say nothing may stand between a word and its number:
/// *teléfono de contacto es el* … is four; one more is a guess.
const WORDS_BETWEEN: usize = 5;

/// Characters that may stand between a word and its number.
fn is_gap(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{a0}'
            | '\u{202f}'
            | ':'
            | '='
            | '-'
            | '–'
            | '('
            | '"'
            | '\''
            | '*'
            | '_'
            | '/'
            | '+'
            | '«'
            | '“'
            | '.'
    )
}

fn is_gap_or_comma(character: char) -> bool {
    character == ',' || is_gap(character)
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic() || character == '°'
}

/// The longest abbreviation that a full stop may follow: *telef.* Longer words end a sentence.
const LONGEST_ABBREVIATION: usize = 5;

/// The word that `text` ends with, if `gap` after it does not end a sentence and it is no tail of
/// a code: letters that hang on a digit. *D.N.I.* is a word.
fn word_at_end<'t>(text: &'t str, gap: &str) -> Option<&'t str> {
    let mut left = text.trim_end_matches(is_letter);
    while let Some(letters) = left.strip_suffix('.')
        && text[left.len()..]
            .chars()
            .take_while(|one| *one != '.')
            .count()
            == 1
        && let Some(letter) = letters.chars().next_back().filter(|one| is_letter(*one))
    {
        let before = &letters[..letters.len() - letter.len_utf8()];
        if before.ends_with(is_letter) {
            break;
        }
        left = before;
    }
    let word = &text[left.len()..];
    let ended = gap.contains('.') && word.chars().count() > LONGEST_ABBREVIATION;
    let hangs = left.ends_with(|character: char| character.is_ascii_digit());
    (!word.is_empty() && !ended && !hangs).then_some(word)
}

impl Context {
    /// From the lists, in TOML.
    pub(super) fn read(lists: &str) -> Result<Self, toml::de::Error> {
        let lists: Lists = toml::from_str(lists)?;
        let mut senses = FxHashMap::default();
        let mut add = |words: Vec<String>, sense: Sense| {
            senses.extend(words.into_iter().map(|word| (word.into(), sense)));
        };
        for (mark, words) in lists.names {
            if let Some(pii) = Pii::parse(&mark) {
                add(words, Sense::Says(Said::Names(pii)));
            }
        }
        add(lists.reference, Sense::Says(Said::Reference));
        add(lists.amount, Sense::Says(Said::Amount));
        add(lists.number_sign, Sense::NumberSign);
        add(lists.skip, Sense::Skip);
        Ok(Self {
            senses,
            units: lists.units.into_iter().map(Into::into).collect(),
        })
    }

    /// True for a folded word that says what a number is.
    pub(super) fn names_a_number(&self, word: &str) -> bool {
        matches!(self.senses.get(word), Some(Sense::Says(_)))
    }

    /// What the words at the end of `before` say about a number that follows them. `field` is the
    /// name of the column when `before` reaches back to the start of its value.
    pub(super) fn before(&self, before: &str, field: Option<&str>) -> Said {
        let mut rest = before;
        let mut folded = String::new();
        let (mut numbered, mut comma) = (false, false);
        for _ in 0..=WORDS_BETWEEN {
            let gap = rest.trim_end_matches(is_gap_or_comma);
            comma |= rest[gap.len()..].contains(',');
            match gap.chars().next_back() {
                Some('$' | '€' | '£') => return Said::Amount,
                Some('#') => return Said::Reference,
                _ => {}
            }
            if let Some(field) = field.filter(|_| gap.is_empty()) {
                return self.field(field);
            }
            if comma && gap.is_empty() {
                break;
            }
            let Some(word) = word_at_end(gap, &rest[gap.len()..]) else {
                break;
            };
            folded.clear();
            fold_into(word, &mut folded);
            folded.retain(|letter| letter != '.');
            match self.senses.get(folded.as_str()) {
                // What a comma parts may still name it: *mi cédula, 1020304050*. It is no order then.
                Some(Sense::Says(Said::Reference | Said::Amount)) if comma => break,
                Some(Sense::Says(said)) => return *said,
                Some(Sense::NumberSign) => numbered = true,
                Some(Sense::Skip) => {}
                None => break,
            }
            rest = &gap[..gap.len() - word.len()];
        }
        if numbered {
            Said::Reference
        } else {
            Said::Nothing
        }
    }

    /// The last word of `before` that says nothing of its own, folded; `None` where it says something.
    pub(super) fn word_before(&self, before: &str) -> Option<String> {
        let mut rest = before;
        for _ in 0..=WORDS_BETWEEN {
            let gap = rest.trim_end_matches(is_gap);
            let word = word_at_end(gap, &rest[gap.len()..])?;
            let folded = fold(word);
            match self.senses.get(folded.as_str()) {
                None => return Some(folded),
                Some(Sense::Says(_)) => return None,
                Some(Sense::NumberSign | Sense::Skip) => {}
            }
            rest = &gap[..gap.len() - word.len()];
        }
        None
    }

    /// What the name of a field says: its last word that says something.
    fn field(&self, name: &str) -> Said {
        let name = fold(name);
        let mut words = name.rsplit(|character: char| !is_letter(character));
        words
            .find_map(|word| match self.senses.get(word) {
                Some(Sense::Says(said)) => Some(*said),
                _ => None,
            })
            .unwrap_or(Said::Nothing)
    }

    /// True when what follows a number makes it a quantity: *€*, *pesos*, *puntos*.
    pub(super) fn is_quantity(&self, after: &str) -> bool {
        let after = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let mut characters = after.chars();
        if let Some('€' | '$' | '£' | '%') = characters.next() {
            return !characters.next().is_some_and(|next| next.is_ascii_digit());
        }
        let word = &after[..after.len() - after.trim_start_matches(is_letter).len()];
        !word.is_empty() && self.units.contains(fold(word).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        Context::read(include_str!("../../models/pii/context.toml")).unwrap()
    }

    #[test]
    fn no_word_stands_in_two_lists_and_all_are_folded() {
        let lists: Lists = toml::from_str(include_str!("../../models/pii/context.toml")).unwrap();
        let mut seen = FxHashSet::default();
        let named = lists.names.values().flatten();
        for word in lists
            .skip
            .iter()
            .chain(&lists.number_sign)
            .chain(&lists.reference)
        {
            assert!(seen.insert(word.clone()), "{word} twice");
        }
        for word in lists.amount.iter().chain(named) {
            assert!(seen.insert(word.clone()), "{word} twice");
        }
        assert!(
            seen.iter()
                .chain(&lists.units)
                .all(|word| fold(word) == **word)
        );
        assert!(lists.names.keys().all(|mark| Pii::parse(mark).is_some()));
    }

    #[test]
    fn the_nearest_word_that_says_something_counts() {
        let context = context();
        let said = |before: &str| context.before(before, None);
        assert_eq!(said("mi teléfono es el "), Said::Names(Pii::Phone));
        assert_eq!(said("llamé por el pedido nº "), Said::Reference);
        assert_eq!(said("Tel. "), Said::Names(Pii::Phone));
        assert_eq!(said("no tengo teléfono. "), Said::Nothing);
        assert_eq!(said("me costó $ "), Said::Amount);
        assert_eq!(said("teléfono de mi hermana Lucía "), Said::Nothing);
    }

    #[test]
    fn a_field_name_counts_only_at_the_start_of_its_value() {
        let context = context();
        assert_eq!(context.before("", Some("customer_id")), Said::Reference);
        assert_eq!(
            context.before("", Some("Teléfono")),
            Said::Names(Pii::Phone)
        );
        assert_eq!(context.before("Ana ", Some("Teléfono")), Said::Nothing);
    }
}
