//! Faults that were found and mended, one test each, so that they stay mended. Where a fault fits
//! the subject of another file its test stands there.

use super::program::Desk;

/// The query took every flag after it for a word: `voz search crash --index DIR -n 3` asked the
/// default index for all of that.
#[test]
fn a_query_does_not_swallow_the_flags_after_it() {
    let desk = Desk::with(
        "file.csv",
        "id,text\n1,the app crashed\n2,good app\n3,app again\n",
    );
    desk.index("file.csv").done();
    let told = desk
        .voz(&["search", "app", "--index", "index", "-n", "2"])
        .done();
    assert_eq!(told.ids().len(), 2);
}

/// The score of hits without words was printed as -0.0.
#[test]
fn hits_of_filters_score_zero() {
    let desk = Desk::with("file.csv", "id,text,nps\n1,good app,9\n");
    desk.index("file.csv").done();
    let told = desk.voz(&["search", "nps:9", "--index", "index"]).done();
    assert!(told.stdout.contains("\"score\":0.0,"), "{}", told.stdout);
}
