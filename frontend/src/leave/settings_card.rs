//! The settings for leave after it is submitted, as a form.

use app::leave::api::{Confirmation, LeaveSettings};
use leptos::prelude::*;

use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Card, Choice, Choices, Field, Input, Kind, Switch};

/// The settings while they are edited.
#[derive(Clone, Copy, Debug)]
pub struct LeaveSettingsForm {
    extend_before: RwSignal<String>,
    confirmation: RwSignal<String>,
    leader_from: RwSignal<String>,
    megabytes: RwSignal<String>,
    attachments: RwSignal<String>,
    absence_days: RwSignal<String>,
    convert: RwSignal<bool>,
}

impl Default for LeaveSettingsForm {
    fn default() -> Self {
        let form = Self {
            extend_before: RwSignal::new(String::new()),
            confirmation: RwSignal::new(String::new()),
            leader_from: RwSignal::new(String::new()),
            megabytes: RwSignal::new(String::new()),
            attachments: RwSignal::new(String::new()),
            absence_days: RwSignal::new(String::new()),
            convert: RwSignal::new(false),
        };
        form.fill(LeaveSettings::default());
        form
    }
}

impl LeaveSettingsForm {
    /// Fills the form with settings. Does nothing once its page is gone: the answer of a save may come later.
    pub fn fill(self, settings: LeaveSettings) {
        self.extend_before.try_set(settings.extend_workdays_before.to_string());
        self.confirmation.try_set(settings.return_confirmation.as_str().to_owned());
        self.leader_from.try_set(settings.overdue_leader_from_day.to_string());
        self.megabytes.try_set(settings.attachment_megabytes.to_string());
        self.attachments.try_set(settings.attachments_a_request.to_string());
        self.absence_days.try_set(settings.absence_days.map(|day| day.to_string()).join(", "));
        self.convert.try_set(settings.convert_sickness);
    }

    /// The settings, once they are filled in and within their bounds.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    pub fn settings(self, locale: Locale) -> Result<LeaveSettings, String> {
        let number = |field: RwSignal<String>| {
            let parsed = field.with(|text| text.trim().parse::<i64>().ok());
            parsed.ok_or_else(|| td_string!(locale, after.settings_number).to_owned())
        };
        let days = self.absence_days.with(|text| {
            let days = text.split([',', '，', '、']).map(|day| day.trim().parse::<i64>().ok());
            days.collect::<Option<Vec<i64>>>().and_then(|days| days.try_into().ok())
        });
        let confirmation = self.confirmation.with(|chosen| Confirmation::parse(chosen)).unwrap_or_default();
        let settings = LeaveSettings {
            extend_workdays_before: number(self.extend_before)?,
            return_confirmation: confirmation,
            overdue_leader_from_day: number(self.leader_from)?,
            attachment_megabytes: number(self.megabytes)?,
            attachments_a_request: number(self.attachments)?,
            absence_days: days.ok_or_else(|| td_string!(locale, after.settings_number).to_owned())?,
            convert_sickness: self.convert.get(),
        };
        settings.check().map_err(|problem| problem.detail)
    }
}

/// Who can confirm a return.
pub(super) fn confirmations(locale: Locale) -> [Choice; 3] {
    Confirmation::ALL.map(|kind| {
        let label = match kind {
            Confirmation::None => td_string!(locale, after.confirmed_by_none),
            Confirmation::Approver => td_string!(locale, after.confirmed_by_approver),
            Confirmation::PoliticalDepartment => td_string!(locale, after.confirmed_by_hr),
        };
        Choice::new(kind.as_str(), label)
    })
}

/// The card of the settings. `saved` are those that hold.
pub fn leave_settings_card(
    locale: Locale,
    saved: Signal<LeaveSettings>,
    form: LeaveSettingsForm,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    let choices = confirmations(locale).to_vec();
    let judged = Memo::new(move |_| form.settings(locale));
    let is_off = Signal::derive(move || judged.with(|judged| judged.as_ref().map_or(true, |now| *now == saved.get())));
    view! {
        <Card title=td_string!(locale, after.settings)>
            <p class="small muted">{td_string!(locale, after.settings_intro)}</p>
            <div class="field">
                <span class="field-label">{td_string!(locale, after.settings_confirmation)}</span>
                <Choices label=td_string!(locale, after.settings_confirmation) choices value=form.confirmation />
            </div>
            <div class="desk-filter">
                <Field
                    label=td_string!(locale, after.settings_extend)
                    control="leave-extend-before"
                    hint=td_string!(locale, after.settings_extend_hint)
                >
                    <Input id="leave-extend-before" kind=Kind::Number value=form.extend_before />
                </Field>
                <Field
                    label=td_string!(locale, after.settings_leader)
                    control="leave-leader-from"
                    hint=td_string!(locale, after.settings_leader_hint)
                >
                    <Input id="leave-leader-from" kind=Kind::Number value=form.leader_from />
                </Field>
                <Field
                    label=td_string!(locale, after.settings_megabytes)
                    control="leave-megabytes"
                    hint=td_string!(locale, after.settings_megabytes_hint)
                >
                    <Input id="leave-megabytes" kind=Kind::Number value=form.megabytes />
                </Field>
                <Field
                    label=td_string!(locale, after.settings_attachments)
                    control="leave-attachments"
                    hint=td_string!(locale, after.settings_attachments_hint)
                >
                    <Input id="leave-attachments" kind=Kind::Number value=form.attachments />
                </Field>
                <Field
                    label=td_string!(locale, after.settings_absence)
                    control="leave-absence-days"
                    hint=td_string!(locale, after.settings_absence_hint)
                >
                    <Input id="leave-absence-days" value=form.absence_days />
                </Field>
            </div>
            <div class="row row-apart">
                <span>{td_string!(locale, after.settings_convert)}</span>
                <Switch
                    label=td_string!(locale, after.settings_convert)
                    on=form.convert
                    on_change=move |on| form.convert.set(on)
                />
            </div>
            <p class="field-hint">{td_string!(locale, after.settings_convert_hint)}</p>
            <div>
                <Button busy=busy disabled=is_off on_press=on_save>
                    {td_string!(locale, after.settings_save)}
                </Button>
            </div>
            {move || judged.get().err().map(|why| view! { <p class="field-error" role="alert">{why}</p> })}
        </Card>
    }
    .into_any()
}
