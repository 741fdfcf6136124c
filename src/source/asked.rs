//! What a question asks for: *¿Qué mejorarías?* asks for the bad, and "precio" is an answer that blames.

use super::mapping::Asked;
use crate::error::{Error, Result};
use crate::sentiment::Polarity;
use crate::text::fold;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    negative: Vec<String>,
    positive: Vec<String>,
}

impl Asked {
    /// The one called `"negative"`, `"positive"` or `"neither"`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "negative" => Some(Self::Negative),
            "positive" => Some(Self::Positive),
            "neither" => Some(Self::Neither),
            _ => None,
        }
    }

    fn polarity(self) -> Option<Polarity> {
        match self {
            Self::Negative => Some(Polarity::Negative),
            Self::Positive => Some(Polarity::Positive),
            Self::Neither => None,
        }
    }
}

/// What the column of the comments asks for, with the reason; `None` when it asks for neither.
pub(super) fn asked(said: Option<Asked>, column: &str) -> Result<Option<(Polarity, String)>> {
    if let Some(said) = said {
        return Ok(said
            .polarity()
            .map(|polarity| (polarity, "as told".to_owned())));
    }
    let questions: Questions = toml::from_str(include_str!("../../models/source/questions.toml"))
        .map_err(|error| {
        Error::model("the embedded list of questions is damaged").caused_by(error)
    })?;
    let name = format!(" {} ", words(column));
    let asks = |list: &[String]| {
        let known = list.iter().map(|one| words(one));
        known
            .filter(|one| name.contains(&format!(" {one} ")))
            .max_by_key(String::len)
    };
    // *what did you not like* holds no *what did you like*, but longer questions may hold both.
    let found = [
        (asks(&questions.negative), Polarity::Negative),
        (asks(&questions.positive), Polarity::Positive),
    ];
    let found = found
        .into_iter()
        .filter_map(|(known, polarity)| Some((known?, polarity)));
    let longest = found.max_by_key(|(known, _)| known.len());
    Ok(longest.map(|(known, polarity)| (polarity, format!("its name holds \"{known}\""))))
}

/// Folded words with one space between.
fn words(name: &str) -> String {
    let folded = fold(name);
    let words = folded
        .split(|one: char| !one.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_tell_what_they_ask_for() {
        let read = |column| asked(None, column).unwrap().map(|found| found.0);
        for column in ["¿Qué mejorarías?", "Q3 - What could we do better?", "Cons"] {
            assert_eq!(read(column), Some(Polarity::Negative), "{column}");
        }
        for column in [
            "¿Qué es lo que más te gustó?",
            "What did you like most about us?",
            "pros",
        ] {
            assert_eq!(read(column), Some(Polarity::Positive), "{column}");
        }
        for column in ["comentario", "¿Qué no te gustó?", "prospect"] {
            assert_ne!(read(column), Some(Polarity::Positive), "{column}");
        }
        assert_eq!(asked(Some(Asked::Neither), "cons").unwrap(), None);
    }
}
