use super::*;

#[test]
fn every_type_that_comes_with_the_product_is_sound_and_names_its_source() {
    let catalogue = Catalogue::default();
    for leave_type in catalogue.all() {
        assert_eq!(catalogue.find(&leave_type.name), Ok(leave_type));
        assert_eq!(leave_type.check(), Ok(()), "{}", leave_type.name);
        assert!(leave_type.help.contains("依据"), "{}: the source is named", leave_type.name);
    }
    assert_eq!(catalogue.find("sabbatical"), Err(Code::UnknownLeaveType));
    let names: Vec<&str> = catalogue.all().iter().map(|leave_type| leave_type.name.as_str()).collect();
    let expected = [
        "annual",
        "personal",
        "sick",
        "home_visit",
        "marriage",
        "bereavement",
        "work_injury",
        "maternity",
        "paternity",
        "parental",
        "elder_care",
        "nursing",
        "compensatory",
        "official_trip",
        "leaving_town",
    ];
    assert_eq!(names, expected);
}

#[test]
fn what_hr_has_made_of_a_type_stands_in_its_place() {
    let changed = LeaveType { notice_workdays: 3, ..PERSONAL.clone() };
    let own = LeaveType { name: "sabbatical".to_owned(), title: "学术假".to_owned(), ..PERSONAL.clone() };
    let catalogue = Catalogue::new(vec![own.clone(), changed.clone()]);
    assert_eq!(catalogue.find("personal"), Ok(&changed));
    assert_eq!(catalogue.title("personal"), "事假");
    assert_eq!(catalogue.find("sabbatical"), Ok(&own));
    assert_eq!(catalogue.title("sabbatical"), "学术假");
    assert_eq!(catalogue.title("unheard-of"), "unheard-of");
    let (built_in, added) = catalogue.all().split_at(BUILTIN.len());
    assert!(built_in.iter().zip(BUILTIN.iter()).all(|(here, there)| here.name == there.name));
    assert_eq!(added, [own]);
}

#[test]
fn settings_that_make_no_sense_are_refused_where_they_stand() {
    let step = |years, half_days| ServiceStep { years, half_days, sick_limit: None };
    let by_service = |steps| GrantRule::ByService { steps, personal_limit: None };
    let faults = [
        ("help", LeaveType { help: " ".to_owned(), ..PERSONAL.clone() }),
        ("unit", LeaveType { unit: Unit::Minutes { a_day: 0 }, ..PERSONAL.clone() }),
        ("grant", LeaveType { unit: Unit::Minutes { a_day: 60 }, ..ANNUAL.clone() }),
        (
            "request_limit",
            LeaveType {
                unit: Unit::Minutes { a_day: 60 },
                year_limit: Some(Limit { half_days: 10, blocking: true }),
                ..PERSONAL.clone()
            },
        ),
        ("grant", LeaveType { grant: by_service(vec![]), ..ANNUAL.clone() }),
        ("grant", LeaveType { grant: by_service(vec![step(10, 20), step(1, 10)]), ..ANNUAL.clone() }),
        ("grant", LeaveType { grant: by_service(vec![step(1, -1)]), ..ANNUAL.clone() }),
        ("grant", LeaveType { grant: GrantRule::Earned { lasts_days: 0 }, ..ANNUAL.clone() }),
        ("carry_over", LeaveType { carry_over: Some(CarryOver { half_days: 2, month: 13, day: 1 }), ..ANNUAL.clone() }),
        (
            "carry_over",
            LeaveType { carry_over: Some(CarryOver { half_days: 2, month: 3, day: 31 }), ..PERSONAL.clone() },
        ),
        (
            "request_limit",
            LeaveType { request_limit: Some(Limit { half_days: 0, blocking: true }), ..PERSONAL.clone() },
        ),
        ("notice_workdays", LeaveType { notice_workdays: -1, ..PERSONAL.clone() }),
        ("backfill_days", LeaveType { backfill_days: 400, ..PERSONAL.clone() }),
        ("evidence_from", LeaveType { evidence_from: Some(0), ..SICK.clone() }),
        ("service_years", LeaveType { service_years: 99, ..SICK.clone() }),
        ("basis", LeaveType { basis: Basis::Workdays, ..LEAVING_TOWN.clone() }),
        ("grant", LeaveType { grant: GrantRule::Yearly { half_days: 2 }, ..LEAVING_TOWN.clone() }),
        (
            "request_limit",
            LeaveType { year_limit: Some(Limit { half_days: 2, blocking: false }), ..LEAVING_TOWN.clone() },
        ),
        ("evidence_from", LeaveType { evidence_from: Some(2), ..LEAVING_TOWN.clone() }),
    ];
    for (field, leave_type) in faults {
        let problem = leave_type.check().expect_err(field);
        assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some(field)));
    }
}

#[test]
fn a_type_of_hr_counts_what_it_says() {
    let own = |unit| LeaveType { unit, ..LeaveType::own("献血假").expect("a title") }.added_as("双胎哺乳时间");
    let hours = own(Unit::Minutes { a_day: 120 }).expect("minutes of a day");
    assert_eq!((hours.title.as_str(), hours.lane(), hours.slot_amount()), ("双胎哺乳时间", Lane::Hours, 120));
    assert_eq!(own(Unit::HalfDays).map(|own| own.lane()), Ok(Lane::Leave));
    let refused = own(Unit::Report).expect_err("the product has one");
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("unit")));
    let taken = PERSONAL.clone().added_as("年休假").expect_err("the product has it");
    assert_eq!(taken.field.as_deref(), Some("name"));
}

#[test]
fn who_confirms_is_as_the_setting_says_unless_the_type_says_otherwise() {
    assert!(BUILTIN.iter().all(|known| known.return_confirmation.is_none()));
    let stored = serde_json::to_string(&*SICK).expect("plain data");
    assert!(!stored.contains("return_confirmation"), "as a version stored it that knew of no choice");
    for choice in Confirmation::ALL {
        let sick = LeaveType { return_confirmation: Some(choice), ..SICK.clone() };
        assert_eq!(sick.check(), Ok(()));
        let text = serde_json::to_string(&sick).expect("plain data");
        assert!(text.contains(&format!(",\"return_confirmation\":\"{}\"", choice.as_str())), "{text}");
        assert_eq!(serde_json::from_str::<LeaveType>(&text).expect("what was written"), sick);
        assert_eq!(Confirmation::parse(choice.as_str()), Some(choice));
    }
    assert_eq!(Confirmation::parse("everybody"), None);
}

#[test]
fn a_carry_over_ends_on_a_day_of_every_year() {
    let last_day = |month, day, year| CarryOver { half_days: 2, month, day }.last_day(year).map(|day| day.to_string());
    assert_eq!(last_day(3, 31, 2027).as_deref(), Some("2027-03-31"));
    assert_eq!(last_day(2, 31, 2027).as_deref(), Some("2027-02-28"));
    assert_eq!(last_day(2, 29, 2028).as_deref(), Some("2028-02-29"));
    assert_eq!(last_day(13, 1, 2027), None);
}

#[test]
fn a_type_survives_being_stored() {
    for leave_type in BUILTIN.iter() {
        let text = serde_json::to_string(leave_type).expect("plain data");
        assert_eq!(serde_json::from_str::<LeaveType>(&text).expect("what was written"), *leave_type);
    }
}

#[test]
fn settings_of_an_older_version_ask_for_a_report_of_the_end() {
    let mut stored = serde_json::to_value(&*SICK).expect("plain data");
    stored.as_object_mut().expect("an object").remove("needs_return");
    assert_eq!(serde_json::from_value::<LeaveType>(stored).expect("as it was stored"), *SICK);
    let needless: Vec<&str> =
        BUILTIN.iter().filter(|known| !known.needs_return).map(|known| known.name.as_str()).collect();
    assert_eq!(needless, ["nursing"]);
}

#[test]
fn the_lane_follows_from_the_unit() {
    let others: Vec<(&str, Lane)> = BUILTIN
        .iter()
        .filter(|known| known.lane() != Lane::Leave)
        .map(|known| (known.name.as_str(), known.lane()))
        .collect();
    assert_eq!(others, [("nursing", Lane::Hours), ("leaving_town", Lane::Report)]);
    assert_eq!(LeaveType::own("献血假").map(|own| own.lane()), Ok(Lane::Leave));
}

#[test]
fn half_days_read_as_days() {
    let texts = [(0, "0天"), (1, "0.5天"), (2, "1天"), (5, "2.5天"), (-1, "-0.5天"), (-4, "-2天")];
    for (half_days, text) in texts {
        assert_eq!(days_text(half_days), text);
    }
}
