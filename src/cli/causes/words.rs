//! The words that tell a group's texts from those of others, each language apart.

use crate::driver::false_discovery;
use crate::driver::keyness::{Keyness, Prior, Uses};
use crate::error::Result;
use crate::index::Hit;
use crate::lang::Lang;
use crate::normal;
use crate::tally::HIDDEN_BELOW;
use crate::text::{Kind, StopWords, Tokenizer, Tokens, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Imaginary words of the prior: a few texts' worth, so that three uses do not lead. A guess.
const PRIOR: f64 = 500.0;
/// Words shown of each language.
const MOST: usize = 6;

/// A word that belongs to a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Its language.
    pub lang: Lang,
    /// As it is written most often, in lower case.
    pub form: String,
    /// Texts of the group's sample that have it.
    pub n: u64,
    /// Log-odds ratio in standard errors.
    pub z: f64,
}

/// Counts words of texts.
pub struct Counter {
    tokenizer: Tokenizer,
    stop: StopWords,
}

/// The words of some texts in one language.
#[derive(Default)]
struct Counts {
    /// By folded word: texts that have it, and how it is written.
    words: BTreeMap<String, (u64, BTreeMap<String, u64>)>,
    all: u64,
}

impl Counter {
    pub fn shipped() -> Result<Self> {
        Ok(Self {
            tokenizer: Tokenizer::new(Arc::new(Vocabulary::default())),
            stop: StopWords::shipped()?,
        })
    }

    /// The words of `here` that `there` does not use as much, surest first, Spanish before English.
    pub fn words(&self, here: &[Hit], there: &[Hit]) -> Vec<Word> {
        let each = Lang::ALL.into_iter();
        let each = each
            .flat_map(|lang| key_words(lang, &self.count(here, lang), &self.count(there, lang)));
        each.collect()
    }

    /// A text counts once for each of its words: one who repeats a word is no crowd.
    fn count(&self, hits: &[Hit], lang: Lang) -> Counts {
        let mut counts = Counts::default();
        let mut tokens = Tokens::new();
        for hit in hits {
            let record = &hit.record;
            if Lang::parse(&record.lang.code) != Some(lang) {
                continue;
            }
            self.tokenizer.read(&record.text, &mut tokens);
            let mut seen = BTreeSet::new();
            for token in tokens
                .as_slice()
                .iter()
                .filter(|token| token.kind == Kind::Word)
            {
                let norm = tokens.norm(token);
                if norm.chars().count() < 3 || self.stop.has(lang, norm) || !seen.insert(norm) {
                    continue;
                }
                let written = record.text[token.span()].to_lowercase();
                let entry = counts.words.entry(norm.to_owned()).or_default();
                entry.0 += 1;
                *entry.1.entry(written).or_default() += 1;
                counts.all += 1;
            }
        }
        counts
    }
}

fn key_words(lang: Lang, here: &Counts, there: &Counts) -> Vec<Word> {
    let candidates = here.words.iter().filter(|(_, (n, _))| *n >= HIDDEN_BELOW);
    let scored = candidates.filter_map(|(norm, (n, written))| {
        let uses = Uses {
            here: *n,
            all_here: here.all,
            there: there.words.get(norm).map_or(0, |(n, _)| *n),
            all_there: there.all,
        };
        let keyness = Keyness::of(&uses, Prior::pooled(&uses, PRIOR)?)?;
        // Of forms written as often the first in the alphabet.
        let most = written
            .iter()
            .max_by_key(|(form, n)| (**n, std::cmp::Reverse(*form)))?;
        let (form, n, z) = (most.0.clone(), *n, keyness.z);
        Some(Word { lang, form, n, z })
    });
    let scored: Vec<Word> = scored.collect();
    let p: Vec<Option<f64>> = scored
        .iter()
        .map(|one| Some(normal::two_sided(one.z)))
        .collect();
    let tested = scored.into_iter().zip(false_discovery::adjust(&p));
    let kept =
        tested.filter(|(one, q)| one.z > 0.0 && q.is_some_and(|q| q <= false_discovery::ACCEPTED));
    let mut kept: Vec<Word> = kept.map(|(one, _)| one).collect();
    kept.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.form.cmp(&b.form)));
    kept.truncate(MOST);
    kept
}
