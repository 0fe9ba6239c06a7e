//! Approvals: the lists, deciding, a request on its way, delegations.

use app::api::{Code, Problem};
use app::approval::api::{
    DelegationState, DelegationView, ManyResult, NodeView, OfferView, ProcessView, RequestItem, StepMode, Task,
    TaskView, TimelineItem,
};
use app::approval::delegation::{Kinds, Period};
use app::approval::process::{Outcome, TaskState, Verb};
use app::org::api::{Colleague, Colleagues};
use frontend::approval::bulk::{Selection, many_form, many_results};
use frontend::approval::delegation_view::{DelegationActions, DelegationForm, delegation_form, delegations};
use frontend::approval::filter::{ApprovalTab, Filter};
use frontend::approval::form::{ActionForm, action_form};
use frontend::approval::lists::{RequestList, SearchForm, requests, search, tabs};
use frontend::approval::offers::{OfferActions, more_offers, offer_buttons};
use frontend::approval::people::{PeopleSearch, people_search};
use frontend::approval::process::process;
use frontend::approval::view::{
    InboxActions, Waiting, considerations, decision_form, inbox, lost_race, no_considerations,
};
use frontend::i18n::Locale;
use frontend::kit::{Load, Tab, Trouble};
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

fn actions() -> InboxActions {
    InboxActions { act: nothing(), approve_chosen: nothing(), more: nothing() }
}

/// A task of somebody else, in whose department another is away.
fn task_for_another() -> Task {
    Task {
        id: facts::id(12),
        subject: facts::subject(8, "刘洋"),
        also_away: vec!["赵倩".to_owned(), "孙立".to_owned()],
        also_away_count: 2,
        conflicts: vec![
            "（2026）江01民初128号定于2026-11-25 09:30开庭，请先办理改期或更换承办人，或调整请假时间".to_owned(),
            "民事审判第一庭正副职至少须有1人在岗，2026-11-25上午起将只剩0人，同期不在岗：郑副庭（已准假），请协商错开时间"
                .to_owned(),
        ],
        acting_for: Some("陈海涛".to_owned()),
        ..facts::task()
    }
}

fn opinion() -> Task {
    Task { id: facts::id(13), subject: facts::subject(9, "何静"), opinion_only: true, ..facts::task() }
}

fn waiting(tasks: Vec<Task>) -> Waiting {
    let total = i64::try_from(tasks.len()).expect("a handful");
    Waiting { tasks, total, more: false, narrowed: false }
}

#[test]
fn a_report_says_where_to_in_the_list() {
    let mut task = facts::task();
    let report = facts::report(app::leave::rules::Status::InApproval, vec![]);
    task.available_after = None;
    task.subject.leave_type = report.leave_type;
    (task.subject.from, task.subject.to, task.subject.half_days) = (report.from, report.to, 0);
    (task.subject.lane, task.subject.destination) = (report.lane, report.destination.unwrap_or_default());
    let data = waiting(vec![task]);
    let html = draw("inbox_report", || inbox(facts::words(), &data, Selection::default(), actions()));
    assert!(html.contains("外出报备 2 天") && html.contains("临江市"), "{html}");
}

#[test]
fn whoever_decides_reads_that_the_days_are_provisional() {
    let of = |provisional| {
        let task = Task { provisional, ..facts::task() };
        draw("decision_provisional", || {
            let comment = RwSignal::new(String::new());
            decision_form(facts::words(), &task, Verb::Approve, comment, false.into(), nothing())
        })
    };
    assert!(!of(false).contains("尚未公布"));
    assert!(of(true).contains("放假安排尚未公布，天数为暂计"));
}

fn is_disabled(html: &str) -> bool {
    html.lines().any(|line| line.contains("<button") && line.contains("button-wide") && line.contains("disabled"))
}

#[test]
fn the_inbox_shows_what_is_decided_on() {
    let html = draw("inbox", || {
        let data = Waiting { more: true, total: 52, ..waiting(vec![facts::task(), task_for_another(), opinion()]) };
        let filter = RwSignal::new(Filter::default());
        let head = view! {
            {tabs(facts::words(), filter.into())}
            {search(facts::words(), SearchForm::of(&Filter::default()))}
            {inbox(facts::words(), &data, Selection::default(), actions())}
        };
        in_frame("审批", Tab::Home, head.into_any())
    });
    assert!(
        html.contains("同期不在岗：赵倩、孙立") && html.contains("代 陈海涛 审批") && html.contains("第 2 步，共 3 步")
    );
    insta::assert_snapshot!(html);
}

#[test]
fn several_are_chosen_but_never_one_that_asks_for_an_opinion() {
    let html = draw("inbox_choosing", || {
        let selection = Selection::default();
        selection.on.set(true);
        selection.chosen.set([facts::id(12)].into());
        let data = waiting(vec![facts::task(), task_for_another(), opinion()]);
        in_frame("审批", Tab::Home, inbox(facts::words(), &data, selection, actions()))
    });
    assert!(html.contains("已选 1 项"));
    assert_eq!(html.matches(r#"type="checkbox""#).count(), 2);
    assert!(!html.contains(">同意<"), "no single decision while choosing");
    insta::assert_snapshot!(html);
}

#[test]
fn no_more_are_chosen_than_can_be_approved_at_once() {
    let task = |number: u128| Task { id: facts::id(number), ..facts::task() };
    let choosing = |chosen: u128| {
        draw("inbox_full", || {
            let selection = Selection::default();
            selection.on.set(true);
            selection.chosen.set((1..=chosen).map(facts::id).collect());
            let data = waiting((1..=101).map(task).collect());
            inbox(facts::words(), &data, selection, actions())
        })
    };
    let html = choosing(100);
    assert!(html.contains("已选 100 项") && html.contains("取消全选"));
    assert_eq!(html.matches("一次最多处理 100 项，其余请分批处理").count(), 2, "above the list, and where one is left");
    let is_refused = |line: &&str| line.contains(r#"type="checkbox""#) && line.contains("disabled");
    assert_eq!(html.lines().filter(is_refused).count(), 1);
    let html = choosing(99);
    assert!(!html.contains("一次最多处理") && !html.lines().any(|line| is_refused(&line)));
}

#[test]
fn the_result_of_several_approvals_says_which_failed_and_why() {
    let tasks = [facts::task(), task_for_another()];
    let html =
        draw("many", || many_form(facts::words(), &tasks, RwSignal::new(String::new()), false.into(), nothing()));
    assert!(html.contains("确认同意 2 项"));
    let results = [
        ManyResult { id: facts::id(11), problem: None },
        ManyResult {
            id: facts::id(12),
            problem: Some(Problem::new(Code::StaleVersion, "状态已变化，请按最新状态处理")),
        },
    ];
    let html = draw("many_results", || many_results(facts::words(), &tasks, &results, nothing()));
    assert!(html.contains("成功 1 项，未成功 1 项"));
    assert!(html.find("刘洋") < html.find("王晓燕"), "what failed comes first");
    insta::assert_snapshot!(html);
}

#[test]
fn empty_lists_say_what_would_stand_there() {
    let items = |tab, narrowed| RequestList { tab, items: vec![], more: false, narrowed };
    let html = draw("lists_empty", || {
        let lists = ApprovalTab::ALL.map(|tab| match tab {
            ApprovalTab::Waiting => inbox(facts::words(), &waiting(vec![]), Selection::default(), actions()),
            tab => requests(facts::words(), &items(tab, false), nothing()),
        });
        let searched = requests(facts::words(), &items(ApprovalTab::Mine, true), nothing());
        view! { {lists.into_iter().collect_view()} {searched} }.into_any()
    });
    assert!(html.contains("没有待审批的事项") && html.contains("没有符合条件的申请"));
    insta::assert_snapshot!(html);
}

#[test]
fn the_lists_beside_the_inbox_say_how_far_each_request_is() {
    let item = |number: u128, name: &str, outcome: Outcome, decided: i32| RequestItem {
        subject: facts::subject(number, name),
        outcome,
        decided,
        nodes: 3,
        cancelled: false,
    };
    let data = RequestList {
        tab: ApprovalTab::Decided,
        items: vec![
            item(1, "王晓燕", Outcome::Running, 1),
            item(2, "刘洋", Outcome::Approved, 3),
            item(3, "何静", Outcome::SentBack, 0),
            RequestItem { cancelled: true, ..item(4, "赵敏", Outcome::Approved, 3) },
        ],
        more: true,
        narrowed: true,
    };
    let filter = Filter { tab: ApprovalTab::Decided, q: "wxy".to_owned(), from: Some(facts::day(1)), to: None };
    let html = draw("requests", || {
        let form = SearchForm::of(&filter);
        let filter = RwSignal::new(filter);
        let page = view! {
            {tabs(facts::words(), filter.into())}
            {search(facts::words(), form)}
            {requests(facts::words(), &data, nothing())}
        };
        in_frame("审批", Tab::Home, page.into_any())
    });
    assert!(html.contains("审批中 2/3") && html.contains("已撤销"));
    assert!(html.contains("box=mine&amp;q=wxy&amp;from=2026-11-01"), "the search goes along to the other tabs");
    insta::assert_snapshot!(html);
}

#[test]
fn a_refusal_needs_a_reason_and_an_approval_none() {
    let form = |verb: Verb, comment: &'static str| {
        draw("decide", || {
            let comment = RwSignal::new(comment.to_owned());
            decision_form(facts::words(), &task_for_another(), verb, comment, false.into(), nothing())
        })
    };
    assert!(is_disabled(&form(Verb::Refuse, "  ")));
    assert!(!is_disabled(&form(Verb::Refuse, "开庭在即，请改期。")));
    assert!(is_disabled(&form(Verb::GiveBack, "")));
    let html = form(Verb::Approve, "");
    assert!(!is_disabled(&html));
    insta::assert_snapshot!(html);
}

#[test]
fn what_there_is_to_weigh_stands_on_the_page_of_the_request() {
    let html = draw("considerations", || considerations(facts::words(), &task_for_another()));
    assert!(html.contains("审批参考") && html.contains("赵倩、孙立"));
    insta::assert_snapshot!(html);
    let many = Task { also_away_count: 12, ..task_for_another() };
    let html = draw("considerations_many", || considerations(facts::words(), &many));
    assert!(html.contains("同期不在岗：赵倩、孙立 等 12 人"));
    let without = Task { available_after: None, also_away: Vec::new(), ..facts::task() };
    let html = draw("considerations_none", || considerations(facts::words(), &without));
    assert!(!html.contains("余额"), "a type without a grant has no balance");
    let trouble = Trouble { title: "网络已断开".to_owned(), detail: "请检查网络".to_owned(), offline: true };
    let html = draw("considerations_failed", || no_considerations(Locale::zh_CN, trouble, nothing()));
    assert!(html.contains("没有取到审批参考：请检查网络") && html.contains("重试"));
}

#[test]
fn whoever_was_too_late_sees_the_state_that_won() {
    let html = draw("lost", || lost_race(facts::words(), "状态已变化，请按最新状态处理", None));
    assert!(html.contains("状态已变化"));
}

fn signer(number: u128, name: &str, post: &str, state: TaskState) -> TaskView {
    let voted = matches!(state, TaskState::Approved | TaskState::Refused | TaskState::SentBack);
    TaskView {
        id: facts::id(number),
        version: 1,
        officer: format!("G{number:04}"),
        name: name.to_owned(),
        post: post.to_owned(),
        stands_in_for: None,
        state,
        decided_by: None,
        comment: voted.then(|| "已阅。".to_owned()),
        decided_at: voted.then(|| facts::at(20, 16, 5)),
    }
}

fn node(position: i32, title: &str, mode: StepMode, tasks: Vec<TaskView>) -> NodeView {
    NodeView { position, title: title.to_owned(), mode, tasks }
}

fn offer(verb: Verb, task: u128) -> OfferView {
    let task = (task > 0).then(|| facts::id(task));
    OfferView { verb, task, version: task.map(|_| 3), acting_for: None }
}

/// The head has approved, of three vice-presidents one, for whom another acted; one has handed his task on.
pub fn half_way() -> ProcessView {
    let item = |day: u8, verb: Option<Verb>, actor: Option<&str>| TimelineItem {
        at: facts::at(day, 9, 30),
        verb,
        actor: actor.map(str::to_owned),
        acting_for: None,
        to: vec![],
        comment: None,
        device: None,
    };
    ProcessView {
        id: facts::id(7),
        kind: "leave".to_owned(),
        officer: "G0123".to_owned(),
        name: "王晓燕".to_owned(),
        outcome: Outcome::Running,
        decided: 1,
        nodes_total: 3,
        nodes: vec![
            node(
                1,
                "部门负责人",
                StepMode::Single,
                vec![signer(41, "周明远", "民事审判第二庭负责人", TaskState::Approved)],
            ),
            node(
                2,
                "分管院领导会签",
                StepMode::All,
                vec![
                    TaskView {
                        decided_by: Some("李静".to_owned()),
                        ..signer(42, "陈海涛", "副院长", TaskState::Approved)
                    },
                    signer(43, "郑国强", "副院长", TaskState::Transferred),
                    TaskView {
                        stands_in_for: Some("郑国强转交".to_owned()),
                        ..signer(44, "孙悦", "政治部主任", TaskState::Open)
                    },
                ],
            ),
            node(3, "院长", StepMode::Single, vec![signer(45, "马文斌", "院长", TaskState::Waiting)]),
        ],
        copies: vec!["赵倩".to_owned(), "何静".to_owned()],
        timeline: vec![
            item(18, None, Some("王晓燕")),
            item(19, Some(Verb::Remind), None),
            TimelineItem {
                comment: Some("同意，注意工作交接。".to_owned()),
                device: Some("微信 · 安卓".to_owned()),
                ..item(20, Some(Verb::Approve), Some("周明远"))
            },
            TimelineItem { acting_for: Some("陈海涛".to_owned()), ..item(20, Some(Verb::Approve), Some("李静")) },
            TimelineItem { to: vec!["孙悦".to_owned()], ..item(21, Some(Verb::Transfer), Some("郑国强")) },
        ],
        offers: vec![
            offer(Verb::Approve, 44),
            offer(Verb::Refuse, 44),
            offer(Verb::SendBack, 44),
            offer(Verb::Transfer, 44),
            offer(Verb::AddBefore, 44),
            offer(Verb::Remove, 43),
            offer(Verb::Comment, 0),
        ],
        send_back_to: vec![1],
    }
}

#[test]
fn a_process_half_way_shows_every_member_and_all_that_happened() {
    let html = draw("process", || in_frame("请假详情", Tab::Home, process(facts::words(), &half_way())));
    assert!(html.contains("审批中 2/3") && html.contains("会签 · 全部同意"));
    assert!(
        html.contains("李静 代 陈海涛 同意") && html.contains("郑国强 转交：孙悦") && html.contains("系统 逾期提醒")
    );
    insta::assert_snapshot!(html);
}

#[test]
fn a_process_that_was_refused_is_never_shown_as_passed() {
    let mut data = half_way();
    data.outcome = Outcome::Refused;
    data.nodes[1].tasks[2] = signer(44, "孙悦", "政治部主任", TaskState::Refused);
    data.nodes[2].tasks[0].state = TaskState::Void;
    let html = draw("process_refused", || process(facts::words(), &data));
    let marks = html.lines().filter_map(|line| line.strip_prefix("<li class=\"step-")).collect::<Vec<_>>();
    assert_eq!(marks.len(), 3);
    assert!(marks[0].starts_with("done") && marks[1].starts_with("refused") && marks[2].starts_with("waiting"));
}

#[test]
fn the_buttons_are_those_that_the_engine_offers() {
    let actions = || OfferActions { act: nothing(), more: nothing() };
    let buttons = |name: &str, offers: Vec<OfferView>| {
        draw(name, move || offer_buttons(facts::words(), &offers, "/leave/7/resubmit", actions()))
    };
    let mut approver = half_way().offers;
    approver.push(OfferView { acting_for: Some("陈海涛".to_owned()), ..offer(Verb::Approve, 42) });
    approver.push(OfferView { acting_for: Some("陈海涛".to_owned()), ..offer(Verb::Refuse, 42) });
    let html = buttons("offers", approver);
    assert_eq!(html.matches("button-bar").count(), 2, "a pair for each task");
    insta::assert_snapshot!(html);
    let applicant = [Verb::Withdraw, Verb::Resubmit, Verb::Urge, Verb::Copy, Verb::Comment].map(|verb| offer(verb, 0));
    insta::assert_snapshot!(buttons("offers_applicant", applicant.to_vec()));
    assert!(!buttons("offers_none", vec![]).contains("<button"));
    let html = draw("offers_more", || more_offers(facts::words(), &half_way(), actions()));
    assert!(html.contains("减签 · 郑国强") && !html.contains("不同意"));
    insta::assert_snapshot!(html);
}

fn colleague() -> Colleague {
    Colleague {
        officer: "G0044".to_owned(),
        name: "孙悦".to_owned(),
        department: "政治部".to_owned(),
        court: "江州市中级人民法院".to_owned(),
        post: Some("政治部主任".to_owned()),
        away: true,
    }
}

#[test]
fn each_form_waits_for_what_its_verb_needs() {
    let form = |verb: Verb, comment: &'static str, people: Vec<Colleague>| {
        draw("action", || {
            let form = ActionForm::default();
            form.comment.set(comment.to_owned());
            form.people.set(people);
            let search = || "search".into_any();
            action_form(facts::words(), &half_way(), &offer(verb, 44), form, search, false.into(), nothing())
        })
    };
    assert!(is_disabled(&form(Verb::Transfer, "", vec![])));
    assert!(!is_disabled(&form(Verb::Transfer, "", vec![colleague()])));
    assert!(is_disabled(&form(Verb::Comment, " ", vec![])));
    assert!(!is_disabled(&form(Verb::Urge, "", vec![])));
    let html = form(Verb::SendBack, "", vec![]);
    assert!(is_disabled(&html));
    assert!(html.contains("申请人 王晓燕") && html.contains("第 1 步 部门负责人") && !html.contains("第 3 步"));
    insta::assert_snapshot!(html);
}

#[test]
fn a_form_sends_what_was_filled_in() {
    Owner::new().with(|| {
        let form = ActionForm::default();
        form.comment.set(" 请补充材料 ".to_owned());
        form.node.set("1".to_owned());
        form.people.set(vec![colleague()]);
        let back = form.decision(Verb::SendBack, 3).expect("a task can be sent back");
        assert_eq!((back.comment.as_str(), back.to, back.to_node), ("请补充材料", None, Some(1)));
        let transfer = form.decision(Verb::Transfer, 3).expect("a task can be transferred");
        assert_eq!((transfer.to.as_deref(), transfer.to_node), (Some("G0044"), None));
        assert!(form.decision(Verb::Copy, 3).is_none() && form.request(Verb::Transfer).is_none());
        let copy = form.request(Verb::Copy).expect("a request can be copied");
        assert_eq!(copy.to, ["G0044"]);
    });
}

#[test]
fn a_colleague_is_found_by_two_letters() {
    let found = |typed: &'static str, items: Vec<Colleague>| {
        draw("people", move || {
            let search = PeopleSearch {
                label: "同事（可选多人）",
                optional: false,
                typed: RwSignal::new(typed.to_owned()),
                chosen: RwSignal::new(vec![Colleague {
                    officer: "G0001".to_owned(),
                    name: "李静".to_owned(),
                    ..colleague()
                }]),
                several: true,
            };
            let found = RwSignal::new(Load::Ready(Colleagues { items }));
            people_search(facts::words(), search, found.into(), nothing())
        })
    };
    assert!(!found("s", vec![colleague()]).contains("孙悦"), "one letter is not enough");
    assert!(found("sy", vec![]).contains("没有找到这位同事"));
    insta::assert_snapshot!(found("sy", vec![colleague()]));
}

#[test]
fn delegations_say_where_they_stand() {
    let item = |number: u128, given: bool, state: DelegationState, active: bool, period: Period| {
        let (me, other) = (("G0002", "孙悦"), ("G0044", "李静"));
        let (from, to) = if given { (me, other) } else { (other, me) };
        DelegationView {
            id: facts::id(number),
            from: from.0.to_owned(),
            from_name: from.1.to_owned(),
            to: to.0.to_owned(),
            to_name: to.1.to_owned(),
            kinds: Kinds::All,
            period,
            state,
            active,
        }
    };
    let days = |from: u8, until: u8| Period::Between { from: facts::at(from, 0, 0), until: facts::at(until, 0, 0) };
    let items = vec![
        item(1, true, DelegationState::Accepted, true, days(20, 25)),
        item(2, true, DelegationState::Offered, false, Period::OwnLeave),
        item(3, true, DelegationState::Accepted, false, days(2, 6)),
        item(4, false, DelegationState::Offered, false, days(24, 25)),
        item(5, true, DelegationState::Revoked, false, days(1, 2)),
    ];
    let actions = || DelegationActions { begin: nothing(), answer: nothing(), revoke: nothing() };
    let html = draw("delegations", || {
        in_frame("委托代理", Tab::Me, delegations(facts::words(), "G0002", &items, false.into(), actions()))
    });
    assert!(html.contains("生效中") && html.contains("已到期") && html.contains("11月20日 至 11月24日"));
    assert_eq!(html.matches("撤销委托").count(), 2, "what is over or answered cannot be revoked");
    assert_eq!(html.matches("谢绝</span>").count(), 1);
    insta::assert_snapshot!(html);
    let empty = draw("delegations_empty", || delegations(facts::words(), "G0002", &[], false.into(), actions()));
    assert!(empty.contains("还没有委托"));
}

#[test]
fn a_delegation_needs_a_colleague_and_days_in_order() {
    let zone = facts::words().zone;
    let html = draw("delegation_form", || {
        let form = DelegationForm::for_day(facts::day(23));
        assert!(form.delegation(facts::id(1), zone).is_none(), "nobody is chosen");
        form.to.set(vec![colleague()]);
        let made = form.delegation(facts::id(1), zone).expect("filled in");
        assert_eq!(made.period, Period::Between { from: facts::at(23, 0, 0), until: facts::at(24, 0, 0) });
        form.last.set("2026-11-22".to_owned());
        assert!(form.delegation(facts::id(1), zone).is_none(), "the end is before the beginning");
        form.when.set("own_leave".to_owned());
        assert_eq!(form.delegation(facts::id(1), zone).map(|made| made.period), Some(Period::OwnLeave));
        form.when.set("dates".to_owned());
        delegation_form(facts::words(), form, "search".into_any(), false.into(), nothing())
    });
    assert!(is_disabled(&html));
    insta::assert_snapshot!(html);
}
