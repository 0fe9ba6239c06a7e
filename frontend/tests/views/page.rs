//! Draws a view to a string, and to a page that can be opened.

use std::fs;
use std::path::Path;

use leptos::prelude::*;

/// The view's HTML with one tag a line, without the markers that Leptos leaves for hydration.
pub fn draw(name: &str, view: impl FnOnce() -> AnyView) -> String {
    let html = Owner::new().with(|| view().to_html()).replace("<!>", "");
    if let Ok(folder) = std::env::var("VIEWS_OUT") {
        let page = format!(
            "<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content='width=device-width'>\
             <title>{name}</title><style>{}</style><body>{html}",
            styles()
        );
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(Path::new(&folder).join(format!("{name}.html")), page).expect("the folder can be written");
    }
    html.replace("><", ">\n<")
}

/// Inside the frame that pages have in the app, with its tab bar.
pub fn in_frame(title: &'static str, tab: frontend::kit::Tab, content: AnyView) -> AnyView {
    use frontend::i18n::Locale;
    use frontend::kit::{Rail, TabBar, TopBar};
    let locale = Locale::zh_CN;
    let path = Signal::derive(move || tab.href().to_owned());
    view! {
        <div class="frame frame-tabs">
            <div class="frame-banners"></div>
            <Rail locale path waiting=2u64 desk=Vec::new() />
            <div class="frame-main">
                <TopBar locale title=title />
                <main class="page">{content}</main>
            </div>
            <TabBar locale active=Some(tab) waiting=2u64 />
        </div>
    }
    .into_any()
}

/// Every style sheet of the crate, the tokens first.
fn styles() -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sheets = Vec::new();
    collect(&source, &mut sheets);
    sheets.sort_by_key(|path| (!path.ends_with("kit/tokens.css"), path.clone()));
    sheets.iter().map(|path| fs::read_to_string(path).expect("a style sheet can be read")).collect()
}

fn collect(folder: &Path, sheets: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("the source can be listed") {
        let path = entry.expect("the source can be listed").path();
        if path.is_dir() {
            collect(&path, sheets);
        } else if path.extension().is_some_and(|extension| extension == "css") {
            sheets.push(path);
        }
    }
}
