//! Events of the other replicas, by PostgreSQL's `LISTEN`.

use std::time::Duration;

use sea_orm::sqlx;
use sea_orm::sqlx::Executor;
use sea_orm::sqlx::postgres::{PgListener, PgPool};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::Sender;
use tokio::time::timeout;
use uuid::Uuid;

use super::Event;

/// The channel of `NOTIFY`. Replicas share a database, and a database has its channels to itself.
pub(super) const CHANNEL: &str = "fingertip_events";

/// How long it may be silent before the connection is asked whether it is still there: a router that forgets it tells
/// neither side.
const SILENCE: Duration = Duration::from_secs(30);
/// How long the answer may take.
const ANSWER: Duration = Duration::from_secs(5);
/// The shortest and the longest wait before listening is tried again, in milliseconds.
const WAIT: (u64, u64) = (250, 15_000);

/// What goes from replica to replica.
#[derive(Serialize, Deserialize)]
struct Envelope {
    from: Uuid,
    event: Event,
}

/// An event as it travels.
pub(super) fn payload(from: Uuid, event: Event) -> String {
    serde_json::to_string(&Envelope { from, event }).expect("two plain fields")
}

/// Hears the other replicas until the pool is closed. Whenever listening begins anew, something may have been missed.
pub(super) async fn run(pool: PgPool, replica: Uuid, heard: Sender<Event>) {
    let mut wait = WAIT.0;
    loop {
        match listen(&pool, replica, &heard, &mut wait).await {
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::warn!(%error, "Events of other replicas are not heard; trying again."),
            Ok(()) => tracing::warn!("The connection that hears other replicas was lost; trying again."),
        }
        // Replicas that lost their database together do not come back in the same moment.
        tokio::time::sleep(Duration::from_millis(rand::random_range(wait / 2..=wait))).await;
        wait = (wait * 2).min(WAIT.1);
    }
}

/// Listens until the connection is lost.
async fn listen(pool: &PgPool, replica: Uuid, heard: &Sender<Event>, wait: &mut u64) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    // The listener would connect again by itself and say nothing of what it missed.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    *wait = WAIT.0;
    let tell = |event| {
        // Nobody may be watching; that is no failure.
        let _ = heard.send(event);
    };
    tell(Event::Missed);
    loop {
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(received) => match received? {
                Some(notification) => match serde_json::from_str::<Envelope>(notification.payload()) {
                    Ok(envelope) if envelope.from == replica => {}
                    Ok(envelope) => tell(envelope.event),
                    // A newer replica may say what this one does not know yet.
                    Err(_) => tell(Event::Missed),
                },
                None => return Ok(()),
            },
            Err(_) => match timeout(ANSWER, listener.execute("SELECT 1")).await {
                Ok(answered) => answered.map(|_| ())?,
                Err(_) => return Ok(()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_survives_its_journey() {
        let (from, officer) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for event in [Event::Notices(officer), Event::SignedIn(officer), Event::Queued] {
            let envelope: Envelope = serde_json::from_str(&payload(from, event)).expect("readable");
            assert_eq!((envelope.from, envelope.event), (from, event));
        }
    }
}
