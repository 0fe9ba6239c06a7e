//! Loads the inbox and decides tasks.

use app::api::{ById, Code, Empty};
use app::approval::api::{Decide, DecideTask, Decided, GetInbox, Task, Verdict};
use leptos::prelude::*;

use super::view::{self, TaskActions};
use crate::i18n::td_string;
use crate::kit::{Loaded, Sheet, Tone, TopBar};
use crate::load::{self, act, complain, read};
use crate::net::{self, Failure};
use crate::state::AppState;

/// `/approvals`
#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<GetInbox>(state, || Some((Empty {}, Empty {})));
    Effect::new(move |_| {
        reading.load.with(|load| {
            if let Some(inbox) = load.data() {
                state.waiting.set(u64::try_from(inbox.total).unwrap_or(0));
            }
        });
    });
    let chosen = RwSignal::new(None::<Task>);
    let comment = RwSignal::new(String::new());
    let (approving, refusing, lost) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let winner = RwSignal::new(None::<(String, Option<Decided>)>);
    let busy = RwSignal::new(false);
    let open = move |task: Task, sheet: RwSignal<bool>| {
        chosen.set(Some(task));
        comment.set(String::new());
        sheet.set(true);
    };
    let actions = TaskActions {
        approve: Callback::new(move |task| open(task, approving)),
        refuse: Callback::new(move |task| open(task, refusing)),
    };
    let settle = move |answer: Result<Decided, Failure>, done: &'static str| {
        match answer {
            Ok(_) => state.toasts.show(Tone::Good, done),
            Err(Failure::Problem(problem)) if problem.code == Code::StaleVersion => {
                let current = load::winner(&problem);
                winner.try_set(Some((problem.detail, current)));
                lost.try_set(true);
            }
            Err(failure) => {
                complain(state, &failure);
                return;
            }
        }
        approving.try_set(false);
        refusing.try_set(false);
        reading.again.run(());
    };
    let decide = move |action: Verdict, done: &'static str| {
        let Some(task) = chosen.get_untracked() else { return };
        let comment = comment.get_untracked().trim().to_owned();
        act(busy, async move {
            let body = Decide { action, comment, version: task.version };
            settle(net::call::<DecideTask>(&ById { id: task.id }, &Empty {}, &body).await, done);
        });
    };
    let approve = Callback::new(move |()| decide(Verdict::Approve, td_string!(locale, approval.approved)));
    let refuse = Callback::new(move |()| decide(Verdict::Refuse, td_string!(locale, approval.refused)));
    view! {
        <TopBar locale title=td_string!(locale, approval.title) up="/" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |inbox| view::inbox(state.words(), &inbox.tasks, actions)
            />
        </main>
        <Sheet locale open=approving title=td_string!(locale, approval.approve_title)>
            {move || {
                chosen.get().map(|task| view::approve_form(state.words(), &task, comment, busy.into(), approve))
            }}
        </Sheet>
        <Sheet locale open=refusing title=td_string!(locale, approval.refuse_title)>
            {move || {
                chosen.get().map(|task| view::refuse_form(state.words(), &task, comment, busy.into(), refuse))
            }}
        </Sheet>
        <Sheet locale open=lost title=td_string!(locale, approval.lost_title)>
            {move || {
                winner.get().map(|(detail, current)| view::lost_race(state.words(), &detail, current.as_ref()))
            }}
        </Sheet>
    }
}
