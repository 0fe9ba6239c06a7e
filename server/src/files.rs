//! Where bytes are kept that are too large for the database: a folder beside it, or an object store (S3, MinIO) where
//! several servers share them. Each file is sealed with the installation's key, so that neither the folder nor the
//! operator of the object store can read a hospital paper.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use app::api::Code;
use app::day::Timestamp;
use axum::http::Response;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
    HttpResponseBody, HttpService,
};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};

use crate::config::Config;
use crate::error::Failure;
use crate::secrets::Secrets;

/// The folder of the files in the data folder.
pub const FOLDER: &str = "attachments";

/// An object store, as the administrator names it.
#[derive(Clone)]
pub struct Bucket {
    /// `s3://bucket` or `s3://bucket/folder`.
    pub url: String,
    /// Its settings under the names that Amazon's own tools read from the environment: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`.
    pub options: Vec<(String, String)>,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The options hold a key.
        f.write_str(&self.url)
    }
}

/// The files. Clones are the same.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    secrets: Arc<Secrets>,
}

/// A file as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// When it was written, by the clock of whoever keeps it.
    pub at: Timestamp,
}

/// What is found under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The file.
    File(Vec<u8>),
    /// Something that this installation has not sealed, or that has changed since.
    Damaged,
    /// Nothing.
    Nothing,
}

impl Files {
    /// The files of this installation.
    ///
    /// # Errors
    /// The folder cannot be made, or the object store is named wrongly.
    pub fn open(config: &Config, secrets: Arc<Secrets>) -> Result<Self, Failure> {
        let store: Arc<dyn ObjectStore> = match &config.bucket {
            Some(bucket) => s3(bucket)?,
            None => {
                let folder = folder(config);
                make_private(&folder).map_err(|error| Failure::internal(format!("{}: {error}", folder.display())))?;
                Arc::new(LocalFileSystem::new_with_prefix(&folder).map_err(Failure::internal)?.with_fsync(true))
            }
        };
        Ok(Self { store, secrets })
    }

    /// Keeps a file. Once this has returned it survives a loss of power.
    ///
    /// # Errors
    /// The disk or the network fails.
    pub async fn put(&self, name: &str, plain: Vec<u8>) -> Result<(), Failure> {
        let secrets = self.secrets.clone();
        let sealed = tokio::task::spawn_blocking(move || secrets.seal(&plain)).await.map_err(Failure::internal)?;
        self.store.put(&Path::from(name), PutPayload::from(sealed)).await.map_err(|error| away(&error))?;
        Ok(())
    }

    /// Reads a file.
    ///
    /// # Errors
    /// The disk or the network fails.
    pub async fn get(&self, name: &str) -> Result<Found, Failure> {
        let sealed = match self.store.get(&Path::from(name)).await {
            Ok(found) => found.bytes().await.map_err(|error| away(&error))?,
            Err(object_store::Error::NotFound { .. }) => return Ok(Found::Nothing),
            Err(error) => return Err(away(&error)),
        };
        let secrets = self.secrets.clone();
        let opened = tokio::task::spawn_blocking(move || secrets.open(&sealed)).await.map_err(Failure::internal)?;
        Ok(opened.map_or(Found::Damaged, Found::File))
    }

    /// Every file that is there.
    pub fn list(&self) -> BoxStream<'static, Result<Kept, Failure>> {
        let kept = |found: object_store::ObjectMeta| Kept {
            name: found.location.to_string(),
            at: Timestamp::from_millis(found.last_modified.timestamp_millis()),
        };
        self.store.list(None).map(move |found| found.map(kept).map_err(|error| away(&error))).boxed()
    }

    /// Deletes a file; one that is gone already is no failure.
    ///
    /// # Errors
    /// The disk or the network fails.
    pub async fn delete(&self, name: &str) -> Result<(), Failure> {
        match self.store.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(&error)),
        }
    }
}

/// The files cannot be reached now.
fn away(error: &object_store::Error) -> Failure {
    tracing::error!(%error, "The place of the attachments fails.");
    Failure::new(Code::Unavailable, "附件存储暂时不可用，您的操作没有生效，请稍后再试")
}

/// The folder that holds the files where no object store does.
pub fn folder(config: &Config) -> PathBuf {
    config.data.join(FOLDER)
}

/// Makes a folder that only its owner enters.
pub(crate) fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn s3(bucket: &Bucket) -> Result<Arc<dyn ObjectStore>, Failure> {
    let wrong = |why: &str| Failure::internal(format!("{}: {why}", bucket.url));
    let place = bucket.url.strip_prefix("s3://").ok_or_else(|| wrong("expected s3://bucket or s3://bucket/folder"))?;
    let (name, folder) = place.split_once('/').unwrap_or((place, ""));
    let known = |(name, value): &(String, String)| {
        let key: AmazonS3ConfigKey = name.to_ascii_lowercase().parse().ok()?;
        Some((key, value.clone()))
    };
    let builder = bucket
        .options
        .iter()
        .filter_map(known)
        .fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value));
    // Somebody waits for the answer; the crate would try for three minutes.
    let retries =
        RetryConfig { max_retries: 2, retry_timeout: std::time::Duration::from_secs(20), ..RetryConfig::default() };
    let store =
        builder.with_bucket_name(name).with_http_connector(OverRing).with_retry(retries).build().map_err(|error| {
            wrong(&format!("{error}; AWS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say how"))
        })?;
    let folder = folder.trim_matches('/');
    Ok(if folder.is_empty() { Arc::new(store) } else { Arc::new(PrefixStore::new(store, folder)) })
}

/// Makes HTTP clients with rustls over ring and the system's certificates. The crate's own would bring reqwest with
/// aws-lc, which wants cmake.
#[derive(Debug)]
struct OverRing;

impl HttpConnector for OverRing {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let mut tcp = Tcp::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(crate::notice::tls())
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(HttpClient::new(Http(client)))
    }
}

/// How long connecting may take.
const CONNECT: std::time::Duration = std::time::Duration::from_secs(5);
/// How long an answer may take to begin.
const ANSWER: std::time::Duration = std::time::Duration::from_secs(60);

#[derive(Debug)]
struct Http(Client<hyper_rustls::HttpsConnector<Tcp>, HttpRequestBody>);

impl HttpService for Http {
    // Written out as the trait's macro makes it, which would be another dependency.
    fn call<'life, 'future>(
        &'life self,
        request: HttpRequest,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'future>>
    where
        'life: 'future,
        Self: 'future,
    {
        Box::pin(async move {
            let answer = tokio::time::timeout(ANSWER, self.0.request(request)).await;
            let answer = answer.map_err(|error| HttpError::new(HttpErrorKind::Timeout, error))?;
            let (parts, body) = answer
                .map_err(|error| {
                    let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
                    HttpError::new(kind, error)
                })?
                .into_parts();
            let body =
                http_body_util::BodyExt::map_err(body, |error| HttpError::new(HttpErrorKind::Interrupted, error));
            Ok(Response::from_parts(parts, HttpResponseBody::new(body)))
        })
    }
}
