//! What happens to ids.

use super::*;
use crate::theme::Taxonomy;

fn entry(id: &str, status: Status) -> CatalogTheme {
    CatalogTheme {
        id: id.to_owned(),
        status,
        driver: "own".to_owned(),
        es: format!("{id} es"),
        en: format!("{id} en"),
        into: None,
        size: Some(7),
        share: Some(0.1),
        cohesion: Some(0.5),
        typical: vec!["a".to_owned()],
        phrases_es: vec![format!("frase {id}")],
        phrases_en: Vec::new(),
        query: None,
        near: None,
        like: Vec::new(),
    }
}

fn catalog() -> Catalog {
    Catalog {
        space: None,
        drivers: vec![CatalogDriver {
            id: "own".to_owned(),
            area: Area::Product,
            es: "Propio".to_owned(),
            en: "Own".to_owned(),
        }],
        themes: ["a1", "b2", "c3"]
            .map(|id| entry(id, Status::Candidate))
            .into(),
    }
}

fn ids(taxonomy: &Taxonomy) -> Vec<&str> {
    taxonomy
        .themes
        .iter()
        .map(|theme| theme.id.as_str())
        .collect()
}

#[test]
fn what_is_written_is_read_back() {
    let catalog = catalog();
    assert_eq!(
        Catalog::parse(&catalog.to_toml().unwrap()).unwrap(),
        catalog
    );
    assert!(Catalog::parse("version = 9").is_err());
    let twice = catalog
        .to_toml()
        .unwrap()
        .replace("id = \"b2\"", "id = \"a1\"");
    assert!(
        Catalog::parse(&twice)
            .unwrap_err()
            .to_string()
            .contains("a1")
    );
}

#[test]
fn only_what_was_accepted_tags() {
    let shipped = Taxonomy::shipped().unwrap();
    let mut catalog = catalog();
    let before = shipped.themes.len();
    assert_eq!(catalog.over(shipped.clone()).unwrap().themes.len(), before);
    catalog.accept(&["b2".to_owned()]).unwrap();
    catalog.reject(&["c3".to_owned()], &shipped).unwrap();
    let taxonomy = catalog.over(shipped.clone()).unwrap();
    assert_eq!(taxonomy.themes.len(), before + 1);
    assert!(ids(&taxonomy).contains(&"b2"));
    let all = catalog.over_with_candidates(shipped.clone()).unwrap();
    assert_eq!(all.themes.len(), before + 2, "a1 waits, c3 is rejected");
    assert!(catalog.accept(&["nobody".to_owned()]).is_err());
}

#[test]
fn a_shipped_theme_can_be_renamed_rejected_and_merged() {
    let shipped = Taxonomy::shipped().unwrap();
    let [from, into] = [shipped.themes[0].id.clone(), shipped.themes[1].id.clone()];
    let mut catalog = catalog();
    catalog
        .rename(&into, Some("Otro nombre"), None, &shipped)
        .unwrap();
    catalog.merge(&from, &into, &shipped).unwrap();
    let taxonomy = catalog.over(shipped.clone()).unwrap();
    let at = usize::from(taxonomy.theme(&into).unwrap());
    assert_eq!(taxonomy.themes[at].es, "Otro nombre");
    assert_eq!(taxonomy.themes[at].en, shipped.themes[1].en);
    assert!(taxonomy.theme(&from).is_none());
    let taken = &shipped.themes[0].phrases(crate::lang::Lang::Es)[0];
    assert!(
        taxonomy.themes[at]
            .phrases(crate::lang::Lang::Es)
            .contains(taken)
    );
    assert!(
        catalog.accept(std::slice::from_ref(&from)).is_err(),
        "it went into another"
    );
    assert!(catalog.merge(&into, &into, &shipped).is_err());
}

#[test]
fn an_id_is_never_given_twice() {
    let shipped = Taxonomy::shipped().unwrap();
    let mut catalog = catalog();
    catalog.reject(&["a1".to_owned()], &shipped).unwrap();
    assert_eq!(catalog.free_id("A1", &shipped), "a1_2");
    let known = shipped.themes[0].id.clone();
    assert_ne!(catalog.free_id(&known, &shipped), known);
    assert!(
        catalog
            .save(entry("a1", Status::Accepted), &shipped)
            .is_err()
    );
    let mut saved = entry("late", Status::Accepted);
    saved.driver = "nowhere".to_owned();
    assert!(catalog.save(saved, &shipped).is_err());
}

#[test]
fn personal_data_are_taken_out_of_all_that_was_made_of_comments() {
    let redactor = crate::pii::Redactor::new();
    let mut catalog = catalog();
    assert_eq!(catalog.redact(&redactor), 0);
    let theme = &mut catalog.themes[0];
    theme.es = "Correos a ana@correo.example".to_owned();
    theme.typical = vec!["ana@correo.example".to_owned(), "b".to_owned()];
    theme.phrases_es.push("ana@correo.example".to_owned());
    theme.query = Some("queja ana@correo.example".to_owned());
    assert_eq!(catalog.redact(&redactor), 4);
    assert!(!catalog.to_toml().unwrap().contains("correo.example"));
    let theme = &catalog.themes[0];
    assert_eq!(theme.query.as_deref(), Some("queja EMAIL"));
    assert_eq!(theme.phrases_es, ["frase a1"]);
    assert!(theme.typical[0].starts_with("[EMAIL]-"));
}
