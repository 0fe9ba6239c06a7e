//! The tray: every write that waits or was refused, in words.

use leptos::prelude::*;
use uuid::Uuid;

use super::{Item, ItemState};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Badge, Button, Glyph, Icon, List, Look, Size, Tone};

/// What can be done with an item.
#[derive(Clone, Copy, Debug)]
pub struct Actions {
    /// Drops it.
    pub discard: Callback<Uuid>,
    /// Sends it now.
    pub again: Callback<Uuid>,
}

/// The tray; nothing when there is nothing in it.
pub fn tray(words: Words, items: &[Item], actions: Actions) -> AnyView {
    if items.is_empty() {
        return ().into_any();
    }
    let cells = items.iter().map(|item| cell(words, item, actions)).collect_view();
    view! { <List title=td_string!(words.locale, outbox.title)>{cells}</List> }.into_any()
}

fn cell(words: Words, item: &Item, actions: Actions) -> AnyView {
    let locale = words.locale;
    let id = item.id;
    let what = match item.call.as_str() {
        "rate_lesson" => td_string!(locale, outbox.rate_lesson),
        "submit_leave" => td_string!(locale, outbox.submit_leave),
        _ => td_string!(locale, outbox.other),
    };
    let (tone, state, reason) = match &item.state {
        ItemState::Waiting => {
            (Tone::Warn, td_string!(locale, outbox.waiting), td_string!(locale, outbox.waiting_detail).to_owned())
        }
        ItemState::Stale(problem) => (Tone::Gold, td_string!(locale, outbox.stale), problem.detail.clone()),
        ItemState::Rejected(problem) => {
            let reason = problem.as_ref().map(|problem| problem.detail.clone()).unwrap_or_default();
            (Tone::Bad, td_string!(locale, outbox.rejected), reason)
        }
    };
    let waits = item.state == ItemState::Waiting;
    let again = Callback::new(move |()| actions.again.run(id));
    let discard = Callback::new(move |()| actions.discard.run(id));
    view! {
        <li>
            <div class="cell">
                <span class="cell-icon">
                    <Glyph icon=Icon::Outbox />
                </span>
                <div class="cell-body stack stack-tight">
                    <div class="row row-apart">
                        <span class="cell-title">{what}</span>
                        <Badge tone text=state />
                    </div>
                    <span class="cell-note">{reason}</span>
                    <span class="cell-note">{td_string!(locale, outbox.made, time = words.moment(item.queued_at))}</span>
                    <div class="row">
                        {waits
                            .then(|| {
                                view! {
                                    <Button look=Look::Secondary size=Size::Small icon=Icon::Retry on_press=again>
                                        {td_string!(locale, outbox.again)}
                                    </Button>
                                }
                            })}
                        <Button look=Look::Ghost size=Size::Small on_press=discard>
                            {if waits { td_string!(locale, outbox.discard) } else { td_string!(locale, outbox.noted) }}
                        </Button>
                    </div>
                </div>
            </div>
        </li>
    }
    .into_any()
}
