//! A long report costs at most ten times what reading it does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod trees;

use common::{file, outcome, parsed, profile, sequence};
use trees::{code, content, document, measured, value};

/// Items of every value type; texts of 44 wordings, as templates have them.
fn long_report() -> Vec<u8> {
    let words = ["chest CT", "no change since 2023", "Yamada Hanako, 63 years", "contrast enhanced MR of the liver"];
    let item = |n: usize| match n % 6 {
        0 => content("NUM", "121401", vec![measured("12.5", "mm")]),
        1 => content("CODE", "121071", vec![sequence((0x40, 0xA168), vec![code("T-28000", "SRT", "Lung")])]),
        2 => content("TEXT", "121071", vec![value("TEXT", words[n / 6 % 4])]),
        3 => content("TEXT", "121106", vec![value("TEXT", &format!("lesion {} of the left lung", n / 6 % 40))]),
        4 => content("UIDREF", "112040", vec![value("UIDREF", &format!("1.2.3.{n}"))]),
        _ => content("PNAME", "121008", vec![value("PNAME", "Suzuki^Ichiro")]),
    };
    file(&document("1.2.840.10008.5.1.4.1.1.88.67", (0..5_000).map(item).collect()), true)
}

#[test]
fn five_thousand_items_take_at_most_ten_times_their_tokenising() {
    let source = long_report();
    let least = |work: &dyn Fn()| {
        let time = || {
            let started = std::time::Instant::now();
            work();
            started.elapsed()
        };
        (0..7).map(|_| time()).min().unwrap()
    };
    let read = least(&|| drop(parsed(&source)));
    let all = least(&|| drop(outcome(&profile("headers-only"), &source)));
    assert!(all < read * 10, "{all:?} for {read:?} of tokenising");
}
