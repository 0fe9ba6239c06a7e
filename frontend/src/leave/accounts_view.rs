//! An officer's balances for HR, and the form that gives leave or puts a balance right, drawn from plain data.

use app::day::Day;
use app::leave::api::{AccountOfficer, Balance, GrantLeave, GrantableType};
use leptos::prelude::*;
use uuid::Uuid;

use super::types::form::half_days;
use super::words::type_name;
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Button, Callout, Card, Cell, Choice, EmptyState, Facts, Field, Icon, Input, Kind, List, Look, Segments, Select,
    Size, TextArea, Tone,
};

/// The longest reason, in characters.
pub(super) const REASON_LIMIT: usize = 200;

/// The address of an officer's account: of one type, or of all.
pub fn accounts_href(officer: &str, leave_type: Option<&str>) -> String {
    let of_type = leave_type.map_or_else(String::new, |name| format!("&type={name}"));
    format!("/accounts?officer={officer}{of_type}")
}

/// What is wrong with what was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field of [`GrantLeave`]; empty where it is none of them.
    pub field: String,
    /// What is wrong, and what to do.
    pub text: String,
}

impl Fault {
    fn new(field: &str, text: impl Into<String>) -> Self {
        Self { field: field.to_owned(), text: text.into() }
    }
}

/// What is given while it is filled in.
#[derive(Clone, Copy, Debug)]
pub struct GrantForm {
    /// What can be given.
    types: StoredValue<Vec<GrantableType>>,
    /// The type's name.
    pub leave_type: RwSignal<String>,
    /// `add` or `take`.
    pub direction: RwSignal<String>,
    /// How many days.
    pub days: RwSignal<String>,
    /// Which year's balance.
    pub year: RwSignal<String>,
    /// The first day, for what is given for an event.
    pub from: RwSignal<String>,
    /// The last day; as long as the type says when empty.
    pub until: RwSignal<String>,
    /// Why.
    pub reason: RwSignal<String>,
    /// What is wrong with it, as found here or by the server.
    pub fault: RwSignal<Option<Fault>>,
}

impl GrantForm {
    /// An empty form. What is given for an event is what HR comes here for most often, so it is chosen first.
    pub fn of(types: &[GrantableType], today: Day) -> Self {
        Self {
            types: StoredValue::new(types.to_vec()),
            leave_type: RwSignal::new(usual(types)),
            direction: RwSignal::new("add".to_owned()),
            days: RwSignal::new(String::new()),
            year: RwSignal::new(today.year().to_string()),
            from: RwSignal::new(today.to_string()),
            until: RwSignal::new(String::new()),
            reason: RwSignal::new(String::new()),
            fault: RwSignal::new(None),
        }
    }

    /// Begins anew, for another officer.
    pub fn begin(self, types: &[GrantableType], today: Day) {
        self.renew(types);
        self.leave_type.set(usual(types));
        self.direction.set("add".to_owned());
        self.year.set(today.year().to_string());
        self.from.set(today.to_string());
        self.clear();
    }

    /// Takes what can be given by now and keeps what was typed.
    pub fn renew(self, types: &[GrantableType]) {
        self.types.set_value(types.to_vec());
    }

    /// Empties what belongs to one entry; the type and the year stay for the next. Does nothing once its page is gone.
    pub fn clear(self) {
        for field in [self.days, self.until, self.reason] {
            field.try_set(String::new());
        }
        self.fault.try_set(None);
    }

    fn chosen(self) -> Option<GrantableType> {
        self.leave_type
            .with(|name| self.types.with_value(|types| types.iter().find(|kind| kind.name == *name).cloned()))
    }

    /// For how many days what is given lasts; none for a type with a balance of the year.
    fn lasts_days(self) -> Option<i64> {
        self.chosen().and_then(|kind| kind.lasts_days)
    }

    fn takes(self) -> bool {
        self.direction.with(|direction| direction == "take")
    }

    /// What is to be recorded, once it is filled in.
    ///
    /// # Errors
    ///
    /// The first field that is not.
    pub fn body(self, words: Words, id: Uuid, officer: &str) -> Result<GrantLeave, Fault> {
        let locale = words.locale;
        let chosen = self.chosen().ok_or_else(|| Fault::new("leave_type", td_string!(locale, ledger.gone_detail)))?;
        let amount = self.days.with(|days| half_days(days)).flatten().filter(|amount| *amount > 0);
        let amount = amount.ok_or_else(|| Fault::new("half_days", td_string!(locale, ledger.bad_days)))?;
        let day = |field: RwSignal<String>, name: &str| {
            field.with(|text| match text.trim() {
                "" => Ok(None),
                text => text.parse::<Day>().map(Some).map_err(|_| Fault::new(name, td_string!(locale, ledger.on_bad))),
            })
        };
        let takes = self.takes();
        let (from, until) = match chosen.lasts_days {
            // What is taken back has no days of its own.
            Some(_) if takes => (Some(words.today), None),
            Some(_) => (day(self.from, "from")?.or(Some(words.today)), day(self.until, "until")?),
            None => (self.year.with(|year| day_of(year, words.today)), None),
        };
        let reason = self.reason.with(|reason| reason.trim().to_owned());
        if reason.is_empty() || reason.chars().count() > REASON_LIMIT {
            return Err(Fault::new("reason", td_string!(locale, ledger.bad_reason)));
        }
        Ok(GrantLeave {
            id,
            officer: officer.to_owned(),
            leave_type: chosen.name,
            half_days: if takes { -amount } else { amount },
            from,
            until,
            reason,
        })
    }
}

fn usual(types: &[GrantableType]) -> String {
    let first = types.iter().find(|kind| kind.lasts_days.is_some()).or(types.first());
    first.map(|kind| kind.name.clone()).unwrap_or_default()
}

/// A day that names a year: today, or the first day of another one. Left out, it would be the server's today, which may
/// lie in the next year by the time that the entry is confirmed.
fn day_of(year: &str, today: Day) -> Option<Day> {
    let year = year.parse::<i32>().ok()?;
    if year == today.year() { Some(today) } else { Day::new(year, 1, 1) }
}

/// The way to choose whose account it is.
pub fn choose(words: Words, search: AnyView) -> AnyView {
    view! {
        <Callout tone=Tone::Court>{td_string!(words.locale, ledger.intro)}</Callout>
        <Card>{search}</Card>
    }
    .into_any()
}

/// Whose account it is, and how to choose another.
pub fn whose(words: Words, officer: &AccountOfficer, on_change: Callback<()>) -> AnyView {
    let change = view! {
        <Button look=Look::Ghost size=Size::Small on_press=on_change>
            {td_string!(words.locale, on_behalf.change)}
        </Button>
    }
    .into_any();
    let (department, number) = (officer.department.clone(), officer.officer.clone());
    view! {
        <Card title=officer.name.clone() end=change>
            <p class="muted small">{department} " · " {td_string!(words.locale, account.number)} " " {number}</p>
        </Card>
    }
    .into_any()
}

/// His balances; each leads to its statement. What nothing is left of and nothing was taken of is left out.
pub fn balances(words: Words, officer: &str, items: &[Balance]) -> AnyView {
    let locale = words.locale;
    let is_shown = |item: &&Balance| item.available.is_some() || item.used + item.held > 0;
    let cells = items.iter().filter(is_shown).map(|item| {
        // An hour a day is no part of any day off.
        let amount = |of: i64| {
            if item.minutes { td_string!(locale, leave.minutes, minutes = of) } else { words.half_days(of) }
        };
        let taken = td_string!(locale, ledger.taken, amount = amount(item.used));
        let left = item.available.map(|left| td_string!(locale, ledger.left, amount = words.half_days(left)));
        let held = (item.held > 0).then(|| td_string!(locale, ledger.in_approval, amount = amount(item.held)));
        let expiring = item.expiring.map(|part| {
            let (amount, day) = (words.half_days(part.half_days), words.date(part.on));
            td_string!(locale, ledger.expiring, amount, day)
        });
        let note = [left, Some(taken), held, expiring].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let href = accounts_href(officer, Some(&item.leave_type));
        view! { <Cell title=type_name(locale, &item.leave_type) note href /> }
    });
    let cells = cells.collect_view();
    view! { <List title=td_string!(locale, ledger.balances)>{cells}</List> }.into_any()
}

/// In place of the balances, for whoever may give leave and not read it.
pub fn cannot_read(words: Words) -> AnyView {
    view! { <Callout tone=Tone::Plain>{td_string!(words.locale, ledger.cannot_read)}</Callout> }.into_any()
}

/// The form that gives leave or puts a balance right. Nothing is recorded before it was shown back.
pub fn grant_form(words: Words, types: &[GrantableType], form: GrantForm, on_check: Callback<()>) -> AnyView {
    let locale = words.locale;
    if types.is_empty() {
        let (title, detail) = (td_string!(locale, ledger.nothing), td_string!(locale, ledger.nothing_detail));
        return view! { <EmptyState icon=Icon::Leave title detail /> }.into_any();
    }
    let choices = types.iter().map(|kind| Choice::new(kind.name.clone(), type_name(locale, &kind.name))).collect();
    let error = move |fields: &'static [&'static str]| {
        Signal::derive(move || {
            form.fault.with(|fault| {
                let here = fault.as_ref().filter(|fault| fields.contains(&fault.field.as_str()));
                here.map(|fault| fault.text.clone()).unwrap_or_default()
            })
        })
    };
    // What is wrong with none of the fields that are shown.
    let elsewhere = move || {
        const FIELDS: [&str; 5] = ["leave_type", "half_days", "from", "until", "reason"];
        form.fault.with(|fault| {
            let fault = fault.as_ref().filter(|fault| !FIELDS.contains(&fault.field.as_str()))?;
            let text = fault.text.clone();
            Some(view! { <div role="alert"><Callout tone=Tone::Warn>{text}</Callout></div> })
        })
    };
    let shown = Memo::new(move |_| (form.lasts_days().is_some(), form.takes()));
    let particulars = move || match shown.get() {
        (true, false) => window_fields(words, form, error(&["from"]), error(&["until"])),
        (true, true) => view! { <p class="field-hint">{td_string!(locale, ledger.take_earned)}</p> }.into_any(),
        (false, _) => year_field(words, form, error(&["from", "until"])),
    };
    view! {
        <Card title=td_string!(locale, ledger.grant)>
            <p class="small muted">{td_string!(locale, ledger.grant_intro)}</p>
            <Field label=td_string!(locale, leave.field_type) control="grant-type" error=error(&["leave_type"])>
                <Select id="grant-type" choices value=form.leave_type />
            </Field>
            {direction_field(locale, form)}
            {particulars}
            <Field
                label=td_string!(locale, ledger.days)
                control="grant-days"
                hint=td_string!(locale, ledger.days_hint)
                error=error(&["half_days"])
            >
                <Input id="grant-days" value=form.days />
            </Field>
            <Field
                label=td_string!(locale, ledger.reason)
                control="grant-reason"
                hint=td_string!(locale, ledger.reason_hint)
                error=error(&["reason"])
            >
                <TextArea
                    id="grant-reason"
                    value=form.reason
                    placeholder=td_string!(locale, ledger.reason_example)
                    max_length=REASON_LIMIT
                />
            </Field>
            {elsewhere}
            <Button size=Size::Wide on_press=on_check>
                {td_string!(locale, ledger.check)}
            </Button>
        </Card>
    }
    .into_any()
}

/// From when to when it can be taken, for what is given for an event.
fn window_fields(words: Words, form: GrantForm, from: Signal<String>, until: Signal<String>) -> AnyView {
    let locale = words.locale;
    let hint = Signal::derive(move || {
        form.lasts_days().map_or_else(String::new, |days| td_string!(locale, ledger.until_hint, days))
    });
    view! {
        <div class="desk-filter">
            <Field label=td_string!(locale, ledger.from) control="grant-from" error=from>
                <Input id="grant-from" kind=Kind::Date value=form.from />
            </Field>
            <Field
                label=td_string!(locale, ledger.until)
                control="grant-until"
                optional=td_string!(locale, common.optional)
                hint=hint
                error=until
            >
                <Input id="grant-until" kind=Kind::Date value=form.until />
            </Field>
        </div>
    }
    .into_any()
}

/// Whether the balance is raised or lowered.
fn direction_field(locale: Locale, form: GrantForm) -> AnyView {
    let label = td_string!(locale, ledger.direction);
    let choices =
        vec![Choice::new("add", td_string!(locale, ledger.add)), Choice::new("take", td_string!(locale, ledger.take))];
    view! {
        <div class="field">
            <span class="field-label">{label}</span>
            <Segments label choices value=form.direction wide=true />
        </div>
    }
    .into_any()
}

/// Which year's balance.
fn year_field(words: Words, form: GrantForm, error: Signal<String>) -> AnyView {
    let locale = words.locale;
    let this_year = words.today.year();
    let year = |year: i32| Choice::new(year.to_string(), td_string!(locale, ledger.year_of, year));
    let years = [this_year, this_year + 1].map(year).to_vec();
    view! {
        <Field label=td_string!(locale, ledger.year_field) control="grant-year" error=error>
            <Select id="grant-year" choices=years value=form.year />
        </Field>
    }
    .into_any()
}

/// What is about to be recorded, and the button that records it.
pub fn grant_check(
    words: Words,
    officer: &AccountOfficer,
    wanted: &GrantLeave,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let amount = words.half_days(wanted.half_days.abs());
    let change = if wanted.half_days < 0 {
        td_string!(locale, ledger.takes, amount)
    } else {
        td_string!(locale, ledger.adds, amount)
    };
    let kind = officer.types.iter().find(|kind| kind.name == wanted.leave_type);
    let from = wanted.from.unwrap_or(words.today);
    let (window, year) = match (kind.and_then(|kind| kind.lasts_days), wanted.until) {
        (None, _) => (String::new(), td_string!(locale, ledger.year_of, year = from.year())),
        (Some(_), _) if wanted.half_days < 0 => (String::new(), String::new()),
        (Some(_), Some(until)) => {
            (td_string!(locale, common.span, from = words.date(from), to = words.date(until)), String::new())
        }
        (Some(days), None) => (td_string!(locale, ledger.for_days, day = words.date(from), days), String::new()),
    };
    let facts = vec![
        (td_string!(locale, ledger.fact_officer), format!("{} · {}", officer.name, officer.department)),
        (td_string!(locale, leave.field_type), type_name(locale, &wanted.leave_type)),
        (td_string!(locale, ledger.fact_amount), change),
        (td_string!(locale, ledger.fact_year), year),
        (td_string!(locale, ledger.fact_window), window),
        (td_string!(locale, ledger.reason), wanted.reason.clone()),
    ];
    view! {
        <Facts facts />
        <Button size=Size::Wide busy=busy on_press=on_confirm>
            {td_string!(locale, ledger.confirm)}
        </Button>
    }
    .into_any()
}
