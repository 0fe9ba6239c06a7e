//! The live board: server-sent events, taken up again after a break.
//!
//! The browser's own `EventSource` reconnects at once and all together; a hall of screens would do so in step after
//! a restart of the server. Here the next try waits between one and eight seconds, drawn anew each time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent};

use crate::device;

/// A stream that stays open until it is dropped.
#[derive(Clone)]
pub(super) struct Stream {
    shared: Rc<Shared>,
}

struct Shared {
    url: String,
    event: &'static str,
    open: RefCell<Option<Connection>>,
    closed: Cell<bool>,
    on_data: Box<dyn Fn(String)>,
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
    /// Opens a stream of one kind of event; `on_state` is told whether it is broken.
    pub(super) fn open(
        url: String,
        event: &'static str,
        on_data: impl Fn(String) + 'static,
        on_state: impl Fn(bool) + 'static,
    ) -> Self {
        let shared = Rc::new(Shared {
            url,
            event,
            open: RefCell::new(None),
            closed: Cell::new(false),
            on_data: Box::new(on_data),
            on_state: Box::new(on_state),
        });
        connect(&shared);
        Self { shared }
    }

    /// Closes it for good.
    pub(super) fn close(&self) {
        self.shared.closed.set(true);
        self.shared.open.take();
    }
}

fn connect(shared: &Rc<Shared>) {
    if shared.closed.get() {
        return;
    }
    let Ok(source) = EventSource::new(&shared.url) else {
        later(shared);
        return;
    };
    let own = shared.clone();
    let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            (own.on_state)(false);
            (own.on_data)(text);
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
    source.add_event_listener_with_callback(shared.event, message.as_ref().unchecked_ref()).ok();
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onerror(Some(broken.as_ref().unchecked_ref()));
    shared.open.replace(Some(Connection { source, _message: message, _opened: opened, _broken: broken }));
}

fn later(shared: &Rc<Shared>) {
    let own = Rc::downgrade(shared);
    let wait = 1000 + u64::from(device::draw()) * 7;
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
