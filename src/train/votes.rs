//! Votes for the Net Emotional Value on held-out texts, true against said: what `nev.adjusted`
//! corrects by.
//!
//! Sources count by the number of their texts, so that a matrix is of whole counts and its size says
//! how well it is known. Counted alike, the few texts of a small source would be multiplied. On texts
//! of a source that was left out, neither way was nearer to the truth in both languages.

use super::calibrate::each_held_out;
use super::examples::{Example, Examples};
use crate::emotion::{Emotion, Emotions, Side};
use crate::error::Result;
use crate::lang::Lang;
use crate::measure::Vote;
use crate::model::{Classifier, Linear, Reading};
use crate::nev::{self, Confusion};
use crate::sentiment::Polarity;
use crate::text::Tokenizer;
use std::collections::BTreeMap;

/// A source that leaves one of these unlabelled says too little of the vote of its texts.
const LABELLED: [Emotion; 5] = [
    Emotion::Joy,
    Emotion::Anger,
    Emotion::Sadness,
    Emotion::Fear,
    Emotion::Surprise,
];

/// A held-out text whose true vote is known, and the vote that the model gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its language.
    pub lang: Lang,
    /// Its source, as in [`Example::source`].
    pub source: usize,
    /// The vote that follows from its labels.
    pub truth: Vote,
    /// The vote that follows from the reading.
    pub said: Vote,
}

impl Seen {
    /// What is known of a text and its reading; `None` where its labels do not tell its vote.
    pub fn of(example: &Example, reading: &Reading) -> Option<Self> {
        Some(Self {
            lang: example.lang,
            source: example.source,
            truth: truth(example)?,
            said: nev::vote(&reading.emotions, reading.sentiment?.label),
        })
    }
}

/// Reads every held-out text whose vote is known. Both halves of them: a threshold is one number, so
/// the half it was chosen on is read no better for it.
pub fn see(examples: &Examples, model: &Linear, tokenizer: &Tokenizer) -> Result<Vec<Seen>> {
    let mut seen = Vec::new();
    each_held_out(examples, tokenizer, |example, text| {
        if truth(example).is_some() {
            let readings = model.classify(&[text])?;
            seen.extend(readings.iter().filter_map(|one| Seen::of(example, one)));
        }
        Ok(())
    })?;
    Ok(seen)
}

/// The matrix of each language, by its code.
pub fn count(seen: &[Seen]) -> BTreeMap<String, Confusion> {
    let mut votes: BTreeMap<String, Confusion> = BTreeMap::new();
    for Seen {
        lang, truth, said, ..
    } in seen
    {
        let confusion = votes.entry(lang.code().to_owned()).or_default();
        confusion.count(*truth, *said);
    }
    votes
}

/// The vote that a text's labels give it, by the rule of [`nev::vote`]. An emotion of either side
/// follows the sentiment; where a text shows no other and its sentiment is not labelled, its vote is
/// not known.
fn truth(example: &Example) -> Option<Vote> {
    let mut emotions = Emotions::new();
    for (emotion, shown) in Emotion::ALL.into_iter().zip(example.emotions) {
        if let Some(shown) = shown {
            emotions.set(emotion, f32::from(u8::from(shown)), shown);
        } else if LABELLED.contains(&emotion) {
            return None;
        }
    }
    let mut expressed = emotions.expressed().peekable();
    let emotional = expressed.peek().is_some();
    let sided = expressed.any(|emotion| emotion.side() != Side::Either);
    // Beside an emotion of one side, one of either side follows it, or has none.
    let unlabelled = (sided || !emotional).then_some(Polarity::Neutral);
    Some(nev::vote(&emotions, example.sentiment.or(unlabelled)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::examples::Split;

    fn example(shown: &[Emotion], labelled: &[Emotion], sentiment: Option<Polarity>) -> Example {
        Example {
            text: String::new(),
            lang: Lang::Es,
            source: 0,
            split: Split::Report,
            sentiment,
            emotions: Emotion::ALL.map(|emotion| {
                labelled
                    .contains(&emotion)
                    .then(|| shown.contains(&emotion))
            }),
            taught: None,
        }
    }

    #[test]
    fn a_true_vote_follows_from_the_labels() {
        use Emotion::{Anger, Joy, Surprise};
        let cases: [(&[Emotion], Option<Polarity>, Option<Vote>); 8] = [
            (&[Joy], None, Some(Vote::Plus)),
            (&[Anger], None, Some(Vote::Minus)),
            (&[], None, Some(Vote::Zero)),
            (&[Joy, Anger], None, Some(Vote::Zero)),
            (&[Joy, Surprise], None, Some(Vote::Plus)),
            (&[Surprise], None, None),
            (&[Surprise], Some(Polarity::Negative), Some(Vote::Minus)),
            (&[Surprise], Some(Polarity::Neutral), Some(Vote::Zero)),
        ];
        for (shown, sentiment, expected) in cases {
            let all = example(shown, &Emotion::ALL, sentiment);
            assert_eq!(truth(&all), expected, "{shown:?} {sentiment:?}");
            let enough = example(shown, &LABELLED, sentiment);
            assert_eq!(truth(&enough), expected, "{shown:?} {sentiment:?}");
            let too_few = example(shown, &LABELLED[1..], sentiment);
            assert_eq!(truth(&too_few), None);
        }
    }

    #[test]
    fn true_against_said_by_language() {
        let mut emotions = Emotions::new();
        emotions.set(Emotion::Sadness, 0.9, true);
        let reading = Reading {
            sentiment: Some(crate::sentiment::Sentiment {
                label: Polarity::Negative,
                probabilities: [0.8, 0.1, 0.1],
            }),
            emotions,
            clauses: Vec::new(),
        };
        let joyful = example(&[Emotion::Joy], &LABELLED, None);
        let seen = Seen::of(&joyful, &reading).unwrap();
        assert_eq!((seen.truth, seen.said), (Vote::Plus, Vote::Minus));
        assert_eq!(Seen::of(&joyful, &Reading::default()), None);
        let unknown = example(&[Emotion::Surprise], &LABELLED, None);
        assert_eq!(Seen::of(&unknown, &reading), None);
        let votes = count(&[seen, seen]);
        assert_eq!(votes.len(), 1);
        assert_eq!(votes["es"].counts(), &[[0, 0, 0], [0, 0, 0], [2, 0, 0]]);
    }
}
