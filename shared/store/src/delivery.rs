//! What became of a mail after SES had accepted it, and which addresses get no automatic mail any more.

use jiff::{SignedDuration, Timestamp};
use ticket::{AddressHash, Addressee, Command, ContentDigest, NoticeId, Text, TicketId};

use crate::error::{StoreError, is_failed_condition};
use crate::item::{Reader, instant, key, number, text};
use crate::{Instants, NoticeRef, Once, Store, keys};

/// What was known of an address longer ago is forgotten. A failed one is tried again: mailboxes come back, and providers
/// reset what they hold against a sender. One whose owner has not been heard since may have gone to somebody else.
pub(crate) const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 180);

/// An owner who is heard often is noted no more often than this: one write for many mails.
const HEARD_AGAIN: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What SES or a mail server says of a notice that SES had accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// The recipient's mail server took it.
    Delivered,
    /// It has not been taken yet; SES goes on trying.
    Delayed,
    /// It was given up for now: a full mailbox, a server that is away.
    SoftBounce,
    /// The address does not exist, or takes nothing from us.
    HardBounce,
    /// The recipient's provider tells that the recipient does not want our mail.
    Complaint,
    /// SES found a virus in it and did not send it.
    Rejected,
}

impl Report {
    /// The attribute of the notice that keeps when it was.
    fn attribute(self) -> &'static str {
        match self {
            Self::Delivered => "d_ok",
            Self::Delayed => "d_late",
            Self::SoftBounce | Self::HardBounce => "d_bounce",
            Self::Complaint => "d_spam",
            Self::Rejected => "d_rej",
        }
    }

    /// The attribute of the contact that stops mail to the address, if this does.
    fn stops(self) -> Option<&'static str> {
        match self {
            Self::HardBounce => Some("bounced"),
            Self::Complaint => Some("complained"),
            _ => None,
        }
    }

    fn shows_on_the_ticket(self) -> bool {
        !matches!(self, Self::Delivered | Self::Delayed)
    }
}

/// The reports on one notice; each kind keeps its first instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// When the recipient's server took it.
    pub delivered: Option<Timestamp>,
    /// When SES first said that it takes longer.
    pub delayed: Option<Timestamp>,
    /// When it came back.
    pub bounced: Option<Timestamp>,
    /// When its recipient called it unwanted.
    pub complained: Option<Timestamp>,
    /// When SES refused to send it.
    pub rejected: Option<Timestamp>,
    /// What was said of it last, without an address; empty where nothing was.
    pub reason: String,
}

impl Delivery {
    pub(crate) fn read(reader: &Reader<'_>) -> Self {
        let at = |report: Report| reader.instant(report.attribute()).ok();
        Self {
            delivered: at(Report::Delivered),
            delayed: at(Report::Delayed),
            bounced: at(Report::HardBounce),
            complained: at(Report::Complaint),
            rejected: at(Report::Rejected),
            reason: reader.optional("d_why").unwrap_or_default().to_owned(),
        }
    }
}

/// What is known of mail to an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// When a mail to it bounced for good.
    pub bounced: Option<Timestamp>,
    /// When its owner called a mail of ours unwanted.
    pub complained: Option<Timestamp>,
    /// When its owner last proved that they read or write there: by a mail that DMARC passed, or by a used mailed link;
    /// not kept more often than every few weeks.
    pub heard: Option<Timestamp>,
}

impl Reach {
    /// Whether the address is known to be somebody's who deals with this desk, so that one typed into a form is answered
    /// as one that wrote.
    pub fn is_verified(&self) -> bool {
        self.heard.is_some()
    }

    /// Why a notice is not sent to the address; none if it is.
    ///
    /// Nothing goes where mail does not arrive: every further bounce costs the reputation that other customers' mail
    /// depends on. Who complained still gets an agent's words: they asked for help.
    pub fn stops(&self, notice: &Text) -> Option<&'static str> {
        if self.bounced.is_some() {
            return Some("mail to this address came back before");
        }
        let automatic = !matches!(notice, Text::Reply { .. });
        (automatic && self.complained.is_some()).then_some(
            "automatic mail to this address was stopped because its owner called it unwanted",
        )
    }
}

impl Store {
    /// Records a report on a notice: on the notice itself; on the contact if it stops mail to the address; and on the
    /// ticket, once for each notice, if the mail does not reach its recipient. Answers the notices that tell agents.
    ///
    /// `reason` must not hold an address. A notice that there is not is passed over.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: each step is the same done twice.
    pub async fn report(
        &self,
        id: TicketId,
        notice: &NoticeId,
        report: Report,
        reason: &str,
        instants: Instants,
    ) -> Result<Vec<NoticeRef>, StoreError> {
        let Some(entry) = self.notice(id, notice).await? else {
            return Ok(Vec::new());
        };
        let who = match entry.notice.to {
            Addressee::Customer(hash) => Some(hash),
            Addressee::Staff(_) | Addressee::Address(_) => None,
        };
        if let (Some(who), Some(what)) = (&who, report.stops()) {
            self.stop_mail(who, what, instants).await?;
        }
        let told = if report.shows_on_the_ticket() {
            self.not_reached(id, notice, who, reason, instants).await?
        } else {
            Vec::new()
        };
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&keys::ticket(id), &keys::notice(notice))))
            .condition_expression("attribute_exists(PK)")
            .update_expression("SET #what = if_not_exists(#what, :at), d_why = :why")
            .expression_attribute_names("#what", report.attribute())
            .expression_attribute_values(":at", instant(instants.at))
            .expression_attribute_values(":why", text(reason));
        match update.send().await {
            Err(error) if !is_failed_condition(&error) => {
                Err(StoreError::of_sdk("recording a delivery report", error))
            }
            _ => Ok(told),
        }
    }

    /// Shows on the ticket that a notice does not reach its recipient, once for each notice.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn not_reached(
        &self,
        id: TicketId,
        notice: &NoticeId,
        who: Option<AddressHash>,
        reason: &str,
        instants: Instants,
    ) -> Result<Vec<NoticeRef>, StoreError> {
        let command = Command::NotReached {
            notice: notice.clone(),
            who,
            reason: reason.to_owned(),
        };
        let key = format!("{id}#{notice}");
        let once = Once {
            copy: None,
            source: "not-reached",
            body: ContentDigest::of(&[key.as_bytes()]),
            key,
        };
        let done = self.execute(id, &command, instants, Some(once)).await?;
        Ok(done.notices)
    }

    /// What is known of mail to an address at `now`, as far as it is not too long ago.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn reach(&self, who: &AddressHash, now: Timestamp) -> Result<Reach, StoreError> {
        let item = self.get(&keys::contact(who), keys::REACH).await?;
        let Some(item) = item else {
            return Ok(Reach::default());
        };
        let reader = Reader::new(&item)?;
        let of_late = |at: &Timestamp| now.duration_since(*at) < REMEMBERED;
        let known = |what| reader.instant(what).ok().filter(of_late);
        Ok(Reach {
            bounced: known("bounced"),
            complained: known("complained"),
            heard: known("heard"),
        })
    }

    async fn stop_mail(
        &self,
        who: &AddressHash,
        what: &str,
        instants: Instants,
    ) -> Result<(), StoreError> {
        let until = instants.now.checked_add(REMEMBERED).unwrap_or(instants.now);
        self.client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&keys::contact(who), keys::REACH)))
            .update_expression("SET #what = :at, v = :v, #ttl = :ttl")
            .expression_attribute_names("#what", what)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":at", instant(instants.at))
            .expression_attribute_values(":v", number(ticket::FIRST_SCHEMA))
            .expression_attribute_values(":ttl", number(until.as_second()))
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("stopping mail to an address", error))?;
        Ok(())
    }

    /// The owner of an address has proved that it is alive: mail goes there again. A complaint stays.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn heard_from(&self, who: &AddressHash, now: Timestamp) -> Result<(), StoreError> {
        let reach = self.reach(who, now).await?;
        let heard = reach.heard.map(|at| now.duration_since(at));
        if reach.bounced.is_none() && heard.is_some_and(|since| since < HEARD_AGAIN) {
            return Ok(());
        }
        let until = now.checked_add(REMEMBERED).unwrap_or(now);
        self.client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&keys::contact(who), keys::REACH)))
            .update_expression("SET heard = :now, v = :v, #ttl = :ttl REMOVE bounced")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", instant(now))
            .expression_attribute_values(":v", number(ticket::FIRST_SCHEMA))
            .expression_attribute_values(":ttl", number(until.as_second()))
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("noting that an address is alive", error))?;
        Ok(())
    }
}
