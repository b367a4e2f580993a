//! The closed word lists that policies, tickets and stored items share.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word outside its closed list; the message lists the words that exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of {known}")]
pub struct UnknownWord {
    word: String,
    known: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$item_doc])* #[serde(rename = $text)] $item,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$item),+];

            /// The word that stands in policies and stored items.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$item => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|item| item.as_str() == word).ok_or_else(|| UnknownWord {
                    word: word.to_owned(),
                    known: [$(concat!("`", $text, "`")),+].join(", "),
                })
            }
        }
    };
}

words!(
    /// What a promise measures.
    Metric {
        /// The customer learns that the request arrived.
        Acknowledge = "acknowledge",
        /// The first public answer by a person.
        FirstResponse = "first_response",
        /// A public answer to the oldest unanswered message.
        NextResponse = "next_response",
        /// The periodic word to the customer while work goes on.
        Update = "update",
        /// The ticket is solved.
        Resolution = "resolution",
    }
);
words!(
    /// Where a ticket stands, with Zendesk's meanings.
    Status {
        /// Nobody has taken it up.
        New = "new",
        /// Staff are to act.
        Open = "open",
        /// The customer is to act.
        Pending = "pending",
        /// A third party is to act.
        OnHold = "on_hold",
        /// Staff consider it done; a customer's reply reopens it.
        Solved = "solved",
        /// Done for good; a reply opens a follow-up.
        Closed = "closed",
    }
);
words!(
    /// What the customer wants.
    TicketType {
        /// Help.
        Request = "request",
        /// Redress.
        Complaint = "complaint",
        /// To be heard.
        Feedback = "feedback",
    }
);
words!(
    /// How a ticket came in.
    Channel {
        /// The web form.
        Form = "form",
        /// JSON over HTTP.
        Api = "api",
        /// Mail.
        Email = "email",
    }
);
words!(
    /// How pressing a ticket is; the order is from least to most.
    Priority {
        /// Can wait.
        Low = "low",
        /// The usual.
        Normal = "normal",
        /// Before the usual.
        High = "high",
        /// Before everything.
        Urgent = "urgent",
    }
);
words!(
    /// How binding a promise is; the published wording follows it.
    Strength {
        /// "We will".
        Commitment = "commitment",
        /// "We aim to".
        Target = "target",
    }
);
words!(
    /// A day of the week in a calendar.
    Day {
        /// Monday.
        Mon = "mon",
        /// Tuesday.
        Tue = "tue",
        /// Wednesday.
        Wed = "wed",
        /// Thursday.
        Thu = "thu",
        /// Friday.
        Fri = "fri",
        /// Saturday.
        Sat = "sat",
        /// Sunday.
        Sun = "sun",
    }
);
words!(
    /// A line to a department that is not a ticket.
    Line {
        /// Voice.
        Phone = "phone",
        /// Live chat.
        Chat = "chat",
    }
);
words!(
    /// What is still taken up of somebody whose support is limited. An objection always is.
    Allowed {
        /// New requests.
        Requests = "requests",
        /// Messages on requests that are open already.
        Messages = "messages",
        /// Complaints, and their escalation.
        Complaints = "complaints",
        /// Suggestions and comments.
        Feedback = "feedback",
    }
);
words!(
    /// What may count as a response.
    Response {
        /// A public reply.
        Reply = "reply",
        /// Solving the ticket.
        Solve = "solve",
    }
);
words!(
    /// The support tier that works on a ticket.
    #[derive(Default)]
    Tier {
        /// First contact.
        #[default]
        L1 = "L1",
        /// Specialists.
        L2 = "L2",
        /// The makers of the product, or management.
        L3 = "L3",
    }
);
words!(
    /// What ends a level's repetitions before the clock ends.
    Until {
        /// Somebody on the staff says that they have it.
        Acknowledged = "acknowledged",
    }
);
