//! Every word the pages say, one struct a language: a text that is missing does not compile.

mod de;
mod en;
mod vi;

use policy::{Lang, Metric, Status, Strength, TicketType};
use ticket::Withheld;

pub(crate) use en::EN;

/// Why a field cannot be taken. Each language says it in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing was written.
    Missing,
    /// More characters than this.
    TooLong(usize),
    /// Not one e-mail address.
    NotAnAddress,
    /// Line breaks or other control characters in a line.
    NotOneLine,
    /// Not one of these.
    NotOffered(String),
    /// A field that does not exist.
    UnknownField,
    /// A field that was given more than once.
    Twice,
    /// A JSON value that is not a string.
    NotText,
    /// Not an IANA zone.
    UnknownZone,
    /// Not a key: too long, or not printable ASCII.
    NotAKey,
    /// The key was used for something else before.
    KeyUsed,
}

/// The words of one language.
pub(crate) struct Texts {
    pub(crate) tag: &'static str,

    pub(crate) language: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) error_prefix: &'static str,
    pub(crate) new_request: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) privacy: &'static str,

    pub(crate) form_title: &'static str,
    pub(crate) form_intro: &'static str,
    pub(crate) optional: &'static str,
    pub(crate) email: &'static str,
    pub(crate) email_hint: &'static str,
    pub(crate) name: &'static str,
    pub(crate) type_question: &'static str,
    pub(crate) department_question: &'static str,
    pub(crate) service_question: &'static str,
    pub(crate) unsure: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) message: &'static str,
    pub(crate) message_hint: &'static str,
    pub(crate) send: &'static str,
    pub(crate) faults_title: &'static str,
    pub(crate) sent_before: &'static str,

    pub(crate) promises_title: &'static str,
    pub(crate) promises_intro: &'static str,
    pub(crate) no_promise: &'static str,
    pub(crate) next_hours: fn(from: &str) -> String,
    pub(crate) at_once: &'static str,
    pub(crate) paused: &'static str,
    pub(crate) why: &'static str,

    pub(crate) thanks_title: &'static str,
    pub(crate) number_is: &'static str,
    pub(crate) expect_title: &'static str,
    pub(crate) mailed: &'static str,
    pub(crate) link_text: &'static str,
    pub(crate) link_hint: &'static str,
    pub(crate) policy_version: &'static str,

    pub(crate) status_title: &'static str,
    pub(crate) messages_title: &'static str,
    pub(crate) you: &'static str,
    pub(crate) somebody_else: &'static str,
    pub(crate) taking_part: &'static str,
    pub(crate) requester: &'static str,
    pub(crate) erased: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) quoted: &'static str,
    pub(crate) attachments: &'static str,
    pub(crate) not_here: fn(Option<Withheld>) -> &'static str,
    pub(crate) reply_title: &'static str,
    /// The same for every address: whoever types one learns nothing about it.
    pub(crate) conduct: fn(clause: Option<&str>) -> String,
    pub(crate) no_more: &'static str,

    pub(crate) have_it_title: &'static str,
    pub(crate) have_it: fn(number: &str) -> String,
    pub(crate) have_it_button: &'static str,
    pub(crate) have_it_done: fn(number: &str) -> String,
    pub(crate) have_it_nothing: fn(number: &str) -> String,

    pub(crate) not_found_title: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) closed_desk_title: &'static str,
    pub(crate) closed_desk: &'static str,
    pub(crate) closed_desk_operator: &'static str,
    pub(crate) too_many_title: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) busy_title: &'static str,
    pub(crate) busy: &'static str,
    pub(crate) broken_title: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) unreadable_title: &'static str,
    pub(crate) unreadable: &'static str,
    pub(crate) policy_absent: &'static str,
    pub(crate) policy_now: &'static str,
    pub(crate) not_yet_in_force: &'static str,
    pub(crate) no_longer_in_force: &'static str,
    pub(crate) versions_title: &'static str,
    pub(crate) in_force_from: fn(time: &str) -> String,
    pub(crate) busier: fn(until: &str) -> String,

    pub(crate) ticket_title: fn(number: &str) -> String,
    pub(crate) prevails: fn(language: &str) -> String,
    pub(crate) by: fn(Strength, time: &str) -> String,
    pub(crate) within: fn(Strength, target: &str) -> String,
    pub(crate) kept: fn(time: &str) -> String,
    pub(crate) kept_late: fn(time: &str, due: &str) -> String,
    pub(crate) missed: fn(due: &str) -> String,
    pub(crate) expected_by: fn(time: &str) -> String,
    pub(crate) expected: fn(time: &str) -> String,
    pub(crate) fault: fn(&Fault) -> String,
    pub(crate) metric: fn(Metric) -> &'static str,
    pub(crate) goes_on: fn(&str) -> String,
    pub(crate) goes_on_link: &'static str,
    pub(crate) came_with: &'static str,
    pub(crate) status: fn(Status) -> &'static str,
    pub(crate) ticket_type: fn(TicketType) -> &'static str,
}

/// The words of a language, or none if we have none.
pub(crate) fn of(lang: &Lang) -> Option<&'static Texts> {
    [&en::EN, &de::DE, &vi::VI]
        .into_iter()
        .find(|texts| texts.tag == lang.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_said_in_every_language() {
        let faults = [
            Fault::Missing,
            Fault::TooLong(7),
            Fault::NotAnAddress,
            Fault::NotOneLine,
            Fault::NotOffered("a, b".to_owned()),
            Fault::UnknownField,
            Fault::Twice,
            Fault::NotText,
            Fault::UnknownZone,
            Fault::NotAKey,
            Fault::KeyUsed,
        ];
        for texts in [&en::EN, &de::DE, &vi::VI] {
            for fault in &faults {
                let said = (texts.fault)(fault);
                assert!(said.ends_with('.'), "{said}");
                assert_eq!(
                    said.contains('7'),
                    matches!(fault, Fault::TooLong(_)),
                    "{said}"
                );
            }
        }
    }
}
