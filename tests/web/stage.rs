//! The server under the browser journeys: the real router on a real socket, with a tiny province, a class, and a clock
//! that the journey moves.
//!
//! It prints one line of JSON with its address and the people, then obeys lines on its standard input and answers each
//! with one line: `set 2026-11-23 09:40` and `pass 60` move the clock, `board LESSON` and `token 工号` tell what a test
//! needs, `stop` ends it; so does the end of its input. Between commands its clock runs on at the usual pace.

use std::time::Duration;

use app::api::ById;
use app::attendance::api::GetBoard;
use serde_json::{Value, json};
use tests::world::{ADMIN, CLERK, HEAD, HR, PASSWORD, PRESIDENT, TEACHER};
use tests::{Backend, Place, TestApp, at};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, stdin, stdout};

/// How often the clock moves, in milliseconds.
const TICK: u64 = 200;

#[tokio::main]
async fn main() {
    let place = Place::make(Backend::Sqlite).await;
    let app = TestApp::start(&place).await;
    let world = app.world().await;
    let class = app.class(&world, 8, TestApp::DAY).await;
    // The officer of the long journey asks for leave and goes to class.
    app.add_trainee(class.id, CLERK).await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let served = app.serve().await;
    let jobs = server::worker::start(app.state.clone());
    let ticking = tokio::spawn({
        let clock = app.clock.clone();
        async move {
            let mut tick = tokio::time::interval(Duration::from_millis(TICK));
            loop {
                tick.tick().await;
                let next = clock.now().millis() + i64::try_from(TICK).expect("a short time");
                clock.set(app::day::Timestamp::from_millis(next));
            }
        }
    });
    say(&json!({
        "origin": served.origin(),
        "password": PASSWORD,
        "day": TestApp::DAY,
        "clerk": CLERK,
        "head": HEAD,
        "hr": HR,
        "president": PRESIDENT,
        "teacher": TEACHER,
        "admin": ADMIN,
        "class": class.id,
        "lessons": class.lessons,
        "trainees": class.trainees,
    }))
    .await;
    let mut lines = BufReader::new(stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = match words.as_slice() {
            ["set", day, time] => {
                let (hour, minute) = time.split_once(':').expect("a time like 09:40");
                let number = |text: &str| text.parse().expect("a number");
                app.clock.set(at(day, number(hour), number(minute)));
                json!("ok")
            }
            ["pass", seconds] => {
                app.pass(seconds.parse().expect("a number of seconds"));
                json!("ok")
            }
            ["token", number] => Value::String(app.token_of(number).await),
            ["board", lesson] => {
                let id = lesson.parse().expect("the id of a lesson");
                let board =
                    app.client_of(TEACHER).await.get::<GetBoard>(ById { id }).await.expect("the lesson has a board");
                serde_json::to_value(board).expect("wire types are plain data")
            }
            ["stop"] => break,
            _ => json!({ "error": "unknown command" }),
        };
        say(&answer).await;
    }
    ticking.abort();
    jobs.abort();
    drop(served);
    place.remove().await;
}

async fn say(value: &Value) {
    let mut out = stdout();
    out.write_all(format!("{value}\n").as_bytes()).await.expect("somebody listens");
    out.flush().await.expect("somebody listens");
}
