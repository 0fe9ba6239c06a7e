//! The settings of one type as they are typed, and what they come to.

use app::leave::api::Confirmation;
use app::leave::types::variant::{self, Per, Variant};
use app::leave::types::{Basis, CarryOver, GrantRule, Lane, LeaveType, Limit, ServiceStep, Unit};
use app::org::rules::{Category, Sex};
use leptos::prelude::*;

use crate::format::days;

/// A number of half days as it is typed, in days.
type Days = RwSignal<String>;

/// A limit as it is typed; empty for none.
#[derive(Clone, Copy, Debug)]
pub struct LimitForm {
    /// The most, in days.
    pub most: Days,
    /// Whether more is refused.
    pub blocking: RwSignal<bool>,
}

/// A bracket of years of service as it is typed.
#[derive(Clone, Copy, Debug)]
pub struct StepForm {
    /// From so many years on.
    pub years: RwSignal<String>,
    /// So many days a year.
    pub days: Days,
    /// The days of 病假 that cost the year; empty for none.
    pub sick_limit: Days,
}

/// Which rule gives a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// None.
    None,
    /// By years of service.
    ByService,
    /// The same every year.
    Yearly,
    /// By HR, for an event.
    Earned,
}

impl RuleKind {
    /// Every kind, in the order of the screen.
    pub const ALL: [Self; 4] = [Self::None, Self::ByService, Self::Yearly, Self::Earned];

    /// The value in the select.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ByService => "by_service",
            Self::Yearly => "yearly",
            Self::Earned => "earned",
        }
    }
}

/// A field that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread(pub &'static str);

/// The settings of one type as they are typed.
#[derive(Clone, Copy, Debug)]
pub struct TypeForm {
    /// The type as it was loaded; what the form does not show stays as it is.
    loaded: StoredValue<LeaveType>,
    /// Whether officers can ask for it.
    pub active: RwSignal<bool>,
    /// Whether only workdays count.
    pub workdays: RwSignal<bool>,
    /// Whether it may be taken in pieces.
    pub may_split: RwSignal<bool>,
    /// Whether the officer chooses when.
    pub chosen: RwSignal<bool>,
    /// Whether its end is to be reported.
    pub needs_return: RwSignal<bool>,
    /// Who confirms its returns; empty where the setting for all types says so.
    pub confirmation: RwSignal<String>,
    /// The minutes of a day, for a type that counts them.
    pub minutes: RwSignal<String>,
    /// Which rule gives a balance.
    pub rule: RwSignal<String>,
    /// The brackets of years of service.
    pub steps: RwSignal<Vec<StepForm>>,
    /// The days of 事假 that cost the year.
    pub personal_limit: Days,
    /// The days of every year.
    pub yearly: Days,
    /// How many days what HR grants lasts.
    pub lasts_days: RwSignal<String>,
    /// The days that go over; empty for none.
    pub carry: Days,
    /// The month in which they end.
    pub carry_month: RwSignal<String>,
    /// The last day in it.
    pub carry_day: RwSignal<String>,
    /// The most of one request.
    pub request_limit: LimitForm,
    /// The most of one year.
    pub year_limit: LimitForm,
    /// Workdays of notice.
    pub notice: RwSignal<String>,
    /// Days in which it can be asked for afterwards.
    pub backfill: RwSignal<String>,
    /// Papers from so many days on; empty for none.
    pub evidence: Days,
    /// From so many years of work on.
    pub service_years: RwSignal<String>,
    /// `female`, `male`, or empty for everybody.
    pub sex: RwSignal<String>,
    /// The categories that it is for; none for everybody.
    pub categories: RwSignal<Vec<Category>>,
    /// What to know, with the source.
    pub help: RwSignal<String>,
}

impl TypeForm {
    /// The form of a type.
    pub fn of(rules: &LeaveType) -> Self {
        let text = |text: String| RwSignal::new(text);
        let amount = |half_days: Option<i64>| RwSignal::new(half_days.map_or_else(String::new, days));
        let limit = |limit: Option<Limit>| LimitForm {
            most: amount(limit.map(|limit| limit.half_days)),
            blocking: RwSignal::new(limit.is_some_and(|limit| limit.blocking)),
        };
        let (mut steps, mut personal, mut yearly, mut lasts) = (Vec::new(), None, None, None);
        let rule = match &rules.grant {
            GrantRule::None => RuleKind::None,
            GrantRule::ByService { steps: brackets, personal_limit } => {
                steps.extend(brackets.iter().map(|step| StepForm::of(Some(*step))));
                personal = *personal_limit;
                RuleKind::ByService
            }
            GrantRule::Yearly { half_days } => {
                yearly = Some(*half_days);
                RuleKind::Yearly
            }
            GrantRule::Earned { lasts_days } => {
                lasts = Some(*lasts_days);
                RuleKind::Earned
            }
        };
        Self {
            active: RwSignal::new(rules.active),
            workdays: RwSignal::new(rules.basis == Basis::Workdays),
            may_split: RwSignal::new(rules.may_split),
            chosen: RwSignal::new(rules.chosen),
            needs_return: RwSignal::new(rules.needs_return),
            confirmation: text(rules.return_confirmation.map_or_else(String::new, |by| by.as_str().to_owned())),
            minutes: text(match rules.unit {
                Unit::HalfDays | Unit::Report => String::new(),
                Unit::Minutes { a_day } => a_day.to_string(),
            }),
            rule: text(rule.as_str().to_owned()),
            steps: RwSignal::new(steps),
            personal_limit: amount(personal),
            yearly: amount(yearly),
            lasts_days: text(lasts.map_or_else(String::new, |days| days.to_string())),
            carry: amount(rules.carry_over.map(|over| over.half_days)),
            carry_month: text(rules.carry_over.map_or(3, |over| over.month).to_string()),
            carry_day: text(rules.carry_over.map_or(31, |over| over.day).to_string()),
            request_limit: limit(rules.request_limit),
            year_limit: limit(rules.year_limit),
            notice: text(rules.notice_workdays.to_string()),
            backfill: text(rules.backfill_days.to_string()),
            evidence: amount(rules.evidence_from),
            service_years: text(rules.service_years.to_string()),
            sex: text(rules.sex.map_or_else(String::new, |sex| sex.as_str().to_owned())),
            categories: RwSignal::new(rules.categories.clone()),
            help: text(rules.help.clone()),
            loaded: StoredValue::new(rules.clone()),
        }
    }

    /// Takes over what a province gives.
    pub fn take(self, variant: Variant) {
        let limit = match variant.per {
            Per::Request => self.request_limit,
            Per::Year => self.year_limit,
        };
        limit.most.set(days(variant.half_days));
    }

    /// What provinces give of this type.
    pub fn variants(self) -> Vec<Variant> {
        self.loaded.with_value(|loaded| variant::of(&loaded.name))
    }

    /// Which rule is chosen.
    pub fn rule_kind(self) -> RuleKind {
        let chosen = self.rule.get();
        RuleKind::ALL.into_iter().find(|kind| kind.as_str() == chosen).unwrap_or(RuleKind::None)
    }

    /// Whether the type counts minutes of a day.
    pub fn counts_minutes(self) -> bool {
        self.loaded.with_value(|loaded| loaded.lane() == Lane::Hours)
    }

    /// Whether the type only says where the officer is, so that nothing of it is counted.
    pub fn counts_nothing(self) -> bool {
        self.loaded.with_value(|loaded| loaded.lane() == Lane::Report)
    }

    /// What was typed, read without being tracked.
    ///
    /// # Errors
    /// The first field that cannot be read.
    pub fn rules(self) -> Result<LeaveType, Unread> {
        let whole = |field: &'static str, text: RwSignal<String>| {
            text.with_untracked(|text| text.trim().parse::<i64>()).map_err(|_| Unread(field))
        };
        let amount = |field: &'static str, text: Days| text.with_untracked(|text| half_days(text)).ok_or(Unread(field));
        let needed = |field: &'static str, text: Days| amount(field, text)?.ok_or(Unread(field));
        let small = |field: &'static str, text: RwSignal<String>| {
            whole(field, text).and_then(|number| u8::try_from(number).map_err(|_| Unread(field)))
        };
        let limit = |field: &'static str, form: LimitForm| {
            let most = amount(field, form.most)?;
            Ok(most.map(|half_days| Limit { half_days, blocking: form.blocking.get_untracked() }))
        };
        let loaded = self.loaded.get_value();
        let grant = match self.rule_kind() {
            RuleKind::None => GrantRule::None,
            RuleKind::ByService => {
                let steps = self.steps.get_untracked().into_iter().map(|step| {
                    let years = whole("grant", step.years)?;
                    Ok(ServiceStep {
                        years: i32::try_from(years).map_err(|_| Unread("grant"))?,
                        half_days: needed("grant", step.days)?,
                        sick_limit: amount("grant", step.sick_limit)?,
                    })
                });
                GrantRule::ByService {
                    steps: steps.collect::<Result<_, _>>()?,
                    personal_limit: amount("grant", self.personal_limit)?,
                }
            }
            RuleKind::Yearly => GrantRule::Yearly { half_days: needed("grant", self.yearly)? },
            RuleKind::Earned => GrantRule::Earned { lasts_days: whole("grant", self.lasts_days)? },
        };
        let goes_over = matches!(grant, GrantRule::ByService { .. } | GrantRule::Yearly { .. });
        let carry_over = match amount("carry_over", self.carry)?.filter(|_| goes_over) {
            Some(half_days) => Some(CarryOver {
                half_days,
                month: small("carry_over", self.carry_month)?,
                day: small("carry_over", self.carry_day)?,
            }),
            None => None,
        };
        Ok(LeaveType {
            active: self.active.get_untracked(),
            unit: match loaded.unit {
                Unit::HalfDays | Unit::Report => loaded.unit,
                Unit::Minutes { .. } => Unit::Minutes { a_day: whole("unit", self.minutes)? },
            },
            basis: if self.workdays.get_untracked() { Basis::Workdays } else { Basis::NaturalDays },
            grant,
            carry_over,
            may_split: self.may_split.get_untracked(),
            request_limit: limit("request_limit", self.request_limit)?,
            year_limit: limit("year_limit", self.year_limit)?,
            notice_workdays: whole("notice_workdays", self.notice)?,
            backfill_days: whole("backfill_days", self.backfill)?,
            evidence_from: amount("evidence_from", self.evidence)?,
            sex: self.sex.with_untracked(|sex| Sex::parse(sex)),
            categories: self.categories.get_untracked(),
            service_years: i32::try_from(whole("service_years", self.service_years)?)
                .map_err(|_| Unread("service_years"))?,
            chosen: self.chosen.get_untracked(),
            needs_return: self.needs_return.get_untracked(),
            return_confirmation: self.confirmation.with_untracked(|by| Confirmation::parse(by)),
            help: self.help.with_untracked(|help| help.trim().to_owned()),
            ..loaded
        })
    }
}

impl StepForm {
    /// The form of a bracket; an empty one for a new bracket.
    pub fn of(step: Option<ServiceStep>) -> Self {
        let amount = |half_days: Option<i64>| RwSignal::new(half_days.map_or_else(String::new, days));
        Self {
            years: RwSignal::new(step.map_or_else(String::new, |step| step.years.to_string())),
            days: amount(step.map(|step| step.half_days)),
            sick_limit: amount(step.and_then(|step| step.sick_limit)),
        }
    }
}

/// Days as they are typed, in half days: `7.5` is 15, nothing is `Some(None)`; `None` where it is no number of days.
pub fn half_days(text: &str) -> Option<Option<i64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let (whole, half) = match text.split_once('.') {
        Some((whole, "5")) => (whole, 1),
        Some((whole, "0")) => (whole, 0),
        Some(_) => return None,
        None => (text, 0),
    };
    whole.parse::<u16>().ok().map(|days| Some(i64::from(days) * 2 + half))
}

#[cfg(test)]
mod tests {
    use app::leave::types::BUILTIN;

    use super::*;

    #[test]
    fn a_type_survives_its_form() {
        for leave_type in BUILTIN.iter() {
            let form = TypeForm::of(leave_type);
            assert_eq!(form.rules().as_ref(), Ok(leave_type), "{}", leave_type.name);
        }
    }

    #[test]
    fn what_a_province_gives_is_taken_over() {
        let maternity = BUILTIN.iter().find(|known| known.name == "maternity").expect("a built-in type");
        let form = TypeForm::of(maternity);
        let variant = form.variants().into_iter().find(|variant| variant.province == "山东").expect("it is known");
        form.take(variant);
        let expected = Limit { half_days: 2 * 158, blocking: false };
        assert_eq!(form.rules().map(|rules| rules.request_limit), Ok(Some(expected)));
        assert!(TypeForm::of(&BUILTIN[0]).variants().is_empty());
    }

    #[test]
    fn who_confirms_is_the_setting_s_or_the_type_s_own() {
        let form = TypeForm::of(&BUILTIN[0]);
        assert_eq!(form.rules().map(|rules| rules.return_confirmation), Ok(None));
        for by in Confirmation::ALL {
            form.confirmation.set(by.as_str().to_owned());
            let rules = form.rules().expect("it can be read");
            assert_eq!(rules.return_confirmation, Some(by));
            assert_eq!(TypeForm::of(&rules).rules(), Ok(rules));
        }
    }

    #[test]
    fn days_are_read_as_they_are_typed() {
        let read = [("", Some(None)), (" 7.5 ", Some(Some(15))), ("7", Some(Some(14))), ("10.0", Some(Some(20)))];
        for (text, expected) in read {
            assert_eq!(half_days(text), expected, "{text}");
        }
        for text in ["7.25", "-1", "七", "1e3", "99999", "."] {
            assert_eq!(half_days(text), None, "{text}");
        }
    }

    #[test]
    fn the_field_that_cannot_be_read_is_named() {
        let form = TypeForm::of(&BUILTIN[0]);
        form.carry.set("五天".to_owned());
        assert_eq!(form.rules(), Err(Unread("carry_over")));
    }
}
