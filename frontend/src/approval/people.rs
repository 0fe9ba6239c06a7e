//! Finding a colleague: type two letters, pick.

use app::org::api::{Colleague, Colleagues};
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Badge, EmptyState, Field, Icon, Input, Kind, List, Loaded, Slot, Tone};

/// How many characters a search needs: a single surname fits half a court.
pub const LEAST: usize = 2;

/// The state of a search for colleagues.
#[derive(Clone, Copy, Debug)]
pub struct PeopleSearch {
    /// What they are chosen for.
    pub label: &'static str,
    /// Whether nobody has to be chosen.
    pub optional: bool,
    /// What is typed.
    pub typed: RwSignal<String>,
    /// Who is chosen.
    pub chosen: RwSignal<Vec<Colleague>>,
    /// Whether several can be chosen.
    pub several: bool,
}

impl PeopleSearch {
    /// What to look for, once it is long enough.
    pub fn words(self) -> Option<String> {
        self.typed.with(|typed| {
            let typed = typed.trim();
            (typed.chars().count() >= LEAST).then(|| typed.to_owned())
        })
    }

    /// Chooses somebody, in place of whoever was chosen where only one can be.
    fn choose(self, person: Colleague) {
        self.chosen.update(|chosen| {
            if !self.several {
                chosen.clear();
            }
            if chosen.iter().all(|other| other.officer != person.officer) {
                chosen.push(person);
            }
        });
        self.typed.set(String::new());
    }

    fn remove(self, officer: &str) {
        self.chosen.update(|chosen| chosen.retain(|person| person.officer != officer));
    }
}

/// Who is chosen, the field to type in, and who fits.
pub fn people_search(words: Words, search: PeopleSearch, found: Slot<Colleagues>, again: Callback<()>) -> AnyView {
    let locale = words.locale;
    let label = search.label;
    let optional = if search.optional { td_string!(locale, common.optional) } else { "" };
    let chosen = move || {
        search.chosen.with(|people| {
            (!people.is_empty()).then(|| {
                let chips = people.iter().map(|person| chosen_person(words, person, search)).collect_view();
                view! { <div class="choices">{chips}</div> }
            })
        })
    };
    let results = move || {
        search.words().map(|_| {
            let draw = move |found: &Colleagues| {
                let people = found.items.iter().map(|person| found_person(words, person, search)).collect_view();
                view! { <List>{people}</List> }.into_any()
            };
            let none = td_string!(locale, approval.people_none);
            let empty = move || view! { <EmptyState icon=Icon::People title=none /> };
            view! {
                <Loaded
                    locale
                    load=found
                    on_retry=again
                    is_empty=|found: &Colleagues| found.items.is_empty()
                    empty=empty
                    draw=draw
                />
            }
        })
    };
    view! {
        {chosen}
        <Field label control="people-search" optional hint=td_string!(locale, approval.people_hint)>
            <Input id="people-search" kind=Kind::Search value=search.typed />
        </Field>
        <div class="people-found">{results}</div>
    }
    .into_any()
}

fn chosen_person(words: Words, person: &Colleague, search: PeopleSearch) -> AnyView {
    let (name, officer) = (person.name.clone(), person.officer.clone());
    let label = td_string!(words.locale, approval.people_remove, name = name.clone());
    let away = person.away.then(|| td_string!(words.locale, approval.away));
    view! {
        <button class="choice" type="button" aria-checked="true" aria-label=label on:click=move |_| search.remove(&officer)>
            {name}
            {away.map(|away| format!(" · {away}"))}
            " ×"
        </button>
    }
    .into_any()
}

fn found_person(words: Words, person: &Colleague, search: PeopleSearch) -> AnyView {
    let post = person.post.iter().map(String::as_str);
    let note =
        [person.department.as_str(), person.court.as_str()].into_iter().chain(post).collect::<Vec<_>>().join(" · ");
    let away = person.away.then(|| view! { <Badge tone=Tone::Warn text=td_string!(words.locale, approval.away) /> });
    let (title, chosen) = (person.name.clone(), person.clone());
    view! {
        <li>
            <button class="cell" type="button" on:click=move |_| search.choose(chosen.clone())>
                <span class="cell-body">
                    <span class="cell-title">{title}</span>
                    <span class="cell-note">{note}</span>
                </span>
                {away.map(|away| view! { <span class="cell-end">{away}</span> })}
            </button>
        </li>
    }
    .into_any()
}
