//! When a node is needed, while it is edited: always, or in cases that each ask something of the form's fields.

use std::collections::BTreeSet;

use app::approval::cases::{Cases, Comparison};
use app::approval::condition::Condition;
use app::approval::definition::{Definition, Field as FormField, FieldKind};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::controls::{checks, number_input, segments, select};
use super::incomplete::Incomplete;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Callout, Choice, Field, Icon, Look, Size, Tone};

/// Whether a node is needed always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Needed {
    /// For every request.
    Always,
    /// In the cases of the form.
    InCases,
    /// As it was written elsewhere, in more cases than a form shows.
    AsWritten,
}

/// A condition that is being edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionForm {
    needed: Needed,
    cases: Vec<Vec<Row>>,
    /// The condition that the form was made of: where nothing is changed it stays as it was written.
    written: Condition,
}

/// What is asked of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    /// The field's key; empty while none is chosen.
    field: String,
    /// Whether it has to be so, or must not be.
    is: bool,
    /// The least integer, as typed.
    at_least: String,
    /// One more than the greatest, as typed.
    below: String,
    /// The values of a choice.
    values: BTreeSet<String>,
}

impl Row {
    fn of_field(field: &str) -> Self {
        let text = String::new;
        Self { field: field.to_owned(), is: true, at_least: text(), below: text(), values: BTreeSet::new() }
    }

    fn of(comparison: &Comparison) -> Self {
        let number = |bound: &Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
        match comparison {
            Comparison::Integer { field, at_least, below } => {
                Self { at_least: number(at_least), below: number(below), ..Self::of_field(field) }
            }
            Comparison::OneOf { field, is, values } => {
                Self { is: *is, values: values.iter().cloned().collect(), ..Self::of_field(field) }
            }
            Comparison::Flag { field, is } => Self { is: *is, ..Self::of_field(field) },
        }
    }

    fn comparison(&self, definition: &Definition) -> Result<Comparison, Incomplete> {
        let (field, is) = (self.field.clone(), self.is);
        let bound = |text: &str| match text.trim() {
            "" => Ok(None),
            number => number.parse().map(Some).map_err(|_| Incomplete::Bound),
        };
        match definition.field(&field).map(|field| &field.kind) {
            Some(FieldKind::Integer { .. }) => match (bound(&self.at_least)?, bound(&self.below)?) {
                (None, None) => Err(Incomplete::Bound),
                (at_least, below) => Ok(Comparison::Integer { field, at_least, below }),
            },
            Some(FieldKind::Choice { .. }) if self.values.is_empty() => Err(Incomplete::Values),
            Some(FieldKind::Choice { values }) => {
                // In the order of the declaration; a value that is not declared stays, for the linter to name.
                let known = values.iter().map(|choice| choice.value.clone());
                let known = known.filter(|value| self.values.contains(value)).collect::<Vec<_>>();
                let unknown = self.values.iter().filter(|value| !known.contains(value)).cloned().collect::<Vec<_>>();
                Ok(Comparison::OneOf { field, is, values: [known, unknown].concat() })
            }
            Some(FieldKind::Flag) => Ok(Comparison::Flag { field, is }),
            Some(FieldKind::People { .. }) | None => Err(Incomplete::Field),
        }
    }

    fn shape(&self) -> Self {
        Self { is: self.is, ..Self::of_field(&self.field) }
    }
}

impl ConditionForm {
    /// The form of a condition.
    pub fn of(condition: &Condition) -> Self {
        let written = condition.clone();
        match Cases::of(condition) {
            Some(Cases(cases)) if cases.iter().any(Vec::is_empty) => {
                Self { needed: Needed::Always, cases: Vec::new(), written }
            }
            Some(Cases(cases)) => {
                let cases = cases.iter().map(|case| case.iter().map(Row::of).collect()).collect();
                Self { needed: Needed::InCases, cases, written }
            }
            None => Self { needed: Needed::AsWritten, cases: Vec::new(), written },
        }
    }

    /// The condition, once it is filled in.
    ///
    /// # Errors
    ///
    /// What is still missing.
    pub fn condition(&self, definition: &Definition) -> Result<Condition, Incomplete> {
        if *self == Self::of(&self.written) {
            return Ok(self.written.clone());
        }
        match self.needed {
            Needed::Always => Ok(Condition::Always),
            Needed::AsWritten => Ok(self.written.clone()),
            Needed::InCases => {
                if self.cases.iter().any(Vec::is_empty) || self.cases.is_empty() {
                    return Err(Incomplete::Field);
                }
                let comparison = |row: &Row| row.comparison(definition);
                let case = |rows: &Vec<Row>| rows.iter().map(comparison).collect::<Result<Vec<_>, _>>();
                let cases = self.cases.iter().map(case).collect::<Result<Vec<_>, _>>()?;
                Ok(Cases(cases).condition())
            }
        }
    }

    /// What of it decides which controls stand there: what is typed and ticked is left out.
    pub(super) fn shape(&self) -> Self {
        let cases = self.cases.iter().map(|case| case.iter().map(Row::shape).collect()).collect();
        Self { cases, ..self.clone() }
    }

    fn begin(&mut self, definition: &Definition) {
        if self.cases.is_empty() {
            self.cases.push(vec![first_row(definition)]);
        }
    }
}

/// A row on the first field that can be compared.
fn first_row(definition: &Definition) -> Row {
    Row::of_field(comparable(definition).next().map_or("", |field| &field.key))
}

fn comparable(definition: &Definition) -> impl Iterator<Item = &FormField> {
    definition.fields.iter().filter(|field| !matches!(field.kind, FieldKind::People { .. }))
}

/// What the controls of a condition do.
#[derive(Clone, Copy)]
pub(super) struct ConditionActions {
    /// Puts another form in its place.
    pub(super) change: Callback<ConditionForm>,
    /// Reads the form as it is.
    pub(super) now: Callback<(), ConditionForm>,
}

impl ConditionActions {
    fn write<T: 'static>(self, write: impl Fn(&mut ConditionForm, T) + Send + Sync + 'static) -> Callback<T> {
        Callback::new(move |said: T| {
            let mut form = self.now.run(());
            write(&mut form, said);
            self.change.run(form);
        })
    }

    /// A callback that writes into one row, as long as there is one.
    fn write_row<T: 'static>(
        self,
        (case, row): (usize, usize),
        write: impl Fn(&mut Row, T) + Send + Sync + 'static,
    ) -> Callback<T> {
        self.write(move |form, said| {
            if let Some(row) = form.cases.get_mut(case).and_then(|rows| rows.get_mut(row)) {
                write(row, said);
            }
        })
    }
}

/// The controls of a condition.
pub(super) fn condition_controls(
    locale: Locale,
    definition: &Definition,
    form: &ConditionForm,
    actions: ConditionActions,
) -> AnyView {
    let mut choices = vec![
        Choice::new("always", td_string!(locale, definition.always)),
        Choice::new("cases", td_string!(locale, definition.in_cases)),
    ];
    if ConditionForm::of(&form.written).needed == Needed::AsWritten {
        choices.push(Choice::new("written", td_string!(locale, definition.as_written)));
    }
    let chosen = match form.needed {
        Needed::Always => "always",
        Needed::InCases => "cases",
        Needed::AsWritten => "written",
    };
    let blank = definition.clone();
    let set = actions.write(move |form, name: String| match name.as_str() {
        "cases" => {
            form.needed = Needed::InCases;
            form.begin(&blank);
        }
        "written" => form.needed = Needed::AsWritten,
        _ => form.needed = Needed::Always,
    });
    let rest = match form.needed {
        Needed::Always => ().into_any(),
        Needed::AsWritten => {
            view! { <Callout tone=Tone::Warn>{td_string!(locale, definition.as_written_note)}</Callout> }.into_any()
        }
        Needed::InCases => cases(locale, definition, form, actions),
    };
    view! {
        {segments(td_string!(locale, definition.condition), choices, chosen, set)}
        {rest}
    }
    .into_any()
}

fn cases(locale: Locale, definition: &Definition, form: &ConditionForm, actions: ConditionActions) -> AnyView {
    let several = form.cases.len() > 1;
    let drawn = form.cases.iter().enumerate().map(|(index, rows)| {
        let rows = rows.iter().enumerate();
        let rows = rows.map(|(row, data)| row_controls(locale, definition, (index, row), data, actions)).collect_view();
        let blank = definition.clone();
        let add = actions.write(move |form, ()| {
            if let Some(rows) = form.cases.get_mut(index) {
                rows.push(first_row(&blank));
            }
        });
        let head = several.then(|| {
            let number = index + 1;
            view! { <p class="strong small">{td_string!(locale, definition.case_number, number)}</p> }
        });
        view! {
            <div class="condition-case">
                {head}
                {rows}
                <div>
                    <Button look=Look::Ghost size=Size::Small icon=Icon::Plus on_press=add>
                        {td_string!(locale, definition.add_row)}
                    </Button>
                </div>
            </div>
        }
    });
    let blank = definition.clone();
    let add = actions.write(move |form, ()| form.cases.push(vec![first_row(&blank)]));
    view! {
        {drawn.collect_view()}
        <div>
            <Button look=Look::Ghost size=Size::Small icon=Icon::Plus on_press=add>
                {td_string!(locale, definition.add_case)}
            </Button>
        </div>
    }
    .into_any()
}

fn row_controls(
    locale: Locale,
    definition: &Definition,
    place: (usize, usize),
    row: &Row,
    actions: ConditionActions,
) -> AnyView {
    let id = format!("condition-{}-{}", place.0, place.1);
    let mut fields = comparable(definition).map(|field| Choice::new(&field.key, &field.title)).collect::<Vec<_>>();
    let known = definition.field(&row.field);
    if known.is_none() {
        fields.insert(0, Choice::new(&row.field, &row.field));
    }
    let set = actions.write_row(place, |row, key: String| *row = Row::of_field(&key));
    let field = select(format!("{id}-field"), td_string!(locale, definition.field), fields, &row.field, set);
    let remove = actions.write(move |form, ()| {
        if let Some(rows) = form.cases.get_mut(place.0).filter(|rows| place.1 < rows.len()) {
            rows.remove(place.1);
        }
        form.cases.retain(|rows| !rows.is_empty());
        if form.cases.is_empty() {
            form.needed = Needed::Always;
        }
    });
    let asked = known.map(|field| asked(locale, &id, field, place, row, actions));
    view! {
        <div class="condition-row">
            <div class="condition-field">
                {field}
                <Button look=Look::Ghost size=Size::Small on_press=remove>
                    {td_string!(locale, definition.remove)}
                </Button>
            </div>
            {asked}
        </div>
    }
    .into_any()
}

/// What is asked of the field of a row.
fn asked(
    locale: Locale,
    id: &str,
    field: &FormField,
    place: (usize, usize),
    row: &Row,
    actions: ConditionActions,
) -> AnyView {
    let is = |yes: &'static str, no: &'static str| {
        let choices = vec![Choice::new("is", yes), Choice::new("not", no)];
        let set = actions.write_row(place, |row, said: String| row.is = said == "is");
        segments(td_string!(locale, definition.condition), choices, if row.is { "is" } else { "not" }, set)
    };
    match &field.kind {
        FieldKind::Integer { min, .. } => {
            let (low, high) = (format!("{id}-at-least"), format!("{id}-below"));
            let at_least = actions.write_row(place, |row, typed: String| row.at_least = typed);
            let below = actions.write_row(place, |row, typed: String| row.below = typed);
            let at_least = number_input(low.clone(), row.at_least.clone(), *min, at_least);
            let below = number_input(high.clone(), row.below.clone(), *min, below);
            view! {
                <div class="grid-2">
                    <Field label=td_string!(locale, definition.at_least) control=low>
                        {at_least}
                    </Field>
                    <Field label=td_string!(locale, definition.below) control=high>
                        {below}
                    </Field>
                </div>
            }
            .into_any()
        }
        FieldKind::Choice { values } => {
            let choices = values.iter().map(|choice| Choice::new(&choice.value, &choice.title)).collect();
            let toggle = actions.write_row(place, |row, (value, on): (String, bool)| {
                if on {
                    row.values.insert(value)
                } else {
                    row.values.remove(&value)
                };
            });
            view! {
                {is(td_string!(locale, definition.is_one_of), td_string!(locale, definition.is_none_of))}
                {checks(td_string!(locale, definition.values), choices, |value| row.values.contains(value), toggle)}
            }
            .into_any()
        }
        FieldKind::Flag => is(td_string!(locale, definition.yes), td_string!(locale, definition.no)),
        FieldKind::People { .. } => ().into_any(),
    }
}

#[cfg(test)]
mod tests {
    use app::approval::templates;

    use super::*;

    #[test]
    fn an_untouched_condition_stays_as_it_is_written() {
        let definition = templates::leave();
        let flag = |number: usize| Condition::Flag { field: number.to_string() };
        let deep = Condition::Any((0..40).map(flag).collect());
        let odd = Condition::All(vec![Condition::All(vec![]), Condition::Not(Box::new(Condition::Always))]);
        let written = definition.nodes.iter().map(|node| node.when.clone());
        for condition in written.chain([Condition::Always, deep, odd]) {
            assert_eq!(ConditionForm::of(&condition).condition(&definition), Ok(condition));
        }
    }

    #[test]
    fn a_changed_row_changes_the_condition() {
        let definition = templates::leave();
        let mut form = ConditionForm::of(&definition.nodes[1].when);
        form.cases[0].remove(1);
        form.cases[0][1].at_least = "5".to_owned();
        form.cases.remove(1);
        let condition = form.condition(&definition).expect("it is filled in");
        assert_eq!(condition.text(&definition), "职务类别为一般干警、部门副职且计假半天数≥5");
        form.cases[0][1].below = "x".to_owned();
        assert_eq!(form.condition(&definition), Err(Incomplete::Bound));
        form.cases[0][1] = Row::of_field("leave_type");
        assert_eq!(form.condition(&definition), Err(Incomplete::Values));
        form.needed = Needed::Always;
        assert_eq!(form.condition(&definition), Ok(Condition::Always));
    }
}
