//! The channels that carry notices out of the house, drawn from plain data.

use app::api::Problem;
use app::notice::api::{Channel, TestOutcome};
use app::notice::rules::NoticeKind;
use leptos::prelude::*;
use uuid::Uuid;

use super::channel_form::channel_kind_name;
use super::settings_view::hours_text;
use super::words::kind_name;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Callout, Card, EmptyState, Facts, Icon, Look, Size, Tone};

/// The two pages about channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelTab {
    /// The channels.
    Channels,
    /// What went out.
    Deliveries,
}

/// The tabs of the two pages.
pub fn tabs(locale: Locale, active: ChannelTab) -> AnyView {
    let tab = |own: ChannelTab, href: &'static str, text: &'static str| {
        view! {
            <a class="segment" href=href aria-current=(own == active).then_some("page")>
                {text}
            </a>
        }
    };
    view! {
        <nav class="segments notice-tabs" aria-label=td_string!(locale, notice.channels)>
            {tab(ChannelTab::Channels, "/channels", td_string!(locale, notice.channels))}
            {tab(ChannelTab::Deliveries, "/channels/deliveries", td_string!(locale, notice.deliveries))}
        </nav>
    }
    .into_any()
}

/// What became of the test of a channel: the answer, or why there was none.
pub type Tested = Result<TestOutcome, Problem>;

/// What can be done with a channel; the page does it.
#[derive(Clone, Copy)]
pub struct ChannelActions {
    /// Changes what it carries, and for whom.
    pub change: Callback<Channel>,
    /// Replaces its address and keys.
    pub replace_keys: Callback<Channel>,
    /// Sends a test message.
    pub test: Callback<Uuid>,
    /// Takes it away.
    pub delete: Callback<Channel>,
}

/// What the page knows beside the channels.
#[derive(Clone, Copy)]
pub struct ChannelsNow {
    /// The channel that was tested last, and what became of it; nothing while the test runs.
    pub tested: Signal<Option<(Uuid, Option<Tested>)>>,
    /// The name of a court.
    pub court_name: Callback<Uuid, Option<String>>,
}

/// The channels, a card each.
pub fn channels(locale: Locale, items: &[Channel], now: ChannelsNow, actions: ChannelActions) -> AnyView {
    if items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Outbox
                title=td_string!(locale, notice.no_channels)
                detail=td_string!(locale, notice.no_channels_detail)
            />
        }
        .into_any();
    }
    let cards = items.iter().map(|channel| card(locale, channel, now, actions)).collect_view();
    view! { <div class="channel-grid">{cards}</div> }.into_any()
}

fn card(locale: Locale, channel: &Channel, now: ChannelsNow, actions: ChannelActions) -> AnyView {
    let id = channel.id;
    let settings = &channel.settings;
    let (tone, state) = if settings.enabled {
        (Tone::Good, td_string!(locale, notice.channel_on))
    } else {
        (Tone::Plain, td_string!(locale, notice.channel_off))
    };
    let badge = view! { <Badge tone text=state /> }.into_any();
    let facts = vec![
        (td_string!(locale, notice.channel_kind), channel_kind_name(locale, channel.kind).to_owned()),
        (td_string!(locale, notice.channel_target), channel.target.clone()),
        (td_string!(locale, notice.channel_reach), reach(locale, channel, now)),
        (td_string!(locale, notice.channel_kinds), kinds_text(locale, &settings.kinds)),
        (
            td_string!(locale, notice.channel_quiet),
            settings.quiet.map(|quiet| hours_text(locale, quiet)).unwrap_or_default(),
        ),
    ];
    let testing = Signal::derive(move || now.tested.with(|tested| matches!(tested, Some((of, None)) if *of == id)));
    let with_channel = |action: Callback<Channel>| {
        let channel = channel.clone();
        Callback::new(move |()| action.run(channel.clone()))
    };
    let change = with_channel(actions.change);
    let replace_keys = with_channel(actions.replace_keys);
    let delete = with_channel(actions.delete);
    let test = Callback::new(move |()| actions.test.run(id));
    let counts = counts(locale, channel);
    view! {
        <Card title=settings.name.clone() end=badge>
            <Facts facts />
            {counts}
            {move || {
                now.tested
                    .with(|tested| match tested {
                        Some((of, Some(outcome))) if *of == id => Some(outcome_note(locale, outcome)),
                        _ => None,
                    })
            }}
            <div class="row channel-actions">
                <Button
                    look=Look::Secondary
                    size=Size::Small
                    busy=testing
                    on_press=test
                >
                    {td_string!(locale, notice.test)}
                </Button>
                <Button look=Look::Ghost size=Size::Small on_press=change>
                    {td_string!(locale, notice.change)}
                </Button>
                <Button look=Look::Ghost size=Size::Small on_press=replace_keys>
                    {td_string!(locale, notice.replace_keys)}
                </Button>
                <Button look=Look::Ghost size=Size::Small on_press=delete>
                    {td_string!(locale, notice.delete)}
                </Button>
            </div>
        </Card>
    }
    .into_any()
}

fn kinds_text(locale: Locale, kinds: &[NoticeKind]) -> String {
    if kinds.len() == NoticeKind::ALL.len() {
        return td_string!(locale, notice.all_kinds).to_owned();
    }
    let named = NoticeKind::ALL.iter().filter(|kind| kinds.contains(kind)).map(|kind| kind_name(locale, *kind));
    named.collect::<Vec<_>>().join(td_string!(locale, common.list_comma))
}

fn reach(locale: Locale, channel: &Channel, now: ChannelsNow) -> String {
    let Some(court) = channel.settings.court_id else { return td_string!(locale, org.whole_province).to_owned() };
    let court = now.court_name.run(court).unwrap_or_default();
    if channel.settings.department_id.is_some() {
        td_string!(locale, notice.reach_department, court)
    } else {
        td_string!(locale, notice.reach_court, court)
    }
}

/// How many deliveries wait and how many were given up, each the way to them in the log.
fn counts(locale: Locale, channel: &Channel) -> AnyView {
    let id = channel.id;
    let link = move |state: &'static str, text: String, tone: Tone| {
        let href = format!("/channels/deliveries?channel={id}&state={state}");
        view! { <a href=href><Badge tone text /></a> }
    };
    let waiting = (channel.waiting > 0)
        .then(|| link("waiting", td_string!(locale, notice.waiting_count, count = channel.waiting), Tone::Court));
    let dead = (channel.dead > 0)
        .then(|| link("dead", td_string!(locale, notice.dead_count, count = channel.dead), Tone::Bad));
    view! {
        <div class="row">
            {waiting} {dead}
            <a class="small" href=format!("/channels/deliveries?channel={id}")>
                {td_string!(locale, notice.deliveries)}
            </a>
        </div>
    }
    .into_any()
}

fn outcome_note(locale: Locale, outcome: &Tested) -> AnyView {
    let (tone, text) = match outcome {
        Ok(TestOutcome { delivered: true, .. }) => (Tone::Good, td_string!(locale, notice.test_delivered).to_owned()),
        Ok(TestOutcome { detail, .. }) => {
            let why = detail.clone().unwrap_or_default();
            (Tone::Bad, td_string!(locale, notice.test_failed, why))
        }
        Err(problem) => (Tone::Warn, problem.detail.clone()),
    };
    view! {
        <div role="status">
            <Callout tone>{text}</Callout>
        </div>
    }
    .into_any()
}
