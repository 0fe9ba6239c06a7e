//! Which pages are for a desk.
//!
//! The app is built twice: the phone's module has what officers and approvers open, the desk's module has every page.
//! This is the one place that says where the line is. The server asks it which module to name in the shell of an
//! address, the phone's module which links it cannot follow by itself, and the service worker is given [`ROOTS`].

/// The first words of the addresses that belong to the desk, whatever follows them.
pub const ROOTS: [&str; 20] = [
    "org",
    "imports",
    "oversights",
    "vacancies",
    "definitions",
    "authority",
    "leave-types",
    "unreported",
    "owed-papers",
    "absences",
    "on-behalf",
    "accounts",
    "periods",
    "work-calendar",
    "team",
    "subscriptions",
    "summary",
    "statistics",
    "channels",
    "roles",
];

/// Whether the page at this path, such as `/roles`, is in the desk's module only.
pub fn is_desk_page(path: &str) -> bool {
    path.split('/').find(|segment| !segment.is_empty()).is_some_and(|root| ROOTS.contains(&root))
}

#[cfg(test)]
mod tests {
    use app::account::rules::{Permission, Role};

    use super::is_desk_page;
    use crate::account::view::desk_places;
    use crate::i18n::Locale;
    use crate::kit::Tab;

    #[test]
    fn every_place_of_the_desk_menu_is_a_desk_page() {
        let all: Vec<Permission> = Role::ALL.into_iter().flat_map(Role::permissions).copied().collect();
        let places = desk_places(Locale::zh_CN, &all);
        assert!(places.len() >= 5);
        for place in places {
            assert!(is_desk_page(place.href), "{} would not be found on a phone", place.href);
        }
    }

    #[test]
    fn what_officers_and_approvers_open_is_in_the_module_of_phones() {
        let more = [
            "/leave/new",
            "/leave/team",
            "/leave/account",
            "/calendar",
            "/approvals",
            "/me/sessions",
            "/me/delegations",
            "/lessons/1/board",
            "/kit",
            "/nowhere",
        ];
        for path in Tab::ALL.map(Tab::href).into_iter().chain(more) {
            assert!(!is_desk_page(path), "{path}");
        }
    }

    #[test]
    fn only_the_first_word_decides() {
        for path in ["/roles", "/roles/", "//roles", "/org/nobody", "/org/a/b"] {
            assert!(is_desk_page(path), "{path}");
        }
        for path in ["", "/role", "/rolesx", "/ROLES", "/me/roles", "/leave/org"] {
            assert!(!is_desk_page(path), "{path}");
        }
    }
}
