//! Health, metrics, and a line for each request in the log.

use std::sync::LazyLock;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus::core::Collector;
use prometheus::{HistogramOpts, HistogramVec, Registry, TextEncoder};
use sea_orm::ConnectionTrait;

use crate::state::AppState;

struct Metrics {
    registry: Registry,
    requests: HistogramVec,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(|| {
    let options = HistogramOpts::new("fingertip_request_seconds", "How long requests took, by route and status.")
        .buckets(vec![0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0]);
    let requests =
        HistogramVec::new(options, &["method", "route", "status"]).expect("the metric's name is well formed");
    let registry = Registry::new();
    registry.register(Box::new(requests.clone())).expect("the metric is registered once");
    Metrics { registry, requests }
});

/// `/healthz` says that the process lives, `/readyz` that it reaches its database, `/metrics` how it fares.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(async || "ok")).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

async fn ready(State(state): State<AppState>) -> Response {
    match state.database.read().execute_unprepared("SELECT 1").await {
        Ok(_) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "The database does not answer.");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response()
        }
    }
}

async fn metrics(State(state): State<AppState>) -> Response {
    let mut families = METRICS.registry.gather();
    families.extend(state.database.statements().collect());
    match TextEncoder::new().encode_to_string(&families) {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "The metrics cannot be written.");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Measures a request and logs it by its route, never by its address: an address can name a person or carry a code.
#[expect(clippy::disallowed_methods, reason = "a duration is measured, no time of day is read")]
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let seconds = began.elapsed().as_secs_f64();
    METRICS.requests.with_label_values(&[method.as_str(), route.as_str(), &status.to_string()]).observe(seconds);
    tracing::debug!(%method, route, status, seconds, "Answered a request.");
    response
}
