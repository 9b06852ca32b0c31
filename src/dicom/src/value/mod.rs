//! Values: what PS3.5 6.2 says of each VR, text helpers, dates and times, numbers as text. Nothing here knows a policy.

mod number;
mod temporal;
mod text;
mod vr;

pub use number::{is_decimal, is_float, is_integer};
pub use temporal::{Date, DateTime, Time, parse_date, parse_datetime, parse_time};
pub use text::{trim, trim_bytes, values};
pub use vr::{is_binary, is_known, is_multivalued_text, is_text, padding, unit, uses_character_set, uses_long_header};
