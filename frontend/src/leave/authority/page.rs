//! The page of the approval authority: reads, edits, checks, tries, saves, publishes.

use app::api::{Code, Empty};
use app::leave::api::{
    AskWhoDecides, Authority, AuthorityAnswer, GetAuthority, LintAuthority, ListAuthorityTemplates, PublishAuthority,
    PublishMatrix, SaveAuthority, SaveMatrix,
};
use app::leave::authority::Matrix;
use app::org::api::Colleague;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::cell_form::{CellForm, UnreadBand, cell_form};
use super::draft;
use super::save::{SaveActions, Standing, publish_sheet, save_card};
use super::sheets::{ColumnForm, RowForm, column_form, row_form, template_list};
use super::trial::{TrialForm, trial_answer, trial_form};
use super::view::{Check, GridActions, grid};
use crate::approval::process_page::find_people;
use crate::i18n::td_string;
use crate::kit::{Card, Loaded, Sheet, Tone, TopBar};
use crate::load::{Reading, act, complain, read, trouble, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// What is open in the sheet.
#[derive(Clone, Copy)]
enum Open {
    Cell(usize, usize, CellForm),
    Row(usize, RowForm),
    Column(usize, ColumnForm),
}

/// The page's own data.
#[derive(Clone, Copy)]
struct Desk {
    state: AppState,
    reading: Reading<Authority>,
    /// What the server has.
    server: RwSignal<Option<Authority>>,
    /// What is being edited.
    working: RwSignal<Option<Matrix>>,
    /// The version of the working copy that it was edited from.
    seen: StoredValue<i64>,
    overwrites: RwSignal<bool>,
    check: RwSignal<Check>,
    /// How often the linter was asked; only its last answer counts.
    asked: StoredValue<u64>,
    busy: RwSignal<bool>,
    what: RwSignal<Option<Open>>,
    editing: RwSignal<bool>,
    error: RwSignal<String>,
    publishing: RwSignal<bool>,
    choosing: RwSignal<bool>,
}

impl Desk {
    fn open() -> Self {
        let state = AppState::get();
        let desk = Self {
            state,
            reading: read::<GetAuthority>(state, || Some((Empty {}, Empty {}))),
            server: RwSignal::new(None),
            working: RwSignal::new(None),
            seen: StoredValue::new(0),
            overwrites: RwSignal::new(false),
            check: RwSignal::new(Check::Waiting),
            asked: StoredValue::new(0),
            busy: RwSignal::new(false),
            what: RwSignal::new(None),
            editing: RwSignal::new(false),
            error: RwSignal::new(String::new()),
            publishing: RwSignal::new(false),
            choosing: RwSignal::new(false),
        };
        Effect::new(move |_| {
            if let Some(now) = desk.reading.load.with(|load| load.data().cloned()) {
                desk.receive(now);
            }
        });
        Effect::new(move |_| {
            if let Some(matrix) = desk.working.get() {
                desk.lint(matrix);
            }
        });
        desk
    }

    /// Takes what the server has; what is being edited stays as it is.
    fn receive(self, now: Authority) {
        let is_changed = self.server.with_untracked(|server| {
            let saved = server.as_ref().map(|server| &server.matrix);
            self.working.with_untracked(|working| working.is_some() && working.as_ref() != saved)
        });
        if !is_changed {
            self.take(&now);
        }
        self.server.set(Some(now));
    }

    fn take(self, now: &Authority) {
        self.seen.set_value(now.version);
        self.overwrites.set(false);
        self.working.set(Some(now.matrix.clone()));
    }

    fn change(self, change: impl FnOnce(&mut Matrix)) {
        self.working.update(|working| {
            if let Some(matrix) = working {
                change(matrix);
            }
        });
    }

    /// Asks the linter; what it said before stands until it answers.
    fn lint(self, matrix: Matrix) {
        let turn = self.asked.with_value(|asked| asked + 1);
        self.asked.set_value(turn);
        spawn_local(async move {
            let answer = net::call::<LintAuthority>(&Empty {}, &Empty {}, &matrix).await;
            if self.asked.try_with_value(|asked| *asked == turn) == Some(true) {
                self.check.try_set(match answer {
                    Ok(linted) => Check::Known(linted),
                    Err(failure) => Check::Failed(trouble(self.state.locale, &failure).detail),
                });
            }
        });
    }

    fn show(self, what: Open) {
        self.error.set(String::new());
        self.what.set(Some(what));
        self.editing.set(true);
    }

    fn edit_cell(self, row: usize, column: usize) {
        let bands =
            self.working.with_untracked(|working| working.as_ref().map(|matrix| matrix.bands(row, column).to_vec()));
        self.show(Open::Cell(row, column, CellForm::of(&bands.unwrap_or_default())));
    }

    fn edit_row(self, row: usize) {
        let classes = self.working.with_untracked(|working| Some(working.as_ref()?.rows.get(row)?.classes.clone()));
        self.show(Open::Row(row, RowForm { classes: RwSignal::new(classes.unwrap_or_default()) }));
    }

    fn edit_column(self, place: usize) {
        let column = self.working.with_untracked(|working| working.as_ref()?.columns.get(place).cloned());
        let Some(column) = column else { return };
        let form = ColumnForm { title: RwSignal::new(column.title), leave_types: RwSignal::new(column.leave_types) };
        self.show(Open::Column(place, form));
    }

    fn done(self) {
        match self.what.get_untracked() {
            Some(Open::Cell(row, column, form)) => match form.bands() {
                Ok(bands) => self.change(|matrix| draft::set_bands(matrix, row, column, bands)),
                Err(UnreadBand(number)) => {
                    self.error.set(td_string!(self.state.locale, authority.unread_days, number));
                    return;
                }
            },
            Some(Open::Row(row, form)) => {
                self.change(|matrix| draft::set_classes(matrix, row, form.classes.get_untracked()));
            }
            Some(Open::Column(place, form)) => {
                let (title, types) = (form.title.get_untracked(), form.leave_types.get_untracked());
                self.change(|matrix| draft::set_column(matrix, place, &title, types));
            }
            None => {}
        }
        self.editing.set(false);
    }

    fn remove(self) {
        self.editing.set(false);
        match self.what.get_untracked() {
            Some(Open::Row(row, _)) => self.change(|matrix| draft::remove_row(matrix, row)),
            Some(Open::Column(place, _)) => self.change(|matrix| draft::remove_column(matrix, place)),
            Some(Open::Cell(..)) | None => {}
        }
    }

    /// Saves what is being edited. Whether the server has it then.
    async fn keep(self) -> bool {
        let Some(matrix) = self.working.try_get_untracked().flatten() else { return false };
        let body = SaveMatrix { version: self.seen.get_value(), matrix };
        match net::call::<SaveAuthority>(&Empty {}, &Empty {}, &body).await {
            Ok(now) => {
                self.settle(now);
                true
            }
            Err(failure) => {
                self.lose(&failure);
                false
            }
        }
    }

    /// Shows what a write has answered with.
    fn settle(self, now: Authority) {
        self.seen.try_set_value(now.version);
        self.overwrites.try_set(false);
        self.server.try_set(Some(now));
    }

    /// Shows why a write did not work; whoever lost a race sees what won, and keeps what he has typed.
    fn lose(self, failure: &Failure) {
        if let Failure::Problem(problem) = failure
            && problem.code == Code::StaleVersion
            && let Some(now) = winner::<Authority>(problem)
        {
            let replaced = self.seen.try_get_value() != Some(now.version);
            self.settle(now);
            self.overwrites.try_set(replaced);
            self.publishing.try_set(false);
        }
        complain(self.state, failure);
    }

    fn save(self) {
        act(self.busy, async move {
            if self.keep().await {
                self.state.toasts.show(Tone::Good, td_string!(self.state.locale, authority.saved));
            }
        });
    }

    fn publish(self) {
        act(self.busy, async move {
            let is_saved = self.server.with_untracked(|server| {
                let saved = server.as_ref().map(|server| &server.matrix);
                self.working.with_untracked(|working| working.as_ref() == saved)
            });
            if !is_saved && !self.keep().await {
                return;
            }
            let based_on = self.server.try_with_untracked(|server| server.as_ref().map(|server| server.current));
            let Some(based_on) = based_on.flatten() else { return };
            let body = PublishMatrix { version: self.seen.get_value(), based_on };
            match net::call::<PublishAuthority>(&Empty {}, &Empty {}, &body).await {
                Ok(now) => {
                    self.settle(now);
                    self.publishing.try_set(false);
                    // What it would change is nothing any more.
                    self.working.try_get_untracked().flatten().into_iter().for_each(|matrix| self.lint(matrix));
                    self.state.toasts.show(Tone::Good, td_string!(self.state.locale, authority.published));
                }
                Err(failure) => self.lose(&failure),
            }
        });
    }

    fn discard(self) {
        if let Some(now) = self.server.get_untracked() {
            self.take(&now);
        }
    }
}

/// `/authority`
#[component]
pub fn AuthorityPage() -> impl IntoView {
    let desk = Desk::open();
    let locale = desk.state.locale;
    let sheet_title = Signal::derive(move || match desk.what.get() {
        Some(Open::Cell(row, column, _)) => desk.working.with(|working| {
            let Some(matrix) = working else { return String::new() };
            let title = matrix.columns.get(column).map(|column| column.title.clone()).unwrap_or_default();
            format!("{} · {title}", matrix.row_text(row))
        }),
        Some(Open::Row(..)) => td_string!(locale, authority.edit_row).to_owned(),
        Some(Open::Column(_, form)) => form.title.get_untracked(),
        None => String::new(),
    });
    let done = Callback::new(move |()| desk.done());
    let remove = Callback::new(move |()| desk.remove());
    let sheet = move || match desk.what.get_untracked() {
        Some(Open::Cell(_, _, form)) => cell_form(locale, form, desk.error, done),
        Some(Open::Row(_, form)) => row_form(locale, form, done, remove),
        Some(Open::Column(_, form)) => desk.server.with_untracked(|server| {
            let types = server.as_ref().map_or(&[][..], |server| &server.leave_types);
            column_form(locale, form, types, done, remove)
        }),
        None => ().into_any(),
    };
    let confirm = Callback::new(move |()| desk.publish());
    let publishing =
        move || with_standing(desk, |standing| publish_sheet(desk.state.words(), standing, desk.busy.into(), confirm));
    view! {
        <TopBar locale title=td_string!(locale, authority.title) up="/me" />
        <main class="page">
            <Loaded locale load=desk.reading.load on_retry=desk.reading.again draw=move |now: &Authority| content(desk, &now.leave_types) />
        </main>
        <Sheet locale open=desk.editing title=sheet_title>
            {sheet()}
        </Sheet>
        <Sheet locale open=desk.publishing title=td_string!(locale, authority.publish_title)>
            {publishing()}
        </Sheet>
        <Sheet locale open=desk.choosing title=td_string!(locale, authority.templates)>
            {templates(desk)}
        </Sheet>
    }
}

/// Draws with how the working copy stands, once both are known.
fn with_standing(desk: Desk, draw: impl FnOnce(&Standing<'_>) -> AnyView) -> AnyView {
    desk.server.with(|server| {
        desk.working.with(|working| {
            desk.check.with(|check| match (server, working) {
                (Some(server), Some(matrix)) => {
                    draw(&Standing { server, matrix, check, overwrites: desk.overwrites.get() })
                }
                _ => ().into_any(),
            })
        })
    })
}

fn content(desk: Desk, leave_types: &[String]) -> AnyView {
    let locale = desk.state.locale;
    let actions = GridActions {
        cell: Callback::new(move |(row, column)| desk.edit_cell(row, column)),
        row: Callback::new(move |row| desk.edit_row(row)),
        column: Callback::new(move |column| desk.edit_column(column)),
        add_row: Callback::new(move |()| {
            let mut place = 0;
            desk.change(|matrix| place = draft::add_row(matrix));
            desk.edit_row(place);
        }),
        add_column: Callback::new(move |()| {
            let mut place = 0;
            let title = td_string!(locale, authority.new_column);
            desk.change(|matrix| place = draft::add_column(matrix, title));
            desk.edit_column(place);
        }),
    };
    let save = SaveActions {
        save: Callback::new(move |()| desk.save()),
        discard: Callback::new(move |()| desk.discard()),
        publish: Callback::new(move |()| desk.publishing.set(true)),
        templates: Callback::new(move |()| desk.choosing.set(true)),
    };
    let table = move || with_standing(desk, |standing| grid(locale, standing.matrix, standing.check, actions));
    let card = move || with_standing(desk, |standing| save_card(desk.state.words(), standing, desk.busy.into(), save));
    let trial = trial(desk, leave_types);
    view! {
        <div class="stack">
            {table}
            <div class="columns">
                <div class="stack">{card}</div>
                <div class="stack">{trial}</div>
            </div>
        </div>
    }
    .into_any()
}

fn trial(desk: Desk, leave_types: &[String]) -> AnyView {
    let (state, locale) = (desk.state, desk.state.locale);
    let form = TrialForm::default();
    let (busy, picking) = (RwSignal::new(false), RwSignal::new(false));
    let answer = RwSignal::new(None::<AuthorityAnswer>);
    let chosen = RwSignal::new(Vec::<Colleague>::new());
    Effect::new(move |_| {
        if let Some(person) = chosen.with(|chosen| chosen.first().cloned()) {
            form.officer.set(Some(person));
            picking.set(false);
        }
    });
    let question = move || desk.working.with(|working| working.as_ref().and_then(|matrix| form.ask(matrix)));
    let is_complete = Signal::derive(move || question().is_some());
    let pick = Callback::new(move |()| {
        chosen.set(Vec::new());
        picking.set(true);
    });
    let ask = Callback::new(move |()| {
        let Some(body) = untrack(question) else { return };
        act(busy, async move {
            match net::call::<AskWhoDecides>(&Empty {}, &Empty {}, &body).await {
                Ok(found) => drop(answer.try_set(Some(found))),
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let result = move || answer.with(|answer| answer.as_ref().map(|answer| trial_answer(state.words(), answer)));
    let questions = trial_form(locale, form, leave_types, is_complete, busy.into(), pick, ask);
    view! {
        <Card title=td_string!(locale, authority.trial)>
            <p class="small muted">{td_string!(locale, authority.trial_intro)}</p>
            {questions}
            <div role="status">{result}</div>
        </Card>
        <Sheet locale open=picking title=td_string!(locale, authority.pick_officer)>
            {find_people(state, chosen, false)}
        </Sheet>
    }
    .into_any()
}

fn templates(desk: Desk) -> AnyView {
    let locale = desk.state.locale;
    let reading = read::<ListAuthorityTemplates>(desk.state, || Some((Empty {}, Empty {})));
    let choose = Callback::new(move |name: String| {
        let found = reading.load.with_untracked(|load| {
            load.data()
                .and_then(|list| list.items.iter().find(|item| item.name == name).map(|item| item.matrix.clone()))
        });
        if let Some(matrix) = found {
            desk.working.set(Some(matrix));
        }
        desk.choosing.set(false);
    });
    view! {
        <Loaded
            locale
            load=reading.load
            on_retry=reading.again
            draw=move |list| template_list(locale, &list.items, choose)
        />
    }
    .into_any()
}
