//! One door for every call: [`Api::mount`] builds the route and the document's operation from the same [`Endpoint`].

use std::any::TypeId;
use std::future::Future;
use std::sync::Arc;

use app::api::{Access, BASE, Code, Empty, Endpoint, Media, Method, Problem};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::error::Failure;
use crate::openapi;
use crate::session::{Caller, Identity, append_cookies};
use crate::state::AppState;

/// The largest JSON body.
const JSON_LIMIT: usize = 256 * 1024;
/// The largest uploaded file.
pub const FILE_LIMIT: usize = 20 * 1024 * 1024;
/// How often a transaction that the database wants repeated is repeated.
const TRIES: u32 = 4;

/// What a handler gets.
#[derive(Debug)]
pub struct Call<E: Endpoint> {
    /// The server.
    pub state: AppState,
    /// Who calls; see [`Call::caller`].
    pub identity: Identity,
    /// The request's headers.
    pub headers: HeaderMap,
    /// The parameters in the path.
    pub path: E::Path,
    /// The parameters in the query string.
    pub query: E::Query,
    /// The body as it came.
    pub bytes: Bytes,
}

// Written out: a derive would ask that the endpoint itself is `Clone`.
impl<E: Endpoint> Clone for Call<E> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            identity: self.identity.clone(),
            headers: self.headers.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            bytes: self.bytes.clone(),
        }
    }
}

impl<E: Endpoint> Call<E> {
    /// Who calls.
    ///
    /// # Errors
    /// [`Code::SignedOut`] when nobody is signed in; the mount refuses that before, except for public calls.
    pub fn caller(&self) -> Result<&Arc<Caller>, Failure> {
        self.identity.caller.as_ref().ok_or_else(signed_out)
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    /// [`Code::BadInput`] with the place, like `definition.nodes[1].kind`, and what was expected there.
    pub fn body(&self) -> Result<E::Body, Failure> {
        let bytes: &[u8] = if self.bytes.is_empty() && is_empty::<E::Body>() { b"{}" } else { &self.bytes };
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let body = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let (place, error) = (error.path().to_string(), error.into_inner());
            let text = error.to_string();
            // A field that is missing at the top has no place yet; the error names it.
            let named = || text.split('`').nth(1).unwrap_or_default().to_owned();
            let place = if place == "." { named() } else { place };
            let problem = Problem::new(Code::BadInput, format!("请求内容无法读取：{error}"));
            if place.is_empty() { problem } else { problem.at(&place) }
        })?;
        reader.end().map_err(|error| Problem::new(Code::BadInput, format!("请求内容无法读取：{error}")))?;
        Ok(body)
    }

    /// The device key that the phone sends along, shortened to what is stored.
    pub fn device(&self) -> Option<String> {
        let text = self.headers.get("x-device")?.to_str().ok()?;
        (!text.is_empty()).then(|| text.chars().take(64).collect())
    }
}

/// A reply, with cookies where the handler sets some.
#[derive(Clone, Debug)]
pub struct Answer<R> {
    /// The reply.
    pub reply: R,
    /// Values of `Set-Cookie`.
    pub cookies: Vec<String>,
}

impl<R> From<R> for Answer<R> {
    fn from(reply: R) -> Self {
        Self { reply, cookies: Vec::new() }
    }
}

/// What the mounted endpoints are, for the table of permissions and its test.
#[derive(Clone, Copy, Debug)]
pub struct Mounted {
    /// The operation's name.
    pub name: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the base.
    pub path: &'static str,
    /// Who may call.
    pub access: Access,
}

/// The API as it is built up: routes, document, table.
#[derive(Debug)]
pub struct Api {
    router: Router<AppState>,
    document: openapi::Document,
    mounted: Vec<Mounted>,
}

impl Default for Api {
    fn default() -> Self {
        Self { router: Router::new(), document: openapi::Document::default(), mounted: Vec::new() }
    }
}

impl Api {
    /// Adds a call that answers JSON.
    #[must_use]
    pub fn mount<E, H, F, A>(self, handler: H) -> Self
    where
        E: Endpoint,
        H: Fn(Call<E>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<A, Failure>> + Send + 'static,
        A: Into<Answer<E::Reply>> + Send + 'static,
    {
        self.mount_response::<E, _, _>(move |call| {
            let answer = handler(call);
            async move {
                let Answer { reply, cookies } = answer.await?.into();
                let mut response = if is_empty::<E::Reply>() {
                    StatusCode::NO_CONTENT.into_response()
                } else {
                    json_response(&serde_json::to_vec(&reply).map_err(Failure::internal)?)
                };
                append_cookies(response.headers_mut(), &cookies);
                Ok(response)
            }
        })
    }

    /// Adds a call whose handler makes the response itself: a file, a stream of events.
    #[must_use]
    pub fn mount_response<E, H, F>(mut self, handler: H) -> Self
    where
        E: Endpoint,
        H: Fn(Call<E>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Response, Failure>> + Send + 'static,
    {
        let serve = move |State(state): State<AppState>, request: Request| {
            let handler = handler.clone();
            async move { serve::<E, H, F>(state, request, handler).await.unwrap_or_else(IntoResponse::into_response) }
        };
        let route: MethodRouter<AppState> = on(filter(E::METHOD), serve);
        self.router = self.router.route(&format!("{BASE}{}", E::PATH), route);
        self.document.add::<E>();
        self.mounted.push(Mounted { name: E::NAME, method: E::METHOD, path: E::PATH, access: E::ACCESS });
        self
    }

    /// The routes, the document and the table.
    pub fn finish(self) -> (Router<AppState>, utoipa::openapi::OpenApi, Vec<Mounted>) {
        (self.router, self.document.finish(), self.mounted)
    }
}

async fn serve<E, H, F>(state: AppState, request: Request, handler: H) -> Result<Response, Failure>
where
    E: Endpoint,
    H: Fn(Call<E>) -> F,
    F: Future<Output = Result<Response, Failure>>,
{
    let limit = if E::BODY == Media::File { FILE_LIMIT } else { JSON_LIMIT };
    let (mut parts, identity, bytes) = open(request, E::ACCESS, limit).await?;
    let Path(path) = Path::<E::Path>::from_request_parts(&mut parts, &())
        .await
        .map_err(|_| Failure::new(Code::NotFound, "没有这个地址，请检查链接是否完整"))?;
    let Query(query) = Query::<E::Query>::try_from_uri(&parts.uri)
        .map_err(|error| Failure::new(Code::BadInput, format!("查询参数有误：{error}")))?;
    let call = Call { state, identity, headers: parts.headers, path, query, bytes };
    let mut tries = 1;
    loop {
        match handler(call.clone()).await {
            // The transaction was rolled back whole; running the handler again is running it for the first time.
            Err(Failure::Again(error)) if tries < TRIES => {
                tracing::debug!(%error, tries, "The database asks to repeat a transaction.");
                tokio::time::sleep(std::time::Duration::from_millis(10 << tries)).await;
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

/// The part that is the same for every endpoint: who may, and the bytes.
async fn open(request: Request, access: Access, limit: usize) -> Result<(Parts, Identity, Bytes), Failure> {
    let (parts, body) = request.into_parts();
    let identity = parts.extensions.get::<Identity>().cloned().unwrap_or_default();
    admit(access, identity.caller.as_deref())?;
    let bytes = read(body, limit).await?;
    Ok((parts, identity, bytes))
}

/// Lets a caller in or not, as far as the endpoint alone can tell.
fn admit(access: Access, caller: Option<&Caller>) -> Result<(), Failure> {
    let permissions: &[_] = match access {
        Access::Public => return Ok(()),
        Access::Own | Access::Party => return caller.map(|_| ()).ok_or_else(signed_out),
        Access::May(permission) => &[permission],
        Access::MayEither(one, other) => &[one, other],
    };
    let caller = caller.ok_or_else(signed_out)?;
    if permissions.iter().any(|permission| caller.may_somewhere(*permission)) { Ok(()) } else { Err(not_allowed()) }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Failure> {
    axum::body::to_bytes(body, limit).await.map_err(|_| {
        Failure::new(
            Code::TooLarge,
            format!("内容超过 {} MB 上限，或传输中断；请拆分后再上传", limit.div_ceil(1024 * 1024)),
        )
    })
}

/// Nobody is signed in.
pub fn signed_out() -> Failure {
    Failure::new(Code::SignedOut, "您还没有登录，或登录已失效，请重新登录")
}

/// The caller's roles do not allow it.
pub fn not_allowed() -> Failure {
    Failure::new(Code::NotAllowed, "您没有这项权限；如工作需要，请联系本院政治部")
}

/// JSON bytes as a response that nobody keeps.
pub fn json_response(bytes: &[u8]) -> Response {
    let mut response = bytes.to_vec().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn is_empty<T: 'static>() -> bool {
    TypeId::of::<T>() == TypeId::of::<Empty>()
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Delete => MethodFilter::DELETE,
    }
}
