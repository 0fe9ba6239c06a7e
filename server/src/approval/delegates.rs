//! Delegates hear of what waits already when they begin to act for somebody, and are no longer asked when they cease to:
//! a delegation begins and ends by the clock, by an answer, by a leave, and by nothing that is done to a request.

use std::collections::BTreeSet;

use app::approval::news::turns;
use app::approval::process::TaskState;
use app::approval::templates::FORMS;
use app::notice::rules::{News, NoticeKind};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::act::{self, Form};
use super::{delegation, news, store};
use crate::database::Transaction;
use crate::entity::approval_task;
use crate::error::Failure;
use crate::notice;
use crate::setting;
use crate::state::AppState;

/// The setting with who acted for whom at the last look: [`Acting`] as JSON.
const FOLLOWED: &str = "approval.delegates_followed";

/// Who acts for whom: form, principal, delegate.
type Acting = BTreeSet<(String, Uuid, Uuid)>;

/// Tells whoever acts for somebody since the last look what waits for his decision, and asks nobody any more who has
/// ceased to. Safe to run on two servers at once: nobody is told twice who is still asked.
///
/// # Errors
/// The database fails.
pub(super) async fn follow(state: &AppState) -> Result<(), Failure> {
    let read = state.database.read();
    let mut now = Acting::new();
    for form in FORMS {
        let pairs = delegation::acting(read, state, form).await?;
        now.extend(pairs.into_iter().map(|(principal, delegate)| ((*form).to_owned(), principal, delegate)));
    }
    let stored = setting::get(read, FOLLOWED).await?.unwrap_or_default();
    let before: Acting = serde_json::from_str(&stored).unwrap_or_default();
    if now == before {
        return Ok(());
    }
    let principals = now.symmetric_difference(&before).map(|(_, principal, _)| *principal).collect();
    let begun = now.difference(&before).map(|(_, _, delegate)| *delegate).collect();
    for subject in waiting_for(read, &principals).await? {
        // One request that cannot be looked at must not keep the others from it, nor have them told again and again.
        if let Err(error) = follow_one(state, subject, &begun).await {
            tracing::warn!(%error, %subject, "The delegates of a request were not told; it stands in their lists.");
        }
    }
    let text = serde_json::to_string(&now).map_err(Failure::internal)?;
    setting::set(state.database.write(), FOLLOWED, &text).await?;
    Ok(())
}

/// The requests in which it is the turn of one of these officers.
async fn waiting_for(connection: &impl ConnectionTrait, officers: &BTreeSet<Uuid>) -> Result<Vec<Uuid>, DbErr> {
    approval_task::Entity::find()
        .filter(approval_task::Column::OfficerId.is_in(officers.iter().copied()))
        .filter(approval_task::Column::State.eq(store::name_of(&TaskState::Open)))
        .select_only()
        .column(approval_task::Column::SubjectId)
        .distinct()
        .into_tuple()
        .all(connection)
        .await
}

/// `begun` are those who act for somebody anew; the others were told before.
async fn follow_one(state: &AppState, subject: Uuid, begun: &BTreeSet<Uuid>) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    let running = act::lock(&tx, subject).await?;
    let delegates: BTreeSet<Uuid> =
        news::acting(&tx, state, &running).await?.into_iter().map(|(_, delegate)| delegate).collect();
    let asked = turns(&running.process).union(&delegates).copied().collect();
    notice::settle(&tx, &state.clock, subject, &NoticeKind::ASKING, &asked).await?;
    let known = notice::asked(&tx, subject).await?;
    let new = delegates.intersection(begun).filter(|delegate| !known.contains(delegate));
    tell(&tx, state, &running, new.copied()).await?;
    tx.commit().await?;
    Ok(())
}

async fn tell(
    tx: &Transaction,
    state: &AppState,
    running: &store::Running,
    officers: impl Iterator<Item = Uuid>,
) -> Result<(), Failure> {
    let (form, id) = (&running.row.form, running.row.subject_id);
    let number = Form::parse(form)?.number(tx, id).await?;
    let actor = Some(running.row.applicant_id);
    let news = officers.map(|officer| News { officer, kind: NoticeKind::TaskWaiting, actor });
    notice::send(tx, &state.clock, notice::Subject { kind: form, id, number: &number }, news).await?;
    Ok(())
}
