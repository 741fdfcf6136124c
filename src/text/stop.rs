//! Words that carry no subject: *de*, *muy*, *the*, *just*.

use crate::error::{Error, Result};
use crate::lang::Lang;
use rustc_hash::FxHashSet;
use serde::Deserialize;

/// The words of each language that carry no subject.
#[derive(Clone, Debug)]
pub struct StopWords {
    /// In the order of [`Lang::ALL`].
    words: [FxHashSet<String>; 2],
}

#[derive(Deserialize)]
struct StopFile {
    es: String,
    en: String,
}

impl StopWords {
    /// The shipped words.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if the shipped list is damaged.
    pub fn shipped() -> Result<Self> {
        let file: StopFile = toml::from_str(include_str!("../../models/text/stopwords.toml"))
            .map_err(|error| Error::model("models/text/stopwords.toml").caused_by(error))?;
        let words = |list: String| list.split_whitespace().map(str::to_owned).collect();
        Ok(Self {
            words: [words(file.es), words(file.en)],
        })
    }

    /// True for a folded word that carries no subject in a language.
    pub fn has(&self, lang: Lang, folded: &str) -> bool {
        let words = match lang {
            Lang::Es => &self.words[0],
            Lang::En => &self.words[1],
        };
        words.contains(folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn each_is_written_folded() {
        let words = StopWords::shipped().unwrap();
        for list in &words.words {
            assert!(list.len() > 150);
            assert!(list.iter().all(|word| fold(word) == *word));
        }
        assert!(words.has(Lang::Es, "muy") && !words.has(Lang::En, "muy"));
    }
}
