//! What the demo school teaches: courses with their programmes, materials, trainers and groups.

use super::timetable::Weeks;
use super::{CASABLANCA, INSTITUTION, KENITRA, LYON, MARRAKECH, id, people, row, search};
use crate::ids::InstitutionId;
use crate::store::Rows;
use jiff::civil::date;
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

struct Course {
    number: u32,
    institution: InstitutionId,
    title: &'static str,
    language: &'static str,
    sector: &'static str,
    level: &'static str,
    description: &'static str,
    offered: bool,
    trainers: &'static [u32],
    units: &'static [(&'static str, u32)],
    materials: &'static [(&'static str, &'static str)],
    /// Its group, with the group's name.
    group: (u32, &'static str),
    /// How many trainees it takes.
    capacity: u32,
    /// Whether its group has its trainees.
    begun: bool,
}

const COURSES: [Course; 10] = [
    Course {
        number: 20,
        institution: INSTITUTION,
        title: "كهرباء السيارات",
        language: "ar",
        sector: "ميكانيك السيارات",
        level: "تقني",
        description: "تشخيص الدارات الكهربائية للسيارة وإصلاحها: البطارية، الشحن، الإقلاع، الإنارة.\n\n\
                      الحصص عن بعد من الاثنين إلى الجمعة، والتطبيق في الورشة يوم السبت كل أسبوعين.\n\n\
                      شرط التسجيل: مستوى الثالثة إعدادي على الأقل.",
        offered: true,
        trainers: &[10, 15],
        units: &[
            ("البطارية", 360),
            ("دارة الشحن", 540),
            ("دارة الإقلاع", 540),
            ("الإنارة والإشارة", 360),
            ("قراءة المخططات", 720),
        ],
        materials: &[
            ("قانون أوم في خمس دقائق", "https://fr.wikipedia.org/wiki/Loi_d%27Ohm"),
            ("رموز المخططات الكهربائية", "https://fr.wikipedia.org/wiki/Symbole_%C3%A9lectronique"),
        ],
        group: (30, "فوج 2"),
        capacity: 24,
        begun: true,
    },
    Course {
        number: 21,
        institution: INSTITUTION,
        title: "Français professionnel",
        language: "fr",
        sector: "Langues",
        level: "Technicien",
        description: "Lire une fiche technique, rédiger un rapport, parler au client et au chef d’atelier.",
        offered: false,
        trainers: &[11, 14],
        units: &[
            ("Lire une fiche technique", 540),
            ("Rédiger un rapport de stage", 720),
            ("L’entretien avec le client", 360),
        ],
        materials: &[("Conjugaison", "https://fr.wikipedia.org/wiki/Conjugaison_en_fran%C3%A7ais")],
        group: (31, "فوج 2"),
        capacity: 24,
        begun: true,
    },
    Course {
        number: 23,
        institution: INSTITUTION,
        title: "الرسم التقني",
        language: "ar",
        sector: "ميكانيك السيارات",
        level: "تقني",
        description: "قراءة الرسوم وإنجازها باليد وبالحاسوب.",
        offered: false,
        trainers: &[13],
        units: &[("الإسقاط", 540), ("المقاطع", 360), ("التبعيد", 360)],
        materials: &[("الرسم التقني وقواعده", "https://fr.wikipedia.org/wiki/Dessin_technique")],
        group: (34, "فوج 2"),
        capacity: 24,
        begun: true,
    },
    Course {
        number: 24,
        institution: INSTITUTION,
        title: "السلامة في الورشة",
        language: "ar",
        sector: "ميكانيك السيارات",
        level: "تقني",
        description: "أخطار الورشة، معدات الوقاية، الإسعافات الأولى.",
        offered: false,
        trainers: &[15],
        units: &[("معدات الوقاية", 180), ("الإسعافات الأولى", 360)],
        materials: &[("الإسعافات الأولى", "https://fr.wikipedia.org/wiki/Premiers_secours")],
        group: (35, "فوج 2"),
        capacity: 24,
        begun: true,
    },
    Course {
        number: 22,
        institution: KENITRA,
        title: "Froid et climatisation",
        language: "fr",
        sector: "Énergie",
        level: "Technicien spécialisé",
        description: "Installer, mettre en service et dépanner des installations frigorifiques.\n\n\
                      Deux tiers à distance, un tiers à l’atelier froid de Kénitra, en groupes de six.\n\n\
                      Niveau demandé : baccalauréat.",
        offered: true,
        trainers: &[12],
        units: &[("Le cycle frigorifique", 720), ("Les fluides", 360), ("La mise en service", 540)],
        materials: &[("Le cycle frigorifique", "https://fr.wikipedia.org/wiki/Cycle_frigorifique")],
        group: (32, "Groupe A"),
        capacity: 20,
        begun: true,
    },
    Course {
        number: 25,
        institution: KENITRA,
        title: "Électrotechnique",
        language: "fr",
        sector: "Énergie",
        level: "Technicien spécialisé",
        description: "Moteurs, transformateurs et réseaux triphasés.",
        offered: true,
        trainers: &[23],
        units: &[("Le triphasé", 540), ("Le moteur asynchrone", 540)],
        materials: &[("La machine asynchrone", "https://fr.wikipedia.org/wiki/Machine_asynchrone")],
        group: (33, "Groupe A"),
        capacity: 16,
        begun: true,
    },
    Course {
        number: 26,
        institution: MARRAKECH,
        title: "الاستقبال الفندقي",
        language: "ar",
        sector: "السياحة",
        level: "تأهيل",
        description: "استقبال النزلاء، الحجز، والتواصل بثلاث لغات.",
        offered: true,
        trainers: &[19],
        units: &[("استقبال النزيل", 360), ("الحجز", 360)],
        materials: &[],
        group: (36, "فوج الصباح"),
        capacity: 18,
        begun: true,
    },
    Course {
        number: 27,
        institution: CASABLANCA,
        title: "Conduite de travaux",
        language: "fr",
        sector: "Bâtiment",
        level: "Technicien spécialisé",
        description: "Organiser un chantier, suivre les coûts et la sécurité.",
        offered: true,
        trainers: &[21],
        units: &[("Le planning", 540), ("Le métré", 540)],
        materials: &[("Le diagramme de Gantt", "https://fr.wikipedia.org/wiki/Diagramme_de_Gantt")],
        group: (37, "Promotion 2026"),
        capacity: 20,
        begun: true,
    },
    Course {
        number: 28,
        institution: LYON,
        title: "Mécatronique",
        language: "fr",
        sector: "Industrie",
        level: "BTS",
        description: "Capteurs, actionneurs et automates, avec des ateliers à distance pour les instituts partenaires.",
        offered: false,
        trainers: &[22],
        units: &[("Les capteurs", 360), ("L’automate", 540)],
        materials: &[],
        group: (38, "BTS 1"),
        capacity: 12,
        begun: true,
    },
    Course {
        number: 29,
        institution: INSTITUTION,
        title: "Soudage à l’arc",
        language: "fr",
        sector: "Métallurgie",
        level: "Spécialisation",
        description: "Le cordon, les positions, la sécurité du soudeur.\n\n\
                      Les gestes se filment à l’atelier et se revoient chez soi ; l’épreuve finale a lieu sur place.\n\n\
                      Niveau demandé : troisième année du collège. Les séances commencent en février.",
        offered: true,
        trainers: &[14],
        units: &[("Sécurité du soudeur", 180), ("Le cordon à plat", 720), ("Souder en position", 900)],
        materials: &[("Soudage à l’arc à l’électrode", "https://fr.wikipedia.org/wiki/Soudage_%C3%A0_l%27arc")],
        group: (39, "Groupe du soir"),
        capacity: 16,
        begun: false,
    },
];

/// The unit that a lesson of a group has its title from.
pub fn unit(group: u32, title: &str) -> Option<Uuid> {
    let course = COURSES.iter().find(|course| course.group.0 == group)?;
    let (position, _) = (1_u32..).zip(course.units).find(|(_, (name, _))| *name == title)?;
    Some(unit_id(course.number, position))
}

fn unit_id(course: u32, position: u32) -> Uuid {
    id(course * 100 + position)
}

/// How long ago the trainees came into their groups: before the first lesson that is shown.
const MEMBERS_SINCE_US: i64 = 60 * 24 * 3_600 * 1_000_000;

pub fn tables(weeks: &Weeks) -> Vec<Rows> {
    let [mut courses, mut units, mut trainers, mut groups, mut members, mut materials] = [const { Vec::new() }; 6];
    let mut words = Vec::new();
    let began = weeks.now.micros().saturating_sub(MEMBERS_SINCE_US);
    let end_of_year = date(weeks.school_year().year().saturating_add(1), 6, 30).at(18, 0, 0, 0);
    for course in COURSES {
        let (of, course_id) = (course.institution.to_string(), id(course.number).to_string());
        let of_course = [course.title, course.sector, course.level, course.description].map(search).join(" ");
        let mut columns = row(json!({
            "id": course_id, "institution": of, "title": course.title, "language": course.language,
            "sector": course.sector, "level": course.level, "description": course.description,
            "offered": course.offered, "capacity": course.capacity, "search": of_course,
        }));
        if !course.begun {
            columns.insert("apply_until".into(), weeks.zone.instant(end_of_year).micros().into());
        }
        courses.push(columns);
        // As the store writes them for a course that is offered.
        let found: BTreeSet<&str> = of_course.split(' ').filter(|_| course.offered).collect();
        words.extend(
            found
                .into_iter()
                .map(|word| row(json!({ "word": word.as_bytes(), "institution": of, "course": course_id }))),
        );
        for (position, (title, minutes)) in (1_u32..).zip(course.units) {
            units.push(row(json!({
                "id": unit_id(course.number, position).to_string(), "institution": of, "course": course_id,
                "position": position, "title": title, "planned_minutes": minutes,
            })));
        }
        for trainer in course.trainers {
            trainers.push(row(json!({ "institution": of, "course": course_id, "person": id(*trainer).to_string() })));
        }
        for (position, (title, url)) in (1_u32..).zip(course.materials) {
            materials.push(row(json!({
                "id": id(course.number * 100 + 50 + position).to_string(), "institution": of, "course": course_id,
                "title": title, "kind": "link", "url": url, "created_at": position,
            })));
        }
        let (group, name) = course.group;
        let group = id(group).to_string();
        groups.push(row(
            json!({ "id": group, "institution": of, "course": course_id, "name": name, "capacity": course.capacity }),
        ));
        for trainee in people::trainees(course.institution).into_iter().filter(|_| course.begun) {
            members.push(row(json!({
                "institution": of, "course_group": group, "person": id(trainee).to_string(), "since": began,
            })));
        }
    }
    vec![
        ("course", courses),
        ("course_word", words),
        ("course_unit", units),
        ("course_trainer", trainers),
        ("course_group", groups),
        ("group_member", members),
        ("material", materials),
    ]
}
