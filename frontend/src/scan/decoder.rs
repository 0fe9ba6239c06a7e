//! Reads a code out of a picture: with the browser's own detector where there is one, else with our decoder, which
//! is fetched only now.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Where `boot.js` and the decoder's loader leave things for each other.
const PLACE: &str = "fingertip";

/// One of the two ways to read.
#[derive(Clone, Debug)]
pub(super) enum Reader {
    /// The browser's `BarcodeDetector`.
    Browser {
        /// The detector.
        detector: JsValue,
        /// Its method `detect`.
        detect: Function,
    },
    /// Our decoder: `decode(width, height, luma)`.
    Own(Function),
}

impl Reader {
    /// The browser's reader, else ours; `None` when ours cannot be fetched.
    pub(super) async fn ready() -> Option<Self> {
        match browser_detector().await {
            Some(reader) => Some(reader),
            None => Self::own().await,
        }
    }

    /// Our decoder, fetched at the first call.
    pub(super) async fn own() -> Option<Self> {
        let place = Reflect::get(&window(), &PLACE.into()).ok().filter(JsValue::is_object)?;
        if Reflect::get(&place, &"decoder".into()).ok()?.is_undefined() {
            fetch_decoder().await.ok()?;
        }
        let promise: Promise = Reflect::get(&place, &"decoder".into()).ok()?.dyn_into().ok()?;
        JsFuture::from(promise).await.ok()?.dyn_into().ok().map(Self::Own)
    }

    /// The text of a code in the picture on the canvas.
    pub(super) async fn read(&self, canvas: &HtmlCanvasElement) -> Option<String> {
        match self {
            Self::Browser { detector, detect } => {
                let found: Promise = detect.call1(detector, canvas).ok()?.dyn_into().ok()?;
                let codes = Array::from(&JsFuture::from(found).await.ok()?);
                codes.iter().find_map(|code| Reflect::get(&code, &"rawValue".into()).ok()?.as_string())
            }
            Self::Own(decode) => {
                let (width, height) = (canvas.width(), canvas.height());
                let luma = luma(canvas)?;
                let luma = js_sys::Uint8Array::from(luma.as_slice());
                decode.call3(&JsValue::NULL, &width.into(), &height.into(), &luma).ok()?.as_string()
            }
        }
    }
}

/// The browser's detector, if it reads QR codes: on some systems it exists and reads nothing.
async fn browser_detector() -> Option<Reader> {
    let class: Function = Reflect::get(&window(), &"BarcodeDetector".into()).ok()?.dyn_into().ok()?;
    let formats: Function = Reflect::get(&class, &"getSupportedFormats".into()).ok()?.dyn_into().ok()?;
    let formats: Promise = formats.call0(&class).ok()?.dyn_into().ok()?;
    let formats = Array::from(&JsFuture::from(formats).await.ok()?);
    if !formats.includes(&"qr_code".into(), 0) {
        return None;
    }
    let options = js_sys::Object::new();
    Reflect::set(&options, &"formats".into(), &Array::of1(&"qr_code".into())).ok()?;
    let detector = Reflect::construct(&class, &Array::of1(&options)).ok()?;
    let detect = Reflect::get(&detector, &"detect".into()).ok()?.dyn_into().ok()?;
    Some(Reader::Browser { detector, detect })
}

/// Adds the decoder's loader to the page. The shell names it; a page without a built site has none.
async fn fetch_decoder() -> Result<(), JsValue> {
    let url = document()
        .query_selector("meta[name=decoder]")?
        .and_then(|meta| meta.get_attribute("content"))
        .ok_or_else(|| JsValue::from_str("no decoder"))?;
    let script = document().create_element("script")?;
    script.set_attribute("type", "module")?;
    script.set_attribute("src", &url)?;
    let loaded = Promise::new(&mut |resolve: Function, reject: Function| {
        script.add_event_listener_with_callback("load", &resolve).ok();
        script.add_event_listener_with_callback("error", &reject).ok();
    });
    if let Some(head) = document().head() {
        head.append_child(&script)?;
    }
    let result = JsFuture::from(loaded).await.map(drop);
    if result.is_err() {
        // So that the next attempt fetches it anew.
        script.remove();
    }
    result
}

/// The picture in grey: the usual weights of red, green and blue, in 256ths.
fn luma(canvas: &HtmlCanvasElement) -> Option<Vec<u8>> {
    let pixels =
        context(canvas)?.get_image_data(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height())).ok()?.data();
    Some(pixels.as_chunks::<4>().0.iter().map(|[red, green, blue, _]| grey(*red, *green, *blue)).collect())
}

fn grey(red: u8, green: u8, blue: u8) -> u8 {
    let sum = u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29;
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}

/// The canvas's pen; the browser keeps the picture in memory, since it is read again and again.
pub(super) fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let options = js_sys::Object::new();
    Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
    canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
}
