//! Every word the mails say, one struct a language: a text that is missing does not compile.

mod de;
mod digest;
mod en;
mod explain;
mod files;
mod merge;
mod people;
mod point;
mod progress;
mod too_much;
mod vi;

pub(super) use digest::DigestTexts;
pub(super) use explain::ExplainTexts;
pub(super) use files::FilesTexts;
pub(super) use merge::MergeTexts;
pub(super) use people::PeopleTexts;
pub(super) use point::point_text;
use policy::{Lang, Metric, Priority, Recipient, Status, Strength, TicketType, Tier};
pub(super) use progress::ProgressTexts;
use ticket::{NoteReason, Refusal};
pub(super) use too_much::TooMuchTexts;

/// The words of one language.
pub(super) struct Texts {
    pub(super) tag: &'static str,
    pub(super) customer: CustomerTexts,
    pub(super) staff: StaffTexts,
    pub(super) explain: ExplainTexts,
    pub(super) progress: ProgressTexts,
    pub(super) too_much: TooMuchTexts,
    pub(super) people: PeopleTexts,
    pub(super) files: FilesTexts,
    pub(super) merge: MergeTexts,
    pub(super) digest: DigestTexts,
}

/// What customers read.
pub(super) struct CustomerTexts {
    pub(super) hello: fn(name: Option<&str>) -> String,
    pub(super) your_request: &'static str,
    pub(super) page: &'static str,
    pub(super) page_hint: &'static str,
    pub(super) reply_hint: &'static str,
    pub(super) privacy: &'static str,
    /// The link to a version of the policy.
    pub(super) policy_of: fn(version: &str) -> String,

    pub(super) received_subject: fn(TicketType) -> &'static str,
    pub(super) received: fn(TicketType, number: &str) -> String,
    pub(super) subject: &'static str,
    pub(super) expect: &'static str,
    pub(super) promise: fn(Strength, Metric, by: &str) -> String,
    pub(super) late: fn(Metric, due: &str) -> String,
    pub(super) no_promise: &'static str,
    pub(super) next_hours: fn(from: &str) -> String,

    pub(super) cut: &'static str,

    pub(super) missed_subject: &'static str,
    pub(super) missed: fn(number: &str) -> String,
    pub(super) promised: fn(Strength, Metric, target: &str) -> String,
    /// Without the full stop.
    pub(super) clause: fn(clause: &str) -> String,
    pub(super) was_due: fn(time: &str) -> String,
    pub(super) expected: fn(time: &str) -> String,
    pub(super) not_expected: &'static str,

    pub(super) solved_subject: &'static str,
    pub(super) solved: fn(number: &str) -> String,
    pub(super) solved_hint: &'static str,

    pub(super) changed_subject: &'static str,
    pub(super) changed: fn(from: &str) -> String,
    pub(super) changed_hint: fn(number: &str) -> String,
    pub(super) changed_policy: &'static str,
    pub(super) own_policy: &'static str,
}

/// What a kind of notice is called in the subject, and its first sentence.
pub(super) struct Said {
    pub(super) heading: &'static str,
    pub(super) sentence: &'static str,
}

/// What staff read.
pub(super) struct StaffTexts {
    pub(super) opened: Said,
    pub(super) customer_replied: Said,
    pub(super) stranger: Said,
    pub(super) reopened: Said,
    pub(super) assigned: Said,
    pub(super) warning: Said,
    pub(super) breach: Said,
    pub(super) not_reached: Said,
    pub(super) orders: Said,
    pub(super) kept_as_note: Said,
    pub(super) handed_over: fn(Tier) -> String,

    pub(super) number: &'static str,
    pub(super) subject: &'static str,
    pub(super) no_subject: &'static str,
    pub(super) requester: &'static str,
    pub(super) unknown: &'static str,
    pub(super) unverified: &'static str,
    pub(super) department: &'static str,
    pub(super) no_department: &'static str,
    pub(super) ticket_type: &'static str,
    pub(super) priority: &'static str,
    pub(super) status: &'static str,
    pub(super) assignee: &'static str,
    pub(super) nobody: &'static str,
    pub(super) tier: &'static str,
    pub(super) waiting: &'static str,
    pub(super) policy_version: &'static str,

    pub(super) us_since: fn(time: &str) -> String,
    pub(super) us: &'static str,
    pub(super) customer: &'static str,
    pub(super) third_party: &'static str,
    pub(super) nobody_waits: &'static str,

    pub(super) promises: &'static str,
    pub(super) no_promises: &'static str,
    pub(super) promise: &'static str,
    pub(super) clause: &'static str,
    pub(super) target: &'static str,
    pub(super) due: &'static str,
    pub(super) missed: &'static str,
    pub(super) internal: &'static str,
    pub(super) level: &'static str,
    pub(super) next: &'static str,
    pub(super) next_level: fn(level: &str, time: &str, to: &str) -> String,
    pub(super) last_level: &'static str,

    pub(super) wrote: fn(who: &str, time: &str) -> String,
    pub(super) somebody: &'static str,
    pub(super) erased: &'static str,
    pub(super) empty: &'static str,
    pub(super) cut: &'static str,
    pub(super) attachments: &'static str,

    pub(super) reply_help: &'static str,
    pub(super) stranger_help: &'static str,
    pub(super) order_help: &'static str,
    pub(super) valid_until: fn(time: &str) -> String,

    pub(super) done: &'static str,
    pub(super) refused: fn(why: &str) -> String,
    pub(super) refusal: fn(&Refusal) -> String,
    pub(super) said_by_ses: &'static str,
    pub(super) note_reason: fn(NoteReason) -> &'static str,

    pub(super) metric_word: fn(Metric) -> &'static str,
    pub(super) status_word: fn(Status) -> &'static str,
    pub(super) priority_word: fn(Priority) -> &'static str,
    pub(super) type_word: fn(TicketType) -> &'static str,
    pub(super) recipient_word: fn(&Recipient) -> &'static str,
}

/// The words of those whose language is not known.
pub(super) const ENGLISH: &Texts = &en::EN;

/// The words of a language; English where a policy lists one that we have no words for.
pub(super) fn of(lang: &Lang) -> &'static Texts {
    match lang.as_str() {
        "de" => &de::DE,
        "vi" => &vi::VI,
        _ => ENGLISH,
    }
}
