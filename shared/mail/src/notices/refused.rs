//! What was too much about a mail over a bound, in a sentence for staff. What its sender reads is
//! [`Text::TooMuch`](ticket::Text::TooMuch).

use crate::inbound::{Bound, Refused};

const MEGABYTE: usize = 1024 * 1024;

impl Refused {
    /// One sentence: what was too much, and what to do instead.
    pub fn sentence(&self) -> String {
        let limit = self.limit;
        match self.bound {
    Bound::TotalBytes => format!(
        "Your mail is larger than the {} MB that we can take in: please send large files as a link.",
        limit / MEGABYTE
    ),
    Bound::Attachments => format!(
        "Your mail has more than the {limit} attachments that we can take in: please send several mails or one archive."
    ),
    Bound::HeaderBytes | Bound::HeaderCount => {
        "Your mail has more header lines or recipients than we can take in: please write a new mail to us alone."
            .to_owned()
    }
    Bound::Parts | Bound::Depth | Bound::LineBytes => {
        "Your mail is built in a way that we cannot take in: please write a new mail with plain text, without forwarded mails inside."
            .to_owned()
    }
}
    }
}
