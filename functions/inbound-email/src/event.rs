//! What SES tells about a mail that it has put into the bucket. Only what is read is named, so that an odd header in the
//! event cannot make the mail unreadable; the headers themselves are read from the raw mail.

use jiff::Timestamp;
use serde::Deserialize;

/// What wakes the function.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Work {
    /// SES received a mail.
    Mail(SesEvent),
    /// It is time to look for mail that was left behind.
    Sweep {
        /// When the schedule meant; the invocation's own time counts.
        sweep: Timestamp,
    },
}

/// The event of a receipt rule's Lambda action.
#[derive(Debug, Clone, Deserialize)]
pub struct SesEvent {
    /// One record a mail.
    #[serde(rename = "Records")]
    pub(crate) records: Vec<Record>,
}

/// One mail.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Record {
    /// The SES part, which is all there is.
    pub(crate) ses: Ses,
}

/// Envelope and receipt.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Ses {
    /// The envelope.
    pub(crate) mail: Envelope,
    /// What SES found out.
    pub(crate) receipt: Receipt,
}

/// The envelope of a mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Envelope {
    /// When SES received it: the instant that starts clocks.
    pub(crate) timestamp: Timestamp,
    /// The envelope sender; empty or absent for the null sender.
    #[serde(default)]
    pub(crate) source: Option<String>,
    /// SES's id; the object's name under `inbox/`.
    pub(crate) message_id: String,
}

/// SES's findings. Only these count; a mail's own `Authentication-Results` do not. SPF and DKIM are not read: by
/// themselves they prove nothing about From, and DMARC has compared them.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    /// The envelope recipients that the rule matched.
    #[serde(default)]
    pub(crate) recipients: Vec<String>,
    #[serde(default)]
    pub(crate) spam_verdict: Verdict,
    #[serde(default)]
    pub(crate) virus_verdict: Verdict,
    #[serde(default)]
    pub(crate) dmarc_verdict: Verdict,
}

/// One finding of SES.
///
/// Source: <https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-lambda-event.html>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Status")]
pub(crate) enum Verdict {
    /// SES says yes.
    Pass,
    /// SES says no.
    Fail,
    /// SES cannot say: the domain publishes nothing, for instance.
    Gray,
    /// SES could not find out, said nothing, or used a word that we do not know: no pass, and no failure either.
    #[default]
    Unknown,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    status: String,
}

impl Verdict {
    /// SES's word as it stands in the event or on the stored mail.
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "PASS" => Self::Pass,
            "FAIL" => Self::Fail,
            "GRAY" => Self::Gray,
            _ => Self::Unknown,
        }
    }
}

impl From<Status> for Verdict {
    fn from(Status { status }: Status) -> Self {
        Self::of(&status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_told_from_a_mail() {
        let read = |json: &str| serde_json::from_str::<Work>(json);
        let sweep = r#"{"sweep":"2026-11-23T05:40:00Z"}"#;
        assert!(matches!(read(sweep), Ok(Work::Sweep { .. })));
        assert!(matches!(read(r#"{"Records":[]}"#), Ok(Work::Mail(_))));
        assert!(read(r#"{"time":1}"#).is_err());
    }

    #[test]
    fn an_event_as_ses_sends_it_is_read_and_missing_verdicts_pass_nothing() {
        let json = r#"{"Records":[{"eventSource":"aws:ses","eventVersion":"1.0","ses":{
            "mail":{"timestamp":"2026-11-23T05:40:00.000Z","source":"","messageId":"abc",
                    "destination":["a@b.example"],"headersTruncated":true,"headers":[],"commonHeaders":{}},
            "receipt":{"recipients":["a@b.example"],"spamVerdict":{"status":"PASS"},
                       "action":{"type":"Lambda"}}}}]}"#;
        let event: SesEvent = serde_json::from_str(json).unwrap();
        let ses = &event.records[0].ses;
        assert_eq!(ses.mail.message_id, "abc");
        assert_eq!(ses.receipt.spam_verdict, Verdict::Pass);
        assert_eq!(ses.receipt.dmarc_verdict, Verdict::Unknown);
        assert_eq!(ses.receipt.virus_verdict, Verdict::Unknown);
    }
}
