//! A report that somebody keeps under a name, and two days that are written: any text is a view, or a fault; what was read
//! is the same after it was linked to, and a link is ASCII without anything that ends an address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qism::rollup::calendar::length;
use qism::rollup::view::{DAYS_MAX, View, days};

fuzz_target!(|text: &str| {
    if let Ok(view) = View::parse(text) {
        let link = view.query_of(&(20_000..=20_006));
        assert!(link.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>#?".contains(&byte)), "{link}");
        assert_eq!(View::parse(&link), Ok(view));
    }
    let (from, to) = text.split_once(' ').unwrap_or((text, text));
    if let Ok(days) = days(from, to) {
        assert!((1..=DAYS_MAX).contains(&length(&days)), "{days:?}");
    }
});
