//! What a request would be: the facts read, the rules asked. The same for the preview and, inside its transaction, for
//! the submission.

use app::account::rules::Permission;
use app::api::Problem;
use app::approval::compile::Plan;
use app::day::{Day, Timestamp};
use app::leave::api::Warning;
use app::leave::conflict::{self, Conflict};
use app::leave::ledger::{self, Entry};
use app::leave::rules::{Ask, Check, Earlier, Facts, Stored, check_request};
use app::leave::stand_in::promise_warnings;
use app::leave::types::Lane;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::account::{Account, Owed};
use super::conflict::Conflicts;
use super::{chain, store};
use crate::entity::{approval_process, officer};
use crate::error::Failure;
use crate::reference::Reference;
use crate::session::Caller;
use crate::state::AppState;

/// A request as the rules see it, with the chain that would decide.
pub(super) struct Considered {
    pub(super) check: Check,
    conflicts: Vec<Conflict>,
    /// For whom the applicant has agreed to stand in over these days.
    promises: Vec<String>,
    /// What conflicts do in this installation.
    settings: conflict::Settings,
    is_time_chosen: bool,
    pub(super) plan: Option<(i32, Plan)>,
    /// The applicant's account, with what the years still owe him.
    pub(super) account: Account,
    /// What has to be granted before the request can draw on it.
    pub(super) owed: Vec<Owed>,
    /// The calendar that it was counted by.
    pub(super) calendar_version: i32,
}

impl Considered {
    /// The same as somebody may hear it: who has no right to read the applicant's leave learns nothing of it by asking in
    /// his place.
    pub(super) fn told_to(self, caller: &Caller, applicant: &officer::Model) -> Self {
        let may_read = caller.may(Permission::ReadLeave, applicant.court_id, Some(applicant.department_id));
        if may_read || caller.id == applicant.id {
            self
        } else {
            Self { check: self.check.without_other_leave(), promises: Vec::new(), ..self }
        }
    }

    /// Why it cannot be submitted, the first reason.
    pub(super) fn refusal(&self) -> Option<Problem> {
        let conflict = || conflict::refusal(&self.conflicts, &self.settings, self.is_time_chosen);
        self.check.refusal().or_else(|| chain::problem(self.plan.as_ref())).or_else(conflict)
    }

    /// What the applicant should know, what stands in his way first.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let chain = chain::problem(self.plan.as_ref()).map(|problem| Warning {
            code: "empty_chain".to_owned(),
            blocking: true,
            text: problem.detail,
        });
        let mut all = self.check.warnings();
        all.extend(chain);
        all.extend(conflict::warnings(&self.conflicts, &self.settings, self.is_time_chosen));
        all.extend(promise_warnings(&self.promises));
        all.sort_by_key(|warning| !warning.blocking);
        all
    }
}

/// A request that is submitted again, as far as it could stand in its own way.
pub(super) struct Again {
    number: String,
    leave_type: String,
    /// What its half days come to in the ledger, the other way round.
    pub(super) given_back: Vec<Entry>,
    /// When it was submitted at first, and whether it extends a leave.
    pub(super) earlier: Earlier,
    /// The version of the definition that it began with, and keeps.
    definition: i32,
    /// Who submitted it in the applicant's place.
    submitter: Option<Uuid>,
}

impl Again {
    /// The caller's own request, which was sent back: only that one gives anything back.
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        state: &AppState,
        id: Uuid,
        officer: Uuid,
    ) -> Result<Self, Failure> {
        let row = store::request(connection, id)
            .await?
            .filter(|row| row.officer_id == officer && row.state == Stored::SentBack.as_str())
            .ok_or_else(|| Failure::not_found("这份被退回的请假"))?;
        let given_back = ledger::on_end(&store::taken(connection, id).await?);
        let process = approval_process::Entity::find_by_id(id).one(connection).await?;
        let definition = process.map_or(0, |process| process.definition_version);
        let submitter = row.submitted_by;
        let first = state.config.zone.day(Timestamp::from_millis(row.submitted_at));
        let earlier = Earlier {
            is_extension: row.extends_id.is_some(),
            submitted: Some((row.begin_asked_on.map_or(first, Day::from), store::span(&row).from())),
        };
        Ok(Self { number: row.number, leave_type: row.leave_type, given_back, earlier, definition, submitter })
    }
}

/// Reads the facts and asks the rules. `again` is the request that is submitted again: it does not stand in its own way.
/// `submitter` asks in the applicant's place; of a request that is submitted again it is who did so at first.
pub(super) async fn consider(
    connection: &impl ConnectionTrait,
    state: &AppState,
    reference: &Reference,
    applicant: &officer::Model,
    ask: Ask<'_>,
    again: Option<&Again>,
    submitter: Option<Uuid>,
) -> Result<Considered, Failure> {
    let (first, last) = (ask.from.date, ask.to.date.max(ask.from.date));
    let (years, today, name) = (store::years(first, last), state.today(), ask.leave_type.name.as_str());
    // What does not depend on each other is read side by side: a preview answers while somebody types.
    let (mut existing, mut account, calendar) = tokio::try_join!(
        async {
            let catalogue = &reference.leave_types;
            Ok::<_, Failure>(store::existing(connection, catalogue, applicant.id, (first, last)).await?)
        },
        async { Ok(Account::load(connection, reference, applicant, years.clone()).await?) },
        crate::calendar::of_officer(connection, &state.secrets, reference, applicant),
    )?;
    existing.retain(|other| again.is_none_or(|again| other.number != again.number));
    if let Some(again) = again {
        account.add(&again.leave_type, &again.given_back);
    }
    // As of the day of the leave, like the forecast: what opens by then pays for days from then on.
    let on = Ord::max(today, last);
    let owed = account.grant_owed(ask.leave_type, years.clone(), on, || state.clock.new_id());
    let facts = Facts {
        calendar: &calendar,
        applicant: account.applicant(),
        existing: &existing,
        lots: &account.lots(name),
        taken: &account.taken(name, years.clone()),
        exclusions: &account.exclusions(ask.leave_type, years, on),
        today,
    };
    let check = check_request(ask, facts);
    let definition = again.map(|again| again.definition);
    // Whoever asks in his place reads of him by his name.
    let named = submitter.map(|_| applicant.name.as_str());
    let submitter = again.map_or(submitter, |again| again.submitter);
    let (lane, span) = (check.lane, check.span.filter(|_| check.lane != Lane::Hours && !check.days.is_empty()));
    let (plan, (conflicts, promises)) = tokio::try_join!(
        chain::plan(connection, reference, (applicant, submitter), ask.leave_type, check.routed_half_days, definition),
        async {
            match span {
                Some(span) => {
                    let found = Conflicts::load(connection, state, reference, &[(applicant, span)]).await?;
                    Ok((found.of(applicant, lane, span), found.promises(applicant.id, lane, span, named)))
                }
                None => Ok((Vec::new(), Vec::new())),
            }
        },
    )?;
    let calendar_version = store::calendar_version(&calendar);
    let (is_time_chosen, settings) = (ask.leave_type.chosen, reference.conflicts);
    Ok(Considered { check, conflicts, promises, settings, is_time_chosen, plan, account, owed, calendar_version })
}
