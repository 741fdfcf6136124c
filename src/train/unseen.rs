//! Sentiment on kinds of text never seen: each domain is read by a model that learned from the others
//! only, and calibrated on the others only.

use super::calibrate::{calibrate_sentiment, spared};
use super::examples::{Example, Examples};
use super::recipe::Recipe;
use crate::eval::Confusion;
use crate::lang::Lang;
use crate::model::sentiment;

/// What is measured on a source by models that never saw its domain.
#[derive(Clone, Debug)]
pub struct Unseen {
    pub source: usize,
    pub confusion: Confusion<3>,
    /// Per bin of confidence: texts, sum of confidences, how many were right.
    pub bins: [Bin; BINS],
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Bin {
    pub texts: u64,
    pub confidence: f64,
    pub right: u64,
}

pub const BINS: usize = 15;

/// Expected calibration error over bins of equal width (Guo et al. 2017), each source counting alike.
pub fn calibration_error(all: &[&Unseen]) -> f64 {
    let mut error = 0.0;
    for bin in 0..BINS {
        let mut gap = 0.0;
        for one in all {
            let texts: u64 = one.bins.iter().map(|bin| bin.texts).sum();
            let bin = one.bins[bin];
            gap += (bin.confidence - bin.right as f64) / texts.max(1) as f64;
        }
        error += gap.abs() / all.len().max(1) as f64;
    }
    error
}

/// Measures every source of a domain.
pub fn measure(recipe: &Recipe, examples: &Examples, read: &[(&Example, [f32; 3])]) -> Vec<Unseen> {
    let mut all = Vec::new();
    for (source, entry) in recipe.source.iter().enumerate() {
        let own: Vec<_> = read
            .iter()
            .filter(|(one, _)| one.source == source)
            .collect();
        if own.is_empty() {
            continue;
        }
        let lang = own[0].0.lang;
        let others: Vec<(&Example, [f32; 3])> = read
            .iter()
            .filter(|(one, _)| one.lang == lang && recipe.source[one.source].domain != entry.domain)
            .copied()
            .collect();
        let others = spared(&others, examples.names.len());
        let calibration = calibrate_sentiment(&others, examples.names.len());
        let mut unseen = Unseen {
            source,
            confusion: Confusion::default(),
            bins: [Bin::default(); BINS],
        };
        for (example, logits) in own {
            let Some(truth) = example.sentiment else {
                continue;
            };
            let said = sentiment(*logits, &calibration);
            unseen.confusion.count(truth as usize, said.label as usize);
            let (top, confidence) = (0..3)
                .map(|class| (class, f64::from(said.probabilities[class])))
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .unwrap_or((1, 0.0));
            let bin = &mut unseen.bins[((confidence * BINS as f64) as usize).min(BINS - 1)];
            bin.texts += 1;
            bin.confidence += confidence;
            bin.right += u64::from(top == truth as usize);
        }
        all.push(unseen);
    }
    all
}

/// A table of them, for whoever tries settings.
pub fn table(recipe: &Recipe, all: &[Unseen]) -> String {
    let mut table = String::new();
    for lang in Lang::ALL {
        let of_lang: Vec<&Unseen> = all
            .iter()
            .filter(|one| recipe.source[one.source].lang == lang)
            .collect();
        let mut sum = 0.0;
        for one in &of_lang {
            let value = one.confusion.macro_f1().unwrap_or(0.0);
            sum += value;
            table += &format!(
                "{:24} {value:.3}  ece {:.3}  n {}\n",
                recipe.source[one.source].name,
                calibration_error(&[one]),
                one.confusion.n()
            );
        }
        table += &format!(
            "{} mean {:.4}  ece {:.4}\n",
            lang.code(),
            sum / of_lang.len().max(1) as f64,
            calibration_error(&of_lang)
        );
    }
    table
}
