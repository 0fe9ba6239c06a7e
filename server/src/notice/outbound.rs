//! Requests that leave the house: short, bounded, to addresses that an administrator typed.
//!
//! The court's own network may be reached; that is what webhooks are for. Never reached, whatever a name resolves to,
//! are link-local addresses and the few others under which clouds hand out credentials to the machine. No redirect is
//! followed: it would lead to an address that nobody typed.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a request may take from its beginning to the end of the answer.
pub(super) const WHOLE: Duration = Duration::from_secs(10);
/// How much of an answer is read.
const ANSWER_LIMIT: usize = 16 * 1024;
/// How long a connection waits for another request.
const IDLE: Duration = Duration::from_secs(30);

type Http = Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>;

/// The HTTP client of this process; it reads the system's certificates when it is first used.
#[derive(Clone, Default)]
pub struct Outbound(Arc<OnceLock<Http>>);

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outbound")
    }
}

/// What the other side answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The seconds after which it wants to be asked again (`Retry-After`; a date there is not read).
    pub retry_after: Option<i64>,
    /// The body; empty when it was too long.
    pub body: Bytes,
}

impl Outbound {
    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// In Chinese, for administrators: what failed on the way. The address is not repeated, it may hold a key.
    pub(super) async fn send(&self, mut request: Request<Bytes>) -> Result<Answer, String> {
        let agent = HeaderValue::from_static(concat!("fingertip/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(header::USER_AGENT, agent);
        let http = self.0.get_or_init(client);
        let exchange = async {
            let response = http.request(request.map(Full::new)).await.map_err(|error| innermost(&error))?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, ANSWER_LIMIT).collect().await;
            let retry_after =
                parts.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            Ok::<_, String>(Answer { status: parts.status, retry_after, body })
        };
        match tokio::time::timeout(WHOLE, exchange).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(format!("连接失败：{error}")),
            Err(_) => Err(format!("{} 秒内没有答复", WHOLE.as_secs())),
        }
    }
}

/// TLS as this process speaks it to others: with the system's certificates, over ring.
pub(crate) fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    let (_, ignored) = roots.add_parsable_certificates(system.certs);
    if roots.is_empty() {
        tracing::warn!(ignored, errors = ?system.errors, "The system has no certificates; https leads nowhere.");
    }
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn client() -> Http {
    let mut tcp = HttpConnector::new_with_resolver(Resolver);
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(CONNECT));
    let connector =
        HttpsConnectorBuilder::new().with_tls_config(tls()).https_or_http().enable_http1().wrap_connector(tcp);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(2)
        .build(connector)
}

/// The error at the bottom says what happened; those above it say that something did.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Reads an address of http or https that may be asked.
///
/// # Errors
/// What is wrong with it, in Chinese.
pub(super) fn read_address(text: &str) -> Result<Uri, &'static str> {
    let uri: Uri = text.parse().map_err(|_| "地址无法识别，请填写完整的 https:// 地址")?;
    if !matches!(uri.scheme_str(), Some("https" | "http")) {
        return Err("地址必须以 https:// 或 http:// 开头");
    }
    let authority = uri.authority().ok_or("地址缺少主机名")?;
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return Err("地址中不能带用户名，且必须有主机名");
    }
    if literal(authority.host()).is_some_and(is_reserved) {
        return Err("不能使用本地链路或云平台元数据地址");
    }
    Ok(uri)
}

/// The IP address that a host is written as.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// The addresses of a host that may be reached.
///
/// # Errors
/// The name is unknown, or leads only where nothing may go.
pub(super) async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
    let allowed: Vec<SocketAddr> = found.into_iter().filter(|address| !is_reserved(address.ip())).collect();
    if allowed.is_empty() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "主机名指向本地链路或云平台元数据地址"));
    }
    Ok(allowed)
}

/// Where nothing is ever sent: link-local, unspecified and multicast addresses, and the two metadata services that are
/// not link-local (Alibaba Cloud 100.100.100.200, AWS fd00:ec2::254).
fn is_reserved(address: IpAddr) -> bool {
    let v4 = |address: Ipv4Addr| {
        address.is_link_local()
            || address.is_unspecified()
            || address.is_multicast()
            || address.is_broadcast()
            || address == Ipv4Addr::new(100, 100, 100, 200)
    };
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => {
            address.is_unicast_link_local()
                || address.is_unspecified()
                || address.is_multicast()
                || address == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
                || address.to_ipv4_mapped().is_some_and(v4)
        }
    }
}

/// Looks names up as the system does, and leaves out what is reserved: a name can be made to point anywhere.
#[derive(Clone, Copy, Debug)]
struct Resolver;

impl tower::Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move { Ok(resolve(name.as_str(), 0).await?.into_iter()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_house_may_be_asked() {
        for good in
            ["https://hooks.court.example/in?key=1", "http://10.1.2.3:8080/x", "http://127.0.0.1:9", "http://[::1]:9/"]
        {
            assert!(read_address(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn metadata_services_may_not() {
        for bad in [
            "http://169.254.169.254/latest/meta-data",
            "http://[::ffff:169.254.169.254]/",
            "http://100.100.100.200/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://0.0.0.0/",
            "https://user@court.example/",
            "ftp://court.example/",
            "court.example",
            "/path",
            "",
            "https://",
        ] {
            assert!(read_address(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_number_in_disguise_is_found_out_when_it_is_looked_up() {
        // Most systems read 0xA9FEA9FE as 169.254.169.254; the others know no such name.
        assert!(resolve("0xA9FEA9FE", 80).await.is_err());
        assert!(
            resolve("169.254.169.254", 80).await.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
        );
        assert!(resolve("127.0.0.1", 80).await.is_ok());
    }
}
