//! The years that give an officer no leave, for HR, and the form of its word on them, drawn from plain data.

use app::leave::api::{LeaveExemption, LeaveExemptionChange, LostYears};
use leptos::prelude::*;

use super::accounts_view::{Fault, REASON_LIMIT};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Badge, Button, Callout, Card, Field, Look, Size, TextArea, Tone};

/// A year whose absences cost leave, or would if HR had not exempted them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostlyYear {
    /// The year.
    pub year: i32,
    /// What HR said of it has this version; 0 where it has said nothing.
    pub version: i64,
    /// Whether they are exempted.
    pub exempt: bool,
    /// What they cost, in Chinese: its own leave, the next year's, or both.
    pub texts: Vec<String>,
}

impl CostlyYear {
    /// All of them, the newest first.
    pub fn of(data: &LostYears) -> Vec<Self> {
        let mut years: Vec<i32> = data.items.iter().map(|item| item.because_of).collect();
        years.sort_unstable();
        years.dedup();
        let costly = |year: i32| {
            let said = data.exemptions.iter().find(|said| said.year == year);
            let items = data.items.iter().filter(|item| item.because_of == year);
            Self {
                year,
                version: said.map_or(0, |said| said.version),
                exempt: said.is_some_and(|said| said.exempt),
                texts: items.map(|item| item.text.clone()).collect(),
            }
        };
        years.into_iter().rev().map(costly).collect()
    }
}

/// HR's word on a year while it is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExemptionForm {
    /// Which year; none before one is chosen.
    pub year: RwSignal<Option<CostlyYear>>,
    /// Why.
    pub reason: RwSignal<String>,
    /// What is wrong with it, as found here or by the server.
    pub fault: RwSignal<Option<Fault>>,
}

impl ExemptionForm {
    /// Begins with a year. The same one opened again keeps what was typed, as long as the same is to be said of it.
    pub fn begin(self, year: CostlyYear) {
        let said_of = |year: &CostlyYear| (year.year, year.exempt);
        let is_same = self.year.with_untracked(|before| before.as_ref().map(said_of)) == Some(said_of(&year));
        if !is_same {
            self.reason.set(String::new());
        }
        self.year.set(Some(year));
        self.fault.set(None);
    }

    /// Empties the reason once it is said. Does nothing once its page is gone.
    pub fn done(self) {
        self.reason.try_set(String::new());
    }

    /// What is to be said of it: the contrary of what holds. `None` before a year is chosen.
    ///
    /// # Errors
    ///
    /// The reason is missing or too long.
    pub fn body(self, words: Words, officer: &str) -> Option<Result<LeaveExemptionChange, Fault>> {
        let year = self.year.get()?;
        let reason = self.reason.with(|reason| reason.trim().to_owned());
        if reason.is_empty() || reason.chars().count() > REASON_LIMIT {
            return Some(Err(Fault {
                field: "reason".to_owned(),
                text: td_string!(words.locale, ledger.exempt_bad_reason).to_owned(),
            }));
        }
        let officer = officer.to_owned();
        Some(Ok(LeaveExemptionChange { officer, year: year.year, version: year.version, exempt: !year.exempt, reason }))
    }
}

/// The years that give none, and why; nothing where there is none.
pub fn lost_years(words: Words, data: &LostYears, on_choose: Callback<CostlyYear>) -> AnyView {
    let locale = words.locale;
    let years = CostlyYear::of(data);
    if years.is_empty() {
        return ().into_any();
    }
    let drawn = years.into_iter().map(|year| {
        let said = data.exemptions.iter().find(|said| said.year == year.year);
        costly_year(words, year, said, on_choose)
    });
    let drawn = drawn.collect_view();
    view! {
        <Card title=td_string!(locale, ledger.lost_years)>
            <p class="small muted">{td_string!(locale, ledger.lost_intro)}</p>
            {drawn}
        </Card>
    }
    .into_any()
}

fn costly_year(
    words: Words,
    year: CostlyYear,
    said: Option<&LeaveExemption>,
    on_choose: Callback<CostlyYear>,
) -> AnyView {
    let locale = words.locale;
    let said = said.map(|said| {
        let (name, reason) = (said.by.clone(), said.reason.clone());
        let said = td_string!(locale, ledger.exempt_said, name, day = words.date(words.zone.day(said.at)), reason);
        view! { <p class="small muted">{said}</p> }
    });
    let (tone, state, label) = if year.exempt {
        (Tone::Good, td_string!(locale, ledger.exempted), td_string!(locale, ledger.exempt_undo))
    } else {
        (Tone::Warn, td_string!(locale, ledger.lost), td_string!(locale, ledger.exempt))
    };
    let texts = year.texts.iter().map(|text| view! { <p class="small">{text.clone()}</p> }).collect_view();
    let title = td_string!(locale, ledger.lost_by, year = year.year);
    let press = Callback::new(move |()| on_choose.run(year.clone()));
    view! {
        <section class="stack stack-tight">
            <div class="row row-apart">
                <strong>{title}</strong>
                <Badge tone text=state />
            </div>
            {texts}
            {said}
            <div>
                <Button look=Look::Secondary size=Size::Small on_press=press>
                    {label}
                </Button>
            </div>
        </section>
    }
    .into_any()
}

/// What is said of a year, and why.
pub fn exemption_form(words: Words, form: ExemptionForm, busy: Signal<bool>, on_confirm: Callback<()>) -> AnyView {
    let locale = words.locale;
    let is_exempt = form.year.with(|year| year.as_ref().is_some_and(|year| year.exempt));
    let effect = if is_exempt {
        td_string!(locale, ledger.exempt_undo_effect)
    } else {
        td_string!(locale, ledger.exempt_effect)
    };
    let error = Signal::derive(move || {
        form.fault.with(|fault| {
            let here = fault.as_ref().filter(|fault| fault.field == "reason");
            here.map(|fault| fault.text.clone()).unwrap_or_default()
        })
    });
    let elsewhere = move || {
        form.fault.with(|fault| {
            let fault = fault.as_ref().filter(|fault| fault.field != "reason")?;
            let text = fault.text.clone();
            Some(view! { <div role="alert"><Callout tone=Tone::Warn>{text}</Callout></div> })
        })
    };
    view! {
        <p>{effect}</p>
        <Field
            label=td_string!(locale, ledger.reason)
            control="exempt-reason"
            hint=td_string!(locale, ledger.exempt_reason_hint)
            error=error
        >
            <TextArea
                id="exempt-reason"
                value=form.reason
                placeholder=td_string!(locale, ledger.exempt_reason_example)
                max_length=REASON_LIMIT
            />
        </Field>
        {elsewhere}
        <Button size=Size::Wide busy=busy on_press=on_confirm>
            {td_string!(locale, ledger.confirm)}
        </Button>
    }
    .into_any()
}
