//! The words of phrases, and which of them a token is.

use crate::lang::Lang;
use crate::text::{Kind, Token, Tokens, Vocabulary, fold};
use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

/// A word as the automaton reads it: the numbers under which its stem, its form and its class are known,
/// 0 where they are not, and two marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(u64);

impl Word {
    /// Stands for a word that was not met yet.
    const UNMET: Self = Self(u64::MAX);
    /// Some phrase begins with it.
    const BEGINS: u64 = 1 << 63;
    /// It may be one of the words that `*` stands for.
    const READABLE: u64 = 1 << 62;
    /// Bits of a number.
    const NUMBER: u32 = 20;

    /// A word of no phrase, which `*` may stand for.
    const ABSENT: Self = Self(Self::READABLE);

    fn new([stem, exact, class]: [u32; 3], begins: bool) -> Self {
        let mark = if begins { Self::BEGINS } else { 0 };
        let numbers = [class, exact, stem].into_iter();
        let packed = numbers.fold(0, |packed, one| packed << Self::NUMBER | u64::from(one));
        Self(mark | Self::READABLE | packed)
    }

    pub(super) fn begins(self) -> bool {
        self.0 & Self::BEGINS != 0
    }

    pub(super) fn is_readable(self) -> bool {
        self.0 & Self::READABLE != 0
    }

    /// Its symbols as a stem, as a form and as a member of a class.
    pub(super) fn symbols(self) -> [u32; 3] {
        let number = |at: u32| (self.0 >> (at * Self::NUMBER)) as u32 & ((1 << Self::NUMBER) - 1);
        [number(0), number(1), number(2)]
    }

    /// The bits of its symbols.
    pub(super) fn bits(self) -> u64 {
        self.symbols()
            .map(bit)
            .into_iter()
            .fold(0, |all, one| all | one)
    }
}

/// A bit for a symbol, shared with few others; none for an unknown word.
pub(super) fn bit(symbol: u32) -> u64 {
    u64::from(symbol != 0) << (symbol % 64)
}

/// The stems of the words of one language, by the Snowball stemmer.
pub struct Stems(Stemmer);

impl Stems {
    /// The stems of a language.
    pub fn new(lang: Lang) -> Self {
        Self(Stemmer::create(match lang {
            Lang::Es => Algorithm::Spanish,
            Lang::En => Algorithm::English,
        }))
    }

    /// The stem of a folded word.
    pub fn of(&self, norm: &str) -> String {
        self.0.stem(norm).into_owned()
    }
}

/// The words of the phrases of one language, each with its symbol: a number from 1.
pub(super) struct Words {
    stemmer: Stems,
    stems: FxHashMap<Box<str>, u32>,
    exact: FxHashMap<Box<str>, u32>,
    /// By name, then the class of a stem and of a form.
    classes: FxHashMap<Box<str>, u32>,
    class_of_stem: FxHashMap<Box<str>, u32>,
    class_of_exact: FxHashMap<Box<str>, u32>,
    /// By symbol, whether some phrase begins with it.
    begins: Vec<bool>,
    /// The [`Word`] of every word with a number, each worked out when it is first met: stemming a
    /// whole vocabulary would be most of the time that opening a model takes.
    known: Vec<AtomicU64>,
    /// What numbers written in digits are to phrases: all fold to the same.
    digits: Word,
    /// Words without a number that were met lately, names above all: they come again and again.
    /// Each has one place, by its hash, and the last to come takes it.
    lately: Vec<Remembered>,
    /// Beginnings of the stems in phrases: most words without a number are seen not to have one of
    /// them before they are stemmed.
    beginnings: FxHashSet<[u8; BEGINNING]>,
}

impl Words {
    pub(super) fn new(lang: Lang, vocabulary: &Vocabulary) -> Self {
        Self {
            stemmer: Stems::new(lang),
            stems: FxHashMap::default(),
            exact: FxHashMap::default(),
            classes: FxHashMap::default(),
            class_of_stem: FxHashMap::default(),
            class_of_exact: FxHashMap::default(),
            begins: Vec::new(),
            known: atomics(Word::UNMET.0, vocabulary.words().len()),
            digits: Word::ABSENT,
            lately: (0..REMEMBERED).map(|_| Remembered::default()).collect(),
            beginnings: FxHashSet::default(),
        }
    }

    /// Makes a word one of a class, unless it is of another.
    pub(super) fn classify(&mut self, class: &str, word: &str) {
        let next = self.symbols() as u32;
        let symbol = *self.classes.entry(class.into()).or_insert(next);
        if let Some(exact) = word.strip_prefix('=') {
            self.class_of_exact
                .entry(fold(exact).into())
                .or_insert(symbol);
        } else {
            let stem = self.stemmer.of(&fold(word));
            self.class_of_stem.entry(stem.into()).or_insert(symbol);
        }
    }

    /// The symbol of a word as phrases write it; `None` for a class without words.
    pub(super) fn symbol(&mut self, word: &str) -> Option<u32> {
        let class = word
            .strip_prefix('<')
            .and_then(|name| name.strip_suffix('>'));
        match class {
            Some(class) => self.classes.get(class).copied(),
            None => Some(self.own_symbol(word)),
        }
    }

    fn own_symbol(&mut self, word: &str) -> u32 {
        let next = self.symbols() as u32;
        if let Some(exact) = word.strip_prefix('=') {
            return *self.exact.entry(fold(exact).into()).or_insert(next);
        }
        let folded = fold(word);
        let stem = self.stemmer.of(&folded);
        *self.stems.entry(stem.into()).or_insert(next)
    }

    /// How many symbols there are, 0 among them, which stands for an unknown word.
    pub(super) fn symbols(&self) -> usize {
        self.stems.len() + self.exact.len() + self.classes.len() + 1
    }

    /// To be called when every phrase was read, with what tells whether a phrase begins with a
    /// symbol.
    pub(super) fn close(&mut self, begins: impl Fn(u32) -> bool) {
        self.begins = (0..self.symbols() as u32).map(begins).collect();
        let stems = self.stems.keys().chain(self.class_of_stem.keys());
        self.beginnings = stems.map(|stem| beginning(stem)).collect();
        self.digits = self.look_up(DIGITS);
    }

    fn look_up(&self, norm: &str) -> Word {
        let stem = self.stemmer.0.stem(norm);
        let class = self.class_of_exact.get(norm);
        let class = class.or_else(|| self.class_of_stem.get(&*stem));
        let known = [self.stems.get(&*stem), self.exact.get(norm), class];
        let symbols = known.map(|symbol| symbol.copied().unwrap_or(0));
        let begins = symbols.iter().any(|symbol| self.begins[*symbol as usize]);
        Word::new(symbols, begins)
    }

    /// The word that a token is.
    #[inline]
    pub(super) fn read(&self, tokens: &Tokens, token: &Token) -> Word {
        let number = token.word().unwrap_or(u32::MAX);
        let Some(known) = self.known.get(number as usize) else {
            return self.unnumbered(tokens, token);
        };
        match Word(known.load(Ordering::Relaxed)) {
            Word::UNMET => self.meet(tokens.norm(token), known),
            word => word,
        }
    }

    /// A word with a number, met for the first time. A second thread that meets it meanwhile finds
    /// the same.
    #[cold]
    fn meet(&self, norm: &str, known: &AtomicU64) -> Word {
        let word = self.look_up(norm);
        known.store(word.0, Ordering::Relaxed);
        word
    }

    /// A token without a number in the vocabulary.
    #[inline(never)]
    fn unnumbered(&self, tokens: &Tokens, token: &Token) -> Word {
        match token.kind {
            Kind::Word | Kind::Hashtag | Kind::Emoji => {}
            Kind::Number => return self.digits,
            _ => return Word::default(),
        }
        let norm = tokens.norm(token);
        // Of a million million pairs of words not one has the same hash of 64 bits.
        let hash = FxBuildHasher.hash_one(norm);
        let remembered = &self.lately[hash as usize % REMEMBERED];
        if let Some(word) = remembered.get(hash) {
            return word;
        }
        let word = if self.may_stand(norm) {
            self.look_up(norm)
        } else {
            Word::ABSENT
        };
        remembered.set(hash, word);
        word
    }

    /// False for most words that stand in no phrase.
    fn may_stand(&self, norm: &str) -> bool {
        let begins_as_one = |length: usize| {
            norm.is_char_boundary(length) && self.beginnings.contains(&beginning(&norm[..length]))
        };
        (1..=BEGINNING).any(begins_as_one)
            || self.exact.contains_key(norm)
            || self.class_of_exact.contains_key(norm)
            || !norm.is_ascii()
    }

    /// How many words of the vocabulary were met.
    #[cfg(test)]
    pub(super) fn met(&self) -> usize {
        let met = |known: &&AtomicU64| Word(known.load(Ordering::Relaxed)) != Word::UNMET;
        self.known.iter().filter(met).count()
    }
}

/// Words without a number that are remembered: 64 KiB.
const REMEMBERED: usize = 4096;

/// The hash of a word, masked by what the word is to phrases, and that. Two threads that write at
/// once may leave halves of two words: they fit no hash, so that nothing wrong is ever read.
#[derive(Default)]
struct Remembered {
    masked: AtomicU64,
    word: AtomicU64,
}

impl Remembered {
    fn get(&self, hash: u64) -> Option<Word> {
        let word = self.word.load(Ordering::Relaxed);
        let fits = self.masked.load(Ordering::Relaxed) ^ word == hash;
        // Nothing is remembered as 0.
        (fits && word != 0).then_some(Word(word))
    }

    fn set(&self, hash: u64, word: Word) {
        self.masked.store(hash ^ word.0, Ordering::Relaxed);
        self.word.store(word.0, Ordering::Relaxed);
    }
}

/// The folded form of every number written in digits.
const DIGITS: &str = "0";

fn atomics(value: u64, count: usize) -> Vec<AtomicU64> {
    (0..count).map(|_| AtomicU64::new(value)).collect()
}

/// Bytes at the beginning of a word that stemming leaves alone, but for a last y that becomes i.
const BEGINNING: usize = 4;

/// The first bytes of a stem or word, with y as i.
fn beginning(stem: &str) -> [u8; BEGINNING] {
    let mut bytes = [0; BEGINNING];
    for (to, from) in bytes.iter_mut().zip(stem.bytes()) {
        *to = if from == b'y' { b'i' } else { from };
    }
    bytes
}
