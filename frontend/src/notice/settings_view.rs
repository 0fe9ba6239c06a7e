//! What the officer wants to hear outside the app, drawn from plain data.

use app::notice::api::NoticeSettings;
use app::notice::rules::{NoticeKind, QuietHours, is_email};
use leptos::prelude::*;

use super::words::{kind_icon, kind_name};
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Callout, Card, Cell, Field, Input, Kind, List, Look, Switch, Tone};

/// The quiet hours that stand there when an officer switches them on: the night.
const NIGHT: QuietHours = QuietHours { from: 22 * 60, to: 7 * 60 };

/// Where push stands in this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushState {
    /// Not known yet.
    Asking,
    /// No administrator has switched push on.
    SwitchedOff,
    /// The page came over plain http, where browsers have no push.
    Insecure,
    /// The browser has no push: the one inside WeChat, Safari outside of an installed app.
    Unsupported,
    /// The officer forbade it, and only he can allow it again, in the browser's settings.
    Denied,
    /// This browser gets nothing.
    Off,
    /// This browser gets what the switches leave.
    On,
}

/// What the page edits. The switches count at once; hours once both are times, the address when it is saved.
#[derive(Clone, Copy, Debug)]
pub struct SettingsForm {
    /// The settings as they shall be.
    pub draft: RwSignal<NoticeSettings>,
    /// When the quiet hours begin, as `HH:MM`.
    pub from: RwSignal<String>,
    /// When they end.
    pub to: RwSignal<String>,
    /// The address of e-mail; none when empty.
    pub email: RwSignal<String>,
}

impl SettingsForm {
    /// The form that shows these settings.
    pub fn of(settings: &NoticeSettings) -> Self {
        let form = Self {
            draft: RwSignal::new(NoticeSettings::default()),
            from: RwSignal::new(String::new()),
            to: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
        };
        form.show(settings);
        form
    }

    /// Shows settings.
    pub fn show(self, settings: &NoticeSettings) {
        self.email.set(settings.email.clone().unwrap_or_default());
        self.take_back(settings);
    }

    /// Goes back to settings that hold, since others could not be saved. An address that was typed stays: it is saved
    /// by a press, and can be pressed again.
    pub fn take_back(self, settings: &NoticeSettings) {
        let hours = settings.quiet.unwrap_or(NIGHT);
        self.from.set(clock(hours.from));
        self.to.set(clock(hours.to));
        self.draft.set(settings.clone());
    }

    /// The quiet hours that are typed; the night, which then stands there, while they are none.
    pub fn hours_or_night(self) -> QuietHours {
        untrack(|| self.hours()).unwrap_or_else(|| {
            self.from.set(clock(NIGHT.from));
            self.to.set(clock(NIGHT.to));
            NIGHT
        })
    }

    /// The quiet hours that are typed, if they are any.
    pub fn hours(self) -> Option<QuietHours> {
        hours(&self.from.get(), &self.to.get())
    }
}

/// The quiet hours of two times of day; none while one is missing or both are the same.
pub fn hours(from: &str, to: &str) -> Option<QuietHours> {
    let hours = QuietHours { from: minutes(from)?, to: minutes(to)? };
    hours.is_valid().then_some(hours)
}

/// Minutes after midnight of `HH:MM`.
fn minutes(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    Some(hour.parse::<i32>().ok()? * 60 + minute.parse::<i32>().ok()?)
}

/// `HH:MM` of minutes after midnight.
pub fn clock(minutes: i32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Quiet hours in words: `每天 12:00 至 13:30`, `每天 22:00 至次日 07:00`.
pub fn hours_text(locale: Locale, hours: QuietHours) -> String {
    let (from, to) = (clock(hours.from), clock(hours.to));
    if hours.from < hours.to {
        td_string!(locale, notice.quiet_span, from, to)
    } else {
        td_string!(locale, notice.quiet_span_overnight, from, to)
    }
}

/// What can be done on the page; the page does it.
#[derive(Clone, Copy)]
pub struct SettingsActions {
    /// Switches a kind on or off.
    pub switch_kind: Callback<(NoticeKind, bool)>,
    /// Switches the quiet hours on or off.
    pub switch_quiet: Callback<bool>,
    /// Saves the address.
    pub save_email: Callback<()>,
}

/// The switches, the quiet hours, the address; `push` stands above them.
pub fn settings(locale: Locale, form: SettingsForm, push: AnyView, actions: SettingsActions) -> AnyView {
    view! {
        <div class="columns">
            <div class="stack">{push} {quiet(locale, form, actions)} {email(locale, form, actions)}</div>
            {kinds(locale, form, actions)}
        </div>
    }
    .into_any()
}

fn kinds(locale: Locale, form: SettingsForm, actions: SettingsActions) -> AnyView {
    let lines = NoticeKind::ALL
        .iter()
        .map(|&kind| {
            let on = Signal::derive(move || form.draft.with(|draft| !draft.muted.contains(&kind)));
            let change = Callback::new(move |on| actions.switch_kind.run((kind, on)));
            let switch = view! { <Switch label=kind_name(locale, kind) on on_change=change /> }.into_any();
            view! { <Cell title=kind_name(locale, kind) icon=kind_icon(kind) end=switch /> }
        })
        .collect_view();
    view! {
        <div class="stack stack-tight">
            <List title=td_string!(locale, notice.kinds)>{lines}</List>
            <p class="field-hint">{td_string!(locale, notice.kinds_hint)}</p>
        </div>
    }
    .into_any()
}

fn quiet(locale: Locale, form: SettingsForm, actions: SettingsActions) -> AnyView {
    let on = Signal::derive(move || form.draft.with(|draft| draft.quiet.is_some()));
    let switch = view! {
        <Switch label=td_string!(locale, notice.quiet) on=on on_change=actions.switch_quiet />
    }
    .into_any();
    view! {
        <Card title=td_string!(locale, notice.quiet) end=switch>
            {move || if on.get() { quiet_hours(locale, form.from, form.to) } else { ().into_any() }}
            <p class="field-hint">{td_string!(locale, notice.quiet_hint)}</p>
        </Card>
    }
    .into_any()
}

/// The two times of quiet hours, and what they mean.
pub(super) fn quiet_hours(locale: Locale, from: RwSignal<String>, to: RwSignal<String>) -> AnyView {
    let meaning = move || match hours(&from.get(), &to.get()) {
        Some(hours) => view! { <p class="small strong">{hours_text(locale, hours)}</p> }.into_any(),
        None => view! {
            <p class="field-error" role="alert">
                {td_string!(locale, notice.quiet_wrong)}
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="grid-2">
            <Field label=td_string!(locale, notice.quiet_from) control="quiet-from">
                <Input id="quiet-from" kind=Kind::Time value=from />
            </Field>
            <Field label=td_string!(locale, notice.quiet_to) control="quiet-to">
                <Input id="quiet-to" kind=Kind::Time value=to />
            </Field>
        </div>
        {meaning}
    }
    .into_any()
}

fn email(locale: Locale, form: SettingsForm, actions: SettingsActions) -> AnyView {
    let typed = Memo::new(move |_| form.email.with(|email| email.trim().to_owned()));
    let is_kept =
        move || typed.with(|typed| form.draft.with(|draft| draft.email.as_deref().unwrap_or_default() == typed));
    let is_wrong = move || typed.with(|typed| !typed.is_empty() && !is_email(typed));
    let error =
        Signal::derive(
            move || {
                if is_wrong() { td_string!(locale, notice.email_wrong).to_owned() } else { String::new() }
            },
        );
    let disabled = Signal::derive(move || is_kept() || is_wrong());
    view! {
        <Card title=td_string!(locale, notice.email)>
            <Field
                label=td_string!(locale, notice.email_address)
                control="notice-email"
                optional=td_string!(locale, common.optional)
                hint=td_string!(locale, notice.email_hint).to_owned()
                error=error
            >
                <Input id="notice-email" kind=Kind::Email value=form.email autocomplete="email" />
            </Field>
            <div>
                <Button look=Look::Secondary disabled=disabled on_press=actions.save_email>
                    {td_string!(locale, notice.save)}
                </Button>
            </div>
        </Card>
    }
    .into_any()
}

/// 在此设备接收推送: the switch where there is one to press, else why there is none and what to do about it.
pub fn push(locale: Locale, state: Signal<PushState>, busy: Signal<bool>, on_change: Callback<bool>) -> AnyView {
    let on = Signal::derive(move || state.get() == PushState::On);
    (move || {
        let (tone, why) = match state.get() {
            PushState::Asking => return view! { <p class="muted">{td_string!(locale, common.loading)}</p> }.into_any(),
            PushState::Off | PushState::On => {
                let change = Callback::new(move |on| {
                    if !busy.get_untracked() {
                        on_change.run(on);
                    }
                });
                let switch = view! { <Switch label=td_string!(locale, notice.push) on on_change=change /> }.into_any();
                let note = move || {
                    if busy.get() {
                        td_string!(locale, common.loading)
                    } else if on.get() {
                        td_string!(locale, notice.push_on)
                    } else {
                        td_string!(locale, notice.push_off)
                    }
                };
                return view! {
                    <Card title=td_string!(locale, notice.push) end=switch>
                        <p class="field-hint" role="status">
                            {note}
                        </p>
                    </Card>
                }
                .into_any();
            }
            PushState::SwitchedOff => (Tone::Plain, td_string!(locale, notice.push_switched_off)),
            PushState::Insecure => (Tone::Plain, td_string!(locale, notice.push_insecure)),
            PushState::Unsupported => (Tone::Plain, td_string!(locale, notice.push_unsupported)),
            PushState::Denied => (Tone::Warn, td_string!(locale, notice.push_denied)),
        };
        view! {
            <Card title=td_string!(locale, notice.push)>
                <Callout tone=tone>{why}</Callout>
            </Card>
        }
        .into_any()
    })
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_the_browser_writes_them() {
        assert_eq!(hours("22:00", "07:30"), Some(QuietHours { from: 1320, to: 450 }));
        assert_eq!(clock(450), "07:30");
        for (from, to) in [("", "07:00"), ("22:00", ""), ("09:00", "09:00"), ("24:00", "07:00"), ("nine", "ten")] {
            assert_eq!(hours(from, to), None, "{from} {to}");
        }
    }

    #[test]
    fn what_could_not_be_saved_goes_back_and_a_typed_address_stays() {
        Owner::new().with(|| {
            let saved = NoticeSettings { quiet: hours("12:00", "13:30"), ..NoticeSettings::default() };
            let form = SettingsForm::of(&saved);
            form.from.set("11:00".to_owned());
            form.email.set("zhou@court.example".to_owned());
            form.draft.update(|draft| draft.quiet = hours("11:00", "13:30"));
            form.take_back(&saved);
            assert_eq!((form.hours(), form.draft.get()), (saved.quiet, saved));
            assert_eq!(form.email.get(), "zhou@court.example");
        });
    }

    #[test]
    fn a_night_says_that_it_ends_the_next_day() {
        let text = |from: &str, to: &str| hours_text(Locale::zh_CN, hours(from, to).expect("hours"));
        assert_eq!(text("22:00", "07:00"), "每天 22:00 至次日 07:00");
        assert_eq!(text("12:00", "13:30"), "每天 12:00 至 13:30");
    }
}
