//! Attachments in an object store, over a real socket: as much of S3 as is used, and what the signature must cover.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use server::check::check;
use server::files::Bucket;
use server::leave::attachment::sweep::sweep;

use super::*;

on_both!(attachments_live_in_a_bucket_where_one_is_named, a_bucket_that_is_away_keeps_nothing_half_done,);

type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// When everything in the bucket was written: long before the day of the tests.
const WRITTEN: &str = "2026-11-01T08:00:00.000Z";

fn is_signed(headers: &HeaderMap) -> bool {
    let text = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.starts_with("AWS4-HMAC-SHA256 Credential=court/") && headers.contains_key("x-amz-content-sha256")
}

async fn put(State(objects): State<Objects>, Path(key): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_signed(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    objects.lock().unwrap().insert(key, body);
    [("etag", "\"1\"")].into_response()
}

async fn show(State(objects): State<Objects>, Path(key): Path<String>, headers: HeaderMap) -> Response {
    match objects.lock().unwrap().get(&key).cloned() {
        _ if !is_signed(&headers) => StatusCode::FORBIDDEN.into_response(),
        Some(body) => {
            let headers = [("etag", "\"1\""), ("last-modified", "Sun, 01 Nov 2026 08:00:00 GMT")];
            (headers, body).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn index(State(objects): State<Objects>, Query(query): Query<BTreeMap<String, String>>) -> String {
    let prefix = query.get("prefix").cloned().unwrap_or_default();
    let objects = objects.lock().unwrap();
    let found = objects.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(key, body)| {
        let size = body.len();
        format!(
            "<Contents><Key>{key}</Key><LastModified>{WRITTEN}</LastModified><ETag>&quot;1&quot;</ETag>\
             <Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        )
    });
    let found: String = found.collect();
    format!("<ListBucketResult><Name>papers</Name><IsTruncated>false</IsTruncated>{found}</ListBucketResult>")
}

async fn delete(State(objects): State<Objects>, body: String) -> String {
    let mut deleted = String::new();
    for key in body.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next()) {
        objects.lock().unwrap().remove(key);
        deleted.push_str(&format!("<Deleted><Key>{key}</Key></Deleted>"));
    }
    format!("<DeleteResult>{deleted}</DeleteResult>")
}

/// The same server with its attachments in a bucket on a socket.
async fn with_bucket(app: &TestApp) -> (TestApp, Objects, tokio::task::JoinHandle<()>) {
    let objects = Objects::default();
    let router = Router::new()
        .route("/papers/{*key}", get(show).put(put))
        .route("/papers", get(index).post(delete))
        .route("/papers/", get(index).post(delete))
        .with_state(objects.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let options = [
        ("AWS_ENDPOINT", format!("http://{address}")),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_REGION", "court".to_owned()),
        ("AWS_ACCESS_KEY_ID", "court".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "a key for tests".to_owned()),
    ];
    let options = options.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let url = "s3://papers/fingertip/leave".to_owned();
    (app.configured(|config| config.bucket = Some(Bucket { url, options })).await, objects, task)
}

async fn attachments_live_in_a_bucket_where_one_is_named(app: TestApp) {
    app.world().await;
    let (app, objects, served) = with_bucket(&app).await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    let kept = attach(&clerk, request.id, "a.jpg", photo()).await;
    let removed = attach(&clerk, request.id, "b.pdf", PDF.to_vec()).await;
    remove(&clerk, path(request.id, removed.id)).await.unwrap();
    let keys: Vec<String> = objects.lock().unwrap().keys().cloned().collect();
    assert!(keys.len() == 2 && keys.iter().all(|key| key.starts_with("fingertip/leave/")), "{keys:?}");
    assert!(objects.lock().unwrap().values().all(|body| !holds(body, b"ICC_PROFILE")), "its operator reads nothing");
    let head = app.client_of(HEAD).await;
    let answer = read(&head, path(request.id, kept.id)).await;
    assert!(answer.status.is_success() && holds(&answer.bytes, b"ICC_PROFILE"));
    let found = check(&app.state).await.unwrap();
    assert_eq!((found.is_sound(), found.attachments.files, found.attachments.orphans.len()), (true, 1, 1));
    app.pass(24 * 3600 + 1);
    assert_eq!(sweep(&app.state).await.unwrap(), 1);
    let head = app.client_of(HEAD).await;
    assert_eq!(objects.lock().unwrap().len(), 1);
    assert!(read(&head, path(request.id, kept.id)).await.status.is_success());
    objects.lock().unwrap().clear();
    assert_eq!(check(&app.state).await.unwrap().attachments.missing.len(), 1);
    served.abort();
}

async fn a_bucket_that_is_away_keeps_nothing_half_done(app: TestApp) {
    app.world().await;
    let (app, objects, served) = with_bucket(&app).await;
    served.abort();
    let _ = served.await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    let refused = send(&clerk, path(request.id, Uuid::new_v4()), "a.jpg", photo()).await.problem();
    assert_eq!(refused.code, Code::Unavailable);
    assert_eq!((list(&clerk, request.id).await.unwrap().items.len(), objects.lock().unwrap().len()), (0, 0));
}
