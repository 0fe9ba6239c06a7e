//! 委托代理, drawn from plain data.

use std::collections::BTreeSet;

use app::approval::api::{DelegationState, DelegationView, NewDelegation};
use app::approval::delegation::{Kinds, Period};
use app::day::{Day, Zone};
use app::org::api::Colleague;
use leptos::prelude::*;
use uuid::Uuid;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Badge, Button, Card, Choice, EmptyState, Facts, Field, Icon, Input, Kind, Look, Segments, Size, Tone,
};

/// The kind of form that can be delegated by itself.
const LEAVE: &str = "leave";

/// What can be done with delegations; the page does it.
#[derive(Clone, Copy)]
pub struct DelegationActions {
    /// Opens the form for a new one.
    pub begin: Callback<()>,
    /// Answers an offer: whether he agrees.
    pub answer: Callback<(Uuid, bool)>,
    /// Asks whether to end one.
    pub revoke: Callback<DelegationView>,
}

/// The delegations that the officer `me` gave and was given.
pub fn delegations(
    words: Words,
    me: &str,
    items: &[DelegationView],
    busy: Signal<bool>,
    actions: DelegationActions,
) -> AnyView {
    let locale = words.locale;
    let group = |title: &'static str, given: bool| {
        let cards = items.iter().filter(|item| (item.from == me) == given);
        let cards = cards.map(|item| delegation(words, item, given, busy, actions)).collect::<Vec<_>>();
        (!cards.is_empty()).then(|| {
            view! {
                <section class="stack stack-tight">
                    <div class="list-head">
                        <h2>{title}</h2>
                    </div>
                    <div class="stack">{cards}</div>
                </section>
            }
        })
    };
    let none = items.is_empty().then(|| {
        view! {
            <EmptyState
                icon=Icon::People
                title=td_string!(locale, approval.delegation_none)
                detail=td_string!(locale, approval.delegation_none_detail)
            />
        }
    });
    view! {
        <p class="muted small">{td_string!(locale, approval.delegation_intro)}</p>
        <Button size=Size::Wide icon=Icon::Plus on_press=actions.begin>
            {td_string!(locale, approval.delegation_new)}
        </Button>
        {group(td_string!(locale, approval.delegation_received), false)}
        {group(td_string!(locale, approval.delegation_given), true)}
        {none}
    }
    .into_any()
}

fn delegation(
    words: Words,
    item: &DelegationView,
    given: bool,
    busy: Signal<bool>,
    actions: DelegationActions,
) -> AnyView {
    let locale = words.locale;
    let title = if given {
        td_string!(locale, approval.delegation_to, name = item.to_name.clone())
    } else {
        td_string!(locale, approval.delegation_from, name = item.from_name.clone())
    };
    let (tone, text) = standing(words, item, given);
    let badge = view! { <Badge tone text /> }.into_any();
    let facts = vec![
        (td_string!(locale, approval.delegation_when), period_text(words, item.period)),
        (td_string!(locale, approval.delegation_kinds), kinds_text(locale, &item.kinds).to_owned()),
    ];
    let id = item.id;
    let is_offer = !given && item.state == DelegationState::Offered;
    let answer = is_offer.then(|| {
        let say = move |accept: bool| Callback::new(move |()| actions.answer.run((id, accept)));
        view! {
            <div class="button-bar">
                <Button look=Look::Secondary busy=busy on_press=say(false)>
                    {td_string!(locale, approval.decline)}
                </Button>
                <Button busy=busy on_press=say(true)>{td_string!(locale, approval.accept)}</Button>
            </div>
        }
    });
    let stands = match item.state {
        DelegationState::Offered => given,
        DelegationState::Accepted => !is_over(words, item),
        DelegationState::Declined | DelegationState::Revoked => false,
    };
    let revoke = stands.then(|| {
        let item = item.clone();
        let press = Callback::new(move |()| actions.revoke.run(item.clone()));
        view! {
            <Button look=Look::Danger on_press=press>
                {td_string!(locale, approval.revoke)}
            </Button>
        }
    });
    view! {
        <Card title end=badge>
            <Facts facts />
            {answer}
            {revoke}
        </Card>
    }
    .into_any()
}

/// Whether the last of its days has passed.
fn is_over(words: Words, item: &DelegationView) -> bool {
    match item.period {
        Period::Between { until, .. } => !item.active && words.zone.day(until.plus_seconds(-1)) < words.today,
        Period::OwnLeave => false,
    }
}

fn standing(words: Words, item: &DelegationView, given: bool) -> (Tone, &'static str) {
    let locale = words.locale;
    match item.state {
        DelegationState::Offered if given => (Tone::Court, td_string!(locale, approval.offered_given)),
        DelegationState::Offered => (Tone::Gold, td_string!(locale, approval.offered_received)),
        DelegationState::Accepted if item.active => (Tone::Good, td_string!(locale, approval.delegation_active)),
        DelegationState::Accepted if is_over(words, item) => {
            (Tone::Plain, td_string!(locale, approval.delegation_over))
        }
        DelegationState::Accepted => (Tone::Court, td_string!(locale, approval.delegation_accepted)),
        DelegationState::Declined => (Tone::Plain, td_string!(locale, approval.delegation_declined)),
        DelegationState::Revoked => (Tone::Plain, td_string!(locale, approval.delegation_revoked)),
    }
}

fn period_text(words: Words, period: Period) -> String {
    match period {
        Period::OwnLeave => td_string!(words.locale, approval.own_leave).to_owned(),
        Period::Between { from, until } => {
            let (first, last) = (words.zone.day(from), words.zone.day(until.plus_seconds(-1)));
            if first == last {
                words.day(first)
            } else {
                td_string!(words.locale, common.span, from = words.date(first), to = words.date(last))
            }
        }
    }
}

fn kinds_text(locale: Locale, kinds: &Kinds) -> &'static str {
    match kinds {
        Kinds::All => td_string!(locale, approval.kinds_all),
        // Leave is the only form so far.
        Kinds::Listed(_) => td_string!(locale, approval.kinds_leave),
    }
}

/// What has been filled in for a new delegation.
#[derive(Clone, Copy, Debug)]
pub struct DelegationForm {
    /// Who shall act; one at most.
    pub to: RwSignal<Vec<Colleague>>,
    /// `dates` or `own_leave`.
    pub when: RwSignal<String>,
    /// The first day, as `YYYY-MM-DD`.
    pub first: RwSignal<String>,
    /// The last day.
    pub last: RwSignal<String>,
    /// `all`, or the kind of form.
    pub kinds: RwSignal<String>,
}

impl DelegationForm {
    /// A form for today alone and for every kind.
    pub fn for_day(day: Day) -> Self {
        let text = || RwSignal::new(String::new());
        let form = Self { to: RwSignal::new(Vec::new()), when: text(), first: text(), last: text(), kinds: text() };
        form.clear(day);
        form
    }

    /// Makes it what it was for this day.
    pub fn clear(self, day: Day) {
        self.to.set(Vec::new());
        self.when.set("dates".to_owned());
        self.first.set(day.to_string());
        self.last.set(day.to_string());
        self.kinds.set("all".to_owned());
    }

    fn period(self, zone: Zone) -> Option<Period> {
        if self.when.with(|when| when == "own_leave") {
            return Some(Period::OwnLeave);
        }
        let first = self.first.with(|day| day.parse::<Day>().ok())?;
        let last = self.last.with(|day| day.parse::<Day>().ok())?;
        (first <= last).then(|| Period::Between { from: zone.at(first, 0), until: zone.at(last.next(), 0) })
    }

    /// The delegation, once it is filled in; the last day counts whole.
    pub fn delegation(self, id: Uuid, zone: Zone) -> Option<NewDelegation> {
        let to = self.to.with(|people| people.first().map(|person| person.officer.clone()))?;
        let kinds = self.kinds.with(|kinds| match kinds.as_str() {
            "all" => Kinds::All,
            kind => Kinds::Listed(BTreeSet::from([kind.to_owned()])),
        });
        Some(NewDelegation { id, to, kinds, period: self.period(zone)? })
    }
}

/// The content of the sheet for a new delegation; `people` is the search for the colleague.
pub fn delegation_form(
    words: Words,
    form: DelegationForm,
    people: AnyView,
    busy: Signal<bool>,
    on_submit: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let whens = vec![
        Choice::new("dates", td_string!(locale, approval.when_dates)),
        Choice::new("own_leave", td_string!(locale, approval.when_own_leave)),
    ];
    let kinds = vec![
        Choice::new("all", td_string!(locale, approval.kinds_all)),
        Choice::new(LEAVE, td_string!(locale, approval.kinds_leave)),
    ];
    let dated = Memo::new(move |_| form.when.with(|when| when == "dates"));
    let dates = move || {
        if !dated.get() {
            return view! { <p class="field-hint">{td_string!(locale, approval.own_leave_hint)}</p> }.into_any();
        }
        view! {
            <Field label=td_string!(locale, approval.first_day) control="delegation-first">
                <Input id="delegation-first" kind=Kind::Date value=form.first />
            </Field>
            <Field label=td_string!(locale, approval.last_day) control="delegation-last">
                <Input id="delegation-last" kind=Kind::Date value=form.last />
            </Field>
        }
        .into_any()
    };
    let incomplete = Signal::derive(move || form.delegation(Uuid::nil(), words.zone).is_none());
    view! {
        {people}
        <Segments label=td_string!(locale, approval.delegation_when) choices=whens value=form.when wide=true />
        {dates}
        <Segments label=td_string!(locale, approval.delegation_kinds) choices=kinds value=form.kinds wide=true />
        <Button size=Size::Wide busy=busy disabled=incomplete on_press=on_submit>
            {td_string!(locale, approval.delegation_submit)}
        </Button>
    }
    .into_any()
}
