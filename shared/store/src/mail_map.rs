//! What is known of a mail by the local part of its message id: a mail we sent, or one filed without a ticket.

use jiff::{SignedDuration, Timestamp};
use ticket::{ContentDigest, NoticeId, Pepper, TicketId};

use crate::error::StoreError;
use crate::item::{self, Reader, instant, number, text, with};
use crate::{Once, Store, keys};

/// What was decided about an inbound mail the first time it was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailDecision {
    /// It opened this ticket or is a message of it.
    Ticket(TicketId),
    /// It was filed without a ticket.
    Filed,
}

/// The source of tickets and messages that came by mail; their key is the SES message id.
pub const EMAIL: &str = "email";

/// How long a mail filed without a ticket can be looked up.
const FILED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// A mail that we sent: its ticket and notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailKey {
    /// The ticket.
    pub ticket: TicketId,
    /// The notice.
    pub notice: NoticeId,
}

/// A mail that was filed without a ticket and without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The SES message id it came in under.
    pub ses_id: String,
    /// What kind of mail it is.
    pub kind: String,
    /// Why it was taken for that; free of personal data.
    pub evidence: String,
    /// The S3 key of the raw mail.
    pub raw: String,
    /// When it reached us.
    pub at: Timestamp,
}

impl Store {
    /// What an earlier delivery of an inbound mail decided; none if this is the first.
    ///
    /// Asked before anything else is decided: the ticket may have changed since, and a second decision could differ.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn mail_decision(
        &self,
        pepper: &Pepper,
        ses_id: &str,
    ) -> Result<Option<MailDecision>, StoreError> {
        let once = Once {
            source: EMAIL,
            key: ses_id.to_owned(),
            body: ContentDigest::of(&[]),
        };
        // Boxed: three questions in one future would make every caller's as large.
        let (message, opened, filed) = tokio::try_join!(
            Box::pin(self.taken(&once)),
            Box::pin(self.opened_by(pepper, EMAIL, ses_id)),
            Box::pin(self.filed(ses_id))
        )?;
        let ticket = message.map(|(ticket, _)| ticket).or(opened);
        let filed = filed.map(|_| MailDecision::Filed);
        Ok(ticket.map(MailDecision::Ticket).or(filed))
    }

    /// The ticket that a mail of ours was about, by the local part of its SES id.
    pub async fn sent_mail(&self, local_part: &str) -> Result<Option<MailKey>, StoreError> {
        let pk = keys::mail(local_part);
        let Some(item) = self.get(&pk, keys::MAIL_SENT).await? else {
            return Ok(None);
        };
        let reader = Reader::new(&item)?;
        let ticket = reader.text("ticket")?.parse().ok();
        let notice = NoticeId::from_stored(reader.text("notice")?);
        match (ticket, notice) {
            (Some(ticket), Some(notice)) => Ok(Some(MailKey { ticket, notice })),
            _ => Err(StoreError::corrupt(reader.name(), "no ticket or notice")),
        }
    }

    /// Files a mail without a ticket; filing it twice is the same as once.
    pub async fn file(&self, filed: &Filed, now: Timestamp) -> Result<(), StoreError> {
        let until = now.checked_add(FILED_KEPT).unwrap_or(now);
        let item = with(
            item::new(&keys::mail(&filed.ses_id), keys::MAIL_FILED),
            [
                ("kind", text(&filed.kind)),
                ("evidence", text(&filed.evidence)),
                ("raw", text(&filed.raw)),
                ("at", instant(filed.at)),
                ("ttl", number(until.as_second())),
            ],
        );
        self.client
            .put_item()
            .table_name(&*self.table)
            .set_item(Some(item))
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("filing a mail", error))?;
        Ok(())
    }

    /// A mail that was filed without a ticket.
    pub async fn filed(&self, ses_id: &str) -> Result<Option<Filed>, StoreError> {
        let pk = keys::mail(ses_id);
        let Some(item) = self.get(&pk, keys::MAIL_FILED).await? else {
            return Ok(None);
        };
        let reader = Reader::new(&item)?;
        Ok(Some(Filed {
            ses_id: ses_id.to_owned(),
            kind: reader.text("kind")?.to_owned(),
            evidence: reader.text("evidence")?.to_owned(),
            raw: reader.text("raw")?.to_owned(),
            at: reader.instant("at")?,
        }))
    }
}
