//! Classes, sign-in and ratings.

use std::collections::BTreeMap;

use app::api::Code;
use app::attendance::api::{Attendance, AttendanceRow, Board, Counts, Qr, SignedIn};
use app::attendance::rules::Status;
use app::rating::api::Results;
use app::rating::rules::{Dimension, summarise};
use app::training::api::{Class, Lesson, Lessons, Part};
use app::training::rules::Phase;
use frontend::attendance::view::{BoardSignals, Filter, attendance, board, missing};
use frontend::i18n::Locale;
use frontend::kit::Tab;
use frontend::rating::plain::{RatePage, done, form as plain_form};
use frontend::rating::view::{Ending, Form, FormFrame, ending, form, results};
use frontend::scan::plain::{LandingPage, landing, result as plain_result};
use frontend::scan::view::{Outcome, result};
use frontend::training::view::{Overview, class, lesson, overview};
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

const ZH: Locale = Locale::zh_CN;

fn a_class(part: Part) -> Class {
    Class {
        id: facts::id(20),
        name: "全省法院青年干警业务培训班".to_owned(),
        organiser: "省高级人民法院".to_owned(),
        place: "国家法官学院分院".to_owned(),
        from: facts::day(21),
        to: facts::day(23),
        teacher: "G0300".to_owned(),
        teacher_name: "林淑华".to_owned(),
        trainees: 252,
        lessons: 12,
        part,
    }
}

fn lessons() -> Vec<Lesson> {
    let tomorrow = Lesson {
        starts_at: facts::at(22, 14, 0),
        ends_at: facts::at(22, 17, 0),
        ..facts::lesson("司法廉洁教育", Phase::Upcoming, false, false)
    };
    vec![
        facts::lesson("裁判文书释法说理", Phase::Over, true, true),
        facts::lesson("民法典合同编疑难问题", Phase::Late, false, false),
        tomorrow,
    ]
}

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

#[test]
fn todays_lessons_stand_before_the_classes() {
    let data = Overview { today: lessons(), classes: vec![a_class(Part::Trainee), a_class(Part::Both)] };
    let html = draw("training", || in_frame("培训", Tab::Training, overview(facts::words(), &data)));
    insta::assert_snapshot!(html);
}

#[test]
fn whoever_is_in_no_class_is_told_so() {
    let data = Overview::default();
    insta::assert_snapshot!(draw("training_empty", || overview(facts::words(), &data)));
}

#[test]
fn a_class_lists_its_lessons_by_day() {
    let data = Lessons { class: a_class(Part::Trainee), items: lessons() };
    insta::assert_snapshot!(draw("class", || in_frame("课程", Tab::Training, class(facts::words(), &data))));
}

#[test]
fn a_lesson_offers_a_trainee_what_he_can_do_now() {
    let open = facts::lesson("民法典合同编疑难问题", Phase::OnTime, false, false);
    let html = draw("lesson_open", || in_frame("课程", Tab::Training, lesson(facts::words(), &open, nothing())));
    assert!(html.contains("/scan?lesson="), "sign-in is offered");
    assert!(!html.contains("/board"), "the board is for the class staff");
    let over = facts::lesson("裁判文书释法说理", Phase::Over, true, true);
    insta::assert_snapshot!(draw("lesson_rate", || in_frame(
        "课程",
        Tab::Training,
        lesson(facts::words(), &over, nothing())
    )));
}

#[test]
fn a_lesson_offers_its_staff_board_list_and_the_end_of_the_rating() {
    let lesson_of_staff =
        Lesson {
            part: Part::Staff, my_status: None, ..facts::lesson("裁判文书释法说理", Phase::Over, false, false)
        };
    insta::assert_snapshot!(draw("lesson_staff", || {
        in_frame("课程", Tab::Training, lesson(facts::words(), &lesson_of_staff, nothing()))
    }));
}

fn counts() -> Counts {
    Counts { trainees: 252, on_time: 180, late: 12, excused: 3, missing: 57, absent: 0 }
}

fn on_board(board: Option<Board>) -> BoardSignals {
    BoardSignals { board: Signal::stored(board), remaining_ms: Signal::stored(6_400), lost: Signal::stored(false) }
}

fn in_board(content: AnyView) -> AnyView {
    view! {
        <main class="board">
            <div class="board-grid">{content}</div>
        </main>
    }
    .into_any()
}

#[test]
fn the_board_shows_lesson_code_and_counts() {
    let now = Board {
        code: "K7QM2X".to_owned(),
        link: "https://court.example/c/abc".to_owned(),
        qr: Some(Qr { size: 25, path: "M4 4h7v7h-7zM14 4h7v7h-7zM4 14h7v7h-7zM13 13h2v2h-2z".to_owned() }),
        window: 17,
        remaining_ms: 6_400,
        window_ms: 10_000,
        counts: counts(),
    };
    let lesson = facts::lesson("民法典合同编疑难问题", Phase::OnTime, false, false);
    insta::assert_snapshot!(draw("board", || in_board(board(facts::words(), &lesson, on_board(Some(now))))));
}

#[test]
fn a_board_without_a_code_says_when_sign_in_opens() {
    let lesson = facts::lesson("民法典合同编疑难问题", Phase::Upcoming, false, false);
    insta::assert_snapshot!(draw("board_closed", || in_board(board(facts::words(), &lesson, on_board(None)))));
}

fn row(number: u32, name: &str, status: Status, shared_device: bool) -> AttendanceRow {
    AttendanceRow {
        officer: format!("G{number:04}"),
        name: name.to_owned(),
        court: if number.is_multiple_of(2) { "江州市中级人民法院" } else { "临河区人民法院" }.to_owned(),
        group: "第一组".to_owned(),
        status,
        at: matches!(status, Status::OnTime | Status::Late).then(|| facts::at(21, 8, 50)),
        shared_device,
    }
}

fn list() -> Attendance {
    Attendance {
        counts: counts(),
        rows: vec![
            row(1, "赵倩", Status::OnTime, false),
            row(2, "欧阳文博", Status::Late, true),
            row(3, "孙悦", Status::Missing, false),
            row(4, "吴昊", Status::Excused, false),
        ],
    }
}

#[test]
fn the_attendance_list_narrows_by_status() {
    let filter =
        |status: &str| Filter { status: RwSignal::new(status.to_owned()), court: RwSignal::new(String::new()) };
    let all =
        draw("attendance", || in_frame("考勤名单", Tab::Training, attendance(facts::words(), &list(), filter(""))));
    insta::assert_snapshot!(all);
    let late = draw("attendance_late", || attendance(facts::words(), &list(), filter("late")));
    assert!(late.contains("欧阳文博") && !late.contains("赵倩"));
}

#[test]
fn missing_names_are_masked_unless_shown() {
    let masked = draw("missing", || missing(ZH, &list(), false));
    assert!(masked.contains("孙＊") && !masked.contains("孙悦"), "{masked}");
    assert!(draw("missing_named", || missing(ZH, &list(), true)).contains("孙悦"));
}

fn signed_in(status: Status, first: bool) -> Outcome {
    Outcome::Done(SignedIn {
        lesson: facts::id(21),
        title: "民法典合同编疑难问题".to_owned(),
        name: "王晓燕".to_owned(),
        status,
        at: facts::at(21, 8, 52),
        first,
    })
}

#[test]
fn the_result_of_a_sign_in_says_who_when_and_how() {
    let words = facts::words();
    insta::assert_snapshot!(draw("result", || result(words, &signed_in(Status::OnTime, true), ().into_any())));
    let late = draw("result_late", || result(words, &signed_in(Status::Late, true), ().into_any()));
    assert!(late.contains("已签到（迟到）"), "{late}");
    let again = draw("result_again", || result(words, &signed_in(Status::Late, false), ().into_any()));
    assert!(again.contains("首次签到 08:52") && again.contains("迟到"), "{again}");
    let refused = Outcome::Refused {
        title: "二维码已过期".to_owned(), detail: "请重新扫描屏幕上的二维码".to_owned()
    };
    insta::assert_snapshot!(draw("result_refused", || plain_result(words, &refused, None)));
}

#[test]
fn the_landing_page_is_one_button() {
    let page = LandingPage {
        action: "/c/sign-in".to_owned(),
        nonce: facts::id(99),
        lesson: facts::id(21),
        title: "民法典合同编疑难问题".to_owned(),
        class_name: "全省法院青年干警业务培训班".to_owned(),
        room: "报告厅".to_owned(),
        starts_at: facts::at(21, 9, 0),
        ends_at: facts::at(21, 11, 30),
        name: "王晓燕".to_owned(),
        officer: "G0123".to_owned(),
        demo: true,
    };
    let html = draw("landing", || landing(facts::words(), &page));
    assert_eq!(html.matches("<button").count(), 1);
    insta::assert_snapshot!(html);
}

#[test]
fn the_rating_form_promises_anonymity_before_it_asks() {
    let frame =
        FormFrame { lesson: "裁判文书释法说理".to_owned(), lecturer: "何立新".to_owned(), restored: true };
    let scores = BTreeMap::from([(Dimension::Content, 5), (Dimension::Method, 3)]);
    let html = draw("rate", || {
        let fields = Form::new(&scores, "案例再多一些".to_owned());
        in_frame("评课", Tab::Training, form(ZH, &frame, fields, false.into(), nothing()))
    });
    let (promise, first_star) = (html.find("评课不记名"), html.find("role=\"radio\""));
    assert!(promise.is_some() && promise < first_star);
    insta::assert_snapshot!(html);
}

#[test]
fn the_plain_rating_form_keeps_what_was_chosen() {
    let page = RatePage {
        action: "/lessons/21/rate".to_owned(),
        id: facts::id(55),
        lesson: "裁判文书释法说理".to_owned(),
        lecturer: "何立新".to_owned(),
        scores: BTreeMap::from([(Dimension::Content, 4)]),
        text: "节奏可再快些".to_owned(),
        error: "四项都要打分，请补全后再提交".to_owned(),
    };
    insta::assert_snapshot!(draw("rate_plain", || plain_form(ZH, &page)));
    assert!(draw("rate_plain_done", || done(ZH, None)).contains("评价已收到"));
}

#[test]
fn a_queued_rating_is_never_called_received() {
    let html = draw("rate_queued", || ending(ZH, Ending::Queued, "/lessons/21"));
    assert!(html.contains("评价尚未提交") && !html.contains("评价已收到"), "{html}");
    let closed = draw("rate_closed", || ending(ZH, Ending::Closed(Code::NotSignedIn), "/lessons/21"));
    assert!(closed.contains("只有签到的学员可以评课"), "{closed}");
}

#[test]
fn results_below_the_threshold_show_nothing_but_why() {
    let dimensions = |counts| Dimension::ALL.map(|dimension| (dimension, summarise(counts))).into();
    let enough = Results {
        attended: 240,
        answers: Some(63),
        threshold: 5,
        closed_at: facts::at(23, 11, 30),
        dimensions: dimensions([0, 1, 4, 20, 38]),
        texts: Some(vec!["案例贴近审判实践。".to_owned(), "希望增加讨论时间。".to_owned()]),
    };
    insta::assert_snapshot!(draw("results", || in_frame("评课结果", Tab::Training, results(facts::words(), &enough))));
    let few = Results { answers: None, texts: None, dimensions: dimensions([0, 0, 0, 1, 3]), ..enough };
    let html = draw("results_few", || results(facts::words(), &few));
    assert!(html.contains("评课不足 5 人") && !html.contains("平均"), "{html}");
    insta::assert_snapshot!(html);
}
