//! One group against another: what is counted, and that what was planted is found, and nothing else.

use super::super::fixture::{index, query, verbatims};
use super::super::{Crossing, Index, Survey};
use crate::chance::Chance;
use crate::driver::{spot, threshold};
use crate::measure::Measure;
use crate::sentiment::Polarity;
use crate::tag::Tagged;
use crate::theme::Mention;
use crate::verbatim::Value;

const CHANNELS: [&str; 4] = ["app", "phone", "shop", "web"];
const REGIONS: [&str; 3] = ["east", "north", "south"];

/// Verbatims of which half are detractors; one names the queue with a complaint as `risk` says of its
/// channel, region and minutes.
fn drawn(seed: u64, n: u32, risk: impl Fn(usize, usize, u64) -> f64) -> Vec<Tagged> {
    let mut chance = Chance::new(seed);
    let model = verbatims()
        .into_iter()
        .find(|one| one.sentiment.is_some())
        .unwrap();
    (0..n)
        .map(|number| {
            let (channel, region) = (chance.below(4) as usize, chance.below(3) as usize);
            let minutes = chance.below(60);
            let mut one = model.clone();
            one.meaningful = true;
            one.verbatim.id = format!("v{number}");
            one.verbatim.scores.nps = Some(if chance.below(2) == 0 { 3 } else { 9 });
            one.verbatim.fields = vec![
                ("channel".into(), Value::Text(CHANNELS[channel].to_owned())),
                ("region".into(), Value::Text(REGIONS[region].to_owned())),
                ("minutes".into(), Value::Number(minutes as f64)),
            ];
            one.mentions.clear();
            if chance.unit() < risk(channel, region, minutes) {
                one.mentions.push(Mention {
                    theme: 0,
                    start: 0,
                    end: 1,
                    sentiment: Polarity::Negative,
                });
            }
            one
        })
        .collect()
}

/// The places and thresholds found, as they are told, and how the events were counted.
fn found(index: &Index) -> (Vec<String>, u64) {
    let group = query("nps:0..6");
    let fields: Vec<(usize, Vec<String>)> = [("channel", &CHANNELS[..]), ("region", &REGIONS[..])]
        .map(|(name, values)| {
            let values = values.iter().map(|one| (*one).to_owned()).collect();
            (index.field(name).unwrap(), values)
        })
        .to_vec();
    let numbers = index.numerics(&group).unwrap();
    let driver = index.drivers().iter().position(|one| one.id == "waiting");
    let crossing = Crossing {
        drivers: &[driver.unwrap() as u16],
        named: Some(Polarity::Negative),
        fields: &fields,
        numbers: &numbers,
    };
    let crossed = index.cross(&group, &crossing).unwrap();
    let mut told = Vec::new();
    for spot in &spot::search(&crossed.all, &crossed.grids).spots[0] {
        let cells = spot.cells.iter();
        let values = cells.map(|(field, value)| fields[*field].1[*value].as_str());
        told.push(values.collect::<Vec<_>>().join(" × "));
    }
    for one in &threshold::search(&crossed.bins, 1).0[0] {
        told.push(format!(
            "minutes {} {}",
            if one.from { "from" } else { "below" },
            one.value
        ));
    }
    (told, crossed.all[1])
}

#[test]
fn what_was_planted_is_found_whatever_the_order() {
    let risk = |channel, region, minutes| match (channel, region) {
        (1, 2) => 0.7,
        _ if minutes >= 48 => 0.4,
        _ => 0.06,
    };
    let mut rows = drawn(4, 3_000, risk);
    let (_folder, straight) = index(&rows, 1);
    let (told, events) = found(&straight);
    assert_eq!(told[0], "phone × south", "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    let from: f64 = told[1]
        .strip_prefix("minutes from ")
        .unwrap()
        .parse()
        .unwrap();
    assert!((46.0..=49.0).contains(&from), "{told:?}");
    let survey = Survey {
        measure: Measure::Nps,
        fields: &[],
        named: Some(Polarity::Negative),
        silent: false,
    };
    let counted = straight.survey(&query("nps:0..6"), &survey).unwrap();
    assert_eq!(counted.naming_driver(counted.drivers.len() - 1), events);
    rows.reverse();
    rows.rotate_left(700);
    let (_folder, turned) = index(&rows, 2);
    assert_eq!(found(&turned), (told, events));
}

#[test]
fn nothing_planted_nothing_found() {
    let alarms = (0..20)
        .filter(|seed| {
            let (_folder, index) = index(&drawn(50 + seed, 900, |_, _, _| 0.15), 1);
            !found(&index).0.is_empty()
        })
        .count();
    // Places and thresholds are two families at one in twenty each: 2 of 20 are expected, more than
    // 5 once in 200.
    assert!(alarms <= 5, "{alarms} of 20");
}
