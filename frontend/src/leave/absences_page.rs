//! Loads who is on record as not back, and saves the limits of the law.

use app::account::rules::Permission;
use app::api::Empty;
use app::leave::api::{AbsenceQuery, GetAbsenceLimits, LimitsChange, ListAbsences, SetAbsenceLimits};
use app::leave::rules::absence::Limits;
use leptos::prelude::*;

use super::absences_view::{LimitsForm, absences, limits_card};
use crate::i18n::td_string;
use crate::kit::{Loaded, Pager, Tone, TopBar};
use crate::load::{act, complain, read};
use crate::net;
use crate::state::AppState;

/// `/absences`
#[component]
pub fn AbsencesPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    // The cursors that lead to the page shown.
    let trail = RwSignal::new(Vec::<String>::new());
    let (may_read, may_set) = (state.can(Permission::ConfirmReturn), state.can(Permission::ManageLeaveRules));
    let reading = read::<ListAbsences>(state, move || {
        let cursor = trail.with(|trail| trail.last().cloned());
        may_read.then_some((Empty {}, AbsenceQuery { cursor, limit: Some(100) }))
    });
    let limits = read::<GetAbsenceLimits>(state, move || may_set.then_some((Empty {}, Empty {})));
    let busy = RwSignal::new(false);
    let turn = Callback::new(move |next: Option<String>| {
        trail.update(|trail| match next {
            Some(next) => trail.push(next),
            None => drop(trail.pop()),
        });
        window().scroll_to_with_x_and_y(0.0, 0.0);
    });
    let draw_limits = move |seen: &Limits| {
        let (form, seen) = (LimitsForm::of(seen), seen.clone());
        let edited = form.clone();
        let save = Callback::new(move |()| {
            let Some(wanted) = untrack(|| edited.limits()) else {
                return state.toasts.show(Tone::Warn, td_string!(locale, absence.incomplete));
            };
            let body = LimitsChange { seen: seen.clone(), limits: wanted };
            act(busy, async move {
                match net::call::<SetAbsenceLimits>(&Empty {}, &Empty {}, &body).await {
                    Ok(_) => state.toasts.show(Tone::Good, td_string!(locale, absence.saved)),
                    Err(failure) => complain(state, &failure),
                }
                limits.again.try_run(());
                reading.again.try_run(());
            });
        });
        limits_card(locale, &form, busy.into(), save)
    };
    let list = may_read.then(|| {
        view! {
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |page| {
                    let is_first = trail.with_untracked(Vec::is_empty);
                    view! {
                        {absences(state.words(), &page.items)}
                        <Pager locale is_first next=page.next.clone() on_turn=turn />
                    }
                        .into_any()
                }
            />
        }
    });
    let settings = may_set.then(|| {
        view! { <Loaded locale load=limits.load on_retry=limits.again draw=draw_limits /> }
    });
    view! {
        <TopBar locale title=td_string!(locale, absence.list) up="/me" />
        <main class="page">
            {list}
            {settings}
        </main>
    }
}
