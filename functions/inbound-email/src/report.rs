//! Reports by mail on mail of ours: which one, and what became of it.

use mail::{Action, Kind, Reference, Report as Said, looks_like_ses};
use runtime::outbox;
use store::{MailKey, Report, StoreError};

use crate::handler::{Desk, Mail};

/// So many ids of a report are looked up.
const LOOKED_UP: usize = 10;

/// Records what a report says on the notice that it is about; none if it is about no mail of ours.
///
/// Anybody can write a report. What it names must be a mail that we really sent: its SES id and our signed id are known
/// to us and to whoever got that mail.
pub(crate) async fn record(desk: &Desk, mail: &Mail<'_>) -> Result<Option<MailKey>, StoreError> {
    let Some(said) = &mail.parsed.report else {
        return Ok(None);
    };
    let Some(about) = about(desk, mail, said).await? else {
        return Ok(None);
    };
    if let Some((report, reason)) = meaning(mail.parsed.verdict.kind, said) {
        let told = desk
            .store
            .report(about.ticket, &about.notice, report, &reason, mail.instants)
            .await?;
        tracing::info!(seen = runtime::of_report(report), ticket.id = %about.ticket, notice.id = %about.notice, mail.message_id = %mail.ses.mail.message_id, ?report, "a mail reports on a mail of ours");
        outbox::enqueue(&desk.sqs, &desk.queues, &told).await;
    }
    Ok(Some(about))
}

async fn about(desk: &Desk, mail: &Mail<'_>, said: &Said) -> Result<Option<MailKey>, StoreError> {
    let ids = || said.original_ids.iter();
    for id in ids().filter(|id| looks_like_ses(id)).take(LOOKED_UP) {
        if let Some(key) = desk.store.sent_mail(&id.local).await? {
            return Ok(Some(key));
        }
    }
    let ours = ids().filter_map(|id| Reference::parse(id, &desk.domain, &mail.keys.keyring));
    for reference in ours.take(LOOKED_UP) {
        let notices = desk.store.notices(reference.ticket).await?;
        let mut notices = notices.into_iter().map(|entry| entry.notice.id);
        if let Some(notice) = notices.find(|id| id.short() == reference.notice_short) {
            let ticket = reference.ticket;
            return Ok(Some(MailKey { ticket, notice }));
        }
    }
    Ok(None)
}

/// What a report means for its notice, and the reason without an address; none if it changes nothing.
fn meaning(kind: Kind, said: &Said) -> Option<(Report, String)> {
    if kind == Kind::FeedbackReport {
        let word = said.feedback_type.as_deref().unwrap_or("abuse");
        // RFC 5965 and 6650: somebody says that the mail was none.
        let withdrawn = word == "not-spam";
        return (!withdrawn).then(|| {
            (
                Report::Complaint,
                format!("complaint by mail: {}", code(word)),
            )
        });
    }
    let reason = |what: &str| {
        let status = said.recipients.iter().find_map(|it| it.status.as_deref());
        let text = format!("{what} {}", code(status.unwrap_or_default()));
        text.trim_end().to_owned()
    };
    let all = |action| {
        let mut recipients = said.recipients.iter();
        !said.recipients.is_empty() && recipients.all(|it| it.action == Some(action))
    };
    if said
        .recipients
        .iter()
        .any(mail::ReportedRecipient::failed_for_good)
    {
        Some((Report::HardBounce, reason("returned by mail")))
    } else if all(Action::Delayed) {
        Some((Report::Delayed, reason("delayed, by mail")))
    } else if all(Action::Delivered) {
        Some((Report::Delivered, String::new()))
    } else if all(Action::Relayed) || all(Action::Expanded) {
        None
    } else {
        Some((Report::SoftBounce, reason("returned by mail")))
    }
}

/// A code as the standards write them; whatever else a stranger put there is left out.
fn code(text: &str) -> String {
    let known = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    text.chars().filter(known).take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning_of(raw: &str) -> Option<(Report, String)> {
        let mail = mail::parse(raw.as_bytes(), Some("")).unwrap();
        meaning(mail.verdict.kind, &mail.report.unwrap())
    }

    fn delivery_status(action: &str, status: &str) -> String {
        format!(
            "From: MAILER-DAEMON@x.example\nSubject: Undelivered\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n\
             Final-Recipient: rfc822; gone@x.example\nAction: {action}\nStatus: {status}\n\
             Diagnostic-Code: smtp; 550 <gone@x.example> unknown\n\n--b--\n"
        )
    }

    #[test]
    fn a_delivery_report_means_what_its_action_and_status_say() {
        for (action, status, report, reason) in [
            (
                "failed",
                "5.1.1",
                Report::HardBounce,
                "returned by mail 5.1.1",
            ),
            (
                "failed",
                "4.4.7",
                Report::SoftBounce,
                "returned by mail 4.4.7",
            ),
            (
                "delayed",
                "4.2.2",
                Report::Delayed,
                "delayed, by mail 4.2.2",
            ),
            ("delivered", "2.0.0", Report::Delivered, ""),
        ] {
            let said = meaning_of(&delivery_status(action, status));
            assert_eq!(said, Some((report, reason.to_owned())), "{action} {status}");
        }
        assert_eq!(meaning_of(&delivery_status("relayed", "2.0.0")), None);
    }
}
