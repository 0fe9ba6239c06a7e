//! Loads and looks after the channels, and shows what went out over them.

use app::api::{ById, Code, Empty};
use app::notice::api::{
    ChangeChannel, Channel, ChannelConfig, ChannelSettings, CreateChannel, DeleteChannel, DeliveryQuery, ListChannels,
    ListDeliveries, NewChannel, ReplaceChannel, RetryDelivery, TestChannel,
};
use app::notice::rules::ChannelKind;
use app::org::api::{CourtQuery, Courts, Departments, ListCourts, ListDepartments};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use uuid::Uuid;

use super::channel_form::{self as forms, ChannelForm, ConfigForm};
use super::channels_view::{self as view, ChannelActions, ChannelTab, ChannelsNow, Tested};
use super::deliveries_view::{self, DeliveryFilter};
use crate::i18n::td_string;
use crate::kit::{Button, Callout, Choice, Field, Icon, Loaded, Look, Pager, Select, Sheet, Size, Slot, Tone, TopBar};
use crate::load::{act, complain, new_id, read, trouble, winner};
use crate::net::{self, Failure};
use crate::org::view::court_choices;
use crate::state::AppState;

/// `/channels`
#[component]
pub fn ChannelsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<ListChannels>(state, || Some((Empty {}, Empty {})));
    let courts = read::<ListCourts>(state, || Some((Empty {}, Empty {})));
    let tested = RwSignal::new(None::<(Uuid, Option<Tested>)>);
    let editor = Editor::new(state, reading.again);
    let test = Callback::new(move |id| {
        if tested.with_untracked(|tested| matches!(tested, Some((_, None)))) {
            return;
        }
        tested.set(Some((id, None)));
        spawn_local(async move {
            let outcome = match net::call::<TestChannel>(&ById { id }, &Empty {}, &Empty {}).await {
                Ok(outcome) => Some(Ok(outcome)),
                Err(Failure::Problem(problem)) => Some(Err(problem)),
                Err(failure) => {
                    complain(state, &failure);
                    None
                }
            };
            tested.try_set(outcome.map(|outcome| (id, Some(outcome))));
        });
    });
    let court_name = Callback::new(move |id: Uuid| {
        let name = |courts: &Courts| courts.items.iter().find(|court| court.id == id).map(|court| court.name.clone());
        courts.load.with(|load| load.data().and_then(name))
    });
    let now = ChannelsNow { tested: tested.into(), court_name };
    let actions = ChannelActions {
        change: Callback::new(move |channel| editor.open(Job::Change, Some(channel))),
        replace_keys: Callback::new(move |channel| editor.open(Job::ReplaceKeys, Some(channel))),
        test,
        delete: Callback::new(move |channel| editor.open(Job::Delete, Some(channel))),
    };
    let create = Callback::new(move |()| editor.open(Job::Create, None));
    view! {
        <TopBar locale title=td_string!(locale, notice.channels) up="/me" />
        <main class="page">
            <div class="row row-apart">
                {view::tabs(locale, ChannelTab::Channels)}
                <Button icon=Icon::Plus on_press=create>
                    {td_string!(locale, notice.channel_new)}
                </Button>
            </div>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| view::channels(locale, &data.items, now, actions)
            />
        </main>
        {editor.sheet(courts.load)}
    }
}

/// What the sheet of the page is open for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Job {
    Create,
    Change,
    ReplaceKeys,
    Delete,
}

/// The one sheet of the page: makes a channel, changes one, takes one away. A refusal stands in the sheet, which lies
/// above every short message.
#[derive(Clone, Copy)]
struct Editor {
    state: AppState,
    again: Callback<()>,
    open: RwSignal<bool>,
    job: RwSignal<Job>,
    channel: RwSignal<Option<Channel>>,
    /// The id of a new channel: a second press makes no second one.
    id: StoredValue<Uuid>,
    settings: ChannelForm,
    config: ConfigForm,
    busy: RwSignal<bool>,
    refusal: RwSignal<String>,
}

impl Editor {
    fn new(state: AppState, again: Callback<()>) -> Self {
        Self {
            state,
            again,
            open: RwSignal::new(false),
            job: RwSignal::new(Job::Create),
            channel: RwSignal::new(None),
            id: StoredValue::new(new_id()),
            settings: ChannelForm::default(),
            config: ConfigForm::default(),
            busy: RwSignal::new(false),
            refusal: RwSignal::new(String::new()),
        }
    }

    fn open(self, job: Job, channel: Option<Channel>) {
        match &channel {
            Some(channel) => forms::show(channel, self.settings, self.config),
            None => {
                self.settings.clear();
                self.config.clear(ChannelKind::Webhook);
                self.id.set_value(new_id());
            }
        }
        self.refusal.set(String::new());
        self.channel.set(channel);
        self.job.set(job);
        self.open.set(true);
    }

    /// Sends what is typed, when all that is needed is there.
    fn send(self) {
        let (settings, config) = untrack(|| (self.settings.settings(), self.config.config()));
        let channel = self.channel.get_untracked();
        act(self.busy, async move {
            let done = match (self.job.get_untracked(), channel, settings, config) {
                (Job::Create, _, Some(settings), Some(config)) => self.create(settings, config).await,
                (Job::Change, Some(channel), Some(settings), _) => self.replace(&channel, settings, None).await,
                (Job::ReplaceKeys, Some(channel), _, Some(config)) => {
                    self.replace(&channel, channel.settings.clone(), Some(config)).await
                }
                (Job::Delete, Some(channel), ..) => {
                    net::call::<DeleteChannel>(&ById { id: channel.id }, &Empty {}, &Empty {}).await.map(drop)
                }
                _ => return,
            };
            match done {
                Ok(()) => {
                    self.open.try_set(false);
                    // Keys stay in memory no longer than they are needed.
                    self.config.clear(ChannelKind::Webhook);
                    self.state.toasts.show(Tone::Good, td_string!(self.state.locale, notice.saved));
                }
                Err(failure) => {
                    self.refusal.try_set(self.refused(&failure));
                }
            }
            self.again.try_run(());
        });
    }

    /// Why it did not work, in words. Where another administrator was faster, what is typed stays, on top of his version.
    fn refused(self, failure: &Failure) -> String {
        let now = match failure {
            Failure::Problem(problem) if problem.code == Code::StaleVersion => winner::<Channel>(problem),
            _ => None,
        };
        if now.is_none() {
            return trouble(self.state.locale, failure).detail;
        }
        self.channel.try_set(now);
        td_string!(self.state.locale, notice.channel_overtaken).to_owned()
    }

    async fn create(self, settings: ChannelSettings, config: ChannelConfig) -> Result<(), Failure> {
        let body = NewChannel { id: self.id.get_value(), settings, config };
        net::call::<CreateChannel>(&Empty {}, &Empty {}, &body).await.map(drop)
    }

    async fn replace(
        self,
        channel: &Channel,
        settings: ChannelSettings,
        config: Option<ChannelConfig>,
    ) -> Result<(), Failure> {
        let body = ReplaceChannel { version: channel.version, settings, config };
        net::call::<ChangeChannel>(&ById { id: channel.id }, &Empty {}, &body).await.map(drop)
    }

    fn sheet(self, courts: Slot<Courts>) -> AnyView {
        let locale = self.state.locale;
        let title = Signal::derive(move || match self.job.get() {
            Job::Create => td_string!(locale, notice.channel_new).to_owned(),
            Job::Change => td_string!(locale, notice.change).to_owned(),
            Job::ReplaceKeys => td_string!(locale, notice.replace_keys).to_owned(),
            Job::Delete => td_string!(locale, notice.delete).to_owned(),
        });
        view! {
            <Sheet locale open=self.open title=title>
                {move || {
                    let job = self.job.get();
                    untrack(|| self.content(job, courts))
                }}
            </Sheet>
        }
        .into_any()
    }

    fn content(self, job: Job, courts: Slot<Courts>) -> AnyView {
        let locale = self.state.locale;
        let kind = Signal::derive(move || self.config.channel_kind());
        let settings = || forms::settings_fields(locale, self.settings, kind, self.reach(courts));
        let config = || forms::config_fields(locale, self.config);
        let fields = match job {
            Job::Create => view! { {forms::kind_choice(locale, self.config.kind)} {config()} {settings()} }.into_any(),
            Job::Change => settings(),
            Job::ReplaceKeys => config(),
            Job::Delete => {
                let name = self.channel.with(|channel| channel.as_ref().map(|channel| channel.settings.name.clone()));
                let sure = td_string!(locale, notice.delete_sure, name = name.unwrap_or_default());
                view! { <p>{sure}</p> }.into_any()
            }
        };
        let incomplete = Signal::derive(move || match job {
            Job::Create => self.settings.settings().is_none() || self.config.config().is_none(),
            Job::Change => self.settings.settings().is_none(),
            Job::ReplaceKeys => self.config.config().is_none(),
            Job::Delete => false,
        });
        let (look, text) = match job {
            Job::Delete => (Look::DangerFill, td_string!(locale, notice.delete)),
            _ => (Look::Primary, td_string!(locale, notice.save)),
        };
        view! {
            {fields}
            {move || {
                let refusal = self.refusal.get();
                (!refusal.is_empty())
                    .then(|| {
                        view! {
                            <div role="alert">
                                <Callout tone=Tone::Bad>{refusal}</Callout>
                            </div>
                        }
                    })
            }}
            <Button
                look=look
                size=Size::Wide
                busy=self.busy
                disabled=incomplete
                on_press=Callback::new(move |()| self.send())
            >
                {text}
            </Button>
        }
        .into_any()
    }

    /// The court and the department that a channel is for.
    fn reach(self, courts: Slot<Courts>) -> AnyView {
        let (state, locale) = (self.state, self.state.locale);
        let (court, department) = (self.settings.court, self.settings.department);
        let chosen = Memo::new(move |_| court.with(|id| Uuid::parse_str(id).ok()));
        let departments = read::<ListDepartments>(state, move || {
            let court = chosen.get()?;
            Some((Empty {}, CourtQuery { court: Some(court) }))
        });
        // A department of another court is none of this one.
        Effect::new(move |before: Option<Option<Uuid>>| {
            let now = chosen.get();
            if before.is_some_and(|before| before != now) {
                department.set(String::new());
            }
            now
        });
        let court_select = move || {
            let choices =
                courts.with(|load| load.data().map(|courts| court_choices(&courts.items)).unwrap_or_default());
            let whole = td_string!(locale, org.whole_province);
            view! { <Select id="channel-court" choices value=court placeholder=whole /> }
        };
        let department_choices = move || {
            let all = |data: &Departments| {
                let of_court = data.items.iter().filter(|item| Some(item.court_id) == chosen.get());
                of_court.map(|item| Choice::new(item.id.to_string(), item.name.clone())).collect::<Vec<_>>()
            };
            departments.load.with(|load| load.data().map(all).unwrap_or_default())
        };
        let department_select = move || {
            chosen.get().map(|_| {
                let every = td_string!(locale, notice.every_department);
                view! {
                    <Field label=td_string!(locale, org.column_department) control="channel-department">
                        <Select
                            id="channel-department"
                            choices=department_choices()
                            value=department
                            placeholder=every
                        />
                    </Field>
                }
            })
        };
        view! {
            <Field label=td_string!(locale, notice.channel_reach) control="channel-court">
                {court_select}
            </Field>
            {department_select}
        }
        .into_any()
    }
}

/// `/channels/deliveries`
#[component]
pub fn DeliveriesPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let query = use_location().query;
    let filter = Memo::new(move |_| query.with(|query| DeliveryFilter::read(|name| query.get(name))));
    view! {
        <TopBar locale title=td_string!(locale, notice.channels) up="/me" />
        <main class="page">
            <div>{view::tabs(locale, ChannelTab::Deliveries)}</div>
            {move || {
                let filter = filter.get();
                untrack(|| DeliveryLog(DeliveryLogProps { filter }).into_any())
            }}
        </main>
    }
}

/// The log under one filter, page by page.
#[component]
fn DeliveryLog(filter: DeliveryFilter) -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    // The cursors that lead to the page shown.
    let trail = RwSignal::new(Vec::<String>::new());
    let reading = read::<ListDeliveries>(state, move || {
        let cursor = trail.with(|trail| trail.last().cloned());
        Some((Empty {}, DeliveryQuery { channel: filter.channel, state: filter.state, cursor, limit: None }))
    });
    let turn = Callback::new(move |next: Option<String>| {
        trail.update(|trail| match next {
            Some(next) => trail.push(next),
            None => drop(trail.pop()),
        });
        window().scroll_to_with_x_and_y(0.0, 0.0);
    });
    let busy = RwSignal::new(false);
    let retry = Callback::new(move |id| {
        act(busy, async move {
            match net::call::<RetryDelivery>(&ById { id }, &Empty {}, &Empty {}).await {
                Ok(_) => state.toasts.show(Tone::Good, td_string!(locale, notice.queued_again)),
                Err(failure) => complain(state, &failure),
            }
            reading.again.try_run(());
        });
    });
    view! {
        {deliveries_view::filters(locale, filter)}
        <Loaded
            locale
            load=reading.load
            on_retry=reading.again
            draw=move |page| {
                let is_first = trail.with_untracked(Vec::is_empty);
                let pager = view! { <Pager locale is_first next=page.next.clone() on_turn=turn /> };
                view! {
                    {deliveries_view::deliveries(state.words(), page, busy.into(), retry)}
                    {pager}
                }
                    .into_any()
            }
        />
    }
}
