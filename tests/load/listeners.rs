//! What 2,000 phones cost that only listen for notices: memory on an idle server, and how long news takes.

use std::time::Duration;

use app::api::BASE;
use app::notice::rules::{News, NoticeKind};
use server::notice::{Subject, send};
use tests::{Backend, Place, Served, TestApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// Phones that listen, each of an officer of its own.
const LISTENERS: usize = 2000;
/// The memory that they may cost.
const BUDGET_MB: u64 = 150;
/// No answer takes longer.
const LONGEST: Duration = Duration::from_secs(60);

/// Opens the streams over sockets and prints what they cost. Both ends are in this process, so the phones' half is
/// counted as well.
pub(crate) async fn measure() {
    let place = Place::make(Backend::Sqlite).await;
    let app = TestApp::start(&place).await;
    println!("listeners: making {LISTENERS} officers");
    let class = app.class(&app.world().await, LISTENERS, TestApp::DAY).await;
    let tokens = app.tokens_of(&class.trainees).await;
    let served = app.serve().await;
    // The first one brings up what all of them share.
    let mut phones = vec![listen(&served, &tokens[0]).await];
    let before = resident();
    let begin = Instant::now();
    for token in &tokens[1..] {
        phones.push(listen(&served, token).await);
    }
    let opened = begin.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    match (before, resident()) {
        (Some(before), Some(after)) => {
            let grown = after.saturating_sub(before);
            println!(
                "listeners: {LISTENERS} idle streams, opened in {:.1} s, cost {:.1} MB ({:.1} KB each); the whole \
                 process has {:.1} MB of {BUDGET_MB}",
                opened.as_secs_f64(),
                megabytes(grown),
                megabytes(grown) * 1000.0 / LISTENERS as f64,
                megabytes(after),
            );
        }
        _ => println!("listeners: this system does not tell how much memory a process has"),
    }

    let begin = Instant::now();
    tell(&app, &[app.officer(&class.trainees[0]).await.id]).await;
    heard(&mut phones[0]).await;
    println!("listeners: one notice arrived after {:.1} ms", begin.elapsed().as_secs_f64() * 1000.0);

    let mut everybody = Vec::new();
    for number in &class.trainees {
        everybody.push(app.officer(number).await.id);
    }
    let begin = Instant::now();
    tell(&app, &everybody).await;
    let written = begin.elapsed();
    for phone in &mut phones {
        heard(phone).await;
    }
    println!(
        "listeners: a notice to all {LISTENERS} was written in {:.2} s and had arrived everywhere after {:.2} s",
        written.as_secs_f64(),
        begin.elapsed().as_secs_f64(),
    );
    drop(phones);
    place.remove().await;
}

/// Opens a stream and waits for its first event.
async fn listen(served: &Served, token: &str) -> TcpStream {
    let mut phone = TcpStream::connect(served.address).await.expect("the system gives sockets; see ulimit -n");
    let request = format!(
        "GET {BASE}/notices/watch HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n",
        served.address,
    );
    phone.write_all(request.as_bytes()).await.expect("the connection holds");
    heard(&mut phone).await;
    phone
}

/// Reads until an event has come in.
async fn heard(phone: &mut TcpStream) {
    let mut text = String::new();
    let mut part = [0; 1024];
    while !text.contains("event: notice") {
        let length = timeout(LONGEST, phone.read(&mut part)).await.expect("in time").expect("the connection holds");
        assert!(length > 0, "the server ended the stream: {text}");
        text.push_str(&String::from_utf8_lossy(&part[..length]));
    }
}

async fn tell(app: &TestApp, officers: &[Uuid]) {
    let tx = app.state.database.begin().await.expect("the database answers");
    let subject = Subject { kind: "leave", id: Uuid::new_v4(), number: "" };
    let news = officers.iter().map(|officer| News { officer: *officer, kind: NoticeKind::Copied, actor: None });
    send(&tx, &app.clock, subject, news).await.expect("a notice is written");
    tx.commit().await.expect("the database answers");
}

/// The memory of this process that is not swapped out, in bytes, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
