//! What SES's refusals mean for a notice.

use std::time::Duration;

/// What is to become of a notice that SES did not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// SES has not taken it and may take it later.
    Later(Wait),
    /// SES will never take it; the reason names no address.
    Never(String),
    /// Nobody knows whether SES has taken it.
    Unknown,
}

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// We are sending too fast.
    Rate,
    /// The account's quota for the day is used up.
    Quota,
    /// SES has stopped the account.
    Stopped,
    /// SES does not let us: role, credentials, or a refusal that this binary does not know.
    Forbidden,
    /// No connection came about, so SES has never heard of the mail.
    Unreached,
}

impl Wait {
    /// How long to wait; `tries` counts from 1. Too fast: longer each time, up to ten minutes, as SES advises.
    pub(crate) fn duration(self, tries: u32) -> Duration {
        const MINUTE: u64 = 60;
        let minutes = match self {
            Self::Rate | Self::Unreached => (1 << tries.saturating_sub(1).min(4)).min(10),
            Self::Forbidden => 10,
            Self::Quota | Self::Stopped => 60,
        };
        Duration::from_secs(minutes * MINUTE)
    }

    /// Whether a person has to do something about it.
    pub(crate) fn needs_a_person(self) -> bool {
        !matches!(self, Self::Rate | Self::Unreached)
    }
}

/// Judges an error by what the SDK knows of it: error code, message and HTTP status.
///
/// SES says "too fast" and "quota used up" under the same codes and tells them apart in the message only.
pub(crate) fn judge(code: Option<&str>, message: &str, status: Option<u16>) -> Answer {
    match code.unwrap_or_default() {
        "TooManyRequestsException"
        | "LimitExceededException"
        | "ThrottlingException"
        | "Throttling" => too_much(message),
        "SendingPausedException" | "AccountSuspendedException" => Answer::Later(Wait::Stopped),
        code @ ("MessageRejected"
        | "MailFromDomainNotVerifiedException"
        | "BadRequestException"
        | "NotFoundException") => Answer::Never(reason(code, message)),
        _ => by_status(message, status),
    }
}

/// Whether no connection came about: refused, no way, no name, or nobody there. Anything later leaves open whether SES
/// has the mail.
pub(crate) fn never_reached(error: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && matches!(
                io.kind(),
                ConnectionRefused | HostUnreachable | NetworkUnreachable
            )
        {
            return true;
        }
        // A name that cannot be looked up and a connection that takes too long are the client's own errors.
        if let Some(client) = error.downcast_ref::<hyper_util::client::legacy::Error>()
            && client.is_connect()
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A code that we do not know: a 4xx says at least that SES has not taken the mail.
fn by_status(message: &str, status: Option<u16>) -> Answer {
    match status {
        Some(429) => too_much(message),
        Some(400..=407 | 409..=499) => Answer::Later(Wait::Forbidden),
        _ => Answer::Unknown,
    }
}

fn too_much(message: &str) -> Answer {
    if message.to_ascii_lowercase().contains("quota") {
        Answer::Later(Wait::Quota)
    } else {
        Answer::Later(Wait::Rate)
    }
}

/// Longest message of SES that is shown on a ticket.
const SHOWN: usize = 200;

/// SES's words for the ticket and for agents, without the addresses that it likes to quote.
fn reason(code: &str, message: &str) -> String {
    let words = message
        .split_whitespace()
        .map(|word| if word.contains('@') { "…" } else { word });
    let said: String = words.collect::<Vec<_>>().join(" ");
    let said: String = said.chars().take(SHOWN).collect();
    match said.as_str() {
        "" => code.to_owned(),
        said => format!("{code}: {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_of_ses_has_its_meaning() {
        let never = |text: &str| Answer::Never(text.to_owned());
        let rate = Answer::Later(Wait::Rate);
        let quota = Answer::Later(Wait::Quota);
        let stopped = Answer::Later(Wait::Stopped);
        let forbidden = Answer::Later(Wait::Forbidden);
        for (code, message, status, answer) in [
            (
                Some("TooManyRequestsException"),
                "Maximum sending rate exceeded.",
                Some(429),
                &rate,
            ),
            (
                Some("TooManyRequestsException"),
                "Too Many Requests",
                Some(429),
                &rate,
            ),
            (
                Some("ThrottlingException"),
                "Maximum sending rate exceeded.",
                Some(400),
                &rate,
            ),
            (Some("Throttling"), "Rate exceeded", Some(400), &rate),
            (Some("LimitExceededException"), "", Some(400), &rate),
            (None, "", Some(429), &rate),
            (
                Some("TooManyRequestsException"),
                "Daily message quota exceeded.",
                Some(429),
                &quota,
            ),
            (
                Some("ThrottlingException"),
                "Daily message quota exceeded",
                Some(400),
                &quota,
            ),
            (
                Some("LimitExceededException"),
                "Daily message quota exceeded.",
                Some(400),
                &quota,
            ),
            (
                Some("SendingPausedException"),
                "Sending is paused.",
                Some(400),
                &stopped,
            ),
            (Some("AccountSuspendedException"), "", Some(400), &stopped),
            (
                Some("AccessDeniedException"),
                "not authorized to perform ses:SendEmail",
                Some(403),
                &forbidden,
            ),
            (Some("ExpiredTokenException"), "", Some(403), &forbidden),
            (
                Some("UnrecognizedClientException"),
                "",
                Some(400),
                &forbidden,
            ),
            (None, "", Some(404), &forbidden),
            (
                Some("MessageRejected"),
                "",
                Some(400),
                &never("MessageRejected"),
            ),
            (
                Some("MessageRejected"),
                "Email address is not verified. The following identities failed the check in region EU-WEST-1: jo@customer.example, <ann@staff.example>",
                Some(400),
                &never(
                    "MessageRejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: … …",
                ),
            ),
            (
                Some("MailFromDomainNotVerifiedException"),
                "",
                Some(400),
                &never("MailFromDomainNotVerifiedException"),
            ),
            (
                Some("BadRequestException"),
                "Bad header.",
                Some(400),
                &never("BadRequestException: Bad header."),
            ),
            (
                Some("NotFoundException"),
                "",
                Some(404),
                &never("NotFoundException"),
            ),
            (Some("InternalFailure"), "", Some(500), &Answer::Unknown),
            (Some("ServiceUnavailable"), "", Some(503), &Answer::Unknown),
            (None, "", Some(504), &Answer::Unknown),
            (None, "", Some(408), &Answer::Unknown),
            (None, "", Some(200), &Answer::Unknown),
            (None, "", None, &Answer::Unknown),
        ] {
            assert_eq!(
                &judge(code, message, status),
                answer,
                "{code:?} {message} {status:?}"
            );
        }
    }

    #[test]
    fn a_reason_is_short_whatever_ses_writes() {
        let Answer::Never(reason) = judge(Some("MessageRejected"), &"ä".repeat(5000), Some(400))
        else {
            panic!("not final");
        };
        assert_eq!(reason.chars().count(), "MessageRejected: ".len() + SHOWN);
    }

    #[test]
    fn waiting_for_the_rate_grows_to_ten_minutes_and_everything_else_is_steady() {
        let minutes = |wait: Wait, tries| wait.duration(tries).as_secs() / 60;
        let rate: Vec<u64> = (0..8).map(|tries| minutes(Wait::Rate, tries)).collect();
        assert_eq!(rate, [1, 1, 2, 4, 8, 10, 10, 10]);
        assert_eq!(minutes(Wait::Rate, u32::MAX), 10);
        assert_eq!(
            [Wait::Quota, Wait::Stopped, Wait::Forbidden].map(|wait| minutes(wait, 3)),
            [60, 60, 10]
        );
    }
}
