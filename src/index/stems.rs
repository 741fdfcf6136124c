//! Stems, remembered: nearly every word of a comment has been stemmed before.

use crate::lang::Lang;
use rustc_hash::FxHashMap;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

/// Words whose stems are remembered by one writing thread; the 10,000 commonest cover nearly
/// every token of a comment.
const REMEMBERED: usize = 50_000;

/// The stems of a language, remembered.
#[derive(Clone)]
pub(super) struct Stems {
    stemmer: TextAnalyzer,
    known: FxHashMap<Box<str>, Box<str>>,
    last: String,
}

impl Stems {
    pub(super) fn new(lang: Lang) -> Self {
        let language = match lang {
            Lang::Es => Language::Spanish,
            Lang::En => Language::English,
        };
        let stemmer = TextAnalyzer::builder(RawTokenizer::default())
            .filter(Stemmer::new(language))
            .build();
        Self {
            stemmer,
            known: FxHashMap::default(),
            last: String::new(),
        }
    }

    /// The stem of a lower-cased word.
    pub(super) fn stem(&mut self, lower: &str) -> &str {
        if !self.known.contains_key(lower) {
            let mut stream = self.stemmer.token_stream(lower);
            let stem = match stream.next() {
                Some(token) => token.text.as_str(),
                None => lower,
            };
            if self.known.len() >= REMEMBERED {
                self.last.clear();
                self.last.push_str(stem);
                return &self.last;
            }
            let stem = stem.into();
            drop(stream);
            self.known.insert(lower.into(), stem);
        }
        self.known.get(lower).map_or("", |stem| stem)
    }
}
