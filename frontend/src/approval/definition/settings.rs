//! The settings of running requests, as a form.

use app::approval::api::ApprovalSettings;
use leptos::prelude::*;

use super::wait::{Wait, wait_input};
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Card, Field, Switch};

/// The settings while they are edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsForm {
    urge_after: Wait,
    urge_every: Wait,
    take_back: bool,
}

impl SettingsForm {
    /// The form of the settings.
    pub fn of(settings: ApprovalSettings) -> Self {
        Self {
            urge_after: Wait::of(settings.urge_after_minutes),
            urge_every: Wait::of(settings.urge_every_minutes),
            take_back: settings.take_back,
        }
    }

    /// The settings, once they are filled in and within their bounds.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    pub fn settings(&self, locale: Locale) -> Result<ApprovalSettings, String> {
        let minutes = |wait: &Wait| wait.minutes().ok_or(td_string!(locale, definition.missing_bound));
        let settings = ApprovalSettings {
            urge_after_minutes: minutes(&self.urge_after)?,
            urge_every_minutes: minutes(&self.urge_every)?,
            take_back: self.take_back,
        };
        settings.check().map(|_| settings).map_err(|problem| problem.detail)
    }
}

/// The card of the settings. `saved` are those that hold.
pub fn settings_card(
    locale: Locale,
    saved: Signal<ApprovalSettings>,
    form: RwSignal<SettingsForm>,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    let units = Memo::new(move |_| form.with(|form| (form.urge_after.unit, form.urge_every.unit)));
    let waits = move || {
        // A memo that nobody has read yet follows nothing.
        units.with(|_| ());
        form.with_untracked(|now| {
            let after = Callback::new(move |wait| form.update(|form| form.urge_after = wait));
            let every = Callback::new(move |wait| form.update(|form| form.urge_every = wait));
            let after = wait_input(locale, "urge-after", &now.urge_after, after);
            let every = wait_input(locale, "urge-every", &now.urge_every, every);
            view! {
                <div class="desk-filter">
                    <Field label=td_string!(locale, definition.urge_after) control="urge-after">
                        {after}
                    </Field>
                    <Field label=td_string!(locale, definition.urge_every) control="urge-every">
                        {every}
                    </Field>
                </div>
            }
        })
    };
    let take_back = Signal::derive(move || form.with(|form| form.take_back));
    let set_take_back = Callback::new(move |on| form.update(|form| form.take_back = on));
    let judged = Memo::new(move |_| form.with(|form| form.settings(locale)));
    let is_off = Signal::derive(move || judged.with(|judged| judged.as_ref().map_or(true, |now| *now == saved.get())));
    view! {
        <Card title=td_string!(locale, definition.settings)>
            <p class="small muted">{td_string!(locale, definition.settings_intro)}</p>
            {waits}
            <div class="row row-apart">
                <div class="grow">
                    <p class="cell-title">{td_string!(locale, definition.take_back)}</p>
                    <p class="cell-note">{td_string!(locale, definition.take_back_hint)}</p>
                </div>
                <Switch label=td_string!(locale, definition.take_back) on=take_back on_change=set_take_back />
            </div>
            <div>
                <Button busy=busy disabled=is_off on_press=on_save>
                    {td_string!(locale, definition.settings_save)}
                </Button>
            </div>
            {move || judged.get().err().map(|why| view! { <p class="field-error" role="alert">{why}</p> })}
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_out_of_bounds_say_why() {
        let locale = Locale::zh_CN;
        let saved = ApprovalSettings { urge_after_minutes: 120, urge_every_minutes: 720, take_back: true };
        let form = SettingsForm::of(saved);
        assert_eq!(form.settings(locale), Ok(saved));
        let short = SettingsForm { urge_every: Wait::of(5), ..form.clone() };
        assert_eq!(short.settings(locale), Err("两次催办的间隔应在 10 分钟至 30 天之间".to_owned()));
        let empty = SettingsForm { urge_after: Wait { amount: String::new(), ..Wait::of(60) }, ..form };
        assert!(empty.settings(locale).is_err());
    }
}
