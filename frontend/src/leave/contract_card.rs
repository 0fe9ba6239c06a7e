//! What contract staff (聘用制人员) get of annual leave, as a form.

use app::leave::entitlement::ContractRule;
use leptos::prelude::*;

use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Card, Choice, Choices, Field, Input};

/// The rule while it is edited.
#[derive(Clone, Copy, Debug)]
pub struct ContractForm {
    /// `same`, `none` or `fixed`.
    pub kind: RwSignal<String>,
    /// The days of a year, for `fixed`.
    pub days: RwSignal<String>,
}

impl ContractForm {
    /// The form of a rule.
    pub fn of(rule: ContractRule) -> Self {
        let form = Self { kind: RwSignal::new(String::new()), days: RwSignal::new(String::new()) };
        form.fill(rule);
        form
    }

    /// Fills the form with a rule. Does nothing once its page is gone: the answer of a save may come later.
    pub fn fill(self, rule: ContractRule) {
        let (kind, days) = match rule {
            ContractRule::Same => ("same", String::new()),
            ContractRule::None => ("none", String::new()),
            ContractRule::Fixed(_) => ("fixed", rule.to_string()),
        };
        self.kind.try_set(kind.to_owned());
        self.days.try_set(days);
    }

    /// The rule, once it is filled in.
    ///
    /// # Errors
    ///
    /// What is wrong with the days, in words.
    pub fn rule(self, locale: Locale) -> Result<ContractRule, String> {
        match self.kind.get().as_str() {
            "same" => Ok(ContractRule::Same),
            "none" => Ok(ContractRule::None),
            _ => {
                let days = self.days.with(|days| days.trim().parse());
                days.ok()
                    .filter(|rule| matches!(rule, ContractRule::Fixed(_)))
                    .ok_or_else(|| td_string!(locale, ledger.contract_bad).to_owned())
            }
        }
    }
}

/// The card of the rule. `saved` is the one that holds.
pub fn contract_card(
    locale: Locale,
    saved: Signal<ContractRule>,
    form: ContractForm,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    let choices = vec![
        Choice::new("same", td_string!(locale, ledger.contract_same)),
        Choice::new("fixed", td_string!(locale, ledger.contract_fixed)),
        Choice::new("none", td_string!(locale, ledger.contract_none)),
    ];
    let judged = Memo::new(move |_| form.rule(locale));
    let is_off = Signal::derive(move || judged.with(|judged| judged.as_ref().map_or(true, |now| *now == saved.get())));
    // What is not yet typed is not yet wrong.
    let error = Signal::derive(move || {
        let is_typed = form.days.with(|days| !days.trim().is_empty());
        judged.with(|judged| judged.as_ref().err().filter(|_| is_typed).cloned().unwrap_or_default())
    });
    let days = move || {
        form.kind.with(|kind| kind == "fixed").then(|| {
            view! {
                <Field
                    label=td_string!(locale, ledger.contract_days)
                    control="contract-days"
                    hint=td_string!(locale, ledger.contract_days_hint)
                    error=error
                >
                    <Input id="contract-days" value=form.days />
                </Field>
            }
        })
    };
    view! {
        <Card title=td_string!(locale, ledger.contract)>
            <p class="small muted">{td_string!(locale, ledger.contract_help)}</p>
            <Choices label=td_string!(locale, ledger.contract) choices value=form.kind />
            {days}
            <div>
                <Button busy=busy disabled=is_off on_press=on_save>
                    {td_string!(locale, after.settings_save)}
                </Button>
            </div>
        </Card>
    }
    .into_any()
}
