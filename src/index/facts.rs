//! The facts of a verbatim in one 64-bit number: its vote for every measure, whether it says
//! something, and the emotions it expresses. One column answers most of what is counted.
//!
//! | bits | meaning |
//! |---|---|
//! | 0–9 | two for each of [`Measure::ALL`]: 0 no vote, 1 against, 2 in between, 3 in favour |
//! | 10 | meaningful |
//! | 11 | expresses an emotion |
//! | 12–13 | the language it was analysed in: 0 none, or an index of before this was kept; 1 and 2 for [`Lang::ALL`] |
//! | 16–30 | one for each of [`Emotion::ALL`], expressed or not |

use crate::emotion::Emotion;
use crate::lang::Lang;
use crate::measure::{Measure, Vote};
use crate::sentiment::Polarity;
use crate::tag::Tagged;
use crate::verbatim::{Band, Scales};

const MEANINGFUL: u64 = 1 << 10;
const EMOTIONAL: u64 = 1 << 11;
const LANG_FROM: u32 = 12;
const EMOTIONS_FROM: u32 = 16;

/// The facts of one verbatim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts(pub(super) u64);

impl Facts {
    pub(super) fn of(tagged: &Tagged, scales: Scales) -> Self {
        let mut bits = 0;
        for measure in Measure::ALL {
            bits |= code(tagged.vote(measure, &scales)) << (2 * measure.index());
        }
        if tagged.meaningful {
            bits |= MEANINGFUL;
        }
        if let Some(lang) = tagged.analysed {
            bits |= (lang as u64 + 1) << LANG_FROM;
        }
        for emotion in tagged.emotions.expressed() {
            bits |= EMOTIONAL | 1 << (EMOTIONS_FROM + emotion as u32);
        }
        Self(bits)
    }

    pub(super) fn vote(self, measure: Measure) -> Option<Vote> {
        match self.0 >> (2 * measure.index()) & 3 {
            1 => Some(Vote::Minus),
            2 => Some(Vote::Zero),
            3 => Some(Vote::Plus),
            _ => None,
        }
    }

    pub(super) fn is_meaningful(self) -> bool {
        self.0 & MEANINGFUL != 0
    }

    /// True when it says something in a language that is read: only such verbatims can name a theme.
    pub(super) fn is_analysed(self) -> bool {
        self.is_meaningful() && self.vote(Measure::Sentiment).is_some()
    }

    /// The language it was analysed in; `None` in an index of before this was kept.
    pub(super) fn lang(self) -> Option<Lang> {
        let number = (self.0 >> LANG_FROM & 3).checked_sub(1)?;
        Lang::ALL.get(number as usize).copied()
    }

    pub(super) fn is_emotional(self) -> bool {
        self.0 & EMOTIONAL != 0
    }

    pub(super) fn expresses(self, emotion: Emotion) -> bool {
        self.0 & (1 << (EMOTIONS_FROM + emotion as u32)) != 0
    }

    /// The NPS vote is the band, and the other way round.
    pub(super) fn band(self) -> Option<Band> {
        self.vote(Measure::Nps).map(|vote| match vote {
            Vote::Minus => Band::Detractor,
            Vote::Zero => Band::Passive,
            Vote::Plus => Band::Promoter,
        })
    }

    /// The vote for `sentiment.net` is the label, and the other way round.
    pub(super) fn sentiment(self) -> Option<Polarity> {
        self.vote(Measure::Sentiment).map(|vote| match vote {
            Vote::Minus => Polarity::Negative,
            Vote::Zero => Polarity::Neutral,
            Vote::Plus => Polarity::Positive,
        })
    }
}

fn code(vote: Option<Vote>) -> u64 {
    match vote {
        None => 0,
        Some(Vote::Minus) => 1,
        Some(Vote::Zero) => 2,
        Some(Vote::Plus) => 3,
    }
}

/// A theme by its number in the manifest together with the polarity it is named with, as one
/// number: theme · 4 + polarity.
pub(super) fn mention_code(theme: u32, polarity: Polarity) -> u64 {
    u64::from(theme) * 4 + polarity as u64
}

/// The theme number and polarity of a [`mention_code`].
pub(super) fn mention_of(code: u64) -> Option<(u32, Polarity)> {
    let polarity = *Polarity::ALL.get((code & 3) as usize)?;
    Some((u32::try_from(code >> 2).ok()?, polarity))
}

/// The order of verbatims that are equal otherwise.
pub(super) fn key_of(id: &str) -> u64 {
    crate::chance::hash(id.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vote_comes_back() {
        for (shift, measure) in Measure::ALL.into_iter().enumerate() {
            for vote in [None, Some(Vote::Minus), Some(Vote::Zero), Some(Vote::Plus)] {
                let facts = Facts(code(vote) << (2 * shift) | MEANINGFUL);
                assert_eq!(facts.vote(measure), vote);
                assert!(facts.is_meaningful() && !facts.is_emotional());
            }
        }
    }

    #[test]
    fn the_language_comes_back() {
        assert_eq!(Facts(MEANINGFUL | EMOTIONAL).lang(), None);
        for lang in Lang::ALL {
            let facts = Facts((lang as u64 + 1) << LANG_FROM);
            assert_eq!(facts.lang(), Some(lang));
            assert!(!facts.is_emotional() && !facts.expresses(Emotion::Joy));
        }
    }

    #[test]
    fn mentions_come_back() {
        for polarity in Polarity::ALL {
            assert_eq!(
                mention_of(mention_code(700, polarity)),
                Some((700, polarity))
            );
        }
        assert_eq!(mention_of(3), None);
    }

    /// Pinned: another hash would change the order of hits between versions.
    #[test]
    fn the_key_of_an_id_is_pinned() {
        assert_eq!(key_of(""), 0xefd0_1f60_ba99_2926);
    }
}
