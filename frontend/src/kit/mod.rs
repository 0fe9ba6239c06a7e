//! The design system: tokens, and the parts that every screen is made of.
//!
//! Each part is a file with its CSS beside it. Parts take plain data, signals and callbacks; they fetch nothing and
//! know no noun of the product. `/kit` shows them all in each state in development builds.

pub mod badge;
pub mod bars;
pub mod button;
pub mod card;
pub mod chart;
pub mod field;
#[cfg(feature = "gallery")]
pub mod gallery;
pub mod icon;
pub mod list;
pub mod loaded;
pub mod sheet;
pub mod steps;
pub mod table;
pub mod toast;

pub use badge::{Badge, Callout, Count, Tone};
pub use bars::{Banner, Place, Rail, Tab, TabBar, TopBar, Unread};
pub use button::{Button, ButtonLink, IconButton, Look, Size};
pub use card::{Card, Stat};
pub use chart::{Bar, BarChart, QrPlace};
pub use field::{Choice, Choices, Field, HalfDayInput, Input, Kind, Segments, Select, Switch, TextArea};
pub use icon::{Glyph, Icon};
pub use list::{Cell, CellButton, Facts, List, Pager};
pub use loaded::{EmptyState, Failed, Load, Loaded, Peek, Shared, Skeleton, Slot, Trouble, share};
pub use sheet::Sheet;
pub use steps::{Member, Moment, Step, StepState, Steps, Timeline};
pub use table::{RichTable, Table};
pub use toast::{ToastPlace, Toasts};
