//! What happened, for those who watch it live.

use tokio::sync::broadcast;
use uuid::Uuid;

/// Something that a watcher wants to know at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody signed in to this lesson.
    SignedIn(Uuid),
}

/// How many events a slow watcher may fall behind before it is told to look for itself.
const BACKLOG: usize = 256;

/// The events of this process. A watcher that misses some looks at the database, which is the truth; so does one whose
/// event happened in another process, at the latest with the next window of the code.
#[derive(Clone, Debug)]
pub struct Events(broadcast::Sender<Event>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Events {
    /// Tells everybody who watches.
    pub fn send(&self, event: Event) {
        // Nobody may be watching; that is no failure.
        let _ = self.0.send(event);
    }

    /// Watches from now on.
    pub fn watch(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
