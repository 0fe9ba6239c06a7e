//! What a handler fails with, and how it goes out: problem+json with a stable code; internals go to the log only.

use app::api::{Code, Problem};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The caller can do something about it.
    #[error("{}: {}", .0.title, .0.detail)]
    Problem(Box<Problem>),
    /// The database asks to try the whole transaction again (a serialisation failure, a deadlock, a busy file).
    #[error("the database asks to try again: {0}")]
    Again(DbErr),
    /// The caller can do nothing about it.
    #[error("{0}")]
    Internal(String),
}

impl Failure {
    /// A failure of this code with a sentence for people.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Problem::new(code, detail).into()
    }

    /// There is no such thing.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("没有找到{what}，可能已被删除或您无权查看"))
    }

    /// The field cannot be taken as it is.
    pub fn bad_input(field: &str, detail: impl Into<String>) -> Self {
        Problem::new(Code::BadInput, detail).at(field).into()
    }

    /// Something that must not happen did.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// The problem as it goes out.
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => *problem,
            Self::Again(error) => {
                tracing::warn!(%error, "A transaction gave up after its retries.");
                Problem::new(Code::Unavailable, "系统繁忙，您的操作没有生效，请稍后再试")
            }
            Self::Internal(error) => {
                tracing::error!(%error, "A call failed inside.");
                Problem::new(Code::Internal, "系统内部错误，您的操作没有生效；请稍后再试，仍不行请联系管理员")
            }
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        if asks_for_retry(&error) { Self::Again(error) } else { Self::Internal(error.to_string()) }
    }
}

/// PostgreSQL's serialization_failure (40001) and deadlock_detected (40P01), SQLite's busy and locked (5, 6 and their
/// extended codes), and a pool that gave no connection in time. A unique key that somebody else has taken in the same
/// instant (23505; 1555, 2067) as well: the next try sees his row, and a repeated id answers as the first did.
fn asks_for_retry(error: &DbErr) -> bool {
    use sea_orm::{RuntimeErr, sqlx};
    let runtime = match error {
        DbErr::ConnectionAcquire(_) => return true,
        DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error) => error,
        _ => return false,
    };
    let RuntimeErr::SqlxError(error) = runtime else { return false };
    let sqlx::Error::Database(database) = &**error else { return false };
    database.code().is_some_and(|code| match code.as_ref() {
        "40001" | "40P01" | "23505" | "1555" | "2067" => true,
        code => code.parse::<u32>().is_ok_and(|code| code < 40_000 && matches!(code & 0xff, 5 | 6)),
    })
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        problem_response(&self.into_problem())
    }
}

/// A problem as a response.
pub fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, serde_json::to_string(problem).unwrap_or_default()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if matches!(problem.code, Code::Unavailable | Code::SlowDown) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}
