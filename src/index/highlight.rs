//! Where a text answers a query: byte ranges on the text as it was written.

use super::analyzer::{Reader, Word};
use crate::lang::Lang;
use crate::record::Record;
use crate::sentiment::Polarity;
use rustc_hash::FxHashSet;
use std::ops::Range;

/// What a query asks to be marked.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    words: FxHashSet<String>,
    /// By language, in the order of [`Lang::ALL`].
    stems: [FxHashSet<String>; 2],
    prefixes: Vec<String>,
    phrases: Vec<Vec<String>>,
    themes: Vec<(String, Option<Polarity>)>,
}

impl Marks {
    pub(super) fn word(&mut self, folded: &str) {
        self.words.insert(folded.to_owned());
    }

    pub(super) fn stem(&mut self, lang: Lang, stem: &str) {
        self.stems[lang as usize].insert(stem.to_owned());
    }

    pub(super) fn prefix(&mut self, folded: &str) {
        self.prefixes.push(folded.to_owned());
    }

    pub(super) fn phrase(&mut self, folded: &[&str]) {
        self.phrases
            .push(folded.iter().map(|word| (*word).to_owned()).collect());
    }

    pub(super) fn theme(&mut self, id: &str, polarity: Option<Polarity>) {
        self.themes.push((id.to_owned(), polarity));
    }

    /// The marked bytes of a record's text: in order, apart from each other, on characters.
    pub(super) fn ranges(&self, record: &Record<'_>, reader: &mut Reader) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let lang = Lang::parse(&record.lang.code);
        let words = reader.words(&record.text);
        for (position, word) in words.iter().enumerate() {
            if self.marks_word(word, lang, reader) {
                ranges.push(word.start..word.end);
            }
            for phrase in &self.phrases {
                let found = words.get(position..position + phrase.len());
                if let Some((first, last)) =
                    found.filter(|found| reads(found, phrase)).and_then(ends)
                {
                    ranges.push(first.start..last.end);
                }
            }
        }
        for mention in &record.mentions {
            let asked = self.themes.iter().any(|(id, polarity)| {
                *id == mention.theme
                    && polarity.is_none_or(|polarity| polarity == mention.sentiment)
            });
            if asked && record.text.get(mention.start..mention.end).is_some() {
                ranges.push(mention.start..mention.end);
            }
        }
        merged(ranges)
    }

    fn marks_word(&self, word: &Word, lang: Option<Lang>, reader: &mut Reader) -> bool {
        let forms = || std::iter::once(&word.folded).chain(&word.short);
        forms().any(|form| self.words.contains(form))
            || forms().any(|form| self.prefixes.iter().any(|start| form.starts_with(start)))
            || lang.is_some_and(|lang| {
                let stems = &self.stems[lang as usize];
                !stems.is_empty()
                    && !word.lower.is_empty()
                    && stems.contains(reader.stem(lang, &word.lower))
            })
    }
}

fn reads(words: &[Word], phrase: &[String]) -> bool {
    words
        .iter()
        .zip(phrase)
        .all(|(word, asked)| word.folded == *asked || word.short.as_ref() == Some(asked))
}

/// Ranges in order, those that touch or overlap made one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn ends(words: &[Word]) -> Option<(&Word, &Word)> {
    Some((words.first()?, words.last()?))
}
