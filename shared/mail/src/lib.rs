#![doc = include_str!("../README.md")]

mod clean;
mod commands;
mod file_link;
mod files;
mod filing;
mod inbound;
mod marks;
pub mod notices;
mod outbound;
pub mod preview;
mod reply;
mod sanitise;
mod setup;
mod takeover;
mod threading;
mod words;

pub use commands::{SlashCommand, slash_commands};
pub use file_link::{file_path, file_place, opens_files};
pub use files::{MOST_FILE_BYTES, MOST_FILES, sha256};
pub use inbound::{
    Action, Attachment, Bound, ForwardMark, Forwarding, InboundMail, Kind, Limits, Mailbox,
    MessageId, Refused, Report, ReportedRecipient, Seal, Verdict, display_html, normalise, parse,
    parse_within, texts, top_of,
};
pub use notices::MARKER;
pub use outbound::{
    AutoSubmitted, BadAddress, Band, Block, Enclosed, Letter, Page, fragment, masked_copy, render,
};
pub use reply::{above_marker, reply_text, reply_text_of_html};
pub use sanitise::sanitise;
pub use setup::is_setup_notice;
pub use takeover::{takeover_path, takes_over};
pub use threading::{
    Reference, ReplyAddress, ThreadKeys, looks_like_ses, signed_tags, thread_keys,
};
