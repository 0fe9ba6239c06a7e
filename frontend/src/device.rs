//! What tells this phone from another, and random numbers.

use leptos::prelude::window;
use uuid::Uuid;

/// The header that carries the device's id.
pub const HEADER: &str = "x-device";

/// The key of the id in the browser's storage.
const KEY: &str = "device";

/// The device's id: drawn once and kept, so that the class teacher is told when one phone signs two people in. It is
/// a hint and no proof, since whoever clears the storage has a new one. `None` where the browser keeps nothing.
pub fn id() -> Option<String> {
    let storage = window().local_storage().ok().flatten()?;
    if let Ok(Some(id)) = storage.get_item(KEY) {
        return Some(id);
    }
    let id = new_id().to_string();
    storage.set_item(KEY, &id).ok()?;
    Some(id)
}

/// A random UUID (version 4). Made from random bytes, since the browser's own maker is missing on plain http.
pub fn new_id() -> Uuid {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// A random number from 0 to 999, to spread tries in time.
pub fn draw() -> u32 {
    let mut bytes = [0; 4];
    fill(&mut bytes);
    u32::from_le_bytes(bytes) % 1000
}

fn fill(bytes: &mut [u8]) {
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(bytes))
        .expect("every browser that runs WebAssembly draws random numbers");
}
