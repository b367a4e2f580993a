#![doc = include_str!("../README.md")]

mod answering;
mod apply;
mod audit;
mod base32;
mod clocks;
mod command;
mod decide;
mod digest;
mod event;
mod explain;
mod hours;
mod identity;
mod ladder;
mod merge;
mod model;
mod notice;
mod order_line;
mod replay;
mod schema;
mod secrets;
mod size_text;
mod span_text;
mod standing;
mod time_text;
mod versions;
mod words;

pub use answering::{
    A_DAY, AT_ONCE_A_DAY, Counter, DAY, Held, REQUEST_WINDOW, SOURCE_A_DAY, SOURCE_REQUESTS,
    TYPED_A_DAY, TYPED_AN_HOUR, counters, counters_of_stranger, held, is_typed, raised,
};
pub use apply::apply;
pub use audit::{first_break, fold};
pub use clocks::{Clock, Step, clocks, expected_after_miss, facts, next_due};
pub use command::{
    Actor, Command, Contact, Context, NoteReason, Open, Order, OrderAnswer, OrderLine, Refusal,
};
pub use decide::{
    Decision, Offer, chain_digest, decide, decide_merging, offer, open, words_digest,
};
pub use digest::{MOST_NAMED, Waiting, is_gathered};
pub use event::{Event, Opened, Recorded};
pub use explain::{Coming, Explanation, Passage, explain, forward};
pub use hours::next_hours;
pub use identity::{
    AddressHash, ContentDigest, FileKey, Keyring, NotATicketId, NoticeId, Pepper, Tag, TicketId,
};
pub use merge::{MergeRefusal, MergedFrom, Other, transcript};
pub use model::{
    Bound, Heard, Joined, KeptAsNote, Missed, Review, StatusChange, Ticket, Told, caps,
};
pub use notice::{AUDIENCE, Addressee, Deadline, Happening, Lane, Notice, Role, Text};
pub use replay::{Replayed, ReplayedMiss, replay};
pub use schema::{FIRST_SCHEMA, SCHEMA};
pub use secrets::{Masked, SecretKind, at_least, mask, masked_text};
pub use size_text::size_text;
pub use span_text::span_text;
pub use standing::{Decided, SaidOfStanding, ToldOfStanding, said_of_standing};
pub use time_text::time_text;
pub use versions::{Compared, Kept, compare};
pub use words::{AttachmentNote, TooMuch, Withheld, Words};
