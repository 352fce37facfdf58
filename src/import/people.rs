//! The table of people.

use super::Table;
use super::cells::Cells;
use super::fault::Trouble;
use super::header::{Column, word_in};
use crate::text::{Language, Line, Mail, Name, SignInName, Title, fold};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// A person's number or code in the institution's own lists.
pub type ExternalId = Line<64>;

/// What a person is in an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Gives lessons.
    Trainer,
    /// Follows them.
    Trainee,
    /// Runs the institution.
    Administrator,
    /// Is of the monitoring committee.
    Committee,
}

/// One person of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The name.
    pub name: Name,
    /// The name to sign in by.
    pub sign_in: Option<SignInName>,
    /// The mail address.
    pub mail: Option<Mail>,
    /// What the person is; at least one.
    pub roles: BTreeSet<Role>,
    /// The name of the group that a trainee is of.
    pub group: Option<Title>,
    /// The language the person reads.
    pub language: Option<Language>,
    /// The institution's own number for the person.
    pub external_id: Option<ExternalId>,
}

/// By what a person is known again when a file is imported once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersonKey<'a> {
    /// The institution's own number.
    ExternalId(&'a ExternalId),
    /// The name to sign in by.
    SignIn(&'a SignInName),
    /// The mail address.
    Mail(&'a Mail),
}

impl PersonRow {
    /// The first of number, sign-in name and mail address that is there; each row that was read has one.
    #[must_use]
    pub fn key(&self) -> Option<PersonKey<'_>> {
        let external = self.external_id.as_ref().map(PersonKey::ExternalId);
        let sign_in = || self.sign_in.as_ref().map(PersonKey::SignIn);
        external.or_else(sign_in).or_else(|| self.mail.as_ref().map(PersonKey::Mail))
    }
}

impl Table for PersonRow {
    const COLUMNS: &'static [Column] = &[
        Column::optional(
            "external_id",
            ["رقم التسجيل", "Matricule", "Number"],
            &[
                "الرقم",
                "رقم المتدرب",
                "رقم التأجير",
                "n°",
                "numéro",
                "numéro d'inscription",
                "n° d'inscription",
                "code",
                "id",
                "registration number",
                "external id",
            ],
        ),
        Column::required(
            "name",
            ["الاسم", "Nom", "Name"],
            &[
                "الاسم الكامل",
                "الاسم والنسب",
                "الاسم العائلي والشخصي",
                "اسم المتدرب",
                "اسم المكون",
                "nom complet",
                "nom et prénom",
                "nom prénom",
                "prénom et nom",
                "full name",
            ],
        ),
        Column::required(
            "role",
            ["الدور", "Rôle", "Role"],
            &["الأدوار", "الصفة", "الوظيفة", "rôles", "fonction", "qualité", "roles"],
        ),
        Column::optional(
            "sign_in",
            ["اسم الدخول", "Identifiant", "Sign-in name"],
            &[
                "اسم المستخدم",
                "المعرف",
                "nom d'utilisateur",
                "login",
                "compte",
                "username",
                "user name",
                "user",
                "sign in",
            ],
        ),
        Column::optional(
            "mail",
            ["البريد الإلكتروني", "E-mail", "Mail"],
            &[
                "البريد",
                "الإيميل",
                "العنوان الإلكتروني",
                "email",
                "courriel",
                "adresse e-mail",
                "adresse électronique",
                "email address",
                "e-mail address",
                "mail address",
            ],
        ),
        Column::optional(
            "group",
            ["الفوج", "Groupe", "Group"],
            &["المجموعة", "القسم", "اسم الفوج", "nom du groupe", "classe", "group name", "class"],
        ),
        Column::read_only(
            "first_name",
            ["الاسم الشخصي", "Prénom", "First name"],
            &["prénoms", "given name", "forename"],
        ),
        Column::optional("language", ["اللغة", "Langue", "Language"], &["لغة", "lang"]),
    ];

    fn read(cells: &mut Cells<'_>) -> Option<Self> {
        let name = name(cells);
        let sign_in = cells.optional("sign_in", SignInName::parse);
        let mail = cells.optional("mail", Mail::parse);
        let roles = cells.required("role", roles);
        let group = cells.optional("group", Title::parse);
        let language = cells.optional("language", language);
        let external_id = cells.optional("external_id", ExternalId::parse);
        if (&sign_in, &mail, &external_id) == (&Some(None), &Some(None), &Some(None)) {
            let detail = "give a number, a sign-in name or a mail address: by one of them the person is known again";
            cells.blame("sign_in", Trouble::new("no_key", detail));
            return None;
        }
        Some(Self {
            name: name?,
            sign_in: sign_in?,
            mail: mail?,
            roles: roles?,
            group: group?,
            language: language?,
            external_id: external_id?,
        })
    }

    fn cells(&self, language: Language) -> Vec<String> {
        let roles: Vec<&str> = self.roles.iter().map(|role| role.word(language)).collect();
        vec![
            self.external_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            self.name.to_string(),
            roles.join(" / "),
            self.sign_in.as_ref().map(ToString::to_string).unwrap_or_default(),
            self.mail.as_ref().map(ToString::to_string).unwrap_or_default(),
            self.group.as_ref().map(ToString::to_string).unwrap_or_default(),
            self.language.map(|tag| tag.to_string()).unwrap_or_default(),
        ]
    }

    fn keys(&self) -> Vec<(&'static str, String)> {
        let mail = self.mail.as_ref().map(|mail| mail.as_str().to_ascii_lowercase());
        // Who has no sign-in name signs in by mail: then that is one, too.
        let sign_in = self.sign_in.as_ref().map(ToString::to_string).or_else(|| mail.clone());
        let external_id = self.external_id.as_ref().map(ToString::to_string);
        let keys = [("external_id", external_id), ("sign_in", sign_in), ("mail", mail)];
        keys.into_iter().filter_map(|(column, key)| Some((column, key?))).collect()
    }
}

/// Each role with its words in Arabic, French and English, and others by which it is read.
const ROLES: [(Role, [&str; 3], &[&str]); 4] = [
    (
        Role::Trainer,
        ["مكوّن", "formateur", "trainer"],
        &["مكونة", "أستاذ", "أستاذة", "formatrice", "enseignant", "enseignante", "teacher", "instructor"],
    ),
    (
        Role::Trainee,
        ["متدرب", "stagiaire", "trainee"],
        &[
            "متدربة",
            "متعلم",
            "متعلمة",
            "متمرن",
            "متمرنة",
            "طالب",
            "طالبة",
            "apprenti",
            "apprentie",
            "apprenant",
            "apprenante",
            "étudiant",
            "étudiante",
            "student",
            "learner",
            "apprentice",
        ],
    ),
    (
        Role::Administrator,
        ["مدير", "administrateur", "administrator"],
        &["مديرة", "إداري", "إدارية", "administratrice", "directeur", "directrice", "admin", "manager"],
    ),
    (
        Role::Committee,
        ["لجنة التتبع", "commission de suivi", "monitoring committee"],
        &["لجنة", "عضو لجنة التتبع", "commission", "membre de la commission de suivi", "committee", "committee member"],
    ),
];

impl Role {
    /// Its word in `language`.
    #[must_use]
    pub fn word(self, language: Language) -> &'static str {
        ROLES.iter().find(|(role, ..)| *role == self).map_or("", |(_, words, _)| word_in(words, language))
    }
}

/// Each role by the keys of its words.
static ROLE_KEYS: LazyLock<HashMap<String, Role>> = LazyLock::new(|| {
    let words = ROLES
        .iter()
        .flat_map(|(role, words, others)| words.iter().chain(others.iter()).map(move |word| (fold(word), *role)));
    words.collect()
});

/// Roles separated by any of the usual signs.
fn roles(text: &str) -> Result<BTreeSet<Role>, Trouble> {
    let unknown = || Trouble::new("unknown_role", "give one or more of: trainer, trainee, administrator, committee");
    let words = text.split(['/', ',', ';', '|', '+', '&', '،', '؛']).map(fold).filter(|word| !word.is_empty());
    let roles = words.map(|word| ROLE_KEYS.get(&word).copied().ok_or_else(unknown));
    let roles: BTreeSet<Role> = roles.collect::<Result<_, _>>()?;
    if roles.is_empty() { Err(unknown()) } else { Ok(roles) }
}

/// The whole name, where the file has it in two columns the first name before the other.
fn name(cells: &mut Cells<'_>) -> Option<Name> {
    let first = cells.text("first_name").to_owned();
    cells.required("name", |last| Name::parse(&format!("{first} {last}")))
}

/// Each language's names.
const LANGUAGES: [(Language, &[&str]); 3] = [
    (Language::Arabic, &["العربية", "عربية", "عربي", "arabe", "arabic"]),
    (Language::French, &["الفرنسية", "فرنسية", "فرنسي", "français", "french"]),
    (Language::English, &["الإنجليزية", "إنجليزية", "إنجليزي", "anglais", "english"]),
];

static LANGUAGE_KEYS: LazyLock<HashMap<String, Language>> = LazyLock::new(|| {
    let names = LANGUAGES.iter().flat_map(|(language, names)| names.iter().map(move |name| (fold(name), *language)));
    names.collect()
});

fn language(text: &str) -> Result<Language, Trouble> {
    let named = LANGUAGE_KEYS.get(&fold(text)).copied();
    let found = named.map_or_else(|| Language::parse(text), Ok);
    found.map_err(|fault| Trouble::new("unknown_language", fault.to_string()))
}
