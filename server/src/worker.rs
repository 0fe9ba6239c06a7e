//! What the server does by itself, again and again: sealing the audit trail, reminding of returns, looking after the
//! ledger of leave and the calendar, counting ratings whose time is over, sending notices out of the house.
//!
//! Every job is idempotent and decides inside its own transaction, so that several replicas may run it at once.

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::audit;
use crate::state::AppState;

/// How often the jobs look for work.
const TICK: Duration = Duration::from_secs(3);
/// How often the ledger is looked after; there is something to do once a day.
const YEARS: Duration = Duration::from_secs(60);
/// How often what nobody looks at any more is deleted.
const PRUNE: Duration = Duration::from_secs(6 * 60 * 60);

/// Starts the jobs. They end when the handle is aborted; a transaction in the middle is rolled back and done again at
/// the next start.
pub fn start(state: AppState) -> JoinHandle<()> {
    tokio::spawn(async move {
        let rounds = async {
            let mut tick = tokio::time::interval(TICK);
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                run(&state).await;
            }
        };
        let pruning = async {
            let mut tick = tokio::time::interval(PRUNE);
            loop {
                tick.tick().await;
                if let Err(error) = crate::notice::retention::prune(&state.database, state.now()).await {
                    tracing::warn!(%error, "Old notices were not deleted this time.");
                }
                if let Err(error) = crate::leave::draft::prune(&state).await {
                    tracing::warn!(%error, "Drafts that nobody will go on with were not deleted this time.");
                }
                if let Err(error) = crate::leave::attachment::sweep::sweep(&state).await {
                    tracing::warn!(%error, "Files that belong to no request were not deleted this time.");
                }
                if let Err(error) = state.database.refresh_statistics().await {
                    tracing::warn!(%error, "The database did not learn how its rows are distributed this time.");
                }
            }
        };
        let years = async {
            let mut tick = tokio::time::interval(YEARS);
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                if let Err(error) = crate::leave::year::run_due(&state).await {
                    tracing::warn!(%error, "What the year grants and ends was not looked after this time.");
                }
            }
        };
        // Beside the rounds: other people's servers take their time, a new month takes minutes in a large province, and
        // no other job waits for them.
        tokio::join!(rounds, pruning, years, crate::notice::deliver::work(state.clone()));
    })
}

/// One round of the short jobs; notices have a worker of their own, [`crate::notice::deliver::work`].
pub async fn run(state: &AppState) {
    if let Err(error) = audit::seal(&state.database).await {
        // The other replica was faster, or the database is away; the rows wait for the next round either way.
        tracing::warn!(%error, "The audit trail was not sealed this time.");
    }
    if let Err(error) = crate::approval::run_due(state).await {
        tracing::warn!(%error, "Deadlines and lost approvers were not looked after this time.");
    }
    if let Err(error) = crate::leave::after::overdue::remind(state).await {
        tracing::warn!(%error, "Nobody was reminded to report back this time.");
    }
    if let Err(error) = crate::leave::after::escalate::escalate(state).await {
        tracing::warn!(%error, "Nobody was told of absences this time.");
    }
    if let Err(error) = crate::leave::after::escalate::tell_undecided(state).await {
        tracing::warn!(%error, "Nobody was told of undecided extensions this time.");
    }
    if let Err(error) = crate::leave::recount::run_due(state).await {
        tracing::warn!(%error, "Requests were not counted anew by the changed calendar this time.");
    }
    if let Err(error) = crate::rating::settle_due(state).await {
        tracing::warn!(%error, "Ratings whose time is over were not counted this time.");
    }
}
