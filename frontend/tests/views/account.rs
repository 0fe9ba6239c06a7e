//! The own page and the plain log-in pages.

use frontend::account::plain::{ActivatePage, LoginPage, activate, insecure_origin, login};
use frontend::account::view::{MeActions, Preferences, me, sessions};
use frontend::i18n::Locale;
use frontend::kit::Tab;
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

#[test]
fn the_own_page_leads_to_the_desk_pages_of_the_permissions() {
    let html = draw("me", || {
        let preferences = Preferences {
            theme: RwSignal::new("auto".to_owned()),
            large_type: false.into(),
            language: RwSignal::new("zh-CN".to_owned()),
            on_large_type: Callback::new(|_| ()),
        };
        let actions = MeActions { log_out: Callback::new(|()| ()) };
        in_frame("我的", Tab::Me, me(facts::words(), &facts::me(), preferences, actions, ().into_any()))
    });
    assert!(html.contains("/oversights") && !html.contains("/roles"));
    insta::assert_snapshot!(html);
}

#[test]
fn the_session_in_use_cannot_be_ended_from_the_list() {
    let html = draw("sessions", || sessions(facts::words(), &facts::sessions(), false.into(), Callback::new(|_| ())));
    assert_eq!(html.matches("下线</span>").count(), 1);
    insta::assert_snapshot!(html);
}

#[test]
fn the_log_in_form_works_without_a_script() {
    let page = LoginPage {
        username: "G0123".to_owned(),
        next: "/lessons/1".to_owned(),
        error: "工号或密码不正确".to_owned(),
        demo: true,
    };
    let html = draw("login", || login(Locale::zh_CN, &page));
    assert!(html.contains(r#"<form method="post" action="/login">"#));
    assert!(html.contains("/activate?next=%2Flessons%2F1"));
    insta::assert_snapshot!(html);
}

#[test]
fn what_was_typed_is_escaped() {
    let page = LoginPage { username: "\"><script>".to_owned(), ..LoginPage::default() };
    assert!(!draw("login_escaped", || login(Locale::zh_CN, &page)).contains("<script>"));
}

#[test]
fn the_activation_form_asks_for_code_and_password() {
    let html = draw("activate", || activate(Locale::zh_CN, &ActivatePage::default()));
    assert!(html.contains(r#"name="code""#) && html.contains(r#"name="new_password""#));
    insta::assert_snapshot!(html);
    insta::assert_snapshot!(draw("insecure", || insecure_origin(Locale::zh_CN)));
}
