//! The cause a customer gives: *no vuelvo* **porque tardan una hora**, *due to* **the delay**.
//!
//! The words after a marker up to the end of its clause. Markers and what makes them none are
//! `models/text/causes.toml`.

mod page;

use super::{ClauseSplitter, Tokenizer, Vocabulary};
use crate::error::{Error, Result};
use crate::lang::Lang;
use page::Page;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::ops::Range;
use std::sync::Arc;

/// A cause in a text; all spans are bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The words that give the cause, without marker and closing punctuation.
    pub span: Range<usize>,
    /// The marker: *porque*, *due to*.
    pub marker: Range<usize>,
    /// The sentence it stands in: what is caused stands here too.
    pub sentence: Range<usize>,
}

/// Finds the causes that texts give.
#[derive(Clone, Debug)]
pub struct Causes {
    tokenizer: Tokenizer,
    splitter: ClauseSplitter,
    /// By language and first word, the longest first.
    markers: [FxHashMap<String, Vec<Marker>>; 2],
    lists: Lists,
}

/// Words of a cause at most; a sentence without punctuation may go on for ever. A guess.
const MOST_WORDS: usize = 30;
/// Words of a cause among which [`Marker::within`] is looked for.
const FIRST_WORDS: usize = 4;

#[derive(Deserialize)]
struct CauseFile {
    empty: FxHashSet<String>,
    stops: Vec<String>,
    tails: FxHashSet<String>,
    quantity: FxHashSet<String>,
    time: FxHashSet<String>,
    es: Vec<Written>,
    en: Vec<Written>,
}

/// A marker as the file has it.
#[derive(Deserialize)]
struct Written {
    words: String,
    #[serde(flatten)]
    guards: Guards,
}

/// What makes a marker none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a line of the file of markers"
)]
struct Guards {
    not_before: FxHashSet<String>,
    not_after: FxHashSet<String>,
    within: FxHashSet<String>,
    earlier: FxHashSet<String>,
    time: bool,
    number: bool,
    question: bool,
    inside: bool,
}

#[derive(Clone, Debug)]
struct Marker {
    words: Vec<String>,
    /// How many of the words stand before the cause; the others belong to it.
    before: usize,
    guards: Guards,
}

#[derive(Clone, Debug)]
struct Lists {
    empty: FxHashSet<String>,
    stops: Vec<Vec<String>>,
    tails: FxHashSet<String>,
    quantity: FxHashSet<String>,
    time: FxHashSet<String>,
}

impl Causes {
    /// The shipped markers.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped list is damaged.
    pub fn shipped() -> Result<Self> {
        let file: CauseFile = toml::from_str(include_str!("../../models/text/causes.toml"))
            .map_err(|error| Error::model("models/text/causes.toml").caused_by(error))?;
        let vocabulary = Arc::new(Vocabulary::default());
        Ok(Self {
            splitter: ClauseSplitter::shipped(&vocabulary)?,
            tokenizer: Tokenizer::new(vocabulary),
            markers: [compiled(file.es), compiled(file.en)],
            lists: Lists {
                empty: file.empty,
                stops: file.stops.iter().map(|stop| split(stop)).collect(),
                tails: file.tails,
                quantity: file.quantity,
                time: file.time,
            },
        })
    }

    /// The markers of a language as they are written, folded, in alphabetical order: a comment
    /// without any of them gives no cause.
    pub fn markers(&self, lang: Lang) -> Vec<String> {
        let all = self.markers[lang as usize].values().flatten();
        let mut words: Vec<String> = all.map(|marker| marker.words.join(" ")).collect();
        words.sort_unstable();
        words
    }

    /// The causes that a text in `lang` gives, in order; they do not overlap.
    pub fn find(&self, text: &str, lang: Lang) -> Vec<Cause> {
        let tokens = self.tokenizer.tokenize(text);
        let mut clauses = Vec::new();
        self.splitter.split(&tokens, &mut clauses);
        let page = Page {
            text,
            tokens: &tokens,
            clauses,
        };
        let mut causes = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let marker = self.marker_at(&page, at, lang);
            let cause = marker.and_then(|marker| self.cause(&page, at, marker, lang));
            at = match (marker, cause) {
                (Some(marker), Some(cause)) => {
                    causes.push(cause);
                    at + marker.before
                }
                _ => at + 1,
            };
        }
        causes
    }

    /// The longest marker that stands at a token.
    fn marker_at(&self, page: &Page<'_>, at: usize, lang: Lang) -> Option<&Marker> {
        let markers = self.markers[lang as usize].get(page.norm(at))?;
        markers.iter().find(|marker| page.says(at, &marker.words))
    }

    fn cause(&self, page: &Page<'_>, at: usize, marker: &Marker, lang: Lang) -> Option<Cause> {
        let sentence = page.sentence(at);
        let start = at + marker.before;
        let is_first = page.words(sentence.start..at) == 0;
        let end = self.end(page, start, &sentence, is_first, lang);
        let (start, end) = page.trimmed(start..end, &self.lists.tails)?;
        if self.is_empty(page, start..end)
            || self.is_spoilt(page, at, &sentence, start..end, &marker.guards)
        {
            return None;
        }
        Some(Cause {
            span: page.bytes(start..end),
            marker: page.bytes(at..at + marker.before),
            sentence: page.bytes(sentence),
        })
    }

    /// The token at which the cause that begins at `start` is over.
    fn end(
        &self,
        page: &Page<'_>,
        start: usize,
        sentence: &Range<usize>,
        is_first: bool,
        lang: Lang,
    ) -> usize {
        let mut words = 0;
        for at in start..sentence.end {
            let token = &page.tokens.as_slice()[at];
            let said = words > 0;
            // *Debido a la demora, cancelé*: the comma closes what opened the sentence.
            let comma = is_first && page.norm(at) == ",";
            let next = said
                && (page.opens_clause(at)
                    || page.norm(at) == "("
                    || self.lists.stops.iter().any(|stop| page.says(at, stop))
                    || self.marker_at(page, at, lang).is_some());
            if next || (said && comma) || words == MOST_WORDS {
                return at;
            }
            words += usize::from(token.is_word());
        }
        sentence.end
    }

    fn is_empty(&self, page: &Page<'_>, cause: Range<usize>) -> bool {
        let words = cause.filter(|at| page.tokens.as_slice()[*at].is_word());
        words
            .into_iter()
            .all(|at| self.lists.empty.contains(page.norm(at)))
    }

    fn is_spoilt(
        &self,
        page: &Page<'_>,
        at: usize,
        sentence: &Range<usize>,
        cause: Range<usize>,
        guards: &Guards,
    ) -> bool {
        let first = page.norm(cause.start);
        let before = (sentence.start..at).next_back().map(|at| page.norm(at));
        let earlier =
            |list: &FxHashSet<String>| (sentence.start..at).any(|at| list.contains(page.norm(at)));
        let within = || {
            let words = cause.clone().take(FIRST_WORDS);
            words
                .into_iter()
                .any(|at| guards.within.contains(page.norm(at)))
        };
        guards.not_before.contains(first)
            || before.is_some_and(|before| guards.not_after.contains(before))
            || within()
            || earlier(&guards.earlier)
            || (guards.number && page.is_number(cause.start))
            || (guards.time && self.is_time(page, cause.clone()))
            || (guards.question && page.asks(at, sentence))
            || (guards.inside && !page.says_more(at, sentence, cause.end))
    }

    /// True for *20 años*, *casi un mes*, *last Monday*; not for *esperar 20 minutos*.
    fn is_time(&self, page: &Page<'_>, cause: Range<usize>) -> bool {
        let mut rest = cause
            .skip_while(|at| page.is_number(*at) || self.lists.quantity.contains(page.norm(*at)));
        rest.next()
            .is_none_or(|at| self.lists.time.contains(page.norm(at)))
    }
}

fn compiled(written: Vec<Written>) -> FxHashMap<String, Vec<Marker>> {
    let mut markers: FxHashMap<String, Vec<Marker>> = FxHashMap::default();
    for one in written {
        let before = one
            .words
            .split('|')
            .next()
            .map_or(0, |part| split(part).len());
        let words = split(&one.words.replace('|', " "));
        let Some(first) = words.first().cloned() else {
            continue;
        };
        markers.entry(first).or_default().push(Marker {
            words,
            before,
            guards: one.guards,
        });
    }
    for alike in markers.values_mut() {
        alike.sort_by_key(|marker| std::cmp::Reverse(marker.words.len()));
    }
    markers
}

fn split(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Cases {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        lang: Lang,
        text: String,
        causes: Vec<String>,
        why: String,
    }

    #[test]
    fn causes_are_those_of_the_table() {
        let causes = Causes::shipped().unwrap();
        let cases: Cases = toml::from_str(include_str!("../../tests/data/causes.toml")).unwrap();
        assert!(cases.case.len() > 60);
        let mut wrong = Vec::new();
        for case in cases.case {
            let found = causes.find(&case.text, case.lang);
            let found: Vec<&str> = found
                .iter()
                .map(|cause| &case.text[cause.span.clone()])
                .collect();
            if found != case.causes {
                wrong.push(format!("{} ({}): {found:?}", case.text, case.why));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn any_text_is_read() {
        let causes = Causes::shipped().unwrap();
        for text in [
            "",
            "porque",
            "porque?",
            "¿",
            "since",
            "tras",
            "gracias a",
            "because because because",
        ] {
            for lang in Lang::ALL {
                assert!(causes.find(text, lang).len() <= 2, "{text}");
            }
        }
    }
}
