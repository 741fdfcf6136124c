//! Queries on the command line: what they find, and how broken ones are told.

use super::program::Desk;

const SMALL: &str =
    "id,text,nps,region\n1,good service,9,South\n2,bad service,2,North\n3,fine,8,South\n";

fn indexed() -> Desk {
    let desk = Desk::with("file.csv", SMALL);
    desk.index("file.csv").done();
    desk
}

#[test]
fn unknown_names_in_queries() {
    let desk = indexed();
    let refused = |verb: &[&str], error: &str, advice: &str| {
        let told = desk.voz(&[verb, &["--index", "index"]].concat());
        told.refused(2, error, advice);
    };
    refused(
        &["search", "regoin:South"],
        "there is no field `regoin`",
        "did you mean `region`",
    );
    refused(
        &["search", "florb:1"],
        "there is no field `florb`",
        "known are region, theme, driver",
    );
    refused(
        &["aggregate", "--by", "florb"],
        "there is no field `florb`",
        "known are region, all, band",
    );
    refused(
        &["search", "--facets", "florb"],
        "there is no field `florb`",
        "known are region, all",
    );
    refused(
        &["search", "theme:florb"],
        "there is no theme `florb`",
        "app_crash",
    );
    refused(
        &["search", "driver:florb"],
        "there is no driver `florb`",
        "waiting",
    );
    refused(
        &["search", "emotion:florb"],
        "florb",
        "an example that works",
    );
    refused(
        &["drivers", "--measure", "csat"],
        "no comment found has a csat score",
        "--on",
    );
    refused(
        &["drivers", "nothingofthekind"],
        "no comment matches",
        "leave out a word",
    );
    refused(
        &["aggregate", "nothingofthekind"],
        "the query finds nothing",
        "leave out a word",
    );
}

#[test]
fn broken_queries_show_the_place() {
    let desk = indexed();
    let example = "an example that works: espera \"no funciona\"";
    for (query, error, place) in [
        (
            "\"open",
            "opens a quotation that is not closed, at character 1",
            "  \"open\n  ^",
        ),
        (
            "good OR",
            "has an OR with nothing after it, at character 6",
            "  good OR\n       ^",
        ),
        (
            "OR good",
            "has an OR with nothing before it, at character 1",
            "  OR good\n  ^",
        ),
        (
            "(good",
            "opens a bracket that is not closed, at character 1",
            "  (good\n  ^",
        ),
        (
            "good)",
            "closes a bracket that was not opened, at character 5",
            "  good)\n      ^",
        ),
        (
            "nps:x..",
            "needs a number or a range after `nps:`",
            "  nps:x..\n      ^",
        ),
        (
            "nps:",
            "has nothing after `nps:`, at character 5",
            "  nps:\n      ^",
        ),
        (
            "go*d",
            "has a * elsewhere than at the end of a word",
            "  go*d\n  ^",
        ),
        ("date:2026-13", "date", "  date:2026-13\n       ^"),
    ] {
        let told = desk.voz(&["search", query, "--index", "index"]);
        told.refused(2, error, example).says(&[place]);
    }
    let deep = "(".repeat(100_000);
    desk.voz(&["search", &deep, "--index", "index"])
        .refused(2, "is nested too deeply", example);
}

#[test]
fn flags_after_the_query_are_flags() {
    let desk = indexed();
    let told = desk
        .voz(&["search", "service", "--index", "index", "-n", "1"])
        .done();
    assert_eq!(told.ids().len(), 1);
    let told = desk
        .voz(&["search", "--index", "index", "--", "-good", "service"])
        .done();
    assert_eq!(told.ids(), ["2"]);
    let told = desk
        .voz(&["drivers", "service", "--index", "index", "--themes"])
        .done();
    assert_eq!(told.stderr, "");
    desk.voz(&["search", "-good", "--index", "index"]).refused(
        2,
        "unexpected argument '-g'",
        "use '-- -g'",
    );
}

#[test]
fn a_query_reaches_forms_accents_and_the_other_language() {
    let desk = Desk::with(
        "file.csv",
        "id,text,lang\n1,la atención fue muy buena,es\n2,se demoraron mucho en la caja,es\n\
         3,hace un año que soy cliente,es\n4,tiene un solo ano de garantía,es\n\
         5,there was a long queue at the till,en\n6,había mucha cola en la tienda,es\n\
         7,el tiempo de espera fue eterno,es\n8,the wait was far too long,en\n",
    );
    desk.index("file.csv").done();
    let finds = |query: &[&str]| {
        let mut ids = desk
            .voz(&[&["search", "--index", "index"], query].concat())
            .done()
            .ids();
        ids.sort();
        ids
    };
    assert_eq!(finds(&["atencion"]), ["1"]);
    assert_eq!(finds(&["demora"]), ["2"]);
    assert_eq!(finds(&["año"]), ["3"]);
    assert_eq!(finds(&["ano"]), ["4"]);
    assert_eq!(finds(&["cola"]), ["6"]);
    assert_eq!(finds(&["~cola"]), ["5", "6"]);
    assert_eq!(finds(&["--across", "colas"]), ["5", "6"]);
    assert_eq!(finds(&["~esperas"]), ["2", "7", "8"]);
}
