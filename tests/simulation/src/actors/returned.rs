//! Mail that tells what became of a mail of ours, as mail servers and providers write it.

use super::customer;
use super::kinds::tells;
use super::letters::own_id;
use crate::desk::{DOMAIN, Desk};
use crate::story::Input;

impl Desk {
    /// The report about the mail that the input names, after which the desk knows as if SES had said so. Of one mail one such
    /// thing is told.
    pub(super) fn returned(&self, input: &Input, known: &str) -> Option<Returned> {
        let kind = tells(input)?;
        let state = self.world.lock();
        let all = state.cloud.mail.accepted.iter();
        let mut all = all.filter_map(|it| Some((it, own_id(&it.raw)?)));
        let (about, ours) =
            all.find(|(it, ours)| known.contains(&it.id) || known.contains(ours))?;
        let (ticket, notice) = (about.ticket.clone(), about.notice.clone());
        let returned = Returned {
            kind,
            customer: customer(input.ticket),
            // SES gives a mail another id; ours stays among those that it refers to.
            ses: format!("{}@eu-central-1.amazonses.com", about.id),
            ours,
        };
        drop(state);
        let mut way = self.way();
        let mut told = way.reported.iter();
        if told.any(|it| (&it.0, &it.1) == (&ticket, &notice)) {
            return None;
        }
        way.reported.push((ticket, notice, kind));
        Some(returned)
    }
}

/// A report about a mail of ours.
pub(super) struct Returned {
    kind: &'static str,
    customer: String,
    ses: String,
    ours: String,
}

impl Returned {
    /// The report from its type on: RFC 5965 for a complaint, RFC 3464 for the rest.
    pub(super) fn body(&self, words: &str) -> String {
        let Self {
            customer,
            ses,
            ours,
            ..
        } = self;
        let (report, said) = match self.kind {
            "Complaint" => (
                "feedback-report",
                "Feedback-Type: abuse\r\nUser-Agent: Provider/1\r\nVersion: 1".to_owned(),
            ),
            kind => ("delivery-status", status(kind, customer)),
        };
        format!(
            "Content-Type: multipart/report; report-type={report}; boundary=cut-here\r\n\r\n--cut-here\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n--cut-here\r\nContent-Type: message/{report}\r\n\r\n\
             {said}\r\n\r\n--cut-here\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: <desk@{DOMAIN}>\r\nTo: <{customer}>\r\n\
             Message-ID: <{ses}>\r\nReferences: <{ours}>\r\n\r\n--cut-here--\r\n"
        )
    }
}

/// What a mail server says of one recipient.
fn status(kind: &str, customer: &str) -> String {
    let (action, status) = match kind {
        "Permanent" => ("failed", "5.1.1"),
        "Transient" => ("failed", "4.4.7"),
        "DeliveryDelay" => ("delayed", "4.2.2"),
        _ => ("delivered", "2.0.0"),
    };
    format!(
        "Reporting-MTA: dns; mail.example\r\n\r\nFinal-Recipient: rfc822; {customer}\r\nAction: {action}\r\nStatus: {status}"
    )
}
