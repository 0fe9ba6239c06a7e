//! Telling people what a change of a running request is to them.

use app::approval::news::{news, turns};
use app::approval::process::{Entry, Process};
use app::notice::rules::{News, NoticeKind};
use uuid::Uuid;

use super::act::Form;
use super::delegation;
use super::store::Running;
use crate::database::Transaction;
use crate::error::Failure;
use crate::notice;
use crate::state::AppState;

/// Tells everybody whom it concerns what has changed since `before`, in the transaction of the change. What asks for a
/// decision is told to whoever acts for the approver at this moment too (委托代理), and is settled for all of whom it is
/// no longer asked.
///
/// # Errors
/// The database fails.
pub(super) async fn tell(
    tx: &Transaction,
    state: &AppState,
    running: &Running,
    before: Option<&Process>,
    entries: &[Entry],
) -> Result<(), Failure> {
    let after = &running.process;
    let news = news(before, after, entries);
    let (were, turns) = (before.map(turns).unwrap_or_default(), turns(after));
    if news.is_empty() && turns == were {
        return Ok(());
    }
    let form = &running.row.form;
    let acting = acting(tx, state, running).await?;
    if turns != were {
        let asked = turns.iter().copied().chain(acting.iter().map(|(_, delegate)| *delegate)).collect();
        notice::settle(tx, &state.clock, running.row.subject_id, &NoticeKind::ASKING, &asked).await?;
    }
    let for_delegates: Vec<News> = acting
        .iter()
        .flat_map(|(principal, delegate)| {
            let asked = |news: &&News| news.officer == *principal && NoticeKind::ASKING.contains(&news.kind);
            news.iter().filter(asked).map(|news| News { officer: *delegate, ..*news })
        })
        .collect();
    let number = Form::parse(form)?.number(tx, running.row.subject_id).await?;
    let subject = notice::Subject { kind: form, id: running.row.subject_id, number: &number };
    notice::send(tx, &state.clock, subject, news.into_iter().chain(for_delegates)).await?;
    Ok(())
}

/// Who may decide now in the place of whose turn it is: pairs of principal and delegate.
///
/// # Errors
/// The database fails.
pub(super) async fn acting(
    tx: &Transaction,
    state: &AppState,
    running: &Running,
) -> Result<Vec<(Uuid, Uuid)>, Failure> {
    let process = &running.process;
    // An opinion is asked of a person; nobody gives it in his place.
    let votes = process.open_tasks().filter(|task| !task.is_opinion()).map(|task| task.officer.id).collect();
    let mut acting = delegation::delegates(tx, state, &votes, &running.row.form).await?;
    acting.retain(|(principal, delegate)| process.can_stand_in(*delegate, *principal));
    Ok(acting)
}

/// Tells the other side of a delegation that it was offered, answered or ended.
///
/// # Errors
/// The database fails.
pub(super) async fn tell_of_delegation(
    tx: &Transaction,
    state: &AppState,
    delegation: Uuid,
    to: Uuid,
    by: Uuid,
) -> Result<(), Failure> {
    let subject = notice::Subject { kind: "delegation", id: delegation, number: "" };
    let news = News { officer: to, kind: NoticeKind::Delegated, actor: Some(by) };
    notice::send(tx, &state.clock, subject, [news]).await?;
    Ok(())
}
