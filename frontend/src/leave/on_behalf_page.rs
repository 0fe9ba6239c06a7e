//! Asks for leave in place of another (代提交): finds whose it is, and uses the form of every request.

use app::api::{ByOfficer, Empty};
use app::leave::api::{
    GetOnBehalfOfficer, ListOnBehalfOfficers, ListOnBehalfRequests, OnBehalfOfficer, OnBehalfQuery, PreviewResult,
    SubmitLeave,
};
use app::org::api::Colleague;
use leptos::prelude::*;

use super::form::{LeaveForm, SubmitButton, leave_form};
use super::on_behalf_view::{choose, submitted, whose};
use super::page::{keep_in_order, next_weekday, preview_as_it_changes};
use crate::approval::people::PeopleSearch;
use crate::approval::process_page::{find, find_stand_in};
use crate::i18n::td_string;
use crate::kit::{Button, Load, Loaded, Look, Pager, Size, Skeleton, Tone, TopBar};
use crate::load::{act, complain, new_id, read};
use crate::outbox::{self, Sent};
use crate::state::AppState;

/// `/on-behalf`
#[component]
pub fn OnBehalfPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let chosen = RwSignal::new(Vec::<Colleague>::new());
    let number = Memo::new(move |_| chosen.with(|chosen| chosen.first().map(|person| person.officer.clone())));
    // The cursors that lead to the page shown.
    let trail = RwSignal::new(Vec::<String>::new());
    let requests = read::<ListOnBehalfRequests>(state, move || {
        let cursor = trail.with(|trail| trail.last().cloned());
        Some((Empty {}, OnBehalfQuery { cursor, limit: None }))
    });
    let turn = Callback::new(move |next: Option<String>| {
        trail.update(|trail| match next {
            Some(next) => trail.push(next),
            None => drop(trail.pop()),
        });
    });
    let officer =
        read::<GetOnBehalfOfficer>(state, move || number.get().map(|officer| (ByOfficer { officer }, Empty {})));
    let done = Callback::new(move |()| {
        chosen.try_set(Vec::new());
        // What was just submitted stands on the first page.
        trail.try_set(Vec::new());
        requests.again.try_run(());
    });
    let choosing = move || {
        let label = td_string!(locale, on_behalf.who);
        let typed = RwSignal::new(String::new());
        let search = PeopleSearch { label, optional: false, typed, chosen, several: false };
        view! {
            {choose(state.words(), find::<ListOnBehalfOfficers>(state, search))}
            <Loaded
                locale
                load=requests.load
                on_retry=requests.again
                draw=move |page| {
                    let is_first = trail.with_untracked(Vec::is_empty);
                    view! {
                        {submitted(state.words(), &page.items)}
                        <Pager locale is_first next=page.next.clone() on_turn=turn />
                    }
                        .into_any()
                }
            />
        }
        .into_any()
    };
    let asking = move || {
        let other = move || {
            view! {
                <Button look=Look::Ghost size=Size::Small on_press=done>
                    {td_string!(locale, on_behalf.change)}
                </Button>
            }
        };
        view! {
            {move || officer.load.with(|load| load.data().is_none()).then(other)}
            <Loaded
                locale
                load=officer.load
                on_retry=officer.again
                draw=move |officer: &OnBehalfOfficer| {
                    // Until the answer about him is here, what is shown is of whoever was chosen before.
                    if number.with_untracked(|number| number.as_deref() == Some(officer.officer.as_str())) {
                        form_for(state, officer, done)
                    } else {
                        view! { <Skeleton locale /> }.into_any()
                    }
                }
            />
        }
        .into_any()
    };
    view! {
        <TopBar locale title=td_string!(locale, on_behalf.title) up="/me" />
        <main class="page page-docked">
            {move || if number.with(Option::is_none) { choosing() } else { asking() }}
        </main>
    }
}

/// The form for an officer. What it says of days, balance and chain is his.
fn form_for(state: AppState, officer: &OnBehalfOfficer, done: Callback<()>) -> AnyView {
    let locale = state.locale;
    let number = officer.officer.clone();
    let form = LeaveForm::for_day(next_weekday(state.words().today));
    let preview = RwSignal::new(Load::<PreviewResult>::Loading);
    let busy = RwSignal::new(false);
    keep_in_order(form);
    let of = number.clone();
    let wanted =
        move || form.preview().map(|preview| app::leave::api::Preview { officer_id: Some(of.clone()), ..preview });
    preview_as_it_changes(state, wanted, preview);
    let id = new_id();
    let submit = Callback::new(move |()| {
        let Some(body) = untrack(|| form.submission(id)) else {
            state.toasts.show(Tone::Warn, td_string!(locale, leave.choose_days));
            return;
        };
        let body = app::leave::api::Submit { officer_id: Some(number.clone()), ..body };
        act(busy, async move {
            match outbox::send::<SubmitLeave>(&Empty {}, body).await {
                Ok(Sent::Done(_)) => state.toasts.show(Tone::Good, td_string!(locale, on_behalf.submitted)),
                Ok(Sent::Queued) => state.toasts.show(Tone::Warn, td_string!(locale, on_behalf.queued)),
                Err(failure) => return complain(state, &failure),
            }
            done.try_run(());
        });
    });
    let submit = SubmitButton { text: td_string!(locale, leave.submit), busy: busy.into(), on_press: submit };
    let stand_in = find_stand_in(state, form.stand_in);
    view! {
        {whose(state.words(), officer, done)}
        {leave_form(state.words(), &officer.types, form, preview.into(), stand_in, submit)}
    }
    .into_any()
}
