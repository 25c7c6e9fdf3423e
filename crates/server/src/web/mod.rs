//! The mechanism every page stands on: a page is a value that declares its template, its cache
//! policy and its address. Nothing here knows the words of the desk or of the portal.

pub mod address;
pub mod assets;
pub mod cache;
pub mod choice;
pub mod client;
pub mod cookie;
pub mod fields;
pub mod frame;
pub mod headers;
pub mod icon;
pub mod language;
pub mod layers;
pub mod locale;
pub mod markup;
pub mod moment;
pub mod number;
pub mod page;
pub mod plot;
pub mod proxies;
pub mod qr;

pub use cache::Cache;
pub use client::Client;
pub use fields::Fields;
pub use frame::{Frame, Visitor};
pub use language::Language;
pub use markup::Markup;
pub use page::{Fragment, Html, Page};
