//! Folding: lower case, accents off, ñ stays. *Atención* and *atencion* are one, *año* is not *ano*.

use std::borrow::Cow;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text in Unicode normal form C; borrowed when it already is.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// `text` in lower case and without accents, ñ kept; the typographic apostrophe becomes `'`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends the folded `text` to `folded`.
pub fn fold_into(text: &str, folded: &mut String) {
    if text.is_ascii() {
        let from = folded.len();
        folded.push_str(text);
        folded[from..].make_ascii_lowercase();
    } else {
        text.chars()
            .for_each(|character| fold_char(character, folded));
    }
}

fn fold_char(character: char, folded: &mut String) {
    match character {
        'a'..='z' => folded.push(character),
        'A'..='Z' => folded.push(character.to_ascii_lowercase()),
        'á' | 'Á' | 'à' | 'À' | 'ä' | 'Ä' | 'â' | 'Â' | 'ã' | 'Ã' => folded.push('a'),
        'é' | 'É' | 'è' | 'È' | 'ë' | 'Ë' | 'ê' | 'Ê' => folded.push('e'),
        'í' | 'Í' | 'ì' | 'Ì' | 'ï' | 'Ï' | 'î' | 'Î' => folded.push('i'),
        'ó' | 'Ó' | 'ò' | 'Ò' | 'ö' | 'Ö' | 'ô' | 'Ô' | 'õ' | 'Õ' => folded.push('o'),
        'ú' | 'Ú' | 'ù' | 'Ù' | 'ü' | 'Ü' | 'û' | 'Û' => folded.push('u'),
        'ñ' | 'Ñ' => folded.push('ñ'),
        '\u{2019}' | '\u{2018}' => folded.push('\''),
        _ if character.is_ascii() => folded.push(character),
        _ => character.to_lowercase().for_each(|lower| {
            decompose_canonical(lower, |part| {
                if !is_combining_mark(part) {
                    folded.push(part);
                }
            });
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_go_and_n_with_tilde_stays() {
        assert_eq!(fold("ATENCIÓN Año pingüino Çà"), "atencion año pinguino ca");
        assert_eq!(fold("don’t"), "don't");
    }

    #[test]
    fn composes_before_anything_else() {
        assert_eq!(nfc("an\u{303}o"), "año");
        assert!(matches!(nfc("año"), Cow::Borrowed(_)));
    }
}
