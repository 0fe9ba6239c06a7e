//! The vocabulary of approvals in words and tones.

use app::approval::api::StepMode;
use app::approval::process::{Outcome, TaskState, Verb};

use crate::i18n::{Locale, td_string};
use crate::kit::Tone;

/// What is done, as a button says it.
pub fn verb_text(locale: Locale, verb: Verb) -> &'static str {
    match verb {
        Verb::Approve => td_string!(locale, approval.approve),
        Verb::Refuse => td_string!(locale, approval.refuse),
        Verb::SendBack => td_string!(locale, approval.verb_send_back),
        Verb::Transfer => td_string!(locale, approval.verb_transfer),
        Verb::Delegate => td_string!(locale, approval.verb_delegate),
        Verb::GiveBack => td_string!(locale, approval.verb_give_back),
        Verb::AddBefore => td_string!(locale, approval.verb_add_before),
        Verb::AddAfter => td_string!(locale, approval.verb_add_after),
        Verb::AddBeside => td_string!(locale, approval.verb_add_beside),
        Verb::Remove => td_string!(locale, approval.verb_remove),
        Verb::TakeBack => td_string!(locale, approval.verb_take_back),
        Verb::Withdraw => td_string!(locale, approval.verb_withdraw),
        Verb::Resubmit => td_string!(locale, approval.verb_resubmit),
        Verb::Urge => td_string!(locale, approval.verb_urge),
        Verb::Copy => td_string!(locale, approval.verb_copy),
        Verb::Comment => td_string!(locale, approval.verb_comment),
        Verb::Reroute => td_string!(locale, approval.verb_reroute),
        Verb::Escalate => td_string!(locale, approval.verb_escalate),
        Verb::Remind => td_string!(locale, approval.verb_remind),
    }
}

/// What the rarer verbs do, for whoever is about to say one; empty for those that need no explanation.
pub fn verb_meaning(locale: Locale, verb: Verb) -> &'static str {
    match verb {
        Verb::SendBack => td_string!(locale, approval.means_send_back),
        Verb::Transfer => td_string!(locale, approval.means_transfer),
        Verb::Delegate => td_string!(locale, approval.means_delegate),
        Verb::GiveBack => td_string!(locale, approval.means_give_back),
        Verb::AddBefore => td_string!(locale, approval.means_add_before),
        Verb::AddAfter => td_string!(locale, approval.means_add_after),
        Verb::AddBeside => td_string!(locale, approval.means_add_beside),
        Verb::Remove => td_string!(locale, approval.means_remove),
        Verb::TakeBack => td_string!(locale, approval.means_take_back),
        Verb::Urge => td_string!(locale, approval.means_urge),
        Verb::Copy => td_string!(locale, approval.means_copy),
        Verb::Comment => td_string!(locale, approval.means_comment),
        _ => "",
    }
}

/// What a verb has done, in a short message.
pub fn verb_done(locale: Locale, verb: Verb) -> String {
    match verb {
        Verb::Approve => td_string!(locale, approval.approved).to_owned(),
        Verb::Refuse => td_string!(locale, approval.refused).to_owned(),
        other => td_string!(locale, approval.done_verb, verb = verb_text(locale, other)),
    }
}

/// What has become of a task.
pub fn state_text(locale: Locale, state: TaskState) -> &'static str {
    match state {
        TaskState::Waiting => td_string!(locale, approval.state_waiting),
        TaskState::Open => td_string!(locale, approval.state_open),
        TaskState::Delegated => td_string!(locale, approval.state_delegated),
        TaskState::Void => td_string!(locale, approval.state_void),
        TaskState::Merged => td_string!(locale, approval.state_merged),
        TaskState::Approved => td_string!(locale, approval.state_approved),
        TaskState::Refused => td_string!(locale, approval.state_refused),
        TaskState::SentBack => td_string!(locale, approval.state_sent_back),
        TaskState::Answered => td_string!(locale, approval.state_answered),
        TaskState::Transferred => td_string!(locale, approval.state_transferred),
        TaskState::Removed => td_string!(locale, approval.state_removed),
        TaskState::Rerouted => td_string!(locale, approval.state_rerouted),
        TaskState::Escalated => td_string!(locale, approval.state_escalated),
    }
}

/// The tone that goes with a task's state.
pub fn state_tone(state: TaskState) -> Tone {
    match state {
        TaskState::Open => Tone::Gold,
        TaskState::Delegated => Tone::Court,
        TaskState::Approved | TaskState::Answered => Tone::Good,
        TaskState::Refused | TaskState::SentBack => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// How the members of a node decide together.
pub fn mode_text(locale: Locale, mode: StepMode) -> &'static str {
    match mode {
        StepMode::Single => td_string!(locale, approval.mode_single),
        StepMode::All => td_string!(locale, approval.mode_all),
        StepMode::Ratio => td_string!(locale, approval.mode_ratio),
        StepMode::Any => td_string!(locale, approval.mode_any),
        StepMode::InOrder => td_string!(locale, approval.mode_in_order),
    }
}

/// What has become of a request; one that is being decided says which of its nodes decides: `审批中 1/3`.
pub fn outcome_text(locale: Locale, outcome: Outcome, decided: i32, nodes: i32) -> String {
    match outcome {
        Outcome::Running => {
            td_string!(locale, approval.outcome_running, done = (decided + 1).min(nodes), of = nodes)
        }
        Outcome::Approved => td_string!(locale, approval.outcome_approved).to_owned(),
        Outcome::Refused => td_string!(locale, approval.outcome_refused).to_owned(),
        Outcome::SentBack => td_string!(locale, approval.outcome_sent_back).to_owned(),
        Outcome::Withdrawn => td_string!(locale, approval.outcome_withdrawn).to_owned(),
    }
}

/// The tone that goes with an outcome.
pub fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Running => Tone::Court,
        Outcome::Approved => Tone::Good,
        Outcome::Refused | Outcome::SentBack => Tone::Bad,
        Outcome::Withdrawn => Tone::Plain,
    }
}
