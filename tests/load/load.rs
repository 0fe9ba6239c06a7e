//! A load generator that costs little: requests made beforehand, connections kept open, one request on each at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tests::Served;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

/// No measurement takes longer.
const LONGEST: Duration = Duration::from_secs(60);

/// A request as it goes over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Request(Vec<u8>);

impl Request {
    /// A POST with a bearer token and a JSON body.
    pub(crate) fn post(served: &Served, path: &str, token: &str, body: &str) -> Self {
        let text = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            served.address,
            body.len(),
        );
        Self(text.into_bytes())
    }
}

/// What a measurement found.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    /// How long it took from the first request to the last answer.
    pub(crate) lasted: Duration,
    /// How long each request took, shortest first.
    pub(crate) latencies: Vec<Duration>,
}

impl Measured {
    fn new(lasted: Duration, mut latencies: Vec<Duration>) -> Self {
        latencies.sort_unstable();
        Self { lasted, latencies }
    }

    /// Requests answered in a second.
    pub(crate) fn rate(&self) -> u128 {
        u128::from(u64::try_from(self.latencies.len()).unwrap_or(u64::MAX)) * 1_000_000 / self.lasted.as_micros().max(1)
    }

    /// The latency that so many percent of the requests stayed below.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get(last * percent / 100).copied().unwrap_or_default()
    }
}

/// Sends all requests over so many connections that are kept open. Any answer but a success ends the measurement.
pub(crate) async fn run(served: &Served, requests: Vec<Request>, connections: usize) -> Measured {
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let mut opened = Vec::new();
    for _ in 0..connections {
        opened.push(connect(served).await);
    }
    let begin = Instant::now();
    let workers: Vec<_> = opened
        .into_iter()
        .map(|mut connection| {
            let (requests, next) = (requests.clone(), next.clone());
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let sent = Instant::now();
                    exchange(&mut connection, request).await;
                    latencies.push(sent.elapsed());
                }
                latencies
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for worker in workers {
        let part = timeout(LONGEST, worker).await.expect("a measurement ends within a minute");
        latencies.extend(part.expect("a worker does not fail"));
    }
    Measured::new(begin.elapsed(), latencies)
}

/// Opens a connection for each request at the same moment; the latency includes connecting.
pub(crate) async fn herd(served: &Served, requests: Vec<Request>) -> Measured {
    let address = served.address;
    let begin = Instant::now();
    let phones: Vec<_> = requests
        .into_iter()
        .map(|request| {
            tokio::spawn(async move {
                let sent = Instant::now();
                let stream = TcpStream::connect(address).await.expect("the server accepts");
                exchange(&mut BufReader::new(stream), &request).await;
                sent.elapsed()
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for phone in phones {
        latencies
            .push(timeout(LONGEST, phone).await.expect("a herd ends within a minute").expect("a phone does not fail"));
    }
    Measured::new(begin.elapsed(), latencies)
}

async fn connect(served: &Served) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(served.address).await.expect("the server accepts");
    stream.set_nodelay(true).expect("a connected socket takes options");
    BufReader::new(stream)
}

async fn exchange(connection: &mut BufReader<TcpStream>, request: &Request) {
    connection.get_mut().write_all(&request.0).await.expect("the connection holds");
    let mut head = Vec::with_capacity(512);
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.expect("the server answers"));
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    connection.read_exact(&mut body).await.expect("the body is as long as announced");
    let status = head.split_whitespace().nth(1).unwrap_or_default();
    assert!(status.starts_with('2'), "{head}{}", String::from_utf8_lossy(&body));
}
