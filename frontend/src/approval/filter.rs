//! What the approvals page shows, as its address says it, so that going back and reloading keep it.

use app::api::percent;
use app::approval::api::{InboxQuery, RequestBox, RequestQuery};
use app::day::Day;

/// One of the lists of the approvals page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApprovalTab {
    /// 待我审批.
    #[default]
    Waiting,
    /// 我发起的.
    Mine,
    /// 我已办.
    Decided,
    /// 抄送我.
    Copied,
}

impl ApprovalTab {
    /// The tabs in their order.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Mine, Self::Decided, Self::Copied];

    /// The name in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Mine => "mine",
            Self::Decided => "decided",
            Self::Copied => "copied",
        }
    }

    /// The tab of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.as_str() == name)
    }

    /// The list of requests that it shows; none for the inbox.
    pub fn request_box(self) -> Option<RequestBox> {
        match self {
            Self::Waiting => None,
            Self::Mine => Some(RequestBox::Mine),
            Self::Decided => Some(RequestBox::Decided),
            Self::Copied => Some(RequestBox::Copied),
        }
    }
}

/// Which requests are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of which list.
    pub tab: ApprovalTab,
    /// Words to search for, without space around them; everything when empty.
    pub q: String,
    /// The first day of leave that is meant.
    pub from: Option<Day>,
    /// The last day of leave that is meant.
    pub to: Option<Day>,
}

impl Filter {
    /// Reads the parameters of an address; what cannot be read is left out.
    pub fn read(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let day = |name: &str| parameter(name).and_then(|text| text.parse().ok());
        Self {
            tab: parameter("box").and_then(|name| ApprovalTab::parse(&name)).unwrap_or_default(),
            q: parameter("q").map(|words| words.trim().to_owned()).unwrap_or_default(),
            from: day("from"),
            to: day("to"),
        }
    }

    /// The address of the page that shows this.
    pub fn address(&self) -> String {
        let days = [("from", self.from), ("to", self.to)];
        let days = days.into_iter().filter_map(|(name, day)| day.map(|day| format!("&{name}={day}")));
        let words = (!self.q.is_empty()).then(|| format!("&q={}", percent(&self.q)));
        let rest = words.into_iter().chain(days).collect::<String>();
        format!("/approvals?box={}{rest}", self.tab.as_str())
    }

    /// The same search in another list.
    #[must_use]
    pub fn in_tab(&self, tab: ApprovalTab) -> Self {
        Self { tab, ..self.clone() }
    }

    /// Whether it leaves anything out.
    pub fn is_narrowed(&self) -> bool {
        !self.q.is_empty() || self.from.is_some() || self.to.is_some()
    }

    fn words(&self) -> Option<String> {
        (!self.q.is_empty()).then(|| self.q.clone())
    }

    /// What the inbox is asked for.
    pub fn inbox_query(&self, cursor: Option<String>) -> InboxQuery {
        InboxQuery { q: self.words(), from: self.from, to: self.to, cursor, ..InboxQuery::default() }
    }

    /// What the other lists are asked for.
    pub fn request_query(&self, cursor: Option<String>) -> RequestQuery {
        let of = self.tab.request_box();
        RequestQuery { of, q: self.words(), from: self.from, to: self.to, cursor, limit: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads an address as the router does, as far as these need it.
    fn read(address: &str) -> Filter {
        let (_, search) = address.split_once('?').expect("an address with parameters");
        let pairs = search.split('&').filter_map(|pair| pair.split_once('=')).collect::<Vec<_>>();
        Filter::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_address_keeps_what_is_shown() {
        let filter = Filter {
            tab: ApprovalTab::Decided,
            q: "wxy".to_owned(),
            from: Day::new(2026, 11, 23),
            to: Day::new(2026, 12, 1),
        };
        assert_eq!(filter.address(), "/approvals?box=decided&q=wxy&from=2026-11-23&to=2026-12-01");
        assert_eq!(read(&filter.address()), filter);
        let mine = filter.in_tab(ApprovalTab::Mine);
        assert_eq!(read(&mine.address()), mine);
        assert_eq!(Filter::default().address(), "/approvals?box=waiting");
        assert!(!Filter::default().is_narrowed());
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        assert_eq!(read("/approvals?box=other&from=soon&to=2026-02-30"), Filter::default());
    }

    #[test]
    fn words_are_escaped() {
        let filter = Filter { q: "王&晓".to_owned(), ..Filter::default() };
        assert_eq!(filter.address(), "/approvals?box=waiting&q=%E7%8E%8B%26%E6%99%93");
    }
}
