//! What SES and time bring besides: mail that comes back, complaints, and the sweep of the inbox.

use std::sync::Arc;
use std::time::Duration;

use crate::actors::{Outcome, customer};
use crate::aws::ses::{Accepted, send_event};
use crate::desk::{Desk, Handler};
use crate::faults::{Delivery, Function};
use crate::story::{Input, Sources};

/// What SES says of a mail, and where the desk notes it.
pub(crate) const SAID: [(&str, &str); 6] = [
    ("Complaint", "d_spam"),
    ("Permanent", "d_bounce"),
    ("Transient", "d_bounce"),
    ("Reject", "d_rej"),
    ("Delivery", "d_ok"),
    ("DeliveryDelay", "d_late"),
];

impl Desk {
    /// Now and then a mail to a customer comes back, or is complained of; SES tells so.
    pub(crate) fn report(self: &Arc<Self>, mail: &Accepted, sources: Sources) {
        let mut rng = self.world.dice.of(("report", &mail.id));
        let Some(to) = mail.to.first().filter(|to| to.ends_with("@kunde.example")) else {
            return;
        };
        if rng.u32(0..1000) >= sources.reports {
            return;
        }
        let kind = SAID[rng.usize(0..SAID.len())].0;
        self.tell_of(mail, to, kind, sources);
    }

    /// SES tells of the newest mail to the customer of a ticket.
    pub(crate) fn reported(
        self: &Arc<Self>,
        input: &Input,
        kind: &'static str,
        sources: Sources,
    ) -> Outcome {
        let newest = {
            let state = self.world.lock();
            let ticket = self.ticket_of(&state, input.ticket);
            let to = customer(input.ticket);
            let mut all = state.cloud.mail.accepted.iter().rev();
            all.find(|mail| Some(&mail.ticket) == ticket.as_ref() && mail.to.contains(&to))
                .cloned()
        };
        let Some(mail) = newest else {
            return Outcome::Nothing;
        };
        self.tell_of(&mail, &customer(input.ticket), kind, sources);
        Outcome::Accepted
    }

    /// Of one mail SES tells one such thing.
    fn tell_of(self: &Arc<Self>, mail: &Accepted, to: &str, kind: &'static str, sources: Sources) {
        let known = (mail.ticket.clone(), mail.notice.clone());
        let mut way = self.way();
        let mut told = way.reported.iter();
        if told.any(|(ticket, notice, _)| (ticket, notice) == (&known.0, &known.1)) {
            return;
        }
        way.reported.push((known.0, known.1, kind));
        if matches!(kind, "Permanent" | "Complaint") {
            way.stopped.insert(to.to_owned());
        }
        drop(way);
        let what = match kind {
            "Permanent" | "Transient" => "Bounce",
            other => other,
        };
        let mut event = send_event(mail);
        event["id"] = format!("{}-report", mail.id).into();
        let detail = &mut event["detail"];
        detail["eventType"] = what.into();
        let at = self.world.clock.now();
        let at: serde_json::Value = at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string().into();
        detail["bounce"]["timestamp"] = at.clone();
        detail["bounce"]["bounceType"] = kind.into();
        detail["bounce"]["bounceSubType"] = "General".into();
        detail["bounce"]["bouncedRecipients"] =
            serde_json::json!([{ "emailAddress": to, "status": "5.1.1" }]);
        for said in ["complaint", "delivery", "deliveryDelay"] {
            detail[said]["timestamp"] = at.clone();
        }
        detail["deliveryDelay"]["delayType"] = "MailboxFull".into();
        self.deliver(
            Function::MailEvents,
            &event,
            &event["id"].to_string(),
            sources,
        );
    }

    /// The sweep of the inbox, every five minutes in which anything lies there.
    pub(crate) async fn sweeper(self: Arc<Self>, sources: Sources) {
        loop {
            let second = self.world.clock.micros() / 1_000_000;
            let wait = Duration::from_secs(300 - second % 300);
            self.world.clock.wait(wait).await;
            let calm = self.world.clock.micros() >= sources.calm;
            let lies = {
                let state = self.world.lock();
                state
                    .cloud
                    .bucket
                    .keys()
                    .any(|key| key.starts_with("inbox/"))
            };
            if !lies || !(sources.sweeps || calm) {
                continue;
            }
            let swept = self.invoke(
                Function::InboundEmail,
                Delivery::alone(true),
                |handler, invocation| async move {
                    let Handler::InboundEmail(desk) = handler else {
                        unreachable!("it was asked for")
                    };
                    let swept = inbound_email::sweep(&desk, &invocation).await;
                    swept.map(|_| ()).map_err(|it| it.error_message)
                },
            );
            let swept = swept.await;
            self.world.lock().note(&("swept", swept));
        }
    }
}
