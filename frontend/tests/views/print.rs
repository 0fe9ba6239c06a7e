//! The printed approval sheet.

use app::leave::api::ReturnReport;
use app::leave::rules::{Outcome, Status};
use frontend::leave::print::{LeaveSheet, sheet};

use crate::page::draw;
use crate::{approval, facts};

fn data() -> LeaveSheet {
    LeaveSheet {
        court: "江州市中级人民法院".to_owned(),
        post: None,
        request: facts::request(Status::InApproval, vec![]),
        process: approval::half_way(),
        printed_by: "卫人事".to_owned(),
        printed_at: facts::at(21, 10, 0),
    }
}

#[test]
fn a_sheet_says_who_signed_for_whom_and_when() {
    let html = draw("print", || sheet(facts::words(), &data()));
    assert!(html.contains("李静（代 陈海涛）"), "{html}");
    // On paper there is no today: every time has its date.
    assert!(html.contains("2026-11-20 16:05") && html.contains("2026-11-23 上午 至 2026-11-24 上午"), "{html}");
    insta::assert_snapshot!(html);
}

#[test]
fn a_report_of_leaving_town_has_a_sheet_of_its_own() {
    let mut data = LeaveSheet { request: facts::report(Status::Returned, vec![]), ..data() };
    data.request.back = Some(data.request.to.next());
    data.request.returned_at = Some(facts::at(30, 8, 30));
    data.request.outcome = Some(Outcome::OnTime);
    let html = draw("print_report", || sheet(facts::words(), &data));
    for text in ["外出报备单", "外出时间", "2 天", "临江市", "13800000000", "2026-11-30 上午 返回"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(!html.contains("请假时间") && !html.contains("到岗"), "{html}");
}

#[test]
fn a_sheet_of_a_finished_leave_has_the_return() {
    let mut data = data();
    data.request.status = Status::Returned;
    data.request.back = Some(data.request.to.next());
    data.request.returned_at = Some(facts::at(24, 14, 0));
    data.request.outcome = Some(Outcome::OnTime);
    data.request.cancelled = Some(facts::cancellation());
    let html = draw("print_unconfirmed", || sheet(facts::words(), &data));
    assert!(!html.contains("销假确认"), "nobody had to: {html}");
    data.request.return_report = Some(ReturnReport {
        back: data.request.to.next(),
        reported_at: facts::at(24, 14, 0),
        note: None,
        is_waiting: false,
        confirmed_by: Some("王建国".to_owned()),
        confirmed_at: Some(facts::at(24, 15, 20)),
        disputed: None,
    });
    let html = draw("print_returned", || sheet(facts::words(), &data));
    assert!(html.contains("销假确认") && html.contains("王建国，2026-11-24 15:20"), "{html}");
    assert!(html.contains("2026-11-24 下午 到岗，2026-11-24 14:00 登记，按期"), "{html}");
    assert!(html.contains("王建国，2026-11-21 16:05：当日有紧急庭审"), "{html}");
}
