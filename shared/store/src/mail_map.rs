//! What is known of a mail by the local part of its message id: a mail we sent, or one filed without a ticket.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use ticket::{NoticeId, Pepper, TicketId};

use crate::error::{StoreError, is_failed_condition};
use crate::item::{self, Item, Reader, instant, key, number, text, with};
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
pub(crate) const FILED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

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
    /// Whether the sender was proved.
    pub proved: bool,
    /// The mail of ours that it is about, if it is a report on one.
    pub about: Option<MailKey>,
    /// The ticket that somebody has made of it since.
    pub ticket: Option<TicketId>,
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
        let once = Once::of_mail(ses_id);
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
        read_sent(&item).map(Some)
    }

    /// Files a mail without a ticket; filing it twice is the same as once.
    pub async fn file(&self, filed: &Filed, now: Timestamp) -> Result<(), StoreError> {
        let until = now.checked_add(FILED_KEPT).unwrap_or(now);
        let mut item = with(
            item::new(&keys::mail(&filed.ses_id), keys::MAIL_FILED),
            [
                ("kind", text(&filed.kind)),
                ("evidence", text(&filed.evidence)),
                ("raw", text(&filed.raw)),
                ("at", instant(filed.at)),
                ("proved", AttributeValue::Bool(filed.proved)),
                ("ttl", number(until.as_second())),
                ("queue", text(keys::FILED)),
                ("queue_due", text(keys::due_at(filed.at, &filed.ses_id))),
            ],
        );
        if let Some(about) = &filed.about {
            item = with(
                item,
                [
                    ("about", text(about.ticket.as_str())),
                    ("notice", text(about.notice.as_str())),
                ],
            );
        }
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
        read_filed(ses_id, &item).map(Some)
    }

    /// The mails that were filed without a ticket and that nobody has made a ticket of, oldest first. Those that were
    /// filed before there was this list are not on it.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn all_filed(&self) -> Result<Vec<Filed>, StoreError> {
        let mut filed = Vec::new();
        for pk in self.queued(keys::FILED).await? {
            let Some(ses_id) = pk.strip_prefix(keys::MAIL) else {
                continue;
            };
            // An index entry may be stale: the item itself is read.
            let found = self.filed(ses_id).await?;
            filed.extend(found.filter(|it| it.ticket.is_none()));
        }
        Ok(filed)
    }

    /// Notes that a ticket was made of a filed mail, and takes it off the list; doing it again changes nothing.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn made_a_ticket(&self, ses_id: &str, ticket: TicketId) -> Result<(), StoreError> {
        let (raw, pk) = (format!("tickets/{ticket}/{ses_id}"), keys::mail(ses_id));
        let updated = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, keys::MAIL_FILED)))
            .condition_expression("attribute_exists(PK)")
            .update_expression("SET ticket = :ticket, #raw = :raw REMOVE queue, queue_due")
            .expression_attribute_names("#raw", "raw")
            .expression_attribute_values(":ticket", text(ticket.as_str()))
            .expression_attribute_values(":raw", text(raw))
            .send()
            .await;
        match updated {
            Err(error) if !is_failed_condition(&error) => {
                Err(StoreError::of_sdk("making a ticket of a mail", error))
            }
            _ => Ok(()),
        }
    }
}

pub(crate) fn read_sent(item: &Item) -> Result<MailKey, StoreError> {
    let reader = Reader::new(item)?;
    let ticket = reader.text("ticket")?.parse().ok();
    let notice = NoticeId::from_stored(reader.text("notice")?);
    match (ticket, notice) {
        (Some(ticket), Some(notice)) => Ok(MailKey { ticket, notice }),
        _ => Err(StoreError::corrupt(reader.name(), "no ticket or notice")),
    }
}

pub(crate) fn read_filed(ses_id: &str, item: &Item) -> Result<Filed, StoreError> {
    let reader = Reader::new(item)?;
    let id = |name| reader.optional(name).and_then(|id| id.parse().ok());
    let notice = reader.optional("notice").and_then(NoticeId::from_stored);
    let proved = item.get("proved").and_then(|value| value.as_bool().ok());
    Ok(Filed {
        ses_id: ses_id.to_owned(),
        kind: reader.text("kind")?.to_owned(),
        evidence: reader.text("evidence")?.to_owned(),
        raw: reader.text("raw")?.to_owned(),
        at: reader.instant("at")?,
        proved: proved.copied().unwrap_or_default(),
        about: id("about")
            .zip(notice)
            .map(|(ticket, notice)| MailKey { ticket, notice }),
        ticket: id("ticket"),
    })
}
