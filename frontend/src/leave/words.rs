//! The vocabulary of leave in words and tones.

use app::approval::api::ChainStep;
use app::approval::process::TaskState;
use app::day::{HalfDay, Span};
use app::leave::api::LeaveRequest;
use app::leave::rules::{Outcome, Status};
use app::leave::types::Lane;

use crate::approval::words::{mode_text, state_text, state_tone};
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Member, Step, StepState, Tone};

/// The name of a type of leave; the stable name itself for one that this build does not know.
pub fn type_name(locale: Locale, leave_type: &str) -> String {
    match leave_type {
        "annual" => td_string!(locale, leave.type_annual),
        "personal" => td_string!(locale, leave.type_personal),
        "sick" => td_string!(locale, leave.type_sick),
        "home_visit" => td_string!(locale, leave.type_home_visit),
        "marriage" => td_string!(locale, leave.type_marriage),
        "maternity" => td_string!(locale, leave.type_maternity),
        "paternity" => td_string!(locale, leave.type_paternity),
        "parental" => td_string!(locale, leave.type_parental),
        "elder_care" => td_string!(locale, leave.type_elder_care),
        "bereavement" => td_string!(locale, leave.type_bereavement),
        "work_injury" => td_string!(locale, leave.type_work_injury),
        "compensatory" => td_string!(locale, leave.type_compensatory),
        "nursing" => td_string!(locale, leave.type_nursing),
        "official_trip" => td_string!(locale, leave.type_official_trip),
        "leaving_town" => td_string!(locale, leave.type_leaving_town),
        unknown => unknown,
    }
    .to_owned()
}

/// The type of a request, or only whether it is leave or a report for those who may not read the type.
pub fn kind_name(locale: Locale, leave_type: Option<&str>, lane: Lane) -> String {
    match (leave_type, lane) {
        (Some(name), _) => type_name(locale, name),
        (None, Lane::Report) => td_string!(locale, leave.type_leaving_town).to_owned(),
        (None, Lane::Leave | Lane::Hours) => td_string!(locale, leave.title).to_owned(),
    }
}

/// How much a request counts, in days or in the minutes of its type; of a report how long it is for.
pub fn amount(words: Words, request: &LeaveRequest) -> String {
    match (request.lane, request.minutes) {
        (Lane::Report, _) => days_out(words, request.from, request.to),
        (_, Some(minutes)) => td_string!(words.locale, leave.minutes, minutes),
        (_, None) => words.half_days(request.half_days),
    }
}

/// How long somebody is out of town, rest days included.
pub fn days_out(words: Words, from: HalfDay, to: HalfDay) -> String {
    words.half_days(Span::new(from, to).map_or(0, Span::len))
}

/// The state of a request in words; one that is being decided says how far it is: `审批中 1/3`.
pub fn status_text(locale: Locale, request: &LeaveRequest) -> String {
    match request.status {
        Status::Draft => td_string!(locale, leave.status_draft).to_owned(),
        Status::InApproval => {
            let steps = || request.chain.chunk_by(|one, next| one.step == next.step);
            let decided = steps().filter(|members| step_state(members) == StepState::Done).count();
            let of = steps().count();
            td_string!(locale, leave.status_in_approval, done = (decided + 1).min(of), of = of)
        }
        Status::Approved => td_string!(locale, leave.status_approved).to_owned(),
        Status::OnLeave if request.lane == Lane::Report => td_string!(locale, leave.status_out_of_town).to_owned(),
        Status::OnLeave => td_string!(locale, leave.status_on_leave).to_owned(),
        Status::AwaitingReturn => td_string!(locale, leave.status_awaiting_return).to_owned(),
        // It ended by itself, and nobody has reported anything.
        Status::Returned if !request.needs_return && request.back.is_none() => {
            td_string!(locale, absence.hours_over).to_owned()
        }
        Status::Returned => match request.outcome {
            Some(Outcome::Early) => td_string!(locale, leave.status_returned_early).to_owned(),
            Some(Outcome::Late) => td_string!(locale, leave.status_returned_late).to_owned(),
            Some(Outcome::OnTime) | None => td_string!(locale, leave.status_returned).to_owned(),
        },
        Status::Withdrawn => td_string!(locale, leave.status_withdrawn).to_owned(),
        Status::Refused => td_string!(locale, leave.status_refused).to_owned(),
        Status::SentBack => td_string!(locale, leave.status_sent_back).to_owned(),
        Status::Cancelled => td_string!(locale, leave.status_cancelled).to_owned(),
    }
}

/// The tone that goes with a state. Waiting for 销假 is somebody's turn and never an accusation.
pub fn status_tone(status: Status) -> Tone {
    match status {
        Status::InApproval => Tone::Court,
        Status::Approved | Status::OnLeave => Tone::Good,
        Status::AwaitingReturn => Tone::Gold,
        Status::Refused | Status::SentBack => Tone::Bad,
        Status::Draft | Status::Returned | Status::Withdrawn | Status::Cancelled => Tone::Plain,
    }
}

/// The steps of a chain as the kit draws them; those who decide together stand in one step, under how they decide.
pub fn steps(words: Words, chain: &[ChainStep]) -> Vec<Step> {
    chain.chunk_by(|one, next| one.step == next.step).map(|members| step(words, members)).collect()
}

fn step(words: Words, chain: &[ChainStep]) -> Step {
    let locale = words.locale;
    match chain {
        [only] => Step {
            title: member_name(locale, only),
            notes: member_notes(words, only),
            members: Vec::new(),
            state: step_state(chain),
        },
        together => {
            let mode = together.first().map_or("", |member| mode_text(locale, member.mode));
            let members = together.iter().map(|member| Member {
                title: member_name(locale, member),
                notes: member_notes(words, member),
                tone: state_tone(member.state),
                // Before anything is decided everybody waits; saying so beside each name would say nothing.
                state: match member.state {
                    TaskState::Waiting => String::new(),
                    state => state_text(locale, state).to_owned(),
                },
            });
            Step { title: mode.to_owned(), notes: Vec::new(), members: members.collect(), state: step_state(chain) }
        }
    }
}

fn member_name(locale: Locale, member: &ChainStep) -> String {
    member.name.clone().unwrap_or_else(|| td_string!(locale, leave.nobody).to_owned())
}

fn member_notes(words: Words, member: &ChainStep) -> Vec<String> {
    let locale = words.locale;
    let decided = match (member.state, member.decided_at) {
        (TaskState::Approved, Some(at)) => td_string!(locale, leave.agreed_at, at = words.moment(at)),
        (TaskState::Refused, Some(at)) => td_string!(locale, leave.refused_at, at = words.moment(at)),
        (TaskState::Open | TaskState::Delegated, _) => td_string!(locale, leave.deciding).to_owned(),
        _ => String::new(),
    };
    let why = member.stands_in_for.clone();
    let stands_in = why.map_or_else(String::new, |why| td_string!(locale, leave.stands_in_for, why));
    vec![member.post.clone(), stands_in, decided, member.comment.clone().unwrap_or_default()]
}

fn step_state(members: &[ChainStep]) -> StepState {
    let any = |wanted: fn(&ChainStep) -> bool| members.iter().any(wanted);
    if any(|member| matches!(member.state, TaskState::Open | TaskState::Delegated)) {
        StepState::Current
    } else if any(|member| matches!(member.state, TaskState::Refused | TaskState::SentBack)) {
        StepState::Refused
    } else if any(|member| member.state == TaskState::Approved) {
        StepState::Done
    } else if any(|member| member.officer.is_none()) {
        StepState::Missing
    } else {
        StepState::Waiting
    }
}
