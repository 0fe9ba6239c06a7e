//! The way of one delivery: sent, tried again, given up.

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[doc = $title:literal])+ $type:ident { $($(#[doc = $doc:literal])+ $name:ident $text:literal;)+ }) => {
        $(#[doc = $title])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[doc = $doc])+ $name,)+ }

        impl $type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name as stored and as on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The one of this name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }
    };
}

named! {
    /// A way out of the house.
    ChannelKind {
        /// A signed POST to a program of the court.
        Webhook "webhook";
        /// A group robot of 企业微信.
        Wecom "wecom";
        /// A group robot of 钉钉.
        Dingtalk "dingtalk";
        /// A group robot of 飞书.
        Feishu "feishu";
        /// E-mail.
        Smtp "smtp";
        /// Push to browsers (RFC 8030).
        WebPush "web_push";
    }
}

impl ChannelKind {
    /// Whether it reaches the officer himself: his switches and quiet hours count, and what he has read meanwhile is
    /// not sent any more. The others reach a group or a program.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Smtp | Self::WebPush)
    }

    /// The shortest time between two messages, in milliseconds: what the makers of the robots allow. 企业微信 and 钉钉
    /// take 20 messages a minute and then refuse for a while, 飞书 takes 100.
    pub fn pace_millis(self) -> i64 {
        match self {
            Self::Wecom | Self::Dingtalk => 3000,
            Self::Feishu => 600,
            Self::Webhook | Self::Smtp | Self::WebPush => 0,
        }
    }
}

named! {
    /// Where a delivery is.
    DeliveryState {
        /// Waits for its time, its turn or the next try.
        Waiting "waiting";
        /// The other side took it.
        Sent "sent";
        /// Given up; an administrator can send it again.
        Dead "dead";
        /// Not sent, because nobody needs it any more: read meanwhile, the receiver gone.
        Unneeded "unneeded";
    }
}

/// The push services of the common browsers (Chrome, Firefox, Safari, Edge), for administrators to choose from. Each is
/// run by the maker of its browser: what passes through is encrypted for the browser, but it does pass through, so none
/// is asked that nobody named.
pub const PUSH_SERVICES: [&str; 4] = [
    "https://fcm.googleapis.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
];

/// How often a delivery is tried.
pub const MOST_TRIES: i32 = 10;
/// The longest wait between two tries.
pub const LONGEST_WAIT_SECONDS: i64 = 4 * 3600;
/// How long after it was put in line a delivery is still worth another try. Longer than any quiet hours, and long
/// enough that a receiver may be away for a night.
pub const OLDEST_SECONDS: i64 = 24 * 3600;

/// The first wait.
const FIRST_WAIT_SECONDS: i64 = 10;

/// What becomes of a delivery that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// Another try after so many seconds.
    Again {
        /// The seconds to wait.
        seconds: i64,
    },
    /// Given up.
    Dead,
}

/// What becomes of a delivery after its `tries`-th try failed (from 1), `age_seconds` after it was put in line.
///
/// The wait begins with ten seconds and triples up to four hours; ten tries last about eleven hours. `asked_seconds` is
/// what the receiver asked for (`Retry-After`): it is waited for as well, within the same cap. `jitter_percent` (0 to
/// 99) adds up to a fifth, so that what failed together is not tried together. A delivery that is a day old is given up
/// whatever its tries: behind a receiver that is away, those that wait in line for it must not take eleven hours each.
pub fn after_failure(tries: i32, age_seconds: i64, asked_seconds: Option<i64>, jitter_percent: u8) -> AfterFailure {
    if tries >= MOST_TRIES || age_seconds >= OLDEST_SECONDS {
        return AfterFailure::Dead;
    }
    let exponent = u32::try_from(tries.max(1) - 1).unwrap_or(0);
    let own = FIRST_WAIT_SECONDS.saturating_mul(3i64.saturating_pow(exponent)).min(LONGEST_WAIT_SECONDS);
    let wait = own.max(asked_seconds.unwrap_or(0).clamp(0, LONGEST_WAIT_SECONDS));
    AfterFailure::Again { seconds: wait + wait * i64::from(jitter_percent.min(99)) / 500 }
}

/// What is known of a delivery when its turn has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryFacts {
    /// Whether it reaches the officer himself ([`ChannelKind::is_personal`]).
    pub personal: bool,
    /// Whether the officer is still in service.
    pub in_service: bool,
    /// Whether he has read the notice meanwhile.
    pub read: bool,
    /// Whether he has switched the kind off.
    pub muted: bool,
    /// Whether a later delivery of the kind waits for the same receiver, which says how many there are.
    pub followed: bool,
    /// How often it was claimed, this time included.
    pub tries: i32,
    /// How long ago it was put in line.
    pub age_seconds: i64,
}

/// What there is to do with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes out, as soon as no quiet hours hold it back.
    Send,
    /// Nobody needs it any more; why, in Chinese.
    Unneeded(&'static str),
    /// It is given up.
    Dead,
}

/// Whether a delivery is still worth sending.
///
/// More tries than are ever made mean that a worker breaks off over it again and again. The age is twice
/// [`OLDEST_SECONDS`], so that one that quiet hours held back still goes out.
pub fn verdict(facts: DeliveryFacts) -> Verdict {
    if !facts.in_service {
        Verdict::Unneeded("人员已不在职")
    } else if facts.personal && facts.read {
        Verdict::Unneeded("已在应用内查看")
    } else if facts.muted {
        Verdict::Unneeded("本人已关闭这类通知")
    } else if facts.tries > MOST_TRIES || facts.age_seconds >= 2 * OLDEST_SECONDS {
        Verdict::Dead
    } else if facts.personal && facts.followed {
        Verdict::Unneeded("已并入同类的下一条")
    } else {
        Verdict::Send
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wait(tries: i32) -> i64 {
        match after_failure(tries, 0, None, 0) {
            AfterFailure::Again { seconds } => seconds,
            AfterFailure::Dead => panic!("given up after {tries}"),
        }
    }

    #[test]
    fn tries_lie_further_and_further_apart() {
        let waits: Vec<i64> = (1..MOST_TRIES).map(wait).collect();
        assert_eq!(waits, [10, 30, 90, 270, 810, 2430, 7290, 14_400, 14_400]);
        assert_eq!(after_failure(MOST_TRIES, 0, None, 0), AfterFailure::Dead);
        assert_eq!(after_failure(1, OLDEST_SECONDS, None, 0), AfterFailure::Dead);
    }

    #[test]
    fn a_receiver_may_ask_for_more_but_not_for_ever() {
        assert_eq!(after_failure(1, 0, Some(120), 0), AfterFailure::Again { seconds: 120 });
        assert_eq!(after_failure(3, 0, Some(5), 0), AfterFailure::Again { seconds: 90 });
        assert_eq!(after_failure(1, 0, Some(i64::MAX), 0), AfterFailure::Again { seconds: LONGEST_WAIT_SECONDS });
    }

    #[test]
    fn what_nobody_needs_is_not_sent() {
        let fresh = DeliveryFacts {
            personal: true,
            in_service: true,
            read: false,
            muted: false,
            followed: false,
            tries: 1,
            age_seconds: 0,
        };
        assert_eq!(verdict(fresh), Verdict::Send);
        for unneeded in [
            DeliveryFacts { in_service: false, ..fresh },
            DeliveryFacts { read: true, ..fresh },
            DeliveryFacts { muted: true, ..fresh },
            DeliveryFacts { followed: true, ..fresh },
        ] {
            assert!(matches!(verdict(unneeded), Verdict::Unneeded(_)), "{unneeded:?}");
        }
        let to_a_group = DeliveryFacts { personal: false, read: true, followed: true, ..fresh };
        assert_eq!(verdict(to_a_group), Verdict::Send, "others in the group may not have seen it");
        assert_eq!(verdict(DeliveryFacts { tries: MOST_TRIES + 1, ..fresh }), Verdict::Dead);
        assert_eq!(verdict(DeliveryFacts { age_seconds: 2 * OLDEST_SECONDS, ..fresh }), Verdict::Dead);
        let held_back_by_a_night = DeliveryFacts { age_seconds: OLDEST_SECONDS + 3600, ..fresh };
        assert_eq!(verdict(held_back_by_a_night), Verdict::Send);
    }

    #[test]
    fn names_come_back() {
        assert!(ChannelKind::ALL.iter().all(|kind| ChannelKind::parse(kind.as_str()) == Some(*kind)));
        assert!(DeliveryState::ALL.iter().all(|state| DeliveryState::parse(state.as_str()) == Some(*state)));
    }

    proptest! {
        #[test]
        fn a_delivery_ends(asked in proptest::option::of(any::<i64>()), jitter in any::<u8>(), born in 0i64..OLDEST_SECONDS) {
            let (mut age, mut tries) = (born, 0);
            loop {
                tries += 1;
                prop_assert!(tries <= MOST_TRIES);
                match after_failure(tries, age, asked, jitter) {
                    AfterFailure::Dead => break,
                    AfterFailure::Again { seconds } => {
                        prop_assert!((FIRST_WAIT_SECONDS..=LONGEST_WAIT_SECONDS * 6 / 5).contains(&seconds));
                        age += seconds;
                    }
                }
            }
        }

        #[test]
        fn jitter_adds_at_most_a_fifth(tries in 1..MOST_TRIES, jitter in any::<u8>()) {
            let AfterFailure::Again { seconds } = after_failure(tries, 0, None, jitter) else { panic!("too early") };
            prop_assert!((wait(tries)..=wait(tries) * 6 / 5).contains(&seconds));
        }
    }
}
