//! A definition in words, as a clerk would read it out. Conditions are put into words by the engine.

use std::collections::BTreeMap;

use app::approval::condition::Condition;
use app::approval::definition::{ApproverRule, Deadline, Definition, Mode, NodeKind, Overdue, Unit};

use super::wait::minutes_text;
use crate::account::view::role_name;
use crate::approval::words::mode_text;
use crate::i18n::{Locale, td_string};
use crate::json;

/// The names of officers, by 工号, as far as they have been looked up.
pub type Names = BTreeMap<String, String>;

/// What is needed to put a definition into words.
#[derive(Clone, Copy, Debug)]
pub struct Wording<'a> {
    /// The language.
    pub locale: Locale,
    /// The definition that is read, for the titles of its fields.
    pub definition: &'a Definition,
    /// The names of the officers in it.
    pub names: &'a Names,
}

impl Wording<'_> {
    /// Who acts by this rule.
    pub fn rule(self, rule: &ApproverRule) -> String {
        let locale = self.locale;
        match rule {
            ApproverRule::Officer { officer } => match self.names.get(officer) {
                Some(name) => td_string!(locale, definition.rule_officer_named, name = name.clone()),
                None => td_string!(locale, definition.rule_officer, officer = officer.clone()),
            },
            ApproverRule::Post { class, unit } => {
                td_string!(locale, definition.rule_of_unit, unit = self.unit(unit), who = class.text())
            }
            ApproverRule::Leader { levels } => leader_text(locale, *levels),
            ApproverRule::Overseer => td_string!(locale, definition.rule_overseer).to_owned(),
            ApproverRule::Role { role, unit } => {
                td_string!(locale, definition.rule_of_unit, unit = self.unit(unit), who = role_name(locale, *role))
            }
            ApproverRule::Chosen { field } => {
                let field = self.definition.title_of(field).to_owned();
                td_string!(locale, definition.rule_chosen, field)
            }
        }
    }

    fn unit(self, unit: &Unit) -> String {
        match unit {
            Unit::NamedDepartment { name } => {
                td_string!(self.locale, definition.unit_named, name = name.clone())
            }
            other => unit_text(self.locale, other).to_owned(),
        }
    }

    /// When a node is needed.
    pub fn condition(self, condition: &Condition) -> String {
        match condition {
            Condition::Always => td_string!(self.locale, definition.always).to_owned(),
            other => other.text(self.definition),
        }
    }

    /// Everybody who acts at a node: in order where one acts after the other.
    pub fn people(self, kind: &NodeKind) -> String {
        let join = match kind {
            NodeKind::Decide { mode: Mode::InOrder, .. } => td_string!(self.locale, definition.join_in_order),
            NodeKind::Decide { mode: Mode::Single, .. } => td_string!(self.locale, definition.join_else),
            _ => td_string!(self.locale, common.list_comma),
        };
        let people = kind.rules().iter().map(|rule| self.rule(rule)).collect::<Vec<_>>();
        if people.is_empty() { td_string!(self.locale, definition.nobody).to_owned() } else { people.join(join) }
    }
}

/// A unit whose name the definition does not say.
pub fn unit_text(locale: Locale, unit: &Unit) -> &'static str {
    match unit {
        Unit::Department => td_string!(locale, definition.unit_department),
        Unit::Court => td_string!(locale, definition.unit_court),
        Unit::CourtAbove => td_string!(locale, definition.unit_court_above),
        Unit::NamedDepartment { .. } => td_string!(locale, definition.unit_named_department),
    }
}

/// The leader so many levels up.
pub fn leader_text(locale: Locale, levels: u8) -> String {
    let who = match levels {
        0 => return td_string!(locale, definition.nobody).to_owned(),
        1 => td_string!(locale, definition.leader_head),
        2 => td_string!(locale, definition.leader_overseer),
        3 => td_string!(locale, definition.leader_president),
        4 => td_string!(locale, definition.leader_president_above),
        _ => td_string!(locale, definition.leader_higher),
    };
    td_string!(locale, definition.rule_leader, levels, who)
}

/// How the members of a node decide together.
pub fn mode_words(locale: Locale, mode: Mode) -> String {
    match mode {
        Mode::Ratio { percent } => td_string!(locale, definition.mode_ratio_of, percent),
        other => mode_text(locale, other.into()).to_owned(),
    }
}

/// How long a task may wait and what happens then.
pub fn deadline_text(locale: Locale, deadline: Deadline) -> String {
    let wait = minutes_text(locale, i64::from(deadline.minutes));
    td_string!(locale, definition.deadline_of, wait, then = overdue_text(locale, deadline.then))
}

/// What happens past a deadline.
pub fn overdue_text(locale: Locale, then: Overdue) -> &'static str {
    match then {
        Overdue::Remind => td_string!(locale, definition.then_remind),
        Overdue::Escalate => td_string!(locale, definition.then_escalate),
    }
}

/// A version's number: `第 3 版`, or that it came with the program.
pub fn version_text(locale: Locale, version: i32) -> String {
    if version == 0 {
        td_string!(locale, definition.builtin).to_owned()
    } else {
        td_string!(locale, definition.version, version)
    }
}

/// The name of a form's definitions' file.
pub fn file_name(locale: Locale, form: &str, version: Option<i32>) -> String {
    let form = form.to_owned();
    match version {
        Some(version) => td_string!(locale, definition.file_of_version, form, version),
        None => td_string!(locale, definition.file_of_draft, form),
    }
}

/// What is wrong at a place of a file.
pub fn fault_text(locale: Locale, fault: &json::Error) -> String {
    match fault {
        json::Error::UnknownVariant(name) => td_string!(locale, definition.file_unknown_value, name = name.clone()),
        json::Error::UnknownField(name) => td_string!(locale, definition.file_unknown_field, name = name.clone()),
        json::Error::MissingField(name) => td_string!(locale, definition.file_missing_field, name = name.clone()),
        json::Error::DuplicateField(name) => td_string!(locale, definition.file_duplicate_field, name = name.clone()),
        json::Error::Expected(_) | json::Error::Other(_) => td_string!(locale, definition.file_wrong_value).to_owned(),
    }
}
