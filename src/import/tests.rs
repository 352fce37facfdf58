//! Files as administrators bring them.

use super::*;
use crate::text::{Mail, Name, SignInName, Title};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::num::NonZeroU16;

const PEOPLE: &str = "Nom;Rôle;Identifiant;E-mail;Groupe;Langue;Matricule\n\
    Salma Ouchen;formatrice;S.Ouchen;salma@Example.org;;fr;\n\
    أحمد بنعلي;متدرب;;;فوج ١;العربية;٠٠١٢\n";

fn read_bytes<T: Table>(bytes: &[u8]) -> Result<Import<T>, ImportFault> {
    read(&decode(bytes)?.0)
}

/// Each problem as its line, column and code.
fn problems<T: Table>(text: &str) -> Vec<(u32, &'static str, &'static str)> {
    let import = read::<T>(text).expect("a file that can be read");
    assert_eq!(import.problems.total(), import.problems.kept().len());
    import.problems.kept().iter().map(|problem| (problem.line, problem.column.unwrap_or(""), problem.code)).collect()
}

fn header_fault<T: Table>(text: &str) -> (Vec<&'static str>, Vec<String>, Vec<&'static str>) {
    match read::<T>(text).map(|_| ()) {
        Err(ImportFault::Header { missing, unknown, twice, accepted }) => {
            assert_eq!(accepted.len(), T::COLUMNS.len());
            (missing, unknown, twice)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn people_are_read_in_any_language_and_order() {
    let import = read::<PersonRow>(PEOPLE).expect("people");
    assert!(import.problems.is_empty(), "{:?}", import.problems);
    let [salma, ahmed] = import.rows.as_slice() else { panic!("{:?}", import.rows) };
    assert_eq!((salma.line, ahmed.line), (2, 3));
    assert_eq!(salma.row.sign_in, SignInName::parse("s.ouchen").ok());
    assert_eq!(salma.row.mail, Mail::parse("salma@example.org").ok());
    assert_eq!(salma.row.roles, BTreeSet::from([Role::Trainer]));
    assert_eq!(ahmed.row.group, Title::parse("فوج ١").ok());
    assert_eq!(ahmed.row.language, Some(Language::Arabic));
    assert!(matches!(ahmed.row.key(), Some(PersonKey::ExternalId(id)) if id.as_str() == "٠٠١٢"));
    assert!(matches!(salma.row.key(), Some(PersonKey::SignIn(_))));

    let english = "role,MAIL,full name\n\"trainer, committee\",a@b.ma,Amina\n";
    let arabic = "الدور\tالبريد الالكترونى\tالإسم الكامل\nمكوّن / لجنة التتبع\ta@b.ma\tAmina\n";
    let rows = [english, arabic].map(|text| read::<PersonRow>(text).expect("people").rows);
    assert_eq!(rows[0].first().map(|row| row.row.roles.len()), Some(2));
    assert_eq!(rows[0], rows[1]);
}

#[test]
fn a_name_in_two_columns_is_one_name() {
    let text = "Nom,Prénom,Matricule,Rôle\nOUCHEN,Salma,1,stagiaire\nRoy,,2,stagiaire\n,Ali,3,stagiaire\n";
    let import = read::<PersonRow>(text).expect("people");
    let names: Vec<&str> = import.rows.iter().map(|row| row.row.name.as_str()).collect();
    assert_eq!((names, problems::<PersonRow>(text)), (vec!["Salma OUCHEN", "Roy"], vec![(4, "name", "required")]));
    let file = String::from_utf8(write(import.rows.iter().map(|row| &row.row), Language::French)).expect("UTF-8");
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(
        lines[..2],
        ["\u{FEFF}Matricule;Nom;Rôle;Identifiant;E-mail;Groupe;Langue", "1;Salma OUCHEN;stagiaire;;;;"]
    );
}

#[test]
fn groups_and_the_timetable_are_read() {
    let groups = read::<GroupRow>("course,group,capacity\nSoudure,G1,٢٤\nSoudure,G2,\n").expect("groups");
    let capacities: Vec<_> = groups.rows.iter().map(|row| row.row.capacity.map(NonZeroU16::get)).collect();
    assert_eq!((capacities, groups.problems.total()), (vec![Some(24), None], 0));

    let text = "sep=;\nالفوج;المكون;الحصة;التاريخ;من;إلى;القاعة;التكرار;حتى\n\
        G1;salma;لحام;30/11/2026;8h30;10:30;ورشة 2;أسبوعي;2027-06-30\n\
        G1;salma;لحام;2026-12-01;8:30;10:30;;RRULE:freq=daily;COUNT=3;;\n\
        G1;salma;لحام;2026-12-02;8:30;10:30;;\"RRULE:freq=daily;COUNT=3\";\n";
    let import = read::<TimetableRow>(text).expect("a timetable");
    let lines: Vec<_> = import.rows.iter().map(|row| (row.line, row.row.repeat.clone())).collect();
    assert_eq!(lines, [(3, Some(Repeat::Weekly)), (5, Some(Repeat::Rule("FREQ=DAILY;COUNT=3".to_owned())))]);
    assert_eq!(import.rows[0].row.date, Date::new(2026, 11, 30).expect("a date"));
    // A rule with semicolons needs quotes: its rest would be the next cell.
    assert_eq!(problems::<TimetableRow>(text), [(4, "until", "date")]);
}

#[test]
fn a_lesson_ends_at_a_time_or_after_so_many_minutes() {
    let text = "Référence,Formation,Groupe,Formateur,Séance,Unité,Date,Début,Fin,Durée,Répétition,Jusqu'au,Sauf\n\
        S1,Soudure,G1,salma,Arc,U1,30/11/2026,8h30,10h30,,hebdomadaire,2027-06-30,\"7/12/2026, 2026-12-14;١١/١/٢٠٢٧\"\n\
        S2,Soudure,G1,salma,Arc,,2026-12-01,22:30,,١٢٠,,,\n\
        S3,Soudure,G1,salma,Arc,,2026-12-02,8:30,9:30,60,,,\n";
    let import = read::<TimetableRow>(text).expect("a timetable");
    assert!(import.problems.is_empty(), "{:?}", import.problems);
    let minutes: Vec<u16> = import.rows.iter().map(|row| row.row.minutes.get()).collect();
    assert_eq!(minutes, [120, 120, 60]);
    let first = &import.rows[0].row;
    let except: Vec<String> = first.except.iter().map(ToString::to_string).collect();
    assert_eq!(except, ["2026-12-07", "2026-12-14", "2027-01-11"]);
    assert_eq!((&first.key, &first.unit), (&ExternalId::parse("S1").ok(), &Title::parse("U1").ok()));
    let file = String::from_utf8(write(import.rows.iter().map(|row| &row.row), Language::English)).expect("UTF-8");
    let lines: Vec<&str> = file.lines().skip(1).collect();
    assert_eq!(
        lines[..2],
        [
            "S1,Soudure,G1,salma,Arc,U1,2026-11-30,08:30,10:30,,,weekly,2027-06-30,2026-12-07 2026-12-14 2027-01-11",
            "S2,Soudure,G1,salma,Arc,,2026-12-01,22:30,,120,,,,",
        ]
    );
    let head = "key,group,trainer,title,date,start,end,minutes,repeat,except\n";
    for (cells, column, code) in [
        ("8:30,,,,", "end", "required"),
        ("8:30,9:00,31,,", "minutes", "two_lengths"),
        ("8:30,,721,,", "minutes", "minutes"),
        ("8:30,,0,,", "minutes", "minutes"),
        ("8:30,20:31,,,", "end", "lesson_too_long"),
        ("8:30,,60,,2026-12-07", "except", "except_without_repeat"),
        ("8:30,,60,FREQ=DAILY;COUNT=2,tomorrow", "except", "date"),
    ] {
        assert_eq!(
            problems::<TimetableRow>(&format!("{head},G,t,T,2026-11-30,{cells}\n")),
            [(2, column, code)],
            "{cells}"
        );
    }
    let twice = format!("{head}K,G,t,T,2026-11-30,8:00,,60,,\nK,G,t,T,2026-11-30,9:00,,60,,\n");
    assert_eq!(problems::<TimetableRow>(&twice), [(3, "key", "duplicate")]);
}

#[test]
fn every_problem_is_told_by_line_and_column() {
    let text = "name,role,sign_in,mail,language,group\n\
        \n\
        ,pilot,a b,nobody,de,\u{202E}G\n\
        ,,,,,\n\
        Amina,trainee,,,,\n\
        Amina,trainee,amina,,,,more\n\
        \"Am\nina\",trainee,amina,,,\n\
        Amina,trainee,amina,,,\n\
        Karim,trainee,AMINA,,,\n";
    assert_eq!(
        problems::<PersonRow>(text),
        [
            (3, "name", "required"),
            (3, "sign_in", "sign_in_character"),
            (3, "mail", "mail_shape"),
            (3, "role", "unknown_role"),
            (3, "group", "bidi_control"),
            (3, "language", "unknown_language"),
            (5, "sign_in", "no_key"),
            (6, "", "extra_cell"),
            (7, "name", "line_break"),
            (10, "sign_in", "duplicate"),
        ]
    );
    let import = read::<PersonRow>(text).expect("people");
    let duplicate = import.problems.kept().last().expect("a problem");
    assert_eq!(duplicate.detail, "lines 9 and 10 say the same: keep one of them");
    assert_eq!(duplicate.value, "AMINA");
    let turned = import.problems.kept().iter().find(|problem| problem.code == "bidi_control").expect("a problem");
    assert_eq!(turned.value, "\u{FFFD}G");
}

#[test]
fn cells_that_contradict_each_other_are_told() {
    let head = "group,trainer,title,date,start,end,repeat,until\n";
    for (cells, column, code) in [
        ("2026-11-30,10:00,10:00,,", "end", "end_before_start"),
        ("2026-11-30,10:00,9:00,,", "end", "end_before_start"),
        ("2026-11-31,10:00,11:00,,", "date", "date"),
        ("2026-11-30,10,11:00,,", "start", "time"),
        ("2026-11-30,10:00,11:00,weekly,", "until", "no_end"),
        ("2026-11-30,10:00,11:00,FREQ=DAILY,", "until", "no_end"),
        ("2026-11-30,10:00,11:00,FREQ=DAILY;COUNT=2,2026-12-30", "until", "two_ends"),
        ("2026-11-30,10:00,11:00,weekly,2026-11-29", "until", "until_before_date"),
        ("2026-11-30,10:00,11:00,,2026-12-30", "until", "until_without_repeat"),
        ("2026-11-30,10:00,11:00,sometimes,2026-12-30", "repeat", "unknown_repeat"),
    ] {
        assert_eq!(problems::<TimetableRow>(&format!("{head}G,t,T,{cells}\n")), [(2, column, code)], "{cells}");
    }
    for capacity in ["0", "-1", "10001", "2.5", "many", "99999999999"] {
        let text = format!("course,group,capacity\nA,B,{capacity}\n");
        assert_eq!(problems::<GroupRow>(&text), [(2, "capacity", "capacity")], "{capacity}");
    }
    let twice = "course,group\nÉlectricité,G1\nelectricite, g1\n";
    assert_eq!(problems::<GroupRow>(twice), [(3, "group", "duplicate")]);
}

#[test]
fn a_header_that_does_not_fit_names_what_is_wrong() {
    let (missing, unknown, twice) = header_fault::<PersonRow>("Nom,Téléphone,Name\nAmina,1,2\n");
    assert_eq!((missing, unknown, twice), (vec!["role"], vec!["Téléphone".to_owned()], vec!["name"]));
    let fault = read::<GroupRow>("a\n").map(|_| ()).expect_err("no header");
    assert!(fault.to_string().contains("missing: course, group; unknown: a; accepted: course (التكوين / "), "{fault}");
    assert_eq!(read::<GroupRow>("\n\n").map(|_| ()), Err(ImportFault::Empty));
    // A spreadsheet's empty last columns are no fault; a value in one is.
    assert_eq!(problems::<GroupRow>("course;group;;\nA;B;;\nA;C;x;\n"), [(3, "", "cell_without_column")]);
    assert_eq!(read::<GroupRow>(&",".repeat(64)).map(|_| ()), Err(ImportFault::TooManyColumns));
}

#[test]
fn titles_of_one_table_are_told_apart() {
    fn check<T: Table>() {
        let keys = |column: &Column| -> BTreeSet<String> {
            let all = [column.name].into_iter().chain(column.titles).chain(column.synonyms.iter().copied());
            all.map(crate::text::fold).collect()
        };
        for (at, one) in T::COLUMNS.iter().enumerate() {
            for other in &T::COLUMNS[at + 1..] {
                assert!(keys(one).is_disjoint(&keys(other)), "{} and {} share a title", one.name, other.name);
            }
        }
    }
    check::<PersonRow>();
    check::<GroupRow>();
    check::<TimetableRow>();
}

#[test]
fn a_file_with_endless_problems_is_counted() {
    let text = format!("course,group\n{}", ",x\n".repeat(20_000));
    let import = read::<GroupRow>(&text).expect("groups");
    assert_eq!((import.problems.kept().len(), import.problems.total()), (PROBLEMS_MAX, 20_000));
    let text = format!("course,group\n{}", ",x\n".repeat(20_001));
    assert_eq!(read::<GroupRow>(&text).map(|_| ()), Err(ImportFault::TooManyRows));
    assert_eq!(decode(&vec![b'a'; BYTES_MAX + 1]), Err(ImportFault::TooLarge));
}

#[test]
fn encodings_are_told_apart_and_named() {
    let arabic = encoding_rs::WINDOWS_1256.encode("الاسم;Rôle\r\nأحمد;مكوّن\r\nو;délégué").0.into_owned();
    assert_eq!(decode(&arabic), Ok(("الاسم;Rôle\nأحمد;مكوّن\nو;délégué".to_owned(), Encoding::Windows1256)));
    let french = encoding_rs::WINDOWS_1252.encode("Nom;Rôle\r\nÉlodie À;élève\rl’été").0.into_owned();
    assert_eq!(decode(&french), Ok(("Nom;Rôle\nÉlodie À;élève\nl’été".to_owned(), Encoding::Windows1252)));

    for mark in ["", "\u{FEFF}"] {
        assert_eq!(decode(format!("{mark}{PEOPLE}").as_bytes()), Ok((PEOPLE.to_owned(), Encoding::Utf8)));
    }
    let units: Vec<u16> = format!("\u{FEFF}{PEOPLE}😀").encode_utf16().collect();
    for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let file: Vec<u8> = units.iter().flat_map(|unit| bytes(*unit)).collect();
        assert_eq!(decode(&file), Ok((format!("{PEOPLE}😀"), Encoding::Utf16)));
        let broken = Err(ImportFault::Broken { encoding: Encoding::Utf16, line: 4 });
        assert_eq!(decode(&file[..file.len() - 1]), broken);
        assert_eq!(decode(&file[..file.len() - 2]), broken);
    }
}

#[test]
fn what_is_not_sure_is_refused_with_its_line() {
    let mut damaged = PEOPLE.as_bytes().to_vec();
    damaged.insert(PEOPLE.rfind('ب').expect("a letter") + 1, b'x');
    assert_eq!(decode(&damaged), Err(ImportFault::Broken { encoding: Encoding::Utf8, line: 3 }));
    damaged.splice(..0, *b"\xEF\xBB\xBF");
    assert_eq!(decode(&damaged), Err(ImportFault::Broken { encoding: Encoding::Utf8, line: 3 }));
    // Both kinds of word; a capital alone; UTF-16 without its mark; a byte that no letter has.
    assert_eq!(decode(b"a\n\xC7\xC8\n\xC9lodie"), Err(ImportFault::UnknownEncoding { line: 2 }));
    assert_eq!(decode(b"a\n\n\xC9;b"), Err(ImportFault::UnknownEncoding { line: 3 }));
    assert_eq!(decode(b"a\0b\0"), Err(ImportFault::UnknownEncoding { line: 1 }));
    assert_eq!(decode(b"\xC9lodie\nx\x8D"), Err(ImportFault::Broken { encoding: Encoding::Windows1252, line: 2 }));
    for spreadsheet in [b"PK\x03\x04..".as_slice(), b"\xD0\xCF\x11\xE0"] {
        assert_eq!(decode(spreadsheet), Err(ImportFault::Spreadsheet));
    }
}

#[test]
fn no_cell_is_a_formula() {
    let title = |text| Title::parse(text).expect("a title");
    let row = GroupRow { course: title("=HYPERLINK(\"x\")"), group: title("'=1"), capacity: None };
    let file = write([&row], Language::English);
    assert_eq!(
        String::from_utf8(file.clone()).as_deref(),
        Ok("\u{FEFF}Course,Group,Capacity\r\n\"'=HYPERLINK(\"\"x\"\")\",''=1,\r\n")
    );
    assert_eq!(read_bytes::<GroupRow>(&file).map(|import| import.rows), Ok(vec![Numbered { line: 2, row }]));
}

fn words() -> impl Strategy<Value = String> {
    "[=+@'\"\t-]{0,3}[a-zé,;\"' ]{1,8}|['=]{1,4}|\\PC{1,20}|[ا-ي ،؛]{1,12}"
}

fn title() -> impl Strategy<Value = Title> {
    words().prop_filter_map("a title", |text| Title::parse(&text).ok())
}

fn date() -> impl Strategy<Value = Date> {
    (2000..=2100_u16, 1..=12_u8, 1..=28_u8).prop_filter_map("a date", |(year, month, day)| Date::new(year, month, day))
}

fn person() -> impl Strategy<Value = PersonRow> {
    let name = words().prop_filter_map("a name", |text| Name::parse(&text).ok());
    let mail =
        proptest::option::of("[a-z+=-]{1,5}@[a-z]{1,5}\\.ma".prop_filter_map("mail", |text| Mail::parse(&text).ok()));
    let roles = proptest::collection::btree_set(
        proptest::sample::select(vec![Role::Trainer, Role::Trainee, Role::Administrator, Role::Committee]),
        1..4,
    );
    let language = proptest::option::of(proptest::sample::select(Language::ALL.to_vec()));
    let external_id = proptest::option::of(words().prop_filter_map("a number", |text| ExternalId::parse(&text).ok()));
    let sign_in = "[-@+a-z0-9.]{3,9}".prop_filter_map("a sign-in name", |text| SignInName::parse(&text).ok());
    (name, proptest::option::of(sign_in), mail, roles, proptest::option::of(title()), language, external_id)
        .prop_map(|(name, sign_in, mail, roles, group, language, external_id)| PersonRow {
            name,
            sign_in,
            mail,
            roles,
            group,
            language,
            external_id,
        })
        .prop_filter("known again", |row| row.key().is_some())
}

fn group() -> impl Strategy<Value = GroupRow> {
    let capacity = proptest::option::of((1..=10_000_u16).prop_filter_map("places", NonZeroU16::new));
    (title(), title(), capacity).prop_map(|(course, group, capacity)| GroupRow { course, group, capacity })
}

fn lesson() -> impl Strategy<Value = TimetableRow> {
    let trainer = words().prop_filter_map("a name", |text| Name::parse(&text).ok());
    let rule = Repeat::Rule("FREQ=WEEKLY;BYDAY=MO,-1TU;COUNT=4".to_owned());
    let repeat = proptest::sample::select(vec![None, Some(Repeat::Weekly), Some(rule)]);
    let start = (0..24_u8, 0..60_u8).prop_filter_map("a time", |(hour, minute)| TimeOfDay::new(hour, minute));
    let minutes = (1..=LESSON_MINUTES_MAX).prop_filter_map("minutes", NonZeroU16::new);
    let key = proptest::option::of(words().prop_filter_map("a key", |text| ExternalId::parse(&text).ok()));
    let lesson_title = words().prop_filter_map("a title", |text| LessonTitle::parse(&text).ok());
    let titles = (proptest::option::of(title()), title(), lesson_title, proptest::option::of(title()));
    let except = proptest::collection::btree_set(date(), 0..4);
    (titles, trainer, date(), (start, minutes), proptest::option::of(title()), (repeat, except), key).prop_map(
        |((course, group, title, unit), trainer, date, (start, minutes), room, (repeat, except), key)| {
            let until = (repeat == Some(Repeat::Weekly)).then_some(date);
            let except = if repeat.is_some() { except } else { BTreeSet::new() };
            TimetableRow { key, course, group, trainer, title, unit, date, start, minutes, room, repeat, until, except }
        },
    )
}

/// The rows of which none says the same as an earlier one.
fn distinct<T: Table>(rows: Vec<T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    rows.into_iter().filter(|row| row.keys().into_iter().all(|key| seen.insert(key))).collect()
}

fn round_trip<T: Table + PartialEq + std::fmt::Debug>(rows: Vec<T>) -> Result<(), TestCaseError> {
    let rows = distinct(rows);
    for language in Language::ALL {
        let file = write(&rows, language);
        let import = read_bytes::<T>(&file).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        prop_assert!(import.problems.is_empty(), "{:?}", import.problems);
        let read: Vec<&T> = import.rows.iter().map(|row| &row.row).collect();
        prop_assert_eq!(&read, &rows.iter().collect::<Vec<_>>());
        prop_assert_eq!(write(read, language), file);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(
        people in proptest::collection::vec(person(), 0..6),
        groups in proptest::collection::vec(group(), 0..6),
        lessons in proptest::collection::vec(lesson(), 0..6),
    ) {
        round_trip(people)?;
        round_trip(groups)?;
        round_trip(lessons)?;
    }

    #[test]
    fn any_bytes_are_rows_or_faults(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        text in "(name|role|mail|[,;\t\"\n\r'=+]|\\PC){0,60}",
    ) {
        for file in [bytes, text.into_bytes()] {
            let _ = read_bytes::<PersonRow>(&file);
            let _ = read_bytes::<GroupRow>(&file);
            let _ = read_bytes::<TimetableRow>(&file);
        }
    }
}
