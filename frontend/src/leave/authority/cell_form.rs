//! The bands of one cell as they are typed: days as a rule book writes them, steps, copies.

use app::leave::authority::{Approver, Band, Bound, Route, Step};
use leptos::prelude::*;

use crate::approval::definition::controls::{checks, group};
use crate::format::days;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Choice, Icon, Input, Look, Select, Size};
use crate::leave::types::form::half_days;

/// A bound as it is typed.
#[derive(Clone, Copy, Debug)]
pub struct BoundForm {
    /// Empty for none, `in` where the band has the days itself, `out` where it has not.
    kind: RwSignal<String>,
    /// The days.
    days: RwSignal<String>,
}

/// A step as it is chosen.
type StepForm = RwSignal<Vec<Approver>>;

/// A band as it is typed.
#[derive(Clone, Copy, Debug)]
pub struct BandForm {
    from: BoundForm,
    to: BoundForm,
    steps: RwSignal<Vec<StepForm>>,
    copies: RwSignal<Vec<Approver>>,
}

/// The bands of one cell as they are typed.
#[derive(Clone, Copy, Debug)]
pub struct CellForm {
    bands: RwSignal<Vec<BandForm>>,
}

/// The band, from 1, whose days cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadBand(pub usize);

impl BoundForm {
    fn of(bound: Option<Bound>) -> Self {
        let kind = bound.map_or("", |bound| if bound.included { "in" } else { "out" });
        let days = bound.map_or_else(String::new, |bound| days(bound.half_days));
        Self { kind: RwSignal::new(kind.to_owned()), days: RwSignal::new(days) }
    }

    /// What was typed; `None` where it cannot be read.
    fn bound(self) -> Option<Option<Bound>> {
        let included = match self.kind.get_untracked().as_str() {
            "in" => true,
            "out" => false,
            _ => return Some(None),
        };
        let half_days = self.days.with_untracked(|text| half_days(text))??;
        Some(Some(Bound { half_days, included }))
    }
}

impl BandForm {
    fn of(band: Option<&Band>) -> Self {
        let route = band.map(|band| band.route.clone()).unwrap_or_default();
        let mut steps = route.steps.into_iter().map(|step| RwSignal::new(step.approvers)).collect::<Vec<_>>();
        if steps.is_empty() {
            steps.push(RwSignal::new(Vec::new()));
        }
        Self {
            from: BoundForm::of(band.and_then(|band| band.from)),
            to: BoundForm::of(band.and_then(|band| band.to)),
            steps: RwSignal::new(steps),
            copies: RwSignal::new(route.copies),
        }
    }

    fn band(self) -> Option<Band> {
        let steps = self.steps.get_untracked().into_iter().map(|step| step.get_untracked());
        let steps = steps.filter(|approvers| !approvers.is_empty()).map(|approvers| Step { approvers });
        let route = Route { steps: steps.collect(), copies: self.copies.get_untracked() };
        Some(Band { from: self.from.bound()?, to: self.to.bound()?, route })
    }
}

impl CellForm {
    /// The form of these bands; one empty band where there is none.
    pub fn of(bands: &[Band]) -> Self {
        let mut forms = bands.iter().map(|band| BandForm::of(Some(band))).collect::<Vec<_>>();
        if forms.is_empty() {
            forms.push(BandForm::of(None));
        }
        Self { bands: RwSignal::new(forms) }
    }

    /// What was typed, read without being tracked.
    ///
    /// # Errors
    /// The first band whose days cannot be read.
    pub fn bands(self) -> Result<Vec<Band>, UnreadBand> {
        let bands = self.bands.get_untracked().into_iter().zip(1..);
        bands.map(|(form, number)| form.band().ok_or(UnreadBand(number))).collect()
    }
}

/// The form of a cell.
pub fn cell_form(locale: Locale, form: CellForm, error: RwSignal<String>, on_done: Callback<()>) -> AnyView {
    let bands = form.bands;
    let list = move || {
        let forms = bands.get();
        forms.into_iter().enumerate().map(|(place, band)| band_form(locale, bands, place, band)).collect_view()
    };
    let add = Callback::new(move |()| bands.update(|bands| bands.push(BandForm::of(None))));
    view! {
        <div class="stack">
            <p class="field-hint">{td_string!(locale, authority.days_hint)}</p>
            {list}
            <Button look=Look::Secondary icon=Icon::Plus on_press=add>
                {td_string!(locale, authority.add_band)}
            </Button>
            {move || {
                let why = error.get();
                (!why.is_empty()).then(|| view! { <p class="field-error" role="alert">{why}</p> })
            }}
            <Button size=Size::Wide on_press=on_done>
                {td_string!(locale, authority.done)}
            </Button>
        </div>
    }
    .into_any()
}

fn band_form(locale: Locale, bands: RwSignal<Vec<BandForm>>, place: usize, form: BandForm) -> AnyView {
    let number = place + 1;
    let remove = Callback::new(move |()| {
        bands.update(|bands| {
            bands.remove(place);
        });
    });
    let lower = [
        Choice::new("", td_string!(locale, authority.from_open)),
        Choice::new("in", td_string!(locale, authority.from_at)),
        Choice::new("out", td_string!(locale, authority.from_over)),
    ];
    let upper = [
        Choice::new("", td_string!(locale, authority.to_open)),
        Choice::new("in", td_string!(locale, authority.to_within)),
        Choice::new("out", td_string!(locale, authority.to_below)),
    ];
    let labels = [
        td_string!(locale, authority.from_kind, number),
        td_string!(locale, authority.from_days, number),
        td_string!(locale, authority.to_kind, number),
        td_string!(locale, authority.to_days, number),
    ];
    let [from_kind, from_days, to_kind, to_days] = labels;
    let from = bound_form(&format!("band-{number}-from"), [from_kind, from_days], lower.to_vec(), form.from);
    let to = bound_form(&format!("band-{number}-to"), [to_kind, to_days], upper.to_vec(), form.to);
    view! {
        <section class="rule" aria-label=td_string!(locale, authority.band, number)>
            <h3>{td_string!(locale, authority.band, number)}</h3>
            {group(td_string!(locale, authority.from), "", from)}
            {group(td_string!(locale, authority.to), "", to)}
            {steps_form(locale, number, form.steps)}
            {group(td_string!(locale, authority.copies), "", approvers(td_string!(locale, authority.copies), form.copies))}
            <Button look=Look::Ghost size=Size::Small icon=Icon::Cross on_press=remove>
                {td_string!(locale, authority.remove_band)}
            </Button>
        </section>
    }
    .into_any()
}

fn bound_form(id: &str, [of_kind, of_days]: [String; 2], kinds: Vec<Choice>, form: BoundForm) -> AnyView {
    let (kind_id, days) = (format!("{id}-kind"), id.to_owned());
    view! {
        <div class="authority-bound">
            <Select id=kind_id choices=kinds value=form.kind label=of_kind />
            {move || {
                let is_bound = form.kind.with(|kind| !kind.is_empty());
                let (id, label) = (days.clone(), of_days.clone());
                is_bound
                    .then(|| {
                        view! {
                            <label class="sr-only" for=id.clone()>
                                {label}
                            </label>
                            <Input id=id value=form.days placeholder="0.5" />
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

fn steps_form(locale: Locale, band: usize, steps: RwSignal<Vec<StepForm>>) -> AnyView {
    let list = move || {
        let all = steps.get();
        let is_only = all.len() == 1;
        let step = |(place, form): (usize, StepForm)| {
            let remove = Callback::new(move |()| {
                steps.update(|steps| {
                    steps.remove(place);
                });
            });
            let number = place + 1;
            let label = td_string!(locale, authority.step, number);
            let name = label.clone();
            view! {
                <div class="field" role="group" aria-label=name id=format!("band-{band}-step-{number}")>
                    <span class="field-label">{label}</span>
                    {approvers(td_string!(locale, approval.person), form)}
                    {(!is_only)
                        .then(|| {
                            view! {
                                <Button look=Look::Ghost size=Size::Small on_press=remove>
                                    {td_string!(locale, authority.remove_step)}
                                </Button>
                            }
                        })}
                </div>
            }
        };
        all.into_iter().enumerate().map(step).collect_view()
    };
    let add = Callback::new(move |()| steps.update(|steps| steps.push(RwSignal::new(Vec::new()))));
    view! {
        {list}
        <p class="field-hint">{td_string!(locale, authority.step_hint)}</p>
        <Button look=Look::Secondary size=Size::Small icon=Icon::Plus on_press=add>
            {td_string!(locale, authority.add_step)}
        </Button>
    }
    .into_any()
}

/// Approvers of whom any number are chosen, kept in their own order.
fn approvers(label: &'static str, chosen: RwSignal<Vec<Approver>>) -> AnyView {
    let choices = Approver::ALL.map(|approver| Choice::new(approver.as_str(), approver.text()));
    let is_chosen = |name: &str| chosen.with_untracked(|all| all.iter().any(|approver| approver.as_str() == name));
    let toggle = Callback::new(move |(name, on): (String, bool)| {
        let Some(approver) = Approver::parse(&name) else { return };
        chosen.update(|all| {
            all.retain(|other| *other != approver);
            if on {
                all.push(approver);
                all.sort_unstable();
            }
        });
    });
    checks(label, choices.to_vec(), is_chosen, toggle)
}

#[cfg(test)]
mod tests {
    use app::leave::authority::templates;

    use super::*;

    #[test]
    fn a_cell_survives_its_form() {
        for template in templates::all() {
            for row in 0..template.matrix.rows.len() {
                let bands = template.matrix.bands(row, 0);
                assert_eq!(CellForm::of(bands).bands().as_deref(), Ok(bands), "{}", template.name);
            }
        }
    }

    #[test]
    fn the_band_that_cannot_be_read_is_named() {
        let matrix = templates::standard();
        let form = CellForm::of(matrix.bands(0, 0));
        form.bands.get_untracked()[1].to.days.set("1.25".to_owned());
        assert_eq!(form.bands(), Err(UnreadBand(2)));
        form.bands.get_untracked()[1].to.days.set(String::new());
        assert_eq!(form.bands(), Err(UnreadBand(2)), "a bound needs its days");
        form.bands.get_untracked()[1].to.kind.set(String::new());
        assert_eq!(form.bands().map(|bands| bands[1].to), Ok(None), "what is not bounded needs none");
    }

    #[test]
    fn an_empty_cell_begins_with_one_band() {
        let form = CellForm::of(&[]);
        let bands = form.bands().expect("nothing typed yet");
        assert_eq!((bands.len(), bands[0].route.steps.len()), (1, 0));
    }
}
