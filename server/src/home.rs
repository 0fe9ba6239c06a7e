//! What matters to the caller today.

use app::approval::api::InboxQuery;
use app::home::{GetHome, Home};
use app::leave::rules::Stored;
use app::leave::types::ANNUAL;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{leave_request, officer};
use crate::error::Failure;
use crate::leave::balance::balances;
use crate::leave::view;
use crate::mount::{Api, Call, signed_out};
use crate::session::Caller;
use crate::state::AppState;

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    api.mount::<GetHome, _, _, _>(get_home)
}

async fn get_home(call: Call<GetHome>) -> Result<Home, Failure> {
    home(&call.state, call.caller()?).await
}

/// The home screen of a caller.
///
/// # Errors
/// The database fails.
pub async fn home(state: &AppState, caller: &Caller) -> Result<Home, Failure> {
    let connection = state.database.read();
    let inbox =
        crate::approval::inbox(state, caller.id, &InboxQuery { limit: Some(3), ..InboxQuery::default() }).await?;
    let live = [Stored::InApproval, Stored::SentBack, Stored::Approved].map(Stored::as_str);
    let rows = leave_request::Entity::find()
        .filter(leave_request::Column::OfficerId.eq(caller.id))
        .filter(leave_request::Column::State.is_in(live))
        .order_by_asc(leave_request::Column::FromDay)
        .limit(5)
        .all(connection)
        .await?;
    let requests = view::draw(connection, state, rows, caller).await?;
    let officer = officer::Entity::find_by_id(caller.id).one(connection).await?.ok_or_else(signed_out)?;
    let balances = balances(state, &officer, state.today()).await?;
    Ok(Home {
        at: state.now(),
        tasks: inbox.tasks,
        task_count: inbox.total,
        requests,
        annual: balances.balances.into_iter().find(|balance| balance.leave_type == ANNUAL.name),
        away: crate::leave::team::away_today(state, caller).await?,
        lessons: crate::training::lessons_today(state, caller).await?,
    })
}
