//! The vocabulary of leave in words and tones.

use app::approval::api::ChainStep;
use app::approval::rules::StepState as Decided;
use app::leave::api::LeaveRequest;
use app::leave::rules::{Outcome, Status};

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Moment, Step, StepState, Tone};

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
        unknown => unknown,
    }
    .to_owned()
}

/// The state of a request in words; one that is being decided says how far it is: `审批中 1/3`.
pub fn status_text(locale: Locale, request: &LeaveRequest) -> String {
    match request.status {
        Status::Draft => td_string!(locale, leave.status_draft).to_owned(),
        Status::InApproval => {
            let decided = request.chain.iter().filter(|step| step.state == Decided::Approved).count();
            td_string!(locale, leave.status_in_approval, done = decided + 1, of = request.chain.len())
        }
        Status::Approved => td_string!(locale, leave.status_approved).to_owned(),
        Status::OnLeave => td_string!(locale, leave.status_on_leave).to_owned(),
        Status::AwaitingReturn => td_string!(locale, leave.status_awaiting_return).to_owned(),
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

/// The steps of a chain as the kit draws them.
pub fn steps(words: Words, chain: &[ChainStep]) -> Vec<Step> {
    chain
        .iter()
        .map(|step| {
            let title = step.name.clone().unwrap_or_else(|| td_string!(words.locale, leave.nobody).to_owned());
            let decided = match (step.state, step.decided_at) {
                (Decided::Approved, Some(at)) => td_string!(words.locale, leave.agreed_at, at = words.moment(at)),
                (Decided::Refused, Some(at)) => td_string!(words.locale, leave.refused_at, at = words.moment(at)),
                (Decided::Open, _) => td_string!(words.locale, leave.deciding).to_owned(),
                _ => String::new(),
            };
            let stands_in = step
                .stands_in_for
                .as_ref()
                .map_or_else(String::new, |why| td_string!(words.locale, leave.stands_in_for, why = why.clone()));
            let state = match step.state {
                Decided::Approved => StepState::Done,
                Decided::Refused => StepState::Refused,
                Decided::Open => StepState::Current,
                Decided::Waiting | Decided::Void if step.officer.is_none() => StepState::Missing,
                Decided::Waiting | Decided::Void => StepState::Waiting,
            };
            let comment = step.comment.clone().unwrap_or_default();
            Step { title, notes: vec![step.post.clone(), stands_in, decided, comment], state }
        })
        .collect()
}

/// What has happened to a request, the newest first.
pub fn history(words: Words, request: &LeaveRequest) -> Vec<Moment> {
    let locale = words.locale;
    let mut moments = vec![Moment {
        title: td_string!(locale, leave.history_submitted).to_owned(),
        at: words.moment(request.submitted_at),
        note: String::new(),
    }];
    for step in &request.chain {
        let Some(at) = step.decided_at else { continue };
        let name = step.name.clone().unwrap_or_default();
        let title = match step.state {
            Decided::Refused => td_string!(locale, leave.history_refused, name),
            _ => td_string!(locale, leave.history_approved, name),
        };
        moments.push(Moment { title, at: words.moment(at), note: step.comment.clone().unwrap_or_default() });
    }
    if let (Some(at), Some(back)) = (request.returned_at, request.back) {
        moments.push(Moment {
            title: td_string!(locale, leave.history_returned).to_owned(),
            at: words.moment(at),
            note: td_string!(locale, leave.history_back, at = words.half_day(back)),
        });
    }
    moments.reverse();
    moments
}
