//! Loads and changes what leave collides with, for HR.

use app::account::rules::Permission;
use app::api::{ById, Empty};
use app::leave::api::{
    ConflictSettingsChange, DeleteLeavePeriod, DeletePresenceRule, GetConflictSettings, LeavePeriod, ListLeavePeriods,
    ListPresenceRules, ListStandInRules, PresenceRule, SetConflictSettings, SetLeavePeriod, SetPresenceRule,
    SetStandInRule, StandInRuleChange,
};
use app::leave::conflict::Settings;
use app::org::api::{CourtQuery, ListCourts, ListDepartments};
use leptos::prelude::*;
use uuid::Uuid;

use super::absences_view::stand_in_rules;
use super::conflict_view::{self, EffectForm, Fetched, ListActions, RuleForm, effects, period_form, rule_form};
use crate::approval::process_page::find_people;
use crate::i18n::td_string;
use crate::kit::{Button, Choice, Loaded, Look, Select, Sheet, Size, Tone, TopBar};
use crate::load::{act, complain, new_id, read};
use crate::net;
use crate::org::view::court_choices;
use crate::state::AppState;

/// The choices of a court and of one of its departments. `province`: whether no court in particular can be chosen.
fn fetched(state: AppState, form: RuleForm, province: bool) -> Fetched {
    let locale = state.locale;
    let courts = read::<ListCourts>(state, || Some((Empty {}, Empty {})));
    let departments = read::<ListDepartments>(state, move || {
        let court = form.court.with(|id| id.parse::<Uuid>().ok())?;
        Some((Empty {}, CourtQuery { court: Some(court) }))
    });
    let first = if province { td_string!(locale, conflict.whole_province) } else { "" };
    let courts = move || {
        courts.load.with(|load| {
            let choices = load.data().map(|courts| court_choices(&courts.items)).unwrap_or_default();
            view! { <Select id="rule-court" choices value=form.court placeholder=first /> }
        })
    };
    let departments = move || {
        departments.load.with(|load| {
            let known = load.data().map(|found| found.items.as_slice()).unwrap_or_default();
            let choices = known.iter().map(|item| Choice::new(item.id.to_string(), item.name.clone())).collect();
            let whole = td_string!(locale, conflict.whole_court);
            view! { <Select id="rule-department" choices value=form.department placeholder=whole /> }
        })
    };
    Fetched {
        courts: courts.into_any(),
        departments: departments.into_any(),
        people: find_people(state, form.officers, true),
    }
}

/// `/periods`
#[component]
pub fn PeriodsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let periods = read::<ListLeavePeriods>(state, || Some((Empty {}, Empty {})));
    let rules = read::<ListPresenceRules>(state, || Some((Empty {}, Empty {})));
    let settings = read::<GetConflictSettings>(state, || Some((Empty {}, Empty {})));
    let stand_ins = read::<ListStandInRules>(state, || Some((Empty {}, Empty {})));
    let own_court = state.me().map(|me| me.court_id.to_string()).unwrap_or_default();
    let form = RuleForm::new();
    let id = RwSignal::new(Uuid::nil());
    let (period_open, rule_open, removing) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new(None::<(String, Uuid, bool)>);
    let busy = RwSignal::new(false);
    let court = own_court.clone();
    let edit_period = Callback::new(move |item: Option<LeavePeriod>| {
        match &item {
            Some(item) => form.show_period(item),
            None => form.clear(court.clone()),
        }
        id.set(item.map_or_else(new_id, |item| item.id));
        period_open.set(true);
    });
    let edit_rule = Callback::new(move |item: Option<PresenceRule>| {
        match &item {
            Some(item) => form.show_rule(item),
            None => form.clear(own_court.clone()),
        }
        id.set(item.map_or_else(new_id, |item| item.id));
        rule_open.set(true);
    });
    let ask = move |title: String, id: Uuid, is_period: bool| {
        chosen.set(Some((title, id, is_period)));
        removing.set(true);
    };
    let remove_period = Callback::new(move |item: LeavePeriod| ask(item.title, item.id, true));
    let remove_rule = Callback::new(move |item: PresenceRule| ask(item.title, item.id, false));
    let saved = move || state.toasts.show(Tone::Good, td_string!(locale, conflict.saved));
    let incomplete = move || state.toasts.show(Tone::Warn, td_string!(locale, conflict.incomplete));
    let save_period = Callback::new(move |()| {
        let Some(body) = untrack(|| form.period()) else { return incomplete() };
        act(busy, async move {
            match net::call::<SetLeavePeriod>(&ById { id: id.get_untracked() }, &Empty {}, &body).await {
                Ok(_) => {
                    period_open.try_set(false);
                    saved();
                    periods.again.run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let save_rule = Callback::new(move |()| {
        let Some(body) = untrack(|| form.rule()) else { return incomplete() };
        act(busy, async move {
            match net::call::<SetPresenceRule>(&ById { id: id.get_untracked() }, &Empty {}, &body).await {
                Ok(_) => {
                    rule_open.try_set(false);
                    saved();
                    rules.again.run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let remove = Callback::new(move |()| {
        let Some((_, id, is_period)) = chosen.get_untracked() else { return };
        act(busy, async move {
            let answer = if is_period {
                net::call::<DeleteLeavePeriod>(&ById { id }, &Empty {}, &Empty {}).await
            } else {
                net::call::<DeletePresenceRule>(&ById { id }, &Empty {}, &Empty {}).await
            };
            match answer {
                Ok(_) => {
                    removing.try_set(false);
                    state.toasts.show(Tone::Good, td_string!(locale, conflict.removed));
                    if is_period { periods.again.run(()) } else { rules.again.run(()) }
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    // What conflicts do is the province's, like the definitions: who manages those covers all of it.
    let may_change = state.can(Permission::ManageApproval);
    let draw_settings = move |seen: &Settings| {
        let (effect_form, seen) = (EffectForm::of(seen), *seen);
        let save = Callback::new(move |()| {
            let body = ConflictSettingsChange { seen, settings: untrack(|| effect_form.settings()) };
            act(busy, async move {
                match net::call::<SetConflictSettings>(&Empty {}, &Empty {}, &body).await {
                    Ok(_) => saved(),
                    Err(failure) => complain(state, &failure),
                }
                settings.again.run(());
            });
        });
        effects(locale, effect_form, may_change, busy.into(), save)
    };
    let set_rule = Callback::new(move |(court, version, accept_first): (Uuid, i64, bool)| {
        act(busy, async move {
            let body = StandInRuleChange { version, accept_first };
            match net::call::<SetStandInRule>(&ById { id: court }, &Empty {}, &body).await {
                Ok(_) => saved(),
                Err(failure) => complain(state, &failure),
            }
            stand_ins.again.try_run(());
        });
    });
    let period_actions = ListActions { edit: edit_period, remove: remove_period };
    let rule_actions = ListActions { edit: edit_rule, remove: remove_rule };
    let sure = move || chosen.get().map(|(title, ..)| td_string!(locale, conflict.remove_sure, title));
    view! {
        <TopBar locale title=td_string!(locale, conflict.title) up="/me" />
        <main class="page">
            <p class="muted">{td_string!(locale, conflict.intro)}</p>
            <Loaded
                locale
                load=periods.load
                on_retry=periods.again
                draw=move |data| conflict_view::periods(state.words(), &data.items, period_actions)
            />
            <Loaded
                locale
                load=rules.load
                on_retry=rules.again
                draw=move |data| conflict_view::rules(state.words(), &data.items, rule_actions)
            />
            <Loaded locale load=settings.load on_retry=settings.again draw=draw_settings />
            <Loaded
                locale
                load=stand_ins.load
                on_retry=stand_ins.again
                draw=move |data| stand_in_rules(locale, &data.items, set_rule)
            />
        </main>
        <Sheet locale open=period_open title=td_string!(locale, conflict.periods)>
            {move || period_form(locale, form, fetched(state, form, may_change), busy.into(), save_period)}
        </Sheet>
        <Sheet locale open=rule_open title=td_string!(locale, conflict.rules)>
            {move || rule_form(locale, form, fetched(state, form, false), busy.into(), save_rule)}
        </Sheet>
        <Sheet locale open=removing title=td_string!(locale, conflict.remove)>
            <p>{sure}</p>
            <Button look=Look::DangerFill size=Size::Wide busy=busy on_press=remove>
                {td_string!(locale, conflict.remove)}
            </Button>
        </Sheet>
    }
}
