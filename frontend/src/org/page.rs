//! Loads and acts for the desk pages: officers, oversight, vacancies, given roles.

use std::collections::BTreeSet;

use app::account::api::{
    Activation, CreateActivation, CreateRoleGrant, DeleteRoleGrant, GiveRole, ListRoleGrants, RoleGrant,
};
use app::account::rules::{Permission, Role};
use app::api::{ById, ByOfficer, Empty};
use app::org::api::{
    CourtQuery, ListCourts, ListDepartments, ListOfficers, ListVacancies, OfficerItem, OfficerQuery, SetOversight,
    SetOversights,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::view;
use crate::account::view::role_name;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Button, Card, Choice, Choices, Field, Input, Kind, Loaded, Look, Pager, Select, Sheet, Size, Tone, TopBar,
};
use crate::load::{act, complain, new_id, read};
use crate::net;
use crate::state::AppState;

/// The courts for a [`Select`], with `first` for no court in particular. Empty until they are loaded.
pub(crate) fn court_select(state: AppState, id: &'static str, value: RwSignal<String>, first: &'static str) -> AnyView {
    let courts = read::<ListCourts>(state, || Some((Empty {}, Empty {})));
    (move || {
        courts.load.with(|load| {
            let choices = load.data().map(|courts| view::court_choices(&courts.items)).unwrap_or_default();
            view! { <Select id=id choices value placeholder=first /> }
        })
    })
    .into_any()
}

pub(crate) fn chosen_court(value: RwSignal<String>) -> Option<Uuid> {
    value.with(|id| Uuid::parse_str(id).ok())
}

/// `/org`
#[component]
pub fn OfficersPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let court = RwSignal::new(String::new());
    let typed = RwSignal::new(String::new());
    let filter = Memo::new(move |_| (court.get(), typed.get().trim().to_owned()));
    // The cursors that lead to the page shown, with the filter they belong to: another filter begins at the first page.
    let trail = RwSignal::new((filter.get_untracked(), Vec::<String>::new()));
    let cursors = move || trail.with(|(of, cursors)| if *of == filter.get() { cursors.clone() } else { Vec::new() });
    let reading = read::<ListOfficers>(state, move || {
        let (_, words) = filter.get();
        let query = OfficerQuery {
            court: chosen_court(court),
            q: (!words.is_empty()).then_some(words),
            cursor: cursors().pop(),
            limit: Some(100),
        };
        Some((Empty {}, query))
    });
    let chosen = RwSignal::new(None::<OfficerItem>);
    let made = RwSignal::new(None::<Activation>);
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let activate = Callback::new(move |item| {
        chosen.set(Some(item));
        made.set(None);
        open.set(true);
    });
    let make = Callback::new(move |()| {
        let Some(item) = chosen.get_untracked() else { return };
        act(busy, async move {
            let path = ByOfficer { officer: item.officer };
            match net::call::<CreateActivation>(&path, &Empty {}, &Empty {}).await {
                Ok(activation) => {
                    made.try_set(Some(activation));
                    reading.again.run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let turn = Callback::new(move |next: Option<String>| {
        let mut cursors = untrack(cursors);
        match next {
            Some(next) => cursors.push(next),
            None => drop(cursors.pop()),
        }
        trail.set((filter.get_untracked(), cursors));
        window().scroll_to_with_x_and_y(0.0, 0.0);
    });
    let can_activate = state.can(Permission::ManageOrg);
    view! {
        <TopBar locale title=td_string!(locale, org.officers) up="/me" />
        <main class="page">
            <Card>
                <div class="desk-filter">
                    <Field label=td_string!(locale, org.column_court) control="officers-court">
                        {court_select(state, "officers-court", court, td_string!(locale, org.all_courts))}
                    </Field>
                    <Field label=td_string!(locale, org.search) control="officers-search">
                        <Input id="officers-search" kind=Kind::Search value=typed />
                    </Field>
                </div>
            </Card>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |page| {
                    let pager = view! { <Pager locale is_first=cursors().is_empty() next=page.next.clone() on_turn=turn /> };
                    view! {
                        {view::officers(locale, page, can_activate, activate)}
                        {pager}
                    }
                        .into_any()
                }
            />
        </main>
        <Sheet locale open title=td_string!(locale, org.activation_title)>
            {move || match made.get() {
                Some(activation) => view::activation(state.words(), &activation),
                None => {
                    let sure = chosen
                        .get()
                        .map(|item| {
                            td_string!(locale, org.activation_sure, name = item.name, officer = item.officer)
                        });
                    view! {
                        <p>{sure}</p>
                        <Button size=Size::Wide busy=busy on_press=make>
                            {td_string!(locale, org.activation_make)}
                        </Button>
                    }
                        .into_any()
                }
            }}
        </Sheet>
    }
}

/// `/oversights`
#[component]
pub fn OversightsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let court = RwSignal::new(state.me().map(|me| me.court_id.to_string()).unwrap_or_default());
    let reading = read::<ListDepartments>(state, move || Some((Empty {}, CourtQuery { court: chosen_court(court) })));
    let leader = RwSignal::new(String::new());
    let chosen = RwSignal::new(BTreeSet::<Uuid>::new());
    let busy = RwSignal::new(false);
    // Choosing a leader, or fresh data, shows what he oversees now; ticks that were not saved are given up.
    Effect::new(move |_| {
        let officer = leader.get();
        let overseen = reading.load.with(|load| {
            let items = load.data().map(|data| data.items.as_slice()).unwrap_or_default();
            items.iter().filter(|item| item.overseer.as_deref() == Some(officer.as_str())).map(|item| item.id).collect()
        });
        chosen.set(overseen);
    });
    Effect::new(move |_| {
        court.track();
        leader.set(String::new());
    });
    let save = Callback::new(move |()| {
        let officer = leader.get_untracked();
        let departments = chosen.get_untracked().into_iter().collect();
        act(busy, async move {
            let body = SetOversight { officer, departments };
            match net::call::<SetOversights>(&Empty {}, &Empty {}, &body).await {
                Ok(departments) => {
                    reading.set(departments);
                    state.toasts.show(Tone::Good, td_string!(locale, org.saved));
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, org.oversights) up="/me" />
        <main class="page">
            <Card>
                <Field label=td_string!(locale, org.column_court) control="oversight-court">
                    {court_select(state, "oversight-court", court, "")}
                </Field>
            </Card>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| view::oversights(locale, data, leader, chosen, busy.into(), save)
            />
        </main>
    }
}

/// `/vacancies`
#[component]
pub fn VacanciesPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<ListVacancies>(state, || Some((Empty {}, Empty {})));
    view! {
        <TopBar locale title=td_string!(locale, org.vacancies) up="/me" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| view::vacancies(locale, &data.items)
            />
        </main>
    }
}

/// `/roles`
#[component]
pub fn RolesPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<ListRoleGrants>(state, || Some((Empty {}, Empty {})));
    let (giving, taking) = (RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new(None::<RoleGrant>);
    let officer = RwSignal::new(String::new());
    let role = RwSignal::new(Role::TrainingAdmin.as_str().to_owned());
    let court = RwSignal::new(String::new());
    let department = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let of_department = Memo::new(move |_| role.with(|name| Role::parse(name).is_some_and(Role::is_of_a_department)));
    let ask_to_take = Callback::new(move |grant| {
        chosen.set(Some(grant));
        taking.set(true);
    });
    let give = Callback::new(move |()| {
        let Some(role) = role.with_untracked(|name| Role::parse(name)) else { return };
        let court_id = court.with_untracked(|id| Uuid::parse_str(id).ok());
        let chosen = department.with_untracked(|id| Uuid::parse_str(id).ok());
        let department_id = chosen.filter(|_| role.is_of_a_department());
        let officer = officer.get_untracked().trim().to_owned();
        let body = GiveRole { id: new_id(), officer, role, court_id, department_id };
        act(busy, async move {
            match net::call::<CreateRoleGrant>(&Empty {}, &Empty {}, &body).await {
                Ok(_) => {
                    giving.try_set(false);
                    state.toasts.show(Tone::Good, td_string!(locale, org.role_given));
                    reading.again.run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let take = Callback::new(move |()| {
        let Some(grant) = chosen.get_untracked() else { return };
        act(busy, async move {
            match net::call::<DeleteRoleGrant>(&ById { id: grant.id }, &Empty {}, &Empty {}).await {
                Ok(_) => {
                    taking.try_set(false);
                    state.toasts.show(Tone::Good, td_string!(locale, org.role_taken));
                    reading.again.run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let open = Callback::new(move |()| giving.set(true));
    view! {
        <TopBar locale title=td_string!(locale, org.roles) up="/me" />
        <main class="page">
            <div>
                <Button on_press=open>{td_string!(locale, org.give_role)}</Button>
            </div>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| view::role_grants(locale, &data.items, busy.into(), ask_to_take)
            />
        </main>
        <Sheet locale open=giving title=td_string!(locale, org.give_role)>
            <Field label=td_string!(locale, account.number) control="role-officer">
                <Input id="role-officer" value=officer />
            </Field>
            <Choices label=td_string!(locale, org.column_role) choices=given_roles(locale) value=role />
            <Field label=td_string!(locale, org.column_scope) control="role-court">
                {court_select(state, "role-court", court, td_string!(locale, org.whole_province))}
            </Field>
            {move || of_department.get().then(|| department_field(state, court, department))}
            <Button size=Size::Wide busy=busy on_press=give>
                {td_string!(locale, org.give_role)}
            </Button>
        </Sheet>
        <Sheet locale open=taking title=td_string!(locale, org.take_role)>
            <p>
                {move || {
                    chosen
                        .get()
                        .map(|grant| {
                            td_string!(locale, org.take_sure, name = grant.name, role = role_name(locale, grant.role))
                        })
                }}
            </p>
            <Button look=Look::DangerFill size=Size::Wide busy=busy on_press=take>
                {td_string!(locale, org.take_role)}
            </Button>
        </Sheet>
    }
}

/// The department for a role that is given for one. Those of the chosen court are offered.
fn department_field(state: AppState, court: RwSignal<String>, department: RwSignal<String>) -> AnyView {
    let locale = state.locale;
    let reading = read::<ListDepartments>(state, move || {
        let court = chosen_court(court)?;
        Some((Empty {}, CourtQuery { court: Some(court) }))
    });
    let choices = move || {
        reading.load.with(|load| {
            let of_court = |item: &&app::org::api::Department| Some(item.court_id) == chosen_court(court);
            let known = load.data().map(|found| found.items.as_slice()).unwrap_or_default();
            let choices = known.iter().filter(of_court);
            let choices = choices.map(|item| Choice::new(item.id.to_string(), item.name.clone())).collect();
            let first = td_string!(locale, org.choose_department);
            view! { <Select id="role-department" choices value=department placeholder=first /> }
        })
    };
    view! {
        <Field label=td_string!(locale, org.role_department) control="role-department">
            {choices}
        </Field>
    }
    .into_any()
}

fn given_roles(locale: Locale) -> Vec<Choice> {
    Role::ALL
        .into_iter()
        .filter(|role| role.is_given())
        .map(|role| Choice::new(role.as_str(), role_name(locale, role)))
        .collect()
}
