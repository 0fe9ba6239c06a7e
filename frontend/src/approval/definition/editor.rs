//! What the page of a definition knows and does: the version that is read, the working copy, the linter, the trial.
//!
//! The working copy outlives a failed save, another page and a reload: see `kept`.

use std::time::Duration;

use app::api::{Code, Empty};
use app::approval::api::{
    ByForm, DefinitionQuery, DefinitionVersion, DefinitionView, GetDefinition, LintDefinition, NewVersion,
    SaveDefinition, SimulateDefinition, Simulated,
};
use app::approval::definition::{ApproverRule, Definition};
use app::org::api::{Colleague, ColleagueQuery, ListColleagues};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::{self, Draft};
use super::faults::Check;
use super::file::{self, Unreadable};
use super::kept::{forget_saved, keep, keep_node, kept, kept_node};
use super::node_form::NodeForm;
use super::save::Standing;
use super::simulation::Trial;
use super::words::{Names, fault_text, version_text};
use crate::i18n::td_string;
use crate::kit::Tone;
use crate::load::{Reading, act, complain, read, trouble, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// How long the working copy rests before the linter is asked.
const SETTLE: Duration = Duration::from_millis(500);

/// The page of one form's definition.
#[derive(Clone, Copy)]
pub(super) struct Editor {
    pub(super) state: AppState,
    pub(super) form: &'static str,
    /// The version that is read; the current one when none is named.
    version: RwSignal<Option<i32>>,
    pub(super) reading: Reading<DefinitionView>,
    /// The current version and all of them, as far as any answer has told.
    pub(super) versions: RwSignal<(i32, Vec<DefinitionVersion>)>,
    pub(super) draft: RwSignal<Option<Draft>>,
    /// Whether a version is read although there is a working copy.
    pub(super) looking: RwSignal<bool>,
    /// Whether the working copy is from before the page was opened.
    pub(super) restored: RwSignal<bool>,
    pub(super) check: RwSignal<Check>,
    /// The place of the node whose form is open; past the last one for a new node.
    pub(super) open: RwSignal<Option<usize>>,
    pub(super) node: RwSignal<NodeForm>,
    pub(super) names: RwSignal<Names>,
    pub(super) trial: RwSignal<Trial>,
    pub(super) result: RwSignal<Option<Simulated>>,
    /// Why a file was not taken over; empty where it was.
    pub(super) unreadable: RwSignal<String>,
    pub(super) busy: RwSignal<bool>,
    pub(super) trying: RwSignal<bool>,
    turn: RwSignal<u32>,
    /// Counts the questions of the trial; a later one makes the answer to an earlier one void.
    question: RwSignal<u32>,
}

impl Editor {
    pub(super) fn open(state: AppState, form: &'static str) -> Self {
        let version = RwSignal::new(None);
        let by_form = move || ByForm { form: form.to_owned() };
        let reading =
            read::<GetDefinition>(state, move || Some((by_form(), DefinitionQuery { version: version.get() })));
        let kept = kept(state, form);
        let (place, node) = kept.as_ref().and_then(|draft| kept_node(state, form, draft)).unzip();
        let editor = Self {
            state,
            form,
            version,
            reading,
            versions: RwSignal::new((0, Vec::new())),
            restored: RwSignal::new(kept.is_some()),
            draft: RwSignal::new(kept),
            looking: RwSignal::new(false),
            check: RwSignal::new(Check::Waiting),
            open: RwSignal::new(place),
            node: RwSignal::new(node.unwrap_or_default()),
            names: RwSignal::new(Names::new()),
            trial: RwSignal::new(Trial::default()),
            result: RwSignal::new(None),
            unreadable: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            trying: RwSignal::new(false),
            turn: RwSignal::new(0),
            question: RwSignal::new(0),
        };
        editor.watch();
        editor
    }

    fn path(self) -> ByForm {
        ByForm { form: self.form.to_owned() }
    }

    fn watch(self) {
        Effect::new(move |_| {
            let told = self.reading.load.with(|load| load.data().map(|view| (view.current, view.versions.clone())));
            if let Some(told) = told {
                self.learn(told);
            }
        });
        Effect::new(move |_| self.draft.with(|draft| keep(self.state, self.form, draft.as_ref())));
        Effect::new(move |_| {
            let place = self.open.get();
            self.node.with(|node| keep_node(self.state, self.form, place.map(|place| (place, node))));
        });
        let edited = Memo::new(move |_| self.draft.with(|draft| draft.as_ref().map(|draft| draft.definition.clone())));
        Effect::new(move |_| {
            if edited.with(Option::is_some) {
                self.lint();
            }
        });
        let shown = self.shown();
        Effect::new(move |_| {
            shown.with(|definition| definition.iter().flat_map(Definition::rules).for_each(|rule| self.look_up(rule)));
            self.forget_result();
        });
        Effect::new(move |_| {
            self.trial.track();
            self.forget_result();
        });
    }

    /// What was tried was another definition, or another question.
    fn forget_result(self) {
        self.question.update(|question| *question = question.wrapping_add(1));
        self.result.set(None);
    }

    /// A later answer knows more versions.
    fn learn(self, told: (i32, Vec<DefinitionVersion>)) {
        let is_later = self.versions.try_with_untracked(|(current, known)| told.0 > *current || known.is_empty());
        if is_later == Some(true) {
            self.versions.try_set(told);
        }
    }

    /// Whether the working copy is on the page.
    pub(super) fn is_editing(self) -> bool {
        self.draft.with(Option::is_some) && !self.looking.get()
    }

    /// The definition on the page: the working copy, or the version that is read.
    pub(super) fn shown(self) -> Memo<Option<Definition>> {
        Memo::new(move |_| {
            if self.is_editing() {
                self.draft.with(|draft| draft.as_ref().map(|draft| draft.definition.clone()))
            } else {
                self.reading.load.with(|load| load.data().map(|view| view.definition.clone()))
            }
        })
    }

    pub(super) fn standing(self) -> Option<Standing> {
        let overtaken_by = |based_on: i32| {
            self.versions.with(|(current, known)| {
                known.iter().find(|item| item.version == *current && *current > based_on).cloned()
            })
        };
        self.draft.with(|draft| {
            draft.as_ref().map(|draft| Standing {
                based_on: draft.based_on,
                differences: draft.differences(),
                can_undo: draft.can_undo(),
                is_open: self.open.get().is_some(),
                check: self.check.get(),
                overtaken_by: overtaken_by(draft.based_on),
            })
        })
    }

    /// Shows a version; the working copy, where there is one, waits.
    pub(super) fn look(self, version: i32) {
        self.version.set(Some(version));
        self.looking.set(true);
    }

    /// Begins a working copy with this definition, on top of the current version, and says so. `seen` is the version that
    /// the officer took for the current one, where he did.
    pub(super) fn begin(self, definition: Definition, seen: Option<i32>, said: &'static str) {
        let Self { state, busy, .. } = self;
        act(busy, async move {
            match net::call::<GetDefinition>(&self.path(), &DefinitionQuery::default(), &Empty {}).await {
                Ok(current) if seen.is_some_and(|seen| seen != current.current) => {
                    state.toasts.show(Tone::Warn, td_string!(state.locale, definition.newer_shown));
                    self.version.try_set(None);
                    self.reading.set(current);
                }
                Ok(current) => {
                    self.learn((current.current, current.versions.clone()));
                    self.draft.try_set(Some(Draft::new(&current, definition)));
                    self.restored.try_set(false);
                    self.looking.try_set(false);
                    state.toasts.show(Tone::Court, said);
                }
                Err(failure) => complain(state, &failure),
            }
        });
    }

    /// Goes on with the working copy after the version that came in between.
    pub(super) fn rebase(self) {
        let state = self.state;
        act(self.busy, async move {
            match net::call::<GetDefinition>(&self.path(), &DefinitionQuery::default(), &Empty {}).await {
                Ok(current) => {
                    self.learn((current.current, current.versions.clone()));
                    self.take_over(&current);
                    // The linter judges by the version that was there before.
                    self.lint();
                }
                Err(failure) => complain(state, &failure),
            }
        });
    }

    /// Puts the version that came in between under the working copy. A node whose form is open may get another place.
    fn take_over(self, current: &DefinitionView) {
        let open = self.open.try_get_untracked().flatten();
        let place = self.draft.try_update(|draft| {
            let (draft, open) = (draft.as_mut()?, open);
            let key = open.and_then(|open| draft.definition.nodes.get(open)).map(|node| node.key.clone());
            draft.rebase(current);
            let nodes = &draft.definition.nodes;
            // One that the other has removed, or that is new, stands past the end.
            open.map(|_| nodes.iter().position(|node| Some(&node.key) == key.as_ref()).unwrap_or(nodes.len()))
        });
        if let Some(place) = place.flatten() {
            self.open.try_set(Some(place));
        }
    }

    /// Changes the working copy.
    pub(super) fn change(self, change: impl FnOnce(&mut Definition)) {
        self.draft.update(|draft| {
            if let Some(draft) = draft {
                draft.change(change);
            }
        });
    }

    pub(super) fn undo(self) {
        self.draft.update(|draft| draft.iter_mut().for_each(Draft::undo));
    }

    /// Gives the working copy up.
    pub(super) fn discard(self) {
        self.open.set(None);
        self.restored.set(false);
        self.draft.set(None);
    }

    /// Opens the form of a node; of a new one past the end.
    pub(super) fn edit(self, index: usize) {
        let title = td_string!(self.state.locale, definition.new_node);
        let node = self.draft.with_untracked(|draft| {
            let definition = &draft.as_ref()?.definition;
            Some(definition.nodes.get(index).cloned().unwrap_or_else(|| draft::new_node(definition, title)))
        });
        if let Some(node) = node {
            self.node.set(NodeForm::of(&node));
            self.open.set(Some(index));
        }
    }

    /// Puts the node of the open form into the working copy.
    pub(super) fn done(self) {
        let Some(index) = self.open.get_untracked() else { return };
        let node = self.draft.with_untracked(|draft| {
            let definition = &draft.as_ref()?.definition;
            self.node.with_untracked(|form| form.node(definition).ok())
        });
        let Some(node) = node else { return };
        self.open.set(None);
        self.change(|definition| match definition.nodes.get_mut(index) {
            Some(place) => *place = node,
            None => draft::add_node(definition, node),
        });
    }

    /// Asks the linter, once nothing has changed for a moment.
    pub(super) fn lint(self) {
        let Some(turn) = self.turn.try_update_untracked(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        }) else {
            return;
        };
        self.check.try_set(Check::Waiting);
        let ask = async move {
            let Some(Some(draft)) = self.draft.try_get_untracked() else { return };
            let answer = net::call::<LintDefinition>(&self.path(), &Empty {}, &draft.definition).await;
            if self.turn.try_get_untracked() == Some(turn) {
                self.check.try_set(match answer {
                    Ok(linted) => Check::Known(linted),
                    Err(failure) => Check::Failed(trouble(self.state.locale, &failure).detail),
                });
            }
        };
        set_timeout(
            move || {
                if self.turn.try_get_untracked() == Some(turn) {
                    spawn_local(ask);
                }
            },
            SETTLE,
        );
    }

    pub(super) fn save(self) {
        let (state, locale) = (self.state, self.state.locale);
        let Some(Draft { based_on, definition, .. }) = self.draft.get_untracked() else { return };
        let body = NewVersion { based_on, definition };
        act(self.busy, async move {
            match net::call::<SaveDefinition>(&self.path(), &Empty {}, &body).await {
                Ok(saved) => {
                    let version = version_text(locale, saved.current);
                    state.toasts.show(Tone::Good, td_string!(locale, definition.saved_as, version));
                    let stands = self.draft.try_update(|draft| match draft {
                        // Somebody went on typing while it was on its way.
                        Some(later) if later.definition != body.definition => later.follow(&saved),
                        _ => *draft = None,
                    });
                    if stands.is_none() {
                        forget_saved(state, self.form, &body.definition);
                    }
                    self.restored.try_set(false);
                    self.learn((saved.current, saved.versions.clone()));
                    self.version.try_set(None);
                    self.reading.set(saved);
                }
                Err(failure) => {
                    if let Failure::Problem(problem) = &failure
                        && problem.code == Code::StaleVersion
                        && let Some(current) = winner::<DefinitionView>(problem)
                    {
                        self.learn((current.current, current.versions));
                    }
                    complain(state, &failure);
                }
            }
        });
    }

    /// Takes a file over as the working copy; it is not saved.
    pub(super) fn import(self, text: &str) {
        let locale = self.state.locale;
        // The page may have gone while the file was read.
        let Some(open) = self.open.try_get_untracked() else { return };
        if open.is_some() {
            self.unreadable.set(td_string!(locale, definition.obstacle_open).to_owned());
            return;
        }
        match file::read(text, self.form) {
            Ok(definition) => {
                self.unreadable.set(String::new());
                if self.draft.with_untracked(Option::is_some) {
                    self.looking.set(false);
                    self.change(|now| *now = definition);
                    self.state.toasts.show(Tone::Court, td_string!(locale, definition.imported));
                } else {
                    self.begin(definition, None, td_string!(locale, definition.imported));
                }
            }
            Err(Unreadable::Syntax { line, column }) => {
                self.unreadable.set(td_string!(locale, definition.file_syntax, line, column));
            }
            Err(Unreadable::Shape { place, why }) => {
                let place = if place.is_empty() { td_string!(locale, definition.whole_file).to_owned() } else { place };
                let why = fault_text(locale, &why);
                self.unreadable.set(td_string!(locale, definition.file_shape, place, why));
            }
            Err(Unreadable::OtherForm(form)) => {
                self.unreadable.set(td_string!(locale, definition.file_other_form, form));
            }
        }
    }

    /// Tries the definition on the page.
    pub(super) fn run_trial(self, definition: &Definition) {
        let Ok(body) = self.trial.with_untracked(|trial| trial.ask(definition)) else { return };
        let question = self.question.get_untracked();
        act(self.trying, async move {
            match net::call::<SimulateDefinition>(&self.path(), &Empty {}, &body).await {
                Ok(_) if self.question.try_get_untracked() != Some(question) => {}
                Ok(result) => drop(self.result.try_set(Some(result))),
                Err(failure) => complain(self.state, &failure),
            }
        });
    }

    /// Looks the name of a certain person up, once.
    fn look_up(self, rule: &ApproverRule) {
        let ApproverRule::Officer { officer } = rule else { return };
        if self.names.with_untracked(|names| names.contains_key(officer)) {
            return;
        }
        let officer = officer.clone();
        spawn_local(async move {
            let query = ColleagueQuery { q: officer.clone() };
            // Without an answer the number stands for the name.
            let Ok(found) = net::call::<ListColleagues>(&Empty {}, &query, &Empty {}).await else { return };
            found.items.iter().filter(|person| person.officer == officer).for_each(|person| self.name(person));
        });
    }

    /// Remembers how a certain person is called.
    pub(super) fn name(self, person: &Colleague) {
        let (name, department) = (person.name.clone(), person.department.clone());
        let name = td_string!(self.state.locale, definition.person_of, name, department);
        self.names.try_update(|names| names.insert(person.officer.clone(), name));
    }
}
