//! What the first rows of a table call its columns: one row of names, or the two or three that survey tools
//! write, with the texts of the questions.

use crate::error::{Error, Result};
use serde::Deserialize;

const HEADERS: &str = include_str!("../../models/source/headers.toml");

/// The words by which the headers of survey tools are known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Headers {
    imports: String,
    answers: Vec<String>,
    parts: Vec<String>,
}

/// The names of columns, as their file has them; they may be empty or alike.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub names: Vec<String>,
    /// The text of each column's question, where it is something else than its name.
    pub labels: Vec<Option<String>>,
    /// How many rows after the first belong to the header.
    pub more: usize,
    /// The tool whose header this is, and why, if one is known by it.
    pub tool: Option<(String, String)>,
}

/// Reads a header from the first row of a table and what stands in the two rows after it.
pub(super) fn read(first: Vec<String>, next: &[Vec<String>]) -> Result<Header> {
    let known: Headers = toml::from_str(HEADERS).map_err(|error| {
        Error::model("the embedded list of headers is damaged").caused_by(error)
    })?;
    if let [texts, imports, ..] = next
        && are_imports(imports, &known.imports)
    {
        let label = |(position, name): (usize, &String)| {
            let text = one_line(texts.get(position).map_or("", String::as_str));
            (!text.is_empty() && text != *name).then_some(text)
        };
        return Ok(Header {
            labels: first.iter().enumerate().map(label).collect(),
            names: first,
            more: 2,
            tool: Some((
                "Qualtrics".to_owned(),
                "the header has three rows: ids, questions, import ids".to_owned(),
            )),
        });
    }
    if let [answers, ..] = next
        && are_answers(&first, answers, &known)
    {
        return Ok(Header {
            labels: vec![None; first.len()],
            names: joined(&first, answers, &known.answers),
            more: 1,
            tool: Some((
                "SurveyMonkey".to_owned(),
                "the header has two rows: questions, and the parts of their answers".to_owned(),
            )),
        });
    }
    Ok(Header {
        labels: vec![None; first.len()],
        names: first,
        more: 0,
        tool: None,
    })
}

fn are_imports(row: &[String], begin: &str) -> bool {
    let filled = row.iter().filter(|cell| !cell.trim().is_empty());
    let (mut imports, mut count) = (0, 0);
    for cell in filled {
        count += 1;
        let plain: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
        imports += usize::from(plain.starts_with(begin));
    }
    imports > 0 && imports * 10 >= count * 9
}

/// True when a second row holds parts of answers: nothing under the respondents' ids and dates, and under
/// a question the word for an answer.
fn are_answers(first: &[String], row: &[String], known: &Headers) -> bool {
    let cell = |row: &[String], at: usize| row.get(at).map_or("", |cell| cell.trim()).to_owned();
    let is = |list: &[String], at: usize| {
        let found = cell(row, at);
        list.iter().any(|one| one.eq_ignore_ascii_case(&found))
    };
    let begins = !cell(first, 0).is_empty() && cell(row, 0).is_empty();
    // A question of several parts has no name above its second.
    let spread = (1..row.len()).any(|at| cell(first, at).is_empty() && !cell(row, at).is_empty());
    let answer = (1..row.len()).any(|at| is(&known.answers, at) && !cell(first, at).is_empty());
    let part = (1..row.len()).any(|at| is(&known.parts, at));
    begins && (answer || (part && spread))
}

/// The question above each part, and the part unless it says only that it is the answer.
fn joined(first: &[String], answers: &[String], plain: &[String]) -> Vec<String> {
    let mut question = String::new();
    let mut names = Vec::with_capacity(first.len());
    for (position, above) in first.iter().enumerate() {
        let part = one_line(answers.get(position).map_or("", String::as_str));
        let above = one_line(above);
        if !above.is_empty() || part.is_empty() {
            question = above;
        }
        let only = part.is_empty() || plain.iter().any(|one| one.eq_ignore_ascii_case(&part));
        names.push(if only {
            question.clone()
        } else if question.is_empty() {
            part
        } else {
            format!("{question} - {part}")
        });
    }
    names
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    #[test]
    fn three_rows_of_qualtrics() {
        let first = row(&["StartDate", "Q1", "Q2"]);
        let next = [
            row(&["Start Date", "How likely are you\nto recommend us?", "Q2"]),
            row(&[
                "{\"ImportId\":\"startDate\"}",
                "{\"ImportId\": \"QID1\"}",
                "{\"ImportId\":\"QID2_TEXT\"}",
            ]),
        ];
        let header = read(first.clone(), &next).unwrap();
        assert_eq!((header.more, header.names), (2, first.clone()));
        assert_eq!(
            header.labels[1].as_deref(),
            Some("How likely are you to recommend us?")
        );
        assert_eq!(header.labels[2], None);
        // Without the third row the second is an answer like any other.
        assert_eq!(read(first, &next[..1]).unwrap().more, 0);
    }

    #[test]
    fn two_rows_of_surveymonkey() {
        let first = row(&[
            "Respondent ID",
            "Start Date",
            "How was it?",
            "Why?",
            "Rate us",
            "",
        ]);
        let second = row(&["", "", "Response", "Open-Ended Response", "Price", "Speed"]);
        let header = read(first.clone(), std::slice::from_ref(&second)).unwrap();
        assert_eq!(
            header.names,
            [
                "Respondent ID",
                "Start Date",
                "How was it?",
                "Why?",
                "Rate us - Price",
                "Rate us - Speed"
            ]
        );
        let answers = row(&["", "2026-01-01", "Good", "It was", "5", "4"]);
        assert_eq!(read(first, &[answers]).unwrap().more, 0);
    }
}
