//! Random definitions, directories and interleavings of all verbs by all actors, the wrong ones too.

mod invariants;
mod step;
mod world;

use std::collections::{BTreeSet, HashSet};

use proptest::collection::vec;
use proptest::prelude::*;

use self::invariants::{check_moved, check_news, check_state, check_step};
use self::step::{Step, action, person, step, verb};
use self::world::{FIRST_POSTS, definition, directory, id};
use super::*;
use crate::approval::compile::compile;
use crate::approval::definition::{ApproverRule, Definition, Value, Values};
use crate::approval::directory::Directory;
use crate::approval::reroute;

/// A run: the process, its log, who is in service and who holds which post.
struct Run {
    plan: Plan,
    process: Process,
    log: Vec<Entry>,
    in_service: Vec<bool>,
    posts: [usize; 10],
    /// How many tasks of officers who had moved went to others.
    moved: usize,
    now: Timestamp,
    settings: Settings,
}

impl Run {
    fn entry(&self, actor: Actor, acting_for: Option<Uuid>, action: Action) -> Entry {
        Entry { seq: self.process.next_seq(), actor, acting_for, at: self.now, action }
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        self.now = self.now.plus_minutes(step.minutes);
        match step.what {
            19 => {
                self.in_service[step.actor] = !self.in_service[step.actor];
                return self.reroute();
            }
            20 => return self.overdue(),
            21 => return self.resubmit(step),
            22 => {
                let holders = self.process.open_tasks().map(|task| task.officer.id.as_u128() as usize - 1);
                let moving = holders.filter(|_| step.sensible).last().unwrap_or(step.actor);
                self.posts[moving] = step.target;
                return self.reroute();
            }
            _ => {}
        }
        let tasks = self.process.tasks();
        let open = self.process.open_tasks().collect::<Vec<_>>();
        let task = match step.sensible && !open.is_empty() && !matches!(verb(step.what), Verb::TakeBack | Verb::Remove)
        {
            true => open[step.task % open.len()],
            false => &tasks[step.task % tasks.len()],
        };
        let verb = verb(step.what);
        let own = match verb {
            Verb::Remove => task.added_by.unwrap_or(task.officer.id),
            Verb::Withdraw | Verb::Resubmit | Verb::Urge => self.process.applicant(),
            _ => task.officer.id,
        };
        let (actor, acting_for) = match (step.acting_for, step.sensible) {
            (Some(_), _) => (id(step.actor), Some(task.officer.id)),
            (None, true) => (own, None),
            (None, false) => (id(step.actor), None),
        };
        let acts_for = if step.acting_for == Some(true) { vec![task.officer.id] } else { vec![] };
        let version = task.version - i64::from(step.stale);
        let visited = self.process.visited_nodes();
        let to_node = match visited.is_empty() || step.node == 0 {
            true => (step.node > 4).then_some(step.node),
            false => Some(visited[step.node % visited.len()]),
        };
        let comment = if step.silent { " " } else { "意见" };
        let action = action(verb, task.seq, version, person(step.target), to_node, comment);
        let entry = self.entry(Actor::Officer(actor), acting_for, action);
        if let Ok(next) = self.process.act(&entry, &acts_for, &self.settings) {
            prop_assert!(!step.stale || entry.action.version().is_none(), "a stale version was accepted");
            prop_assert!(!step.silent || !verb.needs_reason(), "silence was accepted");
            self.take(entry, next)?;
            self.reroute()?;
        }
        Ok(())
    }

    fn take(&mut self, entry: Entry, next: Process) -> Result<(), TestCaseError> {
        check_step(&self.process, &next, &entry)?;
        check_state(&next)?;
        check_news(&self.process, &next, &entry)?;
        self.process = next;
        self.log.push(entry);
        Ok(())
    }

    fn directory(&self) -> Directory {
        Directory { submitter: self.process.submitter(), ..directory(&self.in_service, &self.posts) }
    }

    fn reroute(&mut self) -> Result<(), TestCaseError> {
        let directory = self.directory();
        let rerouted = reroute::reroute(&self.process, &directory, self.now);
        for entry in rerouted.entries {
            let task = entry.action.task().and_then(|seq| self.process.task(seq)).expect("its task is known");
            if directory.in_service(task.officer.id) {
                self.moved += 1;
                check_moved(&self.process, &directory, task)?;
            }
            let next = self.process.apply(&entry);
            self.take(entry, next.expect("it has been applied before"))?;
        }
        prop_assert_eq!(&self.process, &rerouted.process);
        let again = reroute::reroute(&self.process, &directory, self.now);
        prop_assert_eq!(again.entries, vec![], "once is enough");
        let lost = self.process.tasks().iter().filter(|task| task.state.is_undecided());
        for task in lost.filter(|task| !directory.in_service(task.officer.id)) {
            prop_assert!(rerouted.missing.contains(&task.seq), "{task:?} is out of reach");
            if self.posts != FIRST_POSTS {
                continue;
            }
            // Only where president and director are away, asking themselves, or in the node already; the top court of this
            // province has nobody beside its president, and outside decisions are recorded by 政治部 alone.
            let member = task.member.map(|member| &self.process.plan().nodes[task.node].members[member]);
            let above = member.is_some_and(|member| matches!(member.rule, ApproverRule::Leader { levels: 4.. }));
            let free = |number: &usize| {
                let able = self.in_service[*number] && self.process.may_receive(task.seq, id(*number));
                able && task.officer.id != id(6) && !above
            };
            prop_assert_eq!([4, 5].into_iter().find(free), None, "{:?} could have been rerouted", task);
        }
        Ok(())
    }

    fn overdue(&mut self) -> Result<(), TestCaseError> {
        // An escalation may end the node and with it another task that was due.
        while let Some(due) = self.process.due(self.now).first().copied() {
            let action = reroute::act_on_due(&self.process, &self.directory(), due);
            let entry = self.entry(Actor::System, None, action);
            let next = self.process.apply(&entry);
            prop_assert!(next.is_ok(), "{:?}", next.err());
            self.take(entry, next.expect("just checked"))?;
            let again = self.process.due(self.now).contains(&due);
            prop_assert!(!again, "{due:?} is done with once");
        }
        prop_assert!(self.process.next_due().is_none_or(|at| at > self.now));
        Ok(())
    }

    fn resubmit(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let plan = (step.node > 2).then(|| self.plan.clone());
        let action = Action::Resubmit { plan, comment: String::new() };
        let entry = self.entry(Actor::Officer(self.process.applicant()), None, action);
        if let Ok(next) = self.process.act(&entry, &[], &self.settings) {
            prop_assert_eq!(self.process.outcome(), Outcome::SentBack);
            self.take(entry, next)?;
            self.reroute()?;
        }
        Ok(())
    }

    /// A verb is offered exactly where it succeeds.
    fn check_offers(&self, number: usize, principals: &[usize]) -> Result<(), TestCaseError> {
        let acts_for = principals.iter().map(|number| id(*number)).collect::<Vec<_>>();
        let offers = self.process.offers(id(number), &acts_for, self.now, &self.settings);
        let offers = offers.into_iter().collect::<HashSet<_>>();
        let someone = person(99);
        let try_out = |verb: Verb, task: Option<&Task>, acting_for: Option<Uuid>| {
            let (seq, version) = task.map_or((0, 0), |task| (task.seq, task.version));
            let action = action(verb, seq, version, someone.clone(), None, "意见");
            let entry = self.entry(Actor::Officer(id(number)), acting_for, action);
            let done = self.process.act(&entry, &acts_for, &self.settings);
            let offer = Offer { verb, task: task.map(|task| task.seq), acting_for };
            prop_assert_eq!(done.is_ok(), offers.contains(&offer), "{:?} {:?}", offer, done.err());
            Ok(())
        };
        for acting_for in [None].into_iter().chain(acts_for.iter().copied().map(Some)) {
            for verb in Verb::OF_REQUESTS {
                try_out(verb, None, acting_for)?;
            }
            for task in self.process.tasks() {
                for verb in Verb::OF_TASKS {
                    try_out(verb, Some(task), acting_for)?;
                }
            }
        }
        Ok(())
    }
}

fn start(
    definition: &Definition,
    (applicant, submitter): (usize, Option<usize>),
    chosen: &BTreeSet<usize>,
    (n, flag): (i64, bool),
    in_service: Vec<bool>,
) -> Option<Run> {
    let chosen = chosen.iter().filter(|number| **number != applicant).map(|number| id(*number)).collect();
    let values = Values::from([
        ("n".to_owned(), Value::Integer(n)),
        ("flag".to_owned(), Value::Flag(flag)),
        ("chosen".to_owned(), Value::People(chosen)),
    ]);
    let submitter = submitter.filter(|number| *number != applicant).map(id);
    let directory = Directory { submitter, ..directory(&in_service, &FIRST_POSTS) };
    let plan = compile(definition, &values, id(applicant), &directory).expect("the values are declared");
    let now = Timestamp::from_millis(0);
    let process = Process::start(plan.clone(), now);
    assert_eq!(process.is_err(), plan.problem().is_some());
    let settings = Settings { urge_after_minutes: 30, urge_every_minutes: 60, take_back: true };
    let process = process.ok()?;
    Some(Run { plan, process, log: Vec::new(), in_service, posts: FIRST_POSTS, moved: 0, now, settings })
}

proptest! {
    #[test]
    fn the_invariants_hold_in_every_interleaving(
        definition in definition(),
        applicant in (0usize..10, proptest::option::weighted(0.3, 0usize..10)),
        chosen in proptest::collection::btree_set(0usize..10, 0..4),
        values in (0i64..=10, any::<bool>()),
        in_service in vec(proptest::bool::weighted(0.9), 10),
        steps in vec(step(), 0..40),
        (watched, principals) in (0usize..10, vec(0usize..10, 0..3)),
    ) {
        let Some(mut run) = start(&definition, applicant, &chosen, values, in_service) else { return Ok(()) };
        check_state(&run.process)?;
        for (index, step) in steps.iter().enumerate() {
            run.step(step)?;
            if index % 8 == 7 {
                run.check_offers((watched + index / 8) % 10, &principals)?;
            }
        }
        let replayed = Process::replay(run.plan.clone(), Timestamp::from_millis(0), &run.log);
        prop_assert_eq!(replayed, Ok(run.process));
    }

    #[test]
    fn a_log_survives_its_storage(
        definition in definition(),
        steps in vec(step(), 0..20),
    ) {
        let text = serde_json::to_string(&definition).expect("plain data");
        prop_assert_eq!(&serde_json::from_str::<Definition>(&text).expect("a definition"), &definition);
        let Some(mut run) = start(&definition, (0, None), &BTreeSet::from([7]), (5, true), vec![true; 10]) else { return Ok(()) };
        for step in &steps {
            run.step(step)?;
        }
        let stored = serde_json::to_string(&(&run.plan, &run.log)).expect("plain data");
        let (plan, log) = serde_json::from_str::<(Plan, Vec<Entry>)>(&stored).expect("a plan and a log");
        prop_assert_eq!(Process::replay(plan, Timestamp::from_millis(0), &log), Ok(run.process));
    }
}

/// The model would prove nothing if its steps were all refused.
#[test]
fn every_verb_and_every_outcome_occurs_in_the_model() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut verbs, mut outcomes, mut rounds, mut started, mut moved) = (BTreeSet::new(), HashSet::new(), 0, 0, 0);
    for _ in 0..600 {
        let strategy = (definition(), 0usize..10, vec(step(), 0..40));
        let (definition, applicant, steps) = strategy.new_tree(&mut runner).expect("no filters").current();
        let chosen = BTreeSet::from([7, 8]);
        let Some(mut run) = start(&definition, (applicant, None), &chosen, (5, true), vec![true; 10]) else { continue };
        for step in &steps {
            run.step(step).expect("the invariants hold");
        }
        started += 1;
        verbs.extend(run.log.iter().map(|entry| entry.action.verb()));
        outcomes.insert(run.process.outcome());
        rounds = rounds.max(run.process.round());
        moved += run.moved;
    }
    let all = Verb::OF_TASKS.into_iter().chain(Verb::OF_REQUESTS);
    let all = all.chain([Verb::Reroute, Verb::Escalate, Verb::Remind]).collect::<BTreeSet<_>>();
    assert_eq!(verbs, all);
    assert_eq!(outcomes.len(), 5);
    assert!(rounds > 2 && started > 300 && moved > 30, "{rounds} rounds, {started} started, {moved} moved");
}
