//! The rows that are held out, read by the model below and by the new one.

use crate::error::Result;
use crate::eval::{self, Classes, Labelled, Said, Set, Truth};
use crate::lang::Lang;
use crate::model::{Accuracy, Gain};
use crate::tag::Tagger;
use crate::verbatim::{Scores, Verbatim};

/// Rows held out; the languages stand beside the texts.
#[derive(Default)]
pub struct Kept {
    labelled: Part,
    scored: Part,
}

#[derive(Default)]
struct Part {
    set: Set,
    stated: Vec<Option<Lang>>,
}

impl Kept {
    pub fn add(&mut self, text: String, stated: Option<Lang>, truth: Truth, scored: bool) {
        let part = if scored {
            &mut self.scored
        } else {
            &mut self.labelled
        };
        part.set.texts.push(Labelled { text, truth });
        part.stated.push(stated);
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.labelled.stated.len() + self.scored.stated.len()
    }

    /// The accuracy of the new model, and what it gained. Where there are labels, scores do not judge.
    pub fn measure(mut self, below: &Tagger, new: &Tagger) -> Result<(Vec<Accuracy>, Vec<Gain>)> {
        let (part, truth) = if self.labelled.stated.is_empty() {
            (&mut self.scored, "scores")
        } else {
            (&mut self.labelled, "labels")
        };
        "held out".clone_into(&mut part.set.name);
        truth.clone_into(&mut part.set.sentiment_from);
        truth.clone_into(&mut part.set.emotions_from);
        let (before, after) = (part.said(below)?, part.said(new)?);
        let accuracy = eval::measure(&part.set, &after, Classes::Three);
        let gains = gains(&part.set, &before, &after, &accuracy);
        Ok((accuracy, gains))
    }
}

impl Part {
    fn said(&self, tagger: &Tagger) -> Result<Vec<Said>> {
        let texts = self.set.texts.iter().zip(&self.stated);
        let verbatims = texts.map(|(one, stated)| verbatim(&one.text, *stated));
        Ok(tagger
            .tag(verbatims.collect())?
            .iter()
            .map(Said::from)
            .collect())
    }
}

fn gains(set: &Set, before: &[Said], after: &[Said], accuracy: &[Accuracy]) -> Vec<Gain> {
    let was = eval::measure(set, before, Classes::Three);
    let differences = eval::compare(set, after, before, Classes::Three);
    let of_task = |now: &Accuracy| {
        let was = was.iter().find(|one| one.task == now.task)?;
        let difference = differences
            .iter()
            .find(|one| one.task == now.task && one.metric == "macro-F1")?;
        let label = |(name, label): (&String, &crate::model::LabelAccuracy)| {
            let was = was.labels.get(name).and_then(|one| one.f1);
            (name.clone(), [was, label.f1])
        };
        Some(Gain {
            task: now.task.clone(),
            texts: now.texts,
            before: was.figures.macro_f1,
            after: now.figures.macro_f1,
            interval: difference.interval,
            p: difference.p,
            labels: now
                .labels
                .iter()
                .filter(|(_, label)| label.support > 0)
                .map(label)
                .collect(),
        })
    };
    accuracy.iter().filter_map(of_task).collect()
}

/// A text as a file's row brings it.
pub fn verbatim(text: &str, stated: Option<Lang>) -> Verbatim {
    Verbatim {
        id: String::new(),
        text: text.to_owned(),
        stated,
        asked: None,
        day: None,
        customer: None,
        scores: Scores::default(),
        fields: Vec::new(),
    }
}
