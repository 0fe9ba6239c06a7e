//! The queue of sign-ins: whatever is waiting is committed together, and only then answered.
//!
//! A class signs in within seconds, and a commit costs a sync of the disk; so a writer task takes all that waits, judges
//! each on what it reads inside the transaction, commits once, and answers. The number of statements does not depend on
//! how many wait. One refusal never touches its neighbours; a commit that fails is answered 503 to every one of them,
//! and sending again is safe.
//!
//! Every attempt leaves a row in `attendance_attempt`, refused ones too, with who, when, how and the result: that log is
//! the audit trail of sign-ins, so they leave no further audit rows.

use std::time::Duration;

use app::api::Code;
use app::attendance::api::SignedIn;
use app::attendance::rules::Evidence;
use app::day::{Timestamp, Zone};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::attendance::batch;
use crate::clock::Clock;
use crate::database::Database;
use crate::error::Failure;

/// The most sign-ins of one commit.
const BATCH: usize = 512;
/// How many may wait; beyond that a caller waits before he is put in line.
const WAITING: usize = 8192;
/// How often a transaction that the database wants repeated is repeated.
const TRIES: u32 = 5;

/// How a code came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Typed.
    Typed,
    /// The link of the QR code, sent by the app.
    Link,
    /// The claim of the plain page.
    Claim,
    /// Nothing at all, or nothing that can be read.
    Nothing,
}

impl Source {
    /// The name as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Link => "link",
            Self::Claim => "claim",
            Self::Nothing => "nothing",
        }
    }
}

/// Somebody tries to sign in.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The officer's id.
    pub officer: Uuid,
    /// The officer's name, for the answer.
    pub name: String,
    /// The lesson, as far as it could be found out.
    pub lesson: Option<Uuid>,
    /// What the code is worth.
    pub evidence: Evidence,
    /// How it came in.
    pub source: Source,
    /// The caller's id of the attempt.
    pub nonce: Uuid,
    /// The device, where it names itself.
    pub device: Option<String>,
    /// When the server received it.
    pub received_at: Timestamp,
    /// When the phone says it scanned; kept, never judged by.
    pub scanned_at: Option<Timestamp>,
}

struct Waiting {
    attempt: Attempt,
    answer: oneshot::Sender<Result<SignedIn, Failure>>,
}

/// Where sign-ins are put in line.
#[derive(Clone, Debug)]
pub struct SignInQueue(mpsc::Sender<Waiting>);

impl SignInQueue {
    /// Starts the writer task. It ends when the last copy of the queue is dropped, after what was waiting.
    pub fn start(database: Database, clock: Clock, zone: Zone) -> Self {
        let (line, waiting) = mpsc::channel(WAITING);
        tokio::spawn(run(Writer { database, clock, zone }, waiting));
        Self(line)
    }

    /// Signs in, and answers after the commit.
    ///
    /// # Errors
    /// What [`app::attendance::rules::judge`] refuses, [`Code::SlowDown`] after too many wrong typed codes,
    /// [`Code::IdReused`] for a nonce of another lesson, [`Code::Unavailable`] when nothing could be committed.
    pub async fn sign_in(&self, attempt: Attempt) -> Result<SignedIn, Failure> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Waiting { attempt, answer }).await.map_err(|_| unavailable())?;
        answered.await.unwrap_or_else(|_| Err(unavailable()))
    }
}

fn unavailable() -> Failure {
    Failure::new(Code::Unavailable, "系统繁忙，签到没有生效，请稍后再试；重复提交不会重复签到")
}

async fn run(writer: Writer, mut waiting: mpsc::Receiver<Waiting>) {
    let mut taken = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut taken, BATCH).await > 0 {
        let (attempts, callers): (Vec<_>, Vec<_>) =
            taken.drain(..).map(|Waiting { attempt, answer }| (attempt, answer)).unzip();
        let writer = writer.clone();
        // A task of its own: whatever goes wrong with a batch, the queue goes on, and its callers hear 503.
        let served = tokio::spawn(async move {
            for (caller, answer) in callers.into_iter().zip(writer.serve(&attempts).await) {
                // Who hung up meanwhile is signed in all the same and learns it by sending again.
                let _ = caller.send(answer);
            }
        });
        if let Err(error) = served.await {
            tracing::error!(%error, "A batch of sign-ins broke off.");
        }
    }
}

#[derive(Clone, Debug)]
struct Writer {
    database: Database,
    clock: Clock,
    zone: Zone,
}

impl Writer {
    async fn serve(&self, attempts: &[Attempt]) -> Vec<Result<SignedIn, Failure>> {
        match self.commit(attempts).await {
            Ok(answers) => answers,
            // Something in the batch cannot be stored at all: each by itself, so that only that one fails.
            Err(Failure::Internal(error)) if attempts.len() > 1 => {
                tracing::error!(%error, size = attempts.len(), "A batch of sign-ins failed; trying each by itself.");
                let mut answers = Vec::with_capacity(attempts.len());
                for attempt in attempts {
                    match self.commit(std::slice::from_ref(attempt)).await {
                        Ok(mut one) => answers.append(&mut one),
                        Err(failure) => answers.push(Err(reported(&failure))),
                    }
                }
                answers
            }
            Err(failure) => attempts.iter().map(|_| Err(reported(&failure))).collect(),
        }
    }

    async fn commit(&self, attempts: &[Attempt]) -> Result<Vec<Result<SignedIn, Failure>>, Failure> {
        let mut tries = 1;
        loop {
            match batch::commit(&self.database, &self.clock, self.zone, attempts).await {
                Ok(answers) => return Ok(answers),
                Err(Failure::Again(error)) if tries < TRIES => {
                    tracing::debug!(%error, tries, "The database asks to repeat a batch of sign-ins.");
                    tokio::time::sleep(Duration::from_millis(5 << tries)).await;
                    tries += 1;
                }
                Err(failure) => return Err(failure),
            }
        }
    }
}

/// The same refusal for everybody in a batch; the reason goes to the log.
fn reported(failure: &Failure) -> Failure {
    tracing::error!(%failure, "Sign-ins were not committed.");
    unavailable()
}
