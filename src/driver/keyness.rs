//! Which words tell one group of comments from another: detractors' words, say.
//!
//! Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, *Fightin'
//! Words*, Political Analysis 16): with y uses of a word among n words, and a
//! prior of α uses among α₀,
//!
//! ```text
//! δ = ln((y + α)/(n + α₀ - y - α)) - the same there,   var ≈ 1/(y + α) + 1/(y there + α),   z = δ/√var
//! ```

use serde::Serialize;

/// The uses of one word in two groups of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uses {
    /// Uses of the word here.
    pub here: u64,
    /// All words here.
    pub all_here: u64,
    /// Uses of the word there.
    pub there: u64,
    /// All words there.
    pub all_there: u64,
}

/// What is believed of a word before counting: α uses among α₀ words, both above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// α, imaginary uses of the word.
    pub uses: f64,
    /// α₀, imaginary words in all.
    pub all: f64,
}

/// How much more a word is used here than there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Keyness {
    /// δ: the log-odds ratio; above 0 when the word belongs here.
    pub log_odds: f64,
    /// The log-odds ratio in standard errors: what words are ranked by.
    pub z: f64,
}

impl Prior {
    /// The prior of `all` imaginary words that use the word as both groups together do; `None`
    /// when neither uses it.
    pub fn pooled(uses: &Uses, all: f64) -> Option<Self> {
        let (word, words) = (uses.here + uses.there, uses.all_here + uses.all_there);
        (word > 0 && words > 0).then(|| Self {
            uses: all * word as f64 / words as f64,
            all,
        })
    }
}

impl Keyness {
    /// The keyness of a word; `None` where the odds are undefined: a prior that is not above 0, or
    /// a group where every word is this one.
    pub fn of(uses: &Uses, prior: Prior) -> Option<Self> {
        let here = Odds::of(uses.here, uses.all_here, prior)?;
        let there = Odds::of(uses.there, uses.all_there, prior)?;
        let log_odds = libm::log(here.word / here.others) - libm::log(there.word / there.others);
        let variance = 1.0 / here.word + 1.0 / there.word;
        Some(Self {
            log_odds,
            z: log_odds / variance.sqrt(),
        })
    }
}

/// Uses of a word and of all others, the prior's added.
struct Odds {
    word: f64,
    others: f64,
}

impl Odds {
    fn of(uses: u64, all: u64, prior: Prior) -> Option<Self> {
        let word = uses as f64 + prior.uses;
        let others = all as f64 + prior.all - word;
        (word > 0.0 && others > 0.0).then_some(Self { word, others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USES: Uses = Uses {
        here: 30,
        all_here: 1_000,
        there: 10,
        all_there: 2_000,
    };

    #[test]
    fn a_case_worked_by_hand() {
        let prior = Prior {
            uses: 2.0,
            all: 500.0,
        };
        let word = Keyness::of(&USES, prior).unwrap();
        assert!((word.log_odds - 1.5084).abs() < 5e-5, "{word:?}");
        assert!((word.z - 4.4561).abs() < 5e-5, "{word:?}");
        let turned = Uses {
            here: 10,
            all_here: 2_000,
            there: 30,
            all_there: 1_000,
        };
        let back = Keyness::of(&turned, prior).unwrap();
        assert!((word.z + back.z).abs() < 1e-12);
    }

    #[test]
    fn a_word_used_alike_is_no_key() {
        let alike = Uses {
            here: 15,
            all_here: 1_000,
            there: 30,
            all_there: 2_000,
        };
        let prior = Prior::pooled(&alike, 100.0).unwrap();
        assert!((prior.uses - 1.5).abs() < 1e-12);
        let word = Keyness::of(&alike, prior).unwrap();
        assert!(word.z.abs() < 1e-9, "{word:?}");
    }

    #[test]
    fn a_rare_word_does_not_lead() {
        // Three uses here and none there: an endless ratio of counts, and little evidence.
        let rare = Uses {
            here: 3,
            there: 0,
            ..USES
        };
        let z = |uses: &Uses| {
            Keyness::of(uses, Prior::pooled(uses, 500.0).unwrap())
                .unwrap()
                .z
        };
        assert!(z(&rare) > 0.0 && z(&rare) < z(&USES));
    }

    #[test]
    fn undefined_odds() {
        let never = Uses {
            here: 0,
            there: 0,
            ..USES
        };
        assert_eq!(Prior::pooled(&never, 500.0), None);
        let none = Prior {
            uses: 0.0,
            all: 0.0,
        };
        assert_eq!(Keyness::of(&never, none), None);
        let only = Uses {
            here: 1_000,
            ..USES
        };
        assert_eq!(Keyness::of(&only, none), None);
    }
}
