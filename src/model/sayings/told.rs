//! A score that a text tells: *un 9*, *2/10*, *four out of five stars*, *⭐⭐⭐*.

use crate::lang::Lang;
use crate::model::Text;
use crate::sentiment::Polarity;
use crate::text::{Kind, Token};
use serde::Deserialize;
use std::ops::Range;

/// The words of scores, folded, in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    es: Scores,
    en: Scores,
}

/// The words of scores in one language, folded.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scores {
    /// The numbers from 0 on, each with its forms.
    numbers: Vec<Vec<String>>,
    /// Stars and points.
    stars: Vec<String>,
    /// Words between a score and its scale.
    of: Vec<Vec<String>>,
    /// Words that announce a score: *nota*, *give*.
    announce: Vec<String>,
    /// Words that may follow a number that is announced: others make it a number of something.
    follow: Vec<String>,
    /// After one of these a number with stars is a grade of a thing, no score: *hotel de 4 estrellas*.
    grades: Vec<String>,
    /// What a scale is called when it is told before the score: *del 1 al 10*.
    to: Vec<String>,
}

/// Words between what announces a score and the score, at most.
const REACH: usize = 6;
/// Signs of a star.
const STARS: [&str; 4] = ["⭐", "🌟", "★", "✭"];
/// Scales that scores are told on.
const SCALES: [f64; 4] = [5.0, 10.0, 20.0, 100.0];

impl Scores {
    pub(super) fn new(file: &File, lang: Lang) -> Self {
        match lang {
            Lang::Es => file.es.clone(),
            Lang::En => file.en.clone(),
        }
    }

    /// The last score in `range` of a text: its tokens and what it says.
    pub(super) fn last(
        &self,
        text: &Text<'_>,
        range: Range<usize>,
    ) -> Option<(Range<usize>, Polarity)> {
        let tokens = &text.tokens.as_slice()[range.clone()];
        let is_told = |token: &Token| {
            matches!(token.kind, Kind::Number | Kind::Emoji)
                || STARS.contains(&text.tokens.norm(token))
                || token.is_word() && self.number(text.tokens.norm(token)).is_some()
        };
        if !tokens.iter().any(is_told) {
            return None;
        }
        let words: Vec<&str> = tokens.iter().map(|token| word(text, token)).collect();
        let (mut last, mut at) = (None, 0);
        while at < words.len() {
            let found = self.at(&words, at);
            at = found.as_ref().map_or(at, |(tokens, _)| tokens.end - 1) + 1;
            last = found.or(last);
        }
        let (tokens, says) = last?;
        Some((range.start + tokens.start..range.start + tokens.end, says))
    }

    /// The number a word stands for.
    fn number(&self, word: &str) -> Option<f64> {
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            return word.replace(',', ".").parse().ok();
        }
        let told = self.numbers.iter().position(|forms| is_one(forms, word));
        told.map(|number| number as f64)
    }

    /// The score whose number or first star is a word.
    fn at(&self, words: &[&str], at: usize) -> Option<(Range<usize>, Polarity)> {
        if STARS.contains(&words[at]) {
            let run = words[at..].iter().take_while(|word| STARS.contains(word));
            let stars = run.count();
            return (stars <= 5).then(|| (at..at + stars, side(stars as f64, 5.0)));
        }
        let number = self.number(words[at])?;
        self.none(words, at, number)
            .or_else(|| self.of_scale(words, at, number))
            .or_else(|| self.stars(words, at, number))
            .or_else(|| self.announced(words, at, number))
    }

    /// *0 %*, *zero stars*.
    fn none(&self, words: &[&str], at: usize, number: f64) -> Option<(Range<usize>, Polarity)> {
        let next = words.get(at + 1).copied()?;
        let is_none = number == 0.0 && (next == "%" || is_one(&self.stars, next));
        is_none.then_some((at..at + 2, Polarity::Negative))
    }

    /// *3/10*, *four out of five*.
    fn of_scale(&self, words: &[&str], at: usize, number: f64) -> Option<(Range<usize>, Polarity)> {
        let rest = &words[at + 1..];
        let between = self.of.iter().find(|of| {
            rest.len() > of.len() && of.iter().zip(rest).all(|(one, word)| one == word)
        })?;
        let end = at + 1 + between.len();
        let scale = self.number(words[end])?;
        let ends = words.get(end + 1).is_none_or(|next| self.may_follow(next));
        let fits = SCALES.contains(&scale) && number <= scale && ends;
        fits.then(|| (at..end + 1, side(number, scale)))
    }

    /// *five stars*, unless they are the stars of a hotel.
    fn stars(&self, words: &[&str], at: usize, number: f64) -> Option<(Range<usize>, Polarity)> {
        let graded = |word: Option<&&str>| word.is_some_and(|word| is_one(&self.grades, word));
        let end = (at + 1..words.len().min(at + 3)).find(|at| is_one(&self.stars, words[*at]))?;
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let is_score = number <= 5.0 && !graded(before) && !graded(words.get(end + 1));
        is_score.then(|| (at..end + 1, side(number, 5.0)))
    }

    /// *le doy un 9*, *on a scale of one to ten, I'd say five*.
    fn announced(
        &self,
        words: &[&str],
        at: usize,
        number: f64,
    ) -> Option<(Range<usize>, Polarity)> {
        let follows = words.get(at + 1).is_none_or(|next| self.may_follow(next));
        let before = &words[at.saturating_sub(REACH)..at];
        let announced = before
            .iter()
            .rposition(|word| is_one(&self.announce, word))?;
        let scale = self.scale_before(words, at).unwrap_or(10.0);
        let is_end = words.get(at + 1).is_some_and(|next| is_one(&self.to, next));
        let fits = follows && number <= scale && !is_end;
        fits.then(|| (at - (before.len() - announced)..at + 1, side(number, scale)))
    }

    /// The end of a scale told before: *del 1 al 5*.
    fn scale_before(&self, words: &[&str], at: usize) -> Option<f64> {
        let told = words[..at].windows(3).rev().find_map(|three| {
            let from = self.number(three[0])?;
            let to = self.number(three[2])?;
            (from <= 1.0 && is_one(&self.to, three[1])).then_some(to)
        })?;
        SCALES.contains(&told).then_some(told)
    }

    fn may_follow(&self, word: &str) -> bool {
        let is_mark = !word.starts_with(|first: char| first.is_alphanumeric());
        is_mark && word != "%" && word != "/"
            || is_one(&self.follow, word)
            || is_one(&self.stars, word)
    }
}

/// A token as scores read it: a number in digits as it stands, everything else folded.
fn word<'t>(text: &Text<'t>, token: &Token) -> &'t str {
    match token.kind {
        Kind::Number => &text.text[token.span()],
        _ => text.tokens.norm(token),
    }
}

fn is_one(list: &[String], word: &str) -> bool {
    list.iter().any(|one| one == word)
}

/// What a score says of so many points: up to .45 of the scale negative, from .65 on positive.
fn side(score: f64, scale: f64) -> Polarity {
    match score / scale {
        share if share < 0.45 => Polarity::Negative,
        share if share < 0.65 => Polarity::Neutral,
        _ => Polarity::Positive,
    }
}
