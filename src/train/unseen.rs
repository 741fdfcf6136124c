//! Sentiment on kinds of text never seen: each domain is read by a model that learned from the others
//! only, and calibrated on the others only.

use super::calibrate::{calibrate_sentiment, spared};
use super::examples::{Example, Examples};
use super::recipe::Recipe;
use crate::eval::{Bins, Confusion};
use crate::lang::Lang;
use crate::model::{Unseen, sentiment};

/// A held-out example and its logits by a model that never saw its domain.
pub type Read<'e> = (&'e Example, [f32; 3]);

/// What was counted on one source.
struct Counted {
    lang: Lang,
    confusion: Confusion<3>,
    bins: Bins,
}

/// Measures every source of a domain, and those of a language together.
pub fn measure(recipe: &Recipe, examples: &Examples, read: &[Read<'_>]) -> Vec<Unseen> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        let of_lang: Vec<Read<'_>> = read
            .iter()
            .filter(|(one, _)| one.lang == lang)
            .copied()
            .collect();
        let counted: Vec<(usize, Counted)> = (0..recipe.source.len())
            .filter_map(|source| Some((source, count(recipe, examples, &of_lang, source)?)))
            .collect();
        all.extend(
            counted
                .iter()
                .map(|(source, one)| one.figure(&recipe.source[*source].name)),
        );
        all.extend(together(lang, &counted));
    }
    all
}

fn count(
    recipe: &Recipe,
    examples: &Examples,
    read: &[Read<'_>],
    source: usize,
) -> Option<Counted> {
    let own: Vec<&Read<'_>> = read
        .iter()
        .filter(|(one, _)| one.source == source)
        .collect();
    let (first, _) = own.first()?;
    let domain = &recipe.source[source].domain;
    let others = read
        .iter()
        .filter(|(one, _)| recipe.source[one.source].domain != *domain);
    let others = spared(&others.copied().collect::<Vec<_>>(), examples.names.len());
    let calibration = calibrate_sentiment(&others, examples.names.len());
    let mut counted = Counted {
        lang: first.lang,
        confusion: Confusion::default(),
        bins: Bins::default(),
    };
    for (example, logits) in own {
        let Some(truth) = example.sentiment else {
            continue;
        };
        let said = sentiment(*logits, &calibration);
        counted.confusion.count(truth as usize, said.label as usize);
        let mut likeliest = 0;
        for class in 1..3 {
            if said.probabilities[class] > said.probabilities[likeliest] {
                likeliest = class;
            }
        }
        counted
            .bins
            .count(said.probabilities[likeliest], likeliest == truth as usize);
    }
    Some(counted)
}

impl Counted {
    fn figure(&self, set: &str) -> Unseen {
        Unseen {
            set: set.to_owned(),
            lang: self.lang.code().to_owned(),
            texts: self.confusion.n(),
            macro_f1: rounded(self.confusion.macro_f1().unwrap_or(0.0)),
            ece: rounded(self.bins.ece().unwrap_or(0.0)),
        }
    }
}

/// The sets of a language together, each counting alike.
fn together(lang: Lang, counted: &[(usize, Counted)]) -> Option<Unseen> {
    let sets = counted.len() as f64;
    let mean = counted
        .iter()
        .filter_map(|(_, one)| one.confusion.macro_f1())
        .sum::<f64>()
        / sets;
    let bins: Vec<&Bins> = counted.iter().map(|(_, one)| &one.bins).collect();
    (sets > 0.0).then(|| Unseen {
        set: "all".to_owned(),
        lang: lang.code().to_owned(),
        texts: counted.iter().map(|(_, one)| one.confusion.n()).sum(),
        macro_f1: rounded(mean),
        ece: rounded(Bins::ece_of_sets(&bins).unwrap_or(0.0)),
    })
}

fn rounded(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}
