use super::*;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    family: Vec<Family>,
}

#[derive(Deserialize)]
struct Family {
    name: String,
    /// The column, for values of fields.
    field: Option<String>,
    /// Text, what becomes of it, why.
    #[serde(default)]
    redact: Vec<[String; 3]>,
    /// Text that stays, why.
    #[serde(default)]
    keep: Vec<[String; 2]>,
}

fn run<'t>(redactor: &Redactor, field: Option<&str>, text: &'t str) -> Redacted<'t> {
    match field {
        Some(field) => redactor.redact_value(field, text),
        None => redactor.redact(text),
    }
}

#[test]
fn rules_are_readable() {
    Rules::embedded().unwrap();
}

#[test]
fn cases() {
    let cases: Cases = toml::from_str(include_str!("../../tests/data/pii.toml")).unwrap();
    let redactor = Redactor::new();
    let mut wrong = Vec::new();
    for family in &cases.family {
        let kept = family.keep.iter().map(|[text, why]| (text, text, why));
        let redacted = family.redact.iter().map(|[text, to, why]| (text, to, why));
        for (text, expected, why) in redacted.chain(kept) {
            let found = run(&redactor, family.field.as_deref(), text).text;
            if found != *expected {
                wrong.push(format!("{} ({why}): {text:?}\n  {found:?}", family.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn marks_are_counted_by_type() {
    let redactor = Redactor::new();
    let redacted = redactor.redact("612345678, 698765432 y ana@correo.es");
    let mut counts = redacted.counts;
    assert_eq!(
        counts.iter().collect::<Vec<_>>(),
        [(Pii::Email, 1), (Pii::Phone, 2)]
    );
    counts += redacted.counts;
    assert_eq!((counts.total(), counts.of(Pii::Phone)), (6, 4));
}

#[test]
fn a_text_without_personal_data_is_not_copied() {
    let redactor = Redactor::new();
    for text in [
        "Muy bien",
        "el pedido 612345678 llegó",
        "https://x.example/",
    ] {
        assert!(matches!(redactor.redact(text).text, Cow::Borrowed(_)));
    }
}

/// Pieces that make numbers, words and addresses when they fall together.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[0-9]{1,9}",
        1 => prop::sample::select(vec![
            "12345678Z", "12345678V", "X1234567L", "12.345.678-5", "20-12345678-6", "9434765919",
            "4111 1111 1111 1111", "ES9121000418450200051332", "HEGG560427MVZRRL04",
            "ABC010203XYA", "MXN", "219-09-9999", "612345678", "+34 612 345 678", "83.45.120.17",
            "ana@correo.es", "@", "www.x.es/a?b=c", "http://", "?a=1", "AB12 CDE", "1234 BCD", "[PHONE]", "[", "]",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "tel", "pedido", "placa", "reg", "coche", "ref", "nº", "dni", "cedula", "rut", "pesos", "€", "$", "v", "y", "no",
            "el", "nhs", "ssn", "RFC", "ñ", "é", "😡", "x",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            " ", " ", " ", "-", ".", ",", "/", ":", "(", ")", "+", "\u{a0}", "\n", "", "_", " - ",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn redacting_twice_changes_nothing(text in pieces()) {
        let redactor = redactor();
        for field in [None, Some("telefono"), Some("id")] {
            let once = run(redactor, field, &text).text;
            let twice = run(redactor, field, &once);
            prop_assert_eq!(&twice.text, &once);
            prop_assert_eq!(twice.counts.total(), 0);
        }
    }

    #[test]
    fn any_text_at_all_is_read(text in any::<String>()) {
        let redactor = redactor();
        let once = redactor.redact(&text).text;
        prop_assert_eq!(&redactor.redact(&once).text, &once);
    }

    /// What is not replaced comes out as it went in, in order.
    #[test]
    fn only_marks_are_new(text in pieces()) {
        let redacted = redactor().redact(&text);
        let marks = |text: &str| -> usize {
            Pii::ALL.iter().map(|pii| text.matches(pii.mark()).count()).sum()
        };
        let new = marks(&redacted.text) - marks(&text);
        prop_assert_eq!(new as u64, redacted.counts.total());
        let mut rest = text.as_str();
        let mut kept = redacted.text.to_string();
        for pii in Pii::ALL {
            kept = kept.replace(pii.mark(), "\0");
        }
        for part in kept.split('\0') {
            let at = rest.find(part);
            prop_assert!(at.is_some(), "{part:?} is new");
            rest = &rest[at.unwrap_or(0) + part.len()..];
        }
    }
}

fn redactor() -> &'static Redactor {
    static REDACTOR: std::sync::OnceLock<Redactor> = std::sync::OnceLock::new();
    REDACTOR.get_or_init(Redactor::new)
}
