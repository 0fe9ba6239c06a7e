//! The camera's picture, and pictures out of files.

use js_sys::Promise;
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlCanvasElement, HtmlImageElement, HtmlVideoElement, MediaStream, MediaStreamConstraints, Url};

use super::decoder::{Reader, context};

/// The longer side of a camera picture that is read, in pixels: enough for a code that fills a third of it.
const CAMERA_SIDE: f64 = 800.0;
/// The sizes at which a photo is tried: small first, since most codes fill it; then larger for a code far away.
const PHOTO_SIDES: [f64; 3] = [900.0, 1800.0, 2800.0];

/// A camera that shows its picture in a video element. It is switched off when this is dropped.
pub(super) struct Camera {
    stream: MediaStream,
    video: HtmlVideoElement,
    canvas: HtmlCanvasElement,
}

impl Camera {
    /// Asks for the camera at the back and starts it.
    ///
    /// Fails when there is none, when it is not allowed, and on plain http.
    pub(super) async fn start(video: HtmlVideoElement) -> Result<Self, JsValue> {
        let wanted = js_sys::JSON::parse(
            r#"{"facingMode":{"ideal":"environment"},"width":{"ideal":1280},"height":{"ideal":720}}"#,
        )?;
        let constraints = MediaStreamConstraints::new();
        constraints.set_video(&wanted);
        let asked = window().navigator().media_devices()?.get_user_media_with_constraints(&constraints)?;
        let stream: MediaStream = JsFuture::from(asked).await?.dyn_into()?;
        let camera = Self { canvas: new_canvas()?, stream, video };
        camera.video.set_src_object(Some(&camera.stream));
        JsFuture::from(camera.video.play()?).await?;
        Ok(camera)
    }

    /// The text of a code in the present picture.
    pub(super) async fn read(&self, reader: &Reader) -> Option<String> {
        let (width, height) = (f64::from(self.video.video_width()), f64::from(self.video.video_height()));
        let (width, height) = fitted(width, height, CAMERA_SIDE)?;
        resize(&self.canvas, width, height);
        context(&self.canvas)?
            .draw_image_with_html_video_element_and_dw_and_dh(&self.video, 0.0, 0.0, width, height)
            .ok()?;
        reader.read(&self.canvas).await
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.stream.get_tracks().iter() {
            if let Ok(track) = track.dyn_into::<web_sys::MediaStreamTrack>() {
                track.stop();
            }
        }
        self.video.set_src_object(None);
    }
}

/// The text of a code in a picture file.
pub(super) async fn read_photo(file: &File) -> Option<String> {
    let url = Url::create_object_url_with_blob(file).ok()?;
    let text = read_image(&url).await;
    Url::revoke_object_url(&url).ok();
    text
}

async fn read_image(url: &str) -> Option<String> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(url);
    let decoded: Promise = image.decode();
    JsFuture::from(decoded).await.ok()?;
    let own = Reader::own().await;
    let browser = Reader::ready().await;
    let canvas = new_canvas().ok()?;
    let natural = (f64::from(image.natural_width()), f64::from(image.natural_height()));
    for side in PHOTO_SIDES {
        let (width, height) = fitted(natural.0, natural.1, side)?;
        resize(&canvas, width, height);
        context(&canvas)?.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).ok()?;
        // A photo is read once and matters more than time: both readers look at it.
        for reader in browser.iter().chain(&own) {
            if let Some(text) = reader.read(&canvas).await {
                return Some(text);
            }
        }
        if natural.0.max(natural.1) <= side {
            break;
        }
    }
    None
}

/// The size with the same shape whose longer side is at most `side`; `None` for a picture without pixels.
fn fitted(width: f64, height: f64, side: f64) -> Option<(f64, f64)> {
    let longer = width.max(height);
    if longer < 1.0 {
        return None;
    }
    let scale = (side / longer).min(1.0);
    Some(((width * scale).floor().max(1.0), (height * scale).floor().max(1.0)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size between one and a few thousand")]
fn resize(canvas: &HtmlCanvasElement, width: f64, height: f64) {
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
}

fn new_canvas() -> Result<HtmlCanvasElement, JsValue> {
    Ok(document().create_element("canvas")?.unchecked_into())
}
