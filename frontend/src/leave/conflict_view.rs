//! What leave collides with, as HR sets it up, drawn from plain data.

use app::leave::api::{LeavePeriod, LeavePeriodChange, PresenceRule, PresenceRuleChange};
use app::leave::conflict::{Effect, Kind, PeriodKind, Settings};
use app::org::api::Colleague;
use app::org::rules::{Category, PostClass};
use leptos::prelude::*;
use uuid::Uuid;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Badge, Button, Card, Choice, EmptyState, Field, Icon, Input, Kind as InputKind, Look, RichTable, Segments, Select,
    Size, Tone,
};

/// What is being made or changed in a list, with what to do about it.
pub struct ListActions<T: 'static> {
    /// Opens the form: for an item, or for a new one.
    pub edit: Callback<Option<T>>,
    /// Asks whether to delete one.
    pub remove: Callback<T>,
}

// Not derived: that would ask the item to be `Copy` as well.
impl<T> Clone for ListActions<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ListActions<T> {}

fn place(locale: Locale, court: Option<&String>, department: Option<&String>) -> String {
    match (court, department) {
        (None, _) => td_string!(locale, conflict.whole_province).to_owned(),
        (Some(court), None) => format!("{court} · {}", td_string!(locale, conflict.whole_court)),
        (Some(court), Some(department)) => format!("{court} · {department}"),
    }
}

fn row_buttons<T: Clone + Send + Sync + 'static>(locale: Locale, item: &T, actions: ListActions<T>) -> AnyView {
    let (own, other) = (item.clone(), item.clone());
    let edit = Callback::new(move |()| actions.edit.run(Some(own.clone())));
    let remove = Callback::new(move |()| actions.remove.run(other.clone()));
    view! {
        <div class="row">
            <Button look=Look::Ghost size=Size::Small on_press=edit>
                {td_string!(locale, conflict.change)}
            </Button>
            <Button look=Look::Ghost size=Size::Small on_press=remove>
                {td_string!(locale, conflict.remove)}
            </Button>
        </div>
    }
    .into_any()
}

/// The periods of duty and of no leave.
pub fn periods(words: Words, items: &[LeavePeriod], actions: ListActions<LeavePeriod>) -> AnyView {
    let locale = words.locale;
    let head = [
        td_string!(locale, conflict.kind),
        td_string!(locale, conflict.name),
        td_string!(locale, conflict.days),
        td_string!(locale, conflict.place),
        td_string!(locale, conflict.on_duty),
        "",
    ];
    let rows: Vec<Vec<AnyView>> = items
        .iter()
        .map(|item| {
            let (tone, kind) = match item.kind {
                PeriodKind::Duty => (Tone::Court, td_string!(locale, conflict.duty)),
                PeriodKind::Blackout => (Tone::Bad, td_string!(locale, conflict.blackout)),
            };
            let names: Vec<&str> = item.officers.iter().map(|duty| duty.name.as_str()).collect();
            let days =
                if item.from == item.to { item.from.to_string() } else { format!("{} – {}", item.from, item.to) };
            vec![
                view! { <Badge tone text=kind /> }.into_any(),
                item.title.clone().into_any(),
                days.into_any(),
                place(locale, item.court_name.as_ref(), item.department_name.as_ref()).into_any(),
                names.join(td_string!(locale, common.list_comma)).into_any(),
                row_buttons(locale, item, actions),
            ]
        })
        .collect();
    let label = td_string!(locale, conflict.periods);
    let body = if rows.is_empty() {
        view! { <EmptyState icon=Icon::Check title=td_string!(locale, conflict.no_periods) /> }.into_any()
    } else {
        view! { <RichTable label head=head.map(str::to_owned).to_vec() rows /> }.into_any()
    };
    let add = Callback::new(move |()| actions.edit.run(None));
    view! {
        <section class="stack stack-tight">
            <div class="list-head">
                <h2>{label}</h2>
                <Button look=Look::Secondary size=Size::Small icon=Icon::Plus on_press=add>
                    {td_string!(locale, conflict.add_period)}
                </Button>
            </div>
            {body}
        </section>
    }
    .into_any()
}

/// The rules of minimum presence.
pub fn rules(words: Words, items: &[PresenceRule], actions: ListActions<PresenceRule>) -> AnyView {
    let locale = words.locale;
    let head = [
        td_string!(locale, conflict.name),
        td_string!(locale, conflict.place),
        td_string!(locale, conflict.whom),
        td_string!(locale, conflict.least),
        "",
    ];
    let rows: Vec<Vec<AnyView>> = items
        .iter()
        .map(|item| {
            let names: Vec<&str> = item.officers.iter().map(|member| member.name.as_str()).collect();
            let names = Some(names.join(td_string!(locale, common.list_comma))).filter(|names| !names.is_empty());
            let whom = [item.post_class.map(PostClass::text), item.category.map(Category::text)];
            let whom: Vec<&str> = whom.into_iter().flatten().chain(names.as_deref()).collect();
            let whom =
                if whom.is_empty() { td_string!(locale, conflict.anybody).to_owned() } else { whom.join(" · ") };
            vec![
                item.title.clone().into_any(),
                place(locale, Some(&item.court_name), item.department_name.as_ref()).into_any(),
                whom.into_any(),
                td_string!(locale, conflict.least_of, count = item.least).into_any(),
                row_buttons(locale, item, actions),
            ]
        })
        .collect();
    let label = td_string!(locale, conflict.rules);
    let body = if rows.is_empty() {
        view! { <p class="muted">{td_string!(locale, conflict.no_rules)}</p> }.into_any()
    } else {
        view! { <RichTable label head=head.map(str::to_owned).to_vec() rows /> }.into_any()
    };
    let add = Callback::new(move |()| actions.edit.run(None));
    view! {
        <section class="stack stack-tight">
            <div class="list-head">
                <h2>{label}</h2>
                <Button look=Look::Secondary size=Size::Small icon=Icon::Plus on_press=add>
                    {td_string!(locale, conflict.add_rule)}
                </Button>
            </div>
            <p class="muted small">{td_string!(locale, conflict.rules_intro)}</p>
            {body}
        </section>
    }
    .into_any()
}

/// What each kind of conflict does, as it is being chosen: `warn` or `block` for each of [`Kind::ALL`].
#[derive(Clone, Copy, Debug)]
pub struct EffectForm([RwSignal<String>; 5]);

fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Warn => "warn",
        Effect::Block => "block",
    }
}

impl EffectForm {
    /// As the settings are.
    pub fn of(settings: &Settings) -> Self {
        Self(Kind::ALL.map(|kind| RwSignal::new(effect_name(settings.of(kind)).to_owned())))
    }

    /// What is chosen.
    pub fn settings(self) -> Settings {
        let effect = |at: usize| self.0[at].with(|name| if name == "block" { Effect::Block } else { Effect::Warn });
        let [hearing, class, duty, blackout, presence] = [0, 1, 2, 3, 4].map(effect);
        Settings { hearing, class, duty, blackout, presence }
    }
}

/// What conflicts do; who does not manage the whole province only reads it.
pub fn effects(
    locale: Locale,
    form: EffectForm,
    may_change: bool,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    let labels = [
        td_string!(locale, conflict.hearing),
        td_string!(locale, conflict.class),
        td_string!(locale, conflict.duty),
        td_string!(locale, conflict.blackout),
        td_string!(locale, conflict.presence),
    ];
    let (warn, block) = (td_string!(locale, conflict.warn), td_string!(locale, conflict.block));
    let lines = labels
        .into_iter()
        .zip(form.0)
        .map(|(label, value)| {
            let control = if may_change {
                let choices = vec![Choice::new("warn", warn), Choice::new("block", block)];
                view! { <Segments label=label choices value /> }.into_any()
            } else {
                let text = move || value.with(|name| if name == "block" { block } else { warn });
                view! { <span>{text}</span> }.into_any()
            };
            view! {
                <div class="row row-apart">
                    <span>{label}</span>
                    {control}
                </div>
            }
        })
        .collect_view();
    let save = may_change.then(|| {
        view! {
            <div>
                <Button busy=busy on_press=on_save>
                    {td_string!(locale, conflict.save)}
                </Button>
            </div>
        }
    });
    view! {
        <Card title=td_string!(locale, conflict.effects)>
            <p class="muted small">{td_string!(locale, conflict.effects_intro)}</p>
            {lines}
            {save}
        </Card>
    }
    .into_any()
}

/// A period or a rule that is being filled in; each uses the fields that it has.
#[derive(Clone, Copy, Debug)]
pub struct RuleForm {
    /// The version that is changed; 0 for a new one.
    pub version: RwSignal<i64>,
    /// Its name.
    pub title: RwSignal<String>,
    /// Duty, or nobody may leave.
    pub kind: RwSignal<String>,
    /// The first day, as `YYYY-MM-DD`.
    pub from: RwSignal<String>,
    /// The last day, as `YYYY-MM-DD`.
    pub to: RwSignal<String>,
    /// The court's id; empty for the province.
    pub court: RwSignal<String>,
    /// The department's id; empty for the whole court.
    pub department: RwSignal<String>,
    /// Who is on duty, or who is named.
    pub officers: RwSignal<Vec<Colleague>>,
    /// The class of post; empty for any.
    pub post_class: RwSignal<String>,
    /// The category of personnel; empty for any.
    pub category: RwSignal<String>,
    /// How many have to stay.
    pub least: RwSignal<String>,
}

impl RuleForm {
    /// An empty form.
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        let form = Self {
            version: RwSignal::new(0),
            title: text(),
            kind: text(),
            from: text(),
            to: text(),
            court: text(),
            department: text(),
            officers: RwSignal::new(Vec::new()),
            post_class: text(),
            category: text(),
            least: text(),
        };
        form.clear(String::new());
        form
    }

    /// Empties the form for a new one of this court.
    pub fn clear(self, court: String) {
        self.version.set(0);
        for field in [self.title, self.from, self.to, self.department, self.post_class, self.category] {
            field.set(String::new());
        }
        self.kind.set(PeriodKind::Duty.as_str().to_owned());
        self.court.set(court);
        self.officers.set(Vec::new());
        self.least.set("1".to_owned());
    }

    /// Fills the form with a period.
    pub fn show_period(self, item: &LeavePeriod) {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        self.clear(id(item.court));
        self.version.set(item.version);
        self.title.set(item.title.clone());
        self.kind.set(item.kind.as_str().to_owned());
        self.from.set(item.from.to_string());
        self.to.set(item.to.to_string());
        self.department.set(id(item.department));
        self.officers.set(item.officers.iter().map(|duty| chosen(&duty.officer, &duty.name)).collect());
    }

    /// Fills the form with a rule.
    pub fn show_rule(self, item: &PresenceRule) {
        self.clear(item.court.to_string());
        self.version.set(item.version);
        self.title.set(item.title.clone());
        self.department.set(item.department.map(|id| id.to_string()).unwrap_or_default());
        self.post_class.set(item.post_class.map_or("", PostClass::as_str).to_owned());
        self.category.set(item.category.map_or("", Category::as_str).to_owned());
        self.least.set(item.least.to_string());
        self.officers.set(item.officers.iter().map(|member| chosen(&member.officer, &member.name)).collect());
    }

    /// The period that is filled in; nothing while a field is missing.
    pub fn period(self) -> Option<LeavePeriodChange> {
        let title = self.title.with(|title| title.trim().to_owned());
        let kind = self.kind.with(|kind| PeriodKind::parse(kind))?;
        let officers = self.officers.with(|people| people.iter().map(|person| person.officer.clone()).collect());
        (!title.is_empty()).then_some(LeavePeriodChange {
            version: self.version.get(),
            kind,
            title,
            from: self.from.with(|day| day.parse().ok())?,
            to: self.to.with(|day| day.parse().ok())?,
            court: self.court.with(|id| id.parse().ok()),
            department: self.department.with(|id| id.parse().ok()),
            officers: if kind == PeriodKind::Duty { officers } else { Vec::new() },
        })
    }

    /// The rule that is filled in; nothing while a field is missing.
    pub fn rule(self) -> Option<PresenceRuleChange> {
        let title = self.title.with(|title| title.trim().to_owned());
        (!title.is_empty()).then_some(PresenceRuleChange {
            version: self.version.get(),
            title,
            court: self.court.with(|id| id.parse().ok())?,
            department: self.department.with(|id| id.parse().ok()),
            post_class: self.post_class.with(|name| PostClass::parse(name)),
            category: self.category.with(|name| Category::parse(name)),
            officers: self.officers.with(|people| people.iter().map(|person| person.officer.clone()).collect()),
            least: self.least.with(|least| least.trim().parse().ok())?,
        })
    }
}

/// Somebody who was chosen before.
fn chosen(officer: &str, name: &str) -> Colleague {
    Colleague {
        officer: officer.to_owned(),
        name: name.to_owned(),
        department: String::new(),
        court: String::new(),
        post: None,
        away: false,
    }
}

impl Default for RuleForm {
    fn default() -> Self {
        Self::new()
    }
}

/// What only the page can draw, since it fetches: the courts, the departments, the search for colleagues.
pub struct Fetched {
    /// The choice of a court.
    pub courts: AnyView,
    /// The choice of a department of that court.
    pub departments: AnyView,
    /// The search for colleagues.
    pub people: AnyView,
}

fn place_fields(locale: Locale, courts: AnyView, departments: AnyView) -> AnyView {
    view! {
        <Field label=td_string!(locale, conflict.court) control="rule-court">
            {courts}
        </Field>
        <Field label=td_string!(locale, conflict.department) control="rule-department">
            {departments}
        </Field>
    }
    .into_any()
}

fn title_field(locale: Locale, value: RwSignal<String>, placeholder: &'static str) -> AnyView {
    view! {
        <Field label=td_string!(locale, conflict.name) control="rule-title">
            <Input id="rule-title" value placeholder />
        </Field>
    }
    .into_any()
}

/// The form of a period.
pub fn period_form(
    locale: Locale,
    form: RuleForm,
    fetched: Fetched,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    let kinds = vec![
        Choice::new(PeriodKind::Duty.as_str(), td_string!(locale, conflict.duty)),
        Choice::new(PeriodKind::Blackout.as_str(), td_string!(locale, conflict.blackout)),
    ];
    let is_duty = move || form.kind.with(|kind| kind == PeriodKind::Duty.as_str());
    let Fetched { courts, departments, people } = fetched;
    view! {
        <Segments label=td_string!(locale, conflict.kind) choices=kinds value=form.kind />
        {title_field(locale, form.title, td_string!(locale, conflict.name_example))}
        <Field label=td_string!(locale, conflict.from) control="rule-from">
            <Input id="rule-from" kind=InputKind::Date value=form.from />
        </Field>
        <Field label=td_string!(locale, conflict.to) control="rule-to">
            <Input id="rule-to" kind=InputKind::Date value=form.to />
        </Field>
        {place_fields(locale, courts, departments)}
        <div hidden=move || !is_duty()>{people}</div>
        <Button size=Size::Wide busy=busy on_press=on_save>
            {td_string!(locale, conflict.save)}
        </Button>
    }
    .into_any()
}

/// The form of a rule of minimum presence.
pub fn rule_form(
    locale: Locale,
    form: RuleForm,
    fetched: Fetched,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    let any = td_string!(locale, conflict.anybody);
    let posts = PostClass::ALL.iter().map(|class| Choice::new(class.as_str(), class.text())).collect();
    let categories = Category::ALL.iter().map(|category| Choice::new(category.as_str(), category.text())).collect();
    view! {
        {title_field(locale, form.title, td_string!(locale, conflict.rule_name_example))}
        {place_fields(locale, fetched.courts, fetched.departments)}
        <Field label=td_string!(locale, conflict.post_class) control="rule-post">
            <Select id="rule-post" choices=posts value=form.post_class placeholder=any />
        </Field>
        <Field label=td_string!(locale, conflict.category) control="rule-category">
            <Select id="rule-category" choices=categories value=form.category placeholder=any />
        </Field>
        <p class="field-hint">{td_string!(locale, conflict.members_hint)}</p>
        {fetched.people}
        <Field label=td_string!(locale, conflict.least) control="rule-least">
            <Input id="rule-least" kind=InputKind::Number value=form.least />
        </Field>
        <Button size=Size::Wide busy=busy on_press=on_save>
            {td_string!(locale, conflict.save)}
        </Button>
    }
    .into_any()
}
