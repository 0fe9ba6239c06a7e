//! The phone's own keeping place: two shelves of texts by key, in IndexedDB.
//!
//! A browser may refuse it (private windows, full disks). Then writes fail and reads find nothing; the app goes on
//! without copies.

use std::cell::RefCell;

use js_sys::{Function, JsString, Promise};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransactionMode};

const DATABASE: &str = "fingertip";
const VERSION: u32 = 1;

/// Where a text is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shelf {
    /// The last answers of reads.
    Known,
    /// Writes that wait to be sent, or for a person to look at their answer.
    Outbox,
}

impl Shelf {
    const ALL: [Self; 2] = [Self::Known, Self::Outbox];

    fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Outbox => "outbox",
        }
    }
}

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// Keeps a text under a key, in place of what was there.
///
/// # Errors
///
/// When the browser refuses; the text is then not kept.
pub(crate) async fn put(shelf: Shelf, key: &str, text: &str) -> Result<(), JsValue> {
    let store = open_shelf(shelf, IdbTransactionMode::Readwrite).await?;
    answer(&store.put_with_key(&text.into(), &key.into())?).await?;
    Ok(())
}

/// The text under a key.
pub(crate) async fn get(shelf: Shelf, key: &str) -> Option<String> {
    let store = open_shelf(shelf, IdbTransactionMode::Readonly).await.ok()?;
    answer(&store.get(&key.into()).ok()?).await.ok()?.as_string()
}

/// Every text whose key begins so, by key.
pub(crate) async fn all(shelf: Shelf, prefix: &str) -> Vec<String> {
    async fn read(shelf: Shelf, prefix: &str) -> Result<Vec<String>, JsValue> {
        let store = open_shelf(shelf, IdbTransactionMode::Readonly).await?;
        let found = answer(&store.get_all_with_key(&range(prefix)?.into())?).await?;
        Ok(js_sys::Array::from(&found).iter().filter_map(|text| text.as_string()).collect())
    }
    read(shelf, prefix).await.unwrap_or_default()
}

/// Takes a text away. That there is none is no matter.
pub(crate) async fn delete(shelf: Shelf, key: &str) {
    delete_keys(shelf, &key.into()).await.ok();
}

/// Takes every text away whose key begins so.
pub(crate) async fn delete_all(shelf: Shelf, prefix: &str) {
    if let Ok(range) = range(prefix) {
        delete_keys(shelf, &range.into()).await.ok();
    }
}

async fn delete_keys(shelf: Shelf, keys: &JsValue) -> Result<(), JsValue> {
    let store = open_shelf(shelf, IdbTransactionMode::Readwrite).await?;
    answer(&store.delete(keys)?).await.map(drop)
}

/// The keys that begin with a text: up to the highest character that can follow it.
fn range(prefix: &str) -> Result<IdbKeyRange, JsValue> {
    IdbKeyRange::bound(&prefix.into(), &format!("{prefix}\u{ffff}").into())
}

async fn open_shelf(shelf: Shelf, mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    let database = open().await?;
    let transaction = match database.transaction_with_str_and_mode(shelf.as_str(), mode) {
        Ok(transaction) => transaction,
        Err(_) => {
            // The browser closed the connection behind our back (iOS does, in the background): open it once more.
            OPEN.take();
            open().await?.transaction_with_str_and_mode(shelf.as_str(), mode)?
        }
    };
    transaction.object_store(shelf.as_str())
}

async fn open() -> Result<IdbDatabase, JsValue> {
    if let Some(database) = OPEN.with_borrow(Clone::clone) {
        return Ok(database);
    }
    let factory = window().indexed_db()?.ok_or_else(|| JsValue::from_str("no IndexedDB"))?;
    let request = factory.open_with_u32(DATABASE, VERSION)?;
    let upgrading = request.clone();
    let upgrade = Closure::once_into_js(move || {
        let Ok(Ok(database)) = upgrading.result().map(|result| result.dyn_into::<IdbDatabase>()) else { return };
        for shelf in Shelf::ALL {
            // A shelf that cannot be made shows up as an error of the first transaction on it.
            database.create_object_store(shelf.as_str()).ok();
        }
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    let database = answer(&request).await?.dyn_into::<IdbDatabase>()?;
    OPEN.set(Some(database.clone()));
    Ok(database)
}

/// Waits for a request of IndexedDB.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let done = request.clone();
        let succeed = Closure::once_into_js(move || {
            let result = done.result().unwrap_or(JsValue::UNDEFINED);
            resolve.call1(&JsValue::NULL, &result).ok();
        });
        let fail = Closure::once_into_js(move || {
            reject.call1(&JsValue::NULL, &JsString::from("IndexedDB refused").into()).ok();
        });
        request.set_onsuccess(Some(succeed.unchecked_ref()));
        request.set_onerror(Some(fail.unchecked_ref()));
    });
    JsFuture::from(promise).await
}
