//! From the characters of a query to a [`Query`], with errors that point at the place.

use super::condition::condition;
use super::query::Meaning;
use super::query::Query;
use crate::error::{Error, Result};

/// Brackets and minus signs may be nested this deep (a guess: far more than anyone writes, far
/// less than the stack holds).
const DEEPEST: usize = 64;

const EXAMPLE: &str =
    r#"an example that works: espera "no funciona" -caro (theme:phone_wait OR nps:0..6)"#;

impl Query {
    /// Reads a query; the empty one asks for all.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Usage`] with the place and an example that works.
    pub fn parse(text: &str) -> Result<Self> {
        let mut parser = Parser {
            text: text.chars().collect(),
            at: 0,
            depth: 0,
        };
        let query = parser.sequence()?;
        match parser.peek() {
            None => Ok(query),
            Some(_) => Err(parser.wrong(parser.at, "closes a bracket that was not opened")),
        }
    }
}

struct Parser {
    text: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    /// Queries side by side, all of them asked for, up to a closing bracket or the end.
    fn sequence(&mut self) -> Result<Query> {
        let mut all = Vec::new();
        loop {
            self.skip_spaces();
            if matches!(self.peek(), None | Some(')')) {
                break;
            }
            if self.keyword("AND") {
                continue;
            }
            all.push(self.choice()?);
        }
        Ok(one_or(all, Query::All, Query::And))
    }

    /// One query, or several joined by `OR`.
    fn choice(&mut self) -> Result<Query> {
        let start = self.at;
        if self.keyword("OR") {
            return Err(self.wrong(start, "has an OR with nothing before it"));
        }
        let mut any = vec![self.single()?];
        loop {
            self.skip_spaces();
            let start = self.at;
            if !self.keyword("OR") {
                return Ok(one_or(any, Query::All, Query::Or));
            }
            self.skip_spaces();
            if matches!(self.peek(), None | Some(')')) {
                return Err(self.wrong(start, "has an OR with nothing after it"));
            }
            any.push(self.single()?);
        }
    }

    fn single(&mut self) -> Result<Query> {
        let start = self.at;
        if self.keyword("NOT") {
            self.skip_spaces();
            return self.negated(start);
        }
        match self.peek() {
            Some('-') => {
                self.at += 1;
                self.negated(start)
            }
            Some('(') => self.bracket(),
            Some(character) if closing(character).is_some() => {
                let words = self.quoted()?;
                Ok(Query::Phrase(words))
            }
            Some('~') => {
                self.at += 1;
                let word = self.run();
                if word.is_empty() {
                    return Err(self.wrong(start, "has a ~ without a word after it"));
                }
                Ok(Query::Near {
                    word,
                    meaning: Meaning::default(),
                })
            }
            _ => self.word(),
        }
    }

    fn negated(&mut self, start: usize) -> Result<Query> {
        if self
            .peek()
            .is_none_or(|next| next.is_whitespace() || next == ')')
        {
            return Err(self.wrong(
                start,
                "excludes nothing: put what to exclude right after it",
            ));
        }
        self.descend(start)?;
        let query = self.single()?;
        self.depth -= 1;
        Ok(Query::Not(Box::new(query)))
    }

    fn bracket(&mut self) -> Result<Query> {
        let start = self.at;
        self.descend(start)?;
        self.at += 1;
        let query = self.sequence()?;
        if self.peek() != Some(')') {
            return Err(self.wrong(start, "opens a bracket that is not closed"));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(query)
    }

    fn descend(&mut self, start: usize) -> Result<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong(start, "is nested too deeply"));
        }
        Ok(())
    }

    /// A word, a prefix, or a `name:value`.
    fn word(&mut self) -> Result<Query> {
        let start = self.at;
        if let Some(name) = self.name() {
            let value_at = self.at;
            let (value, quoted) = match self.peek() {
                Some(next) if closing(next).is_some() => (self.value_after_quotes()?, true),
                _ => (self.run(), false),
            };
            if value.is_empty() {
                return Err(self.wrong(value_at, &format!("has nothing after `{name}:`")));
            }
            return condition(&name, &value, quoted)
                .map(Query::Filter)
                .map_err(|what| self.wrong(value_at, &what));
        }
        let word = self.run();
        match word.find('*') {
            None => Ok(Query::Word(word)),
            Some(0) if word.len() == 1 => Ok(Query::All),
            Some(at) if at > 0 && at + 1 == word.len() => Ok(Query::Prefix(word[..at].to_owned())),
            Some(_) => Err(self.wrong(start, "has a * elsewhere than at the end of a word")),
        }
    }

    /// A quoted value, and what follows it without a space: `theme:"x":negative`.
    fn value_after_quotes(&mut self) -> Result<String> {
        let mut value = self.quoted()?;
        value.push_str(&self.run());
        Ok(value)
    }

    /// The name before a colon, if one stands here: a letter, then letters, digits, `_`, `.`, `-`.
    fn name(&mut self) -> Option<String> {
        let rest = self.text.get(self.at..)?;
        let length = rest
            .iter()
            .take_while(|one| one.is_alphanumeric() || matches!(one, '_' | '.' | '-'))
            .count();
        let starts = rest.first().is_some_and(|first| first.is_alphabetic());
        if !starts || rest.get(length) != Some(&':') {
            return None;
        }
        self.at += length + 1;
        Some(rest.iter().take(length).collect())
    }

    /// The characters up to a space, bracket or quotation mark.
    fn run(&mut self) -> String {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let word: String = rest
            .iter()
            .take_while(|one| {
                !one.is_whitespace() && !matches!(one, '(' | ')') && closing(**one).is_none()
            })
            .collect();
        self.at += word.chars().count();
        word
    }

    /// What stands between the quotation mark here and the one that closes it.
    fn quoted(&mut self) -> Result<String> {
        let start = self.at;
        let close = self.peek().and_then(closing).unwrap_or('"');
        let rest = self.text.get(start + 1..).unwrap_or_default();
        let Some(length) = rest.iter().position(|one| *one == close) else {
            return Err(self.wrong(start, "opens a quotation that is not closed"));
        };
        let words: String = rest.iter().take(length).collect();
        self.at = start + length + 2;
        if words.trim().is_empty() {
            return Err(self.wrong(start, "quotes nothing"));
        }
        Ok(words)
    }

    /// Moves past `word`, if it stands here alone.
    fn keyword(&mut self, word: &str) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = word.chars().count();
        let stands = rest.iter().take(length).copied().eq(word.chars())
            && rest
                .get(length)
                .is_none_or(|next| next.is_whitespace() || matches!(next, '(' | ')'));
        if stands {
            self.at += length;
        }
        stands
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    /// An error that shows the query and points at a character of it.
    fn wrong(&self, at: usize, what: &str) -> Error {
        let query: String = self
            .text
            .iter()
            .map(|one| if one.is_whitespace() { ' ' } else { *one })
            .collect();
        Error::usage(format!(
            "the query {what}, at character {}\n  {query}\n  {:at$}^",
            at + 1,
            ""
        ))
        .hint(EXAMPLE)
    }
}

/// The mark that closes a quotation opened by `open`.
fn closing(open: char) -> Option<char> {
    match open {
        '"' => Some('"'),
        '“' => Some('”'),
        '«' => Some('»'),
        _ => None,
    }
}

fn one_or(mut queries: Vec<Query>, none: Query, many: fn(Vec<Query>) -> Query) -> Query {
    match queries.len() {
        0 => none,
        1 => queries.pop().unwrap_or(none),
        _ => many(queries),
    }
}
