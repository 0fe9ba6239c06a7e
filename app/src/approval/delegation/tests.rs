//! Who may act for whom, and when.

use proptest::prelude::*;

use super::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn at(day: i64) -> Timestamp {
    Timestamp::from_millis(0).plus_minutes(day * 24 * 60)
}

fn delegation(from: u128, to: u128, first: i64, until: i64) -> Delegation {
    Delegation {
        id: id(1000 + from * 100 + to),
        from: id(from),
        to: id(to),
        kinds: Kinds::All,
        period: Period::Between { from: at(first), until: at(until) },
        accepted: true,
    }
}

fn everybody() -> BTreeSet<Uuid> {
    (0..20).map(id).collect()
}

fn acting(delegations: &[Delegation], absences: &[Absence], principal: u128, day: i64) -> Vec<u128> {
    let in_service = everybody();
    let facts = Facts { delegations, absences, in_service: &in_service, at: at(day) };
    covers(facts, id(principal), "leave").iter().map(Uuid::as_u128).collect()
}

#[test]
fn a_delegation_counts_in_its_time_with_consent_and_for_its_forms() {
    let one = delegation(1, 2, 10, 20);
    assert_eq!([9, 10, 19, 20].map(|day| acting(std::slice::from_ref(&one), &[], 1, day).len()), [0, 1, 1, 0]);
    assert!(acting(&[Delegation { accepted: false, ..one.clone() }], &[], 1, 15).is_empty());
    let travel = Kinds::Listed(BTreeSet::from(["travel".to_owned()]));
    assert!(acting(&[Delegation { kinds: travel, ..one.clone() }], &[], 1, 15).is_empty());
    let in_service = BTreeSet::from([id(1)]);
    let facts = Facts { delegations: &[one], absences: &[], in_service: &in_service, at: at(15) };
    assert!(covers(facts, id(1), "leave").is_empty(), "the delegate is not in service");
}

#[test]
fn it_switches_on_with_the_approver_s_own_leave() {
    let during = [Delegation { period: Period::OwnLeave, ..delegation(1, 2, 0, 1) }];
    let away = [Absence { officer: id(1), from: at(5), until: at(8) }];
    assert_eq!([4, 5, 7, 8].map(|day| acting(&during, &away, 1, day).len()), [0, 1, 1, 0]);
    let other = [Absence { officer: id(2), from: at(5), until: at(8) }];
    assert!(acting(&during, &other, 1, 6).is_empty());
}

#[test]
fn a_chain_is_bounded_and_a_circle_ends() {
    let chain = (1..8).map(|number| delegation(number, number + 1, 0, 9)).collect::<Vec<_>>();
    assert_eq!(acting(&chain, &[], 1, 1), [2, 3, 4]);
    let circle = [delegation(1, 2, 0, 9), delegation(2, 1, 0, 9)];
    assert_eq!(acting(&circle, &[], 1, 1), [2], "nobody acts for himself");
    let in_service = everybody();
    let facts = Facts { delegations: &chain, absences: &[], in_service: &in_service, at: at(1) };
    assert_eq!(principals(facts, id(4), "leave"), [1, 2, 3].map(id));
}

#[test]
fn a_delegation_that_cannot_be_is_refused_at_its_field() {
    let field = |new: &Delegation, existing: &[Delegation]| {
        check_new(new, existing, at(0)).err().map(|problem| problem.field.expect("it names the field"))
    };
    let one = delegation(1, 2, 10, 20);
    let refused = |field: &str| Some(field.to_owned());
    assert_eq!(field(&one, &[]), None);
    assert_eq!(field(&delegation(1, 1, 10, 20), &[]), refused("to"));
    assert_eq!(field(&delegation(1, 2, 20, 20), &[]), refused("until"));
    assert_eq!(field(&delegation(1, 2, 0, 367), &[]), refused("until"));
    assert_eq!(field(&delegation(1, 2, 0, 366), &[]), None);
    let listed = |kinds: &[&str]| Kinds::Listed(kinds.iter().map(|kind| (*kind).to_owned()).collect());
    assert_eq!(field(&Delegation { kinds: listed(&[]), ..one.clone() }, &[]), refused("kinds"));
    assert_eq!(field(&delegation(1, 3, 19, 30), std::slice::from_ref(&one)), refused("period"));
    assert_eq!(field(&delegation(1, 3, 20, 30), std::slice::from_ref(&one)), None);
    let travel = Delegation { kinds: listed(&["travel"]), ..one.clone() };
    assert_eq!(field(&Delegation { kinds: listed(&["leave"]), ..delegation(1, 3, 10, 20) }, &[travel]), None);
    let round = [delegation(2, 3, 15, 18), delegation(3, 1, 0, 12)];
    assert_eq!(field(&one, &round), refused("to"), "1 to 2 to 3 to 1, each pair of them at some time with the new one");
    assert_eq!(field(&one, &[delegation(2, 1, 20, 30)]), None, "one after the other");
    let own_leave = Delegation { period: Period::OwnLeave, ..delegation(1, 3, 0, 1) };
    assert_eq!(field(&own_leave, std::slice::from_ref(&one)), None);
    assert_eq!(field(&own_leave, std::slice::from_ref(&own_leave)), refused("period"));
    let late = |day| check_new(&one, &[], at(day)).err().and_then(|problem| problem.field);
    assert_eq!((late(19), late(20)), (None, refused("until")), "it would count for nothing");
}

proptest! {
    #[test]
    fn covers_is_bounded_and_never_names_the_principal_or_anybody_twice(
        pairs in proptest::collection::vec((0u128..8, 0u128..8, 0i64..10, 1i64..10, any::<bool>()), 0..20),
        out in proptest::collection::btree_set(0u128..8, 0..3),
        principal in 0u128..8,
        day in 0i64..20,
    ) {
        let delegations = pairs.iter().map(|(from, to, first, days, accepted)| Delegation {
            accepted: *accepted,
            ..delegation(*from, *to, *first, first + days)
        });
        let delegations = delegations.collect::<Vec<_>>();
        let in_service = (0..8).filter(|number| !out.contains(number)).map(id).collect::<BTreeSet<_>>();
        let facts = Facts { delegations: &delegations, absences: &[], in_service: &in_service, at: at(day) };
        let found = covers(facts, id(principal), "leave");
        let distinct = found.iter().collect::<BTreeSet<_>>();
        prop_assert_eq!(distinct.len(), found.len());
        prop_assert!(!found.contains(&id(principal)) && found.iter().all(|person| in_service.contains(person)));
        for person in &found {
            prop_assert!(principals(facts, *person, "leave").contains(&id(principal)));
        }
    }

    #[test]
    fn delegations_that_were_let_in_never_make_a_circle(
        pairs in proptest::collection::vec((0u128..5, 0u128..5, 0i64..10, 1i64..10), 0..20),
    ) {
        let mut existing = Vec::new();
        for (from, to, first, days) in pairs {
            let new = delegation(from, to, first, first + days);
            if check_new(&new, &existing, at(0)).is_ok() {
                existing.push(new);
            }
        }
        let in_service = everybody();
        for day in 0..20 {
            for person in 0..5 {
                let facts = Facts { delegations: &existing, absences: &[], in_service: &in_service, at: at(day) };
                for other in covers(facts, id(person), "leave") {
                    prop_assert!(!covers(facts, other, "leave").contains(&id(person)));
                }
            }
        }
    }
}
