//! The officer's list of notices, drawn from plain data.

use app::day::Timestamp;
use app::notice::api::Notice;
use leptos::prelude::*;
use uuid::Uuid;

use super::shown::Shown;
use super::words::{kind_icon, sentence, when};
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, ButtonLink, EmptyState, Glyph, Icon, List, Look, Size};

/// The address of the list, or of what is not read in it.
pub fn address(only_unread: bool) -> &'static str {
    if only_unread { "/notices?unread=true" } else { "/notices" }
}

/// What can be done in the list; the page does it.
#[derive(Clone, Copy)]
pub struct ListActions {
    /// A notice was opened: it is read now. The link itself leads to its page.
    pub open: Callback<Uuid>,
    /// 加载更多.
    pub more: Callback<()>,
}

/// 全部 and 未读: links, so that each is a place to go back to. Below them how many are not read, and 全部已读.
pub fn head(
    locale: Locale,
    only_unread: Signal<bool>,
    unread: Signal<u64>,
    busy: Signal<bool>,
    on_read_all: Callback<()>,
) -> AnyView {
    let tab = move |own: bool, text: &'static str| {
        let current = move || (only_unread.get() == own).then_some("page");
        view! {
            <a class="segment" href=address(own) aria-current=current>
                {text}
            </a>
        }
    };
    let count = move || match unread.get() {
        0 => td_string!(locale, notice.nothing_unread).to_owned(),
        count => td_string!(locale, notice.unread_count, count),
    };
    view! {
        <div class="stack stack-tight">
            <nav class="segments segments-wide notice-tabs" aria-label=td_string!(locale, notice.tabs)>
                {tab(false, td_string!(locale, common.all))} {tab(true, td_string!(locale, notice.unread))}
            </nav>
            <div class="row row-apart notice-head">
                <span class="muted" role="status">
                    {count}
                </span>
                {move || {
                    (unread.get() > 0)
                        .then(|| {
                            view! {
                                <Button look=Look::Ghost size=Size::Small busy=busy on_press=on_read_all>
                                    {td_string!(locale, notice.read_all)}
                                </Button>
                            }
                        })
                }}
            </div>
        </div>
    }
    .into_any()
}

/// The notices by day: 今天, 昨天, 更早.
pub fn notices(words: Words, now: Signal<Timestamp>, data: &Shown, only_unread: bool, actions: ListActions) -> AnyView {
    let locale = words.locale;
    if data.items.is_empty() {
        return nothing(locale, only_unread);
    }
    let yesterday = words.today.previous();
    let age = |notice: &Notice| {
        let day = words.zone.day(notice.at);
        if day > yesterday {
            td_string!(locale, notice.today)
        } else if day == yesterday {
            td_string!(locale, notice.yesterday)
        } else {
            td_string!(locale, notice.earlier)
        }
    };
    let groups = data
        .items
        .chunk_by(|one, other| age(one) == age(other))
        .map(|group| {
            let lines = group.iter().map(|notice| line(words, now, notice, actions.open)).collect_view();
            view! { <List title=age(&group[0])>{lines}</List> }
        })
        .collect_view();
    view! {
        <div class="stack">
            {groups}
            {data
                .next
                .is_some()
                .then(|| {
                    view! {
                        <Button look=Look::Ghost size=Size::Wide on_press=actions.more>
                            {td_string!(locale, common.more)}
                        </Button>
                    }
                })}
        </div>
    }
    .into_any()
}

fn line(words: Words, now: Signal<Timestamp>, notice: &Notice, on_open: Callback<Uuid>) -> AnyView {
    let locale = words.locale;
    let (id, at, read) = (notice.id, notice.at, notice.read);
    let dot = (!read).then(|| {
        view! { <span class="notice-dot" role="img" aria-label=td_string!(locale, notice.unread)></span> }
    });
    view! {
        <li>
            <a
                class=if read { "cell notice-read" } else { "cell notice-unread" }
                href=notice.link.clone()
                on:click=move |_| on_open.run(id)
            >
                <span class="cell-icon">
                    <Glyph icon=kind_icon(notice.kind) />
                </span>
                <span class="cell-body">
                    <span class="cell-title">{sentence(locale, notice)}</span>
                    <span class="cell-note">{move || when(words, now.get(), at)}</span>
                </span>
                {dot}
            </a>
        </li>
    }
    .into_any()
}

fn nothing(locale: Locale, only_unread: bool) -> AnyView {
    if only_unread {
        return view! {
            <EmptyState icon=Icon::Check title=td_string!(locale, notice.nothing_unread)>
                <ButtonLink href=address(false) look=Look::Secondary>
                    {td_string!(locale, notice.show_all)}
                </ButtonLink>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::Bell
            title=td_string!(locale, notice.nothing)
            detail=td_string!(locale, notice.nothing_detail)
        />
    }
    .into_any()
}
