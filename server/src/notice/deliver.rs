//! The worker that sends what waits in line.
//!
//! Any number of replicas run it. It claims a delivery, looks once more whether it is still wanted, sends it outside of
//! any transaction, and writes down how that ended. Killed in between, the claim runs out and the delivery is sent
//! again: at least once, with the same id each time.

use std::time::Duration;

use app::day::Timestamp;
use app::notice::api::ChannelConfig;
use app::notice::rules::{
    AfterFailure, ChannelKind, DeliveryFacts, NoticeKind, Verdict, after_failure, goes_out_at, kinds_of, outgoing_link,
    verdict,
};
use app::org::rules::OfficerStatus;
use sea_orm::EntityTrait;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use crate::entity::{channel, delivery, notice, officer, push_subscription};
use crate::error::Failure;
use crate::events::Event;
use crate::notice::channels::{self, Message, Outcome, Receiver};
use crate::notice::queue::{self, Ending};
use crate::notice::settings::open_email;
use crate::notice::{push, store};
use crate::state::AppState;

/// How many deliveries are under way at a time; a mail server does not take many connections from one sender.
const FLYING: usize = 16;
/// How often the line is looked at without being told: for retries, for the end of quiet hours, and for what a replica
/// that died left behind.
const LOOK: Duration = Duration::from_secs(3);

/// Sends what waits, until it is dropped.
pub async fn work(state: AppState) {
    let mut events = state.events.watch();
    let mut flying = JoinSet::new();
    loop {
        if let Err(failure) = take_off(&state, &mut flying).await {
            tracing::warn!(%failure, "The line of deliveries could not be read this time.");
        }
        tokio::select! {
            Some(landed) = flying.join_next() => log_crash(landed),
            () = told(&mut events) => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Waits for the news that something was put in line.
async fn told(events: &mut tokio::sync::broadcast::Receiver<Event>) {
    loop {
        match events.recv().await {
            Ok(Event::Queued | Event::Missed) | Err(RecvError::Lagged(_)) => return,
            Ok(Event::SignedIn(_) | Event::Notices(_)) => {}
            // Nothing will be told any more; the sleep beside this one goes on.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// Sends what is due now, and what becomes due by that, until nothing is left.
///
/// # Errors
/// The database fails; what was claimed is sent later.
pub async fn run(state: &AppState) -> Result<(), Failure> {
    let mut flying = JoinSet::new();
    loop {
        take_off(state, &mut flying).await?;
        match flying.join_next().await {
            Some(landed) => log_crash(landed),
            None => return Ok(()),
        }
    }
}

fn log_crash(landed: Result<(), tokio::task::JoinError>) {
    if let Err(error) = landed {
        tracing::error!(%error, "A delivery broke off; it is tried again when its claim has run out.");
    }
}

/// Claims as much as there is room for.
async fn take_off(state: &AppState, flying: &mut JoinSet<()>) -> Result<(), Failure> {
    let room = (FLYING - flying.len()) as u64;
    let rows = queue::claim(&state.database, state.now(), room).await?;
    // Fewer than there is room for may mean that a channel is full: the others come with the next look.
    let more = !rows.is_empty() && (rows.len() as u64) < room;
    for row in rows {
        let state = state.clone();
        flying.spawn(async move {
            if let Err(failure) = attempt(&state, &row).await {
                tracing::warn!(%failure, delivery = %row.id, "A delivery was not written down; it is tried again.");
            }
        });
    }
    if more { Box::pin(take_off(state, flying)).await } else { Ok(()) }
}

/// What there is to do with a claimed delivery.
enum Judged {
    Send { config: ChannelConfig, message: Box<Message>, receiver: Receiver },
    Ends(Ending),
}

async fn attempt(state: &AppState, row: &delivery::Model) -> Result<(), Failure> {
    let (ending, pace) = match judge(state, row).await {
        Ok(Judged::Ends(ending)) => (ending, 0),
        // A value that cannot be opened, for example. It counts as a failure, so that the line does not stand for ever.
        Err(Failure::Internal(error)) => {
            tracing::error!(error, delivery = %row.id, "A delivery cannot be read.");
            let outcome =
                Outcome::Failed { why: "系统内部错误，详见服务器日志".to_owned(), retry_after: None };
            (conclude(state, row, outcome).await?, 0)
        }
        Err(failure) => return Err(failure),
        Ok(Judged::Send { config, message, receiver }) => {
            let outcome = channels::deliver(&state.outbound, &config, &message, &receiver, state.now()).await;
            (conclude(state, row, outcome).await?, config.kind().pace_millis())
        }
    };
    if let Ending::Dead(why) = &ending {
        tracing::warn!(delivery = %row.id, channel = %row.channel_id, why, "A delivery was given up.");
    }
    queue::finish(&state.database, row, ending, state.now(), pace).await?;
    Ok(())
}

/// Looks whether the delivery is still wanted, and whether its time has come.
async fn judge(state: &AppState, row: &delivery::Model) -> Result<Judged, Failure> {
    let connection = state.database.read();
    let gone = || Failure::internal("a delivery refers to a row that is not there");
    let channel = channel::Entity::find_by_id(row.channel_id).one(connection).await?.ok_or_else(gone)?;
    let notice = notice::Entity::find_by_id(row.notice_id).one(connection).await?.ok_or_else(gone)?;
    let officer = officer::Entity::find_by_id(notice.officer_id).one(connection).await?.ok_or_else(gone)?;
    let preference = store::preference(connection, officer.id).await?.ok_or_else(gone)?;
    let now = state.now();
    let ends = |ending| Ok(Judged::Ends(ending));

    let kinds = NoticeKind::parse(&notice.kind).zip(ChannelKind::parse(&channel.kind));
    let Some((kind, channel_kind)) = kinds else { return ends(Ending::Unneeded("这个版本不认识这类通知")) };
    let personal = channel_kind.is_personal();
    match verdict(DeliveryFacts {
        personal,
        in_service: officer.status == OfficerStatus::InService.as_str(),
        read: notice.read_at.is_some(),
        muted: kinds_of(&preference.muted).contains(&kind),
        followed: personal && queue::is_followed(connection, row, &notice).await?,
        tries: row.tries,
        age_seconds: now.seconds_since(Timestamp::from_millis(row.queued_at)),
    }) {
        Verdict::Send => {}
        Verdict::Unneeded(why) => return ends(Ending::Unneeded(why)),
        Verdict::Dead => {
            return ends(Ending::Dead(row.last_error.clone().unwrap_or_else(|| "多次或两天内未能发出".to_owned())));
        }
    }
    let hours = if personal {
        store::quiet(preference.quiet_from, preference.quiet_to)
    } else {
        store::quiet(channel.quiet_from, channel.quiet_to)
    };
    let until = goes_out_at(now, hours, state.config.zone);
    if until > now {
        return ends(Ending::Postponed { until });
    }

    let receiver = match channel_kind {
        ChannelKind::Smtp => match &preference.email {
            Some(sealed) => Receiver::Mailbox(open_email(&state.secrets, sealed)?),
            None => return ends(Ending::Unneeded("本人没有留下邮箱")),
        },
        ChannelKind::WebPush => {
            let live = queue::browsers(connection, officer.id, now).await?;
            match live.into_iter().find(|browser| Some(browser.id) == row.subscription_id) {
                Some(browser) => push::receiver(state, &browser).await?,
                None => return ends(Ending::Unneeded("浏览器已退出登录或取消订阅")),
            }
        }
        _ => Receiver::Channel,
    };
    let count = if personal { store::unread(connection, officer.id, Some(kind)).await?.max(1) } else { 1 };
    let path = outgoing_link(kind, notice.subject_id, count);
    let message = Message {
        id: row.id,
        kind: Some(kind),
        officer: officer.number,
        told_at: Timestamp::from_millis(notice.created_at),
        text: kind.text(count),
        link: whole_link(state, &path),
        path,
    };
    let config = open_config(state, &channel)?;
    Ok(Judged::Send { config, message: Box::new(message), receiver })
}

/// The address of a page, as far as this server knows its own.
pub(super) fn whole_link(state: &AppState, path: &str) -> String {
    let origin = state.config.origin.as_deref().unwrap_or_default().trim_end_matches('/');
    format!("{origin}{path}")
}

/// What a channel needs to know to send.
pub(super) fn open_config(state: &AppState, channel: &channel::Model) -> Result<ChannelConfig, Failure> {
    let bytes = state.secrets.open(&channel.config).map_err(Failure::internal)?;
    serde_json::from_slice(&bytes).map_err(Failure::internal)
}

/// What a try makes of a delivery.
async fn conclude(state: &AppState, row: &delivery::Model, outcome: Outcome) -> Result<Ending, Failure> {
    let now = state.now();
    Ok(match outcome {
        Outcome::Taken => Ending::Sent,
        Outcome::Refused(why) => Ending::Dead(why),
        Outcome::Gone => {
            if let Some(subscription) = row.subscription_id {
                push_subscription::Entity::delete_by_id(subscription).exec(state.database.write()).await?;
            }
            Ending::Unneeded("浏览器已取消订阅")
        }
        Outcome::Failed { why, retry_after } => {
            let age = now.seconds_since(Timestamp::from_millis(row.queued_at));
            match after_failure(row.tries, age, retry_after, rand::random_range(0..100)) {
                AfterFailure::Again { seconds } => Ending::Again { at: now.plus_seconds(seconds), why },
                AfterFailure::Dead => Ending::Dead(why),
            }
        }
    })
}
