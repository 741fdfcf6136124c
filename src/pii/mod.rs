//! Personal data: found by form, check digits and the words around, replaced by typed marks.
//!
//! ```text
//! text ──prefilter──▶ addresses ──▶ plates ──▶ numbers between them ──▶ (names) ──▶ marks
//! ```
//!
//! Nothing is written to an index, an output or a log before it went through a [`Redactor`]. Where
//! spans overlap, addresses go first (they may hold numbers), then the earliest, the longest, the
//! most specific. Redacting twice changes nothing.
//!
//! To add a type: one line in [`Pii`], its form and check in `identity.rs` or `bank.rs`, one line in
//! the list of rules at the end of `number.rs`, its words in `models/pii/context.toml`, and cases in
//! `tests/data/pii.toml`.

mod address;
mod bank;
mod candidate;
mod checksum;
mod context;
mod identity;
mod name;
mod number;
mod phone;
mod plate;
mod verbatim;

use bank::Banks;
use context::{Context, Said};
use name::Names;
use number::Numbers;
use phone::Phones;
use plate::Plates;
use std::borrow::Cow;
use std::ops::AddAssign;

/// A type of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pii {
    /// An e-mail address.
    Email,
    /// A link that carries user information, values of a query, or a long random path.
    Url,
    /// An IP address, version 4 or 6.
    Ip,
    /// An international bank account number.
    Iban,
    /// A payment card.
    Card,
    /// A Mexican bank account.
    Clabe,
    /// An Argentine bank account, CBU or CVU.
    Cbu,
    /// A Mexican population register code.
    Curp,
    /// A Mexican taxpayer number.
    Rfc,
    /// A Spanish identity number of a foreigner.
    Nie,
    /// A Spanish identity number; after the word *DNI* also a Peruvian or Argentine one.
    Dni,
    /// A Spanish company number.
    Cif,
    /// A Chilean identity number.
    Rut,
    /// An Argentine taxpayer number, CUIT or CUIL.
    Cuit,
    /// An identity card of Latin America, known by the word before it.
    Cedula,
    /// A United States social security number.
    Ssn,
    /// A British NHS number.
    Nhs,
    /// A telephone number.
    Phone,
    /// The number plate of a vehicle, known by the word before it.
    Plate,
    /// The name of a person: only where it is asked for, see [`Redactor::with_names`].
    Name,
}

/// How many types there are.
const COUNT: usize = 20;

impl Pii {
    /// Every type, in the order of every array over types in this crate.
    pub const ALL: [Self; COUNT] = [
        Self::Email,
        Self::Url,
        Self::Ip,
        Self::Iban,
        Self::Card,
        Self::Clabe,
        Self::Cbu,
        Self::Curp,
        Self::Rfc,
        Self::Nie,
        Self::Dni,
        Self::Cif,
        Self::Rut,
        Self::Cuit,
        Self::Cedula,
        Self::Ssn,
        Self::Nhs,
        Self::Phone,
        Self::Plate,
        Self::Name,
    ];

    /// The mark that stands in its place: `"[EMAIL]"`.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Email => "[EMAIL]",
            Self::Url => "[URL]",
            Self::Ip => "[IP]",
            Self::Iban => "[IBAN]",
            Self::Card => "[CARD]",
            Self::Clabe => "[CLABE]",
            Self::Cbu => "[CBU]",
            Self::Curp => "[CURP]",
            Self::Rfc => "[RFC]",
            Self::Nie => "[NIE]",
            Self::Dni => "[DNI]",
            Self::Cif => "[CIF]",
            Self::Rut => "[RUT]",
            Self::Cuit => "[CUIT]",
            Self::Cedula => "[CEDULA]",
            Self::Ssn => "[SSN]",
            Self::Nhs => "[NHS]",
            Self::Phone => "[PHONE]",
            Self::Plate => "[PLATE]",
            Self::Name => "[NAME]",
        }
    }

    /// The name inside its mark: `"EMAIL"`.
    pub fn name(self) -> &'static str {
        self.mark().trim_matches(['[', ']'])
    }

    /// The type called `name`, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pii| pii.name() == name)
    }
}

/// How many marks of each type were set. Counts add in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts([u64; COUNT]);

impl Counts {
    /// How many of this type.
    pub fn of(&self, pii: Pii) -> u64 {
        self.0[pii as usize]
    }

    /// How many in all.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The types that were found and how many of each, in the order of [`Pii::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Pii, u64)> + '_ {
        Pii::ALL
            .into_iter()
            .map(|pii| (pii, self.of(pii)))
            .filter(|(_, count)| *count > 0)
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }
}

/// A text with marks where personal data stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted<'t> {
    /// The text; borrowed when nothing was found.
    pub text: Cow<'t, str>,
    /// The marks set by this call.
    pub counts: Counts,
}

/// How often a text is read again after something was replaced in it. One round finds everything in
/// texts that people write; addresses glued together (`a@b.es0.c.es?d=1`) may uncover another.
const ROUNDS: usize = 4;

/// Bytes of a text that hold personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
    pii: Pii,
}

/// What the rules know: words, forms of telephone numbers, banks.
#[derive(Clone, Debug, Default)]
struct Rules {
    context: Context,
    phones: Phones,
    banks: Banks,
    plates: Plates,
    /// Only where names are to be found.
    names: Option<Names>,
}

impl Rules {
    fn embedded() -> Result<Self, toml::de::Error> {
        Ok(Self {
            context: Context::read(include_str!("../../models/pii/context.toml"))?,
            phones: Phones::read(include_str!("../../models/pii/phone.toml"))?,
            banks: Banks::read(include_str!("../../models/pii/bank.toml"))?,
            plates: Plates::read(include_str!("../../models/pii/plate.toml"))?,
            names: None,
        })
    }

    fn names() -> Result<Names, toml::de::Error> {
        Names::read(include_str!("../../models/pii/names.toml"))
    }
}

/// Replaces personal data by typed marks.
///
/// ```
/// let redactor = voz::pii::Redactor::new();
/// let redacted = redactor.redact("Llámenme al 612 34 56 78, pedido 612345678");
/// assert_eq!(redacted.text, "Llámenme al [PHONE], pedido 612345678");
/// ```
#[derive(Clone, Debug)]
pub struct Redactor {
    rules: Rules,
    /// It finds nothing.
    is_idle: bool,
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new()
    }
}

impl Redactor {
    /// A redactor with the rules of `models/pii/`, which are part of the binary.
    pub fn new() -> Self {
        // A test reads the same files, so the default is never what a build ships.
        let rules = Rules::embedded().unwrap_or_default();
        Self {
            rules,
            is_idle: false,
        }
    }

    /// As [`Redactor::new`], and names of people too, where the words before say that one stands there.
    ///
    /// ```
    /// let redactor = voz::pii::Redactor::with_names();
    /// assert_eq!(redactor.redact("Me atendió Laura Gómez").text, "Me atendió [NAME]");
    /// ```
    pub fn with_names() -> Self {
        let mut redactor = Self::new();
        redactor.rules.names = Some(Rules::names().unwrap_or_default());
        redactor
    }

    /// A redactor that finds nothing: what a program of before a rule would have left.
    #[doc(hidden)]
    pub fn without_rules() -> Self {
        Self {
            rules: Rules::default(),
            is_idle: true,
        }
    }

    /// The text with a mark in place of each piece of personal data; borrowed when there is none.
    pub fn redact<'t>(&self, text: &'t str) -> Redacted<'t> {
        self.replace(text, None)
    }

    /// The value of a field or a customer's id with marks in place of personal data.
    ///
    /// Every field and id goes through here. The name of its column counts as the word before the
    /// value: 612345678 is a telephone number in `telefono` and stays as it is in `customer_id`.
    pub fn redact_value<'t>(&self, field: &str, value: &'t str) -> Redacted<'t> {
        self.replace(value, Some(field))
    }

    fn replace<'t>(&self, text: &'t str, field: Option<&str>) -> Redacted<'t> {
        let mut redacted = Redacted {
            text: Cow::Borrowed(text),
            counts: Counts::default(),
        };
        for _ in 0..ROUNDS {
            let signs = Signs::of(redacted.text.as_bytes());
            let bare = !signs.address && signs.digits < plate::FEWEST_DIGITS;
            if (bare && self.rules.names.is_none()) || self.is_idle {
                break;
            }
            let spans = self.spans(&redacted.text, field, signs);
            if spans.is_empty() {
                break;
            }
            redacted.text = Cow::Owned(marked(&redacted.text, &spans));
            for span in spans {
                redacted.counts.0[span.pii as usize] += 1;
            }
        }
        redacted
    }

    fn spans(&self, text: &str, field: Option<&str>, signs: Signs) -> Vec<Span> {
        let Rules {
            context,
            plates,
            names,
            ..
        } = &self.rules;
        let numbers = signs.digits >= number::FEWEST_DIGITS;
        let mut spans = Vec::new();
        if signs.address || numbers {
            spans = address::find(text, |before, start| {
                let field = field.filter(|_| start == 0);
                context.before(before, field) == Said::Reference
            });
        }
        if signs.digits >= plate::FEWEST_DIGITS {
            address::between(text, &mut spans, |part, start, spans| {
                plates.find(context, field.filter(|_| start == 0), part, start, spans);
            });
        }
        if numbers {
            spans = self.numbers(text, field, spans);
        }
        if let Some(names) = names {
            address::between(text, &mut spans, |part, start, spans| {
                names.find(part, start, spans);
            });
        }
        spans
    }

    /// The spans that are taken and the numbers between them, in order.
    fn numbers(&self, text: &str, field: Option<&str>, taken: Vec<Span>) -> Vec<Span> {
        let mut numbers = Numbers::new(&self.rules, text, field);
        let mut spans = Vec::with_capacity(taken.len() + 1);
        let mut from = 0;
        for span in taken {
            numbers.find(from, span.start, &mut spans);
            from = span.end;
            spans.push(span);
        }
        numbers.find(from, text.len(), &mut spans);
        spans
    }
}

/// What a text must have to hold personal data.
#[derive(Clone, Copy)]
struct Signs {
    digits: usize,
    /// A character that every address has: `@`, `/` or `=`.
    address: bool,
}

impl Signs {
    /// Counts in blocks that fit a byte, so that the compiler can use wide registers.
    fn of(bytes: &[u8]) -> Self {
        let mut signs = Self {
            digits: 0,
            address: false,
        };
        for block in bytes.chunks(128) {
            let (mut digits, mut address) = (0u8, 0u8);
            for byte in block {
                digits += u8::from(byte.wrapping_sub(b'0') < 10);
                address |=
                    u8::from(*byte == b'@') | u8::from(*byte == b'/') | u8::from(*byte == b'=');
            }
            signs.digits += usize::from(digits);
            signs.address |= address != 0;
        }
        signs
    }
}

/// The text with the marks of these spans, which are in order and do not overlap.
fn marked(text: &str, spans: &[Span]) -> String {
    let mut marked = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        marked.push_str(&text[from..span.start]);
        marked.push_str(span.pii.mark());
        from = span.end;
    }
    marked.push_str(&text[from..]);
    marked
}

#[cfg(test)]
mod measure;
#[cfg(test)]
mod tests;
