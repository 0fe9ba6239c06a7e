//! Loads, makes, answers and ends delegations.

use app::api::{ById, Empty};
use app::approval::api::{
    AnswerDelegation, AnswerDelegationOffer, CreateDelegation, DelegationView, ListDelegations, RevokeDelegation,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::delegation_view::{self, DelegationActions, DelegationForm, delegation_form};
use super::process_page::find_people;
use crate::i18n::td_string;
use crate::kit::{Button, Loaded, Look, Sheet, Size, Tone, TopBar};
use crate::load::{act, complain, new_id, read};
use crate::net;
use crate::state::AppState;

/// `/me/delegations`
#[component]
pub fn DelegationsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let me = state.me().map(|me| me.officer).unwrap_or_default();
    let reading = read::<ListDelegations>(state, || Some((Empty {}, Empty {})));
    let busy = RwSignal::new(false);
    let (making, ending) = (RwSignal::new(false), RwSignal::new(false));
    let form = DelegationForm::for_day(state.words().today);
    let id = StoredValue::new(new_id());
    let chosen = RwSignal::new(None::<DelegationView>);
    let begin = Callback::new(move |()| {
        form.clear(state.words().today);
        id.set_value(new_id());
        making.set(true);
    });
    let answer = Callback::new(move |(id, accept): (Uuid, bool)| {
        act(busy, async move {
            let body = AnswerDelegation { accept };
            match net::call::<AnswerDelegationOffer>(&ById { id }, &Empty {}, &body).await {
                Ok(_) => {
                    let said = if accept {
                        td_string!(locale, approval.delegation_agreed)
                    } else {
                        td_string!(locale, approval.delegation_refused)
                    };
                    state.toasts.show(Tone::Good, said);
                }
                Err(failure) => complain(state, &failure),
            }
            reading.again.try_run(());
        });
    });
    let revoke = Callback::new(move |item| {
        chosen.set(Some(item));
        ending.set(true);
    });
    let make = Callback::new(move |()| {
        let Some(body) = untrack(|| form.delegation(id.get_value(), state.words().zone)) else { return };
        act(busy, async move {
            match net::call::<CreateDelegation>(&Empty {}, &Empty {}, &body).await {
                Ok(_) => {
                    making.try_set(false);
                    state.toasts.show(Tone::Good, td_string!(locale, approval.delegation_made));
                    reading.again.try_run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let end = Callback::new(move |()| {
        let Some(item) = chosen.get_untracked() else { return };
        act(busy, async move {
            match net::call::<RevokeDelegation>(&ById { id: item.id }, &Empty {}, &Empty {}).await {
                Ok(_) => {
                    ending.try_set(false);
                    state.toasts.show(Tone::Good, td_string!(locale, approval.delegation_ended));
                    reading.again.try_run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let actions = DelegationActions { begin, answer, revoke };
    let sure = move || {
        let name = chosen.with(|item| item.as_ref().map(|item| item.to_name.clone())).unwrap_or_default();
        td_string!(locale, approval.revoke_sure, name)
    };
    view! {
        <TopBar locale title=td_string!(locale, approval.delegations) up="/me" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| {
                    delegation_view::delegations(state.words(), &me, &data.items, busy.into(), actions)
                }
            />
        </main>
        <Sheet locale open=making title=td_string!(locale, approval.delegation_new)>
            {move || delegation_form(state.words(), form, find_people(state, form.to, false), busy.into(), make)}
        </Sheet>
        <Sheet locale open=ending title=td_string!(locale, approval.revoke)>
            <p>{sure}</p>
            <Button look=Look::DangerFill size=Size::Wide busy=busy on_press=end>
                {td_string!(locale, approval.revoke)}
            </Button>
        </Sheet>
    }
}
