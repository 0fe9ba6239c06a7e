//! The officer's own page, drawn from plain data.

use app::account::api::{Me, SessionItem};
use app::account::rules::{Permission, Role};
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Badge, Button, Card, Cell, CellButton, Choice, EmptyState, Icon, List, Look, Place, Segments, Switch, Tone,
};

/// How the officer likes the screen; kept on the phone.
#[derive(Clone, Copy, Debug)]
pub struct Preferences {
    /// `auto`, `light` or `dark`.
    pub theme: RwSignal<String>,
    /// Whether the type is large (大字版).
    pub large_type: Signal<bool>,
    /// `zh-CN` or `en`.
    pub language: RwSignal<String>,
    /// Switches large type.
    pub on_large_type: Callback<bool>,
}

/// What can be done on the own page; the page does it.
#[derive(Clone, Copy)]
pub struct MeActions {
    /// Ends this session.
    pub log_out: Callback<()>,
}

/// The name of a role.
pub fn role_name(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Officer => td_string!(locale, account.role_officer),
        Role::DepartmentHead => td_string!(locale, account.role_department_head),
        Role::VicePresident => td_string!(locale, account.role_vice_president),
        Role::President => td_string!(locale, account.role_president),
        Role::Hr => td_string!(locale, account.role_hr),
        Role::TrainingAdmin => td_string!(locale, account.role_training_admin),
        Role::ClassTeacher => td_string!(locale, account.role_class_teacher),
        Role::Admin => td_string!(locale, account.role_admin),
        Role::Auditor => td_string!(locale, account.role_auditor),
        Role::DepartmentClerk => td_string!(locale, account.role_department_clerk),
    }
}

/// The desk pages that these permissions open.
pub fn desk_places(locale: Locale, permissions: &[Permission]) -> Vec<Place> {
    let can = |permission: Permission| permissions.contains(&permission);
    let mut places = Vec::new();
    if can(Permission::ReadOfficers) {
        places.push(Place { href: "/org", icon: Icon::People, label: td_string!(locale, org.officers) });
    }
    if can(Permission::ReadLeave) {
        places.push(Place { href: "/team", icon: Icon::Leave, label: td_string!(locale, team.calendar) });
        places.push(Place { href: "/summary", icon: Icon::Todo, label: td_string!(locale, figures.summary) });
        places.push(Place { href: "/statistics", icon: Icon::Info, label: td_string!(locale, figures.statistics) });
    }
    if can(Permission::SubmitForOthers) {
        places.push(Place { href: "/on-behalf", icon: Icon::Pen, label: td_string!(locale, on_behalf.title) });
    }
    if can(Permission::ManageLeave) {
        places.push(Place { href: "/accounts", icon: Icon::Plus, label: td_string!(locale, ledger.accounts) });
    }
    if can(Permission::ImportRoster) || can(Permission::ImportTraining) {
        places.push(Place { href: "/imports", icon: Icon::Upload, label: td_string!(locale, org.imports) });
    }
    if can(Permission::ManageOrg) {
        places.push(Place { href: "/oversights", icon: Icon::Court, label: td_string!(locale, org.oversights) });
        places.push(Place { href: "/vacancies", icon: Icon::Warning, label: td_string!(locale, org.vacancies) });
    }
    if can(Permission::ConfirmReturn) {
        places.push(Place { href: "/unreported", icon: Icon::Clock, label: td_string!(locale, after.unreported) });
    }
    if can(Permission::ReadLeavePapers) {
        places.push(Place { href: "/owed-papers", icon: Icon::Todo, label: td_string!(locale, after.owed) });
    }
    // Whoever sets the limits of the law finds them where they are looked at.
    if can(Permission::ConfirmReturn) || can(Permission::ManageLeaveRules) {
        places.push(Place { href: "/absences", icon: Icon::Warning, label: td_string!(locale, absence.list) });
    }
    if can(Permission::ManageLeaveRules) {
        places.push(Place { href: "/work-calendar", icon: Icon::Leave, label: td_string!(locale, calendar.title) });
    }
    if can(Permission::ManageOrg) {
        let label = td_string!(locale, calendar.court_days);
        places.push(Place { href: "/work-calendar/courts", icon: Icon::Court, label });
        let label = td_string!(locale, calendar.weeks);
        places.push(Place { href: "/work-calendar/weeks", icon: Icon::Clock, label });
    }
    if can(Permission::ManageApproval) {
        places.push(Place { href: "/authority", icon: Icon::Shield, label: td_string!(locale, authority.title) });
        places.push(Place { href: "/definitions", icon: Icon::Pen, label: td_string!(locale, definition.title) });
    }
    if can(Permission::ManageLeaveRules) {
        places.push(Place { href: "/leave-types", icon: Icon::Leave, label: td_string!(locale, leave_type.title) });
    }
    if can(Permission::ManageLeave) {
        places.push(Place { href: "/periods", icon: Icon::Clock, label: td_string!(locale, conflict.title) });
    }
    if can(Permission::GiveRoles) {
        places.push(Place { href: "/roles", icon: Icon::Shield, label: td_string!(locale, org.roles) });
    }
    if can(Permission::ManageChannels) {
        places.push(Place { href: "/channels", icon: Icon::Outbox, label: td_string!(locale, notice.channels) });
    }
    places
}

/// The officer's own page.
pub fn me(words: Words, data: &Me, preferences: Preferences, actions: MeActions, outbox: AnyView) -> AnyView {
    let locale = words.locale;
    let roles = data
        .roles
        .iter()
        .filter(|role| **role != Role::Officer || data.roles.len() == 1)
        .map(|role| view! { <Badge tone=Tone::Court text=role_name(locale, *role) /> })
        .collect_view();
    let initial: String = data.name.chars().next().into_iter().collect();
    let place =
        [Some(data.department.clone()), data.post.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let desk = desk_places(locale, &data.permissions);
    let (name, court, number) = (data.name.clone(), data.court.clone(), data.officer.clone());
    let desk = (!desk.is_empty()).then(|| {
        view! {
            <List title=td_string!(locale, kit.desk)>
                {desk
                    .into_iter()
                    .map(|place| view! { <Cell title=place.label icon=place.icon href=place.href /> })
                    .collect_view()}
            </List>
        }
    });
    view! {
        <div class="columns">
            <div class="stack">
                <Card accent=true>
                    <div class="row me-head">
                        <span class="me-initial" aria-hidden="true">
                            {initial}
                        </span>
                        <div class="grow">
                            <p class="me-name">{name}</p>
                            <p class="cell-note">{court}</p>
                            <p class="cell-note">{place}</p>
                            <p class="cell-note">{td_string!(locale, account.number)} " " {number}</p>
                        </div>
                    </div>
                    <div class="row">{roles}</div>
                </Card>
                {outbox}
                {desk}
            </div>
            <div class="stack">
                {preference_list(locale, preferences)}
                <List>
                    <Cell title=td_string!(locale, approval.delegations) icon=Icon::People href="/me/delegations" />
                    <Cell title=td_string!(locale, stand_in.title) icon=Icon::Leave href="/me/stand-ins" />
                    <Cell title=td_string!(locale, notice.settings) icon=Icon::Bell href="/notices/settings" />
                    <Cell title=td_string!(locale, feed.title) icon=Icon::Leave href="/subscriptions" />
                    <Cell title=td_string!(locale, account.sessions) icon=Icon::Device href="/me/sessions" />
                    <CellButton
                        title=td_string!(locale, account.log_out)
                        icon=Icon::LogOut
                        on_press=actions.log_out
                    />
                </List>
            </div>
        </div>
    }
    .into_any()
}

fn preference_list(locale: Locale, preferences: Preferences) -> AnyView {
    let themes = vec![
        Choice::new("auto", td_string!(locale, account.theme_auto)),
        Choice::new("light", td_string!(locale, account.theme_light)),
        Choice::new("dark", td_string!(locale, account.theme_dark)),
    ];
    let languages = vec![Choice::new("zh-CN", "中文"), Choice::new("en", "English")];
    let large = view! {
        <Switch
            label=td_string!(locale, account.large_type)
            on=preferences.large_type
            on_change=preferences.on_large_type
        />
    }
    .into_any();
    let theme = view! {
        <Segments label=td_string!(locale, account.theme) choices=themes value=preferences.theme />
    }
    .into_any();
    let language = view! {
        <Segments label=td_string!(locale, account.language) choices=languages value=preferences.language />
    }
    .into_any();
    view! {
        <List title=td_string!(locale, account.screen)>
            <Cell title=td_string!(locale, account.large_type) icon=Icon::Type end=large />
            <li class="cell me-choice">
                <span class="cell-title">{td_string!(locale, account.theme)}</span>
                {theme}
            </li>
            <li class="cell me-choice">
                <span class="cell-title">{td_string!(locale, account.language)}</span>
                {language}
            </li>
        </List>
    }
    .into_any()
}

/// The officer's sessions; each but the one in use can be ended.
pub fn sessions(words: Words, items: &[SessionItem], busy: Signal<bool>, on_revoke: Callback<uuid::Uuid>) -> AnyView {
    let locale = words.locale;
    if items.is_empty() {
        return view! { <EmptyState icon=Icon::Device title=td_string!(locale, account.no_sessions) /> }.into_any();
    }
    let cells = items
        .iter()
        .map(|item| {
            let id = item.id;
            let end = if item.current {
                view! { <Badge tone=Tone::Good text=td_string!(locale, account.this_device) /> }.into_any()
            } else {
                let revoke = Callback::new(move |()| on_revoke.run(id));
                view! {
                    <Button look=Look::Ghost busy=busy on_press=revoke>
                        {td_string!(locale, account.revoke)}
                    </Button>
                }
                .into_any()
            };
            let note = td_string!(
                locale,
                account.session_note,
                seen = words.moment(item.last_seen_at),
                began = words.moment(item.created_at)
            );
            view! { <Cell title=item.device.clone() note=note icon=Icon::Device end=end /> }
        })
        .collect_view();
    view! {
        <div class="stack narrow">
            <p class="muted small">{td_string!(locale, account.sessions_intro)}</p>
            <List>{cells}</List>
        </div>
    }
    .into_any()
}
