//! Sheets to be printed: plain HTML for A4, for exactly those who see the whole thing on the screen.

use app::api::Code;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use frontend::leave::print::{LeaveSheet, refused, sheet};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{LOCALE, go_to_log_in, page, told, words};
use crate::entity::{court, officer};
use crate::error::Failure;
use crate::leave;
use crate::session::{Caller, Identity};
use crate::state::AppState;

const TITLE: &str = "请假审批单";

/// The approval sheet of a request for leave. Whoever is not signed in comes back to it after log-in.
pub(super) async fn leave(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    Path(id): Path<String>,
) -> Response {
    let id = id.parse::<Uuid>();
    let Some(caller) = identity.caller else {
        let next = id.map_or_else(|_| "/".to_owned(), |id| format!("/print/leave/{id}"));
        return go_to_log_in(&next);
    };
    let found = match id {
        Ok(id) => leave_sheet(&state, &caller, id).await,
        Err(_) => Err(missing()),
    };
    match found {
        Ok(data) => page(StatusCode::OK, &data.request.number, || sheet(words(&state), &data)),
        Err(failure) => {
            let (status, _, detail) = told(failure);
            page(status, TITLE, || refused(LOCALE, &detail))
        }
    }
}

fn missing() -> Failure {
    Failure::new(Code::NotFound, "没有找到这份请假，可能已被删除或您无权打印")
}

/// Who only has a copy does not see why and where, and prints nothing.
async fn leave_sheet(state: &AppState, caller: &Caller, id: Uuid) -> Result<LeaveSheet, Failure> {
    let (row, sight) = leave::visible_request(state, caller, id).await?;
    if !sight.has_request() {
        return Err(missing());
    }
    let connection = state.database.read();
    let applicant = officer::Entity::find_by_id(row.officer_id).one(connection).await?.ok_or_else(missing)?;
    let court = court::Entity::find_by_id(applicant.court_id).one(connection).await?;
    Ok(LeaveSheet {
        court: court.map(|row| row.name).unwrap_or_default(),
        post: applicant.post,
        request: leave::one(state, row, caller).await?,
        process: crate::approval::whole_process(state, caller, id).await?,
        printed_by: caller.name.clone(),
        printed_at: state.now(),
    })
}
