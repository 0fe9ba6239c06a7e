//! An officer's account for HR: finds him, shows his balances and statements, gives leave and puts balances right.

use app::account::rules::Permission;
use app::api::{ByOfficer, Code, Empty};
use app::day::Day;
use app::leave::api::{
    AccountOfficer, BalanceQuery, Balances, GetAccountOfficer, GrantLeave, GrantLeaveToOfficer, ListAccountOfficers,
    ListBalances,
};
use app::org::api::Colleague;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use uuid::Uuid;

use super::account_page::account;
use super::accounts_view::{self as view, Fault, GrantForm, accounts_href};
use super::exemption_page::lost_years;
use super::words::type_name;
use crate::approval::people::PeopleSearch;
use crate::approval::process_page::find;
use crate::i18n::td_string;
use crate::kit::{Loaded, Sheet, Tone, TopBar};
use crate::load::{act, complain, new_id, read};
use crate::net::{self, Failure};
use crate::state::AppState;

/// `/accounts`, `/accounts?officer=…`, `/accounts?officer=…&type=…`
///
/// Each step has an address of its own, so that the way back of every browser leads through them.
#[component]
pub fn AccountsPage() -> impl IntoView {
    let state = AppState::get();
    let query = use_location().query;
    let place = Memo::new(move |_| query.with(|query| (query.get("officer"), query.get("type"))));
    let entry = Entry::new(state.words().today);
    move || match place.get() {
        (None, _) => choosing(state),
        (Some(officer), None) => of_officer(state, officer, entry),
        (Some(officer), Some(leave_type)) => of_type(state, &officer, leave_type),
    }
}

/// What is filled in, for whom, and the id that it is recorded under. It belongs to the page and not to one of its steps,
/// so that a look at a statement empties nothing.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The 工号 of whose account it is; empty before one is opened.
    officer: StoredValue<String>,
    /// Stays the same until the server has answered.
    id: RwSignal<Uuid>,
    form: GrantForm,
}

impl Entry {
    fn new(today: Day) -> Self {
        Self { officer: StoredValue::new(String::new()), id: RwSignal::new(new_id()), form: GrantForm::of(&[], today) }
    }

    /// The form as it was left for this officer; another begins anew.
    fn open(self, officer: &AccountOfficer, today: Day) -> GrantForm {
        if self.is_of(&officer.officer) {
            self.form.renew(&officer.types);
        } else {
            self.officer.set_value(officer.officer.clone());
            self.id.set(new_id());
            self.form.begin(&officer.types, today);
        }
        self.form
    }

    /// Whether it is still this officer's: an answer may come when another is chosen, or the page is gone.
    fn is_of(self, number: &str) -> bool {
        self.officer.try_with_value(|officer| officer == number) == Some(true)
    }
}

fn choosing(state: AppState) -> AnyView {
    let locale = state.locale;
    let chosen = RwSignal::new(Vec::<Colleague>::new());
    let navigate = use_navigate();
    Effect::new(move |_| {
        if let Some(officer) = chosen.with(|chosen| chosen.first().map(|person| person.officer.clone())) {
            navigate(&accounts_href(&officer, None), NavigateOptions::default());
        }
    });
    let label = td_string!(locale, ledger.who);
    let search = PeopleSearch { label, optional: false, typed: RwSignal::new(String::new()), chosen, several: false };
    view! {
        <TopBar locale title=td_string!(locale, ledger.accounts) up="/me" />
        <main class="page">{view::choose(state.words(), find::<ListAccountOfficers>(state, search))}</main>
    }
    .into_any()
}

fn of_type(state: AppState, officer: &str, leave_type: String) -> AnyView {
    let locale = state.locale;
    let title = td_string!(locale, ledger.statement, name = type_name(locale, &leave_type));
    let back = accounts_href(officer, None);
    let statement = account(state, Some(officer.to_owned()), leave_type, back.clone());
    view! {
        <TopBar locale title up=back />
        <main class="page">{statement}</main>
    }
    .into_any()
}

fn of_officer(state: AppState, number: String, entry: Entry) -> AnyView {
    let locale = state.locale;
    let path = number.clone();
    let officer = read::<GetAccountOfficer>(state, move || Some((ByOfficer { officer: path.clone() }, Empty {})));
    let may_read = state.can(Permission::ReadLeave);
    let balances = read::<ListBalances>(state, move || {
        may_read.then(|| (Empty {}, BalanceQuery { officer: Some(number.clone()), on: None }))
    });
    let navigate = use_navigate();
    let change = Callback::new(move |()| navigate("/accounts", NavigateOptions::default()));
    let draw = move |officer: &AccountOfficer| {
        let number = officer.officer.clone();
        let shown = if may_read {
            let whose = number.clone();
            let draw = move |data: &Balances| view::balances(state.words(), &whose, &data.balances);
            view! {
                <Loaded locale load=balances.load on_retry=balances.again draw=draw />
                {lost_years(state, number, balances.again)}
            }
            .into_any()
        } else {
            view::cannot_read(state.words())
        };
        view! {
            {view::whose(state.words(), officer, change)}
            {shown}
            {granting(state, officer, entry, balances.again)}
        }
        .into_any()
    };
    view! {
        <TopBar locale title=td_string!(locale, ledger.accounts) up="/accounts" />
        <main class="page">
            <Loaded locale load=officer.load on_retry=officer.again draw=draw />
        </main>
    }
    .into_any()
}

/// The form, and the sheet that shows it back. The id stays the same until the server has answered: whoever sends once
/// more because no answer came records one entry.
fn granting(state: AppState, officer: &AccountOfficer, entry: Entry, again: Callback<()>) -> AnyView {
    let locale = state.locale;
    let form = entry.open(officer, state.words().today);
    let id = entry.id;
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let wanted = RwSignal::new(None::<GrantLeave>);
    let number = officer.officer.clone();
    let check = Callback::new(move |()| match untrack(|| form.body(state.words(), id.get(), &number)) {
        Ok(body) => {
            form.fault.set(None);
            wanted.set(Some(body));
            open.set(true);
        }
        Err(fault) => form.fault.set(Some(fault)),
    });
    let confirm = Callback::new(move |()| {
        let Some(body) = wanted.get_untracked() else { return };
        act(busy, async move {
            let answer = net::call::<GrantLeaveToOfficer>(&Empty {}, &Empty {}, &body).await;
            if matches!(answer, Err(Failure::SignedOut)) {
                return;
            }
            open.try_set(false);
            let fault = match answer {
                Ok(_) => {
                    state.toasts.show(Tone::Good, td_string!(locale, ledger.done));
                    again.try_run(());
                    if entry.is_of(&body.officer) {
                        form.clear();
                        id.try_set(new_id());
                    }
                    return;
                }
                // What was sent before has arrived after all: what is filled in now is another entry.
                Err(Failure::Problem(problem)) if problem.code == Code::IdReused => {
                    id.try_set(new_id());
                    again.try_run(());
                    Fault { field: String::new(), text: td_string!(locale, ledger.already).to_owned() }
                }
                Err(Failure::Problem(problem)) => {
                    Fault { field: problem.field.unwrap_or_default(), text: problem.detail }
                }
                Err(failure) => {
                    complain(state, &failure);
                    Fault { field: String::new(), text: td_string!(locale, ledger.maybe_done).to_owned() }
                }
            };
            if entry.is_of(&body.officer) {
                form.fault.try_set(Some(fault));
            }
        });
    });
    let (types, officer) = (officer.types.clone(), officer.clone());
    let shown_back = move || {
        let draw = |wanted: &GrantLeave| view::grant_check(state.words(), &officer, wanted, busy.into(), confirm);
        wanted.with(|wanted| wanted.as_ref().map(draw))
    };
    let shown_back = StoredValue::new(shown_back);
    view! {
        {view::grant_form(state.words(), &types, form, check)}
        <Sheet locale open=open title=td_string!(locale, ledger.check_title)>
            {move || shown_back.with_value(|draw| draw())}
        </Sheet>
    }
    .into_any()
}
