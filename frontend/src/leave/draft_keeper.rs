//! Keeps what is typed into a new form as a draft on the server: a moment after each change, and when the page is left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::api::{ById, Code, Empty};
use app::leave::api::{DeleteLeaveDraft, LeaveDraft, LeaveDraftContent, SaveDraft, SaveLeaveDraft};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

use super::draft_view::{DraftStatus, LineActions, draft_line};
use super::form::LeaveForm;
use crate::i18n::td_string;
use crate::kit::Tone;
use crate::load::{complain, new_id, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// How long it waits after the last change.
const SETTLE: Duration = Duration::from_millis(800);

/// How long it waits before it tries again without a network.
const AGAIN: Duration = Duration::from_secs(15);

/// The draft of one form. Clones are the same one.
#[derive(Clone)]
pub(super) struct Keeper {
    state: AppState,
    form: LeaveForm,
    /// The draft's id, and the request's once it is submitted.
    pub(super) id: RwSignal<Uuid>,
    status: RwSignal<DraftStatus>,
    // Outlives the page's signals: the last save is sent when the page is gone.
    kept: Arc<Mutex<Kept>>,
}

struct Kept {
    id: Uuid,
    /// The version that the server has; 0 where it has none.
    version: i64,
    /// What needs no saving: what the server has, or the form as it came up.
    saved: LeaveDraftContent,
    /// What was sent and not answered; the server may have any of it all the same.
    unanswered: Vec<LeaveDraftContent>,
    /// What the form holds.
    latest: LeaveDraftContent,
    is_busy: bool,
    /// It is being submitted, or a person has to choose first.
    is_paused: bool,
    /// Without a network it is tried again in a while.
    is_waiting: bool,
    /// The last words of another draft that gave way to this one while it was being saved: its id and content.
    left: Option<(Uuid, LeaveDraftContent)>,
}

impl Kept {
    /// What the server has of a draft under a version, as it stands in the form.
    fn new(id: Uuid, version: i64, content: LeaveDraftContent) -> Self {
        let (saved, latest) = (content.clone(), content);
        Self {
            id,
            version,
            saved,
            unanswered: Vec::new(),
            latest,
            is_busy: false,
            is_paused: false,
            is_waiting: false,
            left: None,
        }
    }

    fn is_dirty(&self) -> bool {
        self.latest != self.saved
    }
}

impl Keeper {
    /// Begins to watch a form that has just come up.
    pub(super) fn new(state: AppState, form: LeaveForm) -> Self {
        let (id, latest) = (new_id(), untrack(|| form.draft()));
        let kept = Kept::new(id, 0, latest);
        let keeper = Self {
            state,
            form,
            id: RwSignal::new(id),
            status: RwSignal::new(DraftStatus::Untouched),
            kept: Arc::new(Mutex::new(kept)),
        };
        keeper.watch();
        keeper
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing that holds it can leave it half written.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let keeper = self.clone();
        Effect::new(move |_| keeper.changed(keeper.form.draft()));
        let keeper = self.clone();
        let front = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                keeper.save();
            }
        });
        let keeper = self.clone();
        let network = window_event_listener(ev::online, move |_| keeper.save());
        let keeper = self.clone();
        on_cleanup(move || {
            front.remove();
            network.remove();
            keeper.save();
        });
    }

    fn changed(&self, now: LeaveDraftContent) {
        let (is_dirty, has_version) = {
            let mut kept = self.kept();
            kept.latest = now.clone();
            if kept.is_paused {
                return;
            }
            (kept.is_dirty(), kept.version > 0)
        };
        if !is_dirty {
            self.status.try_set(if has_version { DraftStatus::Saved } else { DraftStatus::Untouched });
            return;
        }
        self.status.try_set(DraftStatus::Unsaved);
        let keeper = self.clone();
        let settled = move || {
            let is_latest = keeper.kept().latest == now;
            if is_latest {
                keeper.save();
            }
        };
        set_timeout(settled, SETTLE);
    }

    /// Sends what is not saved yet, unless something is on its way already: then its answer sends the rest.
    fn save(&self) {
        let (id, body) = {
            let mut kept = self.kept();
            if kept.is_busy || kept.is_paused || !kept.is_dirty() {
                return;
            }
            kept.is_busy = true;
            (kept.id, SaveDraft { version: kept.version, content: kept.latest.clone() })
        };
        self.status.try_set(DraftStatus::Saving);
        let keeper = self.clone();
        spawn_local(async move {
            let answer = net::call::<SaveLeaveDraft>(&ById { id }, &Empty {}, &body).await;
            keeper.answered(id, body.content, answer);
        });
    }

    fn answered(&self, id: Uuid, sent: LeaveDraftContent, answer: Result<LeaveDraft, Failure>) {
        let mut kept = self.kept();
        if kept.id != id {
            let left = kept.left.take_if(|(left, _)| *left == id);
            drop(kept);
            if let (Some((_, content)), Ok(draft)) = (left, answer) {
                let body = SaveDraft { version: draft.version, content };
                // The form shows another draft by now: there is nothing to say about this one.
                spawn_local(async move { drop(net::call::<SaveLeaveDraft>(&ById { id }, &Empty {}, &body).await) });
            }
            return;
        }
        kept.is_busy = false;
        let status = match answer {
            Ok(draft) => {
                (kept.version, kept.saved, kept.unanswered) = (draft.version, sent, Vec::new());
                if kept.is_dirty() { DraftStatus::Unsaved } else { DraftStatus::Saved }
            }
            Err(Failure::Problem(problem)) => match winner::<LeaveDraft>(&problem) {
                // The answer to an earlier one was lost on the way: it is this phone's own.
                Some(theirs) if kept.unanswered.contains(&theirs.content) => {
                    (kept.version, kept.saved, kept.unanswered) = (theirs.version, theirs.content, Vec::new());
                    DraftStatus::Unsaved
                }
                Some(theirs) => {
                    kept.is_paused = true;
                    DraftStatus::Conflict(Box::new(theirs))
                }
                None => {
                    // Discarded on another device: what is typed from here on is a draft anew, under the same id.
                    if problem.code == Code::NotFound {
                        (kept.version, kept.saved) = (0, sent);
                    }
                    DraftStatus::Refused(problem.detail)
                }
            },
            Err(Failure::Offline) => {
                if !kept.unanswered.contains(&sent) {
                    kept.unanswered.push(sent);
                }
                if !std::mem::replace(&mut kept.is_waiting, true) {
                    let keeper = self.clone();
                    let again = move || {
                        keeper.kept().is_waiting = false;
                        keeper.save();
                    };
                    set_timeout(again, AGAIN);
                }
                DraftStatus::Offline
            }
            Err(Failure::SignedOut) => return,
        };
        let (goes_on, is_paused) = (status == DraftStatus::Unsaved, kept.is_paused);
        drop(kept);
        if !is_paused || matches!(status, DraftStatus::Conflict(_)) {
            self.status.try_set(status);
        }
        if goes_on {
            self.save();
        }
    }

    /// Stops saving while the form is submitted, or goes on where that came to nothing.
    pub(super) fn pause(&self, is_paused: bool) {
        let latest = {
            let mut kept = self.kept();
            kept.is_paused = is_paused;
            kept.latest.clone()
        };
        if !is_paused {
            // Answers that came meanwhile have changed nothing on the screen.
            self.changed(latest);
            self.save();
        }
    }

    /// Whether a person has to choose first which of two contents stays.
    pub(super) fn is_in_conflict(&self) -> bool {
        self.status.with_untracked(|status| matches!(status, DraftStatus::Conflict(_)))
    }

    /// Brings the form up to what another device has saved since, as long as nothing was typed here.
    pub(super) fn catch_up(&self, drafts: &[LeaveDraft]) {
        let newer = {
            let kept = self.kept();
            let is_idle = !kept.is_dirty() && !kept.is_busy && !kept.is_paused;
            let newer = |draft: &&LeaveDraft| draft.id == kept.id && draft.version > kept.version;
            drafts.iter().find(newer).filter(|_| is_idle).cloned()
        };
        if let Some(draft) = newer {
            self.go_on_with(&draft);
        }
    }

    /// Goes on with a draft in this form. What stood there before is saved first.
    pub(super) fn go_on_with(&self, draft: &LeaveDraft) {
        self.save();
        {
            let mut kept = self.kept();
            let is_left = kept.id != draft.id && kept.is_busy && kept.is_dirty() && !kept.is_paused;
            let left = is_left.then(|| (kept.id, kept.latest.clone()));
            *kept = Kept { left, ..Kept::new(draft.id, draft.version, draft.content.clone()) };
        }
        self.id.set(draft.id);
        self.form.fill(&draft.content);
        self.status.set(DraftStatus::Saved);
    }

    /// Deletes one of the officer's drafts, and calls `then`.
    pub(super) fn discard(&self, id: Uuid, then: Callback<()>) {
        let (state, keeper) = (self.state, self.clone());
        spawn_local(async move {
            match net::call::<DeleteLeaveDraft>(&ById { id }, &Empty {}, &Empty {}).await {
                Ok(_) => {
                    state.toasts.show(Tone::Good, td_string!(state.locale, draft.discarded));
                    then.try_run(());
                }
                Err(failure) => {
                    if keeper.kept().id == id {
                        keeper.pause(false);
                    }
                    complain(state, &failure);
                }
            }
        });
    }

    /// Whether the draft is kept, at the end of the form.
    pub(super) fn line(&self) -> AnyView {
        let keeper = self.clone();
        let take_theirs = Callback::new(move |()| {
            if let DraftStatus::Conflict(theirs) = keeper.status.get_untracked() {
                // What stands here gives way: it is not saved first.
                keeper.kept().is_paused = true;
                keeper.go_on_with(&theirs);
            }
        });
        let keeper = self.clone();
        let keep_mine = Callback::new(move |()| {
            if let DraftStatus::Conflict(theirs) = keeper.status.get_untracked() {
                {
                    let mut kept = keeper.kept();
                    (kept.version, kept.saved, kept.is_paused) = (theirs.version, theirs.content, false);
                }
                keeper.save();
            }
        });
        let (keeper, navigate) = (self.clone(), use_navigate());
        let discard = Callback::new(move |()| {
            let id = {
                let mut kept = keeper.kept();
                kept.is_paused = true;
                kept.id
            };
            let navigate = navigate.clone();
            let leave = Callback::new(move |()| {
                navigate("/leave", NavigateOptions { replace: true, ..NavigateOptions::default() });
            });
            keeper.discard(id, leave);
        });
        let (words, status) = (self.state.words(), self.status);
        let actions = LineActions { take_theirs, keep_mine, discard };
        (move || status.with(|status| draft_line(words, status, actions))).into_any()
    }
}
