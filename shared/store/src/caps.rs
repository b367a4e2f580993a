//! What keeps a flood small: requests from one place, acknowledgements to typed addresses, and the switch that stops all
//! acknowledgements (security bar 26 and 37).
//!
//! These counters stand for windows of time, `R#<what>#<start of the window>`, and are raised by one conditional update each,
//! so that any number of requests at once get exactly what the cap allows. They are not part of an opening's
//! transaction: all openings would meet in one item. What is counted for an opening that then fails is lost to the cap,
//! which errs towards fewer mails.

use jiff::{SignedDuration, Timestamp};
use ticket::{
    AddressHash, DAY, FIRST_SCHEMA, Held, REQUEST_WINDOW, SOURCE_A_DAY, SOURCE_REQUESTS,
    TYPED_AN_HOUR,
};
use tokio::sync::Mutex;

use crate::error::StoreError;
use crate::item::{self, Reader, instant, key, number, text, with};
use crate::parked::done;
use crate::publications::SCHEDULE_AGE;
use crate::{Store, keys};

/// What was read of the switch last, and when; believed as long as the schedule of policies.
pub(crate) type Cache = Mutex<Option<(Timestamp, Acknowledging)>>;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Whether requests are acknowledged by mail, as somebody has set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledging {
    /// Whether they are.
    pub on: bool,
    /// Since when, by whom and why; none if nobody has ever touched it.
    pub set: Option<(Timestamp, String, String)>,
}

/// How many requests of a day were not acknowledged, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldToday {
    /// Why.
    pub held: Held,
    /// How many.
    pub count: u64,
}

impl Store {
    /// Whether a request from this place may be taken now; otherwise how long to wait.
    ///
    /// Asked once for each request by form or API, before anything is done with it. `place` is the pseudonym of the
    /// network address that the gateway saw.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn admits(
        &self,
        place: &AddressHash,
        now: Timestamp,
    ) -> Result<Option<SignedDuration>, StoreError> {
        let what = format!("requests#{place}");
        if self
            .count(&what, REQUEST_WINDOW, Some(SOURCE_REQUESTS), now)
            .await?
        {
            return Ok(None);
        }
        let over = begin(REQUEST_WINDOW, now) + REQUEST_WINDOW.as_secs();
        Ok(Some(SignedDuration::from_secs(
            (over - now.as_second()).max(1),
        )))
    }

    /// What stops an acknowledgement that its own counters would allow; `place` is where the request came from,
    /// and counts only where the address was typed. Counts it if nothing does.
    pub(crate) async fn gate(
        &self,
        place: Option<&AddressHash>,
        is_typed: bool,
        now: Timestamp,
    ) -> Result<Option<Held>, StoreError> {
        if !self.acknowledging_known(now).await? {
            return Ok(Some(Held::Off));
        }
        if !is_typed {
            return Ok(None);
        }
        if let Some(place) = place {
            let what = format!("source#{place}");
            if !self.count(&what, DAY, Some(SOURCE_A_DAY), now).await? {
                return Ok(Some(Held::Source));
            }
        }
        let within = self.count("typed", HOUR, Some(TYPED_AN_HOUR), now).await?;
        Ok((!within).then_some(Held::Everybody))
    }

    /// Raises a window's counter unless it is full; whether it was raised.
    async fn count(
        &self,
        what: &str,
        window: SignedDuration,
        most: Option<u32>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let start = begin(window, now);
        let expires = start + window.as_secs() * 2;
        let pk = keys::counter(&format!("{what}#{start}"));
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(&pk, keys::COUNTER)))
            .update_expression("SET v = :v, #ttl = :ttl ADD n :one")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":v", number(FIRST_SCHEMA))
            .expression_attribute_values(":ttl", number(expires));
        let update = match most {
            Some(most) => update
                .condition_expression("attribute_not_exists(n) OR n < :most")
                .expression_attribute_values(":most", number(most)),
            None => update,
        };
        done(update.send().await, "counting a request")
    }

    /// Notes for staff that a request was not acknowledged. A lost count loses no ticket: each says itself that it was held.
    pub(crate) async fn note_held(&self, held: Held, now: Timestamp) {
        // Neither told nor tried again, for this reason.
        drop(self.count(&held_key(held), DAY, None, now).await);
    }

    /// How many requests were not acknowledged in the day (UTC) of `now`, by reason; reasons without any are left out.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn held_today(&self, now: Timestamp) -> Result<Vec<HeldToday>, StoreError> {
        let mut all = Vec::new();
        for &held in Held::ALL {
            let pk = keys::counter(&format!("{}#{}", held_key(held), begin(DAY, now)));
            if let Some(item) = self.get(&pk, keys::COUNTER).await? {
                let count = Reader::new(&item)?.number("n")?;
                all.push(HeldToday { held, count });
            }
        }
        Ok(all)
    }

    /// Whether requests are acknowledged, as it stands now.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn acknowledging(&self) -> Result<Acknowledging, StoreError> {
        let (pk, sk) = keys::SWITCH;
        let Some(item) = self.get(pk, sk).await? else {
            return Ok(Acknowledging {
                on: true,
                set: None,
            });
        };
        let reader = Reader::new(&item)?;
        Ok(Acknowledging {
            on: reader.text("state")? == "on",
            set: Some((
                reader.instant("at")?,
                reader.text("by")?.to_owned(),
                reader.text("reason")?.to_owned(),
            )),
        })
    }

    /// The switch as a function knows it: what was set a minute before `now` counts.
    pub(crate) async fn acknowledging_known(&self, now: Timestamp) -> Result<bool, StoreError> {
        let mut cached = self.switch.lock().await;
        let fresh = cached
            .as_ref()
            .filter(|(read, _)| now.duration_since(*read).abs() < SCHEDULE_AGE);
        if let Some((_, known)) = fresh {
            return Ok(known.on);
        }
        let known = self.acknowledging().await?;
        let on = known.on;
        *cached = Some((now, known));
        Ok(on)
    }

    /// Switches acknowledgements off or on again. Requests become tickets either way.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: setting the same twice is the same as once.
    pub async fn acknowledge_by_mail(
        &self,
        on: bool,
        at: Timestamp,
        by: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        let (pk, sk) = keys::SWITCH;
        let item = with(
            item::new(pk, sk),
            [
                ("state", text(if on { "on" } else { "off" })),
                ("at", instant(at)),
                ("by", text(by)),
                ("reason", text(reason)),
            ],
        );
        let put = self.client.put_item().table_name(&*self.table);
        put.set_item(Some(item))
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("switching acknowledgements", error))?;
        Ok(())
    }
}

/// The first second of the window that an instant lies in.
fn begin(window: SignedDuration, now: Timestamp) -> i64 {
    now.as_second() - now.as_second().rem_euclid(window.as_secs())
}

fn held_key(held: Held) -> String {
    format!("held-{}", held.as_str())
}
