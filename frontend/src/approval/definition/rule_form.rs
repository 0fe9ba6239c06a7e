//! One rule of a node while it is edited: who acts, seen from the applicant.

use app::account::rules::Role;
use app::approval::definition::{ApproverRule, Definition, FieldKind, Unit};
use app::org::api::Colleague;
use app::org::rules::{POLITICAL_DEPARTMENT, PostClass};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::controls::{select, text_input};
use super::incomplete::Incomplete;
use super::words::{Names, leader_text, unit_text};
use crate::account::view::role_name;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Choice, Field, Icon, Look, Size};

/// The most levels that a form offers: the president of the high court, seen from a basic court, and one to spare.
const MOST_LEVELS: u8 = 6;

/// A kind of rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleKind {
    /// A leader so many levels up.
    Leader,
    /// 分管院领导.
    Overseer,
    /// Who holds a post in a unit.
    Post,
    /// Who holds a role in a unit.
    Role,
    /// A certain person.
    Officer,
    /// Whom the applicant chooses.
    Chosen,
}

impl RuleKind {
    const ALL: [Self; 6] = [Self::Leader, Self::Overseer, Self::Post, Self::Role, Self::Officer, Self::Chosen];

    fn as_str(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Overseer => "overseer",
            Self::Post => "post",
            Self::Role => "role",
            Self::Officer => "officer",
            Self::Chosen => "chosen",
        }
    }

    fn text(self, locale: Locale) -> &'static str {
        match self {
            Self::Leader => td_string!(locale, definition.kind_leader),
            Self::Overseer => td_string!(locale, definition.rule_overseer),
            Self::Post => td_string!(locale, definition.kind_post),
            Self::Role => td_string!(locale, definition.kind_role),
            Self::Officer => td_string!(locale, definition.kind_officer),
            Self::Chosen => td_string!(locale, definition.kind_chosen),
        }
    }
}

/// A rule that is being edited: its kind, and what each kind asks for, kept while another kind is tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleForm {
    kind: RuleKind,
    levels: u8,
    class: PostClass,
    role: Role,
    unit: Unit,
    /// The department's name, as typed.
    department: String,
    /// The 工号 of a certain person; empty while none is chosen.
    officer: String,
    /// The key of a field of people; empty while none is chosen.
    field: String,
}

impl Default for RuleForm {
    fn default() -> Self {
        Self {
            kind: RuleKind::Leader,
            levels: 1,
            class: PostClass::DepartmentHead,
            role: Role::Hr,
            unit: Unit::Department,
            department: POLITICAL_DEPARTMENT.to_owned(),
            officer: String::new(),
            field: String::new(),
        }
    }
}

impl RuleForm {
    /// The form of a rule.
    pub fn of(rule: &ApproverRule) -> Self {
        let form = Self::default();
        let at = |unit: &Unit| match unit {
            Unit::NamedDepartment { name } => (unit.clone(), name.clone()),
            _ => (unit.clone(), POLITICAL_DEPARTMENT.to_owned()),
        };
        match rule {
            ApproverRule::Officer { officer } => Self { kind: RuleKind::Officer, officer: officer.clone(), ..form },
            ApproverRule::Post { class, unit } => {
                let (unit, department) = at(unit);
                Self { kind: RuleKind::Post, class: *class, unit, department, ..form }
            }
            ApproverRule::Leader { levels } => Self { levels: *levels, ..form },
            ApproverRule::Overseer => Self { kind: RuleKind::Overseer, ..form },
            ApproverRule::Role { role, unit } => {
                let (unit, department) = at(unit);
                Self { kind: RuleKind::Role, role: *role, unit, department, ..form }
            }
            ApproverRule::Chosen { field } => Self { kind: RuleKind::Chosen, field: field.clone(), ..form },
        }
    }

    /// The rule, once it is filled in.
    ///
    /// # Errors
    ///
    /// What is still missing.
    pub fn rule(&self) -> Result<ApproverRule, Incomplete> {
        let filled = |text: &String, missing| {
            let text = text.trim();
            if text.is_empty() { Err(missing) } else { Ok(text.to_owned()) }
        };
        let unit = || match &self.unit {
            Unit::NamedDepartment { .. } => {
                Ok(Unit::NamedDepartment { name: filled(&self.department, Incomplete::Department)? })
            }
            other => Ok(other.clone()),
        };
        Ok(match self.kind {
            RuleKind::Leader => ApproverRule::Leader { levels: self.levels },
            RuleKind::Overseer => ApproverRule::Overseer,
            RuleKind::Post => ApproverRule::Post { class: self.class, unit: unit()? },
            RuleKind::Role => ApproverRule::Role { role: self.role, unit: unit()? },
            RuleKind::Officer => ApproverRule::Officer { officer: filled(&self.officer, Incomplete::Person)? },
            RuleKind::Chosen => ApproverRule::Chosen { field: filled(&self.field, Incomplete::Field)? },
        })
    }

    /// What of it decides which controls stand there: what is typed, and what is chosen from a list of its own, is left
    /// out.
    pub(super) fn shape(&self) -> Self {
        Self {
            levels: 1,
            class: PostClass::Staff,
            role: Role::Hr,
            department: String::new(),
            field: String::new(),
            ..self.clone()
        }
    }

    /// Names a certain person.
    pub fn name_officer(&mut self, person: &Colleague) {
        self.officer.clone_from(&person.officer);
    }
}

/// What a rule's controls do: change the rule, or look for a person.
#[derive(Clone, Copy)]
pub(super) struct RuleActions {
    /// Puts another form in its place.
    pub(super) change: Callback<RuleForm>,
    /// Reads the form as it is.
    pub(super) now: Callback<(), RuleForm>,
    /// Looks for a person.
    pub(super) pick: Callback<()>,
}

impl RuleActions {
    /// A callback that writes what a control says into the rule.
    fn write(self, write: impl Fn(&mut RuleForm, String) + Send + Sync + 'static) -> Callback<String> {
        Callback::new(move |said: String| {
            let mut form = self.now.run(());
            write(&mut form, said);
            self.change.run(form);
        })
    }
}

/// The controls of a rule. `id` is the beginning of theirs.
pub(super) fn rule_controls(
    locale: Locale,
    definition: &Definition,
    names: &Names,
    id: &str,
    form: &RuleForm,
    actions: RuleActions,
) -> AnyView {
    let has_people = |kind: &RuleKind| {
        *kind != RuleKind::Chosen || form.kind == RuleKind::Chosen || people_fields(definition).next().is_some()
    };
    let kinds = RuleKind::ALL.into_iter().filter(has_people);
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), kind.text(locale))).collect();
    let set_kind = actions.write(|form, name| {
        form.kind = RuleKind::ALL.into_iter().find(|kind| kind.as_str() == name).unwrap_or(form.kind);
    });
    let kind = select(format!("{id}-kind"), td_string!(locale, definition.rule), kinds, form.kind.as_str(), set_kind);
    let rest = match form.kind {
        RuleKind::Overseer => ().into_any(),
        RuleKind::Leader => levels(locale, id, form, actions),
        RuleKind::Post => {
            let classes = PostClass::ALL.iter().map(|class| Choice::new(class.as_str(), class.text())).collect();
            let set = actions.write(|form, name| form.class = PostClass::parse(&name).unwrap_or(form.class));
            let label = td_string!(locale, definition.post_class);
            let class = select(format!("{id}-class"), label, classes, form.class.as_str(), set);
            view! { {unit(locale, id, form, actions)} {class} }.into_any()
        }
        RuleKind::Role => {
            // Everybody is an officer, a class teacher is one of a class, not of a unit, and a clerk decides nothing.
            let asked = |role: &Role| !matches!(role, Role::Officer | Role::ClassTeacher | Role::DepartmentClerk);
            let roles = Role::ALL.into_iter().filter(asked);
            let roles = roles.map(|role| Choice::new(role.as_str(), role_name(locale, role))).collect();
            let set = actions.write(|form, name| form.role = Role::parse(&name).unwrap_or(form.role));
            let label = td_string!(locale, definition.kind_role);
            let role = select(format!("{id}-role"), label, roles, form.role.as_str(), set);
            view! { {unit(locale, id, form, actions)} {role} }.into_any()
        }
        RuleKind::Officer => person(locale, names, form, actions),
        RuleKind::Chosen => {
            let fields = people_fields(definition).map(|(key, title)| Choice::new(key, title));
            let none = Choice::new("", td_string!(locale, definition.choose));
            let fields = [none].into_iter().chain(fields).collect();
            let set = actions.write(|form, key| form.field = key);
            let label = td_string!(locale, definition.kind_chosen);
            select(format!("{id}-field"), label, fields, &form.field, set)
        }
    };
    view! { <div class="rule-controls">{kind} {rest}</div> }.into_any()
}

fn people_fields(definition: &Definition) -> impl Iterator<Item = (&str, &str)> {
    let people = definition.fields.iter().filter(|field| matches!(field.kind, FieldKind::People { .. }));
    people.map(|field| (field.key.as_str(), field.title.as_str()))
}

fn levels(locale: Locale, id: &str, form: &RuleForm, actions: RuleActions) -> AnyView {
    let most = MOST_LEVELS.max(form.levels);
    let levels = (1..=most).map(|levels| Choice::new(levels.to_string(), leader_text(locale, levels))).collect();
    let set = actions.write(|form, levels| form.levels = levels.parse().unwrap_or(form.levels));
    let label = td_string!(locale, definition.kind_leader);
    select(format!("{id}-levels"), label, levels, &form.levels.to_string(), set)
}

/// The units of the form, in its order; the named department as yet without its name.
fn units() -> [Unit; 4] {
    [Unit::Department, Unit::Court, Unit::CourtAbove, Unit::NamedDepartment { name: String::new() }]
}

fn unit(locale: Locale, id: &str, form: &RuleForm, actions: RuleActions) -> AnyView {
    let is = |unit: &Unit| std::mem::discriminant(unit) == std::mem::discriminant(&form.unit);
    let chosen = units().iter().position(is).unwrap_or_default().to_string();
    let choices = units().into_iter().enumerate();
    let choices = choices.map(|(index, unit)| Choice::new(index.to_string(), unit_text(locale, &unit))).collect();
    let set = actions.write(move |form, index| {
        let unit = index.parse().ok().and_then(|index: usize| units().into_iter().nth(index));
        form.unit = unit.unwrap_or(Unit::Department);
    });
    let label = td_string!(locale, definition.unit_of);
    let department = matches!(form.unit, Unit::NamedDepartment { .. }).then(|| {
        let control = format!("{id}-department");
        let set = actions.write(|form, name| form.department = name);
        let name = text_input(control.clone(), form.department.clone(), set);
        view! {
            <Field label=td_string!(locale, definition.department) control>
                {name}
            </Field>
        }
    });
    view! { {select(format!("{id}-unit"), label, choices, &chosen, set)} {department} }.into_any()
}

fn person(locale: Locale, names: &Names, form: &RuleForm, actions: RuleActions) -> AnyView {
    let (chosen, text) = if form.officer.is_empty() {
        (None, td_string!(locale, definition.pick_person))
    } else {
        let name = names.get(&form.officer).cloned();
        let name =
            name.unwrap_or_else(|| td_string!(locale, definition.officer_number, officer = form.officer.clone()));
        (Some(name), td_string!(locale, definition.pick_another))
    };
    view! {
        <div class="row">
            {chosen.map(|name| view! { <span class="strong">{name}</span> })}
            <Button look=Look::Secondary size=Size::Small icon=Icon::Person on_press=actions.pick>
                {text}
            </Button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_rule_goes_through_its_form() {
        let named = Unit::NamedDepartment { name: "立案庭".to_owned() };
        let mut rules = vec![
            ApproverRule::Officer { officer: "200004".to_owned() },
            ApproverRule::Overseer,
            ApproverRule::Leader { levels: 9 },
            ApproverRule::Chosen { field: "leaders".to_owned() },
        ];
        for unit in [Unit::Department, Unit::Court, Unit::CourtAbove, named] {
            rules.push(ApproverRule::Post { class: PostClass::President, unit: unit.clone() });
            rules.push(ApproverRule::Role { role: Role::Auditor, unit });
        }
        for rule in rules {
            assert_eq!(RuleForm::of(&rule).rule(), Ok(rule));
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let of = |kind| RuleForm { kind, department: " ".to_owned(), ..RuleForm::default() }.rule();
        assert_eq!(of(RuleKind::Officer), Err(Incomplete::Person));
        assert_eq!(of(RuleKind::Chosen), Err(Incomplete::Field));
        let unit = Unit::NamedDepartment { name: "旧名".to_owned() };
        let form = RuleForm { kind: RuleKind::Post, unit, department: " ".to_owned(), ..RuleForm::default() };
        assert_eq!(form.rule(), Err(Incomplete::Department));
    }
}
