//! From text to terms: folded words for what is written, stems for what is meant.
//!
//! The folded field keeps every word without accents (*Atención* is `atencion`), the stemmed
//! fields lower the case only, because the stemmers read accents. A query asks both.

use super::stems::Stems;
use crate::lang::Lang;
use crate::text::{Kind, Token as Piece, Tokenizer as Cutter, Tokens, Vocabulary, fold, fold_into};
use std::sync::Arc;
use tantivy::tokenizer::{RawTokenizer, Token, TokenStream, Tokenizer, TokenizerManager};

/// Name of the analyzer of `text`.
pub(super) const FOLDED: &str = "text";
/// Name of the analyzer of `labels`.
pub(super) const LABEL: &str = "label";
/// Values of fields are compared and grouped by their first bytes, at most this many (a guess:
/// longer ones are open answers, of which no two are equal).
pub(super) const LABEL_BYTES: usize = 200;

/// Every analyzer of the schema, by name.
pub(super) fn analyzers() -> TokenizerManager {
    let manager = TokenizerManager::new();
    manager.register("raw", RawTokenizer::default());
    // Never used, but tantivy asks for it on behalf of fields that are not text.
    manager.register("default", RawTokenizer::default());
    manager.register(LABEL, Label::default());
    manager.register(FOLDED, Words::new(Form::Folded));
    for (lang, name) in Lang::ALL.into_iter().zip(["text_es", "text_en"]) {
        manager.register(name, Words::new(Form::Stem(Stems::new(lang))));
    }
    manager
}

/// A value of a field as it is compared: folded, without spaces around, cut to length.
pub(super) fn label(value: &str) -> String {
    fold(cut(value.trim()))
}

/// The first [`LABEL_BYTES`] of a value, cut at a character.
pub(super) fn cut(value: &str) -> &str {
    let mut end = value.len().min(LABEL_BYTES);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}

/// A word of a text as it is searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// First byte in the text.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// The folded form; of *goooood* the one with two letters.
    pub(super) folded: String,
    /// The other folded form of a word with long letters: *god*, *muy*.
    pub(super) short: Option<String>,
    /// The lower-cased form that stemmers read; empty where nothing is stemmed.
    pub(super) lower: String,
}

/// Reads texts word by word, for queries and highlights.
pub(super) struct Reader {
    cutter: Cutter,
    tokens: Tokens,
    stems: [Stems; 2],
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            cutter: cutter(),
            tokens: Tokens::new(),
            stems: Lang::ALL.map(Stems::new),
        }
    }

    /// The words of `text` in order.
    pub(super) fn words(&mut self, text: &str) -> Vec<Word> {
        self.cutter.read(text, &mut self.tokens);
        let mut words = Vec::new();
        for piece in self.tokens.as_slice().iter().filter(|piece| is_term(piece)) {
            let mut word = Word {
                start: piece.start as usize,
                end: piece.end as usize,
                folded: String::new(),
                short: None,
                lower: String::new(),
            };
            fold_into(letters(piece, text), &mut word.folded);
            if piece.elongated {
                word.short = Some(self.tokens.norm(piece).to_owned());
                word.folded = doubled(&word.folded);
            }
            if piece.is_word() {
                word.lower = letters(piece, text).to_lowercase();
            }
            words.push(word);
        }
        words
    }

    /// The stem of a lower-cased word.
    pub(super) fn stem(&mut self, lang: Lang, lower: &str) -> &str {
        self.stems[lang as usize].stem(lower)
    }
}

fn cutter() -> Cutter {
    Cutter::new(Arc::new(Vocabulary::default()))
}

/// True for tokens that can be searched: all but punctuation.
fn is_term(piece: &Piece) -> bool {
    piece.kind != Kind::Punctuation
}

/// The characters of a token that count: `#app` is *app*.
fn letters<'t>(piece: &Piece, text: &'t str) -> &'t str {
    let surface = &text[piece.span()];
    match piece.kind {
        Kind::Hashtag => surface.strip_prefix('#').unwrap_or(surface),
        _ => surface,
    }
}

/// `word` with runs of three and more of a letter cut to two.
fn doubled(word: &str) -> String {
    let mut short = String::with_capacity(word.len());
    let mut before = [None; 2];
    for letter in word.chars() {
        if before != [Some(letter); 2] {
            short.push(letter);
        }
        before = [before[1], Some(letter)];
    }
    short
}

#[derive(Clone)]
enum Form {
    Folded,
    Stem(Stems),
}

/// The tokenizer of a text field.
#[derive(Clone)]
struct Words {
    cutter: Cutter,
    tokens: Tokens,
    form: Form,
    lower: String,
    token: Token,
}

impl Words {
    fn new(form: Form) -> Self {
        Self {
            cutter: cutter(),
            tokens: Tokens::new(),
            form,
            lower: String::new(),
            token: Token::default(),
        }
    }
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.cutter.read(text, &mut self.tokens);
        self.token.reset();
        WordStream {
            words: self,
            text,
            next: 0,
            again: false,
        }
    }
}

/// The terms of one text.
struct WordStream<'a> {
    words: &'a mut Words,
    text: &'a str,
    next: usize,
    /// The last token was a word with long letters; its short form comes at the same position.
    again: bool,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Words {
            tokens,
            form,
            lower,
            token,
            ..
        } = &mut *self.words;
        if self.again {
            self.again = false;
            let piece = &tokens.as_slice()[self.next - 1];
            token.text.clear();
            token.text.push_str(tokens.norm(piece));
            return true;
        }
        while let Some(piece) = tokens.as_slice().get(self.next) {
            self.next += 1;
            if !is_term(piece) {
                continue;
            }
            token.text.clear();
            match form {
                Form::Folded => {
                    fold_into(letters(piece, self.text), &mut token.text);
                    if piece.elongated {
                        token.text = doubled(&token.text);
                        self.again = token.text != tokens.norm(piece);
                    }
                }
                Form::Stem(_) if !piece.is_word() => continue,
                Form::Stem(stems) => {
                    lower_into(letters(piece, self.text), lower);
                    token.text.push_str(stems.stem(lower));
                }
            }
            token.offset_from = piece.start as usize;
            token.offset_to = piece.end as usize;
            token.position = token.position.wrapping_add(1);
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        &self.words.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.words.token
    }
}

fn lower_into(word: &str, lower: &mut String) {
    lower.clear();
    if word.is_ascii() {
        lower.push_str(word);
        lower.make_ascii_lowercase();
    } else {
        lower.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// The tokenizer of fields' values: one folded term.
#[derive(Clone, Default)]
struct Label {
    token: Token,
}

impl Tokenizer for Label {
    type TokenStream<'a> = LabelStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LabelStream<'a> {
        self.token.reset();
        self.token.position = 0;
        self.token.offset_to = text.len();
        fold_into(cut(text.trim()), &mut self.token.text);
        LabelStream {
            token: &mut self.token,
            read: false,
        }
    }
}

struct LabelStream<'a> {
    token: &'a mut Token,
    read: bool,
}

impl TokenStream for LabelStream<'_> {
    fn advance(&mut self) -> bool {
        !std::mem::replace(&mut self.read, true)
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(analyzer: &str, text: &str) -> Vec<(usize, String)> {
        let mut analyzer = analyzers().get(analyzer).unwrap();
        let mut stream = analyzer.token_stream(text);
        let mut terms = Vec::new();
        while let Some(token) = stream.next() {
            terms.push((token.position, token.text.clone()));
        }
        terms
    }

    fn words(analyzer: &str, text: &str) -> Vec<String> {
        terms(analyzer, text)
            .into_iter()
            .map(|(_, text)| text)
            .collect()
    }

    #[test]
    fn folding_keeps_the_n_with_tilde() {
        assert_eq!(
            words(FOLDED, "¡Atención, AÑO 2024! 😡"),
            ["atencion", "año", "2024", "😡"]
        );
    }

    #[test]
    fn a_long_word_has_two_forms_in_one_place() {
        let found = terms(FOLDED, "muuuy goooood");
        let found: Vec<_> = found.iter().map(|(at, text)| (*at, &**text)).collect();
        assert_eq!(found, [(0, "muuy"), (0, "muy"), (1, "good"), (1, "god")]);
    }

    #[test]
    fn stems_meet() {
        assert_eq!(words("text_es", "demoraron"), words("text_es", "Demora"));
        assert_eq!(words("text_en", "waiting"), words("text_en", "WAITED"));
        assert_ne!(words("text_es", "año"), words("text_es", "ano"));
    }

    #[test]
    fn the_reader_says_what_the_analyzers_index() {
        let text = "Muuuy mala #Atención: 3,5 días… [EMAIL] don’t";
        let mut reader = Reader::new();
        let mut folded = Vec::new();
        let mut stems = Vec::new();
        for word in reader.words(text) {
            folded.push(word.folded.clone());
            folded.extend(word.short.clone());
            if !word.lower.is_empty() {
                stems.push(reader.stem(Lang::Es, &word.lower).to_owned());
            }
        }
        assert_eq!(folded, words(FOLDED, text));
        assert_eq!(stems, words("text_es", text));
    }

    #[test]
    fn labels_are_one_folded_term() {
        assert_eq!(words(LABEL, " Región Norte "), ["region norte"]);
        assert_eq!(label(&"ñ".repeat(300)).len(), LABEL_BYTES);
    }
}
