//! What a section of the configuration is: fields whose documentation is there at run time too.

/// One option.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    /// Its documentation, one line each.
    pub about: &'static [&'static str],
}

/// A section of the configuration file.
pub trait Section: Default + serde::Serialize {
    /// Its documentation, one line each.
    const ABOUT: &'static [&'static str];
    const FIELDS: &'static [Field];
}

/// Declares a section once: the struct, its defaults, and its documentation for `qism config print`.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        $section:ident { $($(#[doc = $doc:literal])+ $field:ident: $type:ty = $default:expr,)+ }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $section {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        impl Default for $section {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl $crate::config::section::Section for $section {
            const ABOUT: &'static [&'static str] = &[$($about),+];
            const FIELDS: &'static [$crate::config::section::Field] = &[
                $($crate::config::section::Field { name: stringify!($field), about: &[$($doc),+] },)+
            ];
        }
    };
}
pub(super) use section;
