//! The last answers of reads, kept on the phone by account, with their time.
//!
//! Only reads marked [`Offline::LastKnown`](app::api::Offline) are kept. They are shown when there is no network, and
//! taken away when the account signs out or another one signs in.

use std::any::Any;

use app::account::api::{Boot, GetBoot};
use app::api::{Empty, Endpoint, url};
use app::day::Timestamp;
use leptos::prelude::window;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::state::now;
use crate::store::{self, Shelf};

/// The key of the account that was signed in last, in the browser's storage.
const ACCOUNT: &str = "account";

/// An answer of last time.
#[derive(Clone, Debug)]
pub struct Kept<T> {
    /// The answer.
    pub data: T,
    /// When it came.
    pub as_of: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Record {
    as_of: Timestamp,
    reply: String,
}

/// The last answer of this read to the account that is signed in, if it is kept and can still be read.
pub async fn read_last_known<E: Endpoint>(path: &E::Path, query: &E::Query) -> Option<Kept<E::Reply>> {
    let (as_of, reply) = read_text(&url::<E>(path, query)).await?;
    Some(Kept { data: json::from_str(&reply).ok()?, as_of })
}

/// The last answer of the read at this address, as it came, with its time.
pub(crate) async fn read_text(url: &str) -> Option<(Timestamp, String)> {
    let text = store::get(Shelf::Known, &key(&account()?, url)).await?;
    let record: Record = json::from_str(&text).ok()?;
    Some((record.as_of, record.reply))
}

/// Keeps an answer. `reply` is `text`, decoded; the boot data also says whose answers these are.
pub(crate) async fn keep(url: &str, text: &str, reply: &dyn Any) {
    if let Some(boot) = reply.downcast_ref::<Boot>() {
        begin_account(boot).await;
    }
    let Some(account) = account() else { return };
    let record = Record { as_of: now(), reply: text.to_owned() };
    let record = serde_json::to_string(&record).expect("a record is plain data");
    // A phone whose store is full goes without the copy.
    store::put(Shelf::Known, &key(&account, url), &record).await.ok();
}

/// Keeps the boot data that the shell brought, and with it whose phone this is.
pub async fn keep_boot(boot: &Boot) {
    let text = serde_json::to_string(boot).expect("the boot data is plain data");
    keep(&url::<GetBoot>(&Empty {}, &Empty {}), &text, boot).await;
}

/// The 工号 of the account that signed in last on this phone.
pub fn account() -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(ACCOUNT).ok().flatten()
}

/// Forgets the account and all its answers. What waits in its outbox stays.
pub async fn forget_account() {
    if let Some(account) = account() {
        store::delete_all(Shelf::Known, &key(&account, "")).await;
    }
    if let Ok(Some(storage)) = window().local_storage() {
        storage.remove_item(ACCOUNT).ok();
    }
}

async fn begin_account(boot: &Boot) {
    let Some(me) = &boot.me else { return };
    if account().as_deref() == Some(me.officer.as_str()) {
        return;
    }
    forget_account().await;
    if let Ok(Some(storage)) = window().local_storage() {
        storage.set_item(ACCOUNT, &me.officer).ok();
    }
}

fn key(account: &str, url: &str) -> String {
    format!("{account}\n{url}")
}
