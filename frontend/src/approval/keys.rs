//! The keys of the approvals page on a desk: J and K move, A approves, R refuses, Enter opens.
//!
//! The place is the browser's own focus, so what a key acts on is always what the ring is drawn around.

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// To the next card.
    Next,
    /// To the one before.
    Previous,
    /// 同意.
    Approve,
    /// 不同意.
    Refuse,
    /// Opens the request.
    Open,
}

impl Command {
    /// The command of a key, by the name that the browser gives it.
    pub fn of(key: &str) -> Option<Self> {
        match key {
            "j" | "J" => Some(Self::Next),
            "k" | "K" => Some(Self::Previous),
            "a" | "A" => Some(Self::Approve),
            "r" | "R" => Some(Self::Refuse),
            "Enter" => Some(Self::Open),
            _ => None,
        }
    }
}

/// The card to move to out of `count`: beside the focused one, or, once the focus is lost because its card was decided
/// on, the one that has taken the `last` place. None where there is no card.
pub fn place_after(command: Command, focused: Option<usize>, last: usize, count: usize) -> Option<usize> {
    let end = count.checked_sub(1)?;
    let place = match (focused, command) {
        (Some(place), Command::Next) => place + 1,
        (Some(place), _) => place.saturating_sub(1),
        (None, _) => last,
    };
    Some(place.min(end))
}

#[cfg(feature = "csr")]
pub use listening::listen;

#[cfg(feature = "csr")]
mod listening {
    use leptos::ev;
    use leptos::prelude::*;
    use uuid::Uuid;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    use super::{Command, place_after};

    /// The fields in which a key is a letter, and what Enter presses by itself.
    const FIELDS: &str = "input, textarea, select, [contenteditable], dialog";
    const PRESSED_BY_ENTER: &str = "a, button, summary";

    /// Listens while the page stands. `ids` are the tasks as they are shown, each a card with the id `task-<uuid>`;
    /// `on_command` gets everything but the moves, with the task whose card has the focus.
    pub fn listen(ids: Signal<Vec<Uuid>>, on_command: Callback<(Command, Uuid)>) {
        let last = StoredValue::new(0);
        let keys = window_event_listener(ev::keydown, move |event| {
            let Some(command) = Command::of(&event.key()) else { return };
            if event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat() && command == Command::Open {
                return;
            }
            let active = document().active_element();
            let within = |selector: &str| active.as_ref().is_some_and(|active| is_within(active, selector));
            if within(FIELDS) || (command == Command::Open && within(PRESSED_BY_ENTER)) {
                return;
            }
            let ids = ids.get_untracked();
            let focused = active.and_then(|active| active.closest(".task").ok().flatten()).map(|card| card.id());
            let focused = ids.iter().position(|id| focused.as_ref() == Some(&card_id(*id)));
            match (command, focused) {
                (Command::Next | Command::Previous, _) => {
                    if let Some(place) = place_after(command, focused, last.get_value(), ids.len()) {
                        last.set_value(place);
                        focus(ids[place]);
                    }
                }
                (_, Some(place)) => {
                    event.prevent_default();
                    on_command.run((command, ids[place]));
                }
                (_, None) => {}
            }
        });
        on_cleanup(move || keys.remove());
    }

    fn is_within(element: &Element, selector: &str) -> bool {
        element.closest(selector).is_ok_and(|found| found.is_some())
    }

    fn card_id(task: Uuid) -> String {
        format!("task-{task}")
    }

    fn focus(task: Uuid) {
        let card = document().get_element_by_id(&card_id(task)).and_then(|card| card.dyn_into::<HtmlElement>().ok());
        if let Some(card) = card {
            // A card that is gone by now has no focus to take.
            card.focus().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_move_reaches_the_first_card_and_the_ends_hold() {
        assert_eq!(place_after(Command::Next, None, 0, 3), Some(0));
        assert_eq!(place_after(Command::Next, Some(0), 0, 3), Some(1));
        assert_eq!(place_after(Command::Next, Some(2), 2, 3), Some(2));
        assert_eq!(place_after(Command::Previous, Some(0), 0, 3), Some(0));
        assert_eq!(place_after(Command::Next, None, 0, 0), None);
    }

    #[test]
    fn after_a_decision_the_next_card_has_the_same_place() {
        assert_eq!(place_after(Command::Next, None, 1, 2), Some(1));
        assert_eq!(place_after(Command::Previous, None, 2, 2), Some(1));
    }

    #[test]
    fn other_keys_are_left_alone() {
        assert_eq!(Command::of("x"), None);
        assert_eq!(Command::of("A"), Some(Command::Approve));
    }
}
