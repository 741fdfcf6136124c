//! `voz eval` over labelled files and recipes: exact figures on small invented files.

use super::program::{Desk, Told};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::io::Write;
use voz::emotion::{Emotion, Emotions};
use voz::eval::{Classes, Labelled, Set, Truth, evaluate};
use voz::lang::Lang;
use voz::model::{Fixed, Model, Reading};
use voz::sentiment::{Polarity, Sentiment};
use voz::tag::Tagger;
use voz::theme::Taxonomy;

/// Plain cases, and one text in Portuguese and one that says nothing, which are not read.
const SMALL: &str = "\
text,label
\"Muy amables, excelente atención, gracias\",positive
\"Pésimo servicio, una vergüenza, no vuelvo nunca\",negative
\"Terrible service, I waited an hour and nobody helped\",NEG
\"Great staff, very friendly, thank you\",pos
O atendimento foi muito ruim e ninguém resolveu,negative
N/A,neutral
Fui ayer por la mañana,mixto
,positive
";

#[test]
fn a_table_for_people() {
    let desk = Desk::with("small.csv", SMALL);
    let told = desk.voz(&["eval", "small.csv", "--format", "table"]).done();
    let (_, block) = told.stdout.split_once("\n\n").unwrap();
    let expected = "\
small.csv · language found · sentiment · 6 texts · truth: label
macro-F1 60.0 % [33.3; 100.0] · micro-F1 80.0 % · weighted F1 73.3 % · macro recall 55.6 % \
· accuracy 66.7 % · calibration error (ECE) ECE %
not read, counted as wrong: 2, 33.3 % (says nothing 1, pt 1)

 Label     True  Said  Right  Precision   Recall       F1
─────────────────────────────────────────────────────────
 negative     3     2      2    100.0 %   66.7 %   80.0 %
 neutral      1     0      0          –    0.0 %    0.0 %
 positive     2     2      2    100.0 %  100.0 %  100.0 %

 Truth \\ said  negative  neutral  positive  Not read
────────────────────────────────────────────────────
 negative             2        0         0         1
 neutral              0        0         0         1
 positive             0        0         2         0
";
    // How probable the model found its answers is its own affair.
    let (before, after) = block.split_once("(ECE) ").unwrap();
    let (_, after) = after.split_once(" %").unwrap();
    assert_eq!(format!("{before}(ECE) ECE %{after}"), expected);
    told.says(&[
        "small.csv: texts in the column text",
        "1 without a text, 1 without a label that is known",
    ]);
}

#[test]
fn every_form_holds_the_same() {
    let desk = Desk::with("small.csv", SMALL);
    let told = desk.voz(&["eval", "small.csv", "--format", "jsonl"]).done();
    let one = told.objects().remove(0);
    assert_eq!(one["task"], "sentiment");
    assert_eq!(one["lang"], "any");
    assert_eq!(one["truth"], "label");
    assert_eq!(one["read"], json!({"en": 2, "es": 2}));
    assert_eq!(one["unread"], json!({"meaningless": 1, "pt": 1}));
    assert_eq!(
        one["figures"],
        json!({"macro_f1": 0.6, "micro_f1": 0.8, "weighted_f1": 0.7333, "macro_recall": 0.5556,
               "accuracy": 0.6667})
    );
    assert_eq!(one["confusion"]["negative"]["unread"], 1);
    let csv = desk.voz(&["eval", "small.csv", "--format", "csv"]).done();
    let rows: Vec<&str> = csv.stdout.lines().collect();
    assert_eq!(rows.len(), 5, "{}", csv.stdout);
    assert!(rows[0].starts_with("task,lang,set,label,texts,unread,support,said,right,precision"));
    assert!(rows[1].starts_with("sentiment,any,small.csv,all,6,2,,,,,,,"));
    assert!(rows[2].starts_with("sentiment,any,small.csv,negative,6,,3,2,2,1.0,0.6667,0.8,"));
}

#[test]
fn two_classes_leave_neutral_texts_out() {
    let desk = Desk::with("small.csv", SMALL);
    let told = desk.voz(&["eval", "small.csv", "--two-classes"]).done();
    let one = told.objects().remove(0);
    assert_eq!(
        (&one["task"], &one["texts"]),
        (&json!("sentiment.two"), &json!(5))
    );
    assert_eq!(one["figures"]["macro_f1"], json!(0.9));
    assert_eq!(one["figures"]["accuracy"], json!(0.8));
}

/// The figures of a file, whatever its form.
fn figures(told: &Told) -> Vec<Value> {
    told.objects()
        .into_iter()
        .map(|one| one["figures"].clone())
        .collect()
}

#[test]
fn any_form_of_file_stars_values_and_threads() {
    let desk = Desk::with("small.csv", SMALL);
    let plain = figures(&desk.voz(&["eval", "small.csv"]).done());
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(SMALL.as_bytes()).unwrap();
    desk.put("small.csv.gz", packed.finish().unwrap());
    let stars = SMALL
        .replace(",positive\n", ",5\n")
        .replace(",pos\n", ",4\n")
        .replace(",negative\n", ",1.0\n")
        .replace(",NEG\n", ",2\n")
        .replace(",neutral\n", ",3\n")
        .replace("label", "rating");
    desk.put(
        "stars.csv",
        stars.replace("text,rating", "comentario,rating"),
    );
    desk.put("values.csv", stars);
    let mut reader = csv::Reader::from_reader(SMALL.as_bytes());
    let lines = reader.records().map(|row| {
        let row = row.unwrap();
        json!({"text": row[0], "truth": {"sentiment": row[1]}}).to_string() + "\n"
    });
    desk.put("small.jsonl", lines.collect::<String>());
    let values = "5=positive,4=positive,1.0=negative,2=negative,3=neutral";
    for flags in [
        &["small.csv.gz", "--threads", "1"][..],
        &["stars.csv", "--stars", "rating"],
        &["values.csv", "--sentiment", "rating", "--values", values],
        &["small.jsonl", "--sentiment", "truth.sentiment"],
    ] {
        let told = desk.voz(&[&["eval"], flags].concat()).done();
        assert_eq!(figures(&told), plain, "{flags:?}");
    }
}

#[test]
fn two_models_on_the_same_texts() {
    let desk = Desk::with("small.csv", SMALL);
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/models/fast");
    let told = desk
        .voz(&["eval", "small.csv", "--model", "fast", "--model", shipped])
        .done();
    let against = told.objects().remove(0)["against"].take();
    assert_eq!(against["figures"]["macro_f1"], 0.6);
    let same = json!({"low": 0.0, "high": 0.0});
    for (at, metric) in ["macro-F1", "accuracy"].iter().enumerate() {
        let difference = &against["differences"][at];
        assert_eq!(difference["metric"], *metric);
        assert_eq!(
            (&difference["value"], &difference["p"]),
            (&json!(0.0), &json!(1.0))
        );
        assert_eq!(difference["interval"], same);
    }
}

#[test]
fn files_that_cannot_be_measured() {
    let desk = Desk::with("small.csv", SMALL);
    desk.voz(&["eval", "gone.csv"]).refused(
        1,
        "gone.csv: the labelled file cannot be read",
        "check the path",
    );
    desk.voz(&["eval", "small.csv", "--sentiment", "florb"])
        .refused(
            2,
            "small.csv: there is no column \"florb\"",
            "the columns are: text, label",
        );
    desk.voz(&["eval", "small.csv", "--emotions", "joy"])
        .refused(
            2,
            "there is no column \"joy\"",
            "the columns are: text, label",
        );
    desk.put("empty.csv", "");
    desk.voz(&["eval", "empty.csv"]).refused(
        3,
        "empty.csv: the file is empty",
        "a row for each text",
    );
    desk.put("header.csv", "text,label\n");
    desk.voz(&["eval", "header.csv"]).refused(
        3,
        "a header and no row under it",
        "a row for each text",
    );
    desk.put("plain.csv", "text,region\ngood,South\n");
    desk.voz(&["eval", "plain.csv"]).refused(
        3,
        "no column is known to hold labels",
        "--sentiment NAME, --stars NAME or --emotions NAMES; the columns are: text, region",
    );
    desk.put("other.csv", "a,label\ngood,pos\n");
    desk.voz(&["eval", "other.csv"]).refused(
        3,
        "no column is known to hold the texts",
        "--text NAME",
    );
    desk.put("numbers.csv", "text,label\nbad,0\ngood,2\n");
    desk.voz(&["eval", "numbers.csv"]).refused(
        3,
        "no value of the column `label` is a sentiment",
        "--values bad=negative,good=positive",
    );
    desk.voz(&["eval", "--two-classes", "lang", "small.csv"])
        .refused(2, "flags do not go before", "after it");
}

/// Says positive and joy of everything.
fn fixed() -> Tagger {
    let mut emotions = Emotions::new();
    emotions.set(Emotion::Joy, 0.9, true);
    let sentiment = Sentiment {
        label: Polarity::Positive,
        probabilities: [0.1, 0.1, 0.8],
    };
    let sentiment = Some(sentiment);
    let fixed = Fixed::new(Reading {
        sentiment,
        emotions,
        clauses: Vec::new(),
    });
    let model = Model {
        vocabulary: Model::shipped().unwrap().vocabulary,
        classifier: Box::new(fixed),
    };
    Tagger::new(model, Taxonomy::shipped().unwrap()).unwrap()
}

fn labelled(sentiment: Polarity, joy: bool) -> Labelled {
    let mut truth = Truth {
        sentiment: Some(sentiment),
        ..Truth::default()
    };
    truth.emotions[Emotion::Joy as usize] = Some(joy);
    Labelled {
        text: "El pedido llegó ayer por la tarde".to_owned(),
        truth,
    }
}

/// By hand: of 4 texts 3 are positive and 2 show joy; the model says positive and joy of all.
#[test]
fn figures_of_a_model_that_always_says_the_same() {
    use Polarity::{Negative, Positive};
    let set = |name: &str, texts| Set {
        name: name.to_owned(),
        lang: Some(Lang::Es),
        texts,
        ..Set::default()
    };
    let sets = [
        set(
            "one",
            vec![labelled(Positive, true), labelled(Negative, false)],
        ),
        set(
            "two",
            vec![labelled(Positive, true), labelled(Positive, false)],
        ),
    ];
    let (fixed, shipped) = (fixed(), Tagger::shipped().unwrap());
    let measured = evaluate(&sets, &fixed, Some(&shipped), Classes::Three).unwrap();
    let names: Vec<(&str, &str)> = measured
        .iter()
        .map(|one| (&*one.accuracy.set, &*one.accuracy.task))
        .collect();
    let tasks = ["one", "two", "all"].map(|set| [(set, "sentiment"), (set, "emotions")]);
    assert_eq!(names, tasks.concat());
    let sentiment = &measured[4].accuracy;
    // Positive: 3 right of 4 said and 3 true, 6/7; negative 0.
    let figures = json!({"macro_f1": 0.4286, "micro_f1": 0.75, "weighted_f1": 0.6429,
        "macro_recall": 0.5, "accuracy": 0.75});
    assert_eq!(json!(sentiment.figures), figures);
    // 0.8 is said, 0.75 is so.
    assert_eq!(sentiment.ece, Some(0.05));
    let emotions = &measured[5].accuracy;
    // Joy: 2 right of 4 said and 2 true, 4/6; 0.9 is said, 0.5 is so.
    let figures = json!({"macro_f1": 0.6667, "micro_f1": 0.6667, "weighted_f1": 0.6667,
        "macro_recall": 1.0});
    assert_eq!(json!(emotions.figures), figures);
    assert_eq!(emotions.labels["joy"].ece, Some(0.4));
    let against = measured[4].against.as_ref().unwrap();
    let difference = &against.differences[1];
    let other = against.figures.accuracy.unwrap();
    assert!((difference.value - (0.75 - other)).abs() < 1e-9);
    let interval = difference.interval.unwrap();
    assert!(interval.low <= difference.value && difference.value <= interval.high);
}

const RECIPE: &str = r#"
name = "tiny"
version = "1"
about = "Invented, for a test."
seed = 7
held_out = 0.4
sentiment = { epochs = 2, rate = 0.1, l1 = 0.0, l2 = 1.0 }
emotion = { epochs = 2, rate = 0.1, l1 = 0.0, l2 = 1.0 }

[[source]]
name = "invented"
lang = "en"
licence = "ours"
files = ["invented.csv"]
sentiment = { column = "label" }
"#;

/// Labels that say the opposite of what another model says, in texts of the same words: what that model
/// says is learned too, and by how much is in the recipe.
#[test]
fn what_another_model_said_is_learned_from() {
    let (mut labelled, mut taught) = ("text,label\n".to_owned(), TAUGHT_HEADER.to_owned());
    for thing in ["staff", "food", "room", "price", "app", "shop"] {
        for day in ["today", "yesterday", "again", "before"] {
            let each = [
                format!("The {thing} was great {day},positive\n"),
                format!("The {thing} was awful {day},negative\n"),
            ];
            labelled += &each.concat();
            taught.extend([format!("The zumby {thing} {day},0.9,0.05,0.05,0.8\n")]);
        }
    }
    let recipe = format!(
        "{RECIPE}\n[[source]]\nname = \"said\"\nlang = \"en\"\nlicence = \"ours\"\ntaught = true\nfiles = [\"en.csv\"]\n"
    );
    let desk = Desk::with("tiny.toml", &recipe);
    desk.put("invented.csv", labelled);
    std::fs::create_dir(desk.path("said")).unwrap();
    desk.put("said/en.csv", taught);
    let train = ["train", "tiny.toml", "--data", ".", "--out", "model"];
    desk.voz(&train)
        .refused(2, "what another model said", "--taught DIR");
    desk.voz(&[&train[..], &["--taught", "said"]].concat())
        .done();
    let read = desk
        .voz(&[
            "explain",
            "The zumby garden",
            "--model",
            "model",
            "--stated",
            "en",
        ])
        .done();
    assert_eq!(
        read.objects()[0]["sentiment"]["label"],
        "negative",
        "{read}"
    );
    let card: Value = serde_json::from_str(&desk.read("model/card.json")).unwrap();
    assert_eq!(card["sources"][1]["name"], "said");
    assert_eq!(card["sources"][1]["texts"], 24);
    // It has no truth of its own, so nothing is measured on it.
    let sets = card["accuracy"].as_array().unwrap();
    assert!(sets.iter().all(|one| one["set"] == "invented"), "{sets:?}");
    desk.put("said/en.csv", format!("{TAUGHT_HEADER}Good,much,0,0,0\n"));
    desk.voz(&[&train[..], &["--taught", "said"]].concat())
        .refused(3, "a probability is no number", "from 0 to 1");
}

const TAUGHT_HEADER: &str = "text,negative,neutral,positive,anger\n";

/// A model's card comes from the same measuring as `voz eval recipe`: writing it anew changes no byte.
#[test]
fn a_card_is_written_by_eval() {
    let desk = Desk::with("tiny.toml", RECIPE);
    let mut rows = "text,label\n".to_owned();
    for thing in [
        "staff", "food", "room", "price", "app", "delivery", "shop", "queue",
    ] {
        for day in ["today", "yesterday", "again"] {
            let each = [
                format!("The {thing} was great and friendly {day},positive\n"),
                format!("The {thing} was awful and rude {day},negative\n"),
            ];
            rows += &each.concat();
        }
    }
    desk.put("invented.csv", rows);
    let train = ["train", "tiny.toml", "--data", ".", "--out", "model"];
    desk.voz(&[&train[..], &["--taught", "."]].concat())
        .refused(2, "no use", "leave it out");
    desk.voz(&train).done();
    let trained = desk.read("model/card.json");
    let card: Value = serde_json::from_str(&trained).unwrap();
    assert_eq!(card["accuracy"][0]["set"], "invented");
    assert_eq!(card["accuracy"][0]["truth"], "label of invented.csv");
    let without = json!({"name": "tiny", "version": card["version"], "about": card["about"],
        "sources": card["sources"], "thresholds": card["thresholds"],
        "accuracy": [{"task": "sentiment", "metric": "macro-F1", "value": 1.0}]});
    desk.put("model/card.json", without.to_string());
    let recipe = [
        "eval",
        "recipe",
        "tiny.toml",
        "--data",
        ".",
        "--model",
        "model",
    ];
    let told = desk.voz(&[&recipe[..], &["--card"]].concat()).done();
    assert_eq!(desk.read("model/card.json"), trained);
    let told = told.says(&["written: model/card.json"]);
    let shown = desk
        .voz(&["models", "show", "model", "--format", "jsonl"])
        .done();
    assert_eq!(shown.objects()[0]["accuracy"], card["accuracy"]);
    assert_eq!(told.objects()[0]["texts"], card["accuracy"][0]["texts"]);
    let all = desk
        .voz(&[&recipe[..], &["--split", "held-out"]].concat())
        .done();
    assert!(all.objects()[0]["texts"].as_u64() > told.objects()[0]["texts"].as_u64());
    desk.voz(&[&recipe[..], &["--split", "held-out", "--card"]].concat())
        .refused(2, "nothing was chosen on", "leave --split out");
}
