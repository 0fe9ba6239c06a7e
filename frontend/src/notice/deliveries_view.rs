//! What went out over the channels, drawn from plain data.

use app::api::Page;
use app::notice::api::Delivery;
use app::notice::rules::DeliveryState;
use leptos::prelude::*;
use uuid::Uuid;

use super::words::kind_name;
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, EmptyState, Icon, Look, RichTable, Size, Tone};

/// Which deliveries are shown, as the address says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// One channel only.
    pub channel: Option<Uuid>,
    /// One state only.
    pub state: Option<DeliveryState>,
}

impl DeliveryFilter {
    /// Reads the parameters of an address; what cannot be read is left out.
    pub fn read(parameter: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            channel: parameter("channel").and_then(|id| Uuid::parse_str(&id).ok()),
            state: parameter("state").and_then(|name| DeliveryState::parse(&name)),
        }
    }

    /// The address of the page that shows this.
    pub fn address(self) -> String {
        let channel = self.channel.map(|id| format!("channel={id}"));
        let state = self.state.map(|state| format!("state={}", state.as_str()));
        let parameters = [channel, state].into_iter().flatten().collect::<Vec<_>>().join("&");
        if parameters.is_empty() {
            "/channels/deliveries".to_owned()
        } else {
            format!("/channels/deliveries?{parameters}")
        }
    }
}

fn state_words(locale: Locale, state: DeliveryState) -> (Tone, &'static str) {
    match state {
        DeliveryState::Waiting => (Tone::Court, td_string!(locale, notice.state_waiting)),
        DeliveryState::Sent => (Tone::Good, td_string!(locale, notice.state_sent)),
        DeliveryState::Dead => (Tone::Bad, td_string!(locale, notice.state_dead)),
        DeliveryState::Unneeded => (Tone::Plain, td_string!(locale, notice.state_unneeded)),
    }
}

/// The states to narrow the log by: links, so that going back and reloading keep the choice.
pub fn filters(locale: Locale, filter: DeliveryFilter) -> AnyView {
    let link = |to: DeliveryFilter, text: &'static str| {
        let current = (to == filter).then_some("page");
        view! {
            <a class="choice" href=to.address() aria-current=current>
                {text}
            </a>
        }
    };
    let states = DeliveryState::ALL
        .iter()
        .map(|state| link(DeliveryFilter { state: Some(*state), ..filter }, state_words(locale, *state).1))
        .collect_view();
    let every = filter.channel.map(|_| {
        view! {
            <a class="small" href=DeliveryFilter { channel: None, ..filter }.address()>
                {td_string!(locale, notice.every_channel)}
            </a>
        }
    });
    view! {
        <nav class="choices notice-filters" aria-label=td_string!(locale, notice.column_state)>
            {link(DeliveryFilter { state: None, ..filter }, td_string!(locale, common.all))} {states} {every}
        </nav>
    }
    .into_any()
}

/// A page of the log; what was given up can be sent again.
pub fn deliveries(words: Words, page: &Page<Delivery>, busy: Signal<bool>, on_retry: Callback<Uuid>) -> AnyView {
    let locale = words.locale;
    if page.items.is_empty() {
        return view! { <EmptyState icon=Icon::Outbox title=td_string!(locale, notice.no_deliveries) /> }.into_any();
    }
    let head = [
        td_string!(locale, notice.column_time),
        td_string!(locale, notice.column_channel),
        td_string!(locale, notice.column_kind),
        td_string!(locale, account.number),
        td_string!(locale, notice.column_state),
        td_string!(locale, notice.column_tries),
        td_string!(locale, notice.column_remark),
        "",
    ];
    let rows = page.items.iter().map(|delivery| row(words, delivery, busy, on_retry)).collect();
    let head = head.map(str::to_owned).to_vec();
    view! { <RichTable label=td_string!(locale, notice.deliveries) head rows /> }.into_any()
}

fn row(words: Words, delivery: &Delivery, busy: Signal<bool>, on_retry: Callback<Uuid>) -> Vec<AnyView> {
    let locale = words.locale;
    let (tone, text) = state_words(locale, delivery.state);
    let id = delivery.id;
    let due = (delivery.state == DeliveryState::Waiting && delivery.due_at > delivery.queued_at)
        .then(|| td_string!(locale, notice.not_before, time = words.moment(delivery.due_at)));
    let remark = [delivery.last_error.clone(), due].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let retry = (delivery.state == DeliveryState::Dead).then(|| {
        view! {
            <Button
                look=Look::Ghost
                size=Size::Small
                busy=busy
                on_press=Callback::new(move |()| on_retry.run(id))
            >
                {td_string!(locale, notice.send_again)}
            </Button>
        }
    });
    vec![
        words.moment(delivery.done_at.unwrap_or(delivery.queued_at)).into_any(),
        delivery.channel.clone().into_any(),
        kind_name(locale, delivery.kind).into_any(),
        view! { <span class="nowrap">{delivery.officer.clone()}</span> }.into_any(),
        view! { <Badge tone text /> }.into_any(),
        delivery.tries.into_any(),
        remark.into_any(),
        retry.into_any(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_what_is_shown() {
        let filter = DeliveryFilter { channel: Some(Uuid::from_u128(7)), state: Some(DeliveryState::Dead) };
        let address = filter.address();
        assert_eq!(address, "/channels/deliveries?channel=00000000-0000-0000-0000-000000000007&state=dead");
        let pairs: Vec<_> =
            address.split_once('?').expect("parameters").1.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let read = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(DeliveryFilter::read(read), filter);
        assert_eq!(DeliveryFilter::default().address(), "/channels/deliveries");
        assert_eq!(DeliveryFilter::read(|_| Some("nonsense".to_owned())), DeliveryFilter::default());
    }
}
