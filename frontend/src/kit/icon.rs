//! Line icons on a 24 by 24 grid, drawn for this product; a character each of the one alphabet that all screens use.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[doc = $doc:literal])+ $name:ident $path:literal;)+) => {
        /// The icons.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon { $($(#[doc = $doc])+ $name,)+ }

        impl Icon {
            /// Every icon, for the gallery.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name in the gallery.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            fn shapes(self) -> &'static str {
                match self { $(Self::$name => $path,)+ }
            }
        }
    };
}

icons! {
    /// What waits to be done.
    Todo "<rect x='4' y='4' width='16' height='17' rx='2.5'/><path d='M9 2.5v3M15 2.5v3M8 12l2.2 2.2L15.5 9.5M8 17.5h8'/>";
    /// Leave.
    Leave "<rect x='3.5' y='5' width='17' height='15.5' rx='2.5'/><path d='M3.5 10h17M8 3v4M16 3v4M14 14.5h3v2.5h-3z'/>";
    /// Scan a code.
    Scan "<path d='M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8M16 4h2.5A1.5 1.5 0 0 1 20 5.5V8M20 16v2.5a1.5 1.5 0 0 1-1.5 1.5H16M8 20H5.5A1.5 1.5 0 0 1 4 18.5V16M4 12h16'/>";
    /// Classes and lessons.
    Training "<path d='M12 6.5C10 5 7 4.5 3.5 4.5v13.5C7 18 10 18.5 12 20c2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5zM12 6.5V20'/>";
    /// The officer's own page.
    Person "<circle cx='12' cy='8' r='4'/><path d='M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6'/>";
    /// Several officers.
    People "<circle cx='9' cy='8.5' r='3.5'/><path d='M2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5M15.5 5.2a3.5 3.5 0 0 1 0 6.6M17.5 15c2.3.6 3.6 2.2 4 5'/>";
    /// Back to where one came from.
    Back "<path d='M14.5 5l-7 7 7 7'/>";
    /// Leads on to a page.
    Forward "<path d='M9.5 5l7 7-7 7'/>";
    /// Add or ask for something new.
    Plus "<path d='M12 5v14M5 12h14'/>";
    /// Done, agreed.
    Check "<path d='M4.5 12.5l5 5 10-11'/>";
    /// Refused, closed.
    Cross "<path d='M6 6l12 12M18 6L6 18'/>";
    /// Waiting, a time.
    Clock "<circle cx='12' cy='12' r='8.5'/><path d='M12 7v5.2l3.3 2'/>";
    /// Take care.
    Warning "<path d='M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2v.1'/>";
    /// Something to know.
    Info "<circle cx='12' cy='12' r='8.5'/><path d='M12 11v5.5M12 7.7v.1'/>";
    /// Reported back.
    Return "<path d='M9 5L4 10l5 5M4 10h10a6 6 0 0 1 6 6v3'/>";
    /// A rating.
    Star "<path d='M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9L12 16.9l-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z'/>";
    /// Bring a file in.
    Upload "<path d='M12 15.5V4M7.5 8L12 3.5 16.5 8M4 15v4.5h16V15'/>";
    /// Take a file out.
    Download "<path d='M12 3.5V15M7.5 11L12 15.5l4.5-4.5M4 15.5v4h16v-4'/>";
    /// Search.
    Search "<circle cx='10.5' cy='10.5' r='6.5'/><path d='M15.5 15.5L21 21'/>";
    /// A court.
    Court "<path d='M3.5 9.5L12 4l8.5 5.5zM5.5 9.5V17M10 9.5V17M14 9.5V17M18.5 9.5V17M3.5 20h17M5 17h14'/>";
    /// A permission, a seal of office.
    Shield "<path d='M12 3l7.5 2.8v5.7c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V5.8zM8.5 12l2.5 2.5 4.5-5'/>";
    /// A code that opens an account.
    Key "<circle cx='8' cy='15.5' r='4.5'/><path d='M11.3 12.3L20 3.5M16.5 7l3 3'/>";
    /// Dark or light.
    Theme "<circle cx='12' cy='12' r='8.5'/><path d='M12 3.5a8.5 8.5 0 0 1 0 17z' fill='currentColor'/>";
    /// Large type.
    Type "<path d='M3 19L8.5 5 14 19M5 14.5h7M15 19l3-8 3 8M16 16.5h4'/>";
    /// The language.
    Globe "<circle cx='12' cy='12' r='8.5'/><path d='M3.5 12h17M12 3.5c2.6 2.5 3.7 5.3 3.7 8.5s-1.1 6-3.7 8.5c-2.6-2.5-3.7-5.3-3.7-8.5s1.1-6 3.7-8.5z'/>";
    /// A phone or computer that is logged in.
    Device "<rect x='6.5' y='2.5' width='11' height='19' rx='2.5'/><path d='M10.5 18.5h3'/>";
    /// Leave the account.
    LogOut "<path d='M10 4H5.5A1.5 1.5 0 0 0 4 5.5v13A1.5 1.5 0 0 0 5.5 20H10M15 7.5l4.5 4.5-4.5 4.5M19.5 12H9'/>";
    /// No network.
    Offline "<path d='M3 3l18 18M7 9.3A5 5 0 0 0 7.5 19h9.7M9.7 6.3A6 6 0 0 1 18 11a4 4 0 0 1 2.6 6.7'/>";
    /// Once more.
    Retry "<path d='M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4.3h-4.3'/>";
    /// Waits in the outbox.
    Outbox "<path d='M4 13l2.5-8h11L20 13v6.5H4zM4 13h5a3 3 0 0 0 6 0h5M12 10V6.5'/>";
    /// An empty place.
    Empty "<path d='M4 8.5L12 4l8 4.5v8L12 21l-8-4.5zM4 8.5L12 13l8-4.5M12 13v8'/>";
    /// A camera.
    Camera "<path d='M3.5 8.5A1.5 1.5 0 0 1 5 7h2.5L9 4.5h6L16.5 7H19a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5z'/><circle cx='12' cy='13' r='3.5'/>";
    /// A projector's screen.
    Board "<rect x='3' y='4' width='18' height='12.5' rx='2'/><path d='M12 16.5V20M8.5 20.5h7'/>";
    /// Something that the officer is told.
    Bell "<path d='M6 17v-6a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21.5h4M12 3v2'/>";
    /// What somebody remarked.
    Comment "<path d='M4 5h16v11.5h-8.5L7 20.5v-4H4zM8 9.3h8M8 12.6h5'/>";
    /// A copy for somebody.
    Copy "<rect x='8.5' y='8.5' width='12' height='12' rx='2'/><path d='M15.5 8.5v-5h-12v12h5'/>";
    /// What can be set.
    Settings "<circle cx='15.5' cy='7.5' r='2.5'/><circle cx='8.5' cy='16.5' r='2.5'/><path d='M3.5 7.5H13M18 7.5h2.5M3.5 16.5H6M11 16.5h9.5'/>";
    /// A text, a form.
    Pen "<path d='M4 20l1-4.5L16.5 4a2 2 0 0 1 3 0l.5.5a2 2 0 0 1 0 3L8.5 19zM14.5 6l3.5 3.5'/>";
}

/// An icon in the colour and size of the text around it. It says nothing to a screen reader: the text beside it does.
#[component]
pub fn Glyph(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" inner_html=icon.shapes()></svg> }
}
