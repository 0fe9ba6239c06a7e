//! Server-sent events, taken up again after a break.
//!
//! The browser's own `EventSource` reconnects at once and all together; a hall of screens, or every phone of a court,
//! would do so in step after a restart of the server. Here the next try waits between one and eight seconds, drawn anew
//! each time, and twice as long after each failure for streams that nobody looks at second by second.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent};

use crate::device;

/// What is watched.
pub(crate) struct Source {
    /// Where, asked anew at each try: it may say from where to go on.
    pub(crate) url: Box<dyn Fn() -> String>,
    /// The kind of event.
    pub(crate) event: &'static str,
    /// How many failures in a row make the wait twice as long each.
    pub(crate) doublings: u32,
}

/// A message of a stream.
pub(crate) struct Message {
    /// What it says.
    pub(crate) text: String,
    /// Its id; empty when it has none.
    pub(crate) id: String,
}

/// A stream that stays open until it is closed.
#[derive(Clone)]
pub(crate) struct Stream {
    shared: Rc<Shared>,
}

struct Shared {
    source: Source,
    open: RefCell<Option<Connection>>,
    closed: Cell<bool>,
    /// How many tries have failed since the last message.
    failures: Cell<u32>,
    on_message: Box<dyn Fn(Message)>,
    on_state: Box<dyn Fn(bool)>,
}

/// The closures live as long as the source that calls them.
struct Connection {
    source: EventSource,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _opened: Closure<dyn FnMut()>,
    _broken: Closure<dyn FnMut()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

impl Stream {
    /// Opens a stream; `on_state` is told whether it is broken.
    pub(crate) fn open(
        source: Source,
        on_message: impl Fn(Message) + 'static,
        on_state: impl Fn(bool) + 'static,
    ) -> Self {
        let shared = Rc::new(Shared {
            source,
            open: RefCell::new(None),
            closed: Cell::new(false),
            failures: Cell::new(0),
            on_message: Box::new(on_message),
            on_state: Box::new(on_state),
        });
        connect(&shared);
        Self { shared }
    }

    /// Closes it for good.
    pub(crate) fn close(&self) {
        self.shared.closed.set(true);
        self.shared.open.take();
    }
}

fn connect(shared: &Rc<Shared>) {
    if shared.closed.get() {
        return;
    }
    let Ok(source) = EventSource::new(&(shared.source.url)()) else {
        later(shared);
        return;
    };
    let own = shared.clone();
    let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            own.failures.set(0);
            (own.on_state)(false);
            (own.on_message)(Message { text, id: event.last_event_id() });
        }
    });
    let own = shared.clone();
    let opened = Closure::<dyn FnMut()>::new(move || (own.on_state)(false));
    let own = Rc::downgrade(shared);
    let broken = Closure::<dyn FnMut()>::new(move || {
        let Some(own) = own.upgrade() else { return };
        (own.on_state)(true);
        later(&own);
    });
    // Listening to an event of a source that was just made cannot fail.
    source.add_event_listener_with_callback(shared.source.event, message.as_ref().unchecked_ref()).ok();
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onerror(Some(broken.as_ref().unchecked_ref()));
    shared.open.replace(Some(Connection { source, _message: message, _opened: opened, _broken: broken }));
}

fn later(shared: &Rc<Shared>) {
    let own = Rc::downgrade(shared);
    let failures = shared.failures.get();
    shared.failures.set(failures.saturating_add(1));
    let wait = (1000 + u64::from(device::draw()) * 7) << failures.min(shared.source.doublings);
    set_timeout(
        move || {
            if let Some(own) = own.upgrade() {
                // The old connection goes here, never inside its own callback.
                own.open.take();
                connect(&own);
            }
        },
        Duration::from_millis(wait),
    );
    if let Some(connection) = shared.open.borrow().as_ref() {
        connection.source.close();
    }
}
