//! Reports by mail: of the week or month that is over, to who asked for them, as long as they may read them.
//!
//! Each is queued in the transaction that says when the next is due: a server that stops in between queues it when it is
//! back, and one that stopped after it does not. Who may not read a report any more gets none of it.

use crate::ids::{MailId, ReportViewId};
use crate::rollup::Sums;
use crate::rollup::calendar::{day_number, day_of};
use crate::rollup::view::View;
use crate::schedule::{Zone, week};
use crate::store::{Branch, DueReport, NewMail, ReportBy, ReportMail, ReportQuery, Store, StoreError};
use crate::text::Language;
use crate::time::{Clock, Timestamp};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, time};
use std::ops::RangeInclusive;

/// How many reports are made in one go; the others are next, some seconds later.
const BATCH: u32 = 20;

/// When mails are due, by the clock on the wall of the reader's institution.
const AT: jiff::civil::Time = time(7, 0, 0, 0);

/// When the next report after an instant is due: on Monday or on the first of the month, at seven.
#[must_use]
pub fn next_report_mail(zone: &Zone, mail: ReportMail, after: Timestamp) -> Timestamp {
    let today = week::day(zone, after);
    let this = match mail {
        ReportMail::Weekly => monday(today),
        ReportMail::Monthly => today.first_of_month(),
    };
    let next = match mail {
        ReportMail::Weekly => this.saturating_add(7.days()),
        ReportMail::Monthly => this.saturating_add(1.month()),
    };
    let due = |day: Date| zone.instant(day.to_datetime(AT));
    if due(this) > after { due(this) } else { due(next) }
}

/// The week or month that is over at an instant, and the one before it.
fn periods(zone: &Zone, mail: ReportMail, now: Timestamp) -> [RangeInclusive<i32>; 2] {
    let today = week::day(zone, now);
    let begins: [Date; 3] = match mail {
        ReportMail::Weekly => {
            let this = monday(today);
            [this, this.saturating_sub(7.days()), this.saturating_sub(14.days())]
        }
        ReportMail::Monthly => {
            let this = today.first_of_month();
            [this, this.saturating_sub(1.month()), this.saturating_sub(2.months())]
        }
    };
    let [this, over, before] = begins.map(day_number);
    [over..=this.saturating_sub(1), before..=over.saturating_sub(1)]
}

fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().since(Weekday::Monday)).days())
}

/// Queues some of the reports that are due by mail; `base_url` is where people reach the server.
///
/// # Errors
/// Where the store does not answer; what was queued by then is queued.
pub async fn queue_due(store: &Store, clock: &dyn Clock, base_url: &str) -> Result<(), StoreError> {
    let now = clock.now();
    for due in store.reports_due(now, BATCH).await? {
        let zone = Zone::parse(&due.time_zone).unwrap_or_else(|_| Zone::utc());
        let next = next_report_mail(&zone, due.mail, now);
        let of = store.of(due.institution);
        let mail = mail(store, &due, &zone, now, base_url).await?;
        match of.queue_report(&due, next, mail.as_ref()).await {
            // It was queued before the clock was set back.
            Err(StoreError::Conflict) => of.queue_report(&due, next, None).await?,
            queued => queued?,
        };
    }
    Ok(())
}

/// The mail, where its reader may have it.
async fn mail(
    store: &Store,
    due: &DueReport,
    zone: &Zone,
    now: Timestamp,
    base_url: &str,
) -> Result<Option<NewMail>, StoreError> {
    let Some(address) = due.address.as_ref().filter(|_| due.is_active) else { return Ok(None) };
    let Ok(view) = View::parse(&due.view.query) else {
        tracing::warn!(view = %due.view.id, "a report can't be sent: its query is none that is known");
        return Ok(None);
    };
    let Some(mut query) = query(store, due, &view).await? else { return Ok(None) };
    let [over, before] = periods(zone, due.mail, now);
    let mut figures = [Sums::default(), Sums::default()];
    for (days, sums) in [&over, &before].into_iter().zip(&mut figures) {
        query.days = days.clone();
        store.report_sums(&query).await?.iter().for_each(|line| sums.add(&line.sums));
    }
    let subject = due.view.subject.map(|institution| format!("institution={institution}&")).unwrap_or_default();
    let institution = match due.view.subject.filter(|subject| *subject != due.institution) {
        Some(subject) => store.of(subject).name_and_region().await?.map(|(name, _)| name),
        None => None,
    };
    let facts = Facts {
        name: &due.view.name,
        institution,
        days: &over,
        before_days: &before,
        now: &figures[0],
        before: &figures[1],
        link: format!("{base_url}/reports?{subject}{}", view.query_of(&over)),
    };
    let (subject, body) = written(&facts, due.language);
    let id = id_of(due.view.id, *over.start());
    Ok(Some(NewMail { id, person: Some(due.person), recipient: address.clone(), subject, body, created_at: now }))
}

/// What is to be added up; nothing where who gets it may not read it (any more).
async fn query(store: &Store, due: &DueReport, view: &View) -> Result<Option<ReportQuery>, StoreError> {
    let oversees = due.roles.committee || due.roles.administrator;
    let mut query = ReportQuery {
        branch: Branch::Institution(due.institution),
        days: 0..=0,
        by: ReportBy::Total,
        per: None,
        course: None,
        group: None,
        trainer: None,
    };
    let Some(subject) = due.view.subject else {
        let branch = Branch::reached(due.reach, due.institution, due.region).narrowed(view.region);
        return Ok(branch.filter(|_| oversees).map(|branch| ReportQuery { branch, ..query }));
    };
    (query.course, query.group, query.trainer) = (view.course, view.group, view.trainer);
    query.branch = Branch::Institution(subject);
    if subject == due.institution {
        if !oversees {
            // A trainer reads of their own lessons.
            query.trainer = Some(due.person);
        }
        return Ok(Some(query).filter(|_| oversees || due.roles.trainer));
    }
    let standing = store.standing_of(subject).await?;
    let reaches = standing.is_some_and(|(region, reach)| due.reach.covers(due.region, region, reach));
    Ok(Some(query).filter(|_| oversees && reaches))
}

/// What a mail says.
struct Facts<'a> {
    /// The view's.
    name: &'a str,
    /// Whose lessons it is of, where it is another institution than the reader's.
    institution: Option<String>,
    days: &'a RangeInclusive<i32>,
    before_days: &'a RangeInclusive<i32>,
    now: &'a Sums,
    before: &'a Sums,
    link: String,
}

/// The words of one language.
struct Words {
    report: &'static str,
    colon: &'static str,
    from: &'static str,
    to: &'static str,
    beside: &'static str,
    lessons: &'static str,
    hours: &'static str,
    attendance: &'static str,
    punctual: &'static str,
    speech: &'static str,
    data: &'static str,
    of: &'static str,
    no_lessons: &'static str,
    link: &'static str,
    why: &'static str,
    point: char,
    open: &'static str,
}

const ARABIC: Words = Words {
    report: "تقرير",
    colon: ": ",
    from: "من",
    to: "إلى",
    beside: "بين قوسين: الفترة السابقة",
    lessons: "الحصص المنجزة من المبرمجة",
    hours: "الساعات المنجزة من المبرمجة",
    attendance: "نسبة الحضور",
    punctual: "الحصص التي بدأت في موعدها",
    speech: "جودة الصوت من 100",
    data: "البيانات (ميغابايت)",
    of: "/",
    no_lessons: "لم تكن هناك أي حصة مبرمجة في هذه الفترة.",
    link: "التقرير الكامل",
    why: "توصلت بهذه الرسالة لأنك طلبت هذا التقرير. يمكنك إيقافه من صفحة التقارير.",
    point: ',',
    open: "-",
};

const FRENCH: Words = Words {
    report: "Rapport",
    colon: " : ",
    from: "Du",
    to: "au",
    beside: "Entre parenthèses, la période d’avant",
    lessons: "Séances données sur prévues",
    hours: "Heures données sur prévues",
    attendance: "Assiduité",
    punctual: "Séances commencées à l’heure",
    speech: "Qualité de la parole sur 100",
    data: "Données (Mo)",
    of: "/",
    no_lessons: "Aucune séance n’était prévue pendant cette période.",
    link: "Le rapport entier",
    why: "Vous recevez ce message parce que vous avez demandé ce rapport. Vous pouvez l’arrêter sur la page des rapports.",
    point: ',',
    open: "-",
};

const ENGLISH: Words = Words {
    report: "Report",
    colon: ": ",
    from: "From",
    to: "to",
    beside: "In brackets, the period before",
    lessons: "Lessons given of planned",
    hours: "Hours given of planned",
    attendance: "Attendance",
    punctual: "Lessons that began in time",
    speech: "Quality of speech of 100",
    data: "Data (MB)",
    of: "/",
    no_lessons: "No lesson was planned in this period.",
    link: "The whole report",
    why: "You get this message because you asked for this report. You can stop it on the page of reports.",
    point: '.',
    open: "-",
};

/// Subject and text.
fn written(facts: &Facts<'_>, language: Language) -> (String, String) {
    let words = match language {
        Language::Arabic => &ARABIC,
        Language::French => &FRENCH,
        Language::English => &ENGLISH,
    };
    let Words { colon, .. } = words;
    let days = |days: &RangeInclusive<i32>| {
        format!("{} {} {} {}", words.from, day_of(*days.start()), words.to, day_of(*days.end()))
    };
    let subject = format!("{}{colon}{}, {}", words.report, facts.name, day_of(*facts.days.start()));
    let mut lines = vec![facts.name.to_owned()];
    lines.extend(facts.institution.clone());
    lines.extend([days(facts.days), String::new()]);
    if facts.now.planned == 0 && facts.before.planned == 0 {
        lines.push(words.no_lessons.to_owned());
    } else {
        lines.extend(figures(facts, words));
        lines.extend([String::new(), format!("{}{colon}{}", words.beside, days(facts.before_days))]);
    }
    lines.extend([String::new(), format!("{}{colon}{}", words.link, facts.link), String::new()]);
    (subject, format!("{}\n--\n{}\n", lines.join("\n"), words.why))
}

fn figures(facts: &Facts<'_>, words: &Words) -> Vec<String> {
    let hours = |us: u64| number(us as f64 / 3_600_000_000.0, words);
    let percent = |rate: Option<f64>| rate.map_or(words.open.to_owned(), |rate| format!("{} %", number(rate, words)));
    let score = |score: Option<f64>| score.map_or(words.open.to_owned(), |score| number(score, words));
    let of = words.of;
    let line = |label: &str, figure: &dyn Fn(&Sums) -> String| {
        format!("{label}{}{} ({})", words.colon, figure(facts.now), figure(facts.before))
    };
    vec![
        line(words.lessons, &|sums| format!("{} {of} {}", sums.given, sums.planned)),
        line(words.hours, &|sums| format!("{} {of} {}", hours(sums.given_us), hours(sums.planned_us))),
        line(words.attendance, &|sums| percent(sums.attendance_percent())),
        line(words.punctual, &|sums| percent(sums.punctual_percent())),
        line(words.speech, &|sums| score(sums.speech())),
        line(words.data, &|sums| (sums.bytes / 1_000_000).to_string()),
    ]
}

/// With one decimal.
fn number(value: f64, words: &Words) -> String {
    format!("{value:.1}").replace('.', &words.point.to_string())
}

/// An id that follows from what is sent and of when: nobody's mail can be queued twice.
fn id_of(view: ReportViewId, from_day: i32) -> MailId {
    let both = [view.0.as_bytes().as_slice(), &from_day.to_be_bytes()].concat();
    let digest = ring::digest::digest(&ring::digest::SHA256, &both);
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *byte = *from;
    }
    MailId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{DateTime, date};

    fn casablanca() -> Zone {
        Zone::parse("Africa/Casablanca").expect("a zone")
    }

    fn next(mail: ReportMail, wall: DateTime) -> DateTime {
        let zone = casablanca();
        zone.wall(next_report_mail(&zone, mail, zone.instant(wall)))
    }

    #[test]
    fn reports_are_due_at_seven_on_mondays_and_on_the_first() {
        let thursday = date(2026, 11, 26);
        assert_eq!(next(ReportMail::Weekly, thursday.at(9, 0, 0, 0)), date(2026, 11, 30).at(7, 0, 0, 0));
        assert_eq!(next(ReportMail::Monthly, thursday.at(9, 0, 0, 0)), date(2026, 12, 1).at(7, 0, 0, 0));
        let monday = date(2026, 11, 30);
        assert_eq!(next(ReportMail::Weekly, monday.at(6, 59, 0, 0)), monday.at(7, 0, 0, 0));
        assert_eq!(next(ReportMail::Weekly, monday.at(7, 0, 0, 0)), date(2026, 12, 7).at(7, 0, 0, 0));
        assert_eq!(next(ReportMail::Monthly, date(2026, 12, 1).at(7, 0, 0, 0)), date(2027, 1, 1).at(7, 0, 0, 0));
    }

    #[test]
    fn a_report_is_of_the_week_or_month_that_is_over() {
        let zone = casablanca();
        let at = |wall: DateTime| zone.instant(wall);
        let named = |[over, before]: [RangeInclusive<i32>; 2]| {
            [over, before].map(|days| (day_of(*days.start()), day_of(*days.end())))
        };
        let weekly = named(periods(&zone, ReportMail::Weekly, at(date(2026, 11, 30).at(7, 0, 0, 0))));
        assert_eq!(weekly[0], (date(2026, 11, 23), date(2026, 11, 29)));
        assert_eq!(weekly[1], (date(2026, 11, 16), date(2026, 11, 22)));
        // The server was down since Monday.
        let late = named(periods(&zone, ReportMail::Weekly, at(date(2026, 12, 3).at(12, 0, 0, 0))));
        assert_eq!(late, weekly);
        let monthly = named(periods(&zone, ReportMail::Monthly, at(date(2026, 3, 1).at(7, 0, 0, 0))));
        assert_eq!(monthly[0], (date(2026, 2, 1), date(2026, 2, 28)));
        assert_eq!(monthly[1], (date(2026, 1, 1), date(2026, 1, 31)));
    }

    #[test]
    fn a_mail_says_what_it_is_about_in_the_readers_language() {
        let now = Sums {
            planned: 12,
            given: 9,
            late: 3,
            planned_us: 12 * 3_600_000_000,
            given_us: 9 * 3_600_000_000,
            expected_us: 1_000,
            present_us: 875,
            bytes: 31_000_000,
            ..Sums::default()
        };
        let before = Sums { planned: 10, given: 10, ..now };
        let facts = Facts {
            name: "Souss, la semaine",
            institution: Some("ISTA".into()),
            days: &(20_780..=20_786),
            before_days: &(20_773..=20_779),
            now: &now,
            before: &before,
            link: "https://qism.example/reports?from=2026-11-23&to=2026-11-29".into(),
        };
        for (language, words) in [
            (Language::Arabic, ["تقرير: Souss, la semaine, 2026-11-23", "نسبة الحضور: 87,5 % (87,5 %)"]),
            (Language::French, ["Rapport : Souss, la semaine, 2026-11-23", "Assiduité : 87,5 % (87,5 %)"]),
            (
                Language::English,
                ["Report: Souss, la semaine, 2026-11-23", "Lessons given of planned: 9 / 12 (10 / 10)"],
            ),
        ] {
            let (subject, body) = written(&facts, language);
            assert_eq!(subject, words[0]);
            assert!(body.contains(words[1]), "{body}");
            assert!(body.contains("ISTA\n") && body.contains(&facts.link), "{body}");
        }
        let nothing = Sums::default();
        let (_, body) = written(&Facts { now: &nothing, before: &nothing, ..facts }, Language::English);
        assert!(body.contains("No lesson was planned") && !body.contains('('), "{body}");
    }
}
