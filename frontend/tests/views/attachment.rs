//! The files of a request, and what a copy of one shows.

use app::leave::api::{Attachment, Attachments, Evidence, LeaveRequest, OwedPapers};
use app::leave::attachment::Kind;
use app::leave::rules::Status;
use app::leave::sight::{self, Sight};
use frontend::kit::Tab;
use frontend::leave::attachment_view::{AttachmentActions, Outgoing, Sending, attachments, size_text};
use frontend::leave::owed_papers_view::owed_papers;
use frontend::leave::view::request;
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

fn file(number: u128, name: &str, kind: Kind, may_remove: bool) -> Attachment {
    let (id, name, attached_at) = (facts::id(number), name.to_owned(), facts::at(20, 9, 14));
    Attachment { id, name, kind, bytes: 3_500_000, attached_at, may_remove }
}

fn sent(number: u128, state: Sending) -> Outgoing {
    Outgoing { id: facts::id(number), name: "病历第二页.jpg".to_owned(), bytes: 180_000, picture: None, state }
}

#[test]
fn files_that_are_here_and_files_that_are_not_are_told_apart() {
    let data = Attachments {
        items: vec![file(31, "诊断证明.jpg", Kind::Jpeg, true), file(32, "住院记录.pdf", Kind::Pdf, false)],
        may_add: true,
        largest: 10 * 1024 * 1024,
        most: 6,
    };
    let outgoing = [
        sent(33, Sending::Waiting),
        sent(34, Sending::Sent),
        sent(35, Sending::Failed { why: "没有网络，联网后点“重新上传”".to_owned() }),
    ];
    let html = draw("attachments", move || {
        let actions = AttachmentActions { open: nothing(), remove: nothing(), retry: nothing(), discard: nothing() };
        in_frame("请假详情", Tab::Leave, attachments(facts::words(), &data, &outgoing, actions))
    });
    for text in
        ["查看 诊断证明.jpg", "移除 诊断证明.jpg", "3.4 MB", "176 KB", "等待上传", "正在上传", "未上传：", "重新上传"]
    {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(!html.contains("移除 住院记录.pdf"), "it was decided on: {html}");
    insta::assert_snapshot!(html);
}

#[test]
fn sizes_are_never_told_smaller_than_they_are() {
    for (bytes, text) in [
        (0, "0 KB"),
        (1, "1 KB"),
        (1024, "1 KB"),
        (1_048_575, "1024 KB"),
        (1_048_576, "1 MB"),
        (1_048_577, "1.1 MB"),
        (10 * 1_048_576, "10 MB"),
    ] {
        assert_eq!(size_text(bytes), text);
    }
}

#[test]
fn papers_that_wait_to_be_looked_at_are_told_from_owed_ones() {
    let at = facts::at(21, 8, 30);
    let data = LeaveRequest { evidence: Some(Evidence::Provided { at }), ..facts::request(Status::OnLeave, vec![]) };
    let html = draw("request_provided", || request(facts::words(), &data, nothing(), nothing(), nothing()));
    assert!(html.contains("已上传附件，待查验") && !html.contains("待补交"), "{html}");
}

#[test]
fn a_copy_shows_who_and_when() {
    let data = sight::request(Sight::Copy, facts::request(Status::Approved, vec![]));
    let html = draw("request_copy", || request(facts::words(), &data, nothing(), nothing(), nothing()));
    for text in ["王晓燕", "请假", "11月23日", "假2026-000123"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    for hidden in ["年休假", "回乡探望父母", "邻市", "13800000000", "天</dd>"] {
        assert!(!html.contains(hidden), "{hidden}: {html}");
    }
    insta::assert_snapshot!(html);
}

#[test]
fn the_list_of_papers_says_where_there_is_something_to_look_at() {
    let item = |number: &str, evidence| {
        let request = facts::request(Status::OnLeave, vec![]);
        OwedPapers {
            id: request.id,
            number: number.to_owned(),
            officer: request.officer,
            name: request.name,
            department: request.department,
            leave_type: "sick".to_owned(),
            from: request.from,
            to: request.to,
            evidence,
        }
    };
    let items =
        [item("假2026-000123", Evidence::Owed), item("假2026-000124", Evidence::Provided { at: facts::at(20, 9, 14) })];
    let html = draw("owed_papers", || owed_papers(facts::words(), &items));
    assert!(html.contains("病假") && html.contains("待补交") && html.contains("已上传附件，待查验"), "{html}");
    let none = draw("owed_papers_none", || owed_papers(facts::words(), &[]));
    assert!(none.contains("没有待查验的证明材料"), "{none}");
}
