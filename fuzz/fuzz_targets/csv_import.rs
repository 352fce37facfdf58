//! A file that an administrator brings: any bytes are rows with problems, or a fault, for each table. What was read
//! without a problem is the same after it was written, in each language.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qism::import::{GroupRow, PROBLEMS_MAX, PersonRow, Table, TimetableRow, decode, read, write};
use qism::text::Language;
use std::fmt::Debug;

fuzz_target!(|data: &[u8]| {
    // A file that is text whatever its encoding, too: else most inputs end at their first odd byte.
    let lossy = String::from_utf8_lossy(data);
    let decoded = decode(data).map(|(text, _)| text);
    for text in [decoded.as_deref().unwrap_or_default(), &lossy] {
        check::<PersonRow>(text);
        check::<GroupRow>(text);
        check::<TimetableRow>(text);
    }
});

fn check<T: Table + PartialEq + Debug>(text: &str) {
    let Ok(import) = read::<T>(text) else { return };
    let problems = &import.problems;
    assert_eq!(problems.kept().len(), problems.total().min(PROBLEMS_MAX));
    // A carriage return alone ends a line too.
    let lines = text.split(['\n', '\r']).count();
    assert!(problems.kept().iter().all(|problem| (2..=lines).contains(&(problem.line as usize))), "{problems:?}");
    assert!(problems.kept().is_sorted_by_key(|problem| problem.line), "{problems:?}");
    let rows: Vec<&T> = import.rows.iter().map(|numbered| &numbered.row).collect();
    for language in Language::ALL {
        let file = write(rows.iter().copied(), language);
        let (text, _) = decode(&file).expect("a written file is UTF-8");
        let again = read::<T>(&text).expect("a written file can be read");
        assert!(again.problems.is_empty(), "{:?}", again.problems);
        assert!(again.rows.iter().map(|numbered| &numbered.row).eq(rows.iter().copied()), "{rows:?}");
    }
}
