//! `voz models`: the shelf of added models. Transformers have their own file.

use crate::program::{Desk, SAMPLE, Told};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/fast");

/// Runs `voz` with a shelf of its own.
fn voz(desk: &Desk, line: &str) -> Told {
    desk.shell(&format!("VOZ_MODELS=shelf \"$VOZ\" {line}"))
}

#[test]
fn an_added_model_reads_as_the_folder_it_came_from() {
    let desk = Desk::new();
    voz(&desk, &format!("models add '{SHIPPED}' --as mine")).done();
    let by_name = voz(&desk, &format!("tag '{SAMPLE}' --model mine")).done();
    let shipped = voz(&desk, &format!("tag '{SAMPLE}'")).done();
    assert_eq!(by_name.stdout, shipped.stdout);
    let by_variable = desk.shell(&format!(
        "VOZ_MODELS=shelf VOZ_MODEL=mine \"$VOZ\" tag '{SAMPLE}'"
    ));
    assert_eq!(by_variable.done().stdout, shipped.stdout);
    let listed = voz(&desk, "models list --format jsonl").done().objects();
    assert_eq!(listed[0]["model"], "fast");
    // Between the two, a program with transformers has one of its own.
    let mine = listed.last().unwrap();
    assert_eq!(mine["model"], "mine");
    assert_ne!(
        listed[0]["version"], mine["version"],
        "the version of an added model is that of its files"
    );
}

#[test]
fn a_model_whose_files_change_is_found_out() {
    let desk = Desk::new();
    voz(&desk, &format!("models add '{SHIPPED}' --as mine")).done();
    let told = voz(&desk, "models verify mine").done();
    assert!(told.stderr.contains("whole"), "{told}");
    desk.put("shelf/mine/rules.toml", "");
    std::fs::remove_file(desk.path("shelf/mine/weights.bin")).unwrap();
    let told = voz(&desk, "models verify mine").ended(4);
    assert!(told.stderr.contains("rules.toml changed"), "{told}");
    assert!(told.stderr.contains("weights.bin missing"), "{told}");
    assert!(
        told.stderr.contains("voz models add DIR --as mine"),
        "{told}"
    );
    voz(&desk, "models remove mine").done();
    assert!(!desk.has("shelf/mine"));
    voz(&desk, "models remove mine").ended(4);
}

#[test]
fn adding_again_replaces_and_a_failure_leaves_what_was_there() {
    let desk = Desk::new();
    let add = format!("models add '{SHIPPED}' --as mine");
    voz(&desk, &add).done();
    voz(&desk, &add).done();
    std::fs::create_dir(desk.path("broken")).unwrap();
    desk.put("broken/card.json", "{}");
    voz(&desk, "models add broken --as mine").ended(4);
    voz(&desk, "models verify mine").done();
}

#[test]
fn wrong_names_and_folders_are_refused_with_what_to_do() {
    let desk = Desk::new();
    for name in ["fast", "a/b", "..", "a+b"] {
        let told = voz(&desk, &format!("models add '{SHIPPED}' --as '{name}'")).ended(2);
        assert!(told.stderr.contains("letters, digits"), "{told}");
    }
    let told = voz(&desk, "models add nowhere --as mine").ended(4);
    assert!(told.stderr.contains("config.json"), "{told}");
    let told = voz(&desk, "explain 'muy bien' --model nowhere").ended(4);
    assert!(
        told.stderr.contains("voz models add DIR --as NAME"),
        "{told}"
    );
    let told = voz(&desk, "explain 'muy bien' --model fast+nowhere").ended(4);
    assert!(told.stderr.contains("nowhere"), "{told}");
    let told = voz(&desk, "explain 'muy bien' --model fast+fast").ended(2);
    assert!(told.stderr.contains("fast+NAME"), "{told}");
    let models = "--model a --model b --model c";
    let told = voz(&desk, &format!("eval '{SAMPLE}' --stars csat {models}")).ended(2);
    assert!(told.stderr.contains("two"), "{told}");
}

#[cfg(not(feature = "bert"))]
#[test]
fn a_transformer_is_refused_by_a_build_without_them() {
    let desk = Desk::new();
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/transformers/bert-stars"
    );
    let told = voz(&desk, &format!("explain 'muy bien' --model '{folder}'")).ended(4);
    assert!(told.stderr.contains("--features bert"), "{told}");
}
