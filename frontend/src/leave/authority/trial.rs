//! 谁来审批: who would decide on so much leave, and why.

use app::day::{Day, Half, HalfDay};
use app::leave::api::{AskAuthority, AuthorityAnswer};
use app::leave::authority::Matrix;
use app::org::api::Colleague;
use app::org::rules::PostClass;
use leptos::prelude::*;

use crate::approval::definition::controls::group;
use crate::format::{Words, days};
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Button, Callout, Choice, Facts, Field, HalfDayInput, Icon, Input, Look, Segments, Select, Size, Steps, Tone,
};
use crate::leave::types::form::half_days;
use crate::leave::words::{steps, type_name};

/// What is asked, as it is typed.
#[derive(Clone, Copy, Debug)]
pub struct TrialForm {
    /// `draft` or `in_force`.
    by_rule: RwSignal<String>,
    /// `officer` or `class`.
    by_whom: RwSignal<String>,
    /// Who would ask.
    pub officer: RwSignal<Option<Colleague>>,
    class: RwSignal<String>,
    leave_type: RwSignal<String>,
    /// `days` or `dates`.
    by_amount: RwSignal<String>,
    days: RwSignal<String>,
    first: (RwSignal<String>, RwSignal<Half>),
    last: (RwSignal<String>, RwSignal<Half>),
}

impl Default for TrialForm {
    fn default() -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        Self {
            by_rule: text("draft"),
            by_whom: text("officer"),
            officer: RwSignal::new(None),
            class: text(PostClass::Staff.as_str()),
            leave_type: text("annual"),
            by_amount: text("days"),
            days: text("1"),
            first: (text(""), RwSignal::new(Half::Am)),
            last: (text(""), RwSignal::new(Half::Pm)),
        }
    }
}

impl TrialForm {
    fn is_of_officer(self) -> bool {
        self.by_whom.with(|by| by == "officer")
    }

    fn is_of_days(self) -> bool {
        !self.is_of_officer() || self.by_amount.with(|by| by == "days")
    }

    /// What is asked of the server; nothing while something is missing.
    pub fn ask(self, matrix: &Matrix) -> Option<AskAuthority> {
        let (mut officer, mut post_class) = (None, None);
        if self.is_of_officer() {
            officer = Some(self.officer.with(|officer| officer.as_ref().map(|person| person.officer.clone()))?);
        } else {
            post_class = Some(self.class.with(|class| PostClass::parse(class))?);
        }
        let at = |(date, half): (RwSignal<String>, RwSignal<Half>)| {
            let date = date.with(|date| date.parse::<Day>().ok())?;
            Some(HalfDay { date, half: half.get() })
        };
        let (mut amount, mut from, mut to) = (None, None, None);
        if self.is_of_days() {
            amount = Some(self.days.with(|text| half_days(text))??);
        } else {
            from = Some(at(self.first)?);
            to = Some(at(self.last)?);
        }
        let matrix = self.by_rule.with(|by| by == "draft").then(|| matrix.clone());
        Some(AskAuthority {
            officer,
            post_class,
            leave_type: self.leave_type.get(),
            half_days: amount,
            from,
            to,
            matrix,
        })
    }
}

/// The form of the question; `leave_types` can be asked about.
pub fn trial_form(
    locale: Locale,
    form: TrialForm,
    leave_types: &[String],
    is_complete: Signal<bool>,
    busy: Signal<bool>,
    on_pick: Callback<()>,
    on_ask: Callback<()>,
) -> AnyView {
    let choice = |value: &str, label: &str| Choice::new(value, label);
    let rules = vec![
        choice("draft", td_string!(locale, authority.by_draft)),
        choice("in_force", td_string!(locale, authority.by_in_force)),
    ];
    let whom = vec![
        choice("officer", td_string!(locale, authority.by_officer)),
        choice("class", td_string!(locale, authority.by_class)),
    ];
    let types = leave_types.iter().map(|name| Choice::new(name, type_name(locale, name))).collect();
    let who = move || if form.is_of_officer() { officer(locale, form, on_pick) } else { class(locale, form) };
    let how_much = move || if form.is_of_days() { days_field(locale, form) } else { dates(locale, form) };
    let amounts = move || {
        let amounts = vec![
            Choice::new("days", td_string!(locale, authority.by_days)),
            Choice::new("dates", td_string!(locale, authority.by_dates)),
        ];
        form.is_of_officer().then(|| {
            view! { <Segments label=td_string!(locale, authority.by_amount) choices=amounts value=form.by_amount wide=true /> }
        })
    };
    let incomplete = Signal::derive(move || !is_complete.get());
    view! {
        <Segments label=td_string!(locale, authority.by_rule) choices=rules value=form.by_rule wide=true />
        <Segments label=td_string!(locale, authority.by_whom) choices=whom value=form.by_whom wide=true />
        {who}
        <Field label=td_string!(locale, authority.leave_type) control="authority-type">
            <Select id="authority-type" choices=types value=form.leave_type />
        </Field>
        {amounts}
        {how_much}
        <Button look=Look::Secondary size=Size::Wide busy=busy disabled=incomplete on_press=on_ask>
            {td_string!(locale, authority.ask)}
        </Button>
    }
    .into_any()
}

fn officer(locale: Locale, form: TrialForm, on_pick: Callback<()>) -> AnyView {
    let chosen = form.officer.get();
    let text = match chosen {
        Some(_) => td_string!(locale, authority.pick_another),
        None => td_string!(locale, authority.pick_officer),
    };
    let line = chosen.map(|person| {
        let post = person.post.unwrap_or_default();
        view! { <span class="strong">{format!("{} · {} {post}", person.name, person.department)}</span> }
    });
    let content = view! {
        <div class="row">
            {line}
            <Button look=Look::Secondary size=Size::Small icon=Icon::Person on_press=on_pick>
                {text}
            </Button>
        </div>
    };
    group(td_string!(locale, authority.by_officer), "", content.into_any())
}

fn class(locale: Locale, form: TrialForm) -> AnyView {
    let classes = PostClass::ALL.iter().map(|class| Choice::new(class.as_str(), class.text())).collect();
    view! {
        <Field label=td_string!(locale, authority.by_class) control="authority-class">
            <Select id="authority-class" choices=classes value=form.class />
        </Field>
    }
    .into_any()
}

fn days_field(locale: Locale, form: TrialForm) -> AnyView {
    view! {
        <Field
            label=td_string!(locale, authority.days)
            control="authority-days"
            hint=td_string!(locale, authority.days_hint)
        >
            <Input id="authority-days" value=form.days />
        </Field>
    }
    .into_any()
}

fn dates(locale: Locale, form: TrialForm) -> AnyView {
    let [first, last] = [td_string!(locale, authority.first), td_string!(locale, authority.last)];
    view! {
        <Field label=first control="authority-first">
            <HalfDayInput locale id="authority-first" label=first date=form.first.0 half=form.first.1 />
        </Field>
        <Field label=last control="authority-last" hint=td_string!(locale, authority.dates_hint)>
            <HalfDayInput locale id="authority-last" label=last date=form.last.0 half=form.last.1 />
        </Field>
    }
    .into_any()
}

/// Who would decide, and why.
pub fn trial_answer(words: Words, answer: &AuthorityAnswer) -> AnyView {
    let locale = words.locale;
    let [asked, routed] = [answer.half_days, answer.routed_half_days].map(days);
    let (tone, text) = match answer.problem.clone() {
        Some(problem) => (Tone::Bad, problem),
        None if answer.added.is_empty() => (Tone::Good, td_string!(locale, authority.answer_days, days = routed)),
        None => (Tone::Gold, td_string!(locale, authority.answer_added, days = asked, routed = routed)),
    };
    let verdict = view! { <Callout tone>{text}</Callout> };
    let because = match answer.said.clone() {
        Some(said) => {
            let (row, column, band) = (said.row, said.column, said.band);
            td_string!(locale, authority.because_of, row, column, band)
        }
        None if answer.problem.is_some() => String::new(),
        None => td_string!(locale, authority.because_other).to_owned(),
    };
    let comma = td_string!(locale, common.list_comma);
    let added = answer.added.iter().map(|added| {
        td_string!(locale, authority.added_item, number = added.number.clone(), days = days(added.half_days))
    });
    let facts = vec![
        (td_string!(locale, authority.because), because),
        (td_string!(locale, authority.added), added.collect::<Vec<_>>().join(comma)),
        (td_string!(locale, authority.copy_to), answer.copies.join(comma)),
    ];
    // Where only a class of post was given, posts stand in place of names, and none of them is missing.
    let is_of_class = answer.problem.is_none() && answer.chain.iter().all(|step| step.officer.is_none());
    let chain = if is_of_class {
        let posts = answer.chain.iter().map(|step| view! { <li>{step.post.clone()}</li> }).collect_view();
        view! { <ol class="authority-posts">{posts}</ol> }.into_any()
    } else {
        view! { <Steps steps=steps(words, &answer.chain) /> }.into_any()
    };
    view! { <div class="stack stack-tight trial-answer">{verdict} <Facts facts /> {chain}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use app::leave::authority::templates::standard;

    use super::*;

    #[test]
    fn nothing_is_asked_before_it_is_complete() {
        let form = TrialForm::default();
        assert_eq!(form.ask(&standard()), None, "nobody is chosen");
        form.by_whom.set("class".to_owned());
        let asked = form.ask(&standard()).expect("complete");
        assert_eq!((asked.post_class, asked.half_days), (Some(PostClass::Staff), Some(2)));
        assert_eq!((asked.officer, asked.from, asked.matrix), (None, None, Some(standard())));
        form.by_amount.set("dates".to_owned());
        assert!(form.ask(&standard()).is_some_and(|asked| asked.half_days.is_some()), "a class has no dates");
        form.days.set("1.2".to_owned());
        assert_eq!(form.ask(&standard()), None);
        form.by_rule.set("in_force".to_owned());
        form.days.set("2.5".to_owned());
        let asked = form.ask(&standard()).expect("complete");
        assert_eq!((asked.half_days, asked.matrix), (Some(5), None));
    }
}
