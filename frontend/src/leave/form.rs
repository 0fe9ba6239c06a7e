//! Asking for leave, and 销假: the forms as state plus views.

use app::day::{Day, Half, HalfDay};
use app::leave::api::{
    LeaveDraftContent, LeaveRequest, LeaveType, Preview, PreviewDay, PreviewResult, Resubmit, Submit,
};
use app::leave::like_last::LikeLast;
use app::leave::types::Lane;
use app::org::api::Colleague;
use leptos::prelude::*;
use uuid::Uuid;

use super::report_fields::{about_report, whereabouts};
use super::words::{steps, type_name};
use crate::format::{Words, days};
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Badge, Button, Callout, Card, Choice, Choices, Field, HalfDayInput, Input, Load, Look, Select, Size, Skeleton,
    Steps, TextArea, Tone,
};

/// How many types are in sight at once.
const USUAL: usize = 3;

/// What has been filled in so far.
#[derive(Clone, Copy, Debug)]
pub struct LeaveForm {
    /// The type's stable name.
    pub leave_type: RwSignal<String>,
    /// The first day, as `YYYY-MM-DD`.
    pub from_date: RwSignal<String>,
    /// Its half.
    pub from_half: RwSignal<Half>,
    /// The last day, as `YYYY-MM-DD`.
    pub to_date: RwSignal<String>,
    /// Its half.
    pub to_half: RwSignal<Half>,
    /// Why.
    pub reason: RwSignal<String>,
    /// Where to.
    pub destination: RwSignal<String>,
    /// How to reach him meanwhile.
    pub contact: RwSignal<String>,
    /// The colleague who stands in; nobody, or one.
    pub stand_in: RwSignal<Vec<Colleague>>,
    /// The request that is submitted again; none for a new one.
    pub resubmits: Option<Uuid>,
}

impl LeaveForm {
    /// A form for one whole day of annual leave on `day`: what is asked for most, so that often nothing is left to
    /// fill in.
    pub fn for_day(day: Day) -> Self {
        Self {
            leave_type: RwSignal::new("annual".to_owned()),
            from_date: RwSignal::new(day.to_string()),
            from_half: RwSignal::new(Half::Am),
            to_date: RwSignal::new(day.to_string()),
            to_half: RwSignal::new(Half::Pm),
            reason: RwSignal::new(String::new()),
            destination: RwSignal::new(String::new()),
            contact: RwSignal::new(String::new()),
            stand_in: RwSignal::new(Vec::new()),
            resubmits: None,
        }
    }

    /// The form of a request that was sent back, as it was submitted.
    pub fn of(request: &LeaveRequest) -> Self {
        Self {
            leave_type: RwSignal::new(request.leave_type.clone().unwrap_or_default()),
            from_date: RwSignal::new(request.from.date.to_string()),
            from_half: RwSignal::new(request.from.half),
            to_date: RwSignal::new(request.to.date.to_string()),
            to_half: RwSignal::new(request.to.half),
            reason: RwSignal::new(request.reason.clone().unwrap_or_default()),
            destination: RwSignal::new(request.destination.clone().unwrap_or_default()),
            contact: RwSignal::new(request.contact.clone().unwrap_or_default()),
            stand_in: RwSignal::new(stand_in(request).into_iter().collect()),
            resubmits: Some(request.id),
        }
    }

    /// What it holds now, as a draft keeps it.
    pub fn draft(self) -> LeaveDraftContent {
        let stand_in = self.stand_in.get().into_iter().next();
        LeaveDraftContent {
            leave_type: self.leave_type.get(),
            from_date: self.from_date.get().parse().ok(),
            from_half: self.from_half.get(),
            to_date: self.to_date.get().parse().ok(),
            to_half: self.to_half.get(),
            reason: self.reason.get(),
            destination: self.destination.get(),
            contact: self.contact.get(),
            stand_in: stand_in.as_ref().map(|person| person.officer.clone()),
            stand_in_name: stand_in.map(|person| person.name),
        }
    }

    /// Fills it with what a draft holds.
    pub fn fill(self, draft: &LeaveDraftContent) {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        self.leave_type.set(draft.leave_type.clone());
        // The last day first: one before the first day would follow it.
        self.to_date.set(day(draft.to_date));
        self.to_half.set(draft.to_half);
        self.from_date.set(day(draft.from_date));
        self.from_half.set(draft.from_half);
        self.reason.set(draft.reason.clone());
        self.destination.set(draft.destination.clone());
        self.contact.set(draft.contact.clone());
        let name = draft.stand_in_name.clone().unwrap_or_default();
        self.stand_in.set(draft.stand_in.clone().map(|officer| colleague(officer, name)).into_iter().collect());
    }

    /// Fills it like the last request.
    pub fn fill_like(self, last: &LikeLast) {
        let (stand_in, stand_in_name) = last.stand_in.clone().unzip();
        self.fill(&LeaveDraftContent {
            leave_type: last.leave_type.clone(),
            from_date: Some(last.from.date),
            from_half: last.from.half,
            to_date: Some(last.to.date),
            to_half: last.to.half,
            reason: last.reason.clone(),
            destination: last.destination.clone(),
            contact: last.contact.clone(),
            stand_in,
            stand_in_name,
        });
    }

    /// What is asked for, once both days are chosen.
    pub fn preview(self) -> Option<Preview> {
        let from = HalfDay { date: self.from_date.get().parse().ok()?, half: self.from_half.get() };
        let to = HalfDay { date: self.to_date.get().parse().ok()?, half: self.to_half.get() };
        let (leave_type, stand_in) = (self.leave_type.get(), self.chosen());
        Some(Preview { leave_type, from, to, resubmits: self.resubmits, stand_in, extends: None, officer_id: None })
    }

    /// What is submitted under this id, once both days are chosen.
    pub fn submission(self, id: Uuid) -> Option<Submit> {
        let Preview { leave_type, from, to, .. } = self.preview()?;
        let (reason, destination, contact) = self.texts();
        let stand_in = self.chosen();
        Some(Submit { id, leave_type, from, to, reason, destination, stand_in, contact, officer_id: None })
    }

    /// What is submitted again in place of this version, once both days are chosen.
    pub fn resubmission(self, version: i64) -> Option<Resubmit> {
        let Preview { leave_type, from, to, .. } = self.preview()?;
        let (reason, destination, contact) = self.texts();
        let stand_in = self.chosen();
        Some(Resubmit { version, leave_type, from, to, reason, destination, stand_in, contact })
    }

    fn chosen(self) -> Option<String> {
        self.stand_in.with(|chosen| chosen.first().map(|person| person.officer.clone()))
    }

    fn texts(self) -> (String, String, String) {
        let text = |field: RwSignal<String>| field.with(|text| text.trim().to_owned());
        (text(self.reason), text(self.destination), text(self.contact))
    }
}

/// Who stands in, as far as a request knows him.
fn stand_in(request: &LeaveRequest) -> Option<Colleague> {
    let officer = request.stand_in.clone()?;
    Some(colleague(officer, request.stand_in_name.clone().unwrap_or_default()))
}

fn colleague(officer: String, name: String) -> Colleague {
    Colleague { officer, name, department: String::new(), court: String::new(), post: None, away: false }
}

/// The button that ends the form.
#[derive(Clone, Copy, Debug)]
pub struct SubmitButton {
    /// What it says.
    pub text: &'static str,
    /// Whether the answer is still awaited.
    pub busy: Signal<bool>,
    /// Submits.
    pub on_press: Callback<()>,
}

/// The form with what it would mean beside it. `fields` are the last ones, which their page brings along: the search for
/// the colleague who stands in, the files.
pub fn leave_form(
    words: Words,
    types: &[LeaveType],
    form: LeaveForm,
    preview: Signal<Load<PreviewResult>>,
    fields: AnyView,
    submit: SubmitButton,
) -> AnyView {
    let locale = words.locale;
    // The first ones are what nearly everybody asks for; the rest stand in a list of their own, without those that are
    // not for him.
    let mine: Vec<&LeaveType> = types.iter().filter(|kind| kind.eligible).collect();
    let choice = |kind: &&LeaveType| Choice::new(kind.name.clone(), type_name(locale, &kind.name));
    let (usual, others) = mine.split_at(mine.len().min(USUAL));
    let (choices, others): (Vec<Choice>, Vec<Choice>) =
        (usual.iter().map(choice).collect(), others.iter().map(choice).collect());
    let others = (!others.is_empty()).then(|| {
        let label = td_string!(locale, leave.more_types);
        view! {
            <Select id="leave-type-more" label=label choices=others value=form.leave_type placeholder=label />
        }
    });
    let help: Vec<(String, String)> = types.iter().map(|kind| (kind.name.clone(), kind.help.clone())).collect();
    let help = move || {
        let chosen = form.leave_type.get();
        help.iter().find(|(name, _)| *name == chosen).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let lanes: Vec<(String, Lane)> = types.iter().map(|kind| (kind.name.clone(), kind.lane)).collect();
    let lane = Memo::new(move |_| {
        let chosen = form.leave_type.get();
        lanes.iter().find(|(name, _)| *name == chosen).map(|(_, lane)| *lane).unwrap_or_default()
    });
    let is_missing = move || {
        let (destination, contact) = (form.destination.get(), form.contact.get());
        lane.get().missing(&destination, &contact).is_some()
    };
    let blocked = Signal::derive(move || {
        is_missing()
            || preview.with(|load| load.data().is_some_and(|data| data.warnings.iter().any(|warning| warning.blocking)))
    });
    view! {
        <div class="leave-form">
            <Card>
                <div class="field">
                    <span class="field-label">{td_string!(locale, leave.field_type)}</span>
                    <Choices label=td_string!(locale, leave.field_type) choices value=form.leave_type />
                    {others}
                    <details class="field-hint">
                        <summary>{td_string!(locale, leave.type_help)}</summary>
                        {help}
                    </details>
                    {move || (lane.get() == Lane::Report).then(|| about_report(locale))}
                </div>
                <Field label=td_string!(locale, leave.field_from) control="leave-from">
                    <HalfDayInput
                        locale
                        id="leave-from"
                        label=td_string!(locale, leave.field_from)
                        date=form.from_date
                        half=form.from_half
                    />
                </Field>
                <Field label=td_string!(locale, leave.field_to) control="leave-to">
                    <HalfDayInput
                        locale
                        id="leave-to"
                        label=td_string!(locale, leave.field_to)
                        date=form.to_date
                        half=form.to_half
                    />
                </Field>
            </Card>
            <div class="stack leave-preview">
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
            <Card>
                <Field
                    label=td_string!(locale, leave.fact_reason)
                    control="leave-reason"
                    optional=td_string!(locale, common.optional)
                >
                    <TextArea id="leave-reason" value=form.reason placeholder=td_string!(locale, leave.reason_example) />
                </Field>
                {move || whereabouts(locale, form, lane.get())}
                {fields}
            </Card>
        </div>
        <div class="button-dock">
            <Button size=Size::Wide busy=submit.busy disabled=blocked on_press=submit.on_press>
                {submit.text}
            </Button>
        </div>
    }
    .into_any()
}

/// What a request would be: the amount, what it leaves, the days one by one, who decides, what to know.
pub fn preview_card(words: Words, data: &PreviewResult) -> AnyView {
    let locale = words.locale;
    let warnings = data
        .warnings
        .iter()
        .map(|warning| {
            let tone = if warning.blocking { Tone::Bad } else { Tone::Warn };
            let text = warning.text.clone();
            view! { <Callout tone>{text}</Callout> }
        })
        .collect_view();
    let left = data.available_after.map(|left| {
        view! { <span class="muted">{td_string!(locale, leave.left_after, days = days(left))}</span> }.into_any()
    });
    let days_list = day_lines(words, &data.days)
        .into_iter()
        .map(|line| {
            let tone = if line.counted == 0 { Tone::Plain } else { Tone::Court };
            view! {
                <li class="row row-apart small">
                    <span>{line.day} " " <span class="muted">{line.why}</span></span>
                    <Badge tone text=line.amount />
                </li>
            }
        })
        .collect_view();
    let of_report = i64::try_from(data.days.len()).unwrap_or(0);
    let total = days(if data.lane == Lane::Report { of_report } else { data.half_days });
    let provisional = data.provisional;
    let left = match data.lane {
        Lane::Report => {
            let text = td_string!(locale, leave.takes_no_leave);
            Some(view! { <span class="muted">{text}</span> }.into_any())
        }
        Lane::Leave | Lane::Hours => left,
    };
    let chain = steps(words, &data.chain);
    view! {
        {warnings}
        <Card accent=true>
            <div class="row row-apart">
                <span class="figure">
                    {total} <small>{td_string!(locale, common.unit_days)}</small>
                </span>
                {left}
            </div>
            <ul class="stack stack-tight">{days_list}</ul>
            {provisional.then(|| view! { <p class="field-hint">{td_string!(locale, leave.provisional)}</p> })}
        </Card>
        <Card title=td_string!(locale, leave.who_decides)>
            <Steps steps=chain />
        </Card>
    }
    .into_any()
}

struct DayLine {
    day: String,
    why: String,
    counted: i64,
    amount: String,
}

/// Half days put together to days; long runs of the same kind stay one line a day, as the officer checks them.
fn day_lines(words: Words, half_days: &[PreviewDay]) -> Vec<DayLine> {
    half_days
        .chunk_by(|one, next| one.date == next.date)
        .map(|halves| {
            let counted = halves.iter().map(|half| i64::from(half.counts)).sum();
            let day = match halves {
                [only] => words.half_day(HalfDay { date: only.date, half: only.half }),
                _ => words.day(halves[0].date),
            };
            let amount = if counted == 0 {
                td_string!(words.locale, leave.not_counted).to_owned()
            } else {
                words.half_days(counted)
            };
            DayLine { day, why: halves[0].why.clone(), counted, amount }
        })
        .collect()
}

/// The sheet for taking approved leave back: what it means, the reason, the last tap.
pub fn cancel_form(locale: Locale, reason: RwSignal<String>, busy: Signal<bool>, on_confirm: Callback<()>) -> AnyView {
    let missing = Signal::derive(move || reason.with(|text| text.trim().is_empty()));
    let (label, hint) = (td_string!(locale, leave.cancel_reason), td_string!(locale, leave.cancel_reason_hint));
    view! {
        <p>{td_string!(locale, leave.cancel_sure)}</p>
        <Field label control="cancel-reason" hint>
            <TextArea id="cancel-reason" value=reason />
        </Field>
        <Button look=Look::DangerFill size=Size::Wide busy=busy disabled=missing on_press=on_confirm>
            {td_string!(locale, leave.cancel)}
        </Button>
    }
    .into_any()
}

/// The content of the 销假 sheet: the first half day back at work.
pub fn return_form(
    words: Words,
    (last, lane): (HalfDay, Lane),
    (date, half): (RwSignal<String>, RwSignal<Half>),
    note: RwSignal<String>,
    busy: Signal<bool>,
    on_submit: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let meaning = move || {
        let back = HalfDay { date: date.get().parse().ok()?, half: half.get() };
        let is_leave = lane != Lane::Report;
        is_leave.then(|| if back <= last { early_text(locale) } else { td_string!(locale, leave.back_after) })
    };
    let last_day = words.half_day(last);
    let (intro, label) = match lane {
        Lane::Report => {
            let intro = td_string!(locale, leave.report_back_intro, last = last_day);
            (intro, td_string!(locale, leave.field_back_in_town))
        }
        Lane::Leave | Lane::Hours => {
            (td_string!(locale, leave.return_intro, last = last_day), td_string!(locale, leave.field_back))
        }
    };
    view! {
        <p class="muted">{intro}</p>
        <Field label control="leave-back">
            <HalfDayInput locale id="leave-back" label date half />
        </Field>
        <p class="field-hint">{move || meaning().unwrap_or_default()}</p>
        <Field
            label=td_string!(locale, after.return_note)
            control="leave-back-note"
            hint=td_string!(locale, after.return_note_hint)
            optional=td_string!(locale, common.optional)
        >
            <Input id="leave-back-note" value=note />
        </Field>
        <Button size=Size::Wide busy=busy on_press=on_submit>
            {td_string!(locale, leave.report_return)}
        </Button>
    }
    .into_any()
}

fn early_text(locale: Locale) -> &'static str {
    td_string!(locale, leave.back_early)
}
