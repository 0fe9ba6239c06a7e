//! 逾期未归, 转为病假 and 另请代理人, drawn from plain data: what stands below a request, and the one sheet for all of it.

use app::day::{Day, Half, HalfDay};
use app::leave::api::{AbsenceDeed, AbsenceEntry, AbsenceRecord, Evidence, LeaveRequest};
use app::leave::rules::absence::KnownBy;
use app::leave::rules::{Action, Status};
use leptos::prelude::*;

use super::after::status_badge;
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Button, Callout, Card, Cell, Choice, Choices, Field, HalfDayInput, Input, Kind, List, Look, Size, TextArea, Tone,
};

/// What can be done in the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// 记录未归.
    Record,
    /// 说明情况.
    Answer,
    /// 解除记录.
    Lift,
    /// 转为病假.
    Convert,
    /// 另请代理人.
    NameStandIn,
}

impl Deed {
    /// Each with the action that offers it, in the order of the screen.
    const ALL: [(Self, Action); 5] = [
        (Self::Record, Action::RecordAbsence),
        (Self::Answer, Action::AnswerAbsence),
        (Self::Lift, Action::LiftAbsence),
        (Self::Convert, Action::Convert),
        (Self::NameStandIn, Action::NameStandIn),
    ];

    /// What the button and the sheet say.
    pub fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::Record => td_string!(locale, absence.record),
            Self::Answer => td_string!(locale, absence.answer),
            Self::Lift => td_string!(locale, absence.lift),
            Self::Convert => td_string!(locale, absence.convert),
            Self::NameStandIn => td_string!(locale, absence.name_stand_in),
        }
    }
}

/// How it is known that somebody is not back, in words.
pub fn known_text(locale: Locale, known: KnownBy) -> &'static str {
    match known {
        KnownBy::NotSeen => td_string!(locale, absence.not_seen),
        KnownBy::Told => td_string!(locale, absence.told),
        KnownBy::OutOfReach => td_string!(locale, absence.out_of_reach),
    }
}

/// What stands below a request: the record with its log, what was converted, and what can be done.
pub fn absence(words: Words, data: &LeaveRequest, on_press: Callback<Deed>) -> AnyView {
    let locale = words.locale;
    let record = data.absence.as_ref().map(|record| record_card(words, record));
    let own = data.actions.contains(&Action::AnswerAbsence).then(|| {
        view! { <Callout tone=Tone::Warn>{td_string!(locale, absence.own)}</Callout> }
    });
    // The leader is asked a question; a button alone would look like the usual thing to do.
    let ask = data.actions.contains(&Action::RecordAbsence).then(|| {
        view! {
            <Card title=td_string!(locale, absence.ask)>
                <p class="small muted">{td_string!(locale, absence.ask_detail)}</p>
            </Card>
        }
    });
    // Without a certificate nobody can consent: both sides read what to do about it before they try.
    let is_owed = data.converts.is_some() && data.evidence == Some(Evidence::Owed);
    let owed = (is_owed && data.status == Status::InApproval).then(|| {
        let text = if data.actions.contains(&Action::Withdraw) {
            td_string!(locale, absence.convert_owed_own)
        } else {
            td_string!(locale, absence.convert_owed)
        };
        view! { <Callout tone=Tone::Gold>{text}</Callout> }
    });
    let converts = data.converts.as_ref().map(|leave| {
        let title = td_string!(locale, absence.convert_number, number = leave.number.clone());
        view! { <Cell title=title href=format!("/leave/{}", leave.id) /> }
    });
    let conversions = data.conversions.iter().map(|one| {
        let [from, to] = [one.from, one.to].map(|at| words.half_day(at));
        let title = td_string!(locale, absence.converted, from, to);
        let end = status_badge(locale, data.lane, one.status);
        view! { <Cell title=title note=one.number.clone() href=format!("/leave/{}", one.id) end=end /> }
    });
    let conversions = conversions.collect_view();
    let is_linked = data.converts.is_some() || !data.conversions.is_empty();
    let links = is_linked.then(|| view! { <List>{converts} {conversions}</List> });
    let offered = Deed::ALL.into_iter().filter(|(_, action)| data.actions.contains(action));
    let buttons = offered.map(|(deed, _)| {
        view! {
            <Button look=Look::Secondary size=Size::Wide on_press=Callback::new(move |()| on_press.run(deed))>
                {deed.title(locale)}
            </Button>
        }
    });
    view! {
        {own}
        {record}
        {owed}
        {links}
        {ask}
        {buttons.collect_view()}
    }
    .into_any()
}

fn record_card(words: Words, record: &AbsenceRecord) -> AnyView {
    let locale = words.locale;
    let now = match record.since {
        Some(since) => {
            let (natural, work) = (record.running.natural_days, record.running.workdays);
            td_string!(locale, absence.since, day = words.day(since), natural, work)
        }
        None => td_string!(locale, absence.over).to_owned(),
    };
    let entries = record.entries.iter().map(|entry| {
        let note = format!("{} · {}", words.moment(entry.at), entry.note);
        view! { <Cell title=entry_text(words, entry) note=note /> }
    });
    let entries = entries.collect_view();
    view! {
        <Card title=td_string!(locale, absence.title)>
            <p>{now}</p>
            <List>{entries}</List>
        </Card>
    }
    .into_any()
}

fn entry_text(words: Words, entry: &AbsenceEntry) -> String {
    let (locale, by) = (words.locale, entry.by.clone());
    let day = entry.day.map(|day| words.day(day)).unwrap_or_default();
    match entry.deed {
        AbsenceDeed::Recorded => {
            let known = entry.known_by.map_or("", |known| known_text(locale, known));
            td_string!(locale, absence.deed_recorded, by, day, known)
        }
        AbsenceDeed::Answered => td_string!(locale, absence.deed_answered, by),
        AbsenceDeed::Back => td_string!(locale, absence.deed_back, by, day),
        AbsenceDeed::Mistaken => td_string!(locale, absence.deed_mistaken, by),
    }
}

/// What is filled in; each deed asks for a part of it.
#[derive(Clone, Copy, Debug)]
pub struct DeedForm {
    /// How it is known, or why the record is lifted.
    pub choice: RwSignal<String>,
    /// The first day, or half day, as `YYYY-MM-DD`.
    pub from: RwSignal<String>,
    /// Its half.
    pub from_half: RwSignal<Half>,
    /// The last day.
    pub to: RwSignal<String>,
    /// Its half.
    pub to_half: RwSignal<Half>,
    /// In words.
    pub note: RwSignal<String>,
}

/// The choice that somebody is back.
pub const BACK: &str = "back";
/// The choice that a record was a mistake.
pub const MISTAKEN: &str = "mistaken";

impl Default for DeedForm {
    fn default() -> Self {
        let text = || RwSignal::new(String::new());
        let (am, pm) = (RwSignal::new(Half::Am), RwSignal::new(Half::Pm));
        Self { choice: text(), from: text(), from_half: am, to: text(), to_half: pm, note: text() }
    }
}

impl DeedForm {
    /// Fills the form for a request: the usual answers.
    pub fn fill(self, deed: Deed, leave: &LeaveRequest, today: Day) {
        let first = leave.to.next().date;
        let (from, choice) = match deed {
            Deed::Record => (first.min(today), KnownBy::NotSeen.as_str()),
            Deed::Lift => (today, BACK),
            Deed::Answer | Deed::Convert | Deed::NameStandIn => (leave.from.date.max(today.min(leave.to.date)), ""),
        };
        self.choice.set(choice.to_owned());
        self.from.set(from.to_string());
        self.from_half.set(Half::Am);
        self.to.set(leave.to.date.to_string());
        self.to_half.set(leave.to.half);
        self.note.set(String::new());
    }

    /// The day that is chosen.
    pub fn day(self) -> Option<Day> {
        self.from.with(|day| day.parse().ok())
    }

    /// The half days that are chosen.
    pub fn span(self) -> Option<(HalfDay, HalfDay)> {
        let to = self.to.with(|day| day.parse().ok())?;
        Some((
            HalfDay { date: self.day()?, half: self.from_half.get() },
            HalfDay { date: to, half: self.to_half.get() },
        ))
    }
}

/// The content of the sheet. `people` is the search for another colleague.
pub fn deed_form(
    locale: Locale,
    deed: Deed,
    form: DeedForm,
    people: Option<AnyView>,
    busy: Signal<bool>,
    on_send: Callback<()>,
) -> AnyView {
    let choice = |value: &str, label: &str| Choice::new(value, label);
    let (label, choices) = match deed {
        Deed::Record => {
            let known = KnownBy::ALL.map(|known| choice(known.as_str(), known_text(locale, known)));
            (td_string!(locale, absence.known), known.to_vec())
        }
        Deed::Lift => {
            let why = vec![
                choice(BACK, td_string!(locale, absence.lift_back)),
                choice(MISTAKEN, td_string!(locale, absence.lift_mistaken)),
            ];
            (td_string!(locale, absence.lift), why)
        }
        Deed::Answer | Deed::Convert | Deed::NameStandIn => ("", Vec::new()),
    };
    let choices = (!choices.is_empty()).then(|| {
        view! {
            <div class="field">
                <span class="field-label">{label}</span>
                <Choices label=label choices value=form.choice />
            </div>
        }
    });
    let intro = (deed == Deed::Convert).then(|| td_string!(locale, absence.convert_intro));
    let day_label = match deed {
        Deed::Record => td_string!(locale, absence.first_day),
        _ => td_string!(locale, absence.lift_day),
    };
    let day = move || {
        let has_day = deed == Deed::Record || (deed == Deed::Lift && form.choice.with(|choice| choice == BACK));
        has_day.then(|| {
            view! {
                <Field label=day_label control="deed-day">
                    <Input id="deed-day" kind=Kind::Date value=form.from />
                </Field>
            }
        })
    };
    let span = (deed == Deed::Convert).then(|| {
        let (from, to) = (td_string!(locale, absence.convert_from), td_string!(locale, absence.convert_to));
        view! {
            <Field label=from control="deed-from">
                <HalfDayInput locale id="deed-from" label=from date=form.from half=form.from_half />
            </Field>
            <Field label=to control="deed-to">
                <HalfDayInput locale id="deed-to" label=to date=form.to half=form.to_half />
            </Field>
        }
    });
    let note_label = match deed {
        Deed::Record => td_string!(locale, absence.note),
        Deed::Lift => td_string!(locale, absence.lift_note),
        Deed::Convert => td_string!(locale, absence.convert_reason),
        Deed::Answer | Deed::NameStandIn => td_string!(locale, absence.answer_note),
    };
    let hint = if matches!(deed, Deed::Record | Deed::Lift) { td_string!(locale, absence.note_hint) } else { "" };
    let has_note = deed != Deed::NameStandIn;
    let note = has_note.then(|| {
        view! {
            <Field label=note_label control="deed-note" hint=hint>
                <TextArea id="deed-note" value=form.note />
            </Field>
        }
    });
    let missing = Signal::derive(move || has_note && form.note.with(|text| text.trim().is_empty()));
    view! {
        {intro.map(|intro| view! { <p class="muted">{intro}</p> })}
        {people}
        {choices}
        {day}
        {span}
        {note}
        <Button size=Size::Wide busy=busy disabled=missing on_press=on_send>
            {deed.title(locale)}
        </Button>
    }
    .into_any()
}
