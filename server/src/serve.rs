//! Listening: plain http on loopback or behind a proxy, or TLS by the binary itself.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use tokio::net::TcpSocket;

use crate::error::Failure;
use crate::router;
use crate::state::AppState;
use crate::worker;

/// How the binary serves TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all.
    Off,
    /// With a certificate that it signs itself and keeps in the data folder; phones ask once whether to trust it.
    SelfSigned,
    /// With a certificate and a key from PEM files.
    Files {
        /// The certificate chain.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

/// How many connections may wait to be accepted. The system's usual 128 overflows when a class of 250 opens the page
/// within a second, and the overflow waits a whole second for its resend.
const BACKLOG: u32 = 4096;

/// How long a request may go on after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until the process is asked to stop, then lets the running requests finish.
///
/// # Errors
/// The address cannot be listened on, or the certificate cannot be read or made.
pub async fn serve(
    mut state: AppState,
    listen: SocketAddr,
    tls: &Tls,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    state.tls = *tls != Tls::Off;
    let listener = bind(listen).map_err(|error| {
        Failure::internal(format!("cannot listen on {listen}: {error}; choose another address with --listen"))
    })?;
    let address = listener.local_addr().map_err(Failure::internal)?;
    let handle = axum_server::Handle::new();
    tokio::spawn({
        let handle = handle.clone();
        async move {
            asked_to_stop().await;
            tracing::info!("Stopping: running requests may finish.");
            handle.graceful_shutdown(Some(GRACE));
        }
    });
    let jobs = worker::start(state.clone());
    let service = router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    ready(address);
    let outcome = match certificate(tls, &state.config.data).await? {
        None => axum_server::from_tcp(listener).map_err(Failure::internal)?.handle(handle).serve(service).await,
        Some(config) => {
            axum_server::from_tcp_rustls(listener, config)
                .map_err(Failure::internal)?
                .handle(handle)
                .serve(service)
                .await
        }
    };
    jobs.abort();
    state.database.clone().close().await;
    outcome.map_err(Failure::internal)
}

fn bind(address: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

async fn certificate(tls: &Tls, data: &Path) -> Result<Option<RustlsConfig>, Failure> {
    let (certificate, key) = match tls {
        Tls::Off => return Ok(None),
        Tls::Files { certificate, key } => (certificate.clone(), key.clone()),
        Tls::SelfSigned => self_signed(data).map_err(Failure::internal)?,
    };
    // The process has one crypto provider; a second call finds it in place.
    let _ = rustls::crypto::ring::default_provider().install_default();
    RustlsConfig::from_pem_file(&certificate, &key)
        .await
        .map(Some)
        .map_err(|error| Failure::internal(format!("{} and {}: {error}", certificate.display(), key.display())))
}

fn self_signed(data: &Path) -> std::io::Result<(PathBuf, PathBuf)> {
    let (certificate, key) = (data.join("tls-certificate.pem"), data.join("tls-key.pem"));
    if !(certificate.exists() && key.exists()) {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "fingertip.local".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).map_err(std::io::Error::other)?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        std::io::Write::write_all(&mut options.open(&key)?, made.signing_key.serialize_pem().as_bytes())?;
        std::fs::write(&certificate, made.cert.pem())?;
    }
    Ok((certificate, key))
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(error) => {
                    tracing::warn!(%error, "SIGTERM cannot be watched; the server stops at an interrupt only.");
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::select! {
            _ = interrupt => {}
            () = terminate => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
