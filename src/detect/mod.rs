//! In which language is this comment? A vote of its words; whatlang only where they fall silent.
//!
//! ```text
//! tokens ──word lists──▶ clear lead ─────────────────────────────────────▶ Detection
//!            │ not clear                                                      ▲
//!            └─▶ + letters, endings ─▶ + expected, stated ─▶ lead ────────────┤
//!                                           │ few words known, long enough     │
//!                                           └─▶ whatlang ─────────────────────┘
//! ```
//!
//! 1. Every word of the text is looked up in the lists of `models/lang/`, learned from texts for
//!    Spanish and English, written from memory for Portuguese, Catalan, French, Italian, German,
//!    Galician, Basque, Dutch, Polish, Swedish, Danish, Romanian and Turkish. A word gives each
//!    language a weight; the languages' sums are compared. Nearly every comment is settled here
//!    (93 of 100 in the sets of `models/lang/ACCURACY.md`), by one table read per word.
//! 2. Where the lead is small, letters and marks (ã, ç, ñ, ¿) and, for words on no list,
//!    beginnings and endings vote as well; Spanish and English get a vote for being what is
//!    collected, and the language the source states gets two more: it settles ties and lifts, and
//!    overrules no lead of more than three votes.
//! 3. whatlang names the languages without a list of their own and every other script. It is asked
//!    only when another script fills the text, when words of such a language lead, or when the
//!    lists know few of the words of a text of some length; in that last case it also gives two
//!    votes to a language that has a list. It gets no more say than that: on short texts it is
//!    wrong too often (it takes *Great!* for German), its confidence is no probability, and where
//!    it had a say over known words in trials, Spanish texts of 4 to 10 words were found less
//!    often (0.996 against 0.998).
//!
//! A comment in two languages is in the one with more and more telling words. What a reader could
//! not tell either (*Ideal*, *Normal*, *Internet lenta*) is called Spanish or English when the
//! lists tie, with a confidence that says so.

mod accuracy;
mod learn;
mod shape;
#[cfg(test)]
mod shared;
mod votes;

pub use accuracy::{Accuracy, Count, Known, Length, accuracy};
pub use learn::Learner;
pub use votes::words;

use crate::lang::{Detection, Lang};
use crate::text::{Kind, Token, Tokens, Vocabulary};
use shape::{Letters, Shapes};
use votes::{CODES, Lead, OTHER, Sums, WordVotes};

/// Finds the language of texts.
#[derive(Clone, Debug)]
pub struct Detector {
    words: WordVotes,
    shapes: Shapes,
}

/// The lead from which the votes of known words settle it alone. Five or seven found as many.
const CLEAR: u16 = 6;
/// The same for languages whose lists were written from memory. A guess, on the safe side.
const CLEAR_FOREIGN: u16 = 8;
/// What Spanish and English have before a doubtful text is read: they are what is collected. With
/// 2 they were found a little more often, and short Portuguese and Italian was taken for them.
const EXPECTED: u16 = 1;
/// What the source's statement adds in a doubtful text. With 3 a wrong one hid a fifth of the
/// short Catalan and Portuguese texts of the tuning set; with 2 hardly any.
const STATED: u16 = 2;
/// What whatlang adds to a language that has a list: it tips ties.
const WHATLANG: u16 = 2;
/// Letters for each vote that whatlang adds to a language without a list: it gets better with
/// length. A guess.
const LETTERS_PER_VOTE: usize = 6;
/// Letters below which whatlang is not asked: it is wrong more often than not.
const WHATLANG_LETTERS: usize = 20;
/// Words after these say nothing new about the language of a text; it bounds the time of a long
/// one.
const WORDS_READ: usize = 400;

/// How often a lead of 0, 1, 2… votes was right: texts of up to 3 words from the halves of the
/// Spanish and English sets that were learned from (`calibrate` in `shared.rs`). Longer texts and
/// greater leads are at least as sure. For other languages nothing was there to measure it on.
const SURE: [f32; 8] = [0.53, 0.88, 0.88, 0.93, 0.96, 0.985, 0.993, 0.996];

/// Nothing tells.
const UNKNOWN: Detection = Detection {
    code: "und",
    confidence: 0.0,
};

impl Detector {
    /// A detector that reads tokens numbered by `vocabulary`; quickest when that holds [`words`].
    pub fn new(vocabulary: &Vocabulary) -> Self {
        Self {
            words: WordVotes::new(vocabulary),
            shapes: Shapes::new(),
        }
    }

    /// The language of a text with these tokens; `stated` is what its source says of it.
    ///
    /// A text without letters is `"und"` whatever is stated, and so is one of which nothing is
    /// known and nothing is stated.
    pub fn detect(&self, text: &str, tokens: &Tokens, stated: Option<Lang>) -> Detection {
        let (sums, words) = self.words.sum(tokens, first_tokens(tokens));
        let lead = sums.lead();
        if is_clear(&lead, words) && is_western(text) {
            return found(CODES[lead.first], lead.margin);
        }
        let thin = lead.votes < words;
        self.look_closer(text, tokens, stated, sums, thin)
    }

    /// `thin` when the lists know few of the words.
    fn look_closer(
        &self,
        text: &str,
        tokens: &Tokens,
        stated: Option<Lang>,
        mut sums: Sums,
        thin: bool,
    ) -> Detection {
        let letters = self.read_shapes(text, tokens, &mut sums);
        if letters.foreign > letters.latin {
            return ask(&whatlang::Detector::new(), text, tokens)
                .map_or(UNKNOWN, |code| found(code, u16::MAX));
        }
        let ask_outside = thin && letters.latin >= WHATLANG_LETTERS;
        let silent = sums.lead().votes == 0;
        for lang in Lang::ALL {
            sums.give(lane(lang), EXPECTED);
        }
        if let Some(lang) = stated {
            sums.give(lane(lang), STATED);
        }
        let lead = sums.lead();
        if letters.latin == 0 || (silent && stated.is_none() && !ask_outside) {
            UNKNOWN
        } else if lead.first == OTHER {
            ask(&others(), text, tokens).map_or(UNKNOWN, |code| found(code, lead.margin))
        } else if ask_outside {
            settle_outside(text, tokens, sums, letters)
        } else if silent {
            found(CODES[lead.first], 0)
        } else {
            found(CODES[lead.first], lead.margin)
        }
    }

    /// Adds the votes of letters, marks, and the shapes of words that no list knows.
    fn read_shapes(&self, text: &str, tokens: &Tokens, sums: &mut Sums) -> Letters {
        let mut letters = Letters::default();
        let mut seen = Vec::new();
        for token in first_tokens(tokens) {
            let typed = &text[token.span()];
            match token.kind {
                Kind::Word | Kind::Hashtag => {
                    letters += self.shapes.read_letters(typed, &mut seen, sums);
                    self.shapes.read_typed(typed, sums);
                    if !self.words.knows(tokens, token) {
                        self.shapes.read_word(tokens.norm(token), sums);
                    }
                }
                Kind::Punctuation => {
                    self.shapes.read_letters(typed, &mut seen, sums);
                }
                _ => {}
            }
        }
        letters
    }
}

fn first_tokens(tokens: &Tokens) -> &[Token] {
    let items = tokens.as_slice();
    &items[..items.len().min(WORDS_READ)]
}

/// True when the lead needs no second look: great enough, and carried by the text and not by a few
/// of its words (a vote and a half for each word; a usual word has 3 to 5).
fn is_clear(lead: &Lead, words: u16) -> bool {
    let enough = match lead.first {
        OTHER => return false,
        first if first < Lang::ALL.len() => CLEAR,
        _ => CLEAR_FOREIGN,
    };
    lead.margin >= enough && lead.votes * 2 >= words * 3
}

/// True when no letter lies outside Latin-1, as in Polish, Turkish or Vietnamese. Only lead bytes
/// of UTF-8 are looked at: C4 begins U+0100, and E1 ends before the typographic marks.
fn is_western(text: &str) -> bool {
    text.is_ascii() || !text.bytes().any(|byte| matches!(byte, 0xC4..=0xE1))
}

fn found(code: &'static str, margin: u16) -> Detection {
    let margin = usize::from(margin).min(SURE.len() - 1);
    Detection {
        code,
        confidence: SURE[margin],
    }
}

fn lane(lang: Lang) -> usize {
    match lang {
        Lang::Es => 0,
        Lang::En => 1,
    }
}

/// Hears whatlang on a text of which the lists know little.
fn settle_outside(text: &str, tokens: &Tokens, mut sums: Sums, letters: Letters) -> Detection {
    let code = ask(&whatlang::Detector::new(), text, tokens);
    match code.and_then(|code| CODES.iter().position(|known| *known == code)) {
        Some(lane) => sums.give(lane, WHATLANG),
        None => sums.give(OTHER, (letters.latin / LETTERS_PER_VOTE) as u16),
    }
    let lead = sums.lead();
    match (lead.first, code) {
        (OTHER, None) => UNKNOWN,
        (OTHER, Some(code)) => found(code, lead.margin),
        (first, _) => found(CODES[first], lead.margin),
    }
}

/// The language whatlang names for the part of the text that is read.
fn ask(detector: &whatlang::Detector, text: &str, tokens: &Tokens) -> Option<&'static str> {
    let end = first_tokens(tokens).last()?.span().end;
    let lang = detector.detect_lang(&text[..end])?;
    Some(short_code(lang.code()))
}

/// whatlang among the languages whose words stand in `other.txt`.
fn others() -> whatlang::Detector {
    use whatlang::Lang::{Ces, Est, Fin, Hrv, Hun, Ind, Lav, Lit, Nob, Slk, Slv, Vie};
    whatlang::Detector::with_allowlist(vec![
        Ces, Est, Fin, Hrv, Hun, Ind, Lav, Lit, Nob, Slk, Slv, Vie,
    ])
}

/// The ISO 639-1 code of one of ISO 639-3, or the long one where there is no short one.
fn short_code(long: &'static str) -> &'static str {
    let pairs = include_str!("../../models/lang/codes.txt").lines();
    let mut pairs = pairs.filter_map(|line| line.split_once(' '));
    pairs
        .find(|(known, _)| *known == long)
        .map_or(long, |(_, short)| short)
}

/// A code that [`Detector::detect`] may have found, from its text; `"und"` for any other.
pub fn known_code(code: &str) -> &'static str {
    let all = include_str!("../../models/lang/codes.txt").lines();
    let all = all
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace);
    all.chain(Lang::ALL.map(Lang::code))
        .find(|known| *known == code)
        .unwrap_or("und")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Tokenizer, Vocabulary, nfc};
    use std::sync::Arc;

    const HELD_OUT: &str = include_str!("../../corpora/lang/held_out.tsv");
    const TUNING: &str = include_str!("../../corpora/lang/tuning.tsv");

    fn tools() -> (Tokenizer, Detector) {
        let tokenizer = Tokenizer::new(Arc::new(Vocabulary::new(words())));
        let detector = Detector::new(tokenizer.vocabulary());
        (tokenizer, detector)
    }

    fn code(text: &str, stated: Option<Lang>) -> &'static str {
        let (tokenizer, detector) = tools();
        let text = nfc(text);
        detector
            .detect(&text, &tokenizer.tokenize(&text), stated)
            .code
    }

    fn rows(file: &'static str, set: &'static str) -> impl Iterator<Item = Known<'static>> {
        let rows = file.lines().skip(1).filter_map(|row| row.split_once('\t'));
        rows.map(move |(code, text)| Known { set, code, text })
    }

    pub(super) fn held_out_accuracy() -> Accuracy {
        let (tokenizer, detector) = tools();
        accuracy(&detector, &tokenizer, rows(HELD_OUT, "held_out"))
    }

    /// The share found of these languages' texts of these lengths.
    fn share(codes: &[&str], lengths: &[Length]) -> f64 {
        let wanted =
            |_: &str, code: &str, length| codes.contains(&code) && lengths.contains(&length);
        held_out_accuracy().count(wanted).accuracy().unwrap()
    }

    #[test]
    fn spanish_and_english_are_found() {
        for code in ["es", "en"] {
            assert!(
                share(&[code], &[Length::Some, Length::Many]) >= 0.97,
                "{code}"
            );
            assert!(share(&[code], &[Length::Few]) >= 0.90, "{code}");
            assert!(share(&[code], &[Length::One]) >= 0.85, "{code}");
        }
    }

    #[test]
    fn neighbours_are_named_and_not_taken_for_spanish() {
        let neighbours = ["pt", "ca", "fr", "it", "de"];
        for code in neighbours {
            assert!(
                share(&[code], &[Length::Some, Length::Many]) >= 0.97,
                "{code}"
            );
            assert!(share(&[code], &[Length::Few]) >= 0.90, "{code}");
        }
        let all = held_out_accuracy().count(|_, code, _| neighbours.contains(&code));
        assert!(all.analysed_wrongly * 50 <= all.texts, "{all:?}");
    }

    #[test]
    fn the_committed_table_is_the_current_one() {
        let page = include_str!("../../models/lang/ACCURACY.md");
        assert!(
            page.contains(&held_out_accuracy().table()),
            "run detect::shared::measure (see shared.rs)"
        );
    }

    #[test]
    fn nothing_tuned_on_is_measured_on() {
        let known: Vec<String> = rows(TUNING, "")
            .map(|row| row.text.to_lowercase())
            .collect();
        for row in rows(HELD_OUT, "") {
            assert!(!known.contains(&row.text.to_lowercase()), "{}", row.text);
        }
    }

    #[test]
    fn no_letters_no_language() {
        for text in ["", "   ", "10/10", "👍👍", "...", "http://x.es", "@banco"] {
            assert_eq!(code(text, Some(Lang::Es)), "und", "{text}");
        }
        assert_eq!(code("Xqzt", None), "und");
    }

    #[test]
    fn a_statement_settles_ties_and_overrules_nothing_clear() {
        assert_eq!(code("Xqzt", Some(Lang::En)), "en");
        assert_eq!(code("ok", Some(Lang::En)), "en");
        assert_eq!(code("ok", Some(Lang::Es)), "es");
        for (text, truth) in [
            ("muy bueno todo", "es"),
            ("very good staff", "en"),
            ("atendimento muito ruim", "pt"),
            ("no m'ha agradat gens", "ca"),
        ] {
            for stated in [Some(Lang::Es), Some(Lang::En)] {
                assert_eq!(code(text, stated), truth, "{text}");
            }
        }
    }

    #[test]
    fn two_languages_are_the_one_with_more() {
        assert_eq!(
            code("El delivery great, muy rápido y todo llegó bien", None),
            "es"
        );
        assert_eq!(
            code("The staff were lovely, muchas gracias for everything", None),
            "en"
        );
    }

    #[test]
    fn marks_and_decomposed_accents_count() {
        assert_eq!(code("¡Ñoñez!", None), "es");
        assert_eq!(code("Organizac\u{327}a\u{303}o", None), "pt");
    }

    #[test]
    fn a_text_without_end_is_read_in_part() {
        let (tokenizer, detector) = tools();
        let long = "el servicio es muy bueno ".repeat(50_000) + &"ж".repeat(100);
        let found = detector.detect(&long, &tokenizer.tokenize(&long), None);
        assert_eq!(found.code, "es");
    }
}
