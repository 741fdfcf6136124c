//! voz
use voz::train::{Recipe, train};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let r = Recipe::open(a[1].as_ref()).unwrap();
    let c = train(&r, a[2].as_ref(), a[3].as_ref(), &|s| eprintln!("{s}")).unwrap();
    for f in &c.accuracy {
        println!(
            "{:12} {} {:22} {:6} {:8} {:.3} {:?}",
            f.task, f.lang, f.set, f.texts, f.metric, f.value, f.labels
        );
    }
}
