//! The choice of a department or a court to look at.

use app::leave::team::{Team, TeamQuery};
use leptos::prelude::*;

use crate::i18n::{Locale, td_string};
use crate::kit::{Choice, Select, Slot};

/// What can be chosen, each with its name; kept while another answer is on its way, so that the choice does not vanish.
pub fn places(locale: Locale, load: Slot<Team>) -> Memo<Vec<(String, String)>> {
    Memo::new(move |before: Option<&Vec<(String, String)>>| {
        let fresh = load.with(|load| load.data().map(|team| choices(locale, team)));
        fresh.or_else(|| before.cloned()).unwrap_or_default()
    })
}

fn choices(locale: Locale, team: &Team) -> Vec<(String, String)> {
    let whole = team
        .courts
        .iter()
        .map(|court| (format!("court:{}", court.id), td_string!(locale, team.whole_court, name = court.name.clone())));
    let parts = team.departments.iter().map(|place| (place.id.to_string(), place.name.clone()));
    whole.chain(parts).collect()
}

/// The control; without a choice it is the officer's own department.
pub fn place_select(locale: Locale, places: Memo<Vec<(String, String)>>, place: RwSignal<String>) -> AnyView {
    (move || {
        let choices = places.get().into_iter().map(|(value, label)| Choice::new(value, label)).collect::<Vec<_>>();
        view! { <Select id="team-place" choices value=place placeholder=td_string!(locale, team.own_department) /> }
    })
    .into_any()
}

/// What is asked for a choice.
pub fn query(place: &str, days: TeamQuery) -> TeamQuery {
    match place.strip_prefix("court:") {
        Some(court) => TeamQuery { court: court.parse().ok(), ..days },
        None => TeamQuery { department: place.parse().ok(), ..days },
    }
}
