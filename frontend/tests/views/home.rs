//! The first screen.

use app::home::{AwayToday, Home};
use app::leave::rules::{Action, Status};
use app::training::rules::Phase;
use frontend::home::view::home;
use frontend::kit::Tab;

use crate::facts;
use crate::page::{draw, in_frame};

fn busy_day() -> Home {
    Home {
        at: facts::at(21, 8, 55),
        tasks: vec![facts::task()],
        task_count: 4,
        requests: vec![
            facts::request(Status::AwaitingReturn, vec![Action::Return]),
            facts::request(Status::InApproval, vec![Action::Withdraw]),
        ],
        annual: facts::balances().into_iter().next(),
        lessons: vec![
            facts::lesson("民法典合同编疑难问题", Phase::OnTime, false, false),
            facts::lesson("裁判文书释法说理", Phase::Over, true, true),
            facts::lesson("司法廉洁教育", Phase::Upcoming, false, false),
        ],
        away: Some(AwayToday { count: 7, names: ["周明远", "赵倩"].map(str::to_owned).to_vec() }),
    }
}

#[test]
fn a_busy_day_shows_what_others_wait_for_first() {
    let html = draw("home", || in_frame("待办", Tab::Home, home(facts::words(), &busy_day())));
    insta::assert_snapshot!(html);
}

#[test]
fn a_quiet_day_says_that_nothing_waits() {
    let quiet = Home { tasks: vec![], task_count: 0, requests: vec![], lessons: vec![], away: None, ..busy_day() };
    insta::assert_snapshot!(draw("home_quiet", || in_frame("待办", Tab::Home, home(facts::words(), &quiet))));
}
