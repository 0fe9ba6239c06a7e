//! The types of leave and the settings of one, drawn from plain data.

use app::leave::api::TypeRules;
use app::leave::types::variant::Variant;
use app::leave::types::{Basis, GrantRule, Lane, LeaveType};
use app::org::rules::{Category, Sex};
use leptos::prelude::*;

use super::form::{LimitForm, RuleKind, StepForm, TypeForm};
use crate::format::days;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Card, CellButton, Choice, Field, Icon, Input, List, Look, Select, Switch, TextArea};
use crate::leave::settings_card::confirmations;
use crate::leave::words::type_name;

/// The types, each with the numbers that matter most.
pub fn types(locale: Locale, items: &[TypeRules], on_open: Callback<String>) -> AnyView {
    let cell = |item: &TypeRules| {
        let name = item.rules.name.clone();
        let state = match (item.rules.active, item.version) {
            (false, _) => format!("{} · ", td_string!(locale, leave_type.inactive)),
            (true, 0) => String::new(),
            (true, _) => format!("{} · ", td_string!(locale, leave_type.changed)),
        };
        view! {
            <CellButton
                title=type_name(locale, &item.rules.name)
                note=format!("{state}{}", summary(locale, &item.rules))
                on_press=Callback::new(move |()| on_open.run(name.clone()))
            />
        }
    };
    let cells: Vec<_> = items.iter().map(cell).collect();
    view! { <List>{cells}</List> }.into_any()
}

fn summary(locale: Locale, rules: &LeaveType) -> String {
    if rules.lane() == Lane::Report {
        return td_string!(locale, leave.takes_no_leave).to_owned();
    }
    let basis = match rules.basis {
        Basis::Workdays => td_string!(locale, leave_type.workdays),
        Basis::NaturalDays => td_string!(locale, leave_type.natural_days),
    };
    let grant = match &rules.grant {
        GrantRule::None => td_string!(locale, leave_type.rule_none).to_owned(),
        GrantRule::ByService { steps, .. } => {
            let brackets = steps.iter().map(|step| days(step.half_days)).collect::<Vec<_>>().join("/");
            td_string!(locale, leave_type.by_service_of, days = brackets)
        }
        GrantRule::Yearly { half_days } => td_string!(locale, leave_type.yearly_of, days = days(*half_days)),
        GrantRule::Earned { .. } => td_string!(locale, leave_type.rule_earned).to_owned(),
    };
    let limit = rules.request_limit.map(|limit| td_string!(locale, leave_type.at_most, days = days(limit.half_days)));
    let limit = limit.or_else(|| {
        rules.year_limit.map(|limit| td_string!(locale, leave_type.at_most_a_year, days = days(limit.half_days)))
    });
    [Some(basis.to_owned()), Some(grant), limit].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The settings of one type.
pub fn form(
    locale: Locale,
    form: TypeForm,
    error: RwSignal<String>,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    let minutes =
        form.counts_minutes().then(|| field(td_string!(locale, leave_type.minutes), "type-minutes", form.minutes, ""));
    // What counts nothing has neither days nor limits to set.
    let counts = !form.counts_nothing();
    let sexes = [
        Choice::new("", td_string!(locale, leave_type.everybody)),
        Choice::new(Sex::Female.as_str(), td_string!(locale, leave_type.female)),
        Choice::new(Sex::Male.as_str(), td_string!(locale, leave_type.male)),
    ];
    let categories = form.categories;
    let category_switches = Category::ALL.iter().map(|&category| {
        let on = Signal::derive(move || categories.with(|all| all.contains(&category)));
        let change = Callback::new(move |on: bool| {
            categories.update(|all| {
                all.retain(|other| *other != category);
                if on {
                    all.push(category);
                }
            });
        });
        switch_line(category.text().to_owned(), on, change)
    });
    let category_switches: Vec<AnyView> = category_switches.collect();
    view! {
        <div class="stack">
            <Card title=td_string!(locale, leave_type.counting)>
                {toggle(td_string!(locale, leave_type.active), form.active)}
                {counts.then(|| toggle(td_string!(locale, leave_type.only_workdays), form.workdays))}
                {counts.then(|| toggle(td_string!(locale, leave_type.may_split), form.may_split))}
                {toggle(td_string!(locale, leave_type.chosen), form.chosen)}
                {toggle(td_string!(locale, leave_type.needs_return), form.needs_return)}
                {confirmation(locale, form)} {minutes}
            </Card>
            {counts.then(|| grant_card(locale, form))}
            <Card title=td_string!(locale, leave_type.limits)>
                {counts.then(|| most(locale, form))}
                {field(
                    td_string!(locale, leave_type.notice),
                    "type-notice",
                    form.notice,
                    td_string!(locale, leave_type.notice_hint),
                )}
                {field(td_string!(locale, leave_type.backfill), "type-backfill", form.backfill, "")}
                {counts
                    .then(|| {
                        field(
                            td_string!(locale, leave_type.evidence),
                            "type-evidence",
                            form.evidence,
                            td_string!(locale, leave_type.evidence_hint),
                        )
                    })}
            </Card>
            <Card title=td_string!(locale, leave_type.for_whom)>
                <Field label=td_string!(locale, leave_type.sex) control="type-sex">
                    <Select id="type-sex" choices=sexes.to_vec() value=form.sex />
                </Field>
                {field(td_string!(locale, leave_type.service_years), "type-service-years", form.service_years, "")}
                <p class="field-hint">{td_string!(locale, leave_type.categories_hint)}</p>
                {category_switches}
            </Card>
            <Card title=td_string!(locale, leave_type.help)>
                <Field
                    label=td_string!(locale, leave_type.help)
                    control="type-help"
                    hint=td_string!(locale, leave_type.help_hint)
                    error=error
                >
                    <TextArea id="type-help" value=form.help />
                </Field>
                <Button busy=busy on_press=on_save>
                    {td_string!(locale, leave_type.save)}
                </Button>
            </Card>
        </div>
    }
    .into_any()
}

/// Who confirms its returns.
fn confirmation(locale: Locale, form: TypeForm) -> AnyView {
    let mut choices = vec![Choice::new("", td_string!(locale, leave_type.confirmation_setting))];
    choices.extend(confirmations(locale));
    view! {
        <Field
            label=td_string!(locale, after.settings_confirmation)
            control="type-confirmation"
            hint=td_string!(locale, leave_type.confirmation_hint)
        >
            <Select id="type-confirmation" choices=choices value=form.confirmation />
        </Field>
    }
    .into_any()
}

/// The most of one request and of one year.
fn most(locale: Locale, form: TypeForm) -> AnyView {
    view! {
        {provinces(locale, form)}
        {limit(
            locale,
            (td_string!(locale, leave_type.request_limit), td_string!(locale, leave_type.request_limit_hint)),
            "type-request-limit",
            form.request_limit,
        )}
        {limit(
            locale,
            (td_string!(locale, leave_type.year_limit), td_string!(locale, leave_type.limit_hint)),
            "type-year-limit",
            form.year_limit,
        )}
    }
    .into_any()
}

/// What provinces give, to start from.
fn provinces(locale: Locale, form: TypeForm) -> Option<AnyView> {
    let variants = form.variants();
    if variants.is_empty() {
        return None;
    }
    let choice = |variant: &Variant| {
        let days = td_string!(locale, leave_type.province_days, days = days(variant.half_days));
        Choice::new(variant.province, format!("{} {days}", variant.province))
    };
    let choices: Vec<Choice> = variants.iter().map(choice).collect();
    let chosen = RwSignal::new(String::new());
    let taken = RwSignal::new(String::new());
    let take = Callback::new(move |()| {
        let name = chosen.get_untracked();
        if let Some(variant) = variants.iter().find(|variant| variant.province == name) {
            form.take(*variant);
            taken.set(td_string!(locale, leave_type.province_taken, province = name));
        }
    });
    let view = view! {
        <Field
            label=td_string!(locale, leave_type.province)
            control="type-province"
            hint=td_string!(locale, leave_type.province_hint)
        >
            <Select
                id="type-province"
                choices=choices
                value=chosen
                placeholder=td_string!(locale, leave_type.province_choose)
            />
        </Field>
        <Button look=Look::Secondary on_press=take>
            {td_string!(locale, leave_type.province_take)}
        </Button>
        <p class="field-hint" role="status">
            {move || taken.get()}
        </p>
    };
    Some(view.into_any())
}

/// The name of a type that HR adds, and what it counts.
pub fn adding(
    locale: Locale,
    name: RwSignal<String>,
    by_minutes: RwSignal<bool>,
    error: RwSignal<String>,
    on_next: Callback<()>,
) -> AnyView {
    view! {
        <div class="stack">
            <Field
                label=td_string!(locale, leave_type.name)
                control="type-name"
                hint=td_string!(locale, leave_type.name_hint)
                error=error
            >
                <Input id="type-name" value=name />
            </Field>
            {toggle(td_string!(locale, leave_type.by_minutes), by_minutes)}
            <p class="field-hint">{td_string!(locale, leave_type.by_minutes_hint)}</p>
            <Button on_press=on_next>{td_string!(locale, leave_type.next)}</Button>
        </div>
    }
    .into_any()
}

fn grant_card(locale: Locale, form: TypeForm) -> AnyView {
    let choices = RuleKind::ALL.map(|kind| {
        let label = match kind {
            RuleKind::None => td_string!(locale, leave_type.rule_none),
            RuleKind::ByService => td_string!(locale, leave_type.rule_by_service),
            RuleKind::Yearly => td_string!(locale, leave_type.rule_yearly),
            RuleKind::Earned => td_string!(locale, leave_type.rule_earned),
        };
        Choice::new(kind.as_str(), label)
    });
    let rule = form.rule;
    let details = move || match form.rule_kind() {
        RuleKind::None => ().into_any(),
        RuleKind::ByService => view! { {steps(locale, form)} {carry_over(locale, form)} }.into_any(),
        RuleKind::Yearly => view! {
            {field(td_string!(locale, leave_type.yearly), "type-yearly", form.yearly, "")}
            {carry_over(locale, form)}
        }
        .into_any(),
        RuleKind::Earned => field(
            td_string!(locale, leave_type.lasts_days),
            "type-lasts",
            form.lasts_days,
            td_string!(locale, leave_type.lasts_hint),
        ),
    };
    view! {
        <Card title=td_string!(locale, leave_type.grant)>
            <Field label=td_string!(locale, leave_type.rule) control="type-rule">
                <Select id="type-rule" choices=choices.to_vec() value=rule />
            </Field>
            {details}
        </Card>
    }
    .into_any()
}

fn steps(locale: Locale, form: TypeForm) -> AnyView {
    let rows = form.steps;
    let add = Callback::new(move |()| rows.update(|rows| rows.push(StepForm::of(None))));
    let row = move |(place, step): (usize, StepForm)| {
        let id = |name: &str| format!("type-step-{place}-{name}");
        let remove = Callback::new(move |()| {
            rows.update(|rows| {
                rows.remove(place);
            });
        });
        view! {
            <div class="grid-3">
                {field(td_string!(locale, leave_type.step_years), &id("years"), step.years, "")}
                {field(td_string!(locale, leave_type.step_days), &id("days"), step.days, "")}
                {field(td_string!(locale, leave_type.step_sick), &id("sick"), step.sick_limit, "")}
            </div>
            <Button look=Look::Ghost icon=Icon::Cross on_press=remove>
                {td_string!(locale, leave_type.step_remove)}
            </Button>
        }
    };
    view! {
        {move || rows.get().into_iter().enumerate().map(row).collect_view()}
        <Button look=Look::Secondary icon=Icon::Plus on_press=add>
            {td_string!(locale, leave_type.step_add)}
        </Button>
        {field(
            td_string!(locale, leave_type.personal_limit),
            "type-personal-limit",
            form.personal_limit,
            td_string!(locale, leave_type.personal_hint),
        )}
    }
    .into_any()
}

fn carry_over(locale: Locale, form: TypeForm) -> AnyView {
    view! {
        <div class="grid-3">
            {field(
                td_string!(locale, leave_type.carry),
                "type-carry",
                form.carry,
                td_string!(locale, leave_type.carry_hint),
            )} {field(td_string!(locale, leave_type.carry_month), "type-carry-month", form.carry_month, "")}
            {field(td_string!(locale, leave_type.carry_day), "type-carry-day", form.carry_day, "")}
        </div>
    }
    .into_any()
}

fn limit(locale: Locale, (label, hint): (&str, &str), id: &'static str, limit: LimitForm) -> AnyView {
    view! {
        {field(label, id, limit.most, hint)}
        {toggle(td_string!(locale, leave_type.limit_blocks), limit.blocking)}
    }
    .into_any()
}

fn field(label: &str, id: &str, value: RwSignal<String>, hint: &str) -> AnyView {
    let (id, hint) = (id.to_owned(), hint.to_owned());
    view! {
        <Field label=label control=id.clone() hint=hint>
            <Input id=id value=value />
        </Field>
    }
    .into_any()
}

fn toggle(label: &str, value: RwSignal<bool>) -> AnyView {
    switch_line(label.to_owned(), value.into(), Callback::new(move |on| value.set(on)))
}

fn switch_line(label: String, on: Signal<bool>, change: Callback<bool>) -> AnyView {
    view! {
        <div class="row">
            <span class="grow">{label.clone()}</span>
            <Switch label=label on=on on_change=change />
        </div>
    }
    .into_any()
}
