//! Net Emotional Value: which emotions prevail, for one verbatim and for a group.
//!
//! After Shaw, *The DNA of Customer Experience* (2007), with the emotions that text shows. `nev`
//! counts every meaningful verbatim, `nev.emotional` only those that express an emotion; both are
//! a [`crate::tally::Tally`] of the votes given here.

mod adjusted;
mod confusion;

pub use adjusted::{Adjusted, Correction};
pub use confusion::Confusion;

use crate::emotion::{Emotion, Emotions, Side};
use crate::measure::Vote;
use crate::sentiment::Polarity;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// The side on which an emotion counts in a text of this polarity: +1, -1, or 0 for none.
fn side(emotion: Emotion, polarity: Polarity) -> Vote {
    match emotion.side() {
        Side::Positive => Vote::Plus,
        Side::Negative => Vote::Minus,
        Side::Either => polarity.vote(),
    }
}

/// The vote of a verbatim: +1 when all emotions it expresses are positive, -1 when all are
/// negative, 0 when they are mixed or none is expressed.
///
/// Surprise and confusion take the side of the text's polarity; in a neutral text they have none.
pub fn vote(emotions: &Emotions, polarity: Polarity) -> Vote {
    let (mut positive, mut negative) = (false, false);
    for emotion in emotions.expressed() {
        match side(emotion, polarity) {
            Vote::Plus => positive = true,
            Vote::Minus => negative = true,
            Vote::Zero => {}
        }
    }
    match (positive, negative) {
        (true, false) => Vote::Plus,
        (false, true) => Vote::Minus,
        _ => Vote::Zero,
    }
}

/// True when any emotion is expressed, so that the verbatim counts for `nev.emotional`.
pub fn is_emotional(emotions: &Emotions) -> bool {
    emotions.expressed().next().is_some()
}

/// The intensity balance of a verbatim, -1 to 1: mean intensity of the positive emotions it
/// expresses minus mean intensity of the negative ones; a side without emotions counts 0. `None`
/// when no emotion is expressed.
///
/// The intensity of an emotion is its probability until models give one.
pub fn intensity_balance(emotions: &Emotions, polarity: Polarity) -> Option<f64> {
    let mean = |wanted: Vote| {
        let (mut sum, mut count) = (0.0, 0.0);
        for emotion in emotions.expressed() {
            if side(emotion, polarity) == wanted {
                sum += f64::from(emotions.probability(emotion).unwrap_or(0.0));
                count += 1.0;
            }
        }
        if count > 0.0 { sum / count } else { 0.0 }
    };
    is_emotional(emotions).then(|| mean(Vote::Plus) - mean(Vote::Minus))
}

/// The mean intensity balance of a group: `nev.mean`.
///
/// Kept in whole millionths, so that parts add up to the same bits in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mean {
    millionths: i64,
    n: u64,
}

impl Mean {
    /// Counts the balance of one verbatim, -1 to 1.
    pub fn count(&mut self, balance: f64) {
        self.millionths += (balance * 1e6).round() as i64;
        self.n += 1;
    }

    /// How many verbatims.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The mean, -1 to 1; `None` without verbatims.
    pub fn value(&self) -> Option<f64> {
        (self.n > 0).then(|| self.millionths as f64 / 1e6 / self.n as f64)
    }
}

impl AddAssign for Mean {
    fn add_assign(&mut self, other: Self) {
        self.millionths += other.millionths;
        self.n += other.n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expressing(emotions: &[Emotion]) -> Emotions {
        let mut read = Emotions::new();
        for emotion in Emotion::ALL {
            read.set(emotion, 0.1, false);
        }
        for emotion in emotions {
            read.set(*emotion, 0.8, true);
        }
        read
    }

    #[test]
    fn a_vote_is_the_side_of_what_is_expressed() {
        use Emotion::{Anger, Confusion, Gratitude, Hurried, Joy, Surprise};
        use Polarity::{Negative, Neutral, Positive};
        let cases: [(&[Emotion], Polarity, Vote); 9] = [
            (&[Joy, Gratitude], Negative, Vote::Plus),
            (&[Hurried], Positive, Vote::Minus),
            (&[Joy, Anger], Negative, Vote::Zero),
            (&[], Negative, Vote::Zero),
            (&[Surprise], Positive, Vote::Plus),
            (&[Surprise], Negative, Vote::Minus),
            (&[Confusion], Neutral, Vote::Zero),
            (&[Surprise, Anger], Positive, Vote::Zero),
            (&[Surprise, Anger], Neutral, Vote::Minus),
        ];
        for (emotions, polarity, expected) in cases {
            let found = vote(&expressing(emotions), polarity);
            assert_eq!(found, expected, "{emotions:?} {polarity:?}");
            assert_eq!(is_emotional(&expressing(emotions)), !emotions.is_empty());
        }
    }

    #[test]
    fn balance_is_absent_without_emotion_and_not_zero() {
        let balance = |emotions: &[Emotion]| {
            intensity_balance(&expressing(emotions), Polarity::Neutral)
                .map(|balance| (balance * 10.0).round() / 10.0)
        };
        assert_eq!(balance(&[]), None);
        assert_eq!(balance(&[Emotion::Joy, Emotion::Trust]), Some(0.8));
        assert_eq!(balance(&[Emotion::Fear]), Some(-0.8));
        assert_eq!(balance(&[Emotion::Joy, Emotion::Fear]), Some(0.0));
        assert_eq!(balance(&[Emotion::Surprise]), Some(0.0));
    }

    #[test]
    fn means_add_in_any_order() {
        let balances = [0.1, -0.7, 0.333_333, 0.9, -0.2, 1.0 / 3.0];
        let mut whole = Mean::default();
        for balance in balances {
            whole.count(balance);
        }
        let mut parts = Mean::default();
        for balance in balances.iter().rev() {
            let mut part = Mean::default();
            part.count(*balance);
            parts += part;
        }
        assert_eq!(whole, parts);
        assert_eq!(whole.n(), 6);
        assert!((whole.value().unwrap() - 0.127_778).abs() < 1e-6);
        assert_eq!(Mean::default().value(), None);
    }
}
