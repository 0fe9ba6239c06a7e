//! The chain of an approval: who is in it, and as a state machine.
//!
//! [`resolve`] finds the people; what follows needs only their order. A chain is decided one step after the other; a
//! refusal ends it. Exactly one step is open until then.

use serde::{Deserialize, Serialize};

use crate::api::{Code, Problem};
use crate::approval::api::Verdict;

mod resolve;

pub use resolve::{Court, Department, Directory, Officer, Oversight, Person, ResolvedStep, empty_chain, resolve};

/// How the members of a step decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One person decides.
    Single,
}

/// What has become of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Its turn has not come.
    Waiting,
    /// Its turn is now.
    Open,
    /// 同意.
    Approved,
    /// 不同意.
    Refused,
    /// The request ended before its turn came.
    Void,
}

impl Mode {
    /// The mode's name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
        }
    }

    /// The mode of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        (name == Self::Single.as_str()).then_some(Self::Single)
    }
}

impl StepState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Open, Self::Approved, Self::Refused, Self::Void];

    /// The state's name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Void => "void",
        }
    }

    /// The state of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// The longest comment of a decision, in characters.
pub const MAX_COMMENT: usize = 500;

/// What becomes of the whole request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The chain goes on; the step at this position, from 1, is open now.
    Continues(i32),
    /// The last step approved.
    Approved,
    /// A step refused.
    Refused,
}

/// A chain after a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The states of all steps, in order.
    pub steps: Vec<StepState>,
    /// What becomes of the request.
    pub course: Course,
}

/// A new chain of so many steps: the first one is open.
pub fn begin(steps: usize) -> Vec<StepState> {
    (0..steps).map(|index| if index == 0 { StepState::Open } else { StepState::Waiting }).collect()
}

/// Decides the step at this position, from 1.
///
/// Errors: [`Code::NotFound`] where there is no such step, [`Code::StaleVersion`] where it is not its turn: it has been
/// decided, or the request has ended.
pub fn decide(steps: &[StepState], position: i32, verdict: Verdict) -> Result<Progress, Code> {
    let index = usize::try_from(position).ok().and_then(|position| position.checked_sub(1)).ok_or(Code::NotFound)?;
    let state = steps.get(index).ok_or(Code::NotFound)?;
    if *state != StepState::Open {
        return Err(Code::StaleVersion);
    }
    if verdict == Verdict::Refuse {
        let mut steps = end(steps);
        steps[index] = StepState::Refused;
        return Ok(Progress { steps, course: Course::Refused });
    }
    let mut steps = steps.to_vec();
    steps[index] = StepState::Approved;
    let course = match steps.get_mut(index + 1) {
        Some(next) => {
            *next = StepState::Open;
            Course::Continues(position + 1)
        }
        None => Course::Approved,
    };
    Ok(Progress { steps, course })
}

/// The chain of a request that ends from outside: what is not decided is void.
pub fn end(steps: &[StepState]) -> Vec<StepState> {
    let ended = |state: &StepState| match state {
        StepState::Waiting | StepState::Open => StepState::Void,
        decided => *decided,
    };
    steps.iter().map(ended).collect()
}

/// Why a decision's comment will not do: a refusal without a reason ([`Code::ReasonRequired`]) or more than
/// [`MAX_COMMENT`] characters ([`Code::BadInput`]); nothing where it will.
pub fn comment_problem(verdict: Verdict, comment: &str) -> Option<Problem> {
    let problem = if verdict == Verdict::Refuse && comment.trim().is_empty() {
        Problem::new(Code::ReasonRequired, "不同意时请写明理由，申请人会看到")
    } else if comment.chars().count() > MAX_COMMENT {
        Problem::new(Code::BadInput, format!("意见最多{MAX_COMMENT}字，请缩短"))
    } else {
        return None;
    };
    Some(problem.at("comment"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_approvals_make_an_approval() {
        let mut steps = begin(3);
        for (position, course) in [(1, Course::Continues(2)), (2, Course::Continues(3)), (3, Course::Approved)] {
            let progress = decide(&steps, position, Verdict::Approve).expect("its turn");
            assert_eq!(progress.course, course);
            steps = progress.steps;
        }
        assert_eq!(steps, [StepState::Approved; 3]);
        assert_eq!(decide(&steps, 3, Verdict::Approve), Err(Code::StaleVersion), "a second tap changes nothing");
    }

    #[test]
    fn a_refusal_voids_what_follows() {
        let steps = decide(&begin(3), 1, Verdict::Approve).expect("its turn").steps;
        assert_eq!(decide(&steps, 3, Verdict::Approve), Err(Code::StaleVersion), "not its turn");
        let progress = decide(&steps, 2, Verdict::Refuse).expect("its turn");
        assert_eq!(progress.steps, [StepState::Approved, StepState::Refused, StepState::Void]);
        assert_eq!(progress.course, Course::Refused);
        assert_eq!(end(&begin(2)), [StepState::Void; 2]);
        for position in [-1, 0, 4] {
            assert_eq!(decide(&begin(3), position, Verdict::Approve), Err(Code::NotFound));
        }
    }

    #[test]
    fn a_refusal_needs_a_reason() {
        let code = |verdict, comment: &str| comment_problem(verdict, comment).map(|problem| problem.code);
        assert_eq!(code(Verdict::Refuse, " \n"), Some(Code::ReasonRequired));
        assert_eq!(code(Verdict::Refuse, "近期开庭较多"), None);
        assert_eq!(code(Verdict::Approve, ""), None);
        assert_eq!(code(Verdict::Approve, &"好".repeat(MAX_COMMENT)), None);
        assert_eq!(code(Verdict::Approve, &"好".repeat(MAX_COMMENT + 1)), Some(Code::BadInput));
    }

    #[test]
    fn a_state_survives_its_name() {
        for state in StepState::ALL {
            assert_eq!(StepState::parse(state.as_str()), Some(state));
            assert_eq!(serde_json::to_value(state).expect("a name"), state.as_str());
        }
        assert_eq!(Mode::parse(Mode::Single.as_str()), Some(Mode::Single));
    }

    proptest! {
        #[test]
        fn one_step_is_open_until_the_chain_ends(
            length in 1usize..7,
            decisions in proptest::collection::vec((0i32..8, any::<bool>()), 0..40),
            withdrawn_after in 0usize..60,
        ) {
            let mut steps = begin(length);
            let mut course = Course::Continues(1);
            for (round, (position, approve)) in decisions.into_iter().enumerate() {
                if round == withdrawn_after {
                    steps = end(&steps);
                    prop_assert!(!steps.contains(&StepState::Open) && !steps.contains(&StepState::Waiting));
                }
                let verdict = if approve { Verdict::Approve } else { Verdict::Refuse };
                let open = steps.iter().filter(|state| **state == StepState::Open).count();
                match decide(&steps, position, verdict) {
                    Ok(progress) => {
                        prop_assert_eq!(course, Course::Continues(position), "only the open step decides");
                        prop_assert_eq!(open, 1);
                        steps = progress.steps;
                        course = progress.course;
                    }
                    Err(code) => prop_assert!([Code::NotFound, Code::StaleVersion].contains(&code)),
                }
                prop_assert_eq!(steps.len(), length);
                let open = steps.iter().filter(|state| **state == StepState::Open).count();
                let running = matches!(course, Course::Continues(_)) && round < withdrawn_after;
                prop_assert_eq!(open, usize::from(running));
                if course == Course::Approved && round < withdrawn_after {
                    prop_assert!(steps.iter().all(|state| *state == StepState::Approved));
                }
                if course == Course::Refused {
                    prop_assert_eq!(steps.iter().filter(|state| **state == StepState::Refused).count(), 1);
                }
            }
        }
    }
}
