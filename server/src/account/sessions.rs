//! The sessions of an account: listed and ended by their owner.

use app::account::api::{EndSession, ListSessions, RevokeSession, SessionItem, Sessions};
use app::api::Empty;
use app::day::Timestamp;

use crate::account::store;
use crate::error::Failure;
use crate::mount::{Answer, Api, Call};
use crate::session;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<EndSession, _, _, _>(end_session)
        .mount::<ListSessions, _, _, _>(list_sessions)
        .mount::<RevokeSession, _, _, _>(revoke_session)
}

async fn end_session(call: Call<EndSession>) -> Result<Answer<Empty>, Failure> {
    let caller = call.caller()?;
    session::revoke(&call.state, caller, caller.session).await?;
    Ok(Answer { reply: Empty {}, cookies: session::forgetting_cookies() })
}

async fn list_sessions(call: Call<ListSessions>) -> Result<Sessions, Failure> {
    let caller = call.caller()?;
    let rows = store::sessions(call.state.database.read(), caller.id, call.state.now().millis()).await?;
    let items = rows
        .into_iter()
        .map(|row| SessionItem {
            id: row.id,
            device: row.device,
            created_at: Timestamp::from_millis(row.created_at),
            last_seen_at: Timestamp::from_millis(row.last_seen_at),
            current: row.id == caller.session,
        })
        .collect();
    Ok(Sessions { items })
}

async fn revoke_session(call: Call<RevokeSession>) -> Result<Empty, Failure> {
    if session::revoke(&call.state, call.caller()?, call.path.id).await? {
        Ok(Empty {})
    } else {
        Err(Failure::not_found("这个登录"))
    }
}
