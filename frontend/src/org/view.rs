//! Officers, oversight, vacancies and given roles, drawn from plain data.

use std::collections::BTreeSet;

use app::account::api::{Activation, RoleGrant};
use app::api::Page;
use app::org::api::{Court, Department, Departments, OfficerItem, Vacancy};
use app::org::rules::{CourtLevel, OfficerStatus};
use leptos::prelude::*;
use uuid::Uuid;

use crate::account::view::role_name;
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Callout, Card, Choice, EmptyState, Icon, Look, RichTable, Size, Table, Tone};

/// The courts as choices, indented by their level.
pub fn court_choices(courts: &[Court]) -> Vec<Choice> {
    courts
        .iter()
        .map(|court| {
            let indent = match court.level {
                CourtLevel::High => "",
                CourtLevel::Intermediate => "\u{3000}",
                CourtLevel::Basic => "\u{3000}\u{3000}",
            };
            Choice::new(court.id.to_string(), format!("{indent}{}", court.name))
        })
        .collect()
}

/// The officers of a search, each with the door to a new activation code for those who may open it.
pub fn officers(
    locale: Locale,
    page: &Page<OfficerItem>,
    can_activate: bool,
    on_activate: Callback<OfficerItem>,
) -> AnyView {
    let items = &page.items;
    if items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Search
                title=td_string!(locale, org.no_officers)
                detail=td_string!(locale, org.no_officers_detail)
            />
        }
        .into_any();
    }
    let head = [
        td_string!(locale, account.number),
        td_string!(locale, org.column_name),
        td_string!(locale, org.column_court),
        td_string!(locale, org.column_department),
        td_string!(locale, org.column_post),
        td_string!(locale, org.column_category),
        td_string!(locale, org.column_phone),
        td_string!(locale, org.column_account),
    ];
    let rows = items.iter().map(|item| officer_row(locale, item, can_activate, on_activate)).collect();
    view! {
        <div class="officers">
            <RichTable label=td_string!(locale, org.officers) head=head.map(str::to_owned).to_vec() rows />
        </div>
    }
    .into_any()
}

/// The name, and for a phone, which shows no columns, what tells two people of that name apart.
fn officer_name(item: &OfficerItem) -> AnyView {
    let post = item.post.clone().unwrap_or_else(|| item.category.text().to_owned());
    view! {
        <span class="officer-name">{item.name.clone()}</span>
        <span class="officer-more">{format!(" · {post}")}</span>
        <span class="officer-more officer-line">{item.department.clone()}</span>
        <span class="officer-more officer-line small muted">{format!("{} · {}", item.officer, item.court)}</span>
    }
    .into_any()
}

fn officer_row(
    locale: Locale,
    item: &OfficerItem,
    can_activate: bool,
    on_activate: Callback<OfficerItem>,
) -> Vec<AnyView> {
    let (tone, state) = match (item.status, item.active) {
        (OfficerStatus::Retired, _) => (Tone::Plain, td_string!(locale, org.account_retired)),
        (OfficerStatus::InService, true) => (Tone::Good, td_string!(locale, org.account_active)),
        (OfficerStatus::InService, false) => (Tone::Gold, td_string!(locale, org.account_new)),
    };
    let door = (can_activate && item.status == OfficerStatus::InService).then(|| {
        let own = item.clone();
        let press = Callback::new(move |()| on_activate.run(own.clone()));
        view! {
            <Button look=Look::Ghost size=Size::Small icon=Icon::Key on_press=press>
                {td_string!(locale, org.activation_code)}
            </Button>
        }
    });
    let account = view! {
        <div class="row">
            <Badge tone text=state />
            {door}
        </div>
    };
    vec![
        item.officer.clone().into_any(),
        officer_name(item),
        item.court.clone().into_any(),
        item.department.clone().into_any(),
        item.post.clone().unwrap_or_default().into_any(),
        item.category.text().into_any(),
        item.phone.clone().unwrap_or_default().into_any(),
        account.into_any(),
    ]
}

/// A fresh activation code, shown once.
pub fn activation(words: Words, data: &Activation) -> AnyView {
    let locale = words.locale;
    view! {
        <p class="muted">{td_string!(locale, org.activation_note, officer = data.officer.clone())}</p>
        <p class="activation-code">{data.code.clone()}</p>
        <p class="small muted centre">
            {td_string!(locale, org.activation_until, at = words.moment(data.expires_at))}
        </p>
    }
    .into_any()
}

/// Which leader oversees which department. `chosen` holds the departments of the leader who is being edited.
pub fn oversights(
    locale: Locale,
    data: &Departments,
    leader: RwSignal<String>,
    chosen: RwSignal<BTreeSet<Uuid>>,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    if data.leaders.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Court
                title=td_string!(locale, org.no_leaders)
                detail=td_string!(locale, org.no_leaders_detail)
            />
        }
        .into_any();
    }
    let leaders = data
        .leaders
        .iter()
        .map(|item| {
            let post = item.post.clone().unwrap_or_default();
            Choice::new(item.officer.clone(), format!("{} {post}", item.name))
        })
        .collect();
    // Nobody has to oversee the leaders themselves; where somebody was set, he can still be taken away.
    let shown: Vec<&Department> =
        data.items.iter().filter(|item| !item.leaders_only || item.overseer.is_some()).collect();
    let open = shown.iter().filter(|item| item.overseer.is_none()).count();
    let warning = (open > 0).then(|| {
        view! { <Callout tone=Tone::Warn>{td_string!(locale, org.without_overseer, count = open)}</Callout> }
    });
    let boxes = shown.into_iter().map(|item| department_box(locale, item, leader, chosen)).collect_view();
    let none = Signal::derive(move || leader.with(String::is_empty));
    view! {
        {warning}
        <Card title=td_string!(locale, org.choose_leader)>
            <crate::kit::Choices label=td_string!(locale, org.choose_leader) choices=leaders value=leader />
        </Card>
        <Card title=td_string!(locale, org.overseen_departments)>
            <ul class="department-grid">{boxes}</ul>
            <div>
                <Button busy=busy disabled=none on_press=on_save>
                    {td_string!(locale, org.save)}
                </Button>
            </div>
        </Card>
    }
    .into_any()
}

fn department_box(
    locale: Locale,
    item: &Department,
    leader: RwSignal<String>,
    chosen: RwSignal<BTreeSet<Uuid>>,
) -> AnyView {
    let id = item.id;
    let toggle = move |_| {
        chosen.update(|chosen| {
            if !chosen.remove(&id) {
                chosen.insert(id);
            }
        });
    };
    let overseer = item.overseer_name.clone().unwrap_or_else(|| td_string!(locale, org.nobody_oversees).to_owned());
    view! {
        <li>
            <label class="department">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                    disabled=move || leader.with(String::is_empty)
                    on:change=toggle
                />
                <span class="grow">
                    <span class="cell-title">{item.name.clone()}</span>
                    <span class="cell-note">{overseer}</span>
                </span>
            </label>
        </li>
    }
    .into_any()
}

/// The posts that nobody holds, with who decides in their place.
pub fn vacancies(locale: Locale, items: &[Vacancy]) -> AnyView {
    if items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Check
                title=td_string!(locale, org.no_vacancies)
                detail=td_string!(locale, org.no_vacancies_detail)
            />
        }
        .into_any();
    }
    let head = [
        td_string!(locale, org.column_court),
        td_string!(locale, org.column_department),
        td_string!(locale, org.column_vacant_post),
        td_string!(locale, org.column_fallback),
    ];
    let rows = items
        .iter()
        .map(|item| {
            vec![
                item.court.clone(),
                item.department.clone().unwrap_or_default(),
                item.post_class.text().to_owned(),
                item.fallback.clone(),
            ]
        })
        .collect();
    view! {
        <p class="muted">{td_string!(locale, org.vacancies_intro)}</p>
        <Table label=td_string!(locale, org.vacancies) head=head.map(str::to_owned).to_vec() rows />
    }
    .into_any()
}

/// The roles that were given.
pub fn role_grants(locale: Locale, items: &[RoleGrant], busy: Signal<bool>, on_take: Callback<RoleGrant>) -> AnyView {
    if items.is_empty() {
        return view! { <EmptyState icon=Icon::Shield title=td_string!(locale, org.no_roles) /> }.into_any();
    }
    let head = [
        td_string!(locale, account.number),
        td_string!(locale, org.column_name),
        td_string!(locale, org.column_role),
        td_string!(locale, org.column_scope),
        "",
    ];
    let rows = items
        .iter()
        .map(|item| {
            let own = item.clone();
            let take = Callback::new(move |()| on_take.run(own.clone()));
            let court = item.court.clone().unwrap_or_else(|| td_string!(locale, org.whole_province).to_owned());
            let scope = item.department.iter().fold(court, |court, department| format!("{court} · {department}"));
            let take = view! {
                <Button look=Look::Ghost size=Size::Small busy=busy on_press=take>
                    {td_string!(locale, org.take_role)}
                </Button>
            };
            vec![
                item.officer.clone().into_any(),
                item.name.clone().into_any(),
                role_name(locale, item.role).into_any(),
                scope.into_any(),
                take.into_any(),
            ]
        })
        .collect();
    view! { <RichTable label=td_string!(locale, org.roles) head=head.map(str::to_owned).to_vec() rows /> }.into_any()
}
