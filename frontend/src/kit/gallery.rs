//! `/kit`: every part in each of its states, for whoever builds or judges the product. Development builds only.

use app::day::Half;
use leptos::prelude::*;

use super::*;
use crate::i18n::{Locale, td_string};

/// The whole gallery. A pure view, so the host can render it too.
pub fn gallery(locale: Locale) -> AnyView {
    view! {
        <TopBar locale title=td_string!(locale, gallery.title) up="/me" />
        <main class="page">
            {buttons(locale)} {fields(locale)} {lists(locale)} {cards(locale)} {states(locale)} {progress(locale)}
            {figures(locale)} {table(locale)} {signs(locale)} {icons(locale)}
        </main>
    }
    .into_any()
}

fn part(title: &'static str, content: AnyView) -> AnyView {
    view! {
        <section class="stack">
            <h2>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn buttons(locale: Locale) -> AnyView {
    let words = td_string!(locale, gallery.action);
    let looks = |busy: bool, disabled: bool| {
        let row =
            Look::ALL.map(|look| view! { <Button look busy=busy disabled=disabled>{words}</Button> }).collect_view();
        view! { <div class="row">{row}</div> }
    };
    let content = view! {
        {looks(false, false)} {looks(true, false)} {looks(false, true)}
        <Button size=Size::Wide icon=Icon::Plus>{words}</Button>
        <div class="button-bar">
            <Button look=Look::Secondary>{words}</Button>
            <ButtonLink href="/kit">{words}</ButtonLink>
        </div>
        <div class="row">
            <Button size=Size::Small look=Look::Secondary>{words}</Button>
            <IconButton icon=Icon::Search label=words on_press=Callback::new(|()| ()) />
        </div>
    };
    part(td_string!(locale, gallery.buttons), content.into_any())
}

fn fields(locale: Locale) -> AnyView {
    let text = RwSignal::new(String::new());
    let filled = RwSignal::new(td_string!(locale, gallery.example_text).to_owned());
    let choices = move || {
        ["a", "b", "c"]
            .map(|value| Choice::new(value, format!("{} {value}", td_string!(locale, gallery.choice))))
            .to_vec()
    };
    let chosen = RwSignal::new("a".to_owned());
    let date = RwSignal::new("2026-11-23".to_owned());
    let half = RwSignal::new(Half::Am);
    let on = RwSignal::new(true);
    let label = td_string!(locale, gallery.field);
    let content = view! {
        <Field label control="g-empty" optional=td_string!(locale, common.optional) hint=td_string!(locale, gallery.hint)>
            <Input id="g-empty" value=text placeholder=td_string!(locale, gallery.placeholder) />
        </Field>
        <Field label control="g-wrong" error=td_string!(locale, gallery.error)>
            <Input id="g-wrong" value=filled />
        </Field>
        <Field label control="g-off">
            <Input id="g-off" value=filled disabled=true />
        </Field>
        <Field label control="g-password">
            <Input id="g-password" kind=Kind::Password value=filled />
        </Field>
        <Field label control="g-select">
            <Select id="g-select" choices=choices() value=chosen />
        </Field>
        <Field label control="g-area">
            <TextArea id="g-area" value=filled />
        </Field>
        <Field label control="g-half">
            <HalfDayInput locale id="g-half" label date half />
        </Field>
        <Segments label choices=choices() value=chosen wide=true />
        <Choices label choices=choices() value=chosen />
        <Switch label on=on on_change=Callback::new(move |now| on.set(now)) />
    };
    part(td_string!(locale, gallery.fields), content.into_any())
}

fn lists(locale: Locale) -> AnyView {
    let words = td_string!(locale, gallery.example_text);
    let badge = move || view! { <Badge tone=Tone::Gold text=words /> }.into_any();
    let content = view! {
        <List title=td_string!(locale, gallery.lists)>
            <Cell title=words />
            <Cell title=words note=words icon=Icon::Leave end=badge() />
            <Cell title=words note=words icon=Icon::Training href="/kit" />
            <CellButton title=words icon=Icon::LogOut on_press=Callback::new(|()| ()) />
        </List>
        <Pager locale is_first=true next=Some(String::new()) on_turn=Callback::new(|_| ()) />
        <Card>
            <Facts facts=vec![(words, words.to_owned()), (words, words.repeat(8))] />
        </Card>
    };
    part(td_string!(locale, gallery.lists), content.into_any())
}

fn cards(locale: Locale) -> AnyView {
    let words = td_string!(locale, gallery.example_text);
    let days = td_string!(locale, common.unit_days);
    let content = view! {
        <Card title=words>{words}</Card>
        <Card title=words accent=true>{words}</Card>
        <div class="grid-3">
            <Stat label=words value="4.5" unit=days note=words />
            <Stat label=words value="0" unit=days />
            <Stat label=words value="12" unit=days />
        </div>
    };
    part(td_string!(locale, gallery.cards), content.into_any())
}

fn states(locale: Locale) -> AnyView {
    let retry = Callback::new(|()| ());
    let words = td_string!(locale, gallery.example_text);
    let trouble = |offline: bool| Trouble { title: words.to_owned(), detail: words.to_owned(), offline };
    let loads = [
        Load::Loading,
        Load::Failed(trouble(false)),
        Load::Failed(trouble(true)),
        Load::Stale { data: words.to_owned(), as_of: "09:30".to_owned() },
        Load::Ready(words.to_owned()),
        Load::Ready(String::new()),
    ];
    let content = loads
        .map(|load| {
            let load = RwSignal::new(load);
            let empty = move || view! { <EmptyState title=words detail=words /> };
            view! {
                <Loaded
                    locale
                    load=load
                    on_retry=retry
                    is_empty=String::is_empty
                    empty=empty
                    draw=|text: &String| {
                        let text = text.clone();
                        view! { <Card>{text}</Card> }.into_any()
                    }
                />
            }
        })
        .collect_view();
    part(td_string!(locale, gallery.states), content.into_any())
}

fn progress(locale: Locale) -> AnyView {
    let words = td_string!(locale, gallery.example_text);
    let members = || {
        let member = |tone| Member {
            title: words.to_owned(),
            notes: vec![words.to_owned()],
            tone,
            state: td_string!(locale, gallery.choice).to_owned(),
        };
        vec![member(Tone::Good), member(Tone::Gold)]
    };
    let steps = StepState::ALL
        .map(|state| Step {
            title: words.to_owned(),
            notes: vec![words.to_owned()],
            members: if state == StepState::Current { members() } else { Vec::new() },
            state,
        })
        .to_vec();
    let moments = ["11月23日 09:30", "11月21日 16:05"]
        .map(|at| Moment { title: words.to_owned(), at: at.to_owned(), note: words.to_owned() })
        .to_vec();
    let content = view! {
        <Card>
            <Steps steps />
        </Card>
        <Card>
            <Timeline moments />
        </Card>
    };
    part(td_string!(locale, gallery.progress), content.into_any())
}

fn figures(locale: Locale) -> AnyView {
    let words = td_string!(locale, gallery.example_text);
    let bars = [Some(5), Some(23), None]
        .map(|value| Bar {
            label: words.to_owned(),
            value,
            text: value.map_or_else(|| words.to_owned(), |value: u32| value.to_string()),
        })
        .to_vec();
    let squares = "<svg viewBox='0 0 8 8'><path d='M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h1v1H4zM6 6h1v1H6z'/></svg>";
    let content = view! {
        <Card>
            <BarChart label=words bars max=25 />
        </Card>
        <div class="narrow">
            <QrPlace svg=squares.to_owned() label=words typed="K7M2QX".to_owned() />
        </div>
    };
    part(td_string!(locale, gallery.figures), content.into_any())
}

fn table(locale: Locale) -> AnyView {
    let words = || td_string!(locale, gallery.example_text).to_owned();
    let rows = vec![vec![words(), words(), words()], vec![words(), words(), words()]];
    let content = view! { <Table label=words() head=vec![words(), words(), words()] rows /> };
    part(td_string!(locale, gallery.tables), content.into_any())
}

fn signs(locale: Locale) -> AnyView {
    let words = td_string!(locale, gallery.example_text);
    let badges = Tone::ALL.map(|tone| view! { <Badge tone text=words /> }).collect_view();
    let callouts = Tone::ALL.map(|tone| view! { <Callout tone>{words}</Callout> }).collect_view();
    let toasts = Toasts::default();
    let open = RwSignal::new(false);
    let show = Callback::new(move |()| toasts.show(Tone::Good, words));
    let rise = Callback::new(move |()| open.set(true));
    let content = view! {
        <div class="row">{badges}</div>
        {callouts}
        <Banner tone=Tone::Gold icon=Icon::Info text=td_string!(locale, common.demo_banner) />
        <Banner tone=Tone::Warn icon=Icon::Offline text=td_string!(locale, common.offline_banner) />
        <div class="row">
            <Count of=3u64 />
            <Count of=120u64 />
            <Button look=Look::Secondary on_press=show>{td_string!(locale, gallery.toast)}</Button>
            <Button look=Look::Secondary on_press=rise>{td_string!(locale, gallery.sheet)}</Button>
        </div>
        <ToastPlace toasts />
        <Sheet locale open title=td_string!(locale, gallery.sheet)>
            <p>{words}</p>
        </Sheet>
    };
    part(td_string!(locale, gallery.signs), content.into_any())
}

fn icons(locale: Locale) -> AnyView {
    let all = Icon::ALL
        .iter()
        .map(|icon| {
            view! {
                <span class="badge">
                    <Glyph icon=*icon />
                    {icon.name()}
                </span>
            }
        })
        .collect_view();
    part(td_string!(locale, gallery.icons), view! { <div class="row">{all}</div> }.into_any())
}

/// The page `/kit`.
#[cfg(feature = "csr")]
#[component]
pub fn GalleryPage() -> impl IntoView {
    gallery(crate::state::AppState::get().locale)
}
