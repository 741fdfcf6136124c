//! The page of `voz report`.

use super::program::Desk;
use std::fmt::Write as _;

const EVIL: &str = "<script>alert('x')</script>";

/// A desk with an index of comments that hold markup, as their text, as a field and as an id.
fn planted(dated: bool) -> Desk {
    let mut file = String::from("id,comment,nps,channel");
    file.push_str(if dated { ",date\n" } else { "\n" });
    let comments = [
        ("muy mala la espera en el teléfono", 1),
        ("the staff was very kind and friendly", 10),
        ("me cobraron dos veces en la factura", 2),
        ("todo bien, gracias por la atención", 9),
        ("the app keeps crashing", 3),
        ("regular, sin más", 7),
    ];
    for at in 0..120 {
        let (comment, nps) = comments[at % comments.len()];
        let channel = if at % 3 == 0 {
            "web <b>\"\"x\"\"</b>"
        } else {
            "app"
        };
        let _ = write!(
            file,
            "\"A{at}<i>\",\"{comment} {EVIL} \"\"dijeron\"\" nº {at}\",{nps},\"{channel}\""
        );
        let month = at % 5 + 1;
        let _ = if dated {
            writeln!(file, ",2026-{month:02}-{:02}", at % 27 + 1)
        } else {
            writeln!(file)
        };
    }
    let desk = Desk::with("file.csv", file);
    desk.index("file.csv").done();
    desk
}

fn report(desk: &Desk, more: &[&str]) -> String {
    let arguments = ["report", "--index", "index", "--out", "page.html"];
    desk.voz(&[&arguments, more].concat()).done();
    desk.read("page.html")
}

#[test]
fn a_page_loads_nothing_runs_nothing_and_escapes_everything() {
    let desk = planted(true);
    let title = "\"Nubela\" <script>1</script>";
    let query = "channel:web OR channel:app OR nps:0..10 OR \"</p><script>\"";
    let page = report(&desk, &["--title", title, "--where", query]);
    for word in [
        "<script", "<i>", "<b>\"", "</b>\"", "://", "src=", "@import", "url(",
    ] {
        assert!(!page.contains(word), "{word} in {page}");
    }
    for word in [
        "&lt;script&gt;",
        "&lt;i&gt;",
        "<svg",
        "@media print",
        "width=device-width",
    ] {
        assert!(page.contains(word), "no {word} in {page}");
    }
}

#[test]
fn the_same_index_gives_the_same_bytes() {
    let desk = planted(true);
    let first = report(&desk, &[]);
    assert_eq!(first, report(&desk, &["--threads", "1"]));
    let other = report(&desk, &["--lang", "es"]);
    assert_ne!(first, other);
    assert_eq!(other, report(&desk, &["--lang", "es"]));
}

#[test]
fn the_sections_stand_in_their_order_in_both_languages() {
    let desk = Desk::new();
    desk.index_sample();
    let headings = |page: &str| -> Vec<String> {
        let parts = page.split("<h2>").skip(1);
        parts
            .filter_map(|part| part.split_once("</h2>"))
            .map(|(heading, _)| heading.to_owned())
            .collect()
    };
    let english = report(&desk, &[]);
    let spanish = report(&desk, &["--lang", "es"]);
    assert_eq!(
        headings(&english),
        [
            "The score",
            "What to look at first",
            "Impact and volume",
            "The drivers",
            "The NPS by month",
            "What lies below: the causes of unhappy customers",
            "In their words",
            "How this page was made",
        ]
    );
    let translated = headings(&spanish);
    assert_eq!(translated.len(), 8);
    assert!(translated.contains(&"Qué mirar primero".to_owned()));
    assert!(spanish.contains("lang=\"es\"") && english.contains("lang=\"en\""));
    // Every key has a text, and every figure a decimal comma in Spanish.
    for page in [&english, &spanish] {
        assert!(
            !page.contains("report.") || page.contains("report.html"),
            "{page}"
        );
        assert!(
            !page.contains(">report.") && !page.contains("{n}"),
            "{page}"
        );
    }
    assert!(spanish.contains("<b>-15,6</b>"), "{spanish}");
    assert!(english.contains("<b>-15.6</b>"), "{english}");
    // At most five sentences, made of figures.
    let points = english.split("<ol class=\"points\">").nth(1).unwrap();
    let points = points.split("</ol>").next().unwrap();
    let n = points.matches("<li>").count();
    assert!((2..=5).contains(&n), "{points}");
    assert!(
        points.contains("costs 5.7 points (95 % interval 3.1 to 8.2)"),
        "{points}"
    );
}

#[test]
fn without_dates_there_is_no_trend() {
    let with = report(&planted(true), &[]);
    assert!(with.contains("The NPS by month") && with.contains("2026-01-01 to 2026-05-"));
    let without = report(&planted(false), &[]);
    assert!(!without.contains("by month") && !without.contains("by week"));
    assert!(without.contains("have no dates"));
}

#[test]
fn any_score_has_a_page_and_too_few_comments_have_none() {
    let desk = planted(true);
    for measure in ["sentiment", "nev"] {
        let page = report(&desk, &["--on", measure]);
        assert!(page.contains("<svg"), "{measure}");
    }
    let arguments = ["report", "--index", "index", "--out", "none.html"];
    desk.voz(&[&arguments[..], &["--on", "ces"]].concat())
        .refused(2, "has a ces score", "--on");
    desk.voz(&[&arguments[..], &["nps:7", "date:2026-01-01"]].concat())
        .ended(2);
    assert!(!desk.has("none.html"));
}

/// Two companies, one praised and one blamed; in the second month other customers answer, and the
/// third is not over.
fn mixed() -> Desk {
    let mut file = String::from("id,comment,csat,company,date\n");
    let months = [
        ("2026-02", 28, 150, 50),
        ("2026-03", 31, 150, 50),
        ("2026-04", 30, 50, 150),
        ("2026-05", 11, 200, 0),
    ];
    for (month, days, bad, good) in months {
        for at in 0..bad + good {
            let (company, text, csat) = if at < bad {
                ("Norte", "la espera es eterna", 1 + at % 10 / 9 * 4)
            } else {
                ("Sur", "muy amable todo el personal", 5 - at % 10 / 9 * 4)
            };
            // Thirteen and any length of a month have no common part: all days have both companies.
            let day = at * 13 % days + 1;
            let _ = writeln!(
                file,
                "{month}-{at},{text} número {at},{csat},{company},{month}-{day:02}"
            );
        }
    }
    let desk = Desk::with("file.csv", file);
    desk.index("file.csv").done();
    desk
}

#[test]
fn only_whole_periods_are_compared_and_the_mix_is_told() {
    let desk = mixed();
    let page = report(&desk, &[]);
    let points = page.split("<ol class=\"points\">").nth(1).unwrap();
    let points = points.split("</ol>").next().unwrap();
    for part in [
        "rose 80.0 points from 2026-03 to 2026-04 (-40.0 to +40.0)",
        "+80.0 because other customers answered (by company)",
        "2026-05 is not whole (the last comment is from 2026-05-11)",
        "voz why --on csat --from 2026-03 --to 2026-04 --index index",
    ] {
        assert!(points.contains(part), "no {part:?} in {points}");
    }
    assert!(page.contains("stroke-dasharray"));
    // What the page tells to run runs, and says the same.
    let why = [
        "why", "--from", "2026-03", "--to", "2026-04", "--index", "index", "--format", "table",
    ];
    let told = desk.voz(&why).done().stdout;
    assert!(
        told.contains("CSAT went from -40.0 to 40.0: +80.0"),
        "{told}"
    );
    assert!(
        told.contains("By company, in points: +80.0 because the shares changed"),
        "{told}"
    );
    let without = report(&desk, &["--without", "company"]);
    assert!(!without.contains("other customers answered"));
}

#[test]
fn the_commands_of_a_page_run() {
    let desk = mixed();
    let page = report(&desk, &["--where", "company:Norte OR company:Sur"]);
    let page = page.replace("&#x27;", "'").replace("&quot;", "\"");
    let commands: Vec<&str> = page
        .split("voz ")
        .skip(1)
        .filter_map(|part| part.split_inclusive("--index index").next())
        .filter(|command| command.ends_with("--index index"))
        .collect();
    for verb in [
        "drivers ",
        "causes ",
        "why ",
        "search driver:",
        "search id:",
    ] {
        assert!(
            commands.iter().any(|one| one.starts_with(verb)),
            "{verb} in {commands:?}"
        );
    }
    for command in commands {
        desk.shell(&format!("$VOZ {command}")).done();
    }
}

#[test]
fn quotes_say_what_their_heading_says() {
    let desk = Desk::new();
    desk.index_sample();
    let page = report(&desk, &[]);
    let voices = page
        .split("<h3>")
        .filter(|part| part.contains("<blockquote>"));
    let mut ids = Vec::new();
    for part in voices {
        let hurts = part.split("</h3>").next().unwrap().contains("(-");
        for quote in part.split("<small>").skip(1) {
            let about = quote.split("</small>").next().unwrap();
            if let Some((_, nps)) = about.split_once("NPS ") {
                let nps: u8 = nps.split(' ').next().unwrap().parse().unwrap();
                assert_eq!(nps < 7, hurts, "{about} in {part}");
                ids.push(about.split(' ').next().unwrap().to_owned());
            }
        }
    }
    assert!(ids.len() > 8, "{ids:?}");
    let n = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), n, "no comment speaks for two drivers");
}
