//! A node while it is edited. The form is plain data and becomes a node again once nothing is missing.

use app::approval::api::StepMode;
use app::approval::condition::Condition;
use app::approval::definition::{Deadline, Definition, Mode, Node, NodeKind, Overdue};
use app::org::api::Colleague;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::condition_form::{ConditionActions, ConditionForm, condition_controls};
use super::controls::{group, number_input, segments, select, text_input};
use super::incomplete::Incomplete;
use super::rule_form::{RuleActions, RuleForm, rule_controls};
use super::wait::{Wait, wait_input};
use super::words::{Names, Wording, overdue_text};
use crate::approval::words::mode_text;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Choice, Field, Icon, Look, Size};

/// The modes in the order of the form.
const MODES: [StepMode; 5] = [StepMode::Single, StepMode::All, StepMode::Ratio, StepMode::Any, StepMode::InOrder];

/// A share that most would begin with, in percent.
const USUAL_SHARE: &str = "60";

/// Minutes of a working day, with which a new deadline begins.
const USUAL_DEADLINE: i64 = 24 * 60;

/// A node that is being edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeForm {
    key: String,
    title: String,
    /// Whether its people decide; else they get a copy.
    decides: bool,
    rules: Vec<RuleForm>,
    mode: StepMode,
    /// The share of a ratio, as typed.
    percent: String,
    condition: ConditionForm,
    deadline: Option<(Wait, Overdue)>,
}

impl Default for NodeForm {
    /// The form of a node that nobody has begun.
    fn default() -> Self {
        Self {
            key: String::new(),
            title: String::new(),
            decides: true,
            rules: Vec::new(),
            mode: StepMode::Single,
            percent: USUAL_SHARE.to_owned(),
            condition: ConditionForm::of(&Condition::Always),
            deadline: None,
        }
    }
}

impl NodeForm {
    /// The form of a node.
    pub fn of(node: &Node) -> Self {
        let mode = match &node.kind {
            NodeKind::Decide { mode, .. } => *mode,
            NodeKind::Copy { .. } => Mode::Single,
        };
        let percent = match mode {
            Mode::Ratio { percent } => percent.to_string(),
            _ => USUAL_SHARE.to_owned(),
        };
        let deadline = node.deadline.map(|deadline| (Wait::of(i64::from(deadline.minutes)), deadline.then));
        Self {
            key: node.key.clone(),
            title: node.title.clone(),
            decides: matches!(node.kind, NodeKind::Decide { .. }),
            rules: node.kind.rules().iter().map(RuleForm::of).collect(),
            mode: mode.into(),
            percent,
            condition: ConditionForm::of(&node.when),
            deadline,
        }
    }

    /// The node, once it is filled in.
    ///
    /// # Errors
    ///
    /// The first thing that is missing, from the top of the form.
    pub fn node(&self, definition: &Definition) -> Result<Node, Incomplete> {
        let title = self.title.trim().to_owned();
        if title.is_empty() {
            return Err(Incomplete::Title);
        }
        let rules = self.rules.iter().map(RuleForm::rule).collect::<Result<Vec<_>, _>>()?;
        if rules.is_empty() {
            return Err(Incomplete::Rules);
        }
        let kind = if self.decides {
            NodeKind::Decide { approvers: rules, mode: self.mode()? }
        } else {
            NodeKind::Copy { to: rules }
        };
        let when = self.condition.condition(definition)?;
        let deadline = match &self.deadline {
            Some((wait, then)) => {
                let minutes = wait.minutes().filter(|minutes| *minutes > 0);
                let minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok()).ok_or(Incomplete::Deadline)?;
                Some(Deadline { minutes, then: *then })
            }
            None => None,
        };
        Ok(Node { key: self.key.clone(), title, when, kind, deadline })
    }

    fn mode(&self) -> Result<Mode, Incomplete> {
        Ok(match self.mode {
            StepMode::Single => Mode::Single,
            StepMode::All => Mode::All,
            StepMode::Any => Mode::Any,
            StepMode::InOrder => Mode::InOrder,
            StepMode::Ratio => {
                let percent = self.percent.trim().parse().ok().filter(|percent| (1..=100).contains(percent));
                Mode::Ratio { percent: percent.ok_or(Incomplete::Ratio)? }
            }
        })
    }

    /// Names the person of a rule, by its place.
    pub fn name_officer(&mut self, rule: usize, person: &Colleague) {
        if let Some(rule) = self.rules.get_mut(rule) {
            rule.name_officer(person);
        }
    }

    /// What of it decides which controls stand there, so that typing draws nothing anew.
    fn shape(&self) -> Self {
        let deadline =
            self.deadline.as_ref().map(|(wait, then)| (Wait { amount: String::new(), ..wait.clone() }, *then));
        Self {
            key: self.key.clone(),
            title: String::new(),
            decides: self.decides,
            rules: self.rules.iter().map(RuleForm::shape).collect(),
            mode: self.mode,
            percent: String::new(),
            condition: self.condition.shape(),
            deadline,
        }
    }
}

/// What can be done with the form of a node; the page does it.
#[derive(Clone, Copy)]
pub struct NodeFormActions {
    /// Looks for the person of a rule, by its place.
    pub pick: Callback<usize>,
    /// Puts the node into the definition.
    pub done: Callback<()>,
    /// Gives the changes up.
    pub cancel: Callback<()>,
}

/// The form of a node of this definition.
pub fn node_form(
    locale: Locale,
    definition: &Definition,
    names: Signal<Names>,
    form: RwSignal<NodeForm>,
    actions: NodeFormActions,
) -> AnyView {
    let shape = Memo::new(move |_| form.with(NodeForm::shape));
    let drawn = definition.clone();
    let controls = move || {
        // A memo that nobody has read yet follows nothing.
        shape.with(|_| ());
        names.with(|names| form.with_untracked(|now| controls(locale, &drawn, names, now, form, actions.pick)))
    };
    let judged = definition.clone();
    let missing = Memo::new(move |_| form.with(|form| form.node(&judged).err()));
    let spoken = definition.clone();
    let sentence = move || {
        form.with(|form| form.condition.condition(&spoken).ok()).map(|condition| {
            let text = names.with(|names| Wording { locale, definition: &spoken, names }.condition(&condition));
            view! { <p class="condition-text">{td_string!(locale, definition.applies_when, text)}</p> }
        })
    };
    let incomplete = Signal::derive(move || missing.get().is_some());
    view! {
        <div class="node-form">
            {controls} {sentence} <div class="button-bar">
                <Button look=Look::Secondary on_press=actions.cancel>
                    {td_string!(locale, common.cancel)}
                </Button>
                <Button disabled=incomplete on_press=actions.done>
                    {td_string!(locale, definition.node_done)}
                </Button>
            </div>
            {move || missing.get().map(|missing| view! { <p class="field-hint" role="status">{missing.text(locale)}</p> })}
        </div>
    }
    .into_any()
}

fn controls(
    locale: Locale,
    definition: &Definition,
    names: &Names,
    now: &NodeForm,
    form: RwSignal<NodeForm>,
    pick: Callback<usize>,
) -> AnyView {
    let title = Callback::new(move |title| form.update(|form| form.title = title));
    let kinds = vec![
        Choice::new("decide", td_string!(locale, definition.decides)),
        Choice::new("copy", td_string!(locale, definition.copies)),
    ];
    let set_kind = Callback::new(move |kind: String| form.update(|form| form.decides = kind == "decide"));
    let kind = if now.decides { "decide" } else { "copy" };
    let who =
        if now.decides { td_string!(locale, definition.approvers) } else { td_string!(locale, definition.copy_to) };
    let condition = ConditionActions {
        change: Callback::new(move |condition| form.update(|form| form.condition = condition)),
        now: Callback::new(move |()| form.with_untracked(|form| form.condition.clone())),
    };
    let when = condition_controls(locale, definition, &now.condition, condition);
    let title = text_input("node-title".to_owned(), now.title.clone(), title);
    view! {
        <Field label=td_string!(locale, definition.node_title) control="node-title">
            {title}
        </Field>
        {segments(td_string!(locale, definition.node_kind), kinds, kind, set_kind)}
        {group(who, "", rules(locale, definition, names, now, form, pick))}
        {now.decides.then(|| mode(locale, now, form))}
        {group(td_string!(locale, definition.condition), "", when)}
        {now.decides.then(|| deadline(locale, now, form))}
    }
    .into_any()
}

fn rules(
    locale: Locale,
    definition: &Definition,
    names: &Names,
    now: &NodeForm,
    form: RwSignal<NodeForm>,
    pick: Callback<usize>,
) -> AnyView {
    let several = now.rules.len() > 1;
    let drawn = now.rules.iter().enumerate().map(|(index, rule)| {
        let read = move |()| form.with_untracked(|form| form.rules.get(index).cloned().unwrap_or_default());
        let change = move |rule| {
            form.update(|form| {
                if let Some(place) = form.rules.get_mut(index) {
                    *place = rule;
                }
            });
        };
        let actions = RuleActions {
            change: Callback::new(change),
            now: Callback::new(read),
            pick: Callback::new(move |()| pick.run(index)),
        };
        let remove = move |()| {
            form.update(|form| {
                if index < form.rules.len() {
                    form.rules.remove(index);
                }
            });
        };
        let remove = several.then(|| {
            view! {
                <Button look=Look::Ghost size=Size::Small on_press=Callback::new(remove)>
                    {td_string!(locale, definition.remove)}
                </Button>
            }
        });
        let controls = rule_controls(locale, definition, names, &format!("rule-{index}"), rule, actions);
        view! { <div class="rule">{controls} {remove}</div> }
    });
    let add = Callback::new(move |()| form.update(|form| form.rules.push(RuleForm::default())));
    view! {
        {drawn.collect_view()}
        <div>
            <Button look=Look::Ghost size=Size::Small icon=Icon::Plus on_press=add>
                {td_string!(locale, definition.add_rule)}
            </Button>
        </div>
    }
    .into_any()
}

fn mode(locale: Locale, now: &NodeForm, form: RwSignal<NodeForm>) -> AnyView {
    let choices = MODES.iter().zip(0..).map(|(mode, place)| Choice::new(place.to_string(), mode_text(locale, *mode)));
    let chosen = MODES.iter().position(|mode| *mode == now.mode).unwrap_or_default().to_string();
    let set = Callback::new(move |place: String| {
        let mode = place.parse().ok().and_then(|place: usize| MODES.get(place).copied());
        form.update(|form| form.mode = mode.unwrap_or(form.mode));
    });
    let hint = match now.mode {
        StepMode::Single => td_string!(locale, definition.hint_single),
        StepMode::All => td_string!(locale, definition.hint_all),
        StepMode::Ratio => td_string!(locale, definition.hint_ratio),
        StepMode::Any => td_string!(locale, definition.hint_any),
        StepMode::InOrder => td_string!(locale, definition.hint_in_order),
    };
    let percent = (now.mode == StepMode::Ratio).then(|| {
        let set = Callback::new(move |percent| form.update(|form| form.percent = percent));
        let percent = number_input("node-percent".to_owned(), now.percent.clone(), 1, set);
        view! {
            <Field label=td_string!(locale, definition.percent) control="node-percent">
                {percent}
            </Field>
        }
    });
    let mode = select("node-mode".to_owned(), "", choices.collect(), &chosen, set);
    view! {
        <Field label=td_string!(locale, definition.mode) control="node-mode" hint=hint>
            {mode}
        </Field>
        {percent}
    }
    .into_any()
}

fn deadline(locale: Locale, now: &NodeForm, form: RwSignal<NodeForm>) -> AnyView {
    let title = td_string!(locale, definition.deadline);
    let choices = vec![
        Choice::new("none", td_string!(locale, definition.no_deadline)),
        Choice::new("some", td_string!(locale, definition.with_deadline)),
    ];
    let set = Callback::new(move |said: String| {
        form.update(|form| {
            let begun = form.deadline.take().unwrap_or((Wait::of(USUAL_DEADLINE), Overdue::Remind));
            form.deadline = (said == "some").then_some(begun);
        });
    });
    let chosen = if now.deadline.is_some() { "some" } else { "none" };
    let rest = now.deadline.as_ref().map(|(wait, then)| {
        let set_wait = Callback::new(move |typed| {
            form.update(|form| {
                if let Some((wait, _)) = &mut form.deadline {
                    *wait = typed;
                }
            });
        });
        let thens = [(Overdue::Remind, "remind"), (Overdue::Escalate, "escalate")];
        let choices = thens.map(|(then, name)| Choice::new(name, overdue_text(locale, then))).to_vec();
        let set_then = Callback::new(move |said: String| {
            form.update(|form| {
                if let (Some((_, then)), Some((said, _))) =
                    (&mut form.deadline, thens.into_iter().find(|(_, name)| *name == said))
                {
                    *then = said;
                }
            });
        });
        let chosen = if *then == Overdue::Remind { "remind" } else { "escalate" };
        view! {
            {wait_input(locale, "node-deadline", wait, set_wait)}
            {select("node-overdue".to_owned(), td_string!(locale, definition.overdue), choices, chosen, set_then)}
        }
    });
    let content = view! {
        {segments(title, choices, chosen, set)}
        {rest}
    };
    group(title, "", content.into_any())
}

#[cfg(test)]
mod tests {
    use app::approval::definition::ApproverRule;
    use app::approval::templates;

    use super::*;

    #[test]
    fn every_kind_of_node_goes_through_its_form() {
        let definition = templates::leave();
        let mut nodes = definition.nodes.clone();
        for mode in [Mode::All, Mode::Ratio { percent: 67 }, Mode::Any, Mode::InOrder] {
            let approvers = vec![ApproverRule::Overseer, ApproverRule::Leader { levels: 3 }];
            let deadline = Some(Deadline { minutes: 90, then: Overdue::Escalate });
            nodes.push(Node { kind: NodeKind::Decide { approvers, mode }, deadline, ..nodes[1].clone() });
        }
        nodes.push(Node { kind: NodeKind::Copy { to: vec![ApproverRule::Overseer] }, ..nodes[0].clone() });
        for node in nodes {
            assert_eq!(NodeForm::of(&node).node(&definition), Ok(node));
        }
    }

    #[test]
    fn what_is_missing_is_said_from_the_top() {
        let definition = templates::leave();
        let begun = NodeForm { mode: StepMode::Ratio, ..NodeForm::of(&definition.nodes[1]) };
        let missing = |change: &dyn Fn(&mut NodeForm)| {
            let mut form = begun.clone();
            change(&mut form);
            form.node(&definition).err()
        };
        assert_eq!(missing(&|_| ()), None, "a ratio begins with a usual share");
        assert_eq!(missing(&|form| form.title = " ".to_owned()), Some(Incomplete::Title));
        assert_eq!(missing(&|form| form.rules.clear()), Some(Incomplete::Rules));
        for share in ["", "0", "101", "66.7"] {
            assert_eq!(missing(&|form| form.percent = share.to_owned()), Some(Incomplete::Ratio));
        }
        let zero = || Some((Wait::of(0), Overdue::Remind));
        assert_eq!(missing(&|form| form.deadline = zero()), Some(Incomplete::Deadline));
    }
}
