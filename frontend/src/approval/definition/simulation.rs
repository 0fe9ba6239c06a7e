//! 试算: who would decide if this officer asked with these values.

use std::collections::BTreeMap;

use app::approval::api::{FormValue, Simulate, Simulated, SimulatedMember, SimulatedNode};
use app::approval::definition::{Definition, Field as FormField, FieldKind};
use app::approval::templates;
use app::org::api::Colleague;
use app::org::rules::PostClass;
use leptos::prelude::*;

use super::controls::{group, number_input, segments, select};
use super::incomplete::Incomplete;
use crate::approval::words::mode_text;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Callout, Choice, Field, Glyph, Icon, Look, Size, Tone};

/// What is tried: the applicant, and what he would fill in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Who would ask.
    pub applicant: Option<Colleague>,
    /// What is typed or chosen, by the field's key; the first choice where nothing is.
    typed: BTreeMap<String, String>,
    /// The people who are chosen, by the field's key.
    people: BTreeMap<String, Vec<Colleague>>,
}

/// The fields that somebody has to fill in; the rest follows from the applicant.
fn asked(definition: &Definition) -> impl Iterator<Item = &FormField> {
    // Which keys follow from him is the same for every class of post.
    let known = templates::known_of(&definition.form, PostClass::Staff);
    definition.fields.iter().filter(move |field| !known.contains_key(&field.key))
}

impl Trial {
    /// What is asked of the server; `definition` stands in for the one that is in force.
    ///
    /// # Errors
    ///
    /// What is still missing.
    pub fn ask(&self, definition: &Definition) -> Result<Simulate, Incomplete> {
        let officer = self.applicant.as_ref().map(|person| person.officer.clone()).ok_or(Incomplete::Person)?;
        let value = |field: &FormField| Ok((field.key.clone(), self.value(field)?));
        let values = asked(definition).map(value).collect::<Result<_, _>>()?;
        Ok(Simulate { officer, values, definition: Some(definition.clone()) })
    }

    fn value(&self, field: &FormField) -> Result<FormValue, Incomplete> {
        let text = self.text(field);
        Ok(match &field.kind {
            FieldKind::Integer { .. } => FormValue::Integer(text.trim().parse().map_err(|_| Incomplete::Bound)?),
            FieldKind::Choice { .. } if text.is_empty() => return Err(Incomplete::Values),
            FieldKind::Choice { .. } => FormValue::Choice(text),
            FieldKind::Flag => FormValue::Flag(text == "yes"),
            FieldKind::People { .. } => {
                FormValue::People(self.people_of(&field.key).iter().map(|person| person.officer.clone()).collect())
            }
        })
    }

    /// What is filled in, or what the form begins with.
    fn text(&self, field: &FormField) -> String {
        self.typed.get(&field.key).cloned().unwrap_or_else(|| match &field.kind {
            FieldKind::Integer { min, .. } => min.to_string(),
            FieldKind::Choice { values } => values.first().map(|choice| choice.value.clone()).unwrap_or_default(),
            FieldKind::Flag => "no".to_owned(),
            FieldKind::People { .. } => String::new(),
        })
    }

    /// The people who are chosen in a field.
    pub fn people_of(&self, field: &str) -> &[Colleague] {
        self.people.get(field).map_or(&[], Vec::as_slice)
    }

    /// Chooses people in a field.
    pub fn set_people(&mut self, field: &str, people: Vec<Colleague>) {
        self.people.insert(field.to_owned(), people);
    }

    /// What of it decides how the form is drawn, so that typing draws nothing anew.
    fn shape(&self) -> Self {
        let flags = self.typed.iter().filter(|(_, text)| matches!(text.as_str(), "yes" | "no"));
        let typed = flags.map(|(key, text)| (key.clone(), text.clone())).collect();
        Self { typed, ..self.clone() }
    }
}

/// What can be done in the form of a trial; the page does it.
#[derive(Clone, Copy)]
pub struct TrialActions {
    /// Looks for the applicant.
    pub pick_applicant: Callback<()>,
    /// Looks for the people of a field.
    pub pick_people: Callback<String>,
    /// Tries.
    pub run: Callback<()>,
}

/// The form of a trial of this definition.
pub fn trial_form(
    locale: Locale,
    definition: &Definition,
    trial: RwSignal<Trial>,
    busy: Signal<bool>,
    actions: TrialActions,
) -> AnyView {
    let shape = Memo::new(move |_| trial.with(Trial::shape));
    let drawn = definition.clone();
    let controls = move || {
        // A memo that nobody has read yet follows nothing.
        shape.with(|_| ());
        trial.with_untracked(|now| {
            let fields = asked(&drawn).map(|field| field_control(locale, field, now, trial, actions));
            view! { {applicant(locale, now, actions)} {fields.collect_view()} }
        })
    };
    let judged = definition.clone();
    let missing = Memo::new(move |_| trial.with(|trial| trial.ask(&judged).err()));
    let incomplete = Signal::derive(move || missing.get().is_some());
    view! {
        {controls}
        <p class="field-hint">{td_string!(locale, definition.follows_from_applicant)}</p>
        <Button look=Look::Secondary size=Size::Wide busy=busy disabled=incomplete on_press=actions.run>
            {td_string!(locale, definition.try_it)}
        </Button>
        {move || missing.get().map(|missing| view! { <p class="field-hint" role="status">{missing.text(locale)}</p> })}
    }
    .into_any()
}

fn applicant(locale: Locale, now: &Trial, actions: TrialActions) -> AnyView {
    let (chosen, text) = match &now.applicant {
        Some(person) => {
            let post = person.post.clone().unwrap_or_default();
            let line = format!("{} · {} {post}", person.name, person.department);
            (Some(line), td_string!(locale, definition.pick_another))
        }
        None => (None, td_string!(locale, definition.pick_applicant)),
    };
    let content = view! {
        <div class="row">
            {chosen.map(|line| view! { <span class="strong">{line}</span> })}
            <Button look=Look::Secondary size=Size::Small icon=Icon::Person on_press=actions.pick_applicant>
                {text}
            </Button>
        </div>
    };
    group(td_string!(locale, definition.as_officer), "", content.into_any())
}

fn field_control(
    locale: Locale,
    field: &FormField,
    now: &Trial,
    trial: RwSignal<Trial>,
    actions: TrialActions,
) -> AnyView {
    let (id, key, text) = (format!("trial-{}", field.key), field.key.clone(), now.text(field));
    let written = key.clone();
    let set = Callback::new(move |text: String| {
        trial.update(|trial| drop(trial.typed.insert(written.clone(), text)));
    });
    let control = match &field.kind {
        FieldKind::Integer { min, .. } => number_input(id.clone(), text, *min, set),
        FieldKind::Choice { values } => {
            let choices = values.iter().map(|choice| Choice::new(&choice.value, &choice.title)).collect();
            select(id.clone(), "", choices, &text, set)
        }
        FieldKind::Flag => {
            let choices = vec![
                Choice::new("yes", td_string!(locale, definition.yes)),
                Choice::new("no", td_string!(locale, definition.no)),
            ];
            segments(td_string!(locale, definition.values), choices, &text, set)
        }
        FieldKind::People { .. } => {
            let names = now.people_of(&key).iter().map(|person| person.name.clone()).collect::<Vec<_>>();
            let names = names.join(td_string!(locale, common.list_comma));
            let pick = Callback::new(move |()| actions.pick_people.run(key.clone()));
            view! {
                <div class="row">
                    {(!names.is_empty()).then(|| view! { <span class="strong">{names}</span> })}
                    <Button look=Look::Secondary size=Size::Small icon=Icon::People on_press=pick>
                        {td_string!(locale, definition.pick_person)}
                    </Button>
                </div>
            }
            .into_any()
        }
    };
    view! { <Field label=field.title.clone() control=id>{control}</Field> }.into_any()
}

/// What a trial has shown: every node with who decides there, those that do not apply greyed.
pub fn trial_result(locale: Locale, result: &Simulated) -> AnyView {
    let verdict = match result.problem.clone() {
        Some(problem) => view! { <Callout tone=Tone::Bad>{problem}</Callout> }.into_any(),
        None => {
            let count = result.nodes.iter().filter(|node| node.applies && node.mode.is_some()).count();
            view! { <Callout tone=Tone::Good>{td_string!(locale, definition.trial_fits, count)}</Callout> }.into_any()
        }
    };
    let nodes = result.nodes.iter().zip(1..).map(|(node, number)| trial_node(locale, result, node, number));
    view! {
        {verdict}
        <ol class="node-list trial">{nodes.collect_view()}</ol>
    }
    .into_any()
}

fn trial_node(locale: Locale, result: &Simulated, node: &SimulatedNode, number: usize) -> AnyView {
    let head = match node.mode.filter(|_| node.applies) {
        Some(mode) => view! { <Badge tone=Tone::Court text=mode_text(locale, mode) /> }.into_any(),
        None if node.applies => view! { <Badge text=td_string!(locale, definition.copies) /> }.into_any(),
        None => view! { <Badge text=td_string!(locale, definition.not_applied) /> }.into_any(),
    };
    let condition = (!node.applies).then(|| {
        let text = node.condition.clone();
        view! { <p class="cell-note">{td_string!(locale, definition.applies_when, text)}</p> }
    });
    let members = node.members.iter().map(|member| trial_member(locale, result, member)).collect_view();
    let missing = node.missing.iter().map(|post| {
        let post = post.clone();
        view! {
            <li class="fault fault-blocking">
                <Glyph icon=Icon::Warning />
                <span>{td_string!(locale, definition.post_missing, post)}</span>
            </li>
        }
    });
    view! {
        <li class=if node.applies { "node" } else { "node node-off" }>
            <span class="step-mark" aria-hidden="true">
                {number}
            </span>
            <div class="node-body">
                <div class="row row-apart">
                    <h3>{node.title.clone()}</h3>
                    {head}
                </div>
                {condition}
                <ul class="faults">{members} {missing.collect_view()}</ul>
            </div>
        </li>
    }
    .into_any()
}

fn trial_member(locale: Locale, result: &Simulated, member: &SimulatedMember) -> AnyView {
    let SimulatedMember { officer, name, post, .. } = member.clone();
    let merged = member.merged_into.as_ref().map(|key| {
        let node = result.nodes.iter().find(|node| node.key == *key);
        let title = node.map_or_else(|| key.clone(), |node| node.title.clone());
        view! { <p class="cell-note">{td_string!(locale, definition.merged_into, title)}</p> }
    });
    let instead = member.stands_in_for.clone().map(|why| view! { <p class="cell-note fault-note">{why}</p> });
    view! {
        <li>
            <p>
                <span class="strong">{name}</span>
                <span class="muted">{format!(" {officer} · {post}")}</span>
            </p>
            {instead}
            {merged}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_the_applicant_is_not_asked() {
        let definition = templates::leave();
        let mut trial = Trial::default();
        assert_eq!(trial.ask(&definition), Err(Incomplete::Person));
        trial.applicant = Some(Colleague {
            officer: "200001".to_owned(),
            name: "周书记".to_owned(),
            department: "民事审判第一庭".to_owned(),
            court: "江州市中级人民法院".to_owned(),
            post: None,
            away: false,
        });
        let asked = trial.ask(&definition).expect("the rest has a beginning");
        let expected = BTreeMap::from([
            ("leave_type".to_owned(), FormValue::Choice("annual".to_owned())),
            ("half_days".to_owned(), FormValue::Integer(1)),
        ]);
        assert_eq!((asked.officer.as_str(), asked.values), ("200001", expected));
        trial.typed.insert("half_days".to_owned(), "x".to_owned());
        assert_eq!(trial.ask(&definition), Err(Incomplete::Bound));
    }
}
