//! 审批流程: the forms, a definition to read and to edit, the linter, the trial, versions, settings.

use std::collections::BTreeMap;

use app::approval::api::{
    ApprovalSettings, DefinitionFault, DefinitionItem, DefinitionVersion, DefinitionView, FormValue, Linted, Simulated,
    SimulatedMember, SimulatedNode, StepMode,
};
use app::approval::condition::Condition;
use app::approval::definition::{
    ApproverRule, Deadline, Definition, Field, FieldKind, Mode, Node, NodeKind, Overdue, Unit,
};
use app::approval::templates;
use app::org::rules::PostClass;
use frontend::approval::definition::draft::Draft;
use frontend::approval::definition::faults::{Check, at_node};
use frontend::approval::definition::file;
use frontend::approval::definition::node_form::{NodeForm, NodeFormActions, node_form};
use frontend::approval::definition::save::{SaveActions, Standing, save_card};
use frontend::approval::definition::settings::{SettingsForm, settings_card};
use frontend::approval::definition::simulation::{Trial, TrialActions, trial_form, trial_result};
use frontend::approval::definition::view::{NodeActions, Working, forms, nodes, versions};
use frontend::approval::definition::words::{Names, Wording};
use frontend::i18n::Locale;
use frontend::kit::Tab;
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

const ZH: Locale = Locale::zh_CN;

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

fn version(number: i32) -> DefinitionVersion {
    DefinitionVersion {
        version: number,
        name: "请假审批".to_owned(),
        made_at: (number > 0).then(|| facts::at(19, 9, 30)),
        made_by: (number > 0).then(|| "杨管理".to_owned()),
    }
}

fn names() -> Names {
    Names::from([("200004".to_owned(), "王庭长（民事审判第一庭）".to_owned())])
}

/// The definition of leave with a node of every mode, a copy and a deadline.
fn long() -> Definition {
    let mut definition = templates::leave();
    let named = |name: &str| Unit::NamedDepartment { name: name.to_owned() };
    let node = |key: &str, title: &str, kind: NodeKind| Node {
        key: key.to_owned(),
        title: title.to_owned(),
        when: Condition::Always,
        kind,
        deadline: Some(Deadline { minutes: 2880, then: Overdue::Escalate }),
    };
    let officer = |number: &str| ApproverRule::Officer { officer: number.to_owned() };
    let post = |class, unit| ApproverRule::Post { class, unit };
    let staff = post(PostClass::Staff, named("政治部"));
    let heads = vec![post(PostClass::DepartmentHead, named("立案庭")), officer("200004"), officer("200099")];
    definition.nodes.push(node("hr", "政治部审核", NodeKind::Decide { approvers: vec![staff], mode: Mode::Any }));
    let mode = Mode::Ratio { percent: 60 };
    definition.nodes.push(node("council", "会商", NodeKind::Decide { approvers: heads.clone(), mode }));
    definition.nodes.push(node("order", "逐级会签", NodeKind::Decide { approvers: heads, mode: Mode::InOrder }));
    let role = ApproverRule::Role { role: app::account::rules::Role::Hr, unit: Unit::CourtAbove };
    definition.nodes.push(node("copy", "抄送上级政治部", NodeKind::Copy { to: vec![role] }));
    definition
}

fn actions() -> NodeActions {
    NodeActions { edit: nothing(), remove: nothing(), shift: nothing(), add: nothing() }
}

fn fault(code: &str, node: Option<&str>, blocking: bool, text: &str) -> DefinitionFault {
    DefinitionFault {
        code: code.to_owned(),
        node: node.map(str::to_owned),
        field: None,
        example: None,
        blocking,
        text: text.to_owned(),
    }
}

fn linted() -> Linted {
    let empty = |unit: &str| {
        fault("empty_approver", Some("overseer"), false, &format!("{unit}申请时，节点“分管院领导审批”找不到审批人"))
    };
    let mut faults = vec![
        fault("gap", None, true, "职务类别为院长时没有节点审批，请补上条件"),
        fault("no_approver", Some("department_head"), true, "节点“部门负责人审批”没有可用的审批人规则，请至少选择一个"),
    ];
    faults.extend(["立案庭", "刑事审判庭", "执行局", "办公室", "法警支队"].map(empty));
    Linted { total: 7, faults }
}

#[test]
fn forms_lead_to_their_definitions() {
    let items = [3, 0].map(|number| DefinitionItem { form: "leave".to_owned(), version: version(number) });
    let settings = ApprovalSettings { urge_after_minutes: 120, urge_every_minutes: 720, take_back: true };
    let html = draw("definitions", || {
        let form = RwSignal::new(SettingsForm::of(settings));
        let content = view! {
            {forms(facts::words(), &items)}
            {settings_card(ZH, RwSignal::new(settings).into(), form, false.into(), nothing())}
        };
        in_frame("审批流程", Tab::Me, content.into_any())
    });
    assert!(html.contains("第 3 版") && html.contains("系统自带") && html.contains(r#"href="/definitions/leave""#));
    insta::assert_snapshot!(html);
}

#[test]
fn a_definition_reads_like_a_list() {
    let definition = long();
    let html = draw("definition", || {
        let wording = Wording { locale: ZH, definition: &definition, names: &names() };
        let items = [version(3), version(2), version(0)];
        let content = view! {
            <div class="columns">
                {nodes(wording, None)} {versions(facts::words(), &items, Some(3), 3, nothing())}
            </div>
        };
        in_frame("请假审批", Tab::Me, content.into_any())
    });
    for words in [
        "上 2 级领导（分管院领导）",
        "（职务类别为一般干警、部门副职且不满足（假别为外出报备）且计假半天数≥3）或职务类别为部门负责人",
        "会签 · 60% 同意即通过",
        "本院立案庭的部门负责人 → 王庭长（民事审判第一庭） → 工号 200099",
        "2 天未办理，转给下一顺位的人",
        "上级法院的政治部",
        "第 3 版 · 现行",
    ] {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains("上移"), "what is only read has no tools");
    insta::assert_snapshot!(html);
}

fn standing(check: Check) -> Standing {
    let view = DefinitionView {
        form: "leave".to_owned(),
        version: 3,
        current: 3,
        definition: templates::leave(),
        versions: vec![version(3), version(0)],
    };
    let mut draft = Draft::new(&view, templates::leave());
    draft.change(|definition| {
        definition.nodes.truncate(3);
        definition.nodes[0].title = "庭长审批".to_owned();
    });
    Standing {
        based_on: draft.based_on,
        differences: draft.differences(),
        can_undo: draft.can_undo(),
        is_open: false,
        check,
        overtaken_by: None,
    }
}

fn save_actions() -> SaveActions {
    SaveActions {
        save: nothing(),
        undo: nothing(),
        discard: nothing(),
        check: nothing(),
        look: nothing(),
        rebase: nothing(),
    }
}

#[test]
fn faults_stand_beside_their_node_and_keep_it_from_being_saved() {
    let html = draw("definition_editing", || {
        let definition = templates::leave();
        let check = Check::Known(linted());
        let wording = Wording { locale: ZH, definition: &definition, names: &names() };
        let faults = |node: &Node| at_node(ZH, &check, &node.key);
        let working = Working { actions: actions(), form: None, faults: &faults };
        let list = nodes(wording, Some(working));
        let card = save_card(facts::words(), &standing(check.clone()), false.into(), save_actions());
        let content = view! { <div class="columns">{list} <div class="stack">{card}</div></div> };
        in_frame("请假审批", Tab::Me, content.into_any())
    });
    assert!(html.contains("先解决 2 处问题才能保存") && html.contains("另有 2 处"));
    assert!(html.contains("在途申请继续按原版本办理"));
    insta::assert_snapshot!(html);
}

#[test]
fn why_it_cannot_be_saved_is_always_said() {
    let known = |faults: Vec<DefinitionFault>| Check::Known(Linted { total: 0, faults });
    let obstacle = |change: &dyn Fn(&mut Standing)| {
        let mut standing = standing(known(vec![]));
        change(&mut standing);
        standing.obstacle(ZH)
    };
    assert_eq!(obstacle(&|_| ()), None);
    assert_eq!(obstacle(&|now| now.check = known(vec![fault("unreachable", Some("x"), false, "")])), None);
    let said = |change: &dyn Fn(&mut Standing)| obstacle(change).expect("it is off");
    assert!(said(&|now| now.check = Check::Waiting).contains("正在检查"));
    assert!(said(&|now| now.check = Check::Failed("没有网络".to_owned())).contains("重试"));
    assert!(said(&|now| now.differences.clear()).contains("还没有修改"));
    assert!(said(&|now| now.is_open = true).contains("完成正在修改的节点"));
    assert!(said(&|now| now.overtaken_by = Some(version(4))).contains("新版本"));
    let html = draw("definition_overtaken", || {
        let standing = Standing { overtaken_by: Some(version(4)), ..standing(known(vec![])) };
        save_card(facts::words(), &standing, false.into(), save_actions())
    });
    assert!(html.contains("他人保存了第 4 版（杨管理 · 11月19日 09:30）"));
    insta::assert_snapshot!(html);
}

#[test]
fn the_form_of_a_node_shows_what_it_means() {
    let definition = long();
    let form = |index: usize| {
        let form = RwSignal::new(NodeForm::of(&definition.nodes[index]));
        let actions = NodeFormActions { pick: nothing(), done: nothing(), cancel: nothing() };
        let form = node_form(ZH, &definition, Signal::derive(names), form, actions);
        let wording = Wording { locale: ZH, definition: &definition, names: &names() };
        let working = Working { actions: self::actions(), form: Some((index, form)), faults: &|_| ().into_any() };
        nodes(wording, Some(working))
    };
    let html = draw("definition_form", || in_frame("请假审批", Tab::Me, form(1)));
    assert!(html.contains(
        "适用：（职务类别为一般干警、部门副职且不满足（假别为外出报备）且计假半天数≥3）或职务类别为部门负责人"
    ));
    assert!(html.contains("第 2 种情况") && !html.contains("上移"), "nothing moves while a form is open");
    insta::assert_snapshot!(html);
    let ratio = draw("definition_form_ratio", || in_frame("请假审批", Tab::Me, form(6)));
    assert!(ratio.contains(r#"value="60""#) && ratio.contains("王庭长（民事审判第一庭）"));
    assert_eq!(ratio.matches(r#"class="rule""#).count(), 3);
    let copy = draw("definition_form_copy", || form(8));
    assert!(!copy.contains("node-mode") && copy.contains("抄送给"));
    let new = draw("definition_form_new", || form_of_new(&definition));
    assert!(new.contains("请填写节点名称") && new.contains("disabled"));
}

fn form_of_new(definition: &Definition) -> AnyView {
    let actions = NodeFormActions { pick: nothing(), done: nothing(), cancel: nothing() };
    let form = RwSignal::new(NodeForm::default());
    let form = node_form(ZH, definition, Signal::derive(names), form, actions);
    let wording = Wording { locale: ZH, definition, names: &names() };
    let working =
        Working { actions: self::actions(), form: Some((definition.nodes.len(), form)), faults: &|_| ().into_any() };
    nodes(wording, Some(working))
}

fn member(name: &str, post: &str) -> SimulatedMember {
    SimulatedMember {
        officer: "200004".to_owned(),
        name: name.to_owned(),
        post: post.to_owned(),
        stands_in_for: None,
        merged_into: None,
    }
}

fn simulated() -> Simulated {
    let node = |key: &str, title: &str, members: Vec<SimulatedMember>| SimulatedNode {
        key: key.to_owned(),
        title: title.to_owned(),
        applies: true,
        condition: "总是".to_owned(),
        mode: Some(StepMode::Single),
        members,
        missing: vec![],
    };
    let stand_in = SimulatedMember {
        stands_in_for: Some("未设分管院领导，由院长代行".to_owned()),
        merged_into: Some("president".to_owned()),
        ..member("陈院长", "院长")
    };
    let off = SimulatedNode {
        applies: false,
        condition: "职务类别为院长".to_owned(),
        mode: None,
        ..node("above", "上级法院院长审批", vec![])
    };
    let missing = SimulatedNode {
        missing: vec!["民事审判庭负责人".to_owned()],
        ..node("head", "部门负责人审批", vec![])
    };
    let copy =
        SimulatedNode { mode: None, ..node("copy", "抄送政治部", vec![member("尤主任", "政治部主任")]) };
    Simulated {
        values: BTreeMap::from([("half_days".to_owned(), FormValue::Integer(8))]),
        nodes: vec![
            missing,
            node("overseer", "分管院领导审批", vec![stand_in]),
            node("president", "院长审批", vec![member("陈院长", "院长")]),
            off,
            copy,
        ],
        problem: Some("民事审判庭负责人空缺，且无人可代行".to_owned()),
    }
}

#[test]
fn a_trial_names_everybody_and_what_is_missing() {
    let html = draw("definition_trial", || {
        let mut definition = templates::leave();
        let field = |key: &str, title: &str, kind| Field { key: key.to_owned(), title: title.to_owned(), kind };
        definition.fields.push(field("abroad", "是否出境", FieldKind::Flag));
        definition.fields.push(field("leaders", "会签领导", FieldKind::People { min: 1, max: 3 }));
        let actions = TrialActions { pick_applicant: nothing(), pick_people: nothing(), run: nothing() };
        let trial = RwSignal::new(Trial::default());
        let content = view! {
            {trial_form(ZH, &definition, trial, false.into(), actions)} {trial_result(ZH, &simulated())}
        };
        in_frame("请假审批", Tab::Me, content.into_any())
    });
    assert!(!html.contains("trial-post_class"), "the class of post follows from the applicant");
    assert!(html.contains("未设分管院领导，由院长代行") && html.contains("与“院长审批”合并，只审批一次"));
    assert!(html.contains("民事审判庭负责人：无人可审批") && html.contains("node-off"));
    insta::assert_snapshot!(html);
    let fits = Simulated { problem: None, ..simulated() };
    assert!(draw("definition_trial_fits", || trial_result(ZH, &fits)).contains("经 3 个节点审批"));
}

#[test]
fn a_download_holds_the_whole_definition() {
    let link = file::download(&long());
    let (head, content) = link.split_once(',').expect("a data address");
    assert_eq!(head, "data:application/json;charset=utf-8");
    assert!(content.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"%-_.~".contains(&byte)));
}
