//! Leave after it is approved, drawn from plain data: what it extends and what extends it, 续假, the confirmation of a
//! return.

use app::day::{Half, HalfDay};
use app::leave::api::{Extend, LeaveRequest, Preview, PreviewResult, ReturnReport};
use app::leave::rules::{Action, Status};
use app::leave::types::Lane;
use leptos::prelude::*;
use uuid::Uuid;

use super::absence_view::{Deed, absence};
use super::form::preview_card;
use super::words::status_tone;
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Badge, Button, Callout, Card, Cell, Facts, Field, HalfDayInput, List, Load, Look, Size, Skeleton, TextArea, Tone,
};

/// What can be pressed below a request.
#[derive(Clone, Copy, Debug)]
pub struct AfterActions {
    /// 续假.
    pub extend: Callback<()>,
    /// 确认销假.
    pub confirm: Callback<()>,
    /// 退回销假.
    pub dispute: Callback<()>,
    /// What else there is, in a sheet of its own.
    pub deed: Callback<Deed>,
}

/// What stands below a request: the report of a return, the leaves that it is linked with, and what can be done.
pub fn after(words: Words, data: &LeaveRequest, busy: Signal<bool>, actions: AfterActions) -> AnyView {
    let overdue = data.overdue_days.map(|days| {
        view! { <p class="small muted">{td_string!(words.locale, after.overdue, days)}</p> }
    });
    let report = data.return_report.as_ref().map(|report| report_of(words, report));
    let judge = data.actions.contains(&Action::ConfirmReturn).then(|| {
        view! {
            <Button size=Size::Wide busy=busy on_press=actions.confirm>
                {td_string!(words.locale, after.confirm)}
            </Button>
            <Button look=Look::Secondary size=Size::Wide on_press=actions.dispute>
                {td_string!(words.locale, after.dispute)}
            </Button>
        }
    });
    view! {
        {overdue}
        {report}
        {judge}
        {absence(words, data, actions.deed)}
        {series(words, data, actions.extend)}
    }
    .into_any()
}

/// What was reported last, while it says more than the request itself.
fn report_of(words: Words, report: &ReturnReport) -> AnyView {
    let locale = words.locale;
    let waiting = report.is_waiting.then(|| {
        let (back, at) = (words.half_day(report.back), words.moment(report.reported_at));
        view! { <Callout tone=Tone::Gold>{td_string!(locale, after.waiting, back, at)}</Callout> }
    });
    let disputed = report.disputed.as_ref().map(|dispute| {
        let (by, reason) = (dispute.by.clone(), dispute.reason.clone());
        let text = td_string!(locale, after.disputed, by, back = words.half_day(dispute.back), reason);
        view! { <Callout tone=Tone::Warn>{text}</Callout> }
    });
    let facts = vec![
        (td_string!(locale, after.return_note), report.note.clone().unwrap_or_default()),
        (td_string!(locale, after.confirmed_by), report.confirmed_by.clone().unwrap_or_default()),
    ];
    let is_told = facts.iter().any(|(_, fact)| !fact.is_empty());
    let facts = is_told.then(|| view! { <Card><Facts facts /></Card> });
    view! {
        {waiting}
        {disputed}
        {facts}
    }
    .into_any()
}

/// The sheet for sending a reported return back: when he was back, as the caller knows it, and why.
pub fn dispute_form(
    locale: Locale,
    (date, half): (RwSignal<String>, RwSignal<Half>),
    reason: RwSignal<String>,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let missing = Signal::derive(move || reason.with(|text| text.trim().is_empty()));
    view! {
        <p class="muted">{td_string!(locale, after.dispute_intro)}</p>
        <Field label=td_string!(locale, leave.field_back) control="dispute-back">
            <HalfDayInput locale id="dispute-back" label=td_string!(locale, leave.field_back) date half />
        </Field>
        <Field
            label=td_string!(locale, after.dispute_reason)
            control="dispute-reason"
            hint=td_string!(locale, leave.cancel_reason_hint)
        >
            <TextArea id="dispute-reason" value=reason />
        </Field>
        <Button size=Size::Wide busy=busy disabled=missing on_press=on_confirm>
            {td_string!(locale, after.dispute)}
        </Button>
    }
    .into_any()
}

/// The leaves that a request is linked with, and 续假 where it can be asked for.
fn series(words: Words, data: &LeaveRequest, on_extend: Callback<()>) -> AnyView {
    let locale = words.locale;
    let is_undecided =
        data.extension.as_ref().is_some_and(|next| matches!(next.status, Status::InApproval | Status::SentBack));
    let still_due = (is_undecided && data.status == Status::AwaitingReturn).then(|| {
        let text = td_string!(locale, after.still_due, last = words.half_day(data.to));
        view! { <Callout tone=Tone::Gold>{text}</Callout> }
    });
    let before = data.extends.as_ref().map(|leave| {
        let title = td_string!(locale, after.extends, number = leave.number.clone());
        view! { <Cell title=title href=format!("/leave/{}", leave.id) /> }
    });
    let next = data.extension.as_ref().map(|next| {
        let title = if is_undecided {
            td_string!(locale, after.extension_until, to = words.half_day(next.to))
        } else {
            td_string!(locale, after.extended_until, to = words.half_day(next.to))
        };
        let badge = status_badge(locale, data.lane, next.status);
        view! { <Cell title=title note=next.number.clone() href=format!("/leave/{}", next.id) end=badge /> }
    });
    let links = (before.is_some() || next.is_some()).then(|| view! { <List>{before} {next}</List> });
    let extend = data.actions.contains(&Action::Extend).then(|| {
        view! {
            <Button look=Look::Secondary size=Size::Wide on_press=on_extend>
                {td_string!(locale, after.extend)}
            </Button>
        }
    });
    view! {
        {still_due}
        {links}
        {extend}
    }
    .into_any()
}

/// Where a linked request is, as a badge: it is in the same lane as the one that links to it.
pub fn status_badge(locale: Locale, lane: Lane, status: Status) -> AnyView {
    view! { <Badge tone=status_tone(status) text=extension_status(locale, lane, status) /> }.into_any()
}

/// Where an extension is; how far its approval has come stands on its own page.
fn extension_status(locale: Locale, lane: Lane, status: Status) -> &'static str {
    match status {
        Status::InApproval | Status::Draft => td_string!(locale, after.undecided),
        Status::SentBack => td_string!(locale, leave.status_sent_back),
        Status::Approved => td_string!(locale, leave.status_approved),
        Status::OnLeave if lane == Lane::Report => td_string!(locale, leave.status_out_of_town),
        Status::OnLeave => td_string!(locale, leave.status_on_leave),
        Status::AwaitingReturn => td_string!(locale, leave.status_awaiting_return),
        Status::Returned => td_string!(locale, leave.status_returned),
        Status::Withdrawn => td_string!(locale, leave.status_withdrawn),
        Status::Refused => td_string!(locale, leave.status_refused),
        Status::Cancelled => td_string!(locale, leave.status_cancelled),
    }
}

/// What has been filled in for an extension.
#[derive(Clone, Copy, Debug)]
pub struct ExtendForm {
    /// The last day, as `YYYY-MM-DD`.
    pub to_date: RwSignal<String>,
    /// Its half.
    pub to_half: RwSignal<Half>,
    /// Why.
    pub reason: RwSignal<String>,
}

impl Default for ExtendForm {
    fn default() -> Self {
        Self {
            to_date: RwSignal::new(String::new()),
            to_half: RwSignal::new(Half::Pm),
            reason: RwSignal::new(String::new()),
        }
    }
}

impl ExtendForm {
    /// Fills the form for a leave: until the end of the day on which the extension begins.
    pub fn fill(self, leave: &LeaveRequest) {
        self.to_date.set(leave.to.next().date.to_string());
        self.to_half.set(Half::Pm);
        self.reason.set(String::new());
    }

    fn to(self) -> Option<HalfDay> {
        Some(HalfDay { date: self.to_date.get().parse().ok()?, half: self.to_half.get() })
    }

    /// What the extension would be, once the last day is chosen.
    pub fn preview(self, leave: &LeaveRequest) -> Option<Preview> {
        Some(Preview {
            leave_type: leave.leave_type.clone().unwrap_or_default(),
            from: leave.to.next(),
            to: self.to()?,
            resubmits: None,
            stand_in: None,
            extends: Some(leave.id),
            officer_id: None,
        })
    }

    /// What is asked for under this id, once the last day is chosen.
    pub fn body(self, id: Uuid, leave: &LeaveRequest) -> Option<Extend> {
        let reason = self.reason.with(|text| text.trim().to_owned());
        Some(Extend { id, version: leave.version, to: self.to()?, leave_type: None, reason })
    }
}

/// The sheet for asking for an extension: until when, why, and what it would be.
pub fn extend_form(
    words: Words,
    leave: &LeaveRequest,
    form: ExtendForm,
    preview: Signal<Load<PreviewResult>>,
    busy: Signal<bool>,
    on_submit: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let blocked = Signal::derive(move || {
        preview.with(|load| load.data().is_some_and(|data| data.warnings.iter().any(|warning| warning.blocking)))
    });
    view! {
        <p class="muted">{td_string!(locale, after.extend_intro, first = words.half_day(leave.to.next()))}</p>
        <Field label=td_string!(locale, after.extend_to) control="extend-to">
            <HalfDayInput
                locale
                id="extend-to"
                label=td_string!(locale, after.extend_to)
                date=form.to_date
                half=form.to_half
            />
        </Field>
        <Field
            label=td_string!(locale, leave.fact_reason)
            control="extend-reason"
            optional=td_string!(locale, common.optional)
        >
            <TextArea id="extend-reason" value=form.reason />
        </Field>
        <div class="stack">
            {move || {
                preview
                    .with(|load| match load {
                        Load::Loading => view! { <Skeleton locale /> }.into_any(),
                        Load::Failed(trouble) => {
                            let text = trouble.detail.clone();
                            view! { <Callout tone=Tone::Warn>{text}</Callout> }.into_any()
                        }
                        Load::Ready(data) | Load::Stale { data, .. } => preview_card(words, data),
                    })
            }}
        </div>
        <Button size=Size::Wide busy=busy disabled=blocked on_press=on_submit>
            {td_string!(locale, after.extend_submit)}
        </Button>
    }
    .into_any()
}
