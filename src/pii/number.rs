//! Finds numbers: rows of neighbouring groups, and in each row the spans that some rule accepts.
//!
//! ```text
//! text ──groups──▶ rows ──candidates──▶ rules ──▶ spans
//! ```
//!
//! Replacing must be idempotent: what is left beside a mark must hold nothing that a second run
//! would take. So whenever a span is taken, the groups before and after it are read again as if the
//! mark stood there.

use super::candidate::{Candidate, Group, Link};
use super::checksum::ENYE;
use super::context::Said;
use super::phone::Phones;
use super::{Pii, Rules, Span, bank, identity};
use crate::text::fold;

/// The most groups of one number: a Maltese IBAN in fours has eight, a phone number in pairs with
/// its code six.
const MOST_GROUPS: usize = 9;
/// The most characters of one number: the longest IBAN that is issued has 31.
const LONGEST: usize = 34;
/// The fewest digits of any number: a *cédula* or an RFC.
pub(super) const FEWEST_DIGITS: usize = 6;
/// The most letters of a group without digits inside a code: `VECJ 880326 XXX`, `GB82 WEST …`.
const MOST_LETTERS: usize = 4;

/// Finds the numbers in parts of one text.
pub(super) struct Numbers<'a> {
    pub rules: &'a Rules,
    pub text: &'a str,
    /// The name of the column, when the text is the value of a field.
    pub field: Option<&'a str>,
    row: Vec<Group>,
    /// End of the last span before what is being read: words are not looked for beyond it.
    floor: usize,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(rules: &'a Rules, text: &'a str, field: Option<&'a str>) -> Self {
        Self {
            rules,
            text,
            field,
            row: Vec::new(),
            floor: 0,
        }
    }

    /// Appends the spans found between two bytes of the text, which are its ends or stand next to
    /// spans that are taken.
    pub(super) fn find(&mut self, from: usize, to: usize, spans: &mut Vec<Span>) {
        self.floor = from;
        let mut at = from;
        while let Some((start, end)) = next_run(self.text, at, to) {
            at = end;
            self.run(start, end, to, spans);
        }
        self.finish_row(to, spans);
    }

    /// Adds a run of letters and digits to the row, or ends the row with it.
    fn run(&mut self, start: usize, end: usize, to: usize, spans: &mut Vec<Span>) {
        let run = &self.text[start..end];
        let Some(group) = group_of(run, start) else {
            self.finish_row(to, spans);
            return;
        };
        if let Some(cut) = self.glued_word(run, &group) {
            self.run(start, start + cut, to, spans);
            self.finish_row(to, spans);
            self.run(start + cut, end, to, spans);
            return;
        }
        if group.digits == 0 && group.letters > MOST_LETTERS {
            self.finish_row(to, spans);
            return;
        }
        let link = self
            .row
            .last()
            .map(|last| Link::read(&self.text[last.end..start]));
        match link {
            Some(Some(link)) => self.row.push(Group { link, ..group }),
            Some(None) => {
                self.finish_row(to, spans);
                self.row.push(group);
            }
            None => self.row.push(group),
        }
    }

    /// Where a word and a number that were written in one piece part: *tel612345678*,
    /// *612345678gracias*.
    fn glued_word(&self, run: &str, group: &Group) -> Option<usize> {
        if group.letters < 2 || group.digits == 0 {
            return None;
        }
        let head = run.find(|character: char| character.is_ascii_digit())?;
        if head > 1 && self.rules.context.names_a_number(&fold(&run[..head])) {
            return Some(head);
        }
        // Seven digits or more and then only letters: no code with letters at its end has that.
        let digits = run.bytes().take_while(u8::is_ascii_digit).count();
        let all_letters = group.len() - digits == group.letters;
        (digits > 6 && group.letters > 1 && all_letters).then_some(digits)
    }

    fn finish_row(&mut self, to: usize, spans: &mut Vec<Span>) {
        let digits: usize = self.row.iter().map(|group| group.digits).sum();
        if digits >= FEWEST_DIGITS {
            let row = std::mem::take(&mut self.row);
            let view = View {
                rules: self.rules,
                text: self.text,
                field: self.field,
                row: &row,
            };
            let found = spans.len();
            let part = Part {
                first: 0,
                last: row.len(),
                floor: self.floor,
                ceiling: to,
            };
            view.solve(part, 0, spans);
            spans[found..].sort_unstable_by_key(|span| span.start);
            if let Some(last) = spans.last() {
                self.floor = self.floor.max(last.end);
            }
            self.row = row;
        }
        self.row.clear();
    }
}

/// The next run of letters and digits of any script that starts at or after `at`.
fn next_run(text: &str, at: usize, to: usize) -> Option<(usize, usize)> {
    let is_inside = |character: char| {
        // Ordinal signs are letters to Unicode; here they part *nº* from what it counts.
        character.is_ascii_alphanumeric()
            || (!character.is_ascii()
                && character.is_alphanumeric()
                && !matches!(character, 'º' | 'ª'))
    };
    let start = at + text[at..to].find(is_inside)?;
    let length = text[start..to].find(|character| !is_inside(character));
    Some((start, length.map_or(to, |length| start + length)))
}

/// The group that a run makes; `None` with other letters than a code has, or too many.
fn group_of(run: &str, start: usize) -> Option<Group> {
    let mut group = Group {
        start,
        end: start + run.len(),
        digits: 0,
        letters: 0,
        link: Link::Space,
    };
    for character in run.chars() {
        match character {
            '0'..='9' => group.digits += 1,
            'a'..='z' | 'A'..='Z' | 'ñ' | 'Ñ' => group.letters += 1,
            _ => return None,
        }
    }
    (group.len() <= LONGEST).then_some(group)
}

/// A row of groups and the text they stand in.
struct View<'a> {
    rules: &'a Rules,
    text: &'a str,
    field: Option<&'a str>,
    row: &'a [Group],
}

/// A part of a row between hard ends: marks, or the ends of the row.
#[derive(Clone, Copy)]
struct Part {
    first: usize,
    last: usize,
    /// Words before this byte are not looked at.
    floor: usize,
    /// Words after this byte are not looked at.
    ceiling: usize,
}

/// A span that a rule accepts, and the group after it.
struct Found {
    span: Span,
    next: usize,
}

impl View<'_> {
    /// Takes the spans of a part, the earliest first; candidates start at group `from` or later.
    fn solve(&self, mut part: Part, from: usize, spans: &mut Vec<Span>) {
        let mut at = from;
        while at < part.last {
            let Some(found) = self.best_at(part, at) else {
                at += 1;
                continue;
            };
            if at > part.first {
                // The groups before the span now end at a mark, which may make a number of them.
                let before = Part {
                    last: at,
                    ceiling: found.span.start,
                    ..part
                };
                let from = at.saturating_sub(MOST_GROUPS).max(part.first);
                self.solve(before, from, spans);
            }
            part.first = found.next;
            part.floor = found.span.end;
            at = found.next;
            spans.push(found.span);
        }
    }

    /// The longest span from group `at` that a rule accepts; of equal ones the most specific.
    fn best_at(&self, part: Part, at: usize) -> Option<Found> {
        let groups = self.row.get(at..part.last)?;
        let first = groups.first()?;
        if groups.iter().take(2).all(|group| group.digits == 0) {
            return None;
        }
        let spelled = Spelled::of(self.text, groups);
        if spelled.digits() < FEWEST_DIGITS {
            return None;
        }
        let before = &self.text[part.floor..first.start];
        let field = self.field.filter(|_| part.floor == 0);
        let said = self.rules.context.before(before, field);
        for rules in [STRONG, NAMED] {
            for (groups, code) in spelled.longest_first(groups) {
                let (last, next) = (groups.last()?, at + groups.len());
                let candidate = Candidate {
                    code,
                    groups,
                    said,
                    plus: before.ends_with(['+', '＋']) || before.ends_with("+("),
                    last_is_capital: self.text[..last.end]
                        .ends_with(|character: char| character.is_ascii_uppercase()),
                    alone: self.is_alone(part, at, next, said),
                    after: &self.text[last.end..part.ceiling],
                    context: &self.rules.context,
                };
                if let Some(pii) = accepted(rules, self.rules, &candidate) {
                    let span = widen(self.text, part.floor, &candidate, pii);
                    return Some(Found { span, next });
                }
            }
        }
        None
    }

    /// True when the groups from `first` to before `next` are no part of a longer code: nothing
    /// with digits hangs on them by more than a space, except another long number.
    fn is_alone(&self, part: Part, first: usize, next: usize, said: Said) -> bool {
        let hangs = |group: &Group, link: Link| {
            let short = match link {
                Link::Space | Link::Bracket => false,
                Link::Dot | Link::Comma => group.digits <= 3,
                Link::Hyphen => group.digits <= 6,
                // 655 123 456/655 987 654 are two numbers.
                Link::Slash => group.digits <= 6 && group.digits != 3,
            };
            short && group.digits > 0
        };
        let before = first
            .checked_sub(1)
            .filter(|before| *before >= part.first)
            .and_then(|before| Some((self.row.get(before)?, self.row.get(first)?.link)));
        let after = self.row.get(next).filter(|_| next < part.last);
        let code_letters = |group: &Group, link: Link| {
            group.digits == 0
                && matches!(link, Link::Hyphen | Link::Slash)
                && !matches!(said, Said::Names(_))
        };
        !before.is_some_and(|(group, link)| hangs(group, link) || code_letters(group, link))
            && !after.is_some_and(|group| hangs(group, group.link))
    }
}

/// The characters of neighbouring groups in capitals, as far as one number can go.
struct Spelled {
    code: [u8; LONGEST],
    /// How many characters there are up to the end of each group.
    ends: [usize; MOST_GROUPS],
    groups: usize,
}

impl Spelled {
    fn of(text: &str, groups: &[Group]) -> Self {
        let mut spelled = Self {
            code: [0; LONGEST],
            ends: [0; MOST_GROUPS],
            groups: 0,
        };
        let mut length = 0;
        for (place, group) in groups.iter().take(MOST_GROUPS).enumerate() {
            let cut = place > 0 && group.link == Link::Comma;
            if cut || length + group.len() > LONGEST {
                break;
            }
            let characters = text[group.start..group.end].chars();
            for (byte, character) in spelled.code[length..].iter_mut().zip(characters) {
                *byte = match character {
                    'ñ' | 'Ñ' => ENYE,
                    _ => character.to_ascii_uppercase() as u8,
                };
            }
            length += group.len();
            spelled.ends[place] = length;
            spelled.groups = place + 1;
        }
        spelled
    }

    fn digits(&self) -> usize {
        self.code
            .iter()
            .filter(|byte| byte.is_ascii_digit())
            .count()
    }

    /// The first groups and their characters, all that fit and then one fewer each time, while they
    /// are enough for a number.
    fn longest_first<'s>(
        &'s self,
        groups: &'s [Group],
    ) -> impl Iterator<Item = (&'s [Group], &'s [u8])> {
        let ends = self.ends[..self.groups].iter().enumerate().rev();
        ends.map(|(place, end)| (&groups[..=place], &self.code[..*end]))
            .take_while(|(_, code)| code.len() >= FEWEST_DIGITS)
    }
}

/// The span of a candidate with the plus or bracket that belongs to it.
fn widen(text: &str, floor: usize, candidate: &Candidate<'_>, pii: Pii) -> Span {
    let (Some(first), Some(last)) = (candidate.groups.first(), candidate.groups.last()) else {
        return Span {
            start: 0,
            end: 0,
            pii,
        };
    };
    let mut start = first.start;
    if pii == Pii::Phone {
        // (011) 4567-8901, +(34) 612…, (+34) 612…: a bracket that closes inside opens before.
        let closes = text[first.start..last.end].contains(')');
        while let Some(sign) = text[floor..start].chars().next_back()
            && (matches!(sign, '+' | '＋') || (closes && sign == '('))
        {
            start -= sign.len_utf8();
        }
    }
    Span {
        start,
        end: last.end,
        pii,
    }
}

type Rule = (Pii, fn(&Rules, &Candidate<'_>) -> bool);

/// Rules that tell by form and check digits, the most specific first. A new type is one line here.
const STRONG: &[Rule] = &[
    (Pii::Iban, |rules, found| rules.banks.is_iban(found)),
    (Pii::Cbu, |_, found| bank::is_cbu(found)),
    (Pii::Clabe, |_, found| bank::is_clabe(found)),
    (Pii::Curp, |_, found| identity::is_curp(found)),
    (Pii::Rfc, |_, found| identity::is_rfc(found)),
    (Pii::Nie, |_, found| identity::is_nie(found)),
    (Pii::Dni, |_, found| identity::is_dni(found)),
    (Pii::Rut, |_, found| identity::is_rut(found)),
    (Pii::Cuit, |_, found| identity::is_cuit(found)),
    (Pii::Card, |rules, found| rules.banks.is_card(found)),
    (Pii::Nhs, |_, found| identity::is_nhs(found)),
    (Pii::Ssn, |_, found| identity::is_ssn(found)),
    (Pii::Cif, |_, found| identity::is_cif(found)),
    (Pii::Cedula, |_, found| identity::is_cedula(found)),
    (Pii::Dni, |_, found| identity::is_plain_dni(found)),
    (Pii::Phone, |rules, found| rules.phones.is_phone(found)),
    (Pii::Nhs, |_, found| identity::is_plain_nhs(found)),
];

/// Rules that only a word before the number makes sure: tried when no other length is certain.
const NAMED: &[Rule] = &[(Pii::Phone, |_, found| Phones::is_named(found))];

fn accepted(list: &[Rule], rules: &Rules, candidate: &Candidate<'_>) -> Option<Pii> {
    list.iter()
        .find(|(_, accepts)| accepts(rules, candidate))
        .map(|(pii, _)| *pii)
}
