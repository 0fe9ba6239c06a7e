//! The types that come with the product, with the numbers that hold in the whole country. What a province sets
//! itself is a limit that warns, not one that refuses, until HR has put its own number there.

use std::sync::LazyLock;

use super::{Basis, GrantRule, LeaveType, Limit, ServiceStep, Unit};
use crate::org::rules::Sex;

/// 年休假.
pub static ANNUAL: LazyLock<LeaveType> = LazyLock::new(|| LeaveType {
    // 条例 art. 3 (5, 10, 15 days) and art. 4: none for who was ill for 2, 3, 4 months, or had 20 days of paid 事假.
    grant: GrantRule::ByService {
        steps: vec![
            ServiceStep { years: 1, half_days: 10, sick_limit: Some(120) },
            ServiceStep { years: 10, half_days: 20, sick_limit: Some(180) },
            ServiceStep { years: 20, half_days: 30, sick_limit: Some(240) },
        ],
        personal_limit: Some(40),
    },
    ..plain(
        "annual",
        "年休假",
        Basis::Workdays,
        "按工作日计，周末和法定节假日不占年休假，可分段休。工龄满1年5天、满10年10天、满20年15天，\
         满年限的次月起按新标准；当年累计病假满2、3、4个月（按三档工龄）或事假20天以上且未扣工资的，不享受当年年休假，\
         已休的次年不再享受。依据：《职工带薪年休假条例》（国务院令第514号）第三、四条及机关事业单位实施办法。",
    )
});

/// 事假.
pub static PERSONAL: LazyLock<LeaveType> = LazyLock::new(|| {
    plain(
        "personal",
        "事假",
        Basis::Workdays,
        "按工作日计，不设额度。全年事假累计20天以上且未扣工资的，不享受当年年休假。\
         依据：《职工带薪年休假条例》第四条；批假天数从本省规定。",
    )
});

/// 病假.
pub static SICK: LazyLock<LeaveType> = LazyLock::new(|| LeaveType {
    chosen: false,
    evidence_from: Some(6),
    ..plain(
        "sick",
        "病假",
        Basis::NaturalDays,
        "按自然日计，含周末和节假日，不设额度；3天以上需医院证明，急病可先休后补。\
         依据：国发〔1981〕52号关于病假期间生活待遇的规定；需要证明的天数从本省规定。",
    )
});

/// 外出报备.
pub static LEAVING_TOWN: LazyLock<LeaveType> = LazyLock::new(|| LeaveType {
    unit: Unit::Report,
    may_split: false,
    ..plain(
        "leaving_town",
        "外出报备",
        Basis::NaturalDays,
        "离开工作所在城市须事先报备，周末、节假日和休假期间也一样；只报去向和联系方式，不是请假，不占用任何假期，\
         工作时间离岗的须另行请假。返回后请报告。依据：各级法院的外出请示报告规定；\
         报备的人员范围、时限和审批层级各地不同，请写入本省文件的名称和文号。",
    )
});

/// Every type, in the order of the screen.
pub static BUILTIN: LazyLock<Vec<LeaveType>> = LazyLock::new(|| {
    let mut types = vec![ANNUAL.clone(), PERSONAL.clone(), SICK.clone()];
    types.extend(of_occasions());
    types.extend(of_families());
    types.extend(of_work());
    types.push(LEAVING_TOWN.clone());
    types
});

/// A type that counts half days, may be split, asks for nothing and is for everybody.
pub(super) fn plain(name: &str, title: &str, basis: Basis, help: &str) -> LeaveType {
    LeaveType {
        name: name.to_owned(),
        title: title.to_owned(),
        active: true,
        unit: Unit::HalfDays,
        basis,
        grant: GrantRule::None,
        carry_over: None,
        may_split: true,
        request_limit: None,
        year_limit: None,
        notice_workdays: 0,
        // Until a province has set its own rule nobody is refused for asking late; the approver reads that it is late.
        backfill_days: 366,
        evidence_from: None,
        sex: None,
        categories: Vec::new(),
        service_years: 0,
        chosen: true,
        needs_return: true,
        return_confirmation: None,
        help: help.to_owned(),
    }
}

/// At most so many days, as a warning.
fn about(days: i64) -> Option<Limit> {
    Some(Limit { half_days: 2 * days, blocking: false })
}

/// Papers from the first half day on.
const PAPERS: Option<i64> = Some(1);

fn of_occasions() -> [LeaveType; 4] {
    [
        LeaveType {
            may_split: false,
            request_limit: about(30),
            // Once a year; a visit to the parents beside one to the spouse, or two years' in one, is for who decides.
            year_limit: about(30),
            service_years: 1,
            ..plain(
                "home_visit",
                "探亲假",
                Basis::NaturalDays,
                "按自然日计，含周末和节假日，路程假另给。探望配偶每年一次30天；未婚探望父母每年一次20天，\
                 两年合并一次45天；已婚探望父母每四年一次20天。一次或一年累计超过30天的（如两年合并、当年另探望父母）会有提示，\
                 由审批人核对后决定。须工作满1年，且不能在公休日团聚。\
                 依据：《国务院关于职工探亲待遇的规定》（国发〔1981〕36号）。",
            )
        },
        LeaveType {
            may_split: false,
            request_limit: about(3),
            evidence_from: PAPERS,
            ..plain(
                "marriage",
                "婚假",
                Basis::NaturalDays,
                "国家规定3天，各省另有延长的从本省规定，由政治部调整上限；请附结婚证。\
                 依据：〔80〕劳总薪字29号及本省人口与计划生育条例。",
            )
        },
        LeaveType {
            may_split: false,
            request_limit: about(3),
            chosen: false,
            ..plain(
                "bereavement",
                "丧假",
                Basis::NaturalDays,
                "父母、配偶、子女去世，1至3天，路程假另给。依据：〔80〕劳总薪字29号；亲属范围从本省规定。",
            )
        },
        LeaveType {
            may_split: false,
            chosen: false,
            evidence_from: PAPERS,
            ..plain(
                "work_injury",
                "工伤假",
                Basis::NaturalDays,
                "停工留薪期一般不超过12个月，伤情严重的经确认可以延长，最多再加12个月；请附工伤认定或医院证明。\
                 依据：《工伤保险条例》第三十三条。",
            )
        },
    ]
}

fn of_families() -> [LeaveType; 5] {
    [
        LeaveType {
            may_split: false,
            request_limit: about(98),
            evidence_from: PAPERS,
            sex: Some(Sex::Female),
            chosen: false,
            ..plain(
                "maternity",
                "产假",
                Basis::NaturalDays,
                "98天，其中产前可休15天；难产加15天，多胞胎每多一个加15天；怀孕未满4个月流产15天，满4个月流产42天；\
                 各省另有延长的从本省规定，由政治部调整上限。依据：《女职工劳动保护特别规定》（国务院令第619号）第七条。",
            )
        },
        LeaveType {
            may_split: false,
            request_limit: about(15),
            evidence_from: PAPERS,
            sex: Some(Sex::Male),
            chosen: false,
            ..plain(
                "paternity",
                "护理假",
                Basis::NaturalDays,
                "配偶生育期间的护理（陪产）假，各省7至30天，由政治部按本省规定调整上限。依据：本省人口与计划生育条例。",
            )
        },
        LeaveType {
            year_limit: about(10),
            evidence_from: PAPERS,
            ..plain(
                "parental",
                "育儿假",
                Basis::Workdays,
                "子女满3周岁前，父母双方每年各5至15天，由政治部按本省规定调整上限。依据：本省人口与计划生育条例。",
            )
        },
        LeaveType {
            year_limit: about(10),
            evidence_from: PAPERS,
            ..plain(
                "elder_care",
                "独生子女护理假",
                Basis::Workdays,
                "独生子女的父母年满60周岁患病住院的，每年5至20天，由政治部按本省规定调整上限。\
                 依据：本省老年人权益保障条例或人口与计划生育条例。",
            )
        },
        LeaveType {
            unit: Unit::Minutes { a_day: 60 },
            sex: Some(Sex::Female),
            chosen: false,
            // She is at work all the time, and has nowhere to come back from.
            needs_return: false,
            ..plain(
                "nursing",
                "哺乳时间",
                Basis::Workdays,
                "子女未满1周岁，每个工作日1小时。多胞胎每多哺乳一个婴儿每天加1小时，由政治部新增按分钟计的假别\
                 （如“双胎哺乳时间”，每天120分钟），请选用该假别。请填写起止日期，其余时间照常上班。\
                 依据：《女职工劳动保护特别规定》第九条。",
            )
        },
    ]
}

fn of_work() -> [LeaveType; 2] {
    [
        LeaveType {
            grant: GrantRule::Earned { lasts_days: 180 },
            ..plain(
                "compensatory",
                "补休",
                Basis::Workdays,
                "因值班、加班由政治部登记的补休，在有效期内使用，先到期的先用。依据：《公务员法》第八十二条；有效期从本省规定。",
            )
        },
        plain(
            "official_trip",
            "公务外出",
            Basis::Workdays,
            "因公外出的报备，不占用任何假期额度。需要请假的公务外出天数从本省规定。依据：本省法院请销假制度。",
        ),
    ]
}
