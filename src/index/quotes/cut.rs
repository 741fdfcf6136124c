//! The piece of a verbatim that is quoted: the clause of the mention with its neighbours, cut where
//! clauses begin and end.

use crate::record::Record;

/// A piece of a verbatim.
pub(super) struct Cut {
    /// Its text.
    pub(super) text: String,
    /// How well it reads, 0 to 1.
    pub(super) readable: f32,
}

/// Words that a piece grows to, where its neighbours have them.
const ENOUGH: usize = 12;
/// A verbatim of at most so many words is quoted whole.
const WHOLE: usize = 28;
/// Words of a piece at most; also the most that a reader takes in at a glance. A guess.
const LONGEST: usize = 40;
/// Fewest words that read as a sentence.
const SENTENCE: usize = 6;
/// Fewest words that say anything.
const FEWEST: usize = 3;
/// From so many words on, a piece needs a mark of punctuation to be read.
const BREATH: usize = 18;

/// A text in clauses.
struct Clauses<'t> {
    text: &'t str,
    spans: Vec<(usize, usize)>,
    /// Words of each.
    lengths: Vec<usize>,
}

impl Cut {
    /// The piece around a byte of a record's text, or from its beginning; `None` when its clause is
    /// too long to quote.
    pub(super) fn around(record: &Record<'_>, at: Option<usize>) -> Option<Self> {
        let clauses = Clauses::of(record)?;
        let last = clauses.spans.len().checked_sub(1)?;
        let (low, high) = if words(clauses.text) <= WHOLE {
            (0, last)
        } else {
            clauses.grown(at.unwrap_or(0))
        };
        let start = if low == 0 { 0 } else { clauses.spans[low].0 };
        let end = if high == last {
            clauses.text.len()
        } else {
            clauses.spans[high].1
        };
        let mut piece = tidy(clauses.text.get(start..end)?);
        let readable = readable(&piece)?;
        if high < last {
            piece.truncate(piece.trim_end_matches([' ', ',', ':', ';', '-', '(']).len());
            piece.push_str(" …");
        }
        if low > 0 {
            piece.insert_str(0, "… ");
        }
        Some(Self {
            text: piece,
            readable,
        })
    }
}

impl<'t> Clauses<'t> {
    fn of(record: &'t Record<'_>) -> Option<Self> {
        let text = &*record.text;
        let spans: Vec<(usize, usize)> = record.clauses.iter().map(|c| (c.start, c.end)).collect();
        let lengths = spans
            .iter()
            .map(|(start, end)| text.get(*start..*end).map(words));
        Some(Self {
            text,
            lengths: lengths.collect::<Option<_>>()?,
            spans,
        })
    }

    /// The first and the last clause of a piece that grows from the clause at a byte until it has
    /// [`ENOUGH`] words.
    fn grown(&self, at: usize) -> (usize, usize) {
        let mut low = self.spans.partition_point(|(start, _)| *start <= at).max(1) - 1;
        let mut high = low;
        let mut total = self.lengths[low];
        while total < ENOUGH {
            let free = |next: &usize| {
                let length = self.lengths.get(*next);
                length.is_some_and(|length| total + length <= LONGEST)
            };
            let before = low.checked_sub(1).filter(free);
            let after = Some(high + 1).filter(free);
            // What belongs to the same sentence first, and what came before ahead of what came after.
            let next = match (before, after) {
                (Some(before), Some(_)) if !self.ends_sentence(before) => before,
                (_, Some(after)) if !self.ends_sentence(high) => after,
                (Some(before), _) => before,
                (None, Some(after)) => after,
                (None, None) => break,
            };
            total += self.lengths[next];
            (low, high) = (low.min(next), high.max(next));
        }
        (low, high)
    }

    fn ends_sentence(&self, clause: usize) -> bool {
        let (start, end) = self.spans[clause];
        self.text[start..end].ends_with(['.', '!', '?', ';', '…', '\n'])
    }
}

/// A text with one blank where there are many, and no line breaks.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words of a text: pieces between blanks that have a letter or digit.
pub(super) fn words(text: &str) -> usize {
    let pieces = text.split_whitespace();
    pieces
        .filter(|piece| piece.contains(char::is_alphanumeric))
        .count()
}

/// How well a piece reads, 0 to 1; `None` for one that is too long.
fn readable(piece: &str) -> Option<f32> {
    let words = words(piece);
    if words > LONGEST {
        return None;
    }
    let letters = piece.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = piece.chars().filter(|c| c.is_uppercase()).count();
    if words < FEWEST || 2 * capitals > letters {
        return Some(0.0);
    }
    let mut readable = if words < SENTENCE { 0.5 } else { 1.0 };
    if words > WHOLE {
        readable *= 0.8;
    }
    if words >= BREATH && !piece.contains([',', '.', ';', ':', '!', '?']) {
        readable *= 0.5;
    }
    // A typed mark, a link, a handle, a row of marks.
    if piece.contains('[') || piece.contains("http") || piece.contains('@') {
        readable *= 0.5;
    }
    if ["!!!", "???", "....", ",,"]
        .iter()
        .any(|run| piece.contains(run))
    {
        readable *= 0.7;
    }
    Some(readable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Clause, Given, Language};
    use crate::sentiment::Polarity;

    /// A record whose clauses are the parts between `|`.
    fn record(parts: &str) -> Record<'static> {
        let mut clauses = Vec::new();
        let mut text = String::new();
        for part in parts.split('|') {
            let start = text.len();
            text.push_str(part);
            clauses.push(Clause {
                start,
                end: text.trim_end().len(),
                sentiment: Polarity::Negative,
            });
        }
        Record {
            id: "1".into(),
            text: text.into(),
            lang: Language {
                code: "es".into(),
                confidence: 1.0,
            },
            meaningful: true,
            sentiment: None,
            emotions: Vec::new(),
            expressed: Vec::new(),
            nev: None,
            clauses,
            mentions: Vec::new(),
            main_theme: None,
            date: None,
            customer: None,
            scores: Given::default(),
            fields: Vec::new(),
        }
    }

    fn cut(parts: &str, word: &str) -> Option<String> {
        let record = record(parts);
        let at = record.text.find(word).unwrap();
        Cut::around(&record, Some(at)).map(|cut| cut.text)
    }

    #[test]
    fn a_short_comment_is_quoted_whole() {
        let whole = "El personal amable |pero la espera eterna.";
        let text = whole.replace('|', "");
        assert_eq!(cut(whole, "espera"), Some(text));
    }

    #[test]
    fn a_long_one_is_cut_at_clauses() {
        let long = "Fui el lunes a la tienda del centro con mi hermana. |El chico que atiende fue muy amable |pero esperamos una hora en la cola de la caja. |Después llamé por teléfono y nadie me contestó en toda la tarde. |No vuelvo más.";
        assert_eq!(
            cut(long, "cola").as_deref(),
            Some(
                "… El chico que atiende fue muy amable pero esperamos una hora en la cola de la caja. …"
            )
        );
        assert_eq!(
            cut(long, "nadie").as_deref(),
            Some("… Después llamé por teléfono y nadie me contestó en toda la tarde. …")
        );
    }

    #[test]
    fn a_clause_without_end_is_not_quoted() {
        assert_eq!(cut(&"palabra ".repeat(60), "palabra"), None);
    }

    #[test]
    fn shouting_and_marks_read_badly() {
        let good = readable("La espera fue eterna, casi una hora de pie.").unwrap();
        for bad in [
            "LA ESPERA FUE ETERNA, CASI UNA HORA DE PIE.",
            "Mal.",
            "La espera fue eterna!!!! Una hora!!!! De pie!!!!",
            "Mi correo es [EMAIL] y sigo esperando la respuesta",
        ] {
            assert!(readable(bad).unwrap() < good, "{bad}");
        }
    }
}
