//! What files of reports are written with, in each language.

use crate::rollup::view::Grouping;
use crate::text::Language;

/// The words of one language.
pub struct Words {
    pub title: &'static str,
    pub period: &'static str,
    pub compare: &'static str,
    region: &'static str,
    institution: &'static str,
    course: &'static str,
    group: &'static str,
    trainer: &'static str,
    pub total: &'static str,
    pub planned: &'static str,
    pub given: &'static str,
    pub cancelled: &'static str,
    pub late: &'static str,
    pub planned_hours: &'static str,
    pub given_hours: &'static str,
    pub given_percent: &'static str,
    pub expected: &'static str,
    pub came: &'static str,
    pub attendance: &'static str,
    pub punctual: &'static str,
    pub speech: &'static str,
    pub picture: &'static str,
    pub megabytes: &'static str,
    /// Lessons with each tool.
    pub tools: [&'static str; 5],
    /// Stands behind the title of a figure that is of the period before.
    pub before: &'static str,
}

impl Words {
    /// The title of the column that says what is put side by side.
    pub fn subject(&self, by: Grouping) -> &'static str {
        match by {
            Grouping::Region => self.region,
            Grouping::Institution => self.institution,
            Grouping::Course => self.course,
            Grouping::Group => self.group,
            Grouping::Trainer => self.trainer,
        }
    }
}

/// The words of a language.
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::Arabic => &ARABIC,
        Language::French => &FRENCH,
        Language::English => &ENGLISH,
    }
}

const ARABIC: Words = Words {
    title: "تقرير الحصص",
    period: "الفترة",
    compare: "مقارنة مع",
    region: "الجهة",
    institution: "المؤسسة",
    course: "التكوين",
    group: "الفوج",
    trainer: "المكوّن",
    total: "المجموع",
    planned: "الحصص المبرمجة",
    given: "الحصص المنجزة",
    cancelled: "الحصص الملغاة",
    late: "الحصص المتأخرة",
    planned_hours: "الساعات المبرمجة",
    given_hours: "الساعات المنجزة",
    given_percent: "نسبة الإنجاز",
    expected: "المتدربون المنتظرون",
    came: "الحاضرون منهم",
    attendance: "نسبة الحضور",
    punctual: "نسبة الانضباط للموعد",
    speech: "جودة الصوت",
    picture: "جودة الصورة",
    megabytes: "البيانات (ميغابايت)",
    tools: ["حصص بالكاميرا", "حصص بمشاركة الشاشة", "حصص بالدردشة", "حصص برفع اليد", "حصص بإعطاء الكلمة"],
    before: "الفترة السابقة",
};

const FRENCH: Words = Words {
    title: "Rapport des séances",
    period: "Période",
    compare: "Comparée à",
    region: "Région",
    institution: "Établissement",
    course: "Formation",
    group: "Groupe",
    trainer: "Formateur",
    total: "Total",
    planned: "Séances prévues",
    given: "Séances données",
    cancelled: "Séances annulées",
    late: "Séances en retard",
    planned_hours: "Heures prévues",
    given_hours: "Heures données",
    given_percent: "Taux de réalisation",
    expected: "Stagiaires attendus",
    came: "Venus parmi eux",
    attendance: "Taux d’assiduité",
    punctual: "Taux de ponctualité",
    speech: "Qualité de la parole",
    picture: "Qualité de l’image",
    megabytes: "Données (Mo)",
    tools: [
        "Séances avec caméra",
        "Séances avec écran partagé",
        "Séances avec messages",
        "Séances avec mains levées",
        "Séances où la parole est donnée",
    ],
    before: "période d’avant",
};

const ENGLISH: Words = Words {
    title: "Report of lessons",
    period: "Period",
    compare: "Compared with",
    region: "Region",
    institution: "Institution",
    course: "Course",
    group: "Group",
    trainer: "Trainer",
    total: "Total",
    planned: "Lessons planned",
    given: "Lessons given",
    cancelled: "Lessons called off",
    late: "Lessons that began late",
    planned_hours: "Hours planned",
    given_hours: "Hours given",
    given_percent: "Hours given of planned",
    expected: "Trainees expected",
    came: "Of whom came",
    attendance: "Attendance",
    punctual: "Punctuality",
    speech: "Quality of speech",
    picture: "Quality of pictures",
    megabytes: "Data (MB)",
    tools: [
        "Lessons with camera",
        "Lessons with a shared screen",
        "Lessons with chat",
        "Lessons with raised hands",
        "Lessons in which the floor was given",
    ],
    before: "period before",
};
