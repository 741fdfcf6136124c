//! Exports of known tools, and rows with several comments.

use super::*;
use crate::sentiment::Polarity;
use std::fmt::Write;

#[derive(Deserialize)]
struct Exports {
    case: Vec<Export>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    tool: String,
    file: String,
    #[serde(default)]
    utf16: bool,
    roles: BTreeMap<String, String>,
    first: Vec<String>,
    question: Option<String>,
    #[serde(default)]
    fields: Vec<String>,
}

/// A verbatim in one line: id, day, scores and the beginning of its text.
fn line(verbatim: &Verbatim, like: &str) -> String {
    let id = match like.strip_prefix('*') {
        // Ids made of a fingerprint.
        Some(rest) => {
            let slug = rest.split(' ').next().unwrap_or_default();
            assert!(verbatim.id.ends_with(slug), "{}", verbatim.id);
            format!("*{slug}")
        }
        None => verbatim.id.clone(),
    };
    let mut line = format!("{id} {}", verbatim.day.unwrap());
    if let Some(nps) = verbatim.scores.nps {
        let _ = write!(line, " nps {nps}");
    }
    if let Some(csat) = verbatim.scores.csat {
        let _ = write!(line, " csat {csat}");
    }
    line += " ";
    let room = like.chars().count() - line.chars().count();
    line.extend(verbatim.text.chars().take(room));
    line
}

#[test]
fn exports_of_known_tools() {
    let cases: Exports = toml::from_str(include_str!("../../../tests/data/exports.toml")).unwrap();
    for case in cases.case {
        let text = case.file.trim_start();
        let bytes = if case.utf16 {
            let text = format!("\u{feff}{text}");
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else {
            text.as_bytes().to_vec()
        };
        let (plan, rows, _) = read(&bytes, &Mapping::default())
            .unwrap_or_else(|error| panic!("{}: {error} ({:?})", case.tool, error.advice()));
        let export = plan.decisions.iter().find(|one| one.about == "export");
        assert_eq!(export.map(|one| &one.value), Some(&case.tool));
        let roles: BTreeMap<String, String> = plan
            .columns
            .iter()
            .filter(|column| !matches!(column.role, Role::Field | Role::Ignored))
            .map(|column| (column.name.to_string(), column.role.name().to_owned()))
            .collect();
        assert_eq!(roles, case.roles, "{}", case.tool);
        assert_eq!(rejects(&rows), [], "{}", case.tool);
        let first: Vec<String> = rows
            .iter()
            .zip(&case.first)
            .map(|(row, like)| line(verbatim(row), like))
            .collect();
        assert_eq!(first, case.first, "{}", case.tool);
        let fields = &verbatim(&rows[0]).fields;
        for name in &case.fields {
            assert!(
                fields.iter().any(|field| *field.0 == **name),
                "{}: {name}",
                case.tool
            );
        }
        if let Some(question) = case.question {
            let asked = fields.iter().find(|field| &*field.0 == "question");
            assert_eq!(asked.map(|field| &field.1), Some(&Value::Text(question)));
        }
    }
}

fn texts(names: &[&str]) -> Mapping {
    Mapping {
        text: Some(names.iter().map(|&name| name.to_owned()).collect()),
        ..Mapping::default()
    }
}

#[test]
fn each_column_of_comments_is_a_verbatim() {
    let file = "id,¿Qué te gustó?,\"¿Qué, mejorarías?\",canal,nps\n\
        1,El precio,La espera,app,9\n2,,La app,web,3\n3,,,web,7\n4,Todo,,web,99\n";
    let (plan, rows, _) = read(
        file.as_bytes(),
        &texts(&["¿Qué te gustó?", "¿Qué, mejorarías?"]),
    )
    .unwrap();
    let ids: Vec<&str> = rows
        .iter()
        .filter(|row| !matches!(row, Row::Reject(_)))
        .map(|row| verbatim(row).id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "1#que_te_gusto",
            "1#que_mejorarias",
            "2#que_mejorarias",
            "3"
        ]
    );
    assert!(matches!(rows[0], Row::Verbatim(_)) && matches!(rows[1], Row::Also(_)));
    assert_eq!(rejects(&rows), [(5, Some("nps"), "out-of-range")]);
    let (first, second, last) = (verbatim(&rows[0]), verbatim(&rows[1]), verbatim(&rows[3]));
    assert_eq!(
        (
            first.text.as_str(),
            second.text.as_str(),
            last.text.as_str()
        ),
        ("El precio", "La espera", "")
    );
    assert_eq!(
        (first.scores.nps, second.scores.nps, last.scores.nps),
        (Some(9), Some(9), Some(7))
    );
    assert_eq!(
        (first.asked, second.asked, last.asked),
        (Some(Polarity::Positive), Some(Polarity::Negative), None)
    );
    let of = |verbatim: &Verbatim, name: &str| {
        let mut fields = verbatim.fields.iter();
        fields
            .find(|field| &*field.0 == name)
            .map(|field| field.1.clone())
    };
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    assert_eq!(of(second, "question"), text("¿Qué, mejorarías?"));
    assert_eq!(
        (of(second, "canal"), of(last, "question")),
        (text("app"), None)
    );
    assert!(
        plan.decisions
            .iter()
            .any(|one| one.about == "comments" && one.value == "2 columns")
    );
    // One name for both, and one column alone, whose ids stay as they are.
    let file = "id,a,b\n1,x,y\n";
    let both = read(file.as_bytes(), &texts(&["a, b"])).unwrap().1;
    assert_eq!(verbatim(&both[1]).id, "1#b");
    assert_eq!(
        verbatim(&read(file.as_bytes(), &texts(&["a"])).unwrap().1[0]).id,
        "1"
    );
}

#[test]
fn other_files_are_asked_which_column_it_is() {
    let file = "id,at first,what else,nps\n1,They never answered my calls,It took far too long to arrive,3\n\
        2,Everything was as I had hoped,Nothing to add to that really,9\n";
    let error = read(file.as_bytes(), &Mapping::default()).unwrap_err();
    assert!(
        error.advice().unwrap_or_default().contains("--text"),
        "{error}"
    );
}
