//! The typed client: the same endpoints that the server mounts and the phone calls.

use app::api::{Empty, Endpoint, Problem, url};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use server::state::AppState;
use tower::ServiceExt;
use uuid::Uuid;

/// The largest answer a test reads.
const ANSWER_LIMIT: usize = 64 * 1024 * 1024;

#[derive(Clone, Debug)]
enum Transport {
    Router(Router),
    Socket { origin: String, http: reqwest::Client },
}

/// Calls a server, through the router or a socket. Clones share nothing but the server.
#[derive(Clone, Debug)]
pub struct Client {
    transport: Transport,
    headers: HeaderMap,
    /// A session whose access token is renewed for each request, as a phone does before it runs out.
    session: Option<(AppState, Uuid)>,
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Bytes,
}

impl Answered {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text()))
    }

    /// The body as a problem.
    pub fn problem(&self) -> Problem {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no problem: {} {}", self.status, self.text()))
    }

    /// The values of `Set-Cookie`.
    pub fn cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(header::SET_COOKIE).iter();
        values.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
    }
}

impl Client {
    pub(crate) fn on_router(router: Router) -> Self {
        // A router sees no connection; what a browser on the machine itself would send stands here.
        Self { transport: Transport::Router(router), headers: HeaderMap::new(), session: None }
            .with_header("host", "127.0.0.1:8080")
    }

    pub(crate) fn on_socket(origin: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client without TLS can always be built");
        Self {
            transport: Transport::Socket { origin: origin.to_owned(), http },
            headers: HeaderMap::new(),
            session: None,
        }
    }

    /// The same client with a header in every request; it replaces one of the same name.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("the test names a header");
        self.headers.insert(name, HeaderValue::from_str(value).expect("the test gives a header's value"));
        self
    }

    /// The same client, signed in by an access token.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        self.with_header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn in_session(mut self, state: &AppState, session: Uuid) -> Self {
        self.session = Some((state.clone(), session));
        self
    }

    /// The same client, carrying the cookies of an answer and no others.
    #[must_use]
    pub fn with_cookies_of(self, answer: &Answered) -> Self {
        let pairs = answer.cookies();
        let pairs: Vec<&str> = pairs.iter().filter_map(|cookie| cookie.split(';').next()).collect();
        self.with_header("cookie", &pairs.join("; "))
    }

    /// The same client on another device.
    #[must_use]
    pub fn with_device(self, key: &str) -> Self {
        self.with_header("x-device", key)
    }

    /// Makes a call.
    ///
    /// # Errors
    /// The problem that the server answers with.
    pub async fn call<E: Endpoint>(&self, path: E::Path, query: E::Query, body: E::Body) -> Result<E::Reply, Problem> {
        let answer = self.raw::<E>(&path, &query, &body).await;
        if !answer.status.is_success() {
            return Err(answer.problem());
        }
        let bytes: &[u8] = if answer.status == StatusCode::NO_CONTENT { b"{}" } else { &answer.bytes };
        Ok(serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{}: {error}: {}", E::NAME, answer.text())))
    }

    /// Makes a call that has only a path.
    ///
    /// # Errors
    /// The problem that the server answers with.
    pub async fn get<E: Endpoint<Query = Empty, Body = Empty>>(&self, path: E::Path) -> Result<E::Reply, Problem> {
        self.call::<E>(path, Empty {}, Empty {}).await
    }

    /// Makes a call that has a path and a body.
    ///
    /// # Errors
    /// The problem that the server answers with.
    pub async fn post<E: Endpoint<Query = Empty>>(&self, path: E::Path, body: E::Body) -> Result<E::Reply, Problem> {
        self.call::<E>(path, Empty {}, body).await
    }

    /// Makes a call that has only a body.
    ///
    /// # Errors
    /// The problem that the server answers with.
    pub async fn send<E: Endpoint<Path = Empty, Query = Empty>>(&self, body: E::Body) -> Result<E::Reply, Problem> {
        self.call::<E>(Empty {}, Empty {}, body).await
    }

    /// Makes a call and gives the answer as it came.
    pub async fn raw<E: Endpoint>(&self, path: &E::Path, query: &E::Query, body: &E::Body) -> Answered {
        let method = Method::from_bytes(E::METHOD.as_str().as_bytes()).expect("the endpoint names a method");
        let body = serde_json::to_vec(body).expect("wire types are plain data");
        let body = if method == Method::GET { Vec::new() } else { body };
        self.request(method, &url::<E>(path, query), "application/json", body).await
    }

    /// Fetches an address.
    pub async fn fetch(&self, path: &str) -> Answered {
        self.request(Method::GET, path, "", Vec::new()).await
    }

    /// Sends a form as a page does.
    pub async fn submit_form(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", app::api::percent(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.request(Method::POST, path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Sends a request and gives the answer as it came.
    pub async fn request(&self, method: Method, path: &str, content_type: &str, body: Vec<u8>) -> Answered {
        let mut headers = self.headers.clone();
        if let Some((state, session)) = &self.session {
            let token = server::session::access_token(state, *session).expect("a token can be signed");
            let value = HeaderValue::from_str(&format!("Bearer {token}")).expect("a token is plain ASCII");
            headers.insert(header::AUTHORIZATION, value);
        }
        if !content_type.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).expect("a plain content type"));
        }
        match &self.transport {
            Transport::Router(router) => {
                let mut request = Request::new(Body::from(body));
                *request.method_mut() = method;
                *request.uri_mut() = path.parse().unwrap_or_else(|_| panic!("no address: {path}"));
                *request.headers_mut() = headers;
                let response = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
                let (parts, body) = response.into_parts();
                let body = if is_endless(&parts.headers) { Body::empty() } else { body };
                let bytes = to_bytes(body, ANSWER_LIMIT).await.expect("the server finishes its answer");
                Answered { status: parts.status, headers: parts.headers, bytes }
            }
            Transport::Socket { origin, http } => {
                let request = http.request(method, format!("{origin}{path}")).headers(headers).body(body);
                let response = request.send().await.expect("the server answers on its socket");
                let (status, headers) = (response.status(), response.headers().clone());
                let bytes = if is_endless(&headers) { Ok(Bytes::new()) } else { response.bytes().await };
                Answered { status, headers, bytes: bytes.expect("the server finishes its answer") }
            }
        }
    }
}

/// A stream of events has no end that a test could wait for; only its beginning is looked at.
fn is_endless(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}
