//! Loads what explains a balance: the officer's own, or another's for whoever may read it.

use app::api::Empty;
use app::day::Day;
use app::leave::api::{
    BalanceQuery, Balances, GetStatement, LeaveType, LeaveTypes, ListBalances, ListLeaveTypes, StatementQuery,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::account_view as view;
use super::words::type_name;
use crate::i18n::td_string;
use crate::kit::{Loaded, TopBar};
use crate::load::read;
use crate::state::AppState;

/// `/leave/account?type=…`
#[component]
pub fn AccountPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let query = use_location().query;
    // The address changes before the page is left.
    let leave_type = Memo::new(move |before: Option<&String>| {
        query.with(|query| query.get("type")).or_else(|| before.cloned()).unwrap_or_default()
    });
    let title = Signal::derive(move || {
        leave_type.with(|name| td_string!(locale, ledger.statement, name = type_name(locale, name)))
    });
    view! {
        <TopBar locale title up="/leave" />
        <main class="page">{move || account(state, None, leave_type.get(), "/leave".to_owned())}</main>
    }
}

/// The account of an officer, the caller's own where none is named, for one type. `back` leads to the balances.
pub(super) fn account(state: AppState, officer: Option<String>, leave_type: String, back: String) -> AnyView {
    let types = read::<ListLeaveTypes>(state, || Some((Empty {}, Empty {})));
    let draw = move |types: &LeaveTypes| match types.types.iter().find(|kind| kind.name == leave_type) {
        Some(kind) => account_of(state, officer.as_deref(), kind),
        None => view::unknown_type(state.locale, back.clone()),
    };
    view! { <Loaded locale=state.locale load=types.load on_retry=types.again draw=draw /> }.into_any()
}

fn account_of(state: AppState, officer: Option<&str>, kind: &LeaveType) -> AnyView {
    let words = state.words();
    let typed = RwSignal::new(words.today.to_string());
    let on = Memo::new(move |_| typed.with(|typed| view::asked_day(words, typed).ok()));
    let year = RwSignal::new(words.today.year());
    // What is not limited has nothing to foresee.
    let field = kind.has_balance.then(|| view::day_field(words, typed));
    let (of, about) = (officer.map(str::to_owned), kind.clone());
    let figures = move || on.get().map(|on| figures_on(state, of.clone(), about.clone(), on));
    let (of, about) = (officer.map(str::to_owned), kind.clone());
    let lines = move || lines_of(state, of.clone(), about.clone(), year.get());
    view! {
        <div class="stack">
            {field}
            {figures}
            {view::year_switch(words, year)}
            {lines}
        </div>
    }
    .into_any()
}

/// Each day is a reading of its own, so that no answer can stand under another day.
fn figures_on(state: AppState, officer: Option<String>, kind: LeaveType, on: Day) -> AnyView {
    let today = state.words().today;
    let reading = read::<ListBalances>(state, move || {
        let query = BalanceQuery { officer: officer.clone(), on: (on != today).then_some(on) };
        Some((Empty {}, query))
    });
    let draw = move |data: &Balances| {
        let found = data.balances.iter().find(|balance| balance.leave_type == kind.name);
        found.map_or_else(|| ().into_any(), |balance| view::figures(state.words(), &kind, balance, on))
    };
    view! { <Loaded locale=state.locale load=reading.load on_retry=reading.again draw=draw /> }.into_any()
}

fn lines_of(state: AppState, officer: Option<String>, kind: LeaveType, year: i32) -> AnyView {
    let leave_type = kind.name.clone();
    let reading = read::<GetStatement>(state, move || {
        let query = StatementQuery { officer: officer.clone(), leave_type: leave_type.clone(), year: Some(year) };
        Some((Empty {}, query))
    });
    let draw = move |data: &app::leave::api::Statement| view::statement(state.words(), &kind, data);
    view! { <Loaded locale=state.locale load=reading.load on_retry=reading.again draw=draw /> }.into_any()
}
